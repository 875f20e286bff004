//! A general: it takes part in battle after battle, each of as many rounds as its protocol has.
//!
//! All know when battles and rounds begin: by clocks that only go forward. So what is missing at the end of a round is known to be
//! missing (Lamport, Shostak and Pease 1982, section 3, A3).

use serde::Serialize;
use sim::{NodeId, Text, t};

use super::tree::{self, Heard};
use super::{COMMANDER, Config, Effects, Message, Order, Timer};

/// The state of a general.
#[derive(Clone, Debug, Serialize)]
pub struct General {
    /// What it orders, if it is the commander.
    pub order: Order,
    /// The battle that it is in or was in last, counted from 1; 0 before the first one.
    pub battle: u32,
    /// The round of that battle, counted from 1; 0 once it is over.
    pub round: usize,
    /// What it has heard in that battle, in the order in which it came.
    pub heard: Vec<Heard>,
    /// What it does in that battle.
    pub decision: Option<Order>,
}

impl General {
    /// A general who waits for the next battle.
    pub(super) fn new(effects: &mut Effects<'_>) -> General {
        let config = effects.config().clone();
        let now_us = effects.monotonic_now();
        let general = General {
            order: config.order,
            battle: config.battle_before(now_us),
            round: 0,
            heard: Vec::new(),
            decision: None,
        };
        general.wait(effects);
        general
    }

    /// When it acts next, by its clock; never after the last battle.
    fn due_us(&self, config: &Config) -> Option<u64> {
        match self.round {
            0 if self.battle >= config.battles => None,
            0 => Some(config.begins_us(self.battle + 1)),
            round => Some(config.begins_us(self.battle) + round as u64 * config.round_us),
        }
    }

    fn wait(&self, effects: &mut Effects<'_>) {
        if let Some(due_us) = self.due_us(effects.config()) {
            let after_us = due_us.saturating_sub(effects.monotonic_now());
            effects.set_timer(Timer::Round, after_us);
        }
    }

    /// A timer has run out. Somebody may have made it: only the clock says whether it is time.
    pub(super) fn look_at_the_clock(&mut self, effects: &mut Effects<'_>) {
        let config = effects.config().clone();
        let me = effects.me();
        let is_due = self.due_us(&config).is_some_and(|due_us| due_us <= effects.monotonic_now());
        if !is_due {
            effects.note(|| t!("{node} looks at its clock: it is not time yet", node = me));
            self.wait(effects);
            return;
        }
        match self.round {
            0 => self.begin(&config, effects),
            round if round < config.rounds() => self.end_round(&config, effects),
            _ => self.decide(&config, effects),
        }
        self.wait(effects);
    }

    fn begin(&mut self, config: &Config, effects: &mut Effects<'_>) {
        let me = effects.me();
        (self.battle, self.round, self.decision) = (self.battle + 1, 1, None);
        self.heard.clear();
        if me != COMMANDER {
            let battle = self.battle;
            effects.note(|| t!("{node} waits for the order of battle {battle}", node = me, battle = battle));
            effects.routine("begin");
            return;
        }
        let order = self.order;
        self.decision = Some(order);
        effects.note(|| t!("{node} orders: {order}", node = me, order = order.text()));
        for to in config.nodes().filter(|to| *to != me) {
            effects.send(to, self.message(config, order, vec![me]));
        }
    }

    fn message(&self, config: &Config, order: Order, path: Vec<NodeId>) -> Message {
        Message { battle: self.battle, order, path, is_signed: config.is_signed }
    }

    /// A message counts in its own round only, and if it comes from who it says has told it last (A2: the receiver of a message
    /// knows who has sent it).
    pub(super) fn hear(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Message { battle, order, path, .. } = message;
        let is_now = battle == self.battle && path.len() == self.round;
        let is_a_way = path.first() == Some(&COMMANDER) && path.last() == Some(&from) && !path.contains(&me);
        if !is_now || !is_a_way {
            let what = order.text();
            effects
                .note(|| t!("“{order}” from {from} comes too late for {node}", order = what, from = from, node = me));
            return;
        }
        if tree::heard(&self.heard, &path).is_some() {
            effects.note(|| t!("{node} has heard that from {from} already", node = me, from = from));
            return;
        }
        let before = tree::different(&self.heard);
        let said = order.text();
        match path[..] {
            [_] => effects.note(|| t!("{node} hears from {from}: {order}", node = me, from = from, order = said)),
            [.., told, _] => effects.note(|| {
                t!(
                    "{node} hears from {from} that {told} said: {order}",
                    node = me,
                    from = from,
                    told = told,
                    order = said
                )
            }),
            [] => {}
        }
        self.heard.push(Heard { path, order });
        let config = effects.config();
        match (config.is_signed, before.is_empty() || before.contains(&order)) {
            (_, true) => {}
            (false, false) => effects.note(|| t!("Somebody lies, and {node} cannot tell who.", node = me)),
            (true, false) => {
                effects.note(|| {
                    t!(
                        "Both orders are signed by {commander}, and nobody else can sign so: {commander} lies.",
                        commander = COMMANDER
                    )
                });
            }
        }
    }

    /// The end of a round that is not the last one: what was heard in it is told on.
    fn end_round(&mut self, config: &Config, effects: &mut Effects<'_>) {
        let (me, round) = (effects.me(), self.round);
        self.round += 1;
        if me == COMMANDER {
            effects.note(|| t!("{node} lets the others confer", node = me));
            effects.routine("round");
            return;
        }
        effects.rule("relay");
        let told = self.to_be_told(config, me, round);
        let missing = tree::paths(config, me, round)
            .iter()
            .filter(|path| path.len() == round && tree::heard(&self.heard, path).is_none())
            .count();
        for (path, order) in &told {
            let on = [&path[..], &[me]].concat();
            for to in config.nodes().filter(|to| !on.contains(to)) {
                effects.send(to, self.message(config, *order, on.clone()));
            }
        }
        match told.first() {
            None => effects.note(|| t!("{node} has nothing new to tell", node = me)),
            Some((path, order)) if told.len() == 1 => {
                let (order, from) = (order.text(), path[path.len() - 1]);
                effects
                    .note(|| t!("{node} tells the others: {from} said {order}", node = me, from = from, order = order));
            }
            Some(_) => effects.note(|| t!("{node} tells the others what it was told", node = me)),
        }
        if missing > 0 && !config.is_signed {
            effects.rule("default");
            effects.note(|| t!("What has not come counts as “retreat”."));
        }
    }

    /// What is told on at the end of a round: all that came in it, or, where orders are signed, those that are new.
    fn to_be_told(&self, config: &Config, me: NodeId, round: usize) -> Vec<(Vec<NodeId>, Order)> {
        if !config.is_signed {
            let paths = tree::paths(config, me, round).into_iter().filter(|path| path.len() == round);
            return paths.map(|path| (path.clone(), tree::heard(&self.heard, &path).unwrap_or_default())).collect();
        }
        let before: Vec<Heard> = self.heard.iter().filter(|heard| heard.path.len() < round).cloned().collect();
        let known = tree::different(&before);
        let mut told: Vec<(Vec<NodeId>, Order)> = Vec::new();
        for heard in self.heard.iter().filter(|heard| heard.path.len() == round && !known.contains(&heard.order)) {
            if told.iter().all(|(_, order)| *order != heard.order) {
                told.push((heard.path.clone(), heard.order));
            }
        }
        told
    }

    /// The last round is over.
    fn decide(&mut self, config: &Config, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.round = 0;
        if me == COMMANDER {
            effects.note(|| t!("{node} does what it has ordered itself", node = me));
            effects.routine("end");
            return;
        }
        let decision = self.choice(config, me);
        self.decision = Some(decision);
        effects.note(|| t!("{node} decides: {order}", node = me, order = decision.text()));
        if config.depth > 0 && config.rounds() == 1 {
            effects.rule("relay");
        }
        let different = tree::different(&self.heard);
        if config.is_signed {
            effects.rule("choice");
            effects.because(&["choice"], || match different[..] {
                [] => t!("No order has come, and that means to retreat."),
                [_] => t!("It has seen this order signed, and no other one."),
                _ => t!("It has seen two orders signed by the commander, and that means to retreat."),
            });
            return;
        }
        effects.rule("majority");
        let votes = tree::votes(config, me, &self.heard, &[COMMANDER]);
        let attacks = votes.iter().filter(|vote| **vote == Order::Attack).count();
        effects.because(&["majority"], || told(attacks, votes.len() - attacks));
    }

    /// What it decides of what it has heard.
    pub(super) fn choice(&self, config: &Config, me: NodeId) -> Order {
        let orders = tree::different(&self.heard);
        match (config.is_signed, &orders[..]) {
            (true, [only]) => *only,
            (true, [first, ..]) if !config.rules.choice => *first,
            (true, _) => Order::default(),
            (false, _) if config.rules.majority => tree::value(config, me, &self.heard, &[COMMANDER]),
            // It believes whoever spoke last.
            (false, _) => self.heard.last().map(|heard| heard.order).unwrap_or_default(),
        }
    }

    /// The commander changes its mind: for the battles to come.
    pub(super) fn take_up(&mut self, order: Order, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.order = order;
        effects.note(|| t!("{node} will order from the next battle on: {order}", node = me, order = order.text()));
    }
}

/// How the votes stand.
fn told(attacks: usize, retreats: usize) -> Text {
    match (attacks, retreats) {
        (0, 1) | (1, 0) => t!("That is all that it has heard."),
        (attacks, retreats) if attacks == retreats => {
            t!("As many say “attack” as “retreat”, and that means to retreat.")
        }
        _ => t!(
            "“attack”: {attacks}, “retreat”: {retreats}. The majority counts.",
            attacks = attacks,
            retreats = retreats
        ),
    }
}
