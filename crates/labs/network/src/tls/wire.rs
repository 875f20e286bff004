//! What travels: packets of records, and the messages of the handshake that records carry (RFC 8446, sections 4 and 5).

use serde::Serialize;
use sim::NodeId;

use super::term::{Tag, Term};

/// What one end sends the other at once. Whoever stands between may read and change all of it but what is sealed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Packet {
    /// The connection below TLS that it belongs to.
    pub conn: u64,
    pub client: NodeId,
    pub server: NodeId,
    /// Which of the two it goes to.
    pub to_server: bool,
    pub records: Vec<Record>,
    /// Whether another one has made it than it says, which nobody but a visitor sees.
    pub is_forged: bool,
}

/// One record, or what belongs to the connection below.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Record {
    /// The connection is asked for.
    Syn,
    /// It is there.
    SynAck,
    /// A message of the handshake or an alert, in the open.
    Plain(Term),
    /// A sealed record.
    Sealed(Term),
    /// The connection ends. Anybody can send that.
    End,
}

impl Packet {
    /// The node that it goes to in the end.
    pub fn target(&self) -> NodeId {
        if self.to_server { self.server } else { self.client }
    }

    /// The node that it says it is of.
    pub fn claimed(&self) -> NodeId {
        if self.to_server { self.client } else { self.server }
    }

    /// Another packet of the same connection and direction.
    pub fn with(&self, records: Vec<Record>) -> Packet {
        Packet { records, ..self.clone() }
    }

    /// The same, made by another one than it says.
    pub fn forged(self) -> Packet {
        Packet { is_forged: true, ..self }
    }

    /// A packet of the same connection in the other direction.
    pub fn back(&self, records: Vec<Record>) -> Packet {
        Packet { to_server: !self.to_server, records, is_forged: false, ..self.clone() }
    }

    /// The terms that somebody sees who looks at it.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.records.iter().filter_map(|record| match record {
            Record::Plain(term) | Record::Sealed(term) => Some(term),
            Record::Syn | Record::SynAck | Record::End => None,
        })
    }

    /// The first hello of a client in it.
    pub fn client_hello(&self) -> Option<(&Term, ClientHello)> {
        self.plain().find_map(|term| Some((term, ClientHello::read(term)?)))
    }

    /// The first hello of a server in it.
    pub fn server_hello(&self) -> Option<(&Term, ServerHello)> {
        self.plain().find_map(|term| Some((term, ServerHello::read(term)?)))
    }

    /// The alert in the open in it.
    pub fn alert(&self) -> Option<&'static str> {
        self.plain().find_map(alert_in)
    }

    /// What stands in it in the open.
    fn plain(&self) -> impl Iterator<Item = &Term> {
        self.records.iter().filter_map(|record| if let Record::Plain(term) = record { Some(term) } else { None })
    }

    /// What is sealed in it.
    pub fn sealed(&self) -> impl Iterator<Item = &Term> {
        self.records.iter().filter_map(|record| if let Record::Sealed(term) = record { Some(term) } else { None })
    }
}

/// The group of all shares here.
pub const GROUP: &str = "x25519";

const NONE: &str = "none";

/// A hello of a client (section 4.1.2), with what it offers of an earlier session (section 4.2.11).
#[derive(Clone, Debug, PartialEq)]
pub struct ClientHello {
    pub random: Term,
    pub share: Term,
    pub name: &'static str,
    pub ticket: Option<Offer>,
    /// Whether early data follows (section 4.2.10).
    pub is_early: bool,
}

/// A ticket that is offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub ticket: Term,
    /// How long the client has had it, by its own clock, in milliseconds.
    pub age_ms: i64,
    /// The proof that it has the key that belongs to it; none while that is computed.
    pub binder: Option<Term>,
}

impl ClientHello {
    pub fn term(&self) -> Term {
        let none = || Term::name(NONE);
        let (ticket, age, binder) = match &self.ticket {
            None => (none(), none(), none()),
            Some(offer) => {
                (offer.ticket.clone(), Term::number(offer.age_ms), offer.binder.clone().unwrap_or_else(none))
            }
        };
        let early = Term::number(i64::from(self.is_early));
        let parts = vec![
            self.random.clone(),
            Term::name(GROUP),
            self.share.clone(),
            Term::name(self.name),
            early,
            ticket,
            age,
            binder,
        ];
        Term::list(Tag::ClientHello, parts)
    }

    pub fn read(term: &Term) -> Option<ClientHello> {
        let [random, _, share, name, early, ticket, age, binder] = term.parts(Tag::ClientHello)? else { return None };
        let is_none = |term: &Term| term.as_name() == Some(NONE);
        let offer =
            |age_ms| Offer { ticket: ticket.clone(), age_ms, binder: (!is_none(binder)).then(|| binder.clone()) };
        Some(ClientHello {
            random: random.clone(),
            share: share.clone(),
            name: name.as_name()?,
            ticket: if is_none(ticket) { None } else { age.as_number().map(offer) },
            is_early: early.as_number() == Some(1),
        })
    }

    /// The hello without its binder, which the binder is computed of (section 4.2.11.2).
    pub fn without_binder(&self) -> Term {
        let mut partial = self.clone();
        if let Some(offer) = &mut partial.ticket {
            offer.binder = None;
        }
        partial.term()
    }
}

/// A hello of a server (section 4.1.3).
#[derive(Clone, Debug, PartialEq)]
pub struct ServerHello {
    pub random: Term,
    pub share: Term,
    /// Whether the session goes on from the ticket.
    pub is_resumed: bool,
}

impl ServerHello {
    pub fn term(&self) -> Term {
        let resumed = Term::number(i64::from(self.is_resumed));
        Term::list(Tag::ServerHello, vec![self.random.clone(), Term::name(GROUP), self.share.clone(), resumed])
    }

    pub fn read(term: &Term) -> Option<ServerHello> {
        let [random, _, share, resumed] = term.parts(Tag::ServerHello)? else { return None };
        Some(ServerHello { random: random.clone(), share: share.clone(), is_resumed: resumed.as_number() == Some(1) })
    }
}

/// Encrypted extensions (section 4.3.1): here only whether early data is taken.
pub fn extensions(takes_early: bool) -> Term {
    Term::list(Tag::EncryptedExtensions, vec![Term::number(i64::from(takes_early))])
}

/// Whether early data is taken.
pub fn takes_early(term: &Term) -> Option<bool> {
    let [early] = term.parts(Tag::EncryptedExtensions)? else { return None };
    Some(early.as_number() == Some(1))
}

/// The message with a certificate (section 4.4.2).
pub fn certificate(certificate: &Term) -> Term {
    Term::list(Tag::Certificate, vec![certificate.clone()])
}

/// What the server signs: a label, so that no other signature can be taken for it, and the transcript (section 4.4.3).
pub fn to_be_signed(transcript: &[Term]) -> Term {
    Term::hash(&[Term::name("TLS 1.3, server CertificateVerify"), Term::hash(transcript)])
}

/// The message with a signature of the transcript so far (section 4.4.3).
pub fn certificate_verify(private: &Term, transcript: &[Term]) -> Term {
    Term::list(Tag::CertificateVerify, vec![Term::sign(private, &to_be_signed(transcript))])
}

/// A ticket for the next time (section 4.6.1).
pub fn new_ticket(ticket: &Term, nonce: &Term) -> Term {
    Term::list(Tag::NewSessionTicket, vec![ticket.clone(), nonce.clone()])
}

/// What stands inside a ticket, for the server alone: the key, and when the ticket was made, in milliseconds of its clock.
pub fn ticket(key: &Term, psk: &Term, issued_ms: i64) -> Term {
    Term::aead(key, 0, &Term::list(Tag::Ticket, vec![psk.clone(), Term::number(issued_ms)]))
}

/// Opens a ticket.
pub fn read_ticket(key: &Term, ticket: &Term) -> Option<(Term, i64)> {
    let (_, plain) = ticket.open(key)?;
    let [psk, issued] = plain.parts(Tag::Ticket)? else { return None };
    Some((psk.clone(), issued.as_number()?))
}

/// What a client asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Method {
    /// To read something.
    Get,
    /// To do something: here, to buy.
    Post,
}

impl Method {
    pub fn word(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// A request of an application.
pub fn request(method: Method, data: &Term) -> Term {
    Term::list(Tag::Request, vec![Term::name(method.word()), data.clone()])
}

/// Reads a request.
pub fn read_request(term: &Term) -> Option<(Method, Term)> {
    let [method, data] = term.parts(Tag::Request)? else { return None };
    let method = if method.as_name()? == Method::Post.word() { Method::Post } else { Method::Get };
    Some((method, data.clone()))
}

/// A part of an answer.
pub fn answer(part: u32, data: &Term) -> Term {
    Term::list(Tag::Answer, vec![Term::number(i64::from(part)), data.clone()])
}

/// The data of a part of an answer.
pub fn read_answer(term: &Term) -> Option<Term> {
    let [_, data] = term.parts(Tag::Answer)? else { return None };
    Some(data.clone())
}

/// That nothing comes after this (section 6.1).
pub fn close_notify() -> Term {
    Term::list(Tag::CloseNotify, Vec::new())
}

/// That early data has ended (section 4.5).
pub fn end_of_early_data() -> Term {
    Term::list(Tag::EndOfEarlyData, Vec::new())
}

/// An alert (section 6.2).
pub fn alert(name: &'static str) -> Term {
    Term::list(Tag::Alert, vec![Term::name(name)])
}

/// The name of an alert.
pub fn alert_in(term: &Term) -> Option<&'static str> {
    term.parts(Tag::Alert)?.first()?.as_name()
}
