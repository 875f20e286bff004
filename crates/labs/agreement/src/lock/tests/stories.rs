//! What the scenarios come to, and experiments.

use sim::{AnyLab, Experiments, Input, Of, Outcome};

use super::*;

fn outcome(name: &str, events: u64, check: &str) -> Outcome {
    let lab: &'static dyn AnyLab = Of::<Lock>::LAB;
    let mut session = lab.open().expect("the lab");
    session.open(name).expect("a scenario");
    let cursor = session.frame().event;
    session.seek(cursor + events);
    session.frame().checks.into_iter().find(|row| row.name == check).expect("a check").outcome
}

/// Kleppmann 2016, Protecting a resource with a lock, and Making the lock safe with fencing.
#[test]
fn scenarios_tip() {
    for (scenario, check, expected) in [
        ("the-sleeper", "never-oversold", Outcome::Broken),
        ("last-product", "sold-twice", Outcome::Seen),
        ("token-33", "stale-write", Outcome::Seen),
        ("token-33", "never-oversold", Outcome::Kept),
        ("read-between", "never-oversold", Outcome::Broken),
        ("clock-jump", "two-holders", Outcome::Seen),
        ("clock-jump", "sold-twice", Outcome::Seen),
        ("amnesia", "two-holders", Outcome::Seen),
        ("silence", "two-holders", Outcome::NotSeen),
        ("late-write", "sold-twice", Outcome::Seen),
        ("lost-connection", "sold-twice", Outcome::Seen),
        ("someone-elses-lock", "own-release", Outcome::Broken),
    ] {
        assert_eq!(outcome(scenario, 60, check), expected, "{scenario} {check}");
    }
}

/// Gray and Cheriton 1989, section 2: whoever grants waits longer than whoever was granted counts.
#[test]
fn the_lock_is_free_when_the_lease_has_run_out() {
    let experiment = Lock::experiments().remove(0);
    let report = (experiment.measure)(&Settings::defaults(&experiment.settings), 100, 1).expect("a report");
    assert_eq!(report.off(0, 2_000_000), None, "{report:?}");
}

/// Kleppmann 2016: the sleeper is refused, and the piece has one owner.
#[test]
fn a_sleeper_is_refused() {
    let changes = [("customers", number(2)), ("workload_ms", number(0)), ("restock_ms", number(0))];
    let settings = changes.into_iter().fold(Settings::default(), |all, (name, value)| all.with(name, value));
    let mut director = Director::<Lock>::new(settings, 1).expect("settings");
    asleep(&mut director, true);
    assert!(holds(director.world(), NodeId(0)) && thinks(director.world(), NodeId(0)));
    director.run_until(|world| owns(world, NodeId(1)));
    director.act(Input::Resume(NodeId(0)));
    director.run_for_us(200_000);
    buy(&mut director, NodeId(0));
    director.run_for_us(200_000);
    let shelf = shelf(director.world());
    assert_eq!((shelf.taken, shelf.refused, shelf.seen), (1, 1, Some(35)));
}

fn shelf<'a>(world: WorldOf<'a, Lock>) -> &'a stock::Shelf {
    &world.nodes().disk(world.config().stock()).stock
}
