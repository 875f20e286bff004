//! The monitor: it sees all processes and all channels.

use std::collections::VecDeque;
use std::rc::Rc;

use serde::Serialize;
use sim::{NodeId, Observation, Verdicts};

use super::Process;
use super::application::Holding;
use super::channel::Content;
use super::checks::SNAPSHOT_ENDS;
use super::global::Global;
use super::judgement::{Judged, Open};
use super::ledger::Ledger;
use super::line::{Line, Point};
use super::recording::{Recording, SnapshotId};

/// A snapshot that began longer ago than this has to be complete, once the faults are over.
const LONGEST_US: u64 = 5_000_000;

/// How many lines are kept for the lanes.
const LINES: usize = 4;

/// How many states of the whole system are kept to be shown.
pub const ROWS: usize = 10;

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// Whether a process has lost its disk: then nothing is promised any more.
    has_lost_disk: bool,
    /// What is known of each channel, from a process (the row) to another one (the place in it).
    pub(super) ledgers: Vec<Vec<Ledger>>,
    /// What is known of each process.
    known: Vec<Known>,
    /// The snapshots that are not complete.
    pub(super) open: Vec<Open>,
    /// The last snapshots, as lines through the lanes, the oldest first.
    lines: VecDeque<Line>,
    /// The last complete snapshot.
    pub(super) judged: Option<Rc<Judged>>,
}

/// What was last seen of a process.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Known {
    is_started: bool,
    holding: Option<Holding>,
    snapshots: u32,
    complete: u64,
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

/// A process, or what is on its disk while it is down.
fn process<'a>(seen: &Observation<'a, Process>, node: NodeId) -> Option<&'a Process> {
    seen.nodes.state(node).or(seen.nodes.disk(node).as_deref())
}
