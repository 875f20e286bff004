//! The rules of DNS, with their places in the RFCs.

use parts::values::{number, word};
use sim::hunt::Ground;
use sim::{Rule, Rules, t};

use super::Dns;

impl Rules for Dns {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        let (switch, cited) = (Rule::switch, Rule::cited);
        vec![
            switch(
                "expire",
                t!("An answer that has run out is not given any more"),
                "RFC 1035, section 3.2.1: the TTL is how long a record may be cached before it should be consulted again; section 7.4",
                "ttl-kept",
            ),
            switch(
                "count_down",
                t!("What is handed on may be kept for the rest of its time, not for all of it again"),
                "RFC 1035, section 6.1.3: the time to live is reduced by the time that a record has been in the cache",
                "ttl-kept",
            ),
            switch(
                "match",
                t!("An answer counts only if server, port, id and question are those of an open query"),
                "RFC 5452, section 9.1",
                "no-forgery",
            ),
            switch(
                "bailiwick",
                t!("Of an answer only what lies in the zone that was asked is believed"),
                "RFC 5452, section 6: data that is not in-domain is not accepted",
                "no-forgery",
            ),
            switch(
                "next_server",
                t!("If a server does not help, the next one is asked, and the quickest first"),
                "RFC 1034, section 5.3.3, steps 3 and 4d",
                "resolves",
            ),
            switch(
                "bound",
                t!("A question costs a bounded number of queries, and then it has failed"),
                "RFC 1034, section 5.3.3: bound the amount of work so that a request cannot go on without end",
                "bounded-work",
            ),
            switch(
                "greater_serial",
                t!("A copy of a zone is taken only if its serial number is greater"),
                "RFC 1982, section 3.2; RFC 1034, section 4.3.5",
                "serial-grows",
            )
            .hunted_on(Ground {
                settings: vec![
                    ("cast", word("pair")),
                    ("forge", number(0)),
                    ("workload_ms", number(0)),
                    ("change_s", number(1)),
                    ("far_ms", number(400)),
                ],
                ..Ground::default()
            }),
            switch(
                "give_up",
                t!("A client does not wait for ever: it asks the next resolver, and in the end gives up"),
                "RFC 1034, section 5.2: a stub resolver has to deal with time-outs; resolv.conf(5): timeout, attempts",
                "all-end",
            ),
            cited(
                "iterate",
                t!("Authorities are asked one after the other, and send on to those below"),
                "RFC 1034, section 5.3.3",
            ),
            cited(
                "forward",
                t!("A resolver can have another one find out"),
                "RFC 1034, section 5.2.1; RFC 1123, section 6.1.3.1",
            ),
            cited(
                "referral",
                t!("A referral counts only if it leads down, and towards the name"),
                "RFC 1034, section 5.3.3, step 4b",
            ),
            cited(
                "find_server",
                t!("If the address of a server is not known, that is asked for first"),
                "RFC 1034, section 5.3.3, step 3",
            ),
            cited(
                "rank",
                t!("What came as an answer is not replaced by what came beside one"),
                "RFC 2181, section 5.4.1",
            ),
            cited(
                "negative",
                t!("That a name is not there may be kept too, for the time that its zone allows"),
                "RFC 2308, section 5",
            ),
            cited(
                "failures",
                t!("That nothing could be found out is remembered for a moment"),
                "RFC 9520, section 3.2",
            ),
            cited(
                "join",
                t!("Equal questions are asked once"),
                "RFC 5452, section 5: equal questions at a time give forgers more chances",
            ),
            cited("stale", t!("An old answer can be better than none"), "RFC 8767, section 5"),
            cited(
                "authority",
                t!("An authority answers, sends on, or says that there is no such name"),
                "RFC 1034, section 4.3.2",
            ),
            cited(
                "refresh",
                t!("A secondary asks from time to time whether the serial number has changed"),
                "RFC 1034, section 4.3.5",
            ),
            cited("notify", t!("A primary tells secondaries that there is something new"), "RFC 1996, section 3"),
        ]
    }
}
