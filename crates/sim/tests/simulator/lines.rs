//! Links that are different from the others from the start.

use sim::{Delay, Director, Input, NodeId, Settings, Trouble, Value};

use crate::echo::EchoLab;

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N3: NodeId = NodeId(2);

fn director() -> Director<EchoLab> {
    Director::new(Settings::default().with("far", Value::Integer(200)), 1).expect("settings of the lab")
}

/// How long each message under way takes from one node to another.
fn delays_us(director: &Director<EchoLab>, from: NodeId, to: NodeId) -> Vec<u64> {
    let messages = director.world().messages().filter(|message| (message.from, message.to) == (from, to));
    messages.map(|message| message.arrives_at_us - message.sent_at_us).collect()
}

#[test]
fn one_direction_has_a_delay_and_troubles_of_its_own() {
    let mut director = director();
    director.run(100);
    let far = delays_us(&director, N1, N2);
    assert!(far.len() > 2 && far.iter().all(|us| *us == 200_000), "{far:?}");
    let ids: Vec<_> = director.messages(|from, to, _| (from, to) == (N1, N2));
    assert_eq!(ids.len() % 2, 0, "each message goes twice: {ids:?}");
    for (from, to) in [(N2, N1), (N1, N3), (N2, N3)] {
        assert!(delays_us(&director, from, to).iter().all(|us| *us <= 4_000));
    }
}

#[test]
fn a_setting_moves_it_and_what_a_person_has_set_stays() {
    let mut director = director();
    director.run(20);
    let far = |ms| Input::Set { name: "far".to_string(), value: Value::Integer(ms) };
    director.act(far(300));
    let delay = |director: &Director<EchoLab>| director.world().network().link(N1, N2).delay;
    assert_eq!(delay(&director), Delay::Constant { us: 300_000 });
    director.act(Input::SetTrouble { from: N1, to: N2, trouble: Trouble::Loss, ppm: 5 });
    director.act(Input::SetDelay { from: N1, to: N2, delay: Delay::Constant { us: 7 } });
    director.act(far(0));
    let link = director.world().network().link(N1, N2).clone();
    assert_eq!((link.delay, link.troubles.loss_ppm, link.troubles.duplication_ppm), (Delay::Constant { us: 7 }, 5, 0));
    // A link that nobody has used or changed becomes one of its own, too.
    director.act(far(400));
    assert_eq!(director.world().network().link(N1, N2).troubles.duplication_ppm, 1_000_000);
    assert_eq!(director.finish().2, []);
}
