//! A server: proposer, acceptor and learner in one (Paxos Made Simple, section 3). What it does as each of them has files of its own.

use parts::store::{Request, Store};
use serde::Serialize;
use sim::history::Value;
use sim::{NodeId, t};

use super::candidate::Candidacy;
use super::leader::Leadership;
use super::log::Log;
use super::{Disk, Effects, Message, Timer};
use crate::paxos::{Ballot, Promised};

/// A server.
#[derive(Clone, Debug, Serialize)]
pub struct Server {
    /// The highest round that it has used.
    pub round: u64,
    /// The highest ballot that it has promised, for all slots.
    pub promised: Promised,
    pub log: Log,
    /// It has lost its disk, and only learns.
    pub is_silent: bool,
    pub part: Part,
    /// The leader that it follows, as far as it knows one, and with which ballot.
    pub leader: Option<(Ballot, NodeId)>,
    /// The highest round that it has heard of.
    pub seen: u64,
    /// Whom alone it may promise anything, and until when; with leases only.
    pub granted: Option<Grant>,
    /// How long it waits for a leader, as it was drawn last.
    pub suspect_us: u64,
    /// The last slot that is carried out.
    pub applied: u64,
    /// The state machine.
    pub store: Store,
}

/// A lease that a server has granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// To the leader of this ballot; none after a restart, when it may have been anybody.
    pub to: Option<Ballot>,
    /// Until then, by its own clock, in microseconds.
    pub until_us: u64,
}

/// What a server is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Part {
    Follower,
    /// It asks for promises.
    Candidate(Candidacy),
    /// It has promises of a majority, for all slots.
    Leader(Leadership),
}

impl Server {
    /// A server that starts with what is on its disk.
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Server {
        let is_silent = !disk.mark && !effects.config().lost_disk_votes;
        let mut server = Server {
            round: disk.round,
            promised: disk.promised,
            log: disk.log.clone(),
            is_silent,
            part: Part::Follower,
            leader: None,
            seen: disk.round,
            granted: None,
            suspect_us: 0,
            applied: 0,
            store: Store::default(),
        };
        server.log.begin();
        // It may have granted a lease just before the crash.
        server.grant(None, effects);
        if !disk.mark {
            effects.rule("lost_disk");
            effects.note(|| match is_silent {
                true => t!("Its disk is empty, so that it may have promised anything: it only listens from now on."),
                false => t!("Its disk is empty, and it goes on as if it had never promised anything."),
            });
        }
        if !is_silent {
            server.save(effects);
            server.wait_for_a_leader(effects);
        }
        if disk.mark {
            effects.rule("on_disk");
            let (last, chosen_to) = (server.log.last(), server.log.chosen_to());
            effects.note(|| match last {
                0 => t!("Its disk names no slot."),
                _ => t!(
                    "On its disk stand slots up to {last}; it knows what is chosen up to slot {chosen}.",
                    last = last,
                    chosen = chosen_to
                ),
            });
        }
        server.carry_out(effects);
        server
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        self.log.begin();
        match message {
            Message::Prepare { ballot, first } => self.on_prepare(from, ballot, first, effects),
            Message::Promise { ballot, accepted } => self.on_promise(from, ballot, accepted, effects),
            Message::Nack { ballot, promised } => self.on_nack(from, ballot, promised, effects),
            Message::Accept { ballot, slot, decree, chosen_to } => {
                self.on_accept(from, ballot, (slot, decree), chosen_to, effects);
            }
            Message::Accepted { ballot, slot } => self.on_accepted(from, ballot, slot, effects),
            Message::Heartbeat { ballot, beat, chosen_to } => self.on_heartbeat(from, ballot, beat, chosen_to, effects),
            Message::Heard { ballot, beat } => self.on_heard(from, ballot, beat, effects),
            Message::Ask { first } => self.on_ask(from, first, effects),
            Message::Chosen { first, decrees, chosen_to } => self.on_chosen(from, first, decrees, chosen_to, effects),
            Message::Request(request) => self.on_request(request, effects),
            Message::Answer { .. } | Message::Redirect { .. } => {}
        }
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        self.log.begin();
        match timer {
            Timer::Suspect => self.suspect(effects),
            Timer::Beat => self.beat(effects),
            Timer::Repeat => self.repeat(effects),
            Timer::Retry | Timer::Workload => {}
        }
    }

    /// The other servers.
    pub(super) fn others(effects: &Effects<'_>) -> impl Iterator<Item = NodeId> + use<> {
        let me = effects.me();
        effects.config().all_servers().filter(move |server| *server != me)
    }

    /// Whether this server leads, as far as it knows.
    pub fn leadership(&self) -> Option<&Leadership> {
        if let Part::Leader(leadership) = &self.part { Some(leadership) } else { None }
    }

    /// The ballot that it is at work on.
    pub fn ballot(&self) -> Option<Ballot> {
        match &self.part {
            Part::Follower => None,
            Part::Candidate(candidacy) => Some(candidacy.ballot),
            Part::Leader(leadership) => Some(leadership.ballot),
        }
    }

    /// The leader, as far as it is known.
    pub fn leader(&self) -> Option<NodeId> {
        self.leader.map(|(_, leader)| leader)
    }

    /// Gives up what it was. Returns whether it led.
    pub(super) fn step_down(&mut self, effects: &mut Effects<'_>) -> bool {
        let led = self.leadership().is_some();
        if led {
            effects.cancel_timer(Timer::Beat);
        }
        if self.ballot().is_some() {
            effects.cancel_timer(Timer::Repeat);
            self.part = Part::Follower;
            self.wait_for_a_leader(effects);
        }
        led
    }

    /// Waits for a random time before it stands.
    pub(super) fn wait_for_a_leader(&mut self, effects: &mut Effects<'_>) {
        let suspect_us = effects.config().suspect_us;
        self.suspect_us = suspect_us + effects.choose(suspect_us + 1);
        effects.set_timer(Timer::Suspect, self.suspect_us);
    }

    /// Writes to disk what must survive a crash, before anything that was sent in this step leaves.
    pub(super) fn save(&self, effects: &mut Effects<'_>) {
        // Who has lost its disk stays without the mark.
        let mark = !self.is_silent;
        effects.persist(Disk { mark, round: self.round, promised: self.promised, log: self.log.clone() });
    }
}

/// Tells a client the result of its command.
pub(super) fn answer(request: &Request, result: Value, effects: &mut Effects<'_>) {
    effects.rule("answer");
    effects.send(request.client.node, Message::Answer { client: request.client, serial: request.serial, result });
}
