//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::RaftMembers;
use crate::raft::staging::{candidates, leader, put, put_and_wait, run_until_message, server};
use crate::raft::{Message, Timer};

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);
const S4: NodeId = NodeId(3);
const S5: NodeId = NodeId(4);

/// Seeds for which S1, S2 or S3 is elected first, whatever the other settings of these scenarios.
const S1_FIRST: u64 = 12;
const S2_FIRST: u64 = 25;
const S3_FIRST: u64 = 29;
/// One for which S3 is elected first, and by chance S2 is not elected for long once the link is dead: S2 is heard by all.
const RESTLESS: u64 = 144;

impl Scenarios for RaftMembers {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<RaftMembers>> {
        vec![
            Prepared {
                name: "figure-10",
                title: t!("Three become five in one step"),
                summary: t!(
                    "S3 leads three servers and has made them five. S1 and S2 are cut off and do not know: they are two of three. S3, S4 and S5 are three of five."
                ),
                seed: S3_FIRST,
                settings: [by_hand(3, 2), vec![("membership", word("direct")), ("new_servers", word("vote"))]].concat(),
                sight: Sight::STAGE,
                direct: grow_behind_a_cut,
                expect: vec![("two-leaders", Outcome::NotSeen)],
            },
            Prepared {
                name: "figure-11",
                title: t!("Three become five by way of both"),
                summary: t!(
                    "The same cut, but S3 goes through a configuration in which both hold: it needs two of the old three and three of the five. It has only itself of the old ones."
                ),
                seed: S3_FIRST,
                settings: [by_hand(3, 2), vec![("membership", word("joint")), ("new_servers", word("vote"))]].concat(),
                sight: Sight::STAGE,
                direct: grow_behind_a_cut,
                expect: vec![("two-leaders", Outcome::NotSeen), ("leader-completeness", Outcome::Kept)],
            },
            Prepared {
                name: "two-changes",
                title: t!("Two leaders, two changes"),
                summary: t!(
                    "S1 led term 1 and has added S5; only the two of them know. S2 leads term 2 now, and wants to remove S1. It may not yet: of its own term nothing is committed."
                ),
                seed: S1_FIRST,
                settings: of_2015(),
                sight: Sight::STAGE,
                direct: |director| {
                    add_behind_a_cut(director);
                    director.operate(S2, "remove", &[word("S1")]);
                },
                expect: vec![("leader-completeness", Outcome::Kept)],
            },
            Prepared {
                name: "two-changes-broken",
                title: t!("The same without the rule of 2015"),
                summary: t!(
                    "S2 has removed S1 at once, and S3 has confirmed it: two of three. S1 does not know. With S4 and S5 it is three of the five that it knows, and it asks for their votes."
                ),
                seed: S1_FIRST,
                settings: [of_2015(), vec![("current_term_first", Value::Flag(false))]].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    add_behind_a_cut(director);
                    director.operate(S2, "remove", &[word("S1")]);
                    director.run_until(|world| server(world, S2).is_some_and(|server| server.commit_index >= 3));
                    director.act(Input::HealAll);
                    director.act(Input::Split(vec![vec![S2, S3], vec![S1, S4, S5]]));
                    director.run_until(|world| server(world, S1).is_some_and(|server| !server.is_leader()));
                    hurry(director, S1);
                },
                expect: vec![("leader-completeness", Outcome::Kept)],
            },
            Prepared {
                name: "cloudflare-2020",
                title: t!("One bad link"),
                summary: t!(
                    "S3 leads, and the link between S1 and S3 is dead. S1 hears no leader, and asks for votes in a new term. S2 goes over to the higher term, and tells S3. What comes of that?"
                ),
                seed: RESTLESS,
                settings: [busy(3), rash()].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S3);
                    run_until_have(director, &[S1, S2, S3], 2);
                    part(director, S1, S3);
                    director.run_until(|world| candidates(world).any(|id| id == S1));
                },
                expect: vec![("no-needless-election", Outcome::Kept), ("two-leaders", Outcome::NotSeen)],
            },
            Prepared {
                name: "asked-first",
                title: t!("One bad link, and a question first"),
                summary: t!(
                    "The same dead link, but a server asks first whether it would be elected. S2 hears from S3 all the time, and says no."
                ),
                seed: S3_FIRST,
                settings: busy(3),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S3);
                    run_until_have(director, &[S1, S2, S3], 2);
                    part(director, S1, S3);
                    run_until_message(director, |message| matches!(message, Message::PreVote { granted: false, .. }));
                },
                expect: vec![("no-needless-election", Outcome::Kept), ("members-agree", Outcome::Waiting)],
            },
            Prepared {
                name: "five-in-part",
                title: t!("A majority that is connected, and no peace"),
                summary: t!(
                    "S1, S2 and S3 reach each other. S4 reaches only S2, and S5 only S3. A majority is connected, and still no leader lasts: whoever does not hear it stands."
                ),
                seed: S2_FIRST,
                settings: [busy(5), rash()].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S2);
                    run_until_have(director, &[S1, S2, S3, S4, S5], 2);
                    for (a, b) in [(S4, S1), (S4, S3), (S4, S5), (S5, S1), (S5, S2)] {
                        part(director, a, b);
                    }
                    director.run_until(|world| candidates(world).any(|id| id == S5));
                },
                expect: vec![("no-needless-election", Outcome::Kept)],
            },
            Prepared {
                name: "removed-and-restless",
                title: t!("Removed, and restless"),
                summary: t!(
                    "S4 was removed. Nobody tells it, and nobody sends it heartbeats any more. So it stands for election, again and again, with higher and higher terms."
                ),
                seed: S1_FIRST,
                settings: [by_hand(4, 0), rash()].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    run_until_have(director, &[S1, S2, S3, S4], 1);
                    director.operate(S1, "remove", &[word("S4")]);
                    run_until_have(director, &[S1, S2, S3], 2);
                    director.run_until(|world| candidates(world).any(|id| id == S4));
                },
                expect: vec![("deposed-by-outsider", Outcome::NotSeen), ("no-needless-election", Outcome::Kept)],
            },
            Prepared {
                name: "hand-over",
                title: t!("Handing over"),
                summary: t!(
                    "S1 leads and is to be shut down. It has sent S2 all that it has, takes no commands any more, and tells S2 to stand at once. Nobody has to wait for a timer."
                ),
                seed: S1_FIRST,
                settings: by_hand(4, 0),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    put_and_wait(director, client_of(4), "x", "1");
                    run_until_have(director, &[S1, S2, S3, S4], 2);
                    director.operate(S1, "transfer", &[word("S2")]);
                    put(director, client_of(4), "x", "2");
                    run_until_message(director, |message| matches!(message, Message::TimeoutNow { .. }));
                },
                expect: vec![("transferred", Outcome::NotSeen)],
            },
            Prepared {
                name: "deaf-leader",
                title: t!("A leader that hears nothing"),
                summary: t!(
                    "S1 leads, and nothing that others send it arrives. They hear its heartbeats, so nobody stands. S1 goes on to lead, and can commit nothing: x=2 waits."
                ),
                seed: S1_FIRST,
                settings: [by_hand(3, 0), vec![("check_quorum", Value::Flag(false))]].concat(),
                sight: Sight::STAGE,
                direct: deafen_the_leader,
                expect: vec![("stepped-down", Outcome::NotSeen), ("members-agree", Outcome::Reached)],
            },
            Prepared {
                name: "deaf-leader-mended",
                title: t!("A leader that counts its answers"),
                summary: t!(
                    "The same deaf leader, but it counts after each election timeout who has answered. Nobody has: in a moment it gives up, and the others can elect a new one."
                ),
                seed: S1_FIRST,
                settings: by_hand(3, 0),
                sight: Sight::STAGE,
                direct: deafen_the_leader,
                expect: vec![("stepped-down", Outcome::NotSeen)],
            },
            Prepared {
                name: "new-server",
                title: t!("A new server learns first"),
                summary: t!(
                    "S5 is new and empty. It is sent the whole log and counts for nothing meanwhile. Once it has caught up, the leader gives it a vote."
                ),
                seed: S1_FIRST,
                settings: by_hand(4, 1),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    for (key, value) in [("x", "1"), ("y", "2"), ("x", "3"), ("y", "4")] {
                        put_and_wait(director, client_of(5), key, value);
                    }
                    director.operate(S1, "add", &[word("S5")]);
                    director.run_until(|world| server(world, S5).is_some_and(|server| server.log.last_index() > 0));
                },
                expect: vec![("leader-completeness", Outcome::Kept), ("members-agree", Outcome::Reached)],
            },
            Prepared {
                name: "empty-server",
                title: t!("A new server that votes at once"),
                summary: t!(
                    "S3 is down, and S4 has been added as a voter at once. Now three of four are needed, and S4 has next to nothing yet. So x=9 waits until S4 has caught up."
                ),
                seed: S1_FIRST,
                settings: [by_hand(3, 1), vec![("new_servers", word("vote")), ("entries_a_message", number(1))]]
                    .concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    for value in ["1", "2", "3", "4", "5", "6"] {
                        put_and_wait(director, client_of(4), "x", value);
                    }
                    director.act(Input::Crash(S3));
                    director.operate(S1, "add", &[word("S4")]);
                    put(director, client_of(4), "x", "9");
                    director.run_until(|world| server(world, S4).is_some_and(|server| server.log.last_index() >= 2));
                },
                expect: vec![("leader-completeness", Outcome::Kept), ("members-agree", Outcome::Waiting)],
            },
            Prepared {
                name: "learner-votes",
                title: t!("A vote that it does not know of"),
                summary: t!(
                    "S4 was given a vote, and that entry has not reached it: it takes itself for a learner. S1 has crashed. Three of four are needed, so S2 needs the vote of S4."
                ),
                seed: S1_FIRST,
                settings: [by_hand(3, 1), vec![("new_servers", word("learn"))]].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    run_until_have(director, &[S1, S2, S3], 1);
                    director.operate(S1, "add", &[word("S4")]);
                    run_until_have(director, &[S1, S2, S3, S4], 2);
                    director.act(Input::Cut { from: S1, to: S4 });
                    director.operate(S1, "promote", &[word("S4")]);
                    run_until_have(director, &[S1, S2, S3], 3);
                    director.act(Input::Crash(S1));
                    director.act(Input::HealAll);
                    director.run_until(|world| candidates(world).next().is_some());
                },
                expect: vec![("learner-voted", Outcome::NotSeen)],
            },
            Prepared {
                name: "forget-leader",
                title: t!("Told to forget"),
                summary: t!(
                    "S1 crashed just now, and somebody knows it. S3 and S4 heard from it a moment ago and would refuse anybody. They were told to forget it, and S2 asks already."
                ),
                seed: S1_FIRST,
                settings: by_hand(4, 0),
                sight: Sight::STAGE,
                direct: |director| {
                    lead(director, S1);
                    run_until_have(director, &[S1, S2, S3, S4], 1);
                    director.act(Input::Crash(S1));
                    for node in [S2, S3, S4] {
                        director.operate(node, "forget", &[]);
                    }
                    hurry(director, S2);
                },
                expect: vec![("no-needless-election", Outcome::Kept), ("members-agree", Outcome::Waiting)],
            },
        ]
    }
}

/// So many servers that vote and so many spare ones, a client, and all by hand.
fn by_hand(servers: i64, spares: i64) -> Vec<(&'static str, Value)> {
    vec![("servers", number(servers)), ("spares", number(spares)), ("workload_ms", number(0)), ("change_ms", number(0))]
}

/// So many servers, all of which vote, and a client that is at work.
fn busy(servers: i64) -> Vec<(&'static str, Value)> {
    vec![("servers", number(servers)), ("spares", number(0)), ("change_ms", number(0))]
}

/// Nobody asks first, and leaders do not count answers: Raft as the paper has it.
fn rash() -> Vec<(&'static str, Value)> {
    vec![("pre_vote", Value::Flag(false)), ("check_quorum", Value::Flag(false))]
}

/// Four servers and a spare one, as in the case of 2015.
fn of_2015() -> Vec<(&'static str, Value)> {
    [by_hand(4, 1), rash(), vec![("new_servers", word("vote"))]].concat()
}

/// The first client, behind so many servers.
fn client_of(servers: u16) -> NodeId {
    NodeId(servers)
}

/// Runs until this server leads. The seeds are such that it is elected first.
fn lead(director: &mut Director<RaftMembers>, id: NodeId) {
    director.run_until(|world| leader(world) == Some(id));
}

/// Runs until these servers know that the log is committed up to here.
fn run_until_have(director: &mut Director<RaftMembers>, servers: &[NodeId], index: u64) {
    let has =
        |world: WorldOf<'_, RaftMembers>, id| server(world, id).is_some_and(|server| server.commit_index >= index);
    director.run_until(|world| servers.iter().all(|id| has(world, *id)));
}

/// Cuts the link between two servers in both directions.
fn part(director: &mut Director<RaftMembers>, a: NodeId, b: NodeId) {
    director.act(Input::Cut { from: a, to: b });
    director.act(Input::Cut { from: b, to: a });
}

/// Lets the election timer of a server run out now.
fn hurry(director: &mut Director<RaftMembers>, node: NodeId) {
    let timer = director.world().nodes().timers(node).find(|set| set.timer == Timer::Election).map(|set| set.id);
    if let Some(timer) = timer {
        director.act(Input::FireTimer { node, timer });
    }
}

/// S3 leads S1 to S3, is cut off from the others with S4 and S5, and makes all five members. S1 or S2 stands.
fn grow_behind_a_cut(director: &mut Director<RaftMembers>) {
    lead(director, S3);
    put_and_wait(director, client_of(5), "x", "1");
    run_until_have(director, &[S1, S2, S3], 2);
    director.act(Input::Split(vec![vec![S1, S2, client_of(5)], vec![S3, S4, S5]]));
    director.operate(S3, "members", &[word("S1 S2 S3 S4 S5")]);
    director.run_until(|world| candidates(world).any(|id| id < S3));
}

/// S1 leads term 1 and adds S5, of which only the two of them know. S2 leads term 2, and S4 has nothing of it.
fn add_behind_a_cut(director: &mut Director<RaftMembers>) {
    lead(director, S1);
    run_until_have(director, &[S1, S2, S3, S4], 1);
    director.act(Input::Split(vec![vec![S1, S5], vec![S2, S3, S4]]));
    director.operate(S1, "add", &[word("S5")]);
    director.run_until(|world| server(world, S5).is_some_and(|server| server.log.last_index() == 2));
    hurry(director, S2);
    director.run_until(|world| leader(world) == Some(S2));
    part(director, S2, S4);
}

/// S1 leads three servers, nothing that is sent to it arrives, and a client has written x=2.
fn deafen_the_leader(director: &mut Director<RaftMembers>) {
    let client = client_of(3);
    lead(director, S1);
    put_and_wait(director, client, "x", "1");
    run_until_have(director, &[S1, S2, S3], 2);
    put(director, client, "x", "2");
    director.run_until(|world| server(world, S1).is_some_and(|server| server.log.last_index() == 3));
    for other in [S2, S3] {
        director.act(Input::Cut { from: other, to: S1 });
    }
    let has =
        |world: WorldOf<'_, RaftMembers>, id| server(world, id).is_some_and(|server| server.log.last_index() == 3);
    director.run_until(|world| has(world, S2) && has(world, S3));
}
