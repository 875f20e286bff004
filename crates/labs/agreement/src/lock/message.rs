//! What nodes send each other.

use parts::shop::OrderId;
use serde::Serialize;

/// A message. Each names the attempt that it belongs to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// Give me the lock. `sent_us` is the customer's clock, which comes back with the answer.
    Acquire { attempt: OrderId, sent_us: u64 },
    /// It is yours. A service with leases adds a token.
    Granted { attempt: OrderId, token: Option<u64>, sent_us: u64 },
    /// You are in the queue.
    Queued { attempt: OrderId, sent_us: u64 },
    /// Somebody else has it.
    Taken { attempt: OrderId },
    /// I am still there.
    KeepAlive { attempt: OrderId, sent_us: u64 },
    /// And your time begins anew.
    Alive { attempt: OrderId, token: Option<u64>, sent_us: u64 },
    /// Your time is over.
    Over { attempt: OrderId },
    /// I need the lock no longer.
    Release { attempt: OrderId },
    /// What is left?
    Read { attempt: OrderId, token: Option<u64> },
    /// This piece is left, or none.
    Left { attempt: OrderId, piece: Option<u64> },
    /// This piece is mine.
    Write { attempt: OrderId, token: Option<u64>, piece: u64 },
    /// It is written.
    Written { attempt: OrderId },
    /// I have seen a higher token.
    Refused { attempt: OrderId, seen: u64 },
}

impl Message {
    /// The attempt that it belongs to.
    pub fn attempt(&self) -> OrderId {
        match self {
            Message::Acquire { attempt, .. }
            | Message::Granted { attempt, .. }
            | Message::Queued { attempt, .. }
            | Message::Taken { attempt }
            | Message::KeepAlive { attempt, .. }
            | Message::Alive { attempt, .. }
            | Message::Over { attempt }
            | Message::Release { attempt }
            | Message::Read { attempt, .. }
            | Message::Left { attempt, .. }
            | Message::Write { attempt, .. }
            | Message::Written { attempt }
            | Message::Refused { attempt, .. } => *attempt,
        }
    }
}
