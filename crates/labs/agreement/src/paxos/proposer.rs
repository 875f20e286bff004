//! Proposers: they ask first, and then propose what they have to (Paxos Made Simple, sections 2.2 and 2.4).

use serde::Serialize;
use sim::{NodeId, Text, t, time_us};

use super::{Ballot, Colour, Disk, Effects, Members, Message, Timer, Vote};

/// A proposer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposer {
    /// What it would like to be chosen; drawn anew at each start.
    pub own: Option<Colour>,
    /// The highest round that it has used.
    pub round: u64,
    /// The highest round that it has heard of.
    pub seen: u64,
    pub phase: Phase,
    /// What it has asked the acceptors to accept last. It may be chosen after the proposer was overtaken.
    pub sent: Option<Sent>,
    /// How many of its ballots were overtaken since it started.
    pub overtaken: u32,
    /// It has lost its disk, and does not know which ballots it has used.
    pub is_silent: bool,
    /// When it started, and when it last heard of each other proposer, on its own clock, in microseconds.
    pub started_us: u64,
    pub alive: Vec<(NodeId, u64)>,
}

/// Where a proposer stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Phase {
    /// It does nothing.
    Idle,
    /// It was overtaken, and stays away for a while.
    Waiting,
    /// Phase 1: it waits for promises.
    Preparing { ballot: Ballot, promises: Vec<Promise> },
    /// It writes down what it will propose, and who had accepted that if it is not its own.
    Writing { vote: Vote<Colour>, from: Option<NodeId> },
    /// Phase 2: it waits for acceptances.
    Accepting { vote: Vote<Colour>, from: Option<NodeId> },
    /// It knows what is chosen.
    Done(Colour),
}

/// A promise, with what its acceptor has accepted last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Promise {
    pub acceptor: NodeId,
    pub accepted: Option<Vote<Colour>>,
}

/// What acceptors were asked to accept, and who has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sent {
    pub vote: Vote<Colour>,
    pub accepted: Members,
}

impl Phase {
    /// The ballot that it is at work on.
    pub fn ballot(&self) -> Option<Ballot> {
        match self {
            Phase::Preparing { ballot, .. } => Some(*ballot),
            Phase::Writing { vote, .. } | Phase::Accepting { vote, .. } => Some(vote.ballot),
            Phase::Idle | Phase::Waiting | Phase::Done(_) => None,
        }
    }
}

impl Proposer {
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Proposer {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let config = effects.config();
        let (begin_us, beat_us, leader) = (config.begin_us, config.beat_us(), config.leader);
        let is_silent = !disk.mark && !config.lost_disk_votes;
        let own = (begin_us > 0).then(|| Colour::of(me, effects.choose(Colour::EACH)));
        let proposer = Proposer {
            own: own.filter(|_| !is_silent),
            round: disk.round,
            seen: disk.round,
            phase: Phase::Idle,
            sent: None,
            overtaken: 0,
            is_silent,
            started_us: now_us,
            alive: Vec::new(),
        };
        if is_silent {
            effects.rule("lost_disk");
            effects
                .note(|| t!("Its disk is empty, so that it may have used any ballot: it proposes nothing any more."));
            return proposer;
        }
        if !disk.mark {
            effects.rule("lost_disk");
            effects.persist(Disk { mark: true, ..Disk::default() });
        }
        effects.rule("round_on_disk");
        let round = disk.round;
        effects.note(|| t!("On its disk stands that it has used rounds up to {round}.", round = round));
        if begin_us > 0 {
            let after_us = effects.choose(begin_us + 1);
            effects.set_timer(Timer::Begin, after_us);
        }
        if leader {
            effects.set_timer(Timer::Beat, beat_us);
        }
        proposer
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.is_silent {
            effects.note(|| t!("{node} says nothing: it has lost its disk", node = me));
            effects.rule("lost_disk");
            effects.routine("silent");
            return;
        }
        match message {
            Message::Promise { ballot, accepted } => self.on_promise(from, ballot, accepted, effects),
            Message::Nack { ballot, promised } => self.on_nack(from, ballot, promised, effects),
            Message::Accepted(vote) => self.on_accepted(from, vote, effects),
            Message::Alive => {
                let now_us = effects.monotonic_now();
                match self.alive.iter_mut().find(|(node, _)| *node == from) {
                    Some((_, at_us)) => *at_us = now_us,
                    None => self.alive.push((from, now_us)),
                }
                effects.rule("leader");
                effects.note(|| t!("{node} hears that {other} is there", node = me, other = from));
                effects.routine("sign of life");
            }
            Message::Chosen(value) => {
                effects.rule("leader");
                effects.note(|| {
                    t!(
                        "{node} hears from {other} that {value} is chosen",
                        node = me,
                        other = from,
                        value = value.text()
                    )
                });
                self.know(value, effects);
            }
            _ => {}
        }
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Begin if self.phase == Phase::Idle => self.begin(effects),
            Timer::Again if self.phase == Phase::Waiting => self.begin(effects),
            Timer::Repeat => self.repeat(effects),
            Timer::Write => self.send_accepts(effects),
            Timer::Beat => self.beat(effects),
            Timer::Begin | Timer::Again => {}
        }
    }

    /// A person would like this value to be chosen.
    pub(super) fn propose(&mut self, value: Colour, effects: &mut Effects<'_>) {
        let (me, text) = (effects.me(), value.text());
        if self.is_silent {
            effects.rule("lost_disk");
            effects.note(|| t!("{node} proposes nothing: it has lost its disk", node = me));
            return;
        }
        if let Phase::Done(chosen) = self.phase {
            effects.note(|| {
                t!(
                    "{node} does not propose {value}: it knows that {chosen} is chosen",
                    node = me,
                    value = text,
                    chosen = chosen.text()
                )
            });
            return;
        }
        self.own = Some(value);
        if self.phase == Phase::Idle {
            self.begin(effects);
        } else {
            effects.note(|| t!("{node} would now like {value} to be chosen", node = me, value = text));
            effects.note(|| t!("What it has asked the acceptors to accept stays what it is."));
        }
    }

    /// A new ballot, if it is this proposer's turn.
    fn begin(&mut self, effects: &mut Effects<'_>) {
        let (me, Some(own)) = (effects.me(), self.own) else { return };
        if let Some(leader) = self.leader(effects) {
            self.phase = Phase::Idle;
            effects.rule("leader");
            effects.note(|| t!("{node} proposes nothing: it leaves that to {leader}", node = me, leader = leader));
            return;
        }
        let rules = effects.config().rules;
        let before = self.phase == Phase::Waiting;
        self.round = self.round.max(self.seen) + 1;
        self.seen = self.round;
        let ballot = Ballot::new(self.round, me, rules.own_ballots);
        effects.persist(Disk {
            mark: true,
            round: if rules.round_on_disk { self.round } else { 0 },
            ..Disk::default()
        });
        self.phase = Phase::Preparing { ballot, promises: Vec::new() };
        for rule in ["phase_1", "own_ballots", "round_on_disk"] {
            effects.rule(rule);
        }
        effects.note(|| t!("{node} asks the acceptors to promise ballot {ballot}", node = me, ballot = ballot.text()));
        effects.note(|| match before {
            true => t!("Its last ballot was overtaken: this one is higher than all that it has heard of."),
            false => {
                t!("It would like {value} to be chosen, and first asks what was accepted before.", value = own.text())
            }
        });
        self.send_prepares(effects);
    }

    fn send_prepares(&self, effects: &mut Effects<'_>) {
        let Phase::Preparing { ballot, promises } = &self.phase else { return };
        let (acceptors, repeat_us) = (effects.config().all_acceptors(), effects.config().repeat_us);
        for acceptor in acceptors.filter(|acceptor| promises.iter().all(|promise| promise.acceptor != *acceptor)) {
            effects.send(acceptor, Message::Prepare(*ballot));
        }
        effects.set_timer(Timer::Repeat, repeat_us);
    }

    fn on_promise(
        &mut self,
        from: NodeId,
        promised: Ballot,
        accepted: Option<Vote<Colour>>,
        effects: &mut Effects<'_>,
    ) {
        let (me, needed) = (effects.me(), effects.config().promises_needed());
        let promises = match &mut self.phase {
            Phase::Preparing { ballot, promises } if *ballot == promised => promises,
            _ => {
                effects.note(|| t!("{node} needs the promise of {acceptor} no more", node = me, acceptor = from));
                effects.routine("late promise");
                return;
            }
        };
        if promises.iter().any(|promise| promise.acceptor == from) {
            effects.note(|| t!("{node} has the promise of {acceptor} already", node = me, acceptor = from));
            effects.routine("promise once more");
            return;
        }
        promises.push(Promise { acceptor: from, accepted });
        let count = promises.len() as u32;
        if count >= needed {
            self.choose(promised, effects);
            return;
        }
        effects.rule("phase_1");
        effects.note(|| {
            t!("{node} has {count} of {needed} promises that it needs", node = me, count = count, needed = needed)
        });
        if let Some(vote) = accepted {
            effects.note(|| {
                t!(
                    "{acceptor} has accepted {value} in ballot {ballot}.",
                    acceptor = from,
                    value = vote.value.text(),
                    ballot = vote.ballot.text()
                )
            });
        }
    }

    /// There are enough promises: what it has to propose now.
    fn choose(&mut self, ballot: Ballot, effects: &mut Effects<'_>) {
        let (Phase::Preparing { promises, .. }, Some(own)) = (&self.phase, self.own) else { return };
        let (me, rules, write_us) = (effects.me(), effects.config().rules, effects.config().write_us);
        let votes = || promises.iter().filter_map(|promise| Some((promise.acceptor, promise.accepted?)));
        // Of equal ballots the first one that came.
        let highest = votes().reduce(|best, next| if next.1.ballot > best.1.ballot { next } else { best });
        let known = if rules.highest_ballot { highest } else { votes().next() };
        let taken = known.filter(|_| rules.adopt_value);
        let value = taken.map_or(own, |(_, vote)| vote.value);
        let count = promises.len();
        effects.note(|| match taken {
            Some((acceptor, vote)) if vote.value != own => t!(
                "{node} takes over {value} from {acceptor}, and gives up its own {own}",
                node = me,
                value = vote.value.text(),
                acceptor = acceptor,
                own = own.text()
            ),
            Some((_, vote)) => {
                t!("{node} may propose {value}, which was accepted before", node = me, value = vote.value.text())
            }
            None => t!("{node} may propose its own {value}", node = me, value = own.text()),
        });
        effects.rule("quorums_meet");
        if known.is_some() {
            effects.rule("adopt_value");
            effects.rule("highest_ballot");
        }
        match (taken, known) {
            (Some((_, vote)), _) => effects.because(&["adopt_value", "highest_ballot"], || t!(
                "Of all that it has heard of, {value} has the highest ballot, {ballot}: it may be chosen already.",
                value = vote.value.text(),
                ballot = vote.ballot.text()
            )),
            (None, Some(_)) => effects.because(&["adopt_value"], Text::default),
            (None, None) if effects.config().lost_disk_votes => effects.note(|| t!(
                "{count} acceptors are a majority and know of nothing that was accepted.",
                count = count
            )),
            (None, None) => effects.because(&["quorums_meet", "promise", "accept_promises", "acceptor_disk"], || t!(
                "{count} acceptors are a majority and had accepted nothing: nothing is chosen in a lower ballot, nor will be.",
                count = count
            )),
        }
        self.phase = Phase::Writing { vote: Vote { ballot, value }, from: taken.map(|(acceptor, _)| acceptor) };
        effects.cancel_timer(Timer::Repeat);
        effects.set_timer(Timer::Write, write_us);
    }

    /// It is written down what this ballot proposes: phase 2.
    fn send_accepts(&mut self, effects: &mut Effects<'_>) {
        let Phase::Writing { vote, from } = self.phase else { return };
        let me = effects.me();
        self.phase = Phase::Accepting { vote, from };
        self.sent = Some(Sent { vote, accepted: Members::default() });
        effects.rule("phase_2");
        effects.note(|| {
            t!(
                "{node} asks the acceptors to accept {value} in ballot {ballot}",
                node = me,
                value = vote.value.text(),
                ballot = vote.ballot.text()
            )
        });
        self.ask_to_accept(effects);
    }

    fn ask_to_accept(&self, effects: &mut Effects<'_>) {
        let Some(Sent { vote, accepted }) = self.sent else { return };
        let (config, repeat_us) = (effects.config(), effects.config().repeat_us);
        let missing: Vec<NodeId> =
            config.all_acceptors().filter(|acceptor| !accepted.has(config.place(*acceptor))).collect();
        for acceptor in missing {
            effects.send(acceptor, Message::Accept(vote));
        }
        effects.set_timer(Timer::Repeat, repeat_us);
    }

    fn on_accepted(&mut self, from: NodeId, vote: Vote<Colour>, effects: &mut Effects<'_>) {
        let (me, place, needed) = (effects.me(), effects.config().place(from), effects.config().acceptances_needed());
        let is_done = matches!(self.phase, Phase::Done(_));
        let sent = self.sent.as_mut().filter(|sent| sent.vote.ballot == vote.ballot && !is_done);
        let Some(sent) = sent else {
            effects.note(|| t!("{node} hears of {acceptor} too late to count it", node = me, acceptor = from));
            effects.routine("late acceptance");
            return;
        };
        let is_new = sent.accepted.insert(place);
        let (count, value) = (sent.accepted.count(), sent.vote.value);
        if !is_new {
            effects.note(|| t!("{node} has counted {acceptor} already", node = me, acceptor = from));
            effects.routine("counted already");
        } else if count < needed {
            effects.rule("learn");
            effects.note(|| {
                t!(
                    "{node} has {count} of {needed} acceptances that it needs",
                    node = me,
                    count = count,
                    needed = needed
                )
            });
        } else {
            effects.rule("learn");
            effects.note(|| t!("{node} knows now: {value} is chosen", node = me, value = value.text()));
            effects.note(|| {
                t!(
                    "{count} acceptors have accepted in ballot {ballot}: more than half.",
                    count = count,
                    ballot = vote.ballot.text()
                )
            });
            self.know(value, effects);
            self.tell(value, effects);
        }
    }

    /// It has nothing more to do.
    fn know(&mut self, value: Colour, effects: &mut Effects<'_>) {
        self.phase = Phase::Done(value);
        for timer in [Timer::Begin, Timer::Repeat, Timer::Write, Timer::Again, Timer::Beat] {
            effects.cancel_timer(timer);
        }
    }

    /// Who leads tells everybody.
    fn tell(&self, value: Colour, effects: &mut Effects<'_>) {
        if !effects.config().leader {
            return;
        }
        let (me, proposers, learners) =
            (effects.me(), effects.config().all_proposers(), effects.config().all_learners());
        for node in proposers.chain(learners).filter(|node| *node != me) {
            effects.send(node, Message::Chosen(value));
        }
    }

    /// A higher ballot is promised: this one is over.
    fn on_nack(&mut self, from: NodeId, ballot: Ballot, promised: Ballot, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.seen = self.seen.max(promised.round);
        if self.phase.ballot() != Some(ballot) {
            effects.note(|| t!("{node} has given up ballot {ballot} already", node = me, ballot = ballot.text()));
            effects.routine("late refusal");
            return;
        }
        let config = effects.config();
        let bound_us = config.backoff_us << self.overtaken.min(config.doublings);
        let wait_us = if config.rules.back_off { effects.choose(bound_us + 1) } else { 0 };
        self.overtaken = self.overtaken.saturating_add(1);
        self.phase = Phase::Waiting;
        effects.cancel_timer(Timer::Repeat);
        effects.cancel_timer(Timer::Write);
        effects.set_timer(Timer::Again, wait_us);
        effects.rule("back_off");
        effects.note(|| {
            t!(
                "{node} is overtaken: {acceptor} has promised ballot {promised}",
                node = me,
                acceptor = from,
                promised = promised.text()
            )
        });
        effects.because(&["back_off"], || {
            t!("It tries a higher one in {time}, a time drawn at random.", time = time_us(wait_us))
        });
    }

    /// Nobody has answered: the same message again, to those that have not.
    fn repeat(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        match &self.phase {
            Phase::Preparing { ballot, .. } => {
                effects.note(|| {
                    t!("{node} asks once more for promises of ballot {ballot}", node = me, ballot = ballot.text())
                });
                self.send_prepares(effects);
            }
            Phase::Accepting { vote, .. } => {
                let value = vote.value.text();
                effects.note(|| {
                    t!(
                        "{node} asks once more to accept {value} in ballot {ballot}",
                        node = me,
                        value = value,
                        ballot = vote.ballot.text()
                    )
                });
                self.ask_to_accept(effects);
            }
            _ => return,
        }
        effects.rule("repeat");
        effects.routine("asked once more");
    }

    /// Whose turn it is, where one of them leads: of those that are there the last one; none if it is this one.
    fn leader(&self, effects: &Effects<'_>) -> Option<NodeId> {
        let (me, config, now_us) = (effects.me(), effects.config(), effects.monotonic_now());
        let is_there = |other: NodeId| {
            let heard = self.alive.iter().find(|(node, _)| *node == other).map_or(self.started_us, |(_, at_us)| *at_us);
            now_us.saturating_sub(heard) < config.suspect_us()
        };
        let higher = config.all_proposers().filter(|other| *other > me && is_there(*other));
        higher.last().filter(|_| config.leader)
    }

    /// A sign of life; and a look at whose turn it is.
    fn beat(&mut self, effects: &mut Effects<'_>) {
        let (me, beat_us) = (effects.me(), effects.config().beat_us());
        let others = effects.config().all_proposers().filter(|other| *other != me);
        for other in others {
            effects.send(other, Message::Alive);
        }
        effects.set_timer(Timer::Beat, beat_us);
        effects.rule("leader");
        if self.phase == Phase::Idle && self.own.is_some() && self.leader(effects).is_none() {
            self.begin(effects);
        } else {
            effects.note(|| t!("{node} tells the other proposers that it is there", node = me));
            effects.routine("sign of life");
        }
    }
}
