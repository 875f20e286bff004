//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Director, NodeId, Prepared, Scenarios, Sight, Value, t};

use super::{COMMANDER, Generals};

const B: NodeId = NodeId(1);

impl Scenarios for Generals {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Generals>> {
        vec![
            Prepared {
                name: "three-generals",
                title: t!("Three generals: who lies?"),
                summary: t!(
                    "A told B “attack”, and C tells B that A said “retreat”. One of the two lies, and B cannot find out which. Step on, and see what B does."
                ),
                seed: 1,
                settings: battle(3, "C", "opposite"),
                sight: Sight::STAGE,
                direct: heard,
                expect: vec![("contradiction", Outcome::Seen)],
            },
            Prepared {
                name: "same-for-b",
                title: t!("The same for B, and A is the traitor"),
                summary: t!(
                    "A told B “attack” and C “retreat”. C is loyal and passes on what it heard. B hears the very same as before, when C was the liar: so B has to do the same."
                ),
                seed: 1,
                settings: battle(3, "A", "two-faced"),
                sight: Sight::STAGE,
                direct: heard,
                expect: vec![("contradiction", Outcome::Seen)],
            },
            Prepared {
                name: "four-generals",
                title: t!("One general more, and the lie is outvoted"),
                summary: t!(
                    "C lies as before, but now there is D too. B hears “attack” from A, “retreat” by way of C and “attack” by way of D: two against one. Nobody has to know who lies."
                ),
                seed: 1,
                settings: battle(4, "C", "opposite"),
                sight: Sight::STAGE,
                direct: heard,
                expect: vec![("disunity", Outcome::NotSeen)],
            },
            Prepared {
                name: "traitor-commands",
                title: t!("The commander is the traitor"),
                summary: t!(
                    "A orders some to attack and others to retreat. The three lieutenants tell each other what they heard, and all count the same three votes. They agree, whatever A says."
                ),
                seed: 1,
                settings: battle(4, "A", "two-faced"),
                sight: Sight::STAGE,
                direct: ordering,
                expect: vec![("agreed", Outcome::NotSeen)],
            },
            Prepared {
                name: "signed-three",
                title: t!("Signatures: three are enough"),
                summary: t!(
                    "Orders are signed now, and nobody can sign for A. A tells B and C different things again. This time each of them shows the other what A has signed: both see that A lies, and both retreat."
                ),
                seed: 1,
                settings: [battle(3, "A", "two-faced"), vec![("signed", Value::Flag(true))]].concat(),
                sight: Sight::STAGE,
                direct: heard,
                expect: vec![("agreed", Outcome::NotSeen)],
            },
            Prepared {
                name: "seven",
                title: t!("Two traitors among seven: 156 messages"),
                summary: t!(
                    "To bear two traitors it takes seven generals and three rounds: each tells all others what it was told that it was told. One battle takes up to 156 messages."
                ),
                seed: 1,
                settings: [
                    battle(7, "C", "opposite"),
                    vec![("depth", number(2)), ("liars", number(2)), ("round_ms", number(40))],
                ]
                .concat(),
                sight: Sight::PANELS,
                direct: ordering,
                expect: vec![("agreed", Outcome::NotSeen)],
            },
        ]
    }
}

/// One battle of so many generals, of whom one is a traitor.
fn battle(generals: i64, traitor: &str, manner: &str) -> Vec<(&'static str, Value)> {
    vec![("generals", number(generals)), ("traitor", word(traitor)), ("manner", word(manner)), ("battles", number(1))]
}

/// Runs until the commander has given its order.
fn ordering(director: &mut Director<Generals>) {
    director.run_until(|world| world.nodes().state(COMMANDER).is_some_and(|commander| commander.decision.is_some()));
}

/// Runs until B has heard what there is to hear.
fn heard(director: &mut Director<Generals>) {
    let all = usize::from(director.world().config().generals) - 1;
    director.run_until(|world| world.nodes().state(B).is_some_and(|general| general.heard.len() == all));
}
