//! A stage that is a map: where nodes stand, and the coasts below them.

use netsplit::geometry::{Point, Size};
use netsplit::stage::layout::{place, units};
use netsplit::stage::scene::picture;
use sim::frame::{Frame, Layout, Panel, Place};

use crate::draw_part;
use crate::frames::frame;

const SIZE: Size = Size::USUAL;

fn map(places: &[(i32, i32)]) -> Frame {
    let mut frame = frame();
    frame.layout = Layout::Map;
    frame.nodes.truncate(places.len());
    for (node, (longitude_mdeg, latitude_mdeg)) in frame.nodes.iter_mut().zip(places) {
        node.place = Some(Place { longitude_mdeg: *longitude_mdeg, latitude_mdeg: *latitude_mdeg });
    }
    frame
}

#[test]
fn north_is_up_and_east_is_right_and_degrees_are_as_long_both_ways() {
    let frame = map(&[(0, 0), (30_000, 0), (0, 30_000)]);
    let [here, east, north] = place(&frame, SIZE)[..] else { panic!("three nodes") };
    assert!(east.x > here.x && north.y < here.y);
    assert!((east.distance(here) - north.distance(here)).abs() < 1e-9);
    assert!((east.y - here.y).abs() < 1e-9 && (north.x - here.x).abs() < 1e-9);
}

#[test]
fn nodes_of_one_town_stand_apart_and_on_the_stage() {
    for corner in [(0, 0), (179_000, 89_000), (-179_000, -89_000)] {
        let points = place(&map(&[corner; 3]), SIZE);
        for (index, point) in points.iter().enumerate() {
            assert!(point.x > 0.0 && point.x < SIZE.width && point.y > 0.0 && point.y < SIZE.height, "{point:?}");
            assert!(points[..index].iter().all(|other| other.distance(*point) > 84.0), "{points:?}");
        }
    }
}

/// The coasts move with the nodes: what is drawn at a place's degrees is where a lone node of that place stands.
#[test]
fn coasts_are_where_the_nodes_are() {
    let frame = map(&[(-77_487, 39_043), (151_209, -33_868)]);
    let html = draw_part(picture(&frame, SIZE, &[], None));
    let coasts = html.split("<path").find(|path| path.contains("class=\"land\"")).expect("the coasts");
    let transform = coasts.split("translate(").nth(1).expect("a place");
    let numbers: Vec<f64> =
        transform.split(['(', ')', ' ', '"']).filter_map(|word| word.parse().ok()).take(4).collect();
    let [x, y, thousandth, scale] = numbers[..] else { panic!("{transform:.60}") };
    let virginia = Point::new(x, y).plus(Point::new(-77.487 * 2.0, -39.043 * 2.0).times(thousandth * scale));
    assert!(virginia.distance(place(&frame, units(&frame, SIZE))[0]) < 1.0, "{virginia:?}");
}

#[test]
fn a_ring_has_no_coasts() {
    assert!(!draw_part(picture(&frame(), SIZE, &[], None)).contains("class=\"land\""));
}

/// The kilometres of the lab and the places on its map tell of the same earth (great circles on a ball of 6,371 km).
#[test]
fn the_map_of_the_ping_lab_fits_its_distances() {
    let mut session = labs::registry::open("ping").expect("the lab");
    session.open("six-regions").expect("the scenario");
    let frame = session.frame();
    assert_eq!(frame.layout, Layout::Map);
    let unit = |place: Place| {
        let radians = |mdeg: i32| (f64::from(mdeg) / 1_000.0).to_radians();
        let (longitude, latitude) = (radians(place.longitude_mdeg), radians(place.latitude_mdeg));
        [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
    };
    let places: Vec<[f64; 3]> = frame.nodes.iter().map(|node| unit(node.place.expect("a place"))).collect();
    let pairs =
        places.iter().enumerate().flat_map(|(index, one)| places[index + 1..].iter().map(move |other| (one, other)));
    let rows = frame.panels.iter().find_map(|panel| match panel {
        Panel::Table { rows, .. } if rows.len() == 15 => Some(rows),
        _ => None,
    });
    for ((one, other), row) in pairs.zip(rows.expect("the table of distances")) {
        let dot: f64 = one.iter().zip(other).map(|(a, b)| a * b).sum();
        let km: f64 = row[1].to_string().parse().expect("kilometres");
        assert!((6_371.0 * dot.acos() - km).abs() < 40.0, "{}: {} and {km}", row[0], 6_371.0 * dot.acos());
    }
}
