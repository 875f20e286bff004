//! Two generals on two hills, and messengers between them that may be caught.

use serde::Serialize;
use sim::{List, NodeId, Text, t};

use super::settings::Plan;
use super::{Effects, Message, Timer};

/// The general who begins.
const FIRST: NodeId = NodeId(0);

/// The state of a general.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct General {
    /// The battle that he is deciding on.
    pub battle: Option<Battle>,
    /// What he has decided so far, the oldest first.
    pub decisions: List<Decision>,
}

/// A battle before it is decided on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Battle {
    /// When it began, which is its name.
    pub began_us: u64,
    /// How many messengers will be sent in all, or in each direction.
    pub messages: u32,
    /// The numbers of the messengers that came, one bit each.
    pub heard: u64,
    /// How many he has sent.
    pub sent: u32,
    /// Of the random key: how far he has got, and the number that the first general has drawn, once he knows it.
    pub level: u32,
    pub key: Option<u32>,
}

/// What a general has decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    pub began_us: u64,
    pub attacks: bool,
}

/// What a messenger carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Messenger {
    pub began_us: u64,
    /// In a chain, its place; else the round. Counted from 1.
    pub number: u32,
    /// Of the random key.
    pub level: u32,
    pub key: Option<u32>,
}

impl Battle {
    fn new(began_us: u64, messages: u32) -> Battle {
        Battle { began_us, messages, heard: 0, sent: 0, level: 0, key: None }
    }

    /// Whether the messenger of this number has come.
    pub fn has_heard(&self, number: u32) -> bool {
        self.heard >> number & 1 == 1
    }

    /// The numbers of the messengers of a chain that are meant for one of the two.
    pub fn meant_for(&self, general: NodeId) -> impl Iterator<Item = u32> {
        let first = if general == FIRST { 2 } else { 1 };
        (first..=self.messages).step_by(2)
    }
}

impl General {
    /// Starts a general; what he has heard before is forgotten.
    pub(super) fn boot(effects: &mut Effects<'_>) -> General {
        set_next(effects);
        General::default()
    }

    /// What he has decided last, until the next battle begins.
    pub fn last(&self) -> Option<Decision> {
        self.decisions.last().copied().filter(|_| self.battle.is_none())
    }

    /// The next battle of those that both know of may begin.
    pub(super) fn on_battle(&mut self, effects: &mut Effects<'_>) {
        let (me, config) = (effects.me(), effects.config());
        let (now_us, period_us) = (effects.monotonic_now(), config.period_us());
        let began_us = now_us / period_us * period_us + config.round_us;
        let is_due = config.workload_us > 0 && now_us >= began_us && now_us < began_us + config.round_us;
        set_next(effects);
        if !is_due || self.is_over(began_us) || self.battle.is_some() {
            effects.routine("no battle");
            effects.note(|| t!("{node} looks at its clock: no battle begins now", node = me));
            return;
        }
        self.begin(began_us, effects);
    }

    /// A person wants a battle now.
    pub(super) fn begin_now(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.battle.is_some() {
            effects.note(|| t!("{node} is deciding on a battle already", node = me));
            return;
        }
        let now_us = effects.monotonic_now();
        self.begin(now_us, effects);
    }

    fn is_over(&self, began_us: u64) -> bool {
        self.decisions.last().is_some_and(|last| last.began_us >= began_us)
    }

    fn begin(&mut self, began_us: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        let (plan, messages) = (effects.config().plan, effects.config().messages);
        let mut battle = Battle::new(began_us, messages);
        if plan == Plan::RandomKey && me == FIRST {
            battle.key = Some(1 + effects.choose(u64::from(messages)) as u32);
        }
        self.battle = Some(battle);
        self.wait_for_dawn(effects);
        match (plan, me == FIRST) {
            (Plan::Chain, true) => {
                effects.note(|| {
                    t!("{node} wants to attack at dawn, and sends messenger 1 of {all}", node = me, all = messages)
                });
                self.send(1, effects);
            }
            (Plan::Chain, false) => {
                effects.note(|| t!("{node} looks out for messengers", node = me));
            }
            (Plan::RandomKey, is_first) => {
                let key = self.battle.as_ref().and_then(|battle| battle.key);
                effects.note(|| match (is_first, key) {
                    (true, Some(key)) => {
                        t!("{node} draws the secret number {key}, and sends a messenger", node = me, key = key)
                    }
                    _ => t!("{node} sends a messenger to say that it has heard nothing yet", node = me),
                });
                self.send_round(effects);
            }
        }
    }

    fn wait_for_dawn(&self, effects: &mut Effects<'_>) {
        let Some(battle) = &self.battle else { return };
        let wait_us = dawn_us(battle, effects).saturating_sub(effects.monotonic_now());
        effects.set_timer(Timer::Dawn, wait_us);
    }

    fn send(&mut self, number: u32, effects: &mut Effects<'_>) {
        let Some(battle) = &mut self.battle else { return };
        battle.sent += 1;
        let Battle { began_us, level, key, .. } = *battle;
        let other = NodeId(1 - effects.me().0.min(1));
        effects.send(other, Message::Messenger(Messenger { began_us, number, level, key }));
    }

    /// Of the random key: the messenger of this round leaves, and the next one is waited for.
    fn send_round(&mut self, effects: &mut Effects<'_>) {
        let (now_us, round_us) = (effects.monotonic_now(), effects.config().round_us);
        let Some(battle) = &self.battle else { return };
        let round = (now_us.saturating_sub(battle.began_us) / round_us) as u32 + 1;
        let (began_us, messages) = (battle.began_us, battle.messages);
        if round <= messages {
            self.send(round, effects);
        }
        if round < messages {
            let next_us = began_us + u64::from(round) * round_us;
            effects.set_timer(Timer::Round, next_us.saturating_sub(now_us));
        }
    }

    /// The next round may begin.
    pub(super) fn on_round(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let (now_us, round_us) = (effects.monotonic_now(), effects.config().round_us);
        let Some(battle) = &self.battle else {
            effects.note(|| t!("{node} waits for no round", node = me));
            return;
        };
        let due_us = battle.began_us + u64::from(battle.sent) * round_us;
        if now_us < due_us {
            effects.set_timer(Timer::Round, due_us - now_us);
            effects.note(|| t!("{node} looks at its clock: it is too early", node = me));
            return;
        }
        let level = battle.level;
        effects.note(|| t!("{node} sends its next messenger, from level {level}", node = me, level = level));
        self.send_round(effects);
    }

    /// A messenger has come through.
    pub(super) fn on_messenger(&mut self, messenger: Messenger, effects: &mut Effects<'_>) {
        let (me, plan, messages) = (effects.me(), effects.config().plan, effects.config().messages);
        let number = messenger.number;
        let current = self.battle.as_ref().map(|battle| battle.began_us);
        if current.is_none() && !self.is_over(messenger.began_us) {
            // A battle that only the first general has begun.
            let battle = Battle::new(messenger.began_us, messages);
            if effects.monotonic_now() < dawn_us(&battle, effects) {
                self.battle = Some(battle);
                self.wait_for_dawn(effects);
                if plan == Plan::RandomKey {
                    let next_us = messenger.began_us + u64::from(number) * effects.config().round_us;
                    effects.set_timer(Timer::Round, next_us.saturating_sub(effects.monotonic_now()));
                }
            }
        }
        let Some(battle) = self.battle.as_mut().filter(|battle| battle.began_us == messenger.began_us) else {
            effects.note(|| t!("Messenger {number} comes to {node} after dawn: too late", number = number, node = me));
            return;
        };
        if battle.has_heard(number) {
            effects.note(|| t!("Messenger {number} comes to {node} a second time", number = number, node = me));
            return;
        }
        battle.heard |= 1 << number.min(63);
        if plan == Plan::RandomKey {
            battle.key = battle.key.or(messenger.key);
            battle.level = battle.level.max(messenger.level + 1);
            let (level, knows) = (battle.level, battle.key.is_some());
            effects.note(|| match knows {
                true => t!(
                    "{node} hears of level {other}, and is at level {level}",
                    node = me,
                    other = messenger.level,
                    level = level
                ),
                false => {
                    t!("{node} is at level {level}, and does not know the secret number", node = me, level = level)
                }
            });
            return;
        }
        let next = number + 1;
        let knows = knowledge(number);
        effects.rule("last_message");
        if next > messages {
            effects.note(|| t!("{node} has messenger {number}, the last one", node = me, number = number));
            effects.note(|| t!("The other one cannot know that it came: nobody is left to say so."));
        } else {
            effects.note(|| {
                t!(
                    "{node} has messenger {number}: {knows}. It sends number {next}",
                    node = me,
                    number = number,
                    knows = knows,
                    next = next
                )
            });
            self.send(next, effects);
        }
    }

    /// He has to decide.
    pub(super) fn on_dawn(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us, plan) = (effects.me(), effects.monotonic_now(), effects.config().plan);
        let Some(battle) = &self.battle else {
            effects.note(|| t!("{node} has nothing to decide", node = me));
            return;
        };
        let dawn_us = dawn_us(battle, effects);
        if now_us < dawn_us {
            effects.set_timer(Timer::Dawn, dawn_us - now_us);
            effects.note(|| t!("{node} looks at its clock: it is too early", node = me));
            return;
        }
        let attacks = match plan {
            Plan::Chain => battle.meant_for(me).all(|number| battle.has_heard(number)),
            Plan::RandomKey => battle.key.is_some_and(|key| battle.level >= key),
        };
        let (level, key) = (battle.level, battle.key);
        self.decisions.push(Decision { began_us: battle.began_us, attacks });
        self.battle = None;
        effects.note(|| match (plan, attacks, key) {
            (Plan::Chain, true, _) => t!("Dawn: {node} has all that was meant for it, and attacks", node = me),
            (Plan::Chain, false, _) => t!("Dawn: {node} has not heard enough, and stays on its hill", node = me),
            (Plan::RandomKey, true, _) => t!(
                "Dawn: {node} attacks, since its level {level} is not below the secret number",
                node = me,
                level = level
            ),
            (Plan::RandomKey, false, Some(_)) => {
                t!("Dawn: {node} stays, since its level {level} is below the secret number", node = me, level = level)
            }
            (Plan::RandomKey, false, None) => t!("Dawn: {node} does not know the secret number, and stays", node = me),
        });
    }
}

/// What somebody knows who has heard the messenger of this number.
pub fn knowledge(number: u32) -> Text {
    match number {
        0 => t!("it knows of no attack"),
        1 => t!("it knows of the attack"),
        2 => t!("it knows that the other one knows"),
        3 => t!("it knows that the other one knows that it knows"),
        _ => t!("it knows that the other one knows, and so on, {depth} deep", depth = number),
    }
}

/// When a battle is decided on, on the clocks of both.
fn dawn_us(battle: &Battle, effects: &Effects<'_>) -> u64 {
    battle.began_us + u64::from(battle.messages) * effects.config().round_us
}

/// Waits for the next battle that both know of.
fn set_next(effects: &mut Effects<'_>) {
    let config = effects.config();
    if config.workload_us == 0 {
        return;
    }
    let (now_us, period_us) = (effects.monotonic_now(), config.period_us());
    let of_period = now_us / period_us * period_us + config.round_us;
    let next_us = if now_us < of_period { of_period } else { of_period + period_us };
    effects.set_timer(Timer::Battle, next_us - now_us);
}
