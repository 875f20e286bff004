//! A member: what it believes of the others, and how it comes to believe it.

use std::collections::VecDeque;

use serde::Serialize;
use sim::{NodeId, t};

use super::message::{Kind, Message};
use super::news::{News, transmissions};
use super::probe::{Probe, Round};
use super::standing::{Standing, State, Update};
use super::{Disk, Effects, Timer};

/// How many past periods a member counts its messages of.
const COUNTED_PERIODS: usize = 20;

/// The state of a node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Member {
    /// What it believes of each node, itself included, in the order of their ids.
    pub roster: Vec<Entry>,
    /// Whether it has got the list of members.
    pub has_joined: bool,
    pub round: Round,
    /// The probe of this period.
    pub probe: Option<Probe>,
    /// How many probes it has begun, and how many of them ended without an ack.
    pub probes: u32,
    pub failed_probes: u32,
    pub news: News,
    /// How many messages it sent in each of the last periods; this one comes last.
    pub sent: VecDeque<u32>,
    /// What the last event changed in its beliefs.
    pub changes: Vec<Change>,
    /// How many events it has handled in this life of the program.
    pub handled: u32,
}

/// What a member believes of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub standing: Standing,
    /// Since when, on the member's own clock in microseconds.
    pub since_us: i64,
    /// The number of its last probe of that member; or of its last probe of all when it first heard of it.
    pub probed: u32,
}

/// A change of what a member believes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub member: NodeId,
    pub before: Standing,
    pub after: Standing,
    /// Who told it; none if it found out for itself.
    pub told_by: Option<NodeId>,
}

/// In a larger group nobody can read of each member who hears news: the charts show how they spread.
const READABLE_GROUP: usize = 12;

impl Member {
    /// Starts a node: each start is a life of its own. At the very first start founders know each other; all others have to
    /// join.
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Member {
        let life = disk.lives + 1;
        let is_founder = disk.is_founder && life == 1;
        let everybody = if is_founder { Standing::born(1) } else { Standing::UNKNOWN };
        let entry = Entry { standing: everybody, since_us: effects.local_now(), probed: 0 };
        let mut member = Member {
            roster: vec![entry; effects.node_count()],
            has_joined: is_founder,
            round: Round::default(),
            probe: None,
            probes: 0,
            failed_probes: 0,
            news: News::default(),
            sent: VecDeque::from([0]),
            changes: Vec::new(),
            handled: 0,
        };
        member.roster[effects.me().index()].standing = Standing::born(life);
        effects.persist(Disk { lives: life, ..*disk });
        let period_us = effects.config().period_us;
        if is_founder {
            let first_us = if effects.config().is_in_step { period_us } else { effects.choose(period_us) };
            effects.set_timer(Timer::Period, first_us);
        } else {
            member.ask_to_join(effects);
            effects.set_timer(Timer::Period, period_us);
        }
        member
    }

    /// Asks one of the nodes that everybody can ask. If there is no other, this is the first member of the group.
    pub(super) fn ask_to_join(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let seeds: Vec<NodeId> =
            (0..effects.config().seeds.min(self.roster.len())).map(NodeId::at).filter(|seed| *seed != me).collect();
        effects.rule("join");
        if seeds.is_empty() {
            self.has_joined = true;
            effects.note(|| t!("{node} is the first member", node = me));
            return;
        }
        let seed = seeds[effects.choose(seeds.len() as u64) as usize];
        effects.note(|| t!("{node} asks {seed} for the list of members", node = me, seed = seed));
        self.send(seed, Kind::Join, effects);
    }

    /// What it believes of a member.
    pub fn standing(&self, member: NodeId) -> Standing {
        self.roster[member.index()].standing
    }

    /// The others that belong to the group, as far as it knows.
    pub(super) fn others(&self, me: NodeId) -> impl Iterator<Item = NodeId> {
        let ids = (0..self.roster.len()).map(NodeId::at);
        ids.filter(move |other| *other != me && self.standing(*other).is_present())
    }

    /// Begins an event.
    pub(super) fn begin(&mut self) {
        self.changes.clear();
        self.handled += 1;
    }

    /// Sends a message, with as much news as goes onto it.
    pub(super) fn send(&mut self, to: NodeId, kind: Kind, effects: &mut Effects<'_>) {
        let me = effects.me();
        let standing = |member: NodeId| Update { member, standing: self.roster[member.index()].standing };
        let mut updates = Vec::new();
        let of_receiver = standing(to);
        if of_receiver.standing.life > 0 && of_receiver.standing.state != State::Alive {
            updates.push(of_receiver);
            effects.rule("tell_the_suspect");
        }
        if kind == Kind::Welcome {
            updates.extend(self.others(me).filter(|other| *other != to).map(standing));
        } else if !self.news.is_empty() {
            let limit = transmissions(effects.config().lambda, 1 + self.others(me).count());
            let taken = self.news.take(effects.config().piggyback, limit);
            updates.extend(taken.into_iter().filter(|member| *member != me && *member != to).map(standing));
            effects.rule("piggyback");
        }
        let sender = self.standing(me);
        effects.send(to, Message { kind, sender, updates });
        if let Some(this_period) = self.sent.back_mut() {
            *this_period += 1;
        }
    }

    /// Begins to count the messages of another period.
    pub(super) fn count_period(&mut self) {
        self.sent.push_back(0);
        if self.sent.len() > COUNTED_PERIODS {
            self.sent.pop_front();
        }
    }

    /// A message comes.
    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        self.headline(from, message.kind, effects);
        // Whoever knew nobody has nobody to tell: all others on the list know it from where it comes. Whoever knew some has
        // perhaps been asked for a list before it had this one, and they have not heard of it.
        let knows_others = self.others(effects.me()).any(|other| other != from);
        let is_news = message.kind != Kind::Welcome || knows_others;
        self.learn(Update { member: from, standing: message.sender }, from, true, effects);
        for update in message.updates {
            self.learn(update, from, is_news, effects);
        }
        self.summary(effects);
        match message.kind {
            Kind::Join | Kind::Welcome => {}
            _ if !self.changes.is_empty() && effects.node_count() <= READABLE_GROUP => {}
            _ if self.changes.iter().any(|change| change.member == effects.me()) => {}
            _ if !self.changes.is_empty() => effects.routine("news"),
            Kind::Ping { .. } => effects.routine("ping"),
            Kind::Ack { .. } => effects.routine("ack"),
            Kind::PingRequest { .. } => effects.routine("ping request"),
        }
        match message.kind {
            Kind::Ping { origin, probe } => self.send(from, Kind::Ack { target: effects.me(), origin, probe }, effects),
            Kind::PingRequest { target, probe } => self.send(target, Kind::Ping { origin: from, probe }, effects),
            Kind::Ack { origin, .. } if origin != effects.me() => self.send(origin, message.kind, effects),
            Kind::Ack { target, probe, .. } => self.on_ack(target, probe, effects),
            Kind::Join => self.send(from, Kind::Welcome, effects),
            Kind::Welcome => self.has_joined = true,
        }
    }

    /// Says what a message is about.
    fn headline(&self, from: NodeId, kind: Kind, effects: &mut Effects<'_>) {
        let me = effects.me();
        match kind {
            Kind::Ping { .. } | Kind::Ack { .. } => effects.rule("ping"),
            Kind::PingRequest { .. } => effects.rule("ping_request"),
            Kind::Join | Kind::Welcome => effects.rule("join"),
        }
        effects.note(|| match kind {
            Kind::Ping { origin, .. } if origin == from => t!("{node} answers {from}", node = me, from = from),
            Kind::Ping { origin, .. } => {
                t!("{node} answers {from}, which asks for {origin}", node = me, from = from, origin = origin)
            }
            Kind::PingRequest { target, .. } => {
                t!("{node} pings {target} for {from}", node = me, target = target, from = from)
            }
            Kind::Ack { target, origin, .. } if origin != me => {
                t!("{node} tells {origin} that {target} has answered", node = me, origin = origin, target = target)
            }
            Kind::Ack { target, .. } if target == from => {
                t!("{node} has an answer: {from} is there", node = me, from = from)
            }
            Kind::Ack { target, .. } => {
                t!("{node} hears from {from} that {target} has answered", node = me, from = from, target = target)
            }
            Kind::Join => t!("{node} welcomes {from} and sends the list of members", node = me, from = from),
            Kind::Welcome => t!("{node} gets the list of members from {from}", node = me, from = from),
        });
    }

    /// Says what was new in a message.
    fn summary(&self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(change) = self.changes.iter().find(|change| change.member != me) else { return };
        let (member, more) = (change.member, self.changes.iter().filter(|change| change.member != me).count() - 1);
        let state = change.after.state;
        effects.rule("precedence");
        effects.note(|| {
            let what = match state {
                State::Alive => t!("News to {node}: {member} is alive", node = me, member = member),
                State::Suspect => t!("News to {node}: {member} is suspected", node = me, member = member),
                State::Faulty => t!("News to {node}: {member} is faulty", node = me, member = member),
                State::Left => t!("News to {node}: {member} has left", node = me, member = member),
            };
            match more {
                0 => what,
                more => t!("{what}; and of {more} more", what = what, more = more),
            }
        });
    }

    /// Believes an update if it is newer than what it knows.
    fn learn(&mut self, update: Update, from: NodeId, is_news: bool, effects: &mut Effects<'_>) {
        let Update { member, standing } = update;
        let known = self.standing(member);
        let is_newer = match effects.config().rules.precedence {
            true => standing.overrides(&known),
            false => standing != known,
        };
        if member == effects.me() {
            // Of itself everybody knows best.
            if standing.overrides(&known) {
                self.hear_of_itself(standing, from, effects);
            }
        } else if is_newer {
            self.believe(member, standing, Some(from), effects);
            if is_news {
                self.news.add(member);
            }
        }
    }

    /// Others say of this node what it does not say itself.
    fn hear_of_itself(&mut self, said: Standing, from: NodeId, effects: &mut Effects<'_>) {
        let (me, rules) = (effects.me(), effects.config().rules);
        if self.standing(me).state == State::Left {
            return;
        }
        let is_gone = !said.is_present();
        let follows_rule = if is_gone { rules.new_life } else { rules.refutation };
        effects.rule(if is_gone { "new_life" } else { "refutation" });
        if !follows_rule {
            self.believe(me, said, Some(from), effects);
            return;
        }
        if is_gone {
            effects.note(|| {
                t!(
                    "{node} hears from {from} that it was declared faulty: it joins as a new one",
                    node = me,
                    from = from
                )
            });
            self.live_again(said.life + 1, effects);
        } else {
            effects.note(|| {
                t!(
                    "{node} hears from {from} that it is suspected: it refutes with incarnation {incarnation}",
                    node = me,
                    from = from,
                    incarnation = said.incarnation + 1
                )
            });
            let incarnation = said.incarnation + 1;
            self.believe(me, Standing { life: said.life, incarnation, state: State::Alive }, None, effects);
            effects.persist(Disk { lives: said.life, is_founder: false });
            self.news.add(me);
        }
    }

    /// Begins another life.
    pub(super) fn live_again(&mut self, life: u32, effects: &mut Effects<'_>) {
        self.believe(effects.me(), Standing::born(life), None, effects);
        effects.persist(Disk { lives: life, is_founder: false });
        self.news.add(effects.me());
    }

    /// Changes what it believes of a member. A suspicion starts the time to refute it.
    pub(super) fn believe(
        &mut self,
        member: NodeId,
        standing: Standing,
        told_by: Option<NodeId>,
        effects: &mut Effects<'_>,
    ) {
        let probed = self.probes;
        let entry = &mut self.roster[member.index()];
        let before = entry.standing;
        let probed = if before.is_present() { entry.probed } else { probed };
        *entry = Entry { standing, since_us: effects.local_now(), probed };
        self.changes.push(Change { member, before, after: standing, told_by });
        if member == effects.me() {
            return;
        }
        if standing.state == State::Suspect {
            let suspicion_us = effects.config().suspicion_us;
            effects.set_timer(Timer::Suspicion(member), suspicion_us);
        } else if before.state == State::Suspect {
            effects.cancel_timer(Timer::Suspicion(member));
        }
    }

    /// Nobody has refuted the suspicion in time.
    pub(super) fn on_suspicion(&mut self, member: NodeId, effects: &mut Effects<'_>) {
        let standing = self.standing(member);
        if standing.state != State::Suspect {
            return;
        }
        let me = effects.me();
        effects.rule("confirm");
        effects.note(|| t!("{node} declares {member} faulty: nobody refuted in time", node = me, member = member));
        self.believe(member, standing.turned(State::Faulty), None, effects);
        self.news.add(member);
    }

    /// Leaves the group, and says so.
    pub(super) fn leave(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.standing(me).state == State::Left {
            effects.note(|| t!("{node} has left already", node = me));
            return;
        }
        effects.rule("leave");
        effects.note(|| t!("{node} leaves: it tells the others before it falls silent", node = me));
        self.believe(me, self.standing(me).turned(State::Left), None, effects);
        self.news.add(me);
    }

    /// Joins again after it has left.
    pub(super) fn join(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.standing(me).state != State::Left {
            effects.note(|| t!("{node} is a member already", node = me));
            return;
        }
        effects.note(|| t!("{node} comes back as a new member", node = me));
        self.live_again(self.standing(me).life + 1, effects);
        self.has_joined = false;
        self.ask_to_join(effects);
        let period_us = effects.config().period_us;
        effects.set_timer(Timer::Period, period_us);
    }
}
