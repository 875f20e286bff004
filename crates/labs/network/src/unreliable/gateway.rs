//! The gateway between clients and the ledger: it checks each hop, and what breaks inside of it leaves with a good check.

use serde::Serialize;
use sim::{Map, NodeId, t};

use super::wire::{Damage, Packet, Record, Seen};
use super::{Effects, Message, Timer};

/// The state of the gateway. It keeps nothing through a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Gateway {
    /// What waits to be sent on, with its way.
    held: Map<u64, (NodeId, Packet)>,
    /// How much it has taken.
    taken: u64,
    /// How much it has sent on.
    pub passed: u64,
    /// How often two bytes changed places in its memory. It does not know that.
    pub swapped: u64,
    pub seen: Seen,
}

impl Gateway {
    /// Something comes on one of its links.
    pub(super) fn on_packet(&mut self, from: NodeId, packet: Packet, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        if !self.seen.look(&packet, now_us) {
            effects
                .note(|| t!("{node} gets bytes that do not fit the check of the hop, and throws them away", node = me));
            effects.note(|| t!("It tells nobody. Whoever has sent them waits, and tries again."));
            return;
        }
        let Some(to) = way(from, &packet, effects) else {
            effects.note(|| t!("{node} gets an answer for a client that is not there", node = me));
            return;
        };
        self.taken += 1;
        self.held.insert(self.taken, (to, packet));
        effects.set_timer(Timer::Forward(self.taken), effects.config().gateway_us);
        effects.routine("taken");
        effects.note(|| t!("{node} takes a message of {from} into its memory", node = me, from = from));
    }

    /// It sends something on.
    pub(super) fn forward(&mut self, number: u64, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let Some((to, packet)) = self.held.remove(&number) else { return };
        let mut bytes = packet.bytes;
        let swaps = effects.config().gateway_swaps_per_mille;
        if swaps > 0 && effects.choose(1_000) < swaps {
            let differ: Vec<usize> = (1..bytes.len()).filter(|place| bytes[place - 1] != bytes[*place]).collect();
            if let Some(place) = differ.get(effects.choose(differ.len() as u64) as usize) {
                bytes.swap(place - 1, *place);
                self.swapped += 1;
                self.seen.last = Some(Damage { before: packet.bytes, after: bytes, is_noticed: false, at_us: now_us });
            }
        }
        let is_spoilt = bytes != packet.bytes;
        if !is_spoilt {
            effects.routine("forward");
        }
        self.passed += 1;
        let kind = effects.config().hop_check;
        effects.send(to, Message::Packet(packet.onward(bytes, kind)));
        effects.note(|| match is_spoilt {
            true => {
                t!("Two bytes change places in the memory of {node}, which sends them on to {to}", node = me, to = to)
            }
            false => t!("{node} sends it on to {to}", node = me, to = to),
        });
        if is_spoilt {
            effects.note(|| t!("The check of the next hop is computed of the wrong bytes, and is good."));
        }
    }
}

/// Where something goes: from a client to the ledger, and from the ledger to the client that it names.
fn way(from: NodeId, packet: &Packet, effects: &Effects<'_>) -> Option<NodeId> {
    let config = effects.config();
    if from != config.ledger() {
        return Some(config.ledger());
    }
    let client = u16::from(Record::read(&packet.bytes).client);
    (1..=config.clients).contains(&client).then(|| NodeId(client - 1))
}
