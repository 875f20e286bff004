//! The scenarios come to what their sentences say, and the experiments to what is published.

use sim::{Experiments, NodeId, World};

use super::super::client::{Verdict, Why};
use super::super::{Config, Tls, TlsNode};
use super::LAB;

const C1: NodeId = NodeId(0);
const C2: NodeId = NodeId(1);

/// The world so many events after the opening moment of a scenario.
fn world(scenario: &str, after: u64) -> World {
    let mut world = LAB.prepare(scenario).unwrap().world;
    for _ in 0..after {
        world.step();
    }
    world
}

fn verdict(world: &World, client: NodeId) -> Option<Verdict> {
    let client = world.of::<Tls>().nodes().state(client).and_then(TlsNode::client);
    client.and_then(|client| client.ended.back()).map(|ended| ended.verdict)
}

fn read(world: &World) -> usize {
    let mallory = world.of::<Tls>().nodes().state(Config::MALLORY).and_then(TlsNode::mallory);
    mallory.unwrap().knowledge.learned().len()
}

/// RFC 9525, section 6: one event later the client has looked at the name, and it is over.
#[test]
fn mallory_has_a_secret_with_both_and_one_look_ends_it() {
    assert_eq!(verdict(&world("man-in-the-middle", 0), C1), None);
    let after = world("man-in-the-middle", 1);
    assert_eq!((verdict(&after, C1), read(&after)), (Some(Verdict::Refused(Why::Name)), 0));
}

/// CVE-2014-1266: without the signature the certificate says nothing.
#[test]
fn without_the_signature_anybody_can_show_the_certificate() {
    let after = world("goto-fail", 40);
    assert_eq!((verdict(&after, C1), read(&after)), (Some(Verdict::Answered), 3));
}

#[test]
fn a_false_certificate_of_a_trusted_authority_passes_every_look() {
    let after = world("diginotar", 40);
    assert_eq!((verdict(&after, C1), read(&after)), (Some(Verdict::Answered), 3));
}

/// RFC 8446, section 8: a server does not see what was used at the other one.
#[test]
fn one_purchase_is_carried_out_at_both_servers() {
    let after = world("bought-twice", 100);
    let posts: Vec<usize> = after
        .of::<Tls>()
        .config()
        .servers()
        .map(|server| after.of::<Tls>().nodes().disk(server).server.posts.len())
        .collect();
    assert_eq!(posts, [1, 1]);
}

#[test]
fn one_finds_it_expired_and_the_other_not_yet_valid() {
    assert_eq!(verdict(&world("expired", 0), C1), Some(Verdict::Refused(Why::Expired)));
    assert_eq!(verdict(&world("expired", 1), C2), Some(Verdict::Refused(Why::NotYetValid)));
}

/// Appendix E.1: what one share for all costs.
#[test]
fn the_past_opens_with_the_stolen_share() {
    assert_eq!(read(&world("recorded-for-later", 0)), 0);
    assert_eq!(read(&world("recorded-for-later", 1)), 3);
}

/// Section 2 and section 8.
#[test]
fn what_is_measured_is_what_is_published() {
    for experiment in Tls::experiments() {
        let report = (experiment.measure)(&sim::Settings::default(), experiment.runs, 1).unwrap();
        assert_eq!(report.metrics.len(), 3);
        for metric in report.metrics {
            assert_eq!(Some(metric.millionths), metric.published_millionths, "{}: {}", experiment.name, metric.name);
        }
    }
}
