//! The rules of keeping time and of ordering writes, with their places in the literature.

use sim::{Rule, Rules, Text, t};

use super::ClockDrift;

impl Rules for ClockDrift {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        vec![
            switch(
                "half_round_trip",
                t!("Half of the round trip is counted for the way back"),
                "Cristian 1989, reading a remote clock; RFC 5905, section 8",
                "within-claim",
            ),
            switch(
                "dispersion",
                t!("What a node claims grows with time, since its clock may drift"),
                "RFC 5905, sections 8 and 10: the dispersion grows by PHI; Cristian 1989, reading a remote clock: 1 + 2ρ",
                "within-claim",
            ),
            switch(
                "hlc_receive",
                t!("On receipt a hybrid clock takes the maximum of its own time and the message's"),
                "Kulkarni et al. 2014, Figure 5, receive event",
                "later-wins",
            ),
            switch(
                "hlc_counter",
                t!("While the largest clock reading stands still, a hybrid clock counts"),
                "Kulkarni et al. 2014, Figure 5, send or local event",
                "hybrid-order",
            ),
            switch(
                "hlc_separate",
                t!("A hybrid clock counts events apart from the largest clock reading, which no event moves"),
                "Kulkarni et al. 2014, section 3: the naive algorithm and its counterexample",
                "hybrid-ahead",
            ),
            cited(
                "offset",
                t!("The offset is half of (T2 − T1) + (T3 − T4), the delay is (T4 − T1) − (T3 − T2)"),
                "RFC 5905, section 8",
            ),
            cited(
                "origin",
                t!("An answer counts only if it brings back T1 of the question that is open"),
                "RFC 5905, section 8, on-wire protocol: duplicate and bogus packets",
            ),
            cited(
                "least_delay",
                t!("Of the last samples the one with the least delay counts, and no sample counts twice"),
                "RFC 5905, section 10, clock filter",
            ),
            cited("step", t!("A large offset is put right at once"), "RFC 5905, section 11.3: STEPT, 128 ms"),
            cited("slew", t!("A small offset is put right bit by bit"), "RFC 5905, section 11.3"),
            cited(
                "last_write_wins",
                t!("The write with the later timestamp stays"),
                "Johnson and Thomas, RFC 677, 1975: timestamps of time and place; as in Apache Cassandra",
            ),
        ]
    }
}

fn switch(name: &'static str, title: Text, source: &'static str, broken_check: &'static str) -> Rule {
    Rule::switch(name, title, source, broken_check)
}

fn cited(name: &'static str, title: Text, source: &'static str) -> Rule {
    Rule::cited(name, title, source)
}
