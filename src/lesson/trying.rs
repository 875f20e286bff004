//! Tasks: hints, solutions, and how the goals stand.

use lessons::{Look, Moment, Runner, Standing};
use sim::{Input, Text, t};

use super::notebook::{GoalState, Phase};
use super::player::{Player, at, in_words};
use super::progress;
use crate::command::{Command, Hand, Run};
use crate::dom;
use crate::embed::{GoalReport, Payload};
use crate::lab_page::LabPage;

/// A look at the goals that takes longer than this is not taken while the run plays, in milliseconds.
const LONG_MS: f64 = 30.0;

impl Player {
    pub(super) fn hint(&mut self) {
        match self.notebook.phase {
            Phase::Asking => {
                let count = self.notebook.prediction().map_or(0, |prediction| prediction.hints.len());
                let question = self.notebook.question_mut();
                question.hints = (question.hints + 1).min(count);
            }
            Phase::Doing => {
                let count = self.notebook.task().map_or(0, |task| task.hints.len());
                let effort = self.notebook.effort_mut();
                effort.hints = (effort.hints + 1).min(count);
            }
            _ => return,
        }
        progress::keep(&self.notebook);
        self.show();
    }

    /// Shows the next solution of the task.
    pub(super) fn solve(&mut self, page: &mut LabPage) {
        let place = self.place();
        let shown = self.notebook.effort(place).solutions;
        let (Some(stand), Some(task)) = (self.stand(), self.notebook.task()) else { return };
        let Some(script) = task.solutions.get(shown) else { return };
        let run = || -> Result<Moment, Text> {
            let mut runner = Runner::at(self.lab, stand)?;
            runner.run(script).map_err(in_words)?;
            Ok(runner.moment())
        };
        let (from, from_us, before) = (stand.moment.scenario.cursor, stand.moment.at_us, page.way());
        let opened = run().and_then(|end| Ok((page.add_way(&at(&end, from), t!("a solution"), from, from_us)?, end)));
        match opened {
            Ok((letter, end)) => {
                self.solutions.insert(letter);
                self.before.get_or_insert(before);
                self.notebook.effort_mut().solutions += 1;
                (self.notebook.is_aside, self.notebook.way, self.ends) = (true, 0, vec![end]);
                page.look_at_stage();
                page.lead_to("[data-testid=lesson-return]");
                if dom::reduced_motion() { self.skip(page) } else { self.play_on(page) }
            }
            Err(sentence) => page.remark(Some(sentence)),
        }
        self.show();
    }

    /// Looks how the goals of the task stand.
    pub(super) fn watch(&mut self, page: &mut LabPage) {
        let place = self.place();
        let letter = page.way();
        if self.solutions.contains(&letter) || self.notebook.is_over(place) {
            return;
        }
        let (event, now_us) = page.stands_at();
        let (_, is_moving) = page.is_on_the_way();
        let is_playing = is_moving || page.is_playing();
        // While time runs, a look at each event is enough.
        let now = (letter, event, if is_playing { 0 } else { now_us });
        if self.seen.as_ref() == Some(&now) || is_playing && self.is_slow {
            return;
        }
        let began_ms = dom::now_ms();
        let Some(watch) = &mut self.watch else { return };
        let Look { mut standings, weighing } = match page.timeline().map(|timeline| watch.look(timeline, now_us)) {
            Some(Ok(look)) => look,
            Some(Err(mistake)) => return page.remark(Some(in_words(mistake))),
            None => return,
        };
        self.is_slow |= dom::now_ms() - began_ms > LONG_MS;
        self.seen = Some(now);
        if let Some(weighing) = weighing {
            self.weigh(page, &weighing, is_playing);
            self.add_weighed(&weighing, &mut standings);
        } else {
            // What is still on the scales is of another moment.
            self.notebook.is_weighing = false;
        }
        if !self.notebook.is_over(place) {
            self.note(page, &standings, None);
        }
    }

    /// Notes how the goals stand, at a moment or at the one that is shown, and says aloud what is new.
    pub(super) fn note(&mut self, page: &mut LabPage, standings: &[Standing], moment: Option<Moment>) {
        let event = moment.as_ref().map_or(page.stands_at().0, |moment| moment.scenario.cursor);
        let known = self.notebook.effort(self.place()).goals;
        let mut goals: Vec<GoalState> = Vec::new();
        for (place, standing) in standings.iter().enumerate() {
            goals.push(match (standing, known.get(place)) {
                (Standing::Met, Some(GoalState::Met(since))) if *since <= event => GoalState::Met(*since),
                (Standing::Met, _) => GoalState::Met(event),
                (Standing::NotYet, _) => GoalState::Open,
                (Standing::Lost(by), Some(GoalState::Lost(known, told))) if known == by => {
                    GoalState::Lost(*by, told.clone())
                }
                (Standing::Lost(by), _) => GoalState::Lost(*by, page.told(*by)),
            });
        }
        if goals == known {
            return;
        }
        let changed =
            goals.iter().enumerate().filter(|(place, state)| known.get(*place).unwrap_or(&GoalState::Open) != *state);
        let changed: Vec<(usize, &GoalState)> = changed.filter(|(_, state)| **state != GoalState::Open).collect();
        if let (Some(task), Some((place, state))) = (self.notebook.task(), changed.last()) {
            let goal = Text::verbatim(task.goals[*place].text.plain());
            self.notebook.said = Some(match state {
                GoalState::Met(_) => t!("Met: {goal}", goal = goal),
                _ => t!("Can no longer be met: {goal}", goal = goal),
            });
        }
        for (place, state) in goals.iter().enumerate() {
            if known.get(place).unwrap_or(&GoalState::Open).name() != state.name() {
                let report = GoalReport { step: self.notebook.step, goal: place + 1, state: state.name() };
                page.report("check", Payload::Goal(report));
            }
        }
        let is_done = !goals.is_empty() && goals.iter().all(|state| matches!(state, GoalState::Met(_)));
        let here = || page.scenario().map(|scenario| Moment { scenario, at_us: page.stands_at().1 });
        let done = moment.or_else(here).filter(|_| is_done);
        let effort = self.notebook.effort_mut();
        (effort.goals, effort.done) = (goals, done);
        if is_done {
            self.notebook.said = Some(t!("Done. All goals are met."));
            progress::keep(&self.notebook);
        }
        self.show();
    }

    /// Why a control is not open in this task.
    pub(super) fn closed(&self, command: &Command) -> Option<Text> {
        let only = self.notebook.task()?.only.as_ref()?;
        let is_open = |input: &Input| match input {
            Input::Set { name, .. } => only.contains(name),
            input => only.iter().any(|name| name == input.name()),
        };
        let is_closed = match command {
            Command::Act(inputs) => !inputs.iter().all(is_open),
            Command::Run(Run::Restart { .. }) | Command::Hand(Hand::Make(_) | Hand::Press(_)) => true,
            _ => false,
        };
        is_closed.then(|| t!("In this task only these are open: {controls}.", controls = only.join(", ")))
    }
}
