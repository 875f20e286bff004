//! What a process does by itself or is told to do: it sends money, the token or work, loses the token, and goes idle.

use sim::rng::Rng;
use sim::{Delay, NodeId, Text, t};

use super::application::{Holding, Load, MOST_BY_ITSELF};
use super::channel::Content;
use super::recording::SnapshotId;
use super::settings::{Algorithm, Application};
use super::{Effects, Process, Timer};

impl Process {
    pub(super) fn wait_to_act(&self, effects: &mut Effects<'_>) {
        let mean_us = effects.config().workload_us;
        if mean_us > 0 {
            let gap = Delay::Exponential { least_us: 0, mean_us };
            let after_us = gap.draw(&mut Rng::stream(effects.choose(u64::MAX), 0)).max(1);
            effects.set_timer(Timer::Act, after_us);
        }
    }

    /// It acts by itself, and will again.
    pub(super) fn act(&mut self, effects: &mut Effects<'_>) {
        self.wait_to_act(effects);
        let me = effects.me();
        let others: Vec<NodeId> = effects.config().outgoing(me).collect();
        let to = others[effects.choose(others.len() as u64) as usize];
        match self.holding {
            Holding::Money(0) => {
                effects.routine("nothing to send");
                effects.note(|| t!("{node} has nothing to send", node = me));
            }
            Holding::Money(money) => {
                let amount = 1 + effects.choose(money.min(MOST_BY_ITSELF));
                self.send(to, Load::Money(amount), effects);
            }
            Holding::Token(true) if effects.choose(100) < effects.config().lose_token_percent => self.lose(effects),
            Holding::Token(true) => self.send(to, Load::Token, effects),
            Holding::Work(true) if effects.choose(3) == 0 => self.go_idle(effects),
            Holding::Work(true) => self.send(to, Load::Work, effects),
            Holding::Token(false) => {
                effects.routine("nothing to send");
                effects.note(|| t!("{node} does not have the baton", node = me));
            }
            Holding::Work(false) => {
                effects.routine("nothing to send");
                effects.note(|| t!("{node} is idle: only a message can wake it", node = me));
            }
        }
    }

    /// Somebody lets it send.
    pub(super) fn send_by_hand(&mut self, to: NodeId, amount: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        let load = match effects.config().application {
            Application::Bank => Load::Money(amount),
            Application::Token => Load::Token,
            Application::Work => Load::Work,
        };
        if !effects.config().has_channel(me, to) {
            effects.note(|| t!("There is no channel from {node} to {to}", node = me, to = to));
        } else if self.holding.without(load).is_none() {
            effects.note(|| match load {
                Load::Money(_) => t!("{node} does not have so much, and sends nothing", node = me),
                Load::Token => t!("{node} does not have the baton, and sends nothing", node = me),
                Load::Work => t!("{node} is idle, and has no work to give", node = me),
            });
        } else {
            self.send(to, load, effects);
        }
    }

    /// Sends something of the application.
    pub(super) fn send(&mut self, to: NodeId, load: Load, effects: &mut Effects<'_>) {
        let Some(rest) = self.holding.without(load) else { return };
        let me = effects.me();
        self.holding = rest;
        self.put(to, Content::Load(load), effects);
        effects.note(|| match rest {
            Holding::Money(rest) => {
                t!(
                    "{node} sends {load} to {to}, and has {rest} left",
                    node = me,
                    load = load.text(),
                    to = to,
                    rest = rest
                )
            }
            _ => t!("{node} sends {load} to {to}", node = me, load = load.text(), to = to),
        });
        let is_late = self.out[to.index()].late.first().copied();
        if let Some(id) = is_late {
            effects.rule("marker_first");
            effects.note(|| {
                t!(
                    "It has recorded its state for {snapshot} before, and the marker is still to come.",
                    snapshot = id.text()
                )
            });
        } else if self.recordings.is_empty() {
            effects.routine("send");
        } else {
            let ids: Vec<SnapshotId> = self.recordings.iter().map(|recording| recording.id).collect();
            let has_markers = effects.config().algorithm == Algorithm::Markers;
            effects.note(|| after_the_recording(&ids, has_markers));
        }
    }

    /// It loses the token.
    pub(super) fn lose(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.holding == Holding::Token(true) {
            self.holding = Holding::Token(false);
            self.lost += 1;
            effects.note(|| t!("{node} loses the baton", node = me));
        } else {
            effects.note(|| t!("{node} has no baton to lose", node = me));
        }
    }

    /// It ends its work.
    pub(super) fn go_idle(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.holding == Holding::Work(true) {
            self.holding = Holding::Work(false);
            effects.note(|| t!("{node} has done its work, and is idle", node = me));
        } else {
            effects.note(|| t!("{node} is idle already", node = me));
        }
    }
}

fn after_the_recording(ids: &[SnapshotId], has_markers: bool) -> Text {
    let names = ids.iter().map(|id| id.text()).reduce(|first, next| t!("{first}, {next}", first = first, next = next));
    let names = names.unwrap_or_default();
    if has_markers {
        t!(
            "The marker of {snapshots} has left on this channel before it. Nobody stops for a snapshot.",
            snapshots = names
        )
    } else {
        t!("It takes part in {snapshots}. Nobody stops for a snapshot.", snapshots = names)
    }
}
