//! How a replica that was away gets what it lacks (the paper, section 4.3, and 4.4 where a new view names what it has not).

use std::rc::Rc;

use sim::{NodeId, t};

use super::message::Ask;
use super::{Certificate, Digest, Effects, Message, Replica, Stable, Transfer};

impl Replica {
    /// Asks one of the others, each time the next one.
    pub(super) fn ask(&mut self, effects: &mut Effects<'_>) {
        let (me, replicas) = (effects.me(), effects.config().replicas);
        let others = replicas - 1;
        self.asked = (self.asked + 1) % others.max(1);
        self.asks = self.asks.saturating_sub(1);
        let to = NodeId((me.0 + 1 + self.asked) % replicas);
        let lacked = self.slots.values().flat_map(|slot| slot.digests()).filter(|digest| !self.knows(digest));
        let ask = Ask {
            executed: self.executed,
            stable: self.stable.number,
            view: self.view + u64::from(!self.is_changing),
            hashes: lacked.map(|digest| digest.hash).collect(),
        };
        effects.rule("transfer");
        effects.note(|| t!("{node} asks {other} for what it lacks", node = me, other = to));
        effects.send(to, Message::Ask(ask));
    }

    pub(super) fn on_ask(&mut self, from: NodeId, ask: &Ask, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.rule("transfer");
        let stable = (self.stable.number > ask.stable).then(|| Rc::clone(&self.stable));
        let start = ask.executed.max(stable.as_ref().map_or(0, |stable| stable.number));
        let numbers = start + 1..=self.executed;
        let committed = numbers.filter_map(|number| Some((number, self.slot(number)?.committed.clone()?)));
        let committed: Vec<(u64, Certificate)> = committed.collect();
        let hashes = committed.iter().map(|(_, certificate)| certificate.digest.hash).chain(ask.hashes.iter().copied());
        let requests: Vec<_> = hashes.filter_map(|hash| self.requests.get(&hash).cloned()).collect();
        let begun = self.new_view.as_ref().filter(|_| !self.is_changing && self.view >= ask.view);
        if begun.is_none() && stable.is_none() && committed.is_empty() && requests.is_empty() {
            effects.note(|| t!("{node} has nothing that {other} lacks", node = me, other = from));
            effects.routine("nothing lacks");
            return;
        }
        effects.note(|| {
            t!("{node} sends {other} what it lacks, with the signatures that prove it", node = me, other = from)
        });
        if let Some(new) = begun {
            effects.send(from, Message::NewView(Rc::clone(new)));
        }
        if stable.is_some() || !committed.is_empty() || !requests.is_empty() {
            effects.send(from, Message::Transfer(Rc::new(Transfer { stable, committed, requests })));
        }
    }

    pub(super) fn on_transfer(&mut self, from: NodeId, transfer: &Transfer, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.rule("transfer");
        let before = self.stable.number;
        if let Some(stable) = &transfer.stable {
            self.take_over(from, stable, effects);
        }
        for request in &transfer.requests {
            self.requests.insert(Digest::of(request).hash, Rc::clone(request));
        }
        let quorum = effects.config().quorum();
        let high = self.stable.number + effects.config().window();
        for (number, certificate) in &transfer.committed {
            let is_proved = certificate.signers.count() >= quorum;
            if is_proved && *number > self.executed && *number <= high {
                let slot = self.slot_mut(*number);
                slot.committed.get_or_insert_with(|| certificate.clone());
            }
        }
        let open: Vec<u64> =
            self.slots.iter().map(|(number, _)| *number).filter(|number| *number > self.executed).collect();
        let mut is_further = self.stable.number > before;
        for number in open {
            is_further |= self.go_on(number, effects);
        }
        if !is_further {
            effects.note(|| t!("{node} has all that {other} sends", node = me, other = from));
            effects.routine("transfer");
        }
    }

    /// Takes a stable checkpoint of somebody else, if it is proved and further.
    fn take_over(&mut self, from: NodeId, stable: &Stable, effects: &mut Effects<'_>) {
        let me = effects.me();
        let is_proved = stable.signers.count() >= effects.config().quorum() && stable.state.hash() == stable.hash;
        if !is_proved || stable.number <= self.stable.number {
            return;
        }
        if stable.number <= self.executed {
            self.settle(stable.number, stable.hash, stable.signers, effects);
            return;
        }
        effects.note(|| t!("{node} takes the checkpoint of {other}", node = me, other = from));
        effects.because(&["quorum"], || t!("So many have signed that state that it cannot be made up."));
        self.executed = stable.number;
        self.state = Rc::clone(&stable.state);
        self.forget_done();
        self.journal.clear();
        self.attempts = 0;
        self.start_from(stable.clone());
        if self.leads(effects.config(), me) {
            self.hand_out(effects);
        }
    }
}
