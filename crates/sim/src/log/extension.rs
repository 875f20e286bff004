//! One order of all events in which nothing comes before its causes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::clocks::Raises;

/// An event by its host and the host's own count.
pub(super) type Name = (u16, u32);

/// A linear extension of happened-before that follows the order of the file where it can. Shorter than the execution where
/// clocks go round in a circle: then the next event of each host that has any left waits for another one.
pub(super) fn linear(by_host: &[Vec<u32>], raises: &Raises) -> Vec<Name> {
    let mut queue = Queue {
        by_host,
        raises,
        done: vec![0; by_host.len()],
        waiting: vec![Vec::new(); by_host.len()],
        ready: BinaryHeap::new(),
    };
    (0..by_host.len()).for_each(|host| queue.look(host as u16));
    let mut order = Vec::new();
    while let Some(Reverse((_, host))) = queue.ready.pop() {
        queue.done[usize::from(host)] += 1;
        order.push((host, queue.done[usize::from(host)]));
        let woken = std::mem::take(&mut queue.waiting[usize::from(host)]);
        woken.into_iter().for_each(|other| queue.look(other));
        queue.look(host);
    }
    order
}

struct Queue<'a> {
    by_host: &'a [Vec<u32>],
    raises: &'a Raises,
    /// How many events of each host are in order.
    done: Vec<u32>,
    /// The hosts whose next event waits for one of this host.
    waiting: Vec<Vec<u16>>,
    /// The next events that wait for nothing, by their places in the file.
    ready: BinaryHeap<Reverse<(u32, u16)>>,
}

impl Queue<'_> {
    /// Looks what the next event of a host waits for.
    fn look(&mut self, host: u16) {
        let own = self.done[usize::from(host)] + 1;
        let Some(place) = self.by_host[usize::from(host)].get(own as usize - 1) else { return };
        let missing = |raise: &&super::clocks::Raise| self.done[usize::from(raise.other)] < raise.count;
        match self.raises.at(host, own).iter().find(missing) {
            Some(raise) => self.waiting[usize::from(raise.other)].push(host),
            None => self.ready.push(Reverse((*place, host))),
        }
    }
}
