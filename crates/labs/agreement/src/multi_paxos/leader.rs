//! A server that leads: phase 2 for slot after slot (Paxos Made Simple, section 3).

use std::collections::VecDeque;
use std::rc::Rc;

use parts::store::{Command, Request};
use serde::Serialize;
use sim::{Map, NodeId, t};

use super::ReadMode;
use super::log::Decree;
use super::reads::Read;
use super::server::{Part, Server, answer};
use super::{Effects, Message, Timer};
use crate::paxos::{Ballot, Members, Vote};

/// What a leader keeps.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Leadership {
    pub ballot: Ballot,
    /// The last slot of which phase 1 told anything.
    pub opened_to: u64,
    /// The next free slot.
    pub next: u64,
    /// What it has proposed, in slots that it does not know to be chosen.
    pub proposals: Map<u64, Proposal>,
    /// Commands that found no place in the window.
    pub waiting: VecDeque<Rc<Request>>,
    /// How many rounds of heartbeats it has sent.
    pub beat: u64,
    /// The last of them that each server has answered, in the order of their ids.
    pub heard: Vec<u64>,
    /// When recent rounds began, by its own clock; kept for leases only.
    pub rounds: VecDeque<(u64, u64)>,
    /// Until then a majority promises nothing to others, by its own clock, in microseconds.
    pub lease_until_us: u64,
    /// Reads that wait for their round.
    pub reads: VecDeque<Read>,
}

/// What is proposed in a slot, and who has accepted it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    pub decree: Decree,
    pub accepted: Members,
}

impl Leadership {
    pub(super) fn new(ballot: Ballot, opened_to: u64, servers: u16) -> Leadership {
        Leadership {
            ballot,
            opened_to,
            next: opened_to + 1,
            proposals: Map::default(),
            waiting: VecDeque::new(),
            beat: 0,
            heard: vec![0; usize::from(servers)],
            rounds: VecDeque::new(),
            lease_until_us: 0,
            reads: VecDeque::new(),
        }
    }
}

impl Server {
    /// Phase 2 (a) for one slot. It accepts its own proposal at once.
    pub(super) fn propose(&mut self, slot: u64, decree: Decree, effects: &mut Effects<'_>) {
        let (me, repeat_us) = (effects.me(), effects.config().repeat_us);
        let chosen_to = self.log.chosen_to();
        let Part::Leader(leadership) = &mut self.part else { return };
        let ballot = leadership.ballot;
        let is_first = leadership.proposals.values().next().is_none();
        let mut accepted = Members::default();
        accepted.insert(me.0);
        leadership.proposals.insert(slot, Proposal { decree: decree.clone(), accepted });
        leadership.next = leadership.next.max(slot + 1);
        self.log.accept(slot, Vote { ballot, value: decree.clone() });
        self.save(effects);
        for other in Server::others(effects) {
            effects.send(other, Message::Accept { ballot, slot, decree: decree.clone(), chosen_to });
        }
        // The timer runs for the oldest of them, and must not start anew with each.
        if is_first {
            effects.set_timer(Timer::Repeat, repeat_us);
        }
    }

    /// Somebody has accepted what is proposed in a slot.
    pub(super) fn on_accepted(&mut self, from: NodeId, ballot: Ballot, slot: u64, effects: &mut Effects<'_>) {
        let (me, needed) = (effects.me(), effects.config().majority());
        let Part::Leader(leadership) = &mut self.part else {
            late(from, effects);
            return;
        };
        let Some(proposal) = leadership.proposals.get_mut(&slot).filter(|_| leadership.ballot == ballot) else {
            late(from, effects);
            return;
        };
        if !proposal.accepted.insert(from.0) {
            effects.note(|| t!("{node} has counted {other} already", node = me, other = from));
            effects.routine("counted already");
            return;
        }
        let count = proposal.accepted.count();
        if count < needed {
            effects.rule("learn");
            effects.note(|| {
                t!(
                    "{node} has {count} of {needed} acceptances for slot {slot}",
                    node = me,
                    count = count,
                    needed = needed,
                    slot = slot
                )
            });
            return;
        }
        let decree = proposal.decree.clone();
        leadership.proposals.remove(&slot);
        effects.rule("learn");
        effects.note(|| {
            t!("{node} knows now: “{decree}” is chosen in slot {slot}", node = me, decree = decree.text(), slot = slot)
        });
        effects.note(|| {
            t!("Accepted in ballot {ballot} by {count}: more than half.", ballot = ballot.text(), count = count)
        });
        self.log.choose(slot, decree);
        self.save(effects);
        if self.log.chosen_to() < slot {
            let gap = self.log.chosen_to() + 1;
            effects.rule("in_order");
            effects.note(|| t!("It is not carried out before slot {gap} is chosen.", gap = gap));
        }
        self.carry_out(effects);
        self.go_on(effects);
    }

    /// Takes up commands and reads that waited.
    fn go_on(&mut self, effects: &mut Effects<'_>) {
        self.answer_reads(effects);
        while let Some(slot) = self.free_slot(effects) {
            let Part::Leader(leadership) = &mut self.part else { return };
            let Some(request) = leadership.waiting.pop_front() else { return };
            self.propose(slot, Decree::Command(request), effects);
        }
    }

    /// The next slot that a command can go to, if it is within the window.
    fn free_slot(&mut self, effects: &Effects<'_>) -> Option<u64> {
        let end = self.log.chosen_to() + effects.config().window;
        let Part::Leader(leadership) = &mut self.part else { return None };
        while self.log.chosen(leadership.next).is_some() {
            leadership.next += 1;
        }
        (leadership.next <= end).then_some(leadership.next)
    }

    /// Not all have answered: the same again to those that have not.
    pub(super) fn repeat(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.rule("repeat");
        let has_asked = match &self.part {
            Part::Leader(leadership) => leadership.proposals.values().next().is_some(),
            Part::Candidate(_) | Part::Follower => true,
        };
        effects.note(|| match has_asked {
            true => t!("{node} asks again those that have not answered", node = me),
            false => t!("{node} has nothing to ask again: all that it has proposed is chosen", node = me),
        });
        effects.routine(if has_asked { "asks again" } else { "nothing to ask" });
        if let Part::Candidate(_) = self.part {
            self.ask_for_promises(effects);
        }
        let Part::Leader(leadership) = &self.part else { return };
        let (repeat_us, chosen_to, ballot) = (effects.config().repeat_us, self.log.chosen_to(), leadership.ballot);
        let mut asks = false;
        for (slot, Proposal { decree, accepted }) in leadership.proposals.iter() {
            for other in Server::others(effects).filter(|other| !accepted.has(other.0)) {
                effects.send(other, Message::Accept { ballot, slot: *slot, decree: decree.clone(), chosen_to });
                asks = true;
            }
        }
        if asks {
            effects.set_timer(Timer::Repeat, repeat_us);
        }
    }

    /// The next heartbeat.
    pub(super) fn beat(&mut self, effects: &mut Effects<'_>) {
        if self.leadership().is_none() {
            return;
        }
        let (me, chosen_to) = (effects.me(), self.log.chosen_to());
        effects.rule("heartbeat");
        effects.note(|| t!("{node} sends its heartbeat", node = me));
        effects.note(|| t!("With it goes that all slots up to {slot} are chosen.", slot = chosen_to));
        effects.routine("heartbeat");
        self.send_heartbeats(effects);
    }

    /// A round of heartbeats.
    pub(super) fn send_heartbeats(&mut self, effects: &mut Effects<'_>) {
        let heartbeat_us = effects.config().heartbeat_us;
        let chosen_to = self.log.chosen_to();
        let Part::Leader(leadership) = &mut self.part else { return };
        leadership.beat += 1;
        let (ballot, beat) = (leadership.ballot, leadership.beat);
        for other in Server::others(effects) {
            effects.send(other, Message::Heartbeat { ballot, beat, chosen_to });
        }
        effects.set_timer(Timer::Beat, heartbeat_us);
        self.begin_lease(ballot, beat, effects);
    }

    /// A client asks for something.
    pub(super) fn on_request(&mut self, request: Rc<Request>, effects: &mut Effects<'_>) {
        let (me, client) = (effects.me(), request.client.node);
        if self.leadership().is_none() {
            let leader = self.leader();
            effects.rule("redirect");
            effects.note(|| match leader {
                Some(leader) => {
                    t!("{node} sends {client} to the leader, {leader}", node = me, client = client, leader = leader)
                }
                None => t!("{node} knows no leader to send {client} to", node = me, client = client),
            });
            effects.send(client, Message::Redirect { client: request.client, serial: request.serial, leader });
            return;
        }
        let (once, read_mode) = (effects.config().rules.client_sessions, effects.config().read_mode);
        if once && let Some(result) = self.store.result_of(&request).cloned() {
            effects.rule("client_sessions");
            effects.note(|| t!("{node} gives {client} the same answer again", node = me, client = client));
            effects.note(|| t!("It has carried out this very command before, and does not do it twice."));
            answer(&request, result, effects);
            return;
        }
        if read_mode != ReadMode::Log && matches!(request.command, Command::Get { .. }) {
            self.on_read(request, effects);
            return;
        }
        if once && self.is_on_its_way(&request) {
            effects.rule("client_sessions");
            effects.note(|| t!("{node} is at work on this command of {client} already", node = me, client = client));
            return;
        }
        let command = request.command.text();
        match self.free_slot(effects) {
            Some(slot) => {
                effects.rule("phase_2");
                effects.note(|| {
                    t!(
                        "{node} proposes “{command}” of {client} in slot {slot}",
                        node = me,
                        command = command,
                        client = client,
                        slot = slot
                    )
                });
                effects.note(|| t!("Phase 1 is done for all slots: it asks for acceptance at once."));
                self.propose(slot, Decree::Command(request), effects);
            }
            None => {
                effects.rule("window");
                effects.note(|| {
                    t!("{node} keeps “{command}” of {client} for later", node = me, command = command, client = client)
                });
                let slot = self.log.chosen_to() + 1;
                effects.note(|| {
                    t!("It has proposed as far ahead as it may: slot {slot} has to be chosen first.", slot = slot)
                });
                if let Part::Leader(leadership) = &mut self.part {
                    leadership.waiting.push_back(request);
                }
            }
        }
    }

    /// Whether this command is proposed, or waits for it, or stands in a slot that is not carried out yet.
    fn is_on_its_way(&self, request: &Request) -> bool {
        let is_it = |other: &Request| other.client == request.client && other.serial == request.serial;
        let Part::Leader(leadership) = &self.part else { return false };
        let mut chosen = (self.applied + 1..=self.log.last()).filter_map(|slot| self.log.chosen(slot)?.request());
        leadership.waiting.iter().any(|other| is_it(other))
            || leadership.proposals.values().filter_map(|proposal| proposal.decree.request()).any(is_it)
            || chosen.any(is_it)
    }
}

fn late(from: NodeId, effects: &mut Effects<'_>) {
    let me = effects.me();
    effects.note(|| t!("{node} needs the acceptance of {other} no more", node = me, other = from));
    effects.routine("late acceptance");
}
