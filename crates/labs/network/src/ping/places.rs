//! Where servers stand, and how far that is.

use sim::{Delay, Line, NodeId, Text, Troubles, t};

/// How far light goes in a millisecond through glass, in kilometres: two thirds of what it does where nothing is.
const KM_A_MS: u64 = 200;

/// A place in the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of the server that stands there.
    pub label: &'static str,
    /// The distances to the places after this one, along the surface of the earth, in kilometres.
    km: &'static [u64],
}

/// Six regions in which servers are rented: Virginia, Frankfurt, Karachi, Tokyo, São Paulo and Sydney.
pub const PLACES: [Place; 6] = [
    Place { label: "VA", km: &[6_549, 12_009, 10_869, 7_664, 15_674] },
    Place { label: "FRA", km: &[5_681, 9_336, 9_829, 16_483] },
    Place { label: "KHI", km: &[6_936, 13_354, 11_019] },
    Place { label: "TYO", km: &[18_532, 7_824] },
    Place { label: "GRU", km: &[13_357] },
    Place { label: "SYD", km: &[] },
];

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
    let after = PLACES.get(first).map_or(&[][..], |place| place.km);
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
