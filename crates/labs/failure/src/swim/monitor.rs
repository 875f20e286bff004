//! The checks: what each member may do with its beliefs, and what all beliefs come to in the end.
//!
//! That no live member is ever declared faulty is not among them: no failure detector can promise that on a network that
//! loses messages (section 3.1 says how often it goes wrong). What SWIM promises is that each step on the way there is taken,
//! and that everything comes right afterwards.

use serde::Serialize;
use sim::frame::Status;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Verdicts, t};

use super::member::Change;
use super::probe::{Probe, Stage};
use super::standing::State;
use super::{Member, Swim};

const SUSPECTED_FIRST: usize = 0;
const ASKED_OTHERS: usize = 1;
const NEWS_IN_ORDER: usize = 2;
const ALIVE_TO_ITSELF: usize = 3;
const PROBED_IN_TIME: usize = 4;
const DEAD_KNOWN: usize = 5;
const VIEWS_AGREE: usize = 6;
const SAVED_BY_OTHERS: usize = 7;
const FALSE_SUSPICION: usize = 8;
const REFUTED: usize = 9;
const FALSE_DEATH: usize = 10;

impl Checks for Swim {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        vec![
            check(
                "suspected-first",
                t!("nobody is declared faulty unless suspected before"),
                CheckKind::Always,
                t!("A member that does not answer gets time to say that it is alive before others call it faulty."),
            ),
            check(
                "asked-others",
                t!("nobody is suspected unless others have tried"),
                CheckKind::Always,
                t!(
                    "Before a member suspects another one, it asks others to try, since only its own link may be broken."
                ),
            ),
            check(
                "news-in-order",
                t!("older news never replaces newer"),
                CheckKind::Always,
                t!("What a member has heard last counts: an old message that comes late changes nothing."),
            ),
            check(
                "alive-to-itself",
                t!("every member that runs holds itself alive"),
                CheckKind::Always,
                t!("A member that runs never believes what others may say of it: that it is suspected or faulty."),
            ),
            check(
                "probed-in-time",
                t!("two probes of a member are never too far apart"),
                CheckKind::Always,
                t!("Nobody is forgotten: each member asks every other one again within a bounded number of periods."),
            ),
            check(
                "dead-known",
                t!("all know who is gone"),
                CheckKind::Eventually,
                t!("Sooner or later all members know of each crash."),
            ),
            check(
                "views-agree",
                t!("all members know each other"),
                CheckKind::Eventually,
                t!("Once the faults are over, each member has all others in its list, and holds them alive."),
            ),
            check(
                "saved-by-others",
                t!("a member reached only through others"),
                CheckKind::Sometimes,
                t!("A member got no answer itself, but others that it asked have reached the silent one."),
            ),
            check(
                "false-suspicion",
                t!("a live member suspected"),
                CheckKind::Sometimes,
                t!("A member is suspected though it runs: it was slow, or its answer was lost."),
            ),
            check(
                "refuted",
                t!("a suspicion refuted"),
                CheckKind::Sometimes,
                t!("A member hears that it is suspected, says that it is alive, and the others believe it."),
            ),
            check(
                "false-death",
                t!("a live member declared faulty"),
                CheckKind::Sometimes,
                t!("A member is called faulty though it runs: its time to say so was over too soon."),
            ),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    known: Vec<Known>,
    /// How many pairs of members there are of which the first does not hold the second alive.
    estranged: i64,
    /// How many pairs there are of a member and a node that is gone, which the member believes to be there.
    deceived: i64,
}

/// What the monitor knows of a node.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Known {
    is_member: bool,
    handled: u32,
    probe: Option<Probe>,
}

impl sim::Monitor<Member> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, Member>, verdicts: &mut Verdicts) {
        if self.known.is_empty() {
            self.known = seen.nodes.ids().map(|id| Known::new(seen, id)).collect();
            self.count_all(seen);
        }
        if let Some(id) = seen.node {
            let now = Known::new(seen, id);
            let before = std::mem::replace(&mut self.known[id.index()], now);
            let member = seen.nodes.state(id).filter(|_| now.handled != before.handled);
            if now.is_member != before.is_member {
                self.count_all(seen);
            } else if let Some(member) = member.filter(|_| now.is_member) {
                self.count(member);
            }
            if let Some(member) = member {
                look(id, member, &before, seen, verdicts);
            }
        }
        verdicts.reached(DEAD_KNOWN, self.deceived == 0);
        verdicts.reached(VIEWS_AGREE, self.estranged == 0);
    }
}

impl Known {
    fn new(seen: &Observation<'_, Member>, id: NodeId) -> Known {
        seen.nodes.state(id).map_or(Known::default(), |member| Known {
            is_member: member.standing(id).state != State::Left,
            handled: member.handled,
            probe: member.probe,
        })
    }
}

impl Monitor {
    /// Counts all pairs, after a node came or went.
    fn count_all(&mut self, seen: &Observation<'_, Member>) {
        (self.estranged, self.deceived) = (0, 0);
        let members = seen.nodes.ids().filter(|id| self.known[id.index()].is_member);
        for member in members.filter_map(|id| seen.nodes.state(id)) {
            for (entry, other) in member.roster.iter().zip(&self.known) {
                self.estranged += i64::from(other.is_member && entry.standing.state != State::Alive);
                self.deceived += i64::from(!other.is_member && entry.standing.is_present());
            }
        }
    }

    /// Counts the pairs that the last event of a member has changed.
    fn count(&mut self, member: &Member) {
        for change in &member.changes {
            let other = self.known[change.member.index()];
            let differs = |is_so: fn(&super::Standing) -> bool| {
                i64::from(is_so(&change.after)) - i64::from(is_so(&change.before))
            };
            if other.is_member {
                self.estranged += differs(|standing| standing.state != State::Alive);
            } else {
                self.deceived += differs(super::Standing::is_present);
            }
        }
    }
}

/// Looks at what one member did.
fn look(id: NodeId, member: &Member, before: &Known, seen: &Observation<'_, Member>, verdicts: &mut Verdicts) {
    for change in &member.changes {
        look_at_change(id, change, before, seen, verdicts);
    }
    let own = member.standing(id).state;
    if matches!(own, State::Suspect | State::Faulty) {
        verdicts.broken(ALIVE_TO_ITSELF, &[id], || match own {
            State::Suspect => t!("{node} runs, and believes itself that it is suspected", node = id),
            _ => t!("{node} runs, and believes itself that it is faulty", node = id),
        });
    }
    if member.probe.is_some_and(|probe| before.probe.is_none_or(|earlier| earlier.number != probe.number)) {
        look_at_probes(id, member, verdicts);
    }
    let has_answered = |probe: &Probe| probe.stage == Stage::Answered;
    let was_asked_for = before.probe.is_some_and(|probe| matches!(probe.stage, Stage::TimedOut { asked: 1.., .. }));
    if let (true, Some(probe)) = (was_asked_for, member.probe.filter(has_answered)) {
        let target = probe.target;
        verdicts.seen(SAVED_BY_OTHERS, &[id, target], || {
            t!("{node} had no ack from {target} in time, but others have reached it", node = id, target = target)
        });
    }
}

fn look_at_change(
    id: NodeId,
    change: &Change,
    before: &Known,
    seen: &Observation<'_, Member>,
    verdicts: &mut Verdicts,
) {
    let Change { member, before: old, after: new, told_by } = *change;
    let found_out = told_by.is_none() && member != id;
    if !new.overrides(&old) {
        verdicts.broken(NEWS_IN_ORDER, &[id, member], || {
            t!("{node} has heard something newer of {member} than what it believes now", node = id, member = member)
        });
    }
    if found_out && new.state == State::Faulty && old.state != State::Suspect {
        verdicts.broken(SUSPECTED_FIRST, &[id, member], || {
            t!("{node} declares {member} faulty, without any time to refute", node = id, member = member)
        });
    }
    let nobody_tried = matches!(before.probe, Some(Probe { stage: Stage::TimedOut { asked: 0, others: 1.. }, .. }));
    if found_out && new.state == State::Suspect && nobody_tried && seen.config.k > 0 {
        verdicts.broken(ASKED_OTHERS, &[id, member], || {
            t!("{node} suspects {member}, and has asked nobody else to try", node = id, member = member)
        });
    }
    let runs = seen.nodes.status(member) != Status::Crashed;
    if found_out && runs && new.state == State::Suspect {
        verdicts.seen(FALSE_SUSPICION, &[id, member], || {
            t!("{node} suspects {member}, which is alive", node = id, member = member)
        });
    }
    if found_out && runs && new.state == State::Faulty {
        verdicts.seen(FALSE_DEATH, &[id, member], || {
            t!("{node} declares {member} faulty, which is alive", node = id, member = member)
        });
    }
    if member == id && new.state == State::Alive && new.life == old.life && new.incarnation > 0 {
        verdicts.seen(REFUTED, &[id], || t!("{node} was suspected, and has refuted it", node = id));
    }
}

/// Section 4.3: a member is probed again within 2n - 1 periods, where n counts the others.
fn look_at_probes(id: NodeId, member: &Member, verdicts: &mut Verdicts) {
    let bound = 2 * (member.roster.len() as u32 - 1) - 1;
    for (place, entry) in member.roster.iter().enumerate() {
        let since = member.probes - entry.probed;
        let other = NodeId::at(place);
        if since > bound && entry.standing.is_present() && other != id {
            verdicts.broken(PROBED_IN_TIME, &[id, other], || {
                t!(
                    "{node} has probed others {count} times since it probed {member}",
                    node = id,
                    count = since,
                    member = other
                )
            });
        }
    }
}
