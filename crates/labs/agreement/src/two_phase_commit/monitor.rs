//! The checks: the five properties of atomic commitment (Bernstein, Hadzilacos and Goodman 1987, section 7.3: AC1 to AC5), what
//! customers are told, and whether all is as if orders came one after the other.
//!
//! Once a disk is lost nothing is promised any more.

use parts::shop::{Good, OrderId};
use parts::values::word;
use serde::Serialize;
use sim::frame::Status;
use sim::history::Model;
use sim::history::model::Initial;
use sim::{Check, CheckKind, Checks, Judge, NodeId, Observation, Value, Verdicts, t};

use super::book::{Book, End, Row, service};
use super::coordinator::{Coordinator, Stage as Decided};
use super::customer::Customer;
use super::portion::{Part, Stage};
use super::service::Service;
use super::settings::{Config, TM};
use super::{Node, TwoPhaseCommit};

const SAME_DECISION: usize = 0;
const DECISION_FINAL: usize = 1;
const COMMIT_NEEDS_ALL: usize = 2;
const ALL_YES_COMMITS: usize = 3;
const DECIDED: usize = 4;
const TOLD_RIGHT: usize = 5;
// The place of the check that looks at the history is 6.
const BLOCKED: usize = 7;
const RESCUED: usize = 8;
const HEURISTIC_MIXED: usize = 9;
const SPLIT_DECISION: usize = 10;

impl Checks for TwoPhaseCommit {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        vec![
            check(
                "same-decision",
                t!("all end an order in the same way"),
                CheckKind::Always,
                t!("No service has done its part of an order that another one has undone: atomic commitment. A person who decides by hand can break it."),
            )
            .promised_under(two_phases()),
            check(
                "decision-final",
                t!("an outcome stays as it is"),
                CheckKind::Always,
                t!("A service that has done its part of an order never undoes it, and the other way round."),
            )
            .kept_by("force_decision")
            .promised_under(two_phases()),
            check(
                "commit-needs-all",
                t!("done only if all said yes"),
                CheckKind::Always,
                t!("The coordinator commits an order only if each service has voted yes, or has only looked."),
            ),
            check(
                "no-failure-commits",
                t!("what all said yes to is done"),
                CheckKind::Always,
                t!("Once the votes of all services have come in time and all are yes, each of them does its part."),
            )
            .promised_under(two_phases()),
            check(
                "decided",
                t!("each order comes to an end"),
                CheckKind::Eventually,
                t!("Once the faults are over, no order is undecided, locked or remembered for long."),
            ),
            check(
                "told-right",
                t!("customers are told the truth"),
                CheckKind::Always,
                t!("No customer hears that an order is done if a service has undone it, or not done if one has done it."),
            )
            .kept_by("force_decision")
            .promised_under(two_phases()),
            Check {
                judge: Judge::Linearizability(Model::MultiRegister(Initial::default())),
                ..check(
                    "linearizable",
                    t!("it is as if orders came one by one"),
                    CheckKind::Always,
                    t!("Each order sees which orders were before it, as if each had been carried out at one moment."),
                )
                .promised_under(two_phases())
            },
            check(
                "blocked",
                t!("an order waits for a service in doubt"),
                CheckKind::Sometimes,
                t!("The coordinator is down, a service has promised and does not know, and another order waits for its lock."),
            ),
            check(
                "rescued",
                t!("a service learns the outcome from another one"),
                CheckKind::Sometimes,
                t!("A service in doubt hears the outcome from a service that knows it, or that has not voted."),
            ),
            check(
                "heuristic-mixed",
                t!("a person has decided otherwise"),
                CheckKind::Sometimes,
                t!("A person ends an order by hand at a service, and another outcome comes later."),
            ),
            check(
                "split-decision",
                t!("an order is done in part"),
                CheckKind::Sometimes,
                t!("One service has done its part of an order and another one has undone it, whatever the reason."),
            ),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// Whether a node has lost its disk: then nothing is promised any more.
    has_lost_disk: bool,
    known: Vec<Known>,
    book: Book,
    /// How many prepares, votes, outcomes and acknowledgements were sent, and how often a disk was written for somebody who waits.
    messages: u64,
    forced: u64,
    /// How many customers were told that an order is done, and that it is not.
    done: u64,
    not_done: u64,
}

/// What was last seen of a node.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Known {
    life: u64,
    sent: u64,
    forced: u64,
    /// The number of the last order that a customer was told of.
    told: u64,
}

impl sim::Monitor<Node> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        if self.known.is_empty() {
            self.known = vec![Known::default(); seen.nodes.len()];
        }
        if let Some(node) = seen.node {
            self.look_at(node, seen, verdicts);
        }
        let is_decided = self.has_lost_disk || self.is_decided(seen);
        verdicts.reached(DECIDED, is_decided);
    }
}

impl Monitor {
    /// What it remembers of orders and locks.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Messages of the commit protocol, and forced writes.
    pub fn costs(&self) -> (u64, u64) {
        (self.messages, self.forced)
    }

    /// Orders that customers heard are done, and are not.
    pub fn told(&self) -> (u64, u64) {
        (self.done, self.not_done)
    }

    fn look_at(&mut self, node: NodeId, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let disk = seen.nodes.disk(node);
        let known = &mut self.known[node.index()];
        let is_customer = seen.config.place(node).is_none() && node != TM;
        let counter = if is_customer { disk.customer.number } else { disk.life };
        self.has_lost_disk |= counter < known.life;
        let has_restarted = !is_customer && counter != known.life;
        known.life = counter;
        if has_restarted {
            (known.sent, known.forced) = (0, 0);
        }
        match seen.nodes.state(node) {
            Some(Node::Coordinator(coordinator)) => {
                self.count(node, coordinator.sent, coordinator.journal.forced);
                self.look_at_coordinator(coordinator, seen, verdicts);
            }
            Some(Node::Service(service)) => {
                self.count(node, service.sent, service.journal.forced);
                self.look_at_service(node, service, has_restarted, seen, verdicts);
            }
            Some(Node::Customer(customer)) => self.look_at_customer(node, customer, seen, verdicts),
            None => {}
        }
        self.look_for_blocked(seen, verdicts);
    }

    fn count(&mut self, node: NodeId, sent: u64, forced: u64) {
        let known = &mut self.known[node.index()];
        self.messages += sent - known.sent;
        self.forced += forced - known.forced;
        (known.sent, known.forced) = (sent, forced);
    }

    fn look_at_coordinator(
        &mut self,
        coordinator: &Coordinator,
        seen: &Observation<'_, Node>,
        verdicts: &mut Verdicts,
    ) {
        let services = usize::from(seen.config.services);
        for case in &coordinator.cases {
            let row = self.book.row(case.order, services, seen.at_us);
            // Decided is what is on disk, and is told.
            let Decided::Telling { commit, .. } = case.stage else { continue };
            if row.decision.is_some() {
                continue;
            }
            row.decision = Some(commit);
            row.had_all = case.yes() == services;
            // After a restart it knows what was decided, and not by which votes.
            let knows_votes = case.votes.iter().any(Option::is_some);
            if commit && knows_votes && !row.had_all && !self.has_lost_disk {
                let (order, yes) = (case.order, case.yes());
                verdicts.broken(COMMIT_NEEDS_ALL, &[TM], || {
                    t!(
                        "{tm} commits {order} with {yes} votes of {services}",
                        tm = TM,
                        order = order.text(),
                        yes = yes,
                        services = services
                    )
                });
            }
            self.judge(case.order, verdicts);
        }
    }

    fn look_at_service(
        &mut self,
        node: NodeId,
        state: &Service,
        has_restarted: bool,
        seen: &Observation<'_, Node>,
        verdicts: &mut Verdicts,
    ) {
        let services = usize::from(seen.config.services);
        let Some(place) = seen.config.place(node) else { return };
        let locks: Vec<(OrderId, Good, bool)> = state
            .parts
            .iter()
            .filter(|part| part.has_lock(seen.config.rules.hold_locks))
            .map(|part| (part.order, part.change.good, part.is_in_doubt()))
            .collect();
        self.book.note_locks(place, &locks, seen.at_us);
        if has_restarted {
            self.note_what_is_forgotten(place, state);
        }
        for part in state.parts.iter().filter(|part| part.is_prepared()) {
            self.book.row(part.order, services, seen.at_us).yes[place] = true;
        }
        let mut touched: Vec<OrderId> = Vec::new();
        let has_lost_disk = self.has_lost_disk;
        for row in self.book.rows() {
            let Some(ended) = state.ledger.outcome(row.order) else { continue };
            let end = End { commit: ended.commit, by_hand: ended.by_hand };
            let before = row.ends[place].replace(end);
            if before == Some(end) {
                continue;
            }
            touched.push(row.order);
            let order = row.order;
            let is_other = before.is_some_and(|before| before.commit != end.commit && !before.by_hand && !end.by_hand);
            if is_other && !has_lost_disk {
                verdicts.broken(DECISION_FINAL, &[node], || match end.commit {
                    true => t!("{node} had undone {order}, and now does it", node = node, order = order.text()),
                    false => t!("{node} had done {order}, and now undoes it", node = node, order = order.text()),
                });
            }
        }
        let forgotten: Vec<OrderId> =
            if has_restarted { self.book.orders().map(|row| row.order).collect() } else { touched };
        forgotten.into_iter().for_each(|order| self.judge(order, verdicts));
        if state.rescued > 0 {
            verdicts.seen(RESCUED, &[node], || t!("{node} learnt an outcome from another service", node = node));
        }
        if state.mixed > 0 {
            verdicts.seen(HEURISTIC_MIXED, &[node], || {
                t!("{node} hears another outcome than a person decided there", node = node)
            });
        }
    }

    /// A service has started again. An abort that nobody has written or asked for is no outcome; and who has said yes, and has no
    /// record of it, has undone its part.
    fn note_what_is_forgotten(&mut self, place: usize, state: &Service) {
        for row in self.book.rows() {
            let is_known = state.ledger.outcome(row.order).is_some() || state.part(row.order).is_some();
            let end = &mut row.ends[place];
            if end.is_some_and(|end| !end.commit) && state.ledger.outcome(row.order).is_none() {
                *end = None;
            }
            let is_over = end.is_some() || state.ledger.is_forgotten(row.order);
            if row.yes[place] && !is_known && !is_over {
                *end = Some(End { commit: false, by_hand: false });
            }
        }
    }

    fn look_at_customer(
        &mut self,
        node: NodeId,
        customer: &Customer,
        seen: &Observation<'_, Node>,
        verdicts: &mut Verdicts,
    ) {
        let Some(told) = &customer.last else { return };
        if self.known[node.index()].told == told.order.number {
            return;
        }
        self.known[node.index()].told = told.order.number;
        let is_done = told.why.is_none();
        if is_done {
            self.done += 1;
        } else {
            self.not_done += 1;
        }
        self.book.row(told.order, usize::from(seen.config.services), seen.at_us).told = Some(is_done);
        self.judge(told.order, verdicts);
    }

    /// Judges what is known of an order.
    fn judge(&self, order: OrderId, verdicts: &mut Verdicts) {
        if let Some(row) = self.book.orders().find(|row| row.order == order) {
            judge(row, self.has_lost_disk, verdicts);
        }
    }

    fn look_for_blocked(&self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        if seen.nodes.status(TM) != Status::Crashed {
            return;
        }
        for node in seen.config.services() {
            let Some(service) = seen.nodes.state(node).and_then(Node::service) else { continue };
            let held = service.parts.iter().filter(|part| part.is_prepared());
            for part in held {
                let waits = |other: &&Part| other.stage == Stage::Waiting && part.conflicts_with(other);
                if let Some(other) = service.parts.iter().find(waits) {
                    let (held, waiting) = (part.order, other.order);
                    verdicts.seen(BLOCKED, &[node, TM], || {
                        t!(
                            "{waiting} waits at {node} for {held}, and only {tm} knows what becomes of that",
                            waiting = waiting.text(),
                            node = node,
                            held = held.text(),
                            tm = TM
                        )
                    });
                }
            }
        }
    }

    /// Whether no order that was begun long ago is still somewhere.
    fn is_decided(&self, seen: &Observation<'_, Node>) -> bool {
        let longest_us = longest_us(seen.config);
        let is_young = |order: OrderId| {
            let row = self.book.orders().find(|row| row.order == order);
            row.is_some_and(|row| seen.at_us.saturating_sub(row.begun_us) <= longest_us)
        };
        seen.nodes.ids().all(|node| match seen.nodes.state(node) {
            Some(Node::Coordinator(coordinator)) => coordinator.cases.iter().all(|case| is_young(case.order)),
            Some(Node::Service(service)) => service.parts.iter().all(|part| is_young(part.order)),
            Some(Node::Customer(_)) => true,
            None => {
                let disk = seen.nodes.disk(node);
                let prepared = disk.ledger.prepared.iter().map(|prepared| prepared.order);
                let asked = disk.decisions.asked.iter().map(|asked| asked.order);
                prepared.chain(asked).chain(disk.decisions.open.iter().map(|decision| decision.order)).all(is_young)
            }
        })
    }
}

/// The longest that an order may take once the faults are over: a second more than all who wait for something wait together.
pub fn longest_us(config: &Config) -> u64 {
    let after_silence_us = if config.three_phases { 2 * (config.patience_us + config.vote_us) } else { 0 };
    1_000_000 + 2 * config.vote_us + config.patience_us + 2 * config.ask_us + 6 * config.disk_us + after_silence_us
}

/// Three phases are right as long as nodes do nothing but crash, and messages come in time: nobody promises that.
fn two_phases() -> Vec<(&'static str, Value)> {
    vec![("protocol", word("2pc"))]
}

/// Judges an order by what is known of it.
pub fn judge(row: &Row, has_lost_disk: bool, verdicts: &mut Verdicts) {
    let order = row.order;
    if let Some((done, undone, _)) = row.split() {
        let nodes = [service(done), service(undone)];
        let sentence = || {
            t!(
                "{done} has done {order}, and {undone} has undone it",
                done = nodes[0],
                order = order.text(),
                undone = nodes[1]
            )
        };
        verdicts.seen(SPLIT_DECISION, &nodes, sentence);
        if !has_lost_disk {
            verdicts.broken(SAME_DECISION, &nodes, sentence);
        }
    }
    if has_lost_disk {
        return;
    }
    if row.had_all && row.decision == Some(false) {
        verdicts.broken(ALL_YES_COMMITS, &[TM], || {
            t!("All voted yes on {order}, and {tm} aborts it", order = order.text(), tm = TM)
        });
    }
    let ends = row.ends.iter().enumerate();
    for (place, end) in ends.filter_map(|(place, end)| end.filter(|end| !end.by_hand).map(|end| (place, end))) {
        let node = service(place);
        if row.had_all && !end.commit {
            verdicts.broken(ALL_YES_COMMITS, &[node], || {
                t!("All voted yes on {order}, and {node} has undone it", order = order.text(), node = node)
            });
        }
        if row.told.is_some_and(|told| told != end.commit) {
            let customer = order.customer;
            verdicts.broken(TOLD_RIGHT, &[customer, node], || match end.commit {
                true => t!(
                    "{customer} was told that {order} is not done, and {node} has done it",
                    customer = customer,
                    order = order.text(),
                    node = node
                ),
                false => t!(
                    "{customer} was told that {order} is done, and {node} has undone it",
                    customer = customer,
                    order = order.text(),
                    node = node
                ),
            });
        }
    }
}
