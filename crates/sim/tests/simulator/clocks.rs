//! Clocks that are wrong at the start, that processes set, and that nobody can set.

use sim::clock::Clock;
use sim::{Director, Input, NodeId, Settings, Value};

use crate::echo::EchoLab;

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);

fn fast() -> Settings {
    Settings::default().with("fast", Value::Integer(1_000_000))
}

#[test]
fn a_lab_says_how_wrong_clocks_are_at_the_start() {
    let mut director: Director<EchoLab> = Director::new(fast(), 1).unwrap();
    director.run_until_us(100_000);
    let nodes = director.world().nodes();
    assert_eq!(nodes.clock(N1).offset_us(100_000), 100_000);
    assert_eq!(*nodes.clock(N2), Clock::TRUE);
    // Its timers run by that clock.
    let beats = nodes.lamport(N1);
    assert!(beats > 0 && nodes.timers(N1).all(|set| set.fires_at_us - set.set_at_us == 5_000));
}

#[test]
fn a_process_sets_its_clock_and_not_how_long_its_machine_has_run() {
    let mut director: Director<EchoLab> = Director::new(Settings::default(), 1).unwrap();
    director.run_until_us(50_000);
    let due: Vec<u64> = director.world().nodes().timers(N1).map(|set| set.fires_at_us).collect();
    director.operate(N1, "step", &[Value::Integer(-1_000)]);
    let clock = *director.world().nodes().clock(N1);
    assert_eq!((clock.offset_us(60_000), clock.counts(60_000), clock.since_us()), (-1_000_000, 60_000, 50_000));
    let after: Vec<u64> = director.world().nodes().timers(N1).map(|set| set.fires_at_us).collect();
    assert_eq!(after, due);
    // It goes on through a crash, as the clock of a machine does.
    director.act(Input::Crash(N1));
    director.act(Input::Restart(N1));
    assert_eq!(*director.world().nodes().clock(N1), clock);
    assert_eq!(director.finish().2, []);
}
