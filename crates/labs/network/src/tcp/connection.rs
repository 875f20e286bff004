//! One end of a connection: the state machine of RFC 9293, section 3.10, without input or output. What it wants to send and tell goes
//! into an [`Out`]; deadlines stand in it, by the clock that nobody sets.

use serde::Serialize;

use super::congestion::{Algorithm, Congestion, Progress};
use super::receiver::{Receiver, Taken};
use super::segment::{Marks, Name, Piece, Segment, Socket};
use super::sender::{Sender, Timed};
use super::seq::Seq;
use super::settings::Config;
use super::timer::{MOST_US, RoundTrip, Sample};

/// A timer that runs out so many microseconds before its time is on time: clocks count whole microseconds.
const SLACK_US: u64 = 10;

/// RFC 6298, section 5.7: the timeout for data after a SYN was lost.
const AFTER_LOST_SYN_US: u64 = 3_000_000;

/// The states of section 3.3.2, but LISTEN, which has no connection yet, and CLOSED, which has none any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum State {
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait,
    /// It is over, and is taken away.
    Closed,
}

impl State {
    /// The name in RFC 9293.
    pub fn name(self) -> &'static str {
        match self {
            State::SynSent => "SYN-SENT",
            State::SynReceived => "SYN-RECEIVED",
            State::Established => "ESTABLISHED",
            State::FinWait1 => "FIN-WAIT-1",
            State::FinWait2 => "FIN-WAIT-2",
            State::CloseWait => "CLOSE-WAIT",
            State::Closing => "CLOSING",
            State::LastAck => "LAST-ACK",
            State::TimeWait => "TIME-WAIT",
            State::Closed => "CLOSED",
        }
    }

    /// Whether both ends know each other's first number.
    pub fn is_synchronized(self) -> bool {
        !matches!(self, State::SynSent | State::SynReceived | State::Closed)
    }
}

/// How a connection has come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum End {
    /// Both have closed.
    Closed,
    /// The other end said that it knows nothing of it.
    Reset,
    /// The user aborted it.
    Aborted,
    /// No answer came, however often it was sent.
    TimedOut,
    /// It never was one: a SYN that nobody meant.
    Dropped,
}

/// What a connection did with what happened, for captions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Opens,
    SynCame,
    BothOpen,
    Established { is_early: bool },
    Refused,
    Reset,
    ResetIgnored,
    ResetChallenged,
    Challenged,
    NotAcceptable,
    WrongAck,
    AckAhead,
    Acknowledged,
    Repeated { times: u32 },
    WindowUpdate { window: u32 },
    FastRetransmit { seq: Seq },
    NextHole { seq: Seq },
    Recovered,
    TimedOut { seq: Seq, expiries: u32 },
    SynAgain { expiries: u32 },
    Probed { probes: u32 },
    Forced,
    GaveUp,
    Took { taken: Taken },
    FinCame,
    FinWaits,
    FinSent,
    TimeWaitBegins,
    TimeWaitAgain,
    Over,
    DelayedAck,
    Early,
}

/// What a connection wants done.
#[derive(Clone, Debug, Default)]
pub struct Out {
    pub segments: Vec<Segment>,
    pub acts: Vec<Act>,
    /// The rules that decided something.
    pub rules: Vec<&'static str>,
}

/// One end of a connection (the TCB of section 3.3.1).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Connection {
    pub name: Name,
    /// The other end's connection, as the SYN said that was accepted; for checks.
    pub peer: Option<Name>,
    pub local: Socket,
    pub remote: Socket,
    pub state: State,
    /// Whether it was opened by the user, and not by a SYN.
    pub is_active: bool,
    pub sender: Sender,
    pub receiver: Receiver,
    pub round_trip: RoundTrip,
    pub congestion: Congestion,
    /// When the retransmission timer, or that for probes, runs out.
    pub resend_at_us: Option<u64>,
    /// When an acknowledgment is due that was put off.
    pub ack_at_us: Option<u64>,
    /// When TIME-WAIT is over.
    pub wait_until_us: Option<u64>,
    /// So many times the timer has run out in a row.
    pub expiries: u32,
    /// Whether its application reads whatever comes, at once.
    pub reads_at_once: bool,
    has_lost_syn: bool,
    /// Whether it has closed before the other end did.
    pub has_closed_first: bool,
    /// When it last answered the FIN in TIME-WAIT.
    pub last_ack_at_us: Option<u64>,
    pub end: Option<End>,
    /// Of a reset that ended it: what its sender knew and aborted, and what it answered.
    pub reset_by: Option<Marks>,
}

impl Connection {
    /// OPEN by the user (section 3.10.1): a SYN leaves.
    pub fn open(
        name: Name,
        local: Socket,
        remote: Socket,
        iss: Seq,
        now_us: u64,
        config: &Config,
        out: &mut Out,
    ) -> Connection {
        let mut connection = Connection::new(name, local, remote, iss, State::SynSent, config);
        connection.is_active = true;
        out.acts.push(Act::Opens);
        connection.send_syn(now_us, config, out);
        connection
    }

    /// A SYN comes to a port that listens (section 3.10.7.2).
    pub fn accept(name: Name, syn: &Segment, iss: Seq, now_us: u64, config: &Config, out: &mut Out) -> Connection {
        let mut connection = Connection::new(name, syn.to, syn.from, iss, State::SynReceived, config);
        connection.take_syn(syn, config);
        out.acts.push(Act::SynCame);
        connection.send_syn(now_us, config, out);
        out.rules.push("three_way");
        if !config.rules.three_way {
            connection.sender.una = iss.plus(1);
            connection.resend_at_us = None;
            connection.become_established(true, out);
        }
        connection
    }

    fn new(name: Name, local: Socket, remote: Socket, iss: Seq, state: State, config: &Config) -> Connection {
        Connection {
            name,
            peer: None,
            local,
            remote,
            state,
            is_active: false,
            sender: Sender::new(iss, config.mss),
            receiver: Receiver::new(Seq(0), config.buffer),
            round_trip: RoundTrip::new(config.rto_initial_us),
            congestion: Congestion::new(config.algorithm, iss),
            resend_at_us: None,
            ack_at_us: None,
            wait_until_us: None,
            expiries: 0,
            reads_at_once: false,
            has_lost_syn: false,
            has_closed_first: false,
            last_ack_at_us: None,
            end: None,
            reset_by: None,
        }
    }

    fn take_syn(&mut self, syn: &Segment, config: &Config) {
        self.peer = syn.marks.of;
        self.receiver = Receiver::new(syn.seq, config.buffer);
        self.receiver.echo = syn.marks.number;
        self.sender.mss = config.mss.min(syn.mss.unwrap_or(536));
        self.sender.window = syn.window;
        self.sender.largest_window = syn.window;
        (self.sender.wl1, self.sender.wl2) = (syn.seq, syn.ack.unwrap_or(self.sender.iss));
        self.sender.edge = self.sender.iss.plus(1).plus(syn.window);
    }

    /// Whether it goes on, so that it has its place in the list of connections.
    pub fn is_open(&self) -> bool {
        self.state != State::Closed
    }

    /// Whether it waits for an answer with a timer, or has nothing to wait for.
    pub fn is_looked_after(&self) -> bool {
        let waits = self.sender.unacknowledged() > 0 || self.sender.una.is_before(self.sender.next);
        !waits || self.resend_at_us.is_some()
    }

    // What the user asks for.

    /// SEND (section 3.10.2).
    pub fn write(&mut self, bytes: u32, now_us: u64, config: &Config, out: &mut Out) {
        if !self.sender.is_closing {
            self.sender.written += u64::from(bytes);
            self.push(now_us, config, out);
        }
    }

    /// CLOSE (section 3.10.4): what was written is sent before.
    pub fn close(&mut self, now_us: u64, config: &Config, out: &mut Out) {
        if self.state == State::SynSent {
            // Whoever has written is told that nothing of it was sent.
            self.finish(End::Aborted, out);
            return;
        }
        self.sender.is_closing = true;
        self.push(now_us, config, out);
    }

    /// ABORT (section 3.10.5).
    pub fn abort(&mut self, out: &mut Out) {
        let tells = !matches!(self.state, State::SynSent | State::Closing | State::LastAck | State::TimeWait);
        if tells {
            let marks = Marks { aborts: Some(self.name), ..self.marks() };
            out.segments.push(Segment::bare(self.local, self.remote, self.sender.next, None, marks).with_rst());
        }
        self.finish(End::Aborted, out);
    }

    /// RECEIVE (section 3.10.3): reads so many bytes at most. Returns how many, and whether the end was just reached.
    pub fn read(&mut self, most: u32, config: &Config, out: &mut Out) -> (u32, bool) {
        let was_closed = self.receiver.window() == 0;
        let bytes = self.receiver.read(most);
        let could = self.receiver.could_open(config.buffer);
        // A window that opens is told where it was shut, or opens far (RFC 1122, section 4.2.3.3).
        let is_worth_it =
            could >= self.sender.mss.min(config.buffer / 2).max(1) && (was_closed || could >= 2 * self.sender.mss);
        let listens = matches!(self.state, State::Established | State::FinWait1 | State::FinWait2);
        if bytes > 0 && is_worth_it && listens {
            self.send_ack(config, out);
        }
        let has_ended = self.receiver.is_read_out() && !self.receiver.is_ended;
        self.receiver.is_ended |= has_ended;
        (bytes, has_ended)
    }

    // What comes.

    /// SEGMENT ARRIVES (section 3.10.7), in its order.
    pub fn receive(&mut self, segment: &Segment, now_us: u64, config: &Config, out: &mut Out) {
        if self.state == State::SynSent {
            self.receive_in_syn_sent(segment, now_us, config, out);
        } else {
            self.receive_synchronized(segment, now_us, config, out);
        }
        if self.is_open() {
            self.congestion.note(now_us, self.sender.flight());
        }
    }

    /// Section 3.10.7.3.
    fn receive_in_syn_sent(&mut self, segment: &Segment, now_us: u64, config: &Config, out: &mut Out) {
        if segment.rst {
            out.rules.push("check_reset");
        }
        if segment.rst && !config.rules.check_reset {
            self.be_reset(segment, out);
            return;
        }
        if let Some(ack) = segment.ack
            && (ack.is_at_most(self.sender.iss) || self.sender.next.is_before(ack))
        {
            if segment.rst {
                out.acts.push(Act::ResetIgnored);
            } else {
                out.acts.push(Act::WrongAck);
                out.rules.push("wrong_ack");
                out.segments.push(Segment::reset_for(segment));
            }
            return;
        }
        if segment.rst {
            if segment.ack.is_some() {
                self.be_reset(segment, out);
            } else {
                out.acts.push(Act::ResetIgnored);
            }
            return;
        }
        if !segment.syn {
            out.acts.push(Act::NotAcceptable);
            return;
        }
        self.take_syn(segment, config);
        out.rules.push("three_way");
        if let Some(ack) = segment.ack {
            self.take_sample(ack, segment, now_us, config, out);
            self.sender.una = ack;
            (self.resend_at_us, self.expiries) = (None, 0);
            self.become_established(false, out);
            self.send_ack(config, out);
            self.push(now_us, config, out);
        } else {
            self.state = State::SynReceived;
            out.acts.push(Act::BothOpen);
            self.send_syn(now_us, config, out);
        }
    }

    /// Section 3.10.7.4.
    fn receive_synchronized(&mut self, segment: &Segment, now_us: u64, config: &Config, out: &mut Out) {
        if segment.rst {
            out.rules.push("check_reset");
            if !config.rules.check_reset {
                self.be_reset(segment, out);
                return;
            }
        }
        // First: the sequence number.
        let is_acceptable = self.receiver.accepts(segment.seq, segment.length());
        // Where the window is shut nothing is acceptable, but acknowledgments still count.
        let is_plain = !segment.syn && !segment.rst;
        let is_at_shut_window = self.receiver.window() == 0 && segment.seq == self.receiver.next && is_plain;
        if !is_acceptable && !is_at_shut_window {
            if segment.rst {
                out.acts.push(Act::ResetIgnored);
                return;
            }
            self.count_arrival(segment);
            if self.state == State::TimeWait && segment.fin {
                self.begin_time_wait(now_us, config, out);
                out.acts.push(Act::TimeWaitAgain);
            } else {
                out.acts.push(if segment.syn { Act::Challenged } else { Act::NotAcceptable });
            }
            self.receiver.came_again += u64::from(segment.bytes() > 0 && segment.marks.is_again);
            self.send_ack(config, out);
            return;
        }
        // Second: RST (RFC 5961, section 3.2; RFC 1337 in TIME-WAIT).
        if segment.rst {
            if self.state == State::TimeWait {
                out.acts.push(Act::ResetIgnored);
            } else if segment.seq == self.receiver.next {
                self.be_reset(segment, out);
            } else {
                out.acts.push(Act::ResetChallenged);
                self.send_ack(config, out);
            }
            return;
        }
        // Fourth: SYN (RFC 5961, section 4.2).
        if segment.syn {
            if self.state == State::SynReceived && !self.is_active {
                self.finish(End::Dropped, out);
                return;
            }
            out.acts.push(Act::Challenged);
            out.rules.push("challenge");
            self.send_ack(config, out);
            return;
        }
        // Fifth: ACK.
        let Some(ack) = segment.ack else { return };
        if self.state == State::SynReceived {
            if ack.is_at_most(self.sender.una) || self.sender.next.is_before(ack) {
                out.acts.push(Act::WrongAck);
                out.segments.push(Segment::reset_for(segment));
                return;
            }
            out.rules.push("three_way");
            self.become_established(false, out);
            self.sender.window = segment.window;
            (self.sender.wl1, self.sender.wl2) = (segment.seq, ack);
        }
        if self.sender.next.is_before(ack) {
            out.acts.push(Act::AckAhead);
            self.send_ack(config, out);
            return;
        }
        self.count_arrival(segment);
        self.take_ack(ack, segment, now_us, config, out);
        if !self.is_open() {
            return;
        }
        // Seventh: the text. Eighth: FIN.
        self.take_text(segment, is_acceptable, now_us, config, out);
        if self.is_open() {
            self.push(now_us, config, out);
        }
    }

    fn count_arrival(&mut self, segment: &Segment) {
        // Marks of another connection say nothing.
        if segment.marks.of == self.peer {
            self.receiver.echo = self.receiver.echo.max(segment.marks.number);
        }
    }

    fn be_reset(&mut self, segment: &Segment, out: &mut Out) {
        self.reset_by = Some(segment.marks);
        out.acts.push(if self.state == State::SynSent { Act::Refused } else { Act::Reset });
        self.finish(End::Reset, out);
    }

    /// `is_early`: before the other end has answered.
    fn become_established(&mut self, is_early: bool, out: &mut Out) {
        self.state = State::Established;
        out.acts.push(Act::Established { is_early });
    }

    fn take_ack(&mut self, ack: Seq, segment: &Segment, now_us: u64, config: &Config, out: &mut Out) {
        let (una, flight) = (self.sender.una, self.sender.flight());
        // Section 3.10.7.4: an old segment does not change the window.
        let is_newer = self.sender.wl1.is_before(segment.seq)
            || (self.sender.wl1 == segment.seq && self.sender.wl2.is_at_most(ack));
        let is_update = una.is_at_most(ack) && is_newer;
        let had_window = self.sender.window;
        let is_same_window = segment.window == had_window;
        if config.sack {
            self.sender.mark(&segment.sack);
        }
        if is_update {
            self.sender.window = segment.window;
            self.sender.largest_window = self.sender.largest_window.max(segment.window);
            (self.sender.wl1, self.sender.wl2) = (segment.seq, ack);
        }
        if una.is_at_most(ack) {
            self.sender.edge = self.sender.edge.later(ack.plus(segment.window));
        }
        if una.is_before(ack) {
            self.take_new_ack(ack, segment, now_us, config, out);
        } else if ack == una
            && flight > 0
            && segment.bytes() == 0
            && !segment.fin
            && is_same_window
            && self.sender.probes == 0
            && self.state.is_synchronized()
        {
            let (next, mss) = (self.sender.next, self.sender.mss);
            if self.congestion.duplicate(una, next, flight, mss, config.sack) && config.rules.retransmit {
                self.sender.refilled = una;
                out.acts.push(Act::FastRetransmit { seq: una });
                out.rules.push("fast_retransmit");
                self.fill_hole(una, now_us, config, out);
            } else {
                out.acts.push(Act::Repeated { times: self.congestion.duplicates });
            }
        } else if is_update && !is_same_window {
            if had_window == 0 && segment.window > 0 {
                // What was probed with goes once more, as data.
                (self.sender.point, self.sender.probes, self.expiries) = (self.sender.una, 0, 0);
                self.resend_at_us = None;
            }
            out.acts.push(Act::WindowUpdate { window: segment.window });
        }
        if self.sender.probes > 0 && self.sender.window == 0 {
            // The other end is there: it has answered.
            self.expiries = 0;
        }
    }

    fn take_new_ack(&mut self, ack: Seq, segment: &Segment, now_us: u64, config: &Config, out: &mut Out) {
        let bytes = ack.since(self.sender.una);
        self.take_sample(ack, segment, now_us, config, out);
        self.sender.una = ack;
        self.sender.unmark();
        self.sender.point = self.sender.point.later(ack);
        self.sender.probes = 0;
        self.expiries = 0;
        let (flight, mss) = (self.sender.flight(), self.sender.mss);
        let first_data = self.sender.iss.plus(1);
        let is_restarted = if first_data.is_before(ack) {
            match self.congestion.acknowledge(bytes, ack, flight, mss, config.sack) {
                Progress::Plain => {
                    out.acts.push(Act::Acknowledged);
                    true
                }
                Progress::Recovered => {
                    out.acts.push(Act::Recovered);
                    true
                }
                Progress::Partial { is_first } => {
                    out.rules.push("partial");
                    // With blocks, what is missing is known, and sent when there is room.
                    if !config.sack {
                        out.acts.push(Act::NextHole { seq: ack });
                        self.fill_hole(ack, now_us, config, out);
                    } else {
                        out.acts.push(Act::Acknowledged);
                    }
                    is_first
                }
            }
        } else {
            true
        };
        // RFC 6298, sections 5.2 and 5.3.
        if flight == 0 {
            self.resend_at_us = None;
        } else if is_restarted {
            self.resend_at_us = config.rules.retransmit.then(|| now_us + self.round_trip.rto_us);
        }
        if !self.sender.is_fin_acknowledged() {
            return;
        }
        match self.state {
            State::FinWait1 => self.state = State::FinWait2,
            State::Closing => self.enter_time_wait(now_us, config, out),
            State::LastAck => self.finish(End::Closed, out),
            _ => {}
        }
    }

    /// RFC 6298, section 3, and Karn's algorithm: no sample from what was sent twice.
    fn take_sample(&mut self, ack: Seq, segment: &Segment, now_us: u64, config: &Config, out: &mut Out) {
        if self.has_lost_syn && self.sender.una == self.sender.iss {
            self.round_trip.rto_us = self.round_trip.rto_us.max(AFTER_LOST_SYN_US);
        }
        if self.sender.una == self.sender.iss {
            self.congestion.start(config.iw, self.sender.mss, self.has_lost_syn);
        }
        let Some(timed) = self.sender.timed.filter(|timed| timed.end.is_at_most(ack)) else { return };
        self.sender.timed = None;
        out.rules.push("karn");
        let sample = Sample {
            us: now_us.saturating_sub(timed.at_us),
            number: timed.number,
            // Where the marks are not those of the other end, it has all.
            echo: if segment.marks.of == self.peer { segment.marks.echo } else { u64::MAX },
        };
        self.round_trip.measure(sample, now_us, config.formula, config.rto_min_us);
    }

    fn take_text(&mut self, segment: &Segment, is_acceptable: bool, now_us: u64, config: &Config, out: &mut Out) {
        let takes = matches!(self.state, State::Established | State::FinWait1 | State::FinWait2);
        let mut must_answer = false;
        if let Some(piece) = segment.data.filter(|_| takes) {
            out.rules.push("in_order");
            let was_missing = !self.receiver.kept.is_empty();
            let taken = if is_acceptable {
                self.receiver.take(segment.data_seq(), piece, config.rules.in_order)
            } else {
                Taken::Nothing
            };
            self.receiver.came_again += u64::from(taken == Taken::Nothing && segment.marks.is_again);
            out.acts.push(Act::Took { taken });
            // RFC 5681, section 4.2: what is out of order or fills a hole is answered at once.
            must_answer = taken != Taken::InOrder || was_missing;
            self.receiver.owed += 1;
        }
        if segment.fin && is_acceptable {
            out.rules.push("fin_in_order");
            let fin = segment.seq.plus(segment.length() - 1);
            if takes && self.receiver.fin.is_none() {
                self.receiver.fin = Some(fin);
            }
            must_answer = true;
            if self.receiver.fin.is_some_and(|fin| self.receiver.next.is_before(fin)) && config.rules.fin_in_order {
                out.acts.push(Act::FinWaits);
            }
        }
        if takes && self.receiver.take_fin(config.rules.fin_in_order) {
            must_answer = true;
            out.acts.push(Act::FinCame);
            match self.state {
                State::Established => self.state = State::CloseWait,
                State::FinWait1 => self.state = State::Closing,
                State::FinWait2 => self.enter_time_wait(now_us, config, out),
                _ => {}
            }
            if !self.is_open() {
                return;
            }
        }
        if self.receiver.owed == 0 && !must_answer {
            return;
        }
        if self.reads_at_once {
            self.receiver.read(u32::MAX);
        }
        if must_answer || self.receiver.owed >= 2 || config.delayed_ack_us == 0 {
            self.send_ack(config, out);
        } else {
            // RFC 1122, section 4.2.3.2.
            self.ack_at_us.get_or_insert(now_us + config.delayed_ack_us);
        }
    }

    fn enter_time_wait(&mut self, now_us: u64, config: &Config, out: &mut Out) {
        self.has_closed_first = true;
        out.rules.push("time_wait");
        self.state = State::TimeWait;
        self.begin_time_wait(now_us, config, out);
        out.acts.push(Act::TimeWaitBegins);
        if !config.rules.time_wait {
            self.send_ack(config, out);
            self.finish(End::Closed, out);
        }
    }

    fn begin_time_wait(&mut self, now_us: u64, config: &Config, _out: &mut Out) {
        (self.resend_at_us, self.ack_at_us) = (None, None);
        self.wait_until_us = Some(now_us + 2 * config.msl_us);
        self.last_ack_at_us = Some(now_us);
    }

    fn finish(&mut self, end: End, out: &mut Out) {
        (self.state, self.end) = (State::Closed, Some(end));
        (self.resend_at_us, self.ack_at_us, self.wait_until_us) = (None, None, None);
        if matches!(end, End::Closed | End::Aborted) {
            out.acts.push(Act::Over);
        }
    }

    // What time brings.

    /// A timer has run out, or somebody says so: what the clock says is done.
    pub fn look_at_clock(&mut self, now_us: u64, config: &Config, out: &mut Out) {
        let is_due = |at_us: Option<u64>| at_us.is_some_and(|at_us| at_us <= now_us + SLACK_US);
        let mut has_acted = false;
        if is_due(self.ack_at_us) {
            out.acts.push(Act::DelayedAck);
            out.rules.push("delayed_ack");
            self.send_ack(config, out);
            has_acted = true;
        }
        if is_due(self.wait_until_us) {
            self.finish(End::Closed, out);
            return;
        }
        if is_due(self.resend_at_us) {
            self.resend_at_us = None;
            self.time_out(now_us, config, out);
            has_acted = true;
        }
        if !has_acted {
            out.acts.push(Act::Early);
        }
        if self.is_open() {
            self.congestion.note(now_us, self.sender.flight());
        }
    }

    /// RFC 6298, sections 5.4 to 5.7; RFC 9293, section 3.8.6.1 for probes.
    fn time_out(&mut self, now_us: u64, config: &Config, out: &mut Out) {
        if self.is_probing() {
            self.probe(now_us, config, out);
            return;
        }
        self.expiries += 1;
        if self.expiries > config.give_up {
            out.acts.push(Act::GaveUp);
            self.finish(End::TimedOut, out);
            return;
        }
        out.rules.push("retransmit");
        out.rules.push("back_off");
        if matches!(self.state, State::SynSent | State::SynReceived) {
            self.has_lost_syn = true;
            self.round_trip.back_off();
            out.acts.push(Act::SynAgain { expiries: self.expiries });
            self.send_syn(now_us, config, out);
            return;
        }
        let (una, next, flight, mss) = (self.sender.una, self.sender.next, self.sender.flight(), self.sender.mss);
        let is_first = self.sender.expired != Some(una);
        self.sender.expired = Some(una);
        self.congestion.time_out(is_first, next, flight, mss);
        self.round_trip.back_off();
        // All that was under way counts as lost.
        self.sender.point = una;
        out.acts.push(Act::TimedOut { seq: una, expiries: self.expiries });
        self.push(now_us, config, out);
    }

    /// Whether nothing is under way because there is no room, so that the timer is for probes.
    fn is_probing(&self) -> bool {
        let is_quiet = self.sender.flight() == 0 || self.sender.probes > 0;
        is_quiet && self.state.is_synchronized() && self.sender.has_more()
    }

    fn probe(&mut self, now_us: u64, config: &Config, out: &mut Out) {
        out.rules.push("probe");
        let una = self.sender.una;
        let room = self.room();
        self.sender.probes += 1;
        self.sender.point = una;
        if room > 0 && una.is_before(self.sender.data_end()) {
            // A little room, for which nothing was sent so far: it has waited long enough (RFC 9293, section 3.8.6.2.1).
            let length = room.min(self.sender.mss).min(self.sender.data_end().since(una));
            self.sender.probes = 0;
            out.acts.push(Act::Forced);
            self.transmit(una, length, false, now_us, config, out);
        } else {
            let has_data = una.is_before(self.sender.data_end());
            out.acts.push(Act::Probed { probes: self.sender.probes });
            self.transmit(una, u32::from(has_data), true, now_us, config, out);
        }
        self.sender.next = self.sender.next.later(una.plus(1));
        self.arm(now_us, config);
    }

    // What leaves.

    /// How much more the other end has room for, from the next number on: never beyond the furthest edge that it has offered,
    /// where an acknowledgment that was overtaken has moved SND.UNA and not SND.WND.
    fn room(&self) -> u32 {
        self.sender.una.plus(self.sender.window).earlier(self.sender.edge).past(self.sender.point)
    }

    /// Sends what may be sent.
    fn push(&mut self, now_us: u64, config: &Config, out: &mut Out) {
        if !self.state.is_synchronized() || self.state == State::TimeWait {
            return;
        }
        if config.sack && self.congestion.is_recovering {
            self.refill(now_us, config, out);
        }
        while self.sender.probes == 0 && self.push_one(now_us, config, out) {}
        self.arm(now_us, config);
        self.congestion.note(now_us, self.sender.flight());
    }

    fn push_one(&mut self, now_us: u64, config: &Config, out: &mut Out) -> bool {
        if config.sack {
            self.sender.skip_sacked();
        }
        let (point, mss, end) = (self.sender.point, self.sender.mss, self.sender.data_end());
        let (may_congest, is_refilling) = (self.congestion.cwnd, config.sack && self.congestion.is_recovering);
        let by_congestion = if is_refilling {
            may_congest.saturating_sub(self.sender.pipe())
        } else {
            self.sender.una.plus(may_congest).past(point)
        };
        let by_window = if config.rules.flow_control { self.room() } else { u32::MAX };
        if self.sender.point.is_before(end) {
            out.rules.push("flow_control");
            let left = end.since(point);
            let wished = mss.min(left).min(self.sender.until_block(point));
            let length = wished.min(by_window).min(by_congestion);
            // RFC 9293, section 3.8.6.2.1: no silly small segments.
            let is_worth_it = length == wished || length >= (self.sender.largest_window / 2).max(1);
            if length == 0 || !is_worth_it {
                return false;
            }
            self.transmit(point, length, false, now_us, config, out);
            self.sender.point = point.plus(length);
        } else if self.sender.is_closing && point == end {
            if by_window == 0 {
                return false;
            }
            self.transmit(point, 0, false, now_us, config, out);
            self.sender.point = end.plus(1);
        } else {
            return false;
        }
        self.sender.next = self.sender.next.later(self.sender.point);
        true
    }

    /// Fills one hole that begins here.
    fn fill_hole(&mut self, seq: Seq, now_us: u64, config: &Config, out: &mut Out) {
        let end = self.sender.data_end();
        let wished = self.sender.mss.min(self.sender.until_block(seq)).min(self.sender.next.since(seq));
        let length = wished.min(end.past(seq));
        self.transmit(seq, length, false, now_us, config, out);
        self.sender.refilled = self.sender.refilled.later(seq.plus(length.max(1)));
        self.resend_at_us = config.rules.retransmit.then(|| now_us + self.round_trip.rto_us);
    }

    /// Fills holes as long as there is room (RFC 6675, section 5).
    fn refill(&mut self, now_us: u64, config: &Config, out: &mut Out) {
        out.rules.push("sack");
        while self.congestion.cwnd >= self.sender.pipe() + self.sender.mss
            && let Some((from, to)) = self.sender.next_hole()
        {
            let length = to.since(from).min(self.sender.mss).min(self.sender.data_end().past(from));
            self.transmit(from, length, false, now_us, config, out);
            self.sender.refilled = from.plus(length.max(1));
        }
    }

    /// RFC 6298, section 5.1; and for probes, section 3.8.6.1 of RFC 9293.
    fn arm(&mut self, now_us: u64, config: &Config) {
        if !config.rules.retransmit || self.resend_at_us.is_some() {
            return;
        }
        if self.is_probing() {
            let after_us = (self.round_trip.rto_us << self.sender.probes.min(16)).min(MOST_US);
            self.resend_at_us = Some(now_us + after_us);
        } else if self.sender.flight() > 0 {
            self.resend_at_us = Some(now_us + self.round_trip.rto_us);
        }
    }

    fn send_syn(&mut self, now_us: u64, config: &Config, out: &mut Out) {
        let ack = (self.state == State::SynReceived).then_some(self.receiver.next);
        let window = if ack.is_some() { self.receiver.window() } else { config.buffer };
        self.sender.transmissions += 1;
        let is_again = self.sender.transmissions > 1;
        let timed = Timed { end: self.sender.iss.plus(1), at_us: now_us, number: self.sender.transmissions };
        self.time(timed, is_again, config);
        let marks = Marks { is_again, ..self.marks() };
        let bare = Segment::bare(self.local, self.remote, self.sender.iss, ack, marks);
        out.segments.push(Segment { syn: true, mss: Some(config.mss), window, ..bare });
        self.resend_at_us = config.rules.retransmit.then(|| now_us + self.round_trip.rto_us);
    }

    /// Remembers a transmission whose round trip may be measured.
    fn time(&mut self, timed: Timed, is_again: bool, config: &Config) {
        if !is_again {
            self.sender.timed.get_or_insert(timed);
        } else if config.rules.karn {
            self.sender.timed = None;
        } else {
            self.sender.timed = Some(timed);
        }
    }

    /// Sends so many bytes from this number on, or the FIN, which stands behind all bytes.
    fn transmit(&mut self, seq: Seq, length: u32, is_probe: bool, now_us: u64, config: &Config, out: &mut Out) {
        let is_fin = length == 0;
        let end = seq.plus(length.max(1));
        let is_again = seq.is_before(self.sender.next);
        self.sender.transmissions += 1;
        if is_again && !is_probe {
            self.sender.resent += 1;
        } else if !is_again && !is_fin {
            self.sender.fresh += 1;
        }
        if !is_probe {
            self.time(Timed { end, at_us: now_us, number: self.sender.transmissions }, is_again, config);
            if !is_fin {
                self.sender.reach = self.sender.reach.later(end);
            }
        }
        if is_fin {
            self.sender.has_sent_fin = true;
            match self.state {
                State::Established => self.state = State::FinWait1,
                State::CloseWait => self.state = State::LastAck,
                _ => {}
            }
            if !is_again {
                out.acts.push(Act::FinSent);
            }
        }
        let piece = Piece { of: self.name, from: self.sender.offset(seq), length };
        let bare = self.acknowledging(seq, config);
        let marks = Marks { is_again, is_probe, number: self.sender.transmissions, ..bare.marks };
        out.segments.push(Segment { fin: is_fin, data: (!is_fin).then_some(piece), marks, ..bare });
    }

    /// An acknowledgment, and nothing else.
    fn send_ack(&mut self, config: &Config, out: &mut Out) {
        let segment = self.acknowledging(self.sender.next, config);
        out.segments.push(segment);
    }

    /// A segment that acknowledges all that has come.
    fn acknowledging(&mut self, seq: Seq, config: &Config) -> Segment {
        self.receiver.open(config.buffer, self.sender.mss);
        let (next, edge) = (self.receiver.next, self.receiver.edge);
        self.receiver.repeats = if self.receiver.last_ack == (next, edge) { self.receiver.repeats + 1 } else { 0 };
        self.receiver.last_ack = (next, edge);
        (self.receiver.owed, self.ack_at_us) = (0, None);
        let bare = Segment::bare(self.local, self.remote, seq, Some(next), self.marks());
        let sack = if config.sack { self.receiver.blocks() } else { Vec::new() };
        Segment { window: self.receiver.window(), sack, ..bare }
    }

    fn marks(&self) -> Marks {
        Marks {
            of: Some(self.name),
            iss: self.sender.iss,
            irs: self.receiver.irs,
            number: self.sender.transmissions,
            echo: self.receiver.echo,
            repeats: self.receiver.repeats,
            ..Marks::default()
        }
    }

    /// Whether the sender limits itself.
    pub fn algorithm(&self) -> Algorithm {
        self.congestion.algorithm
    }
}
