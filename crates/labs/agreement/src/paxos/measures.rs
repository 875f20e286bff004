//! What the lab counts.

use sim::frame::{Measure, Unit};
use sim::{Measures, WorldOf, t};

use super::{Paxos, PaxosNode};

impl Measures for Paxos {
    fn measures(world: WorldOf<'_, Paxos>) -> Vec<Measure> {
        let nodes = world.nodes();
        let proposers = || nodes.ids().filter_map(|id| nodes.state(id)?.proposer());
        let known = nodes.ids().filter_map(|id| nodes.state(id)?.learner()).filter(|learner| learner.known.is_some());
        let accepted = nodes.ids().filter_map(|id| match nodes.state(id) {
            Some(PaxosNode::Acceptor(acceptor)) => acceptor.accepted,
            _ => nodes.disk(id).accepted,
        });
        let rounds = proposers().map(|proposer| proposer.round).max().unwrap_or(0);
        let overtaken = proposers().map(|proposer| i64::from(proposer.overtaken)).sum();
        vec![
            Measure::new("rounds", t!("highest round of a proposer"), Unit::Count, rounds as i64),
            Measure::new("overtaken", t!("ballots overtaken"), Unit::Count, overtaken),
            Measure::count("accepted", t!("acceptors that have accepted something"), accepted.count()),
            Measure::count("learned", t!("learners that know what is chosen"), known.count()),
        ]
    }
}
