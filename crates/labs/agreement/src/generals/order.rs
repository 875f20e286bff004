//! What generals can do.

use serde::Serialize;
use sim::{Text, t};

/// To attack or to retreat. Where nobody says anything, or as many say the one as the other, it is to retreat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Order {
    Attack,
    #[default]
    Retreat,
}

impl Order {
    /// The other one.
    pub fn opposite(self) -> Order {
        match self {
            Order::Attack => Order::Retreat,
            Order::Retreat => Order::Attack,
        }
    }

    /// The name in settings.
    pub fn name(self) -> &'static str {
        match self {
            Order::Attack => "attack",
            Order::Retreat => "retreat",
        }
    }

    /// The order of this name.
    pub fn named(name: &str) -> Option<Order> {
        [Order::Attack, Order::Retreat].into_iter().find(|order| order.name() == name)
    }

    /// In a word.
    pub fn text(self) -> Text {
        match self {
            Order::Attack => t!("attack"),
            Order::Retreat => t!("retreat"),
        }
    }

    /// What most of these are; to retreat where they are as many (Lamport, Shostak and Pease 1982, section 3).
    pub fn majority(orders: &[Order]) -> Order {
        let attacks = orders.iter().filter(|order| **order == Order::Attack).count();
        if 2 * attacks > orders.len() { Order::Attack } else { Order::Retreat }
    }
}
