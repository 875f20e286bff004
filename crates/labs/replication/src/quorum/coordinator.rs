//! What a server does as the coordinator of a get or a put (Dynamo, section 4.5).

use std::rc::Rc;

use sim::{NodeId, t};

use super::coordination::{Asked, Coordination, Task};
use super::message::{Answer, Command, Message, Promise};
use super::server::Server;
use super::settings::Repair;
use super::version::{
    Conflicts, Dot, Key, Siblings, VectorClock, Version, context, has_all, items_text, siblings_text,
};
use super::{Effects, Timer};

impl Server {
    /// A client asks.
    pub(super) fn coordinate(
        &mut self,
        client: NodeId,
        serial: u64,
        key: Key,
        command: Command,
        effects: &mut Effects<'_>,
    ) {
        let config = effects.config();
        let (quorum, is_followed) = match command {
            Command::Get => (config.r, config.rules.read_quorum),
            Command::Put { .. } => (config.w, config.rules.write_quorum),
        };
        let promise = Promise {
            replicas: if config.is_sloppy { 0 } else { quorum },
            is_repaired: config.repair == Repair::Before,
        };
        let patience_us = config.patience_us;
        let asked = self.first_healthy(&key, effects);
        let task = match command {
            Command::Get => Task::Get,
            Command::Put { items, context } => {
                let put = Dot { node: client, count: serial };
                Task::Put(self.new_version(&key, items, context, put, effects))
            }
        };
        let nodes: Vec<NodeId> = asked.iter().map(|asked| asked.node).collect();
        let needed = if is_followed { quorum } else { 1 };
        if !is_followed {
            effects.rule(if matches!(task, Task::Get) { "read_quorum" } else { "write_quorum" });
        }
        let coordination = Coordination { client, serial, key, task, asked, needed, promise, is_answered: false };
        tell_of_request(&coordination, effects);
        let request = self.next_request;
        self.next_request += 1;
        self.requests.insert(request, coordination);
        effects.set_timer(Timer::Patience(request), patience_us);
        self.ask(request, &nodes, effects);
    }

    /// Makes the version that a put writes (section 4.4).
    fn new_version(
        &mut self,
        key: &Key,
        items: Vec<Key>,
        seen: VectorClock,
        put: Dot,
        effects: &mut Effects<'_>,
    ) -> Rc<Version> {
        let (me, rules) = (effects.me(), effects.config().rules);
        let mut seen = seen;
        if !rules.context {
            effects.rule("context");
            seen.join(&context(&self.store.versions(key)));
        }
        let store = Rc::make_mut(&mut self.store);
        let made = store.counts.get_or_insert_with(key.clone(), || 0);
        let count = if rules.own_dot { *made + 1 } else { seen.count(me) + 1 };
        *made = count.max(*made);
        if !rules.own_dot {
            effects.rule("own_dot");
        }
        self.keep(effects);
        let written_at_us = effects.local_now();
        Rc::new(Version { dot: Dot { node: me, count }, context: seen, items, put, written_at_us })
    }

    /// The replicas of a key; with a sloppy quorum the first n servers of its list that are not suspected (section 4.6).
    fn first_healthy(&self, key: &Key, effects: &Effects<'_>) -> Vec<Asked> {
        let (config, now_us) = (effects.config(), effects.local_now());
        let list = config.preference_list(key);
        let (replicas, others) = list.split_at(config.n.into());
        let mut healthy = others.iter().filter(|node| !self.suspects.contains(**node, now_us));
        let one = |replica: &NodeId| match config.is_sloppy && self.suspects.contains(*replica, now_us) {
            true => healthy.next().map_or(Asked::new(*replica, None), |other| Asked::new(*other, Some(*replica))),
            false => Asked::new(*replica, None),
        };
        replicas.iter().map(one).collect()
    }

    /// Sends a request to some of those that take part in it.
    fn ask(&mut self, request: u64, nodes: &[NodeId], effects: &mut Effects<'_>) {
        for &node in nodes {
            let Some(coordination) = self.requests.get(&request) else { return };
            let key = coordination.key.clone();
            let stands_for =
                coordination.asked.iter().find(|asked| asked.node == node).and_then(|asked| asked.stands_for);
            let message = match &coordination.task {
                Task::Put(version) => {
                    Message::Store { request: Some(request), key, versions: vec![version.clone()], stands_for }
                }
                Task::Get => Message::Read { request, key },
                Task::Repair(found) => {
                    Message::Store { request: Some(request), key, versions: found.clone(), stands_for }
                }
            };
            self.post(node, message, effects);
        }
    }

    pub(super) fn on_stored(&mut self, from: NodeId, request: u64, effects: &mut Effects<'_>) {
        let Some(coordination) = self.requests.get_mut(&request) else {
            tell_of_late_answer(from, effects);
            return;
        };
        if let Some(asked) = coordination.asked.iter_mut().find(|asked| asked.node == from) {
            asked.has_answered = true;
            if let Task::Repair(found) = &coordination.task {
                asked.versions = Some(found.clone());
            }
        }
        tell_of_count(coordination, from, effects);
        self.go_on(request, effects);
    }

    pub(super) fn on_versions(&mut self, from: NodeId, request: u64, versions: Siblings, effects: &mut Effects<'_>) {
        let conflicts = effects.config().conflicts;
        let Some(coordination) = self.requests.get_mut(&request) else {
            tell_of_late_answer(from, effects);
            return;
        };
        // Who answers while others are being repaired is repaired as well.
        let is_current = match &coordination.task {
            Task::Repair(found) => has_all(&versions, found, conflicts),
            Task::Get | Task::Put(_) => true,
        };
        if let Some(asked) = coordination.asked.iter_mut().find(|asked| asked.node == from) {
            asked.has_answered |= is_current;
            asked.versions = Some(versions);
        }
        tell_of_count(coordination, from, effects);
        if is_current {
            self.go_on(request, effects);
        } else {
            self.ask(request, &[from], effects);
        }
    }

    /// Answers the client as soon as that is right, and ends when everybody has answered.
    fn go_on(&mut self, request: u64, effects: &mut Effects<'_>) {
        let conflicts = effects.config().conflicts;
        let Some(coordination) = self.requests.get_mut(&request) else { return };
        if !coordination.is_answered && coordination.has_enough() {
            let promise = coordination.promise;
            match &coordination.task {
                Task::Put(version) => {
                    let clock = version.clock();
                    self.answer(request, Answer::Written { clock, promise }, effects);
                }
                Task::Repair(found) => {
                    let versions = found.clone();
                    self.answer(request, Answer::Found { versions, promise }, effects);
                }
                Task::Get => {
                    let found = coordination.found(conflicts);
                    let behind = self.behind(request, &found, conflicts);
                    if effects.config().repair == Repair::Before && !behind.is_empty() {
                        if effects.config().rules.read_repair {
                            self.repair(request, found, &behind, effects);
                            return;
                        }
                        effects.rule("read_repair");
                    }
                    self.answer(request, Answer::Found { versions: found, promise }, effects);
                }
            }
        }
        let is_over = self.requests.get(&request).is_some_and(|coordination| {
            coordination.is_answered && coordination.asked.iter().all(|asked| asked.has_answered || asked.is_replaced)
        });
        if is_over {
            self.close(request, effects);
        }
    }

    /// The replicas that lack something by their own word.
    fn behind(&self, request: u64, found: &Siblings, conflicts: Conflicts) -> Vec<NodeId> {
        let asked = self.requests.get(&request).into_iter().flat_map(|coordination| &coordination.asked);
        let lacks = |versions: &Siblings| !has_all(versions, found, conflicts);
        let is_behind = |asked: &&Asked| asked.stands_for.is_none() && asked.versions.as_ref().is_some_and(lacks);
        asked.filter(is_behind).map(|asked| asked.node).collect()
    }

    /// Brings those that are behind up to date before the client is answered (Cassandra, blocking read repair).
    fn repair(&mut self, request: u64, found: Siblings, behind: &[NodeId], effects: &mut Effects<'_>) {
        let (me, patience_us) = (effects.me(), effects.config().patience_us);
        effects.rule("read_repair");
        effects.note(|| {
            t!(
                "Not all have {versions}: {node} repairs those that are behind before it answers.",
                versions = siblings_text(&found),
                node = me
            )
        });
        if let Some(coordination) = self.requests.get_mut(&request) {
            coordination.task = Task::Repair(found);
            let is_repaired = |asked: &&mut Asked| behind.contains(&asked.node);
            coordination.asked.iter_mut().filter(is_repaired).for_each(|asked| asked.has_answered = false);
        }
        effects.set_timer(Timer::Patience(request), patience_us);
        self.ask(request, behind, effects);
    }

    fn answer(&mut self, request: u64, answer: Answer, effects: &mut Effects<'_>) {
        let Some(coordination) = self.requests.get_mut(&request) else { return };
        coordination.is_answered = true;
        let (me, client, serial) = (effects.me(), coordination.client, coordination.serial);
        effects.rule(match answer {
            Answer::Found { .. } => "read_quorum",
            Answer::Written { .. } => "write_quorum",
            Answer::Refused { .. } => "unavailable",
        });
        effects.note(|| match &answer {
            Answer::Found { versions, .. } => t!(
                "{node} has heard enough and answers {client}: {versions}",
                node = me,
                client = client,
                versions = siblings_text(versions)
            ),
            Answer::Written { clock, .. } => t!(
                "Enough have written {clock}: {node} acknowledges the put to {client}",
                clock = clock.text(),
                node = me,
                client = client
            ),
            Answer::Refused { answered, needed } => t!(
                "{node} tells {client} that it failed: {answered} of {needed} answered",
                node = me,
                client = client,
                answered = *answered,
                needed = *needed
            ),
        });
        effects.send(client, Message::Answer { serial, answer });
    }

    /// Those that have not answered by now are suspected. With a sloppy quorum others are asked instead of them.
    pub(super) fn lose_patience(&mut self, request: u64, effects: &mut Effects<'_>) {
        let (me, now_us, patience_us) = (effects.me(), effects.local_now(), effects.config().patience_us);
        let is_sloppy = effects.config().is_sloppy;
        let Some(coordination) = self.requests.get_mut(&request) else { return };
        let list = effects.config().preference_list(&coordination.key);
        let is_silent = |asked: &&Asked| !asked.has_answered && !asked.is_replaced;
        let silent: Vec<Asked> = coordination.asked.iter().filter(is_silent).cloned().collect();
        for asked in &silent {
            self.suspects.add(asked.node, now_us);
        }
        let mut replaced = Vec::new();
        for asked in silent.iter().filter(|_| is_sloppy) {
            let takes_part = |node: &NodeId| coordination.asked.iter().any(|asked| asked.node == *node);
            let healthy = |node: &&NodeId| !takes_part(node) && !self.suspects.contains(**node, now_us);
            if let Some(other) = list.iter().find(healthy) {
                let absent = coordination.asked.iter_mut().find(|other| other.node == asked.node);
                absent.into_iter().for_each(|absent| absent.is_replaced = true);
                coordination.asked.push(Asked::new(*other, Some(asked.owner())));
                replaced.push((asked.node, *other));
            }
        }
        effects.rule("suspect");
        if let Some(&(absent, other)) = replaced.first() {
            effects.rule("sloppy_quorum");
            effects.note(|| {
                t!(
                    "{node} has heard nothing from {absent}, and asks {other} instead",
                    node = me,
                    absent = absent,
                    other = other
                )
            });
            effects.set_timer(Timer::Patience(request), patience_us);
            let others: Vec<NodeId> = replaced.iter().map(|(_, other)| *other).collect();
            self.ask(request, &others, effects);
            return;
        }
        match silent.first() {
            Some(asked) => {
                effects.note(|| t!("{node} has waited for {absent} long enough", node = me, absent = asked.node))
            }
            None => effects.note(|| t!("{node} has waited long enough for replicas to be repaired", node = me)),
        }
        self.close(request, effects);
    }

    /// Ends a request: who is behind is repaired, who did not write gets a hint, and a client still waiting is told.
    fn close(&mut self, request: u64, effects: &mut Effects<'_>) {
        effects.cancel_timer(Timer::Patience(request));
        let Some(coordination) = self.requests.get(&request).cloned() else { return };
        if !coordination.is_answered {
            let refused = Answer::Refused { answered: coordination.count(), needed: coordination.needed };
            self.answer(request, refused, effects);
        }
        match &coordination.task {
            Task::Put(version) => self.keep_missing(&coordination, version, effects),
            Task::Get | Task::Repair(_) => {
                let conflicts = effects.config().conflicts;
                let found = coordination.found(conflicts);
                let behind = self.behind(request, &found, conflicts);
                self.repair_afterwards(&coordination.key, &found, &behind, effects);
            }
        }
        self.requests.remove(&request);
    }

    /// Keeps a hint for each replica that has not written, nor anybody in its place.
    fn keep_missing(&mut self, coordination: &Coordination, version: &Rc<Version>, effects: &mut Effects<'_>) {
        let has_written =
            |owner: NodeId| coordination.asked.iter().any(|asked| asked.has_answered && asked.owner() == owner);
        let me = effects.me();
        let missing = |node: &NodeId| *node != me && !has_written(*node);
        for absent in effects.config().replicas(&coordination.key).into_iter().filter(missing) {
            self.keep_hint(absent, &coordination.key, &vec![version.clone()], effects);
        }
    }

    fn repair_afterwards(&mut self, key: &Key, found: &Siblings, behind: &[NodeId], effects: &mut Effects<'_>) {
        let me = effects.me();
        if !behind.is_empty() {
            effects.rule("read_repair");
        }
        if !effects.config().rules.read_repair {
            return;
        }
        for &node in behind {
            effects.note(|| match node == me {
                true => {
                    t!("{node} lacked {versions} itself, and writes it", node = me, versions = siblings_text(found))
                }
                false => t!(
                    "{node} sends {other} the versions that it lacks: {versions}",
                    node = me,
                    other = node,
                    versions = siblings_text(found)
                ),
            });
            let message = Message::Store { request: None, key: key.clone(), versions: found.clone(), stands_for: None };
            self.post(node, message, effects);
        }
    }
}

fn tell_of_request(coordination: &Coordination, effects: &mut Effects<'_>) {
    let (me, client, key, needed) =
        (effects.me(), coordination.client, coordination.key.to_string(), coordination.needed);
    effects.rule("preference_list");
    effects.note(|| match &coordination.task {
        Task::Put(version) => t!(
            "{node} coordinates {client}'s put: {key} = {items} {clock}",
            node = me,
            client = client,
            key = key,
            items = items_text(&version.items),
            clock = version.clock().text()
        ),
        Task::Get | Task::Repair(_) => {
            t!("{node} coordinates {client}'s get of {key}", node = me, client = client, key = key)
        }
    });
    let nodes = coordination.asked.iter().map(|asked| t!("{node}", node = asked.node));
    let nodes = super::version::joined(", ", nodes).unwrap_or_default();
    effects.note(|| t!("It asks {nodes}, and needs {needed} of them.", nodes = nodes, needed = needed));
}

/// Who has answered, unless it is the coordinator itself.
fn tell_of_count(coordination: &Coordination, from: NodeId, effects: &mut Effects<'_>) {
    let me = effects.me();
    if from == me {
        return;
    }
    let (key, count, needed) = (coordination.key.to_string(), coordination.count(), coordination.needed);
    let share = || t!("{count} of {needed}", count = count.min(needed), needed = needed);
    effects.note(|| match &coordination.task {
        _ if coordination.is_answered => {
            t!("{other} has answered for {key} as well, after the client was told", other = from, key = key)
        }
        Task::Put(_) | Task::Repair(_) => {
            t!("{other} has written {key}: {share}", other = from, key = key, share = share())
        }
        Task::Get => t!("{other} has answered for {key}: {share}", other = from, key = key, share = share()),
    });
}

fn tell_of_late_answer(from: NodeId, effects: &mut Effects<'_>) {
    let me = effects.me();
    effects.note(|| t!("{other} answers {node} too late: this operation is over", other = from, node = me));
    if from != me {
        effects.routine("too late");
    }
}
