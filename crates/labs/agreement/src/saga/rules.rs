//! The rules of sagas, with their places in the literature.

use parts::values::word;
use sim::hunt::Ground;
use sim::{Rule, Rules, t};

use super::Saga;

impl Rules for Saga {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        let chapter_4 = "Richardson 2018, chapter 4";
        let sagas = "Garcia-Molina and Salem 1987, Sagas";
        vec![
            Rule::switch(
                "saga_log",
                t!("What a saga has begun is written to a log before it is asked for"),
                "Garcia-Molina and Salem 1987, the saga execution component and its log",
                "all-ended",
            ),
            Rule::switch(
                "inbox",
                t!("Who gets the same letter again answers as before, and does nothing again"),
                "Richardson 2018, chapter 3, duplicate messages",
                "once",
            ),
            Rule::switch(
                "tombstone",
                t!("A step that comes after its compensation is refused for ever"),
                sagas,
                "all-ended",
            ),
            Rule::switch(
                "retry_compensation",
                t!("A compensation is repeated until it has succeeded"),
                sagas,
                "all-ended",
            ),
            Rule::switch(
                "reverse_order",
                t!("The last step is undone first"),
                "Garcia-Molina and Salem 1987, the guarantee: T1 … Tj Cj … C1",
                "in-order",
            ),
            Rule::switch(
                "pivot",
                t!("After the step that cannot be undone a saga only goes forward"),
                chapter_4,
                "no-way-back",
            ),
            Rule::switch(
                "respect_pending",
                t!("An order that is pending is left to its saga"),
                "Richardson 2018, chapter 4, semantic lock",
                "cancelled-stays",
            ),
            Rule::switch(
                "outbox",
                t!("What a node does and the letter about it are one write"),
                "Richardson 2018, chapter 3, transactional outbox",
                "all-ended",
            )
            .hunted_on(Ground { settings: vec![("style", word("choreography"))], ..Ground::default() }),
            Rule::cited("pending", t!("An order is pending until its saga has ended"), chapter_4),
            Rule::cited("step", t!("Each step takes effect at once"), sagas),
            Rule::cited("compensate", t!("A step is undone by another step"), sagas),
            Rule::cited("retriable", t!("What comes after the pivot is never refused"), chapter_4),
        ]
    }
}
