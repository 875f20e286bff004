//! Names, records and addresses, and who is who.

use std::fmt::{self, Display};

use serde::Serialize;

/// A part of the tree of names that has servers of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Zone {
    Root,
    Com,
    Net,
    /// shop.com.
    Shop,
    /// evil.com.
    Evil,
    /// cdn.net, whose server has a name in shop.com.
    Cdn,
    /// loop.com, whose server has a name in loop.net.
    LoopCom,
    /// loop.net, whose server has a name in loop.com.
    LoopNet,
}

impl Zone {
    /// All of them, those above before those below.
    pub const ALL: [Zone; 8] =
        [Zone::Root, Zone::Com, Zone::Net, Zone::Shop, Zone::Evil, Zone::Cdn, Zone::LoopCom, Zone::LoopNet];

    /// The zone that it is delegated by.
    pub fn parent(self) -> Option<Zone> {
        match self {
            Zone::Root => None,
            Zone::Com | Zone::Net => Some(Zone::Root),
            Zone::Shop | Zone::Evil | Zone::LoopCom => Some(Zone::Com),
            Zone::Cdn | Zone::LoopNet => Some(Zone::Net),
        }
    }

    /// Itself and all above it, the root last.
    pub fn line(self) -> impl Iterator<Item = Zone> {
        std::iter::successors(Some(self), |zone| zone.parent())
    }

    /// Whether it is this zone or below it.
    pub fn is_within(self, above: Zone) -> bool {
        self.line().any(|zone| zone == above)
    }

    /// The zone directly below this one on the way to another.
    pub fn towards(self, below: Zone) -> Option<Zone> {
        below.line().find(|zone| zone.parent() == Some(self))
    }

    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            Zone::Root => ".",
            Zone::Com => "com",
            Zone::Net => "net",
            Zone::Shop => "shop.com",
            Zone::Evil => "evil.com",
            Zone::Cdn => "cdn.net",
            Zone::LoopCom => "loop.com",
            Zone::LoopNet => "loop.net",
        }
    }

    /// Its own name.
    pub const fn apex(self) -> Name {
        Name { zone: self, host: Host::Apex }
    }
}

/// The part of a name before its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Host {
    /// Nothing: the name of the zone itself.
    Apex,
    Www,
    Api,
    New,
    /// Of a server for names.
    Ns,
    Ns1,
    Ns2,
    Ns3,
    /// Of the server that a forger sets up.
    Forged,
    /// One of many that nobody has asked for before: a1, a2, …
    Numbered(u32),
}

/// A name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Name {
    pub zone: Zone,
    pub host: Host,
}

impl Name {
    pub const WWW: Name = Name { zone: Zone::Shop, host: Host::Www };
    pub const API: Name = Name { zone: Zone::Shop, host: Host::Api };
    pub const NEW: Name = Name { zone: Zone::Shop, host: Host::New };
    pub const CDN: Name = Name { zone: Zone::Cdn, host: Host::Www };
    pub const EVIL: Name = Name { zone: Zone::Evil, host: Host::Www };
    pub const LOOP: Name = Name { zone: Zone::LoopCom, host: Host::Www };

    /// What clients ask for, as it is written.
    pub const ASKED: [(Name, &'static str); 7] = [
        (Name::WWW, "www.shop.com"),
        (Name::API, "api.shop.com"),
        (Name::NEW, "new.shop.com"),
        (Name::CDN, "www.cdn.net"),
        (Name::EVIL, "www.evil.com"),
        (Name::LOOP, "www.loop.com"),
        (Zone::Shop.apex(), "shop.com"),
    ];

    /// One of a zone.
    pub fn of(zone: Zone, host: Host) -> Name {
        Name { zone, host }
    }

    /// A name in shop.com that nobody has asked for before.
    pub fn numbered(number: u32) -> Name {
        Name::of(Zone::Shop, Host::Numbered(number))
    }
}

impl Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zone = if self.zone == Zone::Root { "" } else { self.zone.text() };
        let host = match self.host {
            Host::Apex => return formatter.write_str(self.zone.text()),
            Host::Www => "www",
            Host::Api => "api",
            Host::New => "new",
            Host::Ns => "ns",
            Host::Ns1 => "n1",
            Host::Ns2 => "n2",
            Host::Ns3 => "n3",
            Host::Forged => "x",
            Host::Numbered(number) => return write!(formatter, "a{number}.{zone}"),
        };
        write!(formatter, "{host}.{zone}")
    }
}

/// A part in the play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Role {
    C1,
    C2,
    C3,
    C4,
    R1,
    R2,
    Root,
    Com,
    Net,
    /// The primary of shop.com; serves cdn.net as well.
    N1,
    /// The secondary of shop.com.
    N2,
    /// The server of evil.com, which shop.com names by mistake too.
    E,
    /// Sees none of the messages of others, and forges answers.
    X,
}

impl Role {
    pub const ALL: [Role; 13] = [
        Role::C1,
        Role::C2,
        Role::C3,
        Role::C4,
        Role::R1,
        Role::R2,
        Role::Root,
        Role::Com,
        Role::Net,
        Role::N1,
        Role::N2,
        Role::E,
        Role::X,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Role::C1 => "C1",
            Role::C2 => "C2",
            Role::C3 => "C3",
            Role::C4 => "C4",
            Role::R1 => "R1",
            Role::R2 => "R2",
            Role::Root => "root",
            Role::Com => "com",
            Role::Net => "net",
            Role::N1 => "N1",
            Role::N2 => "N2",
            Role::E => "E",
            Role::X => "X",
        }
    }

    /// Its column on the stage.
    pub fn rank(self) -> u8 {
        match self {
            Role::C1 | Role::C2 | Role::C3 | Role::C4 | Role::X => 0,
            Role::R1 | Role::R2 => 1,
            Role::Root | Role::Com | Role::Net => 2,
            Role::N1 | Role::N2 | Role::E => 3,
        }
    }

    pub fn is_client(self) -> bool {
        matches!(self, Role::C1 | Role::C2 | Role::C3 | Role::C4)
    }

    pub fn is_resolver(self) -> bool {
        matches!(self, Role::R1 | Role::R2)
    }

    pub fn is_authority(self) -> bool {
        !self.is_client() && !self.is_resolver() && self != Role::X
    }
}

/// An address of version 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Address(u32);

impl Address {
    /// 192.0.2.0, RFC 5737: a block for examples. Those who take part stand there.
    const CAST: u32 = 0xC000_0200 + 10;
    /// 203.0.113.0, the same: web servers stand there.
    const WEB: u32 = 0xCB00_7100;
    /// Where forged and false answers lead.
    pub const FALSE: Address = Address(0xC633_6442); // 198.51.100.66
    pub const CDN: Address = Address(Address::WEB + 200);
    pub const EVIL: Address = Address(Address::WEB + 99);
    pub const NEW: Address = Address(Address::WEB + 150);

    /// Where somebody in the play can be reached.
    pub fn of(role: Role) -> Address {
        Address(Address::CAST + role as u32)
    }

    /// Who can be reached there, of those in the play.
    pub fn role(self) -> Option<Role> {
        Role::ALL.into_iter().find(|role| Address::of(*role) == self)
    }

    /// The web server of the shop after so many moves.
    pub fn of_shop(moves: u32) -> Address {
        Address(Address::WEB + 7 + moves % 90)
    }
}

impl Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.0.to_be_bytes();
        write!(formatter, "{a}.{b}.{c}.{d}")
    }
}

/// The type of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Kind {
    A,
    Ns,
    Cname,
    Soa,
}

impl Kind {
    pub fn text(self) -> &'static str {
        match self {
            Kind::A => "A",
            Kind::Ns => "NS",
            Kind::Cname => "CNAME",
            Kind::Soa => "SOA",
        }
    }
}

/// What a record says of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Data {
    /// Its address.
    A(Address),
    /// Who answers for the zone.
    Ns(Name),
    /// The name that it is another word for.
    Cname(Name),
    /// How its zone is kept: the number of its version, and for how long a no may be kept.
    Soa { serial: u32, minimum_s: u32 },
}

impl Data {
    pub fn kind(self) -> Kind {
        match self {
            Data::A(_) => Kind::A,
            Data::Ns(_) => Kind::Ns,
            Data::Cname(_) => Kind::Cname,
            Data::Soa { .. } => Kind::Soa,
        }
    }
}

impl Display for Data {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Data::A(address) => write!(formatter, "{address}"),
            Data::Ns(name) | Data::Cname(name) => write!(formatter, "{name}"),
            Data::Soa { serial, minimum_s } => write!(formatter, "serial {serial}, minimum {minimum_s}"),
        }
    }
}

/// A record: what an authority says of a name, and for how many seconds it may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Record {
    pub name: Name,
    pub ttl_s: u32,
    pub data: Data,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Question {
    pub name: Name,
    pub kind: Kind,
}

impl Question {
    /// The address of a name.
    pub fn address(name: Name) -> Question {
        Question { name, kind: Kind::A }
    }
}
