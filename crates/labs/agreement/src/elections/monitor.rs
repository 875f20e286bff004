//! The monitor that decides the checks.
//!
//! What Garcia-Molina 1982 promises (section III, assertions 1 and 2) it promises under assumptions on time (section II). The monitor
//! remembers the first event that breaks them, and from then on asks for nothing that rests on them.

use serde::Serialize;
use sim::frame::Status;
use sim::{NodeId, Observation, Text, Verdicts, t, time_us};

use super::checks::{
    AGREED, BULLIED, DISK_IN_ORDER, DISK_TORN, HIGHEST_LEADS, NEVER_STUCK, ONE_COORDINATOR, ONE_PER_TERM, STALLED,
    TWO_COORDINATORS,
};
use super::counts::Counts;
use super::member::Member;
use super::reigns::Reigns;
use super::settings::Guard;
use super::{Node, Standing};

/// So many terms are remembered.
const TERMS: usize = 32;

/// What the promises rest on, broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Breach {
    /// A message takes as long as this, or longer; in microseconds.
    Late(u64),
    Lost,
    Paused(NodeId),
    Early,
    Clock(NodeId),
    Disk(NodeId),
    Times,
}

impl Breach {
    /// The same in words.
    pub fn text(self) -> Text {
        match self {
            Breach::Late(bound_us) => t!("a message took {time} or longer", time = time_us(bound_us)),
            Breach::Lost => t!("a message was lost"),
            Breach::Paused(node) => t!("{node} stood still", node = node),
            Breach::Early => t!("a timer ran out early"),
            Breach::Clock(node) => t!("the clock of {node} ran wrong", node = node),
            Breach::Disk(node) => t!("{node} lost its disk", node = node),
            Breach::Times => t!("a time was set anew"),
        }
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// What broke the assumptions first.
    breach: Option<Breach>,
    /// Whether a disk was lost: that ends what terms promise.
    disk_lost: bool,
    /// The times that were set when the run began.
    times_us: Option<(u64, u64, u64)>,
    /// The last crash, start or order of a person, in microseconds of virtual time.
    quiet_us: u64,
    known: Vec<Known>,
    /// Who was coordinator in which term, the latest last.
    terms: Vec<(u64, NodeId)>,
    /// How many writes the common disk had taken, and the highest term among them.
    taken: u64,
    written_term: u64,
    /// Whether all agreed.
    agreed: bool,
    /// What the election that is going on, or was the last, has cost.
    counts: Counts,
    reigns: Vec<Reigns>,
}

/// What was last seen of a node.
#[derive(Clone, Debug, Default, Serialize)]
struct Known {
    up: bool,
    lives: u64,
    by_hand: u64,
    led: bool,
    sent: Counts,
    elections: u64,
}

impl Monitor {
    /// What has broken the assumptions on time, if something has.
    pub fn breach(&self) -> Option<Breach> {
        self.breach
    }

    /// The messages of the election that is going on, or was the last.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Who held whom for the coordinator, node by node.
    pub fn reigns(&self) -> &[Reigns] {
        &self.reigns
    }
}

impl sim::Monitor<Node> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let members: Vec<(NodeId, Option<&Member>)> = members(seen);
        self.known.resize(members.len(), Known::default());
        self.reigns.resize(members.len(), Reigns::default());
        if self.times_us.is_none() {
            self.known.iter_mut().for_each(|known| (known.up, known.lives) = (true, 1));
        }
        self.look_at_time(seen);
        self.look_at_bullies(&members, seen, verdicts);
        self.learn(&members, seen);
        if self.breach.is_none() {
            judge_names(&members, verdicts);
            self.judge_stuck(&members, seen, verdicts);
        }
        self.judge_terms(&members, seen, verdicts);
        self.judge_disk(seen, verdicts);
        self.judge_lead(&members, seen, verdicts);
    }
}

impl Monitor {
    /// Whether the assumptions on time hold still.
    fn look_at_time(&mut self, seen: &Observation<'_, Node>) {
        let config = seen.config;
        let times_us = (config.answer_us, config.wait_us, config.beat_us);
        let began_us = *self.times_us.get_or_insert(times_us);
        let lost = config.members().find(|node| seen.nodes.disk(*node).lives < self.known[node.index()].lives);
        let store = config.store();
        let lost = lost.or_else(|| (seen.nodes.disk(store).page.taken < self.taken).then_some(store));
        self.disk_lost |= lost.is_some();
        if self.breach.is_some() {
            return;
        }
        let paused = seen.nodes.ids().find(|node| seen.nodes.status(*node) == Status::Paused);
        let wrong = config.members().find(|node| seen.nodes.clock(*node).drift_ppm() != 0);
        let late = seen.timing.slowest_us >= config.bound_us();
        self.breach = match (paused, wrong, lost) {
            _ if late => Some(Breach::Late(config.bound_us())),
            _ if seen.timing.lost => Some(Breach::Lost),
            _ if seen.timing.early => Some(Breach::Early),
            _ if times_us != began_us => Some(Breach::Times),
            (Some(node), ..) => Some(Breach::Paused(node)),
            (_, Some(node), _) => Some(Breach::Clock(node)),
            (.., Some(node)) => Some(Breach::Disk(node)),
            _ => None,
        };
    }

    /// Whether somebody that came back takes over from a coordinator at work.
    fn look_at_bullies(
        &self,
        members: &[(NodeId, Option<&Member>)],
        seen: &Observation<'_, Node>,
        verdicts: &mut Verdicts,
    ) {
        let Some(node) = seen.node.filter(|node| node.index() < members.len()) else { return };
        let Some(member) = members[node.index()].1.filter(|member| self.known[node.index()].led && !member.leads(node))
        else {
            return;
        };
        let winner = member.follows().or(member.halted_by.map(|(by, _)| by)).filter(|winner| *winner != node);
        let came_back = |winner: &NodeId| self.known[winner.index()].lives > 1;
        if let Some(winner) = winner.filter(came_back) {
            verdicts.seen(BULLIED, &[node, winner], || {
                t!(
                    "{node} worked as coordinator, and {winner}, which came back, takes over",
                    node = node,
                    winner = winner
                )
            });
        }
    }

    /// Takes over what nodes are now.
    fn learn(&mut self, members: &[(NodeId, Option<&Member>)], seen: &Observation<'_, Node>) {
        let was_agreed = self.agreed;
        self.agreed = agreed(members).is_some();
        for (node, member) in members {
            let known = &mut self.known[node.index()];
            let (by_hand, up) = (member.map_or(0, |member| member.by_hand), member.is_some());
            let lives = seen.nodes.disk(*node).lives;
            if up != known.up || lives != known.lives || by_hand > known.by_hand {
                self.quiet_us = seen.at_us;
            }
            let is_same_life = lives == known.lives;
            let before = Some(known.sent).filter(|_| is_same_life).unwrap_or_default();
            let elections = member.map_or(0, |member| member.elections);
            // An election that begins while all agree is another one than the last.
            if was_agreed && (elections > known.elections || !is_same_life && elections > 0) {
                self.counts = Counts::default();
            }
            let sent = member.map_or(known.sent, |member| member.sent);
            self.counts.add(&sent, &before);
            *known =
                Known { up, lives, by_hand, led: member.is_some_and(|member| member.leads(*node)), sent, elections };
            self.reigns[node.index()].now(member.and_then(Member::follows), seen.at_us);
        }
    }

    /// Assertion 2: all live nodes work under a live one, after a while without crashes and starts.
    fn judge_stuck(
        &self,
        members: &[(NodeId, Option<&Member>)],
        seen: &Observation<'_, Node>,
        verdicts: &mut Verdicts,
    ) {
        let config = seen.config;
        let bound_us = config.beat_us + config.wait_us + 10 * config.answer_us;
        if config.guard != Guard::None || seen.at_us < self.quiet_us.saturating_add(bound_us) {
            return;
        }
        let is_stuck = |(_, member): &&(NodeId, Option<&Member>)| {
            member.is_some_and(|member| {
                let leader = member.coordinator.filter(|_| member.standing == Standing::Normal);
                leader.is_none_or(|leader| members[leader.index()].1.is_none())
            })
        };
        if let Some((node, _)) = members.iter().find(is_stuck) {
            verdicts.broken(NEVER_STUCK, &[*node], || {
                t!(
                    "{node} is up and has no live coordinator, {time} after the last crash or start",
                    node = *node,
                    time = time_us(bound_us)
                )
            });
        }
    }

    /// One coordinator a term.
    fn judge_terms(
        &mut self,
        members: &[(NodeId, Option<&Member>)],
        seen: &Observation<'_, Node>,
        verdicts: &mut Verdicts,
    ) {
        if seen.config.guard != Guard::Terms || self.disk_lost {
            return;
        }
        for (node, member) in members {
            let Some(member) = member.filter(|member| member.leads(*node)) else { continue };
            let term = member.reign_term;
            match self.terms.iter().find(|(known, _)| *known == term) {
                None => self.terms.push((term, *node)),
                Some((_, other)) if other != node => {
                    verdicts.broken(ONE_PER_TERM, &[*other, *node], || {
                        t!(
                            "{a} and {b} have both become coordinator in term {term}",
                            a = *other,
                            b = *node,
                            term = term
                        )
                    });
                }
                Some(_) => {}
            }
            if self.terms.len() > TERMS {
                self.terms.remove(0);
            }
        }
    }

    /// What the common disk has taken.
    fn judge_disk(&mut self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let store = seen.config.store();
        let page = &seen.nodes.disk(store).page;
        if page.taken <= self.taken {
            self.taken = page.taken;
            return;
        }
        self.taken = page.taken;
        let Some(new) = page.entries.back().copied() else { return };
        if seen.config.guard == Guard::Terms && !self.disk_lost && new.term < self.written_term {
            let before = self.written_term;
            verdicts.broken(DISK_IN_ORDER, &[store, new.writer], || {
                t!(
                    "a write of {node}, of term {old}, came after one of term {term}",
                    node = new.writer,
                    old = new.term,
                    term = before
                )
            });
        }
        self.written_term = self.written_term.max(new.term);
        // Its own last write, with another one's after it.
        let is_own = |entry: &&super::store::Entry| (entry.writer, entry.reign) == (new.writer, new.reign);
        let between = page.entries.iter().rev().skip(1).take_while(|entry| !is_own(entry)).last();
        let wrote_before = page.entries.iter().rev().skip(1).any(|entry| is_own(&entry));
        if let Some(other) = between.filter(|_| wrote_before) {
            verdicts.seen(DISK_TORN, &[new.writer, other.writer], || {
                t!(
                    "{disk} has taken a write of {other} between two of {node}",
                    disk = store,
                    other = other.writer,
                    node = new.writer
                )
            });
        }
    }

    /// Who leads.
    fn judge_lead(&self, members: &[(NodeId, Option<&Member>)], seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let leader = agreed(members);
        let live = || members.iter().filter(|(_, member)| member.is_some()).map(|(node, _)| *node);
        let highest = live().max_by_key(|node| seen.config.number(*node));
        verdicts.reached(AGREED, leader.is_some());
        verdicts.reached(HIGHEST_LEADS, leader.is_some() && leader == highest);
        let is_up = |node: &NodeId| seen.nodes.status(*node) == Status::Up;
        let leads = |node: &NodeId| members[node.index()].1.is_some_and(|member| member.leads(*node));
        let leaders: Vec<NodeId> = live().filter(is_up).filter(leads).collect();
        if let [a, b, ..] = leaders[..] {
            verdicts.seen(TWO_COORDINATORS, &[a, b], || t!("{a} and {b} both give orders", a = a, b = b));
        }
        let lacks = |(_, member): &(NodeId, Option<&Member>)| member.is_some_and(|member| member.lacks);
        let no_part = || {
            let parts = seen.network.components(&live().collect::<Vec<_>>());
            parts.iter().all(|part| part.len() < seen.config.majority())
        };
        if seen.config.guard != Guard::None
            && !live().any(|node| leads(&node))
            && members.iter().any(lacks)
            && no_part()
        {
            verdicts.seen(STALLED, &live().collect::<Vec<_>>(), || {
                t!("no part of the nodes is more than half of all: nobody leads")
            });
        }
    }
}

/// Assertion 1: all that have a coordinator have the same one.
fn judge_names(members: &[(NodeId, Option<&Member>)], verdicts: &mut Verdicts) {
    let mut named = members.iter().filter_map(|(node, member)| Some((*node, member.and_then(Member::follows)?)));
    let Some((node, coordinator)) = named.next() else { return };
    if let Some((other, another)) = named.find(|(_, another)| *another != coordinator) {
        verdicts.broken(ONE_COORDINATOR, &[node, other], || {
            t!(
                "the coordinator of {node} is {coordinator}, and that of {other} is {another}",
                node = node,
                coordinator = coordinator,
                other = other,
                another = another
            )
        });
    }
}

/// The live node that all live nodes work under, if there is one.
fn agreed(members: &[(NodeId, Option<&Member>)]) -> Option<NodeId> {
    let mut leaders = members.iter().filter_map(|(_, member)| {
        let member = member.as_ref()?;
        Some(member.coordinator.filter(|_| member.standing == Standing::Normal))
    });
    let leader = leaders.next()??;
    let is_live = members[leader.index()].1.is_some();
    (is_live && leaders.all(|other| other == Some(leader))).then_some(leader)
}

/// Those that elect; none of one that is down.
fn members<'a>(seen: &Observation<'a, Node>) -> Vec<(NodeId, Option<&'a Member>)> {
    seen.config.members().map(|node| (node, seen.nodes.state(node).and_then(Node::member))).collect()
}
