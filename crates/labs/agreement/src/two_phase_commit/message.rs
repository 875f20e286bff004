//! What nodes send each other.

use parts::shop::{Change, OrderId, Wish};
use serde::Serialize;
use sim::{NodeId, Text, t};

use super::journal::Age;

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// A customer wants something. `life` is that of the coordinator, as far as the customer knows.
    Order {
        order: OrderId,
        wish: Wish,
        life: u64,
    },
    /// What became of it, and what was read. `life` is the coordinator's.
    Told {
        order: OrderId,
        done: Result<Vec<Option<OrderId>>, Why>,
        life: u64,
    },
    /// Phase 0: a service gets its part.
    Work {
        order: OrderId,
        age: Age,
        change: Change,
    },
    /// The service has done its part, and could undo it. `life` is the service's; `seen` had changed the same last.
    Done {
        order: OrderId,
        life: u64,
        seen: Option<OrderId>,
    },
    /// The service cannot do its part, and has given it up.
    Refused {
        order: OrderId,
        why: Why,
    },
    /// Phase 1: can you promise? `others` have a part too that changes something.
    Prepare {
        order: OrderId,
        life: u64,
        others: Vec<NodeId>,
    },
    Vote {
        order: OrderId,
        vote: Vote,
    },
    /// Phase 2: the outcome, from the coordinator, or from a service that was asked.
    Outcome {
        order: OrderId,
        commit: bool,
    },
    /// The service knows, and has it on disk. `mixed`: a person had decided otherwise.
    Ack {
        order: OrderId,
        mixed: bool,
    },
    /// What was the outcome?
    Ask {
        order: OrderId,
    },
    /// I do not know either. `has_crashed`: since its promise, so that it has no say in what becomes of it.
    Unsure {
        order: OrderId,
        has_crashed: bool,
    },
    /// Three phases: all have said yes.
    PreCommit {
        order: OrderId,
    },
    /// It has heard that all have said yes.
    Ready {
        order: OrderId,
    },
    /// Three phases: the coordinator is silent. Where are you with this order?
    Poll {
        order: OrderId,
    },
    /// It has promised; `is_ready`: and has heard that all have.
    State {
        order: OrderId,
        is_ready: bool,
    },
}

/// The answer to a prepare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Vote {
    /// It will do what it is told, whatever comes.
    Yes,
    No(Why),
    /// It has changed nothing, and needs not be told.
    ReadOnly,
}

/// Why an order was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Why {
    /// There is not enough on the account, on the shelf, in the van.
    TooLittle(NodeId),
    /// The service cannot, for reasons of its own.
    Broken(NodeId),
    /// An older order took the lock.
    Wounded(NodeId),
    /// The service does not know it: it has crashed since, or has given it up.
    Unknown(NodeId),
    /// Not all answers came in time.
    Late,
    /// The coordinator has no record of it.
    NoRecord,
    /// The services have ended it so among themselves.
    Elsewhere,
}

impl Why {
    pub fn text(self) -> Text {
        match self {
            Why::TooLittle(service) => t!("there is too little at {service}", service = service),
            Why::Broken(service) => t!("{service} said no", service = service),
            Why::Wounded(service) => t!("an older order needed what it had at {service}", service = service),
            Why::Unknown(service) => t!("{service} had given it up", service = service),
            Why::Late => t!("not all answers came in time"),
            Why::NoRecord => t!("there is no record of it"),
            Why::Elsewhere => t!("the services gave it up while the coordinator was away"),
        }
    }
}
