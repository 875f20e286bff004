//! Replicas compare what they have by Merkle trees (Dynamo, section 4.7).

use std::rc::Rc;

use parts::ring::position;
use sim::{NodeId, t};

use super::merkle::{self, Place, digest_of};
use super::message::Message;
use super::server::Server;
use super::settings::Config;
use super::version::{Key, Siblings, has_all};
use super::{Effects, Timer};

impl Server {
    /// Waits until trees are compared again, unless that is switched off.
    pub(super) fn compare_later(&self, after_us: u64, effects: &mut Effects<'_>) {
        if effects.config().anti_entropy_us > 0 {
            effects.set_timer(Timer::AntiEntropy, after_us);
        }
    }

    /// Sends the roots of all ranges that it shares with another replica, one replica after the other.
    pub(super) fn compare_trees(&mut self, effects: &mut Effects<'_>) {
        let (me, interval_us) = (effects.me(), effects.config().anti_entropy_us);
        self.compare_later(interval_us, effects);
        let Some((peer, ranges)) = self.next_peer(me, effects.config()) else {
            effects.note(|| t!("{node} shares no range with anybody", node = me));
            return;
        };
        self.next_peer = peer.0;
        let config = effects.config();
        let nodes: Rc<[(Place, u64)]> =
            ranges.into_iter().map(Place::root).map(|place| (place, self.digest_at(place, config))).collect();
        let count = nodes.len();
        effects.rule("merkle");
        effects.note(|| match count {
            1 => t!("{node} compares its Merkle tree with {peer}: the root of 1 range", node = me, peer = peer),
            _ => t!(
                "{node} compares its Merkle trees with {peer}: the roots of {count} ranges",
                node = me,
                peer = peer,
                count = count
            ),
        });
        effects.send(peer, Message::Digests { nodes });
        effects.routine("compare");
    }

    /// The next server that shares ranges, with these ranges.
    fn next_peer(&self, me: NodeId, config: &Config) -> Option<(NodeId, Vec<usize>)> {
        let shared = |peer: NodeId| {
            let ranges = 0..config.ring.tokens().len();
            ranges.filter(|range| config.is_replica_of(me, *range) && config.is_replica_of(peer, *range)).collect()
        };
        let peers = (1..=config.servers).map(|step| NodeId((self.next_peer + step) % config.servers));
        let shares = |(_, ranges): &(NodeId, Vec<usize>)| !ranges.is_empty();
        peers.filter(|peer| *peer != me).map(|peer| (peer, shared(peer))).find(shares)
    }

    /// The digest of a node of a Merkle tree.
    pub(super) fn digest_at(&self, place: Place, config: &Config) -> u64 {
        let is_in_range = |(key, _): &(&Key, &Siblings)| config.ring.range_of(position(key)) == place.range as usize;
        let held: Vec<(&Key, &Siblings)> = self.store.objects.iter().filter(is_in_range).collect();
        merkle::node(place, held.iter().copied(), &config.ring)
    }

    /// Goes down where digests differ.
    pub(super) fn on_digests(&mut self, from: NodeId, nodes: &[(Place, u64)], effects: &mut Effects<'_>) {
        let (me, config) = (effects.me(), effects.config());
        let differs = |(place, digest): &&(Place, u64)| self.digest_at(*place, config) != *digest;
        let differing: Vec<Place> = nodes.iter().filter(differs).map(|(place, _)| *place).collect();
        let children = differing.iter().flat_map(|place| place.children());
        let children: Rc<[(Place, u64)]> = children.map(|place| (place, self.digest_at(place, config))).collect();
        let leaves: Vec<Place> = differing.iter().copied().filter(|place| place.is_leaf()).collect();
        let is_under = |key: &Key| leaves.iter().any(|leaf| leaf.holds(key, &config.ring));
        let digests = self.store.objects.iter().filter(|(key, _)| is_under(key));
        let digests = digests.map(|(key, versions)| (key.clone(), digest_of(key, versions))).collect();
        let count = differing.len();
        effects.rule("merkle");
        effects.note(|| match (count, nodes.first()) {
            (0, _) => t!("{node} has the same digests as {peer}: nothing more is sent", node = me, peer = from),
            (1, Some((place, _))) if place.level == 0 => {
                t!("{node} and {peer} hold other data in 1 range of keys", node = me, peer = from)
            }
            (_, Some((place, _))) if place.level == 0 => {
                t!("{node} and {peer} hold other data in {count} ranges of keys", node = me, peer = from, count = count)
            }
            (1, _) => t!("{node} and {peer} hold other data in 1 smaller part of it", node = me, peer = from),
            _ => t!(
                "{node} and {peer} hold other data in {count} smaller parts of it",
                node = me,
                peer = from,
                count = count
            ),
        });
        if !children.is_empty() {
            effects.note(|| t!("The digests of its halves tell in which of them: they are compared next."));
        }
        match nodes.first() {
            _ if count == 0 => effects.routine("same"),
            Some((place, _)) if place.level > 0 && leaves.is_empty() => effects.routine("further down"),
            _ => {}
        }
        if !children.is_empty() {
            effects.send(from, Message::Digests { nodes: children });
        }
        if !leaves.is_empty() {
            effects.send(from, Message::Keys { leaves, digests });
        }
    }

    /// Sends the versions of the keys that differ, and of no others.
    pub(super) fn on_keys(
        &mut self,
        from: NodeId,
        leaves: &[Place],
        digests: &[(Key, u64)],
        effects: &mut Effects<'_>,
    ) {
        let (me, config) = (effects.me(), effects.config());
        let is_under = |key: &Key| leaves.iter().any(|leaf| leaf.holds(key, &config.ring));
        let theirs = |key: &Key| digests.iter().find(|(other, _)| other == key).map(|(_, digest)| *digest);
        let mine = self.store.objects.iter().filter(|(key, _)| is_under(key));
        let differing = mine.filter(|(key, versions)| theirs(key) != Some(digest_of(key, versions)));
        let mut entries: Vec<(Key, Siblings)> =
            differing.map(|(key, versions)| (key.clone(), versions.clone())).collect();
        let lacks = |key: &Key| self.store.objects.get(key).is_none();
        entries.extend(digests.iter().filter(|(key, _)| lacks(key)).map(|(key, _)| (key.clone(), Vec::new())));
        let count = entries.len();
        effects.rule("merkle");
        effects.note(|| match count {
            1 => t!("{node} and {peer} differ in 1 key: only this is sent", node = me, peer = from),
            _ => t!(
                "{node} and {peer} differ in {count} keys: only these are sent",
                node = me,
                peer = from,
                count = count
            ),
        });
        if count > 0 {
            effects.send(from, Message::Differing { entries });
        }
    }

    /// Takes in what it lacks, and sends back what the other one lacks.
    pub(super) fn on_differing(&mut self, from: NodeId, entries: Vec<(Key, Siblings)>, effects: &mut Effects<'_>) {
        let (me, conflicts) = (effects.me(), effects.config().conflicts);
        let (mut news, mut lacking) = (0, Vec::new());
        for (key, versions) in &entries {
            news += usize::from(self.take(key, versions, effects));
            let mine = self.store.versions(key);
            if !has_all(versions, &mine, conflicts) {
                lacking.push((key.clone(), mine));
            }
        }
        self.keep(effects);
        effects.rule("merkle");
        effects.note(|| match news {
            0 => t!("{peer} lacks what {node} has", node = me, peer = from),
            1 => t!("{node} learns newer versions of 1 key from {peer}", node = me, peer = from),
            _ => t!("{node} learns newer versions of {count} keys from {peer}", node = me, count = news, peer = from),
        });
        if !lacking.is_empty() {
            effects.send(from, Message::Differing { entries: lacking });
        }
    }
}
