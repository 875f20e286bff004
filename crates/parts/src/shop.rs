//! A shop that several labs run: accounts, pieces on the shelf, places in the van, and what an order asks of each. What is counted
//! here is all there is; how several services agree on it is the business of the labs.

use serde::Serialize;
use sim::{Map, NodeId, Text, t};

/// What a piece costs.
pub const PRICE: i64 = 30;

/// What is on each account at the start.
pub const BALANCE: i64 = 100;

/// How many places the van has at the start.
pub const PLACES: i64 = 5;

/// How many pieces, and how many places, come with a delivery.
pub const DELIVERY: i64 = 3;

/// How much is paid in at once.
pub const PAID_IN: i64 = 90;

/// An order: whose it is, and its number there, which never comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OrderId {
    pub customer: NodeId,
    pub number: u64,
}

impl OrderId {
    /// Its name, with the label of the customer still to come: "A1".
    pub fn text(self) -> Text {
        t!("{customer}{number}", customer = self.customer, number = self.number)
    }
}

/// A service of the shop. Each counts one kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Desk {
    Payment,
    Inventory,
    Shipping,
    Loyalty,
    Invoices,
}

impl Desk {
    /// All of them; a shop of few services has the first ones.
    pub const ALL: [Desk; 5] = [Desk::Payment, Desk::Inventory, Desk::Shipping, Desk::Loyalty, Desk::Invoices];

    /// The label of its node.
    pub fn name(self) -> &'static str {
        match self {
            Desk::Payment => "Pay",
            Desk::Inventory => "Stock",
            Desk::Shipping => "Ship",
            Desk::Loyalty => "Points",
            Desk::Invoices => "Bills",
        }
    }
}

/// Something that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Good {
    /// The money of a customer.
    Account(NodeId),
    Pieces,
    Places,
    Points,
    Bills,
}

impl Good {
    /// So many of it, in words.
    pub fn amount(self, amount: i64) -> Text {
        match (self, amount) {
            (Good::Account(customer), _) => t!("{customer}’s {amount}", customer = customer, amount = amount),
            (Good::Pieces, 1) => t!("1 piece"),
            (Good::Pieces, _) => t!("{amount} pieces", amount = amount),
            (Good::Places, 1) => t!("1 place"),
            (Good::Places, _) => t!("{amount} places", amount = amount),
            (Good::Points, 1) => t!("1 point"),
            (Good::Points, _) => t!("{amount} points", amount = amount),
            (Good::Bills, 1) => t!("1 invoice"),
            (Good::Bills, _) => t!("{amount} invoices", amount = amount),
        }
    }

    /// Its name in histories, with the label of the customer: "account A".
    pub fn key(self, customer: &str) -> String {
        match self {
            Good::Account(_) => format!("account {customer}"),
            Good::Pieces => "pieces".to_string(),
            Good::Places => "places".to_string(),
            Good::Points => "points".to_string(),
            Good::Bills => "invoices".to_string(),
        }
    }
}

/// What somebody wants of the whole shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Wish {
    /// Buy so many pieces.
    Order { pieces: u8 },
    /// Put money on the account.
    PayIn,
    /// New pieces, and a new van.
    Restock,
}

impl Wish {
    pub fn text(self) -> Text {
        match self {
            Wish::Order { pieces: 1 } => t!("1 piece"),
            Wish::Order { pieces } => t!("{amount} pieces", amount = i64::from(pieces)),
            Wish::PayIn => t!("{amount} for the account", amount = PAID_IN),
            Wish::Restock => t!("a delivery for the shop"),
        }
    }

    /// What it asks of a service.
    pub fn change(self, desk: Desk, customer: NodeId) -> Change {
        let good = match desk {
            Desk::Payment => Good::Account(customer),
            Desk::Inventory => Good::Pieces,
            Desk::Shipping => Good::Places,
            Desk::Loyalty => Good::Points,
            Desk::Invoices => Good::Bills,
        };
        let by = match (self, desk) {
            (Wish::Order { pieces }, Desk::Payment) => -PRICE * i64::from(pieces),
            (Wish::Order { pieces }, Desk::Inventory) => -i64::from(pieces),
            (Wish::Order { .. }, Desk::Shipping) => -1,
            (Wish::Order { pieces }, Desk::Loyalty) => i64::from(pieces),
            (Wish::Order { .. }, Desk::Invoices) => 1,
            (Wish::PayIn, Desk::Payment) => PAID_IN,
            (Wish::Restock, Desk::Inventory | Desk::Shipping) => DELIVERY,
            (Wish::PayIn | Wish::Restock, _) => 0,
        };
        Change { good, by }
    }
}

/// What becomes of something: more of it, less, or by 0, it is only looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub good: Good,
    pub by: i64,
}

impl Change {
    /// Whether it changes anything.
    pub fn writes(self) -> bool {
        self.by != 0
    }

    /// What it takes or brings, in words: "A's 30", "1 piece".
    pub fn text(self) -> Text {
        self.good.amount(self.by.abs())
    }
}

/// What a service counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Shelves(Map<Good, Shelf>);

/// One thing that is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shelf {
    pub amount: i64,
    /// The order that has changed it last.
    pub last: Option<OrderId>,
}

impl Shelves {
    /// What a service has at the start of a shop with so many pieces.
    pub fn opened(desk: Desk, customers: impl Iterator<Item = NodeId>, pieces: i64) -> Shelves {
        let shelf = |good, amount| (good, Shelf { amount, last: None });
        Shelves(match desk {
            Desk::Payment => customers.map(|customer| shelf(Good::Account(customer), BALANCE)).collect(),
            Desk::Inventory => [shelf(Good::Pieces, pieces)].into_iter().collect(),
            Desk::Shipping => [shelf(Good::Places, PLACES)].into_iter().collect(),
            Desk::Loyalty => [shelf(Good::Points, 0)].into_iter().collect(),
            Desk::Invoices => [shelf(Good::Bills, 0)].into_iter().collect(),
        })
    }

    /// How much there is of something.
    pub fn get(&self, good: Good) -> Shelf {
        self.0.get(&good).copied().unwrap_or_default()
    }

    /// All that is counted.
    pub fn iter(&self) -> impl Iterator<Item = (Good, Shelf)> {
        self.0.iter().map(|(good, shelf)| (*good, *shelf))
    }

    /// Whether there is enough for a change.
    pub fn has_enough(&self, change: Change) -> bool {
        change.by >= 0 || self.get(change.good).amount + change.by >= 0
    }

    /// Makes a change. Returns who had made the one before it, which is what taking it back needs.
    pub fn make(&mut self, change: Change, order: OrderId) -> Option<OrderId> {
        let shelf = self.0.get_or_insert_with(change.good, Shelf::default);
        let before = shelf.last;
        if change.writes() {
            *shelf = Shelf { amount: shelf.amount + change.by, last: Some(order) };
        }
        before
    }

    /// Takes a change back. Where somebody else has changed the same since, their change stays.
    pub fn take_back(&mut self, change: Change, order: OrderId, before: Option<OrderId>) {
        let shelf = self.0.get_or_insert_with(change.good, Shelf::default);
        shelf.amount -= change.by;
        if shelf.last == Some(order) {
            shelf.last = before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: NodeId = NodeId(0);

    fn order(number: u64) -> OrderId {
        OrderId { customer: A, number }
    }

    #[test]
    fn an_order_takes_money_pieces_and_a_place() {
        let changes = Desk::ALL.map(|desk| Wish::Order { pieces: 2 }.change(desk, A).by);
        assert_eq!(changes, [-60, -2, -1, 2, 1]);
        assert_eq!(Desk::ALL.map(|desk| Wish::PayIn.change(desk, A).writes()), [true, false, false, false, false]);
    }

    #[test]
    fn what_is_not_there_cannot_be_taken() {
        let mut shelves = Shelves::opened(Desk::Inventory, [A].into_iter(), 1);
        let one = Wish::Order { pieces: 1 }.change(Desk::Inventory, A);
        assert!(shelves.has_enough(one));
        assert_eq!(shelves.make(one, order(1)), None);
        assert!(!shelves.has_enough(one));
        assert_eq!(shelves.get(Good::Pieces), Shelf { amount: 0, last: Some(order(1)) });
    }

    #[test]
    fn what_is_taken_back_was_never_there_unless_somebody_built_on_it() {
        let mut shelves = Shelves::opened(Desk::Payment, [A].into_iter(), 1);
        let (out, back) = (Wish::Order { pieces: 1 }, Wish::PayIn);
        let [out, back] = [out, back].map(|wish| wish.change(Desk::Payment, A));
        let before = shelves.make(out, order(1));
        let mut built_on = shelves.clone();
        shelves.take_back(out, order(1), before);
        assert_eq!(shelves, Shelves::opened(Desk::Payment, [A].into_iter(), 1));
        built_on.make(back, order(2));
        built_on.take_back(out, order(1), before);
        assert_eq!(built_on.get(Good::Account(A)), Shelf { amount: 190, last: Some(order(2)) });
    }
}
