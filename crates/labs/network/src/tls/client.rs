//! A client: it connects, looks at what the server shows, and asks once both have finished.

use std::collections::VecDeque;

use serde::Serialize;
use sim::{NodeId, Text, t};

use super::certificates::{Certificate, Dates, SHOP};
use super::keys::{self, Application, Handshake};
use super::term::{Kind, Tag, Term};
use super::wire::{self, ClientHello, Method, Offer, Packet, Record, ServerHello};
use super::{Config, Effects, Message, Timer};

/// How many connections a client remembers that have ended.
const REMEMBERED: usize = 6;

/// How many wishes wait for the connection that is open.
const MOST_WISHES: usize = 4;

/// How often a flight is sent at the most.
const MOST_TRIES: u32 = 6;

/// How long a ticket is good, in milliseconds (RFC 8446, section 4.6.1: seven days at the most).
pub const TICKET_MS: i64 = 604_800_000;

/// The state of a client.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Client {
    written: Written,
    /// The connection that is open.
    pub open: Option<Open>,
    /// What its user wants after that.
    pub wishes: VecDeque<(Method, &'static str)>,
    /// The last connections, the oldest first.
    pub ended: VecDeque<Ended>,
    /// How many answers of the shop have come whole in this life.
    pub answers: u32,
    /// The certificate that it has looked at last, and refused.
    pub refused: Option<Term>,
}

/// What a client has on its disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Written {
    /// How many connections it has made.
    pub made: u32,
    /// The ticket for the next time.
    pub ticket: Option<Kept>,
}

/// A ticket that a client keeps.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Kept {
    ticket: Term,
    psk: Term,
    /// When it came, in microseconds of its own clock.
    got_us: i64,
}

/// A connection that is open.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Open {
    pub number: u32,
    pub conn: u64,
    pub server: NodeId,
    /// The name of the server that it wants.
    pub site: &'static str,
    pub method: Method,
    /// What it asks.
    pub request: Term,
    pub step: Step,
    pub tries: u32,
    /// Until when it waits, on the clock that nobody sets, in microseconds.
    until_us: u64,
    /// When it began, on the same clock.
    began_us: u64,
    /// When the first byte of the answer was there.
    pub first_us: Option<u64>,
    exponent: Term,
    hello: Option<Term>,
    psk: Option<Term>,
    /// Whether it has sent early data.
    pub is_early: bool,
    /// What both have once it has looked at all that the server shows.
    pub session: Option<Session>,
    /// What it has sent last, to be sent again.
    last: Packet,
    /// What it has read, in order.
    pub reads: Vec<Term>,
    next_in: u32,
    next_out: u32,
}

/// How far a connection has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Step {
    /// The connection below is asked for.
    Knocking,
    /// The hello is under way.
    Greeting,
    /// The handshake is over, and the answer is under way.
    Asking,
}

/// What a client has of a connection that it has finished.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Session {
    pub client_random: Term,
    pub server_random: Term,
    pub keys: Application,
    /// The certificate that it was shown; none where the session went on from a ticket.
    pub certificate: Option<Term>,
    /// Whether early data was taken.
    pub early: bool,
    resumption: Term,
}

/// A connection that has ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ended {
    pub number: u32,
    pub conn: u64,
    pub site: &'static str,
    pub method: Method,
    pub verdict: Verdict,
    pub reads: Vec<Term>,
    /// Whether it had finished the handshake.
    pub is_finished: bool,
    /// From its beginning to the first byte of the answer, in microseconds.
    pub first_us: Option<u64>,
}

/// What a user is told in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Verdict {
    /// The answer is whole.
    Answered,
    /// The connection has ended before the answer had.
    CutOff,
    /// The client does not believe what it was shown.
    Refused(Why),
    /// The server has sent an alert.
    Alerted,
    /// Nothing came.
    Silent,
}

/// Why a client does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Why {
    Chain,
    NotYetValid,
    Expired,
    Name,
    Signature,
    Finished,
    /// It cannot open what should be sealed for it.
    Sealed,
    /// It can make no sense of it.
    Shape,
}

impl Why {
    /// The alert that says so (RFC 8446, section 6.2).
    pub fn alert(self) -> &'static str {
        match self {
            Why::Chain => "unknown_ca",
            Why::NotYetValid | Why::Expired => "certificate_expired",
            Why::Name => "bad_certificate",
            Why::Signature | Why::Finished => "decrypt_error",
            Why::Sealed => "bad_record_mac",
            Why::Shape => "illegal_parameter",
        }
    }

    /// The same in a few words.
    pub fn word(self) -> Text {
        match self {
            Why::Chain => t!("signed by nobody it trusts"),
            Why::NotYetValid => t!("not yet valid"),
            Why::Expired => t!("expired"),
            Why::Name => t!("another name"),
            Why::Signature => t!("wrong signature"),
            Why::Finished => t!("wrong Finished"),
            Why::Sealed => t!("cannot be opened"),
            Why::Shape => t!("makes no sense"),
        }
    }
}

impl Verdict {
    /// The verdict in a few words.
    pub fn word(self) -> Text {
        match self {
            Verdict::Answered => t!("answered"),
            Verdict::CutOff => t!("cut off"),
            Verdict::Refused(why) => t!("refused: {why}", why = why.word()),
            Verdict::Alerted => t!("the server refused"),
            Verdict::Silent => t!("no answer"),
        }
    }
}

impl Open {
    /// The public half of its secret.
    pub(super) fn share(&self) -> Term {
        Term::share(&self.exponent)
    }

    /// The private half of its secret.
    pub(super) fn private(&self) -> Term {
        self.exponent.clone()
    }

    /// Whether this is the private half of its secret.
    pub(super) fn has(&self, exponent: &Term) -> bool {
        self.exponent == *exponent
    }

    /// Whether this is its key of early data.
    pub(super) fn has_early(&self, key: &Term) -> bool {
        let known = self.psk.as_ref().zip(self.hello.as_ref());
        known.is_some_and(|(psk, hello)| keys::early_key(psk, hello) == *key)
    }
}

impl Client {
    /// Starts a client. Whatever was open is over.
    pub(super) fn boot(written: Written, effects: &mut Effects<'_>) -> Client {
        let mut client =
            Client { written, open: None, wishes: VecDeque::new(), ended: VecDeque::new(), answers: 0, refused: None };
        client.rest(effects);
        client
    }

    /// What its disk holds of it.
    pub fn written(&self) -> &Written {
        &self.written
    }

    fn persist(&self, effects: &mut Effects<'_>) {
        effects.persist(super::Disk { client: self.written.clone(), ..Default::default() });
    }

    fn rest(&mut self, effects: &mut Effects<'_>) {
        let workload_us = effects.config().workload_us;
        if workload_us > 0 {
            let spread_us = effects.choose(workload_us / 4 + 1);
            effects.set_timer(Timer::Next, workload_us * 3 / 4 + spread_us);
        }
    }

    /// The user wants the next thing, by turns to read and to buy.
    pub(super) fn on_turn(&mut self, effects: &mut Effects<'_>) {
        if self.open.is_some() {
            effects.routine("waits");
            let me = effects.me();
            effects.note(|| t!("The user of {node} waits for what is open", node = me));
            return;
        }
        let method = if self.written.made.is_multiple_of(2) { Method::Get } else { Method::Post };
        effects.routine("connects");
        self.begin(method, SHOP, effects);
    }

    /// A person wants something.
    pub(super) fn want(&mut self, method: Method, site: &'static str, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.open.is_none() {
            self.begin(method, site, effects);
        } else if self.wishes.len() < MOST_WISHES {
            self.wishes.push_back((method, site));
            effects.note(|| t!("{node} asks for one thing at a time: this one waits", node = me));
        } else {
            effects.note(|| t!("The user of {node} wants too much at once, and is not heard", node = me));
        }
    }

    /// A new connection.
    fn begin(&mut self, method: Method, site: &'static str, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.written.made += 1;
        let number = self.written.made;
        let servers = u32::from(effects.config().servers);
        let server = NodeId(Config::FIRST_SERVER.0 + ((number - 1 + u32::from(me.0)) % servers) as u16);
        let conn = draw(effects);
        let data = Term::data(draw(effects));
        let last = Packet { conn, client: me, server, to_server: true, records: vec![Record::Syn], is_forged: false };
        self.open = Some(Open {
            number,
            conn,
            server,
            site,
            method,
            request: wire::request(method, &data),
            step: Step::Knocking,
            tries: 0,
            until_us: 0,
            began_us: effects.monotonic_now(),
            first_us: None,
            exponent: Term::exponent(draw(effects)),
            hello: None,
            psk: None,
            is_early: false,
            session: None,
            last,
            reads: Vec::new(),
            next_in: 0,
            next_out: 0,
        });
        self.persist(effects);
        effects.note(|| match method {
            Method::Get => t!(
                "{node} wants to read something at {site} (GET), and connects to {server}",
                node = me,
                site = site,
                server = server
            ),
            Method::Post => t!(
                "{node} wants to buy something at {site} (POST), and connects to {server}",
                node = me,
                site = site,
                server = server
            ),
        });
        effects.note(|| {
            t!(
                "First a connection: one round trip before anything is said. All goes by way of {mallory}.",
                mallory = Config::MALLORY
            )
        });
        self.send(effects);
    }

    /// Sends the last flight, and waits.
    fn send(&mut self, effects: &mut Effects<'_>) {
        let Some(open) = &mut self.open else { return };
        let patience_us = effects.config().patience_us();
        open.tries += 1;
        open.until_us = effects.monotonic_now() + patience_us;
        effects.send(Config::MALLORY, Message::Packet(open.last.clone()));
        effects.set_timer(Timer::Again, patience_us);
    }

    /// Nothing has come for a while.
    pub(super) fn on_silence(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let Some(open) = &self.open else { return };
        if now_us < open.until_us {
            effects.set_timer(Timer::Again, open.until_us - now_us);
            effects.note(|| t!("{node} looks at its clock: it is too early", node = me));
        } else if open.tries < MOST_TRIES {
            effects.note(|| t!("{node} has heard nothing, and sends its last flight again", node = me));
            self.send(effects);
        } else {
            effects.note(|| t!("{node} has heard nothing for too long, and gives up", node = me));
            self.end(Verdict::Silent, effects);
        }
    }

    /// Something comes.
    pub(super) fn on_packet(&mut self, packet: &Packet, effects: &mut Effects<'_>) {
        let me = effects.me();
        let step = match &self.open {
            Some(open) if open.conn == packet.conn && !packet.to_server => open.step,
            _ => {
                effects.routine("late");
                effects.note(|| t!("{node} gets something of a connection that is over", node = me));
                return;
            }
        };
        if let Some(alert) = packet.alert() {
            effects
                .note(|| t!("{node} hears an alert, “{alert}”, and the connection is over", node = me, alert = alert));
            self.end(Verdict::Alerted, effects);
            return;
        }
        match (step, packet.server_hello()) {
            (Step::Knocking, _) if packet.records.contains(&Record::SynAck) => self.greet(effects),
            (Step::Greeting, Some((term, hello))) => self.look(packet, term, &hello, effects),
            (Step::Asking, Some(_)) => {
                effects.routine("again");
                effects
                    .note(|| t!("{node} gets the flight of the server again, and repeats what it has said", node = me));
                self.send(effects);
            }
            (Step::Asking, None) => self.read(packet, effects),
            _ if packet.records.contains(&Record::End) => {
                effects.note(|| t!("{node} hears that the connection has ended before it was secure", node = me));
                self.end(Verdict::CutOff, effects);
            }
            _ => {
                effects.routine("late");
                effects.note(|| t!("{node} does not wait for that now", node = me));
            }
        }
    }

    /// The connection below is there: the hello leaves, with a ticket if there is one, and early data after it.
    fn greet(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.local_now());
        let (resume, may_be_early) = (effects.config().resume, effects.config().early_data);
        let early_post = effects.config().early_post;
        let random = Term::nonce(draw(effects));
        let Some(open) = &mut self.open else { return };
        let ticket = if resume && open.site == SHOP { self.written.ticket.take() } else { None };
        let age_ms = |kept: &Kept| (now_us - kept.got_us) / 1_000;
        let ticket = ticket.filter(|kept| (0..TICKET_MS).contains(&age_ms(kept)));
        let is_early = ticket.is_some() && may_be_early && (early_post || open.method == Method::Get);
        let mut hello = ClientHello {
            random,
            share: Term::share(&open.exponent),
            name: open.site,
            ticket: ticket.as_ref().map(|kept| Offer {
                ticket: kept.ticket.clone(),
                age_ms: age_ms(kept),
                binder: None,
            }),
            is_early,
        };
        if let (Some(kept), Some(offer)) = (&ticket, hello.ticket.as_ref()) {
            let binder = keys::binder(&kept.psk, &hello.without_binder());
            hello.ticket = Some(Offer { binder: Some(binder), ..offer.clone() });
        }
        let term = hello.term();
        let mut records = vec![Record::Plain(term.clone())];
        if let Some(kept) = ticket.as_ref().filter(|_| is_early) {
            let key = keys::early_key(&kept.psk, &term);
            records.push(Record::Sealed(Term::aead(&key, 0, &open.request)));
        }
        open.hello = Some(term);
        open.psk = ticket.map(|kept| kept.psk);
        open.is_early = is_early;
        open.step = Step::Greeting;
        open.tries = 0;
        open.last = open.last.with(records);
        let is_resuming = open.psk.is_some();
        if is_resuming {
            // A ticket is used once (appendix C.4).
            self.persist(effects);
        }
        effects.routine(if is_early { "early" } else { "hello" });
        effects.note(|| match (is_resuming, is_early) {
            (false, _) => t!("{node} says hello: a random number, and one half of a secret", node = me),
            (true, false) => t!("{node} says hello, and shows a ticket of its last session", node = me),
            (true, true) => t!("{node} says hello with a ticket of its last session, and asks already", node = me),
        });
        effects.note(|| match is_early {
            false => t!("The other half, which makes a secret of it, stays at home. Who sees only what is sent cannot compute the secret."),
            true => t!("Early data saves a round trip. It is sealed with the old key alone, and whoever records it can send it again."),
        });
        self.send(effects);
    }

    /// The server has answered: the client looks at all of it.
    fn look(&mut self, packet: &Packet, term: &Term, hello: &ServerHello, effects: &mut Effects<'_>) {
        let me = effects.me();
        match self.verify(packet, term, hello, effects) {
            Ok((session, records)) => self.finish(session, records, effects),
            Err((why, key)) => {
                let name = why.alert();
                effects.note(|| match why {
                    Why::Chain => {
                        t!("{node} looks at the certificate: nobody that it trusts has signed it. It stops", node = me)
                    }
                    Why::NotYetValid => {
                        t!("{node} looks at the certificate: by its clock it is not yet valid. It stops", node = me)
                    }
                    Why::Expired => {
                        t!("{node} looks at the certificate: by its clock it has expired. It stops", node = me)
                    }
                    Why::Name => t!("{node} looks at the certificate: it is for another name. It stops", node = me),
                    Why::Signature => t!(
                        "{node} looks at the signature: it was not made with the key of the certificate. It stops",
                        node = me
                    ),
                    Why::Finished => t!(
                        "{node} finds that the server has seen another conversation than it has. It stops",
                        node = me
                    ),
                    Why::Sealed => t!("{node} cannot open what should be sealed for it. It stops", node = me),
                    Why::Shape => t!("{node} can make no sense of the answer. It stops", node = me),
                });
                effects.note(|| match why {
                    Why::Chain => t!("Anybody can write a certificate. What counts is who has signed it."),
                    Why::NotYetValid | Why::Expired => t!("Dates are compared with the client's own clock: where that is wrong, a good certificate fails too."),
                    Why::Name => t!("It is a good certificate, and the key is that of its owner. But it is not the one that {node} wants to talk to.", node = me),
                    Why::Signature => t!("A certificate is public: anybody can show it. Only its owner can sign this very conversation."),
                    Why::Finished => t!("Each side seals a digest of all that was said: a change anywhere shows here."),
                    Why::Sealed => t!("Somebody has changed one of the two halves of the secret: now the two ends have different keys."),
                    Why::Shape => t!("Something was changed on the way."),
                });
                let was_opened = !matches!(why, Why::Sealed | Why::Shape);
                self.refused = certificate_in(packet).filter(|_| was_opened);
                let Some(open) = &self.open else { return };
                let alert = wire::alert(name);
                let record = match key {
                    Some(key) => Record::Sealed(Term::aead(&key, 0, &alert)),
                    None => Record::Plain(alert),
                };
                effects.send(Config::MALLORY, Message::Packet(open.last.with(vec![record, Record::End])));
                self.end(Verdict::Refused(why), effects);
            }
        }
    }

    /// Looks at a whole flight of a server, in this order: chain, dates, name, signature, Finished. The error has the key for the alert.
    fn verify(
        &self,
        packet: &Packet,
        term: &Term,
        hello: &ServerHello,
        effects: &mut Effects<'_>,
    ) -> Result<(Session, Vec<Record>), (Why, Option<Term>)> {
        let rules = effects.config().rules;
        let shape = (Why::Shape, None);
        let (Some(open), Some(client_hello)) = (&self.open, self.open.as_ref().and_then(|open| open.hello.clone()))
        else {
            return Err(shape);
        };
        let client_random = ClientHello::read(&client_hello).map(|hello| hello.random).ok_or(shape.clone())?;
        let dh = Term::dh(&open.exponent, &hello.share).ok_or(shape.clone())?;
        if hello.is_resumed && open.psk.is_none() {
            return Err(shape);
        }
        let psk = open.psk.as_ref().filter(|_| hello.is_resumed);
        let mut transcript = vec![client_hello, term.clone()];
        let secrets = Handshake::new(psk, &dh, &transcript);
        let key = Some(secrets.client.clone());
        let mut messages = Vec::new();
        for (number, sealed) in packet.sealed().enumerate() {
            match sealed.open(&secrets.server) {
                Some((known, plain)) if known == number as u32 => messages.push(plain),
                _ => return Err((Why::Sealed, None)),
            }
        }
        let mut messages = messages.into_iter();
        let mut next = || messages.next().cloned().ok_or((Why::Shape, key.clone()));
        let extensions = next()?;
        let early = wire::takes_early(&extensions).ok_or((Why::Shape, key.clone()))?;
        transcript.push(extensions);
        let mut certificate = None;
        if !hello.is_resumed {
            let shown = next()?;
            let signed = shown.parts(Tag::Certificate).and_then(|parts| parts.first());
            let read = signed.and_then(|signed| Some((signed.clone(), Certificate::read(signed)?)));
            let (signed, read) = read.ok_or((Why::Shape, key.clone()))?;
            transcript.push(shown.clone());
            let verify = next()?;
            let found = read.judge(&signed, open.site, effects.local_now());
            let signature = verify.parts(Tag::CertificateVerify).and_then(|parts| parts.first());
            let to_be_signed = wire::to_be_signed(&transcript);
            let is_signed = signature.is_some_and(|signature| signature.is_signature(&read.public, &to_be_signed));
            let dates = match found.dates {
                Dates::NotYet => Some(Why::NotYetValid),
                Dates::Expired => Some(Why::Expired),
                Dates::Valid => None,
            };
            let faults = [
                ((!found.chain).then_some(Why::Chain), "chain", rules.chain),
                (dates, "dates", rules.dates),
                ((!found.name).then_some(Why::Name), "name", rules.name),
                ((!is_signed).then_some(Why::Signature), "signature", rules.signature),
            ];
            for (why, rule, is_followed) in faults {
                let Some(why) = why else { continue };
                effects.rule(rule);
                if is_followed {
                    return Err((why, key));
                }
            }
            transcript.push(verify);
            certificate = Some(signed);
        }
        let finished = next()?;
        if finished != keys::finished(&secrets.server, &transcript) {
            return Err((Why::Finished, key));
        }
        transcript.push(finished);
        let keys = secrets.application(&transcript);
        let early = early && open.is_early && hello.is_resumed;
        let mut records = Vec::new();
        if let Some(psk) = psk.filter(|_| early) {
            // The keys of early data follow from the first hello alone.
            let end = wire::end_of_early_data();
            let key = keys::early_key(psk, &transcript[0]);
            records.push(Record::Sealed(Term::aead(&key, 1, &end)));
            transcript.push(end);
        }
        let finished = keys::finished(&secrets.client, &transcript);
        records.push(Record::Sealed(Term::aead(&secrets.client, 0, &finished)));
        transcript.push(finished);
        if !early {
            records.push(Record::Sealed(Term::aead(&keys.client, 0, &open.request)));
        }
        let resumption = keys::resumption(&keys.master, &transcript);
        let server_random = hello.random.clone();
        Ok((Session { client_random, server_random, keys, certificate, early, resumption }, records))
    }

    /// All is well: the client finishes, and asks if it has not yet.
    fn finish(&mut self, session: Session, records: Vec<Record>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(open) = &mut self.open else { return };
        let (site, is_resumed, early) = (open.site, session.certificate.is_none(), session.early);
        open.next_out = u32::from(!early);
        open.step = Step::Asking;
        open.tries = 0;
        open.last = open.last.with(records);
        open.session = Some(session);
        effects.note(|| match (is_resumed, early) {
            (false, _) => t!(
                "{node} has looked at all that it looks at, takes the other end for {site}, and asks",
                node = me,
                site = site
            ),
            (true, true) => t!(
                "{node} finishes: the other end has the key of the last session, and takes what was asked early",
                node = me
            ),
            (true, false) => t!("{node} finishes: the other end has the key of the last session. It asks", node = me),
        });
        if is_resumed {
            effects.note(|| t!("No certificate is shown: who has the key of the last session is who it was then."));
        } else {
            effects.because(&["chain", "dates", "name", "signature"], || {
                t!("Signed by somebody it trusts, valid by its clock, the right name, and the key signs this very conversation.")
            });
        }
        self.send(effects);
    }

    /// Records of the application.
    fn read(&mut self, packet: &Packet, effects: &mut Effects<'_>) {
        let (me, rules) = (effects.me(), effects.config().rules);
        let (now_us, local_us) = (effects.monotonic_now(), effects.local_now());
        let Some(open) = &mut self.open else { return };
        let Some(session) = &open.session else { return };
        let (mut is_closed, mut parts, mut is_alert, mut ticket) = (false, 0, false, None);
        for sealed in packet.sealed() {
            let Some((number, plain)) = sealed.open(&session.keys.server) else {
                effects.routine("not to be opened");
                effects.note(|| t!("{node} cannot open that record, and throws it away", node = me));
                return;
            };
            if number != open.next_in {
                effects.rule("record_numbers");
                if rules.record_numbers {
                    let next = open.next_in;
                    effects.routine("another number");
                    effects.note(|| {
                        t!(
                            "{node} expects record {next}, gets record {number}, and throws it away",
                            node = me,
                            next = next,
                            number = number
                        )
                    });
                    return;
                }
            }
            open.next_in = open.next_in.max(number + 1);
            if let Some(data) = wire::read_answer(plain) {
                open.reads.push(data);
                open.first_us.get_or_insert(now_us - open.began_us);
                open.tries = 0;
                parts += 1;
            } else if let Some([sealed, nonce]) = plain.parts(Tag::NewSessionTicket) {
                let psk = keys::psk(&session.resumption, nonce);
                ticket = Some(Kept { ticket: sealed.clone(), psk, got_us: local_us });
            } else if plain.parts(Tag::CloseNotify).is_some() {
                is_closed = true;
            } else if wire::alert_in(plain).is_some() {
                is_alert = true;
            }
        }
        let has_ticket = ticket.is_some();
        if let Some(ticket) = ticket {
            self.written.ticket = Some(ticket);
            self.persist(effects);
        }
        let is_end = packet.records.contains(&Record::End);
        if is_alert {
            effects.note(|| t!("{node} hears a sealed alert, and the connection is over", node = me));
            self.end(Verdict::Alerted, effects);
        } else if is_closed {
            effects.note(|| t!("{node} has read the seal at the end: the answer is whole", node = me));
            self.close(effects);
        } else if is_end {
            effects.rule("close_notify");
            if rules.close_notify {
                effects.note(|| t!("{node} hears that the connection has ended, but nobody has sealed an end: it tells its user that the answer was cut off", node = me));
                effects.note(|| t!("Anybody can end the connection below. Only the other end can seal that there is nothing more to come."));
                self.end(Verdict::CutOff, effects);
            } else {
                effects.note(|| {
                    t!(
                        "{node} hears that the connection has ended, and takes what it has for the whole answer",
                        node = me
                    )
                });
                effects.note(|| t!("Anybody can end the connection below. Whether more was to come, nobody has said."));
                self.close(effects);
            }
        } else if parts > 0 {
            effects.routine(if has_ticket { "answer and ticket" } else { "answer" });
            effects.note(|| match has_ticket {
                true => t!("{node} reads a part of the answer, and keeps a ticket for the next time", node = me),
                false => t!("{node} reads a part of the answer", node = me),
            });
        } else {
            effects.routine("nothing");
            effects.note(|| t!("{node} gets nothing that it can use", node = me));
        }
    }

    /// The answer is whole: the client seals an end too.
    fn close(&mut self, effects: &mut Effects<'_>) {
        let Some(open) = &self.open else { return };
        if let Some(session) = &open.session {
            let end = Term::aead(&session.keys.client, open.next_out, &wire::close_notify());
            let packet = open.last.with(vec![Record::Sealed(end), Record::End]);
            effects.send(Config::MALLORY, Message::Packet(packet));
        }
        self.end(Verdict::Answered, effects);
    }

    fn end(&mut self, verdict: Verdict, effects: &mut Effects<'_>) {
        let Some(open) = self.open.take() else { return };
        effects.cancel_timer(Timer::Again);
        let is_finished = open.session.is_some();
        self.answers += u32::from(verdict == Verdict::Answered && open.site == SHOP);
        let Open { number, conn, site, method, reads, first_us, .. } = open;
        self.ended.push_back(Ended { number, conn, site, method, verdict, reads, is_finished, first_us });
        if self.ended.len() > REMEMBERED {
            self.ended.pop_front();
        }
        match self.wishes.pop_front() {
            Some((method, site)) => self.begin(method, site, effects),
            None => self.rest(effects),
        }
    }
}

/// The certificate in a flight that was opened, or that could not be.
fn certificate_in(packet: &Packet) -> Option<Term> {
    packet.sealed().find_map(|sealed| match sealed.kind() {
        Kind::Aead(_, _, plain) => plain.parts(Tag::Certificate)?.first().cloned(),
        _ => None,
    })
}

/// Draws what nobody else draws.
pub(super) fn draw(effects: &mut Effects<'_>) -> u64 {
    100 + effects.choose(u64::MAX - 100)
}
