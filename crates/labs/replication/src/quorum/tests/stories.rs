//! What becomes of each scenario when it runs on.

use sim::{Checks, Input, Outcome, Scenarios};

use super::*;

struct Story(Director<LeaderlessQuorum>);

impl Story {
    fn open(name: &str) -> Story {
        let scenario = LeaderlessQuorum::scenarios().into_iter().find(|scenario| scenario.name == name);
        let scenario = scenario.expect("a scenario");
        let mut run = Director::new(settings(&scenario.settings), scenario.seed).expect("known settings");
        (scenario.direct)(&mut run);
        Story(run)
    }

    fn after_ms(mut self, ms: u64) -> Story {
        self.0.run_for_us(ms * 1_000);
        self
    }

    fn outcome(&self, check: &str) -> Outcome {
        let place = LeaderlessQuorum::checks().iter().position(|known| known.name == check).expect("a check");
        self.0.world().verdicts().get(place).outcome
    }
}

#[test]
fn the_cart_ends_as_one() {
    let story = Story::open("shopping-cart").after_ms(200);
    for server in [0, 1, 2].map(NodeId) {
        assert_eq!(held(&story.0, server, "cart"), ["bread eggs milk tea [S1,3] [S2,1] [S3,1]"]);
    }
}

/// Both sides say yes; after healing both versions are there.
#[test]
fn both_sides_of_a_cut_go_on_and_their_versions_meet() {
    let mut story = Story::open("cap-available").after_ms(1_500);
    assert_eq!(story.outcome("unavailable"), Outcome::NotSeen);
    for client in [5, 6].map(NodeId) {
        assert_eq!(read(&story.0, client).len(), 1);
    }
    story.0.act(Input::HealAll);
    let mut story = story.after_ms(1_500);
    done(&mut story.0, NodeId(5), "get", &["x", "S2"]);
    assert_eq!(read(&story.0, NodeId(5)).len(), 2);
    assert_eq!((story.outcome("converged"), story.outcome("hints-returned")), (Outcome::Reached, Outcome::Reached));
}

#[test]
fn siblings_are_merged_after_the_cut() {
    let story = Story::open("cap-healed").after_ms(3_000);
    assert_eq!((story.outcome("converged"), story.outcome("no-lost-write")), (Outcome::Reached, Outcome::Kept));
    let versions = held(&story.0, NodeId(4), "x");
    assert!(versions.len() == 1 && versions[0].starts_with("bread eggs milk"), "{versions:?}");
}

/// The same cut with a strict quorum: one side says no.
#[test]
fn a_strict_quorum_is_not_available_on_the_smaller_side() {
    let story = Story::open("strict-quorum").after_ms(300);
    assert!(matches!(answer(&story.0, NodeId(5)), Answer::Refused { answered: 1, needed: 2 }));
    assert!(matches!(answer(&story.0, NodeId(6)), Answer::Written { .. }));
}

#[test]
fn the_stale_read_happens() {
    let story = Story::open("stale-read").after_ms(60);
    assert_eq!(read(&story.0, NodeId(6)), ["old [S5,1]"]);
    assert_eq!((story.outcome("stale-read"), story.outcome("read-latest")), (Outcome::Seen, Outcome::Kept));
}

#[test]
fn the_read_repairs_the_replica_before_the_answer() {
    let mut story = Story::open("read-repair");
    assert_eq!(held(&story.0, NodeId(3), "x"), ["old [S5,1]"]);
    story.0.run_until(|world| is_idle(world, NodeId(6)));
    assert_eq!(held(&story.0, NodeId(3), "x"), ["new [S5,2]"]);
    assert_eq!(read(&story.0, NodeId(6)), ["new [S5,2]"]);
}

#[test]
fn the_hint_comes_home() {
    let story = Story::open("hinted-handoff").after_ms(1_000);
    assert_eq!((story.outcome("hints-returned"), story.outcome("converged")), (Outcome::Reached, Outcome::Reached));
}

#[test]
fn the_trees_become_equal() {
    assert_eq!(Story::open("merkle-trees").after_ms(1_000).outcome("converged"), Outcome::Reached);
}

#[test]
fn the_lost_write_stays_lost() {
    let story = Story::open("last-write-wins").after_ms(1_000);
    assert_eq!(read(&story.0, NodeId(6)), ["first [S5,1]"]);
}

#[test]
fn two_clients_make_siblings_and_merge_them() {
    let story = Story::open("two-clients").after_ms(6_000);
    assert_eq!((story.outcome("read-latest"), story.outcome("converged")), (Outcome::Kept, Outcome::Reached));
}
