//! One order of all events in which nothing comes before its causes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::clocks::Raises;

/// An event by its host and the host's own count.
pub(super) type Name = (u16, u32);

/// A linear extension of happened-before that follows the order of the file where it can.
///
/// # Errors
///
/// Where clocks go round in a circle there is none; the error is an event of the circle.
pub(super) fn linear(by_host: &[Vec<u32>], raises: &Raises) -> Result<Vec<Name>, Name> {
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
    match queue.stuck() {
        Some(event) => Err(event),
        None => Ok(order),
    }
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
    /// Puts the next event of a host where it belongs: among those that are ready, or those that wait.
    fn look(&mut self, host: u16) {
        let done = self.done[usize::from(host)];
        let Some(place) = self.by_host[usize::from(host)].get(done as usize) else { return };
        match self.awaited(host) {
            Some(other) => self.waiting[usize::from(other)].push(host),
            None => self.ready.push(Reverse((*place, host))),
        }
    }

    /// The host that the next event of a host waits for.
    fn awaited(&self, host: u16) -> Option<u16> {
        let news = self.raises.at(host, self.done[usize::from(host)] + 1).iter();
        news.filter(|raise| self.done[usize::from(raise.other)] < raise.count).map(|raise| raise.other).next()
    }

    /// The event of a circle that comes first in the file, if events are left that wait for each other.
    fn stuck(&self) -> Option<Name> {
        let mut host = self.waiting.iter().flatten().next().copied()?;
        // Each waits for another one: after as many steps as there are hosts the way goes round.
        for _ in &self.done {
            host = self.awaited(host)?;
        }
        let circle = std::iter::successors(Some(host), |host| self.awaited(*host)).take(self.done.len());
        let next = |host: u16| self.done[usize::from(host)] + 1;
        let first = circle.min_by_key(|host| self.by_host[usize::from(*host)].get(next(*host) as usize - 1))?;
        Some((first, next(first)))
    }
}
