//! A block, and the chain that it ends.
//!
//! A block names its parent by the parent's digest, so that it fixes all its ancestors. Here it holds them as well: a node that knows
//! a block may look at its ancestors only where it knows them too.

use std::fmt;
use std::rc::Rc;

use serde::{Serialize, Serializer};
use sim::list::List;
use sim::rng::mix;
use sim::{NodeId, Text, t};

/// How much work the first blocks take: all hash power that there is at the start finds one of them in an interval.
pub const FIRST_WORK: u64 = 1_000_000;

/// Of so many blocks a new one has to be later than the median (Bitcoin's `nMedianTimeSpan`).
const MEDIAN_OF: usize = 11;

/// The coins that a miner may give itself for a block.
pub const REWARD: u64 = 1;

/// A block with all that it stands on.
pub type Link = Rc<Block>;

/// A block.
pub struct Block {
    /// The digest of all that is written in it.
    pub id: u64,
    pub parent: Option<Link>,
    pub height: u64,
    /// What the clock of its miner showed, more or less.
    pub time_us: i64,
    /// How much work it took, on average.
    pub work: u64,
    /// The same with all its ancestors.
    pub total: u128,
    pub miner: NodeId,
    pub reward: u64,
    pub kb: u64,
    pub payments: Vec<Payment>,
    /// Which payment has spent each coin, up to this block: what its chain says, counted once. 0 where none has.
    spent: List<u64>,
}

/// A coin goes from one to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Payment {
    pub id: u64,
    pub from: NodeId,
    pub to: NodeId,
    pub coin: u32,
}

impl Payment {
    /// A payment. Two of one coin differ in who gets it, or in their number.
    pub fn new(from: NodeId, to: NodeId, coin: u32, number: u32) -> Payment {
        let id = fold(&[u64::from(from.0), u64::from(to.0), u64::from(coin), u64::from(number)]);
        Payment { id, from, to, coin }
    }
}

/// What a miner writes into a block.
#[derive(Clone, Debug)]
pub struct Draft {
    pub time_us: i64,
    pub work: u64,
    pub miner: NodeId,
    pub reward: u64,
    pub kb: u64,
    pub payments: Vec<Payment>,
}

fn fold(numbers: &[u64]) -> u64 {
    numbers.iter().fold(1, |digest, number| mix(digest ^ mix(*number))).max(1)
}

impl Block {
    /// The first block, which all know.
    pub fn genesis() -> Link {
        Rc::new(Block {
            id: 1,
            parent: None,
            height: 0,
            time_us: 0,
            work: FIRST_WORK,
            total: u128::from(FIRST_WORK),
            miner: NodeId(0),
            reward: 0,
            kb: 0,
            payments: Vec::new(),
            spent: List::default(),
        })
    }

    /// A block on top of this one.
    pub fn on(parent: &Link, draft: Draft) -> Link {
        let Draft { time_us, work, miner, reward, kb, payments } = draft;
        let mut numbers = vec![parent.id, time_us as u64, work, u64::from(miner.0), reward, kb];
        numbers.extend(payments.iter().map(|payment| payment.id));
        let mut spent = parent.spent.clone();
        for payment in &payments {
            let place = payment.coin as usize;
            while spent.len() <= place {
                spent.push(0);
            }
            if let Some(spender) = spent.get_mut(place) {
                *spender = payment.id;
            }
        }
        Rc::new(Block {
            id: fold(&numbers),
            parent: Some(parent.clone()),
            height: parent.height + 1,
            time_us,
            work,
            total: parent.total + u128::from(work),
            miner,
            reward,
            kb,
            payments,
            spent,
        })
    }

    /// The digest of the block that it stands on; 0 for the first block.
    pub fn parent_id(&self) -> u64 {
        self.parent.as_ref().map_or(0, |parent| parent.id)
    }

    /// The payment of this coin in its chain.
    pub fn spender(&self, coin: u32) -> Option<u64> {
        self.spent.get(coin as usize).copied().filter(|id| *id != 0)
    }

    /// Whether its chain has this payment.
    pub fn has(&self, payment: &Payment) -> bool {
        self.spender(payment.coin) == Some(payment.id)
    }

    /// "17 M4": how it is called where there may be several of one height.
    pub fn name(&self) -> Text {
        if self.parent.is_none() {
            return t!("0");
        }
        t!("{height} {miner}", height = self.height, miner = self.miner)
    }
}

/// The block and its ancestors, the newest first.
pub fn chain(tip: &Link) -> impl Iterator<Item = &Link> {
    std::iter::successors(Some(tip), |block| block.parent.as_ref())
}

/// The ancestor of this height, or the block itself.
pub fn ancestor(tip: &Link, height: u64) -> Option<&Link> {
    chain(tip).take_while(|block| block.height >= height).find(|block| block.height == height)
}

/// Whether `tip` stands on `block`, or is it.
pub fn stands_on(tip: &Link, block: &Block) -> bool {
    ancestor(tip, block.height).is_some_and(|ancestor| ancestor.id == block.id)
}

/// The last block that both have.
pub fn fork<'a>(one: &'a Link, other: &'a Link) -> &'a Link {
    let (mut one, mut other) = (one, other);
    while one.id != other.id {
        let higher = if one.height >= other.height { &mut one } else { &mut other };
        match &higher.parent {
            Some(parent) => *higher = parent,
            None => return higher,
        }
    }
    one
}

/// The blocks from the tip down to this ancestor, without it.
pub fn above<'a>(tip: &'a Link, base: &Block) -> Vec<&'a Link> {
    let height = base.height;
    chain(tip).take_while(|block| block.height > height).collect()
}

/// The median of the times of the last blocks: a new one has to be later.
pub fn median_us(parent: &Link) -> i64 {
    let mut times: Vec<i64> = chain(parent).take(MEDIAN_OF).map(|block| block.time_us).collect();
    sim::experiment::sort(&mut times);
    times[times.len() / 2]
}

impl PartialEq for Block {
    fn eq(&self, other: &Block) -> bool {
        self.id == other.id
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Block({}, {:x})", self.height, self.id)
    }
}

/// The digest stands for all of it.
impl Serialize for Block {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.id.serialize(serializer)
    }
}

/// Block by block: a long chain would otherwise be dropped in as many calls within calls.
impl Drop for Block {
    fn drop(&mut self) {
        let mut next = self.parent.take();
        while let Some(block) = next {
            next = Rc::try_unwrap(block).ok().and_then(|mut block| block.parent.take());
        }
    }
}
