//! What the lab counts: what clients got, and how much work that was.

use sim::frame::{Measure, Unit};
use sim::{Measures, WorldOf, t};

use super::name::{Name, Role};
use super::{Dns, DnsNode, Resolver};

impl Measures for Dns {
    fn measures(world: WorldOf<'_, Dns>) -> Vec<Measure> {
        let (config, nodes) = (world.config(), world.nodes());
        let states = || nodes.ids().filter_map(|id| nodes.state(id));
        let resolvers = || states().filter_map(DnsNode::resolver);
        let of_resolvers = |read: fn(&Resolver) -> u64| resolvers().map(read).sum::<u64>() as i64;
        let count = |name, title, value| Measure::new(name, title, Unit::Count, value);
        let monitor = world.monitor();
        let mut measures = vec![
            count("old-answers", t!("old addresses that clients got"), monitor.old_answers as i64),
            Measure::new(
                "old-for",
                t!("the last of them so long after the move"),
                Unit::Time,
                monitor.old_for_us as i64,
            ),
            count("from-cache", t!("questions answered from a cache"), of_resolvers(|resolver| resolver.hits)),
            count("queries", t!("queries of resolvers"), of_resolvers(|resolver| resolver.sent)),
            count("thrown", t!("answers thrown away as not asked for"), of_resolvers(|resolver| resolver.thrown)),
            count("failed", t!("questions that came to nothing"), of_resolvers(|resolver| resolver.failed)),
        ];
        for role in [Role::R1, Role::R2] {
            let Some(id) = config.node(role) else { continue };
            let now_us = nodes.clock(id).counts(world.now_us());
            let left = nodes.state(id).and_then(DnsNode::resolver).and_then(|resolver| {
                resolver.entry(Name::WWW).map(|entry| entry.until_us(config).saturating_sub(now_us))
            });
            measures.push(
                Measure::new("left", t!("it may keep www.shop.com for"), Unit::Time, left.unwrap_or(0) as i64).of(id),
            );
        }
        measures
    }
}
