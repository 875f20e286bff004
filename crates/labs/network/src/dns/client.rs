//! A client: it asks its resolvers one after the other, as the C library of Linux does.

use serde::Serialize;
use sim::map::Map;
use sim::t;

use super::message::{Answer, Code, Message, Query, draw, send};
use super::name::{Address, Data, Name, Question, Role};
use super::settings::{AskFor, Config, StubCache};
use super::words::seconds;
use super::{Effects, Timer};

/// The state of a client.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Client {
    pub role: Role,
    /// What it keeps itself: the address, and until when.
    pub cache: Map<Name, (Address, u64)>,
    /// The questions that have not ended, by number.
    pub open: Map<u64, Open>,
    /// How many names of the list have had their turn.
    pub turns: u64,
    /// How many questions it has had.
    pub asked: u64,
    /// How many have ended.
    pub ended: u64,
    /// The one that ended last.
    pub last: Option<Ended>,
    /// How the last question for each name ended.
    pub book: Map<Name, Ended>,
}

/// A question that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Open {
    pub name: Name,
    /// When it began, by the clock that nobody sets.
    pub at_us: u64,
    /// How many times it has been sent.
    pub tries: u32,
    pub server: Address,
    pub port: u32,
    pub id: u32,
}

/// A question that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ended {
    pub number: u64,
    pub name: Name,
    pub end: End,
    /// For how many seconds more the answer holds.
    pub rest_s: u32,
    pub at_us: u64,
    pub took_us: u64,
}

/// How a question ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum End {
    Address(Address),
    /// There is no such name, or it has no address.
    Nothing,
    /// The resolvers could not find out.
    Failed,
    /// No resolver answered.
    Silence,
}

impl Client {
    pub(super) fn boot(role: Role, effects: &mut Effects<'_>) -> Client {
        let workload_us = effects.config().workload_us;
        if workload_us > 0 {
            let first_us = 1 + effects.choose(workload_us);
            effects.set_timer(Timer::Ask, first_us);
        }
        effects.note(|| t!("{node} starts", node = role.label()));
        Client {
            role,
            cache: Map::default(),
            open: Map::default(),
            turns: 0,
            asked: 0,
            ended: 0,
            last: None,
            book: Map::default(),
        }
    }

    /// It is time to ask for the next name.
    pub(super) fn on_turn(&mut self, effects: &mut Effects<'_>) {
        let workload_us = effects.config().workload_us;
        if workload_us == 0 {
            effects.routine("idle");
            return;
        }
        effects.set_timer(Timer::Ask, workload_us);
        let names = names(effects.config());
        // Clients begin at different places of the list.
        let turn = self.turns as usize + 2 * self.role as usize;
        self.turns += 1;
        self.ask(names[turn % names.len()], effects);
    }

    /// Asks for the address of a name.
    pub(super) fn ask(&mut self, name: Name, effects: &mut Effects<'_>) {
        let (now_us, me) = (effects.monotonic_now(), self.role.label());
        self.asked += 1;
        let number = self.asked;
        let kept = self.cache.get(&name).filter(|(_, until_us)| now_us < *until_us);
        if let Some((address, until_us)) = kept.copied() {
            let rest_s = ((until_us - now_us) / 1_000_000).min(u64::from(u32::MAX)) as u32;
            let end = End::Address(address);
            self.end(Ended { number, name, end, rest_s, at_us: now_us, took_us: 0 });
            effects.note(|| {
                t!(
                    "{node} still has {name} at {address}, and asks nobody",
                    node = me,
                    name = name.to_string(),
                    address = address.to_string()
                )
            });
            return;
        }
        let open = Open { name, at_us: now_us, tries: 0, server: Address::of(Role::R1), port: 0, id: 0 };
        self.open.insert(number, open);
        self.send(number, effects);
        effects.routine("ask");
        let resolver = self.open.get(&number).and_then(|open| open.server.role()).map_or("", Role::label);
        effects
            .note(|| t!("{node} asks {resolver} for {name}", node = me, resolver = resolver, name = name.to_string()));
    }

    /// Sends a question to the resolver whose turn it is.
    fn send(&mut self, number: u64, effects: &mut Effects<'_>) {
        let (id, port) = draw(effects);
        let resolvers = resolvers(self.role, effects.config());
        let (source, timeout_us) = (Address::of(self.role), effects.config().stub_timeout_us);
        let Some(open) = self.open.get_mut(&number) else { return };
        let server = Address::of(resolvers[open.tries as usize % resolvers.len()]);
        *open = Open { tries: open.tries + 1, server, port, id, ..*open };
        let question = Question::address(open.name);
        effects.set_timer(Timer::Stub(number), timeout_us);
        send(server, Message::Query(Query { source, port, id, question, recursion: true }), effects);
    }

    /// No answer has come in time.
    pub(super) fn on_timeout(&mut self, number: u64, effects: &mut Effects<'_>) {
        let Some(open) = self.open.get(&number).copied() else { return };
        let me = self.role.label();
        let resolver = open.server.role().map_or("", Role::label);
        effects.rule("give_up");
        if !effects.config().rules.give_up {
            effects.note(|| {
                t!(
                    "{node} goes on waiting for {resolver}: {name}",
                    node = me,
                    resolver = resolver,
                    name = open.name.to_string()
                )
            });
            return;
        }
        effects.note(|| {
            t!(
                "{node} has waited long enough for {resolver}: {name}",
                node = me,
                resolver = resolver,
                name = open.name.to_string()
            )
        });
        self.go_on(number, End::Silence, effects);
    }

    /// One resolver did not help: the next one, or the end.
    fn go_on(&mut self, number: u64, end: End, effects: &mut Effects<'_>) {
        let Some(open) = self.open.get(&number).copied() else { return };
        let config = effects.config();
        let most = config.stub_attempts * resolvers(self.role, config).len() as u32;
        if open.tries < most {
            self.send(number, effects);
            let next = self.open.get(&number).and_then(|open| open.server.role()).map_or("", Role::label);
            effects.note(|| t!("It asks {resolver} next", resolver = next));
            return;
        }
        let (name, now_us) = (open.name, effects.monotonic_now());
        effects.cancel_timer(Timer::Stub(number));
        self.end(Ended { number, name, end, rest_s: 0, at_us: now_us, took_us: now_us - open.at_us });
        effects.note(|| t!("It has asked all of them, {times} times in all, and gives up", times = most));
    }

    /// An answer comes.
    pub(super) fn on_answer(&mut self, answer: &Answer, effects: &mut Effects<'_>) {
        let (now_us, me) = (effects.monotonic_now(), self.role.label());
        let is_meant = |open: &Open| {
            (open.server, open.port, open.id) == (answer.source, answer.port, answer.id)
                && Question::address(open.name) == answer.question
        };
        let found = self.open.iter().find(|(_, open)| is_meant(open)).map(|(number, open)| (*number, *open));
        let name = answer.question.name;
        effects.rule("match");
        let Some((number, open)) = found else {
            let ended = self.book.get(&name).copied().filter(|_| !effects.config().rules.matching);
            if let Some(ended) = ended {
                self.end(ended);
                effects.note(|| {
                    t!(
                        "{node} takes an answer to a question that has ended: {name}",
                        node = me,
                        name = name.to_string()
                    )
                });
                return;
            }
            effects.routine("late");
            effects.note(|| t!("{node} no longer waits for this answer: {name}", node = me, name = name.to_string()));
            return;
        };
        if matches!(answer.reply.code, Code::ServFail | Code::Refused) {
            let resolver = answer.source.role().map_or("", Role::label);
            effects.note(|| {
                t!(
                    "{resolver} tells {node} that it could not find out: {name}",
                    resolver = resolver,
                    node = me,
                    name = name.to_string()
                )
            });
            self.go_on(number, End::Failed, effects);
            return;
        }
        let address = answer.reply.answer.iter().find_map(|record| match record.data {
            Data::A(address) => Some((address, record.ttl_s)),
            _ => None,
        });
        let least_s = answer.reply.answer.iter().map(|record| record.ttl_s).min().unwrap_or(0);
        let end = address.map_or(End::Nothing, |(address, _)| End::Address(address));
        let rest_s = if address.is_some() {
            least_s
        } else {
            answer.reply.authority.iter().map(|record| record.ttl_s).min().unwrap_or(0)
        };
        effects.cancel_timer(Timer::Stub(number));
        if let Some((address, _)) = address {
            let until_us = match effects.config().stub_cache {
                StubCache::Nothing => None,
                StubCache::Ttl => Some(now_us + u64::from(least_s) * 1_000_000),
                StubCache::Ever => Some(u64::MAX),
            };
            if let Some(until_us) = until_us {
                self.cache.insert(name, (address, until_us));
            }
        }
        let before = self.book.get(&name).map(|ended| ended.end);
        let looks_same =
            self.last.is_some_and(|last| std::mem::discriminant(&last.end) == std::mem::discriminant(&end));
        self.end(Ended { number, name, end, rest_s, at_us: now_us, took_us: now_us - open.at_us });
        if before == Some(end) && looks_same {
            effects.routine("same");
        }
        match end {
            End::Address(address) => effects.note(|| {
                t!(
                    "{node} has its answer: {name} is at {address}, and that may be kept for {rest}",
                    node = me,
                    name = name.to_string(),
                    address = address.to_string(),
                    rest = seconds(u64::from(rest_s))
                )
            }),
            _ => effects.note(|| {
                t!(
                    "{node} has its answer: {name} has no address, and that may be kept for {rest}",
                    node = me,
                    name = name.to_string(),
                    rest = seconds(u64::from(rest_s))
                )
            }),
        }
        if let (Some(End::Address(old)), End::Address(new)) = (before, end)
            && old != new
        {
            effects.note(|| t!("Last time it was at {address}", address = old.to_string()));
        }
    }

    fn end(&mut self, ended: Ended) {
        self.open.remove(&ended.number);
        self.ended += 1;
        self.last = Some(ended);
        self.book.insert(ended.name, ended);
        // X makes up names without end.
        if self.book.iter().count() > 24 {
            let oldest = self.book.iter().min_by_key(|(_, ended)| ended.number).map(|(name, _)| *name);
            if let Some(name) = oldest {
                self.book.remove(&name);
            }
        }
    }
}

/// The resolvers that there are, in the order of a client.
pub fn resolvers(client: Role, config: &Config) -> Vec<Role> {
    config.resolvers(client).into_iter().filter(|role| config.node(*role).is_some()).collect()
}

/// What clients ask for by turns.
pub fn names(config: &Config) -> Vec<Name> {
    if config.ask_for == AskFor::Www {
        return vec![Name::WWW];
    }
    let is_there = |name: &Name| match *name {
        Name::CDN | Name::LOOP => config.node(Role::Net).is_some(),
        Name::EVIL => config.node(Role::E).is_some(),
        _ => true,
    };
    let all = [Name::WWW, Name::API, Name::NEW, Name::CDN, Name::EVIL, Name::LOOP];
    all.into_iter().filter(is_there).collect()
}
