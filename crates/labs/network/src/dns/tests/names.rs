//! What authorities answer, and how serial numbers go round.

use super::super::zone::{answer, is_newer};
use super::*;

fn ask(role: Role, name: Name) -> Reply {
    answer(role, Some(&Shop::FIRST), Question::address(name), &config(&[]))
}

/// RFC 1034, section 4.3.2, step 3b: below a cut a server sends on, with the addresses that it has (glue).
#[test]
fn a_server_sends_on_below_a_cut() {
    let reply = ask(Role::Root, Name::WWW);
    assert_eq!((reply.code, reply.authoritative, reply.answer.len()), (Code::NoError, false, 0));
    assert!(reply.authority.iter().all(|record| record.name == Zone::Com.apex()));
    assert_eq!(reply.additional[0].data, Data::A(Address::of(Role::Com)));
    let reply = ask(Role::Com, Name::WWW);
    let servers: Vec<String> = reply.authority.iter().map(|record| record.data.to_string()).collect();
    assert_eq!(servers, ["n3.shop.com", "n1.shop.com", "n2.shop.com"]);
    // A server whose name lies elsewhere comes without an address.
    let reply = ask(Role::Net, Name::CDN);
    assert_eq!((reply.authority.len(), reply.additional.len()), (1, 0));
}

/// RFC 1034, section 4.3.2, step 3a: an alias is followed as far as the server has what it leads to.
#[test]
fn an_alias_is_followed_within_a_zone() {
    let reply = ask(Role::N1, Name::API);
    let kinds: Vec<Kind> = reply.answer.iter().map(|record| record.data.kind()).collect();
    assert_eq!(kinds, [Kind::Cname, Kind::A]);
    assert!(reply.authoritative);
}

/// RFC 2308, sections 2 and 3: a no comes with the SOA of its zone, and tells a missing name from a missing type.
#[test]
fn a_no_comes_with_the_soa() {
    let reply = ask(Role::N1, Name::NEW);
    assert_eq!(reply.code, Code::NxDomain);
    assert_eq!(reply.authority[0].data.kind(), Kind::Soa);
    let reply = ask(Role::N2, Zone::Shop.apex());
    assert_eq!((reply.code, reply.answer.len()), (Code::NoError, 0));
    assert_eq!(reply.authority[0].data.kind(), Kind::Soa);
}

/// A server that is named for a zone and does not have it refuses (a lame delegation).
#[test]
fn a_lame_server_refuses() {
    assert_eq!(ask(Role::E, Name::WWW).code, Code::Refused);
    assert_eq!(ask(Role::E, Name::EVIL).code, Code::NoError);
    assert_eq!(answer(Role::N2, None, Question::address(Name::WWW), &config(&[])).code, Code::ServFail);
}

/// RFC 1982, section 3.2: serial numbers are compared around a circle.
#[test]
fn serial_numbers_go_round() {
    assert!(is_newer(2, 1) && !is_newer(1, 2) && !is_newer(1, 1));
    assert!(is_newer(0, u32::MAX) && is_newer(5, u32::MAX - 5));
    assert!(!is_newer(u32::MAX, 0));
    // Half of the circle away nothing is said.
    assert!(!is_newer(1 << 31, 0) && !is_newer(0, 1 << 31));
}

/// RFC 5737: addresses in examples.
#[test]
fn addresses_are_those_for_examples() {
    assert_eq!(Address::of_shop(0).to_string(), "203.0.113.7");
    assert_eq!(Address::FALSE.to_string(), "198.51.100.66");
    for role in Role::ALL {
        assert!(Address::of(role).to_string().starts_with("192.0.2."));
        assert_eq!(Address::of(role).role(), Some(role));
    }
}
