//! A process: it acts by itself, keeps its channels, and records.

use std::collections::VecDeque;
use std::rc::Rc;

use serde::Serialize;
use sim::rng::Rng;
use sim::{Delay, NodeId, Text, t};

use super::application::{Holding, Load, MOST_BY_ITSELF, expected, list};
use super::channel::{Content, Incoming, Outgoing, Packet};
use super::numbers::Numbers;
use super::recording::{Channel, Collection, Complete, Recording, SnapshotId};
use super::settings::{Algorithm, Application};
use super::{Effects, Message, Timer};

/// Nobody starts a snapshot by itself while it knows of so many that are open.
const MOST_BY_THEMSELVES: usize = 3;

/// Nobody starts one by hand while so many are open.
const MOST_OPEN: usize = 6;

/// How many parts and snapshots a process remembers.
const REMEMBERED: usize = 3;

/// Snapshots by the clock are agreed on so long before, in microseconds.
pub const LEAD_US: i64 = 50_000;

/// The state of a process. All of it is on its disk before anything is sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Process {
    pub holding: Holding,
    /// How often it has lost the token.
    pub lost: u64,
    /// The channels to and from each process.
    pub out: Vec<Outgoing>,
    pub incoming: Vec<Incoming>,
    /// The snapshots that it takes part in and has not done its part of, the oldest first.
    pub recordings: Vec<Recording>,
    /// Its last finished parts, the oldest first.
    pub done: VecDeque<Rc<Recording>>,
    /// The snapshots of each process that it has done its part of.
    pub finished: Vec<Numbers>,
    /// How many snapshots it has started.
    pub started: u32,
    /// Those of them that are not complete.
    pub collections: Vec<Collection>,
    /// Its last complete ones, the oldest first.
    pub complete: VecDeque<Rc<Complete>>,
    /// How many are complete.
    pub completed: u64,
    /// Letters that are not acknowledged.
    pub letters: Vec<Letter>,
    /// How many letters it has written.
    pub written: u64,
    /// How many markers it has sent, repeats not counted.
    pub markers: u64,
    /// Lai and Yang: how many snapshots of each process it has recorded.
    pub red: Vec<u32>,
    /// By the clock: what is agreed on, and when.
    pub appointments: Vec<(SnapshotId, i64)>,
    /// By the clock: markers of snapshots that are still to be recorded here.
    pub early_markers: Vec<(SnapshotId, NodeId)>,
}

/// A message outside of the channels that is repeated until it is acknowledged.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Letter {
    pub number: u64,
    pub to: NodeId,
    pub body: Body,
    /// When it was last sent, by the sender's clock.
    pub sent_us: i64,
}

/// What letters say.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Body {
    /// This is my part.
    Part(Rc<Recording>),
    /// Record your state now.
    Record(SnapshotId),
    /// Record your state when your clock shows this.
    Appointment(SnapshotId, i64),
    /// I have recorded my state, and had sent you so many messages.
    White(SnapshotId, u64),
}

impl Process {
    /// A process at the start of the run.
    pub(super) fn new(effects: &mut Effects<'_>) -> Process {
        let nodes = effects.node_count();
        let process = Process {
            holding: Holding::first(effects.config().application, effects.me()),
            lost: 0,
            out: vec![Outgoing::default(); nodes],
            incoming: vec![Incoming::default(); nodes],
            recordings: Vec::new(),
            done: VecDeque::new(),
            finished: vec![Numbers::default(); nodes],
            started: 0,
            collections: Vec::new(),
            complete: VecDeque::new(),
            completed: 0,
            letters: Vec::new(),
            written: 0,
            markers: 0,
            red: vec![0; nodes],
            appointments: Vec::new(),
            early_markers: Vec::new(),
        };
        process.set_timers(effects);
        process.write(effects);
        process
    }

    /// A process that comes back from its disk: a crash is a long pause.
    pub(super) fn restarted(disk: &Process, effects: &mut Effects<'_>) -> Process {
        let process = disk.clone();
        process.set_timers(effects);
        effects.note(|| t!("All that it had was on its disk: it goes on as after a pause."));
        process
    }

    fn set_timers(&self, effects: &mut Effects<'_>) {
        let (me, resend_us, snapshot_us) = (effects.me(), effects.config().resend_us, effects.config().snapshot_us);
        self.wait_to_act(effects);
        if snapshot_us > 0 {
            effects.set_timer(Timer::Snapshot, snapshot_us * (u64::from(me.0) + 1));
        }
        for to in effects.config().nodes() {
            if !self.out[to.index()].waiting.is_empty() || !self.out[to.index()].late.is_empty() {
                effects.set_timer(Timer::Repeat(to), resend_us);
            }
        }
        if !self.letters.is_empty() {
            effects.set_timer(Timer::Letters, resend_us);
        }
        self.wait_for_appointment(effects);
    }

    /// Writes all to the disk.
    pub(super) fn write(&self, effects: &mut Effects<'_>) {
        effects.persist(Some(Rc::new(self.clone())));
    }

    /// What its own clock shows: that of B may be behind.
    pub fn clock(effects: &Effects<'_>) -> i64 {
        let error_us = if effects.me() == NodeId(1) { effects.config().clock_error_us } else { 0 };
        effects.local_now().saturating_sub(error_us)
    }

    /// The snapshots that it knows to be open.
    fn open(&self) -> usize {
        let others = self.recordings.iter().filter(|recording| !self.collects(recording.id)).count();
        others + self.collections.len()
    }

    fn collects(&self, id: SnapshotId) -> bool {
        self.collections.iter().any(|collection| collection.id == id)
    }

    /// Whether it has recorded its state for this snapshot, or begun to.
    fn has_begun(&self, id: SnapshotId) -> bool {
        self.finished[id.initiator.index()].has(id.number.into())
            || self.recordings.iter().any(|recording| recording.id == id)
    }

    /// What it shows of snapshots: the last one that it takes part in, or has done its part of.
    pub fn newest(&self) -> Option<&Recording> {
        self.recordings.last().or(self.done.back().map(|done| &**done))
    }

    // The application.

    fn wait_to_act(&self, effects: &mut Effects<'_>) {
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
    fn send(&mut self, to: NodeId, load: Load, effects: &mut Effects<'_>) {
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

    // The channels.

    /// Puts something into a channel.
    fn put(&mut self, to: NodeId, content: Content, effects: &mut Effects<'_>) {
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

    /// Sends a marker down each channel (section 3.2, marker-sending rule). Returns to how many.
    fn put_markers(&mut self, id: SnapshotId, effects: &mut Effects<'_>) -> usize {
        let others: Vec<NodeId> = effects.config().outgoing(effects.me()).collect();
        let goes_first = effects.config().rules.marker_first || effects.config().algorithm != Algorithm::Markers;
        if effects.config().algorithm == Algorithm::Markers {
            effects.rule("marker_first");
        }
        for to in &others {
            if goes_first {
                self.markers += 1;
                self.put(*to, Content::Marker(id), effects);
                continue;
            }
            let out = &mut self.out[to.index()];
            out.late.push(id);
            // It goes with the next repetition, and one is due though nothing waits.
            let resend_us = effects.config().resend_us;
            effects.set_timer(Timer::Repeat(*to), resend_us);
        }
        others.len()
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

    /// What came after a recording may belong to the channel. Returns whether there is something to tell.
    fn remember(&mut self, from: NodeId, packet: &Packet, load: Load, effects: &mut Effects<'_>) -> bool {
        let (algorithm, rules) = (effects.config().algorithm, effects.config().rules);
        let (mut recorded, mut is_told) = (None, !self.recordings.is_empty());
        for recording in &mut self.recordings {
            let (id, at_us) = (recording.id, recording.at_us);
            let is_recorded = recording.holding.is_some();
            let Some(channel) = recording.channels[from.index()].as_mut().filter(|_| is_recorded) else { continue };
            let belongs = match algorithm {
                Algorithm::Markers => !channel.is_closed || !rules.close_channel,
                Algorithm::Clock => !channel.is_closed && at_us.is_some_and(|at_us| packet.sent_us < at_us),
                Algorithm::LaiYang => !is_red_for(packet, id),
                Algorithm::Together => false,
            };
            if !belongs {
                continue;
            }
            if channel.is_closed {
                effects.rule("close_channel");
            }
            effects.rule("record_channels");
            is_told = true;
            if rules.record_channels {
                channel.loads.push((packet.number, load));
                recorded = recorded.or(Some((id, channel.is_closed)));
            }
        }
        let me = effects.me();
        match recorded {
            Some((id, false)) => {
                let belongs = || {
                    t!(
                        "{node} had recorded its state before, and {from} had not when it sent this: in {snapshot} it is under way, in the channel.",
                        node = me,
                        from = from,
                        snapshot = id.text()
                    )
                };
                match algorithm {
                    Algorithm::Markers => effects.because(&["fifo", "marker_first", "record_first"], belongs),
                    Algorithm::Clock => effects.note(|| {
                        t!(
                            "By the clock of {from} it was sent before the moment of {snapshot}: so it counts as under way.",
                            from = from,
                            snapshot = id.text()
                        )
                    }),
                    _ => effects.note(belongs),
                }
            }
            Some((id, true)) => effects.note(|| {
                t!(
                    "The marker of {snapshot} has come on this channel before, and this is recorded all the same.",
                    snapshot = id.text()
                )
            }),
            None => {}
        }
        is_told
    }

    // Snapshots.

    /// Its turn has come to start one.
    pub(super) fn start_by_itself(&mut self, effects: &mut Effects<'_>) {
        let (me, every_us) = (effects.me(), effects.config().snapshot_us * effects.node_count() as u64);
        if every_us > 0 {
            effects.set_timer(Timer::Snapshot, every_us);
        }
        if self.open() < MOST_BY_THEMSELVES {
            self.start(effects);
        } else {
            effects.note(|| t!("{node} starts no snapshot: three are open", node = me));
        }
    }

    /// Starts a snapshot.
    pub(super) fn start(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.open() >= MOST_OPEN {
            effects.note(|| t!("{node} starts no snapshot: there are enough that are not complete", node = me));
            return;
        }
        self.started += 1;
        let id = SnapshotId { initiator: me, number: self.started };
        self.collections.push(Collection { id, parts: vec![None; effects.node_count()] });
        let others: Vec<NodeId> = effects.config().nodes().filter(|other| *other != me).collect();
        let (now, algorithm) = (self.holding.text(), effects.config().algorithm);
        match algorithm {
            Algorithm::Markers => {
                if effects.config().rules.record_first {
                    effects.note(|| {
                        t!(
                            "{node} starts snapshot {snapshot}: it records its own state, {now}",
                            node = me,
                            snapshot = id.text(),
                            now = now
                        )
                    });
                } else {
                    effects.note(|| {
                        t!(
                            "{node} starts snapshot {snapshot}, and records its state later",
                            node = me,
                            snapshot = id.text()
                        )
                    });
                }
                self.begin(id, None, effects);
            }
            Algorithm::LaiYang => {
                effects.note(|| {
                    t!(
                        "{node} starts snapshot {snapshot}: it records its own state, {now}",
                        node = me,
                        snapshot = id.text(),
                        now = now
                    )
                });
                self.record_and_count(id, effects);
            }
            Algorithm::Together => {
                effects.note(|| {
                    t!(
                        "{node} starts snapshot {snapshot}: it records {now}, and tells all others to record theirs",
                        node = me,
                        snapshot = id.text(),
                        now = now
                    )
                });
                for to in others {
                    self.write_letter(to, Body::Record(id), effects);
                }
                self.record(id, None, effects);
                self.finish(effects);
            }
            Algorithm::Clock => {
                let at_us = Process::clock(effects) + LEAD_US;
                effects.note(|| {
                    t!(
                        "{node} starts snapshot {snapshot}: all are to record when their clocks show {time}",
                        node = me,
                        snapshot = id.text(),
                        time = sim::time_us(at_us.unsigned_abs())
                    )
                });
                for to in others {
                    self.write_letter(to, Body::Appointment(id, at_us), effects);
                }
                self.appointments.push((id, at_us));
                self.wait_for_appointment(effects);
            }
        }
    }

    /// Records its own state, and notes what it has sent and taken.
    fn record(&mut self, id: SnapshotId, at_us: Option<i64>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let config = effects.config();
        let has_channels = config.algorithm != Algorithm::Together;
        let channel = |from: NodeId| (has_channels && config.has_channel(from, me)).then(Channel::default);
        self.recordings.push(Recording {
            id,
            holding: None,
            sent: Vec::new(),
            taken: Vec::new(),
            channels: config.nodes().map(channel).collect(),
            at_us,
        });
        self.record_state(id);
    }

    fn record_state(&mut self, id: SnapshotId) {
        let sent = self.out.iter().map(|out| out.last).collect();
        let taken = self.incoming.iter().map(|incoming| incoming.taken.clone()).collect();
        let Some(recording) = self.recordings.iter_mut().find(|recording| recording.id == id) else { return };
        (recording.holding, recording.sent, recording.taken) = (Some(self.holding), sent, taken);
    }

    /// Markers: the process takes part from now on. `first` is the channel of the marker that it has heard of it by.
    fn begin(&mut self, id: SnapshotId, first: Option<NodeId>, effects: &mut Effects<'_>) {
        self.record(id, None, effects);
        effects.rule("record_first");
        if !effects.config().rules.record_first
            && let Some(recording) = self.recordings.last_mut()
        {
            recording.holding = None;
        }
        let markers = self.put_markers(id, effects);
        if let Some(from) = first {
            self.close(id, from);
        }
        self.record_last(id, effects);
        effects.because(&["marker_first"], || match markers {
            1 => t!("Before any further message, a marker goes down its channel."),
            count => t!("Before any further message, a marker goes down each of its {count} channels.", count = count),
        });
        self.finish(effects);
    }

    /// Where states need not be recorded first, they are when all markers are in.
    fn record_last(&mut self, id: SnapshotId, effects: &mut Effects<'_>) {
        let waits = self.recordings.iter().find(|recording| recording.id == id && recording.holding.is_none());
        let is_due =
            waits.is_some_and(|recording| recording.channels.iter().flatten().all(|channel| channel.is_closed));
        if is_due {
            effects.rule("record_first");
            self.record_state(id);
        }
    }

    fn close(&mut self, id: SnapshotId, from: NodeId) {
        let recording = self.recordings.iter_mut().find(|recording| recording.id == id);
        if let Some(channel) = recording.and_then(|recording| recording.channels[from.index()].as_mut()) {
            channel.is_closed = true;
        }
    }

    /// A marker comes (section 3.2, marker-receiving rule).
    fn on_marker(&mut self, from: NodeId, id: SnapshotId, effects: &mut Effects<'_>) {
        let me = effects.me();
        if !self.has_begun(id) {
            let (now, records) = (self.holding.text(), effects.config().rules.record_first);
            effects.note(|| match records {
                true => t!(
                    "The marker of {snapshot} comes to {node} from {from}: {node} records its state, {now}, and the channel as empty",
                    snapshot = id.text(),
                    node = me,
                    from = from,
                    now = now
                ),
                false => t!("The marker of {snapshot} comes to {node} from {from}: {node} passes it on, and records its state later", snapshot = id.text(), node = me, from = from),
            });
            self.begin(id, Some(from), effects);
            return;
        }
        self.close(id, from);
        let recording = self.recordings.iter().find(|recording| recording.id == id);
        let Some(recording) = recording else {
            effects.note(|| t!("A marker of {snapshot} comes to {node} again", snapshot = id.text(), node = me));
            return;
        };
        let (closed, all) = recording.progress();
        let loads =
            recording.channels[from.index()].iter().flat_map(|channel| channel.loads.iter().map(|(_, load)| *load));
        let content = list(loads);
        effects.rule("close_channel");
        effects.note(|| match content {
            Some(loads) => t!(
                "The marker of {snapshot} comes to {node} from {from}: recorded as under way on this channel is {loads}",
                snapshot = id.text(),
                node = me,
                from = from,
                loads = loads
            ),
            None => t!(
                "The marker of {snapshot} comes to {node} from {from}: nothing is recorded as under way on this channel",
                snapshot = id.text(),
                node = me,
                from = from
            ),
        });
        self.record_last(id, effects);
        // Where that makes the snapshot complete, this is what is told.
        let completes = self.collections.iter().any(|collection| {
            collection.id == id && collection.parts.iter().filter(|part| part.is_none()).count() == 1
        });
        if closed == all {
            effects.rule("termination");
        }
        match (closed == all, id.initiator == me) {
            (true, true) if completes => {}
            (true, true) => effects.note(|| t!("That was its last marker: {node} has done its part.", node = me)),
            (true, false) => effects.note(|| {
                t!(
                    "That was its last marker: {node} has done its part, and sends it to {initiator}.",
                    node = me,
                    initiator = id.initiator
                )
            }),
            _ => effects.note(|| {
                t!("Markers that have come to {node}: {closed} of {all}.", node = me, closed = closed, all = all)
            }),
        }
        self.finish(effects);
    }

    /// By the clock: what its sender sent before the agreed moment has all come.
    fn on_closing_marker(&mut self, from: NodeId, id: SnapshotId, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.note(|| {
            t!(
                "{node} hears from {from} that all has been sent which was sent before the moment of {snapshot}",
                node = me,
                from = from,
                snapshot = id.text()
            )
        });
        if self.has_begun(id) {
            self.close(id, from);
            self.finish(effects);
        } else if !self.early_markers.contains(&(id, from)) {
            effects.note(|| t!("By the clock of {node} that moment is still to come.", node = me));
            self.early_markers.push((id, from));
        }
    }

    fn wait_for_appointment(&self, effects: &mut Effects<'_>) {
        if let Some(first_us) = self.appointments.iter().map(|(_, at_us)| *at_us).min() {
            let after_us = first_us.saturating_sub(Process::clock(effects)).max(0);
            effects.set_timer(Timer::Appointment, after_us.unsigned_abs());
        }
    }

    /// By the clock: records what is due, before anything else happens here.
    pub(super) fn keep_appointments(&mut self, effects: &mut Effects<'_>) {
        if self.appointments.is_empty() {
            return;
        }
        let (me, now_us) = (effects.me(), Process::clock(effects));
        while let Some(place) = self.appointments.iter().position(|(_, at_us)| *at_us <= now_us) {
            let (id, at_us) = self.appointments.remove(place);
            let now = self.holding.text();
            effects.note(|| {
                t!(
                    "The clock of {node} shows the moment of {snapshot}: it records its state, {now}",
                    node = me,
                    snapshot = id.text(),
                    now = now
                )
            });
            self.record(id, Some(at_us), effects);
            self.put_markers(id, effects);
            let (early, others) = self.early_markers.iter().partition(|(of, _)| *of == id);
            self.early_markers = others;
            let early: Vec<(SnapshotId, NodeId)> = early;
            for (_, from) in early {
                self.close(id, from);
            }
            self.finish(effects);
        }
    }

    /// By the clock: a timer ran out, perhaps early.
    pub(super) fn look_at_the_clock(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if !self.appointments.is_empty() {
            self.wait_for_appointment(effects);
            effects.note(|| t!("{node} looks at its clock", node = me));
        }
    }

    /// Lai and Yang: records, and says to all how many messages it had sent them.
    fn record_and_count(&mut self, id: SnapshotId, effects: &mut Effects<'_>) {
        self.record(id, None, effects);
        let red = &mut self.red[id.initiator.index()];
        *red = (*red).max(id.number);
        effects.rule("count_white");
        let others: Vec<NodeId> = effects.config().outgoing(effects.me()).collect();
        for to in others {
            let sent = self.out[to.index()].last;
            self.write_letter(to, Body::White(id, sent), effects);
        }
        effects.note(|| t!("From now on its messages are red, and it says how many white ones it has sent."));
        self.close_counted(effects);
    }

    /// Lai and Yang: nobody takes a message of somebody who has recorded without having recorded.
    fn record_before_red(&mut self, from: NodeId, packet: &Packet, effects: &mut Effects<'_>) {
        for place in 0..packet.red.len() {
            while self.red[place] < packet.red[place] {
                let id = SnapshotId { initiator: NodeId::at(place), number: self.red[place] + 1 };
                let (me, now) = (effects.me(), self.holding.text());
                effects.rule("red_first");
                effects.note(|| {
                    t!(
                        "A red message of {from} comes to {node}, which first records its state, {now}, for {snapshot}",
                        from = from,
                        node = me,
                        now = now,
                        snapshot = id.text()
                    )
                });
                self.record_and_count(id, effects);
            }
        }
    }

    /// Lai and Yang: a channel is recorded when all white messages have come.
    fn close_counted(&mut self, effects: &mut Effects<'_>) {
        for recording in &mut self.recordings {
            for (channel, incoming) in recording.channels.iter_mut().zip(&self.incoming) {
                if let Some(channel) = channel {
                    channel.is_closed = channel.due.is_some_and(|due| incoming.taken.upto >= due);
                }
            }
        }
        self.finish(effects);
    }

    /// What is done goes to the one that began.
    fn finish(&mut self, effects: &mut Effects<'_>) {
        while let Some(place) = self.recordings.iter().position(Recording::is_done) {
            let part = Rc::new(self.recordings.remove(place));
            let id = part.id;
            self.finished[id.initiator.index()].add(id.number.into());
            self.done.push_back(part.clone());
            if self.done.len() > REMEMBERED {
                self.done.pop_front();
            }
            if id.initiator == effects.me() {
                self.collect(effects.me(), part, effects);
            } else {
                self.write_letter(id.initiator, Body::Part(part), effects);
            }
        }
    }

    /// A part of one of its snapshots is there.
    fn collect(&mut self, from: NodeId, part: Rc<Recording>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(place) = self.collections.iter().position(|collection| collection.id == part.id) else {
            effects.routine("twice");
            effects.note(|| t!("{node} has this part of {from} already", node = me, from = from));
            return;
        };
        let collection = &mut self.collections[place];
        collection.parts[from.index()] = Some(part);
        let parts: Vec<Rc<Recording>> = collection.parts.iter().flatten().cloned().collect();
        let (id, have, all) = (collection.id, parts.len(), collection.parts.len());
        if have < all {
            effects.note(|| {
                t!(
                    "{node} has {have} of {all} parts of snapshot {snapshot}",
                    node = me,
                    have = have,
                    all = all,
                    snapshot = id.text()
                )
            });
            return;
        }
        self.collections.remove(place);
        let complete = Rc::new(Complete { id, parts });
        let (total, expected) = (complete.total(), expected(effects.config()));
        let algorithm = effects.config().algorithm;
        self.complete.push_back(complete);
        self.completed += 1;
        if self.complete.len() > REMEMBERED {
            self.complete.pop_front();
        }
        effects.note(|| match expected {
            Some(expected) => t!(
                "Snapshot {snapshot} is complete: {total} of {expected}",
                snapshot = id.text(),
                total = total,
                expected = expected
            ),
            None if total == 0 && algorithm == Algorithm::Together => {
                t!(
                    "Snapshot {snapshot} is complete: all were idle, and nobody looked at what was under way",
                    snapshot = id.text()
                )
            }
            None if total == 0 => {
                t!("Snapshot {snapshot} is complete: all are idle, and nothing is under way", snapshot = id.text())
            }
            None => t!("Snapshot {snapshot} is complete: there is work", snapshot = id.text()),
        });
    }

    // Letters.

    fn write_letter(&mut self, to: NodeId, body: Body, effects: &mut Effects<'_>) {
        if self.letters.is_empty() {
            let resend_us = effects.config().resend_us;
            effects.set_timer(Timer::Letters, resend_us);
        }
        self.written += 1;
        let (number, sent_us) = (self.written, effects.local_now());
        self.letters.push(Letter { number, to, body: body.clone(), sent_us });
        effects.send(to, Message::Letter { number, body });
    }

    pub(super) fn repeat_letters(&mut self, effects: &mut Effects<'_>) {
        let (me, local_us, resend_us) = (effects.me(), effects.local_now(), effects.config().resend_us);
        let mut count = 0;
        for letter in self.letters.iter_mut().filter(|letter| is_due(letter.sent_us, local_us, resend_us)) {
            letter.sent_us = local_us;
            count += 1;
            effects.send(letter.to, Message::Letter { number: letter.number, body: letter.body.clone() });
        }
        if !self.letters.is_empty() {
            effects.set_timer(Timer::Letters, resend_us);
        }
        effects.rule("repeat");
        if count == 0 {
            effects.routine("no repeat");
        }
        effects.note(|| t!("{node} repeats what was not acknowledged outside of the channels", node = me));
    }

    pub(super) fn on_received(&mut self, number: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.letters.retain(|letter| letter.number != number);
        if self.letters.is_empty() {
            effects.cancel_timer(Timer::Letters);
        }
        effects.routine("acknowledgement");
        effects.note(|| t!("{node} hears that its letter {number} has come", node = me, number = number));
    }

    pub(super) fn on_letter(&mut self, from: NodeId, number: u64, body: Body, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.send(from, Message::Received(number));
        let is_new = |process: &Process, id| {
            !process.has_begun(id) && process.appointments.iter().all(|(agreed, _)| *agreed != id)
        };
        match body {
            Body::Part(part) => self.collect(from, part, effects),
            Body::Record(id) if is_new(self, id) => {
                let now = self.holding.text();
                effects.note(|| {
                    t!(
                        "{node} is told to record for {snapshot}: its state is {now}",
                        node = me,
                        snapshot = id.text(),
                        now = now
                    )
                });
                effects.note(|| t!("Nobody looks at what is under way."));
                self.record(id, None, effects);
                self.finish(effects);
            }
            Body::Appointment(id, at_us) if is_new(self, id) => {
                effects.note(|| {
                    t!(
                        "{node} is to record for {snapshot} when its clock shows {time}",
                        node = me,
                        snapshot = id.text(),
                        time = sim::time_us(at_us.unsigned_abs())
                    )
                });
                self.appointments.push((id, at_us));
                self.keep_appointments(effects);
                self.wait_for_appointment(effects);
            }
            Body::White(id, sent) => self.on_count(from, id, sent, effects),
            Body::Record(_) | Body::Appointment(..) => {
                effects.routine("twice");
                effects.note(|| t!("{node} has been told that already", node = me));
            }
        }
    }

    /// Lai and Yang: a process says how many white messages it has sent.
    fn on_count(&mut self, from: NodeId, id: SnapshotId, sent: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        while self.red[id.initiator.index()] < id.number {
            let next = SnapshotId { number: self.red[id.initiator.index()] + 1, ..id };
            let now = self.holding.text();
            effects.rule("red_first");
            effects.note(|| {
                t!(
                    "{node} hears from {from} of snapshot {snapshot}, and records its state, {now}",
                    node = me,
                    from = from,
                    snapshot = next.text(),
                    now = now
                )
            });
            self.record_and_count(next, effects);
        }
        let taken = self.incoming[from.index()].taken.count().min(sent);
        effects.rule("count_white");
        effects.note(|| {
            t!(
                "Before {snapshot}, messages from {from} to {node}: {sent}; of these have come: {taken}",
                snapshot = id.text(),
                from = from,
                node = me,
                sent = sent,
                taken = taken
            )
        });
        let recording = self.recordings.iter_mut().find(|recording| recording.id == id);
        if let Some(channel) = recording.and_then(|recording| recording.channels[from.index()].as_mut()) {
            channel.due = Some(sent);
        }
        self.close_counted(effects);
    }
}

/// Whether what was sent then is sent again. A clock that was set back hides nothing.
fn is_due(sent_us: i64, now_us: i64, resend_us: u64) -> bool {
    let age_us = now_us.saturating_sub(sent_us);
    age_us < 0 || age_us.unsigned_abs() >= resend_us
}

/// Lai and Yang: whether the sender of a message had recorded for this snapshot.
fn is_red_for(packet: &Packet, id: SnapshotId) -> bool {
    packet.red.get(id.initiator.index()).is_some_and(|red| *red >= id.number)
}

/// What a packet carries, in a sentence.
pub(super) fn describe(packet: &Packet) -> Text {
    match packet.content {
        Content::Load(load) => load.text(),
        Content::Marker(id) => t!("the marker of {snapshot}", snapshot = id.text()),
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
