//! What the processes do all the time: the computation that is photographed.

use serde::Serialize;
use sim::{NodeId, Text, t};

use super::settings::{Application, Config};

/// What each process of the bank has at the start.
pub const BALANCE: u64 = 100;

/// The most that a process transfers by itself.
pub const MOST_BY_ITSELF: u64 = 20;

/// The state of a process as the application sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Holding {
    /// So much money.
    Money(u64),
    /// Whether it has the token.
    Token(bool),
    /// Whether it works.
    Work(bool),
}

/// What the application sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Load {
    /// So much money.
    Money(u64),
    /// The token.
    Token,
    /// Work.
    Work,
}

impl Holding {
    /// What a process has at the start: the first one the token, or work.
    pub fn first(application: Application, node: NodeId) -> Holding {
        let is_first = node == NodeId(0);
        match application {
            Application::Bank => Holding::Money(BALANCE),
            Application::Token => Holding::Token(is_first),
            Application::Work => Holding::Work(is_first),
        }
    }

    /// What it counts in a sum.
    pub fn count(self) -> u64 {
        match self {
            Holding::Money(money) => money,
            Holding::Token(has) | Holding::Work(has) => u64::from(has),
        }
    }

    /// What it is after something has come.
    pub fn with(self, load: Load) -> Holding {
        match (self, load) {
            (Holding::Money(money), Load::Money(amount)) => Holding::Money(money.saturating_add(amount)),
            (Holding::Token(_), Load::Token) => Holding::Token(true),
            (Holding::Work(_), Load::Work) => Holding::Work(true),
            (holding, _) => holding,
        }
    }

    /// What it is after something has left; none if there is not so much. Who sends work goes on working.
    pub fn without(self, load: Load) -> Option<Holding> {
        match (self, load) {
            (Holding::Money(money), Load::Money(amount)) => money.checked_sub(amount).map(Holding::Money),
            (Holding::Token(true), Load::Token) => Some(Holding::Token(false)),
            (Holding::Work(true), Load::Work) => Some(self),
            _ => None,
        }
    }

    pub fn text(self) -> Text {
        match self {
            Holding::Money(money) => t!("{amount}", amount = money),
            Holding::Token(true) => t!("baton"),
            Holding::Token(false) => t!("no baton"),
            Holding::Work(true) => t!("works"),
            Holding::Work(false) => t!("idle"),
        }
    }
}

impl Load {
    /// What it counts in a sum.
    pub fn count(self) -> u64 {
        match self {
            Load::Money(amount) => amount,
            Load::Token | Load::Work => 1,
        }
    }

    /// In sentences: "sends 20 to B".
    pub fn text(self) -> Text {
        match self {
            Load::Money(amount) => t!("{amount}", amount = amount),
            Load::Token => t!("the baton"),
            Load::Work => t!("work"),
        }
    }

    /// In a message or a table.
    pub fn label(self) -> Text {
        match self {
            Load::Token => t!("baton"),
            load => load.text(),
        }
    }
}

/// Several loads, one after the other.
pub fn list(loads: impl Iterator<Item = Load>) -> Option<Text> {
    loads.map(Load::label).reduce(|first, next| t!("{first}, {next}", first = first, next = next))
}

/// What all recorded things have to come to: all the money, or one token. Nobody knows how much work there is.
pub fn expected(config: &Config) -> Option<u64> {
    match config.application {
        Application::Bank => Some(BALANCE * u64::from(config.processes)),
        Application::Token => Some(1),
        Application::Work => None,
    }
}
