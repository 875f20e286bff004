//! What is asked for, and what is answered: the same orders, whether by a call or by HTTP.

use serde::Serialize;
use sim::{NodeId, Text, t};

/// The number of an order.
pub type OrderId = u32;

/// A wish of a user: of which client, and the how-manieth it is there. Numbers go on through crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Origin {
    pub client: NodeId,
    pub number: u32,
}

/// What a server is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ask {
    pub deed: Deed,
    /// Who wants it: it stands in the order as its author.
    pub origin: Origin,
    /// Which version the author had in front of him. Whether anybody looks at it, the deed says.
    pub base: u32,
    /// Whether it came as a GET, in truth. No server looks at that.
    pub is_get: bool,
    /// How much longer than usual the front end works on it, in microseconds.
    pub long_us: u64,
}

/// What can be done with orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Deed {
    /// Makes an order, under a number that its client has chosen, if it has.
    Create {
        chosen: Option<OrderId>,
    },
    Get {
        order: OrderId,
    },
    /// One line of an order.
    Line {
        order: OrderId,
        line: u16,
    },
    /// The newest orders.
    List,
    /// Writes over an order, if it still has this version.
    Change {
        order: OrderId,
        if_version: Option<u32>,
    },
    Cancel {
        order: OrderId,
    },
}

impl Deed {
    /// Whether it changes something.
    pub fn is_unsafe(self) -> bool {
        matches!(self, Deed::Create { .. } | Deed::Change { .. } | Deed::Cancel { .. })
    }

    /// The name of the procedure.
    pub fn word(self) -> Text {
        match self {
            Deed::Create { chosen: None } => t!("create"),
            Deed::Create { chosen: Some(order) } => t!("create {order}", order = order),
            Deed::Get { order } => t!("get {order}", order = order),
            Deed::Line { order, line } => t!("line {line} of {order}", line = line, order = order),
            Deed::List => t!("list"),
            Deed::Change { order, .. } => t!("change {order}", order = order),
            Deed::Cancel { order } => t!("cancel {order}", order = order),
        }
    }
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Answer {
    Made {
        order: OrderId,
    },
    Order {
        order: OrderId,
        version: u32,
        by: Option<Origin>,
    },
    Line {
        order: OrderId,
        line: u16,
    },
    /// The newest orders.
    Page(Vec<OrderId>),
    Changed {
        order: OrderId,
        version: u32,
    },
    Cancelled {
        order: OrderId,
    },
    NoOrder {
        order: OrderId,
    },
    /// It has another version than the author had seen.
    Conflict {
        order: OrderId,
        version: u32,
    },
    /// An order with the chosen number is there, or was.
    Exists {
        order: OrderId,
    },
    /// Its time was over before anybody began with it.
    Expired,
    /// The client has no session.
    NoSession,
    /// Nobody can say.
    Unknown,
}

impl Answer {
    /// The answer in few words.
    pub fn word(&self) -> Text {
        match self {
            Answer::Made { order } => t!("order {order} made", order = *order),
            Answer::Order { order, version, .. } => {
                t!("order {order} v{version}", order = *order, version = *version)
            }
            Answer::Line { order, line } => t!("line {line} of {order}", line = *line, order = *order),
            Answer::Page(orders) => t!("orders: {count}", count = orders.len()),
            Answer::Changed { order, version } => {
                t!("order {order} now v{version}", order = *order, version = *version)
            }
            Answer::Cancelled { order } => t!("order {order} cancelled", order = *order),
            Answer::NoOrder { order } => t!("no order {order}", order = *order),
            Answer::Conflict { order, version } => {
                t!("order {order} is v{version}", order = *order, version = *version)
            }
            Answer::Exists { order } => t!("order {order} exists", order = *order),
            Answer::Expired => t!("too late"),
            Answer::NoSession => t!("no session"),
            Answer::Unknown => t!("unknown"),
        }
    }
}

/// A call, as it travels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Call {
    /// The life of the caller.
    pub life: u64,
    /// Counted by the caller from 1 in each life.
    pub number: u32,
    /// The life of the server that the call is for; 0 where none is named.
    pub server_life: u64,
    /// How much time the caller has left, in microseconds; none without a deadline.
    pub left_us: Option<u64>,
    /// How often it was sent, from 1 on.
    pub attempt: u32,
    pub ask: Ask,
}
