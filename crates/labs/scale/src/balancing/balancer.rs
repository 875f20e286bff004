//! The balancer: it hands each request on to a server, and each answer back to its client.

use std::collections::VecDeque;

use parts::health::{Change, Health};
use parts::policy::{Backend, Policy, Rotation};
use parts::statistics::Statistics;
use serde::Serialize;
use sim::{NodeId, t, time_us};

use super::settings::{Config, Layer};
use super::{Answer, Effects, Message, RequestId, Timer};

/// How many remarks are kept for the charts.
const REMARKS: usize = 8;

/// The state of the balancer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Balancer {
    /// What it thinks of each server.
    pub health: Vec<Health>,
    /// What waits for a server's answer, the oldest first.
    pub flights: VecDeque<Flight>,
    /// For each server, how many of them are there.
    pub open: Vec<u32>,
    /// For each client, the server that its connection leads to (layer 4).
    pub connections: Vec<Option<usize>>,
    /// How many requests it has handed on to servers.
    pub forwarded: u64,
    /// The server that got the last one.
    pub last_server: Option<usize>,
    /// How many requests servers have served.
    pub answered: u64,
    /// How long the last of them took, in microseconds.
    pub took_us: u64,
    pub statistics: Statistics,
    /// Turning points for the charts.
    pub remarks: VecDeque<Remark>,
    rotation: Rotation,
    backends: Vec<Backend>,
    tickets: u64,
    round: u32,
    is_probing: bool,
}

/// A request that waits for a server's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Flight {
    pub ticket: u64,
    pub request: RequestId,
    /// The place of the server.
    pub server: usize,
    /// When the request came, on the balancer's clock in microseconds.
    pub came_us: i64,
    /// When the balancer waits no longer, on the same clock.
    pub deadline_us: i64,
}

/// When the balancer changed its opinion of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// On the balancer's clock, in microseconds.
    pub at_us: i64,
    pub server: usize,
    pub opinion: Opinion,
}

/// What the balancer thinks of a server from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Opinion {
    Up,
    Down,
    Ejected,
}

impl Balancer {
    /// Starts the balancer. It knows nothing of what it did in an earlier life, and takes all servers to be up.
    pub(super) fn boot(life: u32, effects: &mut Effects<'_>) -> Balancer {
        let (clients, servers) = (effects.config().clients.into(), effects.config().servers.into());
        let mut balancer = Balancer {
            health: vec![Health::default(); servers],
            flights: VecDeque::new(),
            open: vec![0; servers],
            connections: vec![None; clients],
            forwarded: 0,
            last_server: None,
            answered: 0,
            took_us: 0,
            statistics: Statistics::new(effects.local_now()),
            remarks: VecDeque::new(),
            rotation: Rotation::default(),
            backends: vec![Backend::default(); servers],
            // So that an answer to an earlier life is not taken for one to this.
            tickets: u64::from(life) << 32,
            round: 0,
            is_probing: false,
        };
        balancer.keep_probing(effects);
        balancer
    }

    /// Sets the timer of the health checks, which may have been switched on meanwhile.
    fn keep_probing(&mut self, effects: &mut Effects<'_>) {
        let interval_us = effects.config().checks.interval_us;
        if let Some(interval_us) = interval_us.filter(|_| !self.is_probing) {
            effects.set_timer(Timer::Probe, interval_us);
        }
        self.is_probing = interval_us.is_some();
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        self.statistics.turn(effects.local_now(), effects.config().window_us);
        self.keep_probing(effects);
        match message {
            Message::Ask { request, attempt } => self.on_ask(request, attempt, effects),
            Message::Done { ticket, answer } => self.on_done(from, ticket, answer, effects),
            Message::Well { round } => self.on_well(from, round, effects),
            _ => {}
        }
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        self.statistics.turn(effects.local_now(), effects.config().window_us);
        match timer {
            Timer::Probe => self.probe(effects),
            Timer::Deadline => self.give_up(effects),
            Timer::Next | Timer::Work(_) => {}
        }
    }

    /// A client asks.
    fn on_ask(&mut self, request: RequestId, attempt: u8, effects: &mut Effects<'_>) {
        let (me, client, number) = (effects.me(), request.client, request.number);
        let Some(server) = self.choose(request.client, effects) else {
            self.statistics.fail();
            effects.send(request.client, Message::Reply { request, answer: Answer::NoServer });
            effects.routine("no server");
            effects.note(|| {
                t!("{node} has no server for request {number} of {client}", node = me, number = number, client = client)
            });
            self.say_why_none(effects);
            return;
        };
        let (now_us, config) = (effects.local_now(), effects.config());
        let (to, deadline_us) = (config.server(server), now_us + config.checks.timeout_us as i64);
        if !self.health[server].is_available(now_us) {
            effects.rule("skip_down");
        }
        self.tickets += 1;
        self.forwarded += 1;
        self.last_server = Some(server);
        self.open[server] += 1;
        let flight = Flight { ticket: self.tickets, request, server, came_us: now_us, deadline_us };
        self.flights.push_back(flight);
        effects.send(to, Message::Forward { request, ticket: flight.ticket });
        effects.routine("hand on");
        if self.flights.len() == 1 {
            self.watch(effects);
        }
        effects.note(|| match attempt {
            0 | 1 => t!(
                "{node} hands request {number} of {client} to {server}",
                node = me,
                number = number,
                client = client,
                server = to
            ),
            _ => t!(
                "{node} hands request {number} of {client}, attempt {attempt}, to {server}",
                node = me,
                number = number,
                client = client,
                attempt = u64::from(attempt),
                server = to
            ),
        });
        self.say_why(server, effects);
    }

    /// The server for a request: that of the client's connection, or the policy's choice.
    fn choose(&mut self, client: NodeId, effects: &mut Effects<'_>) -> Option<usize> {
        let now_us = effects.local_now();
        let config = effects.config();
        let skips = config.rules.skip_down;
        let sticks = config.layer == Layer::Connections;
        if sticks
            && let Some(server) = self.connections[client.index()]
            && (!skips || self.health[server].is_available(now_us))
        {
            return Some(server);
        }
        self.look_at_servers(now_us, config);
        let (policy, choices) = (config.policy, config.choices);
        let mut draw = |bound| effects.choose(bound);
        let server = policy.pick(&self.backends, (client.0, choices), &mut self.rotation, &mut draw);
        self.connections[client.index()] = server.filter(|_| sticks);
        server
    }

    /// Brings the policy's view of the servers up to date.
    fn look_at_servers(&mut self, now_us: i64, config: &Config) {
        for (place, backend) in self.backends.iter_mut().enumerate() {
            let health = &self.health[place];
            let share = health.share_permille(now_us, config.slow_start_us);
            *backend = Backend {
                is_available: (health.is_available(now_us) || !config.rules.skip_down) && config.weight(place) > 0,
                weight: u64::from(config.weight(place)) * share,
                open: self.open[place],
            };
        }
        if config.layer == Layer::Connections {
            self.backends.iter_mut().for_each(|backend| backend.open = 0);
            self.connections.iter().flatten().for_each(|server| self.backends[*server].open += 1);
        }
    }

    /// Why there is no server for a request.
    fn say_why_none(&self, effects: &mut Effects<'_>) {
        let (now_us, config) = (effects.local_now(), effects.config());
        let count = |is_so: fn(&Health, i64) -> bool| {
            self.health
                .iter()
                .enumerate()
                .filter(|(place, health)| config.weight(*place) > 0 && is_so(health, now_us))
                .count()
        };
        let down = count(|health, _| !health.is_up);
        let ejected = count(|health, now_us| health.is_up && !health.is_available(now_us));
        let drained = self.health.len() - down - ejected;
        effects.rule(if down + ejected > 0 { "skip_down" } else { "weighted" });
        effects.note(|| match (down, ejected, drained) {
            (_, 0, 0) => t!("All servers are marked down. The client gets an error at once instead of a long wait."),
            (0, _, 0) => t!("All servers are ejected. The client gets an error at once instead of a long wait."),
            (0, 0, _) => t!("All servers have the weight 0. The client gets an error at once instead of a long wait."),
            _ => t!(
                "No server is left: marked down {down}, ejected {ejected}, with the weight 0 {drained}. The client gets an error at once instead of a long wait.",
                down = down,
                ejected = ejected,
                drained = drained
            ),
        });
        if down + ejected > 0 {
            effects.note(|| {
                t!("Envoy would send requests to them all the same: with too few servers left it goes into panic mode.")
            });
        }
    }

    fn say_why(&self, server: usize, effects: &mut Effects<'_>) {
        let config = effects.config();
        let (policy, choices, layer, to) = (config.policy, config.choices, config.layer, config.server(server));
        let open = self.open[server] - 1;
        if layer == Layer::Connections {
            effects.rule("layer_4");
            effects.note(|| {
                t!("The connection of this client leads to {server}, and all its requests take it.", server = to)
            });
            return;
        }
        effects.rule(policy.name());
        effects.note(|| match policy {
            Policy::RoundRobin => {
                t!("It was the turn of {server}, which has {open} open already.", server = to, open = open)
            }
            Policy::Weighted => t!(
                "By the weights it was the turn of {server}, which has {open} open already.",
                server = to,
                open = open
            ),
            Policy::LeastOpen => t!("Nobody has fewer open than {server}: {open}.", server = to, open = open),
            Policy::Choices if choices > 1 => t!(
                "Of {choices} servers drawn by lot, {server} has fewest open: {open}.",
                choices = u64::from(choices),
                server = to,
                open = open
            ),
            Policy::Random | Policy::Choices => {
                t!("{server} was drawn by lot; it has {open} open already.", server = to, open = open)
            }
            Policy::Hash => t!(
                "All requests of this client go to {server}, which has {open} open already.",
                server = to,
                open = open
            ),
        });
    }

    /// A server answers.
    fn on_done(&mut self, from: NodeId, ticket: u64, answer: Answer, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Ok(place) = self.flights.binary_search_by(|flight| flight.ticket.cmp(&ticket)) else {
            effects.note(|| t!("{node} does not wait for this answer of {server} any more", node = me, server = from));
            effects.routine("old answer");
            return;
        };
        let Some(flight) = self.flights.remove(place) else { return };
        if !self.end(flight, answer, effects) {
            effects.routine(if answer == Answer::Served { "answer" } else { "refusal" });
        }
        if place == 0 {
            self.watch(effects);
        }
        let (client, number) = (flight.request.client, flight.request.number);
        let took = time_us(u64::try_from(effects.local_now() - flight.came_us).unwrap_or(0));
        effects.note(|| match answer {
            Answer::Served => t!(
                "{node} hands the answer of {server} on to {client} after {time}",
                node = me,
                server = from,
                client = client,
                time = took
            ),
            _ => {
                t!("{server} has refused request {number} of {client}", server = from, number = number, client = client)
            }
        });
    }

    /// The oldest requests have waited too long for their servers.
    fn give_up(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.local_now());
        // A person may let the timer run out early: the oldest one has then waited long enough, too.
        let (mut is_first, mut ejects) = (true, false);
        let mut is_due = |flight: &Flight| std::mem::take(&mut is_first) || flight.deadline_us <= now_us;
        while self.flights.front().is_some_and(&mut is_due)
            && let Some(flight) = self.flights.pop_front()
        {
            ejects |= self.end(flight, Answer::TimedOut, effects);
            let (server, number) = (effects.config().server(flight.server), flight.request.number);
            let client = flight.request.client;
            effects.rule("server_timeout");
            effects.note(|| {
                t!(
                    "{node} waits no longer for {server} with request {number} of {client}",
                    node = me,
                    server = server,
                    number = number,
                    client = client
                )
            });
        }
        if !ejects {
            effects.routine("timeout");
        }
        self.watch(effects);
    }

    /// A request is over for the balancer. True if its server is ejected for that.
    fn end(&mut self, flight: Flight, answer: Answer, effects: &mut Effects<'_>) -> bool {
        let now_us = effects.local_now();
        self.open[flight.server] = self.open[flight.server].saturating_sub(1);
        match answer {
            Answer::Served => {
                self.answered += 1;
                self.took_us = u64::try_from(now_us - flight.came_us).unwrap_or(0);
                self.statistics.serve(self.took_us);
            }
            _ => self.statistics.fail(),
        }
        effects.send(flight.request.client, Message::Reply { request: flight.request, answer });
        let checks = effects.config().checks;
        let is_ejected = self.health[flight.server].hear(answer != Answer::Served, now_us, &checks);
        if is_ejected {
            self.remark(flight.server, Opinion::Ejected, now_us);
            let server = effects.config().server(flight.server);
            effects.rule("passive_checks");
            let time = time_us(checks.eject_us);
            effects.note(|| match checks.eject_after {
                1 => t!("{server} is ejected for {time} after an error", server = server, time = time),
                count => {
                    t!(
                        "{server} is ejected for {time}: {count} errors in a row",
                        server = server,
                        time = time,
                        count = count
                    )
                }
            });
        }
        is_ejected
    }

    /// A round of health checks: who has not answered the last one has failed it.
    fn probe(&mut self, effects: &mut Effects<'_>) {
        self.is_probing = false;
        self.keep_probing(effects);
        effects.rule("active_checks");
        let (me, now_us, checks) = (effects.me(), effects.local_now(), effects.config().checks);
        self.round += 1;
        let (mut silent, mut marked) = (0, 0);
        for place in 0..self.health.len() {
            let server = effects.config().server(place);
            if self.health[place].asked.is_some() {
                silent += 1;
                if self.health[place].fail(&checks) == Change::Down {
                    self.mark_down(place, now_us, effects);
                    marked += 1;
                }
            }
            self.health[place].asked = Some(self.round);
            effects.send(server, Message::Probe { round: self.round });
        }
        effects.note(|| match silent {
            0 => t!("{node} sends a health check to each server", node = me),
            _ => t!(
                "{node} sends a health check to each server; {count} did not answer the last one",
                node = me,
                count = silent
            ),
        });
        if marked == 0 {
            effects.note(|| match checks.fall {
                1 => t!("A server that does not answer gets no more requests."),
                fall => t!("A server that fails {count} in a row gets no more requests.", count = fall),
            });
            effects.routine("probe");
        }
    }

    fn mark_down(&mut self, place: usize, now_us: i64, effects: &mut Effects<'_>) {
        self.remark(place, Opinion::Down, now_us);
        let (server, fall) = (effects.config().server(place), effects.config().checks.fall);
        effects.rule("active_checks");
        effects.note(|| {
            t!("{server} is marked down: it failed {count} health checks in a row", server = server, count = fall)
        });
    }

    /// A server says that it is well.
    fn on_well(&mut self, from: NodeId, round: u32, effects: &mut Effects<'_>) {
        let Some(place) = effects.config().place_of(from) else { return };
        let (me, now_us) = (effects.me(), effects.local_now());
        if self.health[place].asked != Some(round) {
            effects.note(|| t!("{node} hears from {server} too late: that check has failed", node = me, server = from));
            effects.routine("too late");
            return;
        }
        effects.rule("active_checks");
        let config = effects.config();
        let change = self.health[place].pass(now_us, &config.checks, config.rules.readmit);
        if change == Change::Up {
            self.remark(place, Opinion::Up, now_us);
            let (rise, slow_start_us) = (effects.config().checks.rise, effects.config().slow_start_us);
            effects.rule("readmit");
            effects.note(|| {
                t!("{server} is up again: it passed {count} health checks in a row", server = from, count = rise)
            });
            if slow_start_us > 0 {
                effects.rule("slow_start");
                effects.note(|| {
                    t!(
                        "It gets less than its share at first, and all of it after {time}.",
                        time = time_us(slow_start_us)
                    )
                });
            }
        } else {
            if !self.health[place].is_up && !effects.config().rules.readmit {
                effects.rule("readmit");
            }
            effects.note(|| t!("{server} passes the health check", server = from));
            effects.routine("pass");
        }
    }

    fn remark(&mut self, server: usize, opinion: Opinion, at_us: i64) {
        self.remarks.push_back(Remark { at_us, server, opinion });
        if self.remarks.len() > REMARKS {
            self.remarks.pop_front();
        }
    }

    /// Waits for the deadline of the oldest request.
    fn watch(&self, effects: &mut Effects<'_>) {
        match self.flights.front() {
            Some(flight) => {
                let after_us = u64::try_from(flight.deadline_us - effects.local_now()).unwrap_or(0);
                effects.set_timer(Timer::Deadline, after_us);
            }
            None => effects.cancel_timer(Timer::Deadline),
        }
    }
}
