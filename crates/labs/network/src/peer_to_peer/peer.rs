//! A peer: what it asks for, what it does with what comes, and how it comes and goes. What it gives stands in `serving.rs`.

use parts::connection::{Came, Connection, Wire};
use serde::Serialize;
use sim::{Map, NodeId, t};

use super::choker::Choker;
use super::file::{BLOCKS, BlockId, Contents, Pieces};
use super::line::{Downlink, Received, Uplink, takes_us};
use super::neighbour::Neighbour;
use super::picker::{Pick, Picker};
use super::pieces::{Begun, Disk, Got, fits};
use super::settings::Mode;
use super::tracker::{Announce, Moment};
use super::{Body, Effects, Message, S, T, Timer};

/// How often a peer looks at its connections.
const WATCH_US: u64 = 5_000_000;

/// After so long without a word something is said, so that the other end knows that the connection is there.
const KEEP_ALIVE_US: u64 = 20_000_000;

/// After so long without an answer Hello, or a word to the tracker, is said again; Hello so many times in all.
const AGAIN_US: u64 = 10_000_000;
const TRACKER_AGAIN_US: u64 = 5_000_000;
const MOST_TRIES: u32 = 3;

/// For how long somebody is banned, after so many pieces in a row.
const BAN_US: u64 = 60_000_000;
const BAD_PIECES: u8 = 3;

/// A node that has the file or wants it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Peer {
    pub disk: Disk,
    pub begun: Vec<Begun>,
    /// Blocks that were asked for in vain, where nothing is asked for again.
    pub in_vain: Vec<BlockId>,
    /// How many blocks have come that count.
    pub counted: u32,
    pub neighbours: Map<NodeId, Neighbour>,
    pub up: Uplink,
    pub down: Downlink,
    pub choker: Choker,
    /// Whether all that is missing is asked for, and of everybody.
    pub is_endgame: bool,
    /// The pieces that somebody who gives has said it has.
    pub receipts: Pieces,
    /// When it began in this life, and when it leaves; both on the clock that nobody sets.
    pub began_us: u64,
    pub leaves_us: Option<u64>,
    /// When the tracker was told something that it has not answered.
    unanswered_us: Option<u64>,
    last_session: u64,
}

impl Peer {
    /// Starts with what is on its disk, and tells the tracker.
    pub fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Peer {
        let now_us = effects.monotonic_now();
        let mut disk = Disk { lives: disk.lives + 1, has_left: false, ..disk.clone() };
        disk.began_us.get_or_insert(now_us);
        let mut peer = Peer {
            begun: Vec::new(),
            in_vain: Vec::new(),
            counted: disk.have.count() * u32::from(BLOCKS),
            neighbours: Map::default(),
            up: Uplink::default(),
            down: Downlink::default(),
            choker: Choker::default(),
            is_endgame: false,
            receipts: Pieces::default(),
            began_us: now_us,
            leaves_us: None,
            unanswered_us: None,
            last_session: 0,
            disk,
        };
        effects.persist(peer.disk.clone());
        let (me, has_all, pieces) = (effects.me(), peer.has_all(effects), peer.disk.have.count());
        effects.note(|| match (has_all, pieces) {
            (true, _) => t!("{node} starts, and has the whole file", node = me),
            (false, 0) => t!("{node} starts, and wants the file", node = me),
            (false, pieces) => t!("{node} starts, and pieces on its disk: {count}", node = me, count = pieces),
        });
        let round_us = effects.config().choke_us;
        peer.choker.round_at_us = now_us + effects.choose(round_us.max(1));
        effects.set_timer(Timer::Round, peer.choker.round_at_us - now_us);
        effects.set_timer(Timer::Watch, WATCH_US);
        peer.announce(Moment::Started, effects);
        peer.look_for_server(effects);
        peer.wait_to_leave(effects);
        peer
    }

    /// The file in pieces.
    fn all(effects: &Effects<'_>) -> Pieces {
        Pieces::first(effects.config().pieces)
    }

    /// Whether it has all.
    pub fn has_all(&self, effects: &Effects<'_>) -> bool {
        Peer::all(effects).without(self.disk.have).is_empty()
    }

    /// How many blocks are missing.
    pub fn missing(&self, all: Pieces) -> u32 {
        let begun: usize = self.begun.iter().map(|begun| usize::from(BLOCKS) - begun.missing().count()).sum();
        all.without(self.disk.have).count() * u32::from(BLOCKS) - begun as u32
    }

    fn next_session(&mut self, effects: &Effects<'_>) -> u64 {
        let session = effects.monotonic_now() << 8 | self.disk.lives & 0xff;
        self.last_session = session.max(self.last_session + 1);
        self.last_session
    }

    // ---- The tracker.

    fn announce(&mut self, moment: Moment, effects: &mut Effects<'_>) {
        let config = effects.config();
        let (mode, every_us) = (config.mode, config.announce_us);
        if mode == Mode::Swarm {
            effects.send(T, Message::Announce(Announce { moment, have: self.disk.have.count() as u8 }));
            self.unanswered_us = (moment != Moment::Stopped).then(|| effects.monotonic_now());
        }
        effects.set_timer(Timer::Announce, every_us);
    }

    /// It is time to tell the tracker that it is still there.
    pub fn on_announce(&mut self, effects: &mut Effects<'_>) {
        let (me, mode) = (effects.me(), effects.config().mode);
        effects.routine("announce");
        self.announce(Moment::Again, effects);
        effects.note(|| match mode {
            Mode::Swarm => t!("{node} tells {tracker} that it is still there", node = me, tracker = T),
            Mode::ClientServer => t!("{node} needs no tracker: it knows the server", node = me),
        });
    }

    /// The tracker names others.
    pub fn on_others(&mut self, others: &[NodeId], effects: &mut Effects<'_>) {
        let me = effects.me();
        self.unanswered_us = None;
        let new: Vec<NodeId> = others.iter().copied().filter(|node| self.neighbours.get(node).is_none()).collect();
        if effects.config().mode == Mode::Swarm {
            new.iter().for_each(|node| self.meet(*node, effects));
        }
        if new.is_empty() {
            effects.routine("others");
        }
        effects.note(|| match (others.len(), new.len()) {
            (0, _) => t!("{node} hears from {tracker} that nobody else is there", node = me, tracker = T),
            (_, 0) => t!("{node} hears from {tracker} of nobody new", node = me, tracker = T),
            (_, 1) => t!("{node} hears of {other}, and says Hello", node = me, other = new[0]),
            (_, count) => t!("{node} hears of {count} others, and says Hello to each", node = me, count = count),
        });
        effects.note(|| match others.len() {
            0 => t!("Whoever comes later will hear of it."),
            _ => t!("From now on they talk with each other, without the tracker."),
        });
    }

    /// Says Hello to somebody who is new to it.
    fn meet(&mut self, node: NodeId, effects: &mut Effects<'_>) {
        let session = self.next_session(effects);
        let (connection, hello) = Connection::new(session, effects.monotonic_now());
        self.neighbours.insert(node, Neighbour::new(connection));
        effects.send(node, Message::Wire(hello));
    }

    /// Who wants something from a server knows where it is.
    fn look_for_server(&mut self, effects: &mut Effects<'_>) {
        let wants = effects.config().mode == Mode::ClientServer && effects.me() != S;
        if wants && self.neighbours.get(&S).is_none() {
            self.meet(S, effects);
        }
    }

    // ---- Connections.

    /// Says something on a connection that is open.
    pub(super) fn say(&mut self, to: NodeId, body: Body, effects: &mut Effects<'_>) {
        let now_us = effects.monotonic_now();
        let wire = self.neighbours.get_mut(&to).and_then(|neighbour| neighbour.connection.say(body, now_us));
        if let Some(wire) = wire {
            effects.send(to, Message::Wire(wire));
        }
    }

    /// What was asked of a neighbour is void.
    fn void(&mut self, node: NodeId, effects: &mut Effects<'_>) {
        let again = effects.config().rules.ask_again;
        let Some(neighbour) = self.neighbours.get_mut(&node) else { return };
        let asked = std::mem::take(&mut neighbour.asked);
        if asked.is_empty() {
            return;
        }
        effects.rule("ask_again");
        if !again {
            self.in_vain.extend(asked);
            return;
        }
        for id in asked {
            if let Some(begun) = self.begun.iter_mut().find(|begun| begun.piece == id.piece) {
                let asked = &mut begun.asked[usize::from(id.block)];
                *asked = asked.saturating_sub(1);
            }
        }
    }

    /// All that was said on a connection is void.
    fn reset(&mut self, node: NodeId, effects: &mut Effects<'_>) {
        self.void(node, effects);
        if let Some(neighbour) = self.neighbours.get_mut(&node) {
            neighbour.reset();
        }
        if self.choker.optimistic == Some(node) {
            self.choker.optimistic = None;
        }
    }

    /// Begins a connection anew.
    fn reopen(&mut self, node: NodeId, effects: &mut Effects<'_>) {
        self.reset(node, effects);
        let (session, now_us) = (self.next_session(effects), effects.monotonic_now());
        if let Some(neighbour) = self.neighbours.get_mut(&node) {
            let hello = neighbour.connection.begin(session, now_us);
            effects.send(node, Message::Wire(hello));
        }
    }

    /// Something comes on a connection.
    pub fn on_wire(&mut self, from: NodeId, wire: Wire<Body>, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        if self.neighbours.get(&from).is_none() {
            if matches!(wire, Wire::Bye { .. }) {
                effects.routine("late");
                effects.note(|| t!("{node} does not know {other} any more", node = me, other = from));
                return;
            }
            let session = self.next_session(effects);
            self.neighbours.insert(from, Neighbour::new(Connection::awaiting(session, now_us)));
        }
        let Some(neighbour) = self.neighbours.get_mut(&from) else { return };
        let (came, reply) = neighbour.connection.receive(wire, now_us);
        if let Some(reply) = reply {
            effects.send(from, Message::Wire(reply));
        }
        match came {
            Came::Nothing => {
                effects.routine("late");
                effects.note(|| {
                    t!("{node} throws away what {other} has said: it is late, or a copy", node = me, other = from)
                });
            }
            Came::Opened => {
                self.reset(from, effects);
                let have = self.disk.have;
                effects.note(|| t!("{node} and {other} can talk", node = me, other = from));
                if have.is_empty() {
                    effects.note(|| t!("Nothing that was said before counts. Both begin choked, and not interested."));
                } else {
                    self.say(from, Body::Bitfield(have), effects);
                    effects.note(|| t!("{node} says which pieces it has: {count}", node = me, count = have.count()));
                }
                self.fill_all(effects);
            }
            Came::Gap => {
                effects.note(|| t!("{node} misses something that {other} has said before", node = me, other = from));
                effects.note(|| t!("The connection breaks, and both say Hello anew: what was asked for is void."));
                self.reopen(from, effects);
                self.give_places(false, effects);
                self.fill_all(effects);
            }
            Came::Ended => {
                effects.note(|| t!("{other} has left, and {node} knows", node = me, other = from));
                effects.because(&["ask_again"], || t!("What was asked of it is asked of others."));
                self.reset(from, effects);
                self.neighbours.remove(&from);
                self.give_places(false, effects);
                self.fill_all(effects);
            }
            Came::Said(body) => self.on_body(from, body, effects),
        }
    }

    fn on_body(&mut self, from: NodeId, body: Body, effects: &mut Effects<'_>) {
        let me = effects.me();
        match body {
            Body::Bitfield(has) => self.on_bitfield(from, has, effects),
            Body::Have(piece) => self.on_have(from, piece, effects),
            Body::Interested => self.on_interested(from, effects),
            Body::NotInterested => self.on_not_interested(from, effects),
            Body::Choke => self.on_choke(from, effects),
            Body::Unchoke => self.on_unchoke(from, effects),
            Body::Request(id) => self.on_request(from, id, effects),
            Body::Block { id, content, bytes } => self.on_block(Received { from, id, content }, bytes, effects),
            Body::Cancel(id) => self.on_cancel(from, id, effects),
            Body::KeepAlive => {
                effects.routine("keep-alive");
                effects.note(|| t!("{node} hears that {other} is there", node = me, other = from));
            }
        }
    }

    /// Looks at all connections.
    pub fn on_watch(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us, snub_us) = (effects.me(), effects.monotonic_now(), effects.config().snub_us);
        effects.set_timer(Timer::Watch, WATCH_US);
        effects.routine("watch");
        self.look_for_server(effects);
        if self.unanswered_us.is_some_and(|at_us| at_us + TRACKER_AGAIN_US <= now_us) {
            self.announce(Moment::Again, effects);
        }
        let nodes: Vec<NodeId> = self.neighbours.iter().map(|(node, _)| *node).collect();
        let mut broken = None;
        for node in nodes {
            let Some(neighbour) = self.neighbours.get_mut(&node) else { continue };
            let connection = &neighbour.connection;
            let owes = !neighbour.asked.is_empty() && neighbour.owes_since_us + snub_us <= now_us;
            if !connection.is_open() && connection.said_us + AGAIN_US > now_us {
                continue;
            }
            if !connection.is_open() && connection.tries >= MOST_TRIES {
                self.reset(node, effects);
                self.neighbours.remove(&node);
            } else if !connection.is_open() {
                let hello = neighbour.connection.knock(now_us);
                effects.send(node, Message::Wire(hello));
            } else if owes || connection.heard_us + snub_us.max(2 * KEEP_ALIVE_US) <= now_us {
                broken = broken.or(Some((node, owes)));
                self.reopen(node, effects);
            } else if connection.said_us + KEEP_ALIVE_US <= now_us {
                self.say(node, Body::KeepAlive, effects);
            }
        }
        effects.note(|| match broken {
            None => t!("{node} looks at its connections", node = me),
            Some((other, true)) => t!("{node} has waited in vain for a block of {other}", node = me, other = other),
            Some((other, false)) => t!("{node} has heard nothing of {other} for long", node = me, other = other),
        });
        if broken.is_some() {
            effects.because(&["ask_again"], || t!("It begins anew with it, and asks others for what it lacks."));
            self.give_places(false, effects);
        }
        self.fill_all(effects);
    }

    // ---- What is wanted.

    fn on_bitfield(&mut self, from: NodeId, has: Pieces, effects: &mut Effects<'_>) {
        let (me, have) = (effects.me(), self.disk.have);
        if let Some(neighbour) = self.neighbours.get_mut(&from) {
            neighbour.has = has;
        }
        effects.note(|| {
            t!("{node} hears which pieces {other} has: {count}", node = me, other = from, count = has.count())
        });
        self.take_receipts(from, has, effects);
        self.tell_interest(from, effects);
        let new = has.without(have).count();
        effects.note(|| match new {
            0 => t!("It lacks none of them."),
            new => t!("It lacks of these: {count}. So it says that it is interested.", count = new),
        });
    }

    fn on_have(&mut self, from: NodeId, piece: u8, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(neighbour) = self.neighbours.get_mut(&from) else { return };
        neighbour.has.add(piece);
        let was_wanted = neighbour.is_wanted;
        let lacks = !self.disk.have.has(piece);
        effects
            .note(|| t!("{node} hears that {other} has piece {piece}", node = me, other = from, piece = place(piece)));
        if effects.config().rules.interest {
            self.tell_interest(from, effects);
        } else if lacks && !was_wanted {
            effects.rule("interest");
        }
        let is_new = lacks && !was_wanted;
        if !is_new {
            effects.routine("have");
        }
        if is_new {
            effects.because(&["interest"], || {
                t!("That is the first that it could ask it for, so it says that it is interested.")
            });
        } else {
            effects.note(|| match lacks {
                false => t!("It has it too: this is the receipt."),
                true => t!("That is one more to ask it for."),
            });
        }
        self.take_receipts(from, Pieces::one(piece), effects);
        self.fill(from, effects);
    }

    /// Says whether something of a neighbour is wanted, where that has changed.
    pub(super) fn tell_interest(&mut self, of: NodeId, effects: &mut Effects<'_>) {
        let have = self.disk.have;
        let Some(neighbour) = self.neighbours.get_mut(&of) else { return };
        let wants = !neighbour.has.without(have).is_empty();
        if wants == neighbour.is_wanted || !neighbour.connection.is_open() {
            return;
        }
        neighbour.is_wanted = wants;
        self.say(of, if wants { Body::Interested } else { Body::NotInterested }, effects);
    }

    fn on_choke(&mut self, from: NodeId, effects: &mut Effects<'_>) {
        let me = effects.me();
        let open = self.neighbours.get_mut(&from).map_or(0, |neighbour| {
            neighbour.chokes = true;
            neighbour.asked.len()
        });
        self.void(from, effects);
        effects.note(|| t!("{other} chokes {node}: it gives it nothing for now", node = me, other = from));
        if open > 0 {
            effects.because(&["ask_again"], || {
                t!("What {other} was asked for is free to be asked of others.", other = from)
            });
        }
        self.fill_all(effects);
    }

    fn on_unchoke(&mut self, from: NodeId, effects: &mut Effects<'_>) {
        let me = effects.me();
        if let Some(neighbour) = self.neighbours.get_mut(&from) {
            neighbour.chokes = false;
        }
        let asked = self.fill(from, effects);
        effects.note(|| t!("{other} unchokes {node}: it may ask for blocks", node = me, other = from));
        effects.note(|| match asked {
            0 => t!("There is nothing to ask for now."),
            1 => t!("It asks for one block."),
            count => t!("It asks for {count} blocks, so that one is always under way.", count = count),
        });
    }

    /// Asks all neighbours for what they can give.
    pub(super) fn fill_all(&mut self, effects: &mut Effects<'_>) {
        let givers: Vec<NodeId> =
            self.neighbours.iter().filter(|(_, neighbour)| !neighbour.chokes).map(|(node, _)| *node).collect();
        for node in givers {
            self.fill(node, effects);
        }
    }

    /// Asks a neighbour for as many blocks as may be open. Returns how many it was asked for.
    fn fill(&mut self, of: NodeId, effects: &mut Effects<'_>) -> usize {
        let (now_us, config) = (effects.monotonic_now(), effects.config());
        let (most, selection, mode) = (config.pipeline, config.selection, config.mode);
        let all = Peer::all(effects);
        let mut count = 0;
        while let Some(neighbour) = self.neighbours.get(&of) {
            let is_over = neighbour.chokes || neighbour.is_banned(now_us) || !neighbour.connection.is_open();
            if is_over || neighbour.asked.len() >= most || (mode == Mode::ClientServer && of != S) {
                break;
            }
            let picker = Picker { all, have: self.disk.have, begun: &self.begun, in_vain: &self.in_vain, selection };
            let Some(pick) = picker.next(neighbour, &self.neighbours, &mut |bound| effects.choose(bound)) else {
                break;
            };
            let (Pick::Fresh(id) | Pick::Endgame(id)) = pick;
            self.is_endgame |= matches!(pick, Pick::Endgame(_));
            let begun = match self.begun.iter().position(|begun| begun.piece == id.piece) {
                Some(place) => place,
                None => {
                    self.begun.push(Begun::new(id.piece));
                    self.begun.len() - 1
                }
            };
            self.begun[begun].asked[usize::from(id.block)] += 1;
            if let Some(neighbour) = self.neighbours.get_mut(&of) {
                if neighbour.asked.is_empty() {
                    neighbour.owes_since_us = now_us;
                }
                neighbour.asked.push(id);
            }
            self.say(of, Body::Request(id), effects);
            count += 1;
        }
        count
    }

    // ---- What comes.

    fn on_block(&mut self, block: Received, bytes: u32, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let takes_us = takes_us(u64::from(bytes), effects.config().down_kbps);
        match self.down.arrive(block, takes_us, now_us) {
            Some(block) => self.take(block, effects),
            None => {
                effects.routine("downlink");
                effects
                    .note(|| t!("A block of {other} waits for the downlink of {node}", node = me, other = block.from));
                self.wait_for_downlink(effects);
            }
        }
    }

    fn wait_for_downlink(&self, effects: &mut Effects<'_>) {
        if let Some(at_us) = self.down.next_us() {
            effects.set_timer(Timer::Down, at_us.saturating_sub(effects.monotonic_now()));
        }
    }

    /// The downlink has taken a block.
    pub fn on_down(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        match self.down.take(effects.monotonic_now()) {
            Some(block) => self.take(block, effects),
            None => {
                effects.routine("downlink");
                effects.note(|| t!("The downlink of {node} is still busy", node = me));
            }
        }
        self.wait_for_downlink(effects);
    }

    /// A block has come.
    fn take(&mut self, block: Received, effects: &mut Effects<'_>) {
        let Received { from, id, content } = block;
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        self.disk.got += 1;
        if let Some(neighbour) = self.neighbours.get_mut(&from) {
            neighbour.taken.add();
            neighbour.owes_since_us = now_us;
            if let Some(place) = neighbour.asked.iter().position(|asked| *asked == id) {
                neighbour.asked.remove(place);
                if let Some(begun) = self.begun.iter_mut().find(|begun| begun.piece == id.piece) {
                    let asked = &mut begun.asked[usize::from(id.block)];
                    *asked = asked.saturating_sub(1);
                }
            }
        }
        let is_begun = self.begun.iter().position(|begun| begun.piece == id.piece);
        let is_there = self.disk.have.has(id.piece)
            || is_begun.is_some_and(|place| self.begun[place].blocks[usize::from(id.block)].is_some());
        if is_there {
            effects.rule("count_once");
            effects.note(|| {
                t!(
                    "{node} gets block {block} of piece {piece} once more, from {other}",
                    node = me,
                    block = place(id.block),
                    piece = place(id.piece),
                    other = from
                )
            });
            effects.because(&["count_once"], || t!("It is thrown away: a block counts once."));
            self.counted += u32::from(!effects.config().rules.count_once);
            self.fill(from, effects);
            return;
        }
        let place_of = is_begun.unwrap_or_else(|| {
            self.begun.push(Begun::new(id.piece));
            self.begun.len() - 1
        });
        self.begun[place_of].blocks[usize::from(id.block)] = Some(Got { content, from });
        self.counted += 1;
        self.cancel(id, effects);
        match self.begun[place_of].contents() {
            Some(contents) => {
                let begun = self.begun.remove(place_of);
                self.judge(&begun, contents, from, effects);
            }
            None => {
                effects.routine("block");
                effects.note(|| {
                    t!(
                        "{node} gets block {block} of piece {piece} from {other}",
                        node = me,
                        block = place(id.block),
                        piece = place(id.piece),
                        other = from
                    )
                });
            }
        }
        self.fill(from, effects);
    }

    /// Nobody else has to send this block any more.
    fn cancel(&mut self, id: BlockId, effects: &mut Effects<'_>) {
        let asked = |(_, neighbour): &(&NodeId, &Neighbour)| neighbour.asked.contains(&id);
        let others: Vec<NodeId> = self.neighbours.iter().filter(asked).map(|(node, _)| *node).collect();
        for node in others {
            if let Some(neighbour) = self.neighbours.get_mut(&node) {
                neighbour.asked.retain(|asked| *asked != id);
            }
            self.say(node, Body::Cancel(id), effects);
        }
        if let Some(begun) = self.begun.iter_mut().find(|begun| begun.piece == id.piece) {
            begun.asked[usize::from(id.block)] = 0;
        }
    }

    /// A piece is complete: does it fit its hash?
    fn judge(&mut self, begun: &Begun, contents: Contents, last: NodeId, effects: &mut Effects<'_>) {
        let (me, now_us, piece) = (effects.me(), effects.monotonic_now(), begun.piece);
        let is_right = fits(piece, &contents);
        effects.rule("hash");
        if !is_right && effects.config().rules.hash {
            self.counted = self.counted.saturating_sub(u32::from(BLOCKS));
            self.disk.thrown += 1;
            effects.note(|| {
                t!("{node} throws piece {piece} away: it does not fit its hash", node = me, piece = place(piece))
            });
            let culprit = begun.only_giver();
            let is_banned = culprit.is_some_and(|node| self.blame(node, now_us));
            effects.note(|| match (culprit, is_banned) {
                (Some(node), true) => t!(
                    "The third such piece in a row that was all of {other}: it is banned for a minute.",
                    other = node
                ),
                (Some(node), false) => t!("All four blocks were from {other}. They are asked for again.", other = node),
                _ => t!(
                    "Its blocks are from several others, so nobody knows whose fault it is. They are asked for again."
                ),
            });
            if let Some(culprit) = culprit.filter(|_| is_banned) {
                self.void(culprit, effects);
                self.choke(culprit, effects);
            }
            self.fill_all(effects);
            return;
        }
        if let Some(neighbour) = begun.only_giver().and_then(|node| self.neighbours.get_mut(&node)) {
            neighbour.bad_in_row = 0;
        }
        if !is_right {
            self.disk.spoilt.push((piece, contents));
        }
        self.disk.have.add(piece);
        self.disk.had_us.push(now_us);
        let is_all = self.has_all(effects);
        let (have, pieces) = (self.disk.have.count(), u64::from(effects.config().pieces));
        effects.note(|| match is_all {
            true => t!("{node} has the whole file", node = me),
            false => t!("{node} has piece {piece}, from {other}", node = me, piece = place(piece), other = last),
        });
        effects.because(&["hash"], || match is_all {
            true => t!("Each piece fits its hash. It stays, and gives on what others want."),
            false => t!("It fits its hash: {have} of {all}. Now it can give it to others.", have = have, all = pieces),
        });
        effects.persist(self.disk.clone());
        self.tell_have(piece, begun, effects);
        let nodes: Vec<NodeId> = self.neighbours.iter().map(|(node, _)| *node).collect();
        if effects.config().rules.interest {
            nodes.iter().for_each(|node| self.tell_interest(*node, effects));
        }
        if is_all {
            self.is_endgame = false;
            self.announce(Moment::Completed, effects);
            self.wait_to_leave(effects);
        }
    }

    /// Says that it has a piece: to who gave it, and to who lacks it.
    fn tell_have(&mut self, piece: u8, begun: &Begun, effects: &mut Effects<'_>) {
        let tells_all = effects.config().rules.have;
        if effects.config().mode == Mode::ClientServer {
            return;
        }
        effects.rule("have");
        let gave = |node: &NodeId| begun.blocks.iter().any(|got| got.is_some_and(|got| got.from == *node));
        let lacks = |neighbour: &Neighbour| tells_all && !neighbour.has.has(piece);
        let hear: Vec<NodeId> =
            self.neighbours.iter().filter(|(node, other)| gave(node) || lacks(other)).map(|(node, _)| *node).collect();
        hear.into_iter().for_each(|node| self.say(node, Body::Have(piece), effects));
    }

    /// A piece that was all of a neighbour does not fit. Returns whether it is banned for that.
    fn blame(&mut self, node: NodeId, now_us: u64) -> bool {
        let Some(neighbour) = self.neighbours.get_mut(&node) else { return false };
        neighbour.bad_in_row += 1;
        if neighbour.bad_in_row < BAD_PIECES {
            return false;
        }
        (neighbour.bad_in_row, neighbour.banned_until_us) = (0, now_us + BAN_US);
        true
    }

    // ---- How it goes.

    /// Somebody who gives has these pieces. Who has the file from the beginning leaves when that is so of all of them.
    fn take_receipts(&mut self, from: NodeId, pieces: Pieces, effects: &mut Effects<'_>) {
        let config = effects.config();
        if effects.me() != S || config.mode == Mode::ClientServer || config.is_free_rider(from) {
            return;
        }
        self.receipts = self.receipts.and(pieces);
        if config.seed_leaves && Peer::all(effects).without(self.receipts).is_empty() && self.has_all(effects) {
            self.leave(effects);
        }
    }

    /// Who has all stays for a while.
    fn wait_to_leave(&mut self, effects: &mut Effects<'_>) {
        if effects.me() != S && self.has_all(effects) {
            let linger_us = effects.config().linger_us;
            self.leaves_us = Some(effects.monotonic_now() + linger_us);
            effects.set_timer(Timer::Leave, linger_us);
        }
    }

    /// It has been there long enough.
    pub fn on_leave(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        match self.leaves_us {
            Some(at_us) if at_us <= now_us => self.leave(effects),
            at_us => {
                effects.routine("stays");
                effects.note(|| t!("{node} stays a little longer", node = me));
                at_us.into_iter().for_each(|at_us| effects.set_timer(Timer::Leave, at_us - now_us));
            }
        }
    }

    /// Leaves, and says so to the tracker and to all whom it knows.
    pub fn leave(&mut self, effects: &mut Effects<'_>) {
        let (me, mode) = (effects.me(), effects.config().mode);
        self.announce(Moment::Stopped, effects);
        for (node, neighbour) in self.neighbours.iter() {
            if let Some(bye) = neighbour.connection.end() {
                effects.send(*node, Message::Wire(bye));
            }
        }
        self.disk.has_left = true;
        effects.persist(self.disk.clone());
        effects.exit(None);
        let gave_all = me == S && Peer::all(effects).without(self.receipts).is_empty();
        effects.note(|| match gave_all {
            true => t!("{node} leaves: each piece has come to somebody who gives", node = me),
            false => t!("{node} leaves", node = me),
        });
        effects.note(|| match mode {
            Mode::Swarm => t!("It says so once to {tracker}, and to those whom it knows.", tracker = T),
            Mode::ClientServer => t!("It says so to those whom it knows."),
        });
    }
}

/// A place as people count, from 1.
pub(super) fn place(counted_from_0: u8) -> u64 {
    u64::from(counted_from_0) + 1
}
