//! What a server does as a replica: it writes, reads, and keeps hints for others (Dynamo, sections 4.5 and 4.6).

use std::rc::Rc;

use sim::{NodeId, t, time_us};

use super::message::Message;
use super::server::Server;
use super::version::{Dot, Key, Siblings, merge, siblings_text};
use super::{Effects, Timer};

impl Server {
    pub(super) fn on_store(
        &mut self,
        from: NodeId,
        request: Option<u64>,
        key: Key,
        versions: &Siblings,
        stands_for: Option<NodeId>,
        effects: &mut Effects<'_>,
    ) {
        match stands_for {
            Some(absent) => self.keep_hint(absent, &key, versions, effects),
            None => {
                let is_new = self.take(&key, versions, effects);
                self.keep(effects);
                self.tell_of_write(from, &key, is_new, effects);
            }
        }
        if let Some(request) = request {
            self.post(from, Message::Stored { request }, effects);
        }
    }

    fn tell_of_write(&self, from: NodeId, key: &Key, is_new: bool, effects: &mut Effects<'_>) {
        let (me, held) = (effects.me(), self.store.versions(key));
        if from == me {
            return;
        }
        effects.rule("write_first");
        effects.note(|| match is_new {
            true => {
                t!("{node} writes {key}: {versions}", node = me, key = key.to_string(), versions = siblings_text(&held))
            }
            false => t!("{node} has this version of {key} already, or a newer one", node = me, key = key.to_string()),
        });
        if is_new && held.len() > 1 {
            effects.rule("siblings");
            effects.note(|| t!("These versions do not know each other: {node} keeps them all.", node = me));
        }
    }

    /// Keeps a write for a server that does not answer.
    pub(super) fn keep_hint(&mut self, absent: NodeId, key: &Key, versions: &Siblings, effects: &mut Effects<'_>) {
        let (me, conflicts) = (effects.me(), effects.config().conflicts);
        let store = Rc::make_mut(&mut self.store);
        merge(store.hints.get_or_insert_with((absent, key.clone()), Vec::new), versions, conflicts);
        self.keep(effects);
        self.try_hints_later(effects);
        effects.rule("hint");
        effects.note(|| {
            t!(
                "{node} keeps the write of {key} for {absent}, with a hint whose it is",
                node = me,
                key = key.to_string(),
                absent = absent
            )
        });
    }

    pub(super) fn on_read(&mut self, from: NodeId, request: u64, key: &Key, effects: &mut Effects<'_>) {
        let (me, conflicts) = (effects.me(), effects.config().conflicts);
        let versions = match effects.config().is_sloppy {
            true => self.store.versions_with_hints(key, conflicts),
            false => self.store.versions(key),
        };
        if from != me {
            effects.note(|| {
                t!(
                    "{node} tells {coordinator} what it has of {key}: {versions}",
                    node = me,
                    coordinator = from,
                    key = key.to_string(),
                    versions = siblings_text(&versions)
                )
            });
        }
        self.post(from, Message::Versions { request, versions }, effects);
    }

    /// Waits until hints are tried, if there are any.
    pub(super) fn try_hints_later(&mut self, effects: &mut Effects<'_>) {
        if !self.tries_hints && self.store.hint_count() > 0 {
            self.tries_hints = true;
            let handoff_us = effects.config().handoff_us;
            effects.set_timer(Timer::Handoff, handoff_us);
        }
    }

    /// Offers each server that hints are kept for what is its own.
    pub(super) fn try_hints(&mut self, effects: &mut Effects<'_>) {
        let (me, handoff_us) = (effects.me(), effects.config().handoff_us);
        self.tries_hints = false;
        self.try_hints_later(effects);
        let mut absent: Vec<NodeId> = self.store.hints.iter().map(|((absent, _), _)| *absent).collect();
        absent.dedup();
        let whose = || match absent.as_slice() {
            [absent] => t!("{absent}", absent = *absent),
            _ => t!("{count} servers", count = absent.len()),
        };
        effects.rule("hinted_handoff");
        effects.routine("hints");
        if !effects.config().rules.hinted_handoff {
            effects
                .note(|| t!("{node} keeps writes for {whose}, and does not return them", node = me, whose = whose()));
            return;
        }
        effects.note(|| t!("{node} offers {whose} the writes that it kept as hints", node = me, whose = whose()));
        effects.note(|| t!("It tries again every {interval} until an answer comes", interval = time_us(handoff_us)));
        for absent in absent {
            let of_one = self.store.hints.iter().filter(|((node, _), _)| *node == absent);
            let entries = of_one.map(|((_, key), versions)| (key.clone(), versions.clone())).collect();
            effects.send(absent, Message::Handoff { entries });
        }
    }

    pub(super) fn on_handoff(&mut self, from: NodeId, entries: Vec<(Key, Siblings)>, effects: &mut Effects<'_>) {
        let me = effects.me();
        for (key, versions) in &entries {
            self.take(key, versions, effects);
        }
        self.keep(effects);
        effects.rule("hinted_handoff");
        effects.note(|| t!("{node} gets from {keeper} what it missed while it was away", node = me, keeper = from));
        let dots = |versions: &Siblings| versions.iter().map(|version| version.dot).collect();
        let entries = entries.iter().map(|(key, versions)| (key.clone(), dots(versions))).collect();
        effects.send(from, Message::TakenOver { entries });
    }

    pub(super) fn on_taken_over(&mut self, from: NodeId, entries: Vec<(Key, Vec<Dot>)>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let store = Rc::make_mut(&mut self.store);
        for (key, dots) in entries {
            let name = (from, key);
            let left = store.hints.get_or_insert_with(name.clone(), Vec::new);
            left.retain(|version| !dots.contains(&version.dot));
            if left.is_empty() {
                store.hints.remove(&name);
            }
        }
        if store.hints.values().next().is_none() {
            self.tries_hints = false;
            effects.cancel_timer(Timer::Handoff);
        }
        self.keep(effects);
        effects.note(|| t!("{node} may forget what it kept for {absent}", node = me, absent = from));
    }
}
