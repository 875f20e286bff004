//! An authority: it answers for its zones, and keeps their copies alike.

use std::collections::VecDeque;

use serde::Serialize;
use sim::t;

use super::message::{Code, Message, Query, draw, send};
use super::name::{Address, Data, Kind, Question, Record, Role, Zone};
use super::settings::Config;
use super::zone::{Shop, answer, is_newer};
use super::{Disk, Effects, Timer};

/// For how many seconds it remembers how often it was asked.
pub const KEPT_SECONDS: usize = 120;

/// How many of a hundred questions are lost in a flood.
const FLOODED_OF_HUNDRED: u64 = 98;

/// The state of an authority.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Authority {
    pub role: Role,
    pub life: u64,
    /// What it has of shop.com, if it serves that.
    pub shop: Option<Shop>,
    pub is_flooded: bool,
    /// How many questions have come.
    pub asked: u64,
    /// How many of them were lost in a flood.
    pub drowned: u64,
    /// Seconds of its clock, and how many questions came in each.
    pub load: VecDeque<(u64, u32)>,
    /// The question about the serial number that it waits for: port and id.
    pub check: Option<(u32, u32)>,
}

/// How a person changes a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// www moves to another address.
    Move,
    /// There is a new.shop.com from now on.
    AddNew,
    /// Names may be kept for so many seconds.
    Ttl(u32),
}

impl Authority {
    pub(super) fn boot(role: Role, disk: &Disk, effects: &mut Effects<'_>) -> Authority {
        let life = disk.lives + 1;
        // A primary without its disk begins again from the zone file as it was written once.
        let shop = if role == Role::N1 { Some(disk.shop.unwrap_or(Shop::FIRST)) } else { disk.shop };
        effects.persist(Disk { lives: life, shop });
        let Config { change_us, refresh_us, .. } = *effects.config();
        if role == Role::N1 && change_us > 0 {
            effects.set_timer(Timer::Change, change_us);
        }
        if role == Role::N2 {
            let first_us = if shop.is_some() { refresh_us } else { 1 };
            effects.set_timer(Timer::Refresh, first_us);
        }
        effects.note(|| t!("{node} starts", node = role.label()));
        Authority { role, life, shop, is_flooded: false, asked: 0, drowned: 0, load: VecDeque::new(), check: None }
    }

    /// A question comes.
    pub(super) fn on_query(&mut self, query: Query, effects: &mut Effects<'_>) {
        let (me, name) = (self.role.label(), query.question.name);
        let asker = query.source.role().map_or("", Role::label);
        self.asked += 1;
        let second = effects.monotonic_now() / 1_000_000;
        match self.load.back_mut() {
            Some((last, count)) if *last == second => *count += 1,
            _ => self.load.push_back((second, 1)),
        }
        while self.load.len() > KEPT_SECONDS {
            self.load.pop_front();
        }
        if self.is_flooded && effects.choose(100) < FLOODED_OF_HUNDRED {
            self.drowned += 1;
            effects.routine("drowned");
            effects.note(|| {
                t!(
                    "The question of {asker} is lost in the flood at {node}: {name}",
                    asker = asker,
                    node = me,
                    name = name.to_string()
                )
            });
            return;
        }
        let reply = answer(self.role, self.shop.as_ref(), query.question, effects.config());
        let (code, is_referral) = (reply.code, reply.answer.is_empty() && !reply.authoritative);
        let below = reply.authority.first().map(|record| record.name.zone.text());
        let found = reply.answer.iter().find(|record| record.name == name).copied();
        effects.routine("answer");
        effects.rule("authority");
        send(query.source, query.answered(Address::of(self.role), reply), effects);
        effects.note(|| match (code, found) {
            (Code::Refused, _) => {
                t!(
                    "{node} does not answer for {name}, and says so to {asker}",
                    node = me,
                    name = name.to_string(),
                    asker = asker
                )
            }
            (Code::ServFail, _) => {
                t!("{node} has no copy of the zone, and says so to {asker}", node = me, asker = asker)
            }
            (Code::NxDomain, _) => {
                t!("{node} tells {asker} that there is no {name}", node = me, asker = asker, name = name.to_string())
            }
            (Code::NoError, Some(Record { data: Data::Soa { serial, .. }, .. })) => {
                t!(
                    "{node} tells {asker} the serial number of its zone: {serial}",
                    node = me,
                    asker = asker,
                    serial = serial
                )
            }
            (Code::NoError, Some(record)) => t!(
                "{node} tells {asker}: {name} is {data}",
                node = me,
                asker = asker,
                name = name.to_string(),
                data = record.data.to_string()
            ),
            (Code::NoError, None) if is_referral => t!(
                "{node} does not know {name}, and tells {asker} who answers for {zone}",
                node = me,
                name = name.to_string(),
                asker = asker,
                zone = below.unwrap_or_default()
            ),
            (Code::NoError, None) => t!(
                "{node} tells {asker} that {name} has nothing of this type",
                node = me,
                asker = asker,
                name = name.to_string()
            ),
        });
    }

    /// It is time for www to move.
    pub(super) fn on_turn(&mut self, effects: &mut Effects<'_>) {
        let change_us = effects.config().change_us;
        if change_us == 0 {
            effects.routine("idle");
            return;
        }
        effects.set_timer(Timer::Change, change_us);
        self.change(Change::Move, true, effects);
    }

    /// The zone changes.
    pub(super) fn change(&mut self, change: Change, raises_serial: bool, effects: &mut Effects<'_>) {
        if self.role != Role::N1 {
            return;
        }
        let mut shop = self.shop.unwrap_or(Shop::FIRST);
        match change {
            Change::Move => shop.moves += 1,
            Change::AddNew => shop.has_new = true,
            Change::Ttl(ttl_s) => shop.ttl_s = Some(ttl_s),
        }
        if raises_serial {
            shop.serial = shop.serial.wrapping_add(1);
        }
        self.shop = Some(shop);
        effects.persist(Disk { lives: self.life, shop: self.shop });
        let me = self.role.label();
        match change {
            Change::Move => effects.note(|| {
                t!("{node}: www.shop.com is at {address} from now on", node = me, address = shop.www().to_string())
            }),
            Change::AddNew => effects.note(|| t!("{node}: there is a new.shop.com from now on", node = me)),
            Change::Ttl(ttl_s) => {
                effects.note(|| {
                    t!(
                        "{node}: answers of shop.com may be kept for {seconds} s from now on",
                        node = me,
                        seconds = ttl_s
                    )
                });
            }
        }
        if raises_serial {
            effects.rule("notify");
            send(Address::of(Role::N2), Message::Notify { source: Address::of(self.role) }, effects);
            if effects.config().node(Role::N2).is_some() {
                effects.note(|| {
                    t!("It tells N2 to come and look: the serial number is now {serial}", serial = shop.serial)
                });
            } else {
                effects.note(|| t!("Nobody is told: resolvers find out when the answers that they keep run out"));
            }
        } else {
            effects.note(|| {
                t!(
                    "The serial number is still {serial}: a copy cannot tell that anything has changed",
                    serial = shop.serial
                )
            });
        }
    }

    /// A flood begins or ends.
    pub(super) fn flood(&mut self, effects: &mut Effects<'_>) {
        self.is_flooded = !self.is_flooded;
        let (me, is_flooded) = (self.role.label(), self.is_flooded);
        effects.note(|| match is_flooded {
            true => t!("{node} is flooded: 98 of 100 questions to it are lost", node = me),
            false => t!("The flood at {node} is over", node = me),
        });
    }

    /// A secondary asks whether there is anything new.
    pub(super) fn check(&mut self, is_told: bool, effects: &mut Effects<'_>) {
        if self.role != Role::N2 {
            return;
        }
        let refresh_us = effects.config().refresh_us;
        effects.set_timer(Timer::Refresh, refresh_us);
        let (id, port) = draw(effects);
        self.check = Some((port, id));
        let question = Question { name: Zone::Shop.apex(), kind: Kind::Soa };
        let source = Address::of(self.role);
        send(Address::of(Role::N1), Message::Query(Query { source, port, id, question, recursion: false }), effects);
        effects.rule("refresh");
        effects.routine("refresh");
        effects.note(|| match is_told {
            true => t!("N2 has heard that shop.com has changed, and asks N1 for its serial number"),
            false => t!("N2 asks N1 for the serial number of shop.com, as it does from time to time"),
        });
    }

    /// The serial number comes.
    pub(super) fn on_serial(&mut self, (port, id): (u32, u32), answers: &[Record], effects: &mut Effects<'_>) {
        let serial = answers.iter().find_map(|record| match record.data {
            Data::Soa { serial, .. } => Some(serial),
            _ => None,
        });
        let Some(serial) = serial.filter(|_| self.check == Some((port, id))) else {
            effects.routine("late");
            effects.note(|| t!("N2 does not wait for this answer any more"));
            return;
        };
        self.check = None;
        let mine = self.shop.map(|shop| shop.serial);
        if mine.is_none_or(|mine| is_newer(serial, mine)) {
            send(Address::of(Role::N1), Message::TransferPlease { source: Address::of(self.role) }, effects);
            effects.note(|| {
                t!("N1 has serial number {serial}, which N2 does not have: it asks for the whole zone", serial = serial)
            });
        } else {
            effects.routine("no-news");
            effects.note(|| t!("N1 has serial number {serial}: nothing new for N2", serial = serial));
        }
    }

    /// The whole zone is asked for.
    pub(super) fn give(&self, to: Address, effects: &mut Effects<'_>) {
        let Some(zone) = self.shop.filter(|_| self.role == Role::N1) else { return };
        send(to, Message::Transfer { source: Address::of(self.role), zone }, effects);
        effects.routine("give");
        effects.note(|| t!("N1 sends N2 all of shop.com, serial number {serial}", serial = zone.serial));
    }

    /// The whole zone comes.
    pub(super) fn take(&mut self, zone: Shop, effects: &mut Effects<'_>) {
        if self.role != Role::N2 {
            return;
        }
        effects.rule("greater_serial");
        let is_newer = self.shop.is_none_or(|mine| is_newer(zone.serial, mine.serial));
        if effects.config().rules.greater_serial && !is_newer {
            effects.note(|| {
                t!(
                    "A copy of shop.com comes to N2 late, with serial number {serial}: it has a newer one",
                    serial = zone.serial
                )
            });
            return;
        }
        self.shop = Some(zone);
        effects.persist(Disk { lives: self.life, shop: self.shop });
        effects.note(|| {
            t!(
                "N2 has the zone with serial number {serial}: www.shop.com is at {address}",
                serial = zone.serial,
                address = zone.www().to_string()
            )
        });
    }
}
