//! A server: it shows its certificate, signs the conversation, and answers.

use std::collections::VecDeque;
use std::rc::Rc;

use serde::Serialize;
use sim::{List, NodeId, t};

use super::certificates::{SHOP_KEY, SHOP_SHARE, TICKET_KEY, of_shop};
use super::client::{TICKET_MS, draw};
use super::keys::{self, Application, Handshake};
use super::term::{Tag, Term};
use super::wire::{self, ClientHello, Method, Packet, Record, ServerHello};
use super::{Config, Effects, Message};

/// How many connections a server keeps.
const MOST_RUNS: usize = 16;

/// How many used tickets a server remembers.
const MOST_USED: usize = 256;

/// How many parts an answer has.
pub const PARTS: u32 = 2;

/// The state of a server.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Server {
    written: Written,
    /// Its connections, the oldest first.
    pub runs: VecDeque<Run>,
    /// How often it has taken early data in this life.
    pub early: u32,
    /// How often it has refused early data in this life.
    pub refused: u32,
}

/// What a server has on its disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Written {
    pub identity: Option<Rc<Identity>>,
    /// The tickets that were used with early data.
    pub used: Rc<VecDeque<u64>>,
    /// What was bought.
    pub posts: List<Post>,
}

/// What was bought, and whether early data has said so.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Post {
    pub data: Term,
    pub is_early: bool,
}

/// The keys of a server.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Identity {
    pub private: Term,
    pub certificate: Term,
    /// The key of its tickets.
    tickets: Term,
    /// One share for all connections, where the rule of a fresh one is switched off.
    share: Term,
}

/// One connection.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    pub conn: u64,
    pub client: NodeId,
    pub stage: Stage,
    hello: Option<Term>,
    /// What it has answered to the hello, to be sent again.
    flight: Option<Packet>,
    /// What it has answered to the request.
    answers: Vec<Packet>,
    pub client_random: Option<Term>,
    pub server_random: Option<Term>,
    secrets: Option<Handshake>,
    pub keys: Option<Application>,
    /// The key of early data that it takes, and the number of the next record.
    early: Option<(Term, u32)>,
    transcript: Vec<Term>,
    is_resumed: bool,
    /// What it has read, in order.
    pub reads: Vec<Term>,
    /// What it has written, in order.
    pub wrote: Vec<Term>,
    next_in: u32,
    next_out: u32,
    /// Whether it takes the end for a clean one, once there is one.
    pub is_clean: Option<bool>,
}

/// How far a connection has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Stage {
    /// The connection below is there.
    Open,
    /// It has shown its certificate.
    Answered,
    /// The client has finished too.
    Finished,
    /// It is over.
    Closed,
}

impl Identity {
    /// What the servers of the shop share from the start.
    pub fn first(config: &Config) -> Identity {
        let private = Term::private(SHOP_KEY);
        let certificate = of_shop(&Term::public(&private), 1_000_000 - config.age_us, config.lifetime_us).signed();
        Identity { private, certificate, tickets: Term::private(TICKET_KEY), share: Term::exponent(SHOP_SHARE) }
    }

    /// New keys, and a new certificate for them.
    fn new(effects: &mut Effects<'_>) -> Identity {
        let (private, tickets) = (Term::private(draw(effects)), Term::private(draw(effects)));
        let share = Term::exponent(draw(effects));
        let lifetime_us = effects.config().lifetime_us;
        let certificate = of_shop(&Term::public(&private), effects.local_now(), lifetime_us).signed();
        Identity { private, certificate, tickets, share }
    }
}

impl Run {
    fn new(conn: u64, client: NodeId) -> Run {
        Run {
            conn,
            client,
            stage: Stage::Open,
            hello: None,
            flight: None,
            answers: Vec::new(),
            client_random: None,
            server_random: None,
            secrets: None,
            keys: None,
            early: None,
            transcript: Vec::new(),
            is_resumed: false,
            reads: Vec::new(),
            wrote: Vec::new(),
            next_in: 0,
            next_out: 0,
            is_clean: None,
        }
    }

    /// Seals the next record of the application.
    fn seal(&mut self, plain: &Term) -> Option<Record> {
        let record = Term::aead(&self.keys.as_ref()?.server, self.next_out, plain);
        self.next_out += 1;
        Some(Record::Sealed(record))
    }

    fn close(&mut self, is_clean: bool) {
        self.stage = Stage::Closed;
        self.is_clean.get_or_insert(is_clean);
    }
}

impl Server {
    /// Starts a server. One without a certificate on its disk gets a new one.
    pub(super) fn boot(written: Written, effects: &mut Effects<'_>) -> Server {
        let mut server = Server { written, runs: VecDeque::new(), early: 0, refused: 0 };
        if server.written.identity.is_none() {
            server.written.identity = Some(Rc::new(Identity::new(effects)));
            server.persist(effects);
        }
        server
    }

    /// What its disk holds of it.
    pub fn written(&self) -> &Written {
        &self.written
    }

    /// Whether it has the key of a packet.
    pub(super) fn has(&self, packet: &Packet, key: &Term) -> bool {
        let Some(run) = self.runs.iter().rev().find(|run| run.conn == packet.conn) else {
            // It will have it, with the hello: tickets are its own.
            return self.takes(packet, key);
        };
        let of_handshake = run.secrets.as_ref().is_some_and(|keys| keys.client == *key || keys.server == *key);
        let of_data = run.keys.as_ref().is_some_and(|keys| keys.client == *key || keys.server == *key);
        of_handshake || of_data || run.early.as_ref().is_some_and(|(early, _)| early == key) || self.takes(packet, key)
    }

    /// Whether a key is that of early data under a ticket that it can open.
    fn takes(&self, packet: &Packet, key: &Term) -> bool {
        let Some((term, hello)) = packet.client_hello() else { return false };
        let (Some(identity), Some(offer)) = (&self.written.identity, hello.ticket) else { return false };
        let psk = wire::read_ticket(&identity.tickets, &offer.ticket).map(|(psk, _)| psk);
        psk.is_some_and(|psk| keys::early_key(&psk, term) == *key)
    }

    fn persist(&self, effects: &mut Effects<'_>) {
        effects.persist(super::Disk { server: self.written.clone(), ..Default::default() });
    }

    /// A new key and a new certificate for it.
    pub(super) fn renew(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let new = Identity::new(effects);
        // Tickets stay as they are, so that the other servers go on taking those of this one.
        let tickets = self.written.identity.as_ref().map_or(new.tickets.clone(), |old| old.tickets.clone());
        self.written.identity = Some(Rc::new(Identity { tickets, ..new }));
        self.persist(effects);
        effects.note(|| {
            t!("{node} gets a new key, and a new certificate for it, valid from now on by its own clock", node = me)
        });
    }

    /// Somebody takes the key of the certificate.
    pub(super) fn on_break_in(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(identity) = &self.written.identity else { return };
        let mut loot = vec![identity.private.clone()];
        if !effects.config().rules.fresh_share {
            loot.push(identity.share.clone());
        }
        effects.note(|| t!("Somebody breaks into {node} and takes the private key of its certificate", node = me));
        effects.rule("fresh_share");
        effects.note(|| match loot.len() {
            1 => t!("The private parts of its shares are not there to be taken: each was drawn for one connection, and forgotten."),
            _ => t!("Beside it lies the private part of the one share that it has for all connections."),
        });
        effects.send(Config::MALLORY, Message::Loot(loot));
    }

    /// Something comes.
    pub(super) fn on_packet(&mut self, packet: &Packet, effects: &mut Effects<'_>) {
        let me = effects.me();
        if !packet.to_server || packet.server != me {
            effects.routine("not mine");
            effects.note(|| t!("{node} gets what is not for it", node = me));
            return;
        }
        if packet.records.first() == Some(&Record::Syn) {
            self.accept(packet, effects);
        }
        let Some(place) = self.runs.iter().position(|run| run.conn == packet.conn) else {
            effects.routine("unknown");
            effects.note(|| t!("{node} knows of no such connection", node = me));
            return;
        };
        if self.runs[place].stage == Stage::Closed {
            effects.routine("over");
            effects.note(|| t!("{node} gets something of a connection that is over", node = me));
            return;
        }
        if let Some((term, hello)) = packet.client_hello() {
            self.on_hello(place, packet, term, &hello, effects);
        } else if let Some(alert) = packet.alert() {
            self.runs[place].close(false);
            effects
                .note(|| t!("{node} hears an alert, “{alert}”, and the connection is over", node = me, alert = alert));
        } else if packet.sealed().next().is_some() {
            self.read(place, packet, effects);
        } else if packet.records.contains(&Record::End) {
            self.on_end(place, effects);
        }
    }

    /// A client wants a connection.
    fn accept(&mut self, packet: &Packet, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.runs.iter().all(|run| run.conn != packet.conn) {
            self.runs.push_back(Run::new(packet.conn, packet.client));
            if self.runs.len() > MOST_RUNS {
                self.runs.pop_front();
            }
        }
        if packet.records.len() == 1 {
            effects.routine("connection");
            effects.note(|| t!("{node} takes a connection", node = me));
        }
        effects.send(Config::MALLORY, Message::Packet(packet.back(vec![Record::SynAck])));
    }

    /// A client says hello.
    fn on_hello(&mut self, place: usize, packet: &Packet, term: &Term, hello: &ClientHello, effects: &mut Effects<'_>) {
        let me = effects.me();
        let run = &self.runs[place];
        if let Some(flight) = &run.flight {
            effects.routine("again");
            let is_same = run.hello.as_ref() == Some(term);
            effects.note(|| match is_same {
                true => t!("{node} has had that hello, and gives the same answer again", node = me),
                false => t!("{node} has had another hello on this connection", node = me),
            });
            if is_same {
                effects.send(Config::MALLORY, Message::Packet(flight.clone()));
                run.answers.iter().for_each(|answer| {
                    effects.send(Config::MALLORY, Message::Packet(answer.clone()));
                });
            }
            return;
        }
        let Some(identity) = self.written.identity.clone() else { return };
        let offer = match self.look_at_ticket(&identity, hello, effects) {
            Ok(offer) => offer,
            Err(alert) => {
                self.runs[place].close(false);
                effects.note(|| {
                    t!("{node} finds that the ticket and the hello do not belong together, and refuses", node = me)
                });
                effects.note(|| t!("Whoever shows a ticket seals the whole hello with its key: nobody else can change the hello or use the ticket."));
                let records = vec![Record::Plain(wire::alert(alert)), Record::End];
                effects.send(Config::MALLORY, Message::Packet(packet.back(records)));
                return;
            }
        };
        effects.rule("fresh_share");
        let has_fresh = effects.config().rules.fresh_share;
        let exponent = if has_fresh { Term::exponent(draw(effects)) } else { identity.share.clone() };
        let Some(dh) = Term::dh(&exponent, &hello.share) else { return };
        let psk = offer.as_ref().map(|offer| &offer.psk);
        let takes_early = offer.as_ref().is_some_and(|offer| offer.takes_early);
        let random = Term::nonce(draw(effects));
        let answer = ServerHello { random: random.clone(), share: Term::share(&exponent), is_resumed: psk.is_some() };
        let mut transcript = vec![term.clone(), answer.term()];
        let secrets = Handshake::new(psk, &dh, &transcript);
        let mut messages = vec![wire::extensions(takes_early)];
        transcript.push(messages[0].clone());
        if psk.is_none() {
            let shown = wire::certificate(&identity.certificate);
            transcript.push(shown.clone());
            let verify = wire::certificate_verify(&identity.private, &transcript);
            transcript.push(verify.clone());
            messages.extend([shown, verify]);
        }
        let finished = keys::finished(&secrets.server, &transcript);
        transcript.push(finished.clone());
        messages.push(finished);
        let seal =
            |(number, message): (usize, &Term)| Record::Sealed(Term::aead(&secrets.server, number as u32, message));
        let records = [Record::Plain(transcript[1].clone())].into_iter();
        let flight = packet.back(records.chain(messages.iter().enumerate().map(seal)).collect());
        let is_resumed = psk.is_some();
        let early = offer.filter(|offer| offer.takes_early).map(|offer| (keys::early_key(&offer.psk, term), 0));
        let run = &mut self.runs[place];
        run.stage = Stage::Answered;
        run.hello = Some(term.clone());
        run.client_random = Some(hello.random.clone());
        run.server_random = Some(random);
        run.keys = Some(secrets.application(&transcript));
        run.secrets = Some(secrets);
        run.is_resumed = is_resumed;
        run.early = early;
        run.transcript = transcript;
        run.flight = Some(flight.clone());
        effects.routine(match (is_resumed, takes_early, hello.is_early) {
            (false, _, false) => "answers",
            (true, _, false) => "answers from a ticket",
            (true, true, true) => "takes early data",
            (_, _, true) => "refuses early data",
        });
        effects.note(|| match (is_resumed, takes_early) {
            (false, _) => t!("{node} answers: its half of a secret, and sealed with that: its certificate, a signature of this conversation, Finished", node = me),
            (true, true) => t!("{node} knows the ticket, and takes what was asked early", node = me),
            (true, false) => t!("{node} knows the ticket, and answers with a fresh half of a secret", node = me),
        });
        if takes_early {
            effects.because(&["single_use"], || {
                t!("The ticket is noted as used on this server's disk, so that nobody can use it here again.")
            });
        } else {
            effects.note(|| match is_resumed {
                false => {
                    t!("Both can compute the secret now: each has its own private half and the other's public one.")
                }
                true => t!("The old session shows who they are; the new halves make keys that no old key opens."),
            });
        }
        effects.send(Config::MALLORY, Message::Packet(flight));
        if takes_early {
            self.early += 1;
            self.read_early(place, packet, effects);
        } else if hello.is_early {
            self.refused += 1;
        }
    }

    /// What a ticket is worth. The error is an alert.
    fn look_at_ticket(
        &mut self,
        identity: &Identity,
        hello: &ClientHello,
        effects: &mut Effects<'_>,
    ) -> Result<Option<Offered>, &'static str> {
        let (resume, single_use) = (effects.config().resume, effects.config().rules.single_use);
        let Some(offer) = hello.ticket.as_ref().filter(|_| resume) else { return Ok(None) };
        let Some((psk, issued_ms)) = wire::read_ticket(&identity.tickets, &offer.ticket) else { return Ok(None) };
        if offer.binder.as_ref() != Some(&keys::binder(&psk, &hello.without_binder())) {
            return Err("decrypt_error");
        }
        // Appendix 8.1: who has the ticket already used takes it for unknown.
        let id = offer.ticket.id() as u64;
        if hello.is_early {
            effects.rule("single_use");
            if single_use && self.written.used.contains(&id) {
                return Ok(None);
            }
        }
        let now_ms = effects.local_now() / 1_000;
        if !(-1_000..TICKET_MS).contains(&(now_ms - issued_ms)) {
            return Ok(None);
        }
        // When the hello was sent, by the age that the client tells (section 8.3).
        let is_fresh = (now_ms - (issued_ms + offer.age_ms)).abs() <= effects.config().freshness_ms;
        let takes_early = hello.is_early && is_fresh && effects.config().early_data;
        if takes_early && single_use {
            let used = Rc::make_mut(&mut self.written.used);
            used.push_back(id);
            if used.len() > MOST_USED {
                used.pop_front();
            }
            self.persist(effects);
        }
        Ok(Some(Offered { psk, takes_early }))
    }

    /// Early data comes right after the hello, and is answered before the client has finished.
    fn read_early(&mut self, place: usize, packet: &Packet, effects: &mut Effects<'_>) {
        let mut asked = None;
        for sealed in packet.sealed() {
            let Some((key, next)) = &mut self.runs[place].early else { return };
            if let Some((number, plain)) = sealed.open(key)
                && number == *next
            {
                *next += 1;
                asked = wire::read_request(plain);
            }
        }
        if let Some((method, data)) = asked {
            self.carry_out(place, packet, (method, data), true, effects);
        }
    }

    /// Does what was asked, and answers.
    fn carry_out(
        &mut self,
        place: usize,
        packet: &Packet,
        (method, data): (Method, Term),
        is_early: bool,
        effects: &mut Effects<'_>,
    ) {
        if method == Method::Post {
            self.written.posts.push(Post { data: data.clone(), is_early });
            self.persist(effects);
        }
        let parts: Vec<Term> = (0..PARTS).map(|_| Term::data(draw(effects))).collect();
        let run = &mut self.runs[place];
        run.reads.push(data);
        for (part, data) in parts.into_iter().enumerate() {
            let plain = wire::answer(part as u32, &data);
            run.wrote.push(data);
            let record = run.seal(&plain);
            match run.answers.last_mut().filter(|answer| part == 0 && answer.records.len() == 1 && !is_early) {
                Some(first) => first.records.extend(record),
                None => run.answers.push(packet.back(record.into_iter().collect())),
            }
        }
        let end = run.seal(&wire::close_notify());
        run.answers.push(packet.back(end.into_iter().chain([Record::End]).collect()));
        run.answers.iter().for_each(|answer| effects.send(Config::MALLORY, Message::Packet(answer.clone())));
    }

    /// Sealed records, after the hello.
    fn read(&mut self, place: usize, packet: &Packet, effects: &mut Effects<'_>) {
        let (me, rules) = (effects.me(), effects.config().rules);
        let was = self.runs[place].stage;
        let mut asked = Vec::new();
        let mut is_old = false;
        for sealed in packet.sealed() {
            let run = &mut self.runs[place];
            let (Some(secrets), Some(keys)) = (run.secrets.clone(), run.keys.clone()) else { break };
            if let Some((key, next)) = &mut run.early
                && let Some((number, plain)) = sealed.open(key)
            {
                if number == *next && plain.parts(Tag::EndOfEarlyData).is_some() {
                    *next += 1;
                    run.transcript.push(plain.clone());
                }
            } else if let Some((number, plain)) = sealed.open(&secrets.client) {
                if let Some(alert) = wire::alert_in(plain) {
                    run.close(false);
                    effects.note(|| {
                        t!(
                            "{node} hears a sealed alert, “{alert}”, and the connection is over",
                            node = me,
                            alert = alert
                        )
                    });
                    return;
                }
                if run.stage == Stage::Answered && number == 0 {
                    if *plain != keys::finished(&secrets.client, &run.transcript) {
                        run.close(false);
                        effects.note(|| {
                            t!(
                                "{node} finds that the client has seen another conversation than it has, and stops",
                                node = me
                            )
                        });
                        return;
                    }
                    run.transcript.push(plain.clone());
                    run.stage = Stage::Finished;
                } else {
                    is_old = true;
                }
            } else if let Some((number, plain)) = sealed.open(&keys.client)
                && run.stage == Stage::Finished
            {
                if number != run.next_in {
                    effects.rule("record_numbers");
                    if rules.record_numbers {
                        is_old |= number < run.next_in;
                        if !is_old {
                            break;
                        }
                        continue;
                    }
                }
                run.next_in = run.next_in.max(number + 1);
                if plain.parts(Tag::CloseNotify).is_some() {
                    run.close(true);
                    effects.routine("closed");
                    effects.note(|| t!("{node} hears the sealed end: the connection is over", node = me));
                    return;
                }
                asked.extend(wire::read_request(plain));
            }
        }
        if was == Stage::Answered && self.runs[place].stage == Stage::Finished {
            self.give_ticket(place, packet, effects);
        }
        if let Some((method, data)) = asked.pop() {
            effects.routine(match method {
                Method::Get => "asked",
                Method::Post => "bought",
            });
            effects.note(|| match method {
                Method::Get => t!("{node} finds that the client has seen the same conversation, and answers", node = me),
                Method::Post => t!("{node} finds that the client has seen the same conversation. It notes what was bought, and answers", node = me),
            });
            self.carry_out(place, packet, (method, data), false, effects);
        } else if was == Stage::Answered && self.runs[place].stage == Stage::Finished {
            effects.routine("finished");
            effects.note(|| t!("{node} finds that the client has seen the same conversation", node = me));
        } else if is_old {
            effects.routine("again");
            effects.note(|| t!("{node} has had that, and gives the same answer again", node = me));
            let answers = self.runs[place].answers.iter();
            answers.for_each(|answer| effects.send(Config::MALLORY, Message::Packet(answer.clone())));
        } else if packet.records.contains(&Record::End) {
            self.on_end(place, effects);
        } else {
            effects.routine("not to be opened");
            effects.note(|| t!("{node} cannot use that, and throws it away", node = me));
        }
    }

    /// Prepares a ticket, which leaves with the answer. Only a session with a certificate has one.
    fn give_ticket(&mut self, place: usize, packet: &Packet, effects: &mut Effects<'_>) {
        let (Some(identity), true) = (self.written.identity.clone(), effects.config().resume) else { return };
        let (nonce, now_ms) = (Term::nonce(draw(effects)), effects.local_now() / 1_000);
        let run = &mut self.runs[place];
        let Some(keys) = run.keys.as_ref().filter(|_| !run.is_resumed) else { return };
        let resumption = keys::resumption(&keys.master, &run.transcript);
        let ticket = wire::ticket(&identity.tickets, &keys::psk(&resumption, &nonce), now_ms);
        let record = run.seal(&wire::new_ticket(&ticket, &nonce));
        run.answers.push(packet.back(record.into_iter().collect()));
    }

    /// The connection below has ended, and nobody has sealed that.
    fn on_end(&mut self, place: usize, effects: &mut Effects<'_>) {
        let me = effects.me();
        let is_enough = !effects.config().rules.close_notify && self.runs[place].stage == Stage::Finished;
        self.runs[place].close(is_enough);
        effects.rule("close_notify");
        effects.routine("cut off");
        effects.note(|| match is_enough {
            false => t!("{node} hears that the connection has ended, and nobody has sealed an end", node = me),
            true => t!("{node} hears that the connection has ended, and takes that for the end", node = me),
        });
    }
}

/// A ticket that a server takes.
struct Offered {
    psk: Term,
    takes_early: bool,
}
