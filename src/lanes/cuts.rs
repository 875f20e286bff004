//! When which nodes had cut links, from what was done to a run.

use sim::map::Map;
use sim::{Input, NodeId, Timed};

/// How long a node had a link that was cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    pub node: NodeId,
    pub from_us: u64,
    /// None where it is not healed.
    pub to_us: Option<u64>,
}

/// All cuts, by their ends. It counts the links that each node has lost, either way.
pub fn cuts(inputs: &[Timed]) -> Vec<Cut> {
    let mut down: Map<(NodeId, NodeId), ()> = Map::default();
    let mut open: Map<NodeId, u64> = Map::default();
    let mut cuts = Vec::new();
    for timed in inputs {
        match &timed.input {
            Input::Cut { from, to } => {
                down.insert((*from, *to), ());
            }
            Input::Heal { from, to } => {
                down.remove(&(*from, *to));
            }
            Input::Split(groups) => split(&mut down, groups),
            Input::HealAll => down = Map::default(),
            _ => continue,
        }
        let cut_off: Map<NodeId, ()> = down.iter().flat_map(|((from, to), ())| [(*from, ()), (*to, ())]).collect();
        open.retain(|node, from_us| {
            let lasts = cut_off.get(node).is_some();
            if !lasts {
                cuts.push(Cut { node: *node, from_us: *from_us, to_us: Some(timed.at_us) });
            }
            lasts
        });
        for (node, ()) in cut_off.iter() {
            open.get_or_insert_with(*node, || timed.at_us);
        }
    }
    cuts.extend(open.iter().map(|(node, from_us)| Cut { node: *node, from_us: *from_us, to_us: None }));
    cuts
}

fn split(down: &mut Map<(NodeId, NodeId), ()>, groups: &[Vec<NodeId>]) {
    let members = || groups.iter().enumerate().flat_map(|(group, nodes)| nodes.iter().map(move |node| (group, *node)));
    for (group, from) in members() {
        for (other, to) in members() {
            if group == other {
                down.remove(&(from, to));
            } else {
                down.insert((from, to), ());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODES: [NodeId; 3] = [NodeId(0), NodeId(1), NodeId(2)];

    fn timed(at_us: u64, input: Input) -> Timed {
        Timed { after_event: at_us, at_us, input }
    }

    #[test]
    fn a_cut_lasts_until_all_links_of_a_node_are_healed() {
        let [a, b, c] = NODES;
        let inputs = [
            timed(10, Input::Cut { from: a, to: b }),
            timed(20, Input::Cut { from: b, to: c }),
            timed(30, Input::Heal { from: a, to: b }),
            timed(40, Input::Crash(a)),
            timed(50, Input::HealAll),
        ];
        let found = cuts(&inputs);
        assert_eq!(found[0], Cut { node: a, from_us: 10, to_us: Some(30) });
        assert_eq!(
            found[1..],
            [Cut { node: b, from_us: 10, to_us: Some(50) }, Cut { node: c, from_us: 20, to_us: Some(50) }]
        );
    }

    #[test]
    fn a_split_concerns_all_its_members_and_heals_within_groups() {
        let [a, b, c] = NODES;
        let inputs = [timed(10, Input::Cut { from: a, to: b }), timed(20, Input::Split(vec![vec![a, b], vec![c]]))];
        let found = cuts(&inputs);
        assert_eq!(
            found.iter().map(|cut| (cut.from_us, cut.to_us)).collect::<Vec<_>>(),
            [(10, None), (10, None), (20, None)]
        );
    }
}
