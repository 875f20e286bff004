//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Delay, Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::replica::Replica;
use super::{ClockDrift, DriftNode, Message, SERVER};

const N1: NodeId = NodeId(1);
const N2: NodeId = NodeId(2);

impl Scenarios for ClockDrift {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<ClockDrift>> {
        let mut scenarios = time();
        scenarios.extend(writes());
        scenarios
    }
}

/// Those about asking for the time.
fn time() -> Vec<Prepared<ClockDrift>> {
    vec![
        Prepared {
            name: "four-timestamps",
            title: t!("The four timestamps of NTP"),
            summary: t!(
                "N1 is 200 ms ahead and does not know. It has asked T, and the answer has just come: four readings of two clocks give the offset, the delay, and how wrong that can be."
            ),
            seed: 1,
            settings: vec![],
            sight: Sight::LANES,
            direct: |director| {
                director.run_until(|world| replica(world, N1).is_some_and(|replica| replica.exchanges > 0));
            },
            expect: vec![("clock-back", Outcome::Seen), ("clocks-agree", Outcome::Waiting)],
        },
        Prepared {
            name: "cristian",
            title: t!("Cristian: half of the round trip"),
            summary: t!(
                "The answer says what time it was at T, not what time it is. Cristian's algorithm adds half of the round trip, with the time that T took to answer. Four more answers are there: compare what each clock claims."
            ),
            seed: 2,
            settings: vec![("protocol", word("cristian"))],
            sight: Sight::PANELS,
            direct: |director| {
                director.run_until(|world| replicas(world).all(|replica| replica.exchanges >= 5));
            },
            expect: vec![("clocks-agree", Outcome::Reached)],
        },
        Prepared {
            name: "drift-apart",
            title: t!("Clocks drift apart"),
            summary: t!(
                "All clocks were right a minute ago, and nobody asks for the time. N1 gains 2 ms each second, N2 loses 2 ms: they are a quarter of a second apart. Choose NTP in the settings, and see them come back."
            ),
            seed: 3,
            settings: vec![
                ("protocol", word("none")),
                ("offset_ms", number(0)),
                ("drift_ppm", number(2_000)),
                ("drift_bound_ppm", number(3_000)),
                ("write_ms", number(0)),
            ],
            sight: Sight::CHARTS,
            direct: |director| director.run_until_us(62_500_000),
            expect: vec![("clocks-agree", Outcome::Waiting), ("clock-back", Outcome::NotSeen)],
        },
        Prepared {
            name: "asymmetric",
            title: t!("A slower way back, which nobody can see"),
            summary: t!(
                "From T to N1 a message takes 90 ms, from N1 to T 10 ms. NTP counts half of the delay for each way: N1 is 40 ms behind and takes itself for right. Its claim of 50 ms is true; more it cannot know."
            ),
            seed: 4,
            settings: vec![
                ("delay", word("constant")),
                ("delay_most_us", number(10_000)),
                ("drift_ppm", number(0)),
                ("write_ms", number(0)),
            ],
            sight: Sight::CHARTS,
            direct: |director| {
                director.act(Input::SetDelay { from: SERVER, to: N1, delay: Delay::Constant { us: 90_000 } });
                director.run_until(|world| replicas(world).all(|replica| replica.exchanges >= 3));
            },
            expect: vec![("within-claim", Outcome::Kept), ("clocks-agree", Outcome::Waiting)],
        },
        Prepared {
            name: "bold-claim",
            title: t!("A claim that is too bold"),
            summary: t!(
                "Nodes allow for a drift of 15 ppm, as NTP does. These clocks drift by 2,000, and N1 was cut off from T for half a minute: it is off by more than it claims, and relies on it."
            ),
            seed: 5,
            settings: vec![("drift_ppm", number(2_000)), ("drift_bound_ppm", number(15)), ("write_ms", number(0))],
            sight: Sight::CHARTS,
            direct: |director| {
                director.run_until(|world| replicas(world).all(|replica| replica.exchanges >= 1));
                director.act(Input::Cut { from: SERVER, to: N1 });
                director.run_for_us(30_000_000);
            },
            expect: vec![("within-claim", Outcome::Broken), ("clocks-agree", Outcome::Waiting)],
        },
    ]
}

/// Those about what is done with the time.
fn writes() -> Vec<Prepared<ClockDrift>> {
    vec![
        Prepared {
            name: "lost-write",
            title: t!("The last write wins, and is lost"),
            summary: t!(
                "N1 is 200 ms ahead. It wrote red. N2 saw red and then wrote blue, and its client was told that all is well. But red has the later timestamp: blue is gone, and no error was shown."
            ),
            seed: 6,
            settings: [without_time(), vec![("timestamps", word("wall"))]].concat(),
            sight: Sight::STAGE,
            direct: red_then_blue,
            expect: vec![("later-wins", Outcome::Broken)],
        },
        Prepared {
            name: "hybrid",
            title: t!("The same with hybrid clocks: nothing is lost"),
            summary: t!(
                "The same clocks, the same writes. N2 has heard of red, so its hybrid clock is after red, whatever its own clock shows: blue stays. The timestamps are still near the time of day."
            ),
            seed: 6,
            settings: without_time(),
            sight: Sight::STAGE,
            direct: red_then_blue,
            expect: vec![("later-wins", Outcome::Kept)],
        },
        Prepared {
            name: "step-back",
            title: t!("Time steps back"),
            summary: t!(
                "N1 was 400 ms ahead and wrote red. Then NTP set its clock back at once, and N1 wrote blue: it lost its own second write, though only one node was involved."
            ),
            seed: 7,
            settings: back(128),
            sight: Sight::STAGE,
            direct: step_back,
            expect: vec![("clock-back", Outcome::Seen), ("later-wins", Outcome::Broken)],
        },
        Prepared {
            name: "slewed",
            title: t!("The same, but time only slows down"),
            summary: t!(
                "The same clock, but it is never set back: it runs 2 % slower until it is right. For 20 seconds it is still wrong, but it never goes back, and N1 keeps its second write."
            ),
            seed: 7,
            settings: back(1_000),
            sight: Sight::CHARTS,
            direct: step_back,
            expect: vec![("clock-back", Outcome::NotSeen), ("later-wins", Outcome::Kept)],
        },
    ]
}

fn without_time() -> Vec<(&'static str, Value)> {
    vec![("protocol", word("none")), ("drift_ppm", number(0)), ("write_ms", number(0))]
}

fn back(step_threshold_ms: i64) -> Vec<(&'static str, Value)> {
    vec![
        ("offset_ms", number(400)),
        ("step_threshold_ms", number(step_threshold_ms)),
        ("timestamps", word("wall")),
        ("write_ms", number(0)),
    ]
}

fn red_then_blue(director: &mut Director<ClockDrift>) {
    director.run_for_us(300_000);
    director.operate(N1, "write", &[word("red")]);
    director.run_until(|world| replica(world, N2).is_some_and(|replica| replica.heard_writes > 0));
    director.run_for_us(20_000);
    director.operate(N2, "write", &[word("blue")]);
}

fn step_back(director: &mut Director<ClockDrift>) {
    director.run_until(|world| {
        world.messages().any(|message| message.to == N1 && matches!(message.payload, Message::Reply { .. }))
    });
    director.operate(N1, "write", &[word("red")]);
    director.run_until(|world| replica(world, N1).is_some_and(|replica| replica.exchanges > 0));
    director.run_for_us(30_000);
    director.operate(N1, "write", &[word("blue")]);
}

pub(super) fn replica(world: WorldOf<'_, ClockDrift>, id: NodeId) -> Option<&Replica> {
    world.nodes().state(id).and_then(DriftNode::replica)
}

pub(super) fn replicas(world: WorldOf<'_, ClockDrift>) -> impl Iterator<Item = &Replica> {
    world.nodes().ids().filter_map(move |id| replica(world, id))
}
