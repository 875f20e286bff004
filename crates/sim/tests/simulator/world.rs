//! What the world promises, each promise with a test.

use crate::echo::{Echo, EchoLab, Message};
use sim::frame::{EventKind, Status};
use sim::hunt::Hunt;
use sim::{Delay, Director, Input, LabSession, NodeId, Of, Settings, Timed, Trouble, Until, Value, Work, World};

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);

fn director(seed: u64) -> Director<EchoLab> {
    Director::new(Settings::default(), seed).expect("the defaults are right")
}

fn finish(director: Director<EchoLab>) -> World {
    let (world, _, refusals) = director.finish();
    assert!(refusals.is_empty(), "{refusals:?}");
    world
}

fn state(world: &World, node: NodeId) -> &Echo {
    world.of::<EchoLab>().nodes().state(node).expect("the node runs")
}

#[test]
fn the_same_seed_gives_the_same_run_and_another_seed_another() {
    let digest = |seed| {
        let mut director = director(seed);
        director.run(500);
        finish(director).digest()
    };
    assert_eq!(digest(1), digest(1));
    assert_ne!(digest(1), digest(2));
}

#[test]
fn cutting_one_link_does_not_change_the_delays_of_another() {
    let arrivals = |cut: bool| {
        let mut director = director(3);
        if cut {
            director.act(Input::Cut { from: N1, to: N2 });
        }
        let mut arrivals = Vec::new();
        for _ in 0..200 {
            director.step();
            let pings = director.world().messages().filter(|envelope| (envelope.from, envelope.to) == (N2, N3));
            arrivals.extend(
                pings.filter(|ping| ping.sent_at_us == director.world().now_us()).map(|ping| ping.arrives_at_us),
            );
        }
        arrivals
    };
    let (whole, cut) = (arrivals(false), arrivals(true));
    let common = whole.len().min(cut.len());
    assert!(common > 10);
    assert_eq!(whole[..common], cut[..common]);
}

#[test]
fn a_cut_loses_what_is_under_way_one_way_only() {
    let mut director = director(1);
    director.run_until(|world| world.messages().any(|envelope| (envelope.from, envelope.to) == (N1, N2)));
    director.act(Input::Cut { from: N1, to: N2 });
    assert!(!director.world().messages().any(|envelope| (envelope.from, envelope.to) == (N1, N2)));
    director.run_for_us(200_000);
    assert_eq!(state(&director.world(), N1).answers, 0, "its pings are lost");
    assert!(state(&director.world(), N3).answers > 5, "other links work");
    director.act(Input::Heal { from: N1, to: N2 });
    director.run_for_us(200_000);
    assert!(state(&finish(director), N1).answers > 5);
}

#[test]
fn a_split_cuts_between_groups_and_heals_within() {
    let mut director = director(1);
    director.act(Input::Split(vec![vec![N1], vec![N2, N3]]));
    let parts = |director: &Director<EchoLab>| director.world().network().components(&[N1, N2, N3]);
    assert_eq!(parts(&director), [vec![N1], vec![N2, N3]]);
    director.act(Input::Split(vec![vec![N1, N2], vec![N3]]));
    assert_eq!(parts(&director), [vec![N1, N2], vec![N3]]);
    director.act(Input::HealAll);
    assert_eq!(parts(&director).len(), 1);
    finish(director);
}

#[test]
fn a_crash_keeps_the_disk_and_nothing_else() {
    let mut director = director(1);
    director.run_until(|world| state(&world, N1).answers == 4);
    director.act(Input::Crash(N1));
    assert!(director.world().nodes().state(N1).is_none());
    director.run_for_us(50_000);
    director.act(Input::Restart(N1));
    let world = director.world();
    let restarted = state(&world, N1);
    assert_eq!((restarted.booted_with, restarted.heard.len()), (4, 0));
    director.act(Input::Crash(N1));
    director.act(Input::LoseDisk(N1));
    director.act(Input::Restart(N1));
    assert_eq!(state(&finish(director), N1).booted_with, 0);
}

#[test]
fn a_paused_node_does_nothing_and_then_catches_up() {
    let mut director = director(1);
    director.run_until(|world| world.messages().any(|envelope| envelope.to == N2));
    director.act(Input::Pause(N2));
    let before = state(&director.world(), N2).clone();
    director.run_for_us(100_000);
    assert_eq!(format!("{before:?}"), format!("{:?}", state(&director.world(), N2)));
    let waiting = director.messages(|_, to, _| to == N2).len();
    assert!(waiting > 5, "messages wait for it: {waiting}");
    director.act(Input::Resume(N2));
    director.run_for_us(10_000);
    let world = finish(director);
    assert_eq!(world.nodes().status(N2), Status::Up);
    assert!(state(&world, N1).answers > 5, "it answers all pings at once");
}

#[test]
fn a_fast_clock_makes_timers_short_from_the_moment_it_is_set() {
    let pings = |drift_ppm| {
        let mut director = director(1);
        director.act(Input::SetClockDrift { node: N1, drift_ppm });
        director.run_for_us(300_000);
        state(&finish(director), N1).heard.len()
    };
    let (slow, right, fast) = (pings(-500_000), pings(0), pings(1_000_000));
    assert!(
        (13..=15).contains(&slow) && (28..=30).contains(&right) && (57..=60).contains(&fast),
        "{slow} {right} {fast}"
    );
}

#[test]
fn messages_can_be_delivered_early_held_released_delayed_doubled_and_dropped() {
    let mut director = director(1);
    director.run_until(|world| world.messages().any(|envelope| matches!(envelope.payload, Message::Ping(_))));
    let ping = director.messages(|_, _, message| matches!(message, Message::Ping(_)))[0];
    director.act(Input::Hold(ping));
    director.run_for_us(20_000);
    assert!(director.world().is_held(ping));
    director.act(Input::Release(ping));
    director.act(Input::Delay { message: ping, by_us: 30_000 });
    let arrives_at_us = director.world().messages().find(|envelope| envelope.id == ping).unwrap().arrives_at_us;
    assert_eq!(arrives_at_us, director.world().now_us() + 30_000);
    let before = director.world().messages().count();
    director.act(Input::Duplicate(ping));
    assert_eq!(director.world().messages().count(), before + 1);
    director.act(Input::Deliver(ping));
    assert!(director.world().messages().all(|envelope| envelope.id != ping));
    let other = director.messages(|_, _, _| true)[0];
    director.act(Input::Drop(other));
    assert!(director.world().messages().all(|envelope| envelope.id != other));
    finish(director);
}

/// Wherever it is: under way, held, or waiting for a node that stands still. A protocol that says nothing of damage notices it.
#[test]
fn a_damaged_message_is_thrown_away_when_it_arrives() {
    for place in 0..3 {
        let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
        work.run_until(Until::Telling, 20);
        let (ping, arrives_at_us) =
            work.frame().messages.iter().map(|message| (message.id, message.arrives_at_us)).next().unwrap();
        let (before, after) = match place {
            0 => (vec![], vec![]),
            1 => (vec![Input::Hold(ping)], vec![Input::Release(ping)]),
            _ => (vec![Input::Pause(ping.to)], vec![Input::Resume(ping.to)]),
        };
        before.into_iter().for_each(|input| work.act(input, None).unwrap());
        if place == 2 {
            // It comes to the node that stands still, and waits there.
            work.run_until(Until::Moment(arrives_at_us), 100);
        }
        work.act(Input::Corrupt(ping), None).unwrap();
        assert!(work.frame().caption.headline.to_string().ends_with("is damaged"));
        let again = work.act(Input::Corrupt(ping), None).unwrap_err().to_string();
        assert_eq!(again, "this message is damaged already");
        let is_shown = |frame: sim::frame::Frame| frame.messages.iter().any(|message| message.damaged);
        // Only a visitor sees it.
        assert!(is_shown(work.frame()) && !is_shown(work.known_by(ping.from)));
        after.into_iter().for_each(|input| work.act(input, None).unwrap());
        let event = work.frame().event;
        work.seek(event + 20);
        let told: Vec<String> =
            work.trace(event + 1, event + 20).iter().map(|event| event.caption.headline.to_string()).collect();
        assert!(told.iter().any(|said| said.contains("damaged, and")), "{place}: {told:?}");
    }
}

#[test]
fn an_input_that_makes_no_sense_is_refused_with_a_sentence_and_changes_nothing() {
    let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
    let digest = work.digest();
    let refused = [
        (
            Input::Drop(sim::MessageId { from: N1, to: N2, number: 99_999 }),
            "this message is not under way any more: it has arrived or was lost",
        ),
        (Input::Restart(N1), "N1 is running: crash it first"),
        (Input::Resume(N1), "N1 is not paused"),
        (Input::Heal { from: N1, to: N2 }, "the link from N1 to N2 is not cut"),
        (Input::Cut { from: N1, to: N1 }, "a node has no link to itself"),
        (Input::HealAll, "no link is cut"),
        (Input::Split(vec![vec![N1], vec![N1]]), "a node can be in one group only"),
        (Input::Split(vec![vec![N1, N2]]), "a split needs two groups: put at least one node into each"),
        (Input::Crash(NodeId(7)), "there is no node number 7: this run has 3 nodes, counted from 0"),
        (Input::SetClockDrift { node: N1, drift_ppm: 2_000_000 }, "a clock runs between half and double speed"),
        (
            Input::Set { name: "nodes".into(), value: Value::Integer(4) },
            "Nodes is fixed once a run has begun: start a new run to change it",
        ),
        (Input::Set { name: "beat".into(), value: Value::Integer(0) }, "Beat takes a whole number from 1 to 1000 ms"),
        (
            Input::Set { name: "beet".into(), value: Value::Integer(5) },
            "there is no setting beet; there are: nodes, beat, off, far, rate, places, liars, fast, count-once",
        ),
        (Input::Operate { node: N1, action: "erase".into(), values: vec![] }, "N1 cannot do this: erase"),
        (Input::Operate { node: N1, action: "write".into(), values: vec![] }, "“Write” needs 1 value"),
    ];
    for (input, sentence) in refused {
        assert_eq!(work.act(input, None).unwrap_err().to_string(), sentence);
    }
    assert_eq!(work.digest(), digest);
}

#[test]
fn lossy_doubling_and_damaging_links_do_as_often_as_they_say() {
    let answers = |trouble, ppm| {
        let mut director = director(5);
        director.act(Input::SetTrouble { from: N1, to: N2, trouble, ppm });
        director.run_for_us(10_000_000);
        state(&finish(director), N1).heard.len()
    };
    let whole = answers(Trouble::Loss, 0);
    assert!(whole > 950);
    let (lost, damaged, doubled) = (
        answers(Trouble::Loss, 300_000),
        answers(Trouble::Corruption, 300_000),
        answers(Trouble::Duplication, 300_000),
    );
    assert!((620..=780).contains(&lost), "{lost}");
    assert!((620..=780).contains(&damaged), "{damaged}");
    assert!((1_220..=1_380).contains(&doubled), "{doubled}");
}

#[test]
fn messages_stay_in_order_unless_the_link_reorders() {
    let overtakes = |ppm| {
        let mut director = director(9);
        director.act(Input::Set { name: "beat".into(), value: Value::Integer(1) });
        director.act(Input::SetTrouble { from: N1, to: N2, trouble: Trouble::Reordering, ppm });
        director.act(Input::SetDelay { from: N1, to: N2, delay: Delay::Uniform { least_us: 0, most_us: 20_000 } });
        director.run_for_us(2_000_000);
        let heard = state(&finish(director), N1).heard.clone();
        heard.windows(2).filter(|pair| pair[0] > pair[1]).count()
    };
    assert_eq!(overtakes(0), 0);
    assert!(overtakes(500_000) > 20);
}

#[test]
fn every_event_is_stamped_so_that_causes_come_before_effects() {
    let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
    work.seek(300);
    let events = work.trace(1, 300);
    assert_eq!(events.len(), 300);
    let mut checked = 0;
    for event in &events {
        assert_eq!(event.caption.headline.missing_arguments(), Vec::<&str>::new());
        let Some(cause) = event.causes.first().map(|number| &events[*number as usize - 1]) else { continue };
        let is_before = |a: &[u32], b: &[u32]| a != b && a.iter().zip(b).all(|(a, b)| a <= b);
        assert!(is_before(&cause.vector, &event.vector), "vector time (Mattern 1989)");
        assert!(cause.lamport < event.lamport, "the clock condition (Lamport 1978)");
        if let [message] = event.received.as_slice() {
            assert_eq!((event.kind, Some(message.to)), (EventKind::Delivery, event.node));
            assert!(cause.sent.iter().any(|sent| sent.id == message.id));
            checked += 1;
        }
    }
    assert!(checked > 100);
}

#[test]
fn stepping_back_and_forth_and_replaying_a_scenario_come_to_the_same_moment() {
    let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
    work.act(Input::Crash(N2), None).unwrap();
    work.seek(1_000);
    work.act(Input::Restart(N2), None).unwrap();
    work.seek(5_000);
    let at_end = work.digest();
    let mut digests = Vec::new();
    for event in [4_999, 1_000, 64, 63, 1, 0] {
        assert_eq!(work.seek(event), event);
        digests.push(work.digest());
    }
    for (event, digest) in [0, 1, 63, 64, 1_000, 4_999].into_iter().zip(digests.into_iter().rev()) {
        work.seek(event);
        assert_eq!(work.digest(), digest, "event {event}");
    }
    work.seek(5_000);
    assert_eq!(work.digest(), at_end);
    let scenario = work.scenario();
    let mut other = Work::new(Of::<EchoLab>::LAB).unwrap();
    other.load(&scenario).unwrap();
    assert_eq!(other.digest(), at_end);
}

#[test]
fn a_look_at_other_moments_goes_on_where_the_last_one_ended() {
    let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
    work.seek(1_000);
    let all = work.trace(1, 1_000);
    let numbers: Vec<u64> = all.iter().map(|event| event.number).collect();
    assert_eq!(numbers, (1..=1_000).collect::<Vec<_>>());
    for first in [301, 401, 201, 990] {
        assert_eq!(work.trace(first, first + 99), all[first as usize - 1..(first as usize + 99).min(1_000)]);
    }
    // Acting makes another future.
    work.act(Input::Crash(NodeId(0)), None).unwrap();
    work.seek(1_100);
    assert_eq!(work.trace(1_001, 1_001)[0].status, sim::frame::Status::Crashed);
    assert_eq!(work.inputs().last().map(|timed| timed.after_event), Some(1_000));
}

#[test]
fn an_outline_counts_all_events_and_can_be_taken_in_pieces() {
    let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
    work.seek(500);
    work.act(Input::Crash(NodeId(1)), None).unwrap();
    work.seek(900);
    let whole = work.outline(1, 900).unwrap();
    let mut pieces = work.outline(1, 333).unwrap();
    for (first, last) in [(334, 340), (341, 704), (705, 900)] {
        pieces.append(work.outline(first, last).unwrap());
    }
    assert_eq!(whole, pieces);
    assert_eq!((whole.first(), whole.last()), (1, 900));
    let trace = work.trace(1, 900);
    let counted: u32 = whole.blocks().flat_map(|block| block.counts).map(|count| u32::from(*count)).sum();
    assert_eq!(counted, 900);
    let of_second: u32 = whole.blocks().map(|block| u32::from(block.counts[1])).sum();
    assert_eq!(of_second as usize, trace.iter().filter(|event| event.node == Some(NodeId(1))).count());
    let crash = whole.changes().iter().find(|change| change.condition.status == sim::frame::Status::Crashed).unwrap();
    assert_eq!((crash.node, crash.at_us), (NodeId(1), trace[500].at_us));
    assert!(work.outline(901, 950).is_none());
}

#[test]
fn a_moment_of_virtual_time_is_found_again() {
    let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
    work.seek(2_000);
    let trace = work.trace(1, 2_000);
    let at_us = trace[1_234].at_us;
    let (first, last) = work.enclosing(at_us, at_us);
    assert!(first <= 1_235 && 1_235 <= last && last - first < 200, "{first} {last}");
    assert_eq!(work.enclosing(0, u64::MAX), (1, 2_000));
    let after = trace.iter().take_while(|event| event.at_us <= at_us).count() as u64;
    assert!(work.run_until(Until::Moment(at_us), 10_000));
    assert_eq!(work.frame().event, after);
    assert!(work.run_until(Until::Moment(trace[1_999].at_us), 10_000));
    let frame = work.frame();
    assert!(frame.event >= 2_000 && frame.event == frame.length && frame.at_us == trace[1_999].at_us);
    assert!(!work.run_until(Until::Moment(u64::MAX), 10), "there is more to come than ten events");
}

#[test]
fn acting_in_the_past_makes_a_branch_and_keeps_the_old_one() {
    let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
    work.seek(100);
    let end_of_a = work.digest();
    work.seek(37);
    work.act(Input::Crash(N1), None).unwrap();
    let rows = work.branches();
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[1].letter.as_str(), rows[1].title.to_string().as_str()), ("B", "A@37 + crash N1"));
    assert!(rows[1].selected);
    assert_eq!(work.frame().event, 38);
    work.select_branch(0).unwrap();
    assert_eq!((work.seek(100), work.digest()), (100, end_of_a));
    work.rename_branch(1, "N1 is gone".into()).unwrap();
    work.remove_branch(0).unwrap();
    assert_eq!(work.branches().len(), 1);
    assert_eq!(work.remove_branch(0).unwrap_err().to_string(), "the last branch stays");
    assert_eq!(work.frame().event, 38);
}

#[test]
fn a_frame_says_what_the_last_event_did_and_what_is_next() {
    let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
    assert!(work.run_until(Until::Node(N1), 100));
    work.act(Input::Crash(N2), None).unwrap();
    let frame = work.frame();
    assert_eq!(frame.caption.headline.to_string(), "N2 crashes");
    assert_eq!(frame.nodes[1].status, Status::Crashed);
    assert!(frame.next_at_us.unwrap() >= frame.at_us);
    assert_eq!(frame.checks.len(), 4);
}

#[test]
fn an_input_acts_at_its_own_moment_between_two_events() {
    let mut world = World::new(Of::<EchoLab>::LAB, Settings::default(), 1).unwrap();
    world.step();
    let (now_us, next_us) = (world.now_us(), world.next_at_us().unwrap());
    let at_us = now_us + (next_us - now_us) / 2;
    world.apply(&Timed { after_event: 1, at_us, input: Input::Crash(N1) }).unwrap();
    assert_eq!(world.now_us(), at_us);
    world.apply(&Timed { after_event: 2, at_us: u64::MAX, input: Input::Crash(N2) }).unwrap();
    assert!(world.now_us() <= world.next_at_us().unwrap());
}

#[test]
fn a_hunt_finds_what_a_rule_is_for_and_shortens_it() {
    let sound = Hunt::new(Of::<EchoLab>::LAB, Settings::default());
    assert_eq!(sound.search(0..300, |_| true).unwrap(), None);
    let hunt = sound.without("count-once").unwrap();
    let find = hunt.search(0..300, |_| true).unwrap().expect("some run doubles an answer");
    let find = hunt.shorten(find).unwrap();
    assert_eq!(find.check, "counted-once");
    assert!(find.scenario.inputs.len() <= 2, "{:?}", find.scenario.inputs);
    let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
    work.load(&find.scenario).unwrap();
    assert_eq!(work.frame().checks[0].outcome, sim::Outcome::Broken);
}
