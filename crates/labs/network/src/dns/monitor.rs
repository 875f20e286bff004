//! The checks: what a client may be told, how long an answer may be kept, and how much work a question may make.
//!
//! What authorities have said is read from their disks, and what came when from what a resolver hands out, not from the times
//! that its cache goes by.

use std::collections::VecDeque;

use serde::Serialize;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Verdicts, t, time_us};

use super::cache::Known;
use super::client::{Client, End, Ended};
use super::name::{Address, Data, Host, Name, Role};
use super::resolver::Resolver;
use super::settings::Config;
use super::zone::is_newer;
use super::{Dns, DnsNode};

const NO_FORGERY: usize = 0;
const TTL_KEPT: usize = 1;
const BOUNDED_WORK: usize = 2;
const ONE_ANSWER: usize = 3;
const SERIAL_GROWS: usize = 4;
const ALL_END: usize = 5;
const RESOLVES: usize = 6;
const FRESH: usize = 7;
const STALE: usize = 8;
const WENT_ELSEWHERE: usize = 9;
const NEGATIVE_HIT: usize = 10;
const SERVFAIL: usize = 11;
const POISONED: usize = 12;
const LAME: usize = 13;
const JOINED: usize = 14;

const SECOND_US: u64 = 1_000_000;

/// Two clients go to two servers at the same time if their answers are not further apart.
const TOGETHER_US: u64 = 5 * SECOND_US;

impl Checks for Dns {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        use CheckKind::{Always, Eventually, Sometimes};
        use sim::Value::{Flag, Integer};
        let check = Check::new;
        vec![
            check(
                "no-forgery",
                t!("nobody gets a false address"),
                Always,
                t!("Each address that a client gets was once given for this name by a server that answers for it."),
            )
            .promised_under(vec![("id_bits", Integer(16)), ("port_bits", Integer(16))]),
            check(
                "ttl-kept",
                t!("no answer is kept for longer than it may"),
                Always,
                t!("No resolver hands out what it was told, yes or no, later than it may keep it, nor lets others keep it for longer than the rest."),
            )
            .promised_under(vec![("stale", Flag(false))]),
            check(
                "bounded-work",
                t!("no question costs too many queries"),
                Always,
                t!("Whatever authorities answer, a question does not make a resolver send more queries than it may cost."),
            ),
            check("one-answer", t!("a question ends once"), Always, t!("Each question of a client ends at most once.")).kept_by("match"),
            check(
                "serial-grows",
                t!("no server goes back to an older zone"),
                Always,
                t!("A server that has had a zone with one serial number never goes back to a lower one, as long as it keeps its disk."),
            ),
            check(
                "all-end",
                t!("every question ends"),
                Eventually,
                t!("No client waits for an answer longer than all its attempts take."),
            ),
            check(
                "resolves",
                t!("names that exist are found"),
                Eventually,
                t!("Once faults are over, each client gets an address for a name that exists and has servers that can be reached."),
            )
            .promised_under(vec![("loss_percent", Integer(0))]),
            check(
                "fresh",
                t!("the copy of the zone is fresh"),
                Eventually,
                t!("N2 has a serial number that N1 had a moment ago: as long ago as from one look to the next."),
            ),
            check(
                "stale",
                t!("a client got an old address"),
                Sometimes,
                t!("A client gets an address of www.shop.com that its primary does not give any more."),
            ),
            check(
                "went-elsewhere",
                t!("two clients, two answers"),
                Sometimes,
                t!("Two clients get two different addresses for one name within a few seconds."),
            ),
            check(
                "negative-hit",
                t!("a no from the cache"),
                Sometimes,
                t!("A resolver says that a name is not there because it was told so a while ago."),
            ),
            check("servfail", t!("nothing could be found out"), Sometimes, t!("A client has asked all resolvers, and none could tell.")),
            check(
                "poisoned",
                t!("a false record in a cache"),
                Sometimes,
                t!("A resolver has kept what a forger or a liar has told it, and gives it to everybody."),
            )
            .promised_under(vec![("id_bits", Integer(8)), ("id_bits", Integer(4)), ("port_bits", Integer(0))]),
            check(
                "lame",
                t!("a server that is none"),
                Sometimes,
                t!("A server is asked that answers for a zone only by what the zone above says."),
            ),
            check("joined", t!("one search for two"), Sometimes, t!("A question joins an equal one that is under way.")),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// What is known of each node, in their order.
    seen: Vec<Seen>,
    /// How often www has moved at the most.
    moves: u32,
    /// Whether there ever was a new.shop.com.
    has_had_new: bool,
    /// Whether the primary has lost its disk: then nothing is promised of copies.
    lost_zone: bool,
    /// Serial numbers that the primary has had, and until when.
    past: VecDeque<(u32, u64)>,
    /// When www moved last.
    pub moved_us: u64,
    /// How many old addresses clients have got.
    pub old_answers: u64,
    /// How long after the last move a client got an old address, the last time.
    pub old_for_us: u64,
}

/// What is known of one node.
#[derive(Clone, Debug, Default, Serialize)]
struct Seen {
    /// A client's questions that have not ended: number and moment.
    open: Vec<(u64, u64)>,
    asked: u64,
    ended: u64,
    /// Whether its last question for a name that exists has found an address.
    found: Option<bool>,
    /// The last answers for www.shop.com and api.shop.com: when, and what.
    www: Option<(u64, Address)>,
    negative_hits: u64,
    /// An authority's serial number.
    serial: Option<u32>,
}

impl sim::Monitor<DnsNode> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, DnsNode>, verdicts: &mut Verdicts) {
        let config = seen.config;
        if self.seen.is_empty() {
            self.seen = vec![Seen::default(); config.cast.len()];
            for id in seen.nodes.ids() {
                self.look_at_zone(id, seen, verdicts);
            }
        }
        if let Some(id) = seen.node {
            match seen.nodes.state(id) {
                Some(DnsNode::Client(client)) => self.look_at_client(id, client, seen, verdicts),
                Some(DnsNode::Resolver(resolver)) => self.look_at_resolver(id, resolver, config, verdicts),
                Some(_) => {}
                None => {
                    let serial = self.seen[id.index()].serial;
                    self.seen[id.index()] = Seen { serial, ..Seen::default() };
                }
            }
            self.look_at_zone(id, seen, verdicts);
        }
        self.judge_the_end(seen, verdicts);
    }
}

impl Monitor {
    /// Looks at what a client has just asked or got.
    fn look_at_client(
        &mut self,
        id: NodeId,
        client: &Client,
        seen: &Observation<'_, DnsNode>,
        verdicts: &mut Verdicts,
    ) {
        let mine = &mut self.seen[id.index()];
        while mine.asked < client.asked {
            mine.asked += 1;
            mine.open.push((mine.asked, seen.at_us));
        }
        if mine.ended == client.ended {
            return;
        }
        let many = client.ended - mine.ended;
        mine.ended = client.ended;
        let Some(ended) = client.last else { return };
        let place = mine.open.iter().position(|(number, _)| *number == ended.number);
        match place.filter(|_| many == 1) {
            Some(place) => {
                mine.open.remove(place);
            }
            None => verdicts.broken(ONE_ANSWER, &[id], || {
                t!("question {number} of {node} ends once more", number = ended.number, node = id)
            }),
        }
        self.look_at_answer(id, ended, seen, verdicts);
    }

    fn look_at_answer(&mut self, id: NodeId, ended: Ended, seen: &Observation<'_, DnsNode>, verdicts: &mut Verdicts) {
        let name = ended.name;
        if matches!(name, Name::WWW | Name::API | Name::CDN | Name::EVIL) {
            self.seen[id.index()].found = Some(matches!(ended.end, End::Address(_)));
        }
        if ended.end == End::Failed {
            verdicts.seen(SERVFAIL, &[id], || t!("{node} asks for {name} in vain", node = id, name = name.to_string()));
        }
        let End::Address(address) = ended.end else { return };
        if !self.was_served(name, address) {
            verdicts.broken(NO_FORGERY, &[id], || {
                t!(
                    "{node} is told that {name} is at {address}, which no server of that name ever said",
                    node = id,
                    name = name.to_string(),
                    address = address.to_string()
                )
            });
            return;
        }
        if !matches!(name, Name::WWW | Name::API) {
            return;
        }
        let now = primary(seen).and_then(|id| seen.nodes.disk(id).shop).map(|shop| shop.www());
        if now.is_some_and(|now| now != address) {
            self.old_answers += 1;
            self.old_for_us = seen.at_us - self.moved_us;
            let after_us = self.old_for_us;
            verdicts.seen(STALE, &[id], || {
                t!(
                    "{node} is sent to {address} {time} after {name} has moved",
                    node = id,
                    address = address.to_string(),
                    time = time_us(after_us),
                    name = name.to_string()
                )
            });
        }
        self.seen[id.index()].www = Some((seen.at_us, address));
        let other = seen.nodes.ids().find(|other| {
            let theirs = self.seen[other.index()].www;
            theirs.is_some_and(|(at_us, known)| known != address && seen.at_us - at_us <= TOGETHER_US)
        });
        if let Some(other) = other {
            verdicts.seen(WENT_ELSEWHERE, &[id, other], || {
                t!("{one} and {other} are sent to different servers for one name", one = id, other = other)
            });
        }
    }

    /// Whether an authority has ever given this address for this name.
    fn was_served(&self, name: Name, address: Address) -> bool {
        match name {
            Name::WWW | Name::API => (0..=self.moves.min(90)).any(|moves| Address::of_shop(moves) == address),
            Name::NEW => self.has_had_new && address == Address::NEW,
            Name::CDN => address == Address::CDN,
            Name::EVIL => address == Address::EVIL,
            _ => false,
        }
    }

    /// Looks at what a resolver has just handed out, and at its work.
    fn look_at_resolver(&mut self, id: NodeId, resolver: &Resolver, config: &Config, verdicts: &mut Verdicts) {
        for handed in &resolver.handed {
            let until_us = handed.received_us + u64::from(handed.ttl_s) * SECOND_US;
            let left_us = until_us.saturating_sub(handed.at_us);
            if handed.at_us > until_us {
                verdicts.broken(TTL_KEPT, &[id], || {
                    t!(
                        "{node} still hands out {name}, which it might keep for {ttl} and was told {age} ago",
                        node = id,
                        name = handed.name.to_string(),
                        ttl = time_us(u64::from(handed.ttl_s) * SECOND_US),
                        age = time_us(handed.at_us - handed.received_us)
                    )
                });
            } else if u64::from(handed.rest_s) * SECOND_US > left_us {
                verdicts.broken(TTL_KEPT, &[id], || {
                    t!(
                        "{node} lets others keep {name} for {rest}, though only {left} are left",
                        node = id,
                        name = handed.name.to_string(),
                        rest = time_us(u64::from(handed.rest_s) * SECOND_US),
                        left = time_us(left_us)
                    )
                });
            }
        }
        for (_, walk) in resolver.walks.iter() {
            if walk.sent > config.max_sent {
                verdicts.broken(BOUNDED_WORK, &[id], || {
                    t!(
                        "the question for {name} has cost {node} {count} queries",
                        name = walk.question.name.to_string(),
                        node = id,
                        count = walk.sent
                    )
                });
            }
        }
        let mine = &mut self.seen[id.index()];
        if resolver.negative_hits > mine.negative_hits {
            verdicts.seen(NEGATIVE_HIT, &[id], || t!("{node} says from its cache that a name is not there", node = id));
        }
        mine.negative_hits = resolver.negative_hits;
        let false_entry = resolver.cache.entries.iter().find(|(_, entry)| {
            let Known::Records(data) = &entry.known else { return false };
            data.iter().any(|data| match data {
                Data::A(address) => *address == Address::FALSE,
                Data::Ns(server) => server.host == Host::Forged,
                _ => false,
            })
        });
        if let Some((key, _)) = false_entry {
            verdicts.seen(POISONED, &[id], || {
                t!("{node} has kept something false of {name}", node = id, name = key.0.to_string())
            });
        }
        let lame = resolver.lame.iter().next().map(|((zone, address), _)| (*zone, address.role()));
        if let Some((zone, Some(role))) = lame {
            verdicts.seen(LAME, &[id], || {
                t!(
                    "{server} does not answer for {zone}, and {node} remembers that",
                    server = role.label(),
                    zone = zone.text(),
                    node = id
                )
            });
        }
        if resolver.joined > 0 {
            verdicts.seen(JOINED, &[id], || t!("{node} finds out once for two questions", node = id));
        }
    }

    /// Looks at the zone on the disk of an authority.
    fn look_at_zone(&mut self, id: NodeId, seen: &Observation<'_, DnsNode>, verdicts: &mut Verdicts) {
        let role = seen.config.role(id);
        if !matches!(role, Role::N1 | Role::N2) {
            return;
        }
        let shop = seen.nodes.disk(id).shop;
        let before = self.seen[id.index()].serial;
        let now = shop.map(|shop| shop.serial);
        if role == Role::N1 {
            self.lost_zone |= shop.is_none();
            if let Some(shop) = shop {
                if shop.moves > self.moves {
                    self.moved_us = seen.at_us;
                }
                self.moves = self.moves.max(shop.moves);
                self.has_had_new |= shop.has_new;
            }
            if let (Some(before), true) = (before, before != now) {
                self.past.push_back((before, seen.at_us));
                if self.past.len() > 64 {
                    self.past.pop_front();
                }
            }
        }
        if let (Some(before), Some(now)) = (before, now)
            && now != before
            && !is_newer(now, before)
        {
            verdicts.broken(SERIAL_GROWS, &[id], || {
                t!("{node} goes from serial number {before} back to {now}", node = id, before = before, now = now)
            });
        }
        self.seen[id.index()].serial = now;
    }

    fn judge_the_end(&self, seen: &Observation<'_, DnsNode>, verdicts: &mut Verdicts) {
        let config = seen.config;
        let most_us = 2 * config.stub_timeout_us * u64::from(config.stub_attempts) + SECOND_US;
        let waits = |seen_of: &Seen| seen_of.open.iter().any(|(_, at_us)| seen.at_us - at_us > most_us);
        verdicts.reached(ALL_END, !self.seen.iter().any(waits));
        let is_flooded = seen
            .nodes
            .ids()
            .any(|id| seen.nodes.state(id).and_then(DnsNode::authority).is_some_and(|authority| authority.is_flooded));
        let all_found = self.seen.iter().all(|seen_of| seen_of.found != Some(false));
        verdicts.reached(RESOLVES, is_flooded || all_found);
        let serial = |role| config.node(role).and_then(|id| self.seen[id.index()].serial);
        let (Some(mine), Some(_)) = (serial(Role::N1), config.node(Role::N2)) else {
            verdicts.reached(FRESH, true);
            return;
        };
        let copy = serial(Role::N2);
        let since_us = seen.at_us.saturating_sub(config.refresh_us + SECOND_US);
        let was_had = |copy: u32| {
            copy == mine || self.past.iter().any(|(serial, until_us)| *serial == copy && *until_us >= since_us)
        };
        verdicts.reached(FRESH, self.lost_zone || copy.is_some_and(was_had));
    }
}

fn primary(seen: &Observation<'_, DnsNode>) -> Option<NodeId> {
    seen.config.node(Role::N1)
}
