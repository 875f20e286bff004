//! Where runs lie: in the browser's storage, and in the memory of the page where that refuses them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::dom;

/// Values by their names.
pub trait Shelf {
    fn get(&self, name: &str) -> Option<String>;
    /// Keeps a value. Returns whether there was room for it.
    fn put(&mut self, name: &str, value: &str) -> bool;
    /// Keeps a value as long as the page is open.
    fn hold(&mut self, name: &str, value: &str);
    fn remove(&mut self, name: &str);
}

/// The storage of the browser. Sandboxed frames and some privacy settings refuse it.
#[derive(Clone, Copy, Debug)]
pub struct Browser;

const PROBE: &str = "netsplit.probe";

thread_local! {
    static MEMORY: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

impl Shelf for Browser {
    fn get(&self, name: &str) -> Option<String> {
        MEMORY.with_borrow(|memory| memory.get(name).cloned()).or_else(|| dom::recall(name))
    }

    fn put(&mut self, name: &str, value: &str) -> bool {
        if dom::remember(name, value) {
            MEMORY.with_borrow_mut(|memory| memory.remove(name));
            return true;
        }
        // One that takes nothing at all is no storage that is full.
        let is_full = dom::remember(PROBE, "");
        dom::forget(PROBE);
        if !is_full {
            self.hold(name, value);
        }
        !is_full
    }

    fn hold(&mut self, name: &str, value: &str) {
        MEMORY.with_borrow_mut(|memory| memory.insert(name.to_string(), value.to_string()));
    }

    fn remove(&mut self, name: &str) {
        MEMORY.with_borrow_mut(|memory| memory.remove(name));
        dom::forget(name);
    }
}
