//! X: it sees nothing of what others send, makes a client ask for names that nobody has asked for before, and guesses.
//!
//! As D. Kaminsky showed in 2008: a lost race for one name costs nothing, since the next name is another race.

use serde::Serialize;
use sim::t;

use super::message::{Answer, Code, Message, Query, Reply, send};
use super::name::{Address, Data, Host, Name, Question, Record, Role, Zone};
use super::zone::FALSE_TTL_S;
use super::{Effects, Timer};

/// From race to race.
const EVERY_US: u64 = 1_000_000;

/// The state of the forger.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Forger {
    /// How many names it has made up.
    pub races: u32,
    /// How many answers it has forged.
    pub forged: u64,
    /// How many questions have come to it: it has won when there is one.
    pub asked: u64,
}

impl Forger {
    pub(super) fn boot(effects: &mut Effects<'_>) -> Forger {
        effects.set_timer(Timer::Lure, EVERY_US);
        effects.note(|| t!("X starts"));
        Forger { races: effects.monotonic_now() as u32 / EVERY_US as u32, forged: 0, asked: 0 }
    }

    /// The next race.
    pub(super) fn race(&mut self, effects: &mut Effects<'_>) {
        effects.set_timer(Timer::Lure, EVERY_US);
        let config = effects.config();
        let (count, id_bits, port_bits) = (config.forge, config.id_bits, config.port_bits);
        let victim = Address::of(if config.forward { Role::R1 } else { Role::R2 });
        self.races = self.races.wrapping_add(1);
        let name = Name::numbered(self.races);
        send(Address::of(Role::C4), Message::Lure { name }, effects);
        let claimed = [Role::N1, Role::N2, Role::E].map(Address::of);
        for _ in 0..count {
            let source = claimed[effects.choose(3) as usize];
            let id = effects.choose(1 << id_bits) as u32;
            let port = if port_bits == 0 { 53 } else { effects.choose(1 << port_bits) as u32 };
            let question = Question::address(name);
            send(victim, Message::Answer(Answer { source, port, id, question, reply: forged(name) }), effects);
            self.forged += 1;
        }
        effects.routine("race");
        let victim = victim.role().map_or("", Role::label);
        effects.note(|| {
            t!(
                "X makes C4 ask for {name}, and sends {victim} {count} forged answers with guessed numbers",
                name = name.to_string(),
                victim = victim,
                count = count
            )
        });
    }

    /// Somebody takes it for the server of shop.com.
    pub(super) fn on_query(&mut self, query: Query, effects: &mut Effects<'_>) {
        self.asked += 1;
        let name = query.question.name;
        let mut reply = Reply { authoritative: true, ..Reply::empty(Code::NoError) };
        reply.answer.push(Record { name, ttl_s: FALSE_TTL_S, data: Data::A(Address::FALSE) });
        send(query.source, query.answered(Address::of(Role::X), reply), effects);
        effects.note(|| {
            t!(
                "{asker} takes X for the server of shop.com, and is told that {name} is at {address}",
                asker = query.source.role().map_or("", Role::label),
                name = name.to_string(),
                address = Address::FALSE.to_string()
            )
        });
    }
}

/// An answer for one name, which says beside that X is the server of all of shop.com.
pub fn forged(name: Name) -> Reply {
    let (ttl_s, server) = (FALSE_TTL_S, Name::of(Zone::Shop, Host::Forged));
    Reply {
        code: Code::NoError,
        authoritative: true,
        answer: vec![Record { name, ttl_s, data: Data::A(Address::FALSE) }],
        authority: vec![Record { name: Zone::Shop.apex(), ttl_s, data: Data::Ns(server) }],
        additional: vec![Record { name: server, ttl_s, data: Data::A(Address::of(Role::X)) }],
    }
}
