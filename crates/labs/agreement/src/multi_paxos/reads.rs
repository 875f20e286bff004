//! Reads that take no slot: the leader asks first whether it still leads.

use std::rc::Rc;

use parts::store::Request;
use serde::Serialize;
use sim::{NodeId, t};

use super::Effects;
use super::ReadMode;
use super::server::{Part, Server, answer};
use crate::paxos::Ballot;

/// A read that a leader has yet to answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Read {
    pub request: Rc<Request>,
    /// The slots up to here have to be carried out first.
    pub slot: u64,
    /// A majority has to answer this round of heartbeats, or a later one.
    pub beat: u64,
}

impl Server {
    /// A client wants to read from a leader.
    pub(super) fn on_read(&mut self, request: Rc<Request>, effects: &mut Effects<'_>) {
        let (me, client) = (effects.me(), request.client.node);
        let chosen_to = self.log.chosen_to();
        let Part::Leader(leadership) = &mut self.part else { return };
        effects.rule("confirm_reads");
        effects.note(|| {
            t!("{client} asks {node} to “{command}”", client = client, node = me, command = request.command.text())
        });
        if !effects.config().rules.confirm_reads {
            effects.note(|| t!("It answers at once, without asking whether it still leads."));
            let result = self.store.value(request.command.key());
            answer(&request, result, effects);
            return;
        }
        if effects.config().read_mode == ReadMode::Lease
            && effects.monotonic_now() < leadership.lease_until_us
            && self.applied >= leadership.opened_to
        {
            effects.rule("lease");
            effects.note(|| t!("It answers at once: for a while a majority promises nothing to others."));
            let result = self.store.value(request.command.key());
            answer(&request, result, effects);
            return;
        }
        if leadership.reads.iter().any(|read| read.request == request) {
            return;
        }
        // Whatever a lower ballot has chosen is among the slots that phase 1 told of.
        let slot = chosen_to.max(leadership.opened_to);
        leadership.reads.push_back(Read { request, slot, beat: leadership.beat + 1 });
        effects.note(|| t!("It asks the others first whether it still leads."));
        self.send_heartbeats(effects);
    }

    /// A server has promised nothing higher.
    pub(super) fn on_heard(&mut self, from: NodeId, ballot: Ballot, beat: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.rule("heartbeat");
        effects.note(|| t!("{other} answers the heartbeat of {node}", other = from, node = me));
        let is_current = match &mut self.part {
            Part::Leader(leadership) if leadership.ballot == ballot => {
                let heard = &mut leadership.heard[from.index()];
                *heard = beat.max(*heard);
                true
            }
            _ => false,
        };
        if is_current {
            self.count_lease(effects);
        }
        if !is_current || !self.answer_reads(effects) {
            effects.routine("answer");
        }
    }

    /// Answers the reads whose round a majority has answered, as far as the slots are carried out. Returns whether there were any.
    pub(super) fn answer_reads(&mut self, effects: &mut Effects<'_>) -> bool {
        let (me, needed) = (effects.me(), effects.config().majority());
        let Part::Leader(leadership) = &mut self.part else { return false };
        let waiting = leadership.reads.len();
        while let Some(read) = leadership.reads.front() {
            // Itself, and those that have answered.
            let confirmed = 1 + leadership.heard.iter().filter(|heard| **heard >= read.beat).count() as u32;
            if confirmed < needed || self.applied < read.slot {
                break;
            }
            let Some(read) = leadership.reads.pop_front() else { break };
            let client = read.request.client.node;
            effects.rule("confirm_reads");
            effects.note(|| t!("{node} answers the read of {client}", node = me, client = client));
            effects.note(|| t!("A majority had promised nothing higher when it was asked: it still led then."));
            // A read changes nothing, and needs no place in a session.
            let result = self.store.value(read.request.command.key());
            answer(&read.request, result, effects);
        }
        leadership.reads.len() < waiting
    }
}
