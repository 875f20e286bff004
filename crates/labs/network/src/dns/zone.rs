//! What authorities know: their zones, and the answers that follow (RFC 1034, section 4.3.2).

use serde::Serialize;

use super::message::{Code, Reply};
use super::name::{Address, Data, Host, Name, Question, Record, Role, Zone};
use super::settings::Config;

/// The TTL that false and forged records come with: a day.
pub const FALSE_TTL_S: u32 = 86_400;

/// The zone of the shop, which changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Shop {
    pub serial: u32,
    /// How often www has moved.
    pub moves: u32,
    /// Whether there is a new.shop.com.
    pub has_new: bool,
    /// The TTL of its names, where somebody has set it; else it is that of the settings.
    pub ttl_s: Option<u32>,
}

impl Shop {
    /// As it is at the start.
    pub const FIRST: Shop = Shop { serial: 1, moves: 0, has_new: false, ttl_s: None };

    /// Where www.shop.com is.
    pub fn www(&self) -> Address {
        Address::of_shop(self.moves)
    }
}

/// Whether a serial number is newer than another: they go round (RFC 1982, section 3.2).
pub fn is_newer(serial: u32, other: u32) -> bool {
    let ahead = serial.wrapping_sub(other);
    ahead != 0 && ahead < 1 << 31
}

/// The zones that somebody answers for.
pub fn served(role: Role) -> &'static [Zone] {
    match role {
        Role::Root => &[Zone::Root],
        Role::Com => &[Zone::Com],
        Role::Net => &[Zone::Net],
        Role::N1 => &[Zone::Shop, Zone::Cdn],
        Role::N2 => &[Zone::Shop],
        Role::E => &[Zone::Evil],
        _ => &[],
    }
}

/// The servers of a zone by what the zone above says: their names, and where there is glue, their addresses.
pub fn delegation(zone: Zone, config: &Config) -> Vec<(Name, Option<Role>)> {
    let of = |host, role| (Name::of(zone, host), Some(role));
    let known = match zone {
        Zone::Root => vec![of(Host::Ns, Role::Root)],
        Zone::Com => vec![of(Host::Ns, Role::Com)],
        Zone::Net => vec![of(Host::Ns, Role::Net)],
        Zone::Shop => vec![of(Host::Ns3, Role::E), of(Host::Ns1, Role::N1), of(Host::Ns2, Role::N2)],
        Zone::Evil => vec![of(Host::Ns, Role::E)],
        Zone::Cdn => vec![(Name::of(Zone::Shop, Host::Ns1), None)],
        Zone::LoopCom => vec![(Name::of(Zone::LoopNet, Host::Ns), None)],
        Zone::LoopNet => vec![(Name::of(Zone::LoopCom, Host::Ns), None)],
    };
    known.into_iter().filter(|(_, role)| role.is_none_or(|role| config.node(role).is_some())).collect()
}

/// What an authority answers. `shop` is what it has of shop.com.
pub fn answer(role: Role, shop: Option<&Shop>, question: Question, config: &Config) -> Reply {
    let zones = served(role);
    let Some(zone) = question.name.zone.line().find(|zone| zones.contains(zone)) else {
        return Reply::empty(Code::Refused);
    };
    if zone == Zone::Shop && shop.is_none() {
        return Reply::empty(Code::ServFail);
    }
    // Step 3b: a cut below leads out of what it is an authority for.
    if let Some(below) = zone.towards(question.name.zone) {
        return referral(below, config);
    }
    let mut reply = Reply { authoritative: true, ..Reply::empty(Code::NoError) };
    let mut name = question.name;
    // Step 3a: the name is here. An alias is followed as long as it leads to names that are here too.
    loop {
        let records = records(name, shop, config);
        if records.is_empty() {
            if reply.answer.is_empty() {
                reply.code = Code::NxDomain;
            }
            break;
        }
        let asked = records.iter().filter(|record| record.data.kind() == question.kind);
        let before = reply.answer.len();
        reply.answer.extend(asked);
        if reply.answer.len() > before {
            break;
        }
        let alias = records.iter().find_map(|record| match record.data {
            Data::Cname(target) => Some((*record, target)),
            _ => None,
        });
        let Some((record, target)) = alias else { break };
        reply.answer.push(record);
        if !zones.contains(&target.zone) {
            break;
        }
        name = target;
    }
    if reply.answer.is_empty() {
        reply.authority.extend(soa(zone, shop, config));
    }
    if role == Role::E && zone == Zone::Evil {
        // It is no authority for this name.
        reply.answer.push(Record { name: Name::WWW, ttl_s: FALSE_TTL_S, data: Data::A(Address::FALSE) });
    }
    reply
}

/// Whom to ask instead.
fn referral(zone: Zone, config: &Config) -> Reply {
    let ttl_s = config.ns_ttl_s;
    let mut reply = Reply::empty(Code::NoError);
    for (server, glue) in delegation(zone, config) {
        reply.authority.push(Record { name: zone.apex(), ttl_s, data: Data::Ns(server) });
        if let Some(role) = glue {
            reply.additional.push(Record { name: server, ttl_s, data: Data::A(Address::of(role)) });
        }
    }
    reply
}

/// How a zone is kept.
fn soa(zone: Zone, shop: Option<&Shop>, config: &Config) -> Option<Record> {
    let serial = if zone == Zone::Shop { shop?.serial } else { 1 };
    let (ttl_s, minimum_s) = (config.negative_s, config.negative_s);
    Some(Record { name: zone.apex(), ttl_s, data: Data::Soa { serial, minimum_s } })
}

/// All that the authorities for it say of a name; nothing if there is no such name.
pub fn records(name: Name, shop: Option<&Shop>, config: &Config) -> Vec<Record> {
    let zone = name.zone;
    let (ttl_s, ns_ttl_s) = (shop.and_then(|shop| shop.ttl_s).unwrap_or(config.ttl_s), config.ns_ttl_s);
    let one = |ttl_s, data| vec![Record { name, ttl_s, data }];
    let server = |role| match config.node(role) {
        Some(_) => one(ns_ttl_s, Data::A(Address::of(role))),
        None => Vec::new(),
    };
    match (zone, name.host) {
        (_, Host::Apex) => {
            let servers = delegation(zone, config).into_iter();
            let servers = servers.map(|(server, _)| Record { name, ttl_s: ns_ttl_s, data: Data::Ns(server) });
            soa(zone, shop, config).into_iter().chain(servers).collect()
        }
        (Zone::Shop, Host::Www) => shop.map_or_else(Vec::new, |shop| one(ttl_s, Data::A(shop.www()))),
        (Zone::Shop, Host::Api) => one(ttl_s, Data::Cname(Name::WWW)),
        (Zone::Shop, Host::New) if shop.is_some_and(|shop| shop.has_new) => one(ttl_s, Data::A(Address::NEW)),
        (Zone::Shop, Host::Ns1) => server(Role::N1),
        (Zone::Shop, Host::Ns2) => server(Role::N2),
        (Zone::Shop, Host::Ns3) => server(Role::E),
        (Zone::Cdn, Host::Www) => one(config.ttl_s, Data::A(Address::CDN)),
        (Zone::Evil, Host::Www) => one(config.ttl_s, Data::A(Address::EVIL)),
        (Zone::Evil, Host::Ns) => server(Role::E),
        (Zone::Root, Host::Ns) => server(Role::Root),
        (Zone::Com, Host::Ns) => server(Role::Com),
        (Zone::Net, Host::Ns) => server(Role::Net),
        (_, Host::Numbered(_)) => Vec::new(),
        _ => Vec::new(),
    }
}
