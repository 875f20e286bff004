//! The key schedule (RFC 8446, section 7.1): from a shared secret and the transcript to the keys of each stretch of a connection.

use serde::Serialize;

use super::term::{Tag, Term};

/// The keys of a handshake.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Handshake {
    secret: Term,
    /// Of what the client sends.
    pub client: Term,
    /// Of what the server sends.
    pub server: Term,
}

/// The keys after a handshake.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Application {
    pub master: Term,
    /// Of what the client sends.
    pub client: Term,
    /// Of what the server sends.
    pub server: Term,
}

fn empty() -> Term {
    Term::hash(&[])
}

/// The early secret: of the key of an earlier session, or of nothing.
fn early_secret(psk: Option<&Term>) -> Term {
    let nothing = Term::number(0);
    Term::kdf(psk.unwrap_or(&nothing), "early", &empty())
}

/// The proof that somebody has the key of an earlier session, over the hello without it (section 4.2.11.2).
pub fn binder(psk: &Term, without_binder: &Term) -> Term {
    let key = Term::kdf(&early_secret(Some(psk)), "res binder", &empty());
    Term::mac(&Term::kdf(&key, "finished", &empty()), &Term::hash(std::slice::from_ref(without_binder)))
}

/// The key of early data.
pub fn early_key(psk: &Term, hello: &Term) -> Term {
    Term::kdf(&early_secret(Some(psk)), "c e traffic", &Term::hash(std::slice::from_ref(hello)))
}

impl Handshake {
    /// The keys once both hellos are there.
    pub fn new(psk: Option<&Term>, dh: &Term, hellos: &[Term]) -> Handshake {
        // What is new stands first: who lacks it need not look at the rest.
        let secrets = Term::list(Tag::Secrets, vec![dh.clone(), early_secret(psk)]);
        let secret = Term::kdf(&secrets, "handshake", &empty());
        let transcript = Term::hash(hellos);
        Handshake {
            client: Term::kdf(&secret, "c hs traffic", &transcript),
            server: Term::kdf(&secret, "s hs traffic", &transcript),
            secret,
        }
    }

    /// The keys once the server has finished; `transcript` goes up to its Finished.
    pub fn application(&self, transcript: &[Term]) -> Application {
        let master = Term::kdf(&self.secret, "master", &empty());
        let transcript = Term::hash(transcript);
        Application {
            client: Term::kdf(&master, "c ap traffic", &transcript),
            server: Term::kdf(&master, "s ap traffic", &transcript),
            master,
        }
    }
}

/// The message that says: this is what I have seen, and I have the keys (section 4.4.4).
pub fn finished(traffic: &Term, transcript: &[Term]) -> Term {
    let key = Term::kdf(traffic, "finished", &empty());
    Term::list(Tag::Finished, vec![Term::mac(&key, &Term::hash(transcript))])
}

/// What tickets of a connection rest on; `transcript` goes up to the client's Finished.
pub fn resumption(master: &Term, transcript: &[Term]) -> Term {
    Term::kdf(master, "res master", &Term::hash(transcript))
}

/// The key that belongs to a ticket (section 4.6.1).
pub fn psk(resumption: &Term, nonce: &Term) -> Term {
    Term::kdf(resumption, "resumption", nonce)
}
