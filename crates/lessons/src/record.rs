//! Writes down what somebody has done, as statements: the other way round of what [`Runner`] does.

use sim::{AnyLab, Delay, Input, MessageId, NodeId, Text, Timed, Timeline, Trouble};

use crate::course::{Moment, is_back};
use crate::runner::Runner;
use crate::script::Script;

impl Script {
    /// What was done and waited in a branch since a moment, up to where it stands at this moment of virtual time: a statement a line. A
    /// runner that begins there and carries them out does the same. What cannot be written is a remark that says so.
    ///
    /// # Errors
    ///
    /// Says why the moment cannot be replayed.
    pub fn record(from: &Moment, lab: &'static dyn AnyLab, timeline: &Timeline, now_us: u64) -> Result<String, Text> {
        let mut runner = Runner::new(lab)?;
        runner.open(from)?;
        let mut recorder = Recorder { runner, lines: Vec::new() };
        let end = timeline.world().event();
        let done = |timed: &&Timed| (from.scenario.cursor..end).contains(&timed.after_event);
        let inputs: Vec<&Timed> = timeline.inputs().iter().filter(done).collect();
        let mut rest = &inputs[..];
        while let Some(timed) = rest.first() {
            // What a scenario has brought along comes by itself.
            let is_there = recorder.runner.timeline().inputs().contains(timed);
            let both = rest.get(1).is_some_and(|next| next.at_us == timed.at_us && is_back(&timed.input, &next.input));
            let count = if both && !is_there { 2 } else { 1 };
            if !is_there {
                recorder.wait(timed.after_event, timed.at_us)?;
                recorder.act(&rest[..count], both)?;
            }
            rest = &rest[count..];
        }
        recorder.wait(end, now_us.max(timeline.world().now_us()))?;
        Ok(recorder.lines.concat())
    }
}

struct Recorder {
    runner: Runner,
    lines: Vec<String>,
}

impl Recorder {
    /// Carries out a statement if it leads to where this is so, and writes it down.
    fn try_out(&mut self, line: &str, is_so: impl Fn(&Runner) -> bool) -> Result<bool, Text> {
        let before = self.runner.moment();
        let script = Script::read(line, 1, 1);
        let is_done = script.and_then(|script| self.runner.run(&script)).is_ok() && is_so(&self.runner);
        match is_done {
            true => self.lines.push(format!("{line}\n")),
            false => self.runner.open(&before)?,
        }
        Ok(is_done)
    }

    /// Lets time pass, up to this event and this moment of virtual time.
    fn wait(&mut self, event: u64, at_us: u64) -> Result<(), Text> {
        let is_there = |runner: &Runner| runner.timeline().world().event() == event;
        let left_us = |recorder: &Recorder| at_us.saturating_sub(recorder.runner.moment().at_us);
        let left = left_us(self);
        if left > 0 && self.try_out(&format!("run {}", time(left)), is_there)? {
            return Ok(());
        }
        // Several events of one moment: somebody has acted between them.
        let events = event.saturating_sub(self.runner.timeline().world().event());
        if events > 0 {
            let unit = if events == 1 { "event" } else { "events" };
            self.try_out(&format!("run {events} {unit}"), is_there)?;
        }
        let left = left_us(self);
        if left > 0 {
            self.try_out(&format!("run {}", time(left)), is_there)?;
        }
        Ok(())
    }

    fn act(&mut self, timed: &[&Timed], both: bool) -> Result<(), Text> {
        let input = &timed[0].input;
        let expected: Vec<(u64, &Input)> = timed.iter().map(|timed| (timed.after_event, &timed.input)).collect();
        let is_done = |runner: &Runner| {
            let inputs = runner.timeline().inputs();
            let last = inputs.iter().skip(inputs.len().saturating_sub(expected.len()));
            last.map(|timed| (timed.after_event, &timed.input)).eq(expected.iter().copied())
        };
        if let Some(line) = self.statement(input, both)
            && self.try_out(&line, is_done)?
        {
            return Ok(());
        }
        self.lines.push(format!("# not to be written as a statement: {}\n", input.name()));
        for timed in timed {
            self.runner.act(timed.input.clone())?;
        }
        Ok(())
    }

    fn statement(&self, input: &Input, both: bool) -> Option<String> {
        let world = self.runner.timeline().world();
        let label = |node: &NodeId| world.label(*node);
        let link = |from: &NodeId, to: &NodeId| {
            let way = if both { "--" } else { "->" };
            format!("{} {way} {}", label(from), label(to))
        };
        Some(match input {
            Input::Crash(node)
            | Input::Restart(node)
            | Input::LoseDisk(node)
            | Input::Pause(node)
            | Input::Resume(node) => format!("{} {}", input.name(), label(node)),
            Input::Cut { from, to } | Input::Heal { from, to } => format!("{} {}", input.name(), link(from, to)),
            Input::Lie { node, manner: Some(manner) } => format!("lie {} {}", label(node), manner.name()),
            Input::Lie { node, manner: None } => format!("be-honest {}", label(node)),
            Input::HealAll => "heal all".into(),
            Input::Split(groups) => {
                let group = |group: &Vec<NodeId>| group.iter().map(label).collect::<Vec<_>>().join(" ");
                format!("split {}", groups.iter().map(group).collect::<Vec<_>>().join(" | "))
            }
            Input::SetDelay { from, to, delay } => format!("link {} takes {}", link(from, to), delay_words(delay)?),
            Input::SetTrouble { from, to, trouble, ppm } => {
                format!("link {} {} {} %", link(from, to), trouble_word(*trouble), ppm / 10_000)
            }
            Input::SetClockOffset { node, offset_us } => {
                let way = if *offset_us < 0 { "behind" } else { "ahead" };
                format!("clock {} {way} {}", label(node), time(offset_us.unsigned_abs()))
            }
            Input::SetClockDrift { node, drift_ppm } => {
                format!("clock {} runs {} %", label(node), drift_ppm / 10_000 + 100)
            }
            Input::FireTimer { node, timer } => {
                let shown = world.shown();
                let found = shown.nodes[node.index()].timers.iter().find(|known| known.id == *timer)?;
                format!("fire \"{}\" of {}", found.name, label(node))
            }
            Input::Operate { node, action, values } => {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                format!("{}: {action} {}", label(node), values.join(" ")).trim_end().to_string()
            }
            Input::Set { name, value } => format!("set {name} = {value}"),
            Input::Delay { message, by_us } => format!("delay {} by {}", self.message(*message)?, time(*by_us)),
            Input::Deliver(message)
            | Input::Drop(message)
            | Input::Duplicate(message)
            | Input::Corrupt(message)
            | Input::Hold(message)
            | Input::Release(message) => format!("{} {}", input.name(), self.message(*message)?),
        })
    }

    /// `"Append" from S1 to S2`.
    fn message(&self, id: MessageId) -> Option<String> {
        let world = self.runner.timeline().world();
        let shown = world.shown();
        let message = shown.messages.iter().find(|message| message.id == id)?;
        Some(format!("\"{}\" from {} to {}", message.label, world.label(message.from), world.label(message.to)))
    }
}

/// `300 ms`.
fn time(us: u64) -> String {
    match us {
        us if us.is_multiple_of(1_000_000) => format!("{} s", us / 1_000_000),
        us if us.is_multiple_of(1_000) => format!("{} ms", us / 1_000),
        us => format!("{us} us"),
    }
}

fn delay_words(delay: &Delay) -> Option<String> {
    match delay {
        Delay::Constant { us } => Some(time(*us)),
        Delay::Uniform { least_us, most_us } => Some(format!("{}..{}", time(*least_us), time(*most_us))),
        _ => None,
    }
}

fn trouble_word(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Loss => "loses",
        Trouble::Duplication => "doubles",
        Trouble::Reordering => "reorders",
        Trouble::Corruption => "damages",
    }
}
