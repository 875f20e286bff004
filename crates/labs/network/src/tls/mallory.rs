//! Mallory: all goes by way of her. She reads, keeps, drops, sends again, and puts in whatever she can build.

use std::collections::VecDeque;
use std::rc::Rc;

use serde::Serialize;
use sim::{NodeId, Text, t};

use super::certificates::{self, Certificate, EVIL, LEAKED_KEY, MALLORYS_KEY, NOBODY, ROOT_2, SHOP};
use super::client::draw;
use super::game::{Game, Move};
use super::knowledge::Knowledge;
use super::term::{Kind, Term};
use super::wire::{ClientHello, Packet, Record, ServerHello};
use super::{Config, Effects, Message, Strategy};

/// Of how many connections she keeps what she has recorded.
const TAPES: usize = 24;

/// How many packets she keeps to send them again.
const PACKETS: usize = 24;

/// In how many connections she can stand as both ends.
const GAMES: usize = 8;

/// Of a hundred packets so many pass, where she interferes at random.
const PASS: u64 = 70;

/// The state of Mallory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mallory {
    written: Written,
    /// What she can derive.
    pub knowledge: Rc<Knowledge>,
    /// What she has recorded, by connection, the oldest first.
    tapes: VecDeque<(u64, Vec<Term>)>,
    /// The last packets that she has seen.
    packets: VecDeque<Packet>,
    /// The connections in which she stands as both ends, the oldest first.
    pub games: VecDeque<Game>,
    /// The certificate of the shop, once she has seen it.
    pub seen: Option<Term>,
    /// The connections that she cuts off: how many packets of the answer have passed.
    cut: VecDeque<(u64, u32)>,
    /// The hellos with early data that she has sent again.
    replayed: VecDeque<u64>,
    /// Whether she has just read something new.
    has_read: bool,
}

/// What Mallory has on her disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Written {
    /// How often she has interfered.
    pub tampered: u32,
    /// What she has stolen.
    pub loot: Vec<Term>,
    /// Whether she has broken into a server.
    pub has_broken_in: bool,
    /// Whether an authority that is trusted has signed a certificate for her.
    pub false_issue: bool,
}

impl PartialEq for Knowledge {
    fn eq(&self, other: &Knowledge) -> bool {
        self.terms() == other.terms()
    }
}

impl Mallory {
    /// Starts her. What she has recorded is gone; what she has stolen is not.
    pub(super) fn boot(written: Written, effects: &mut Effects<'_>) -> Mallory {
        let mut mallory = Mallory {
            written,
            knowledge: Rc::default(),
            tapes: VecDeque::new(),
            packets: VecDeque::new(),
            games: VecDeque::new(),
            seen: None,
            cut: VecDeque::new(),
            replayed: VecDeque::new(),
            has_read: false,
        };
        mallory.written.false_issue |= effects.config().mallory == Strategy::TrustedAuthority;
        mallory.remember();
        mallory
    }

    /// What her disk holds.
    pub fn written(&self) -> &Written {
        &self.written
    }

    fn persist(&self, effects: &mut Effects<'_>) {
        effects.persist(super::Disk { mallory: self.written.clone(), ..Default::default() });
    }

    /// Puts what she knows together anew, of what she has still.
    fn remember(&mut self) {
        let keys = [Term::private(MALLORYS_KEY), Term::private(LEAKED_KEY), certificates::root_key(NOBODY)];
        let mut certificates = vec![
            certificates::of_evil().signed(),
            certificates::leaked().signed(),
            certificates::false_one(NOBODY).signed(),
        ];
        if self.written.false_issue {
            certificates.push(certificates::false_one(ROOT_2).signed());
        }
        let mut knowledge = Knowledge::default();
        knowledge.learn(keys.into_iter().chain(certificates).chain(self.seen.clone()).chain(self.written.loot.clone()));
        for (_, tape) in &self.tapes {
            knowledge.learn(tape.iter().cloned());
        }
        self.knowledge = Rc::new(knowledge);
    }

    /// Takes in what she sees, or draws, in a connection.
    fn learn(&mut self, conn: u64, terms: Vec<Term>) {
        match self.tapes.iter_mut().rev().find(|(known, _)| *known == conn) {
            Some((_, tape)) => tape.extend(terms.iter().filter(|term| !self.knowledge.knows(term)).cloned()),
            None => self.tapes.push_back((conn, terms.clone())),
        }
        if self.tapes.len() > 2 * TAPES {
            self.tapes.drain(..TAPES);
            self.remember();
        }
        Rc::make_mut(&mut self.knowledge).learn(terms);
    }

    /// Something comes by.
    pub(super) fn on_packet(&mut self, packet: Packet, effects: &mut Effects<'_>) {
        let before = self.knowledge.learned().len();
        self.learn(packet.conn, packet.terms().cloned().collect());
        self.has_read = self.knowledge.learned().len() > before;
        self.packets.push_back(packet.clone());
        if self.packets.len() > PACKETS {
            self.packets.pop_front();
        }
        if let Some(place) = self.games.iter().position(|game| game.conn == packet.conn) {
            self.play(place, &packet, effects);
            return;
        }
        let strategy = effects.config().mallory;
        let hello = packet.client_hello().filter(|_| packet.to_server);
        let is_hello = hello.is_some();
        if hello.is_some_and(|(_, hello)| hello.name == EVIL) {
            // That is her own site, and she has a good certificate for it.
            self.step_between(&packet, Strategy::OwnCertificate, effects);
            return;
        }
        match strategy {
            Strategy::OwnCertificate
            | Strategy::OwnRoot
            | Strategy::OldCertificate
            | Strategy::TrustedAuthority
            | Strategy::RealCertificate
                if is_hello =>
            {
                self.written.false_issue |= strategy == Strategy::TrustedAuthority;
                self.step_between(&packet, strategy, effects);
            }
            Strategy::Replay if is_hello && packet.sealed().next().is_some() => self.copy_to_all(&packet, effects),
            Strategy::CutOff if !packet.to_server && is_answer(&packet) => self.cut_off(&packet, effects),
            Strategy::Anything => self.do_anything(packet, effects),
            _ => self.pass(&packet, effects),
        }
    }

    /// Sends a packet on to where it goes.
    fn send(packet: Packet, effects: &mut Effects<'_>) {
        effects.send(packet.target(), Message::Packet(packet));
    }

    fn pass(&mut self, packet: &Packet, effects: &mut Effects<'_>) {
        let me = effects.me();
        let has_read = std::mem::take(&mut self.has_read);
        let sealed = packet.sealed().next();
        let opens = sealed.is_some_and(|sealed| match sealed.kind() {
            Kind::Aead(key, ..) => self.knowledge.can_build(key),
            _ => false,
        });
        let kind = match (sealed.is_some(), opens, packet.client_hello().is_some() || packet.server_hello().is_some()) {
            (_, _, true) => "passes a hello on",
            (true, false, _) => "passes sealed records on",
            (true, true, _) => "passes on what it can open",
            (false, ..) => "passes on",
        };
        if !has_read {
            effects.routine(kind);
        }
        effects.note(|| match (sealed.is_some(), packet.client_hello().is_some() || packet.server_hello().is_some()) {
            (_, true) => t!("{node} reads a hello, and passes it on", node = me),
            (true, false) => t!("{node} sees sealed records, and passes them on", node = me),
            (false, false) => t!("{node} passes on what she sees", node = me),
        });
        effects.note(|| match (sealed.is_some(), opens) {
            (true, false) => t!("She has no way to the key: neither half of the secret that stayed at home was sent."),
            (true, true) => t!("She has the key, and reads it."),
            (false, _) => t!("It is in the open: she can read it, keep it, and change it."),
        });
        Mallory::send(packet.clone(), effects);
    }

    /// Whether she can build all of a packet.
    fn can_build(&self, packet: &Packet) -> bool {
        packet.terms().all(|term| self.knowledge.can_build(term))
    }

    /// The certificates that she can show, with the key that she signs with.
    fn certificate(&self, strategy: Strategy) -> Option<(Term, Term)> {
        let mine = Term::private(MALLORYS_KEY);
        Some(match strategy {
            Strategy::OwnCertificate => (certificates::of_evil().signed(), mine),
            Strategy::OwnRoot => (certificates::false_one(NOBODY).signed(), mine),
            Strategy::OldCertificate => (certificates::leaked().signed(), Term::private(LEAKED_KEY)),
            Strategy::TrustedAuthority => (certificates::false_one(ROOT_2).signed(), mine),
            _ => {
                // That of the shop: she signs with its key if she has that.
                let seen = self.seen.clone()?;
                let stolen = self
                    .written
                    .loot
                    .iter()
                    .find(|loot| Certificate::read(&seen).is_some_and(|read| read.public == Term::public(loot)));
                let signer = stolen.cloned().unwrap_or(mine);
                (seen, signer)
            }
        })
    }

    /// From a client's hello on she stands as both ends.
    fn step_between(&mut self, packet: &Packet, strategy: Strategy, effects: &mut Effects<'_>) -> bool {
        let Some((term, hello)) = packet.client_hello() else { return false };
        let drawn = [Term::exponent(draw(effects)), Term::nonce(draw(effects)), Term::nonce(draw(effects))];
        let shown = self.certificate(strategy);
        let signer = shown.as_ref().map_or_else(|| Term::private(MALLORYS_KEY), |(_, signer)| signer.clone());
        let shown = shown.map(|(shown, _)| shown);
        let game = Game::new(packet, &hello, term, shown, signer, drawn.clone());
        self.learn(packet.conn, drawn.to_vec());
        if let Some(shown) = &game.shown {
            self.learn(packet.conn, vec![shown.clone()]);
        }
        let out = game.greeting();
        if !self.can_build(&out) {
            return false;
        }
        let (me, client, server) = (effects.me(), packet.client, packet.server);
        effects.note(|| {
            t!(
                "{node} keeps the hello of {client}, and says hello to {server} herself, with her own half of a secret",
                node = me,
                client = client,
                server = server
            )
        });
        effects.note(|| {
            t!(
                "A hello is in the open, and says nothing of who sends it: {server} takes her for {client}.",
                server = server,
                client = client
            )
        });
        Mallory::send(out, effects);
        self.games.push_back(game);
        if self.games.len() > GAMES {
            self.games.pop_front();
        }
        true
    }

    /// A packet of a connection in which she stands as both ends.
    fn play(&mut self, place: usize, packet: &Packet, effects: &mut Effects<'_>) {
        let me = effects.me();
        let (what, out) = self.games[place].on_packet(packet);
        if packet.server_hello().is_some() && self.seen.is_none() {
            self.seen = self.games[place]
                .shown
                .clone()
                .filter(|shown| Certificate::read(shown).is_some_and(|read| read.name == SHOP) && !packet.is_forged);
        }
        if let Some(shown) = self.games[place].shown.clone() {
            self.learn(packet.conn, vec![shown]);
        }
        let game = &self.games[place];
        let (client, server) = (game.client, game.server);
        match what {
            Move::Noticed => {
                effects.note(|| t!("{node} opens the alert of {client}: she was found out", node = me, client = client))
            }
            Move::HasServer => {
                let read = game.certificate();
                effects.note(|| match read {
                    Some(read) => t!("{node} has a secret with {server}, and answers {client} as if she were the server, with {certificate}", node = me, server = server, client = client, certificate = in_words(&read)),
                    None => t!("{node} has a secret with {server}", node = me, server = server),
                });
                effects.note(|| t!("Two secrets, one with each of them: what one end seals she could open, read, and seal for the other."));
            }
            Move::Reads => {
                effects.note(|| {
                    t!(
                        "{node} opens what {client} asks, reads it, and seals it anew for {server}",
                        node = me,
                        client = client,
                        server = server
                    )
                });
                effects.note(|| t!("Both hops are encrypted, with a key each. She has both keys."));
            }
            Move::ReadsAnswer => {
                effects.note(|| {
                    t!(
                        "{node} opens the answer of {server}, reads it, and seals it anew for {client}",
                        node = me,
                        server = server,
                        client = client
                    )
                });
            }
            Move::Ends => {
                effects.routine("ends");
                effects.note(|| t!("{node} seals the end for each of them too", node = me));
            }
            Move::Again => {
                effects.routine("again");
                effects.note(|| t!("{node} sends the same again", node = me));
            }
            Move::Passes => {
                effects.routine("passes on");
                effects.note(|| t!("{node} passes it on", node = me));
            }
        }
        let out = out.into_iter().filter(|packet| self.can_build(packet)).collect::<Vec<_>>();
        out.into_iter().for_each(|packet| Mallory::send(packet, effects));
    }

    /// Sends early data to all servers, besides the one that it is meant for, and to that one too.
    fn copy_to_all(&mut self, packet: &Packet, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some((term, _)) = packet.client_hello() else { return };
        if self.replayed.contains(&(term.id() as u64)) {
            self.pass(packet, effects);
            return;
        }
        self.replayed.push_back(term.id() as u64);
        if self.replayed.len() > PACKETS {
            self.replayed.pop_front();
        }
        effects.note(|| {
            t!("{node} passes the hello with early data on, and sends copies of it to the servers", node = me)
        });
        effects.note(|| t!("She cannot open it, and need not: a copy is sealed as well as the first one."));
        Mallory::send(packet.clone(), effects);
        let servers: Vec<NodeId> = effects.config().servers().collect();
        for server in servers {
            let copy = self.replay(packet, server, effects);
            Mallory::send(copy, effects);
        }
    }

    /// The same hello on a connection of her own.
    fn replay(&mut self, packet: &Packet, server: NodeId, effects: &mut Effects<'_>) -> Packet {
        let records = [Record::Syn].into_iter().chain(packet.records.iter().cloned()).collect();
        Packet { conn: draw(effects), server, ..packet.with(records) }.forged()
    }

    /// Lets the first packet of an answer through, and then says that the connection has ended.
    fn cut_off(&mut self, packet: &Packet, effects: &mut Effects<'_>) {
        let me = effects.me();
        let conn = packet.conn;
        if !self.cut.iter().any(|(known, _)| *known == conn) {
            self.cut.push_back((conn, 0));
            if self.cut.len() > PACKETS {
                self.cut.pop_front();
            }
        }
        let Some((_, passed)) = self.cut.iter_mut().find(|(known, _)| *known == conn) else { return };
        *passed += 1;
        match *passed {
            1 => self.pass(packet, effects),
            2 => {
                effects.note(|| {
                    t!("{node} keeps the rest of the answer, and says that the connection has ended", node = me)
                });
                effects.note(|| {
                    t!("She cannot read or change what is sealed. But to end the connection below takes no key.")
                });
                Mallory::send(packet.with(vec![Record::End]).forged(), effects);
            }
            _ => {
                effects.routine("keeps");
                effects.note(|| t!("{node} keeps it", node = me));
            }
        }
    }

    /// Passes a packet on, or does one thing or another to it.
    fn do_anything(&mut self, packet: Packet, effects: &mut Effects<'_>) {
        let is_passive = self.written.tampered >= effects.config().tampers;
        if is_passive || effects.choose(100) < PASS || !self.tamper(&packet, effects) {
            self.pass(&packet, effects);
            return;
        }
        self.written.tampered += 1;
        self.persist(effects);
    }

    /// Tries a move. Whether there was one.
    fn tamper(&mut self, packet: &Packet, effects: &mut Effects<'_>) -> bool {
        let me = effects.me();
        match effects.choose(16) {
            0 => {
                effects.note(|| t!("{node} drops it", node = me));
                true
            }
            1..=3 => self.send_again(packet, effects),
            4..=7 => {
                let strategy = match effects.choose(5) {
                    0 => Strategy::OwnCertificate,
                    1 => Strategy::OwnRoot,
                    2 => Strategy::OldCertificate,
                    3 if self.written.false_issue => Strategy::TrustedAuthority,
                    _ => Strategy::RealCertificate,
                };
                packet.to_server && self.step_between(packet, strategy, effects)
            }
            8..=9 => self.put_share(packet, effects),
            10 => self.put_name(packet, effects),
            11..=12 => self.put_record(packet, effects),
            13..=14 => {
                effects.note(|| t!("{node} keeps it, and says that the connection has ended", node = me));
                Mallory::send(packet.with(vec![Record::End]).forged(), effects);
                true
            }
            _ => self.break_in(packet, effects),
        }
    }

    /// Sends something again that she has seen, where it was meant to go or to another server.
    fn send_again(&mut self, packet: &Packet, effects: &mut Effects<'_>) -> bool {
        let me = effects.me();
        let place = effects.choose(self.packets.len() as u64) as usize;
        let mut copy = self.packets[place].clone();
        if copy.client_hello().is_some() && copy.to_server && effects.choose(4) > 0 {
            let server = Config::FIRST_SERVER.0 + effects.choose(u64::from(effects.config().servers)) as u16;
            copy = self.replay(&copy, NodeId(server), effects);
        }
        effects.note(|| t!("{node} passes it on, and sends something again that she has seen", node = me));
        Mallory::send(packet.clone(), effects);
        Mallory::send(copy.forged(), effects);
        true
    }

    /// Puts her own share into a hello.
    fn put_share(&mut self, packet: &Packet, effects: &mut Effects<'_>) -> bool {
        let exponent = Term::exponent(draw(effects));
        let share = Term::share(&exponent);
        let change = |record: &Record| match record {
            Record::Plain(term) => {
                let client = ClientHello::read(term).map(|hello| ClientHello { share: share.clone(), ..hello }.term());
                let server =
                    || ServerHello::read(term).map(|hello| ServerHello { share: share.clone(), ..hello }.term());
                Record::Plain(client.or_else(server).unwrap_or_else(|| term.clone()))
            }
            other => other.clone(),
        };
        let forged = packet.with(packet.records.iter().map(change).collect());
        if forged == *packet {
            return false;
        }
        self.learn(packet.conn, vec![exponent]);
        self.put(
            packet,
            forged,
            t!("{node} puts her own half of a secret into the hello", node = effects.me()),
            effects,
        )
    }

    /// Puts another name into a client's hello.
    fn put_name(&mut self, packet: &Packet, effects: &mut Effects<'_>) -> bool {
        let change = |record: &Record| match record {
            Record::Plain(term) => {
                let hello = ClientHello::read(term).map(|hello| ClientHello { name: EVIL, ..hello }.term());
                Record::Plain(hello.unwrap_or_else(|| term.clone()))
            }
            other => other.clone(),
        };
        let forged = packet.with(packet.records.iter().map(change).collect());
        forged != *packet
            && self.put(packet, forged, t!("{node} puts another name into the hello", node = effects.me()), effects)
    }

    /// Puts another sealed record of the same connection in the place of one, or one that she has sealed herself.
    fn put_record(&mut self, packet: &Packet, effects: &mut Effects<'_>) -> bool {
        let Some(place) = packet.records.iter().position(|record| matches!(record, Record::Sealed(_))) else {
            return false;
        };
        let others =
            self.packets.iter().filter(|other| other.conn == packet.conn && other.to_server == packet.to_server);
        let others: Vec<Term> = others.flat_map(Packet::sealed).cloned().collect();
        if others.is_empty() {
            return false;
        }
        let other = others[effects.choose(others.len() as u64) as usize].clone();
        let mut records = packet.records.clone();
        records[place] = Record::Sealed(other);
        let forged = packet.with(records);
        forged != *packet
            && self.put(
                packet,
                forged,
                t!("{node} puts another sealed record in the place of one", node = effects.me()),
                effects,
            )
    }

    fn put(&mut self, packet: &Packet, forged: Packet, note: Text, effects: &mut Effects<'_>) -> bool {
        if !self.can_build(&forged) || forged.target() != packet.target() {
            return false;
        }
        effects.note(|| note);
        Mallory::send(forged.forged(), effects);
        true
    }

    /// Breaks into a server, once.
    fn break_in(&mut self, packet: &Packet, effects: &mut Effects<'_>) -> bool {
        if self.written.has_broken_in || effects.choose(3) > 0 {
            return false;
        }
        self.written.has_broken_in = true;
        let (me, server) = (effects.me(), packet.server);
        effects.note(|| t!("{node} passes it on, and breaks into {server}", node = me, server = server));
        Mallory::send(packet.clone(), effects);
        effects.send(server, Message::BreakIn);
        true
    }

    /// What she has stolen.
    pub(super) fn on_loot(&mut self, from: NodeId, terms: Vec<Term>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let before = self.knowledge.learned().len();
        self.written
            .loot
            .extend(terms.iter().filter(|term| !self.written.loot.contains(term)).cloned().collect::<Vec<_>>());
        self.written.has_broken_in = true;
        self.persist(effects);
        Rc::make_mut(&mut self.knowledge).learn(terms);
        let opened = self.knowledge.learned().len() - before;
        effects.note(|| match opened {
            0 => t!("{node} has the private key of {server} now, and tries it on all that she has recorded: nothing opens", node = me, server = from),
            _ => t!("{node} has the private key of {server} now, and opens what she has recorded: requests and parts of answers, {count} of them", node = me, server = from, count = opened),
        });
        effects.because(&["fresh_share"], || {
            t!("That key signs, and opens nothing. The secrets were made of shares whose private parts were forgotten.")
        });
    }

    /// An authority that clients trust signs for her.
    pub(super) fn on_false_issue(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.written.false_issue = true;
        self.persist(effects);
        Rc::make_mut(&mut self.knowledge).learn([certificates::false_one(ROOT_2).signed()]);
        effects.note(|| {
            t!("{issuer} signs that the key of {node} is the one of {site}", issuer = ROOT_2, node = me, site = SHOP)
        });
        effects.note(|| t!("Clients trust each authority for all names: one that errs is enough."));
    }
}

/// Whether a packet holds sealed records alone, or the end: a part of an answer.
fn is_answer(packet: &Packet) -> bool {
    packet.server_hello().is_none() && packet.sealed().next().is_some()
}

/// A certificate in words.
pub(super) fn in_words(read: &Certificate) -> Text {
    match (read.name, read.issuer) {
        (EVIL, _) => t!("her own good certificate"),
        (_, NOBODY) => t!("a certificate that she has signed herself"),
        (_, ROOT_2) => t!("a false certificate, signed by an authority that clients trust"),
        _ if read.public == Term::public(&Term::private(LEAKED_KEY)) => {
            t!("an old certificate of the shop, whose key has leaked")
        }
        _ => t!("the certificate of the shop"),
    }
}
