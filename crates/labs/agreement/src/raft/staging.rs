//! What scenarios of all labs of Raft do on their way: elect this server, write that, wait for it.

use parts::values::word;
use sim::order::{pair, sort_by_key};
use sim::{Director, Input, NodeId, System, WorldOf};

use super::message::Message;
use super::server::{Role, Server};
use super::{RaftNode, Timer};

/// A lab whose nodes speak Raft.
pub(crate) trait OfRaft: System<Protocol = RaftNode> {}

impl<L: System<Protocol = RaftNode>> OfRaft for L {}

/// A server's state, while it is not crashed.
pub(crate) fn server<L: OfRaft>(world: WorldOf<'_, L>, id: NodeId) -> Option<&Server> {
    world.nodes().state(id).and_then(RaftNode::server)
}

/// The leader of the highest term.
pub(crate) fn leader<L: OfRaft>(world: WorldOf<'_, L>) -> Option<NodeId> {
    let leaders = world.nodes().ids().filter_map(|id| Some((server(world, id)?, id)));
    leaders.filter(|(server, _)| server.is_leader()).max_by_key(|(server, _)| server.term).map(|(_, id)| id)
}

/// The servers that stand for election.
pub(crate) fn candidates<L: OfRaft>(world: WorldOf<'_, L>) -> impl Iterator<Item = NodeId> {
    let is_candidate =
        move |id: &NodeId| server(world, *id).is_some_and(|server| matches!(server.role, Role::Candidate { .. }));
    world.nodes().ids().filter(is_candidate)
}

/// Runs until this server leads. The seeds are such that it is the first whose timer runs out; where it is not, its
/// timer runs out early.
pub(crate) fn lead<L: OfRaft>(director: &mut Director<L>, id: NodeId) {
    for _ in 0..10 {
        director.run_until(|world| {
            election_timers(world).next().is_none_or(|(at_us, _)| Some(at_us) == world.next_at_us())
                || leader(world).is_some()
        });
        if leader(director.world()) == Some(id) {
            return;
        }
        let first = election_timers(director.world()).next().map(|(_, first)| first);
        let timer = director.world().nodes().timers(id).find(|set| set.timer == Timer::Election).map(|set| set.id);
        match timer {
            Some(timer) if first != Some(id) => director.act(Input::FireTimer { node: id, timer }),
            _ => {
                director.step();
            }
        }
        // Long enough for the votes.
        run_to_the_last_event_in(director, 30_000);
        if leader(director.world()) == Some(id) {
            return;
        }
    }
    director.run_until(|world| leader(world) == Some(id));
}

/// Lets everything happen that is due in so many microseconds, and no time pass after that.
pub(crate) fn run_to_the_last_event_in<L: OfRaft>(director: &mut Director<L>, us: u64) {
    let end_us = director.now_us() + us;
    director.run_until(|world| world.next_at_us().is_none_or(|next_us| next_us > end_us));
}

/// The election timers of all servers, the first to run out at the front.
pub(crate) fn election_timers<L: OfRaft>(world: WorldOf<'_, L>) -> impl Iterator<Item = (u64, NodeId)> {
    let timers = world.nodes().ids().flat_map(|id| world.nodes().timers(id).map(move |set| (set, id)));
    let mut timers: Vec<(u64, NodeId)> =
        timers.filter(|(set, _)| set.timer == Timer::Election).map(|(set, id)| (set.fires_at_us, id)).collect();
    sort_by_key(&mut timers, |(at_us, id)| pair(*at_us, id.0.into()));
    timers.into_iter()
}

/// Lets a client write.
pub(crate) fn put<L: OfRaft>(director: &mut Director<L>, client: NodeId, key: &str, value: &str) {
    director.operate(client, "put", &[word(key), word(value)]);
}

/// Writes, and waits until the client is told that it is done.
pub(crate) fn put_and_wait<L: OfRaft>(director: &mut Director<L>, client: NodeId, key: &str, value: &str) {
    put(director, client, key, value);
    director.run_until(|world| client_is_idle(world, client));
}

/// Whether a client waits for nothing.
pub(crate) fn client_is_idle<L: OfRaft>(world: WorldOf<'_, L>, client: NodeId) -> bool {
    world.nodes().state(client).and_then(RaftNode::client).is_some_and(|client| client.open.is_none())
}

/// Runs until such a message is under way.
pub(crate) fn run_until_message<L: OfRaft>(director: &mut Director<L>, is_meant: impl Fn(&Message) -> bool) {
    director.run_until(|world| world.messages().any(|envelope| is_meant(envelope.payload)));
}

/// Runs until all servers know that the log is committed up to here.
pub(crate) fn run_until_all_have<L: OfRaft>(director: &mut Director<L>, index: u64) {
    director.run_until(|world| {
        let mut servers = world.nodes().ids().filter_map(|id| server(world, id));
        servers.all(|server| server.commit_index >= index)
    });
}
