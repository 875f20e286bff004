//! What asks for a thing on the screen: whoever writes a lesson points at it, and takes the expression.

use sim::frame::Node;
use sim::{AnyLab, CheckKind, Judge, MessageId, NodeId, Timeline};

use crate::course::{Course, Start};
use crate::expression::Expression;
use crate::judge::{self, Eye, KINDS, Shown};
use crate::patience::Patience;
use crate::value::Value;

/// Something on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Node(NodeId),
    /// A field of a node, by its place.
    Field(NodeId, usize),
    /// A cell of its log, by its place counted from 0.
    Cell(NodeId, usize),
    /// A check, by its place in the lab's list.
    Check(usize),
    Message(MessageId),
    /// A number that the lab counts, by its place in the list of the moment.
    Measure(usize),
}

/// An expression, and what it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    pub expression: String,
    pub value: Value,
}

/// The expressions that ask for a thing where a branch stands, the likeliest first. None for what is not there.
pub fn pick(lab: &'static dyn AnyLab, timeline: &Timeline, thing: Thing) -> Vec<Picked> {
    let world = timeline.world();
    let start = Start { event: 0, at_us: 0 };
    let eye = Eye::new(lab, world, timeline.inputs(), start, world.now_us());
    let shown = Shown::new();
    let value = |expression: &String| {
        let read = Expression::read(expression, 1, 1).ok()?;
        let judged = if read.is_costly() {
            let (timeline, patience) = (timeline.fork(), Patience::default());
            let course = Course { lab, timeline, start, now_us: world.now_us(), patience };
            judge::eval(&read, &Eye::at_end(&course, &[]), &shown)
        } else {
            judge::eval(&read, &eye, &shown)
        };
        judged.ok().map(|judged| judged.value)
    };
    let all = expressions(lab, timeline, thing).into_iter();
    all.filter_map(|expression| Some(Picked { value: value(&expression)?, expression })).collect()
}

fn expressions(lab: &'static dyn AnyLab, timeline: &Timeline, thing: Thing) -> Vec<String> {
    let world = timeline.world();
    let frame = world.shown();
    let node = |node: NodeId| frame.nodes.get(node.index());
    match thing {
        Thing::Node(id) => {
            let is_client = world.history().iter().any(|operation| operation.client == u64::from(id.0));
            node(id).map(|node| of_node(node, is_client)).unwrap_or_default()
        }
        Thing::Field(id, place) => {
            let field = node(id).and_then(|node| Some((node, node.fields.get(place)?)));
            field.map(|(node, field)| format!("field({}, {})", node.label, quoted(&field.name))).into_iter().collect()
        }
        Thing::Cell(id, place) => {
            let cell = node(id).and_then(|node| Some((node, node.cells.get(place)?)));
            let of_cell = |(node, cell): (&Node, &sim::frame::Cell)| {
                let label = &node.label;
                let era = cell.era.map(|_| format!("era({label}, {})", place + 1));
                let of_all = [format!("cells({label})"), format!("cells({label}, committed)")];
                [format!("cell({label}, {})", place + 1)].into_iter().chain(era).chain(of_all).collect()
            };
            cell.map(of_cell).unwrap_or_default()
        }
        Thing::Check(place) => match lab.checks().get(place) {
            Some(check) if matches!(check.judge, Judge::Linearizability(_)) => vec!["linearizable".into()],
            Some(check) => {
                let words: &[&str] = match check.kind {
                    CheckKind::Always => &["kept", "broken"],
                    CheckKind::Sometimes => &["seen"],
                    CheckKind::Eventually => &["reached"],
                };
                words.iter().map(|word| format!("{word}({})", check.name)).collect()
            }
            None => Vec::new(),
        },
        Thing::Message(id) => {
            let Some(message) = frame.messages.iter().find(|message| message.id == id) else { return Vec::new() };
            let (from, to) = (world.label(message.from), world.label(message.to));
            let kind = sim::frame::MessageKind::ALL.iter().position(|kind| *kind == message.kind).map(|at| KINDS[at]);
            let label = quoted(&message.label);
            let exact = format!("messages({label}, from({from}), to({to}))");
            [exact, format!("messages({label})")]
                .into_iter()
                .chain(kind.map(|kind| format!("messages({kind}, from({from}))")))
                .collect()
        }
        Thing::Measure(place) => {
            let measure = frame.measures.get(place).map(|measure| match measure.node {
                Some(node) => format!("measure({}, {})", measure.name, world.label(node)),
                None => format!("measure({})", measure.name),
            });
            measure.into_iter().collect()
        }
    }
}

fn of_node(node: &Node, is_client: bool) -> Vec<String> {
    let label = &node.label;
    let mut words = vec!["role", "up"];
    let mut add = |word, is_there| {
        if is_there {
            words.push(word);
        }
    };
    add("badge", !node.badge.is_empty());
    add("tag", node.tag.is_some());
    add("era", node.era.is_some());
    add("cells", !node.cells.is_empty());
    add("queue", node.queue.is_some());
    add("busy", node.gauge.is_some());
    add("waits", is_client);
    add("answer", is_client);
    let of_all = format!("nodes({})", quoted(&node.role));
    words.iter().map(|word| format!("{word}({label})")).chain([of_all]).collect()
}

/// A text in quotes. A quote inside would end it, and nothing that begins so has one.
fn quoted(text: &sim::Text) -> String {
    let text = text.to_string();
    format!("\"{}\"", text.split('"').next().unwrap_or_default())
}
