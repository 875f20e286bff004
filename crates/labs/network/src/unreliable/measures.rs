//! What the lab counts.

use sim::frame::{Measure, Unit};
use sim::{Measures, WorldOf, t};

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
        let general = world.nodes().state(sim::NodeId(place)).and_then(UnreliableNode::general);
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
            let clients = (0..config.clients).map(sim::NodeId);
            let told = clients.flat_map(|client| nodes.disk(client).client.told.iter());
            told.filter(|told| told.verdict == verdict).count()
        };
        let thrown: u64 = nodes.ids().filter_map(|node| Some(nodes.state(node)?.seen()?.thrown)).sum();
        let swapped =
            nodes.state(config.gateway()).and_then(UnreliableNode::gateway).map_or(0, |gateway| gateway.swapped);
        let asked: usize = (0..config.clients).map(|client| nodes.disk(sim::NodeId(client)).client.made as usize).sum();
        vec![
            Measure::count("asked", t!("requests so far"), asked),
            Measure::count(
                "delivered",
                t!("requests delivered to the ledger, repeats among them"),
                ledger.map_or(0, |ledger| ledger.delivered as usize),
            ),
            Measure::count("carried-out", t!("effects on the ledger's disk"), book.log.len()),
            Measure::count("balance-a", t!("balance of account a"), book.accounts[0].balance as usize),
            Measure::count("balance-b", t!("balance of account b"), book.accounts[1].balance as usize),
            Measure::count("limit-a", t!("limit of account a"), book.accounts[0].limit as usize),
            Measure::count("limit-b", t!("limit of account b"), book.accounts[1].limit as usize),
            Measure::count("done", t!("lately told: done"), told(Verdict::Done)),
            Measure::count("failed", t!("lately told: failed"), told(Verdict::Failed)),
            Measure::count("unknown", t!("lately told: unknown"), told(Verdict::Unknown)),
            Measure::count("swapped", t!("messages in which the gateway has swapped bytes"), swapped as usize),
            Measure::count("thrown", t!("messages thrown away, since a check did not fit"), thrown as usize),
        ]
    }
}
