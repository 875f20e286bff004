//! Idempotency keys: a server keeps the answer to each key, and gives it again when the key comes back.
//!
//! Stripe, *Idempotent requests*: the first result is kept, whatever it was; the same key with other parameters is an error; keys are
//! forgotten after a while. draft-ietf-httpapi-idempotency-key-header, sections 2.4 to 2.7: the same, with 409 while the first one
//! is still at work, 422 for another request under the same key, and 400 for none.

use serde::Serialize;
use sim::list::List;

/// In how many heaps the keys are kept, so that none is long.
const HEAPS: usize = 64;

/// What was answered under a key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Kept<A> {
    pub key: u64,
    /// What the request was, in a number.
    pub fingerprint: u64,
    pub answer: A,
    /// When it was kept, on the keeper's clock in microseconds.
    pub at_us: u64,
}

/// What a keeper knows of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<'a, A> {
    /// Nothing, or nothing any more.
    New,
    /// It has answered this request.
    Answered(&'a A),
    /// It has answered another request under this key.
    Other,
}

/// Keys with their answers. A clone shares what both have in common, since a keeper writes it to disk with every answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Keys<A> {
    /// None as long as no key is kept.
    heaps: Vec<List<Kept<A>>>,
}

impl<A> Default for Keys<A> {
    fn default() -> Keys<A> {
        Keys { heaps: Vec::new() }
    }
}

impl<A: Clone> Keys<A> {
    /// What is known of a key at a moment. What was kept for longer than `window_us` is forgotten.
    pub fn look(&self, key: u64, fingerprint: u64, now_us: u64, window_us: u64) -> Known<'_, A> {
        let Some(heap) = self.heaps.get(heap(key)) else { return Known::New };
        let of_key = (0..heap.len()).rev().filter_map(|place| heap.get(place)).find(|kept| kept.key == key);
        match of_key.filter(|kept| now_us.saturating_sub(kept.at_us) <= window_us) {
            None => Known::New,
            Some(kept) if kept.fingerprint == fingerprint => Known::Answered(&kept.answer),
            Some(_) => Known::Other,
        }
    }

    /// Keeps the answer to a key.
    pub fn keep(&mut self, kept: Kept<A>) {
        self.heaps.resize_with(HEAPS, List::default);
        self.heaps[heap(kept.key)].push(kept);
    }

    /// How many keys are not forgotten at a moment.
    pub fn count(&self, now_us: u64, window_us: u64) -> usize {
        let is_known = |kept: &&Kept<A>| now_us.saturating_sub(kept.at_us) <= window_us;
        self.heaps.iter().map(|heap| heap.iter().filter(is_known).count()).sum()
    }
}

fn heap(key: u64) -> usize {
    (sim::rng::mix(key) % HEAPS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stripe, Idempotent requests.
    #[test]
    fn a_key_brings_its_answer_back_for_a_while() {
        let mut keys = Keys::default();
        assert_eq!(keys.look(7, 1, 0, 100), Known::New);
        keys.keep(Kept { key: 7, fingerprint: 1, answer: "done", at_us: 10 });
        keys.keep(Kept { key: 8, fingerprint: 2, answer: "failed", at_us: 20 });
        assert_eq!(keys.look(7, 1, 110, 100), Known::Answered(&"done"));
        assert_eq!(keys.look(8, 2, 110, 100), Known::Answered(&"failed"));
        assert_eq!(keys.look(7, 3, 110, 100), Known::Other);
        assert_eq!(keys.look(7, 1, 111, 100), Known::New);
        assert_eq!(keys.count(115, 100), 1);
        keys.keep(Kept { key: 7, fingerprint: 1, answer: "again", at_us: 111 });
        assert_eq!(keys.look(7, 1, 120, 100), Known::Answered(&"again"));
    }
}
