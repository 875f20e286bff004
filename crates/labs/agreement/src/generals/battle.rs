//! The judgement on a battle that all loyal lieutenants have decided.

use sim::{NodeId, NodesOf};

use super::{COMMANDER, Config, General, Order, tree};

/// What there is to judge of a battle.
#[derive(Clone, Debug)]
pub struct Battle<'a> {
    pub config: &'a Config,
    /// Who has lied in it.
    pub liars: Vec<NodeId>,
    /// The loyal lieutenants and what each of them is.
    pub loyal: Vec<(NodeId, &'a General)>,
    /// What the commander has ordered, if it is loyal and in this battle.
    pub order: Option<Order>,
}

impl<'a> Battle<'a> {
    /// A battle, once all lieutenants that are loyal have decided.
    pub fn decided(
        config: &'a Config,
        nodes: NodesOf<'a, General>,
        number: u32,
        liars: Vec<NodeId>,
    ) -> Option<Battle<'a>> {
        let in_it = |node: NodeId| nodes.state(node).filter(|general| general.battle == number);
        let mut loyal = Vec::new();
        for node in config.nodes().filter(|node| *node != COMMANDER && !liars.contains(node)) {
            let general = in_it(node).filter(|general| general.decision.is_some())?;
            loyal.push((node, general));
        }
        let commander = in_it(COMMANDER).filter(|_| !liars.contains(&COMMANDER));
        let order = commander.and_then(|commander| commander.decision);
        Some(Battle { config, liars, loyal, order })
    }

    /// Whether IC1 and IC2 are promised: there are enough generals for those who lie, and all that loyal ones have said has come
    /// in its round.
    pub fn is_promised(&self) -> bool {
        let is_order_known = self.order.is_some() || self.liars.contains(&COMMANDER);
        self.liars.len() <= self.config.depth && self.config.is_promised() && is_order_known && self.is_complete()
    }

    fn is_complete(&self) -> bool {
        let is_loyal = |node: &NodeId| !self.liars.contains(node);
        if !self.config.is_signed {
            return self.loyal.iter().all(|(me, general)| {
                let paths = tree::paths(self.config, *me, self.config.rounds());
                let mut said = paths.iter().filter(|path| path.last().is_some_and(is_loyal));
                said.all(|path| tree::heard(&general.heard, path).is_some())
            });
        }
        let has = |general: &General, order: Order| general.heard.iter().any(|heard| heard.order == order);
        let heard = self.loyal.iter().flat_map(|(_, general)| &general.heard);
        let told_on = heard.filter(|heard| heard.path.len() < self.config.rounds()).map(|heard| heard.order);
        let mut orders = told_on.chain(self.order);
        orders.all(|order| self.loyal.iter().all(|(_, general)| has(general, order)))
    }

    /// Two loyal lieutenants that do different things.
    pub fn parted(&self) -> Option<(NodeId, NodeId)> {
        let (first, one) = self.loyal.first()?;
        let (other, _) = self.loyal.iter().find(|(_, general)| general.decision != one.decision)?;
        Some((*first, *other))
    }

    /// A loyal lieutenant that does not obey a loyal commander.
    pub fn disobedient(&self) -> Option<NodeId> {
        let order = self.order?;
        self.loyal.iter().find(|(_, general)| general.decision != Some(order)).map(|(node, _)| *node)
    }
}
