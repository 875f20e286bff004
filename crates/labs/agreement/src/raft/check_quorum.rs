//! A leader that a majority does not answer gives up (dissertation, section 6.2).

use sim::{NodeId, t};

use super::members::ServerSet;
use super::server::{Leadership, Role, Server};
use super::{Effects, Timer};

impl Server {
    /// A leader counts after an election timeout who has answered.
    pub(super) fn plan_quorum_check(&self, effects: &mut Effects<'_>) {
        let config = effects.config();
        if config.check_quorum {
            let after_us = config.timeout_least_us;
            effects.set_timer(Timer::CheckQuorum, after_us);
        }
    }

    /// Whether a majority has answered since it last counted. A leader without one may be the only one who takes it for that.
    pub(super) fn check_quorum(&mut self, effects: &mut Effects<'_>) {
        let (me, members) = (effects.me(), self.members());
        let Role::Leader(leadership) = &mut self.role else { return };
        let heard = std::mem::take(&mut leadership.heard).with(ServerSet::of(me));
        effects.rule("check_quorum");
        if members.decide(heard, effects.config()) {
            effects.note(|| t!("{node} has heard from a majority", node = me));
            effects.routine("heard");
            self.plan_quorum_check(effects);
            return;
        }
        effects.note(|| t!("{node} leads no more: a majority has not answered", node = me));
        effects.note(|| t!("It could commit nothing. Others may have a leader that it does not hear of."));
        self.become_follower(effects);
        self.leader = None;
    }

    /// A person has it act as if it had heard no leader, so that it helps to elect another one (etcd-io/raft, ForgetLeader).
    pub(super) fn forget_leader(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.is_leader() {
            effects.note(|| t!("{node} leads, and forgets nothing", node = me));
            return;
        }
        self.leader = None;
        self.heard_at_us = None;
        effects.rule("forget_leader");
        effects.note(|| t!("{node} forgets its leader", node = me));
        effects.note(|| t!("It need not wait any more before it votes for another one."));
    }
}

impl Leadership {
    /// Somebody has answered.
    pub(super) fn note_heard(&mut self, from: NodeId, effects: &Effects<'_>) {
        if effects.config().check_quorum {
            self.heard.insert(from);
        }
    }
}
