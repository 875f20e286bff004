//! What the lab counts.

use sim::frame::{Measure, Unit};
use sim::{Measures, NodeId, WorldOf, t};

use super::{Decision, Story, UnreliableNetwork, UnreliableNode, Verdict};

/// How the battles that both have decided on came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Battles {
    pub all: u64,
    pub both: u64,
    pub alone: u64,
}

/// Counts the battles.
pub fn battles(world: WorldOf<'_, UnreliableNetwork>) -> Battles {
    let decisions = |place: u16| {
        let general = world.nodes().state(NodeId(place)).and_then(UnreliableNode::general);
        general.into_iter().flat_map(|general| general.decisions.iter().copied())
    };
    let mut found = Battles::default();
    let mut others = decisions(1).peekable();
    for one in decisions(0) {
        while others.next_if(|other| other.began_us < one.began_us).is_some() {}
        if let Some(Decision { attacks, .. }) = others.next_if(|other| other.began_us == one.began_us) {
            found.all += 1;
            found.both += u64::from(attacks && one.attacks);
            found.alone += u64::from(attacks != one.attacks);
        }
    }
    found
}

impl Measures for UnreliableNetwork {
    fn measures(world: WorldOf<'_, UnreliableNetwork>) -> Vec<Measure> {
        if world.config().story == Story::Generals {
            let found = battles(world);
            let share = |part: u64| (part * 1_000_000).checked_div(found.all).unwrap_or(0) as i64;
            return vec![
                Measure::count("battles", t!("battles"), found.all as usize),
                Measure::count("both", t!("battles in which both attacked"), found.both as usize),
                Measure::count("alone", t!("battles in which one attacked alone"), found.alone as usize),
                Measure::new(
                    "both-share",
                    t!("share of battles in which both attacked"),
                    Unit::Share,
                    share(found.both),
                ),
                Measure::new(
                    "alone-share",
                    t!("share of battles in which one attacked alone"),
                    Unit::Share,
                    share(found.alone),
                ),
            ];
        }
        let config = world.config();
        let nodes = world.nodes();
        let ledger = nodes.state(config.ledger()).and_then(UnreliableNode::ledger);
        let book = &nodes.disk(config.ledger()).book;
        let told = |verdict: Verdict| {
            let clients = (0..config.clients).map(NodeId);
            let told = clients.flat_map(|client| nodes.disk(client).client.told.iter());
            told.filter(|told| told.verdict == verdict).count()
        };
        let asked: usize = (0..config.clients).map(|client| nodes.disk(NodeId(client)).client.made as usize).sum();
        let account = book.accounts[0];
        let mut measures = vec![
            Measure::count("asked", t!("requests so far"), asked),
            Measure::count("carried-out", t!("effects on the ledger's disk"), book.log.len()),
            Measure::count("balance-a", t!("balance of account a"), account.balance as usize),
            Measure::count("limit-a", t!("limit of account a"), account.limit as usize),
            Measure::count("done", t!("lately told: done"), told(Verdict::Done)),
            Measure::count("unknown", t!("lately told: unknown"), told(Verdict::Unknown)),
        ];
        let swapped =
            nodes.state(config.gateway()).and_then(UnreliableNode::gateway).map_or(0, |gateway| gateway.swapped);
        let swapped = Measure::count("swapped", t!("messages in which it has swapped bytes"), swapped as usize);
        measures.push(swapped.of(config.gateway()));
        let delivered = ledger.map_or(0, |ledger| ledger.delivered as usize);
        let delivered = Measure::count("delivered", t!("requests delivered, repeats among them"), delivered);
        measures.push(delivered.of(config.ledger()));
        measures.extend(nodes.ids().map(|id| {
            let thrown = nodes.state(id).and_then(UnreliableNode::seen).map_or(0, |seen| seen.thrown);
            Measure::count("thrown", t!("messages thrown away, since a check did not fit"), thrown as usize).of(id)
        }));
        measures
    }
}
