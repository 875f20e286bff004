//! The failure detector: whom a member probes, and what it does when nobody answers (sections 3.1 and 4.3).

use sim::{NodeId, Text, t};

use super::member::Member;
use super::message::Kind;
use super::probe::{Probe, Stage};
use super::standing::{Standing, State};
use super::{Effects, Timer};

impl Member {
    /// A period ends and the next one begins.
    pub(super) fn on_period(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let period_us = effects.config().period_us;
        self.count_period();
        if self.standing(me).state == State::Left && self.news.is_empty() {
            effects.note(|| t!("{node} falls silent: the others know that it has left", node = me));
            effects.rule("leave");
            return;
        }
        effects.set_timer(Timer::Period, period_us);
        if !self.has_joined {
            self.ask_to_join(effects);
            return;
        }
        self.judge_the_last_probe(effects);
        match self.choose_target(effects) {
            Some(target) => self.ping(target, effects),
            None => effects.note(|| t!("{node} knows nobody to ping", node = me)),
        }
        self.look_after_the_dead(effects);
    }

    /// Whoever has not answered the last probe is suspected. A probe that a period cut short says nothing.
    fn judge_the_last_probe(&mut self, effects: &mut Effects<'_>) {
        let Some(Probe { target, stage: Stage::TimedOut { asked, .. }, .. }) = self.probe.take() else { return };
        self.failed_probes += 1;
        let standing = self.standing(target);
        if standing.state != State::Alive {
            return;
        }
        let me = effects.me();
        let found = |asked: u16| -> Text {
            match asked {
                0 => t!("{target} has not answered", target = target),
                1 => t!("{target} has not answered, nor could 1 other reach it", target = target),
                _ => t!(
                    "{target} has not answered, nor could {asked} others reach it",
                    target = target,
                    asked = u32::from(asked)
                ),
            }
        };
        effects.rule("suspicion");
        let turned = if effects.config().rules.suspicion {
            effects.note(|| t!("{node} suspects {target}", node = me, target = target));
            State::Suspect
        } else {
            effects.note(|| t!("{node} declares {target} faulty", node = me, target = target));
            State::Faulty
        };
        effects.note(|| found(asked));
        self.believe(target, standing.turned(turned), None, effects);
        self.news.add(target);
    }

    fn choose_target(&mut self, effects: &mut Effects<'_>) -> Option<NodeId> {
        let me = effects.me();
        if effects.config().rules.round_robin {
            let roster = &self.roster;
            let is_meant = |node: NodeId| node != me && roster[node.index()].standing.is_present();
            return self.round.next(roster.len(), is_meant, effects);
        }
        let others = self.others(me).count() as u64;
        let place = effects.choose(others);
        self.others(me).nth(place as usize)
    }

    fn ping(&mut self, target: NodeId, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.probes += 1;
        self.roster[target.index()].probed = self.probes;
        self.probe = Some(Probe { target, number: self.probes, stage: Stage::Direct });
        effects.rule("ping");
        effects.rule("round_robin");
        effects.note(|| t!("{node} pings {target}", node = me, target = target));
        if self.changes.is_empty() {
            effects.routine("probe");
        }
        self.send(target, Kind::Ping { origin: me, probe: self.probes }, effects);
        let timeout_us = effects.config().timeout_us;
        effects.set_timer(Timer::Timeout, timeout_us);
    }

    /// No ack in time: others try (section 3.1).
    pub(super) fn on_timeout(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(Probe { target, number, stage: Stage::Direct }) = self.probe else { return };
        let mut others: Vec<NodeId> = self.others(me).filter(|other| *other != target).collect();
        let asked = if effects.config().rules.ping_request { effects.config().k.min(others.len()) } else { 0 };
        for place in 0..asked {
            let drawn = place + effects.choose((others.len() - place) as u64) as usize;
            others.swap(place, drawn);
            self.send(others[place], Kind::PingRequest { target, probe: number }, effects);
        }
        let stage = Stage::TimedOut { asked: asked as u16, others: others.len() as u16 };
        self.probe = Some(Probe { target, number, stage });
        if asked > 0 || !effects.config().rules.ping_request {
            effects.rule("ping_request");
        }
        effects.note(|| match asked {
            0 => t!("{node} has no ack from {target}", node = me, target = target),
            1 => t!(
                "{node} has no ack from {target}, and asks {helper} to ping it",
                node = me,
                target = target,
                helper = others[0]
            ),
            _ => t!(
                "{node} has no ack from {target}, and asks {count} others to ping it",
                node = me,
                target = target,
                count = asked
            ),
        });
        effects.note(|| t!("Perhaps only the link between {node} and {target} is bad", node = me, target = target));
    }

    /// The target of a probe is there.
    pub(super) fn on_ack(&mut self, target: NodeId, number: u32, effects: &mut Effects<'_>) {
        let is_meant = |probe: &&mut Probe| probe.target == target && probe.number == number;
        if let Some(probe) = self.probe.as_mut().filter(is_meant) {
            probe.stage = Stage::Answered;
            effects.cancel_timer(Timer::Timeout);
        }
    }

    /// Pings one that was declared faulty, now and then, or a seed that it has never heard of: two groups may have formed that do
    /// not know of each other. If it is there, it hears what is said of it.
    fn look_after_the_dead(&mut self, effects: &mut Effects<'_>) {
        let (me, periods) = (effects.me(), effects.config().reconnect_periods);
        let follows_rule = effects.config().rules.reconnect;
        if follows_rule && effects.choose(periods) > 0 {
            return;
        }
        let seeds = effects.config().seeds;
        let is_dead = |node: NodeId| {
            let standing = self.standing(node);
            standing.state == State::Faulty && (standing.life > 0 || node.index() < seeds)
        };
        let ids = (0..self.roster.len()).map(NodeId::at);
        let dead: Vec<NodeId> = ids.filter(|node| *node != me && is_dead(*node)).collect();
        if dead.is_empty() {
            return;
        }
        effects.rule("reconnect");
        if !follows_rule {
            return;
        }
        let target = dead[effects.choose(dead.len() as u64) as usize];
        let is_unknown = self.standing(target) == Standing::UNKNOWN;
        effects.note(|| match is_unknown {
            true => t!(
                "{node} also looks whether {target} is there, of which it has never heard",
                node = me,
                target = target
            ),
            false => t!("{node} also looks whether {target} is back", node = me, target = target),
        });
        self.send(target, Kind::Ping { origin: me, probe: 0 }, effects);
    }
}
