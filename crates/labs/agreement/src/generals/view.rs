//! How the lab looks: generals with what they were told, what they do, and a table of who heard what by way of whom.

use std::iter::once;

use sim::frame::{Cell, CellState, Field, Frame, LegendRow, MessageKind, Panel, Shape, Sign, Tone};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::{COMMANDER, Config, General, Generals, Heard, Message, Order, Timer, tree};

/// So many entries of what a general has heard are drawn; all of them stand in the table.
const MOST_CELLS: usize = 4;

/// So many rows of the table are shown.
const MOST_ROWS: usize = 24;

impl View for Generals {
    const ESSENTIAL_FIELDS: usize = 4;

    fn look(node: NodeId, state: Option<&General>) -> Look {
        let (shape, role) = match node {
            COMMANDER => (Shape::Hexagon, t!("commander")),
            _ => (Shape::Circle, t!("lieutenant")),
        };
        let Some(general) = state else {
            return Look { shape, tone: Tone::Plain, role: t!("crashed"), badge: Text::default() };
        };
        let tone = match (node, general.decision) {
            (COMMANDER, _) => Tone::Leader,
            (_, Some(_)) => Tone::Committed,
            (_, None) => Tone::Plain,
        };
        Look { shape, tone, role, badge: general.decision.map(Order::text).unwrap_or_default() }
    }

    fn message_look(message: &Message) -> MessageLook {
        let kind = if message.path.len() == 1 { MessageKind::Replication } else { MessageKind::Other };
        let label = if message.is_signed { signed(message) } else { said(&message.path, message.order) };
        let mut fields = vec![
            field(t!("order"), message.order.text()),
            field(t!("by way of"), way(&message.path)),
            field(t!("battle"), t!("{number}", number = message.battle)),
        ];
        if message.is_signed {
            fields.push(field(t!("signed by"), names(&message.path)));
        }
        MessageLook { kind, reply: false, label, fields }
    }

    fn timer_name(_timer: &Timer) -> Text {
        t!("next round")
    }

    fn legend() -> Vec<LegendRow> {
        let node = |shape, tone, meaning| LegendRow::new(Sign::Node(shape, tone), meaning);
        let cell = |state, meaning| LegendRow::new(Sign::Cell(state, t!("B attack")), meaning);
        vec![
            node(Shape::Hexagon, Tone::Leader, t!("the commander, who is loyal")),
            node(Shape::Hexagon, Tone::Violation, t!("the commander, who is a traitor")).of("traitor"),
            node(Shape::Circle, Tone::Plain, t!("a lieutenant who has not decided")),
            node(Shape::Circle, Tone::Committed, t!("a lieutenant who has decided")),
            node(Shape::Circle, Tone::Violation, t!("a lieutenant who is a traitor")).of("traitor"),
            LegendRow::new(Sign::Badge(t!("attack")), t!("what the general does in this battle")),
            cell(CellState::Plain, t!("what a general was told, and by whom")),
            cell(CellState::Conflicting, t!("what it was told contradicts itself: somebody lies")),
            LegendRow::new(Sign::Message(MessageKind::Replication), t!("the order of the commander")),
            LegendRow::new(Sign::Message(MessageKind::Other), t!("what a lieutenant was told, told on")),
        ]
    }

    fn view(world: WorldOf<'_, Generals>, frame: &mut Frame) {
        let config = world.config();
        for node in &mut frame.nodes {
            let Some(general) = world.nodes().state(node.id) else { continue };
            node.fields = fields(world, node.id, general);
            if node.id != COMMANDER {
                node.cells = cells(world, general);
            }
        }
        frame.panels.push(table(world, config));
    }
}

/// “attack” of the commander; “A said attack” of a lieutenant whom A has told that; “B: A said attack” one further on.
fn said(path: &[NodeId], order: Order) -> Text {
    match path {
        [] | [_] => order.text(),
        [from, _] => t!("{from} said {order}", from = *from, order = order.text()),
        [rest @ .., _] => {
            let (told, before) = (rest[rest.len() - 1], said(rest, order));
            t!("{told}: {before}", told = told, before = before)
        }
    }
}

/// “attack, signed A B”.
fn signed(message: &Message) -> Text {
    t!("{order}, signed {names}", order = message.order.text(), names = names(&message.path))
}

fn names(path: &[NodeId]) -> Text {
    joined(path, |first, next| t!("{first} {next}", first = first, next = next))
}

/// “A → C”.
fn way(path: &[NodeId]) -> Text {
    joined(path, |first, next| t!("{from} → {to}", from = first, to = next))
}

fn joined(path: &[NodeId], join: fn(Text, Text) -> Text) -> Text {
    path.iter().map(|node| t!("{node}", node = *node)).reduce(join).unwrap_or_default()
}

fn labels(world: WorldOf<'_, Generals>) -> Vec<String> {
    world.nodes().ids().map(|node| world.label(node).to_string()).collect()
}

fn cells(world: WorldOf<'_, Generals>, general: &General) -> Vec<Cell> {
    let state = match tree::different(&general.heard).len() {
        0 | 1 => CellState::Plain,
        _ => CellState::Conflicting,
    };
    let cell = |heard: &Heard| {
        let from = heard.path.last().copied().unwrap_or(COMMANDER);
        let (order, labels) = (heard.order.text(), labels(world));
        let detail = t!("{from} says: {said}", from = from, said = said(&heard.path, heard.order));
        Cell {
            era: None,
            label: t!("{from} {order}", from = from, order = order).with_labels(&labels),
            state,
            detail: detail.with_labels(&labels),
        }
    };
    // With three rounds so much is heard that only the commander's own word has room.
    let is_short = general.heard.len() <= MOST_CELLS;
    general.heard.iter().filter(|heard| is_short || heard.path.len() == 1).map(cell).collect()
}

fn fields(world: WorldOf<'_, Generals>, me: NodeId, general: &General) -> Vec<Field> {
    let config = world.config();
    let round = match general.round {
        0 if general.battle == 0 => t!("not begun"),
        0 => t!("over"),
        round => t!("{round} of {all}", round = round, all = config.rounds()),
    };
    let decision = general.decision.map_or_else(|| t!("not decided"), Order::text);
    let mut fields = vec![field(t!("does"), decision)];
    if me == COMMANDER {
        fields.push(field(t!("orders"), general.order.text()));
    } else {
        let own = tree::heard(&general.heard, &[COMMANDER]).map_or_else(|| t!("nothing"), Order::text);
        fields.push(field(t!("told by the commander"), own));
    }
    fields.push(field(t!("battle"), t!("{number}", number = general.battle)));
    fields.push(field(t!("round"), round));
    let labels = labels(world);
    let others = general.heard.iter().filter(|heard| heard.path.len() > 1);
    fields.extend(others.map(|heard| {
        let name = t!("heard by way of {way}", way = way(&heard.path)).with_labels(&labels);
        field(name, heard.order.text())
    }));
    fields
}

/// A row for each way by which an order can come, a column for each lieutenant; last what each of them does.
fn table(world: WorldOf<'_, Generals>, config: &Config) -> Panel {
    let labels = labels(world);
    let lieutenants: Vec<NodeId> = config.nodes().filter(|node| *node != COMMANDER).collect();
    let state = |node: &NodeId| world.nodes().state(*node);
    let battle = lieutenants.iter().filter_map(state).map(|general| general.battle).max().unwrap_or(0);
    let here = |node: &NodeId| state(node).filter(|general| general.battle == battle && battle > 0);
    let mut rows = Vec::new();
    // Whoever is on a way hears nothing by it, so that all ways are those of nobody in particular.
    let all = tree::paths(config, NodeId(config.generals), config.rounds());
    let hidden = all.len().saturating_sub(MOST_ROWS);
    for path in all.iter().take(MOST_ROWS) {
        let cell = |node: &NodeId| {
            if path.contains(node) {
                return t!("·");
            }
            let Some(general) = here(node) else { return t!("–") };
            let Some(order) = tree::heard(&general.heard, path) else { return t!("–") };
            let is_folded = general.decision.is_some() && !config.is_signed && path.len() < config.rounds();
            match is_folded && config.rules.majority {
                true => {
                    let folded = tree::value(config, *node, &general.heard, path).text();
                    t!("{order} ⇒ {majority}", order = order.text(), majority = folded)
                }
                false => order.text(),
            }
        };
        rows.push(once(way(path).with_labels(&labels)).chain(lieutenants.iter().map(cell)).collect());
    }
    if hidden > 0 {
        let more = t!("{count} more ways", count = hidden);
        rows.push(once(more).chain(lieutenants.iter().map(|_| t!("…"))).collect());
    }
    let does = |node: &NodeId| here(node).and_then(|general| general.decision).map_or_else(|| t!("–"), Order::text);
    rows.push(once(t!("does")).chain(lieutenants.iter().map(does)).collect());
    let name = |node: &NodeId| Text::verbatim(world.label(*node).to_string());
    Panel::Table {
        title: t!("Who was told what, and by way of whom"),
        head: once(t!("by way of")).chain(lieutenants.iter().map(name)).collect(),
        rows,
    }
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
