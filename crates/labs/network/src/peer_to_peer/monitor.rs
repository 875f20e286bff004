//! The checks: what a swarm promises to those who take part.
//!
//! The monitor knows what no node does: what the file is, and who is there. After a lost disk nothing is promised of the pieces that
//! were on it, and *all-have* asks for no more than is on the disks of those who give.

use parts::values::{number, word};
use serde::Serialize;
use sim::frame::Status;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Text, Verdicts, t};

use super::file::{BLOCKS, Pieces};
use super::peer::place;
use super::settings::Mode;
use super::{Node, Peer, PeerToPeer, S, T};

const VERIFIED: usize = 0;
const LINE_KEPT: usize = 1;
const PLACES: usize = 2;
const COUNTED_ONCE: usize = 3;
const CHOKED_SILENT: usize = 4;
const ALL_HAVE: usize = 5;
const TRACKER_RIGHT: usize = 6;
const LAST_COPY: usize = 7;
const PIECE_LOST: usize = 8;
const ENDGAME: usize = 9;
const STARVED: usize = 10;
const RUBBISH_FOUND: usize = 11;
const SEED_GONE: usize = 12;

/// How much later than it should the tracker may know of somebody, in microseconds.
const SLACK_US: u64 = 5_000_000;

impl Checks for PeerToPeer {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        let swarm = || vec![("mode", word("swarm"))];
        vec![
            check(
                "verified",
                t!("each piece is what the file has there"),
                CheckKind::Always,
                t!("Nobody keeps a piece, or says that it has it, whose content is not that of the file."),
            ),
            check(
                "line-kept",
                t!("nobody sends faster than its line"),
                CheckKind::Always,
                t!("A block of a node begins to leave only when the one before it has left. All its connections share one line."),
            ),
            check(
                "places",
                t!("nobody serves more than it has places for"),
                CheckKind::Always,
                t!("A peer serves no more others at once than the setting says."),
            )
            .promised_under(swarm()),
            check(
                "counted-once",
                t!("each block counts once"),
                CheckKind::Always,
                t!("The blocks that have come and count, and those that are missing, are together as many as the file has."),
            ),
            check(
                "choked-silent",
                t!("who is choked is sent nothing"),
                CheckKind::Always,
                t!("No block begins to leave for somebody who has been told that it is choked."),
            ),
            check(
                "all-have",
                t!("everybody has the whole file"),
                CheckKind::Eventually,
                t!("Each peer that takes part gets the whole file, if each piece is on the disk of somebody who takes part and gives."),
            ),
            check(
                "tracker-right",
                t!("the tracker knows who takes part"),
                CheckKind::Eventually,
                t!("It lists who has been there for an interval and 5 s, and nobody who has been gone for two intervals and 5 s."),
            )
            .promised_under(swarm()),
            check(
                "last-copy",
                t!("one peer alone has a piece"),
                CheckKind::Sometimes,
                t!("S is gone, and a piece is on the disk of a single peer that takes part."),
            ),
            check(
                "piece-lost",
                t!("nobody has a piece any more"),
                CheckKind::Sometimes,
                t!("A piece is on the disk of nobody who takes part. Those who lack it wait in vain."),
            ),
            check(
                "endgame",
                t!("a peer asks everybody for the last blocks"),
                CheckKind::Sometimes,
                t!("All that a peer still lacks is asked for already, so it asks others for the same blocks."),
            )
            .promised_under(swarm()),
            check(
                "starved",
                t!("who gives nothing is last"),
                CheckKind::Sometimes,
                t!("All peers that give have the whole file, and no peer that gives nothing has it."),
            )
            .promised_under([3, 1, 2, 4, 5, 6, 7, 8, 9, 10].map(|riders| ("free_riders", number(riders))).to_vec()),
            check(
                "rubbish-found",
                t!("a wrong piece is thrown away"),
                CheckKind::Sometimes,
                t!("A piece did not fit its hash, and the peer that got it has thrown it away."),
            ),
            check(
                "seed-gone",
                t!("S is gone, and nobody has the whole file"),
                CheckKind::Sometimes,
                t!("The one that had the file at first has left or is down, and no peer has all of it yet."),
            ),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// Of each node, whether it takes part, and since when that is so or is no more.
    parts: Vec<(bool, u64)>,
    /// How many blocks had begun to leave in this life of a node, and how many pieces it had thrown away.
    sent: Vec<u64>,
    thrown: Vec<u32>,
}

impl sim::Monitor<Node> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let count = seen.nodes.len();
        self.parts.resize(count, (false, 0));
        self.sent.resize(count, 0);
        self.thrown.resize(count, 0);
        for (node, part) in seen.nodes.ids().zip(&mut self.parts) {
            let takes_part = seen.nodes.status(node) == Status::Up;
            if takes_part != part.0 {
                *part = (takes_part, seen.at_us);
            }
        }
        if let Some(node) = seen.node
            && let Some(peer) = seen.nodes.state(node).and_then(Node::peer)
        {
            self.look_at(node, peer, seen, verdicts);
        }
        self.look_at_all(seen, verdicts);
        verdicts.reached(TRACKER_RIGHT, self.tracker_is_right(seen));
    }
}

impl Monitor {
    fn look_at(&mut self, node: NodeId, peer: &Peer, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        if let Some((piece, _)) = peer.disk.spoilt.first() {
            verdicts.broken(VERIFIED, &[node], || {
                t!(
                    "{node} has kept piece {piece}, and it is not what the file has there",
                    node = node,
                    piece = place(*piece)
                )
            });
        }
        let before = std::mem::replace(&mut self.sent[node.index()], peer.up.number);
        if let Some(sent) = peer.up.last.filter(|_| peer.up.number != before) {
            let nodes = [node, sent.to];
            if sent.at_us < sent.was_free_us {
                verdicts.broken(LINE_KEPT, &nodes, || {
                    t!(
                        "{node} sends to {other} while its line is still busy with another block",
                        node = node,
                        other = sent.to
                    )
                });
            }
            if peer.neighbours.get(&sent.to).is_some_and(|other| other.is_choked) {
                verdicts.broken(CHOKED_SILENT, &nodes, || {
                    t!("{node} sends a block to {other}, which it has choked", node = node, other = sent.to)
                });
            }
        }
        if seen.config.mode == Mode::Swarm {
            let served = peer.neighbours.values().filter(|other| other.is_served()).count();
            if served > peer.choker.places && peer.choker.places > 0 {
                verdicts.broken(PLACES, &[node], || t!("{node} serves {count} at once", node = node, count = served));
            }
        }
        let (all, whole) = (Pieces::first(seen.config.pieces), u32::from(seen.config.pieces) * u32::from(BLOCKS));
        let missing = peer.missing(all);
        if peer.counted + missing != whole {
            verdicts.broken(COUNTED_ONCE, &[node], || {
                t!(
                    "{node} has counted {count} blocks and lacks {missing}, of {all}",
                    node = node,
                    count = peer.counted,
                    missing = missing,
                    all = whole
                )
            });
        }
        if peer.is_endgame {
            verdicts.seen(ENDGAME, &[node], || t!("{node} asks everybody for its last blocks", node = node));
        }
        let before = std::mem::replace(&mut self.thrown[node.index()], peer.disk.thrown);
        if peer.disk.thrown > before {
            verdicts.seen(RUBBISH_FOUND, &[node], || {
                t!("{node} has thrown a piece away that did not fit its hash", node = node)
            });
        }
    }

    /// Looks at who has what.
    fn look_at_all(&self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let all = Pieces::first(seen.config.pieces);
        let (mut once, mut twice, mut given) = (Pieces::default(), Pieces::default(), Pieces::default());
        let (mut lacks, mut riders, mut fed_riders, mut fed, mut givers) = (false, 0, 0, 0, 0);
        let is_in = |node: NodeId| self.parts[node.index()].0;
        for node in seen.nodes.ids().filter(|node| *node != T && is_in(*node)) {
            let disk =
                seen.nodes.state(node).and_then(Node::peer).map_or_else(|| seen.nodes.disk(node), |peer| &peer.disk);
            twice = twice.and(Pieces(once.0 & disk.have.0));
            once = once.and(disk.have);
            if !disk.rides && !disk.is_rubbish {
                given = given.and(disk.have);
            }
            let has_all = all.without(disk.have).is_empty();
            lacks |= !has_all;
            if node != S {
                let (count, fed) = if disk.rides { (&mut riders, &mut fed_riders) } else { (&mut givers, &mut fed) };
                *count += 1;
                *fed += u32::from(has_all);
            }
        }
        verdicts.reached(ALL_HAVE, !lacks || !all.without(given).is_empty());
        let lost = all.without(once);
        let single = once.without(twice);
        let seed_is_gone = !is_in(S);
        if seed_is_gone && lacks && !single.is_empty() {
            let piece = single.iter().next().unwrap_or_default();
            verdicts
                .seen(LAST_COPY, &[], || t!("S is gone, and one peer alone has piece {piece}", piece = place(piece)));
        }
        if lacks && !lost.is_empty() {
            let piece = lost.iter().next().unwrap_or_default();
            verdicts.seen(PIECE_LOST, &[], || t!("Nobody has piece {piece} any more", piece = place(piece)));
        }
        if riders > 0 && fed_riders == 0 && givers > 0 && fed == givers {
            verdicts.seen(STARVED, &[], || t!("All who give have the whole file, and nobody who gives nothing"));
        }
        if seed_is_gone && fed + fed_riders == 0 {
            verdicts.seen(SEED_GONE, &[S], seed_gone);
        }
    }

    /// Whether the tracker lists those whom it should, and nobody else.
    fn tracker_is_right(&self, seen: &Observation<'_, Node>) -> bool {
        let (every_us, now_us) = (seen.config.announce_us, seen.at_us);
        let Some(tracker) = seen.nodes.state(T).and_then(Node::tracker) else { return true };
        if seen.config.mode == Mode::ClientServer {
            return true;
        }
        seen.nodes.ids().zip(&self.parts).filter(|(node, _)| *node != T).all(|(node, (takes_part, since_us))| {
            let for_us = now_us - since_us;
            match (tracker.known.get(&node).is_some(), takes_part) {
                (false, true) => for_us <= every_us + SLACK_US,
                (true, false) => for_us <= 2 * every_us + SLACK_US,
                _ => true,
            }
        })
    }
}

fn seed_gone() -> Text {
    t!("S is gone before anybody has the whole file")
}
