//! Mallory in the middle: for the client she is the server, for the server she is the client, and between the two she reads all.
//!
//! What she sends is built like what honest ends send, and leaves only if she can build each part of it.

use serde::Serialize;
use sim::NodeId;

use super::certificates::Certificate;
use super::keys::{self, Application, Handshake};
use super::term::{Tag, Term};
use super::wire::{self, ClientHello, Packet, Record, ServerHello};

/// A connection in which she stands as both ends.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Game {
    pub conn: u64,
    pub client: NodeId,
    pub server: NodeId,
    /// The private part of her share.
    exponent: Term,
    randoms: [Term; 2],
    /// The hello of the client.
    hello: Term,
    /// The certificate that she shows; none as long as she has to fetch it from the server.
    pub shown: Option<Term>,
    /// The key that she signs with.
    signer: Term,
    /// Her conversation with the client.
    to_client: Option<Leg>,
    /// Her conversation with the server.
    to_server: Option<Leg>,
    /// Her answer to the client's hello.
    flight: Option<Packet>,
    /// Her hello to the server.
    greeting: Packet,
    /// What the client wants.
    pub wanted: Option<Term>,
    /// The same, as it went to the server.
    asked: Option<Packet>,
    /// What the server has answered, and as what it went to the client.
    passed: Vec<(Term, Packet)>,
    /// Whether the client has finished with her.
    pub has_client: bool,
    /// Whether the client has noticed.
    pub is_over: bool,
}

/// Her keys with one end.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Leg {
    secrets: Handshake,
    keys: Application,
    transcript: Vec<Term>,
    next_out: u32,
}

/// What a step of hers was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// She has the keys with the server.
    HasServer,
    /// She reads what the client wants.
    Reads,
    /// She reads an answer.
    ReadsAnswer,
    /// The client has noticed.
    Noticed,
    /// The end is passed on.
    Ends,
    /// Something is sent again.
    Again,
    /// It is passed on as it is.
    Passes,
}

impl Game {
    /// Begins with a client's hello; `drawn` are her private part and two random numbers.
    pub(super) fn new(
        packet: &Packet,
        hello: &ClientHello,
        term: &Term,
        shown: Option<Term>,
        signer: Term,
        drawn: [Term; 3],
    ) -> Game {
        let [exponent, first, second] = drawn;
        let greeting = ClientHello {
            random: second.clone(),
            share: Term::share(&exponent),
            name: hello.name,
            ticket: None,
            is_early: false,
        };
        Game {
            conn: packet.conn,
            client: packet.client,
            server: packet.server,
            greeting: packet.with(vec![Record::Plain(greeting.term())]).forged(),
            exponent,
            randoms: [first, second],
            hello: term.clone(),
            shown,
            signer,
            to_client: None,
            to_server: None,
            flight: None,
            wanted: None,
            asked: None,
            passed: Vec::new(),
            has_client: false,
            is_over: false,
        }
    }

    /// Her hello to the server. The client waits until there is an answer.
    pub(super) fn greeting(&self) -> Packet {
        self.greeting.clone()
    }

    /// Answers the client as if she were the server.
    fn answer(&mut self, shown: &Term) -> Option<Packet> {
        let client_hello = ClientHello::read(&self.hello)?;
        let hello =
            ServerHello { random: self.randoms[0].clone(), share: Term::share(&self.exponent), is_resumed: false };
        let dh = Term::dh(&self.exponent, &client_hello.share)?;
        let mut transcript = vec![self.hello.clone(), hello.term()];
        let secrets = Handshake::new(None, &dh, &transcript);
        let mut messages = vec![wire::extensions(false), wire::certificate(shown)];
        transcript.extend(messages.iter().cloned());
        messages.push(wire::certificate_verify(&self.signer, &transcript));
        transcript.extend(messages.last().cloned());
        messages.push(keys::finished(&secrets.server, &transcript));
        transcript.extend(messages.last().cloned());
        let sealed = messages.iter().enumerate();
        let sealed = sealed.map(|(number, plain)| Record::Sealed(Term::aead(&secrets.server, number as u32, plain)));
        let records = [Record::Plain(transcript[1].clone())].into_iter().chain(sealed).collect();
        let keys = secrets.application(&transcript);
        self.to_client = Some(Leg { secrets, keys, transcript, next_out: 0 });
        let flight = self.greeting.back(records).forged();
        self.flight = Some(flight.clone());
        Some(flight)
    }

    /// A packet of one of the ends: what she makes of it.
    pub(super) fn on_packet(&mut self, packet: &Packet) -> (Move, Vec<Packet>) {
        if self.is_over {
            return (Move::Passes, vec![packet.clone()]);
        }
        if packet.to_server { self.of_client(packet) } else { self.of_server(packet) }
    }

    fn of_client(&mut self, packet: &Packet) -> (Move, Vec<Packet>) {
        if packet.client_hello().is_some() {
            let again = self.to_server.is_none().then(|| self.greeting.clone());
            return (Move::Again, again.into_iter().chain(self.flight.clone()).collect());
        }
        let end = || packet.with(vec![Record::End]).forged();
        if packet.alert().is_some() {
            self.is_over = true;
            return (Move::Noticed, vec![end()]);
        }
        let Some(leg) = &self.to_client else { return (Move::Passes, vec![packet.clone()]) };
        let mut is_closed = false;
        for sealed in packet.sealed() {
            if let Some((_, plain)) = sealed.open(&leg.secrets.client) {
                if wire::alert_in(plain).is_some() {
                    self.is_over = true;
                    return (Move::Noticed, vec![end()]);
                }
                self.has_client |= plain.parts(Tag::Finished).is_some();
            } else if let Some((_, plain)) = sealed.open(&leg.keys.client) {
                is_closed |= plain.parts(Tag::CloseNotify).is_some();
                if wire::read_request(plain).is_some() {
                    self.wanted = Some(plain.clone());
                }
            }
        }
        if is_closed {
            let close = self.to_server.as_mut().map(|leg| leg.seal_for_server(&wire::close_notify()));
            return (Move::Ends, vec![packet.with(close.into_iter().chain([Record::End]).collect()).forged()]);
        }
        if self.wanted.is_none() {
            return (Move::Passes, vec![packet.clone()]);
        }
        let is_new = self.asked.is_none();
        let out = self.ask(packet);
        (if is_new { Move::Reads } else { Move::Again }, out.into_iter().collect())
    }

    /// Asks the server what the client wants, once there are keys with both.
    fn ask(&mut self, packet: &Packet) -> Option<Packet> {
        if self.asked.is_none() {
            let wanted = self.wanted.clone()?;
            let leg = self.to_server.as_mut()?;
            let finished = keys::finished(&leg.secrets.client, &leg.transcript);
            let finished = Record::Sealed(Term::aead(&leg.secrets.client, 0, &finished));
            let request = leg.seal_for_server(&wanted);
            let packet = if packet.to_server { packet.clone() } else { packet.back(Vec::new()) };
            self.asked = Some(packet.with(vec![finished, request]).forged());
        }
        self.asked.clone()
    }

    fn of_server(&mut self, packet: &Packet) -> (Move, Vec<Packet>) {
        if let Some((term, hello)) = packet.server_hello() {
            if self.to_server.is_some() {
                return (Move::Again, self.asked.clone().into_iter().collect());
            }
            let mut out = Vec::new();
            if self.meet(packet, term, &hello).is_some() {
                if self.flight.is_none()
                    && let Some(shown) = self.shown.clone()
                {
                    out.extend(self.answer(&shown));
                }
                out.extend(self.ask(packet));
            }
            return (Move::HasServer, out);
        }
        let Some(first) = packet.sealed().next() else { return (Move::Passes, vec![packet.clone()]) };
        if let Some((_, known)) = self.passed.iter().find(|(was, _)| was == first) {
            return (Move::Again, vec![known.clone()]);
        }
        let (Some(server), Some(client)) = (&self.to_server, &mut self.to_client) else {
            return (Move::Passes, vec![packet.clone()]);
        };
        let mut records = Vec::new();
        for sealed in packet.sealed() {
            if let Some((_, plain)) = sealed.open(&server.keys.server)
                && plain.parts(Tag::NewSessionTicket).is_none()
            {
                records.push(Record::Sealed(Term::aead(&client.keys.server, client.next_out, plain)));
                client.next_out += 1;
            }
        }
        let is_end = packet.records.contains(&Record::End);
        records.extend(is_end.then_some(Record::End));
        if records.is_empty() {
            return (Move::Again, Vec::new());
        }
        let made = packet.with(records).forged();
        self.passed.push((first.clone(), made.clone()));
        (if is_end { Move::Ends } else { Move::ReadsAnswer }, vec![made])
    }

    /// The server has answered her hello: she has keys with it, and its certificate.
    fn meet(&mut self, packet: &Packet, term: &Term, hello: &ServerHello) -> Option<()> {
        let greeting = self.greeting.terms().next()?.clone();
        let dh = Term::dh(&self.exponent, &hello.share)?;
        let mut transcript = vec![greeting, term.clone()];
        let secrets = Handshake::new(None, &dh, &transcript);
        for sealed in packet.sealed() {
            transcript.push(sealed.open(&secrets.server)?.1.clone());
        }
        let shown = transcript.iter().find_map(|message| message.parts(Tag::Certificate)?.first().cloned());
        if self.shown.is_none() {
            self.shown = shown;
        }
        let keys = secrets.application(&transcript);
        self.to_server = Some(Leg { secrets, keys, transcript, next_out: 0 });
        Some(())
    }

    /// What the certificate says that she shows.
    pub fn certificate(&self) -> Option<Certificate> {
        Certificate::read(self.shown.as_ref()?)
    }

    /// Whether she has answered the client, and so has keys with it.
    pub fn has_answered(&self) -> bool {
        self.to_client.is_some()
    }

    /// Whether she has keys with the server.
    pub fn has_server(&self) -> bool {
        self.to_server.is_some()
    }
}

impl Leg {
    fn seal_for_server(&mut self, plain: &Term) -> Record {
        let record = Record::Sealed(Term::aead(&self.keys.client, self.next_out, plain));
        self.next_out += 1;
        record
    }
}
