//! Certificates: who has which key, said by whom, from when until when (RFC 5280, section 6; RFC 9525 on names).

use serde::Serialize;

use super::term::{Kind, Tag, Term};

/// The server that clients want.
pub const SHOP: &str = "shop.example";
/// Mallory's own name.
pub const EVIL: &str = "evil.example";

/// An authority that clients trust.
pub const ROOT_1: &str = "Root 1";
/// Another one.
pub const ROOT_2: &str = "Root 2";
/// Mallory's own, which nobody trusts.
pub const NOBODY: &str = "M's own root";

/// The authorities that clients trust.
const TRUSTED: [&str; 2] = [ROOT_1, ROOT_2];

pub const DAY_US: i64 = 86_400_000_000;

/// The private keys that there are at the start. Those drawn later are greater than these.
pub const MALLORYS_KEY: u64 = 4;
pub const LEAKED_KEY: u64 = 5;
pub const SHOP_KEY: u64 = 6;
pub const TICKET_KEY: u64 = 7;
pub const SHOP_SHARE: u64 = 8;

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Certificate {
    pub name: &'static str,
    pub public: Term,
    /// In microseconds of the clocks of those who read it.
    pub from_us: i64,
    pub to_us: i64,
    pub issuer: &'static str,
}

/// What somebody finds who looks at a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// An authority that is trusted has signed it.
    pub chain: bool,
    pub dates: Dates,
    pub name: bool,
}

/// How a certificate stands to a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Dates {
    NotYet,
    Valid,
    Expired,
}

/// The key with which an authority signs.
pub fn root_key(issuer: &str) -> Term {
    Term::private(match issuer {
        ROOT_1 => 1,
        ROOT_2 => 2,
        _ => 3,
    })
}

impl Certificate {
    /// The certificate, signed by its issuer.
    pub fn signed(&self) -> Term {
        let parts = vec![
            Term::name(self.name),
            self.public.clone(),
            Term::number(self.from_us),
            Term::number(self.to_us),
            Term::name(self.issuer),
        ];
        Term::sign(&root_key(self.issuer), &Term::list(Tag::Certified, parts))
    }

    /// Reads a signed certificate, whoever has signed it.
    pub fn read(signed: &Term) -> Option<Certificate> {
        let Kind::Sign(_, certified) = signed.kind() else { return None };
        let [name, public, from, to, issuer] = certified.parts(Tag::Certified)? else { return None };
        Some(Certificate {
            name: name.as_name()?,
            public: public.clone(),
            from_us: from.as_number()?,
            to_us: to.as_number()?,
            issuer: issuer.as_name()?,
        })
    }

    /// What somebody finds who looks at it, wants this name and has this clock.
    pub fn judge(&self, signed: &Term, wanted: &str, clock_us: i64) -> Findings {
        let Kind::Sign(_, certified) = signed.kind() else {
            return Findings { chain: false, dates: Dates::Expired, name: false };
        };
        let is_signed_by = |root: &&str| signed.is_signature(&Term::public(&root_key(root)), certified);
        let dates = match clock_us {
            now if now < self.from_us => Dates::NotYet,
            now if now > self.to_us => Dates::Expired,
            _ => Dates::Valid,
        };
        let chain = TRUSTED.iter().any(|root| *root == self.issuer && is_signed_by(root));
        Findings { chain, dates, name: self.name == wanted }
    }
}

impl Findings {
    /// Whether all holds.
    pub fn is_good(self) -> bool {
        self.chain && self.dates == Dates::Valid && self.name
    }
}

/// The certificate of the shop for a key, that long ago and for that long.
pub fn of_shop(public: &Term, from_us: i64, lifetime_us: i64) -> Certificate {
    Certificate { name: SHOP, public: public.clone(), from_us, to_us: from_us + lifetime_us, issuer: ROOT_1 }
}

/// A good certificate of Mallory for her own name.
pub fn of_evil() -> Certificate {
    let public = Term::public(&Term::private(MALLORYS_KEY));
    Certificate { name: EVIL, public, from_us: -30 * DAY_US, to_us: 335 * DAY_US, issuer: ROOT_1 }
}

/// An old certificate of the shop, which ran out 120 days before the run begins, and whose key has leaked.
pub fn leaked() -> Certificate {
    let public = Term::public(&Term::private(LEAKED_KEY));
    Certificate { name: SHOP, public, from_us: -210 * DAY_US, to_us: -120 * DAY_US, issuer: ROOT_1 }
}

/// A certificate for the shop and Mallory's key, of this issuer.
pub fn false_one(issuer: &'static str) -> Certificate {
    let public = Term::public(&Term::private(MALLORYS_KEY));
    Certificate { name: SHOP, public, from_us: -30 * DAY_US, to_us: 335 * DAY_US, issuer }
}
