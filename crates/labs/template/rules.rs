//! The rules of the protocol, with their places in the literature.

use sim::{Rule, Rules, t};

use super::NewLab;

impl Rules for NewLab {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        let source = "Author, Title, section";
        let cited = |name, title| Rule::cited(name, title, source);
        vec![
            Rule::switch(
                "last_only",
                t!("An answer counts if it is the first one to the last ping"),
                source,
                "counted-once",
            ),
            cited("ping", t!("A ping is sent every interval")),
            cited("pong", t!("Each ping is answered with its number")),
        ]
    }
}
