//! What a server answers reads from: the log up to some entry, carried out.

use serde::Serialize;
use sim::Map;
use sim::history::Value;

use super::log::{Log, Position};

/// The values of all keys after some entry of a log, and which entry wrote each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Store {
    values: Map<Value, (Value, Position)>,
    /// The last entry that was carried out.
    pub applied: Position,
}

impl Store {
    /// Carries out the log up to an index: what comes next, or all of it from the start where the log has changed before.
    pub fn follow(&mut self, log: &Log, index: u64) {
        if !log.contains(self.applied) || self.applied.index > index {
            *self = Store::default();
        }
        for next in self.applied.index + 1..=index {
            let (Some(entry), Some(position)) = (log.entry(next), log.position(next)) else { return };
            if let Some(write) = &entry.write {
                self.values.insert(write.key.clone(), (write.value.clone(), position));
            }
            self.applied = position;
        }
    }

    /// The value of a key, and the entry that wrote it.
    pub fn get(&self, key: &Value) -> (Value, Position) {
        self.values.get(key).cloned().unwrap_or_default()
    }

    /// All keys with their values.
    pub fn values(&self) -> impl Iterator<Item = (&Value, &Value)> {
        self.values.iter().map(|(key, (value, _))| (key, value))
    }
}
