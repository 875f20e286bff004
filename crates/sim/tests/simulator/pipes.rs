//! Links down which only so much goes at once.

use sim::{AnyLab, Director, Input, LabSession, NodeId, Of, Settings, Value};

use crate::echo::EchoLab;

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);

/// A ping of 100 bytes every 10 ms from N1 to N2, and so many bytes a second go down, with so many places to wait.
fn director(rate: i64, places: i64) -> Director<EchoLab> {
    let settings = Settings::default().with("rate", Value::Integer(rate)).with("places", Value::Integer(places));
    Director::new(settings, 1).expect("settings of the lab")
}

/// When the messages under way from N1 to N2 were sent, have gone down and arrive, in milliseconds.
fn times_ms(director: &Director<EchoLab>) -> Vec<[u64; 3]> {
    let messages = director.world().messages().filter(|message| (message.from, message.to) == (N1, N2));
    messages
        .map(|message| [message.sent_at_us, message.leaves_at_us, message.arrives_at_us].map(|us| us / 1_000))
        .collect()
}

#[test]
fn a_message_takes_its_size_by_the_rate_and_then_the_delay() {
    let mut director = director(20_000, 2);
    director.run_until_us(12_000);
    assert_eq!(times_ms(&director), [[10, 15, 25]]);
}

#[test]
fn messages_go_down_one_after_the_other_and_what_finds_no_place_is_dropped() {
    // 25 ms each, and one every 10 ms: the third waits while the second does, the sixth finds both places taken.
    let mut director = director(4_000, 2);
    director.run_until_us(61_000);
    let leaves: Vec<u64> = times_ms(&director).iter().map(|[_, leaves, _]| *leaves).collect();
    assert_eq!(leaves, [60, 85, 110, 135]);
    let link = director.world().network().link(N1, N2).clone();
    assert_eq!((link.waiting(61_000), link.is_busy(61_000), link.dropped), (2, true, 1));
    director.run_until_us(1_010_000);
    let link = director.world().network().link(N1, N2).clone();
    // Of 101 pings 40 have gone down, and three are there.
    assert_eq!((director.world().network().link(N1, N2).waiting(1_010_000), link.dropped), (2, 58));
}

#[test]
fn the_other_direction_and_a_link_without_a_rate_take_all_at_once() {
    let mut director = director(4_000, 0);
    director.run_until_us(40_000);
    let others = director.world().messages().filter(|message| (message.from, message.to) != (N1, N2));
    assert!(others.into_iter().all(|message| message.leaves_at_us == message.sent_at_us));
    assert_eq!(director.world().network().link(N2, N1).waiting(40_000), 0);
}

#[test]
fn a_setting_changes_the_rate_and_a_cut_link_queues_nothing() {
    let mut director = director(4_000, 2);
    director.run_until_us(11_000);
    director.act(Input::Set { name: "rate".to_string(), value: Value::Integer(100_000) });
    director.run_until_us(21_000);
    // What was there keeps its time; what comes now goes down after it, faster.
    assert_eq!(times_ms(&director), [[10, 35, 45], [20, 36, 46]]);
    director.act(Input::Cut { from: N1, to: N2 });
    director.run_until_us(101_000);
    let link = director.world().network().link(N1, N2).clone();
    assert_eq!((link.waiting(101_000), link.is_busy(101_000), link.dropped), (0, false, 0));
}

#[test]
fn a_frame_shows_rate_queue_and_what_was_dropped() {
    let lab: &dyn AnyLab = Of::<EchoLab>::LAB;
    let mut session: Box<dyn LabSession> = lab.open().unwrap();
    let changes = [("rate", 4_000), ("places", 2)].map(|(name, value)| (name.to_string(), Value::Integer(value)));
    session.restart(changes.into(), 1).unwrap();
    while session.frame().lost.is_empty() {
        let next = session.frame().event + 1;
        session.seek(next);
    }
    let frame = session.frame();
    let flow = frame.links[0].forth.flow.expect("the link has a rate");
    assert_eq!(flow.text().to_string(), "4 kB a second, 2 of 2 places taken, 1 dropped");
    assert_eq!(frame.links[0].back.flow, None);
    assert_eq!((frame.lost.len(), frame.at_us), (1, 50_000));
    assert!(frame.caption.weight == sim::frame::Weight::Telling);
}
