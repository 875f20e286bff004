//! Whole runs.

use parts::values::number;
use sim::hunt::Hunt;
use sim::{Director, Input, Of};

use super::super::scenarios::{ask, has_ended, node};
use super::*;

/// RFC 1996 and RFC 1034, section 4.3.5: the primary tells the secondary, which looks at the serial number and takes the zone.
#[test]
fn a_change_comes_to_the_secondary() {
    let changes = settings(&[("change_s", number(0)), ("refresh_s", number(3_600)), ("forge", number(0))]);
    let mut director = Director::<Dns>::new(changes, 1).expect("settings");
    let (n1, n2) = (node(director.world(), Role::N1), node(director.world(), Role::N2));
    let copy = |director: &Director<Dns>| director.world().nodes().disk(n2).shop.map(|shop| (shop.serial, shop.moves));
    director.operate(n1, "move", &[Value::Flag(true)]);
    director.run_for_us(500_000);
    assert_eq!(copy(&director), Some((2, 1)));
    // A forgotten serial number: the copy stays as it is.
    director.operate(n1, "move", &[Value::Flag(false)]);
    director.run_for_us(10_000_000);
    assert_eq!(copy(&director), Some((2, 1)));
}

/// A secondary that has lost its disk fetches its zone anew; a primary begins again from the first one.
#[test]
fn a_lost_zone_comes_back() {
    let mut director = Director::<Dns>::new(settings(&[]), 1).expect("settings");
    let n2 = node(director.world(), Role::N2);
    director.run_for_us(20_000_000);
    for input in [Input::Crash(n2), Input::LoseDisk(n2), Input::Restart(n2)] {
        director.act(input);
    }
    director.run_for_us(1_000_000);
    assert!(director.world().nodes().disk(n2).shop.is_some_and(|shop| shop.serial > 3));
}

/// A name of which every server is silent costs no more than it may, and the client is told.
#[test]
fn silence_ends() {
    let changes = settings(&[
        ("workload_ms", number(0)),
        ("forge", number(0)),
        ("change_s", number(0)),
        ("cast", Value::Word("pair".into())),
    ]);
    let mut director = Director::<Dns>::new(changes, 1).expect("settings");
    for role in [Role::N1, Role::N2] {
        let server = node(director.world(), role);
        director.act(Input::Crash(server));
    }
    ask(&mut director, Role::C1, "www.shop.com");
    director.run_until(|world| has_ended(world, Role::C1, 1));
    assert!(director.now_us() < 11_000_000);
}

/// After the faults everything comes right.
#[test]
fn everything_comes_right_after_the_faults() {
    let hunt = Hunt::new(Of::<Dns>::LAB, settings(&[]));
    let find = hunt.search(0..60, |_| true).expect("settings");
    assert_eq!(find.map(|find| format!("{find:?}").chars().take(800).collect::<String>()), None);
}
