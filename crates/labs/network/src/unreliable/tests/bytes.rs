//! What travels, and what becomes of it.

use parts::checksum::{crc32, internet};
use sim::rng::Rng;

use super::super::wire::{Ask, Deed, HopCheck, LENGTH, Packet, Record, Request, Seen, Status, burst, flip, swap};

const REQUEST: Request = Request {
    client: 1,
    number: 7,
    key: 0x0102_0304,
    attempt: 2,
    ask: Ask { deed: Deed::Set, account: 1, amount: 0x0100 },
};

#[test]
fn requests_and_answers_are_what_was_written() {
    let bytes = REQUEST.bytes();
    assert_eq!(bytes[..20], [2, 1, 1, 2, 1, 2, 3, 4, 0, 0, 0, 7, 0, 0, 1, 0, 0, 0, 0, 0]);
    assert_eq!(bytes[20..], crc32(&bytes[..20]).to_be_bytes());
    assert_eq!((Record::read(&bytes).request(), Record::read(&bytes).answer()), (Some(REQUEST), None));
    for status in [Status::Done, Status::AtWork, Status::OtherRequest, Status::NoKey, Status::Outdated, Status::Exists]
    {
        let answer = REQUEST.answer(status, 500);
        assert_eq!(Record::read(&answer.bytes()).answer(), Some(answer));
        assert_eq!(Record::read(&answer.bytes()).request(), None);
    }
    let mut no_sense = bytes;
    no_sense[0] = 9;
    assert_eq!((Record::read(&no_sense).request(), Record::read(&no_sense).answer()), (None, None));
}

/// draft-ietf-httpapi-idempotency-key-header, section 2.4: a fingerprint of the request tells whether a key is used for another one. The
/// number of the attempt is no part of it.
#[test]
fn a_repeat_has_the_same_fingerprint_and_another_request_has_not() {
    assert_eq!(Request { attempt: 3, ..REQUEST }.fingerprint(), REQUEST.fingerprint());
    let other = Request { ask: Ask { amount: 0x0101, ..REQUEST.ask }, ..REQUEST };
    assert_ne!(other.fingerprint(), REQUEST.fingerprint());
}

/// Saltzer, Reed and Clark 1984, section 2.2: what a gateway does to bytes between two hops, no check of a hop can see.
#[test]
fn a_check_computed_anew_is_good_for_wrong_bytes() {
    for kind in [HopCheck::Internet(0), HopCheck::Crc(0)] {
        let packet = Packet::new(REQUEST.bytes(), kind);
        let mut bytes = packet.bytes;
        bytes.swap(14, 15);
        let onward = packet.onward(bytes, kind);
        assert!(onward.fits() && onward.is_spoilt() && !onward.is_whole());
        assert_eq!(Record::read(&onward.bytes).amount, 1);
    }
}

/// RFC 1071, section 1, and Peterson and Brown 1961: what the two checks see of the three kinds of damage.
#[test]
fn what_links_do_and_what_checks_see() {
    let mut rng = Rng::stream(1, 1);
    for _ in 0..2_000 {
        let bytes = REQUEST.bytes();
        let mut swapped = bytes;
        swap(&mut swapped, &mut rng);
        assert_ne!(swapped, bytes);
        assert_eq!(internet(&swapped), internet(&bytes));
        for damage in [flip, burst] {
            let mut damaged = bytes;
            damage(&mut damaged, &mut rng);
            assert_ne!(damaged, bytes);
            assert_ne!(crc32(&damaged), crc32(&bytes));
        }
    }
}

/// Bytes or check, something is different, and a good check over damage is counted.
#[test]
fn damage_that_fits_is_counted_as_slipped() {
    let mut rng = Rng::stream(2, 1);
    for (kind, is_tight) in [(HopCheck::None, false), (HopCheck::Internet(0), false), (HopCheck::Crc(0), true)] {
        let (mut seen, packet) = (Seen::default(), Packet::new([7; LENGTH], kind));
        assert!(seen.look(&packet, 1) && seen.last.is_none());
        let packet = Packet::new(REQUEST.bytes(), kind);
        for _ in 0..1_000 {
            let damaged = packet.damaged(&mut rng);
            assert!(damaged.bytes != packet.bytes || damaged.check != packet.check);
            seen.look(&damaged, 1);
        }
        match kind {
            HopCheck::None => assert_eq!((seen.thrown, seen.slipped), (0, 0)),
            _ if is_tight => assert!(seen.slipped == 0 && seen.thrown == 1_000),
            _ => assert!((150..350).contains(&seen.slipped), "{}", seen.slipped),
        }
    }
}
