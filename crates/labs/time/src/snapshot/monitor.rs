//! The checks: whether what a snapshot tells could have been so.
//!
//! The monitor sees all channels. It counts by the numbers of messages, and not by vector times: acknowledgements, which are no
//! part of the computation, count there too.

use std::collections::VecDeque;
use std::rc::Rc;

use parts::values::word;
use serde::Serialize;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Text, Verdicts, t};

use super::application::{Holding, Load, expected};
use super::channel::Content;
use super::global::Global;
use super::numbers::Numbers;
use super::recording::{Complete, Recording, SnapshotId};
use super::settings::{Application, Config};
use super::{Process, Snapshot};

const CUT_CONSISTENT: usize = 0;
const CHANNEL_EXACT: usize = 1;
const MONEY_KEPT: usize = 2;
const STABLE_TOLD_TRUE: usize = 3;
const SNAPSHOT_ENDS: usize = 4;
const NEVER_WAS: usize = 5;
const IN_FLIGHT: usize = 6;
const WRONG_TOTAL: usize = 7;

/// A snapshot that began longer ago than this has to be complete, once the faults are over.
const LONGEST_US: u64 = 5_000_000;

/// How many lines are kept for the lanes.
const LINES: usize = 4;

/// How many states of the whole system are kept to be shown.
pub const ROWS: usize = 10;

impl Checks for Snapshot {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        let algorithms = |names: &[&str]| names.iter().map(|name| ("algorithm", word(name))).collect::<Vec<_>>();
        let applications = |names: &[&str]| names.iter().map(|name| ("application", word(name))).collect::<Vec<_>>();
        let of_papers = || algorithms(&["markers", "lai-yang"]);
        vec![
            check(
                "cut-consistent",
                t!("nothing is received before it is sent"),
                CheckKind::Always,
                t!("No snapshot has recorded that a message was received and, at its sender, that it was not sent yet."),
            )
            .promised_under(of_papers()),
            check(
                "channel-exact",
                t!("a recorded channel holds what was under way"),
                CheckKind::Always,
                t!(
                    "A recorded channel holds exactly what was sent before its sender recorded, and received after its receiver did."
                ),
            )
            .promised_under(of_papers()),
            check(
                "money-kept",
                t!("no money is missing, and none is made"),
                CheckKind::Always,
                t!("All recorded balances and channels together are the money of the start; of batons there is one."),
            )
            .promised_under([of_papers(), applications(&["bank", "token"])].concat()),
            check(
                "stable-told-true",
                t!("what has ended is told, and nothing else"),
                CheckKind::Always,
                t!(
                    "If a snapshot shows that all work is over, or the baton lost, it is so now. If it was so before, it is shown."
                ),
            )
            .kept_by("record_channels")
            .promised_under([of_papers(), applications(&["token", "work"])].concat()),
            check(
                "snapshot-ends",
                t!("each snapshot ends"),
                CheckKind::Eventually,
                t!("Once the faults are over, each snapshot that began more than 5 s ago is complete."),
            ),
            check(
                "never-was",
                t!("a state is recorded that never was"),
                CheckKind::Sometimes,
                t!("A snapshot is complete, and what it shows is at no moment what was, from its beginning on."),
            ),
            check(
                "in-flight",
                t!("a message is recorded under way"),
                CheckKind::Sometimes,
                t!("A complete snapshot has found a message in a channel: sent before, and received after."),
            ),
            check(
                "wrong-total",
                t!("a snapshot tells what is not so"),
                CheckKind::Sometimes,
                t!("A snapshot counts more or less than there is, or shows the end of work that goes on."),
            )
            .promised_under(algorithms(&["together", "clock"])),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// Whether a process has lost its disk: then nothing is promised any more.
    has_lost_disk: bool,
    /// What is known of each channel, from a process (the row) to another one (the place in it).
    ledgers: Vec<Vec<Ledger>>,
    /// What is known of each process.
    known: Vec<Known>,
    /// The snapshots that are not complete.
    open: Vec<Open>,
    /// The last snapshots, as lines through the lanes, the oldest first.
    lines: VecDeque<Line>,
    /// The last complete snapshot.
    judged: Option<Rc<Judged>>,
}

/// All that was sent down a channel, as long as it matters.
#[derive(Clone, Debug, Default, Serialize)]
struct Ledger {
    last: u64,
    taken: Numbers,
    loads: VecDeque<(u64, Load)>,
}

/// What was last seen of a process.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Known {
    is_started: bool,
    holding: Option<Holding>,
    snapshots: u32,
    complete: u64,
}

/// A snapshot that is not complete.
#[derive(Clone, Debug, Serialize)]
struct Open {
    id: SnapshotId,
    began_us: u64,
    /// What was there when it began.
    total: u64,
    /// What had been taken from each channel then.
    taken: Vec<Vec<u64>>,
    /// The states of the whole system since then, as numbers, and the first ones as they were.
    digests: Vec<u64>,
    rows: Vec<Rc<Global>>,
}

/// A snapshot as a line through the lanes.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub id: SnapshotId,
    points: Vec<Option<Point>>,
    /// A message that was received before the line and sent after it.
    pub backwards: Option<Backwards>,
}

/// Where a process recorded its state.
#[derive(Clone, Debug, Serialize)]
pub struct Point {
    pub event: u64,
    pub at_us: u64,
    sent: Vec<u64>,
    taken: Vec<Numbers>,
}

/// A message that was received before a line and sent after it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Backwards {
    pub from: NodeId,
    pub to: NodeId,
    pub load: Load,
}

/// A complete snapshot beside what really was.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    pub id: SnapshotId,
    pub recorded: Global,
    /// The first states of the whole system since it began.
    pub rows: Vec<Rc<Global>>,
    /// How many there were.
    pub passed: usize,
}

impl Line {
    /// Where processes have recorded, in the order of the lanes.
    pub fn points(&self) -> impl Iterator<Item = (NodeId, &Point)> {
        self.points.iter().enumerate().filter_map(|(place, point)| Some((NodeId::at(place), point.as_ref()?)))
    }

    /// A message from or to this process that goes backwards over the line.
    fn backwards_at(&self, node: NodeId, ledgers: &[Vec<Ledger>]) -> Option<Backwards> {
        for (from, sender) in self.points() {
            for (to, receiver) in self.points().filter(|(to, _)| *to != from && (from == node || *to == node)) {
                let (sent, taken) = (sender.sent[to.index()], &receiver.taken[from.index()]);
                if let Some(load) = backwards(&ledgers[from.index()][to.index()], sent, taken) {
                    return Some(Backwards { from, to, load });
                }
            }
        }
        None
    }
}

impl Backwards {
    pub fn text(self) -> Text {
        t!(
            "{to} has received {load} from {from}, which {from} had not sent yet",
            to = self.to,
            from = self.from,
            load = self.load.text()
        )
    }
}

impl sim::Monitor<Process> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, Process>, verdicts: &mut Verdicts) {
        if self.known.is_empty() {
            let nodes = seen.nodes.len();
            self.known = vec![Known::default(); nodes];
            self.ledgers = vec![vec![Ledger::default(); nodes]; nodes];
            for node in seen.nodes.ids() {
                self.note_holding(node, seen);
            }
        }
        if let Some(node) = seen.node
            && !self.has_lost_disk
        {
            self.look_at(node, seen, verdicts);
        }
        let is_late = |open: &Open| seen.at_us.saturating_sub(open.began_us) > LONGEST_US;
        verdicts.reached(SNAPSHOT_ENDS, self.has_lost_disk || !self.open.iter().any(is_late));
    }
}

impl Monitor {
    /// The last snapshots as lines, the oldest first.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter()
    }

    /// The last complete snapshot.
    pub fn judged(&self) -> Option<&Judged> {
        self.judged.as_deref()
    }

    /// The state of the whole system now.
    pub fn now(&self) -> Global {
        let under_way = |ledger: &Ledger| {
            let loads = ledger.loads.iter().filter(|(number, _)| !ledger.taken.has(*number));
            loads.map(|(_, load)| *load).collect()
        };
        Global {
            holdings: self.known.iter().filter_map(|known| known.holding).collect(),
            channels: self.ledgers.iter().map(|row| row.iter().map(under_way).collect()).collect(),
        }
    }

    fn note_holding(&mut self, node: NodeId, seen: &Observation<'_, Process>) {
        let known = &mut self.known[node.index()];
        if let Some(process) = process(seen, node) {
            (known.is_started, known.holding) = (true, Some(process.holding));
        }
    }

    fn look_at(&mut self, node: NodeId, seen: &Observation<'_, Process>, verdicts: &mut Verdicts) {
        let Some(process) = process(seen, node) else {
            self.has_lost_disk |= self.known[node.index()].is_started;
            return;
        };
        let before = self.known[node.index()];
        let has_moved = self.read_channels(node, process) || before.holding != Some(process.holding);
        self.note_holding(node, seen);
        if has_moved {
            self.note_state();
        }
        self.begin(node, process, seen.at_us);
        self.draw_lines(node, process, seen);
        while self.known[node.index()].complete < process.completed {
            self.known[node.index()].complete += 1;
            let age = process.completed - self.known[node.index()].complete;
            let place = process.complete.len().checked_sub(1 + age as usize);
            if let Some(complete) = place.and_then(|place| process.complete.get(place)) {
                self.judge(complete, seen.config, verdicts);
            }
        }
        self.forget();
    }

    /// Takes over what a process has sent and taken. Returns whether something of the application was among it.
    fn read_channels(&mut self, node: NodeId, process: &Process) -> bool {
        let mut has_moved = false;
        for (to, out) in process.out.iter().enumerate() {
            let ledger = &mut self.ledgers[node.index()][to];
            let last = ledger.last;
            if out.last == last {
                continue;
            }
            ledger.last = out.last;
            // What has just been sent is not acknowledged.
            for (_, packet) in out.waiting.iter().filter(|(_, packet)| packet.number > last) {
                if let Content::Load(load) = packet.content {
                    ledger.loads.push_back((packet.number, load));
                    has_moved = true;
                }
            }
        }
        for (from, incoming) in process.incoming.iter().enumerate() {
            let ledger = &mut self.ledgers[from][node.index()];
            if ledger.taken != incoming.taken {
                ledger.taken.clone_from(&incoming.taken);
                has_moved = true;
            }
        }
        has_moved
    }

    /// The whole system is in a new state.
    fn note_state(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let now = Rc::new(self.now());
        let digest = now.digest();
        for open in self.open.iter_mut().filter(|open| open.digests.last() != Some(&digest)) {
            open.digests.push(digest);
            if open.rows.len() < ROWS {
                open.rows.push(now.clone());
            }
        }
    }

    /// Notes the snapshots that a process has begun.
    fn begin(&mut self, node: NodeId, process: &Process, at_us: u64) {
        while self.known[node.index()].snapshots < process.started {
            self.known[node.index()].snapshots += 1;
            let id = SnapshotId { initiator: node, number: self.known[node.index()].snapshots };
            let now = Rc::new(self.now());
            let taken = self.ledgers.iter().map(|row| row.iter().map(|ledger| ledger.taken.upto).collect()).collect();
            self.open.push(Open {
                id,
                began_us: at_us,
                total: now.total(),
                taken,
                digests: vec![now.digest()],
                rows: vec![now],
            });
            self.lines.push_back(Line { id, points: vec![None; self.known.len()], backwards: None });
            if self.lines.len() > LINES {
                self.lines.pop_front();
            }
        }
    }

    /// Draws the lines on to where a process has recorded its state.
    fn draw_lines(&mut self, node: NodeId, process: &Process, seen: &Observation<'_, Process>) {
        let Monitor { lines, ledgers, .. } = self;
        for line in lines.iter_mut().filter(|line| line.points[node.index()].is_none()) {
            let parts = process.recordings.iter().chain(process.done.iter().map(|done| &**done));
            let is_it = |part: &&Recording| part.id == line.id && part.holding.is_some();
            let Some(part) = parts.into_iter().find(is_it) else { continue };
            line.points[node.index()] = Some(Point {
                event: seen.event,
                at_us: seen.at_us,
                sent: part.sent.clone(),
                taken: part.taken.clone(),
            });
            line.backwards = line.backwards.or_else(|| line.backwards_at(node, ledgers));
        }
    }

    /// A snapshot is complete.
    fn judge(&mut self, complete: &Complete, config: &Config, verdicts: &mut Verdicts) {
        let Some(place) = self.open.iter().position(|open| open.id == complete.id) else { return };
        let open = self.open.remove(place);
        let initiator = complete.id.initiator;
        let recorded = Global::recorded(complete);
        self.judge_channels(complete, verdicts);
        if !recorded.is_quiet() {
            verdicts.seen(IN_FLIGHT, &[initiator], || {
                t!(
                    "{snapshot} has found messages under way: {count}",
                    snapshot = complete.id.text(),
                    count = complete.under_way()
                )
            });
        }
        if !open.digests.contains(&recorded.digest()) {
            verdicts.seen(NEVER_WAS, &[initiator], || {
                t!(
                    "{snapshot} has recorded none of the states that there were since it began: {count}",
                    snapshot = complete.id.text(),
                    count = open.digests.len()
                )
            });
        }
        let (total, now) = (recorded.total(), self.now().total());
        let is_bank = config.application == Application::Bank;
        let told = || match expected(config) {
            Some(all) => {
                t!("{snapshot} counts {total} of {all}", snapshot = complete.id.text(), total = total, all = all)
            }
            None if total == 0 => {
                t!("{snapshot} shows that all work is over, and there is work", snapshot = complete.id.text())
            }
            None => t!("{snapshot} shows work, and it was over before", snapshot = complete.id.text()),
        };
        // The token may be lost meanwhile: then both are right.
        let right = if is_bank { [expected(config).unwrap_or(0); 2] } else { [open.total, now] };
        if config.application != Application::Work && !right.contains(&total) {
            verdicts.broken(MONEY_KEPT, &[initiator], told);
        }
        let is_untrue = !is_bank && ((total == 0 && now > 0) || (total > 0 && open.total == 0));
        if is_untrue {
            verdicts.broken(STABLE_TOLD_TRUE, &[initiator], told);
        }
        if is_untrue || (config.application != Application::Work && !right.contains(&total)) {
            verdicts.seen(WRONG_TOTAL, &[initiator], told);
        }
        let passed = open.digests.len();
        self.judged = Some(Rc::new(Judged { id: complete.id, recorded, rows: open.rows, passed }));
    }

    /// Each channel by the numbers of its messages.
    fn judge_channels(&self, complete: &Complete, verdicts: &mut Verdicts) {
        for (from, sender) in complete.parts.iter().enumerate() {
            for (to, receiver) in complete.parts.iter().enumerate().filter(|(to, _)| *to != from) {
                let ledger = &self.ledgers[from][to];
                let (sent, taken) = (sender.sent[to], &receiver.taken[from]);
                let (a, b) = (NodeId::at(from), NodeId::at(to));
                if let Some(load) = backwards(ledger, sent, taken) {
                    verdicts.broken(CUT_CONSISTENT, &[a, b], || Backwards { from: a, to: b, load }.text());
                }
                let Some(channel) = &receiver.channels[from] else { continue };
                let under_way = ledger.loads.iter().filter(|(number, _)| *number <= sent && !taken.has(*number));
                let mut recorded = channel.loads.clone();
                recorded.sort_unstable_by_key(|(number, _)| *number);
                if !under_way.copied().eq(recorded.iter().copied()) {
                    verdicts.broken(CHANNEL_EXACT, &[a, b], || {
                        t!(
                            "In {snapshot} the channel from {from} to {to} holds messages: {recorded}; under way were: {right}",
                            snapshot = complete.id.text(),
                            from = a,
                            to = b,
                            recorded = recorded.len(),
                            right = ledger.loads.iter().filter(|(number, _)| *number <= sent && !taken.has(*number)).count()
                        )
                    });
                }
            }
        }
    }

    /// What was taken before all open snapshots began matters no more.
    fn forget(&mut self) {
        for (from, row) in self.ledgers.iter_mut().enumerate() {
            for (to, ledger) in row.iter_mut().enumerate() {
                let floor = self.open.iter().map(|open| open.taken[from][to]).fold(ledger.taken.upto, u64::min);
                while ledger.loads.front().is_some_and(|(number, _)| *number <= floor) {
                    ledger.loads.pop_front();
                }
            }
        }
    }
}

/// Something that was sent after so many packets, and had been taken.
fn backwards(ledger: &Ledger, sent: u64, taken: &Numbers) -> Option<Load> {
    ledger.loads.iter().find(|(number, _)| *number > sent && taken.has(*number)).map(|(_, load)| *load)
}

/// A process, or what is on its disk while it is down.
fn process<'a>(seen: &Observation<'a, Process>, node: NodeId) -> Option<&'a Process> {
    seen.nodes.state(node).or(seen.nodes.disk(node).as_deref())
}
