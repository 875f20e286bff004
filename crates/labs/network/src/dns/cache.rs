//! What a resolver remembers: records with the time for which they may be kept, names that are not there, and questions that
//! came to nothing.

use serde::Serialize;
use sim::map::Map;

use super::name::{Address, Data, Kind, Name, Question, Record, Zone};
use super::settings::Config;

/// An alias leads to an alias at most so many times (as in Unbound).
pub const MOST_ALIASES: u32 = 11;

/// So many entries are kept.
const MOST_ENTRIES: usize = 256;

const SECOND_US: u64 = 1_000_000;

/// How much an entry is to be trusted (RFC 2181, section 5.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Rank {
    /// From a referral: whom to ask, and where to reach it. Never an answer.
    Glue,
    /// Whom an authority names beside its answer.
    Authority,
    /// An answer.
    Answer,
}

/// What is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Known {
    Records(Vec<Data>),
    /// The name is there, and has nothing of this type.
    NoData,
    /// There is no such name.
    NoName,
}

/// An entry of the cache.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    pub known: Known,
    /// For how many seconds it may be kept, as it came.
    pub ttl_s: u32,
    /// When it came, by the clock that nobody sets, in microseconds.
    pub received_us: u64,
    pub rank: Rank,
    /// Who said so.
    pub source: Address,
}

impl Entry {
    /// Until when it may be used.
    pub fn until_us(&self, config: &Config) -> u64 {
        let most_s = if matches!(self.known, Known::Records(_)) { config.max_ttl_s } else { config.max_negative_s };
        self.received_us + u64::from(self.ttl_s.min(most_s)) * SECOND_US
    }

    /// Whether it may be used.
    pub fn is_fresh(&self, now_us: u64, config: &Config) -> bool {
        !config.rules.expire || now_us <= self.until_us(config)
    }

    /// Whether it is old, and may be used where there is nothing better (RFC 8767).
    fn is_bearable(&self, now_us: u64, config: &Config) -> bool {
        now_us <= self.until_us(config) + config.max_stale_us
    }

    /// For how many seconds whoever gets it may keep it.
    pub fn rest_s(&self, now_us: u64, config: &Config) -> u32 {
        if !config.rules.count_down {
            return self.ttl_s;
        }
        (self.until_us(config).saturating_sub(now_us) / SECOND_US) as u32
    }
}

/// What a resolver remembers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cache {
    pub entries: Map<(Name, Kind), Entry>,
    /// Questions that came to nothing, and until when nobody tries again.
    pub failures: Map<Question, u64>,
}

/// What the cache says to a question.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// It is known: these entries, an alias before what it leads to. The last one may be a no.
    Known(Vec<(Name, Kind)>),
    /// This has to be asked for.
    Missing(Question),
    /// Nobody shall try.
    Failed,
}

impl Cache {
    /// Looks for an answer. `old_too` takes what has run out, but only answers.
    pub fn find(&self, question: Question, now_us: u64, old_too: bool, config: &Config) -> Finding {
        let mut way = Vec::new();
        let mut name = question.name;
        let good = |key: &(Name, Kind)| {
            self.entries.get(key).filter(|entry| {
                let is_meant = if old_too { entry.is_bearable(now_us, config) } else { entry.is_fresh(now_us, config) };
                entry.rank == Rank::Answer && is_meant
            })
        };
        for _ in 0..=MOST_ALIASES {
            let key = (name, question.kind);
            if good(&key).is_some() {
                way.push(key);
                return Finding::Known(way);
            }
            let alias = (name, Kind::Cname);
            let target = good(&alias).and_then(|entry| match &entry.known {
                Known::Records(data) => data.iter().find_map(|data| match data {
                    Data::Cname(target) => Some(*target),
                    _ => None,
                }),
                _ => None,
            });
            match target {
                Some(target) => {
                    way.push(alias);
                    name = target;
                }
                None => return Finding::Missing(Question { name, kind: question.kind }),
            }
        }
        Finding::Failed
    }

    /// Keeps what came, unless something better is known.
    pub fn keep(&mut self, key: (Name, Kind), entry: Entry, config: &Config) {
        let now_us = entry.received_us;
        let better = |known: &Entry| known.rank > entry.rank && known.is_fresh(now_us, config);
        if self.entries.get(&key).is_some_and(better) {
            return;
        }
        self.entries.insert(key, entry);
        if self.entries.iter().count() > MOST_ENTRIES {
            self.sweep(now_us, config);
        }
    }

    /// Throws away what is of no more use, and the oldest where that is not enough.
    fn sweep(&mut self, now_us: u64, config: &Config) {
        let bear = |entry: &Entry| entry.is_fresh(now_us, config) || config.stale && entry.is_bearable(now_us, config);
        self.entries.retain(|_, entry| bear(entry));
        self.failures.retain(|_, until_us| *until_us > now_us);
        while self.entries.iter().count() > MOST_ENTRIES {
            let oldest = self.entries.iter().min_by_key(|(key, entry)| (entry.received_us, **key));
            let Some(key) = oldest.map(|(key, _)| *key) else { return };
            self.entries.remove(&key);
        }
    }

    /// The servers of a zone, if they are known: their names.
    pub fn servers(&self, zone: Zone, now_us: u64, config: &Config) -> Option<Vec<Name>> {
        let entry = self.entries.get(&(zone.apex(), Kind::Ns)).filter(|entry| entry.is_fresh(now_us, config))?;
        let Known::Records(data) = &entry.known else { return None };
        let names = data.iter().filter_map(|data| match data {
            Data::Ns(name) => Some(*name),
            _ => None,
        });
        Some(names.collect())
    }

    /// Where a server can be reached, if that is known: glue is good enough.
    pub fn address(&self, server: Name, now_us: u64, config: &Config) -> Option<Address> {
        let entry = self.entries.get(&(server, Kind::A)).filter(|entry| entry.is_fresh(now_us, config))?;
        let Known::Records(data) = &entry.known else { return None };
        data.iter().find_map(|data| match data {
            Data::A(address) => Some(*address),
            _ => None,
        })
    }

    /// Whether a question came to nothing a moment ago.
    pub fn has_failed(&self, question: Question, now_us: u64) -> bool {
        self.failures.get(&question).is_some_and(|until_us| now_us < *until_us)
    }
}

/// The records of a section, those of one name and type together, in the order in which they stand.
pub fn sets(records: &[Record]) -> Vec<((Name, Kind), u32, Vec<Data>)> {
    let mut sets: Vec<((Name, Kind), u32, Vec<Data>)> = Vec::new();
    for record in records {
        let key = (record.name, record.data.kind());
        match sets.iter_mut().find(|(known, ..)| *known == key) {
            Some((_, ttl_s, data)) => {
                *ttl_s = record.ttl_s.min(*ttl_s);
                data.push(record.data);
            }
            None => sets.push((key, record.ttl_s, vec![record.data])),
        }
    }
    sets
}
