//! What users want, and what they are told.

use serde::Serialize;
use sim::{Text, t};

use super::call::OrderId;

/// What a user wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Wish {
    /// To buy something. Over HTTP by PUT under a number of the client's own, or by POST.
    Create {
        with_put: bool,
    },
    /// A purchase on which the front end works for five seconds.
    Long,
    Read {
        order: OrderId,
    },
    List,
    /// Over HTTP by PATCH, or by PUT.
    Change {
        order: OrderId,
        with_patch: bool,
    },
    Cancel {
        order: OrderId,
    },
    Print,
}

impl Wish {
    /// Whether it changes something.
    pub fn is_unsafe(self) -> bool {
        !matches!(self, Wish::Read { .. } | Wish::List)
    }

    /// Whether it makes an order.
    pub fn is_purchase(self) -> bool {
        matches!(self, Wish::Create { .. } | Wish::Long)
    }

    /// The wish in a word or two.
    pub fn word(self) -> Text {
        match self {
            Wish::Create { .. } => t!("create"),
            Wish::Long => t!("long create"),
            Wish::Read { order } => t!("read {order}", order = order),
            Wish::List => t!("list"),
            Wish::Change { order, .. } => t!("change {order}", order = order),
            Wish::Cancel { order } => t!("cancel {order}", order = order),
            Wish::Print => t!("print"),
        }
    }
}

/// What a user was told of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Told {
    pub number: u32,
    pub wish: Wish,
    pub verdict: Verdict,
    /// How long it took, on the client's clock in microseconds; none where that was before a crash.
    pub took_us: Option<u64>,
}

/// What a user is told in the end: there are three outcomes, and never two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Verdict {
    Done,
    /// It was not done, and will not be.
    Refused,
    /// Nobody can say.
    Unknown,
}

impl Verdict {
    /// The verdict in a word.
    pub fn word(self) -> Text {
        match self {
            Verdict::Done => t!("done"),
            Verdict::Refused => t!("refused"),
            Verdict::Unknown => t!("unknown"),
        }
    }
}
