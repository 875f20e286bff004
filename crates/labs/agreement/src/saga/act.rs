//! The steps of an order, the compensations, and what follows on what (Garcia-Molina and Salem 1987: T1 … Tj Cj … C1).

use serde::Serialize;
use sim::{NodeId, Text, t};

use super::settings::{ORDER, PAY, SHIP, STOCK};

/// Something that a node does for an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Act {
    /// T2: hold the money.
    Authorize,
    /// T3: put the piece aside.
    Reserve,
    /// T4, the pivot: a place in the van.
    Book,
    /// T5: take the money.
    Capture,
    /// T6: the piece goes out.
    HandOver,
    /// T7.
    Confirm,
    /// C3: the piece goes back.
    GiveBack,
    /// C2: the money is free again.
    Void,
    /// C1.
    Reject,
}

impl Act {
    /// Who does it.
    pub fn node(self) -> NodeId {
        match self {
            Act::Authorize | Act::Capture | Act::Void => PAY,
            Act::Reserve | Act::HandOver | Act::GiveBack => STOCK,
            Act::Book => SHIP,
            Act::Confirm | Act::Reject => ORDER,
        }
    }

    /// What comes after it. With `reverse`, the way back is that of the guarantee: the last step is undone first.
    pub fn next(self, is_done: bool, reverse: bool) -> Act {
        match (self, is_done) {
            (Act::Authorize, true) => Act::Reserve,
            (Act::Reserve, true) => Act::Book,
            (Act::Book, true) => Act::Capture,
            (Act::Capture, _) => Act::HandOver,
            (Act::HandOver, _) | (Act::Confirm, _) => Act::Confirm,
            (Act::Authorize, false) | (Act::Reject, _) => Act::Reject,
            (Act::Reserve, false) => Act::Void,
            (Act::Book, false) if reverse => Act::GiveBack,
            (Act::Book, false) => Act::Void,
            (Act::GiveBack, _) if reverse => Act::Void,
            (Act::GiveBack, _) => Act::Reject,
            (Act::Void, _) if reverse => Act::Reject,
            (Act::Void, _) => Act::GiveBack,
        }
    }

    /// The first compensation if the saga goes back when this step has perhaps been done.
    pub fn back(self, reverse: bool) -> Act {
        match self {
            Act::Authorize => Act::Void,
            _ if reverse => Act::GiveBack,
            _ => Act::Void,
        }
    }

    pub fn is_compensation(self) -> bool {
        matches!(self, Act::GiveBack | Act::Void | Act::Reject)
    }

    /// Whether the saga may still go back when this step has been done.
    pub fn is_before_pivot(self) -> bool {
        matches!(self, Act::Authorize | Act::Reserve)
    }

    /// Its number in the literature.
    pub fn number(self) -> Text {
        match self {
            Act::Authorize => t!("T2"),
            Act::Reserve => t!("T3"),
            Act::Book => t!("T4"),
            Act::Capture => t!("T5"),
            Act::HandOver => t!("T6"),
            Act::Confirm => t!("T7"),
            Act::GiveBack => t!("C3"),
            Act::Void => t!("C2"),
            Act::Reject => t!("C1"),
        }
    }

    /// What is asked for, in a word or two.
    pub fn text(self) -> Text {
        match self {
            Act::Authorize => t!("hold money"),
            Act::Reserve => t!("reserve"),
            Act::Book => t!("book"),
            Act::Capture => t!("take money"),
            Act::HandOver => t!("hand over"),
            Act::Confirm => t!("confirm"),
            Act::GiveBack => t!("give back"),
            Act::Void => t!("free money"),
            Act::Reject => t!("reject"),
        }
    }

    /// That it was done, or refused.
    pub fn past(self, is_done: bool) -> Text {
        match (self, is_done) {
            (Act::Authorize, true) => t!("money held"),
            (Act::Reserve, true) => t!("reserved"),
            (Act::Book, true) => t!("booked"),
            (Act::Authorize, false) => t!("declined"),
            (Act::Reserve, false) => t!("out of stock"),
            (Act::Book, false) => t!("no place"),
            (Act::Capture, _) => t!("money taken"),
            (Act::HandOver, _) => t!("handed over"),
            (Act::Confirm, _) => t!("confirmed"),
            (Act::GiveBack, _) => t!("given back"),
            (Act::Void, _) => t!("money freed"),
            (Act::Reject, _) => t!("rejected"),
        }
    }
}
