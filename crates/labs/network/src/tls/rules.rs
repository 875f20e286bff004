//! The rules of TLS 1.3, with their places in the literature.

use parts::values::word;
use sim::hunt::Ground;
use sim::{Rule, Rules, t};

use super::Tls;

impl Rules for Tls {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        vec![
            Rule::switch(
                "chain",
                t!("A certificate is signed by an authority that the client trusts"),
                "RFC 5280, section 6.1; RFC 8446, section 4.4.2.4",
                "secret",
            ),
            Rule::switch(
                "name",
                t!("A certificate is for the name that the client wants"),
                "RFC 9525, section 6; RFC 8446, section 4.4.2.4",
                "secret",
            ),
            Rule::switch(
                "dates",
                t!("A certificate is valid by the client's clock"),
                "RFC 5280, section 6.1.3 (a)(2)",
                "secret",
            ),
            Rule::switch(
                "signature",
                t!("The key of the certificate signs this conversation"),
                "RFC 8446, section 4.4.3; CVE-2014-1266 is what happens without",
                "secret",
            ),
            Rule::switch(
                "record_numbers",
                t!("A record with another number than the next one is thrown away"),
                "RFC 8446, section 5.3",
                "in-order",
            ),
            Rule::switch("close_notify", t!("An end counts if it is sealed"), "RFC 8446, section 6.1", "whole"),
            Rule::switch(
                "single_use",
                t!("A server takes early data under one ticket once"),
                "RFC 8446, section 8.1",
                "once",
            )
            .hunted_on(Ground { settings: vec![("mallory", word("replay"))], ..Ground::default() }),
            Rule::switch(
                "fresh_share",
                t!("A server draws a new share for each connection, and forgets it"),
                "RFC 8446, appendix E.1: forward secret with respect to long-term keys",
                "forward",
            ),
            Rule::cited(
                "binder",
                t!("Who shows a ticket proves that the key is its own, over the whole hello"),
                "RFC 8446, section 4.2.11.2",
            ),
            Rule::cited(
                "key_schedule",
                t!("Keys follow from the secret and from all that was said"),
                "RFC 8446, section 7.1",
            ),
            Rule::cited("finished", t!("Each end seals a digest of all that was said"), "RFC 8446, section 4.4.4"),
        ]
    }
}
