//! The policies: which server gets the next request.

use serde::Serialize;
use sim::rng::mix;
use sim::{Text, t};

#[cfg(test)]
mod tests;

/// A policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    RoundRobin,
    Random,
    LeastOpen,
    Choices,
    Weighted,
    Hash,
}

/// A server as a policy sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Backend {
    /// Whether it may get a request.
    pub is_available: bool,
    /// Its weight, times its share in slow start in parts of a thousand; never 0 where it is available.
    pub weight: u64,
    /// The requests (or connections) that it has open.
    pub open: u32,
}

/// The turns of round robin. Weighted turns are those of nginx ("smooth weighted round robin"): each server's turn comes
/// nearer by its weight; who is nearest goes, and falls back by the weight of all.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Rotation(Vec<i64>);

impl Backend {
    /// The weight of a server that has no other, with its full share.
    pub const FULL: u64 = 1_000;
}

impl Policy {
    const ALL: [Policy; 6] =
        [Policy::RoundRobin, Policy::Random, Policy::LeastOpen, Policy::Choices, Policy::Weighted, Policy::Hash];

    /// The policy of this name; round robin for a name that is not known.
    pub fn named(name: &str) -> Policy {
        Policy::ALL.into_iter().find(|policy| policy.name() == name).unwrap_or(Policy::RoundRobin)
    }

    /// The name in settings, and of the rule.
    pub fn name(self) -> &'static str {
        match self {
            Policy::RoundRobin => "round-robin",
            Policy::Random => "random",
            Policy::LeastOpen => "least-connections",
            Policy::Choices => "random-choices",
            Policy::Weighted => "weighted",
            Policy::Hash => "hash",
        }
    }

    /// A few letters for the badge of the balancer.
    pub fn badge(self, choices: u8) -> Text {
        match self {
            Policy::RoundRobin => t!("round robin"),
            Policy::Random => t!("random"),
            Policy::LeastOpen => t!("least open"),
            Policy::Choices if choices == 1 => t!("1 choice"),
            Policy::Choices => t!("{choices} choices", choices = u64::from(choices)),
            Policy::Weighted => t!("weighted"),
            Policy::Hash => t!("by client"),
        }
    }

    /// All policies, as a setting lists them.
    pub fn choices() -> Vec<(&'static str, Text)> {
        let title = |policy: Policy| match policy {
            Policy::RoundRobin => t!("round robin: one after the other"),
            Policy::Random => t!("random"),
            Policy::LeastOpen => t!("least connections: who has fewest open"),
            Policy::Choices => t!("random choices: the best of two, or of more"),
            Policy::Weighted => t!("weighted round robin"),
            Policy::Hash => t!("hash by client: each client has its server"),
        };
        Policy::ALL.map(|policy| (policy.name(), title(policy))).to_vec()
    }

    /// Picks a server for a request of this client; none where none is available. `draw(n)` is a random number under n.
    pub fn pick(
        self,
        backends: &[Backend],
        (client, choices): (u16, u8),
        rotation: &mut Rotation,
        draw: &mut dyn FnMut(u64) -> u64,
    ) -> Option<usize> {
        match self {
            Policy::RoundRobin | Policy::Weighted => rotation.next(backends),
            Policy::Random => random(backends, draw),
            Policy::LeastOpen => {
                // Ties are broken at random, so that an idle cluster does not send all to the first server.
                let start = draw(backends.len() as u64) as usize;
                best((0..backends.len()).map(|place| (start + place) % backends.len()), backends)
            }
            Policy::Choices => {
                let first = random(backends, draw)?;
                let others = (1..choices).filter_map(|_| random(backends, draw));
                best(std::iter::once(first).chain(others), backends)
            }
            Policy::Hash => {
                let score = |place: &usize| mix(u64::from(client) << 32 | *place as u64);
                available(backends).max_by_key(score)
            }
        }
    }
}

fn available(backends: &[Backend]) -> impl Iterator<Item = usize> {
    backends.iter().enumerate().filter(|(_, backend)| backend.is_available).map(|(place, _)| place)
}

/// An available server at random, in proportion to the weights: one is drawn, and drawn again where it must not or need
/// not be taken. Where hardly any can be taken, one draw among these decides.
fn random(backends: &[Backend], draw: &mut dyn FnMut(u64) -> u64) -> Option<usize> {
    const DRAWS: usize = 16;
    for _ in 0..DRAWS {
        let place = draw(backends.len() as u64) as usize;
        let Backend { is_available, weight, .. } = *backends.get(place)?;
        if is_available && (weight >= Backend::FULL || draw(Backend::FULL) < weight) {
            return Some(place);
        }
    }
    let weights = || available(backends).map(|place| (place, backends[place].weight));
    let mut rest = draw(weights().map(|(_, weight)| weight).sum());
    weights().find_map(|(place, weight)| {
        let is_it = rest < weight;
        rest = rest.saturating_sub(weight);
        is_it.then_some(place)
    })
}

/// Who has fewest open for its weight, with the new one; the first of equals.
fn best(places: impl Iterator<Item = usize>, backends: &[Backend]) -> Option<usize> {
    let is_better = |one: &Backend, other: &Backend| {
        u64::from(one.open + 1) * other.weight < u64::from(other.open + 1) * one.weight
    };
    places
        .filter(|place| backends[*place].is_available)
        .reduce(|best, place| if is_better(&backends[place], &backends[best]) { place } else { best })
}

impl Rotation {
    fn next(&mut self, backends: &[Backend]) -> Option<usize> {
        self.0.resize(backends.len(), 0);
        let mut total = 0;
        for place in available(backends) {
            self.0[place] += backends[place].weight as i64;
            total += backends[place].weight as i64;
        }
        // The first of equals, so that plain round robin goes by number.
        let next = available(backends).reduce(|best, place| if self.0[place] > self.0[best] { place } else { best })?;
        self.0[next] -= total;
        Some(next)
    }
}
