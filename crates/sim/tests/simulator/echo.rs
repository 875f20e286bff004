//! A small lab for the simulator's own tests: every node pings the next one now and then and counts the answers.

use serde::Serialize;
use sim::frame::{Action, Frame, Layout, MessageKind, Shape, Status, Tone};
use sim::history::{Call, Model, Value as HistoryValue};
use sim::hunt::{Ground, Hazard};
use sim::{
    About, Check, CheckKind, Checks, Configuration, Delay, Director, Effects, Experiments, Judge, Lab, Look,
    MessageLook, Monitor, NodeId, NodeSetup, Observation, Operations, Prepared, Protocol, Rule, Rules, Scenarios,
    Setting, Settings, Setup, System, Text, Value, Verdicts, View, t,
};

#[derive(Clone, Debug, Serialize)]
pub struct Echo {
    pub answers: u64,
    /// What it had on disk when it started.
    pub booted_with: u64,
    pub heard: Vec<u64>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub enum Message {
    Ping(u64),
    Pong(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Beat;

#[derive(Clone, Debug)]
pub struct Config {
    pub beat_us: u64,
    /// The rule that a hunt finds out: without it, late answers count twice.
    pub counts_once: bool,
}

impl Protocol for Echo {
    type Config = Config;
    type Message = Message;
    type Timer = Beat;
    type Operation = u64;
    type Disk = u64;

    fn boot(disk: &u64, effects: &mut Effects<'_, Self>) -> Self {
        effects.set_timer(Beat, effects.config().beat_us);
        Echo { answers: *disk, booted_with: *disk, heard: Vec::new() }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_, Self>) {
        match message {
            Message::Ping(number) => effects.send(from, Message::Pong(number)),
            Message::Pong(number) => {
                if !effects.config().counts_once || !self.heard.contains(&number) {
                    self.answers += 1;
                    effects.persist(self.answers);
                }
                self.heard.push(number);
                effects.note(|| t!("{from} answers", from = from));
            }
        }
    }

    fn on_timer(&mut self, _: Beat, effects: &mut Effects<'_, Self>) {
        let next = NodeId::at((effects.me().index() + 1) % effects.node_count());
        let number = effects.local_now() as u64;
        effects.send(next, Message::Ping(number));
        effects.set_timer(Beat, effects.config().beat_us);
        effects.rule("beat");
    }

    fn on_operation(&mut self, value: u64, effects: &mut Effects<'_, Self>) {
        let id = effects.invoke(HistoryValue::Nil, Call::Write(HistoryValue::Int(value as i64)));
        effects.complete(id, sim::history::Outcome::Ok(HistoryValue::Nil));
    }
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Watcher;

impl Monitor<Echo> for Watcher {
    fn observe(&mut self, seen: &Observation<'_, Echo>, verdicts: &mut Verdicts) {
        if seen.nodes.ids().any(|id| seen.nodes.status(id) == Status::Crashed) {
            verdicts.broken(3, &[], || t!("a node is down"));
        }
        let Some((node, state)) = seen.node.and_then(|node| Some((node, seen.nodes.state(node)?))) else {
            return;
        };
        let mut different = state.heard.clone();
        different.sort_unstable();
        different.dedup();
        if state.answers - state.booted_with > different.len() as u64 {
            verdicts.broken(0, &[node], || t!("{node} counted an answer twice", node = node));
        }
        if state.answers >= 3 {
            verdicts.seen(1, &[node], || t!("{node} has three answers", node = node));
        }
    }
}

#[derive(Debug)]
pub struct EchoLab;

impl System for EchoLab {
    type Protocol = Echo;
}

impl Lab for EchoLab {
    fn about() -> About {
        let (title, chapter, summary) = (t!("Echo"), t!("Tests"), t!("Nodes answer each other"));
        About { id: "echo", title, chapter, summary, layout: Layout::Ring, new_leader: None }
    }
}

impl Configuration for EchoLab {
    fn settings() -> Vec<Setting> {
        vec![
            Setting::integer("nodes", t!("Nodes"), (2, 9), "", 3).structural(),
            Setting::integer("beat", t!("Beat"), (1, 1_000), "ms", 10),
        ]
    }

    fn setup(settings: &Settings) -> Setup<Echo> {
        let count = settings.integer("nodes") as usize;
        let node = |index| NodeSetup { label: format!("N{}", index + 1), rank: 0, disk: Default::default() };
        Setup {
            nodes: (0..count).map(node).collect(),
            links: (1..count).map(|index| (NodeId::at(index - 1), NodeId::at(index))).collect(),
            delay: Delay::Uniform { least_us: 500, most_us: 4_000 },
            loss_ppm: 0,
            duplication_ppm: 0,
            reordering_ppm: 0,
            corruption_ppm: 0,
        }
    }

    fn configure(settings: &Settings) -> Config {
        Config { beat_us: settings.integer("beat") as u64 * 1_000, counts_once: settings.is_on("count-once") }
    }
}

impl Rules for EchoLab {
    fn rules() -> Vec<Rule> {
        let title = t!("An answer that comes twice counts once");
        let ground = Ground {
            settings: vec![("beat", Value::Integer(20))],
            hazards: vec![Hazard::Copy, Hazard::Disorder],
            fault_events: 200,
        };
        vec![Rule::switch("count-once", title, "this file", "counted-once").hunted_on(ground)]
    }
}

impl Checks for EchoLab {
    type Monitor = Watcher;

    fn checks() -> Vec<Check> {
        let check = Check::new;
        vec![
            check("counted-once", t!("answers counted once"), CheckKind::Always),
            check("three-answers", t!("three answers"), CheckKind::Sometimes),
            Check {
                judge: Judge::Linearizability(Model::Register(Default::default())),
                ..check("linearizable", t!("linearizable"), CheckKind::Always)
            },
            check("never-down", t!("no node crashes"), CheckKind::Always)
                .promised_under(vec![("beat", Value::Integer(1)), ("beat", Value::Integer(2))]),
        ]
    }
}

impl Scenarios for EchoLab {
    fn scenarios() -> Vec<Prepared<Self>> {
        vec![Prepared {
            name: "three",
            title: t!("Three answers"),
            summary: t!("One node has heard three answers."),
            seed: 1,
            settings: vec![],
            direct: |director: &mut Director<Self>| {
                director.run_until(|world| world.nodes().ids().any(|id| world.nodes().state(id).unwrap().answers >= 3));
            },
            expect: vec![("three-answers", sim::Outcome::Seen)],
        }]
    }
}

impl Operations for EchoLab {
    fn actions(world: sim::WorldOf<'_, Self>) -> Vec<Action> {
        let parameters = vec![Setting::integer("value", t!("Value"), (0, 9), "", 1)];
        vec![Action {
            name: "write",
            title: t!("Write"),
            nodes: world.nodes().ids().collect(),
            parameters,
            gesture: None,
        }]
    }

    fn operation(_action: &str, values: &[Value]) -> Result<u64, Text> {
        match values {
            [Value::Integer(value)] => Ok(*value as u64),
            _ => Err(t!("write needs a number")),
        }
    }
}

impl View for EchoLab {
    fn look(_node: NodeId, _state: Option<&Echo>) -> Look {
        Look { shape: Shape::Circle, tone: Tone::Plain, role: t!("node"), badge: Text::default() }
    }

    fn message_look(message: &Message) -> MessageLook {
        let (label, reply) = match message {
            Message::Ping(_) => (t!("ping"), false),
            Message::Pong(_) => (t!("pong"), true),
        };
        MessageLook { kind: MessageKind::Other, reply, label, fields: Vec::new() }
    }

    fn timer_name(_timer: &Beat) -> Text {
        t!("beat")
    }

    fn view(_world: sim::WorldOf<'_, Self>, _frame: &mut Frame) {}
}

impl Experiments for EchoLab {}
