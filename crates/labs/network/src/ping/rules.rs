//! The rules of measuring with pings, with their places in the literature.

use sim::{Rule, Rules, t};

use super::DistributedPing;

impl Rules for DistributedPing {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        vec![
            Rule::switch(
                "monotonic",
                t!("How long something took is read from a clock that nobody sets"),
                "POSIX.1, clock_gettime: CLOCK_MONOTONIC cannot be set; J. Graham-Cumming, How and why the leap second affected Cloudflare DNS, 2017",
                "round-trip-true",
            ),
            Rule::switch(
                "numbered",
                t!("An answer belongs to the ping whose number it carries"),
                "RFC 792, echo message: identifier and sequence number aid in matching echos and replies",
                "round-trip-true",
            ),
            Rule::switch(
                "count_once",
                t!("Of the answers to one ping the first one counts"),
                "RFC 2681, section 2.5: the first instance to come back determines the round-trip time",
                "books-balance",
            ),
            Rule::switch(
                "threshold",
                t!("A ping that is not answered in time is lost, and stays so"),
                "RFC 7680, section 2.2: Tmax, a threshold of waiting time, is a parameter of loss",
                "all-decided",
            ),
            Rule::switch(
                "open_loop",
                t!("A ping leaves when it is due, whatever has come back"),
                "G. Tene, How NOT to Measure Latency: coordinated omission",
                "schedule-kept",
            ),
            Rule::cited("number", t!("Pings to one server are numbered one after the other"), "RFC 792, echo message"),
            Rule::cited(
                "random",
                t!("Gaps at random see what happens in step with a clock, too"),
                "RFC 2330, section 11.1.1: Poisson sampling",
            ),
            Rule::cited(
                "lives",
                t!("An answer to a ping of an earlier life counts for nothing"),
                "RFC 792, echo message: the identifier tells one session from another",
            ),
            Rule::cited(
                "service",
                t!("A time service takes back what a clock has drifted"),
                "RFC 5905, section 11.3: an offset is put right at once (step) or bit by bit (slew)",
            ),
        ]
    }
}
