//! Where servers stand, and how far that is.

use sim::frame::Place;
use sim::{Delay, Line, NodeId, Text, Troubles, t};

/// How far light goes in a millisecond through glass, in kilometres: two thirds of what it does where nothing is.
const KM_A_MS: u64 = 200;

/// A region in which servers are rented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The name of the server that stands there.
    pub label: &'static str,
    /// Where it is on the earth.
    pub place: Place,
    /// The distances to the regions after this one, along the surface of the earth, in kilometres.
    km: &'static [u64],
}

/// Virginia, Frankfurt, Karachi, Tokyo, São Paulo and Sydney.
pub const REGIONS: [Region; 6] = [
    Region { label: "VA", place: at(-77_487, 39_043), km: &[6_549, 12_009, 10_869, 7_664, 15_674] },
    Region { label: "FRA", place: at(8_682, 50_111), km: &[5_681, 9_336, 9_829, 16_483] },
    Region { label: "KHI", place: at(67_010, 24_861), km: &[6_936, 13_354, 11_019] },
    Region { label: "TYO", place: at(139_692, 35_690), km: &[18_532, 7_824] },
    Region { label: "GRU", place: at(-46_633, -23_550), km: &[13_357] },
    Region { label: "SYD", place: at(151_209, -33_868), km: &[] },
];

const fn at(longitude_mdeg: i32, latitude_mdeg: i32) -> Place {
    Place { longitude_mdeg, latitude_mdeg }
}

/// What a place is called in words.
pub fn name(node: NodeId) -> Option<Text> {
    Some(match node.index() {
        0 => t!("Virginia"),
        1 => t!("Frankfurt"),
        2 => t!("Karachi"),
        3 => t!("Tokyo"),
        4 => t!("São Paulo"),
        5 => t!("Sydney"),
        _ => return None,
    })
}

/// How far two of the places are from each other, in kilometres.
pub fn km(one: NodeId, other: NodeId) -> u64 {
    let (first, second) = (one.min(other).index(), one.max(other).index());
    let after = REGIONS.get(first).map_or(&[][..], |place| place.km);
    second.checked_sub(first + 1).and_then(|place| after.get(place)).copied().unwrap_or(0)
}

/// How long light takes along a cable of that length without a detour, there and back, in microseconds.
pub fn light_us(one: NodeId, other: NodeId) -> u64 {
    2 * km(one, other) * 1_000 / KM_A_MS
}

/// The lines between so many of the places: cables that are longer than the way along the surface by so many percent.
pub fn lines(count: usize, detour_percent: u64, troubles: Troubles) -> Vec<(NodeId, NodeId, Line)> {
    let nodes = || (0..count).map(NodeId::at);
    let line = |from, to| {
        let delay = Delay::Constant { us: light_us(from, to) / 2 * detour_percent / 100 };
        (from, to, Line::new(delay, troubles))
    };
    nodes().flat_map(|from| nodes().filter(move |to| *to != from).map(move |to| line(from, to))).collect()
}
