//! What somebody keeps of answers, for a while.

use serde::Serialize;
use sim::Map;

/// Answers by what was asked. Times are on the keeper's clock, in microseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cache<K: Ord, V> {
    kept: Map<K, Kept<V>>,
    /// How many may be kept.
    most: usize,
}

/// An answer that is kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Kept<V> {
    pub value: V,
    /// When it came.
    pub came_us: u64,
}

impl<V> Kept<V> {
    /// How old it is (RFC 9111, section 4.2.3).
    pub fn age_us(&self, now_us: u64) -> u64 {
        now_us.saturating_sub(self.came_us)
    }
}

impl<K: Ord + Clone, V> Cache<K, V> {
    /// Nothing is kept yet.
    pub fn new(most: usize) -> Cache<K, V> {
        Cache { kept: Map::default(), most }
    }

    /// The answer, if it is not older than that (RFC 9111, section 4.2).
    pub fn fresh<'a>(&'a self, asked: &K, now_us: u64, max_age_us: u64) -> Option<&'a Kept<V>> {
        self.kept.get(asked).filter(|kept| kept.age_us(now_us) <= max_age_us)
    }

    /// Keeps an answer in the place of what was kept before. Where there is no room, the oldest one goes.
    pub fn keep(&mut self, asked: K, value: V, now_us: u64) {
        if self.kept.get(&asked).is_none() && self.len() >= self.most {
            let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.came_us).map(|(key, _)| key.clone());
            oldest.into_iter().for_each(|key| drop(self.kept.remove(&key)));
        }
        self.kept.insert(asked, Kept { value, came_us: now_us });
    }

    /// Throws an answer away (RFC 9111, section 4.4). Returns whether there was one.
    pub fn throw_away(&mut self, asked: &K) -> bool {
        self.kept.remove(asked).is_some()
    }

    /// All that is kept, old answers too.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &Kept<V>)> {
        self.kept.iter()
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.kept.values().count()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9111, sections 4.2 and 4.4.
    #[test]
    fn an_answer_is_kept_until_it_is_old_or_thrown_away() {
        let mut cache = Cache::new(2);
        cache.keep("a", 1, 10);
        assert_eq!(cache.fresh(&"a", 15, 5).map(|kept| (kept.value, kept.age_us(15))), Some((1, 5)));
        assert!(cache.fresh(&"a", 16, 5).is_none() && cache.fresh(&"b", 10, 5).is_none());
        cache.keep("a", 2, 20);
        assert_eq!(cache.fresh(&"a", 20, 0).map(|kept| kept.value), Some(2));
        assert!(cache.throw_away(&"a") && !cache.throw_away(&"a") && cache.is_empty());
    }

    #[test]
    fn the_oldest_goes_where_there_is_no_room() {
        let mut cache = Cache::new(2);
        for (asked, now_us) in [("a", 30), ("b", 10), ("c", 20)] {
            cache.keep(asked, (), now_us);
        }
        assert_eq!(cache.iter().map(|(asked, _)| *asked).collect::<Vec<_>>(), ["a", "c"]);
    }
}
