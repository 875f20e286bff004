//! A node: its connections, the application on top of them, and, in the middle, the router that passes segments on.

use std::collections::VecDeque;

use serde::Serialize;
use sim::{NodeId, t};

use super::captions::{Told, tell};
use super::connection::{Act, Connection, End, Out};
use super::segment::{Marks, Name, Segment, Socket};
use super::seq::Seq;
use super::settings::MESSAGE;
use super::{A, B, Disk, Effects, Operation, R, Timer};

/// The port of the clients, and that of the server.
pub const CLIENT_PORT: u16 = 5_000;
pub const SERVER_PORT: u16 = 80;

/// A process that has started keeps quiet for so long, in microseconds: in that time the clock of first numbers goes further than
/// what was sent before (RFC 9293, section 3.4.3, where it is an MSL).
const QUIET_US: u64 = 100_000;

/// The next connection is opened so long after the last is over, in microseconds.
const NEXT_OPEN_US: u64 = 2_000_000;

/// A microsecond has so many parts: the clock of first numbers goes one on every four of them.
const ISS_TICK_US: u64 = 4;

/// So far the first number of a connection is from what the last one has sent, as in 4.4BSD.
const ISS_GAP: u32 = 64_000;

/// How many connections that are over are remembered, for checks.
const KEPT: usize = 6;

/// A timer that runs out so many microseconds before its time is on time: clocks count whole microseconds.
const SLACK_US: u64 = 10;

/// The part that a node has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Role {
    Client,
    Server,
    Router,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Host {
    pub role: Role,
    pub local: Socket,
    pub connections: Vec<Connection>,
    /// Those that are over, the last ones, and how many there were.
    pub ended: VecDeque<Ended>,
    pub ended_count: u64,
    books: Books,
    /// Whether the application does not read for now.
    pub is_asleep: bool,
    /// When the application reads on, for each connection that has something to read.
    reading: Vec<(Socket, u64)>,
    /// When the application opens the next connection.
    open_at_us: Option<u64>,
    /// Until then no connection begins: a process that has just started does not know which numbers are still under way.
    quiet_until_us: u64,
    /// The number after the last one that was sent to each socket.
    used: Vec<(Socket, Seq)>,
    /// The last reset that it has sent for a connection that it does not know, and how many there were.
    pub last_reset: Option<SentReset>,
    pub resets: u64,
    opened: u64,
    /// The timers that are set, and for when.
    armed: Vec<(Timer, u64)>,
}

/// What came of the connections that are over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Books {
    read: u64,
    fresh: u64,
    again: u64,
}

/// A connection that is over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ended {
    pub name: Name,
    pub peer: Option<Name>,
    pub end: End,
    /// Bytes that were written, and of them those that nobody has acknowledged.
    pub written: u64,
    pub unacknowledged: u64,
    pub has_closed_first: bool,
    pub last_ack_at_us: Option<u64>,
    pub reset_by: Option<Marks>,
}

/// A reset that was sent for want of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SentReset {
    /// The connection of which the segment was that it answers.
    pub answers: Option<Name>,
    pub is_for_fin: bool,
    /// The connection that acknowledged that FIN, as far as that is remembered.
    pub last_ack_at_us: Option<u64>,
    pub at_us: u64,
}

impl Host {
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Host {
        let me = effects.me();
        let role = match me {
            R => Role::Router,
            B => Role::Server,
            _ => Role::Client,
        };
        let port = if role == Role::Server { SERVER_PORT } else { CLIENT_PORT };
        let mut host = Host {
            role,
            local: Socket { node: me, port },
            connections: Vec::new(),
            ended: VecDeque::new(),
            ended_count: 0,
            books: Books::default(),
            is_asleep: false,
            reading: Vec::new(),
            open_at_us: None,
            quiet_until_us: effects.monotonic_now() + QUIET_US,
            used: Vec::new(),
            last_reset: None,
            resets: 0,
            opened: disk.opened,
            armed: Vec::new(),
        };
        effects.note(|| t!("{node} starts", node = me));
        match role {
            Role::Client => {
                effects.note(|| t!("It knows of no connection: whoever has one with it will find out by a reset"));
                if effects.config().transfer > 0 {
                    host.open_at_us = Some(host.quiet_until_us);
                }
            }
            Role::Server => effects.note(|| t!("It listens on port 80, and knows of no connection")),
            Role::Router => effects.note(|| t!("What comes to it, it passes on")),
        }
        host.arm(effects);
        host
    }

    /// The connection with a socket.
    pub fn connection(&self, remote: Socket) -> Option<&Connection> {
        self.connections.iter().find(|connection| connection.remote == remote)
    }

    /// The connection that a visitor means: the first one.
    pub fn first(&self) -> Option<&Connection> {
        self.connections.first()
    }

    /// The first number of a new connection (RFC 9293, section 3.4.1): a clock, and something that depends on the two sockets.
    fn first_number(&self, remote: Socket, effects: &mut Effects<'_>) -> Seq {
        effects.rule("fresh_iss");
        if !effects.config().rules.fresh_iss {
            return Seq(if self.role == Role::Server { 300 } else { 100 });
        }
        let ticks = effects.monotonic_now() / ISS_TICK_US;
        let of = |socket: Socket| u32::from(socket.node.0) * 7_919 + u32::from(socket.port);
        let hash = (of(self.local).wrapping_mul(2_654_435_761) ^ of(remote).wrapping_mul(40_503)) % 50_000;
        let by_clock = Seq((ticks as u32).wrapping_add(hash));
        // Opened again at once, the clock may not have got beyond what was sent, and the window of who knows that.
        let used = self.used.iter().find(|(to, _)| *to == remote);
        used.map_or(by_clock, |(_, used)| by_clock.later(used.plus(ISS_GAP)))
    }

    fn new_name(&mut self, effects: &mut Effects<'_>) -> Name {
        self.opened += 1;
        effects.persist(Disk { opened: self.opened });
        Name { node: self.local.node, number: self.opened }
    }

    /// The application opens a connection, and writes what it has to write.
    fn open(&mut self, effects: &mut Effects<'_>) {
        let to = if self.role == Role::Server {
            Socket { node: A, port: CLIENT_PORT }
        } else {
            Socket { node: B, port: SERVER_PORT }
        };
        self.open_at_us = None;
        let me = effects.me();
        if self.connection(to).is_some() {
            effects.note(|| t!("{node} has a connection with {peer} already", node = me, peer = to.node));
            return;
        }
        let now_us = effects.monotonic_now();
        if now_us + SLACK_US < self.quiet_until_us {
            self.open_at_us = Some(self.quiet_until_us);
            effects
                .note(|| t!("{node} has just started, and opens nothing yet: old numbers may be under way", node = me));
            return self.arm(effects);
        }
        let (iss, name) = (self.first_number(to, effects), self.new_name(effects));
        let config = effects.config().clone();
        let mut out = Out::default();
        let mut connection = Connection::open(name, self.local, to, iss, now_us, &config, &mut out);
        if self.role == Role::Client && config.transfer > 0 {
            connection.write(config.transfer, now_us, &config, &mut out);
            connection.sender.is_closing = true;
        }
        self.connections.push(connection);
        self.finish(to, None, Told::default(), out, effects);
    }

    /// A segment comes.
    pub(super) fn receive(&mut self, segment: Segment, effects: &mut Effects<'_>) {
        if self.role == Role::Router {
            self.pass_on(segment, effects);
            return;
        }
        let (now_us, config) = (effects.monotonic_now(), effects.config().clone());
        let (remote, mut out) = (segment.from, Out::default());
        if let Some(connection) = self.connections.iter_mut().find(|connection| connection.remote == remote) {
            connection.reads_at_once = config.read_rate == 0 && !self.is_asleep;
            connection.receive(&segment, now_us, &config, &mut out);
            let mut told = Told::default();
            self.read_at_once(remote, &mut told, &mut out, effects);
            self.finish(remote, Some(&segment), told, out, effects);
            return;
        }
        let is_listening = self.role == Role::Server && segment.to.port == SERVER_PORT;
        if is_listening && segment.syn && segment.ack.is_none() && !segment.rst {
            if now_us + SLACK_US < self.quiet_until_us {
                let me = effects.me();
                effects.note(|| {
                    t!("{node} has just started, and answers no SYN yet: old numbers may be under way", node = me)
                });
                return;
            }
            let (iss, name) = (self.first_number(remote, effects), self.new_name(effects));
            self.connections.push(Connection::accept(name, &segment, iss, now_us, &config, &mut out));
            self.finish(remote, Some(&segment), Told::default(), out, effects);
            return;
        }
        self.refuse(&segment, now_us, effects);
        self.arm(effects);
    }

    /// A segment for which there is no connection (RFC 9293, sections 3.10.7.1 and 3.10.7.2).
    fn refuse(&mut self, segment: &Segment, now_us: u64, effects: &mut Effects<'_>) {
        let (me, from) = (effects.me(), segment.from.node);
        effects.rule("no_connection");
        if segment.rst {
            effects
                .note(|| t!("A reset of {from} comes to {node}, which has no such connection", from = from, node = me));
            effects.note(|| t!("A reset is never answered"));
            return;
        }
        let of = segment.marks.of;
        let before = self.ended.iter().rev().find(|ended| of.is_some() && ended.peer == of);
        self.last_reset = Some(SentReset {
            answers: of,
            is_for_fin: segment.fin,
            last_ack_at_us: before
                .filter(|ended| ended.end == End::Closed && ended.has_closed_first)
                .and_then(|ended| ended.last_ack_at_us),
            at_us: now_us,
        });
        self.resets += 1;
        effects.send(R, Segment::reset_for(segment));
        if segment.fin && before.is_some() {
            effects.rule("time_wait");
        }
        effects.note(|| {
            t!("{node} knows of no such connection with {from}, and answers with a reset", node = me, from = from)
        });
    }

    /// The router passes a segment on: one queue leads to B, that of the link.
    fn pass_on(&mut self, segment: Segment, effects: &mut Effects<'_>) {
        let (me, to, label) = (effects.me(), segment.to.node, super::view::label(&segment));
        effects.send(to, segment);
        effects.routine("pass");
        effects.note(|| t!("{node} passes “{segment}” on to {to}", node = me, segment = label, to = to));
    }

    /// A timer runs out.
    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        let now_us = effects.monotonic_now();
        self.armed.retain(|(armed, _)| *armed != timer);
        match timer {
            Timer::Open => {
                if self.open_at_us.is_some_and(|at_us| at_us <= now_us + SLACK_US) {
                    self.open(effects);
                } else {
                    self.come_early(effects);
                }
            }
            Timer::Read(remote) => self.on_reading(remote, now_us, effects),
            Timer::Resend(remote) | Timer::Ack(remote) | Timer::Wait(remote) => {
                let config = effects.config().clone();
                let mut out = Out::default();
                let found = self.connections.iter_mut().find(|connection| connection.remote == remote);
                found.into_iter().for_each(|connection| connection.look_at_clock(now_us, &config, &mut out));
                self.finish(remote, None, Told::default(), out, effects);
            }
        }
    }

    fn come_early(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.routine("early");
        effects.note(|| t!("{node} looks at its clock: nothing is due yet", node = me));
        self.arm(effects);
    }

    /// The application reads a message.
    fn on_reading(&mut self, remote: Socket, now_us: u64, effects: &mut Effects<'_>) {
        let is_due = self.reading.iter().any(|(of, at_us)| *of == remote && *at_us <= now_us + SLACK_US);
        if !is_due {
            self.come_early(effects);
            return;
        }
        self.reading.retain(|(of, _)| *of != remote);
        let mut out = Out::default();
        let mut told = Told::default();
        self.read(remote, MESSAGE, &mut told, &mut out, effects);
        self.finish(remote, None, told, out, effects);
    }

    /// Where the application reads at once, it does.
    fn read_at_once(&mut self, remote: Socket, told: &mut Told, out: &mut Out, effects: &mut Effects<'_>) {
        if effects.config().read_rate == 0 && !self.is_asleep {
            self.read(remote, u32::MAX, told, out, effects);
        }
    }

    fn read(&mut self, remote: Socket, most: u32, told: &mut Told, out: &mut Out, effects: &mut Effects<'_>) {
        let config = effects.config().clone();
        let now_us = effects.monotonic_now();
        let Some(connection) = self.connections.iter_mut().find(|connection| connection.remote == remote) else {
            return;
        };
        let sent_before = out.segments.len();
        let (bytes, has_ended) = connection.read(most, &config, out);
        told.read += bytes;
        told.has_opened |= out.segments.len() > sent_before;
        if has_ended {
            // Who has read the end closes too.
            told.has_ended = true;
            connection.close(now_us, &config, out);
        }
    }

    /// Whatever a person asks for.
    pub(super) fn operate(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        let (me, now_us, config) = (effects.me(), effects.monotonic_now(), effects.config().clone());
        let mut out = Out::default();
        match operation {
            Operation::Open => return self.open(effects),
            Operation::StopReading | Operation::ReadOn => {
                self.is_asleep = operation == Operation::StopReading;
                if self.is_asleep {
                    self.reading.clear();
                    effects
                        .note(|| t!("The application of {node} stops reading: what comes fills the buffer", node = me));
                } else {
                    effects.note(|| t!("The application of {node} reads on", node = me));
                }
                let remotes: Vec<Socket> = self.connections.iter().map(|connection| connection.remote).collect();
                for remote in remotes {
                    let mut told = Told { is_silent: true, ..Told::default() };
                    let mut out = Out::default();
                    self.read_at_once(remote, &mut told, &mut out, effects);
                    self.finish(remote, None, told, out, effects);
                }
                return self.arm(effects);
            }
            Operation::Write(_) | Operation::Close | Operation::Abort => {}
        }
        let Some(connection) = self.connections.first_mut() else {
            effects.note(|| t!("{node} has no connection", node = me));
            return;
        };
        let remote = connection.remote;
        let mut told = Told { is_silent: true, ..Told::default() };
        match operation {
            Operation::Write(_) if connection.sender.is_closing => {
                effects.note(|| t!("{node} has closed its end: nothing more can be written", node = me));
            }
            Operation::Write(bytes) => {
                connection.write(bytes, now_us, &config, &mut out);
                effects.note(|| t!("The application of {node} writes {bytes} bytes", node = me, bytes = bytes));
            }
            Operation::Close => {
                connection.close(now_us, &config, &mut out);
                effects.note(|| t!("The application of {node} closes its end: it will write nothing more", node = me));
                effects.note(|| t!("The other end may go on writing: a connection is closed by both"));
            }
            _ => {
                connection.abort(&mut out);
                told.is_silent = true;
                effects.note(|| {
                    t!("The application of {node} aborts the connection: what is not sent is lost", node = me)
                });
            }
        }
        self.finish(remote, None, told, out, effects);
    }

    /// Sends what is to be sent, tells what has happened, and takes away what is over.
    fn finish(
        &mut self,
        remote: Socket,
        segment: Option<&Segment>,
        told: Told,
        mut out: Out,
        effects: &mut Effects<'_>,
    ) {
        for rule in &out.rules {
            effects.rule(rule);
        }
        if let Some(connection) = self.connection(remote) {
            tell(connection, segment, &told, &out, effects);
        }
        for segment in out.segments.drain(..) {
            effects.send(R, segment);
        }
        if let Some(place) = self.connections.iter().position(|connection| !connection.is_open()) {
            let over = self.connections.remove(place);
            self.reading.retain(|(of, _)| *of != over.remote);
            self.remember(over, effects);
        }
        self.plan_reading(effects);
        self.arm(effects);
    }

    fn remember(&mut self, over: Connection, effects: &mut Effects<'_>) {
        self.ended_count += 1;
        self.books.read += over.receiver.read_bytes();
        self.books.fresh += over.sender.fresh;
        self.books.again += over.sender.resent;
        self.used.retain(|(to, _)| *to != over.remote);
        self.used.push((over.remote, over.sender.next));
        self.ended.push_back(Ended {
            name: over.name,
            peer: over.peer,
            end: over.end.unwrap_or(End::Closed),
            written: over.sender.written,
            unacknowledged: over.sender.unacknowledged(),
            has_closed_first: over.has_closed_first,
            last_ack_at_us: over.last_ack_at_us,
            reset_by: over.reset_by,
        });
        while self.ended.len() > KEPT {
            self.ended.pop_front();
        }
        if self.role == Role::Client && effects.config().transfer > 0 {
            self.open_at_us = Some(effects.monotonic_now() + NEXT_OPEN_US);
        }
    }

    /// The application reads a message at a time, as fast as it can.
    fn plan_reading(&mut self, effects: &mut Effects<'_>) {
        let (rate, now_us) = (effects.config().read_rate, effects.monotonic_now());
        if self.is_asleep {
            return;
        }
        for connection in &self.connections {
            let receiver = &connection.receiver;
            let has_some = !receiver.unread.is_empty() || (receiver.has_end && !receiver.is_ended);
            let is_planned = self.reading.iter().any(|(of, _)| *of == connection.remote);
            if has_some && !is_planned {
                let bytes = u64::from(receiver.waiting().clamp(1, MESSAGE));
                let takes_us = (bytes * 1_000_000).checked_div(rate).unwrap_or(0);
                self.reading.push((connection.remote, now_us + takes_us));
            }
        }
    }

    /// Sets the timers that are to be set, and cancels the others.
    fn arm(&mut self, effects: &mut Effects<'_>) {
        let now_us = effects.monotonic_now();
        let mut wanted: Vec<(Timer, u64)> = self.open_at_us.map(|at_us| (Timer::Open, at_us)).into_iter().collect();
        wanted.extend(self.reading.iter().map(|(of, at_us)| (Timer::Read(*of), *at_us)));
        for connection in &self.connections {
            let of = connection.remote;
            let all = [
                (Timer::Resend(of), connection.resend_at_us),
                (Timer::Ack(of), connection.ack_at_us),
                (Timer::Wait(of), connection.wait_until_us),
            ];
            wanted.extend(all.into_iter().filter_map(|(timer, at_us)| Some((timer, at_us?))));
        }
        for (timer, _) in &self.armed {
            if wanted.iter().all(|(known, _)| known != timer) {
                effects.cancel_timer(*timer);
            }
        }
        for (timer, at_us) in &wanted {
            if !self.armed.contains(&(*timer, *at_us)) {
                effects.set_timer(*timer, at_us.saturating_sub(now_us));
            }
        }
        self.armed = wanted;
    }

    /// What the node says of itself in a word: the state of its connection.
    pub fn state_name(&self) -> &'static str {
        match (self.first(), self.role) {
            (Some(connection), _) => connection.state.name(),
            (None, Role::Server) => "LISTEN",
            (None, Role::Client) => "CLOSED",
            (None, Role::Router) => "",
        }
    }

    /// The bytes that its application has read, in all connections.
    pub fn total_read(&self) -> u64 {
        let open: u64 = self.connections.iter().map(|connection| connection.receiver.read_bytes()).sum();
        self.books.read + open
    }

    /// The segments with data that it has sent for the first time, in all connections.
    pub fn sent_fresh(&self) -> u64 {
        let open: u64 = self.connections.iter().map(|connection| connection.sender.fresh).sum();
        self.books.fresh + open
    }

    /// Those that it has sent again.
    pub fn sent_again(&self) -> u64 {
        let open: u64 = self.connections.iter().map(|connection| connection.sender.resent).sum();
        self.books.again + open
    }

    /// The connection with a client, at the server.
    pub fn with(&self, node: NodeId) -> Option<&Connection> {
        self.connections.iter().find(|connection| connection.remote.node == node)
    }
}

/// Whether an act is worth telling.
pub(super) fn is_telling(act: Act) -> bool {
    use super::receiver::Taken;
    !matches!(
        act,
        Act::Acknowledged
            | Act::WindowUpdate { .. }
            | Act::DelayedAck
            | Act::Early
            | Act::Took { taken: Taken::InOrder }
    )
}
