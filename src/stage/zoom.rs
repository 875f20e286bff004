//! How near the stage is looked at: buttons, keys, the wheel and two fingers.

use crate::geometry::{Point, Size};
use crate::math;

/// How much nearer one step goes.
const STEP: f64 = 1.5;

/// The nearest. Then 200 nodes are as large as ten usually are.
const NEAREST: f64 = 5.0;

/// How far the wheel has to turn to go one step, in pixels of its own.
const WHEEL_STEP: f64 = 200.0;

/// What a visitor wishes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Zoom {
    Nearer,
    Farther,
    /// All of the stage.
    Whole,
    /// So many times as near as now.
    By(f64),
}

impl Zoom {
    /// How near it is then, from 1 for all of the stage.
    pub fn from(self, now: f64) -> f64 {
        let then = match self {
            Zoom::Nearer => now * STEP,
            Zoom::Farther => now / STEP,
            Zoom::Whole => 1.0,
            Zoom::By(factor) => now * factor,
        };
        then.clamp(1.0, NEAREST)
    }

    /// Whether it changes anything.
    pub fn is_possible(self, now: f64) -> bool {
        (self.from(now) - now).abs() > 1e-6
    }

    /// What a turn of the wheel wishes.
    pub fn by_wheel(turn: f64) -> Zoom {
        Zoom::By(math::pow(STEP, -turn / WHEEL_STEP))
    }
}

/// A place that stays where it is while all else comes nearer: as parts of the whole stage, and in pixels of the window on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    part: Point,
    at: Point,
}

impl Anchor {
    /// The place at these pixels of a window that has been scrolled so far over a stage of this size.
    pub fn new(at: Point, scrolled: Point, whole: Size) -> Anchor {
        let place = at.plus(scrolled);
        Anchor { part: Point::new(place.x / whole.width, place.y / whole.height), at }
    }

    /// How far to scroll over a stage of this size for the place to be where it was.
    pub fn scroll(&self, whole: Size) -> Point {
        Point::new(self.part.x * whole.width, self.part.y * whole.height).minus(self.at)
    }
}

/// The fingers on the stage.
#[derive(Clone, Debug, Default)]
pub struct Fingers(Vec<(i32, Point)>);

impl Fingers {
    /// A finger comes down.
    pub fn down(&mut self, id: i32, at: Point) {
        self.up(id);
        self.0.push((id, at));
    }

    /// A finger goes up.
    pub fn up(&mut self, id: i32) {
        self.0.retain(|(known, _)| *known != id);
    }

    /// A finger moves. With two of them, how much farther apart they are, and where their middle is.
    pub fn shift(&mut self, id: i32, to: Point) -> Option<(f64, Point)> {
        let place = self.0.iter().position(|(known, _)| *known == id)?;
        let before = self.span();
        self.0[place].1 = to;
        let ((before, _), (now, middle)) = (before?, self.span()?);
        Some((now.max(10.0) / before.max(10.0), middle))
    }

    fn span(&self) -> Option<(f64, Point)> {
        match self.0[..] {
            [(_, a), (_, b)] => Some((a.distance(b), a.middle(b))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_end_at_the_whole_and_at_the_nearest() {
        let mut near = 1.0;
        assert!(!Zoom::Farther.is_possible(near) && !Zoom::Whole.is_possible(near));
        for _ in 0..9 {
            near = Zoom::Nearer.from(near);
        }
        assert!(near == NEAREST && !Zoom::Nearer.is_possible(near));
        assert_eq!(Zoom::Whole.from(near), 1.0);
        assert!((Zoom::by_wheel(-WHEEL_STEP).from(1.0) - STEP).abs() < 1e-9);
    }

    #[test]
    fn what_is_under_the_pointer_stays_there() {
        let whole = |zoom: f64| Size { width: 800.0 * zoom, height: 500.0 * zoom };
        let anchor = Anchor::new(Point::new(600.0, 100.0), Point::default(), whole(1.0));
        assert_eq!(anchor.scroll(whole(2.0)), Point::new(600.0, 100.0));
        let again = Anchor::new(Point::new(600.0, 100.0), Point::new(600.0, 100.0), whole(2.0));
        assert_eq!(again.scroll(whole(1.0)), Point::default());
    }

    #[test]
    fn two_fingers_pinch() {
        let mut fingers = Fingers::default();
        fingers.down(1, Point::new(100.0, 100.0));
        assert_eq!(fingers.shift(1, Point::new(100.0, 120.0)), None);
        fingers.down(2, Point::new(200.0, 120.0));
        assert_eq!(fingers.shift(2, Point::new(300.0, 120.0)), Some((2.0, Point::new(200.0, 120.0))));
        fingers.up(1);
        assert_eq!(fingers.shift(2, Point::new(0.0, 0.0)), None);
    }
}
