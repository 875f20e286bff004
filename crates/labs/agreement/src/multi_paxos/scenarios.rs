//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::{LogNode, Message, MultiPaxos, Server};

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);
const S4: NodeId = NodeId(3);
const S5: NodeId = NodeId(4);

impl Scenarios for MultiPaxos {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<MultiPaxos>> {
        vec![
            Prepared {
                name: "leader-crash",
                title: t!("A gap in the log"),
                summary: t!(
                    "S1 led, and has crashed: slots 1, 2 and 4 are chosen, and what it proposed for slot 3 reached nobody. S3 wants to lead and has just asked for promises: what will it do about slot 3?"
                ),
                seed: 1,
                settings: by_hand(3, 2),
                sight: Sight::PANELS,
                direct: |director| {
                    let (c1, c2) = (NodeId(3), NodeId(4));
                    lead(director, S1);
                    put_and_wait(director, c1, "x=1");
                    put_and_wait(director, c1, "x=2");
                    next_heartbeat(director);
                    put(director, c1, "x=3");
                    until_accept(director, 3);
                    lose(director, |_, _, message| is_accept(message, 3));
                    put(director, c2, "y=4");
                    until_accept(director, 4);
                    lose(director, |_, to, message| to == S3 && is_accept(message, 4));
                    until_accepted(director, S2, 4);
                    director.act(Input::Crash(S1));
                    director.run_for_us(20_000);
                    director.operate(S3, "stand", &[]);
                },
                expect: vec![
                    ("agreement", Outcome::Kept),
                    ("gap-filled", Outcome::NotSeen),
                    ("adopted", Outcome::NotSeen),
                    ("decided", Outcome::Waiting),
                ],
            },
            Prepared {
                name: "slot-after-slot",
                title: t!("Slot after slot"),
                summary: t!(
                    "S1 has asked for promises once, and leads. C1 wants x=1: S1 proposes it in slot 1 at once, and the next command in slot 2, without asking for promises again."
                ),
                seed: 2,
                settings: by_hand(5, 2),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    put(director, NodeId(5), "x=1");
                    until_accept(director, 1);
                    put(director, NodeId(6), "y=2");
                },
                expect: vec![("agreement", Outcome::Kept)],
            },
            Prepared {
                name: "figure-8-again",
                title: t!("An old proposal under a new ballot"),
                summary: t!(
                    "S1 proposed x=2 for slot 1, and later S5 proposed x=3 there. Then S1 led again, and proposed x=2 once more, in its new ballot 3.1: S2 and S3 have accepted that. S1 has crashed, and S5 has just asked for promises: which of the two will it be?"
                ),
                seed: 3,
                settings: by_hand(5, 2),
                sight: Sight::PANELS,
                direct: old_under_new,
                expect: vec![("agreement", Outcome::Kept), ("adopted", Outcome::Seen), ("decided", Outcome::Waiting)],
            },
            Prepared {
                name: "two-leaders",
                title: t!("Who still leads?"),
                summary: t!(
                    "S1 led, and is cut off with C1. S2 leads the others with a higher ballot, and has had x=2 chosen. S1 does not know that, and C1 has just asked it for x."
                ),
                seed: 4,
                settings: by_hand(5, 2),
                sight: Sight::STAGE,
                direct: |director| {
                    let (c1, c2) = (NodeId(5), NodeId(6));
                    lead(director, S1);
                    put_and_wait(director, c1, "x=1");
                    next_heartbeat(director);
                    director.act(Input::Split(vec![vec![S1, c1], vec![S2, S3, S4, S5, c2]]));
                    lead(director, S2);
                    put_and_wait(director, c2, "x=2");
                    director.operate(c1, "get", &[word("x")]);
                    director.run_for_us(3_000);
                },
                expect: vec![("two-leaders", Outcome::Seen), ("linearizable", Outcome::Kept)],
            },
            Prepared {
                name: "catch-up",
                title: t!("A server that has missed six slots"),
                summary: t!(
                    "S3 was cut off while six slots were chosen. Its link is back, and the heartbeat of S1 is about to tell it so."
                ),
                seed: 5,
                settings: by_hand(3, 1),
                sight: Sight::PANELS,
                direct: |director| {
                    let c1 = NodeId(3);
                    lead(director, S1);
                    put_and_wait(director, c1, "x=1");
                    next_heartbeat(director);
                    director.act(Input::Split(vec![vec![S1, S2, c1], vec![S3]]));
                    for command in ["x=2", "y=3", "x=4", "y=5", "x=6", "y=7"] {
                        put_and_wait(director, c1, command);
                    }
                    director.act(Input::HealAll);
                    director.run_until(|world| {
                        world.messages().any(|envelope| {
                            envelope.to == S3
                                && matches!(envelope.payload, Message::Heartbeat { chosen_to, .. } if *chosen_to >= 7)
                        })
                    });
                },
                expect: vec![("agreement", Outcome::Kept)],
            },
            Prepared {
                name: "lost-disk",
                title: t!("A server forgets"),
                summary: t!(
                    "x=1 was chosen in slot 1 by S1 and S2. Then S1 crashed, and S2 lost its disk and goes on as if it were new. S3 has just asked for promises, and C2 waits to have x=2 done: nobody is left who remembers slot 1."
                ),
                seed: 6,
                settings: [by_hand(3, 2), vec![("lost_disk", word("votes")), ("retry_ms", number(30))]].concat(),
                sight: Sight::PANELS,
                direct: |director| {
                    let (c1, c2) = (NodeId(3), NodeId(4));
                    lead(director, S1);
                    put(director, c1, "x=1");
                    until_accept(director, 1);
                    lose(director, |_, to, message| to == S3 && is_accept(message, 1));
                    director.run_until(|world| is_idle(world, c1));
                    for input in [Input::Crash(S1), Input::Crash(S2), Input::LoseDisk(S2), Input::Restart(S2)] {
                        director.act(input);
                        director.run_for_us(1_000);
                    }
                    put(director, c2, "x=2");
                    director.operate(S3, "stand", &[]);
                },
                expect: vec![("agreement", Outcome::Kept)],
            },
            Prepared {
                name: "paused-leader",
                title: t!("A leader that stood still"),
                summary: t!(
                    "S1 led under a lease, and has stood still for half a second. Meanwhile the lease ran out, S2 took over, and x=2 is chosen. S1 has just woken up, and C1 asks it for x."
                ),
                seed: 8,
                settings: [by_hand(3, 2), vec![("read_mode", word("lease")), ("lease_ms", number(300))]].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    let (c1, c2) = (NodeId(3), NodeId(4));
                    director.run_for_us(310_000);
                    lead(director, S1);
                    put_and_wait(director, c1, "x=1");
                    next_heartbeat(director);
                    director.act(Input::Pause(S1));
                    director.run_for_us(330_000);
                    lead(director, S2);
                    put_and_wait(director, c2, "x=2");
                    director.operate(c1, "get", &[word("x")]);
                    director.run_for_us(3_000);
                    director.act(Input::Resume(S1));
                },
                expect: vec![("two-leaders", Outcome::Seen), ("linearizable", Outcome::Kept)],
            },
            Prepared {
                name: "at-work",
                title: t!("Two clients at work"),
                summary: t!(
                    "Five servers have just started, and two clients give commands all the time. Watch the first leader come up, and then crash it."
                ),
                seed: 7,
                settings: vec![],
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_until(|world| servers(world).any(|(_, server)| server.ballot().is_some()));
                },
                expect: vec![("decided", Outcome::Waiting)],
            },
        ]
    }
}

/// Figure 8 of the Raft paper with ballots: S1 proposes, S5 proposes, S1 proposes again, S5 asks again.
fn old_under_new(director: &mut Director<MultiPaxos>) {
    let (c1, c2) = (NodeId(5), NodeId(6));
    lead(director, S1);
    put(director, c1, "x=2");
    until_accept(director, 1);
    lose(director, |_, to, message| to != S2 && is_accept(message, 1));
    until_accepted(director, S2, 1);
    for node in [S1, S2, c1] {
        director.act(Input::Crash(node));
    }
    lead(director, S5);
    director.act(Input::Cut { from: c2, to: S1 });
    put(director, c2, "x=3");
    until_accept(director, 1);
    lose(director, |_, _, message| is_accept(message, 1));
    for node in [S5, c2] {
        director.act(Input::Crash(node));
    }
    director.act(Input::HealAll);
    for node in [S1, S2] {
        director.act(Input::Restart(node));
    }
    director.act(Input::Crash(S4));
    director.operate(S1, "stand", &[]);
    until_accept(director, 1);
    until_accepted(director, S2, 1);
    until_accepted(director, S3, 1);
    director.act(Input::Crash(S1));
    for node in [S5, S4] {
        director.act(Input::Restart(node));
    }
    director.run_for_us(15_000);
    director.operate(S5, "stand", &[]);
}

/// Makes a server the leader, and lets all that can hear of it.
fn lead(director: &mut Director<MultiPaxos>, id: NodeId) {
    director.run_for_us(1_000);
    director.operate(id, "stand", &[]);
    director.run_until(|world| server(world, id).is_some_and(|server| server.leadership().is_some()));
    director.run_for_us(13_000);
}

/// Lets all that can hear what is chosen.
fn next_heartbeat(director: &mut Director<MultiPaxos>) {
    director.run_until(|world| {
        world.messages().any(|envelope| {
            let known = servers(world).map(|(_, server)| server.log.chosen_to()).max();
            matches!(envelope.payload, Message::Heartbeat { chosen_to, .. } if Some(*chosen_to) == known)
        })
    });
    director.run_for_us(13_000);
}

/// Has a client put a value: `x=1`.
fn put(director: &mut Director<MultiPaxos>, client: NodeId, command: &str) {
    let (key, value) = command.split_once('=').unwrap_or((command, ""));
    director.operate(client, "put", &[word(key), word(value)]);
}

fn put_and_wait(director: &mut Director<MultiPaxos>, client: NodeId, command: &str) {
    put(director, client, command);
    director.run_until(|world| is_idle(world, client));
}

/// Runs until acceptance is asked for in a slot.
fn until_accept(director: &mut Director<MultiPaxos>, slot: u64) {
    director.run_until(|world| world.messages().any(|envelope| is_accept(envelope.payload, slot)));
}

/// Runs until a server has accepted what a slot was last asked for.
fn until_accepted(director: &mut Director<MultiPaxos>, id: NodeId, slot: u64) {
    director.run_until(|world| {
        let vote = server(world, id).and_then(|server| server.log.accepted(slot));
        let leads = servers(world).find_map(|(_, server)| Some(server.leadership()?.ballot));
        vote.is_some_and(|vote| leads.is_none_or(|ballot| vote.ballot == ballot))
    });
}

fn is_accept(message: &Message, slot: u64) -> bool {
    matches!(message, Message::Accept { slot: other, .. } if *other == slot)
}

/// Loses what is under way and meant.
fn lose(director: &mut Director<MultiPaxos>, is_meant: impl Fn(NodeId, NodeId, &Message) -> bool) {
    for message in director.messages(is_meant) {
        director.act(Input::Drop(message));
    }
}

fn is_idle(world: WorldOf<'_, MultiPaxos>, client: NodeId) -> bool {
    world.nodes().state(client).and_then(LogNode::client).is_some_and(|client| client.open.is_none())
}

fn server(world: WorldOf<'_, MultiPaxos>, id: NodeId) -> Option<&Server> {
    world.nodes().state(id)?.server()
}

fn servers(world: WorldOf<'_, MultiPaxos>) -> impl Iterator<Item = (NodeId, &Server)> {
    world.config().all_servers().filter_map(move |id| Some((id, server(world, id)?)))
}

/// So many servers and clients, where clients do nothing by themselves, and heartbeats are rare.
fn by_hand(servers: i64, clients: i64) -> Vec<(&'static str, Value)> {
    vec![
        ("servers", number(servers)),
        ("clients", number(clients)),
        ("workload_ms", number(0)),
        ("heartbeat_ms", number(100)),
        ("suspect_ms", number(400)),
    ]
}
