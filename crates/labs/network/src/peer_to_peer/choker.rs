//! Whom to serve (BEP 3, "choking and optimistic unchoking"; Cohen 2003, section 3.2; Legout et al. 2006, section 2.2.2).

use serde::Serialize;
use sim::NodeId;
use sim::order::sort_by_key;

/// How many times likelier somebody who is new becomes the optimistic one.
const NEWCOMER: u64 = 3;

/// Who gets a place.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Choker {
    /// When the next round is held.
    pub round_at_us: u64,
    /// Who has a place although it may have given nothing, and since when.
    pub optimistic: Option<NodeId>,
    pub optimistic_since_us: u64,
    /// How many places there were at the last look.
    pub places: usize,
}

/// Somebody who wants a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wants {
    pub node: NodeId,
    /// How much it has given lately; of one that has all, how much it could be given.
    pub score: u32,
    /// Since when it has waited or has had its place.
    pub since_us: u64,
    pub has_place: bool,
    /// Whether it has never been the optimistic one.
    pub is_new: bool,
}

/// How places are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub places: usize,
    /// Who gives gets, and one more; else all in turn.
    pub tit_for_tat: bool,
    /// Whether there is the one more.
    pub optimistic: bool,
    /// Whether somebody who has given nothing can have one of the other places: of those who have all.
    pub is_seed: bool,
    /// Whether it is time for a new round; else only free places are given.
    pub is_round: bool,
    /// Whether it is time for another optimistic one.
    pub is_change: bool,
}

/// Who gets a place now; the optimistic one is the second part. `draw` draws a number below its argument.
pub fn choose(
    wants: &[Wants],
    optimistic: Option<NodeId>,
    plan: Plan,
    draw: &mut dyn FnMut(u64) -> u64,
) -> (Vec<NodeId>, Option<NodeId>) {
    if !plan.tit_for_tat {
        return (in_turn(wants, plan), None);
    }
    let kept = optimistic.filter(|node| !plan.is_change && wants.iter().any(|wants| wants.node == *node));
    let deserves = |wants: &&Wants| Some(wants.node) != kept && (wants.score > 0 || plan.is_seed);
    let mut deserving: Vec<(u64, Wants)> = wants.iter().filter(deserves).map(|wants| (0, *wants)).collect();
    deserving.iter_mut().for_each(|(lot, _)| *lot = draw(1 << 16));
    // Who has a place keeps it until the round is over; then those come first that gave most, ties at random.
    sort_by_key(&mut deserving, |(lot, wants)| {
        let stays = wants.has_place && !plan.is_round;
        u128::from(!stays) << 64 | u128::from(u32::MAX - wants.score) << 32 | u128::from(*lot)
    });
    let regular = plan.places.saturating_sub(usize::from(plan.optimistic));
    let mut chosen: Vec<NodeId> = deserving.iter().take(regular).map(|(_, wants)| wants.node).collect();
    if !plan.optimistic {
        return (chosen, None);
    }
    let lucky = kept.or_else(|| {
        let rest: Vec<&Wants> = wants.iter().filter(|wants| !chosen.contains(&wants.node)).collect();
        let weight = |wants: &Wants| if wants.is_new { NEWCOMER } else { 1 };
        let mut lot = draw(rest.iter().map(|wants| weight(wants)).sum());
        rest.into_iter()
            .find(|wants| {
                let is_it = lot < weight(wants);
                lot = lot.saturating_sub(weight(wants));
                is_it
            })
            .map(|wants| wants.node)
    });
    chosen.extend(lucky);
    (chosen, lucky)
}

/// All in turn: those who have waited longest.
fn in_turn(wants: &[Wants], plan: Plan) -> Vec<NodeId> {
    let mut order: Vec<Wants> = wants.to_vec();
    sort_by_key(&mut order, |wants| {
        let stays = wants.has_place && !plan.is_round;
        u128::from(!stays) << 80 | u128::from(wants.since_us) << 16 | u128::from(wants.node.0)
    });
    order.iter().take(plan.places).map(|wants| wants.node).collect()
}
