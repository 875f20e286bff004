//! What a peer gives: places, and blocks on its uplink.

use sim::{NodeId, t};

use super::choker::{Plan, Wants, choose};
use super::file::BlockId;
use super::line::takes_us;
use super::peer::{Peer, place};
use super::settings::{Fairness, Mode};
use super::{Body, Effects, S, Timer};

impl Peer {
    pub(super) fn on_interested(&mut self, from: NodeId, effects: &mut Effects<'_>) {
        let me = effects.me();
        if let Some(neighbour) = self.neighbours.get_mut(&from) {
            neighbour.is_interested = true;
            neighbour.unchoked_us = neighbour.unchoked_us.max(1);
        }
        self.give_places(false, effects);
        let is_served = self.neighbours.get(&from).is_some_and(|neighbour| !neighbour.is_choked);
        effects.note(|| t!("{other} wants something that {node} has", node = me, other = from));
        effects.note(|| match is_served {
            true => t!("There is a free place, and {other} gets it.", other = from),
            false => t!("It has to wait for a place."),
        });
    }

    pub(super) fn on_not_interested(&mut self, from: NodeId, effects: &mut Effects<'_>) {
        let me = effects.me();
        if let Some(neighbour) = self.neighbours.get_mut(&from) {
            neighbour.is_interested = false;
            neighbour.wishes.clear();
        }
        effects.routine("not interested");
        effects.note(|| t!("{other} wants nothing of {node} any more", node = me, other = from));
        effects.note(|| t!("Its place is free."));
        self.give_places(false, effects);
    }

    /// It is time for a round.
    pub fn on_round(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us, every_us) = (effects.me(), effects.monotonic_now(), effects.config().choke_us);
        if self.choker.round_at_us > now_us {
            effects.routine("round");
            effects.note(|| t!("{node} does not hold its round yet", node = me));
            effects.set_timer(Timer::Round, self.choker.round_at_us - now_us);
            return;
        }
        self.choker.round_at_us = now_us + every_us;
        effects.set_timer(Timer::Round, every_us);
        let changed = self.give_places(true, effects);
        let nodes: Vec<NodeId> = self.neighbours.iter().map(|(node, _)| *node).collect();
        for node in nodes {
            if let Some(neighbour) = self.neighbours.get_mut(&node) {
                neighbour.taken.pass();
                neighbour.given.pass();
            }
        }
        if !changed {
            effects.routine("round");
        }
        let served: Vec<NodeId> =
            self.neighbours.iter().filter(|(_, neighbour)| neighbour.is_served()).map(|(node, _)| *node).collect();
        let optimistic = self.choker.optimistic;
        effects.note(|| match served[..] {
            [] => t!("{node} looks whom to serve: nobody has a place", node = me),
            [one] => t!("{node} looks whom to serve: {other}", node = me, other = one),
            [one, other] => t!("{node} looks whom to serve: {other}, {more}", node = me, other = one, more = other),
            [one, other, ref rest @ ..] => {
                t!(
                    "{node} looks whom to serve: {other}, {more} and {count} more",
                    node = me,
                    other = one,
                    more = other,
                    count = rest.len()
                )
            }
        });
        if let Some(lucky) = optimistic {
            effects.because(&["optimistic"], || t!("{other} has the place that nobody has to earn.", other = lucky));
        }
    }

    /// Gives places: all of them, or in between those that are free. Returns whether somebody has got or lost one.
    pub(super) fn give_places(&mut self, is_round: bool, effects: &mut Effects<'_>) -> bool {
        let (me, now_us, config) = (effects.me(), effects.monotonic_now(), effects.config());
        let rules = config.rules;
        let (mode, fairness, optimistic_us, all_places) =
            (config.mode, config.fairness, config.optimistic_us, config.unchoked);
        let is_seed = self.has_all(effects);
        let places = match mode {
            _ if self.disk.rides => 0,
            Mode::ClientServer if me == S => usize::MAX,
            Mode::ClientServer => 0,
            Mode::Swarm if !rules.limit => usize::MAX,
            Mode::Swarm => all_places,
        };
        self.choker.places = if self.disk.rides { 0 } else { all_places };
        let plan = Plan {
            places,
            tit_for_tat: fairness == Fairness::TitForTat && places != usize::MAX && places > 0,
            optimistic: rules.optimistic,
            is_seed,
            is_round,
            is_change: is_round && self.choker.optimistic_since_us + optimistic_us <= now_us,
        };
        let wants: Vec<Wants> = self
            .neighbours
            .iter()
            .filter(|(_, neighbour)| neighbour.is_interested && !neighbour.is_banned(now_us))
            .map(|(node, neighbour)| Wants {
                node: *node,
                score: if is_seed { neighbour.given.lately() } else { neighbour.taken.lately() },
                since_us: neighbour.unchoked_us,
                has_place: !neighbour.is_choked,
                is_new: !neighbour.was_optimistic,
            })
            .collect();
        // Nothing is free, and nobody wants anything new.
        let served = wants.iter().filter(|wants| wants.has_place).count();
        if !is_round && served == wants.len() && served <= places {
            return false;
        }
        let (chosen, lucky) = choose(&wants, self.choker.optimistic, plan, &mut |bound| effects.choose(bound));
        if lucky != self.choker.optimistic {
            (self.choker.optimistic, self.choker.optimistic_since_us) = (lucky, now_us);
        }
        effects.rule("limit");
        if plan.tit_for_tat {
            effects.rule("optimistic");
        }
        if let Some(lucky) = lucky.and_then(|node| self.neighbours.get_mut(&node)) {
            lucky.was_optimistic = true;
        }
        let mut changed = false;
        let nodes: Vec<(NodeId, bool, bool)> =
            self.neighbours.iter().map(|(node, other)| (*node, other.is_choked, other.is_interested)).collect();
        for (node, is_choked, is_interested) in nodes {
            let has_place = chosen.contains(&node);
            if has_place && is_choked {
                self.unchoke(node, effects);
                changed = true;
            } else if !has_place && !is_choked && (is_round || is_interested) {
                self.choke(node, effects);
                changed = true;
            }
        }
        changed
    }

    fn unchoke(&mut self, node: NodeId, effects: &mut Effects<'_>) {
        let now_us = effects.monotonic_now();
        if let Some(neighbour) = self.neighbours.get_mut(&node) {
            (neighbour.is_choked, neighbour.unchoked_us) = (false, now_us);
        }
        self.say(node, Body::Unchoke, effects);
    }

    /// Takes a place away: what was asked for is thrown away.
    pub(super) fn choke(&mut self, node: NodeId, effects: &mut Effects<'_>) {
        let is_silent = effects.config().rules.choke;
        let Some(neighbour) = self.neighbours.get_mut(&node).filter(|neighbour| !neighbour.is_choked) else { return };
        neighbour.is_choked = true;
        effects.rule("choke");
        if is_silent {
            neighbour.wishes.clear();
        }
        if self.choker.optimistic == Some(node) {
            self.choker.optimistic = None;
        }
        self.say(node, Body::Choke, effects);
    }

    pub(super) fn on_request(&mut self, from: NodeId, id: BlockId, effects: &mut Effects<'_>) {
        let (me, is_silent) = (effects.me(), effects.config().rules.choke);
        let has = self.disk.have.has(id.piece);
        let Some(neighbour) = self.neighbours.get_mut(&from) else { return };
        effects.note(|| {
            t!(
                "{other} asks {node} for block {block} of piece {piece}",
                node = me,
                other = from,
                block = place(id.block),
                piece = place(id.piece)
            )
        });
        if neighbour.is_choked {
            effects.rule("choke");
            effects.because(&["choke"], || t!("It is choked now, and gets nothing."));
        }
        if !has || (neighbour.is_choked && is_silent) || neighbour.wishes.contains(&id) {
            effects.routine("request in vain");
            return;
        }
        effects.routine("request");
        neighbour.wishes.push_back(id);
        self.serve(effects);
    }

    pub(super) fn on_cancel(&mut self, from: NodeId, id: BlockId, effects: &mut Effects<'_>) {
        let me = effects.me();
        if let Some(neighbour) = self.neighbours.get_mut(&from) {
            neighbour.wishes.retain(|wish| *wish != id);
        }
        effects.routine("cancel");
        effects.note(|| {
            t!(
                "{other} has block {block} of piece {piece} already: {node} need not send it",
                node = me,
                other = from,
                block = place(id.block),
                piece = place(id.piece)
            )
        });
    }

    /// The uplink is free.
    pub fn on_up(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        effects.routine("uplink");
        if !self.up.is_free(now_us) {
            effects.note(|| t!("The uplink of {node} is still busy", node = me));
            effects.set_timer(Timer::Up, self.up.free_us - now_us);
            return;
        }
        let before = self.up.number;
        self.serve(effects);
        let sent = self.up.last.filter(|_| self.up.number > before);
        effects.note(|| match sent {
            Some(sent) => t!(
                "{node} sends block {block} of piece {piece} to {other}",
                node = me,
                block = place(sent.id.block),
                piece = place(sent.id.piece),
                other = sent.to
            ),
            None => t!("The uplink of {node} is free: nobody asks for anything", node = me),
        });
    }

    /// Lets the next block leave, if the line is free: of all who ask, the one who was served longest ago.
    fn serve(&mut self, effects: &mut Effects<'_>) {
        let (now_us, config) = (effects.monotonic_now(), effects.config());
        let (rules, bad_per_mille) = (config.rules, config.bad_per_mille);
        let (bytes, kbps) = (config.block_bytes, config.up_kbps(effects.me()));
        let takes_us = takes_us(u64::from(bytes), kbps);
        loop {
            if !self.up.is_free(now_us) {
                effects.rule("line");
                if rules.line {
                    return;
                }
            }
            let asks = self.neighbours.iter().filter(|(_, neighbour)| !neighbour.wishes.is_empty());
            let Some(to) = asks.min_by_key(|(_, neighbour)| neighbour.turn).map(|(node, _)| *node) else { return };
            let turn = self.up.number + 1;
            let Some(neighbour) = self.neighbours.get_mut(&to) else { return };
            let Some(id) = neighbour.wishes.pop_front() else { return };
            neighbour.turn = turn;
            neighbour.given.add();
            self.up.begin(to, id, takes_us, now_us);
            self.disk.gave += 1;
            let is_bad = self.disk.is_rubbish || effects.choose(1_000) < bad_per_mille;
            let content = if is_bad { effects.choose(u64::MAX) } else { self.disk.content(id) };
            self.say(to, Body::Block { id, content, bytes }, effects);
            effects.set_timer(Timer::Up, self.up.free_us - now_us);
            effects.persist(self.disk.clone());
        }
    }

    /// Gives nothing any more.
    pub fn ride(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.disk.rides = true;
        effects.persist(self.disk.clone());
        effects.note(|| t!("{node} becomes a free rider: it takes, and gives nothing", node = me));
        let nodes: Vec<NodeId> = self.neighbours.iter().map(|(node, _)| *node).collect();
        nodes.into_iter().for_each(|node| self.choke(node, effects));
    }

    /// Sends rubbish in the place of blocks.
    pub fn turn_to_rubbish(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.disk.is_rubbish = true;
        effects.persist(self.disk.clone());
        effects.note(|| t!("{node} sends rubbish from now on, in the place of blocks", node = me));
    }
}
