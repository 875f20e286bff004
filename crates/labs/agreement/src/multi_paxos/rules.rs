//! The rules of a log by Paxos, with their places in the papers. What holds of each single slot can be switched off in `paxos`.

use parts::values::number;
use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, t};

use super::MultiPaxos;

impl Rules for MultiPaxos {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        let (switch, cited) = (Rule::switch, Rule::cited);
        vec![
            switch(
                "propose_again",
                t!("A new leader proposes again what it has heard of in phase 1"),
                "Paxos Made Simple, section 3: instances that phase 1 constrains; section 2.2, P2c",
                "agreement",
            ),
            switch(
                "fill_gaps",
                t!("A new leader fills the gaps before slots that are taken with no-ops"),
                "Paxos Made Simple, section 3",
                "decided",
            )
            .hunted_on(Ground {
                settings: vec![
                    ("servers", number(3)),
                    ("workload_ms", number(20)),
                    ("repeat_ms", number(1_000)),
                    ("loss_percent", number(20)),
                ],
                hazards: vec![Hazard::Crash],
                fault_events: 400,
            }),
            switch(
                "confirm_reads",
                t!("A leader makes sure that it still leads before it answers a read"),
                "Paxos Made Live, section 5.2: a read needs an instance of its own, or a lease; here a round of heartbeats as in the Raft paper, section 8",
                "linearizable",
            ),
            switch(
                "client_sessions",
                t!("A command that a client sends twice is carried out once"),
                "Raft paper, section 8",
                "linearizable",
            )
            .hunted_on(Ground {
                settings: vec![("servers", number(3))],
                hazards: vec![Hazard::Crash, Hazard::Cut, Hazard::Loss],
                ..Ground::default()
            }),
            switch(
                "learn_in_ballot",
                t!(
                    "A follower takes what it has accepted for chosen only if that was in the ballot of the leader that says so"
                ),
                "Paxos Made Simple, section 2.3; here up to where all is chosen travels in place of acceptances",
                "learned-is-chosen",
            ),
            switch(
                "own_ballots",
                t!("No two servers have a ballot in common"),
                "Paxos Made Simple, section 2.5",
                "one-value-a-ballot",
            ),
            cited(
                "once_for_all",
                t!("One question and one promise stand for phase 1 of all slots"),
                "Paxos Made Simple, section 3",
            ),
            cited(
                "suspect",
                t!("A server that hears no leader for long stands"),
                "Paxos Made Simple, sections 2.4 and 3",
            ),
            cited(
                "quorums_meet",
                t!("Promises come from a majority, which shares a server with any that can choose"),
                "Paxos Made Simple, section 2.2, P2c",
            ),
            cited(
                "promise",
                t!("A server takes nothing of a ballot below the one that it has promised"),
                "Paxos Made Simple, section 2.2, P1a",
            ),
            cited("phase_2", t!("A leader asks for acceptance at once"), "Paxos Made Simple, section 3"),
            cited("accept", t!("To accept a ballot is to promise it too"), "Paxos Made Simple, section 2.2, P1a"),
            cited(
                "nack",
                t!("A server whose ballot is overtaken is told so"),
                "Paxos Made Simple, section 2.2: an optimization",
            ),
            cited(
                "learn",
                t!("A decree is chosen when a majority has accepted it in one ballot"),
                "Paxos Made Simple, section 2.3",
            ),
            cited("in_order", t!("Slots are carried out in their order"), "Paxos Made Simple, section 3"),
            cited(
                "window",
                t!("A leader proposes a few slots ahead of those that are chosen"),
                "Paxos Made Simple, section 3: α commands ahead",
            ),
            cited("repeat", t!("Without an answer the same message goes out again"), "Paxos Made Simple, section 2.1"),
            cited("ask", t!("Who lacks slots asks for them"), "Paxos Made Live, section 3.2: catch-up"),
            cited(
                "heartbeat",
                t!("A leader sends heartbeats, and says with them what is chosen"),
                "Paxos Made Live, section 5.2: the master submits a heartbeat value",
            ),
            cited(
                "lease",
                t!(
                    "Who has answered a heartbeat promises nothing to others for a while, also after a restart; the leader counts on a little less"
                ),
                "Paxos Made Live, section 5.2",
            ),
            cited(
                "on_disk",
                t!("A server writes what it promises and accepts to disk before it answers"),
                "Paxos Made Simple, section 2.5",
            ),
            cited("lost_disk", t!("Who has lost its disk votes no more"), "Paxos Made Live, section 5.1"),
            cited(
                "answer",
                t!("A leader answers a client when it has carried out the command"),
                "Paxos Made Simple, section 3",
            ),
            cited(
                "ask_leader",
                t!("A client sends its commands to the leader, or at first to any server"),
                "Raft paper, section 8",
            ),
            cited("redirect", t!("Only the leader answers clients; others name it"), "Raft paper, section 8"),
            cited("client_retry", t!("A client that gets no answer asks another server"), "Raft paper, section 8"),
        ]
    }
}
