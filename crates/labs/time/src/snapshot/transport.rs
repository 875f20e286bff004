//! How what a process sends gets through a channel: numbered, repeated until it is acknowledged, and taken in its turn, each
//! message once (Chandy and Lamport 1985, section 2).

use sim::{NodeId, Text, t};

use super::application::{Holding, Load};
use super::channel::{Content, Packet};
use super::settings::Algorithm;
use super::{Effects, Message, Process, Timer};

impl Process {
    /// Puts something into a channel.
    pub(super) fn put(&mut self, to: NodeId, content: Content, effects: &mut Effects<'_>) {
        let is_red = effects.config().algorithm == Algorithm::LaiYang;
        let (sent_us, local_us) = (Process::clock(effects), effects.local_now());
        let out = &mut self.out[to.index()];
        if out.waiting.is_empty() && out.late.is_empty() {
            let resend_us = effects.config().resend_us;
            effects.set_timer(Timer::Repeat(to), resend_us);
        }
        out.last += 1;
        let red = if is_red { self.red.clone() } else { Vec::new() };
        let packet = Packet { number: out.last, content, sent_us, red };
        out.waiting.push((local_us, packet.clone()));
        effects.send(to, Message::Packet(packet));
    }

    /// Repeats to a process what it has not acknowledged.
    pub(super) fn repeat(&mut self, to: NodeId, effects: &mut Effects<'_>) {
        let (me, local_us, resend_us) = (effects.me(), effects.local_now(), effects.config().resend_us);
        let mut count = 0;
        for (sent_us, packet) in &mut self.out[to.index()].waiting {
            if is_due(*sent_us, local_us, resend_us) {
                *sent_us = local_us;
                count += 1;
                effects.send(to, Message::Packet(packet.clone()));
            }
        }
        let late = std::mem::take(&mut self.out[to.index()].late);
        for id in &late {
            self.markers += 1;
            self.put(to, Content::Marker(*id), effects);
        }
        if !self.out[to.index()].waiting.is_empty() {
            effects.set_timer(Timer::Repeat(to), resend_us);
        }
        effects.rule("repeat");
        match (late.first(), count) {
            (Some(id), _) => {
                effects.rule("marker_first");
                effects.note(|| {
                    t!(
                        "{node} sends the marker of {snapshot} to {to} only now",
                        node = me,
                        snapshot = id.text(),
                        to = to
                    )
                });
            }
            (None, 0) => {
                effects.routine("no repeat");
                effects.note(|| t!("{node} has nothing that is so old that it repeats it to {to}", node = me, to = to));
            }
            (None, 1) => {
                effects.note(|| t!("{node} repeats a message to {to} that was not acknowledged", node = me, to = to))
            }
            (None, count) => effects.note(|| {
                t!(
                    "{node} repeats {count} messages to {to} that were not acknowledged",
                    node = me,
                    count = count,
                    to = to
                )
            }),
        }
    }

    /// A packet has come to the other end.
    pub(super) fn on_acknowledge(&mut self, from: NodeId, number: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        let out = &mut self.out[from.index()];
        out.waiting.retain(|(_, packet)| packet.number != number);
        if out.waiting.is_empty() && out.late.is_empty() {
            effects.cancel_timer(Timer::Repeat(from));
        }
        effects.routine("acknowledgement");
        effects.note(|| {
            t!("{node} hears that its message {number} has come to {from}", node = me, number = number, from = from)
        });
    }

    /// A packet comes out of the network.
    pub(super) fn on_packet(&mut self, from: NodeId, packet: Packet, effects: &mut Effects<'_>) {
        let (me, rules) = (effects.me(), effects.config().rules);
        effects.send(from, Message::Acknowledge(packet.number));
        let incoming = &mut self.incoming[from.index()];
        if incoming.has(packet.number) {
            effects.rule("take_once");
            if let (false, true, Content::Load(load)) =
                (rules.take_once, incoming.taken.has(packet.number), packet.content)
            {
                self.holding = self.holding.with(load);
                effects.note(|| {
                    t!("{node} takes {load} from {from} a second time", node = me, load = load.text(), from = from)
                });
            } else {
                effects.routine("twice");
                effects.note(|| {
                    t!("{node} has this message of {from} already, and acknowledges it again", node = me, from = from)
                });
            }
            return;
        }
        let is_in_turn = packet.number == incoming.taken.upto + 1;
        if !is_in_turn {
            effects.rule("fifo");
        }
        if rules.fifo && !is_in_turn {
            let missing = incoming.taken.upto + 1;
            let content = describe(&packet);
            incoming.hold(packet);
            effects.note(|| {
                t!(
                    "{node} holds back {what} from {from}, which has come too early",
                    node = me,
                    what = content,
                    from = from
                )
            });
            effects
                .note(|| t!("Message {number} of this channel is still to come, and comes first.", number = missing));
            return;
        }
        self.take(from, packet, effects);
        while let Some(next) = self.incoming[from.index()].next_in_turn(rules.fifo) {
            effects.rule("fifo");
            self.take(from, next, effects);
        }
    }

    /// Takes a packet out of its channel.
    fn take(&mut self, from: NodeId, packet: Packet, effects: &mut Effects<'_>) {
        match packet.content {
            Content::Load(load) => self.take_load(from, &packet, load, effects),
            Content::Marker(id) => {
                self.incoming[from.index()].taken.add(packet.number);
                match effects.config().algorithm {
                    Algorithm::Markers => self.on_marker(from, id, effects),
                    _ => self.on_closing_marker(from, id, effects),
                }
            }
        }
    }

    fn take_load(&mut self, from: NodeId, packet: &Packet, load: Load, effects: &mut Effects<'_>) {
        let (me, number) = (effects.me(), packet.number);
        self.record_before_red(from, packet, effects);
        self.incoming[from.index()].taken.add(number);
        let was = self.holding;
        self.holding = was.with(load);
        let now = self.holding;
        effects.note(|| match (load, now) {
            (Load::Money(amount), Holding::Money(now)) => {
                t!(
                    "{node} takes {amount} from {from}, and has {now}",
                    node = me,
                    amount = amount,
                    from = from,
                    now = now
                )
            }
            (Load::Token, _) => t!("{node} takes the baton from {from}", node = me, from = from),
            _ if was == now => t!("{node} takes work from {from}, and works on", node = me, from = from),
            _ => t!("{node} takes work from {from}, and is no longer idle", node = me, from = from),
        });
        let is_told = self.remember(from, packet, load, effects);
        if !is_told && (load != Load::Work || was == now) {
            effects.routine("take");
        }
        if effects.config().algorithm == Algorithm::LaiYang {
            self.close_counted(effects);
        }
    }
}

/// Whether what was sent then is sent again. A clock that was set back hides nothing.
pub(super) fn is_due(sent_us: i64, now_us: i64, resend_us: u64) -> bool {
    let age_us = now_us.saturating_sub(sent_us);
    age_us < 0 || age_us.unsigned_abs() >= resend_us
}

/// What a packet carries, in a sentence.
pub(super) fn describe(packet: &Packet) -> Text {
    match packet.content {
        Content::Load(load) => load.text(),
        Content::Marker(id) => t!("the marker of {snapshot}", snapshot = id.text()),
    }
}
