//! The rules of TCP, with their places in the RFCs.

use parts::values::number;
use sim::hunt::Ground;
use sim::{Rule, Rules, t};

use super::Tcp;

impl Rules for Tcp {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        let mut rules = switches();
        rules.extend([
            Rule::cited(
                "wrong_ack",
                t!("Who gets an acknowledgment of what it has not sent while it opens answers with a reset"),
                "RFC 9293, sections 3.5.2 and 3.10.7.3",
            ),
            Rule::cited(
                "no_connection",
                t!("A segment for which there is no connection is answered with a reset, a reset never"),
                "RFC 9293, section 3.10.7.1",
            ),
            Rule::cited(
                "challenge",
                t!("A SYN in the middle of a connection is answered with an acknowledgment"),
                "RFC 5961, section 4.2; RFC 9293, section 3.10.7.4",
            ),
            Rule::cited(
                "fast_retransmit",
                t!("At the third duplicate acknowledgment the hole is filled and the window halved"),
                "RFC 5681, section 3.2",
            ),
            Rule::cited(
                "partial",
                t!("An acknowledgment of a part of what was under way shows the next hole"),
                "RFC 6582, section 3.2, step 3",
            ),
            Rule::cited(
                "sack",
                t!("Where the receiver says which blocks it has, the holes between are filled"),
                "RFC 2018; RFC 6675, section 5",
            ),
            Rule::cited(
                "probe",
                t!("While there is no room, the sender asks now and then, for ever"),
                "RFC 9293, section 3.8.6.1",
            ),
            Rule::cited("back_off", t!("Each timeout in a row is twice as long as the last"), "RFC 6298, section 5.5"),
            Rule::cited(
                "delayed_ack",
                t!("Every second segment is acknowledged at once, a single one after a while"),
                "RFC 1122, section 4.2.3.2; RFC 5681, section 4.2",
            ),
        ]);
        rules
    }
}

fn switches() -> Vec<Rule> {
    vec![
        Rule::switch(
            "three_way",
            t!("A connection is there once the other end has acknowledged the SYN"),
            "RFC 9293, section 3.5: three-way handshake",
            "no-ghost",
        ),
        Rule::switch(
            "in_order",
            t!("An application gets bytes in their order only"),
            "RFC 9293, sections 3.4 and 3.10.7.4, seventh",
            "prefix",
        ),
        Rule::switch(
            "retransmit",
            t!("What is not acknowledged is sent again"),
            "RFC 9293, section 3.8.1; RFC 6298, section 5",
            "delivered",
        ),
        Rule::switch(
            "flow_control",
            t!("Nothing is sent for which the other end has no room"),
            "RFC 9293, section 3.8.6",
            "window-kept",
        )
        .hunted_on(Ground { settings: vec![("buffer", number(2))], ..Ground::default() }),
        Rule::switch(
            "karn",
            t!("What was sent twice tells nothing of the round trip"),
            "RFC 6298, section 3: Karn's algorithm",
            "samples-true",
        ),
        Rule::switch(
            "fin_in_order",
            t!("The end of a stream is its end only when all before it is there"),
            "RFC 9293, section 3.10.7.4, eighth",
            "whole-before-end",
        ),
        Rule::switch(
            "time_wait",
            t!("Who closed first remembers the connection for two lives of a segment"),
            "RFC 9293, sections 3.6 and 3.4.2",
            "last-ack",
        ),
        Rule::switch(
            "check_reset",
            t!("A reset counts only with the very number that is expected"),
            "RFC 9293, section 3.5.3; RFC 5961, section 3.2",
            "true-resets",
        ),
        Rule::switch(
            "fresh_iss",
            t!("The first number of a connection comes from a clock"),
            "RFC 9293, section 3.4.1; RFC 6528",
            "prefix",
        ),
    ]
}
