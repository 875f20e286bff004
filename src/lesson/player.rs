//! Who leads through a lesson: shows where a block begins, lets the run go on when an answer is locked, and watches tasks.

use std::collections::BTreeSet;

use lessons::{AnswerFile, Block, Mistake, Moment, Path, PredictionKind, Revealed, Stand, Watch, ways};
use sim::{AnyLab, Text, t};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::notebook::{Notebook, Phase, Place};
use super::scales::Scales;
use super::{Tutor, go_on, large, panel, progress, shelf};
use crate::command::{Command, Commands, Course, Hand, Lesson, Read, Run};
use crate::embed::{Answers, Payload, Score};
use crate::files;
use crate::keys;
use crate::lab_page::LabPage;
use crate::parts::Loading;
use crate::route::Route;
use crate::shared::Shared;

/// The way through a lesson on the page of its lab.
#[derive(Debug)]
pub struct Player {
    pub(super) lab: &'static dyn AnyLab,
    pub(super) path: Path,
    pub(super) notebook: Notebook,
    /// What the panel shows of it.
    pub(super) sheet: Shared<Notebook>,
    /// How the moment went on that is being shown, and its letter.
    pub(super) ends: Vec<Moment>,
    /// Who follows the task that is open, and where that one looked last.
    pub(super) watch: Option<Watch>,
    pub(super) seen: Option<(String, u64, u64)>,
    pub(super) is_slow: bool,
    /// Where goals that take long are weighed.
    pub(super) scales: Option<Scales>,
    /// The branches that show solutions: they do no task.
    pub(super) solutions: BTreeSet<String>,
    /// The branch to come back to from what is shown aside.
    pub(super) before: Option<String>,
}

impl Player {
    /// Who leads through a lesson that has come, at this step or where the visitor left it.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the lesson.
    pub fn open(id: &str, step: Option<usize>) -> Result<Player, Text> {
        let lesson = shelf::lesson(id)?;
        let lab = labs::registry::lab(&lesson.lab)?;
        let path = Path::of(&lesson, lab).map_err(|mistake| Text::verbatim(mistake.to_string()))?;
        let mut notebook = Notebook::new(lesson.clone());
        progress::recall(&mut notebook);
        let left = || go_on::begun().into_iter().find(|begun| begun.id == lesson.id && !begun.is_over);
        notebook.step = step.or_else(|| left().map(|begun| begun.step)).unwrap_or(1).clamp(1, lesson.steps.len());
        let mut player = Player {
            lab,
            path,
            sheet: Shared::new(notebook.clone()),
            notebook,
            ends: Vec::new(),
            watch: None,
            seen: None,
            is_slow: false,
            scales: None,
            solutions: BTreeSet::new(),
            before: None,
        };
        player.tell_all();
        Ok(player)
    }

    /// What the panel shows.
    pub fn notebook(&self) -> &Notebook {
        &self.notebook
    }

    pub(super) fn place(&self) -> Place {
        (self.notebook.step, self.notebook.block)
    }

    /// Where the open block begins.
    pub(super) fn stand(&self) -> Option<&Stand> {
        let (step, block) = self.place();
        let last = self.notebook.shown()?.blocks.len().checked_sub(1)?;
        self.path.at(step, block.min(last))
    }

    /// The panel shows the notebook as it is now.
    pub(super) fn show(&mut self) {
        self.sheet = Shared::new(self.notebook.clone());
    }

    /// What was answered before is told again.
    fn tell_all(&mut self) {
        let locked: Vec<Place> = self
            .notebook
            .questions
            .iter()
            .filter(|(_, question)| question.is_locked)
            .map(|(place, _)| *place)
            .collect();
        for place in locked {
            if let Ok(told) = self.judge(place)
                && let Some(question) = self.notebook.questions.get_mut(&place)
            {
                question.told = Some(told);
            }
        }
    }

    /// Goes to a step, to what is open in it.
    pub(super) fn go_to(&mut self, page: &mut LabPage, step: usize) {
        self.notebook.step = step.clamp(1, self.notebook.lesson.steps.len() + 1);
        self.notebook.said = None;
        let next = |from: usize| self.notebook.next_block(from);
        let mut block = next(0);
        while let Some(open) = block.filter(|block| self.notebook.is_over((self.notebook.step, *block))) {
            block = next(open + 1);
        }
        let count = self.notebook.shown().map_or(0, |step| step.blocks.len());
        self.begin(page, block.unwrap_or(count));
        page.lead_to(panel::TITLE);
        page.look_at_lesson();
        let lesson = &self.notebook.lesson;
        if self.notebook.step > lesson.steps.len() {
            let (right, of, tasks, _) = self.notebook.score();
            page.report("complete", Payload::Lesson(Score { lesson: lesson.id.clone(), right, of, tasks }));
        }
        // Who writes a lesson stays where it is written.
        if matches!(Route::current(), Route::Write { .. }) {
            return;
        }
        go_on::note(&lesson.id, &lesson.title, self.notebook.step, lesson.steps.len());
        let address = Route::Lesson { id: lesson.id.clone(), step: Some(self.notebook.step.min(lesson.steps.len())) };
        if Route::current() != address && !page.is_figure() {
            address.go();
        }
    }

    /// Opens a block, at the moment at which it begins.
    pub(super) fn begin(&mut self, page: &mut LabPage, block: usize) {
        self.notebook.block = block;
        (self.notebook.ways, self.notebook.way, self.notebook.is_aside) = (Vec::new(), 0, false);
        (self.ends, self.watch, self.before) = (Vec::new(), None, None);
        self.solutions.clear();
        (self.scales, self.notebook.is_weighing) = (None, false);
        self.notebook.phase = match self.notebook.shown().and_then(|step| step.blocks.get(block)) {
            Some(Block::Predict(_)) => Phase::Asking,
            Some(Block::Do(_)) => Phase::Doing,
            _ => Phase::Reading,
        };
        self.notebook.is_large = true;
        self.notebook.start = self.stand().map_or(0, |stand| stand.moment.scenario.cursor);
        if self.notebook.phase != Phase::Doing || !page.resume_task(&self.door()) {
            self.stage(page);
        }
        self.list_options(page);
        if let (Some(task), Some(stand)) = (self.notebook.task(), self.stand()) {
            self.watch = Some(Watch::new(task, self.lab, &stand.moment));
            self.seen = None;
        }
        self.follow(page);
        self.show();
    }

    /// Shows the moment at which the open block begins.
    fn stage(&mut self, page: &mut LabPage) {
        let Some(stand) = self.stand() else { return };
        let Moment { scenario, at_us } = &stand.moment;
        let title = self.title();
        let refusal = page.show_moment(scenario, *at_us, title, self.door()).err();
        page.remark(refusal);
    }

    /// What a run of the visitor's own in this block is called.
    pub(super) fn title(&self) -> String {
        let title = format!("{}, {}", self.notebook.lesson.title, self.notebook.step);
        sim::share::plain(&title, sim::share::MOST_TITLE)
    }

    /// What the workbook calls the way to runs of this block.
    pub(super) fn door(&self) -> String {
        let (step, block) = self.place();
        format!("{}/{step}/{block}", self.notebook.lesson.id)
    }

    /// Does what comes next.
    pub(super) fn go_on(&mut self, page: &mut LabPage) {
        match self.notebook.phase {
            Phase::Asking if !self.notebook.is_answered() => {
                page.remark(Some(match self.notebook.prediction().map(|asked| &asked.kind) {
                    Some(PredictionKind::Number { .. }) => t!("Write a number first, such as 3."),
                    _ => t!("Choose an answer first. A guess is good enough."),
                }))
            }
            Phase::Asking => self.lock(page),
            Phase::Locked => self.run(page),
            Phase::Running => self.skip(page),
            Phase::Reading => self.go_to(page, self.notebook.step + 1),
            Phase::Told | Phase::Doing => {
                let step = self.notebook.step;
                match self.notebook.next_block(self.notebook.block + 1) {
                    Some(next) => {
                        self.begin(page, next);
                        page.lead_to(panel::QUESTION);
                        page.look_at_lesson();
                    }
                    // What stands behind the last question of a step is read before the next one.
                    None if self.has_more_to_read() => {
                        let count = self.notebook.shown().map_or(0, |step| step.blocks.len());
                        self.notebook.block = count;
                        (self.notebook.phase, self.notebook.is_aside) = (Phase::Reading, false);
                        self.watch = None;
                        self.show();
                        page.lead_to(panel::TITLE);
                        page.look_at_lesson();
                    }
                    None => self.go_to(page, step + 1),
                }
            }
        }
    }

    fn has_more_to_read(&self) -> bool {
        let blocks = self.notebook.shown().map(|step| &step.blocks[(self.notebook.block + 1).min(step.blocks.len())..]);
        blocks.is_some_and(|blocks| blocks.iter().any(|block| matches!(block, Block::Prose(_))))
    }

    /// Why a command is not to be carried out now; none where it may be.
    fn refusal(&self, page: &LabPage, command: &Command) -> Option<Text> {
        let (event, _) = page.stands_at();
        let start = self.stand().map_or(0, |stand| stand.moment.scenario.cursor);
        let acts = matches!(command, Command::Act(_) | Command::Hand(Hand::Make(_) | Hand::Press(_)));
        match self.notebook.phase {
            Phase::Asking | Phase::Locked if acts || leads_on(command, event, start) => {
                Some(match self.notebook.phase {
                    Phase::Asking => t!("Time stands still until you have locked an answer."),
                    _ => t!("Your answer is locked. Press Run to see what happens."),
                })
            }
            Phase::Running if acts || leads_on(command, event, 0) => Some(t!("See first what happens, or press Skip.")),
            Phase::Doing if acts && event < start => {
                Some(t!("The task begins at event {event}: act there, or later.", event = start))
            }
            Phase::Doing => self.closed(command),
            _ => None,
        }
    }
}

impl Tutor for Player {
    fn enter(&mut self, page: &mut LabPage) {
        self.go_to(page, self.notebook.step);
        page.lead_nowhere();
    }

    fn turn_to(&mut self, page: &mut LabPage, lesson: &str, step: Option<usize>) -> bool {
        if lesson != self.notebook.lesson.id {
            return false;
        }
        let is_here = step.is_none_or(|step| step == self.notebook.step.min(self.notebook.lesson.steps.len()));
        if let (Some(step), false) = (step, is_here) {
            self.go_to(page, step);
        }
        true
    }

    fn obey(&mut self, page: &mut LabPage, wish: Lesson) {
        match wish {
            Lesson::GoTo(step) => self.go_to(page, step),
            Lesson::Turn { forward: true } if self.notebook.step < self.notebook.lesson.steps.len() => {
                self.go_to(page, self.notebook.step + 1);
            }
            Lesson::Turn { forward: false } if self.notebook.step > 1 => self.go_to(page, self.notebook.step - 1),
            Lesson::Turn { .. } => {}
            Lesson::Choose(place) => self.choose_place(place),
            Lesson::Write(typed) => self.write(typed),
            Lesson::GoOn => self.go_on(page),
            Lesson::Skip => self.skip(page),
            Lesson::Show(block, choice) => self.show_why(page, block, choice),
            Lesson::Return => self.come_back(page),
            Lesson::ShowWay(way) => self.show_other_way(page, way),
            Lesson::Hint => self.hint(),
            Lesson::Solve => self.solve(page),
            Lesson::Weighed(met) => self.take_weighed(page, met),
            Lesson::Visit(event) => page.visit(event),
            Lesson::GoBack(event) => {
                page.visit(event.saturating_sub(1));
                page.remark(Some(t!("You are before the event. Act now, and a new branch begins here.")));
            }
            Lesson::Again => {
                let place = self.place();
                if let Some(effort) = self.notebook.tasks.get_mut(&place) {
                    effort.goals.clear();
                }
                page.leave_task();
                self.begin(page, place.1);
            }
            Lesson::Present { forward } => self.present(page, forward),
            Lesson::Reveal => {
                if matches!(self.notebook.phase, Phase::Asking | Phase::Locked) {
                    self.run_for_all(page);
                }
                if self.notebook.phase == Phase::Running {
                    self.skip(page);
                }
                self.notebook.is_large = true;
                self.show();
            }
            Lesson::Count { choice, more } => self.count(choice, more),
            Lesson::Label(label) => {
                self.notebook.label = label;
                progress::keep(&self.notebook);
            }
            Lesson::Forget => {
                let id = self.notebook.lesson.id.clone();
                progress::forget(&id);
                self.notebook = Notebook::new(self.notebook.lesson.clone());
                self.go_to(page, 1);
                go_on::forget(&id);
            }
            Lesson::Save => {
                let answers = progress::answers(&self.notebook).write();
                files::save(&progress::file_name(&self.notebook), "application/json", answers.as_bytes());
            }
            Lesson::Print { with_key } => self.print(page, with_key),
            Lesson::Leave => Route::Lab { lab: self.notebook.lesson.lab.clone(), scenario: None }.go(),
            // Only who writes one does that.
            Lesson::Draft(_) => {}
        }
    }

    fn answers(&self) -> Answers {
        let (right, predictions, done, tasks) = self.notebook.score();
        let steps = self.notebook.lesson.steps.len();
        Answers {
            answers: progress::answers(&self.notebook).write(),
            step: self.notebook.step.min(steps),
            right: right + done,
            of: predictions + tasks,
            over: self.notebook.step > steps,
        }
    }

    fn take_answers(&mut self, page: &mut LabPage, text: &str) -> Result<(), Text> {
        let mut notebook = Notebook::new(self.notebook.lesson.clone());
        progress::fill(&mut notebook, &AnswerFile::read(text)?);
        let step = self.notebook.step;
        self.notebook = notebook;
        self.tell_all();
        progress::keep(&self.notebook);
        self.go_to(page, step);
        Ok(())
    }

    fn minds(&mut self, page: &mut LabPage, command: &Command) -> bool {
        if let Command::Read(Read::Select(Some(item))) = command {
            return self.take(page, *item);
        }
        if let Command::Course(Course::Play) = command
            && let (true, is_moving) = page.is_on_the_way()
        {
            if !is_moving {
                self.play_on(page);
            }
            return !is_moving;
        }
        let refusal = self.refusal(page, command);
        if refusal.is_some() {
            page.remark(refusal.clone());
        }
        refusal.is_some()
    }

    fn follow(&mut self, page: &mut LabPage) {
        match self.notebook.phase {
            Phase::Running if !page.is_on_the_way().0 => self.tell(page),
            Phase::Doing => self.watch(page),
            _ => {}
        }
    }

    fn translate(&mut self) -> Option<Loading> {
        let id = self.notebook.lesson.id.clone();
        // Only what is read differs: all places stay.
        if let Ok(lesson) = shelf::lesson(&id) {
            self.notebook.lesson = lesson;
        }
        self.show();
        (!shelf::is_said(&id)).then(|| -> Loading {
            Box::pin(async move {
                shelf::translate(&id).await;
                Ok(())
            })
        })
    }

    fn meaning(&self, event: &KeyboardEvent, presents: bool) -> Option<Command> {
        let turn = |forward: bool| Some(Lesson::Present { forward }.into());
        match event.key().as_str() {
            "PageDown" if presents => return turn(true),
            "PageUp" if presents => return turn(false),
            _ => {}
        }
        if !keys::are_on() || event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
            return None;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let tag = target.as_ref().map(|target| target.tag_name().to_ascii_lowercase()).unwrap_or_default();
        let kind = target.as_ref().and_then(|target| target.get_attribute("type")).unwrap_or_default();
        let is_text = matches!(tag.as_str(), "select" | "textarea" | "dialog")
            || tag == "input" && kind != "radio" && kind != "checkbox";
        if is_text {
            return None;
        }
        let key = event.key();
        let digit = key.parse::<usize>().ok().filter(|digit| key.len() == 1 && *digit > 0);
        if let (Some(place), Phase::Asking) = (digit, self.notebook.phase) {
            return Some(
                if presents { Lesson::Count { choice: place, more: true } } else { Lesson::Choose(place) }.into(),
            );
        }
        match key.as_str() {
            "v" | "V" if presents => Some(Lesson::Reveal.into()),
            "j" => Some(Lesson::Turn { forward: true }.into()),
            "k" => Some(Lesson::Turn { forward: false }.into()),
            "h" if matches!(self.notebook.phase, Phase::Asking | Phase::Doing) => Some(Lesson::Hint.into()),
            // A button, a link and what is on the stage do something with it by themselves.
            "Enter" if matches!(tag.as_str(), "body" | "legend" | "h2" | "h3" | "input") => {
                matches!(self.notebook.phase, Phase::Asking | Phase::Locked | Phase::Told).then(|| Lesson::GoOn.into())
            }
            _ => None,
        }
    }

    fn draw(&self, commands: &Commands) -> Html {
        html! { <panel::Panel notebook={self.sheet.clone()} commands={commands.clone()} /> }
    }

    fn draw_large(&self, commands: &Commands) -> Option<Html> {
        let sheet = self.sheet.clone();
        self.notebook.is_large.then(|| html! { <large::Large notebook={sheet} commands={commands.clone()} /> })
    }

    fn draw_notes(&self, commands: &Commands) -> Html {
        let key = self.notebook.prediction().and_then(|prediction| {
            let (step, block) = self.place();
            let shown = self.notebook.shown()?;
            let revealed = Revealed::new(prediction, ways(shown, block), self.lab, self.path.at(step, block)?).ok()?;
            Some(large::key(prediction, &self.key(&revealed, prediction).ok()?.right))
        });
        large::notes(&self.notebook, key, commands)
    }
}

/// Whether a command leads beyond an event, or to another run in the place of this one.
fn leads_on(command: &Command, event: u64, most: u64) -> bool {
    match command {
        Command::Course(Course::Seek(to) | Course::Follow(to)) => *to > most,
        Command::Course(Course::Step { forward } | Course::StepNode { forward } | Course::StepTelling { forward }) => {
            *forward && event >= most
        }
        Command::Course(Course::Play | Course::RunUntil(_)) => true,
        Command::Run(Run::Restart { .. } | Run::ShowFind(..) | Run::ShowMe(Some(_)) | Run::ShowContrast(..)) => true,
        _ => false,
    }
}

/// A run that has come to its end, at an earlier event of it.
pub(super) fn at(end: &Moment, event: u64) -> sim::Scenario {
    sim::Scenario { cursor: event.min(end.scenario.cursor), ..end.scenario.clone() }
}

pub(super) fn in_words(mistake: Mistake) -> Text {
    Text::verbatim(mistake.sentence)
}
