//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::message::Kind;
use super::probe::Stage;
use super::standing::State;
use super::{Member, Swim};

const N1: NodeId = NodeId(0);
const N2: NodeId = NodeId(1);
const N4: NodeId = NodeId(3);

impl Scenarios for Swim {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Swim>> {
        vec![
            Prepared {
                name: "crash",
                title: t!("A crash is found, and the news spreads"),
                summary: t!(
                    "N4 has crashed. One member had no ack from it and asks two others to ping it: perhaps only its own link is bad. Soon N4 is suspected, then declared faulty, and each ping and ack carries the news on. Green nodes know it."
                ),
                seed: 3,
                settings: nodes(8),
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_for_us(4_000_000);
                    director.act(Input::Crash(N4));
                    director.run_until(|world| members(world).any(|(_, member)| is_asking(member, N4)));
                },
                expect: vec![("dead-known", Outcome::Waiting), ("false-suspicion", Outcome::NotSeen)],
            },
            Prepared {
                name: "saved-by-others",
                title: t!("A cut link, and others help"),
                summary: t!(
                    "The link between N1 and N2 is cut, both ways. N1 had no ack from N2, and asked others to ping it. One of them has just reached N2: nobody is suspected."
                ),
                seed: 2,
                settings: vec![],
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_for_us(2_500_000);
                    director.act(Input::Cut { from: N1, to: N2 });
                    director.act(Input::Cut { from: N2, to: N1 });
                    director.run_until(|world| member(world, N1).is_some_and(|member| is_asking(member, N2)));
                    director.run_until(|world| {
                        let is_answer = |kind: Kind| matches!(kind, Kind::Ack { target: N2, origin: N1, .. });
                        world.messages().any(|message| message.to == N1 && is_answer(message.payload.kind))
                    });
                },
                expect: vec![("false-suspicion", Outcome::NotSeen), ("views-agree", Outcome::Reached)],
            },
            Prepared {
                name: "slow-refutes",
                title: t!("A slow node is suspected, and refutes"),
                summary: t!(
                    "N2 has stopped for some seconds, as in a long garbage collection, and is suspected. It has just woken up. When it hears of the suspicion it says with a higher incarnation that it is alive, and that overrides the suspicion."
                ),
                seed: 4,
                settings: vec![],
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_for_us(3_000_000);
                    director.act(Input::Pause(N2));
                    director.run_until(|world| believers(world, N2, State::Suspect) >= 3);
                    director.act(Input::Resume(N2));
                },
                expect: vec![
                    ("false-suspicion", Outcome::Seen),
                    ("false-death", Outcome::NotSeen),
                    ("views-agree", Outcome::Waiting),
                ],
            },
            Prepared {
                name: "partition",
                title: t!("A partition that heals"),
                summary: t!(
                    "For some seconds the network was cut in two, and each side has declared the other one faulty. All links are whole again, but nobody probes the dead: only a member that looks after one of them now and then finds it, and tells it. It then joins as a new one."
                ),
                seed: 5,
                settings: nodes(6),
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_for_us(3_000_000);
                    director.act(Input::Split(vec![[0, 1, 2].map(NodeId).to_vec(), [3, 4, 5].map(NodeId).to_vec()]));
                    director.run_until(|world| (0..6).all(|node| believers(world, NodeId(node), State::Faulty) == 3));
                    director.run_for_us(500_000);
                    director.act(Input::HealAll);
                },
                expect: vec![("false-death", Outcome::Seen), ("views-agree", Outcome::Waiting)],
            },
            Prepared {
                name: "rejoin",
                title: t!("A crashed node comes back"),
                summary: t!(
                    "All know that N4 is faulty, and that is never taken back. N4 has restarted: it begins a life of its own, asks a seed for the list of members, and the news of the new member spreads."
                ),
                seed: 6,
                settings: vec![],
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_for_us(3_000_000);
                    director.act(Input::Crash(N4));
                    director.run_until(|world| believers(world, N4, State::Faulty) == 4);
                    director.run_for_us(400_000);
                    director.act(Input::Restart(N4));
                },
                expect: vec![("dead-known", Outcome::Reached), ("views-agree", Outcome::Waiting)],
            },
            Prepared {
                name: "leave",
                title: t!("A member says good-bye"),
                summary: t!(
                    "N4 leaves. It goes on until the news has been passed on, so that nobody has to find out for himself, and nobody suspects it."
                ),
                seed: 7,
                settings: vec![],
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_for_us(3_000_000);
                    director.operate(N4, "leave", &[]);
                    director.run_until(|world| believers(world, N4, State::Left) == 2);
                },
                expect: vec![("dead-known", Outcome::Waiting), ("false-suspicion", Outcome::NotSeen)],
            },
            Prepared {
                name: "forming",
                title: t!("A group forms"),
                summary: t!(
                    "Twelve nodes start, and each knows only the seed N1. It sends them the list of members as it is then: those who came early know little, and learn the rest by and by."
                ),
                seed: 8,
                settings: [nodes(12), vec![("start", word("joining")), ("seeds", number(1))]].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_until(|world| members(world).all(|(_, member)| member.has_joined));
                },
                expect: vec![("views-agree", Outcome::Waiting)],
            },
            Prepared {
                name: "fifty",
                title: t!("Fifty nodes on a bad network"),
                summary: t!(
                    "Fifty nodes, and one message in ten is lost. Again and again somebody is suspected, hears of it, and refutes. Without the time to refute, many would be declared faulty: break that rule and see."
                ),
                seed: 9,
                settings: [
                    nodes(50),
                    vec![("loss_percent", number(10)), ("k", number(3)), ("suspicion_periods", number(10))],
                ]
                .concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    director
                        .run_until(|world| members(world).any(|(id, _)| believers(world, id, State::Suspect) >= 10));
                },
                expect: vec![("false-suspicion", Outcome::Seen), ("false-death", Outcome::NotSeen)],
            },
            Prepared {
                name: "two-hundred",
                title: t!("Two hundred nodes, one crash"),
                summary: t!(
                    "N4 of 200 has crashed, and was just declared faulty. Green nodes know it. The chart shows how the news spreads: slowly, then at once, then slowly again, and all within some periods. The load of a member is the same as in a small group."
                ),
                seed: 10,
                settings: [nodes(200), vec![("suspicion_periods", number(1))]].concat(),
                sight: Sight::CHARTS,
                direct: |director| {
                    director.run_for_us(500_000);
                    director.act(Input::Crash(N4));
                    director.run_until(|world| believers(world, N4, State::Faulty) >= 20);
                },
                expect: vec![("dead-known", Outcome::Waiting), ("false-suspicion", Outcome::NotSeen)],
            },
        ]
    }
}

fn nodes(count: i64) -> Vec<(&'static str, Value)> {
    vec![("nodes", number(count))]
}

fn member(world: WorldOf<'_, Swim>, id: NodeId) -> Option<&Member> {
    world.nodes().state(id)
}

pub(super) fn members(world: WorldOf<'_, Swim>) -> impl Iterator<Item = (NodeId, &Member)> {
    world.nodes().ids().filter_map(move |id| world.nodes().state(id).map(|member| (id, member)))
}

/// How many running members other than itself believe this of a node.
pub(super) fn believers(world: WorldOf<'_, Swim>, of: NodeId, state: State) -> usize {
    let believes = |(id, member): &(NodeId, &Member)| {
        let standing = member.standing(of);
        *id != of && standing.life > 0 && standing.state == state
    };
    members(world).filter(believes).count()
}

/// Whether a member has asked others to ping this one, and waits.
fn is_asking(member: &Member, target: NodeId) -> bool {
    member
        .probe
        .is_some_and(|probe| probe.target == target && matches!(probe.stage, Stage::TimedOut { asked: 1.., .. }))
}
