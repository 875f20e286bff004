//! The proxy P: it keeps answers, fetches links ahead, and repeats what was not answered. All three rest on what methods promise.

use std::collections::VecDeque;

use super::connection::Segment;
use parts::cache::Cache;
use parts::retry::{Attempts, Next};
use serde::Serialize;
use sim::{Map, NodeId, t, time_us};

use super::call::Answer;
use super::http::{Letter, Method, Path, Request, Response};
use super::line::{Asker, Come, Knocked, Listener, Ticket};
use super::{Effects, Timer};

/// How many answers it keeps.
const MOST_KEPT: usize = 16;

/// The state of the proxy. It keeps nothing but its life through a crash.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proxy {
    /// Its ends of the connections with clients.
    listeners: Map<NodeId, Listener>,
    /// And with the front ends.
    askers: Map<NodeId, Asker>,
    life: u64,
    pub exchanges: Map<u64, Exchange>,
    count: u64,
    pub cache: Cache<Path, Answer>,
    /// How often something unsafe has passed: what was asked before the last time is not kept.
    passed: u64,
    /// Links to fetch ahead.
    ahead: VecDeque<Path>,
    pub prefers_twin: bool,
    /// What it has served last from its cache.
    pub served: Option<Served>,
}

/// A request that it has sent on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exchange {
    /// Who has asked; none for what it fetches ahead.
    pub user: Option<(NodeId, Ticket)>,
    pub request: Request,
    pub front: NodeId,
    pub attempts: Attempts,
    /// Until when it waits for the answer.
    until_us: u64,
    /// How often something unsafe had passed when it was sent.
    passed: u64,
}

/// Something served from the cache: the how-manieth time, and how old it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Served {
    pub count: u64,
    pub age_us: u64,
    pub path: Path,
}

impl Proxy {
    /// Starts the proxy.
    pub(super) fn boot(life: u64) -> Proxy {
        Proxy {
            listeners: Map::default(),
            askers: Map::default(),
            life,
            exchanges: Map::default(),
            count: 0,
            cache: Cache::new(MOST_KEPT),
            passed: 0,
            ahead: VecDeque::new(),
            prefers_twin: false,
            served: None,
        }
    }

    pub(super) fn on_segment(&mut self, from: NodeId, segment: Segment<Letter>, effects: &mut Effects<'_>) {
        if effects.config().is_client(from) {
            let listener = self.listeners.get_or_insert_with(from, Listener::default);
            match listener.on_segment(self.life, from, segment, effects) {
                Knocked::Request(ticket, request) => self.on_request(from, ticket, request, effects),
                other => {
                    if other == Knocked::Opened {
                        self.forget_the_gone(from);
                    }
                    other.say(from, effects);
                }
            }
            return;
        }
        let life = self.life;
        let me = effects.me();
        match self.askers.get_or_insert_with(from, || Asker::new(life)).on_segment(from, segment, effects) {
            Come::Nothing => {
                effects.routine("old segment");
                effects.note(|| t!("{node} gets a copy from {other}, and ignores it", node = me, other = from));
            }
            Come::Opened => {
                effects.routine("connection");
                effects.note(|| t!("{node} has a connection with {other}", node = me, other = from));
            }
            Come::Answer(exchange, response) => self.on_response(exchange, &response, effects),
            Come::Broken(exchanges) => {
                effects.note(|| t!("The connection of {node} with {other} is broken", node = me, other = from));
                self.on_broken(from, exchanges, effects);
            }
        }
        self.go_ahead(effects);
    }

    /// A client has a new connection: nobody waits on the one before.
    fn forget_the_gone(&mut self, client: NodeId) {
        let listener = self.listeners.get(&client);
        let is_there = |ticket: &Ticket| listener.is_some_and(|listener| listener.is_open(ticket.name));
        for exchange in self.exchanges.iter().map(|(number, _)| *number).collect::<Vec<_>>() {
            if let Some(exchange) = self.exchanges.get_mut(&exchange)
                && exchange.user.is_some_and(|(user, ticket)| user == client && !is_there(&ticket))
            {
                exchange.user = None;
            }
        }
    }

    fn on_request(&mut self, client: NodeId, ticket: Ticket, request: Request, effects: &mut Effects<'_>) {
        let (me, now_us, max_age_us) = (effects.me(), effects.monotonic_now(), effects.config().max_age_us);
        let word = request.word();
        if request.method == Method::Get && !request.no_cache {
            let longest_us = if effects.config().rules.fresh { max_age_us } else { u64::MAX };
            let kept = self.cache.fresh(&request.path, now_us, longest_us);
            if let Some((answer, age_us)) = kept.map(|kept| (kept.value.clone(), kept.age_us(now_us))) {
                let count = self.served.map_or(1, |served| served.count + 1);
                self.served = Some(Served { count, age_us, path: request.path });
                effects.routine("from the cache");
                effects.rule("fresh");
                effects.note(|| t!("{node} answers {request} from its cache", node = me, request = word));
                effects.note(|| {
                    t!(
                        "It got this answer {age} ago, and keeps answers for {most}.",
                        age = time_us(age_us),
                        most = time_us(max_age_us)
                    )
                });
                return self.reply(client, ticket, Response { answer, age_us: Some(age_us) }, effects);
            }
        }
        effects.routine("passed on");
        effects.note(|| t!("{node} passes on {request} of {client}", node = me, request = word, client = client));
        self.throw_away(request, effects);
        self.forward(Some((client, ticket)), request, effects);
    }

    /// Something unsafe passes: what it keeps of that is thrown away.
    fn throw_away(&mut self, request: Request, effects: &mut Effects<'_>) {
        if request.method.is_safe() {
            return;
        }
        effects.rule("invalidate");
        if effects.config().rules.invalidate {
            self.passed += 1;
            let order = match request.path {
                Path::Order(order) | Path::Cancel(order) => Path::Order(order),
                Path::Orders => Path::Orders,
            };
            let is_kept = [self.cache.throw_away(&order), self.cache.throw_away(&Path::Orders)];
            if is_kept.contains(&true) {
                effects.because(&["invalidate"], || t!("What it keeps of that is thrown away."));
            }
        }
    }

    fn forward(&mut self, user: Option<(NodeId, Ticket)>, request: Request, effects: &mut Effects<'_>) {
        self.count += 1;
        let front = effects.config().either(self.prefers_twin);
        let attempts = Attempts::first(effects.config().patience(), effects.monotonic_now());
        let exchange = Exchange { user, request, front, attempts, until_us: 0, passed: self.passed };
        self.exchanges.insert(self.count, exchange);
        self.send(self.count, effects);
    }

    /// Sends a request on, for the first time or again, and waits for so long.
    fn send(&mut self, number: u64, effects: &mut Effects<'_>) {
        let (plan, now_us) = (effects.config().patience(), effects.monotonic_now());
        let draw = effects.choose(u64::MAX);
        let Some(exchange) = self.exchanges.get_mut(&number) else { return };
        let wait_us = match exchange.attempts.stay_away(plan, now_us, draw) {
            Next::StayAway { us } => us,
            _ => plan.back_off.wait_us(exchange.attempts.made, draw),
        };
        exchange.until_us = now_us + wait_us;
        effects.set_timer(Timer::Patience(number), wait_us);
        let (front, request, life) = (exchange.front, exchange.request, self.life);
        self.askers.get_or_insert_with(front, || Asker::new(life)).ask(front, number, request, effects);
    }

    /// A front end has not answered for a while: the connection is taken for broken.
    pub(super) fn on_patience(&mut self, number: u64, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let Some(exchange) = self.exchanges.get(&number) else { return };
        let left_us = exchange.until_us.saturating_sub(now_us);
        if left_us > 0 {
            effects.set_timer(Timer::Patience(number), left_us);
            effects.note(|| t!("{node} looks at its clock: it is too early", node = me));
            return;
        }
        let front = exchange.front;
        effects.note(|| {
            t!("{node} has no answer of {front}, and takes the connection for broken", node = me, front = front)
        });
        let life = self.life;
        let mut exchanges = self.askers.get_or_insert_with(front, || Asker::new(life)).break_off();
        if !exchanges.contains(&number) {
            exchanges.push(number);
        }
        self.on_broken(front, exchanges, effects);
        self.go_ahead(effects);
    }

    /// A connection is broken, with these exchanges: what may be repeated is repeated, by the other front end if there is one.
    fn on_broken(&mut self, front: NodeId, exchanges: Vec<u64>, effects: &mut Effects<'_>) {
        let (me, now_us, plan) = (effects.me(), effects.monotonic_now(), effects.config().patience());
        if effects.config().either(self.prefers_twin) == front && effects.config().twin().is_some() {
            self.prefers_twin = !self.prefers_twin;
        }
        let other = effects.config().either(self.prefers_twin);
        for number in exchanges {
            let Some(exchange) = self.exchanges.get_mut(&number) else { continue };
            let (method, word) = (exchange.request.method, exchange.request.word());
            effects.rule("idempotent_only");
            let may = method.is_idempotent() || !effects.config().rules.idempotent_only;
            if may && exchange.attempts.made < plan.attempts {
                exchange.front = other;
                exchange.passed = self.passed;
                exchange.attempts = Attempts { made: exchange.attempts.made + 1, ..Attempts::first(plan, now_us) };
                self.send(number, effects);
                effects.note(|| {
                    t!("{node} repeats {request}, and asks {front}", node = me, request = word, front = other)
                });
                if method.is_idempotent() {
                    effects.note(|| t!("Twice is meant to be the same as once, so a program may repeat it."));
                } else {
                    effects.note(|| {
                        t!("Nobody knows whether the first one was carried out, and twice is not the same as once.")
                    });
                }
            } else {
                if !may {
                    effects.note(|| {
                        t!(
                            "{node} does not repeat {request}: twice would not be the same as once",
                            node = me,
                            request = word
                        )
                    });
                }
                let user = exchange.user;
                self.exchanges.remove(&number);
                effects.cancel_timer(Timer::Patience(number));
                if let Some((client, ticket)) = user {
                    self.reply(client, ticket, Response::new(Answer::Unknown), effects);
                }
            }
        }
    }

    fn on_response(&mut self, number: u64, response: &Response, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let Some(exchange) = self.exchanges.remove(&number) else { return };
        effects.cancel_timer(Timer::Patience(number));
        let (request, status) = (exchange.request, response.status());
        effects.routine(if exchange.user.is_some() { "passed back" } else { "fetched ahead" });
        effects.note(|| {
            t!("{node} gets {status} to {request}", node = me, status = u64::from(status), request = request.word())
        });
        self.throw_away(request, effects);
        let is_page = matches!(response.answer, Answer::Page(_));
        let is_to_be_kept =
            request.method == Method::Get && (is_page || matches!(response.answer, Answer::Order { .. }));
        // An answer to what was asked before something unsafe has passed may be old.
        let is_newer = !self.has_newer(request.path, &response.answer);
        if is_to_be_kept && is_newer && (exchange.passed == self.passed || !effects.config().rules.invalidate) {
            self.cache.keep(request.path, response.answer.clone(), now_us);
        }
        let Some((client, ticket)) = exchange.user else { return };
        if effects.config().prefetches
            && let Answer::Page(orders) = &response.answer
        {
            self.ahead.clear();
            for order in orders {
                self.ahead.push_back(Path::Order(*order));
                if !effects.config().rules.safe_get {
                    self.ahead.push_back(Path::Cancel(*order));
                }
            }
        }
        self.reply(client, ticket, response.clone(), effects);
    }

    /// Whether it keeps a newer version than this one, which was slow (RFC 9111, section 4: the most recent answer is used).
    fn has_newer(&self, path: Path, answer: &Answer) -> bool {
        let version = |answer: &Answer| if let Answer::Order { version, .. } = answer { Some(*version) } else { None };
        let kept = self.cache.iter().find(|(known, _)| **known == path).and_then(|(_, kept)| version(&kept.value));
        kept > version(answer)
    }

    /// Fetches the next link ahead, one at a time.
    fn go_ahead(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us, max_age_us) = (effects.me(), effects.monotonic_now(), effects.config().max_age_us);
        if self.exchanges.values().any(|exchange| exchange.user.is_none()) {
            return;
        }
        while let Some(path) = self.ahead.pop_front() {
            if self.cache.fresh(&path, now_us, max_age_us).is_none() {
                let origin = super::Origin { client: me, number: 0 };
                let request = Request::new(Method::Get, path, origin);
                let word = request.word();
                if matches!(path, Path::Cancel(_)) {
                    effects.rule("safe_get");
                }
                effects.note(|| {
                    t!("{node} follows a link of the page ahead of its user: {request}", node = me, request = word)
                });
                effects.because(&["safe_get"], || t!("It may do that, since a GET asks for nothing to be changed."));
                return self.forward(None, request, effects);
            }
        }
    }

    fn reply(&mut self, client: NodeId, ticket: Ticket, response: Response, effects: &mut Effects<'_>) {
        self.listeners.get_or_insert_with(client, Listener::default).answer(client, ticket, response, effects);
    }

    /// The links that it will follow ahead.
    pub fn ahead(&self) -> usize {
        self.ahead.len()
    }
}
