//! Room for labels: each beside its mark, where it covers least.

use super::layout::{Area, Point, Size};

pub const HEIGHT: f64 = 19.0;

/// A label that looks for a place.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Where its mark stands.
    pub at: Point,
    /// The direction in which the mark moves.
    pub along: Point,
    pub width: f64,
    /// Whether it is shown even where it covers something.
    pub must: bool,
}

/// The part of a label that may be covered, or cover something, before it is left out.
const MOST_COVERED: f64 = 0.12;

/// For each label where its middle stands, seen from its mark; none for a label that finds no room.
pub fn place(wishes: &[Wish], solid: &[Area], marks: &[Area], size: Size) -> Vec<Option<Point>> {
    let mut taken = solid.to_vec();
    let mut places = vec![None; wishes.len()];
    // Those that must be shown choose first.
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by_key(|index| !wishes[*index].must);
    for index in order {
        let wish = &wishes[index];
        let room = wish.width * HEIGHT;
        let covered = |area: &Area, marks: &[Area]| -> f64 {
            let over = |others: &[Area]| others.iter().map(|other| area.overlap(other)).sum::<f64>();
            (over(&taken) + over(marks) + (room - area.overlap(&Area::around_all(size)))) / room
        };
        let cost = |(rank, offset): (usize, Point)| {
            let area = Area::around(wish.at.plus(offset), wish.width, HEIGHT);
            (covered(&area, marks), covered(&area, marks) * 20.0 + rank as f64 * 0.3, offset, area)
        };
        let best = candidates(wish).into_iter().enumerate().map(cost).min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((covered, _, offset, area)) = best
            && (wish.must || covered <= MOST_COVERED)
        {
            taken.push(area);
            places[index] = Some(offset);
        }
    }
    places
}

/// Places beside a mark, the best first: on the side that a message in the other direction does not use, near its middle.
fn candidates(wish: &Wish) -> Vec<Point> {
    let normal = wish.along.turned();
    // Diagonal lines may pass under a corner of the label: it then stays near its mark.
    let near = 9.5 * normal.y.abs() + wish.width * 0.36 * normal.x.abs() + 11.0;
    let far = HEIGHT / 2.0 * normal.y.abs() + wish.width / 2.0 * normal.x.abs() + 14.0;
    let slide = wish.along.times(wish.width * 0.45 * wish.along.x.abs() + 12.0);
    let mut candidates = Vec::new();
    for reach in [near, far, far + 20.0] {
        for side in [1.0, -1.0] {
            let middle = normal.times(reach * side);
            candidates.extend([middle, middle.minus(slide), middle.plus(slide)]);
        }
    }
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn areas(wishes: &[Wish], places: &[Option<Point>]) -> Vec<Area> {
        let area = |(wish, place): (&Wish, &Option<Point>)| {
            place.map(|offset| Area::around(wish.at.plus(offset), wish.width, HEIGHT))
        };
        wishes.iter().zip(places).filter_map(area).collect()
    }

    fn cover(areas: &[Area]) -> f64 {
        let pair = |(index, area): (usize, &Area)| areas[..index].iter().map(|other| area.overlap(other)).sum::<f64>();
        areas.iter().enumerate().map(pair).sum()
    }

    #[test]
    fn labels_of_messages_that_cross_stand_apart() {
        let at = Point::new(400.0, 260.0);
        for angle in 0..12 {
            let direction = |turn: f64| {
                let angle = f64::from(angle) * 0.5 + turn;
                Point::new(angle.cos(), angle.sin())
            };
            let wish = |along| Wish { at, along, width: 110.0, must: false };
            let wishes = [wish(direction(0.0)), wish(direction(1.2)), wish(direction(std::f64::consts::PI))];
            let places = place(&wishes, &[], &[], Size::USUAL);
            assert!(places.iter().all(Option::is_some), "angle {angle}");
            assert!(cover(&areas(&wishes, &places)) < 0.12 * 2.0 * 110.0 * HEIGHT, "angle {angle}");
        }
    }

    #[test]
    fn a_label_without_room_is_left_out_unless_it_is_asked_for() {
        let wall = Area { x: 0.0, y: 0.0, width: 804.0, height: 520.0 };
        let wish = Wish { at: Point::new(400.0, 260.0), along: Point::new(1.0, 0.0), width: 90.0, must: false };
        assert_eq!(place(&[wish], &[wall], &[], Size::USUAL), [None]);
        assert!(place(&[Wish { must: true, ..wish }], &[wall], &[], Size::USUAL)[0].is_some());
    }

    #[test]
    fn a_label_stays_on_the_stage() {
        let wish = Wish { at: Point::new(400.0, 4.0), along: Point::new(-1.0, 0.0), width: 90.0, must: false };
        let place = place(&[wish], &[], &[], Size::USUAL)[0].expect("a place");
        assert!(wish.at.y + place.y >= HEIGHT / 2.0 - 2.0);
    }
}
