//! Who can derive what: all that somebody has seen, taken apart until nothing is new; and whether a term can be built of that.
//!
//! Two passes decide (Dolev and Yao 1983; D. McAllester, "Automatic recognition of tractability in inference relations", 1993): what is
//! known is first taken apart (lists, what is signed, what is sealed under a key that can be built), and then a goal is built from its
//! parts. Taking apart is done once for what is new.

use serde::Serialize;

use super::term::{Kind, Term};

/// What somebody knows.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Knowledge {
    /// All that is known and taken apart, in the order in which it came.
    order: Vec<Term>,
    /// Where each stands in that order, counted from 1, at a place that follows from its number; 0 for nothing.
    #[serde(skip)]
    places: Vec<u32>,
    /// What is sealed and cannot be opened yet, by the secret that its key follows from.
    locked: Vec<Lock>,
    /// What applications said, in the order in which it was learnt.
    learned: Vec<Term>,
}

/// Sealed terms whose keys follow from one secret.
#[derive(Clone, Debug, Serialize)]
struct Lock {
    secret: Term,
    /// Whether that can be built, and only a transcript is missing.
    has_secret: bool,
    sealed: Vec<Term>,
}

/// What something new may open.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Opens {
    Nothing,
    /// What lacks a transcript only.
    WithSecret,
    /// Anything.
    Anything,
}

impl Knowledge {
    /// Takes in terms, and whatever they open.
    pub fn learn(&mut self, terms: impl IntoIterator<Item = Term>) {
        let mut new: Vec<Term> = terms.into_iter().collect();
        loop {
            let mut opens = Opens::Nothing;
            while let Some(term) = new.pop() {
                opens = opens.max(self.take_apart(term, &mut new));
            }
            if opens != Opens::Nothing {
                self.try_locks(opens, &mut new);
            }
            if new.is_empty() {
                return;
            }
        }
    }

    /// Adds one term, and hands on its parts.
    fn take_apart(&mut self, term: Term, new: &mut Vec<Term>) -> Opens {
        if !self.insert(&term) {
            return Opens::Nothing;
        }
        match term.kind() {
            Kind::Name(_) | Kind::Number(_) => return Opens::Nothing,
            Kind::Data(_) => self.learned.push(term.clone()),
            Kind::List(_, parts) => new.extend(parts.iter().cloned()),
            Kind::Sign(_, signed) => new.push(signed.clone()),
            Kind::Aead(key, _, plain) if self.can_build(key) => new.push(plain.clone()),
            Kind::Aead(key, ..) => {
                let secret = secret_of(key).clone();
                self.lock(term.clone(), secret);
                return Opens::Nothing;
            }
            Kind::Exponent(_) | Kind::Private(_) | Kind::Share(_) | Kind::Dh(..) | Kind::Kdf(..) => {
                return Opens::Anything;
            }
            Kind::Nonce(_) | Kind::Public(_) | Kind::Hash(_) | Kind::Mac(..) => {}
        }
        Opens::WithSecret
    }

    /// Writes a term down. Whether it is new.
    fn insert(&mut self, term: &Term) -> bool {
        if self.order.len() * 2 >= self.places.len() {
            let size = (self.places.len() * 2).max(64);
            self.places = vec![0; size];
            for place in 0..self.order.len() {
                let slot = self.slot(&self.order[place]);
                self.places[slot] = place as u32 + 1;
            }
        }
        let slot = self.slot(term);
        if self.places[slot] != 0 {
            return false;
        }
        self.order.push(term.clone());
        self.places[slot] = self.order.len() as u32;
        true
    }

    /// Where a term stands among the places, or would.
    fn slot(&self, term: &Term) -> usize {
        let mask = self.places.len() - 1;
        let mut slot = term.id() as usize & mask;
        loop {
            match self.places[slot] {
                0 => return slot,
                place if self.order[place as usize - 1] == *term => return slot,
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn lock(&mut self, sealed: Term, secret: Term) {
        match self.locked.iter_mut().rev().find(|lock| lock.secret == secret) {
            Some(lock) => lock.sealed.push(sealed),
            None => {
                let has_secret = self.can_build(&secret);
                self.locked.push(Lock { secret, has_secret, sealed: vec![sealed] });
            }
        }
    }

    /// Opens what can be opened by now.
    fn try_locks(&mut self, opens: Opens, new: &mut Vec<Term>) {
        let mut locked = std::mem::take(&mut self.locked);
        for lock in &mut locked {
            lock.has_secret |= opens == Opens::Anything && self.can_build(&lock.secret);
            if lock.has_secret {
                lock.sealed.retain(|sealed| {
                    let Kind::Aead(key, _, plain) = sealed.kind() else { return false };
                    let opens = self.can_build(key);
                    if opens {
                        new.push(plain.clone());
                    }
                    !opens
                });
            }
        }
        locked.retain(|lock| !lock.sealed.is_empty());
        self.locked = locked;
    }

    /// Whether a term can be built of what is known.
    pub fn can_build(&self, term: &Term) -> bool {
        if self.knows(term) {
            return true;
        }
        match term.kind() {
            Kind::Name(_) | Kind::Number(_) => true,
            Kind::Nonce(_) | Kind::Exponent(_) | Kind::Private(_) | Kind::Data(_) => false,
            Kind::Public(private) => self.can_build(private),
            Kind::Share(exponent) => self.can_build(exponent),
            Kind::Dh(first, second) => self.has_both(first, second) || self.has_both(second, first),
            Kind::Hash(parts) | Kind::List(_, parts) => parts.iter().all(|part| self.can_build(part)),
            // What is secret is asked first: most often that is missing.
            Kind::Kdf(secret, _, transcript) => self.can_build(secret) && self.can_build(transcript),
            Kind::Aead(key, _, plain) => self.can_build(key) && self.can_build(plain),
            Kind::Sign(private, signed) => self.can_build(private) && self.can_build(signed),
            Kind::Mac(key, of) => self.can_build(key) && self.can_build(of),
        }
    }

    /// Whether the private part of one share is known, and the public part of the other.
    fn has_both(&self, private: &Term, other: &Term) -> bool {
        self.can_build(private) && (self.can_build(other) || self.knows(&Term::share(other)))
    }

    /// Whether this very term is known, taken apart as far as possible.
    pub fn knows(&self, term: &Term) -> bool {
        !self.places.is_empty() && self.places[self.slot(term)] != 0
    }

    /// All terms, in the order in which they came.
    pub fn terms(&self) -> &[Term] {
        &self.order
    }

    /// What applications said, in the order in which it was learnt.
    pub fn learned(&self) -> &[Term] {
        &self.learned
    }

    /// How many sealed terms cannot be opened.
    pub fn locked(&self) -> usize {
        self.locked.iter().map(|lock| lock.sealed.len()).sum()
    }
}

/// The secret that a key follows from.
fn secret_of(key: &Term) -> &Term {
    let mut secret = key;
    while let Kind::Kdf(before, ..) = secret.kind() {
        secret = before;
    }
    secret
}
