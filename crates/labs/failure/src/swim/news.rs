//! What a member has still to pass on: infection-style dissemination (section 4.1).

use serde::Serialize;
use sim::NodeId;

/// The members of whom there is news, those passed on least often first: younger news matters more.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct News(Vec<Item>);

/// News of one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    pub member: NodeId,
    /// How many times it has been passed on.
    pub times: u32,
}

impl News {
    /// There is something new of a member; it takes the place of older news.
    pub fn add(&mut self, member: NodeId) {
        self.0.retain(|item| item.member != member);
        self.0.insert(0, Item { member, times: 0 });
    }

    /// What goes onto the next message: at most `most` members. Each is forgotten after `limit` messages.
    pub fn take(&mut self, most: usize, limit: u32) -> Vec<NodeId> {
        let taken: Vec<Item> = self.0.drain(..most.min(self.0.len())).collect();
        for item in &taken {
            let item = Item { times: item.times + 1, ..*item };
            if item.times < limit {
                let place = self.0.partition_point(|other| other.times <= item.times);
                self.0.insert(place, item);
            }
        }
        taken.into_iter().map(|item| item.member).collect()
    }

    /// Whether everything has been passed on.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is still to be passed on.
    pub fn iter(&self) -> impl Iterator<Item = &Item> {
        self.0.iter()
    }
}

/// How often news is passed on in a group of this size: λ · ⌈ln(n + 1)⌉ times (section 4.1: λ log n; section 5: 3⌈log(n + 1)⌉).
pub fn transmissions(lambda: u32, members: usize) -> u32 {
    /// The largest whole numbers with a natural logarithm of at most 1, 2, 3, …
    const POWERS_OF_E: [usize; 8] = [2, 7, 20, 54, 148, 403, 1_096, 2_980];
    let rounded_up = POWERS_OF_E.iter().position(|power| members < *power).unwrap_or(POWERS_OF_E.len());
    lambda * (rounded_up as u32 + 1)
}
