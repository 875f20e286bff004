//! A small lab for the simulator's own tests: every node pings the next one now and then and counts the answers.

use serde::Serialize;
use sim::clock::Clock;
use sim::frame::{Action, Frame, Layout, Measure, MessageKind, Shape, Status, Tone};
use sim::history::{Call, Model, Value as HistoryValue};
use sim::hunt::{Ground, Hazard};
use sim::rng::Rng;
use sim::{
    About, Check, CheckKind, Checks, Configuration, Delay, Director, Effects, Experiments, Judge, Lie, Line, Look,
    Manner, Measures, MessageLook, Monitor, NodeId, NodeSetup, Observation, Operations, Pipe, Prepared, Presets,
    Protocol, Rule, Rules, Scenarios, Setting, Settings, Setup, System, Text, Troubles, Value, Verdicts, View, WorldOf,
    t,
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

#[derive(Clone, Copy, Debug)]
pub enum Operation {
    Write(i64),
    Exit {
        restart_after_us: Option<u64>,
    },
    /// Ping all others.
    Call,
    Step {
        by_us: i64,
    },
}

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
    type Operation = Operation;
    type Disk = u64;

    fn boot(disk: &u64, effects: &mut Effects<'_, Self>) -> Self {
        effects.set_timer(Beat, effects.config().beat_us);
        Echo { answers: *disk, booted_with: *disk, heard: Vec::new() }
    }

    fn size(message: &Message) -> u64 {
        match message {
            Message::Ping(_) => 100,
            Message::Pong(_) => 50,
        }
    }

    const MANNERS: &'static [Manner] = &[Manner::Silent, Manner::TwoFaced];

    /// Two-faced nodes tell nodes of even numbers what they should, and others the opposite.
    fn lie(message: &Message, _me: NodeId, to: NodeId, manner: Manner, _rng: &mut Rng) -> Lie<Message> {
        match (manner, message) {
            (Manner::TwoFaced, _) if to.index().is_multiple_of(2) => Lie::AsItIs,
            (Manner::TwoFaced, Message::Ping(number)) => Lie::Changed(Message::Pong(*number)),
            (Manner::TwoFaced, Message::Pong(number)) => Lie::Changed(Message::Ping(*number)),
            _ => Lie::Nothing,
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_, Self>) {
        match message {
            Message::Ping(number) => {
                effects.send(from, Message::Pong(number));
                effects.routine("ping");
            }
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
        effects.routine("beat");
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_, Self>) {
        match operation {
            Operation::Write(value) => {
                let id = effects.invoke(HistoryValue::Nil, Call::Write(HistoryValue::Int(value)));
                effects.complete(id, sim::history::Outcome::Ok(HistoryValue::Nil));
            }
            Operation::Call => {
                let (me, count) = (effects.me(), effects.node_count());
                (0..count).map(NodeId::at).filter(|to| *to != me).for_each(|to| effects.send(to, Message::Ping(7)));
            }
            Operation::Exit { restart_after_us } => effects.exit(restart_after_us),
            Operation::Step { by_us } => effects.step_clock(by_us),
        }
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

    fn about() -> About {
        let (title, chapter, summary) = (t!("Echo"), t!("Tests"), t!("Nodes answer each other"));
        About { id: "echo", title, chapter, summary, layout: Layout::Ring, new_leader: None, pace_us: About::PACE_US }
    }
}

impl Presets for EchoLab {}

impl Measures for EchoLab {
    fn measures(world: WorldOf<'_, EchoLab>) -> Vec<Measure> {
        vec![Measure::count("delivered", t!("messages delivered"), world.messages_delivered() as usize)]
    }
}

impl Configuration for EchoLab {
    fn settings() -> Vec<Setting> {
        vec![
            Setting::integer("nodes", t!("Nodes"), (2, 9), "", 3).structural(),
            Setting::integer("beat", t!("Beat"), (1, 1_000), "ms", 10),
            Setting::integer("off", t!("Nodes that are off"), (0, 9), "", 0).structural(),
            Setting::integer("far", t!("From N1 to N2"), (0, 1_000), "ms", 0),
            Setting::integer("rate", t!("From N1 to N2, bytes a second go down"), (0, 1_000_000), "", 0),
            Setting::integer("places", t!("Places to wait for that"), (0, 100), "", 2),
            Setting::integer("liars", t!("Nodes that lie"), (0, 1), "", 0).structural(),
            Setting::integer("fast", t!("The clock of N1 gains"), (0, 1_000_000), "ppm", 0).structural(),
        ]
    }

    fn setup(settings: &Settings) -> Setup<Echo> {
        let count = settings.integer("nodes") as usize;
        let first_off = count.saturating_sub(settings.integer("off") as usize);
        let node = |index| NodeSetup {
            label: format!("N{}", index + 1),
            rank: 0,
            disk: Default::default(),
            is_off: index >= first_off,
        };
        let pipe = Pipe { bytes_per_s: settings.integer("rate") as u64, places: settings.integer("places") as u32 };
        let narrow = Line::new(Delay::Constant { us: 10_000 }, Troubles::default()).with_pipe(pipe);
        let far = match settings.integer("far") {
            _ if pipe.bytes_per_s > 0 => vec![(NodeId(0), NodeId(1), narrow)],
            0 => Vec::new(),
            ms => {
                let troubles = Troubles { duplication_ppm: 1_000_000, ..Troubles::default() };
                vec![(NodeId(0), NodeId(1), Line::new(Delay::Constant { us: ms as u64 * 1_000 }, troubles))]
            }
        };
        Setup {
            nodes: (0..count).map(node).collect(),
            links: (1..count).map(|index| (NodeId::at(index - 1), NodeId::at(index))).collect(),
            delay: Delay::Uniform { least_us: 500, most_us: 4_000 },
            troubles: Troubles::default(),
            own_lines: far,
        }
    }

    fn most_liars(_config: &Config) -> usize {
        1
    }

    fn liars(settings: &Settings, rng: &mut Rng) -> Vec<(NodeId, Manner)> {
        let liars = settings.integer("liars");
        (0..liars).map(|_| (NodeId(rng.below(settings.integer("nodes") as u64) as u16), Manner::Silent)).collect()
    }

    fn clock(settings: &Settings, node: NodeId) -> Clock {
        let drift_ppm = if node == NodeId(0) { settings.integer("fast") } else { 0 };
        Clock::TRUE.with_drift(0, drift_ppm)
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
            check("counted-once", t!("answers counted once"), CheckKind::Always, t!("Each answer counts once.")),
            check("three-answers", t!("three answers"), CheckKind::Sometimes, t!("A node has had three answers.")),
            Check {
                judge: Judge::Linearizability(Model::Register(Default::default())),
                ..check("linearizable", t!("linearizable"), CheckKind::Always, t!("It looks like one register."))
            },
            check("never-down", t!("no node crashes"), CheckKind::Always, t!("No node ever crashes."))
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
            sight: sim::Sight::STAGE,
            direct: |director: &mut Director<Self>| {
                director.run_until(|world| world.nodes().ids().any(|id| world.nodes().state(id).unwrap().answers >= 3));
            },
            expect: vec![("three-answers", sim::Outcome::Seen)],
        }]
    }
}

impl Operations for EchoLab {
    fn actions(world: sim::WorldOf<'_, Self>) -> Vec<Action> {
        let action = |name, title, parameter| Action {
            name,
            title,
            nodes: world.nodes().ids().collect(),
            parameters: vec![parameter],
            gesture: None,
        };
        let call = Action { parameters: Vec::new(), ..action("call", t!("Call"), Setting::switch("x", t!("X"), true)) };
        vec![
            action("write", t!("Write"), Setting::integer("value", t!("Value"), (0, 9), "", 1)),
            action("exit", t!("Exit"), Setting::integer("after", t!("Started again after"), (0, 1_000), "ms", 0)),
            action("step", t!("Set the clock"), Setting::integer("by", t!("By"), (-1_000, 1_000), "ms", 0)),
            call,
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match (action, values) {
            ("write", [Value::Integer(value)]) => Ok(Operation::Write(*value)),
            ("call", []) => Ok(Operation::Call),
            ("exit", [Value::Integer(0)]) => Ok(Operation::Exit { restart_after_us: None }),
            ("exit", [Value::Integer(ms)]) => Ok(Operation::Exit { restart_after_us: Some(*ms as u64 * 1_000) }),
            ("step", [Value::Integer(ms)]) => Ok(Operation::Step { by_us: ms * 1_000 }),
            _ => Err(t!("write, exit and step need a number")),
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

    fn legend() -> Vec<sim::frame::LegendRow> {
        Vec::new()
    }

    fn view(_world: sim::WorldOf<'_, Self>, _frame: &mut Frame) {}
}

impl Experiments for EchoLab {}
