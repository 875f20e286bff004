//! Points and rectangles, and what can be asked of them.

use sim::order::{pair, sort_by_key};

/// A place on the stage, or a direction.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    pub fn plus(self, other: Point) -> Point {
        Point::new(self.x + other.x, self.y + other.y)
    }

    pub fn minus(self, other: Point) -> Point {
        Point::new(self.x - other.x, self.y - other.y)
    }

    pub fn times(self, factor: f64) -> Point {
        Point::new(self.x * factor, self.y * factor)
    }

    pub fn dot(self, other: Point) -> f64 {
        self.x * other.x + self.y * other.y
    }

    pub fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    pub fn distance(self, other: Point) -> f64 {
        self.minus(other).length()
    }

    /// The same direction with length 1; to the right where there is none.
    pub fn unit(self) -> Point {
        let length = self.length();
        if length > 0.0 { self.times(1.0 / length) } else { Point::new(1.0, 0.0) }
    }

    /// A quarter turn clockwise on the screen.
    pub fn turned(self) -> Point {
        Point::new(-self.y, self.x)
    }

    pub fn middle(self, other: Point) -> Point {
        self.plus(other).times(0.5)
    }
}

/// A rectangle with its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Area {
    pub fn around(center: Point, width: f64, height: f64) -> Area {
        Area { x: center.x - width / 2.0, y: center.y - height / 2.0, width, height }
    }

    /// The whole stage.
    pub fn around_all(size: Size) -> Area {
        Area { x: 0.0, y: 0.0, width: size.width, height: size.height }
    }

    /// The same, moved so that it lies on the stage.
    pub fn on_stage(&self, size: Size) -> Area {
        let inside = |at: f64, length: f64, room: f64| at.min(room - length - 2.0).max(2.0);
        Area { x: inside(self.x, self.width, size.width), y: inside(self.y, self.height, size.height), ..*self }
    }

    /// How much of it another one covers.
    pub fn overlap(&self, other: &Area) -> f64 {
        let width = (self.x + self.width).min(other.x + other.width) - self.x.max(other.x);
        let height = (self.y + self.height).min(other.y + other.height) - self.y.max(other.y);
        width.max(0.0) * height.max(0.0)
    }

    /// The same with more on every side.
    pub fn grown(&self, by: f64) -> Area {
        Area { x: self.x - by, y: self.y - by, width: self.width + 2.0 * by, height: self.height + 2.0 * by }
    }

    /// Its middle.
    pub fn center(&self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// How far from a point in a direction it ends; none where nothing of it lies there.
    pub fn end_along(&self, from: Point, direction: Point) -> Option<f64> {
        let way = from.minus(self.center());
        let x = inside(way.x, direction.x, self.width / 2.0);
        let y = inside(way.y, direction.y, self.height / 2.0);
        let (begin, end) = (x.0.max(y.0).max(0.0), x.1.min(y.1));
        (begin < end).then_some(end)
    }
}

/// From when to when a number that begins somewhere and grows by so much in each unit of time is nearer to zero than
/// `reach`.
fn inside(begin: f64, growth: f64, reach: f64) -> (f64, f64) {
    if growth.abs() < 1e-9 {
        return if begin.abs() < reach { (f64::NEG_INFINITY, f64::INFINITY) } else { (0.0, 0.0) };
    }
    let (a, b) = ((-reach - begin) / growth, (reach - begin) / growth);
    (a.min(b), a.max(b))
}

/// A rectangle that moves straight from one place to another, or stands; the places are those of its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sweep {
    pub from: Point,
    pub to: Point,
    pub width: f64,
    pub height: f64,
}

impl Sweep {
    /// How far two may reach into each other.
    const SLACK: f64 = 0.5;

    /// One that stands.
    pub fn standing(area: Area) -> Sweep {
        Sweep { from: area.center(), to: area.center(), width: area.width, height: area.height }
    }

    /// Whether both lie on each other at some moment, if they set out and arrive together.
    pub fn meets(&self, other: &Sweep) -> bool {
        let begin = self.from.minus(other.from);
        let growth = self.to.minus(other.to).minus(begin);
        let x = inside(begin.x, growth.x, (self.width + other.width) / 2.0 - Sweep::SLACK);
        let y = inside(begin.y, growth.y, (self.height + other.height) / 2.0 - Sweep::SLACK);
        x.0.max(y.0).max(0.0) < x.1.min(y.1).min(1.0)
    }

    /// Whether it stays on the stage.
    pub fn is_inside(&self, size: Size) -> bool {
        [self.from, self.to].iter().all(|at| {
            let (x, y) = (self.width / 2.0, self.height / 2.0);
            at.x >= x && at.x <= size.width - x && at.y >= y && at.y <= size.height - y
        })
    }
}

/// The size of the stage, in pixels or in its own units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

impl Size {
    /// So many times as large.
    pub fn times(self, factor: f64) -> Size {
        Size { width: self.width * factor, height: self.height * factor }
    }
}

/// A whole number for each float, in the order of `f64::total_cmp`.
pub fn in_order(number: f64) -> u64 {
    let bits = number.to_bits();
    if number.is_sign_negative() { !bits } else { bits | 1 << 63 }
}

/// The corners of the smallest convex shape around points (Andrew's monotone chain).
pub fn convex_hull(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    sort_by_key(&mut sorted, |point| pair(in_order(point.x), in_order(point.y)));
    if sorted.len() < 3 {
        return sorted;
    }
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for point in points {
            while let [.., a, b] = chain[..] {
                if b.minus(a).turned().dot(point.minus(a)) > 0.0 {
                    break;
                }
                chain.pop();
            }
            chain.push(point);
        }
        chain.pop();
        chain
    };
    let mut hull = half(&mut sorted.iter().copied());
    hull.extend(half(&mut sorted.iter().rev().copied()));
    hull
}

/// Whether a point lies inside a closed line.
pub fn is_inside(point: Point, line: &[Point]) -> bool {
    let mut inside = false;
    for (index, a) in line.iter().enumerate() {
        let b = line[(index + 1) % line.len()];
        if (a.y > point.y) != (b.y > point.y) && point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x {
            inside = !inside;
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hull_leaves_out_what_lies_inside() {
        let corner = |x: f64, y: f64| Point::new(x, y);
        let square = [corner(0.0, 0.0), corner(4.0, 0.0), corner(4.0, 4.0), corner(0.0, 4.0), corner(2.0, 1.0)];
        let hull = convex_hull(&square);
        assert_eq!(hull.len(), 4);
        assert!(!hull.contains(&corner(2.0, 1.0)));
        assert_eq!(convex_hull(&square[..2]).len(), 2);
    }

    #[test]
    fn a_lasso_holds_what_it_goes_round() {
        let line = [Point::new(0.0, 0.0), Point::new(10.0, 0.0), Point::new(10.0, 10.0), Point::new(0.0, 10.0)];
        assert!(is_inside(Point::new(5.0, 5.0), &line));
        assert!(!is_inside(Point::new(15.0, 5.0), &line));
        assert!(!is_inside(Point::new(5.0, 5.0), &line[..1]));
    }

    #[test]
    fn boxes_that_move_meet_where_their_ways_cross_in_time() {
        let at = |from: f64, to: f64| Sweep {
            from: Point::new(from, 0.0),
            to: Point::new(to, 0.0),
            width: 10.0,
            height: 10.0,
        };
        assert!(at(0.0, 100.0).meets(&at(100.0, 0.0)));
        assert!(!at(0.0, 100.0).meets(&at(20.0, 120.0)));
        assert!(at(0.0, 0.0).meets(&at(5.0, 5.0)));
        assert!(!at(0.0, 0.0).meets(&at(10.0, 10.0)));
    }
}
