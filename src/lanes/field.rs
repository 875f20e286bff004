//! Where the lanes lie, in pixels.

use sim::NodeId;
use sim::frame::Scale;

use super::rows::Rows;
use super::stretch::Stretch;

/// Room below the lanes for the moments.
pub const AXIS_HEIGHT: f64 = 18.0;
const END_GAP: f64 = 16.0;
const TOP: f64 = 20.0;
const UNDER: f64 = 12.0;
/// Below this height lanes use all of it.
const LOW: f64 = 110.0;
/// Room above and below the lanes where they use all of it.
const NARROW: (f64, f64) = (7.0, 12.0);
/// How far apart lanes are where there is room.
const MOST_PITCH: f64 = 48.0;
/// How far apart lanes are at least.
const LEAST_PITCH: f64 = 6.0;
/// How far apart they are for each to have its name.
pub const NAMED_PITCH: f64 = 10.5;

/// How many lanes have room in a height.
pub fn most_lanes(height: f64) -> usize {
    room(height, LEAST_PITCH)
}

/// How many lanes with names have room in a height.
pub fn most_named_lanes(height: f64) -> usize {
    room(height, NAMED_PITCH)
}

fn room(height: f64, pitch: f64) -> usize {
    let (top, under) = edges(height);
    ((height - top - under - AXIS_HEIGHT) / pitch).max(0.0) as usize + 1
}

/// Where the lanes lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub width: f64,
    pub height: f64,
    pub stretch: Stretch,
    pub rows: Rows,
}

impl Field {
    /// The field of these lanes, higher than this where they would lie too close.
    pub fn new(width: f64, height: f64, stretch: Stretch, rows: Rows) -> Field {
        let (top, under) = edges(height);
        let least = LEAST_PITCH * rows.nodes().len().saturating_sub(1) as f64 + top + under + AXIS_HEIGHT;
        Field { width, height: height.max(least), stretch, rows }
    }

    /// Where time begins.
    pub fn start_x(&self) -> f64 {
        if self.width < 640.0 { 40.0 } else { 64.0 }
    }

    /// Where time ends.
    pub fn end_x(&self) -> f64 {
        self.width - END_GAP
    }

    /// The lower edge of the lanes.
    pub fn bottom(&self) -> f64 {
        self.height - AXIS_HEIGHT
    }

    /// Pixels in a microsecond.
    pub fn scale(&self) -> f64 {
        (self.end_x() - self.start_x()) / self.stretch.span_us
    }

    pub fn x(&self, at_us: u64) -> f64 {
        self.start_x() + (at_us as f64 - self.stretch.start_us) * self.scale()
    }

    pub fn pitch(&self) -> f64 {
        let gaps = self.rows.nodes().len().saturating_sub(1).max(1) as f64;
        let (top, under) = edges(self.height);
        ((self.bottom() - top - under) / gaps).min(MOST_PITCH)
    }

    pub fn y(&self, node: NodeId) -> f64 {
        edges(self.height).0 + self.pitch() * self.rows.place(node) as f64
    }

    /// The round moments to write below the lanes.
    pub fn ticks(&self, scale: Scale) -> Vec<u64> {
        let mut ticks = self.stretch.ticks((self.width / 110.0).clamp(2.0, 12.0));
        let stands = |at_us: u64| match scale {
            Scale::Time => true,
            Scale::Order { apart_us } => at_us.is_multiple_of(apart_us),
        };
        ticks.retain(|at_us| stands(*at_us) && self.x(*at_us) < self.end_x() - 20.0);
        ticks
    }

    /// The place in the stretch that a pixel shows, from 0 to 1.
    pub fn place(&self, x: f64) -> f64 {
        (x - self.start_x()) / (self.end_x() - self.start_x())
    }
}

/// The room above the first lane and below the last one.
fn edges(height: f64) -> (f64, f64) {
    if height < LOW { NARROW } else { (TOP, UNDER) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_lanes_finds_room() {
        for lanes in [0, 1, 2, 6, 40, 1_000] {
            let field = Field::new(390.0, 176.0, Stretch::whole(1_000_000), Rows::all(lanes));
            let last = NodeId::at(lanes.saturating_sub(1));
            assert!(field.y(last) <= field.bottom() - 8.0, "{lanes}");
        }
    }

    #[test]
    fn ticks_of_a_log_stand_at_its_events() {
        let field = Field::new(1_000.0, 176.0, Stretch { start_us: 0.0, span_us: 90_000.0 }, Rows::all(3));
        assert!(field.ticks(Scale::Time).contains(&10_000));
        assert_eq!(field.ticks(Scale::Order { apart_us: 20_000 }), [0, 20_000, 40_000, 60_000, 80_000]);
    }
}
