//! A resolver: it answers from its cache, or walks from zone to zone until it knows (RFC 1034, section 5.3.3).

use serde::Serialize;
use sim::map::Map;
use sim::{Text, t, time_us};

use super::cache::{Cache, Entry, Finding, Known, Rank, sets};
use super::message::{Answer, Code, Message, Query, Reply, draw, send};
use super::name::{Address, Data, Host, Kind, Name, Question, Record, Role, Zone};
use super::settings::Config;
use super::walk::{Asker, Goal, Outcome, Sent, Step, Walk};
use super::words::seconds;
use super::{Effects, Timer};

const SECOND_US: u64 = 1_000_000;

/// A server that answers for a zone that it does not have is not asked for it again for so long (as in Unbound).
const LAME_US: u64 = 900 * SECOND_US;

/// What an old answer says of how long it may be kept (RFC 8767, section 4).
pub const STALE_TTL_S: u32 = 30;

/// When a client gets an old answer rather than none (RFC 8767, section 5).
const STALE_AFTER_US: u64 = 1_800_000;

/// How long nobody tries again while there is an old answer (RFC 8767, section 5).
const RECHECK_US: u64 = 30 * SECOND_US;

/// The longest round trip that is remembered.
const MOST_TRIP_US: u64 = 60 * SECOND_US;

/// How many steps of the last walk are kept.
const KEPT_STEPS: usize = 24;

/// The state of a resolver.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resolver {
    pub role: Role,
    pub cache: Cache,
    /// The questions that it is at work on, by number.
    pub walks: Map<u64, Walk>,
    /// How many walks it has begun.
    pub begun: u64,
    /// Smoothed round trips to servers, in microseconds.
    pub trips: Map<Address, u64>,
    /// Servers that do not answer for a zone although it is said that they do, and until when that is remembered.
    pub lame: Map<(Zone, Address), u64>,
    /// How many questions clients have asked.
    pub asked: u64,
    /// How many of them were answered at once, from the cache.
    pub hits: u64,
    /// How many of these were told that there is no such name.
    pub negative_hits: u64,
    /// How many questions joined one that was under way.
    pub joined: u64,
    /// How many queries it has sent.
    pub sent: u64,
    /// How many questions came to nothing.
    pub failed: u64,
    /// How many old answers it has given because there was nothing better.
    pub old_given: u64,
    /// How many answers it has thrown away because they answer nothing that it has asked.
    pub thrown: u64,
    /// What it has handed out in its last event.
    pub handed: Vec<Handed>,
    /// The last walk that has ended.
    pub last_walk: Option<(Question, Vec<Step>)>,
}

/// Something that a resolver has told a client or another resolver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Handed {
    pub name: Name,
    /// For how long it may be kept, as it was said.
    pub rest_s: u32,
    /// When the resolver itself was told so, by its clock.
    pub received_us: u64,
    /// For how long it might be kept then.
    pub ttl_s: u32,
    /// When it was handed out.
    pub at_us: u64,
}

/// Where to go on.
enum Next {
    Ask(Zone, Address),
    /// The address of this server has to be found out before.
    Find(Name),
    Nobody,
}

impl Resolver {
    pub(super) fn boot(role: Role, effects: &mut Effects<'_>) -> Resolver {
        effects.note(|| t!("{node} starts with an empty cache", node = role.label()));
        Resolver {
            role,
            cache: Cache::default(),
            walks: Map::default(),
            begun: 0,
            trips: Map::default(),
            lame: Map::default(),
            asked: 0,
            hits: 0,
            negative_hits: 0,
            joined: 0,
            sent: 0,
            failed: 0,
            old_given: 0,
            thrown: 0,
            handed: Vec::new(),
            last_walk: None,
        }
    }

    /// Forgets all that it knows.
    pub(super) fn flush(&mut self, effects: &mut Effects<'_>) {
        for (name, kind) in self.cache.entries.iter().map(|(key, _)| *key).collect::<Vec<_>>() {
            if kind == Kind::A {
                effects.cancel_timer(Timer::Expire(name));
            }
        }
        self.cache = Cache::default();
        self.lame = Map::default();
        effects.note(|| t!("{node} forgets all that it has kept", node = self.role.label()));
    }

    /// A client, or another resolver, asks.
    pub(super) fn on_query(&mut self, query: Query, effects: &mut Effects<'_>) {
        let (me, now_us, question) = (self.role.label(), effects.monotonic_now(), query.question);
        let name = question.name;
        let asker = Asker { address: query.source, port: query.port, id: query.id };
        let who = query.source.role().map_or("", Role::label);
        self.asked += 1;
        if let Finding::Known(way) = self.cache.find(question, now_us, false, effects.config()) {
            self.hits += 1;
            let reply = self.reply(&way, false, effects);
            let (said, age_us) = (self.say(&way), self.age_us(&way, now_us));
            if reply.answer.iter().all(|record| matches!(record.data, Data::Cname(_))) {
                self.negative_hits += 1;
                effects.rule("negative");
            }
            let rest_s = reply.answer.iter().chain(&reply.authority).map(|record| record.ttl_s).min().unwrap_or(0);
            self.send_reply(question, &[asker], &reply, effects);
            effects.routine("hit");
            effects.rule("count_down");
            effects.note(|| {
                t!(
                    "{node} answers {asker} from its cache: {name} {said}",
                    node = me,
                    asker = who,
                    name = name.to_string(),
                    said = said
                )
            });
            effects.note(|| {
                t!(
                    "It has known that for {age}, and may say so for {rest} more; nobody else is asked",
                    age = time_us(age_us),
                    rest = seconds(u64::from(rest_s))
                )
            });
            return;
        }
        if self.cache.has_failed(question, now_us) {
            effects.rule("failures");
            effects.note(|| {
                t!(
                    "{node} could not find out a moment ago, and does not try again yet: {name}",
                    node = me,
                    name = name.to_string()
                )
            });
            self.give_up_on(question, &[asker], effects);
            return;
        }
        let same = self.walks.iter().find(|(_, walk)| walk.question == question).map(|(number, _)| *number);
        if let Some(walk) = same.and_then(|number| self.walks.get_mut(&number)) {
            if !walk.askers.contains(&asker) {
                walk.askers.push(asker);
            }
            self.joined += 1;
            effects.rule("join");
            effects.routine("join");
            effects.note(|| {
                t!(
                    "{asker} asks {node} for {name} too, which it is finding out already",
                    asker = who,
                    node = me,
                    name = name.to_string()
                )
            });
            if let Some(number) = same {
                self.look_for_old(number, effects);
            }
            return;
        }
        self.begun += 1;
        let number = self.begun;
        effects.note(|| {
            t!(
                "{asker} asks {node} for {name}, which it does not know",
                asker = who,
                node = me,
                name = name.to_string()
            )
        });
        self.walks.insert(number, Walk::new(question, asker, now_us));
        self.look_for_old(number, effects);
        self.advance(number, effects);
    }

    /// Where old answers are kept, a client does not wait for longer than it likes.
    fn look_for_old(&self, number: u64, effects: &mut Effects<'_>) {
        if !effects.config().stale {
            return;
        }
        let now_us = effects.monotonic_now();
        let Some(walk) = self.walks.get(&number) else { return };
        if let Finding::Known(_) = self.cache.find(walk.question, now_us, true, effects.config()) {
            effects.set_timer(Timer::Stale(number), (walk.began_us + STALE_AFTER_US).saturating_sub(now_us).max(1));
        }
    }

    /// A client has waited long enough for an answer that is also known from before.
    pub(super) fn on_impatience(&mut self, number: u64, effects: &mut Effects<'_>) {
        let now_us = effects.monotonic_now();
        let Some(walk) = self.walks.get(&number) else { return };
        if now_us < walk.began_us + STALE_AFTER_US {
            effects.routine("early");
            self.look_for_old(number, effects);
            return;
        }
        let (question, askers) = (walk.question, walk.askers.clone());
        let name = question.name;
        if self.give_old(question, &askers, effects) {
            if let Some(walk) = self.walks.get_mut(&number) {
                walk.askers.clear();
            }
            effects.note(|| {
                t!(
                    "{node} has found nothing for 1.8 s, and gives an old answer: {name}",
                    node = self.role.label(),
                    name = name.to_string()
                )
            });
            effects.note(|| t!("An old answer is better than none; the search goes on"));
        }
    }

    /// Gives an old answer if there is one.
    fn give_old(&mut self, question: Question, askers: &[Asker], effects: &mut Effects<'_>) -> bool {
        if !effects.config().stale || askers.is_empty() {
            return false;
        }
        let now_us = effects.monotonic_now();
        let Finding::Known(way) = self.cache.find(question, now_us, true, effects.config()) else { return false };
        let reply = self.reply(&way, true, effects);
        self.old_given += askers.len() as u64;
        effects.rule("stale");
        self.send_reply(question, askers, &reply, effects);
        true
    }

    /// No answer can be found.
    fn give_up_on(&mut self, question: Question, askers: &[Asker], effects: &mut Effects<'_>) {
        if self.give_old(question, askers, effects) {
            effects.note(|| t!("It gives the old answer that it still has"));
            return;
        }
        self.failed += askers.len() as u64;
        self.send_reply(question, askers, &Reply::empty(Code::ServFail), effects);
    }

    /// Goes on with a walk: as far as the cache leads, and then one query further.
    fn advance(&mut self, number: u64, effects: &mut Effects<'_>) {
        let now_us = effects.monotonic_now();
        loop {
            let config = effects.config();
            let Some(walk) = self.walks.get(&number) else { return };
            let (depth, sent) = (walk.goals.len(), walk.sent);
            let Some(goal) = walk.goals.last() else { return };
            let asked = goal.question;
            let missing = match self.cache.find(asked, now_us, false, config) {
                Finding::Known(way) if depth == 1 => return self.finish(number, &way, effects),
                Finding::Known(way) => {
                    let has_address = matches!(self.known(&way), Some(Known::Records(_)));
                    self.pop(number, has_address);
                    continue;
                }
                Finding::Missing(missing) => missing,
                Finding::Failed => return self.fail(number, effects),
            };
            let (is_much, is_too_much) = (sent >= config.max_sent, sent >= config.most_sent());
            let forwards = config.forwards(self.role);
            if is_much {
                effects.rule("bound");
            }
            if is_too_much {
                return self.fail(number, effects);
            }
            if forwards {
                return self.forward(number, asked, effects);
            }
            match self.choose(number, missing, effects) {
                Next::Ask(zone, server) => return self.query(number, zone, server, missing, effects),
                Next::Find(server) => {
                    effects.rule("find_server");
                    if let Some(walk) = self.walks.get_mut(&number) {
                        walk.goals.push(Goal::of_server(server));
                    }
                }
                Next::Nobody if depth == 1 => return self.fail(number, effects),
                Next::Nobody => self.pop(number, false),
            }
        }
    }

    /// What is known at the end of a way through the cache.
    fn known(&self, way: &[(Name, Kind)]) -> Option<&Known> {
        way.last().and_then(|key| self.cache.entries.get(key)).map(|entry| &entry.known)
    }

    /// The address of a server has been looked for: with this success.
    fn pop(&mut self, number: u64, is_found: bool) {
        let Some(walk) = self.walks.get_mut(&number) else { return };
        let server = walk.goals.pop().map(|goal| goal.question.name);
        if let (Some(goal), Some(server), false) = (walk.goals.last_mut(), server, is_found) {
            goal.unreachable.push(server);
        }
    }

    /// Whom to ask for this: one of the servers of the nearest zone that is known.
    fn choose(&mut self, number: u64, missing: Question, effects: &mut Effects<'_>) -> Next {
        let now_us = effects.monotonic_now();
        let Some(goal) = self.walks.get_mut(&number).and_then(|walk| walk.goals.last_mut()) else {
            return Next::Nobody;
        };
        let config = effects.config();
        let is_known = |zone: Zone| zone == Zone::Root || self.cache.servers(zone, now_us, config).is_some();
        let here = goal.at.filter(|zone| missing.name.zone.is_within(*zone) && is_known(*zone));
        // The address of a server is asked for anew at the zone above its own, which has glue for it.
        let top = if goal.is_of_server { missing.name.zone.parent() } else { Some(missing.name.zone) };
        let nearest = || top.into_iter().flat_map(Zone::line).find(|zone| is_known(*zone));
        let zone = here.or_else(nearest).unwrap_or(Zone::Root);
        goal.at = Some(zone);
        let goal = &*goal;
        let (mut known, mut unknown): (Vec<Address>, Vec<Name>) = (Vec::new(), Vec::new());
        if zone == Zone::Root {
            // The hints that every resolver comes with (RFC 9609).
            known.push(Address::of(Role::Root));
        }
        for server in self.cache.servers(zone, now_us, config).into_iter().flatten() {
            match self.cache.address(server, now_us, config) {
                Some(address) => known.push(address),
                None => unknown.push(server),
            }
        }
        if !config.rules.next_server {
            effects.rule("next_server");
            return match (known.first(), unknown.first()) {
                (Some(first), _) => Next::Ask(zone, *first),
                (None, Some(server)) if !goal.unreachable.contains(server) => Next::Find(*server),
                _ => Next::Nobody,
            };
        }
        let is_good = |address: &Address| {
            let is_lame = self.lame.get(&(zone, *address)).is_some_and(|until_us| now_us < *until_us);
            !is_lame && !goal.refused.contains(&(zone, *address))
        };
        known.retain(is_good);
        unknown.retain(|server| !goal.unreachable.contains(server));
        let trip = |address: &Address| self.trips.get(address).copied().unwrap_or(0);
        if let Some(least) = known.iter().map(trip).min() {
            let best: Vec<Address> = known.iter().copied().filter(|address| trip(address) == least).collect();
            let drawn = if best.len() > 1 { effects.choose(best.len() as u64) as usize } else { 0 };
            // Those that are not chosen are forgiven bit by bit, so that each has its turn again.
            for other in known.iter().filter(|other| **other != best[drawn]) {
                if let Some(trip_us) = self.trips.get_mut(other) {
                    *trip_us -= *trip_us / 50;
                }
            }
            return Next::Ask(zone, best[drawn]);
        }
        match unknown.len() as u64 {
            0 => Next::Nobody,
            count => Next::Find(unknown[effects.choose(count) as usize]),
        }
    }

    /// Asks an authority, and does not ask it to find out for others.
    fn query(&mut self, number: u64, zone: Zone, server: Address, question: Question, effects: &mut Effects<'_>) {
        self.send_query(number, Some(zone), server, question, effects.config().query_timeout_us, effects);
        let to = server.role().map_or("", Role::label);
        effects.note(|| match zone {
            Zone::Root => t!(
                "It asks {server}, where the tree of names begins: {name}",
                server = to,
                name = question.name.to_string()
            ),
            _ => t!(
                "It asks {server}, which answers for {zone}: {name}",
                server = to,
                zone = zone.text(),
                name = question.name.to_string()
            ),
        });
    }

    /// Asks another resolver to find out.
    fn forward(&mut self, number: u64, question: Question, effects: &mut Effects<'_>) {
        let times = self.walks.get(&number).map_or(0, |walk| walk.sent);
        if times >= 5 {
            return self.fail(number, effects);
        }
        // It has to go and find out itself, so that the second time one waits twice as long.
        let wait_us = effects.config().query_timeout_us << times;
        self.send_query(number, None, Address::of(Role::R1), question, wait_us, effects);
        effects.note(|| t!("It asks R1 to find out: {name}", name = question.name.to_string()));
    }

    fn send_query(
        &mut self,
        number: u64,
        zone: Option<Zone>,
        server: Address,
        question: Question,
        wait_us: u64,
        effects: &mut Effects<'_>,
    ) {
        let ((id, port), now_us) = (draw(effects), effects.monotonic_now());
        let Some(walk) = self.walks.get_mut(&number) else { return };
        walk.sent += 1;
        self.sent += 1;
        walk.open = Some(Sent { server, zone, port, id, question, at_us: now_us });
        let depth = walk.goals.len() as u32 - 1;
        walk.steps.push(Step {
            server,
            zone,
            question,
            depth,
            sent_us: now_us,
            ended_us: None,
            outcome: Outcome::Open,
        });
        if walk.steps.len() > KEPT_STEPS {
            walk.steps.remove(0);
        }
        effects.set_timer(Timer::Query(number), wait_us);
        effects.rule(if zone.is_some() { "iterate" } else { "forward" });
        let source = Address::of(self.role);
        send(server, Message::Query(Query { source, port, id, question, recursion: zone.is_none() }), effects);
    }

    /// A server has not answered in time.
    pub(super) fn on_silence(&mut self, number: u64, effects: &mut Effects<'_>) {
        let Some(sent) = self.walks.get_mut(&number).and_then(|walk| walk.end_step(Outcome::Silence)) else { return };
        let trip_us = self.trips.get(&sent.server).copied().unwrap_or(0);
        let trip_us = (2 * trip_us.max(effects.config().query_timeout_us)).min(MOST_TRIP_US);
        self.trips.insert(sent.server, trip_us);
        let (me, server) = (self.role.label(), sent.server.role().map_or("", Role::label));
        effects.rule("next_server");
        if self.walks.get(&number).is_some_and(|walk| walk.sent > 2) {
            effects.routine("silence");
        }
        effects.note(|| {
            t!(
                "{server} has not answered {node} in time: {name}",
                server = server,
                node = me,
                name = sent.question.name.to_string()
            )
        });
        self.advance(number, effects);
    }

    /// An answer comes, from whomever.
    pub(super) fn on_answer(&mut self, answer: &Answer, effects: &mut Effects<'_>) {
        let (me, now_us) = (self.role.label(), effects.monotonic_now());
        let name = answer.question.name;
        let matching = effects.config().rules.matching;
        let is_asked = |sent: &Sent| {
            let is_same = (sent.server, sent.port, sent.id) == (answer.source, answer.port, answer.id);
            sent.question == answer.question && (is_same || !matching)
        };
        let found = self
            .walks
            .iter()
            .find_map(|(number, walk)| walk.open.filter(|sent| is_asked(sent)).map(|sent| (*number, sent)));
        effects.rule("match");
        let Some((number, sent)) = found else {
            self.thrown += 1;
            effects.routine("thrown");
            let from = answer.source.role().map_or("", Role::label);
            effects.note(|| {
                t!(
                    "An answer that claims to come from {server} answers nothing that {node} has asked: {name}",
                    server = from,
                    node = me,
                    name = name.to_string()
                )
            });
            effects.because(&["match"], || {
                t!("Server, port, id and question have to be those of a query that is open: it is thrown away")
            });
            return;
        };
        effects.cancel_timer(Timer::Query(number));
        let trip_us = now_us - sent.at_us;
        let smooth_us = self.trips.get(&sent.server).map_or(trip_us, |old_us| (7 * old_us + trip_us) / 8);
        self.trips.insert(sent.server, smooth_us);
        let said = self.take(answer, &sent, effects);
        let Some(walk) = self.walks.get_mut(&number) else { return };
        walk.end_step(said.outcome);
        if let (Some(goal), Some(zone)) = (walk.goals.last_mut(), said.leads_to) {
            goal.at = Some(zone);
        }
        let server = sent.server.role().map_or("", Role::label);
        match said.outcome {
            Outcome::Lame | Outcome::Failed => {
                if let (Some(goal), Some(zone)) = (walk.goals.last_mut(), sent.zone) {
                    goal.refused.push((zone, sent.server));
                    if said.outcome == Outcome::Lame {
                        self.lame.insert((zone, sent.server), now_us + LAME_US);
                    }
                }
                effects.rule("next_server");
                effects.note(|| {
                    t!("{server} cannot tell {node} about {name}", server = server, node = me, name = name.to_string())
                });
            }
            Outcome::Referral => effects.note(|| {
                t!(
                    "{server} sends {node} on: others answer for {zone}",
                    server = server,
                    node = me,
                    zone = said.leads_to.map_or("", Zone::text)
                )
            }),
            _ if is_forged(answer) => effects.note(|| {
                t!(
                    "{node} takes a forged answer for one of {server}: {name} {said}",
                    node = me,
                    server = server,
                    name = name.to_string(),
                    said = said.words
                )
            }),
            _ => effects.note(|| {
                t!(
                    "{server} tells {node}: {name} {said}",
                    server = server,
                    node = me,
                    name = name.to_string(),
                    said = said.words
                )
            }),
        }
        if sent.zone.is_none() && matches!(said.outcome, Outcome::Lame | Outcome::Failed) {
            return self.fail(number, effects);
        }
        self.advance(number, effects);
    }

    /// Takes from an answer what may be believed.
    fn take(&mut self, answer: &Answer, sent: &Sent, effects: &mut Effects<'_>) -> Said {
        let now_us = effects.monotonic_now();
        let Reply { code, authoritative, .. } = answer.reply;
        let reply = &answer.reply;
        let said = |outcome, leads_to, words| Said { outcome, leads_to, words };
        match code {
            Code::Refused => return said(Outcome::Lame, None, Text::default()),
            Code::ServFail => return said(Outcome::Failed, None, Text::default()),
            Code::NoError | Code::NxDomain => {}
        }
        let bailiwick = effects.config().rules.bailiwick;
        let zone = sent.zone.unwrap_or(Zone::Root);
        let is_within = |record: &&Record| !bailiwick || record.name.zone.is_within(zone);
        if reply
            .answer
            .iter()
            .chain(&reply.authority)
            .chain(&reply.additional)
            .any(|record| !record.name.zone.is_within(zone))
        {
            effects.rule("bailiwick");
        }
        let entry = |known, ttl_s, rank| Entry { known, ttl_s, received_us: now_us, rank, source: answer.source };
        let section = |records: &[Record]| sets(&records.iter().filter(is_within).copied().collect::<Vec<_>>());
        let is_answer = authoritative || sent.zone.is_none();
        if is_answer {
            for (key, ttl_s, data) in section(&reply.answer) {
                self.keep(key, entry(Known::Records(data), ttl_s, Rank::Answer), effects);
            }
            let soa = reply.authority.iter().find_map(|record| match record.data {
                Data::Soa { minimum_s, .. } => Some(record.ttl_s.min(minimum_s)),
                _ => None,
            });
            // What is asked for, or what its aliases lead to, is not there (RFC 2308, section 5).
            let target = reply.answer.iter().rev().find_map(|record| match record.data {
                Data::Cname(target) => Some(target),
                _ => None,
            });
            let last = target.unwrap_or(sent.question.name);
            if let Some(ttl_s) = soa {
                let known = if code == Code::NxDomain { Known::NoName } else { Known::NoData };
                self.keep((last, sent.question.kind), entry(known, ttl_s, Rank::Answer), effects);
            }
            for (key, ttl_s, data) in section(&reply.authority) {
                if key.1 == Kind::Ns {
                    self.keep_servers(
                        (key, ttl_s, data),
                        &section(&reply.additional),
                        Rank::Authority,
                        answer,
                        effects,
                    );
                }
            }
            let has_said = soa.is_some() || reply.answer.iter().any(|record| record.name == sent.question.name);
            let words = if soa.is_some() && reply.answer.is_empty() {
                t!("is not there")
            } else {
                let data =
                    reply.answer.iter().rev().find(|record| record.name == last).map(|record| record.data.to_string());
                t!("is {data}", data = data.unwrap_or_default())
            };
            let outcome = match (has_said, soa) {
                (false, _) => Outcome::Failed,
                (true, Some(_)) => Outcome::No,
                (true, None) => Outcome::Answer,
            };
            return said(outcome, None, words);
        }
        // A referral has to lead down, and towards the name.
        let below = section(&reply.authority).into_iter().find(|((name, kind), ..)| {
            let leads = name.zone != zone && name.zone.is_within(zone) && sent.question.name.zone.is_within(name.zone);
            *kind == Kind::Ns && name.host == Host::Apex && leads
        });
        let Some(below) = below else { return said(Outcome::Lame, None, Text::default()) };
        effects.rule("referral");
        let leads_to = below.0.0.zone;
        self.keep_servers(below, &section(&reply.additional), Rank::Glue, answer, effects);
        said(Outcome::Referral, Some(leads_to), Text::default())
    }

    /// Keeps who answers for a zone, and the addresses that came with it.
    fn keep_servers(
        &mut self,
        (key, ttl_s, servers): ((Name, Kind), u32, Vec<Data>),
        additional: &[((Name, Kind), u32, Vec<Data>)],
        rank: Rank,
        answer: &Answer,
        effects: &mut Effects<'_>,
    ) {
        let received_us = effects.monotonic_now();
        let entry =
            |data, ttl_s, rank| Entry { known: Known::Records(data), ttl_s, received_us, rank, source: answer.source };
        for (glue_key, glue_ttl_s, data) in additional {
            if glue_key.1 == Kind::A && servers.contains(&Data::Ns(glue_key.0)) {
                self.keep(*glue_key, entry(data.clone(), *glue_ttl_s, Rank::Glue), effects);
            }
        }
        self.keep(key, entry(servers, ttl_s, rank), effects);
    }

    /// Keeps an entry, and sets the timer that shows when it runs out.
    fn keep(&mut self, key: (Name, Kind), entry: Entry, effects: &mut Effects<'_>) {
        let is_shown = is_shown(key, &entry);
        self.cache.keep(key, entry, effects.config());
        effects.rule("rank");
        if is_shown {
            self.watch(key, effects);
        }
    }

    fn watch(&self, key: (Name, Kind), effects: &mut Effects<'_>) {
        let now_us = effects.monotonic_now();
        let Some(entry) = self.cache.entries.get(&key) else { return };
        let until_us = entry.until_us(effects.config());
        effects.set_timer(Timer::Expire(key.0), until_us.saturating_sub(now_us) + 1);
    }

    /// An answer may have run out.
    pub(super) fn on_expiry(&mut self, name: Name, effects: &mut Effects<'_>) {
        let (me, now_us, key) = (self.role.label(), effects.monotonic_now(), (name, Kind::A));
        let Some(entry) = self.cache.entries.get(&key) else { return };
        if now_us <= entry.until_us(effects.config()) {
            effects.routine("early");
            self.watch(key, effects);
            return;
        }
        effects.rule("expire");
        let (ttl_s, is_kept) = (entry.ttl_s, effects.config().stale);
        effects.note(|| {
            t!(
                "{node} has kept {name} for {time}: the answer has run out",
                node = me,
                name = name.to_string(),
                time = seconds(u64::from(ttl_s))
            )
        });
        effects.because(&["expire"], || match is_kept {
            true => t!("It is kept all the same, for a time in which nothing better can be had"),
            false => t!("Whoever asks next makes {node} ask the authorities again", node = me),
        });
    }

    /// A walk has come to its end.
    fn finish(&mut self, number: u64, way: &[(Name, Kind)], effects: &mut Effects<'_>) {
        let Some(walk) = self.walks.remove(&number) else { return };
        let reply = self.reply(way, false, effects);
        effects.cancel_timer(Timer::Query(number));
        effects.cancel_timer(Timer::Stale(number));
        self.send_reply(walk.question, &walk.askers, &reply, effects);
        let (sent, said) = (walk.sent, self.say(way));
        effects.note(|| match sent {
            1 => t!(
                "It has taken one query to find out that {name} {said}",
                name = walk.question.name.to_string(),
                said = said
            ),
            _ => t!(
                "It has taken {count} queries to find out that {name} {said}",
                count = sent,
                name = walk.question.name.to_string(),
                said = said
            ),
        });
        self.last_walk = Some((walk.question, walk.steps));
    }

    /// A walk leads nowhere.
    fn fail(&mut self, number: u64, effects: &mut Effects<'_>) {
        let Some(walk) = self.walks.remove(&number) else { return };
        let (now_us, sent) = (effects.monotonic_now(), walk.sent);
        let config = effects.config();
        let rest_us = if config.stale { config.fail_ttl_us.max(RECHECK_US) } else { config.fail_ttl_us };
        self.cache.failures.insert(walk.question, now_us + rest_us);
        self.cache.failures.retain(|_, until_us| now_us < *until_us);
        effects.cancel_timer(Timer::Query(number));
        effects.cancel_timer(Timer::Stale(number));
        effects.rule("failures");
        let me = self.role.label();
        effects.note(|| {
            t!(
                "{node} gives up on {name} after {count} queries",
                node = me,
                name = walk.question.name.to_string(),
                count = sent
            )
        });
        self.give_up_on(walk.question, &walk.askers, effects);
        self.last_walk = Some((walk.question, walk.steps));
    }

    /// The reply that follows from these entries.
    fn reply(&mut self, way: &[(Name, Kind)], is_old: bool, effects: &mut Effects<'_>) -> Reply {
        let now_us = effects.monotonic_now();
        let has_run_out = |entry: &Entry| now_us > entry.until_us(effects.config());
        if !is_old && way.iter().filter_map(|key| self.cache.entries.get(key)).any(has_run_out) {
            effects.rule("expire");
        }
        let config = effects.config();
        let mut reply = Reply::empty(Code::NoError);
        for key in way {
            let Some(entry) = self.cache.entries.get(key) else { continue };
            let rest_s = match is_old && !entry.is_fresh(now_us, config) {
                true => STALE_TTL_S,
                false => entry.rest_s(now_us, config),
            };
            match &entry.known {
                Known::Records(data) => {
                    reply.answer.extend(data.iter().map(|data| Record { name: key.0, ttl_s: rest_s, data: *data }));
                }
                no => {
                    if *no == Known::NoName {
                        reply.code = Code::NxDomain;
                    }
                    let soa = Data::Soa { serial: 0, minimum_s: rest_s };
                    reply.authority.push(Record { name: key.0.zone.apex(), ttl_s: rest_s, data: soa });
                }
            }
            let Entry { received_us, ttl_s, .. } = *entry;
            self.handed.push(Handed { name: key.0, rest_s, received_us, ttl_s, at_us: now_us });
        }
        reply
    }

    fn send_reply(&self, question: Question, askers: &[Asker], reply: &Reply, effects: &mut Effects<'_>) {
        for asker in askers {
            let answer = Answer {
                source: Address::of(self.role),
                port: asker.port,
                id: asker.id,
                question,
                reply: reply.clone(),
            };
            send(asker.address, Message::Answer(answer), effects);
        }
    }

    /// What is known at the end of a way through the cache, in words.
    fn say(&self, way: &[(Name, Kind)]) -> Text {
        match self.known(way) {
            Some(Known::Records(data)) => {
                t!("is {data}", data = data.first().map(|data| data.to_string()).unwrap_or_default())
            }
            Some(Known::NoData) => t!("has no address"),
            _ => t!("is not there"),
        }
    }

    fn age_us(&self, way: &[(Name, Kind)], now_us: u64) -> u64 {
        let entry = way.last().and_then(|key| self.cache.entries.get(key));
        entry.map_or(0, |entry| now_us - entry.received_us)
    }

    /// What it has of www.shop.com, or another name, if anything.
    pub fn entry(&self, name: Name) -> Option<&Entry> {
        self.cache.entries.get(&(name, Kind::A)).filter(|entry| entry.rank == Rank::Answer)
    }

    /// How many seconds an entry has left.
    pub fn left_s(&self, entry: &Entry, now_us: u64, config: &Config) -> u64 {
        entry.until_us(config).saturating_sub(now_us) / SECOND_US
    }
}

/// Whether an answer comes from the forger, who does not say so.
fn is_forged(answer: &Answer) -> bool {
    let is_his = |record: &Record| matches!(record.data, Data::Ns(server) if server.host == Host::Forged);
    answer.source != Address::of(Role::X) && answer.reply.authority.iter().any(is_his)
}

/// Whether a timer shows when this runs out: answers that clients ask for.
fn is_shown((name, kind): (Name, Kind), entry: &Entry) -> bool {
    let is_asked_for = matches!(name.host, Host::Www | Host::New);
    kind == Kind::A && is_asked_for && entry.rank == Rank::Answer && matches!(entry.known, Known::Records(_))
}

/// What an answer says.
struct Said {
    outcome: Outcome,
    /// The zone that a referral leads to.
    leads_to: Option<Zone>,
    words: Text,
}
