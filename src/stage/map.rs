//! A stage that is a map: nodes where they are on the earth, over coasts in a plate carrée projection.

use sim::frame::{Frame, Place};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::layout::{ABOVE, BELOW, SIDE};
use crate::geometry::{Point, Size};
use crate::part;
use crate::words::number;

/// The coasts: a part of their own, since few labs are on a map.
#[derive(Debug)]
pub struct Land {
    /// The outline of a path, in halves of a degree to the east and to the south.
    path: &'static str,
}

// Natural Earth 5.1.2, land at 1:110 million, in the public domain; to within 0.8 degrees, without small islands and Antarctica.
part!(land: Land = Land { path: include_str!("land.path") });

/// The least width of what a map shows, in degrees: a country alone has few coasts to be known by.
const LEAST_WIDTH: f64 = 40.0;
/// The least distance of two nodes that are in the same town.
const APART: f64 = 104.0;
/// How often nodes too near are moved apart: after that, what is left cannot be seen.
const ROUNDS: usize = 40;

/// How degrees become the stage's own units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    /// Where the meridian of Greenwich crosses the equator.
    origin: Point,
    /// Units for a degree.
    scale: f64,
    size: Size,
}

impl Projection {
    /// The projection that shows all nodes of a frame on a stage of this size, as large as it can.
    pub fn of(frame: &Frame, size: Size) -> Projection {
        let places: Vec<Point> = frame.nodes.iter().filter_map(|node| node.place).map(degrees).collect();
        let extent = |of: fn(&Point) -> f64| {
            let least = places.iter().map(of).fold(f64::INFINITY, f64::min);
            let most = places.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
            if least <= most { ((least + most) / 2.0, most - least) } else { (0.0, 360.0) }
        };
        let ((middle_x, width), (middle_y, height)) = (extent(|place| place.x), extent(|place| place.y));
        let room = (size.width - 4.0 * SIDE, size.height - ABOVE - BELOW);
        let scale = (room.0 / width.max(LEAST_WIDTH)).min(room.1 / height.max(1.0)).max(f64::EPSILON);
        let center = Point::new(size.width / 2.0, ABOVE + room.1 / 2.0);
        Projection { origin: center.minus(Point::new(middle_x, middle_y).times(scale)), scale, size }
    }

    /// Where the nodes stand. Those that would cover each other move apart, each as far as the other.
    pub fn place(self, frame: &Frame) -> Vec<Point> {
        let place = |place: Option<Place>| self.origin.plus(place.map(degrees).unwrap_or_default().times(self.scale));
        let mut points: Vec<Point> = frame.nodes.iter().map(|node| place(node.place)).collect();
        for _ in 0..ROUNDS {
            for second in 1..points.len() {
                for first in 0..second {
                    let between = points[second].minus(points[first]);
                    let push = between.unit().times((APART - between.length()).max(0.0) / 2.0);
                    points[first] = self.inside(points[first].minus(push));
                    points[second] = self.inside(points[second].plus(push));
                }
            }
        }
        points
    }

    /// The nearest point at which a node is on the stage.
    fn inside(self, point: Point) -> Point {
        let within = |value: f64, least: f64, most: f64| value.min(most).max(least);
        let Size { width, height } = self.size;
        Point::new(within(point.x, SIDE, width - SIDE), within(point.y, ABOVE, height - BELOW))
    }

    /// The coasts, once they are there.
    pub fn draw_land(self) -> Html {
        let Point { x, y } = self.origin;
        // The path counts in halves of a degree, and what prints a number gives it one digit after the point.
        let thousandths = number(self.scale / 2.0 * 1_000.0);
        let transform = format!("translate({} {}) scale(.001) scale({thousandths})", number(x), number(y));
        html! { <Coasts {transform} /> }
    }
}

/// A place in degrees, as the screen counts: to the east and to the south.
fn degrees(place: Place) -> Point {
    Point::new(f64::from(place.longitude_mdeg), -f64::from(place.latitude_mdeg)).times(0.001)
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct CoastsProps {
    transform: String,
}

/// Draws the coasts as soon as they have come. They are but the background: where they do not come, the nodes stand as they do.
#[component]
fn Coasts(props: &CoastsProps) -> Html {
    let arrived = use_force_update();
    use_effect_with((), move |()| {
        if PART.get().is_none() {
            spawn_local(async move {
                if PART.load().await.is_ok() {
                    arrived.force_update();
                }
            });
        }
    });
    match PART.get() {
        Some(land) => html! { <path class="land" transform={props.transform.clone()} d={land.path} /> },
        None => Html::default(),
    }
}
