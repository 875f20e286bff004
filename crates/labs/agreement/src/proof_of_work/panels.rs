//! What stands beside and below the stage: the tree of blocks, who has how many of them, and how branches have grown.

use sim::frame::{Axis, Chart, ChartKind, Growth, MessageKind, Panel, Series, Stroke, Tone, Tree, TreeRow};
use sim::order::{pair, sort_by_key};
use sim::{NodeId, Text, WorldOf, t, time_us};

use super::block::{Link, chain, fork};
use super::branches::era;
use super::measures::{best, hidden, tallies};
use super::{ProofOfWork, view};

/// The tree goes so far back from the top at the least, and at the most.
const LEAST_BACK: u64 = 4;
const MOST_BACK: u64 = 13;

/// So many names stand at a block; where there are more, their number.
const MOST_NAMES: usize = 2;

/// How many blocks of a branch are in the chart.
const CHARTED: usize = 40;

/// All panels.
pub(super) fn all(world: WorldOf<'_, ProofOfWork>, leaves: &[Link]) -> Vec<Panel> {
    vec![Panel::Tree(tree(world, leaves)), table(world), Panel::Chart(race(world, leaves))]
}

/// "17 M4".
pub(super) fn name(world: WorldOf<'_, ProofOfWork>, block: &Link) -> Text {
    Text::verbatim(match block.parent {
        Some(_) => format!("{} {}", block.height, world.label(block.miner)),
        None => "0".to_string(),
    })
}

/// The blocks near the top, as they stand on each other.
fn tree(world: WorldOf<'_, ProofOfWork>, leaves: &[Link]) -> Tree {
    let title = t!("Blocks");
    let Some(top) = leaves.first() else { return Tree::new(title, Vec::new()) };
    let hidden = hidden(world);
    let ends: Vec<&Link> = leaves.iter().chain(hidden.last()).collect();
    let highest = ends.iter().map(|end| end.height).max().unwrap_or(0);
    let common = ends.iter().fold(top, |common, end| fork(common, end)).height;
    let low = common.min(highest.saturating_sub(LEAST_BACK)).max(highest.saturating_sub(MOST_BACK));
    let mut blocks: Vec<&Link> = Vec::new();
    for peer in world.nodes().ids().filter_map(|node| world.nodes().state(node)) {
        for block in peer.disk.blocks.iter().filter(|block| block.height >= low) {
            if blocks.iter().all(|known| known.id != block.id) {
                blocks.push(block);
            }
        }
    }
    // What stands on a block with the most work comes first.
    sort_by_key(&mut blocks, |block| pair(block.height, block.id));
    let weight = |block: &Link| {
        let above = blocks.iter().filter(|other| super::block::stands_on(other, block));
        above.map(|other| other.total).max().unwrap_or(block.total)
    };
    // Of equal ones that of the first colour.
    let weights: Vec<u128> =
        blocks.iter().map(|block| 2 * weight(block) + u128::from(super::block::stands_on(top, block))).collect();
    let mut rows = Vec::new();
    let roots: Vec<usize> = (0..blocks.len()).filter(|place| blocks[*place].height == low).collect();
    let mut stack: Vec<usize> = in_order(roots, &weights);
    while let Some(place) = stack.pop() {
        let block = blocks[place];
        rows.push(row(world, block, low, leaves, hidden));
        let children = (0..blocks.len()).filter(|other| blocks[*other].parent_id() == block.id).collect();
        stack.extend(in_order(children, &weights));
    }
    Tree { growth: Growth::Along, ..Tree::new(title, rows) }
}

/// The lightest first, so that the heaviest is taken next from the end.
fn in_order(mut places: Vec<usize>, weights: &[u128]) -> Vec<usize> {
    sort_by_key(&mut places, |place| weights[*place]);
    places
}

fn row(world: WorldOf<'_, ProofOfWork>, block: &Link, low: u64, leaves: &[Link], hidden: &[Link]) -> TreeRow {
    let era = era(leaves, block);
    let is_hidden = hidden.iter().any(|other| other.id == block.id);
    let stroke = match era {
        Some(_) => Stroke::Solid,
        None if is_hidden => Stroke::Dashed,
        None => Stroke::Hatched,
    };
    let state = match stroke {
        Stroke::Solid => t!("believed"),
        Stroke::Dashed => t!("hidden"),
        Stroke::Hatched => t!("thrown away"),
    };
    let detail = match block.parent {
        None => t!("the first block, which all know"),
        Some(_) => t!(
            "{state}, payments: {count}, {time}",
            state = state,
            count = block.payments.len(),
            time = time_us(block.time_us.unsigned_abs() / 100_000 * 100_000)
        ),
    };
    let at_it: Vec<&str> = world
        .nodes()
        .ids()
        .filter(|node| world.nodes().state(*node).is_some_and(|peer| peer.tip.id == block.id))
        .map(|node| world.label(node))
        .collect();
    let mark = match at_it.len() {
        0..=MOST_NAMES => Text::verbatim(at_it.join(" ")),
        count => t!("{count} nodes", count = count),
    };
    let depth = (block.height - low) as u8;
    TreeRow { stroke, era, mark, ..TreeRow::new(depth, name(world, block), detail, Tone::Plain) }
}

/// What each miner has, and what it has lost.
fn table(world: WorldOf<'_, ProofOfWork>) -> Panel {
    let config = world.config();
    let tallies = tallies(world);
    let all: usize = tallies.iter().map(|(kept, _)| kept).sum();
    let row = |(place, (kept, lost)): (usize, &(usize, usize))| {
        let node = NodeId::at(place);
        vec![
            Text::verbatim(world.label(node).to_string()),
            t!("{percent} %", percent = (config.share_ppm(node) + 5_000) / 10_000),
            t!("{count}", count = *kept),
            t!("{percent} %", percent = (kept * 100 + all / 2) / all.max(1)),
            t!("{count}", count = *lost),
        ]
    };
    let work = best(world).map_or_else(Text::default, |best| view::work(best.work));
    Panel::Table {
        title: t!("Miners (work of a block: {work})", work = work),
        head: vec![t!("miner"), t!("hash power"), t!("blocks"), t!("share"), t!("lost")],
        rows: tallies.iter().enumerate().map(row).collect(),
    }
}

/// How high branches were, by the clocks of their miners.
fn race(world: WorldOf<'_, ProofOfWork>, leaves: &[Link]) -> Chart {
    let line = |tip: &Link| {
        let mut points: Vec<(i64, i64)> =
            chain(tip).take(CHARTED).map(|block| (block.time_us, block.height as i64)).collect();
        points.reverse();
        points
    };
    let mut series = Vec::new();
    if let Some(best) = leaves.first() {
        series.push(Series { name: t!("most work that all know"), kind: MessageKind::Replication, points: line(best) });
    }
    let other = hidden(world).last().map(|tip| (t!("hidden"), tip));
    let other = other.or_else(|| leaves.get(1).map(|tip| (t!("the other chain"), tip)));
    if let Some((name, tip)) = other {
        series.push(Series { name, kind: MessageKind::Election, points: line(tip) });
    }
    for line in &mut series {
        // A clock that was set back would draw a line back.
        let mut last = i64::MIN;
        line.points.retain(|(us, _)| {
            let is_later = *us > last;
            last = last.max(*us);
            is_later
        });
    }
    Chart {
        title: t!("Height of chains"),
        kind: ChartKind::Lines,
        x: Axis::new(t!("time"), "s", 1_000_000),
        y: Axis::new(t!("height"), "", 1),
        series,
        marks: Vec::new(),
    }
}
