//! An operator: asks the leader for a change of the members now and then, drawn by chance.

use serde::Serialize;
use sim::{NodeId, t};

use super::members::{Change, ChangeAnswer, ServerSet};
use super::message::Message;
use super::settings::Membership;
use super::{Effects, Timer};

/// Fewer voters than this an operator does not ask for.
const FEWEST_VOTERS: usize = 3;

/// An operator. It remembers nothing through a crash.
#[derive(Clone, Debug, Serialize)]
pub struct Operator {
    /// The server that it takes for the leader.
    pub server: NodeId,
    /// Who votes, as far as it knows.
    pub voters: ServerSet,
    /// What it has asked for and knows no end of.
    pub open: Option<Change>,
}

impl Operator {
    pub(super) fn boot(effects: &mut Effects<'_>) -> Operator {
        let operator = Operator { server: NodeId(0), voters: ServerSet::first(effects.config().voters), open: None };
        operator.wait(effects);
        operator
    }

    fn wait(&self, effects: &mut Effects<'_>) {
        let change_us = effects.config().change_us;
        if change_us > 0 {
            // Between half and one and a half times the interval.
            let after_us = change_us / 2 + effects.choose(change_us + 1);
            effects.set_timer(Timer::Change, after_us);
        }
    }

    /// It is time for another change. One that was not done by now is given up.
    pub(super) fn on_change_timer(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let change = self.choose(effects);
        self.wait(effects);
        if self.open.replace(change).is_some() {
            let servers = effects.config().servers;
            self.server = NodeId((self.server.0 + 1) % servers.max(1));
        }
        let server = self.server;
        effects.rule("one_change");
        effects.note(|| t!("{node} asks {server}: {change}", node = me, server = server, change = change.text()));
        effects.send(self.server, Message::Change(change));
    }

    pub(super) fn on_answer(&mut self, from: NodeId, change: Change, answer: ChangeAnswer, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.open != Some(change) {
            effects.note(|| t!("{node} has given that up already", node = me));
            effects.routine("late answer");
            return;
        }
        match answer {
            ChangeAnswer::Done(members) => {
                self.open = None;
                self.voters = members.voters;
                effects.note(|| t!("{node} learns that it is done: {change}", node = me, change = change.text()));
            }
            ChangeAnswer::Refused(why) => {
                self.open = None;
                effects.note(|| t!("{node} learns that nothing is changed", node = me));
                effects.note(|| why.text());
            }
            ChangeAnswer::Redirect(Some(leader)) if leader != from => {
                self.server = leader;
                effects.rule("redirect");
                effects
                    .note(|| t!("{node} asks {leader} instead of {other}", node = me, leader = leader, other = from));
                effects.send(leader, Message::Change(change));
            }
            ChangeAnswer::Redirect(_) => {
                self.open = None;
                effects.rule("redirect");
                effects.note(|| t!("{node} waits for a leader to be found", node = me));
            }
        }
    }

    /// One server more or less; where two configurations may hold at once, any three or four.
    fn choose(&self, effects: &mut Effects<'_>) -> Change {
        let (servers, membership) = (effects.config().servers, effects.config().membership);
        if membership != Membership::Single {
            let mut voters = ServerSet::default();
            let count = FEWEST_VOTERS + effects.choose(2) as usize;
            while voters.count() < count.min(usize::from(servers)) {
                voters.insert(NodeId(effects.choose(u64::from(servers)) as u16));
            }
            return Change::Set(voters);
        }
        let server = NodeId(effects.choose(u64::from(servers)) as u16);
        if !self.voters.contains(server) {
            Change::Add(server)
        } else if self.voters.count() > FEWEST_VOTERS {
            Change::Remove(server)
        } else {
            let spare = ServerSet::first(servers).without(self.voters).iter().next();
            spare.map_or(Change::Set(self.voters), Change::Add)
        }
    }
}
