//! Why something is as it is: the chain of events that led to it, in sentences, with the rules that decided.
//!
//! Nothing of this is kept while a run goes on. Each answer replays the few events that it names.

use serde::Serialize;

use crate::base::id::{MessageId, NodeId};
use crate::base::order::sort_by_key;
use crate::base::settings::{Settings, Value};
use crate::base::text::{Text, time_us};
use crate::explain::outside;
use crate::explain::silence;
use crate::frame::{CheckRow, Status};
use crate::kernel::input::{Input, Timed};
use crate::kernel::nodes::SetTimer;
use crate::kernel::record::Happening;
use crate::kernel::system::Rule;
use crate::kernel::world::World;
use crate::run::timeline::{Replay, Timeline};
use crate::show::present;
use crate::t;

/// How many events back an answer looks.
pub const FURTHEST_BACK: u64 = 20_000;

/// How many steps a chain has at most; faults come on top.
const MOST_STEPS: usize = 5;

/// How many runs of a timer that sets itself again and again are passed over.
const MOST_REPEATS: usize = 32;

/// What a person asks about.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// Why is this node what it is: leader, crashed, …?
    Node(NodeId),
    /// Why has this field of a node its value? The field goes by its name.
    Field(NodeId, Text),
    /// Why was this message, which is under way, sent?
    Message(MessageId),
    /// Why did the event of this number happen?
    Event(u64),
    /// Why does the check of this name stand as it does?
    Check(&'static str),
}

/// The answer: events, oldest first, and the rules that decided the last one.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Why {
    /// "Why is S3 a candidate?"
    pub question: Text,
    /// The moment at which it was asked: so many events had happened.
    pub event: u64,
    /// From the first cause to what was asked about.
    pub steps: Vec<Step>,
    /// What decided.
    pub rules: Vec<Cited>,
    /// What there is to say besides: that it was so from the start, or that the chain goes back further.
    pub note: Option<Text>,
}

/// One event of a chain.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// The number of the event.
    pub event: u64,
    /// In microseconds of virtual time.
    pub at_us: u64,
    /// What happened.
    pub sentence: Text,
    /// Why, or what it means.
    pub detail: Option<Text>,
}

/// A rule with its source.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cited {
    pub name: &'static str,
    /// The rule in one sentence.
    pub title: Text,
    /// Where it is written: paper and section.
    pub source: &'static str,
    /// False where the rule is switched off in this run.
    pub followed: bool,
}

/// Answers a question about the moment at which a branch stands. `checks` are the verdicts at this moment,
/// `prepared` the inputs that the run was opened with.
pub(crate) fn why(
    timeline: &Timeline,
    subject: &Subject,
    rules: &[Rule],
    checks: &[CheckRow],
    prepared: &[Timed],
) -> Why {
    let asker = Asker { timeline, rules, prepared };
    let mut why = match subject {
        Subject::Node(node) => asker.node(*node),
        Subject::Field(node, name) => asker.field(*node, name),
        Subject::Message(message) => asker.message(*message),
        Subject::Event(number) => Why {
            question: t!("Why did event {number} happen?", number = *number),
            ..asker.event((*number).min(timeline.world().event()))
        },
        Subject::Check(name) => asker.check(checks.iter().find(|row| row.name == *name)),
    };
    why.event = timeline.world().event();
    why
}

/// One event as the answers look at it: the world just after it, with its record.
struct Look {
    replay: Replay,
    /// The timer that ran out, as it was set.
    timer: Option<SetTimer>,
}

/// Since when something has been as it is.
enum Since {
    Event(u64),
    Start,
    Unknown,
}

struct Asker<'a> {
    timeline: &'a Timeline,
    rules: &'a [Rule],
    prepared: &'a [Timed],
}

impl Asker<'_> {
    fn world(&self) -> &World {
        self.timeline.world()
    }

    fn label(&self, node: NodeId) -> String {
        self.world().label(node).to_string()
    }

    fn node(&self, node: NodeId) -> Why {
        if node.index() >= self.world().nodes().len() {
            return Why::default();
        }
        let status = self.world().nodes().status(node);
        let role = |world: &World| world.lab.look(node, world.nodes().state(node)).role;
        // A node that wakes up is what it was before: its sleep counts only while it lasts.
        let part = |world: &World| match world.nodes().status(node) {
            Status::Crashed | Status::Off => (world.nodes().status(node), None),
            Status::Paused if status == Status::Paused => (Status::Paused, None),
            Status::Up | Status::Paused => (Status::Up, Some(role(world))),
        };
        let mut why = match self.last_change(node, &part) {
            Since::Start => Why { rules: self.rules_at_start(node), ..self.since(Since::Start) },
            since => self.since(since),
        };
        let role = role(self.world());
        let label = self.label(node);
        why.question = match status {
            Status::Crashed => t!("Why is {node} down?", node = label),
            Status::Off => t!("Why is {node} off?", node = label),
            Status::Paused => t!("Why does {node} stand still?", node = label),
            Status::Up if role.is_empty() => t!("Why is {node} as it is?", node = label),
            Status::Up => t!("Why is {node} {role}?", node = label, role = with_article(role)),
        };
        if status == Status::Up {
            let since = why.steps.last().map_or(0, |step| step.event);
            why.steps.extend(silence::kept_from_changing(self.timeline, node, since));
        }
        why
    }

    fn field(&self, node: NodeId, name: &Text) -> Why {
        let value = |world: &World| {
            let frame = present::frame(world, None);
            let fields = &frame.nodes.get(node.index())?.fields;
            fields.iter().find(|field| field.name == *name).map(|field| field.value.clone())
        };
        let Some(now) = value(self.world()) else { return Why::default() };
        Why {
            question: t!(
                "Why does {node} say “{field}: {value}”?",
                node = self.label(node),
                field = name.clone(),
                value = now
            ),
            ..self.since(self.last_change(node, &value))
        }
    }

    fn event(&self, number: u64) -> Why {
        let mut why = self.chain(number);
        why.steps.extend(self.input(number).and_then(|timed| outside::consequence(self.timeline, timed)));
        why
    }

    fn message(&self, id: MessageId) -> Why {
        let question = t!("Why was this sent?");
        match self.world().messages().find(|envelope| envelope.id == id) {
            Some(envelope) if envelope.cause > 0 => Why { question, ..self.chain(envelope.cause) },
            Some(_) => Why { question, note: Some(t!("It was sent when the run began.")), ..Why::default() },
            None => Why { question, note: Some(t!("This message is not under way any more.")), ..Why::default() },
        }
    }

    /// A verdict: the event that decided it, and what is switched off.
    fn check(&self, row: Option<&CheckRow>) -> Why {
        use crate::judge::check::Outcome;
        let Some(row) = row else { return Why::default() };
        let title = row.title.clone();
        let question = match row.outcome {
            Outcome::Broken => t!("Why is “{check}” broken?", check = title),
            Outcome::Seen => t!("How did “{check}” come about?", check = title),
            Outcome::Reached => t!("Why does “{check}” hold?", check = title),
            Outcome::Waiting => t!("Why does “{check}” not hold?", check = title),
            Outcome::Kept | Outcome::NotSeen | Outcome::Undecided | Outcome::NotPromised => {
                t!("What about “{check}”?", check = title)
            }
        };
        let mut why = match row.event {
            Some(event) => self.chain(event),
            None => Why { note: Some(t!("No event has decided it so far.")), ..Why::default() },
        };
        if let (Some(last), Some(sentence)) = (why.steps.last_mut(), &row.sentence) {
            last.detail = Some(t!("{sentence}.", sentence = sentence.clone()));
        }
        if row.outcome == Outcome::Broken {
            for step in why.steps.iter().rev().filter_map(|step| self.look(step.event)) {
                let new: Vec<Cited> = self.cite(step.world());
                why.rules.extend(new.into_iter().filter(|rule| !why.rules.contains(rule)).collect::<Vec<_>>());
            }
            self.blame_rules(row.name, &mut why);
        }
        Why { question, ..why }
    }

    /// Puts the rules that are switched off first, with the moments at which somebody did so.
    fn blame_rules(&self, check: &str, why: &mut Why) {
        let settings = self.world().settings();
        let off = self.rules.iter().filter(|rule| rule.broken_check.is_some() && !settings.is_on(rule.name));
        let mut off: Vec<&Rule> = off.collect();
        sort_by_key(&mut off, |rule| u128::from(rule.broken_check != Some(check)));
        why.rules.retain(|cited| off.iter().all(|rule| rule.name != cited.name));
        why.rules.splice(0..0, off.iter().map(|rule| cite(rule, settings)));
        let now = self.world().event();
        let done = |timed: &&Timed| timed.after_event < now && switches_off(&timed.input, &off);
        for timed in self.timeline.inputs().iter().filter(done) {
            let number = timed.after_event + 1;
            let known = why.steps.iter().any(|step| step.event == number);
            if let (false, Some(look)) = (known, self.look(number)) {
                why.steps.push(look.step());
            }
        }
        sort_by_key(&mut why.steps, |step| step.event.into());
    }

    fn since(&self, since: Since) -> Why {
        match since {
            Since::Event(number) => self.chain(number),
            Since::Start => Why { note: Some(t!("It has been so since the run began.")), ..Why::default() },
            Since::Unknown => Why {
                note: Some(t!("It has been so for more than {count} events.", count = FURTHEST_BACK)),
                ..Why::default()
            },
        }
    }

    /// The event of this number and those that caused it.
    fn chain(&self, last: u64) -> Why {
        let mut why = Why::default();
        let mut next = self.look(last);
        while let Some(look) = next {
            if last - look.world().event() > FURTHEST_BACK {
                why.note = Some(t!("The chain goes back further than {count} events.", count = FURTHEST_BACK));
                break;
            }
            if why.steps.is_empty() {
                why.rules = self.cite(look.world());
            }
            why.steps.push(look.step());
            let faults = self.silence(&look);
            if why.steps.len() >= MOST_STEPS || !faults.is_empty() {
                why.steps.extend(faults.into_iter().rev());
                break;
            }
            next = self.cause(&look);
        }
        why.steps.reverse();
        if let (Some(timed), Some(step)) = (self.input(last), why.steps.last()) {
            why.note = Some(outside::by_whom(timed, step.at_us, self.prepared));
        }
        why
    }

    /// The event that sent the message or set the timer. Runs of a timer that sets itself again are passed over.
    fn cause(&self, look: &Look) -> Option<Look> {
        let before = |look: &Look| self.look(look.world().record.cause?);
        let mut cause = before(look)?;
        for _ in 0..MOST_REPEATS {
            if !look.repeats(&cause) {
                return Some(cause);
            }
            cause = before(&cause)?;
        }
        None
    }

    /// Why nothing kept a timer from running out.
    fn silence(&self, look: &Look) -> Vec<Step> {
        let (Happening::Timer(node, _), Some(set)) = (&look.world().record.what, &look.timer) else {
            return Vec::new();
        };
        // A message that set the timer may have been the last one before its sender fell silent.
        let since = match self.look(set.cause) {
            Some(look) if matches!(look.world().record.what, Happening::Delivery(_)) => look.world().record.cause,
            _ => None,
        };
        silence::explain(self.timeline, look.world(), *node, set, since.unwrap_or(set.cause))
    }

    /// What a node is from the start on, and why.
    fn rules_at_start(&self, node: NodeId) -> Vec<Cited> {
        let mut world = self.timeline.start().clone();
        world.set_recording(true);
        world.boot(node);
        world.end(Some(node), 0);
        self.cite(&world)
    }

    fn cite(&self, world: &World) -> Vec<Cited> {
        let mut cited: Vec<Cited> = Vec::new();
        for name in &world.record.rules {
            if let Some(rule) = self.rules.iter().find(|rule| rule.name == *name)
                && cited.iter().all(|known| known.name != *name)
            {
                cited.push(cite(rule, world.settings()));
            }
        }
        cited
    }

    /// The input that is the event of this number.
    fn input(&self, number: u64) -> Option<&Timed> {
        self.timeline.inputs().iter().find(|timed| timed.after_event + 1 == number)
    }

    fn look(&self, number: u64) -> Option<Look> {
        let mut look = look(self.timeline, number)?;
        if self.input(number).is_some() {
            look.timer = None;
        }
        Some(look)
    }

    /// The last event of a node that changed something about it.
    fn last_change<T: PartialEq>(&self, node: NodeId, of: &impl Fn(&World) -> T) -> Since {
        let now = self.world().event();
        let (mut end, mut window) = (now, 64);
        while end > 0 {
            if now - end >= FURTHEST_BACK {
                return Since::Unknown;
            }
            let mut replay = self.timeline.replay_before(end.saturating_sub(window));
            let start = replay.world().event();
            let (mut before, mut found) = (of(replay.world()), None);
            while replay.world().event() < end && replay.forward() {
                if replay.world().last_node() == Some(node) {
                    let after = of(replay.world());
                    if after != before {
                        (before, found) = (after, Some(replay.world().event()));
                    }
                }
            }
            if let Some(found) = found {
                return Since::Event(found);
            }
            (end, window) = (start, window * 2);
        }
        Since::Start
    }
}

/// Replays up to an event and records it.
fn look(timeline: &Timeline, number: u64) -> Option<Look> {
    let mut replay = timeline.replay_from(number.checked_sub(1)?);
    let before = replay.world().nodes().clone();
    replay.record(true);
    if !replay.forward() {
        return None;
    }
    let timer = match &replay.world().record.what {
        Happening::Timer(node, timer) => before.timers(*node).iter().find(|set| set.timer.equals(timer)).cloned(),
        _ => None,
    };
    Some(Look { replay, timer })
}

/// An event as a step, by its number.
pub(crate) fn step(timeline: &Timeline, number: u64) -> Option<Step> {
    look(timeline, number).map(|look| look.step())
}

impl Look {
    fn world(&self) -> &World {
        self.replay.world()
    }

    fn step(&self) -> Step {
        let world = self.world();
        let caption = present::trace_event(world).caption;
        let (sentence, detail) = match (&world.record.what, &self.timer) {
            (Happening::Timer(_, timer), Some(set)) => {
                let waited_us = world.now_us().saturating_sub(set.set_at_us);
                let sentence = t!(
                    "{what}: its {timer} of {time} has run out",
                    what = caption.headline,
                    timer = world.lab.timer_name(timer),
                    time = time_us(waited_us)
                );
                (sentence, caption.detail)
            }
            (Happening::Timer(_, timer), None) => {
                let sentence = t!(
                    "{what}: somebody let its {timer} run out early",
                    what = caption.headline,
                    timer = world.lab.timer_name(timer)
                );
                (sentence, None)
            }
            _ => (caption.headline, caption.detail),
        };
        Step { event: world.event(), at_us: world.now_us(), sentence, detail }
    }

    /// Whether an earlier event is a run of the same timer.
    fn repeats(&self, before: &Look) -> bool {
        match (&self.world().record.what, &before.world().record.what) {
            (Happening::Timer(node, timer), Happening::Timer(other, before)) => node == other && timer.equals(before),
            _ => false,
        }
    }
}

fn cite(rule: &Rule, settings: &Settings) -> Cited {
    let followed = rule.broken_check.is_none() || settings.is_on(rule.name);
    Cited { name: rule.name, title: rule.title.clone(), source: rule.source, followed }
}

fn switches_off(input: &Input, rules: &[&Rule]) -> bool {
    matches!(input, Input::Set { name, value: Value::Flag(false) } if rules.iter().any(|rule| rule.name == name))
}

/// "a candidate", "an observer": roles are nouns.
pub(crate) fn with_article(role: Text) -> Text {
    if role.to_string().starts_with(['a', 'e', 'i', 'o', 'u']) {
        t!("an {role}", role = role)
    } else {
        t!("a {role}", role = role)
    }
}
