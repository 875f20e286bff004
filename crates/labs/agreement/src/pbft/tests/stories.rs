//! The scenarios tip as they say.

use super::*;
use sim::check::Outcome;
use sim::frame::Frame;
use sim::{LabSession, Of, Work};

/// The outcomes of these checks, so many events after the opening of a scenario.
fn after(name: &str, events: u64, checks: &[&str]) -> (Vec<Outcome>, Frame) {
    let mut work = Work::new(Of::<Pbft>::LAB).expect("the lab");
    work.open(name).expect("the scenario");
    let cursor = work.scenario().cursor;
    work.seek(cursor + events);
    let frame = work.frame();
    let of = |check: &&str| frame.checks.iter().find(|row| row.name == *check).map(|row| row.outcome).expect("a check");
    (checks.iter().map(of).collect(), frame)
}

fn tags(frame: &Frame) -> Vec<String> {
    frame.nodes.iter().filter_map(|node| node.tag.as_ref()).map(ToString::to_string).collect()
}

#[test]
fn each_scenario_tips() {
    use Outcome::{Broken, Kept, NotSeen, Seen, Waiting};
    let checks = ["same-order", "view-changed"];
    let (outcomes, frame) = after("one-request", 60, &checks);
    assert_eq!((outcomes, tags(&frame)), (vec![Kept, NotSeen], vec!["x=3 is done".to_string()]));
    assert_eq!(after("silent-primary", 150, &checks).0, [Kept, Seen]);
    let (outcomes, frame) = after("two-faced-primary", 400, &checks);
    assert_eq!(
        (outcomes, tags(&frame)[1..].to_vec()),
        (vec![Kept, Seen], vec!["x=1 is done".into(), "y=2 is done".to_string()])
    );
    assert_eq!(after("three-replicas", 400, &["same-order", "answered"]).0, [Kept, Waiting]);
    assert_eq!(after("quorums-of-two", 40, &checks).0, [Broken, NotSeen]);
    assert_eq!(after("liar-at-the-client", 30, &["fooled", "linearizable"]).0, [Seen, Broken]);
    assert_eq!(after("prepared-is-not-enough", 100, &checks).0, [Broken, Seen]);
    assert_eq!(after("false-new-view", 200, &checks).0, [Kept, Seen]);
    let (_, frame) = after("checkpoint", 30, &checks);
    let stable =
        frame.nodes[0].fields.iter().find(|field| field.name.to_string().starts_with("stable")).expect("a field");
    assert_eq!(stable.value.to_string(), "8");
}
