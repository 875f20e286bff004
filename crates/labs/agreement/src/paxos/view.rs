//! How the lab looks: who proposes, accepts and learns, the ballots, and what is chosen.

use std::iter::once;

use sim::frame::{Cell, CellState, Field, Frame, LegendRow, MessageKind, Panel, Shape, Sign, Tally, Tone};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::proposer::Phase;
use super::{Acceptor, Colour, Disk, Learner, Message, Paxos, PaxosNode, Promised, Proposer, Row, Timer, Vote};

/// So many ballots stand in the table: the highest ones.
const ROWS: usize = 8;

impl View for Paxos {
    const ESSENTIAL_FIELDS: usize = 3;

    /// How a node looks.
    fn look(_node: NodeId, state: Option<&PaxosNode>) -> Look {
        let (shape, tone, role, badge) = match state {
            None => (Shape::Circle, Tone::Plain, t!("crashed"), Text::default()),
            Some(PaxosNode::Proposer(proposer)) => match &proposer.phase {
                _ if proposer.is_silent => (Shape::Circle, Tone::Plain, t!("silent proposer"), t!("lost disk")),
                Phase::Idle => (Shape::Circle, Tone::Plain, t!("proposer"), Text::default()),
                Phase::Waiting => (Shape::Circle, Tone::Plain, t!("overtaken proposer"), t!("waits")),
                Phase::Preparing { ballot, .. } => (
                    Shape::Diamond,
                    Tone::Candidate,
                    t!("asking proposer"),
                    t!("asks {ballot}", ballot = ballot.text()),
                ),
                Phase::Writing { vote, .. } => (
                    Shape::Diamond,
                    Tone::Candidate,
                    t!("writing proposer"),
                    t!("writes {ballot}", ballot = vote.ballot.text()),
                ),
                Phase::Accepting { vote, .. } => (
                    Shape::Hexagon,
                    Tone::Candidate,
                    t!("sending proposer"),
                    t!("sends {ballot}", ballot = vote.ballot.text()),
                ),
                Phase::Done(value) => {
                    (Shape::Circle, Tone::Committed, t!("knowing proposer"), t!("knows {value}", value = value.text()))
                }
            },
            Some(PaxosNode::Acceptor(acceptor)) => {
                let badge = match acceptor.promised.0 {
                    Some(promised) => t!("promised {ballot}", ballot = promised.text()),
                    None => Text::default(),
                };
                match acceptor.is_silent {
                    true => (Shape::Store, Tone::Plain, t!("silent acceptor"), t!("lost disk")),
                    false => (Shape::Store, Tone::Plain, t!("acceptor"), badge),
                }
            }
            Some(PaxosNode::Learner(learner)) => match learner.known {
                None => (Shape::Box, Tone::Plain, t!("learner"), Text::default()),
                Some(value) => {
                    (Shape::Box, Tone::Committed, t!("knowing learner"), t!("knows {value}", value = value.text()))
                }
            },
        };
        Look { shape, tone, role, badge }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let ballot = |ballot: super::Ballot| field(t!("ballot"), ballot.text());
        let value = |value: Colour| field(t!("value"), value.text());
        let (kind, reply, label, fields) = match message {
            Message::Prepare(asked) => {
                (MessageKind::Election, false, t!("Prepare {ballot}", ballot = asked.text()), vec![ballot(*asked)])
            }
            Message::Promise { ballot: promised, accepted: None } => (
                MessageKind::Election,
                true,
                t!("Promise {ballot}", ballot = promised.text()),
                vec![ballot(*promised), field(t!("accepted"), t!("nothing"))],
            ),
            Message::Promise { ballot: promised, accepted: Some(vote) } => (
                MessageKind::Election,
                true,
                t!("Promise {ballot}, has {value}", ballot = promised.text(), value = vote.value.text()),
                vec![ballot(*promised), field(t!("accepted"), vote_text(*vote))],
            ),
            Message::Nack { ballot: refused, promised } => (
                MessageKind::Other,
                true,
                t!("No, {ballot} ✗", ballot = promised.text()),
                vec![ballot(*refused), field(t!("promised"), promised.text())],
            ),
            Message::Accept(vote) => (
                MessageKind::Replication,
                false,
                t!("Accept {value}", value = vote.value.text()),
                vec![ballot(vote.ballot), value(vote.value)],
            ),
            Message::Accepted(vote) => (
                MessageKind::Replication,
                true,
                t!("Accepted {value}", value = vote.value.text()),
                vec![ballot(vote.ballot), value(vote.value)],
            ),
            Message::Ask => (MessageKind::Client, false, t!("accepted?"), Vec::new()),
            Message::Alive => (MessageKind::Other, false, t!("alive"), Vec::new()),
            Message::Chosen(chosen) => {
                (MessageKind::Client, true, t!("chosen: {value}", value = chosen.text()), vec![value(*chosen)])
            }
        };
        MessageLook { kind, reply, label, fields }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Begin => t!("begin"),
            Timer::Repeat => t!("ask once more"),
            Timer::Write => t!("write to disk"),
            Timer::Again => t!("next try"),
            Timer::Beat => t!("sign of life"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Cell as Entry, Message as Mark, Node};
        let row = LegendRow::new;
        let value = || t!("{ballot} {value}", ballot = "1.1", value = t!("red"));
        vec![
            row(Node(Shape::Circle, Tone::Plain), t!("a proposer that does nothing, or waits")).of("proposer"),
            row(Node(Shape::Diamond, Tone::Candidate), t!("it asks for promises, or writes down what it may propose")),
            row(Node(Shape::Hexagon, Tone::Candidate), t!("it asks the acceptors to accept a value")),
            row(Node(Shape::Circle, Tone::Committed), t!("it knows what is chosen")),
            row(Node(Shape::Store, Tone::Plain), t!("an acceptor")).of("acceptor"),
            row(Node(Shape::Store, Tone::Committed), t!("an acceptor that has accepted what is chosen"))
                .of("chosen value"),
            row(Node(Shape::Box, Tone::Plain), t!("a learner that does not know yet")).of("Paxos learner"),
            row(Node(Shape::Box, Tone::Committed), t!("a learner that knows what is chosen")).of("Paxos learner"),
            row(Badge(t!("asks {ballot}", ballot = "3.2")), t!("what it does, and in which ballot: round 3 of P2"))
                .of("ballot"),
            row(Entry(CellState::Committed, value()), t!("accepted, in this ballot: and it is chosen"))
                .of("chosen value"),
            row(
                Entry(CellState::Uncommitted, value()),
                t!("accepted, in this ballot: as far as anybody can tell, not chosen"),
            ),
            row(Entry(CellState::Conflicting, value()), t!("accepted, and something else is chosen")),
            row(Sign::Tally, t!("the promises or acceptances that it has, of those that it needs")),
            row(Mark(MessageKind::Election), t!("asks for a promise, or gives one")).of("ballot"),
            row(Mark(MessageKind::Replication), t!("asks to accept a value, or says that it is accepted")),
            row(Mark(MessageKind::Other), t!("a refusal: a higher ballot is promised; or a sign of life")),
            row(Mark(MessageKind::Client), t!("a learner asks what is accepted, or is told what is chosen")),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, Paxos>, frame: &mut Frame) {
        // What is chosen, no node can see.
        let chosen: Vec<Colour> = match frame.knower {
            None => world.monitor().ledger.chosen.iter().map(|(_, value)| *value).collect(),
            Some(_) => Vec::new(),
        };
        for node in &mut frame.nodes {
            match world.nodes().state(node.id) {
                Some(PaxosNode::Proposer(proposer)) => {
                    node.fields = proposer_fields(proposer);
                    node.tag = tag(world, proposer);
                    node.tally = proposer_tally(world, proposer);
                }
                Some(PaxosNode::Acceptor(Acceptor { promised, accepted, .. })) => {
                    dress(node, *promised, *accepted, &chosen);
                }
                Some(PaxosNode::Learner(learner)) => {
                    node.fields = learner_fields(learner);
                    node.tally = learner_tally(world, learner);
                }
                None => {
                    let Disk { promised, accepted, round, .. } = world.nodes().disk(node.id);
                    match world.config().part(node.id) {
                        super::Part::Acceptor => {
                            node.shape = Shape::Store;
                            dress(node, *promised, *accepted, &chosen);
                        }
                        super::Part::Proposer => {
                            node.fields = vec![field(t!("highest round used"), t!("{number}", number = *round))]
                        }
                        super::Part::Learner => node.shape = Shape::Box,
                    }
                }
            }
        }
        if frame.knower.is_none() {
            frame.panels.extend(table(world));
        }
    }
}

/// What an acceptor, or its disk, has promised and accepted.
fn dress(node: &mut sim::frame::Node, promised: Promised, accepted: Option<Vote<Colour>>, chosen: &[Colour]) {
    let none = || t!("nothing");
    node.fields = vec![
        field(t!("promised"), promised.0.map_or_else(none, super::Ballot::text)),
        field(t!("accepted"), accepted.map_or_else(none, vote_text)),
    ];
    let Some(vote) = accepted else { return };
    let (state, word) = match chosen {
        [] => (CellState::Uncommitted, t!("accepted, and not chosen so far")),
        chosen if chosen.contains(&vote.value) => (CellState::Committed, t!("accepted, and chosen")),
        _ => (CellState::Conflicting, t!("accepted, and something else is chosen")),
    };
    if state == CellState::Committed && node.status == sim::frame::Status::Up {
        node.tone = Tone::Committed;
    }
    node.cells = vec![Cell {
        era: None,
        label: t!("{ballot} {value}", ballot = vote.ballot.text(), value = vote.value.text()),
        state,
        detail: t!("{vote}: {state}", vote = vote_text(vote), state = word),
    }];
}

fn proposer_fields(proposer: &Proposer) -> Vec<Field> {
    let phase = match &proposer.phase {
        Phase::Idle => t!("does nothing"),
        Phase::Waiting => t!("waits after being overtaken"),
        Phase::Preparing { ballot, .. } => t!("phase 1 of ballot {ballot}", ballot = ballot.text()),
        Phase::Writing { vote, .. } => t!("writes {vote} to disk", vote = vote_text(*vote)),
        Phase::Accepting { vote, .. } => t!("phase 2: {vote}", vote = vote_text(*vote)),
        Phase::Done(value) => t!("knows that {value} is chosen", value = value.text()),
    };
    vec![
        field(t!("own value"), proposer.own.map_or_else(|| t!("none"), Colour::text)),
        field(t!("does"), phase),
        field(t!("ballots overtaken"), t!("{number}", number = proposer.overtaken)),
        field(t!("highest round used"), t!("{number}", number = proposer.round)),
        field(t!("highest round heard of"), t!("{number}", number = proposer.seen)),
    ]
}

fn tag(world: WorldOf<'_, Paxos>, proposer: &Proposer) -> Option<Text> {
    match &proposer.phase {
        Phase::Writing { vote, from: Some(from) } | Phase::Accepting { vote, from: Some(from) }
            if Some(vote.value) != proposer.own =>
        {
            let from = Text::verbatim(world.label(*from).to_string());
            Some(t!("takes {value} from {acceptor}", value = vote.value.text(), acceptor = from))
        }
        Phase::Writing { vote, .. } | Phase::Accepting { vote, .. } => {
            Some(t!("proposes {value}", value = vote.value.text()))
        }
        Phase::Done(_) => None,
        _ => proposer.own.map(|own| t!("would like {value}", value = own.text())),
    }
}

fn proposer_tally(world: WorldOf<'_, Paxos>, proposer: &Proposer) -> Option<Tally> {
    match &proposer.phase {
        Phase::Preparing { promises, .. } => {
            let (got, needed) = (promises.len() as u32, world.config().promises_needed());
            Some(Tally { got, needed, text: t!("promises: {got} of {needed} needed", got = got, needed = needed) })
        }
        Phase::Accepting { .. } => {
            let got = proposer.sent.map_or(0, |sent| sent.accepted.count());
            let needed = world.config().acceptances_needed();
            Some(Tally { got, needed, text: t!("acceptances: {got} of {needed} needed", got = got, needed = needed) })
        }
        _ => None,
    }
}

fn learner_tally(world: WorldOf<'_, Paxos>, learner: &Learner) -> Option<Tally> {
    if learner.known.is_some() {
        return None;
    }
    let got = learner.heard.iter().map(|heard| heard.from.count()).max()?;
    let needed = world.config().acceptances_needed();
    Some(Tally { got, needed, text: t!("acceptances: {got} of {needed} needed", got = got, needed = needed) })
}

fn learner_fields(learner: &Learner) -> Vec<Field> {
    let known = learner.known.map_or_else(|| t!("nothing yet"), Colour::text);
    let heard = learner.heard.iter().rev().map(|heard| {
        let vote = vote_text(Vote { ballot: heard.ballot, value: heard.value });
        field(
            t!("in ballot {ballot}", ballot = heard.ballot.text()),
            t!("{vote}, acceptors: {count}", vote = vote, count = heard.from.count()),
        )
    });
    once(field(t!("knows"), known)).chain(heard).collect()
}

/// Ballots and acceptors, as in Figure 1 of The Part-Time Parliament.
fn table(world: WorldOf<'_, Paxos>) -> Option<Panel> {
    let ledger = &world.monitor().ledger;
    let needed = world.config().acceptances_needed();
    let acceptors: Vec<NodeId> = world.config().all_acceptors().collect();
    let line = |row: &Row| {
        let value = row.value.map_or_else(|| t!("–"), Colour::text);
        let value = if row.accepted.count() >= needed { t!("{value}, chosen", value = value) } else { value };
        let mark = |acceptor: &NodeId| {
            let place = world.config().place(*acceptor);
            match (row.accepted.has(place), row.promised.has(place)) {
                (true, _) => t!("accepted"),
                (false, true) => t!("promised"),
                (false, false) => t!("–"),
            }
        };
        [row.ballot.text(), value].into_iter().chain(acceptors.iter().map(mark)).collect::<Vec<Text>>()
    };
    let rows: Vec<Vec<Text>> = ledger.rows.iter().rev().take(ROWS).map(line).collect();
    let labels = acceptors.iter().map(|acceptor| Text::verbatim(world.label(*acceptor).to_string()));
    (!rows.is_empty()).then(|| Panel::Table {
        title: t!("Ballots, the highest first"),
        head: [t!("ballot"), t!("value")].into_iter().chain(labels).collect(),
        rows,
    })
}

fn vote_text(vote: Vote<Colour>) -> Text {
    t!("{value} in ballot {ballot}", value = vote.value.text(), ballot = vote.ballot.text())
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
