//! A visitor's work with one lab: a tree of branches and a place in it.

use std::any::Any;

use crate::base::id::NodeId;
use crate::base::settings::{Setting, Settings, Value};
use crate::base::text::Text;
use crate::explain::known;
use crate::explain::why::{self, Subject, Why};
use crate::frame::{CheckRow, Field, Frame, Node, Tone, TraceEvent, Weight};
use crate::judge::check::{Check, Judge, Outcome, Verdict};
use crate::judge::history::consistency::Consistency;
use crate::judge::history::{History, Model};
use crate::judge::over_history::{Appoint, Follower, follower};
use crate::kernel::input::{Input, Timed};
use crate::kernel::system::{About, Rule};
use crate::kernel::world::World;
use crate::run::catalogue::AnyLab;
use crate::run::catalogue::{ScenarioCard, scenario};
use crate::run::lab::Preset;
use crate::run::scenario::Scenario;
use crate::run::timeline::{Ahead, Replay, Timeline};
use crate::run::weights::Weights;
use crate::session::tree::{Left, MOST_AHEAD};
use crate::session::{BranchRow, Fork, LabSession, Place, Until};
use crate::show::outline::Outline;
use crate::show::present;
use crate::t;

/// How many events may be computed to find a moment of another branch.
const MOST_COMPARED: u64 = 10_000;

/// The session of one lab.
#[derive(Debug)]
pub struct Work {
    pub(super) lab: &'static dyn AnyLab,
    about: About,
    pub(super) settings: Vec<Setting>,
    presets: Vec<Preset>,
    rules: Vec<Rule>,
    checks: Vec<Check>,
    scenarios: Vec<ScenarioCard>,
    pub(super) branches: Vec<Branch>,
    pub(super) selected: usize,
    pub(super) branches_made: u32,
    /// The branch that was removed last, and its place.
    pub(super) removed: Option<(usize, Branch)>,
    /// Makes who follows the histories of branches; none as long as they are not judged.
    judge: Option<Appoint>,
}

#[derive(Debug)]
pub(super) struct Branch {
    pub(super) letter: String,
    pub(super) title: Text,
    pub(super) is_named: bool,
    /// The branches that it came from, the nearest first.
    pub(super) past: Vec<Fork>,
    pub(super) timeline: Timeline,
    /// Where it was left, if it has not been computed since it was kept.
    pub(super) left: Option<Left>,
    /// The inputs that it was opened with: a scenario, a link or a hunt has brought them.
    pub(super) prepared: Vec<Timed>,
    /// Where the last look at another moment ended: the next one often begins there.
    pub(super) scout: Option<Replay>,
    /// Who follows the history of operations, as far as it was looked at: one for each check that it decides.
    pub(super) followers: Vec<Option<Box<dyn Follower>>>,
}

impl Work {
    /// A session that stands at the opening moment of the lab's first scenario.
    pub fn new(lab: &'static dyn AnyLab) -> Result<Work, Text> {
        let mut work = Work::unjudged(lab)?;
        work.judge_histories();
        Ok(work)
    }

    /// The same before anybody judges the histories of operations.
    pub fn unjudged(lab: &'static dyn AnyLab) -> Result<Work, Text> {
        let mut work = Work::empty(lab)?;
        if let Some(first) = work.scenarios.first().map(|card| card.name) {
            work.open(first)?;
        }
        Ok(work)
    }

    /// A session at the start of an empty run.
    fn empty(lab: &'static dyn AnyLab) -> Result<Work, Text> {
        let mut work = Work {
            lab,
            about: lab.about(),
            settings: lab.settings(),
            presets: lab.presets(),
            rules: lab.rules(),
            checks: lab.checks(),
            scenarios: lab.scenarios(),
            branches: Vec::new(),
            selected: 0,
            branches_made: 0,
            removed: None,
            judge: None,
        };
        let world = World::new(lab, Settings::default(), 0)?;
        work.begin(Timeline::new(world, Vec::new()), t!("first run"));
        Ok(work)
    }

    fn begin(&mut self, timeline: Timeline, title: Text) {
        self.clear();
        self.open_timeline(timeline, title);
    }

    pub(super) fn clear(&mut self) {
        self.branches.clear();
        self.branches_made = 0;
        self.removed = None;
    }

    /// Adds a branch with inputs that nobody has made here.
    fn open_timeline(&mut self, timeline: Timeline, title: Text) {
        let prepared = timeline.inputs().to_vec();
        self.add_branch(timeline, title, Vec::new(), prepared);
    }

    fn add_branch(&mut self, timeline: Timeline, title: Text, past: Vec<Fork>, prepared: Vec<Timed>) {
        let letter = letter(self.branches_made);
        self.branches_made += 1;
        let followers = self.followers();
        self.branches.push(Branch {
            letter,
            title,
            is_named: false,
            past,
            timeline,
            left: None,
            prepared,
            scout: None,
            followers,
        });
        self.selected = self.branches.len() - 1;
    }

    pub(super) fn followers(&self) -> Vec<Option<Box<dyn Follower>>> {
        self.checks.iter().map(|check| self.judge.and_then(|judge| judge(check))).collect()
    }

    /// From here on the histories of operations are judged.
    pub fn judge_histories(&mut self) {
        self.judge = Some(follower);
        for place in 0..self.branches.len() {
            self.branches[place].followers = self.followers();
        }
    }

    /// The lab.
    pub fn lab(&self) -> &'static dyn AnyLab {
        self.lab
    }

    /// The timeline of the selected branch.
    pub fn timeline(&self) -> &Timeline {
        &self.branches[self.selected].timeline
    }

    /// Looks at the events of the selected branch from number `first` to `last`, as far as they have been computed:
    /// the replay stands before the first of them. None when there are none.
    fn look<R>(&mut self, first: u64, last: u64, look: impl FnOnce(&mut Replay, u64) -> R) -> Option<R> {
        let Branch { timeline, scout, .. } = &mut self.branches[self.selected];
        let last = last.min(timeline.length());
        if first > last {
            return None;
        }
        let earlier = scout.take();
        Some(look(scout.insert(timeline.go_on(earlier, first - 1)), last))
    }

    fn timeline_mut(&mut self) -> &mut Timeline {
        &mut self.branches[self.selected].timeline
    }

    /// The last event and the frame before it.
    fn last_event(&self) -> Option<(Frame, TraceEvent)> {
        let event = self.timeline().world().event();
        let mut replay = self.timeline().replay_from(event.checked_sub(1)?);
        let before = present::frame(replay.world(), None);
        replay.record(true);
        replay.forward().then(|| (before, present::trace_event(replay.world())))
    }

    /// How the checks stand at the cursor.
    fn verdicts(&mut self) -> Vec<Verdict> {
        let Branch { timeline, followers, .. } = &mut self.branches[self.selected];
        let world = timeline.world();
        let verdict =
            |(place, follower): (usize, &mut Option<Box<dyn Follower>>)| match (&self.checks[place].judge, follower) {
                (Judge::Linearizability(_), Some(follower)) => follower.verdict(world.history(), world.event()),
                (Judge::Linearizability(_), None) => not_judged(),
                (Judge::Monitor, _) => world.verdicts().get(place).clone(),
            };
        followers.iter_mut().enumerate().map(verdict).collect()
    }

    fn check_rows(&mut self) -> Vec<CheckRow> {
        let verdicts = self.verdicts();
        let world = self.timeline().world();
        let (labels, settings) = (&world.nodes().labels, world.settings());
        let row = |(check, verdict): (&Check, Verdict)| CheckRow {
            name: check.name,
            title: check.title.clone(),
            outcome: verdict.outcome,
            sentence: verdict.sentence.map(|sentence| sentence.with_labels(labels)),
            event: verdict.event,
            nodes: verdict.nodes,
        };
        let judged = |(check, verdict)| (check, self.unless_unpromised(check, verdict, settings));
        self.checks.iter().zip(verdicts).map(judged).map(row).collect()
    }

    /// The verdict of a check; where nobody promises it, or it cannot happen, that instead.
    fn unless_unpromised(&self, check: &Check, verdict: Verdict, settings: &Settings) -> Verdict {
        if check.is_promised(settings) {
            return verdict;
        }
        let sentence = check.condition(&self.settings);
        let outcome = if check.is_to_be_seen() { Outcome::NotSeen } else { Outcome::NotPromised };
        Verdict { outcome, event: None, last: None, sentence, nodes: Vec::new() }
    }

    fn start_world(&self, changes: &[(String, Value)], seed: u64) -> Result<World, Text> {
        let settings =
            changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()));
        World::new(self.lab, settings, seed)
    }

    /// The run of a scenario, at its moment.
    fn compute(&self, scenario: &Scenario) -> Result<Timeline, Text> {
        if scenario.lab != self.about.id {
            return Err(t!("this scenario belongs to the lab {lab}", lab = scenario.lab.clone()));
        }
        scenario.accept()?;
        let world = World::new(self.lab, scenario.settings.clone(), scenario.seed)?;
        let mut timeline = Timeline::new(world, scenario.inputs.clone());
        timeline.seek(scenario.cursor);
        Ok(timeline)
    }

    /// Computes a branch that has been kept, as far as it was, and goes where it was left.
    pub(super) fn wake(&mut self, branch: usize) {
        let Branch { timeline, left, .. } = &mut self.branches[branch];
        if let Some(left) = left.take() {
            timeline.seek(left.length.min(left.cursor + MOST_AHEAD));
            timeline.seek(left.cursor);
        }
    }

    fn branch_exists(&self, branch: usize) -> Result<(), Text> {
        if branch < self.branches.len() {
            return Ok(());
        }
        Err(t!("there is no such branch: it may have been removed"))
    }
}

impl dyn AnyLab {
    /// A session at the opening moment of the first scenario.
    pub fn open(&'static self) -> Result<Box<dyn LabSession>, Text> {
        Ok(Box::new(Work::new(self)?))
    }

    /// The same, with histories of operations that nobody judges until [`Work::judge_histories`].
    pub fn open_unjudged(&'static self) -> Result<Box<dyn LabSession>, Text> {
        Ok(Box::new(Work::unjudged(self)?))
    }
}

impl Work {
    /// Why something is as it is at this moment.
    pub fn why(&mut self, subject: &Subject) -> Why {
        let checks = match subject {
            Subject::Check(_) => self.check_rows(),
            _ => Vec::new(),
        };
        let Branch { timeline, prepared, .. } = &self.branches[self.selected];
        why::why(timeline, subject, &self.rules, &checks, prepared)
    }

    /// How the operations of clients up to this moment are judged; none for a lab whose clients record none.
    pub fn consistency(&self) -> Option<Consistency> {
        Some(self.timeline().world().consistency(&self.lab.model()?))
    }

    /// This moment as one node can know it at the best.
    pub fn known_by(&mut self, node: NodeId) -> Frame {
        let timeline = self.timeline();
        let world = timeline.world();
        if node.index() >= world.nodes().len() {
            return self.frame();
        }
        let mut frame = known::frame(timeline, world, node);
        frame.length = timeline.length();
        frame.next_at_us = timeline.next_at_us();
        match self.last_event() {
            Some((_, event)) if event.node == Some(node) => {
                let before = timeline.replay_from(event.number - 1);
                let before = known::frame(timeline, before.world(), node);
                for (node, old) in frame.nodes.iter_mut().zip(&before.nodes) {
                    mark_changes(node, old);
                }
                frame.caption = event.caption;
            }
            Some(_) => {
                frame.caption.headline =
                    t!("{node} does not notice what happens now", node = world.label(node).to_string())
            }
            None => frame.caption.headline = t!("The run begins"),
        }
        frame
    }
}

impl LabSession for Work {
    fn as_any(&mut self) -> &mut (dyn Any + 'static) {
        self
    }

    fn about(&self) -> &About {
        &self.about
    }

    fn settings(&self) -> (&[Setting], &Settings) {
        (&self.settings, self.timeline().world().settings())
    }

    fn presets(&self) -> &[Preset] {
        &self.presets
    }

    fn rules(&self) -> &[Rule] {
        &self.rules
    }

    fn scenarios(&self) -> Vec<ScenarioCard> {
        self.scenarios.clone()
    }

    fn open(&mut self, scenario: &str) -> Result<(), Text> {
        let run = self.lab.prepare(scenario)?;
        self.load(&run.scenario)
    }

    fn restart(&mut self, changes: Vec<(String, Value)>, seed: u64) -> Result<(), Text> {
        let world = self.start_world(&changes, seed)?;
        self.begin(Timeline::new(world, Vec::new()), t!("first run"));
        Ok(())
    }

    fn load(&mut self, scenario: &Scenario) -> Result<(), Text> {
        let timeline = self.compute(scenario)?;
        self.begin(timeline, t!("first run"));
        Ok(())
    }

    fn open_branch(&mut self, scenario: &Scenario, title: Text) -> Result<(), Text> {
        let timeline = self.compute(scenario)?;
        self.open_timeline(timeline, title);
        Ok(())
    }

    fn checks(&self) -> &[Check] {
        &self.checks
    }

    fn frame(&mut self) -> Frame {
        let mut frame = present::frame(self.timeline().world(), None);
        frame.length = self.timeline().length();
        frame.next_at_us = self.timeline().next_at_us();
        frame.checks = self.check_rows();
        if let Some((before, event)) = self.last_event() {
            for (node, old) in frame.nodes.iter_mut().zip(&before.nodes) {
                mark_changes(node, old);
            }
            frame.caption = event.caption;
            frame.lost = event.lost;
        } else {
            frame.caption.headline = t!("The run begins");
        }
        frame
    }

    fn trace(&mut self, first: u64, last: u64) -> Vec<TraceEvent> {
        let look = |replay: &mut Replay, last| {
            replay.record(true);
            let mut events = Vec::new();
            while replay.world().event() < last && replay.forward() {
                events.push(present::trace_event(replay.world()));
            }
            events
        };
        self.look(first.max(1), last, look).unwrap_or_default()
    }

    fn outline(&mut self, first: u64, last: u64) -> Option<Outline> {
        let look = |replay: &mut Replay, last| {
            let mut outline = Outline::before(replay.world());
            while replay.world().event() < last && replay.forward() {
                outline.add(replay.world());
            }
            outline
        };
        self.look(first.max(1), last, look)
    }

    fn enclosing(&self, from_us: u64, to_us: u64) -> (u64, u64) {
        self.timeline().enclosing(from_us, to_us)
    }

    fn weights(&self) -> &Weights {
        self.timeline().weights()
    }

    fn ahead(&self, most: u64, idle_us: u64) -> Option<Ahead> {
        self.timeline().ahead(most, idle_us)
    }

    fn inputs(&self) -> Vec<Timed> {
        let timeline = self.timeline();
        let done = timeline.inputs().iter().take_while(|timed| timed.after_event < timeline.length());
        done.cloned().collect()
    }

    fn history(&self) -> Option<(Model, History)> {
        Some((self.lab.model()?, self.timeline().world().history().clone()))
    }

    fn act(&mut self, input: Input, at_us: Option<u64>) -> Result<(), Text> {
        let timeline = self.timeline();
        let labels = timeline.world().nodes().labels.clone();
        let at_us = at_us.unwrap_or_else(|| timeline.world().now_us());
        let explain = |refusal: Text| refusal.with_labels(&labels);
        let event = timeline.world().event();
        // What a scenario or a link has brought may still lie ahead of all that has been computed.
        let is_last = timeline.inputs().last().is_none_or(|last| last.after_event < event);
        if event == timeline.length() && is_last {
            self.branches[self.selected].scout = None;
            return self.timeline_mut().act(input, at_us).map_err(explain);
        }
        let title = t!(
            "{branch}@{event} + {input}",
            branch = self.branches[self.selected].letter.clone(),
            event = event,
            input = input.brief(timeline.world()).with_labels(&labels)
        );
        let mut fork = timeline.fork();
        fork.act(input, at_us).map_err(explain)?;
        let Branch { letter, past, prepared, .. } = &self.branches[self.selected];
        let past_of_both = past.iter().map(|fork| Fork { event: fork.event.min(event), ..fork.clone() });
        let past = [Fork { letter: letter.clone(), event }].into_iter().chain(past_of_both).collect();
        let prepared = prepared.clone();
        self.add_branch(fork, title, past, prepared);
        Ok(())
    }

    fn seek(&mut self, event: u64) -> u64 {
        self.timeline_mut().seek(event)
    }

    fn advance(&mut self, to_us: u64, most: u64) -> u64 {
        let timeline = self.timeline_mut();
        let mut passed = 0;
        while passed < most && timeline.next_at_us().is_some_and(|next_us| next_us <= to_us) && timeline.forward() {
            passed += 1;
        }
        passed
    }

    fn run_until(&mut self, until: Until, most: u64) -> bool {
        if let Until::Moment(at_us) = until {
            return self.timeline_mut().seek_moment(at_us, most);
        }
        let outcomes = |work: &mut Self| work.verdicts().into_iter().map(|verdict| verdict.outcome).collect::<Vec<_>>();
        let before = outcomes(self);
        let leads = leaders(self.timeline().world());
        let counted = |work: &Self, name: &str, node: Option<NodeId>| {
            let measures = work.lab.measures(work.timeline().world());
            measures
                .into_iter()
                .find(|measure| measure.name == name && measure.node == node)
                .map(|measure| measure.value)
        };
        let count_before = match until {
            Until::Measure { name, node } => counted(self, name, node),
            _ => None,
        };
        for _ in 0..most {
            if !self.timeline_mut().forward() {
                return false;
            }
            let is_there = match until {
                Until::Check => outcomes(self) != before,
                Until::Holds(name) => self.holds(name),
                Until::Leader => leaders(self.timeline().world()).iter().any(|leader| !leads.contains(leader)),
                Until::Telling => self.timeline().world().weight() == Weight::Telling,
                Until::Node(node) => self.timeline().world().last_node() == Some(node),
                Until::Measure { name, node } => counted(self, name, node) != count_before,
                Until::Moment(at_us) => self.timeline().world().now_us() >= at_us,
            };
            if is_there {
                return true;
            }
        }
        false
    }

    fn branches(&self) -> Vec<BranchRow> {
        let row = |(place, branch): (usize, &Branch)| BranchRow {
            letter: branch.letter.clone(),
            title: branch.title.clone(),
            past: branch.past.clone(),
            is_named: branch.is_named,
            length: branch.left.map_or(branch.timeline.length(), |left| left.length),
            selected: place == self.selected,
        };
        self.branches.iter().enumerate().map(row).collect()
    }

    fn select_branch(&mut self, branch: usize) -> Result<(), Text> {
        self.branch_exists(branch)?;
        self.selected = branch;
        self.wake(branch);
        Ok(())
    }

    fn frame_of(&mut self, branch: usize, place: Place) -> Option<Frame> {
        self.branch_exists(branch).ok()?;
        self.wake(branch);
        let left = std::mem::replace(&mut self.selected, branch);
        let cursor = self.timeline().world().event();
        match place {
            Place::Event(event) => {
                self.timeline_mut().seek(event);
            }
            Place::Moment(at_us) => {
                self.timeline_mut().seek_moment(at_us, MOST_COMPARED);
            }
        }
        let frame = self.frame();
        self.timeline_mut().seek(cursor);
        self.selected = left;
        Some(frame)
    }

    fn rename_branch(&mut self, branch: usize, name: String) -> Result<(), Text> {
        self.branch_exists(branch)?;
        let name: String = name.trim().chars().take(60).collect();
        if name.is_empty() {
            return Err(t!("a branch needs a name of at least one character"));
        }
        let branch = &mut self.branches[branch];
        (branch.title, branch.is_named) = (Text::verbatim(name), true);
        Ok(())
    }

    fn remove_branch(&mut self, branch: usize) -> Result<(), Text> {
        self.branch_exists(branch)?;
        if self.branches.len() == 1 {
            return Err(t!("the last branch stays"));
        }
        self.removed = Some((branch, self.branches.remove(branch)));
        if self.selected > branch || self.selected == self.branches.len() {
            self.selected -= 1;
            self.wake(self.selected);
        }
        Ok(())
    }

    fn scenario(&self) -> Scenario {
        let timeline = self.timeline();
        let world = timeline.world();
        scenario(self.lab, timeline.inputs().to_vec(), self.start_settings(), world.seed(), world.event())
    }

    fn digest(&mut self) -> u64 {
        self.timeline().world().digest()
    }
}

impl Work {
    /// Whether a check that has to hold in the end holds at the cursor.
    fn holds(&self, name: &str) -> bool {
        let place = self.checks.iter().position(|check| check.name == name);
        place.is_some_and(|place| self.timeline().world().verdicts().get(place).outcome == Outcome::Reached)
    }

    /// The settings that the branch began with: changes during the run are inputs.
    fn start_settings(&self) -> &Settings {
        self.timeline().start().settings()
    }
}

/// How a check over the history stands before somebody judges that.
fn not_judged() -> Verdict {
    let sentence = Some(t!("this is not judged yet"));
    Verdict { outcome: Outcome::Undecided, event: None, last: None, sentence, nodes: Vec::new() }
}

fn leaders(world: &World) -> Vec<NodeId> {
    let nodes = world.nodes();
    nodes.ids().filter(|id| world.lab.look(*id, nodes.state(*id)).tone == Tone::Leader).collect()
}

/// Notes in each field the value that it had before.
pub(crate) fn mark_changes(node: &mut Node, old: &Node) {
    for field in &mut node.fields {
        let before = old.fields.iter().find(|before: &&Field| before.name == field.name);
        field.before = before.filter(|before| before.value != field.value).map(|before| before.value.clone());
    }
}

/// A to Z, then A1 to Z1 and so on.
fn letter(number: u32) -> String {
    let letter = char::from(b'A' + (number % 26) as u8);
    match number / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}
