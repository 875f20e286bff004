//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Director, Input, MessageId, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::connection::{Connection, State};
use super::segment::Segment;
use super::{A, B, R, Tcp};

impl Scenarios for Tcp {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Tcp>> {
        let mut scenarios = vec![one_loss()];
        scenarios.extend(beginnings());
        scenarios.extend(streams());
        scenarios.push(who_waits());
        scenarios
    }
}

fn one_loss() -> Prepared<Tcp> {
    Prepared {
        name: "one-loss",
        title: t!("One segment is lost"),
        summary: t!(
            "A sends 12 segments to B through the router R, and one of them, “5001:6001”, was lost. Each one that comes after it makes B say again what it waits for: what will A do at the third time?"
        ),
        seed: 1,
        settings: calm(vec![("transfer", number(12)), ("buffer", number(32)), ("queue", number(20))]),
        sight: Sight::LANES,
        direct: |director| {
            let lost = |segment: &Segment| offset(segment) == Some(5_000);
            drop_first(director, R, B, lost);
            under_way(director, B, R, |segment| segment.marks.repeats == 2);
        },
        expect: vec![("fast-retransmit", Outcome::NotSeen), ("prefix", Outcome::Kept)],
    }
}

/// Those about how connections begin.
fn beginnings() -> Vec<Prepared<Tcp>> {
    vec![
        Prepared {
            name: "old-duplicate-syn",
            title: t!("An old SYN comes first"),
            summary: t!(
                "A has opened, given up and opened again, and its first SYN, late by now, has overtaken the second one. B takes it for a wish and answers it. How does A keep B from a connection that nobody wants?"
            ),
            seed: 2,
            settings: calm(vec![("transfer", number(0))]),
            sight: Sight::LANES,
            direct: |director| {
                director.run_until_us(200_000);
                director.operate(A, "open", &[]);
                let old = under_way(director, R, B, |segment| segment.syn);
                old.into_iter().for_each(|message| director.act(Input::Hold(message)));
                director.operate(A, "abort", &[]);
                director.run_for_us(60_000);
                director.operate(A, "open", &[]);
                director.run_for_us(20_000);
                let new = director.messages(|from, to, segment| (from, to) == (R, B) && segment.syn);
                let new = new.into_iter().rfind(|message| Some(*message) != old);
                new.into_iter().for_each(|message| director.act(Input::Delay { message, by_us: 180_000 }));
                old.into_iter().for_each(|message| director.act(Input::Release(message)));
                under_way(director, R, A, |segment| segment.syn);
            },
            expect: vec![("no-ghost", Outcome::Kept)],
        },
        Prepared {
            name: "half-open",
            title: t!("One end has forgotten"),
            summary: t!(
                "A and B were connected, and A was started anew: it knows nothing of that. B does not notice, for an idle connection sends nothing. Now A opens again: its SYN is under way."
            ),
            seed: 3,
            settings: calm(vec![("transfer", number(0))]),
            sight: Sight::LANES,
            direct: |director| {
                director.run_until_us(200_000);
                director.operate(A, "open", &[]);
                director.run_until(|world| state(world, A) == Some(State::Established));
                director.operate(A, "write", &[number(2)]);
                director.run_for_us(400_000);
                director.act(Input::Crash(A));
                director.act(Input::Restart(A));
                director.run_for_us(200_000);
                director.operate(A, "open", &[]);
                under_way(director, R, B, |segment| segment.syn);
            },
            expect: vec![("half-open", Outcome::Seen), ("true-resets", Outcome::Kept)],
        },
        Prepared {
            name: "collapse-1986",
            title: t!("The collapse of 1986"),
            summary: t!(
                "A and A2 send as TCP did before 1988: all that B has room for, and all of it again when a timer runs out. The queue drops most of it, and a tenth of the line is used. Now choose NewReno as congestion control."
            ),
            seed: 4,
            settings: calm(collapse()),
            sight: Sight::CHARTS.in_real_time(),
            direct: |director| director.run_until_us(20_000_000),
            expect: vec![("queue-full", Outcome::Seen), ("timeout", Outcome::Seen)],
        },
    ]
}

/// The settings of the collapse.
fn collapse() -> Vec<(&'static str, Value)> {
    vec![
        ("algorithm", word("none")),
        ("timeout", word("twice")),
        ("senders", number(2)),
        ("transfer", number(64)),
        ("buffer", number(32)),
        ("queue", number(5)),
        ("rate", number(20)),
    ]
}

/// Those about the stream.
fn streams() -> Vec<Prepared<Tcp>> {
    vec![
        Prepared {
            name: "reader-asleep",
            title: t!("No room, and the good news was lost"),
            summary: t!(
                "The application of B had stopped reading, so its window was 0. It has read on, and B has told A that there is room: that segment was lost. Both wait now. Who speaks first?"
            ),
            seed: 5,
            settings: calm(vec![("transfer", number(12)), ("buffer", number(4))]),
            sight: Sight::LANES,
            direct: |director| {
                director.run_until_us(50_000);
                director.operate(B, "stop-reading", &[]);
                director.run_until(|world| {
                    first(world, A).is_some_and(|connection| {
                        connection.sender.window == 0 && connection.state == State::Established
                    })
                });
                director.run_for_us(100_000);
                director.operate(B, "read-on", &[]);
                drop_first(director, B, R, |_| true);
            },
            expect: vec![("zero-window", Outcome::Seen), ("window-kept", Outcome::Kept)],
        },
        Prepared {
            name: "head-of-line",
            title: t!("Message 2 is there, and waits"),
            summary: t!(
                "A writes messages of two streams in turn, and message 1 was lost. Message 2 has nothing to do with it and is at B, but one connection keeps one order: its reader gets nothing."
            ),
            seed: 6,
            settings: calm(vec![("transfer", number(8)), ("streams", number(2))]),
            sight: Sight::PANELS,
            direct: |director| {
                drop_first(director, R, B, |segment| offset(segment) == Some(0));
                director.run_until(|world| {
                    world
                        .nodes()
                        .state(B)
                        .and_then(|host| host.with(A))
                        .is_some_and(|connection| !connection.receiver.kept.is_empty())
                });
            },
            expect: vec![("head-of-line", Outcome::Seen), ("prefix", Outcome::Kept)],
        },
    ]
}

fn who_waits() -> Prepared<Tcp> {
    Prepared {
        name: "who-waits",
        title: t!("Who waits after the end"),
        summary: t!(
            "Both have closed, and all has arrived. A closed first, so A waits in TIME-WAIT for twice the life of a segment: its last acknowledgment was just lost, and B does not know yet."
        ),
        seed: 7,
        settings: calm(vec![("transfer", number(2))]),
        sight: Sight::LANES,
        direct: |director| {
            director.run_until(|world| state(world, A) == Some(State::TimeWait));
            drop_first(director, R, B, |_| true);
        },
        expect: vec![("last-ack", Outcome::Kept)],
    }
}

/// A network without troubles, and an application that reads at once, but for these.
pub(super) fn calm(changes: Vec<(&'static str, Value)>) -> Vec<(&'static str, Value)> {
    let calm = [
        ("jitter_ms", number(0)),
        ("loss_percent", number(0)),
        ("copies_percent", number(0)),
        ("reordering_percent", number(0)),
        ("damage_percent", number(0)),
        ("streams", number(1)),
        ("read_rate", number(0)),
    ];
    let kept = calm.into_iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    kept.chain(changes.iter().cloned()).collect()
}

/// Where the data of a segment begins in its stream.
fn offset(segment: &Segment) -> Option<u64> {
    segment.data.map(|data| data.from)
}

/// The first connection of a node.
pub(super) fn first(world: WorldOf<'_, Tcp>, node: NodeId) -> Option<&Connection> {
    world.nodes().state(node)?.first()
}

/// The state of that.
pub(super) fn state(world: WorldOf<'_, Tcp>, node: NodeId) -> Option<State> {
    first(world, node).map(|connection| connection.state)
}

/// Runs until such a segment is under way from one node to another, and returns it.
fn under_way(
    director: &mut Director<Tcp>,
    from: NodeId,
    to: NodeId,
    is_meant: fn(&Segment) -> bool,
) -> Option<MessageId> {
    director.run_until(|world| {
        world.messages().any(|message| (message.from, message.to) == (from, to) && is_meant(message.payload))
    });
    director.messages(|known_from, known_to, segment| (known_from, known_to) == (from, to) && is_meant(segment)).pop()
}

/// Runs until such a segment is under way, and drops it.
fn drop_first(director: &mut Director<Tcp>, from: NodeId, to: NodeId, is_meant: fn(&Segment) -> bool) {
    let message = under_way(director, from, to, is_meant);
    message.into_iter().for_each(|message| director.act(Input::Drop(message)));
}
