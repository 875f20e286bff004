//! What the lab counts.

use sim::frame::{Measure, Unit};
use sim::{Measures, NodeId, WorldOf, t};

use super::member::Member;
use super::{Elections, Node};

impl Measures for Elections {
    fn measures(world: WorldOf<'_, Elections>) -> Vec<Measure> {
        let live = || {
            world.config().members().filter_map(|node| Some((node, world.nodes().state(node).and_then(Node::member)?)))
        };
        let counts = world.monitor().counts();
        let number = |name, title, value: i64| Measure::new(name, title, Unit::Count, value);
        let leaders: Vec<NodeId> = live().filter(|(node, member)| member.leads(*node)).map(|(node, _)| node).collect();
        let sum = |of: fn(&Member) -> u64| live().map(|(_, member)| of(member)).sum::<u64>() as i64;
        let page = &world.nodes().disk(world.config().store()).page;
        vec![
            Measure::count("coordinators", t!("nodes that work as coordinator"), leaders.len()),
            number(
                "coordinator",
                t!("number of the coordinator, 0 without one"),
                leaders.iter().map(|node| i64::from(world.config().number(*node))).max().unwrap_or(0),
            ),
            number("messages", t!("messages of this election"), i64::from(counts.sum())),
            number("elections", t!("elections that live nodes have started"), sum(|member| member.elections)),
            number("writes", t!("writes on the common disk"), page.taken as i64),
            number("term", t!("latest term"), live().map(|(_, member)| member.term).max().unwrap_or(0) as i64),
        ]
    }
}
