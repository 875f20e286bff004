//! Asking first: a server that would not be elected begins no term (dissertation, section 9.6).

use sim::{NodeId, t, time_us};

use super::Effects;
use super::members::ServerSet;
use super::message::Message;
use super::server::{Role, Server};

impl Server {
    /// Asks everybody whether they would vote for it in the next term.
    pub(super) fn start_pre_vote(&mut self, effects: &mut Effects<'_>) {
        let (me, waited_us, term) = (effects.me(), self.timeout_us, self.term + 1);
        self.role = Role::PreCandidate { votes: ServerSet::of(me) };
        self.leader = None;
        self.reset_election_timer(effects);
        effects.rule("ask_first");
        effects.note(|| t!("{node} asks who would vote for it in term {term}", node = me, term = term));
        effects.note(|| t!("It has heard no leader for {time}. No term begins by that.", time = time_us(waited_us)));
        let (last_log_index, last_log_term) = (self.log.last_index(), self.log.last_term());
        for other in self.others(effects) {
            effects.send(other, Message::RequestPreVote { term, last_log_index, last_log_term });
        }
        self.count_pre_votes(effects);
    }

    /// Says whether it would vote for this server. Nothing about itself changes by that.
    pub(super) fn on_request_pre_vote(
        &mut self,
        from: NodeId,
        term: u64,
        last_log: (u64, u64),
        effects: &mut Effects<'_>,
    ) {
        let me = effects.me();
        let has_voted = term == self.term && self.voted_for.is_some_and(|voted_for| voted_for != from);
        let refusal = if term < self.term || has_voted {
            Some(t!("It is in term {term}, and has voted.", term = self.term))
        } else if self.is_leader() {
            Some(t!("It leads."))
        } else if self.has_heard_a_leader(effects) {
            Some(t!("It has heard from a leader a moment ago."))
        } else if !self.log.is_no_newer_than(last_log.0, last_log.1) {
            Some(t!("Its own log is more up to date: the last entry is of term {last}.", last = self.log.last_term()))
        } else {
            None
        };
        let granted = refusal.is_none();
        effects.rule("ask_first");
        match refusal {
            Some(why) => {
                effects.note(|| t!("{node} would not vote for {candidate}", node = me, candidate = from));
                effects.note(|| why);
            }
            None => {
                self.would_vote = Some((from, term));
                effects.note(|| t!("{node} would vote for {candidate}", node = me, candidate = from));
                effects.note(|| t!("It has not voted yet: it may say so to others as well."));
            }
        }
        let term = if granted { term } else { self.term };
        effects.send(from, Message::PreVote { term, granted });
    }

    /// Somebody would vote for it, or would not.
    pub(super) fn on_pre_vote(&mut self, from: NodeId, term: u64, granted: bool, effects: &mut Effects<'_>) {
        let me = effects.me();
        if !granted {
            self.observe_term(term, effects);
            effects.note(|| t!("{voter} would not vote for {node}", voter = from, node = me));
            return;
        }
        match &mut self.role {
            Role::PreCandidate { votes } if term == self.term + 1 => {
                votes.insert(from);
                let votes = *votes;
                self.note_votes(votes, effects);
                self.count_pre_votes(effects);
            }
            _ => {
                effects.note(|| t!("{node} does not ask any more", node = me));
                effects.routine("late vote");
            }
        }
    }

    /// With the word of a majority it stands for election.
    fn count_pre_votes(&mut self, effects: &mut Effects<'_>) {
        if let Role::PreCandidate { votes } = self.role
            && self.members().decide(votes, effects.config())
        {
            self.start_election(false, effects);
        }
    }
}
