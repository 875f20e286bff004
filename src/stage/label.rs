//! Room for labels: each beside its mark, where it covers nothing.

use sim::NodeId;
use sim::order::sort_by_key;
use yew::AttrValue;

use super::layout::Path;
use crate::geometry::{Area, Point, Size, Sweep};

pub const HEIGHT: f64 = 19.0;

/// A label that looks for a place.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Who sends what, and whether it answers: what is equal needs one label.
    pub said: (NodeId, bool, AttrValue),
    /// Where its mark stands, and where it will stand at the next event.
    pub way: (Point, Point),
    /// The direction in which the mark moves.
    pub along: Point,
    pub width: f64,
    /// How much larger than usual it is drawn.
    pub scale: f64,
    /// Whether it is shown even where it covers something.
    pub must: bool,
}

/// For each label where its middle stands, seen from its mark; none for a label that finds no room, or that another one
/// says already. What it says holds until the next event: what moves until then is given with its way. No label stands
/// nearer to one of these ways of messages than to its own mark.
pub fn place(wishes: &[Wish], solid: &[Area], marks: &[Sweep], ways: &[Path], size: Size) -> Vec<Option<Point>> {
    let mut taken: Vec<Sweep> = solid.iter().copied().map(Sweep::standing).chain(marks.iter().copied()).collect();
    let mut places: Vec<Option<Point>> = vec![None; wishes.len()];
    // Those that must be shown choose first.
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    sort_by_key(&mut order, |index| u128::from(!wishes[*index].must));
    for index in order {
        let wish = &wishes[index];
        let is_said = wishes.iter().zip(&places).any(|(other, place)| place.is_some() && other.said == wish.said);
        if is_said && !wish.must {
            continue;
        }
        let is_clear = |offset: Point| {
            let middle = wish.way.0.plus(offset);
            let others = ways.iter().filter(|way| !way.holds(wish.way.0));
            others.map(|way| way.distance(middle)).fold(f64::INFINITY, f64::min) >= wish.own_distance(offset)
        };
        let on_stage: Vec<(Point, Sweep)> = candidates(wish)
            .into_iter()
            .map(|offset| (offset, wish.sweep(offset)))
            .filter(|(offset, sweep)| sweep.is_inside(size) && (wish.must || is_clear(*offset)))
            .collect();
        let meets = |sweep: &Sweep| taken.iter().filter(|other| sweep.meets(other)).count();
        let free = on_stage.iter().find(|(_, sweep)| !taken.iter().any(|other| sweep.meets(other)));
        let least = || on_stage.iter().min_by_key(|(_, sweep)| meets(sweep)).filter(|_| wish.must);
        if let Some((offset, sweep)) = free.or_else(least).copied() {
            taken.push(sweep);
            places[index] = Some(offset);
        }
    }
    places
}

impl Wish {
    /// How far from the line on which its mark moves a label stands.
    fn own_distance(&self, offset: Point) -> f64 {
        offset.dot(self.along.turned()).abs()
    }

    fn sweep(&self, offset: Point) -> Sweep {
        let (width, height) = (self.width * self.scale, HEIGHT * self.scale);
        Sweep { from: self.way.0.plus(offset), to: self.way.1.plus(offset), width, height }
    }
}

/// Places beside a mark, the best first: on the side that a message in the other direction does not use, near its middle.
fn candidates(wish: &Wish) -> Vec<Point> {
    let normal = wish.along.turned();
    // Diagonal lines may pass under a corner of the label: it then stays near its mark.
    let near = 9.5 * normal.y.abs() + wish.width * 0.36 * normal.x.abs() + 11.0;
    let far = HEIGHT / 2.0 * normal.y.abs() + wish.width / 2.0 * normal.x.abs() + 14.0;
    let slide = wish.along.times(wish.width * 0.45 * wish.along.x.abs() + 12.0);
    let mut candidates = Vec::new();
    for reach in [near, far] {
        for side in [1.0, -1.0] {
            let middle = normal.times(reach * side);
            candidates.extend([0.0, -1.0, 1.0].map(|by| middle.plus(slide.times(by)).times(wish.scale)));
        }
    }
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(sender: u16) -> (NodeId, bool, AttrValue) {
        (NodeId(sender), false, AttrValue::from("RequestVote T2"))
    }

    fn wish(at: Point, along: Point) -> Wish {
        Wish { said: said(0), way: (at, at), along, width: 110.0, scale: 1.0, must: false }
    }

    #[test]
    fn labels_of_messages_that_cross_stand_apart() {
        let at = Point::new(400.0, 260.0);
        for angle in 0..12 {
            let direction = |turn: f64| {
                let angle = f64::from(angle) * 0.5 + turn;
                Point::new(angle.cos(), angle.sin())
            };
            let wishes = [(0, 0.0), (1, 1.2), (2, std::f64::consts::PI)]
                .map(|(sender, turn)| Wish { said: said(sender), ..wish(at, direction(turn)) });
            let places = place(&wishes, &[], &[], &[], Size::USUAL);
            let labels: Vec<Sweep> =
                wishes.iter().zip(&places).map(|(wish, place)| wish.sweep(place.expect("a place"))).collect();
            for (index, label) in labels.iter().enumerate() {
                assert!(!labels[..index].iter().any(|other| label.meets(other)), "angle {angle}");
            }
        }
    }

    #[test]
    fn a_label_keeps_off_a_mark_that_comes_its_way() {
        let (at, next) = (Point::new(200.0, 260.0), Point::new(600.0, 260.0));
        let right = Wish { way: (at, next), ..wish(at, Point::new(1.0, 0.0)) };
        let mark = |place: Point| Sweep { from: next.plus(place), to: at.plus(place), width: 20.0, height: 20.0 };
        let usual = place(std::slice::from_ref(&right), &[], &[], &[], Size::USUAL)[0].expect("a place");
        let other = place(&[right], &[], &[mark(usual)], &[], Size::USUAL)[0].expect("another place");
        assert!(usual.y * other.y < 0.0);
    }

    #[test]
    fn a_label_without_room_is_left_out_unless_it_is_asked_for() {
        let wall = Area { x: 0.0, y: 0.0, width: 804.0, height: 520.0 };
        let wish = wish(Point::new(400.0, 260.0), Point::new(1.0, 0.0));
        assert_eq!(place(std::slice::from_ref(&wish), &[wall], &[], &[], Size::USUAL), [None]);
        assert!(place(&[Wish { must: true, ..wish }], &[wall], &[], &[], Size::USUAL)[0].is_some());
    }

    #[test]
    fn a_label_stays_on_the_stage() {
        let wish = wish(Point::new(400.0, 4.0), Point::new(-1.0, 0.0));
        let place = place(&[wish], &[], &[], &[], Size::USUAL)[0].expect("a place");
        assert!(4.0 + place.y >= HEIGHT / 2.0);
    }

    /// Twelve requests of one sender are one thing that it says.
    #[test]
    fn equal_labels_of_one_sender_are_one() {
        let at = |y: f64| Point::new(400.0, y);
        let wishes = [60.0, 180.0, 300.0].map(|y| wish(at(y), Point::new(1.0, 0.0)));
        let shown = |wishes: &[Wish]| place(wishes, &[], &[], &[], Size::USUAL).iter().flatten().count();
        assert_eq!(shown(&wishes), 1);
        let [first, second, third] = wishes;
        let other = Wish { said: said(1), ..second.clone() };
        assert_eq!(shown(&[first.clone(), other, third.clone()]), 2);
        // The selected one says it again.
        assert_eq!(shown(&[first, Wish { must: true, ..second }, third]), 1);
    }

    #[test]
    fn a_label_stands_nearer_to_its_own_message_than_to_the_way_of_another() {
        let wish = wish(Point::new(400.0, 260.0), Point::new(1.0, 0.0));
        let usual = place(std::slice::from_ref(&wish), &[], &[], &[], Size::USUAL)[0].expect("a place");
        let y = 260.0 + usual.y * 1.2;
        let way = Path { from: Point::new(0.0, y), to: Point::new(800.0, y) };
        let other = place(&[wish], &[], &[], &[way], Size::USUAL)[0].expect("another place");
        assert!(usual.y * other.y < 0.0);
    }
}
