//! Two ends and a wire between them, without a simulator: what is sent arrives after 50 ms, unless it is taken away.

use super::super::connection::{Act, Connection, Out};
use super::super::segment::{Name, Segment, Socket};
use super::super::seq::Seq;
use super::super::settings::Config;
use super::super::{A, B, State};

/// One way, in microseconds.
pub const WAY_US: u64 = 50_000;

pub const CLIENT: Socket = Socket { node: A, port: 5_000 };
pub const SERVER: Socket = Socket { node: B, port: 80 };

/// Two ends.
pub struct Pair {
    pub now_us: u64,
    pub config: Config,
    pub ends: [Option<Connection>; 2],
    /// What is under way: when it arrives, at which end.
    pub wire: Vec<(u64, usize, Segment)>,
    pub acts: Vec<(usize, Act)>,
    /// Segments that each end has sent.
    pub sent: [Vec<Segment>; 2],
}

impl Pair {
    pub fn new(config: Config) -> Pair {
        Pair {
            now_us: 0,
            config,
            ends: [None, None],
            wire: Vec::new(),
            acts: Vec::new(),
            sent: [Vec::new(), Vec::new()],
        }
    }

    /// A opens with this first number.
    pub fn open(&mut self, end: usize, iss: u32) {
        let mut out = Out::default();
        let (local, remote) = if end == 0 { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
        let name = Name { node: local.node, number: u64::from(iss) };
        let connection = Connection::open(name, local, remote, Seq(iss), self.now_us, &self.config, &mut out);
        self.ends[end] = Some(connection);
        self.carry_out(end, out);
    }

    /// Both are connected: A with 100, B with 300.
    pub fn connected(config: Config) -> Pair {
        let mut pair = Pair::new(config);
        pair.open(0, 100);
        pair.run_for(3 * WAY_US);
        assert_eq!(pair.states(), [Some(State::Established); 2]);
        pair
    }

    pub fn end(&self, end: usize) -> &Connection {
        self.ends[end].as_ref().unwrap()
    }

    pub fn states(&self) -> [Option<State>; 2] {
        [0, 1].map(|end| self.ends[end].as_ref().map(|connection| connection.state))
    }

    /// Lets an end do something.
    pub fn act(&mut self, end: usize, act: impl FnOnce(&mut Connection, u64, &Config, &mut Out)) {
        let mut out = Out::default();
        act(self.ends[end].as_mut().unwrap(), self.now_us, &self.config, &mut out);
        self.carry_out(end, out);
    }

    pub fn write(&mut self, end: usize, bytes: u32) {
        self.act(end, |connection, now_us, config, out| connection.write(bytes, now_us, config, out));
    }

    pub fn close(&mut self, end: usize) {
        self.act(end, |connection, now_us, config, out| connection.close(now_us, config, out));
    }

    pub fn read(&mut self, end: usize, bytes: u32) {
        self.act(end, |connection, _, config, out| {
            connection.read(bytes, config, out);
        });
    }

    /// A segment comes to an end from nowhere.
    pub fn inject(&mut self, end: usize, segment: Segment) {
        self.arrive(end, &segment);
    }

    fn arrive(&mut self, end: usize, segment: &Segment) {
        let mut out = Out::default();
        match self.ends[end].as_mut() {
            Some(connection) => {
                connection.receive(segment, self.now_us, &self.config, &mut out);
                self.carry_out(end, out);
            }
            None if segment.syn && segment.ack.is_none() && end == 1 => {
                let name = Name { node: B, number: self.now_us + 1 };
                let iss = if self.sent[1].is_empty() { Seq(300) } else { Seq(400) };
                let connection = Connection::accept(name, segment, iss, self.now_us, &self.config, &mut out);
                self.ends[1] = Some(connection);
                self.carry_out(1, out);
            }
            None if segment.rst => {}
            None => {
                let reset = Segment::reset_for(segment);
                self.wire.push((self.now_us + WAY_US, 1 - end, reset));
            }
        }
    }

    fn carry_out(&mut self, end: usize, out: Out) {
        self.acts.extend(out.acts.into_iter().map(|act| (end, act)));
        for segment in out.segments {
            self.sent[end].push(segment.clone());
            self.wire.push((self.now_us + WAY_US, 1 - end, segment));
        }
        if self.ends[end].as_ref().is_some_and(|connection| !connection.is_open()) {
            self.ends[end] = None;
        }
    }

    /// Takes away what is on the wire and is meant. Returns how much it was.
    pub fn lose(&mut self, is_meant: impl Fn(&Segment) -> bool) -> usize {
        let before = self.wire.len();
        self.wire.retain(|(_, _, segment)| !is_meant(segment));
        before - self.wire.len()
    }

    /// Lets all happen for so long.
    pub fn run_for(&mut self, us: u64) {
        let until_us = self.now_us + us;
        loop {
            let deadline = |end: usize| {
                let connection = self.ends[end].as_ref()?;
                [connection.resend_at_us, connection.ack_at_us, connection.wait_until_us].into_iter().flatten().min()
            };
            let timers = [0, 1].map(deadline);
            let arrival = self.wire.iter().map(|(at_us, ..)| *at_us).min();
            let next = arrival.into_iter().chain(timers.into_iter().flatten()).min();
            let Some(next_us) = next.filter(|next_us| *next_us <= until_us) else { break };
            self.now_us = self.now_us.max(next_us);
            if arrival == Some(next_us) {
                let place = self.wire.iter().position(|(at_us, ..)| *at_us == next_us).unwrap();
                let (_, end, segment) = self.wire.remove(place);
                self.arrive(end, &segment);
                continue;
            }
            let end = if timers[0] == Some(next_us) { 0 } else { 1 };
            self.act(end, |connection, now_us, config, out| connection.look_at_clock(now_us, config, out));
        }
        self.now_us = until_us;
    }
}
