//! A question that a resolver is at work on, with the questions that have to be answered before it.

use serde::Serialize;

use super::name::{Address, Name, Question, Zone};

/// A question that a resolver is at work on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Walk {
    pub question: Question,
    /// When it began.
    pub began_us: u64,
    /// Who waits for it.
    pub askers: Vec<Asker>,
    /// What is to be found out: the question itself, and the addresses of servers without which it cannot go on.
    pub goals: Vec<Goal>,
    /// How many queries it has cost, all that it needed included.
    pub sent: u32,
    /// The query that waits for its answer.
    pub open: Option<Sent>,
    /// Its queries, the oldest first.
    pub steps: Vec<Step>,
}

/// Who waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Asker {
    pub address: Address,
    pub port: u32,
    pub id: u32,
}

/// Something that is to be found out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Goal {
    pub question: Question,
    /// Whether it is the address of a server.
    pub is_of_server: bool,
    /// The zone whose servers are asked.
    pub at: Option<Zone>,
    /// Servers that could not help.
    pub refused: Vec<(Zone, Address)>,
    /// Servers whose addresses cannot be found out.
    pub unreachable: Vec<Name>,
}

/// A query that waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sent {
    pub server: Address,
    /// The zone that it was asked as a server of; none for another resolver.
    pub zone: Option<Zone>,
    pub port: u32,
    pub id: u32,
    pub question: Question,
    pub at_us: u64,
}

/// A query of a walk, for those who look on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    pub server: Address,
    pub zone: Option<Zone>,
    pub question: Question,
    /// How many questions wait for this one.
    pub depth: u32,
    pub sent_us: u64,
    pub ended_us: Option<u64>,
    pub outcome: Outcome,
}

/// What came of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Outcome {
    /// Nothing yet.
    Open,
    /// Others are to be asked.
    Referral,
    Answer,
    /// It is not there.
    No,
    /// The server does not answer for this zone.
    Lame,
    /// The server could not tell.
    Failed,
    Silence,
}

impl Walk {
    /// A question that nothing is known of yet.
    pub fn new(question: Question, asker: Asker, now_us: u64) -> Walk {
        let goal = Goal { question, is_of_server: false, at: None, refused: Vec::new(), unreachable: Vec::new() };
        Walk {
            question,
            began_us: now_us,
            askers: vec![asker],
            goals: vec![goal],
            sent: 0,
            open: None,
            steps: Vec::new(),
        }
    }

    /// The query that is open has ended.
    pub fn end_step(&mut self, outcome: Outcome) -> Option<Sent> {
        if let Some(step) = self.steps.last_mut() {
            step.outcome = outcome;
        }
        self.open.take()
    }
}

impl Goal {
    /// The address of a server.
    pub fn of_server(server: Name) -> Goal {
        Goal {
            question: Question::address(server),
            is_of_server: true,
            at: None,
            refused: Vec::new(),
            unreachable: Vec::new(),
        }
    }
}
