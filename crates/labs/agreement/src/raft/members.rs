//! Who decides: sets of servers, configurations of the cluster, and their majorities (section 6 of the Raft paper).

use serde::Serialize;
use sim::{NodeId, Text, t};

use super::Config;
use super::server::reached_by;

/// A set of servers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ServerSet(u64);

impl ServerSet {
    /// The first so many servers.
    pub fn first(count: u16) -> ServerSet {
        (0..count).map(NodeId).collect()
    }

    /// Just this one.
    pub fn of(server: NodeId) -> ServerSet {
        ServerSet(bit(server))
    }

    /// Adds a server; one that is there already counts once.
    pub fn insert(&mut self, server: NodeId) {
        self.0 |= bit(server);
    }

    /// Whether this server is in it.
    pub fn contains(self, server: NodeId) -> bool {
        self.0 & bit(server) != 0
    }

    /// How many there are.
    pub fn count(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The same of a field that is left out then.
    pub(super) fn is_none(&self) -> bool {
        self.is_empty()
    }

    /// Those in this set or in the other one.
    pub fn with(self, other: ServerSet) -> ServerSet {
        ServerSet(self.0 | other.0)
    }

    /// Those in this set and not in the other one.
    pub fn without(self, other: ServerSet) -> ServerSet {
        ServerSet(self.0 & !other.0)
    }

    /// Those in both sets.
    pub fn shared_with(self, other: ServerSet) -> ServerSet {
        ServerSet(self.0 & other.0)
    }

    /// The servers, in the order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = NodeId> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let place = u16::try_from(left.trailing_zeros()).ok().filter(|place| *place < 64)?;
            left &= left - 1;
            Some(NodeId(place))
        })
    }
}

fn bit(server: NodeId) -> u64 {
    1 << (server.0 % 64)
}

impl FromIterator<NodeId> for ServerSet {
    fn from_iter<I: IntoIterator<Item = NodeId>>(servers: I) -> ServerSet {
        let mut all = ServerSet::default();
        servers.into_iter().for_each(|server| all.insert(server));
        all
    }
}

/// A configuration of the cluster: who takes part, and whose word counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Members {
    /// Who votes, and whose copies count. While two configurations hold, those of the old one: C_old.
    pub voters: ServerSet,
    /// While two configurations hold, the voters of the new one, C_new: nothing is decided without a majority of these as well
    /// (section 6). Else none.
    pub next_voters: ServerSet,
    /// Who is sent all entries, and does not count (dissertation, section 4.2.1).
    pub learners: ServerSet,
}

impl Members {
    /// Just these, and all of them vote.
    pub fn voting(voters: ServerSet) -> Members {
        Members { voters, ..Members::default() }
    }

    /// Whether two configurations hold at once: C_old,new.
    pub fn is_joint(self) -> bool {
        !self.next_voters.is_empty()
    }

    /// Who votes in one of the configurations.
    pub fn all_voters(self) -> ServerSet {
        self.voters.with(self.next_voters)
    }

    /// Who takes part.
    pub fn all(self) -> ServerSet {
        self.all_voters().with(self.learners)
    }

    /// A digest.
    pub(super) fn mark(self) -> u64 {
        [self.voters, self.next_voters, self.learners].iter().fold(0, |mark, set| sim::rng::mix(mark ^ set.0))
    }

    /// What a joint configuration comes to: C_new.
    pub fn next(self) -> Members {
        Members { voters: self.next_voters, next_voters: ServerSet::default(), learners: self.learners }
    }

    /// Whether these can decide: they are a majority of the voters, and of the next ones while there are some.
    pub fn decide(self, who: ServerSet, config: &Config) -> bool {
        self.needed(config).all(|(voters, majority)| who.shared_with(voters).count() >= majority)
    }

    /// The highest number that a majority has reached, of each configuration that holds.
    pub fn reached(self, config: &Config, number: impl Fn(NodeId) -> u64) -> u64 {
        let reached = self.needed(config).map(|(voters, majority)| reached_by(majority, voters.iter().map(&number)));
        reached.min().unwrap_or(0)
    }

    /// How many are needed of whom.
    pub fn needed(self, config: &Config) -> impl Iterator<Item = (ServerSet, usize)> {
        let new_only = self.is_joint() && !config.rules.both_majorities;
        let old = (!new_only).then_some(self.voters);
        let new = self.is_joint().then_some(self.next_voters);
        let majority = |voters: ServerSet| config.majority_of(voters.count());
        [old, new].into_iter().flatten().map(move |voters| (voters, majority(voters)))
    }
}

/// The configuration that a server goes by, and the entry that holds it; 0 for the one at the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Configured {
    pub index: u64,
    pub members: Members,
}

impl Configured {
    /// The one that all know from the start.
    pub fn first(config: &Config) -> Configured {
        Configured { index: 0, members: Members::voting(ServerSet::first(config.voters)) }
    }

    /// Whether nothing has changed since the start.
    pub fn is_first(&self) -> bool {
        self.index == 0
    }
}

/// A change of the members that somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Change {
    /// One server more.
    Add(NodeId),
    /// A learner is to vote.
    Promote(NodeId),
    /// One server less.
    Remove(NodeId),
    /// These are to vote, and no others.
    Set(ServerSet),
}

/// Why a leader does not change the members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Refused {
    /// Another change is not done yet (dissertation, section 4.1; Raft paper, section 6).
    Changing,
    /// Nothing of its own term is committed yet (D. Ongaro, 2015).
    TermNotOpen,
    /// It is so already.
    Already,
    /// One server more or less at a time (dissertation, section 4.1).
    OneAtATime,
    /// Nobody would be left, or there is no such server.
    NoSuchMembers,
    /// The learner lacks too much of the log.
    NotReady,
    /// It is about to hand over.
    HandingOver,
}

/// What becomes of a change that an operator has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ChangeAnswer {
    /// It is done: this configuration is committed.
    Done(Members),
    /// It is not done, and why.
    Refused(Refused),
    /// Only the leader changes the members. This server knows it, or does not.
    Redirect(Option<NodeId>),
}

impl Change {
    /// What is asked for, in words.
    pub fn text(self) -> Text {
        match self {
            Change::Add(server) => t!("add {server}", server = server),
            Change::Promote(server) => t!("let {server} vote", server = server),
            Change::Remove(server) => t!("remove {server}", server = server),
            Change::Set(voters) => t!("let these vote: {servers}", servers = voters.text()),
        }
    }
}

impl ServerSet {
    /// Their names: "S1 S2 S4".
    pub fn text(self) -> String {
        let names: Vec<String> = self.iter().map(|server| format!("S{}", server.0 + 1)).collect();
        names.join(" ")
    }
}

impl Members {
    /// Who votes, and who learns: "S1 S2 S3, S5 learns".
    pub fn text(self) -> Text {
        let voters = if self.is_joint() {
            t!("{old} and {new}", old = self.voters.text(), new = self.next_voters.text())
        } else {
            Text::verbatim(self.voters.text())
        };
        if self.learners.is_empty() {
            voters
        } else {
            t!("{voters}; learning: {learners}", voters = voters, learners = self.learners.text())
        }
    }
}

impl Refused {
    /// Why, in a sentence.
    pub fn text(self) -> Text {
        match self {
            Refused::Changing => t!("One change at a time: the one before is not done yet."),
            Refused::TermNotOpen => t!("The leader has to commit an entry of its own term first."),
            Refused::Already => t!("It is so already."),
            Refused::OneAtATime => t!("Here one server is added or removed at a time."),
            Refused::NoSuchMembers => t!("There is no such server, or nobody would be left to vote."),
            Refused::NotReady => t!("The learner has not caught up: it lacks more than a tenth of the log."),
            Refused::HandingOver => t!("The leader is about to hand over."),
        }
    }
}

impl ChangeAnswer {
    /// What became of it, in words.
    pub fn text(self) -> Text {
        match self {
            ChangeAnswer::Done(members) => t!("it is done: {members}", members = members.text()),
            ChangeAnswer::Refused(why) => why.text(),
            ChangeAnswer::Redirect(Some(leader)) => t!("{leader} leads", leader = leader),
            ChangeAnswer::Redirect(None) => t!("it knows no leader"),
        }
    }
}
