//! The rules of Bitcoin, with their places in the literature.

use parts::values::number;
use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, t};

use super::ProofOfWork;

impl Rules for ProofOfWork {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        // Few miners, so that several blocks fit into a run.
        let small = |hazards: Vec<Hazard>| Ground {
            settings: vec![("miners", number(3)), ("pay_ms", number(8_000))],
            hazards,
            ..Ground::default()
        };
        vec![
            Rule::switch(
                "heaviest",
                t!("Each node believes the chain with the most work"),
                "Nakamoto 2008, sections 4 and 5: the longest chain, which has the greatest proof-of-work effort invested in it",
                "most-work",
            ),
            Rule::switch(
                "ask_parent",
                t!("Who gets a block and lacks the one before it asks for that"),
                "Nakamoto 2008, section 5: it will request it when it receives the next block and realizes it missed one",
                "common-prefix",
            )
            .hunted_on(small(vec![Hazard::Crash, Hazard::Cut, Hazard::Loss])),
            Rule::switch(
                "check_spends",
                t!("A block is valid only if no coin in it is spent already"),
                "Nakamoto 2008, section 5, step 5: nodes accept the block only if all transactions in it are valid and not already spent",
                "valid-chain",
            ),
            Rule::switch(
                "return_payments",
                t!("Payments of a block that is thrown away wait for another one"),
                "Bitcoin Core, DisconnectTip and UpdateMempoolForReorg: what a reorganization takes out goes back to the memory pool",
                "paid",
            )
            .hunted_on(small(vec![Hazard::Cut, Hazard::Timer])),
            Rule::cited(
                "work",
                t!("A block is valid only with the work that the rule of difficulty asks for"),
                "Nakamoto 2008, section 4: proof of work, and a moving average that targets a number of blocks an hour",
            ),
            Rule::cited(
                "relay",
                t!("A block that is valid is passed on to all peers, once"),
                "Nakamoto 2008, section 5, step 4; Decker and Wattenhofer 2013, section III",
            ),
        ]
    }
}
