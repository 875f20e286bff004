//! The first election of a cluster: nobody has crashed, and all timers have been set at the same moment.

use sim::experiment::Report;
use sim::{Director, NodeId, Settings, Text, WorldOf};

use super::super::staging::leader;
use super::super::{Raft, RaftNode};
use super::{MS, ONE, is_quiet, lab_settings, predicted_share, require, servers, term};

/// One, for shares and their powers.
const WHOLE: i128 = 1_000_000_000_000;

/// Starts a cluster, and lets it run until a server stands for election.
fn until_a_candidate(settings: &Settings, seed: u64) -> Result<Director<Raft>, Text> {
    let mut lab = lab_settings(settings, 0);
    if let Some(most) = settings.get("timeout_most_ms") {
        lab = lab.with("timeout_most_ms", most.clone());
    }
    let mut director = Director::new(lab, seed)?;
    require(director.run_until(|world| latest_term(world) > 0))?;
    Ok(director)
}

fn latest_term(world: WorldOf<'_, Raft>) -> u64 {
    servers(world).map(|id| term(world, id)).max().unwrap_or(0)
}

/// The time until the first candidate, and from there to the first leader.
pub(super) fn first_election(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (mut candidates, mut elections) = (Vec::new(), Vec::new());
    for run in 0..u64::from(runs) {
        let mut director = until_a_candidate(settings, seed.wrapping_add(run))?;
        let stood_us = director.now_us();
        director.run_until(|world| leader(world).is_some() || latest_term(world) > 1);
        candidates.push(stood_us as i64 * (MS / 1_000));
        if latest_term(director.world()) == 1 {
            elections.push((director.now_us() - stood_us) as i64 * (MS / 1_000));
        }
    }
    let least = settings.integer("timeout_least_ms") * MS;
    let range = (settings.integer("timeout_most_ms") * MS - least).max(0);
    let count = settings.integer("servers");
    let mut published = vec![("mean", least + range / (count + 1))];
    for (name, percent) in [("p10", 10), ("p50", 50), ("p90", 90), ("p99", 99)] {
        published.push((name, least + (i128::from(range) * first_of(count, percent) / WHOLE) as i64));
    }
    let mut report = Report::default();
    report.push_distribution("ms", candidates, &published);
    let decided = elections.len() as i64;
    let took = elections.iter().sum::<i64>() / decided.max(1);
    let round_trip = 2 * settings.integer("delay_most_us") * (MS / 1_000);
    let is_constant = settings.word("delay") == "constant";
    report.push("and from there to a leader", "ms", took, is_constant.then_some(round_trip));
    let split = ONE - decided * ONE / i64::from(runs.max(1));
    report.push("share of split votes", "of 1", split, predicted_share(settings));
    Ok(report)
}

/// The part of the range that the first of so many timers has left behind in so many percent of all cases: where
/// (1 - x)^s is what is missing to 100 %.
fn first_of(timers: i64, percent: i128) -> i128 {
    let (mut low, mut high) = (0, WHOLE);
    while high - low > 1 {
        let middle = (low + high) / 2;
        let none_yet = (0..timers).fold(WHOLE, |product, _| product * (WHOLE - middle) / WHOLE);
        if none_yet * 100 > WHOLE * (100 - percent) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Messages from the moment at which the only candidate asks for votes until all follow it.
pub(super) fn election_messages(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (mut alone, mut messages) = (0, 0);
    for run in 0..u64::from(runs) {
        let mut director = until_a_candidate(settings, seed.wrapping_add(run))?;
        require(director.run_until(is_quiet))?;
        let world = director.world();
        let stood = |id: &NodeId| {
            let server = world.nodes().state(*id).and_then(RaftNode::server);
            server.is_some_and(|server| server.voted_for == Some(*id))
        };
        if latest_term(world) == 1 && servers(world).filter(stood).count() == 1 {
            alone += 1;
            messages += world.messages_sent() as i64;
        }
    }
    let others = settings.integer("servers") - 1;
    let mut report = Report::default();
    report.push("an election", "messages", messages * ONE / i64::max(alone, 1), Some(4 * others * ONE));
    let share = alone * ONE / i64::from(runs.max(1));
    report.push("elections with one candidate", "of 1", share, predicted_alone(settings));
    Ok(report)
}

/// With a constant delay d the first candidate stays the only one if no other timer runs out within d of its own:
/// (1 - d/r)^s, by the spacings of uniform order statistics.
fn predicted_alone(settings: &Settings) -> Option<i64> {
    let range_us = (settings.integer("timeout_most_ms") - settings.integer("timeout_least_ms")) * 1_000;
    let left_us = (range_us - settings.integer("delay_most_us")).max(0);
    if settings.word("delay") != "constant" || range_us <= 0 {
        return None;
    }
    let none_near = |share: i128, _| share * i128::from(left_us) / i128::from(range_us);
    Some((0..settings.integer("servers")).fold(WHOLE, none_near) as i64 / ONE)
}
