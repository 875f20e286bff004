//! Reads that leave no entry in the log: section 8 of the Raft paper, section 6.4 of the dissertation.

use std::rc::Rc;

use parts::store::Request;
use sim::{NodeId, t};

use super::Effects;
use super::ReadMode;
use super::membership::promise;
use super::rules::ONE_LEADER;
use super::server::{Read, Role, Server, answer};

impl Server {
    /// A client wants to read from a leader.
    pub(super) fn on_read(&mut self, request: Rc<Request>, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.local_now());
        let client = request.client.node;
        let config = effects.config();
        let (confirms, trusts_clocks) = (config.rules.confirm_reads, config.read_mode == ReadMode::Lease);
        let Role::Leader(leadership) = &mut self.role else { return };
        let has_opened = self.last_applied >= leadership.opened_at;
        let has_lease = has_opened && leadership.lease_until_us.is_some_and(|until_us| now_us < until_us);
        effects.note(|| {
            t!("{client} asks {node} to “{command}”", client = client, node = me, command = request.command.text())
        });
        if !confirms || trusts_clocks && has_lease {
            if confirms {
                effects.rule("lease");
                promise(&ONE_LEADER, || t!("It answers at once: a majority has heard from it a moment ago."), effects);
            } else {
                effects.rule("confirm_reads");
                effects.note(|| t!("It answers at once, without asking whether it still leads."));
            }
            let result = self.store.value(request.command.key());
            answer(&request, result, effects);
            return;
        }
        // No entry committed before this moment lies beyond: what earlier leaders have committed comes before the empty
        // entry of this term.
        let read_index = self.commit_index.max(leadership.opened_at);
        let known = leadership.reads.iter().any(|read| read.request == request);
        if known {
            return;
        }
        leadership.reads.push_back(Read { request, read_index, round: leadership.round + 1 });
        effects.rule("confirm_reads");
        effects.note(|| t!("It asks the others first whether it still leads."));
        self.broadcast(effects);
        self.answer_reads(effects);
    }

    /// Answers the reads whose round a majority has answered, as far as the state machine has got. True if
    /// there are any.
    pub(super) fn answer_reads(&mut self, effects: &mut Effects<'_>) -> bool {
        let (me, members) = (effects.me(), self.members());
        let Role::Leader(leadership) = &mut self.role else { return false };
        let keeps_lease = effects.config().read_mode == ReadMode::Lease;
        if leadership.reads.is_empty() && !keeps_lease {
            return false;
        }
        let waiting = leadership.reads.len();
        let own = leadership.round;
        let followers = &leadership.followers;
        let round = |server: NodeId| if server == me { own } else { followers[server.index()].round };
        let confirmed = members.reached(effects.config(), round);
        if keeps_lease {
            let lease_us = effects.config().timeout_least_us as i64;
            while leadership.rounds.front().is_some_and(|(round, _)| *round < confirmed) {
                leadership.rounds.pop_front();
            }
            let began = leadership.rounds.front().filter(|(round, _)| *round == confirmed);
            leadership.lease_until_us = began.map(|(_, at_us)| at_us + lease_us).or(leadership.lease_until_us);
        }
        while let Some(read) = leadership.reads.front()
            && read.round <= confirmed
            && read.read_index <= self.last_applied
        {
            let Some(read) = leadership.reads.pop_front() else { break };
            let client = read.request.client.node;
            effects.rule("confirm_reads");
            effects.note(|| t!("{node} answers the read of {client}", node = me, client = client));
            promise(&ONE_LEADER, || t!("A majority has answered since it was asked: it still led then."), effects);
            // A read changes nothing, and needs no place in a session.
            let result = self.store.value(read.request.command.key());
            answer(&read.request, result, effects);
        }
        leadership.reads.len() < waiting
    }
}
