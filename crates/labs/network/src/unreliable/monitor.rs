//! The checks: what a user is told owes something to what has really happened.
//!
//! The monitor knows what each client has asked for, and what the ledger's disk says. A lost disk ends what is promised: of a client,
//! for all that it asks; of the ledger, for all that was asked until then.

use parts::values::word;
use serde::Serialize;
use sim::{Check, CheckKind, Checks, List, NodeId, Observation, Text, Verdicts, t};

use super::general::Decision;
use super::ledger::Entry;
use super::view::in_words;
use super::wire::{Answer, Ask, Deed};
use super::{Story, UnreliableNetwork, UnreliableNode, Verdict};

const AT_MOST_ONCE: usize = 0;
const TOLD_DONE: usize = 1;
const TOLD_FAILED: usize = 2;
const RIGHT_EFFECT: usize = 3;
const SAME_ANSWER: usize = 4;
const NO_STALE_SET: usize = 5;
const ALL_END: usize = 6;
const TWICE: usize = 7;
const NEVER_KNEW: usize = 8;
const SLIPPED_THROUGH: usize = 9;
const ONE_ALONE: usize = 10;
const BOTH_ATTACK: usize = 11;

/// How much longer than it plans to a client may take, in microseconds: its timers are about to run out.
const SLACK_US: u64 = 1_000_000;

impl Checks for UnreliableNetwork {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        let generals = || vec![("story", word("generals"))];
        vec![
            check(
                "at-most-once",
                t!("no request has effect twice"),
                CheckKind::Always,
                t!("However often a request is delivered, the ledger carries it out once at the most. Whoever asks anew has another request."),
            )
            .promised_under(vec![("semantics", word("exactly"))]),
            check(
                "told-done",
                t!("what users are told is done, is done"),
                CheckKind::Always,
                t!("Each request that a client tells its user is done has had effect, and the effect is on the ledger's disk."),
            ),
            check(
                "told-failed",
                t!("what users are told failed, has had no effect"),
                CheckKind::Always,
                t!("A request that a client tells its user has failed was not carried out, and will not be."),
            ),
            check(
                "right-effect",
                t!("each effect is what somebody asked for"),
                CheckKind::Always,
                t!("What the ledger carries out is what the client has asked for: the same account, the same amount."),
            ),
            check(
                "same-answer",
                t!("one key, one answer"),
                CheckKind::Always,
                t!("All answers that a client gets to one key are equal. That a request is still at work is no answer."),
            )
            .kept_by("keep_answer"),
            check(
                "no-stale-set",
                t!("limits are set in the order asked"),
                CheckKind::Always,
                t!("Once a limit of a client is in force, no limit that the same client had asked for earlier takes effect."),
            ),
            check(
                "all-end",
                t!("no request is open for ever"),
                CheckKind::Eventually,
                t!("Once the faults are over, each request ends within the time of all attempts and waits, and a second more."),
            ),
            check(
                "twice",
                t!("a request had effect twice"),
                CheckKind::Sometimes,
                t!("The ledger has carried out one request two times, for instance because the first answer was lost."),
            ),
            check(
                "never-knew",
                t!("a client gave up, and it had happened"),
                CheckKind::Sometimes,
                t!("A client told its user that it does not know, and the request has had effect or has it later."),
            ),
            check(
                "slipped-through",
                t!("damage has passed the check of a hop"),
                CheckKind::Sometimes,
                t!("A link has damaged a message in such a way that the check of the hop was good all the same."),
            )
            .promised_under(vec![("story", word("payments"))]),
            check(
                "one-attacks-alone",
                t!("one general attacks alone"),
                CheckKind::Sometimes,
                t!("One of the generals has attacked at dawn, and the other one has stayed on its hill."),
            )
            .promised_under(generals()),
            check(
                "both-attack",
                t!("both generals attack"),
                CheckKind::Sometimes,
                t!("Enough messengers came through: both generals have attacked at the same dawn."),
            )
            .promised_under(generals()),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// What each client has asked for, by its number.
    clients: Vec<Asked>,
    /// How many effects there are on the ledger's disk.
    effects: usize,
    /// What each node had met of damage that it did not notice.
    slipped: Vec<u64>,
    /// What each general has decided last.
    decisions: [Option<Decision>; 2],
}

/// What one client has asked for.
#[derive(Clone, Debug, Default, Serialize)]
struct Asked {
    requests: List<Fate>,
    /// The newest request of which the user was told.
    told: u32,
    /// The number of the last contradiction.
    contradicted: Option<(u32, Answer, Answer)>,
    /// The number of the newest limit in force.
    last_set: u32,
    /// Nothing is promised of the requests up to this one, since the ledger has lost its disk.
    void: u32,
    /// Nothing is promised any more, since the client has lost its disk.
    is_lost: bool,
}

/// What has become of one request.
#[derive(Clone, Copy, Debug, Serialize)]
struct Fate {
    ask: Ask,
    effects: u32,
    told: Option<Verdict>,
}

impl sim::Monitor<UnreliableNode> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, UnreliableNode>, verdicts: &mut Verdicts) {
        if seen.config.story == Story::Generals {
            self.look_at_generals(seen, verdicts);
            verdicts.reached(ALL_END, true);
            return;
        }
        self.clients.resize_with(usize::from(seen.config.clients), Asked::default);
        if let Some(node) = seen.node {
            if seen.config.is_client(node) {
                self.look_at_client(node, seen, verdicts);
            } else if node == seen.config.ledger() {
                self.look_at_disk(seen, verdicts);
            }
            self.look_at_damage(node, seen, verdicts);
        }
        judge_the_end(seen, verdicts);
    }
}

impl Monitor {
    fn look_at_client(&mut self, node: NodeId, seen: &Observation<'_, UnreliableNode>, verdicts: &mut Verdicts) {
        let ledger = seen.config.ledger();
        let asked = &mut self.clients[node.index()];
        asked.is_lost |= (seen.nodes.disk(node).client.made as usize) < asked.requests.len();
        let Some(client) = seen.nodes.state(node).and_then(UnreliableNode::client).filter(|_| !asked.is_lost) else {
            return;
        };
        let made = client.written().made as usize;
        while asked.requests.len() < made
            && let Some(open) = &client.open
        {
            asked.requests.push(Fate { ask: open.ask, effects: 0, told: None });
        }
        let last = client.written().told.back().filter(|told| told.number > asked.told);
        if let Some(told) = last
            && let Some(fate) = asked.requests.get_mut(told.number as usize - 1)
        {
            asked.told = told.number;
            fate.told = Some(told.verdict);
            let (number, what, fate) = (told.number, in_words(fate.ask), *fate);
            let nodes = [node, ledger];
            match told.verdict {
                Verdict::Done if fate.effects == 0 && told.number > asked.void => verdicts.broken(TOLD_DONE, &nodes, || {
                    t!("{node} has told its user that request {number} is done ({what}), and the disk of {ledger} knows nothing of it", node = node, number = number, what = what, ledger = ledger)
                }),
                Verdict::Failed if fate.effects > 0 && told.number > asked.void => verdicts.broken(TOLD_FAILED, &nodes, || {
                    t!("{node} has told its user that request {number} failed ({what}), and it had taken effect", node = node, number = number, what = what)
                }),
                Verdict::Unknown if fate.effects > 0 => {
                    verdicts.seen(NEVER_KNEW, &nodes, || never_knew(node, number, what));
                }
                _ => {}
            }
        }
        if client.contradiction != asked.contradicted {
            asked.contradicted = client.contradiction;
            if let Some((number, first, other)) = client.contradiction.filter(|(number, ..)| *number > asked.void) {
                verdicts.broken(SAME_ANSWER, &[node, ledger], || {
                    t!(
                        "{node} has had two answers to request {number}: {first}, and {other}",
                        node = node,
                        number = number,
                        first = said(first),
                        other = said(other)
                    )
                });
            }
        }
    }

    /// Looks at what is new on the ledger's disk.
    fn look_at_disk(&mut self, seen: &Observation<'_, UnreliableNode>, verdicts: &mut Verdicts) {
        let log = &seen.nodes.disk(seen.config.ledger()).book.log;
        if log.len() < self.effects {
            self.effects = 0;
            for asked in &mut self.clients {
                (asked.void, asked.last_set) = (asked.requests.len() as u32, 0);
            }
        }
        while let Some(entry) = log.get(self.effects) {
            self.effects += 1;
            self.judge(*entry, seen.config.ledger(), verdicts);
        }
    }

    fn judge(&mut self, entry: Entry, ledger: NodeId, verdicts: &mut Verdicts) {
        let number = entry.number;
        let place = usize::from(entry.client).checked_sub(1);
        let nobody = || {
            t!("{node} has carried out what nobody has asked for: {what}", node = ledger, what = in_words(entry.ask))
        };
        let Some((place, asked)) = place.and_then(|place| Some((place, self.clients.get_mut(place)?))) else {
            verdicts.broken(RIGHT_EFFECT, &[ledger], nobody);
            return;
        };
        if asked.is_lost {
            return;
        }
        let client = NodeId::at(place);
        let nodes = [ledger, client];
        let Some(fate) = (number as usize).checked_sub(1).and_then(|place| asked.requests.get_mut(place)) else {
            verdicts.broken(RIGHT_EFFECT, &nodes, nobody);
            return;
        };
        fate.effects += 1;
        let fate = *fate;
        let (is_promised, what) = (number > asked.void, in_words(fate.ask));
        if fate.ask != entry.ask {
            verdicts.broken(RIGHT_EFFECT, &nodes, || {
                t!(
                    "{client} has asked: {what}. {node} has done this: {other}",
                    client = client,
                    what = what.clone(),
                    node = ledger,
                    other = in_words(entry.ask)
                )
            });
        }
        let twice = || {
            t!(
                "Request {number} of {client} has had effect {count} times: {what}",
                number = number,
                client = client,
                count = fate.effects,
                what = what.clone()
            )
        };
        if fate.effects > 1 {
            verdicts.seen(TWICE, &nodes, twice);
        }
        if fate.effects > 1 && is_promised {
            verdicts.broken(AT_MOST_ONCE, &nodes, twice);
        }
        match fate.told {
            Some(Verdict::Failed) if is_promised => verdicts.broken(TOLD_FAILED, &nodes, || {
                t!(
                    "{client} has told its user that request {number} failed ({what}), and now it takes effect",
                    client = client,
                    number = number,
                    what = what.clone()
                )
            }),
            Some(Verdict::Unknown) => verdicts.seen(NEVER_KNEW, &nodes, || never_knew(client, number, what.clone())),
            _ => {}
        }
        if entry.ask.deed == Deed::Set {
            if number < asked.last_set && is_promised {
                verdicts.broken(NO_STALE_SET, &nodes, || {
                    t!(
                        "The limit of request {number} of {client} takes effect after that of request {newer}",
                        number = number,
                        client = client,
                        newer = asked.last_set
                    )
                });
            }
            asked.last_set = asked.last_set.max(number);
        }
    }

    fn look_at_damage(&mut self, node: NodeId, seen: &Observation<'_, UnreliableNode>, verdicts: &mut Verdicts) {
        self.slipped.resize(seen.nodes.len(), 0);
        let slipped = seen.nodes.state(node).and_then(UnreliableNode::seen).map_or(0, |seen| seen.slipped);
        if slipped > self.slipped[node.index()] {
            verdicts.seen(SLIPPED_THROUGH, &[node], || {
                t!("{node} has taken damaged bytes, since the check of the hop was good", node = node)
            });
        }
        self.slipped[node.index()] = slipped;
    }

    fn look_at_generals(&mut self, seen: &Observation<'_, UnreliableNode>, verdicts: &mut Verdicts) {
        let Some(node) = seen.node.filter(|node| node.index() < 2) else { return };
        let last =
            seen.nodes.state(node).and_then(UnreliableNode::general).and_then(|general| general.decisions.last());
        let Some(last) = last.filter(|last| self.decisions[node.index()].as_ref() != Some(*last)) else { return };
        self.decisions[node.index()] = Some(*last);
        let [Some(one), Some(other)] = self.decisions else { return };
        if one.began_us != other.began_us {
            return;
        }
        let (a, b) = (NodeId(0), NodeId(1));
        match (one.attacks, other.attacks) {
            (true, true) => {
                verdicts.seen(BOTH_ATTACK, &[a, b], || t!("{a} and {b} have attacked at the same dawn", a = a, b = b))
            }
            (true, false) => verdicts.seen(ONE_ALONE, &[a, b], || alone(a, b)),
            (false, true) => verdicts.seen(ONE_ALONE, &[a, b], || alone(b, a)),
            (false, false) => {}
        }
    }
}

fn alone(one: NodeId, other: NodeId) -> Text {
    t!("{one} has attacked alone, since {other} has stayed", one = one, other = other)
}

fn never_knew(client: NodeId, number: u32, what: Text) -> Text {
    t!(
        "{client} has told its user that it does not know about request {number} ({what}): it has taken effect",
        client = client,
        number = number,
        what = what
    )
}

fn said(answer: Answer) -> Text {
    match answer.after {
        0 => t!("{status}", status = answer.status.word()),
        after => t!("{status}, {amount}", status = answer.status.word(), amount = after),
    }
}

/// Judges what has to be so in the end.
fn judge_the_end(seen: &Observation<'_, UnreliableNode>, verdicts: &mut Verdicts) {
    let most_us = seen.config.retries().longest_us() + SLACK_US;
    let ends = (0..seen.config.clients).map(NodeId).all(|node| {
        let now_us = seen.nodes.clock(node).counts(seen.at_us);
        match seen.nodes.state(node).and_then(UnreliableNode::client) {
            Some(client) => {
                client.open.as_ref().is_none_or(|open| now_us <= open.attempts.since_us.saturating_add(most_us))
            }
            None => seen.nodes.disk(node).client.open.is_none(),
        }
    });
    verdicts.reached(ALL_END, ends);
}
