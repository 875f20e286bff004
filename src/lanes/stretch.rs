//! The stretch of virtual time that the lanes show, and how it moves.

/// The shortest stretch: a millisecond.
const SHORTEST_US: f64 = 1_000.0;
/// The longest stretch of a run that has hardly begun.
const ROOM_US: f64 = 250_000.0;
/// From when on a run has begun: before, all of what is under way is to be seen.
const BEGUN_US: u64 = 10_000;
/// The longest stretch of a run in which a few messages have come, and how many times the run so far one may be.
const LITTLE_ROOM_US: f64 = 60_000.0;
const TIMES_SO_FAR: f64 = 4.0;

/// A stretch of virtual time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    pub start_us: f64,
    pub span_us: f64,
}

impl Stretch {
    /// A stretch that has this moment in its last third, with so much time before it; of a short run, also what is under way
    /// until `ahead_us`.
    pub fn around(at_us: u64, past_us: u64, ahead_us: u64) -> Stretch {
        let ahead_us = if ahead_us as f64 <= 2.0 * ROOM_US { ahead_us as f64 * 1.1 } else { 0.0 };
        let room_us = (at_us as f64 * TIMES_SO_FAR).clamp(LITTLE_ROOM_US, ROOM_US);
        let span_us =
            round_up((past_us as f64 * 1.3).max(ahead_us).max(if at_us >= BEGUN_US { room_us } else { ROOM_US }));
        Stretch { start_us: 0.0, span_us }.following(at_us)
    }

    /// A whole run.
    pub fn whole(run_us: u64) -> Stretch {
        Stretch { start_us: 0.0, span_us: (run_us as f64 * 1.02).max(SHORTEST_US) }
    }

    /// Where it ends.
    pub fn end_us(self) -> f64 {
        self.start_us + self.span_us
    }

    /// Where a moment lies, from 0 at the start to 1 at the end.
    pub fn place(self, at_us: f64) -> f64 {
        (at_us - self.start_us) / self.span_us
    }

    /// Whether a moment lies in it.
    pub fn shows(self, at_us: u64) -> bool {
        (0.0..=1.0).contains(&self.place(at_us as f64))
    }

    /// Whether a moment is well inside it.
    pub fn keeps(self, at_us: u64) -> bool {
        let place = self.place(at_us as f64);
        (0.02..=0.9).contains(&place) || (self.start_us == 0.0 && (0.0..0.02).contains(&place))
    }

    /// The same stretch while the moment is well inside it, and otherwise one that has the moment in its last third.
    pub fn following(self, at_us: u64) -> Stretch {
        if self.keeps(at_us) {
            return self;
        }
        Stretch { start_us: (at_us as f64 - 0.7 * self.span_us).max(0.0), ..self }
    }

    /// One that follows the way from a moment to the next one, as far as it has room for both.
    pub fn leading(self, at_us: u64, next_us: u64) -> Stretch {
        self.following(at_us).following(next_us.min(at_us + (0.7 * self.span_us) as u64))
    }

    /// The same stretch while it shows the moment, and otherwise moved as little as needed.
    pub fn revealing(self, at_us: u64) -> Stretch {
        let (at_us, place) = (at_us as f64, self.place(at_us as f64));
        let start_us = match place {
            ..0.03 => at_us - 0.25 * self.span_us,
            0.97.. => at_us - 0.75 * self.span_us,
            _ => return self,
        };
        Stretch { start_us: start_us.max(0.0), ..self }
    }

    /// Moved by so much of its own length, as far as the run goes.
    pub fn moved(self, part: f64, run_us: u64) -> Stretch {
        Stretch { start_us: self.start_us + part * self.span_us, ..self }.inside(run_us)
    }

    /// Longer or shorter, with the moment at this place staying where it is.
    pub fn zoomed(self, factor: f64, place: f64, run_us: u64) -> Stretch {
        let longest = round_up((run_us as f64 * 1.3).max(ROOM_US));
        let span_us = (self.span_us * factor).clamp(SHORTEST_US, longest);
        let start_us = self.start_us + place * (self.span_us - span_us);
        Stretch { start_us, span_us }.inside(run_us)
    }

    /// Some of the run always stays in view.
    fn inside(self, run_us: u64) -> Stretch {
        let latest = (run_us as f64 - 0.3 * self.span_us).max(0.0);
        Stretch { start_us: self.start_us.clamp(0.0, latest), ..self }
    }

    /// Round moments inside it, at most so many.
    pub fn ticks(self, most: f64) -> Vec<u64> {
        let step = round_time(self.span_us / most);
        let first = (self.start_us / step).ceil() as u64;
        (first..).map(|tick| tick * step as u64).take_while(|at| (*at as f64) < self.end_us()).collect()
    }
}

const MINUTE_US: f64 = 60e6;
const HOUR_US: f64 = 60.0 * MINUTE_US;
const DAY_US: f64 = 24.0 * HOUR_US;

/// The next length of time that clocks have marks for: up to half a minute and from a day on a round number, between them
/// the usual parts of an hour and of a day.
fn round_time(us: f64) -> f64 {
    let parts = [30e6, MINUTE_US, 2.0 * MINUTE_US, 5.0 * MINUTE_US, 10.0 * MINUTE_US, 30.0 * MINUTE_US]
        .into_iter()
        .chain([1.0, 2.0, 6.0, 12.0].map(|hours| hours * HOUR_US));
    match us {
        _ if us <= 20e6 => round_up(us),
        _ if us > 12.0 * HOUR_US => DAY_US * round_up(us / DAY_US),
        _ => parts.into_iter().find(|part| *part >= us * 0.999).unwrap_or(DAY_US),
    }
}

/// The next number of the row 1, 2, 5, 10, 20, 50 …
fn round_up(value: f64) -> f64 {
    let power = 10f64.powf(value.max(1.0).log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|digit| digit * power).find(|round| *round >= value * 0.999).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_shows_the_way_to_the_next_moment() {
        let stretch = Stretch { start_us: 0.0, span_us: 1000.0 };
        assert_eq!(stretch.leading(500, 900), stretch);
        assert_eq!(stretch.leading(800, 1_200).start_us, 500.0);
        let far = stretch.leading(800, 5_000);
        assert!(far.shows(800) && far.shows(1_500), "{far:?}");
    }

    #[test]
    fn a_stretch_stays_until_the_moment_leaves_it() {
        let stretch = Stretch { start_us: 0.0, span_us: 1000.0 };
        assert_eq!(stretch.following(0), stretch);
        assert_eq!(stretch.following(900), stretch);
        let next = stretch.following(901);
        assert_eq!(next, Stretch { start_us: 201.0, span_us: 1000.0 });
        assert_eq!(next.following(100), stretch);
    }

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer() {
        let stretch = Stretch { start_us: 10_000.0, span_us: 10_000.0 };
        let nearer = stretch.zoomed(0.5, 0.5, 1_000_000);
        assert_eq!(nearer, Stretch { start_us: 12_500.0, span_us: 5_000.0 });
        assert_eq!(nearer.zoomed(2.0, 0.5, 1_000_000), stretch);
    }

    #[test]
    fn zooming_ends_at_a_millisecond_and_at_the_whole_run() {
        let stretch = Stretch { start_us: 0.0, span_us: 10_000.0 };
        assert_eq!(stretch.zoomed(1e-9, 0.3, 1_000_000).span_us, 1_000.0);
        let all = stretch.zoomed(1e9, 0.3, 1_000_000);
        assert!(all.start_us == 0.0 && all.shows(0) && all.shows(1_000_000));
    }

    #[test]
    fn moving_never_loses_the_run() {
        let stretch = Stretch { start_us: 500.0, span_us: 1000.0 };
        assert_eq!(stretch.moved(-2.0, 9_000).start_us, 0.0);
        assert_eq!(stretch.moved(1.0, 9_000).start_us, 1_500.0);
        assert!(stretch.moved(99.0, 9_000).shows(9_000));
    }

    #[test]
    fn what_is_shown_moves_as_little_as_needed() {
        let stretch = Stretch { start_us: 1_000.0, span_us: 1_000.0 };
        assert_eq!(stretch.revealing(1_500), stretch);
        assert_eq!(stretch.revealing(3_000).start_us, 2_250.0);
        assert_eq!(stretch.revealing(0).start_us, 0.0);
    }

    #[test]
    fn ticks_are_round() {
        let stretch = Stretch { start_us: 1_010_000.0, span_us: 500_000.0 };
        assert_eq!(stretch.ticks(10.0)[..3], [1_050_000, 1_100_000, 1_150_000]);
        assert_eq!([round_up(1.0), round_up(1.2), round_up(30.0), round_up(60.0)], [1.0, 2.0, 50.0, 100.0]);
        assert!(Stretch { start_us: 0.0, span_us: 1.0 }.ticks(10.0).len() <= 2);
        let long = [25e6, 70e6, 4_000e6, 40_000e6, 90_000e6, 300_000e6].map(round_time);
        assert_eq!(long, [30e6, 2.0 * MINUTE_US, 2.0 * HOUR_US, 12.0 * HOUR_US, 2.0 * DAY_US, 5.0 * DAY_US]);
    }
}
