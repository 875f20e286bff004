//! What the scenarios come to.

use super::*;

/// Each scenario tips as its text says. The first is Kleppmann's (2016, Protecting a resource with a lock), the last one's rule
/// stands in the Redis documentation.
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
        ("amnesia", "sold-twice", Outcome::Seen),
        ("silence", "sold-twice", Outcome::NotSeen),
        ("late-write", "sold-twice", Outcome::Seen),
        ("lost-connection", "sold-twice", Outcome::Seen),
        ("someone-elses-lock", "own-release", Outcome::Broken),
    ] {
        let mut director = prepared(scenario);
        director.run_for_us(1_500_000);
        assert_eq!(outcome(&director, check), expected, "{scenario} {check}");
        assert!(director.finish().2.is_empty(), "{scenario}");
    }
}
