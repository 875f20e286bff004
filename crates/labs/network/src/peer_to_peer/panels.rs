//! What stands beside and below the stage: pieces, who gave what, shares over time, copies of each piece.

use sim::frame::{Along, Axis, Cell, CellState, Chart, ChartKind, Mark, MessageKind, Panel, Series};
use sim::order::sort_by_key;
use sim::{NodeId, Text, WorldOf, t, time_us};

use super::bounds::Bounds;
use super::measures::{disk, finished_us};
use super::peer::place;
use super::{BLOCKS, Mode, Node, PeerToPeer, S, T};

/// How many points a line of the chart has at the most.
const MOST_POINTS: usize = 60;

/// All panels.
pub(super) fn all(world: WorldOf<'_, PeerToPeer>, sees_truth: bool) -> Vec<Panel> {
    let panels = [pieces(world, sees_truth), gave_and_got(world)];
    panels.into_iter().chain([shares(world), copies(world)].into_iter().filter(|_| sees_truth)).collect()
}

fn label(world: WorldOf<'_, PeerToPeer>, node: NodeId) -> Text {
    Text::verbatim(world.label(node).to_string())
}

/// Who has which piece.
fn pieces(world: WorldOf<'_, PeerToPeer>, sees_truth: bool) -> Panel {
    let rows = world.config().wanting().map(|node| {
        let disk = disk(world, node);
        let begun = world.nodes().state(node).and_then(Node::peer).map(|peer| &peer.begun);
        let cell = |piece: u8| {
            let got = begun.into_iter().flatten().find(|begun| begun.piece == piece);
            let got = got.map_or(0, |begun| usize::from(BLOCKS) - begun.missing().count());
            let is_spoilt = sees_truth && disk.spoilt.iter().any(|(spoilt, _)| *spoilt == piece);
            let number = place(piece);
            let (label, state, detail) = match (disk.have.has(piece), got) {
                (true, _) if is_spoilt => {
                    ("×", CellState::Conflicting, t!("piece {piece}: not what the file has there", piece = number))
                }
                (true, _) => ("■", CellState::Committed, t!("piece {piece}: it has it", piece = number)),
                (false, 0) => ("·", CellState::Plain, t!("piece {piece}: it lacks it", piece = number)),
                (false, got) => {
                    let label = ["·", "¼", "½", "¾"][got.min(3)];
                    (
                        label,
                        CellState::Uncommitted,
                        t!("piece {piece}: {got} of {all} blocks", piece = number, got = got, all = u64::from(BLOCKS)),
                    )
                }
            };
            Cell { era: None, label: Text::verbatim(label.to_string()), state, detail }
        };
        (label(world, node), (0..world.config().pieces).map(cell).collect())
    });
    Panel::Log { title: t!("Pieces"), first: 1, rows: rows.collect() }
}

/// What each gave and got, and when it had the whole file.
fn gave_and_got(world: WorldOf<'_, PeerToPeer>) -> Panel {
    let row = |node: NodeId| {
        let disk = disk(world, node);
        let peer = world.nodes().state(node).and_then(Node::peer);
        let served = peer.map(|peer| {
            let served = peer.neighbours.iter().filter(|(_, other)| other.is_served());
            served.map(|(node, _)| world.label(*node).to_string()).collect::<Vec<_>>().join(" ")
        });
        let finished = match finished_us(world, node) {
            Some(us) if node != S => t!("{time}", time = time_us(us / 100_000 * 100_000)),
            _ => Text::default(),
        };
        vec![
            label(world, node),
            t!("{count}", count = disk.gave),
            t!("{count}", count = disk.got),
            Text::verbatim(served.unwrap_or_default()),
            finished,
        ]
    };
    Panel::Table {
        title: t!("Blocks given and taken"),
        head: vec![t!("node"), t!("gave"), t!("got"), t!("gives to"), t!("had all after")],
        rows: [S].into_iter().chain(world.config().wanting()).map(row).collect(),
    }
}

/// How much of the file peers have, over time: the first, the last, and all on average.
fn shares(world: WorldOf<'_, PeerToPeer>) -> Panel {
    let config = world.config();
    let all = u64::from(config.pieces);
    let peers: Vec<NodeId> = config.wanting().filter(|node| disk(world, *node).began_us.is_some()).collect();
    let had: Vec<(u64, Vec<u64>)> = peers
        .iter()
        .map(|node| {
            let disk = disk(world, *node);
            let times: Vec<u64> = disk.had_us.iter().copied().collect();
            (u64::from(disk.have.count()) - times.len() as u64, times)
        })
        .collect();
    let end_us = world.now_us();
    let mut times: Vec<u64> = had.iter().flat_map(|(_, times)| times.iter().copied()).chain([0, end_us]).collect();
    sort_by_key(&mut times, |us| u128::from(*us));
    times.dedup();
    let step = times.len().div_ceil(MOST_POINTS).max(1);
    let last = times.len() - 1;
    let times: Vec<u64> = times
        .into_iter()
        .enumerate()
        .filter(|(place, _)| place % step == 0 || *place == last)
        .map(|(_, us)| us)
        .collect();
    let mut lines = [Vec::new(), Vec::new(), Vec::new()];
    for us in times.into_iter().filter(|us| *us <= end_us) {
        let counts = had.iter().map(|(before, had)| before + had.partition_point(|at_us| *at_us <= us) as u64);
        let share = |count: u64| (count * 1_000_000 / all.max(1)) as i64;
        let (least, most) = (counts.clone().min().unwrap_or(0), counts.clone().max().unwrap_or(0));
        let mean = counts.sum::<u64>() * 1_000_000 / (all * had.len() as u64).max(1);
        let values = [share(most), mean as i64, share(least)];
        lines.iter_mut().zip(values).for_each(|(line, value)| line.push((us as i64, value)));
    }
    let names = [t!("the first"), t!("on average"), t!("the last")];
    let kinds = [MessageKind::Replication, MessageKind::Other, MessageKind::Election];
    let series = names.into_iter().zip(kinds).zip(lines).map(|((name, kind), points)| Series { name, kind, points });
    let bounds = Bounds::of(config);
    let time = |us: u64| time_us(us / 100_000 * 100_000);
    let mut marks = vec![Mark {
        along: Along::X,
        at: bounds.swarm_us as i64,
        text: t!("swarm, at the best: {time}", time = time(bounds.swarm_us)),
    }];
    if bounds.client_server_us != bounds.swarm_us {
        marks.push(Mark {
            along: Along::X,
            at: bounds.client_server_us as i64,
            text: t!("server alone, at the best: {time}", time = time(bounds.client_server_us)),
        });
    }
    let title = match config.mode {
        Mode::Swarm => t!("Share of the file that peers have: a swarm"),
        Mode::ClientServer => t!("Share of the file that peers have: S alone gives"),
    };
    Panel::Chart(Chart {
        title,
        kind: ChartKind::Lines,
        x: Axis::new(t!("time"), "s", 1_000_000),
        y: Axis::new(t!("share"), "%", 10_000),
        series: series.collect(),
        marks,
    })
}

/// How many copies of each piece there are with those who take part.
fn copies(world: WorldOf<'_, PeerToPeer>) -> Panel {
    let there: Vec<_> = world
        .nodes()
        .ids()
        .filter(|node| *node != T && world.nodes().state(*node).is_some())
        .map(|node| disk(world, node).have)
        .collect();
    let points = (0..world.config().pieces).map(|piece| {
        let copies = there.iter().filter(|have| have.has(piece)).count();
        (i64::from(piece) + 1, copies as i64)
    });
    Panel::Chart(Chart {
        title: t!("Copies of each piece, with those who are there"),
        kind: ChartKind::Bars { width: 1 },
        x: Axis::new(t!("piece"), "", 1),
        y: Axis::new(t!("copies"), "", 1),
        series: vec![Series { name: t!("copies"), kind: MessageKind::Replication, points: points.collect() }],
        marks: Vec::new(),
    })
}
