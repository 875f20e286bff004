//! What can be set in this lab, and what servers and clients read of it at every step.

use std::rc::Rc;

use parts::links;
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::initial;
use super::{Raft, RaftNode, ReadMode};

/// What all nodes know. Read anew at every step, because a rule can be switched during a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The nodes before this number are servers, the others clients.
    pub servers: u16,
    /// The shortest election timeout (section 5.2).
    pub timeout_least_us: u64,
    /// The longest election timeout.
    pub timeout_most_us: u64,
    /// From heartbeat to heartbeat.
    pub heartbeat_us: u64,
    /// The most entries that one message carries.
    pub entries_a_message: u64,
    /// How a leader finds the place where a follower's log agrees with its own.
    pub back_off: BackOff,
    /// How a leader answers reads.
    pub read_mode: ReadMode,
    /// From one command of a client to the next; 0 when only people give commands.
    pub workload_us: u64,
    /// How long a client waits before it asks another server.
    pub retry_us: u64,
    /// A snapshot after so many entries; 0 for none (section 7).
    pub snapshot_every: u64,
    /// So many entries stay behind in the log when a snapshot stands for them.
    pub trailing: u64,
    /// In so many parts a snapshot is sent.
    pub snapshot_parts: u64,
    /// The first so many servers vote at the start; the others are spare.
    pub voters: u16,
    /// So many nodes after the servers are clients; one after these is an operator.
    pub clients: u16,
    /// How the members change (section 6).
    pub membership: Membership,
    /// How a new server begins (dissertation, section 4.2.1).
    pub new_servers: NewServers,
    /// From one change that an operator asks for to the next; 0 when only people ask.
    pub change_us: u64,
    /// How long a disk takes to write; 0 for no time.
    pub write_us: u64,
    /// Whether a leader writes its entries before it sends them, and not beside that (dissertation, section 10.2.1).
    pub write_first: bool,
    /// So many messages with entries may be without an answer for each follower, and entries are not sent again before that is
    /// known to be needed; 0 for entries that are sent again in each message until they are confirmed, as in the paper.
    pub in_flight: u64,
    /// Whether a server asks if it would be elected before it stands (dissertation, section 9.6).
    pub pre_vote: bool,
    /// Whether a leader gives up that a majority does not answer (dissertation, section 6.2).
    pub check_quorum: bool,
    /// Whether a leader that is removed has another server stand at once (dissertation, section 4.2.2).
    pub transfer_on_leave: bool,
    /// Which rules are followed.
    pub rules: Rules,
}

/// How a leader finds the place where a follower's log agrees with its own (section 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackOff {
    /// One entry earlier at each refusal, as in Figure 2.
    Entry,
    /// One term earlier at each refusal, as at the end of section 5.3.
    Term,
}

/// How the members change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// One server more or less at a time (dissertation, section 4.1).
    Single,
    /// Any change, by way of a configuration in which the old and the new one both hold (section 6).
    Joint,
    /// Any change in one step, as section 6 warns against (Figure 10).
    Direct,
}

/// How a new server begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewServers {
    /// It learns, and the leader lets it vote once it has caught up (dissertation, section 4.2.1).
    LearnThenVote,
    /// It learns until somebody lets it vote, as in etcd.
    Learn,
    /// It votes at once.
    Vote,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub up_to_date_vote: bool,
    pub own_term_commit: bool,
    pub persist_vote: bool,
    pub persist_term: bool,
    pub majority: bool,
    pub consistency_check: bool,
    pub step_down: bool,
    pub random_timeouts: bool,
    pub confirm_reads: bool,
    pub client_sessions: bool,
    pub one_vote: bool,
    pub only_conflicts: bool,
    pub commit_bound: bool,
    pub append_only: bool,
    pub drop_conflicts: bool,
    pub no_way_back: bool,
    pub sessions_in_snapshot: bool,
    pub keep_suffix: bool,
    pub current_term_first: bool,
    pub one_change: bool,
    pub both_majorities: bool,
    pub ask_first: bool,
    pub leader_steps_down: bool,
    pub answer_when_written: bool,
    pub count_when_written: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let ms = |name: &str| settings.integer(name).unsigned_abs() * 1_000;
        // Labs that do not have a setting do without what it is for.
        let has = |name: &str| settings.get(name).is_some() && settings.is_on(name);
        let voters = settings.integer("servers").clamp(1, 12) as u16;
        Config {
            servers: voters + settings.integer("spares").clamp(0, 3) as u16,
            timeout_least_us: ms("timeout_least_ms"),
            timeout_most_us: ms("timeout_most_ms"),
            heartbeat_us: ms("heartbeat_ms"),
            entries_a_message: settings.integer("entries_a_message").max(1) as u64,
            back_off: if settings.word("back_off") == "term" { BackOff::Term } else { BackOff::Entry },
            read_mode: ReadMode::of(settings.word("read_mode")),
            workload_us: ms("workload_ms"),
            retry_us: ms("retry_ms"),
            snapshot_every: settings.integer("snapshot_every").unsigned_abs(),
            trailing: settings.integer("trailing").unsigned_abs(),
            snapshot_parts: settings.integer("snapshot_parts").max(1) as u64,
            voters,
            clients: settings.integer("clients").clamp(0, 2) as u16,
            membership: match settings.word("membership") {
                "joint" => Membership::Joint,
                "direct" => Membership::Direct,
                _ => Membership::Single,
            },
            new_servers: match settings.word("new_servers") {
                "learn" => NewServers::Learn,
                "vote" => NewServers::Vote,
                _ => NewServers::LearnThenVote,
            },
            change_us: ms("change_ms"),
            write_us: settings.integer("write_us").unsigned_abs(),
            write_first: settings.word("writes") == "first",
            in_flight: settings.integer("in_flight").unsigned_abs(),
            pre_vote: has("pre_vote"),
            check_quorum: has("check_quorum"),
            transfer_on_leave: has("transfer_on_leave"),
            rules: Rules {
                up_to_date_vote: settings.is_on("up_to_date_vote"),
                own_term_commit: settings.is_on("own_term_commit"),
                persist_vote: settings.is_on("persist_vote"),
                persist_term: settings.is_on("persist_term"),
                majority: settings.is_on("majority"),
                consistency_check: settings.is_on("consistency_check"),
                step_down: settings.is_on("step_down"),
                random_timeouts: settings.is_on("random_timeouts"),
                confirm_reads: settings.is_on("confirm_reads"),
                client_sessions: settings.is_on("client_sessions"),
                one_vote: settings.is_on("one_vote"),
                only_conflicts: settings.is_on("only_conflicts"),
                commit_bound: settings.is_on("commit_bound"),
                append_only: settings.is_on("append_only"),
                drop_conflicts: settings.is_on("drop_conflicts"),
                no_way_back: settings.is_on("no_way_back"),
                sessions_in_snapshot: settings.is_on("sessions_in_snapshot"),
                keep_suffix: settings.is_on("keep_suffix"),
                current_term_first: settings.is_on("current_term_first"),
                one_change: settings.is_on("one_change"),
                both_majorities: settings.is_on("both_majorities"),
                ask_first: settings.is_on("ask_first"),
                leader_steps_down: settings.is_on("leader_steps_down"),
                answer_when_written: settings.is_on("answer_when_written"),
                count_when_written: settings.is_on("count_when_written"),
            },
        }
    }

    /// How many of so many voters decide: more than half of all, so that two groups that decide share a server (section 5.2).
    pub fn majority_of(&self, voters: usize) -> usize {
        let half = voters / 2;
        if self.rules.majority { half + 1 } else { half.max(1) }
    }

    /// Whether leaders answer reads by themselves for a while.
    pub fn has_leases(&self) -> bool {
        self.read_mode == ReadMode::Lease
    }
}

impl Configuration for Raft {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let [delay, delay_least, delay_most] = links::settings(8_000, 12_000);
        let initial_logs = vec![
            ("empty", t!("empty")),
            ("figure-7", t!("as in Figure 7 of the paper (seven servers)")),
            ("figure-8", t!("as in Figure 8 of the paper (five servers)")),
        ];
        let read_modes = vec![
            ("confirm", t!("after a round of heartbeats")),
            ("lease", t!("at once, trusting the clocks")),
            ("log", t!("as an entry of the log")),
        ];
        let back_offs = vec![("entry", t!("entry by entry")), ("term", t!("term by term"))];
        vec![
            Setting::integer("servers", t!("servers"), (3, 9), "", 5).structural(),
            Setting::integer("clients", t!("clients"), (0, 2), "", 2).structural(),
            Setting::integer("timeout_least_ms", t!("shortest election timeout"), (5, 10_000), "ms", 150),
            Setting::integer("timeout_most_ms", t!("longest election timeout"), (5, 10_000), "ms", 300),
            Setting::integer("heartbeat_ms", t!("heartbeat every"), (1, 5_000), "ms", 50),
            delay,
            delay_least,
            delay_most,
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
            Setting::integer(
                "workload_ms",
                t!("each client gives a command every (0: only by hand)"),
                (0, 60_000),
                "ms",
                100,
            )
            .structural(),
            Setting::integer("retry_ms", t!("a client asks another server after"), (10, 60_000), "ms", 400),
            Setting::choice("initial_logs", t!("logs at the start"), initial_logs).structural(),
            Setting::choice("read_mode", t!("the leader answers reads"), read_modes),
            Setting::choice("back_off", t!("the leader looks for the matching entry"), back_offs),
            Setting::integer("entries_a_message", t!("entries a message, at most"), (1, 1_000), "", 1),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<RaftNode> {
        let Config { servers, clients, .. } = Config::new(settings);
        let mut disks = initial::disks(settings.word("initial_logs"), servers).into_iter();
        let server = |number: u16| NodeSetup {
            label: format!("S{}", number + 1),
            rank: 0,
            disk: Rc::new(disks.next().unwrap_or_default()),
            is_off: false,
        };
        let client =
            |number: u16| NodeSetup { label: format!("C{number}"), rank: 1, disk: Rc::default(), is_off: false };
        let nodes = servers + clients;
        // Every pair but two clients, which have nothing to say to each other.
        let pairs = (0..servers).flat_map(|a| (a + 1..nodes).map(move |b| (NodeId(a), NodeId(b))));
        Setup {
            nodes: (0..servers).map(server).chain((1..=clients).map(client)).collect(),
            links: pairs.collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }
}
