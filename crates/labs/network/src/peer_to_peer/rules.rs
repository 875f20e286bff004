//! The rules of a swarm, with their places in the literature.

use parts::values::number;
use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, t};

use super::PeerToPeer;

impl Rules for PeerToPeer {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        // Small enough that S has left before the faults are over.
        let short = || Ground {
            settings: vec![("peers", number(2)), ("pieces", number(4))],
            hazards: vec![Hazard::Loss, Hazard::Cut],
            ..Ground::default()
        };
        vec![
            Rule::switch(
                "hash",
                t!("A piece that does not fit its hash is thrown away"),
                "BEP 3, metainfo files: pieces, a string of hashes; peer protocol: the downloader checks each piece that it finishes",
                "verified",
            ),
            Rule::switch(
                "ask_again",
                t!("What was asked of one who is gone, chokes or keeps silent is asked of another"),
                "BEP 3, peer protocol: choking; Cohen 2003, section 3.3: anti-snubbing",
                "all-have",
            ),
            Rule::switch(
                "have",
                t!("Who has a new piece says so to all who lack it"),
                "BEP 3, peer protocol: have; announced to all peers",
                "all-have",
            ),
            Rule::switch(
                "interest",
                t!("Who wants something of another says so, at every change"),
                "BEP 3, peer protocol: interest state must be kept up to date at all times",
                "all-have",
            ),
            Rule::switch(
                "optimistic",
                t!("One place is for somebody who has given nothing yet"),
                "BEP 3, peer protocol: optimistic unchoking; Cohen 2003, section 3.2.3",
                "all-have",
            ),
            Rule::switch(
                "count_once",
                t!("A block that comes once more counts once"),
                "BEP 3, peer protocol: endgame and cancel; Cohen 2003, section 2.4.4",
                "counted-once",
            ),
            Rule::switch(
                "limit",
                t!("No more are served at once than there are places"),
                "BEP 3, peer protocol: four peers are unchoked, since TCP does badly over many connections at once",
                "places",
            ),
            Rule::switch(
                "forget",
                t!("The tracker forgets who has said nothing for two intervals"),
                "BEP 3, trackers: interval, and the event stopped",
                "tracker-right",
            )
            .hunted_on(short()),
            Rule::switch(
                "choke",
                t!("Who is choked is sent nothing, and what it has asked for is thrown away"),
                "BEP 3, peer protocol: data transfer takes place whenever one side is interested and the other side is not choking",
                "choked-silent",
            ),
            Rule::switch(
                "line",
                t!("A block leaves when the one before it has left"),
                "Kurose and Ross, section 1.4: transmission delay; a line is one for all connections of a node",
                "line-kept",
            ),
            Rule::cited(
                "rarest",
                t!("The rarest piece is asked for first, and the first four at random"),
                "Legout, Urvoy-Keller and Michiardi 2006, section 2.2.1; Cohen 2003, sections 2.4.2 and 2.4.3",
            ),
            Rule::cited(
                "begun_first",
                t!("A piece that is begun is finished before another one"),
                "Cohen 2003, section 2.4.1: strict priority",
            ),
            Rule::cited(
                "endgame",
                t!("When all that is missing is asked for, everybody is asked"),
                "BEP 3, peer protocol: endgame mode; Cohen 2003, section 2.4.4",
            ),
            Rule::cited(
                "tit_for_tat",
                t!("Places are for those who give most"),
                "BEP 3, peer protocol: tit for tat; Cohen 2003, section 3.2",
            ),
        ]
    }
}
