//! The checks: what two ends of a connection owe each other, seen by somebody who sees both.

use serde::Serialize;
use sim::map::Map;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Verdicts, t, time_us};

use super::connection::{Connection, End, State};
use super::host::{Ended, Host};
use super::segment::Name;
use super::settings::{Config, MESSAGE};
use super::{B, R, Tcp};

const PREFIX: usize = 0;
const NO_GHOST: usize = 1;
const WINDOW_KEPT: usize = 2;
const WHOLE_BEFORE_END: usize = 3;
const SAMPLES_TRUE: usize = 4;
const LAST_ACK: usize = 5;
const TRUE_RESETS: usize = 6;
const DELIVERED: usize = 7;
const FAST_RETRANSMIT: usize = 8;
const TIMEOUT: usize = 9;
const SPURIOUS: usize = 10;
const HALF_OPEN: usize = 11;
const ZERO_WINDOW: usize = 12;
const HEAD_OF_LINE: usize = 13;
const QUEUE_FULL: usize = 14;
const SIMULTANEOUS_OPEN: usize = 15;

/// So many connections are remembered.
const KEPT: usize = 48;

/// Timers run out so much before their time, in microseconds, and are on time.
const SLACK_US: u64 = 100;

impl Checks for Tcp {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let mut checks = promises();
        checks.extend(situations());
        checks
    }
}

fn promises() -> Vec<Check> {
    let always = |name, title, meaning| Check::new(name, title, CheckKind::Always, meaning);
    vec![
        always(
            "prefix",
            t!("what is read is what was written, from its start"),
            t!(
                "An application reads the bytes that the other end has written into this very connection, from the first one on, each once."
            ),
        ),
        always(
            "no-ghost",
            t!("no connection without the other end"),
            t!(
                "An end becomes established only if the other end has this connection open, or has accepted its first number before."
            ),
        ),
        always(
            "window-kept",
            t!("nothing is sent beyond the window"),
            t!(
                "No data goes beyond the furthest right edge that the receiver has offered, but for the single byte of a probe."
            ),
        ),
        always(
            "whole-before-end",
            t!("who reads the end has read all"),
            t!("An application that is told of the end of a stream has read all that was written before it."),
        ),
        always(
            "samples-true",
            t!("round trips are measured from what has arrived"),
            t!("A round trip is counted from a transmission that had arrived when its acknowledgment left."),
        ),
        always(
            "last-ack",
            t!("a FIN that comes again is answered"),
            t!(
                "Who closed first acknowledges a FIN that comes again within two lives of a segment, and sends no reset."
            ),
        ),
        always(
            "true-resets",
            t!("a reset ends only what it is meant for"),
            t!("A connection is reset only because the other end did not know it, or had aborted it itself."),
        ),
        Check::new(
            "delivered",
            t!("what was written arrives, or its writer is told"),
            CheckKind::Eventually,
            t!(
                "Each byte that was written is acknowledged, or its writer was told or crashed, or a timer of its sender is running."
            ),
        ),
    ]
}

fn situations() -> Vec<Check> {
    let sometimes = |name, title, meaning| Check::new(name, title, CheckKind::Sometimes, meaning);
    vec![
        sometimes(
            "fast-retransmit",
            t!("three duplicates filled a hole"),
            t!("The third duplicate acknowledgment has made a sender fill a hole without waiting for its timer."),
        ),
        sometimes(
            "timeout",
            t!("a timer ran out"),
            t!(
                "No acknowledgment came in time, so that a sender sent something again, and set its window to one segment."
            ),
        ),
        sometimes(
            "spurious",
            t!("something was sent again that had arrived"),
            t!("A sender took for lost what was only late, or whose acknowledgment was lost."),
        ),
        sometimes(
            "half-open",
            t!("one end is open and the other is gone"),
            t!("One end takes the connection for established, and the other one knows nothing of it."),
        ),
        sometimes(
            "zero-window",
            t!("a receiver had no room"),
            t!("A buffer was full, because its application reads slowly, so that the sender had to wait."),
        ),
        sometimes(
            "head-of-line",
            t!("a message is there, and waits for another stream"),
            t!("A whole message has arrived, and is not handed on: a message of another stream is missing before it."),
        ),
        sometimes(
            "queue-full",
            t!("the queue before the line was full"),
            t!("A segment found all places of the queue taken that leads to B, and was dropped."),
        ),
        sometimes(
            "simultaneous-open",
            t!("both ends opened at once"),
            t!("Two SYNs have met on their way, and one connection came of it."),
        ),
    ]
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// Which connection has accepted the first number of which.
    accepted: Map<Name, Name>,
    /// How much was written into connections that nobody writes to any more.
    closed: Map<Name, u64>,
    /// The connections that were established.
    established: Map<Name, bool>,
    /// How many round trips each has measured, and how often it has received what it had.
    counted: Map<Name, (u64, u64)>,
    /// How many connections of a node have ended, and how many resets it has sent.
    nodes: Map<NodeId, (u64, u64)>,
    dropped: u64,
    /// A writer was not told that its bytes did not arrive.
    has_lost: bool,
}

impl sim::Monitor<Host> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, Host>, verdicts: &mut Verdicts) {
        let acting = seen.node.and_then(|node| Some((node, seen.nodes.state(node)?)));
        match acting {
            Some((me, host)) if me != R => {
                for connection in &host.connections {
                    self.look(me, connection, seen, verdicts);
                }
                self.look_at_ends(me, host, seen, verdicts);
                self.forget();
                self.judge_end(seen, verdicts);
                judge_halves(seen, verdicts);
            }
            Some(_) => {}
            None => self.judge_end(seen, verdicts),
        }
        let dropped = seen.network.link(R, B).dropped;
        if dropped > self.dropped {
            self.dropped = dropped;
            verdicts.seen(QUEUE_FULL, &[R, B], || {
                t!("The queue before the line from {from} to {to} was full", from = R, to = B)
            });
        }
    }
}

impl Monitor {
    fn look(&mut self, me: NodeId, connection: &Connection, seen: &Observation<'_, Host>, verdicts: &mut Verdicts) {
        let peer = connection.remote.node;
        let name = connection.name;
        if let Some(of) = connection.peer
            && self.accepted.get(&name) != Some(&of)
        {
            self.accepted.insert(name, of);
        }
        if connection.sender.is_closing {
            self.closed.insert(name, connection.sender.written);
        }
        if connection.state.is_synchronized() && self.established.get(&name).is_none() {
            self.established.insert(name, true);
            self.judge_birth(me, connection, seen, verdicts);
        }
        judge_reading(me, connection, verdicts);
        if connection.sender.edge.is_before(connection.sender.reach) {
            verdicts.broken(WINDOW_KEPT, &[me, peer], || {
                let beyond = connection.sender.reach.since(connection.sender.edge);
                t!(
                    "{node} has sent {bytes} for which {peer} has offered no room",
                    node = me,
                    bytes = super::captions::bytes(beyond),
                    peer = peer
                )
            });
        }
        if connection.receiver.is_ended
            && let Some(written) = connection.peer.and_then(|peer| self.closed.get(&peer)).copied()
        {
            let read = connection.receiver.read_bytes();
            if read < written {
                verdicts.broken(WHOLE_BEFORE_END, &[me, peer], || {
                    t!(
                        "{node} was told of the end after {read} of {written} bytes",
                        node = me,
                        read = read,
                        written = written
                    )
                });
            }
        }
        self.look_at_numbers(me, connection, verdicts);
        judge_situation(me, connection, seen, verdicts);
    }

    /// Judges a connection that has just become established.
    fn judge_birth(&self, me: NodeId, connection: &Connection, seen: &Observation<'_, Host>, verdicts: &mut Verdicts) {
        let peer = connection.remote.node;
        let has_it = |name: Name| has(seen, name) || self.accepted.get(&name) == Some(&connection.name);
        if !connection.peer.is_some_and(has_it) {
            verdicts.broken(NO_GHOST, &[me, peer], || {
                t!("{node} takes a connection for established that {peer} neither has nor had", node = me, peer = peer)
            });
        }
    }

    fn look_at_numbers(&mut self, me: NodeId, connection: &Connection, verdicts: &mut Verdicts) {
        let peer = connection.remote.node;
        let (samples, again) = (connection.round_trip.count, connection.receiver.came_again);
        let (known_samples, known_again) = self.counted.get(&connection.name).copied().unwrap_or_default();
        if samples > known_samples
            && let Some(sample) = connection.round_trip.last.filter(|sample| sample.echo < sample.number)
        {
            verdicts.broken(SAMPLES_TRUE, &[me, peer], || {
                t!(
                    "{node} measures {time} from a segment that was still under way when {peer} acknowledged",
                    node = me,
                    time = time_us(sample.us),
                    peer = peer
                )
            });
        }
        if again > known_again {
            verdicts
                .seen(SPURIOUS, &[me, peer], || t!("{peer} has sent again what {node} had", peer = peer, node = me));
        }
        if (samples, again) != (known_samples, known_again) {
            self.counted.insert(connection.name, (samples, again));
        }
    }

    /// Looks at what has ended, and at resets for want of a connection.
    fn look_at_ends(&mut self, me: NodeId, host: &Host, seen: &Observation<'_, Host>, verdicts: &mut Verdicts) {
        let (ended, resets) = self.nodes.get(&me).copied().unwrap_or_default();
        // A node that has started again counts from 0.
        let (ended, resets) = (ended.min(host.ended_count), resets.min(host.resets));
        let new = (host.ended_count - ended) as usize;
        for over in host.ended.iter().rev().take(new) {
            self.judge_ended(me, over, seen, verdicts);
        }
        if host.resets > resets
            && let Some(reset) = host.last_reset.filter(|reset| reset.is_for_fin)
            && let Some(last_us) = reset.last_ack_at_us
        {
            let after_us = reset.at_us.saturating_sub(last_us);
            if after_us + SLACK_US < 2 * seen.config.msl_us {
                verdicts.broken(LAST_ACK, &[me], || {
                    t!(
                        "{node} answers a FIN that comes again after {time} with a reset",
                        node = me,
                        time = time_us(after_us)
                    )
                });
            }
        }
        if (host.ended_count, host.resets) != self.nodes.get(&me).copied().unwrap_or_default() {
            self.nodes.insert(me, (host.ended_count, host.resets));
        }
    }

    fn judge_ended(&mut self, me: NodeId, over: &Ended, seen: &Observation<'_, Host>, verdicts: &mut Verdicts) {
        self.has_lost |= over.end == End::Closed && over.unacknowledged > 0;
        let Some(reset) = over.reset_by else { return };
        // What the other end does not have now, it may well say that it does not know.
        let is_unknown = over.peer.is_some_and(|peer| !has(seen, peer));
        let is_aborted = reset.aborts.is_some() && reset.aborts == over.peer;
        let is_meant = reset.answers == Some(over.name) || is_aborted || is_unknown;
        if !is_meant {
            verdicts.broken(TRUE_RESETS, &[me], || {
                t!("A connection of {node} was ended by a reset that was meant for another one", node = me)
            });
        }
    }

    /// Old connections are forgotten.
    fn forget(&mut self) {
        fn shorten<V: Clone>(map: &mut Map<Name, V>) {
            if map.iter().count() > KEPT {
                let newest = map.iter().map(|(name, _)| name.number).max().unwrap_or(0);
                map.retain(|name, _| name.number + KEPT as u64 / 4 > newest);
            }
        }
        shorten(&mut self.accepted);
        shorten(&mut self.closed);
        shorten(&mut self.established);
        shorten(&mut self.counted);
    }

    fn judge_end(&self, seen: &Observation<'_, Host>, verdicts: &mut Verdicts) {
        let hosts = seen.nodes.ids().filter_map(|id| seen.nodes.state(id));
        let mut connections = hosts.flat_map(|host| &host.connections);
        verdicts.reached(DELIVERED, !self.has_lost && connections.all(Connection::is_looked_after));
    }
}

/// Whether an end has this connection now.
fn has(seen: &Observation<'_, Host>, name: Name) -> bool {
    let host = seen.nodes.state(name.node);
    host.is_some_and(|host| host.connections.iter().any(|known| known.name == name))
}

/// Judges what an application has read.
fn judge_reading(me: NodeId, connection: &Connection, verdicts: &mut Verdicts) {
    let read = &connection.receiver.read;
    let is_right = match &read[..] {
        [] => true,
        [one] => one.from == 0 && Some(one.of) == connection.peer,
        _ => false,
    };
    if !is_right {
        let peer = connection.remote.node;
        verdicts.broken(PREFIX, &[me, peer], || {
            let of_another = read.iter().any(|piece| Some(piece.of) != connection.peer);
            if of_another {
                t!("The application of {node} reads bytes of an earlier connection", node = me)
            } else {
                t!("The application of {node} reads bytes of {peer} that are not the next ones", node = me, peer = peer)
            }
        });
    }
}

/// Looks for an end that is alone: its peer has started anew, or has aborted.
fn judge_halves(seen: &Observation<'_, Host>, verdicts: &mut Verdicts) {
    for id in seen.nodes.ids() {
        for connection in seen.nodes.state(id).into_iter().flat_map(|host| &host.connections) {
            let is_gone = |name: Name| seen.nodes.state(name.node).is_some() && !has(seen, name);
            if connection.state == State::Established && connection.peer.is_some_and(is_gone) {
                let peer = connection.remote.node;
                verdicts.seen(HALF_OPEN, &[id, peer], || {
                    t!(
                        "{node} takes its connection with {peer} for established, and {peer} knows nothing of it",
                        node = id,
                        peer = peer
                    )
                });
            }
        }
    }
}

/// Judges what is worth seeing.
fn judge_situation(me: NodeId, connection: &Connection, seen: &Observation<'_, Host>, verdicts: &mut Verdicts) {
    let peer = connection.remote.node;
    let both = [me, peer];
    if connection.congestion.is_recovering {
        verdicts.seen(FAST_RETRANSMIT, &both, || {
            t!(
                "{peer} has said three times more that something is missing, and {node} has filled the hole",
                peer = peer,
                node = me
            )
        });
    }
    if connection.expiries > 0 && connection.state.is_synchronized() {
        verdicts.seen(TIMEOUT, &both, || t!("{node} has waited in vain for {peer}", node = me, peer = peer));
    }
    if connection.receiver.window() == 0 && connection.state == State::Established {
        verdicts.seen(ZERO_WINDOW, &both, || t!("{node} has no room for more", node = me));
    }
    if let Some((first, second)) = blocked(connection, seen.config) {
        verdicts.seen(HEAD_OF_LINE, &both, || {
            t!(
                "Message {second} is at {node}, and waits for message {first} of another stream",
                second = second + 1,
                node = me,
                first = first + 1
            )
        });
    }
    if connection.is_active && connection.state == State::SynReceived {
        verdicts
            .seen(SIMULTANEOUS_OPEN, &both, || t!("The SYNs of {node} and {peer} have met", node = me, peer = peer));
    }
}

/// A whole message that waits for one of another stream: the numbers of both, the missing one first.
pub fn blocked(connection: &Connection, config: &Config) -> Option<(u64, u64)> {
    let receiver = &connection.receiver;
    let message = u64::from(MESSAGE);
    let missing = u64::from(receiver.next.past(receiver.irs.plus(1)));
    let mut blocks: Vec<(u64, u64)> = Vec::new();
    for (_, piece) in &receiver.kept {
        let end = piece.from + u64::from(piece.length);
        match blocks.last_mut().filter(|block| block.1 == piece.from) {
            Some(block) => block.1 = end,
            None => blocks.push((piece.from, end)),
        }
    }
    let whole = |(from, to): (u64, u64)| (from.div_ceil(message)..to / message).collect::<Vec<_>>();
    let mut messages = blocks.into_iter().flat_map(whole);
    let found = messages.find(|number| config.stream(number * message) != config.stream(missing))?;
    Some((missing / message, found))
}
