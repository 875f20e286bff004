//! Where things stand on the stage: pure arithmetic, in the stage's own units.

use std::f64::consts::TAU;

use sim::NodeId;
use sim::frame::{Frame, Layout};
use sim::order::{pair, sort_by_key};

use super::map::Projection;
use crate::geometry::{Area, Point, Size, Sweep, in_order};
use crate::math;

impl Size {
    /// What the stage takes before the browser has said how much room there is.
    pub const USUAL: Size = Size { width: 804.0, height: 520.0 };

    /// The stage's own units for a size in pixels: on a small stage everything is drawn smaller, and so are many nodes and
    /// high columns. `rows` is how many nodes stand in the highest column.
    pub fn in_units(self, nodes: usize, rows: usize) -> Size {
        let scale = (self.width / 700.0).min(self.height / 480.0).min(1.3);
        let column = rows as f64 * LEAST_STEP + (ABOVE + BELOW) / 2.0;
        let scale = scale.min(self.height / column).max(SMALLEST);
        self.divided(scale.min(self.room(nodes)))
    }

    /// The stage's own units in front of a class, where all that is written can be read from the last row; and how much
    /// larger than usual letters have to be for that, beside nodes that many have made small.
    pub fn for_class(self, nodes: usize) -> (Size, f64) {
        let readable = (self.width / FOR_CLASS.width).min(self.height / FOR_CLASS.height);
        let scale = readable.min(self.room(nodes));
        (self.divided(scale), readable / scale)
    }

    fn divided(self, scale: f64) -> Size {
        self.times(1.0 / scale)
    }

    /// How large everything can be for so many nodes to have room.
    fn room(self, nodes: usize) -> f64 {
        (FILLED * self.width * self.height / (nodes as f64 * RING_STEP * RING_STEP)).sqrt()
    }
}

/// The stage in its own units in front of a class: on 1920 pixels the smallest letters, of 11.5 units, get 24.
const FOR_CLASS: Size = Size { width: 914.0, height: 416.0 };

/// The scale at which texts can just be read, in pixels for each unit.
pub const SMALLEST: f64 = 0.58;

/// The share of the stage that nodes may fill.
const FILLED: f64 = 0.55;
/// The distance of two rings of nodes inside each other.
const RING_STEP: f64 = 96.0;
/// The least distance of two nodes beside each other on a ring: messages need the room in the middle.
const BESIDE: f64 = 88.0;
/// More nodes than that are drawn small.
pub const MANY_NODES: usize = 20;
/// With this many nodes a ring is flat.
const FLAT_RING: usize = 8;

/// The outer radius of a node with its timer ring.
pub const NODE_RADIUS: f64 = 42.0;
/// The radius of a soft hull around a node.
pub const HULL_RADIUS: f64 = 65.0;
/// How much farther from each other the parts of a split stand, where there are many nodes.
const GROUP_GAP: f64 = 104.0;
// Room above a node for its tag, and below it for its log.
pub const ABOVE: f64 = 82.0;
pub const BELOW: f64 = 84.0;
/// Room for half of a node at the side, with its ring and its button.
pub const SIDE: f64 = 54.0;
/// Room beside the middle of a node for what waits at it, with a number of two digits.
const WAITING: f64 = 142.0;
/// The least distance of two nodes under each other in a column.
const LEAST_STEP: f64 = 74.0;

/// The stage's own units for a frame on a stage of this size in pixels.
pub fn units(frame: &Frame, size_px: Size) -> Size {
    let in_column = |rank: u8| frame.nodes.iter().filter(|node| node.rank == rank).count();
    let rows = match frame.layout {
        Layout::Ring | Layout::Map => 0,
        Layout::Columns => frame.nodes.iter().map(|node| in_column(node.rank)).max().unwrap_or(0),
    };
    size_px.in_units(frame.nodes.len(), rows)
}

/// Places all nodes of a frame on a stage of this size in units.
pub fn place(frame: &Frame, size: Size) -> Vec<Point> {
    let ranks: Vec<u8> = frame.nodes.iter().map(|node| node.rank).collect();
    match frame.layout {
        Layout::Columns => place_columns(&ranks, size),
        Layout::Map => Projection::of(frame, size).place(frame),
        Layout::Ring => {
            let points = place_ring(&ranks, size);
            let groups: Vec<&[NodeId]> = frame.groups.iter().map(|group| group.nodes.as_slice()).collect();
            if ranks.len() > MANY_NODES { stand_apart(points, &groups, size) } else { points }
        }
    }
}

/// How wide the log under a node may be without touching that of another one beside it.
pub fn log_room(points: &[Point]) -> f64 {
    let beside = |(index, a): (usize, &Point)| {
        let near = points[..index].iter().filter(|b| (a.y - b.y).abs() < 30.0).map(|b| (a.x - b.x).abs());
        near.fold(f64::INFINITY, f64::min)
    };
    points.iter().enumerate().map(beside).fold(f64::INFINITY, f64::min).clamp(120.0, 280.0) - 14.0
}

/// Many nodes change places, so that the parts of a split stand beside each other, with a gap between them.
fn stand_apart(mut points: Vec<Point>, groups: &[&[NodeId]], size: Size) -> Vec<Point> {
    let mut places: Vec<Point> = groups.concat().iter().map(|node| points[node.index()]).collect();
    sort_by_key(&mut places, |place| pair(in_order(place.x), in_order(place.y)));
    let squeeze = 1.0 - groups.len().saturating_sub(1) as f64 * GROUP_GAP / size.width;
    let mut places = places.into_iter();
    for (index, group) in groups.iter().enumerate() {
        for (node, place) in group.iter().zip(&mut places) {
            points[node.index()] = Point::new(place.x * squeeze + index as f64 * GROUP_GAP, place.y);
        }
    }
    points
}

/// Nodes of rank 0 on a ring, the first at the top and on clockwise; the others in columns at both sides, lower ranks first, so
/// that two systems with the same clients have them in the same places.
pub fn place_ring(ranks: &[u8], size: Size) -> Vec<Point> {
    let ring_count = ranks.iter().filter(|rank| **rank == 0).count();
    let side_count = ranks.len() - ring_count;
    let margin = if side_count > 0 { SIDE + 98.0 } else { HULL_RADIUS + 10.0 };
    let radius_x = (size.width / 2.0 - margin).clamp(60.0, 300.0);
    let radius_y = ((size.height - ABOVE - BELOW) / 2.0).clamp(60.0, 260.0);
    let center = Point::new(size.width / 2.0, ABOVE + (size.height - ABOVE - BELOW) / 2.0);
    let on_ring = |index: usize| {
        let angle = TAU * index as f64 / ring_count.max(1) as f64;
        Point::new(center.x + radius_x * math::sin(angle), center.y - radius_y * math::cos(angle))
    };
    let ring: Vec<Point> = match ring_count {
        1 => vec![center],
        // Equal parts of the length, as with many: they would crowd where a flat ring is bent most.
        FLAT_RING.. => {
            let usual = (radius_x, radius_y);
            let widest = (size.width / 2.0 - margin, (size.height - ABOVE - BELOW) / 2.0);
            let has_room = room_on(ellipse(center, radius_x, radius_y).1) >= ring_count;
            place_rings(ring_count, center, if has_room { usual } else { widest })
        }
        // With an odd number the lowest nodes stand above the lowest point: move the ring down by half of the rest.
        _ => {
            let lowest = (0..ring_count).map(|index| on_ring(index).y).fold(0.0, f64::max);
            let shift = (center.y + radius_y - lowest) / 2.0;
            (0..ring_count).map(|index| on_ring(index).plus(Point::new(0.0, shift))).collect()
        }
    };
    let left_count = side_count.div_ceil(2);
    let left = column(left_count, SIDE, &ring, size);
    let right = column(side_count - left_count, size.width - SIDE, &ring, size);
    let mut aside: Vec<usize> = (0..ranks.len()).filter(|node| ranks[*node] > 0).collect();
    sort_by_key(&mut aside, |node| ranks[*node].into());
    let (mut ring, mut left, mut right) = (ring.into_iter(), left.into_iter(), right.into_iter());
    let mut points: Vec<Point> =
        ranks.iter().map(|rank| if *rank == 0 { ring.next().unwrap_or_default() } else { Point::default() }).collect();
    for (place, node) in aside.into_iter().enumerate() {
        let side = if place % 2 == 0 { &mut left } else { &mut right };
        points[node] = side.next().unwrap_or_default();
    }
    points
}

/// Many nodes on rings inside each other, the first at the top of the outermost. Each ring gets its share of them, so that
/// no few are left over on the innermost.
fn place_rings(count: usize, center: Point, (mut radius_x, mut radius_y): (f64, f64)) -> Vec<Point> {
    let (mut rings, mut room) = (Vec::new(), 0);
    loop {
        let (ring, length) = ellipse(center, radius_x, radius_y);
        // Where a flat ring turns back, nodes would touch.
        let room_on_this = if radius_y < BESIDE { room_on(length).saturating_sub(4) } else { room_on(length) };
        rings.push((ring, length, room_on_this));
        room += room_on_this;
        if room >= count || radius_x.min(radius_y) < 1.5 * RING_STEP {
            break;
        }
        radius_x -= RING_STEP;
        radius_y -= RING_STEP;
    }
    let mut points = Vec::new();
    for (ring, length, room_on_this) in rings {
        let on_this = ((count - points.len()) * room_on_this).div_ceil(room.max(1));
        room -= room_on_this;
        // Equal parts of the length, not of the angle: else they crowd where the ring is bent most.
        let part = |index: usize| length * index as f64 / on_this as f64;
        points.extend((0..on_this).map(|index| ring[ring.partition_point(|(_, so_far)| *so_far < part(index))].0));
    }
    points
}

/// How many nodes have room beside each other on a line of this length.
fn room_on(length: f64) -> usize {
    (length / BESIDE) as usize
}

/// Points close together on an ellipse, from the top on clockwise, each with the length up to it; and the whole length.
fn ellipse(center: Point, radius_x: f64, radius_y: f64) -> (Vec<(Point, f64)>, f64) {
    const POINTS: usize = 1_440;
    let at = |index: usize| {
        let angle = TAU * index as f64 / POINTS as f64;
        Point::new(center.x + radius_x * math::sin(angle), center.y - radius_y * math::cos(angle))
    };
    let mut length = 0.0;
    let mut points = vec![(at(0), 0.0)];
    for index in 1..=POINTS {
        length += at(index - 1).distance(at(index));
        points.push((at(index), length));
    }
    (points, length)
}

/// A column of nodes, at the height where it is farthest from the nodes of the ring, and its links are from those that
/// are not theirs.
fn column(count: usize, x: f64, ring: &[Point], size: Size) -> Vec<Point> {
    if count == 0 {
        return Vec::new();
    }
    let room = size.height - ABOVE - BELOW;
    let step = if count > 1 { (room / (count - 1) as f64).min(120.0) } else { 0.0 };
    let at = |middle: f64| -> Vec<Point> {
        (0..count).map(|index| Point::new(x, middle + step * (index as f64 - (count - 1) as f64 / 2.0))).collect()
    };
    let half = step * (count - 1) as f64 / 2.0;
    let (least, most) = (ABOVE + half, (size.height - BELOW - half).max(ABOVE + half));
    let clearance = |points: &[Point]| {
        let nearest = |point: &Point| ring.iter().map(|other| point.distance(*other)).fold(f64::INFINITY, f64::min);
        points.iter().map(nearest).fold(f64::INFINITY, f64::min)
    };
    // How near the links to the column come to a node of the ring that is not theirs.
    let passage = |points: &[Point]| {
        let links = points.iter().flat_map(|to| ring.iter().map(|from| Path { from: *from, to: *to }));
        let nearest = |link: Path| {
            let others = ring.iter().filter(move |other| **other != link.from);
            others.map(|other| link.distance(*other)).fold(f64::INFINITY, f64::min)
        };
        links.map(nearest).fold(f64::INFINITY, f64::min)
    };
    let wish = size.height / 2.0;
    let score = |middle: f64| {
        let points = at(middle);
        let apart = clearance(&points).min(150.0) + 0.5 * passage(&points).min(NODE_RADIUS + PATH_RADIUS);
        apart - (middle - wish).abs() / 20.0
    };
    let best = (0..=24)
        .map(|step| least + (most - least) * f64::from(step) / 24.0)
        .max_by(|a, b| score(*a).total_cmp(&score(*b)))
        .unwrap_or(wish);
    at(best)
}

/// One column for each rank.
pub fn place_columns(ranks: &[u8], size: Size) -> Vec<Point> {
    let columns = ranks.iter().max().map_or(1, |most| usize::from(*most) + 1);
    let mut placed = vec![0_usize; columns];
    let room = size.height - ABOVE / 2.0 - BELOW / 2.0;
    let in_column = |rank: u8| ranks.iter().filter(|other| **other == rank).count();
    ranks
        .iter()
        .map(|rank| {
            let column = usize::from(*rank);
            let row = placed[column];
            placed[column] += 1;
            let part = |index: usize, of: usize, room: f64| room * (index as f64 + 0.5) / of as f64;
            let x = (20.0 + part(column, columns, size.width - 40.0)).min(size.width - WAITING);
            let y = ABOVE / 2.0 + part(row, in_column(*rank), room);
            // Too many for one line stand in several, one beside the other in turn.
            let lines = (in_column(*rank) as f64 * LEAST_STEP / room).ceil().max(1.0);
            let width = size.width / columns as f64;
            // A little to the side, with room for what waits at them.
            let start = if lines > 1.0 { -width * 0.12 } else { 0.0 };
            let aside = start + (row as f64 % lines - (lines - 1.0) / 2.0) * width * 0.7 / lines;
            Point::new(x + aside, y)
        })
        .collect()
}

/// Where to put the tag of a group: beside its hull, on the outer side, where it covers least and few messages pass.
pub fn place_tag(group: &[Point], (width, height): (f64, f64), taken: &[Area], paths: &[Path], size: Size) -> Area {
    let count = group.len().max(1) as f64;
    let center = group.iter().fold(Point::default(), |sum, point| sum.plus(*point)).times(1.0 / count);
    let outward = center.minus(Point::new(size.width / 2.0, size.height / 2.0)).unit();
    let candidates = (0..96).map(|step| {
        let angle = TAU * f64::from(step % 24) / 24.0;
        let direction = Point::new(math::cos(angle), math::sin(angle));
        // On the border of the hull, then a little outside of it, then outside of the outline of its outermost node, then far.
        let half = (width / 2.0 / direction.x.abs()).min(height / 2.0 / direction.y.abs());
        let (gap, remote) = match step / 24 {
            0 => (HULL_RADIUS, 0.0),
            1 => (HULL_RADIUS + 18.0, 0.3),
            2 => (NODE_RADIUS + 6.0 + half, 0.4),
            _ => (HULL_RADIUS + 48.0, 0.8),
        };
        let reach = group.iter().map(|point| point.minus(center).dot(direction)).fold(0.0, f64::max);
        let place = center.plus(direction.times(reach + gap));
        let x = place.x.min(size.width - width / 2.0 - 4.0).max(width / 2.0 + 4.0);
        let y = place.y.min(size.height - height / 2.0 - 4.0).max(height / 2.0 + 4.0);
        let area = Area::around(Point::new(x, y), width, height);
        let covered = taken.iter().filter(|other| area.overlap(other) > 0.0).count() as f64;
        let passing = passing(area, paths) as f64;
        let far = place.distance(Point::new(x, y)) / 40.0;
        (area, covered * 10.0 + passing * 4.0 - direction.dot(outward) + far + remote)
    });
    candidates.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(area, _)| area).unwrap_or_default()
}

/// Where to put a note beside a link: near its middle, where it covers least and few messages pass.
/// None where it would cover something, stick out of the stage, or a message would pass over it.
pub fn place_note(
    (a, b): (Point, Point),
    (width, height): (f64, f64),
    taken: &[Area],
    paths: &[Path],
    stage: Size,
) -> Option<Area> {
    let aside = a.minus(b).unit().turned();
    let reach = height / 2.0 * aside.y.abs() + width / 2.0 * aside.x.abs() + PATH_RADIUS + 1.0;
    let parts = [0.5, 0.46, 0.54, 0.42, 0.58, 0.38, 0.62, 0.34, 0.66, 0.3, 0.7, 0.26, 0.74, 0.22, 0.78, 0.18, 0.82];
    let places = [0.0, 8.0, 16.0, 24.0, 32.0].into_iter().flat_map(|more| parts.map(|part| (reach + more, part)));
    let candidates = places.flat_map(|(reach, part)| {
        let on_link = a.plus(b.minus(a).times(part));
        [reach, -reach].map(|reach| Area::around(on_link.plus(aside.times(reach)), width, height))
    });
    let on_stage = candidates.filter(|area| area.on_stage(stage) == *area);
    let (area, covered) = least_covering(on_stage, taken, paths)?;
    (covered == 0 && passing(area, paths) == 0).then_some(area)
}

/// The first of these places that covers least and where fewest messages pass, and how many things it covers.
pub fn least_covering(places: impl Iterator<Item = Area>, taken: &[Area], paths: &[Path]) -> Option<(Area, usize)> {
    let covered = |area: &Area| taken.iter().filter(|other| area.overlap(other) > 0.0).count();
    let counted = places.map(|area| (area, covered(&area)));
    counted.min_by_key(|(area, covered)| covered * 10 + passing(*area, paths))
}

/// How many of these paths lead over an area.
fn passing(area: Area, paths: &[Path]) -> usize {
    paths.iter().filter(|path| path.passes(area)).count()
}

/// The radius of a message's mark.
pub const MARK_RADIUS: f64 = 11.0;
/// A link of which little is left where the logs of its nodes hide its ends.
pub const SHORT_LINK: f64 = 200.0;
/// How far beside the middle of a link messages go.
const ASIDE: f64 = 5.0;

/// The straight way of a message between two nodes: from where it comes out from under the outline and the texts of the
/// one to where it goes under those of the other, and a little to its right, so that two that meet do not cover each other.
pub fn way((from, near_from): (Point, &[Area]), (to, near_to): (Point, &[Area])) -> (Point, Point) {
    let direction = to.minus(from).unit();
    let aside = direction.turned().times(ASIDE);
    let gap = |at: Point, direction: Point, texts: &[Area], least: f64| {
        let ends = texts.iter().filter_map(|text| text.grown(MARK_RADIUS).end_along(at.plus(aside), direction));
        ends.fold(least, f64::max)
    };
    let begin_gap = gap(from, direction, near_from, NODE_RADIUS + 12.0);
    let end_gap = gap(to, direction.times(-1.0), near_to, NODE_RADIUS + 2.0);
    // Between nodes that stand close, something of the way must remain.
    let shrink = (0.9 * from.distance(to) / (begin_gap + end_gap)).min(1.0);
    let (begin, end) = (direction.times(begin_gap * shrink), direction.times(end_gap * shrink));
    (from.plus(begin).plus(aside), to.minus(end).plus(aside))
}

/// How far from the middle of a link the marks of its messages reach.
const PATH_RADIUS: f64 = MARK_RADIUS + ASIDE;

/// Where the messages of a link pass in both directions.
#[derive(Clone, Copy, Debug)]
pub struct Path {
    pub from: Point,
    pub to: Point,
}

impl Path {
    /// Whether messages on it pass over an area.
    fn passes(&self, area: Area) -> bool {
        let (from, to) = (self.from, self.to);
        let apart = |a: f64, b: f64, start: f64, length: f64| {
            a.max(b) + PATH_RADIUS <= start || a.min(b) - PATH_RADIUS >= start + length
        };
        // Most are far away, and this is asked of each path for each place of a text.
        if apart(from.x, to.x, area.x, area.width) || apart(from.y, to.y, area.y, area.height) {
            return false;
        }
        let middle = Sweep { from, to, width: 0.0, height: 0.0 };
        let crosses = |wider: f64, higher: f64| {
            middle.meets(&Sweep { width: area.width + wider, height: area.height + higher, ..Sweep::standing(area) })
        };
        let (x, y) = (area.width / 2.0, area.height / 2.0);
        let corners = [(-x, -y), (x, -y), (-x, y), (x, y)].map(|(x, y)| area.center().plus(Point::new(x, y)));
        crosses(2.0 * PATH_RADIUS, 0.0)
            || crosses(0.0, 2.0 * PATH_RADIUS)
            || corners.iter().any(|corner| self.distance(*corner) < PATH_RADIUS)
    }

    /// Whether a message at this place is on it.
    pub fn holds(&self, point: Point) -> bool {
        self.distance(point) <= ASIDE + 1.0
    }

    pub fn distance(&self, point: Point) -> f64 {
        let (way, from) = (self.to.minus(self.from), point.minus(self.from));
        let part = (from.dot(way) / way.dot(way).max(1e-9)).clamp(0.0, 1.0);
        from.distance(way.times(part))
    }
}

/// The way of a message's label: it keeps off the nodes and their texts, and so moves a little less.
pub fn label_way((begin, end): (Point, Point)) -> (Point, Point) {
    let inset = end.minus(begin).times((30.0 / begin.distance(end).max(1.0)).min(0.3));
    (begin.plus(inset), end.minus(inset))
}

/// The end points of a link.
pub fn ends(points: &[Point], a: NodeId, b: NodeId) -> Option<(Point, Point)> {
    Some((*points.get(a.index())?, *points.get(b.index())?))
}

/// The next thing in a direction: near, and not far off to the side.
pub fn next_in_direction(from: Point, direction: Point, others: &[Point]) -> Option<usize> {
    let cost = |point: &Point| {
        let way = point.minus(from);
        let ahead = way.dot(direction);
        let aside = way.dot(direction.turned()).abs();
        (ahead > 1.0 && aside < 3.0 * ahead).then_some(ahead + 2.0 * aside)
    };
    let costs = others.iter().enumerate().filter_map(|(index, point)| Some((index, cost(point)?)));
    costs.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [(f64, f64); 5] = [(804.0, 520.0), (390.0, 365.0), (1100.0, 420.0), (500.0, 760.0), (760.0, 700.0)];

    fn ranks(servers: usize, clients: usize) -> Vec<u8> {
        [vec![0; servers], vec![1; clients]].concat()
    }

    #[test]
    fn an_observer_leaves_the_clients_on_their_sides() {
        let size = Size::USUAL;
        let (plain, observed) = (place_ring(&[0, 0, 0, 0, 0, 1, 1], size), place_ring(&[0, 0, 0, 0, 0, 2, 1, 1], size));
        assert_eq!((plain[5].x, plain[6].x), (observed[6].x, observed[7].x));
        assert_eq!(plain[..5], observed[..5]);
    }

    #[test]
    fn in_front_of_a_class_the_smallest_letters_have_24_pixels() {
        let stage = Size { width: 1920.0, height: 880.0 };
        for nodes in [3, 8, 25, 60, 200] {
            let (units, letters) = stage.for_class(nodes);
            let pixels = 11.5 * letters * stage.width / units.width;
            assert!((24.0..25.0).contains(&pixels), "{nodes}: {pixels}");
        }
        assert_eq!(stage.for_class(8).1, 1.0);
    }

    #[test]
    fn many_nodes_stand_on_rings_inside_each_other() {
        for count in [8, 13, 18, MANY_NODES, 30, 50, 120, 200] {
            let size = Size::USUAL.in_units(count, 0);
            let points = place_ring(&ranks(count, 0), size);
            assert_eq!(points.len(), count);
            for (i, a) in points.iter().enumerate() {
                assert!(a.x >= 40.0 && a.x <= size.width - 40.0 && a.y >= 40.0 && a.y <= size.height - 40.0, "{a:?}");
                let nearest = points[..i].iter().map(|b| a.distance(*b)).fold(f64::INFINITY, f64::min);
                assert!(nearest > 82.0, "{count}: {nearest}");
            }
        }
    }

    #[test]
    fn the_messages_of_clients_pass_beside_the_names_of_other_servers() {
        for (width, height) in SIZES {
            let size = Size { width, height }.in_units(7, 0);
            for (servers, clients) in [(3, 1), (3, 2), (4, 2), (5, 1), (5, 2)] {
                let points = place_ring(&ranks(servers, clients), size);
                let (ring, outer) = points.split_at(servers);
                for (from, to) in ring.iter().flat_map(|from| outer.iter().map(move |to| (*from, *to))) {
                    for other in ring.iter().filter(|other| **other != from) {
                        let distance = Path { from, to }.distance(*other);
                        assert!(
                            distance > PATH_RADIUS + 9.0,
                            "{servers} and {clients} on {width} x {height}: {distance}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn rings_fit_without_overlaps() {
        for (width, height) in SIZES {
            let size = Size { width, height }.in_units(9, 0);
            for (servers, clients) in [(1, 0), (2, 1), (3, 0), (3, 2), (4, 2), (5, 0), (5, 2), (7, 2), (7, 0)] {
                let ranks = ranks(servers, clients);
                let points = place_ring(&ranks, size);
                for (i, a) in points.iter().enumerate() {
                    assert!(a.x >= 40.0 && a.x <= size.width - 40.0, "{servers}+{clients} in {size:?}: {a:?}");
                    assert!(a.y >= 60.0 && a.y <= size.height - 60.0, "{servers}+{clients} in {size:?}: {a:?}");
                    for (j, b) in points.iter().enumerate().take(i) {
                        let least = if ranks[i] == ranks[j] { 2.0 * NODE_RADIUS } else { 70.0 };
                        assert!(a.distance(*b) > least, "{servers}+{clients} in {size:?}: {j} {b:?} and {i} {a:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_first_node_is_at_the_top_and_the_second_to_its_right() {
        let points = place_ring(&ranks(5, 0), Size::USUAL);
        assert!(points.iter().all(|point| point.y >= points[0].y));
        assert!(points[1].x > points[0].x && points[4].x < points[0].x);
    }

    #[test]
    fn columns_go_from_left_to_right() {
        let points = place_columns(&[0, 1, 1, 2], Size::USUAL);
        assert!(points[0].x < points[1].x && points[1].x < points[3].x);
        assert!(points[1].x == points[2].x && points[1].y < points[2].y);
    }

    #[test]
    fn tags_stand_inside_the_stage_and_cover_no_node() {
        let size = Size::USUAL;
        let points = place_ring(&ranks(5, 0), size);
        let taken: Vec<Area> = points.iter().map(|point| Area::around(*point, 96.0, 96.0)).collect();
        for group in [&points[..2], &points[2..], &points[..1], &points[1..]] {
            let tag = place_tag(group, (150.0, 24.0), &taken, &[], size);
            assert!(taken.iter().all(|node| node.overlap(&tag) == 0.0), "{tag:?}");
            assert!(tag.x >= 0.0 && tag.x + tag.width <= size.width && tag.y + tag.height <= size.height);
        }
    }

    #[test]
    fn messages_pass_beside_the_notes_of_links() {
        for (width, height) in SIZES {
            let size = Size { width, height }.in_units(5, 0);
            let points = place_ring(&ranks(3, 2), size);
            let links: Vec<(Point, Point)> =
                (0..5).flat_map(|b| (0..b.min(3)).map(move |a| (a, b))).map(|(a, b)| (points[a], points[b])).collect();
            let paths: Vec<Path> = links.iter().map(|(from, to)| Path { from: *from, to: *to }).collect();
            let nodes: Vec<Area> = points.iter().map(|point| Area::around(*point, 90.0, 90.0)).collect();
            for letters in [5.0, 15.0] {
                let note =
                    |link: &(Point, Point)| place_note(*link, (letters * 6.9 + 10.0, 18.0), &nodes, &paths, size);
                assert!(links.iter().all(|link| note(link).is_some()), "{width} x {height}");
            }
        }
    }

    #[test]
    fn a_sign_in_place_of_a_note_finds_room_among_many_links_on_a_phone() {
        let size = Size { width: 390.0, height: 365.0 }.in_units(9, 0);
        let points = place_ring(&ranks(5, 2), size);
        let links: Vec<(Point, Point)> =
            (0..7).flat_map(|b| (0..b.min(5)).map(move |a| (a, b))).map(|(a, b)| (points[a], points[b])).collect();
        let paths: Vec<Path> = links.iter().map(|(from, to)| Path { from: *from, to: *to }).collect();
        let nodes: Vec<Area> = points.iter().map(|point| Area::around(*point, 90.0, 90.0)).collect();
        assert!(links.iter().all(|link| place_note(*link, (17.0, 18.0), &nodes, &paths, size).is_some()));
        assert!(links.iter().any(|link| place_note(*link, (113.0, 18.0), &nodes, &paths, size).is_none()));
    }

    #[test]
    fn the_parts_of_a_split_of_many_nodes_stand_apart() {
        let size = Size::USUAL.in_units(50, 0);
        let nodes: Vec<NodeId> = (0..50).map(NodeId::at).collect();
        let (odd, even): (Vec<NodeId>, Vec<NodeId>) = nodes.iter().partition(|node| node.index() % 3 == 1);
        let points = stand_apart(place_ring(&ranks(50, 0), size), &[&odd, &even], size);
        let right = odd.iter().map(|node| points[node.index()].x).fold(0.0, f64::max);
        let left = even.iter().map(|node| points[node.index()].x).fold(f64::INFINITY, f64::min);
        assert!(left - right >= GROUP_GAP, "{right} {left}");
    }

    #[test]
    fn arrows_find_the_neighbour() {
        let others = [Point::new(100.0, 10.0), Point::new(50.0, 90.0), Point::new(-20.0, 0.0)];
        assert_eq!(next_in_direction(Point::default(), Point::new(1.0, 0.0), &others), Some(0));
        assert_eq!(next_in_direction(Point::default(), Point::new(0.0, 1.0), &others), Some(1));
        assert_eq!(next_in_direction(Point::default(), Point::new(0.0, -1.0), &others), None);
    }

    #[test]
    fn messages_that_meet_pass_each_other() {
        let (a, b) = (Point::new(0.0, 0.0), Point::new(200.0, 0.0));
        let (there, back) = (way((a, &[]), (b, &[])), way((b, &[]), (a, &[])));
        assert!(there.0.x > NODE_RADIUS && there.1.x < 200.0 - NODE_RADIUS);
        assert!(there.0.y > 0.0 && back.0.y < 0.0);
    }

    #[test]
    fn a_message_comes_out_from_under_the_log_of_its_sender() {
        let (a, b) = (Point::new(0.0, 0.0), Point::new(0.0, 400.0));
        let log = Area { x: -40.0, y: 50.0, width: 80.0, height: 20.0 };
        assert!(way((a, &[log]), (b, &[])).0.y >= 80.0);
        assert!(way((b, &[]), (a, &[log])).1.y >= 80.0);
        let elsewhere = Point::new(400.0, 0.0);
        assert_eq!(way((a, &[log]), (elsewhere, &[])), way((a, &[]), (elsewhere, &[])));
    }
}
