//! A replica: its state, and what it makes of requests (the paper, sections 4.1 and 4.2).

use std::rc::Rc;

use parts::store::{ClientId, Request};
use serde::Serialize;
use sim::{Map, NodeId, t};

use super::message::State;
use super::{Config, Digest, Disk, Effects, Message, NewView, Signers, Slot, Stable, Timer, ViewChange, Vote};

/// So many of the requests that it has carried out last are kept to be shown.
const SHOWN: usize = 4;

/// The state of a replica. All of it is on disk.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Replica {
    pub view: u64,
    /// Whether it has left that view's predecessor and waits for the view to begin.
    pub is_changing: bool,
    /// What it knows of each number above the stable checkpoint: its log.
    pub slots: Map<u64, Rc<Slot>>,
    /// Requests by the hashes of their digests.
    pub requests: Map<u64, Rc<Request>>,
    /// The newest request of each client that is not carried out.
    pub waiting: Map<ClientId, Waiting>,
    /// Of the primary: the last number that it has given in this view.
    pub given: u64,
    /// It has carried out what has this number and all lower ones.
    pub executed: u64,
    pub state: Rc<State>,
    /// The last of its requests, to be shown; none for a null request.
    pub journal: Vec<(u64, Option<Rc<Request>>)>,
    pub stable: Rc<Stable>,
    /// Its own checkpoints that are not stable.
    pub checkpoints: Vec<Checkpoint>,
    /// What others and it have said of checkpoints.
    pub claims: Vec<Claim>,
    /// The newest view change of each replica, its own among them.
    pub changes: Map<NodeId, Rc<ViewChange>>,
    /// How its view began; none for view 0.
    pub new_view: Option<Rc<NewView>>,
    /// View changes since it has carried out something.
    pub attempts: u32,
    /// When its view change went out last.
    pub changed_us: u64,
    pub watching: Watching,
    pub is_repeating: bool,
    /// Whom it has asked last for what it lacks.
    pub asked: u16,
    /// So many more it asks, because others seem to be further.
    pub asks: u16,
    pub has_begun: bool,
    /// It has lost its disk once: it may contradict what it has said before.
    pub has_lost_disk: bool,
}

/// A request that is not carried out.
#[derive(Clone, Debug, Serialize)]
pub struct Waiting {
    pub request: Rc<Request>,
    /// When it was heard of, by the clock that nobody sets.
    pub heard_us: u64,
    /// When it was heard of or passed on last.
    pub since_us: u64,
}

/// A checkpoint of a replica's own, not stable yet.
#[derive(Clone, Debug, Serialize)]
pub struct Checkpoint {
    pub number: u64,
    pub state: Rc<State>,
    /// When it was sent last.
    pub since_us: u64,
}

/// Who says that the state after so many requests has this hash.
#[derive(Clone, Debug, Serialize)]
pub struct Claim {
    pub number: u64,
    pub hash: u64,
    pub signers: Signers,
}

/// What the timer of a replica runs for (section 4.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Watching {
    #[default]
    Nothing,
    /// That this request is carried out.
    Request(ClientId, u64),
    /// That the new view begins.
    NewView,
}

impl Replica {
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Replica {
        let mut replica = match &disk.0 {
            Some(replica) => replica.clone(),
            None => Replica { has_lost_disk: true, has_begun: true, ..Replica::default() },
        };
        if replica.has_begun {
            replica.is_late(effects);
        }
        replica.has_begun = true;
        (replica.watching, replica.is_repeating) = (Watching::Nothing, false);
        replica.end(effects);
        replica
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        let of_replica = effects.config().is_replica(from);
        match message {
            Message::Request(request) => self.on_request(from, request, effects),
            _ if !of_replica => {}
            Message::PrePrepare(vote, request) => self.on_pre_prepare(from, vote, request, effects),
            Message::Prepare(vote) => self.on_prepare(from, &vote, effects),
            Message::Commit(vote) => self.on_commit(from, &vote, effects),
            Message::Checkpoint { number, hash } => self.on_checkpoint(from, number, hash, effects),
            Message::ViewChange(change) => self.on_view_change(from, change, effects),
            Message::NewView(new) => self.on_new_view(new, effects),
            Message::Ask(ask) => self.on_ask(from, &ask, effects),
            Message::Transfer(transfer) => self.on_transfer(from, &transfer, effects),
            Message::Reply { .. } => {}
        }
        self.end(effects);
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::View => self.time_is_up(effects),
            Timer::Repeat => self.repeat(effects),
            Timer::Workload => {}
        }
        self.end(effects);
    }

    /// The end of each event: timers follow from what is open, and everything is on disk before anything leaves.
    pub(super) fn end(&mut self, effects: &mut Effects<'_>) {
        self.watch(effects);
        self.keep_repeating(effects);
        effects.persist(Disk(Some(self.clone())));
    }

    /// Whether it hands out the numbers now.
    pub fn leads(&self, config: &Config, me: NodeId) -> bool {
        !self.is_changing && config.primary(self.view) == me
    }

    /// The primary of its view, as the view has begun.
    pub fn primary(&self) -> NodeId {
        self.new_view.as_ref().map_or(NodeId(0), |new| new.from)
    }

    /// What it knows of a number.
    pub fn slot(&self, number: u64) -> Option<&Slot> {
        self.slots.get(&number).map(|slot| &**slot)
    }

    /// The same, to be changed.
    pub(super) fn slot_mut(&mut self, number: u64) -> &mut Slot {
        Rc::make_mut(self.slots.get_or_insert_with(number, Rc::default))
    }

    /// Whether it has what this digest stands for.
    pub fn knows(&self, digest: &Digest) -> bool {
        digest.is_null() || self.requests.get(&digest.hash).is_some()
    }

    /// Sends to all other replicas.
    pub(super) fn tell(&self, message: &Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        for to in effects.config().all_replicas().filter(|to| *to != me) {
            effects.send(to, message.clone());
        }
    }

    fn on_request(&mut self, from: NodeId, request: Rc<Request>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let command = request.command.text();
        if self.state.store.has_done(&request) {
            effects.note(|| t!("{node} has carried out “{command}” already", node = me, command = command));
            if from == request.client.node {
                effects.rule("once");
                effects.note(|| t!("It sends the same answer again."));
                self.answer(&request, effects);
            } else {
                effects.routine("known request");
            }
            return;
        }
        let is_new = self.learn(&request, effects);
        if self.leads(effects.config(), me) {
            if !self.hand_out(effects) {
                effects.note(|| t!("{node} knows of “{command}” already", node = me, command = command));
                effects.routine("known request");
            }
        } else if is_new {
            effects.note(|| t!("{node} hears of “{command}”, and watches the primary", node = me, command = command));
            effects.rule("relay");
            effects.because(&["view_timer"], || {
                t!("If that is not carried out in time, it will ask for another primary.")
            });
        } else {
            effects.note(|| t!("{node} knows of “{command}” already", node = me, command = command));
            effects.routine("known request");
        }
    }

    /// Notes a request that is not carried out. Returns whether it is new.
    pub(super) fn learn(&mut self, request: &Rc<Request>, effects: &mut Effects<'_>) -> bool {
        self.requests.insert(Digest::of(request).hash, Rc::clone(request));
        let known = self.waiting.get(&request.client);
        if self.state.store.has_done(request) || known.is_some_and(|known| known.request.serial >= request.serial) {
            return false;
        }
        let now_us = effects.monotonic_now();
        let waiting = Waiting { request: Rc::clone(request), heard_us: now_us, since_us: now_us };
        self.waiting.insert(request.client, waiting);
        true
    }

    /// The primary gives a number to each request that has none in this view (section 4.2). Returns whether it had to.
    pub(super) fn hand_out(&mut self, effects: &mut Effects<'_>) -> bool {
        let (me, view, now_us) = (effects.me(), self.view, effects.monotonic_now());
        let most = self.stable.number + effects.config().window();
        let mut has_given = false;
        let waiting: Vec<Rc<Request>> = self.waiting.values().map(|waiting| Rc::clone(&waiting.request)).collect();
        for request in waiting {
            let digest = Digest::of(&request);
            if self.slots.values().any(|slot| slot.has_accepted(view, &digest)) {
                continue;
            }
            has_given = true;
            if self.given >= most {
                effects.rule("watermarks");
                effects.note(|| {
                    t!(
                        "{node} lets “{command}” wait: a checkpoint has to come first",
                        node = me,
                        command = digest.text()
                    )
                });
                break;
            }
            self.given += 1;
            let number = self.given;
            let slot = self.slot_mut(number);
            slot.accepted = Some((view, digest.clone()));
            slot.since_us = now_us;
            effects.rule("pre_prepare");
            effects.note(|| {
                t!(
                    "{node}, the primary, gives “{command}” number {number}",
                    node = me,
                    command = digest.text(),
                    number = number
                )
            });
            self.tell(&Message::PrePrepare(Vote { view, number, digest }, request), effects);
        }
        has_given
    }

    /// Answers the client of a request that is carried out, unless it has moved on.
    pub(super) fn answer(&self, request: &Request, effects: &mut Effects<'_>) {
        let Some(result) = self.state.store.result_of(request) else { return };
        let reply =
            Message::Reply { view: self.view, client: request.client, serial: request.serial, result: result.clone() };
        effects.send(request.client.node, reply);
    }

    /// Keeps a request that was carried out, to be shown.
    pub(super) fn write_down(&mut self, number: u64, request: Option<Rc<Request>>) {
        if self.journal.len() == SHOWN {
            self.journal.remove(0);
        }
        self.journal.push((number, request));
    }
}
