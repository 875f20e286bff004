//! Mallory: what she sends she can build, and which look stops which certificate.

use parts::values::{number, word};
use sim::{Director, NodeId, Settings, Value, World};

use super::super::client::{Verdict, Why};
use super::super::scenarios::ask;
use super::super::{Config, Message, Tls, TlsNode};
use super::LAB;

const C1: NodeId = NodeId(0);

/// Dolev and Yao 1983: she sends what she has seen, or what she can build of that. Whatever leaves her, she could build.
#[test]
fn she_sends_only_what_she_can_build() {
    let (mut forged, mut sealed) = (0, 0);
    for seed in 0..40 {
        let settings = Settings::default().with("workload_ms", number(300)).with("tampers", number(200));
        let mut world = World::new(LAB, settings, seed).unwrap();
        for _ in 0..1_500 {
            world.step();
            let world = world.of::<Tls>();
            let Some(mallory) = world.nodes().state(Config::MALLORY).and_then(TlsNode::mallory) else { continue };
            for envelope in world.messages().filter(|envelope| envelope.from == Config::MALLORY) {
                let Message::Packet(packet) = envelope.payload else { continue };
                assert!(packet.terms().all(|term| mallory.knowledge.can_build(term)), "seed {seed}: {packet:?}");
                forged += usize::from(packet.is_forged);
                sealed += usize::from(packet.is_forged && packet.sealed().next().is_some());
            }
        }
    }
    assert!(forged > 500 && sealed > 50, "{forged} forged, {sealed} of them sealed");
}

/// What C1 is told when Mallory stands as both ends in this way.
fn verdict(strategy: &str, off: &[&'static str]) -> Option<Verdict> {
    let settings = Settings::default().with("workload_ms", number(0)).with("mallory", word(strategy));
    let settings = off.iter().fold(settings, |all, rule| all.with(rule, Value::Flag(false)));
    let mut director: Director<Tls> = Director::new(settings, 1).unwrap();
    ask(&mut director, C1, "get");
    director.run_for_us(3_000_000);
    let client = director.world().nodes().state(C1).and_then(TlsNode::client);
    client.and_then(|client| client.ended.back()).map(|ended| ended.verdict)
}

/// RFC 5280, section 6.1.3, RFC 9525, section 6, RFC 8446, section 4.4.3: each look stops another of her certificates, and no look stops
/// one that a trusted authority has signed.
#[test]
fn each_look_stops_another_certificate() {
    for (strategy, why, rule) in [
        ("own-root", Why::Chain, "chain"),
        ("old-certificate", Why::Expired, "dates"),
        ("own-certificate", Why::Name, "name"),
        ("real-certificate", Why::Signature, "signature"),
    ] {
        assert_eq!(verdict(strategy, &[]), Some(Verdict::Refused(why)), "{strategy}");
        assert_eq!(verdict(strategy, &[rule]), Some(Verdict::Answered), "{strategy} without {rule}");
        let others: Vec<&str> =
            ["chain", "dates", "name", "signature"].into_iter().filter(|other| *other != rule).collect();
        assert_eq!(verdict(strategy, &others), Some(Verdict::Refused(why)), "{strategy} with {rule} alone");
    }
    assert_eq!(verdict("trusted-authority", &[]), Some(Verdict::Answered));
}

/// RFC 8446, section 6.1: what is cut off is told to be cut off.
#[test]
fn an_answer_that_is_cut_off_is_no_answer() {
    assert_eq!(verdict("cut-off", &[]), Some(Verdict::CutOff));
    assert_eq!(verdict("cut-off", &["close_notify"]), Some(Verdict::Answered));
    assert_eq!(verdict("passive", &[]), Some(Verdict::Answered));
}
