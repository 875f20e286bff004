//! View changes (the paper, section 4.4): another primary, and what was settled stays so.

use std::rc::Rc;

use parts::store::ClientId;
use sim::{NodeId, t};

use super::replica::Watching;

use super::{Certificate, Config, Digest, Effects, Message, NewView, Replica, Signers, Slot, Timer, ViewChange};

/// A timeout is doubled at most so many times.
const MOST_DOUBLINGS: u32 = 4;

impl Replica {
    /// Runs the timer while a request is known and not carried out, or while enough replicas wait for the same view to begin.
    pub(super) fn watch(&mut self, effects: &mut Effects<'_>) {
        let config = effects.config();
        let is_enough =
            |view| self.changes.values().filter(|change| change.view >= view).count() >= config.quorum() as usize;
        let wanted = match self.watching {
            _ if !config.rules.view_timer => Watching::Nothing,
            _ if self.is_changing && is_enough(self.view) => Watching::NewView,
            _ if self.is_changing || self.leads(config, effects.me()) => Watching::Nothing,
            Watching::Request(client, serial) if self.waits_for(client, serial) => self.watching,
            _ => {
                let oldest = self.waiting.iter().min_by_key(|(_, waiting)| waiting.heard_us);
                oldest.map_or(Watching::Nothing, |(client, waiting)| Watching::Request(*client, waiting.request.serial))
            }
        };
        if wanted == self.watching {
            return;
        }
        self.watching = wanted;
        match wanted {
            Watching::Nothing => effects.cancel_timer(Timer::View),
            _ => {
                let doublings = self.attempts.saturating_sub(1).min(MOST_DOUBLINGS);
                let timeout_us = effects.config().timeout_us << doublings;
                effects.set_timer(Timer::View, timeout_us);
            }
        }
    }

    fn waits_for(&self, client: ClientId, serial: u64) -> bool {
        self.waiting.get(&client).is_some_and(|waiting| waiting.request.serial == serial)
    }

    /// A backup has waited long enough.
    pub(super) fn time_is_up(&mut self, effects: &mut Effects<'_>) {
        let (me, view) = (effects.me(), self.view);
        let waited_for = std::mem::take(&mut self.watching);
        effects.rule("view_timer");
        match waited_for {
            Watching::Nothing => return,
            Watching::Request(client, _) => {
                let primary = effects.config().primary(view);
                let command =
                    self.waiting.get(&client).map(|waiting| waiting.request.command.text()).unwrap_or_default();
                effects.note(|| {
                    t!(
                        "{node} has waited too long for “{command}”, and leaves view {view}",
                        node = me,
                        command = command,
                        view = view
                    )
                });
                effects.note(|| {
                    t!("{primary} may have failed, or lie. It is the turn of the next one.", primary = primary)
                });
            }
            Watching::NewView => {
                let primary = effects.config().primary(view);
                effects.note(|| t!("View {view} has not begun in time: {node} gives it up", view = view, node = me));
                effects.rule("doubling");
                effects.note(|| {
                    t!("It was the turn of {primary}. For the next one it waits twice as long.", primary = primary)
                });
            }
        }
        self.leave_for(view + 1, effects);
    }

    /// Somebody says that the primary is faulty.
    pub(super) fn suspect(&mut self, effects: &mut Effects<'_>) {
        let (me, view) = (effects.me(), self.view);
        if self.is_changing {
            effects.note(|| t!("{node} waits for view {view} to begin already", node = me, view = view));
        } else {
            effects.note(|| t!("{node} takes the primary for faulty, and leaves view {view}", node = me, view = view));
            self.leave_for(view + 1, effects);
        }
        self.end(effects);
    }

    /// Leaves the view for another one, and tells all others what it has prepared.
    fn leave_for(&mut self, view: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.cancel_timer(Timer::View);
        (self.view, self.is_changing, self.new_view, self.watching) = (view, true, None, Watching::Nothing);
        self.attempts += 1;
        let prepared = |(number, slot): (&u64, &Rc<Slot>)| Some((*number, slot.prepared.clone()?));
        let change = Rc::new(ViewChange {
            from: me,
            view,
            stable: self.stable.number,
            stable_signers: self.stable.signers,
            prepared: self.slots.iter().filter_map(prepared).collect(),
        });
        effects.rule("view_change");
        self.changes.insert(me, Rc::clone(&change));
        self.changed_us = effects.monotonic_now();
        self.tell(&Message::ViewChange(change), effects);
        self.lead(effects);
    }

    pub(super) fn on_view_change(&mut self, from: NodeId, change: Rc<ViewChange>, effects: &mut Effects<'_>) {
        let (me, view) = (effects.me(), self.view);
        if change.from != from || !change.is_valid(effects.config()) {
            return;
        }
        effects.rule("view_change");
        if change.view < view || (change.view == view && !self.is_changing) {
            let begun = self.new_view.clone().filter(|_| !self.is_changing);
            effects.note(|| t!("{from} has not heard that view {view} has begun", from = from, view = view));
            match begun {
                Some(new) => {
                    effects.note(|| t!("{node} shows it how.", node = me));
                    effects.send(from, Message::NewView(new));
                }
                None => effects.routine("late view change"),
            }
            return;
        }
        let is_known = self.changes.get(&from).is_some_and(|known| known.view >= change.view);
        if is_known {
            effects.note(|| t!("{node} knows that {from} has left its view", node = me, from = from));
            effects.routine("known view change");
            return;
        }
        let wanted = change.view;
        self.changes.insert(from, change);
        effects.note(|| t!("{node} hears that {from} wants view {view}", node = me, from = from, view = wanted));
        let higher =
            || self.changes.values().filter(|change| change.from != me && change.view > view).map(|change| change.view);
        let lowest = higher().min().filter(|_| higher().count() >= effects.config().one_honest() as usize);
        match lowest {
            Some(lowest) => {
                effects.rule("join");
                effects.note(|| {
                    t!(
                        "So many want another view that one of them is honest: {node} joins view {view}.",
                        node = me,
                        view = lowest
                    )
                });
                self.leave_for(lowest, effects);
            }
            None => self.lead(effects),
        }
    }

    /// The primary of the new view begins it, once it has 2f + 1 view changes.
    fn lead(&mut self, effects: &mut Effects<'_>) {
        let (me, view) = (effects.me(), self.view);
        if !self.is_changing || effects.config().primary(view) != me {
            return;
        }
        let changes: Vec<Rc<ViewChange>> =
            self.changes.values().filter(|change| change.view == view).cloned().collect();
        if changes.len() < effects.config().quorum() as usize {
            return;
        }
        let order = order(effects.config(), &changes);
        let new = Rc::new(NewView { from: me, view, changes, order });
        effects.rule("new_view");
        effects.note(|| t!("{node} is the primary of view {view}, and begins it", node = me, view = view));
        self.tell(&Message::NewView(Rc::clone(&new)), effects);
        self.enter(new, effects);
    }

    pub(super) fn on_new_view(&mut self, new: Rc<NewView>, effects: &mut Effects<'_>) {
        let (me, view) = (effects.me(), new.view);
        let config = effects.config();
        if new.from != config.primary(view) || new.from == me {
            return;
        }
        if view < self.view || (view == self.view && !self.is_changing) {
            effects.note(|| t!("{node} is in view {view} already, or in a later one", node = me, view = view));
            effects.routine("known view");
            return;
        }
        let is_of_view = |change: &Rc<ViewChange>| change.view == view && change.is_valid(config);
        let mut signers = Signers::default();
        for change in new.changes.iter().filter(|change| is_of_view(change)) {
            signers = signers.with(change.from);
        }
        let is_proved = signers.count() >= config.quorum() && new.changes.iter().all(is_of_view);
        let is_right = new.order == order(config, &new.changes) || !config.rules.check_new_view;
        effects.rule("check_new_view");
        if !is_proved || !is_right {
            effects.note(|| t!("{node} refuses view {view} of {primary}", node = me, view = view, primary = new.from));
            effects.note(|| t!("What it hands on is not what follows from the view changes. It lies."));
            return;
        }
        effects.note(|| {
            t!("{node} enters view {view}: {primary} hands out numbers", node = me, view = view, primary = new.from)
        });
        effects.because(&["check_new_view"], || t!("It has worked out itself what was prepared, and found the same."));
        self.enter(new, effects);
    }

    fn enter(&mut self, new: Rc<NewView>, effects: &mut Effects<'_>) {
        let (me, view, now_us) = (effects.me(), new.view, effects.monotonic_now());
        let start = new.changes.iter().map(|change| change.stable).max().unwrap_or(0);
        effects.cancel_timer(Timer::View);
        (self.view, self.is_changing, self.watching) = (view, false, Watching::Nothing);
        self.changes.retain(|_, change| change.view > view);
        for number in self.slots.iter().map(|(number, _)| *number).collect::<Vec<u64>>() {
            self.slot_mut(number).enter(view);
        }
        if start > self.stable.number {
            self.is_late(effects);
        }
        effects.rule("carry_over");
        let leads = self.leads(effects.config(), me);
        let last = new.order.last().map_or(start, |(number, _)| *number);
        self.given = last.max(start);
        let order: Vec<(u64, Digest)> =
            new.order.iter().filter(|(number, _)| *number > self.stable.number).cloned().collect();
        self.new_view = Some(new);
        for (number, digest) in &order {
            if leads {
                let slot = self.slot_mut(*number);
                (slot.accepted, slot.since_us) = (Some((view, digest.clone())), now_us);
            } else {
                self.take(*number, digest.clone(), effects);
            }
        }
        let early = |(number, slot): (&u64, &Rc<Slot>)| Some((*number, slot.early.clone()?));
        for (number, (of, digest)) in self.slots.iter().filter_map(early).collect::<Vec<_>>() {
            let is_free =
                self.slot(number).is_some_and(|slot| slot.accepted.as_ref().is_none_or(|(taken, _)| *taken != view));
            if of == view && is_free && !leads {
                self.take(number, digest, effects);
            }
        }
        for number in self.slots.iter().map(|(number, _)| *number).collect::<Vec<u64>>() {
            self.go_on(number, effects);
        }
        if leads {
            self.hand_out(effects);
        }
    }
}

impl ViewChange {
    /// Whether what it says is proved: its checkpoint, and all that it has prepared.
    fn is_valid(&self, config: &Config) -> bool {
        let is_stable = self.stable == 0 || self.stable_signers.count() >= config.quorum();
        let numbers = self.stable + 1..=self.stable + config.window();
        let is_prepared = |(number, certificate): &(u64, Certificate)| {
            let backups = certificate.signers.without(config.primary(certificate.view));
            numbers.contains(number) && certificate.view < self.view && backups.count() >= config.prepares()
        };
        is_stable && self.prepared.iter().all(is_prepared)
    }
}

/// O: for each number from the last stable checkpoint to the last one that was prepared, what was prepared in the highest view; the null
/// request where nothing was.
fn order(config: &Config, changes: &[Rc<ViewChange>]) -> Vec<(u64, Digest)> {
    if !config.rules.carry_over {
        return Vec::new();
    }
    let start = changes.iter().map(|change| change.stable).max().unwrap_or(0);
    let prepared = || changes.iter().flat_map(|change| &change.prepared);
    let last = prepared().map(|(number, _)| *number).max().unwrap_or(0);
    let of = |number: u64| {
        let of_number = prepared().filter(|(of, _)| *of == number).map(|(_, certificate)| certificate);
        of_number.max_by_key(|certificate| certificate.view).map_or_else(Digest::null, |newest| newest.digest.clone())
    };
    (start + 1..=last).map(|number| (number, of(number))).collect()
}
