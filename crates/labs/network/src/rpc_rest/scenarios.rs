//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use super::connection::Segment;
use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::http::Letter;
use super::monitor::Column;
use super::{Message, RpcNode, RpcRest};

/// Ids go by columns; these are those of worlds with clients that call, a front end and the store.
const C1: NodeId = NodeId(0);
const C2: NodeId = NodeId(1);
const C3: NodeId = NodeId(2);

impl Scenarios for RpcRest {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<RpcRest>> {
        vec![
            Prepared {
                name: "three-timeouts",
                title: t!("Three timeouts"),
                summary: t!(
                    "Three users were told the same: unknown. Look at the server: the call of C1 never came, the order of C2 is made and only the answer was lost, and F is at work on the call of C3 right now."
                ),
                seed: 1,
                settings: quiet(&[
                    ("styles", word("rpc")),
                    ("semantics", word("maybe")),
                    ("time_left", Value::Flag(false)),
                ]),
                sight: Sight::PANELS,
                direct: |director| {
                    director.operate(C1, "create", &[]);
                    drop_all(director, |from, _, _| from == C1);
                    director.operate(C2, "create", &[]);
                    director.run_for_us(5_000);
                    director.operate(C3, "long", &[]);
                    director.run_until(|world| under_way(world, |from, to, _| from == front(world) && to == C2));
                    drop_all(director, |_, to, _| to == C2);
                    director.run_until(|world| world.config().clients().all(|client| told(world, client) == 1));
                },
                expect: vec![
                    ("unknown-happened", Outcome::Seen),
                    ("unknown-did-not", Outcome::NotSeen),
                    ("at-most-once", Outcome::NotPromised),
                ],
            },
            Prepared {
                name: "post-again",
                title: t!("POST, and once more"),
                summary: t!(
                    "Two answers were lost, and the proxy P has repeated both requests. The POST of C1 has made a second order; the PUT of C2 names its order itself, and the second try found that it is there."
                ),
                seed: 1,
                settings: quiet(&[
                    ("styles", word("rest")),
                    ("clients", number(2)),
                    ("idempotent_only", Value::Flag(false)),
                ]),
                sight: Sight::PANELS,
                direct: |director| {
                    director.operate(C1, "create-by", &[word("post")]);
                    director.run_for_us(60_000);
                    director.operate(C2, "create-by", &[word("put")]);
                    for _ in 0..2 {
                        director.run_until(|world| under_way(world, is_answer));
                        drop_all(director, is_answer);
                    }
                    director.run_until(|world| world.config().clients().all(|client| told(world, client) == 1));
                },
                expect: vec![("at-most-once", Outcome::Broken)],
            },
            Prepared {
                name: "web-accelerator",
                title: t!("The links that a program clicked"),
                summary: t!(
                    "C1 has only looked at the page of its orders. The proxy follows all links of the page ahead, and here to cancel is a link: nobody clicked, and the orders are gone."
                ),
                seed: 1,
                settings: quiet(&[("styles", word("rest")), ("clients", number(1)), ("safe_get", Value::Flag(false))]),
                sight: Sight::PANELS,
                direct: |director| {
                    director.operate(C1, "list", &[]);
                    director.run_until(|world| orders(world) == 0);
                },
                expect: vec![("safe-get", Outcome::Broken)],
            },
            Prepared {
                name: "loop-that-looked-local",
                title: t!("The loop that looked local"),
                summary: t!(
                    "Each link takes 20 ms, and nobody works. C2 has read the whole order by one GET in 0.12 s. C1 reads the same order in a loop, a call for each line: line 2 of 10 is on its way, and it will need 0.8 s."
                ),
                seed: 1,
                settings: quiet(&[
                    ("clients", number(2)),
                    ("reads", word("lines")),
                    ("work_ms", number(0)),
                    ("store_ms", number(0)),
                ]),
                sight: Sight::LANES,
                direct: |director| {
                    // Connections and lives are known by then.
                    director.operate(C2, "read", &[number(6)]);
                    director.run_until(|world| told(world, C2) == 1);
                    director.run_for_us(20_000);
                    director.operate(C1, "read", &[number(7)]);
                    // So that neither waits for the other at F.
                    director.run_for_us(20_000);
                    director.operate(C2, "read", &[number(7)]);
                    director.run_until(|world| told(world, C2) == 2);
                    director.run_until(|world| under_way(world, |from, to, _| (from, to) == (front(world), C1)));
                },
                expect: vec![],
            },
            Prepared {
                name: "printer",
                title: t!("Nothing on paper is taken back"),
                summary: t!(
                    "F has printed the text of C1, and crashed before its completion message left. It is back, and C1 always prints again: the text is there twice. Try the other strategies: none of them is always right."
                ),
                seed: 1,
                settings: quiet(&[
                    ("styles", word("rpc")),
                    ("clients", number(1)),
                    ("printer", Value::Flag(true)),
                    ("deadline_ms", number(10_000)),
                ]),
                sight: Sight::PANELS,
                direct: |director| {
                    print_and_crash(director, Column::Pc);
                    director.run_until(|world| sheets(world) == 2);
                },
                expect: vec![("printed-twice", Outcome::Seen), ("never-printed", Outcome::NotSeen)],
            },
            Prepared {
                name: "work-for-nobody",
                title: t!("Work for nobody"),
                summary: t!(
                    "The call of C2 has waited at F for three seconds, behind a long one. C2 has given up a second ago, and F begins with it now: nobody passes on how much time is left, or looks at it."
                ),
                seed: 1,
                settings: quiet(&[("styles", word("rpc")), ("clients", number(2)), ("time_left", Value::Flag(false))]),
                sight: Sight::LANES,
                direct: |director| {
                    director.run_for_us(100_000);
                    director.operate(C1, "long", &[]);
                    director.run_for_us(2_100_000);
                    director.operate(C2, "create", &[]);
                    director.run_until(|world| told(world, C2) == 1);
                    director.run_until(|world| at_work_for(world, C2));
                },
                expect: vec![("no-late-work", Outcome::Broken)],
            },
            Prepared {
                name: "two-tabs",
                title: t!("Two tabs, and one change is gone"),
                summary: t!(
                    "C1 and C2 both had version 3 of order 7 in front of them, and both have changed it. Neither said which version it had seen, so the change of C2 was written over that of C1, which is gone."
                ),
                seed: 1,
                settings: quiet(&[("styles", word("rest")), ("clients", number(2)), ("if_match", Value::Flag(false))]),
                sight: Sight::PANELS,
                direct: |director| {
                    let seven = number(7);
                    director.operate(C1, "read", std::slice::from_ref(&seven));
                    director.operate(C2, "read", std::slice::from_ref(&seven));
                    director.run_until(|world| told(world, C1) == 1 && told(world, C2) == 1);
                    for client in [C1, C2] {
                        director.operate(client, "change-by", &[seven.clone(), word("put")]);
                        director.run_until(|world| told(world, client) == 2);
                    }
                },
                expect: vec![("no-lost-update", Outcome::Broken)],
            },
            Prepared {
                name: "same-call",
                title: t!("The same call, and not another one"),
                summary: t!(
                    "The answer to the call of C1 was lost, so C1 sends the call again. F finds its number in the call table: it does not make a second order, and is about to repeat its answer."
                ),
                seed: 1,
                settings: quiet(&[("styles", word("rpc")), ("clients", number(1))]),
                sight: Sight::LANES,
                direct: |director| {
                    director.run_for_us(100_000);
                    director.operate(C1, "create", &[]);
                    director.run_until(|world| under_way(world, |from, to, _| (from, to) == (front(world), C1)));
                    drop_all(director, |_, to, _| to == C1);
                    director.run_until(|world| under_way(world, |from, _, _| from == C1));
                },
                expect: vec![("at-most-once", Outcome::Kept)],
            },
        ]
    }
}

/// A network that does nothing by itself, one front end, and nobody who wants anything.
fn quiet(changes: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
    let mut settings = vec![
        ("workload_ms", number(0)),
        ("loss_percent", number(0)),
        ("copies_percent", number(0)),
        ("delay", word("constant")),
        ("delay_most_us", number(20_000)),
        ("twin", Value::Flag(false)),
    ];
    settings.extend(changes.iter().cloned());
    settings
}

/// Lets the first client print a text, and the server crash so that things come in this order; then it is started again.
pub(super) fn print_and_crash(director: &mut Director<RpcRest>, column: Column) {
    let server = director.world().config().front();
    // Lives are known by then.
    director.run_for_us(100_000);
    director.operate(C1, "print", &[]);
    director.run_until(|world| {
        let Some(press) = world.nodes().state(front(world)).and_then(RpcNode::front).map(|front| &front.press) else {
            return false;
        };
        let now = press.now.map(|now| (now.has_printed, now.has_told));
        match column {
            Column::CMessageFirst | Column::CPaperFirst => now == Some((false, false)),
            Column::Mc => now == Some((false, true)),
            Column::Pc => now == Some((true, false)),
            Column::Mpc | Column::Pmc => press.done.is_some(),
        }
    });
    director.act(Input::Crash(server));
    director.run_for_us(100_000);
    director.act(Input::Restart(server));
    director.run_until(|world| {
        let client = world.nodes().state(C1).and_then(RpcNode::client);
        client.is_some_and(|client| client.print.is_some_and(|print| print.decided.is_some()))
    });
}

fn front(world: WorldOf<'_, RpcRest>) -> NodeId {
    world.config().front()
}

fn orders(world: WorldOf<'_, RpcRest>) -> usize {
    world.nodes().disk(world.config().store()).book.orders.values().count()
}

pub(super) fn sheets(world: WorldOf<'_, RpcRest>) -> usize {
    world.config().printer().map_or(0, |printer| world.nodes().disk(printer).paper.len())
}

/// Of how many wishes the user of a client was told.
fn told(world: WorldOf<'_, RpcRest>, client: NodeId) -> usize {
    world.nodes().state(client).and_then(RpcNode::client).map_or(0, |client| client.told.len())
}

/// Whether the front end works on something that a client wants.
fn at_work_for(world: WorldOf<'_, RpcRest>, client: NodeId) -> bool {
    let desk = world.nodes().state(front(world)).and_then(RpcNode::desk);
    desk.and_then(|desk| desk.at_work()).is_some_and(|(_, job)| job.ask.origin.client == client)
}

fn under_way(world: WorldOf<'_, RpcRest>, is_meant: impl Fn(NodeId, NodeId, &Message) -> bool) -> bool {
    world.messages().any(|envelope| is_meant(envelope.from, envelope.to, envelope.payload))
}

/// The answer of the front end to an unsafe request.
fn is_answer(_from: NodeId, to: NodeId, message: &Message) -> bool {
    let is_made = |body: &Letter| matches!(body, Letter::Response { response, .. } if response.status() == 201);
    to == NodeId(2) && matches!(message, Message::Http(Segment::Data { body, .. }) if is_made(body))
}

fn drop_all(director: &mut Director<RpcRest>, is_meant: impl Fn(NodeId, NodeId, &Message) -> bool) {
    let messages = director.messages(is_meant);
    messages.into_iter().for_each(|message| director.act(Input::Drop(message)));
}
