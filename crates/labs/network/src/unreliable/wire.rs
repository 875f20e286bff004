//! What travels: 24 bytes with a check of the two ends inside, and a check of the hop around them.

use parts::checksum::{crc32, internet};
use serde::Serialize;
use sim::rng::Rng;
use sim::{Text, t};

/// How many bytes a request or an answer has.
pub const LENGTH: usize = 24;

/// How many of them the check of the ends covers; the rest is that check.
const CONTENT: usize = 20;

/// The names of the accounts.
pub const ACCOUNTS: [&str; 2] = ["a", "b"];

/// What an answer has in the place of what to do, besides that.
const IS_ANSWER: u8 = 0x80;

/// What can be done to an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Deed {
    /// Adds to its balance: twice is not the same as once.
    #[default]
    Charge,
    /// Sets its limit: twice is the same as once.
    Set,
}

/// What a user wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ask {
    pub deed: Deed,
    /// The place of the account.
    pub account: u8,
    pub amount: u32,
}

/// A request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Request {
    /// Counted from 1.
    pub client: u8,
    /// Counted from 1 by the client.
    pub number: u32,
    /// 0 for none.
    pub key: u32,
    /// Counted from 1.
    pub attempt: u8,
    pub ask: Ask,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub client: u8,
    pub number: u32,
    pub key: u32,
    pub ask: Ask,
    pub status: Status,
    /// The balance or the limit after it, where it was done.
    pub after: u32,
}

/// How a request has come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Status {
    /// 200: it is done.
    Done,
    /// 409: one with this key is at work.
    AtWork,
    /// 422: another request had this key.
    OtherRequest,
    /// 400: it has no key.
    NoKey,
    /// A newer one of the same client has taken effect.
    Outdated,
    /// There is one with this key already, and nothing more is said.
    Exists,
}

impl Status {
    const ALL: [Status; 6] =
        [Status::Done, Status::AtWork, Status::OtherRequest, Status::NoKey, Status::Outdated, Status::Exists];

    /// The status in a word or a number.
    pub fn word(self) -> Text {
        match self {
            Status::Done => t!("done"),
            Status::AtWork => t!("409"),
            Status::OtherRequest => t!("422"),
            Status::NoKey => t!("400"),
            Status::Outdated => t!("outdated"),
            Status::Exists => t!("exists"),
        }
    }
}

/// The bytes of a request or an answer.
pub type Bytes = [u8; LENGTH];

/// What stands in the bytes, whether it makes sense or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// What to do, 1 or 2; in an answer with the highest bit set.
    pub code: u8,
    pub client: u8,
    pub account: u8,
    /// The attempt, or the status of an answer.
    pub flag: u8,
    pub key: u32,
    pub number: u32,
    pub amount: u32,
    pub after: u32,
    /// The check of the ends, as it stands there.
    pub check: u32,
}

impl Record {
    /// Reads bytes.
    pub fn read(bytes: &Bytes) -> Record {
        let word = |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        Record {
            code: bytes[0],
            client: bytes[1],
            account: bytes[2],
            flag: bytes[3],
            key: word(4),
            number: word(8),
            amount: word(12),
            after: word(16),
            check: word(CONTENT),
        }
    }

    fn write(self) -> Bytes {
        let mut bytes = [0; LENGTH];
        bytes[..4].copy_from_slice(&[self.code, self.client, self.account, self.flag]);
        for (place, word) in [self.key, self.number, self.amount, self.after].into_iter().enumerate() {
            bytes[4 + 4 * place..8 + 4 * place].copy_from_slice(&word.to_be_bytes());
        }
        let check = crc32(&bytes[..CONTENT]);
        bytes[CONTENT..].copy_from_slice(&check.to_be_bytes());
        bytes
    }

    fn ask(self) -> Option<Ask> {
        let deed = match self.code & !IS_ANSWER {
            1 => Deed::Charge,
            2 => Deed::Set,
            _ => return None,
        };
        let is_known = usize::from(self.account) < ACCOUNTS.len();
        is_known.then_some(Ask { deed, account: self.account, amount: self.amount })
    }

    /// The request that it is, if it is one.
    pub fn request(self) -> Option<Request> {
        let ask = self.ask().filter(|_| self.code & IS_ANSWER == 0)?;
        Some(Request { client: self.client, number: self.number, key: self.key, attempt: self.flag, ask })
    }

    /// The answer that it is, if it is one.
    pub fn answer(self) -> Option<Answer> {
        let ask = self.ask().filter(|_| self.code & IS_ANSWER != 0)?;
        let status = *Status::ALL.get(usize::from(self.flag))?;
        let Record { client, number, key, after, .. } = self;
        Some(Answer { client, number, key, ask, status, after })
    }
}

impl Ask {
    fn code(self) -> u8 {
        match self.deed {
            Deed::Charge => 1,
            Deed::Set => 2,
        }
    }
}

impl Request {
    /// Its bytes, with the check of the client.
    pub fn bytes(self) -> Bytes {
        let Request { client, number, key, attempt, ask } = self;
        let code = ask.code();
        Record {
            code,
            client,
            account: ask.account,
            flag: attempt,
            key,
            number,
            amount: ask.amount,
            after: 0,
            check: 0,
        }
        .write()
    }

    /// What it asks for, in a number: what the same key may not stand for twice.
    pub fn fingerprint(self) -> u64 {
        let Request { number, ask, .. } = self;
        u64::from(number) << 32 | u64::from(ask.code()) << 28 | u64::from(ask.account) << 24 | u64::from(ask.amount)
    }

    /// Its key in all the world.
    pub fn own_key(self) -> u64 {
        u64::from(self.client) << 32 | u64::from(self.key)
    }

    /// The answer to it.
    pub fn answer(self, status: Status, after: u32) -> Answer {
        let Request { client, number, key, ask, .. } = self;
        Answer { client, number, key, ask, status, after }
    }
}

impl Answer {
    /// Its bytes, with the check of the ledger.
    pub fn bytes(self) -> Bytes {
        let Answer { client, number, key, ask, status, after } = self;
        let flag = Status::ALL.iter().position(|known| *known == status).unwrap_or(0) as u8;
        let code = ask.code() | IS_ANSWER;
        Record { code, client, account: ask.account, flag, key, number, amount: ask.amount, after, check: 0 }.write()
    }
}

/// The check of a hop, as it travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum HopCheck {
    None,
    Internet(u16),
    Crc(u32),
}

impl HopCheck {
    /// The same kind of check, of these bytes.
    pub fn of(self, bytes: &Bytes) -> HopCheck {
        match self {
            HopCheck::None => HopCheck::None,
            HopCheck::Internet(_) => HopCheck::Internet(internet(bytes)),
            HopCheck::Crc(_) => HopCheck::Crc(crc32(bytes)),
        }
    }

    fn bytes(self) -> Vec<u8> {
        match self {
            HopCheck::None => Vec::new(),
            HopCheck::Internet(sum) => sum.to_be_bytes().to_vec(),
            HopCheck::Crc(rest) => rest.to_be_bytes().to_vec(),
        }
    }
}

/// Bytes on a hop.
///
/// `left` and `origin` do not travel: they are what the simulator knows of them, so that a visitor can see what has become of
/// them. No node looks at them to decide anything.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Packet {
    pub bytes: Bytes,
    pub check: HopCheck,
    /// The bytes as they left the last node.
    pub left: Bytes,
    /// The bytes as they left the end that made them.
    pub origin: Bytes,
}

impl Packet {
    /// Bytes that leave the end that made them.
    pub fn new(bytes: Bytes, kind: HopCheck) -> Packet {
        Packet { bytes, check: kind.of(&bytes), left: bytes, origin: bytes }
    }

    /// The same bytes on the next hop, or what has become of them, with a check computed anew.
    pub fn onward(&self, bytes: Bytes, kind: HopCheck) -> Packet {
        Packet { bytes, check: kind.of(&bytes), left: bytes, origin: self.origin }
    }

    /// Whether the check of the hop fits.
    pub fn fits(&self) -> bool {
        self.check.of(&self.bytes) == self.check
    }

    /// Whether the check of the ends fits.
    pub fn is_whole(&self) -> bool {
        Record::read(&self.bytes).check == crc32(&self.bytes[..CONTENT])
    }

    /// Whether it is not what the end has made.
    pub fn is_spoilt(&self) -> bool {
        self.bytes != self.origin
    }

    /// What a link makes of it, in the bytes or in the check.
    pub fn damaged(&self, rng: &mut Rng) -> Packet {
        let mut all = self.bytes.to_vec();
        all.extend(self.check.bytes());
        match rng.below(4) {
            0 | 1 => flip(&mut all, rng),
            2 => swap(&mut all, rng),
            _ => burst(&mut all, rng),
        }
        let mut packet = self.clone();
        packet.bytes.copy_from_slice(&all[..LENGTH]);
        packet.check = match (self.check, &all[LENGTH..]) {
            (HopCheck::Internet(_), [one, two]) => HopCheck::Internet(u16::from_be_bytes([*one, *two])),
            (HopCheck::Crc(_), [one, two, three, four]) => {
                HopCheck::Crc(u32::from_be_bytes([*one, *two, *three, *four]))
            }
            _ => HopCheck::None,
        };
        packet
    }
}

/// One bit is another one.
pub fn flip(bytes: &mut [u8], rng: &mut Rng) {
    let bit = rng.below(bytes.len() as u64 * 8) as usize;
    bytes[bit / 8] ^= 1 << (bit % 8);
}

/// Two different words of 16 bits change places; where all are equal, a bit is another one.
pub fn swap(bytes: &mut [u8], rng: &mut Rng) {
    let words = bytes.len() as u64 / 2;
    let word = |bytes: &[u8], place: usize| [bytes[2 * place], bytes[2 * place + 1]];
    for _ in 0..32 {
        let (one, other) = (rng.below(words) as usize, rng.below(words) as usize);
        let (first, second) = (word(bytes, one), word(bytes, other));
        if first != second {
            bytes[2 * one..2 * one + 2].copy_from_slice(&second);
            bytes[2 * other..2 * other + 2].copy_from_slice(&first);
            return;
        }
    }
    flip(bytes, rng);
}

/// Up to 32 bits in a row are drawn anew, the first and the last of them changed for sure.
pub fn burst(bytes: &mut [u8], rng: &mut Rng) {
    let length = rng.between(2, 32);
    let first = rng.below(bytes.len() as u64 * 8 - length + 1);
    for place in 0..length {
        let is_end = place == 0 || place == length - 1;
        if is_end || rng.below(2) == 1 {
            let bit = (first + place) as usize;
            bytes[bit / 8] ^= 0x80 >> (bit % 8);
        }
    }
}

/// What a node has met of damage. It knows only what it has noticed itself; the rest is what the simulator knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Seen {
    /// What it has thrown away because a check did not fit.
    pub thrown: u64,
    /// Damage of a hop whose check it has looked at and found good.
    pub slipped: u64,
    /// The last damage that came to it or was done by it.
    pub last: Option<Damage>,
}

/// Bytes before and after damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Damage {
    pub before: Bytes,
    pub after: Bytes,
    /// Whether the node that got them threw them away.
    pub is_noticed: bool,
    /// When, on the clock of the node that nobody sets.
    pub at_us: u64,
}

impl Seen {
    /// Looks at the check of a hop. Returns whether it fits.
    pub fn look(&mut self, packet: &Packet, at_us: u64) -> bool {
        let fits = packet.fits();
        if packet.bytes != packet.left {
            self.last = Some(Damage { before: packet.left, after: packet.bytes, is_noticed: !fits, at_us });
            self.slipped += u64::from(fits && packet.check != HopCheck::None);
        }
        self.thrown += u64::from(!fits);
        fits
    }

    /// The check of the ends does not fit, and what came is thrown away.
    pub fn throw(&mut self, packet: &Packet, at_us: u64) {
        self.thrown += 1;
        self.last = Some(Damage { before: packet.origin, after: packet.bytes, is_noticed: true, at_us });
    }
}
