//! The monitor: it sees who lies, and judges each battle when the last loyal lieutenant has decided.

use serde::Serialize;
use sim::{NodeId, Observation, Verdicts, t};

use super::battle::Battle;
use super::checks::{AGREED, CONTRADICTION, DISUNITY, IC1, IC2};
use super::{COMMANDER, General, tree};

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// For each general the last battle in which it lied; 0 if it never did.
    lied_in: Vec<u32>,
    /// The last battle that was judged.
    judged: u32,
    /// How many battles were judged, and in how many of them loyal generals parted.
    pub battles: u32,
    pub parted: u32,
}

impl sim::Monitor<General> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, General>, verdicts: &mut Verdicts) {
        self.lied_in.resize(seen.nodes.len(), 0);
        // Who lies between two battles lies in the next one if it goes on.
        let now = seen.nodes.ids().filter_map(|node| seen.nodes.state(node)).map(|general| general.battle).max();
        for node in seen.nodes.ids().filter(|node| seen.nodes.lies(*node).is_some()) {
            self.lied_in[node.index()] = now.unwrap_or(0).max(1);
        }
        let Some((node, general)) = seen.node.and_then(|node| Some((node, seen.nodes.state(node)?))) else { return };
        let is_loyal = self.lied_in[node.index()] < general.battle;
        if is_loyal && tree::different(&general.heard).len() > 1 {
            verdicts.seen(CONTRADICTION, &[node], || t!("{node} has been told to attack and to retreat", node = node));
        }
        if general.battle > self.judged && general.decision.is_some() {
            self.judge(general.battle, seen, verdicts);
        }
    }
}

impl Monitor {
    fn judge(&mut self, number: u32, seen: &Observation<'_, General>, verdicts: &mut Verdicts) {
        let liars = seen.nodes.ids().filter(|node| self.lied_in[node.index()] >= number).collect();
        let Some(battle) = Battle::decided(seen.config, seen.nodes, number, liars) else { return };
        self.judged = number;
        self.battles += 1;
        if battle.is_promised() {
            if let Some((one, other)) = battle.parted() {
                verdicts.broken(IC1, &[one, other], || apart(one, other, number));
            }
            if let Some(node) = battle.disobedient() {
                verdicts.broken(IC2, &[COMMANDER, node], || apart(COMMANDER, node, number));
            }
        }
        let parted = battle.parted().or_else(|| Some((COMMANDER, battle.disobedient()?)));
        match parted {
            Some((one, other)) => {
                self.parted += 1;
                verdicts.seen(DISUNITY, &[one, other], || apart(one, other, number));
            }
            None if !battle.liars.is_empty() && !battle.loyal.is_empty() => {
                let nodes: Vec<NodeId> = battle.loyal.iter().map(|(node, _)| *node).collect();
                verdicts
                    .seen(AGREED, &nodes, || t!("All loyal generals do the same in battle {battle}", battle = number));
            }
            None => {}
        }
    }
}

fn apart(one: NodeId, other: NodeId, number: u32) -> sim::Text {
    t!("{one} and {other} are loyal, and part in battle {battle}", one = one, other = other, battle = number)
}
