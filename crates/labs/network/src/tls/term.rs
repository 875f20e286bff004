//! Terms: what messages are made of. Cryptography is symbolic: a term says how it was built, and what can be done with it is in
//! [`Knowledge`](super::Knowledge) alone.
//!
//! Follows D. Dolev and A. Yao, "On the security of public key protocols", IEEE Transactions on Information Theory 29(2), 1983, and the
//! symbolic models of TLS 1.3 (C. Cremers and others, "A comprehensive symbolic analysis of TLS 1.3", CCS 2017).

use std::fmt;
use std::rc::Rc;

use serde::{Serialize, Serializer};

/// A term. Two terms are equal if they are built alike: each carries a number of 128 bits that follows from how it is built, and these
/// are compared.
#[derive(Clone)]
pub struct Term(Rc<Built>);

struct Built {
    id: u128,
    kind: Kind,
}

/// How a term is built.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A word that everybody knows.
    Name(&'static str),
    /// A number or a time that everybody can write.
    Number(i64),
    /// A random number of a hello: sent in the open.
    Nonce(u64),
    /// The private part of a share.
    Exponent(u64),
    /// The private key of a certificate, or the key of tickets.
    Private(u64),
    /// What an application says.
    Data(u64),
    /// The public key that belongs to a private one.
    Public(Term),
    /// The public part of a share.
    Share(Term),
    /// What two shares come to: the private part of either and the public part of the other.
    Dh(Term, Term),
    /// A digest of these.
    Hash(Vec<Term>),
    /// A key that follows from a secret, under a label and a transcript.
    Kdf(Term, &'static str, Term),
    /// Encrypted and protected from change, under a key and a number.
    Aead(Term, u32, Term),
    /// Signed with a private key.
    Sign(Term, Term),
    /// A code that only who has the key can compute.
    Mac(Term, Term),
    /// Parts one after the other, under the name of what they are.
    List(Tag, Vec<Term>),
}

/// What a list of parts is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Tag {
    ClientHello,
    ServerHello,
    EncryptedExtensions,
    Certificate,
    /// What an authority has signed.
    Certified,
    CertificateVerify,
    EndOfEarlyData,
    Finished,
    NewSessionTicket,
    /// What a server writes into a ticket for itself.
    Ticket,
    Request,
    Answer,
    Alert,
    CloseNotify,
    /// What the next secret is made of: a new one, and the one before.
    Secrets,
}

impl Term {
    fn new(kind: Kind) -> Term {
        let id = identity(&kind);
        Term(Rc::new(Built { id, kind }))
    }

    pub fn name(name: &'static str) -> Term {
        Term::new(Kind::Name(name))
    }

    pub fn number(number: i64) -> Term {
        Term::new(Kind::Number(number))
    }

    pub fn nonce(drawn: u64) -> Term {
        Term::new(Kind::Nonce(drawn))
    }

    pub fn exponent(drawn: u64) -> Term {
        Term::new(Kind::Exponent(drawn))
    }

    pub fn private(drawn: u64) -> Term {
        Term::new(Kind::Private(drawn))
    }

    pub fn data(drawn: u64) -> Term {
        Term::new(Kind::Data(drawn))
    }

    pub fn public(private: &Term) -> Term {
        Term::new(Kind::Public(private.clone()))
    }

    pub fn share(exponent: &Term) -> Term {
        Term::new(Kind::Share(exponent.clone()))
    }

    /// What the private part of one share and the public part of the other come to; none if the other is no share. Both ends come to
    /// the same: dh(x, share(y)) = dh(y, share(x)).
    pub fn dh(exponent: &Term, share: &Term) -> Option<Term> {
        let Kind::Share(other) = share.kind() else { return None };
        let (first, second) = if exponent.id() <= other.id() { (exponent, other) } else { (other, exponent) };
        Some(Term::new(Kind::Dh(first.clone(), second.clone())))
    }

    pub fn hash(parts: &[Term]) -> Term {
        Term::new(Kind::Hash(parts.to_vec()))
    }

    pub fn kdf(secret: &Term, label: &'static str, transcript: &Term) -> Term {
        Term::new(Kind::Kdf(secret.clone(), label, transcript.clone()))
    }

    pub fn aead(key: &Term, number: u32, plain: &Term) -> Term {
        Term::new(Kind::Aead(key.clone(), number, plain.clone()))
    }

    pub fn sign(private: &Term, signed: &Term) -> Term {
        Term::new(Kind::Sign(private.clone(), signed.clone()))
    }

    pub fn mac(key: &Term, of: &Term) -> Term {
        Term::new(Kind::Mac(key.clone(), of.clone()))
    }

    pub fn list(tag: Tag, parts: Vec<Term>) -> Term {
        Term::new(Kind::List(tag, parts))
    }

    /// How it is built.
    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// The number that stands for it.
    pub fn id(&self) -> u128 {
        self.0.id
    }

    /// The parts of a list of this kind.
    pub fn parts(&self, of: Tag) -> Option<&[Term]> {
        match self.kind() {
            Kind::List(tag, parts) if *tag == of => Some(parts),
            _ => None,
        }
    }

    /// What stands in a sealed term, for who has this key.
    pub fn open(&self, key: &Term) -> Option<(u32, &Term)> {
        match self.kind() {
            Kind::Aead(sealed, number, plain) if sealed == key => Some((*number, plain)),
            _ => None,
        }
    }

    /// Whether this is a signature of `signed` by the private part of a public key.
    pub fn is_signature(&self, public: &Term, signed: &Term) -> bool {
        match (self.kind(), public.kind()) {
            (Kind::Sign(private, what), Kind::Public(owner)) => private == owner && what == signed,
            _ => false,
        }
    }

    /// The number that it is.
    pub fn as_number(&self) -> Option<i64> {
        if let Kind::Number(number) = self.kind() { Some(*number) } else { None }
    }

    /// The word that it is.
    pub fn as_name(&self) -> Option<&'static str> {
        if let Kind::Name(name) = self.kind() { Some(name) } else { None }
    }

    /// The data that it is.
    pub fn as_data(&self) -> Option<u64> {
        if let Kind::Data(drawn) = self.kind() { Some(*drawn) } else { None }
    }

    /// The number of a sealed term.
    pub fn record_number(&self) -> Option<u32> {
        if let Kind::Aead(_, number, _) = self.kind() { Some(*number) } else { None }
    }
}

impl PartialEq for Term {
    fn eq(&self, other: &Term) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Term {}

impl fmt::Debug for Term {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:08x}", self.id() as u32)
    }
}

/// What a run is tells the number that stands for the term: a term holds all that it follows from, over and over.
impl Serialize for Term {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.id() as u64)
    }
}

/// Two streams of 64 bits, which are mixed with what a term is built of.
struct Mix(u64, u64);

impl Mix {
    fn word(&mut self, word: u64) {
        let mixed = (self.0 ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 29);
        let mixed = (self.1.rotate_left(23) ^ word).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        self.1 = mixed ^ (mixed >> 32);
    }

    fn term(&mut self, term: &Term) {
        self.word(term.id() as u64);
        self.word((term.id() >> 64) as u64);
    }

    fn letters(&mut self, letters: &str) {
        letters.bytes().for_each(|byte| self.word(u64::from(byte)));
    }

    fn terms(&mut self, terms: &[Term]) {
        self.word(terms.len() as u64);
        terms.iter().for_each(|term| self.term(term));
    }
}

fn identity(kind: &Kind) -> u128 {
    let mut mix = Mix(0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344);
    match kind {
        Kind::Name(name) => {
            mix.word(1);
            mix.letters(name);
        }
        Kind::Number(number) => {
            mix.word(2);
            mix.word(*number as u64);
        }
        Kind::Nonce(drawn) => {
            mix.word(3);
            mix.word(*drawn);
        }
        Kind::Exponent(drawn) => {
            mix.word(4);
            mix.word(*drawn);
        }
        Kind::Private(drawn) => {
            mix.word(5);
            mix.word(*drawn);
        }
        Kind::Data(drawn) => {
            mix.word(6);
            mix.word(*drawn);
        }
        Kind::Public(private) => {
            mix.word(7);
            mix.term(private);
        }
        Kind::Share(exponent) => {
            mix.word(8);
            mix.term(exponent);
        }
        Kind::Dh(first, second) => {
            mix.word(9);
            mix.term(first);
            mix.term(second);
        }
        Kind::Hash(parts) => {
            mix.word(10);
            mix.terms(parts);
        }
        Kind::Kdf(secret, label, transcript) => {
            mix.word(11);
            mix.term(secret);
            mix.letters(label);
            mix.term(transcript);
        }
        Kind::Aead(key, number, plain) => {
            mix.word(12);
            mix.term(key);
            mix.word(u64::from(*number));
            mix.term(plain);
        }
        Kind::Sign(private, signed) => {
            mix.word(13);
            mix.term(private);
            mix.term(signed);
        }
        Kind::Mac(key, of) => {
            mix.word(14);
            mix.term(key);
            mix.term(of);
        }
        Kind::List(tag, parts) => {
            mix.word(15);
            mix.word(*tag as u64);
            mix.terms(parts);
        }
    }
    // What comes last has been mixed once only.
    mix.word(0);
    u128::from(mix.1) << 64 | u128::from(mix.0)
}
