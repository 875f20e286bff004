//! Handing over: a leader has a server of its choice stand for election (dissertation, section 3.10).

use sim::{NodeId, t};

use super::message::Message;
use super::server::{Role, Server};
use super::{Effects, Timer};

impl Server {
    /// Whether it leads and is about to hand over: until then it takes no commands.
    pub(super) fn is_handing_over(&self) -> bool {
        matches!(&self.role, Role::Leader(leadership) if leadership.transfer.is_some())
    }

    /// A person wants this server to lead.
    pub(super) fn start_transfer(&mut self, target: NodeId, effects: &mut Effects<'_>) {
        let (me, members) = (effects.me(), self.members());
        let after_us = effects.config().timeout_least_us;
        let Role::Leader(leadership) = &mut self.role else {
            effects.note(|| t!("{node} does not lead: only a leader hands over", node = me));
            return;
        };
        if target == me || !members.voters.contains(target) {
            effects.note(|| t!("{node} cannot hand over to {server}", node = me, server = target));
            effects.note(|| t!("It hands over to another server that votes."));
            return;
        }
        leadership.transfer = Some(target);
        effects.rule("transfer");
        effects.note(|| t!("{node} hands over to {server}", node = me, server = target));
        effects.note(|| t!("It takes no commands until then, and sends {server} what that lacks.", server = target));
        effects.set_timer(Timer::Transfer, after_us);
        self.send_entries(target, effects);
        self.pursue_transfer(target, effects);
    }

    /// Has the server stand to which it hands over, once that has all of the log.
    pub(super) fn pursue_transfer(&mut self, follower: NodeId, effects: &mut Effects<'_>) {
        let last_index = self.log.last_index();
        let Role::Leader(leadership) = &self.role else { return };
        let has_all = leadership.followers[follower.index()].match_index == last_index;
        if leadership.transfer == Some(follower) && has_all {
            self.tell_to_stand(follower, effects);
        }
    }

    /// Has a server stand at once.
    pub(super) fn tell_to_stand(&self, server: NodeId, effects: &mut Effects<'_>) {
        effects.rule("transfer");
        effects.note(|| t!("{server} is to stand for election at once.", server = server));
        effects.send(server, Message::TimeoutNow { term: self.term });
    }

    /// It still leads after an election timeout: the other one has not been elected.
    pub(super) fn give_up_transfer(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Role::Leader(leadership) = &mut self.role else { return };
        let Some(target) = leadership.transfer.take() else { return };
        effects.rule("transfer");
        effects.note(|| t!("{node} still leads, and takes commands again", node = me));
        effects.note(|| t!("{server} has not been elected in time.", server = target));
    }

    /// The leader wants it to stand now.
    pub(super) fn on_timeout_now(&mut self, from: NodeId, term: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.observe_term(term, effects);
        if term < self.term || self.is_leader() || !self.may_stand(effects) {
            effects.note(|| t!("{node} does not stand for {leader}", node = me, leader = from));
            effects.note(|| t!("The term of that is over, or it does not vote."));
            return;
        }
        self.start_election(true, effects);
    }
}
