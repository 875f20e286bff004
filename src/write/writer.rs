//! Who writes a lesson on the page of its lab.

use gloo_timers::callback::Timeout;
use lessons::{Moment, Script, Thing, pick};
use sim::{AnyLab, Text, t};
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use super::draft::{Drafts, TEMPLATE};
use super::editor::{Board, Editor, Group, Stand};
use super::findings::{self, Finding};
use super::keys;
use super::proof::Manuscript;
use crate::command::{Command, Commands, Draft, Item, Lesson, Read};
use crate::dom;
use crate::embed::Answers;
use crate::files;
use crate::lab_page::LabPage;
use crate::lesson::player::Player;
use crate::lesson::{Tutor, shelf};
use crate::parts::Loading;
use crate::route::Route;
use crate::shared::Shared;
use crate::workbook::shelf::Browser;
use crate::worker::Helper;

/// How long nothing is typed before a draft is read, in milliseconds.
const PAUSE_MS: u32 = 400;

/// Who writes.
#[derive(Debug)]
pub struct Writer {
    lab: &'static dyn AnyLab,
    drafts: Drafts,
    /// The lessons of the draft, as they could be read last.
    lessons: Vec<lessons::Lesson>,
    /// Who shows a step of the first one as a student sees it.
    player: Option<Player>,
    board: Board,
    /// What the editor shows.
    sheet: Shared<Board>,
    /// Waits until nothing more is typed.
    due: Option<Timeout>,
    /// Proves the draft.
    helper: Option<Helper>,
    /// Where recording began.
    recorded_from: Option<Moment>,
}

impl Writer {
    /// Opens the draft that was open last.
    ///
    /// # Errors
    ///
    /// Says that its lab is not there.
    pub fn open() -> Result<Writer, Text> {
        let drafts = Drafts::recall();
        let lab = labs::registry::lab(&drafts.lab())?;
        let board = Board { text: drafts.text().to_string().into(), names: drafts.names(), ..Board::default() };
        Ok(Writer {
            lab,
            drafts,
            lessons: Vec::new(),
            player: None,
            sheet: Shared::new(board.clone()),
            board,
            due: None,
            helper: None,
            recorded_from: None,
        })
    }

    fn show(&mut self) {
        self.sheet = Shared::new(self.board.clone());
    }

    /// Takes what was typed, and reads it when nothing more is typed for a while.
    fn take(&mut self, page: &LabPage, text: String) {
        self.drafts.write(text);
        self.drafts.keep(&mut Browser);
        (self.board.text, self.board.names) = (self.drafts.text().to_string().into(), self.drafts.names());
        self.board.stand = Stand::Waiting;
        let commands = page.commands();
        let check = Callback::from(move |()| commands.emit(Lesson::Draft(Draft::Check).into()));
        self.due = dom::after(PAUSE_MS, check);
    }

    /// Opens another draft.
    fn turn(&mut self, page: &mut LabPage) {
        self.drafts.keep(&mut Browser);
        (self.board.text, self.board.names) = (self.drafts.text().to_string().into(), self.drafts.names());
        (self.board.picks, self.board.keys, self.recorded_from) = (None, Vec::new(), None);
        self.board.is_recording = false;
        self.player = None;
        self.check(page);
    }

    /// Reads the draft, shows it as a student sees it, and lets it be proved.
    fn check(&mut self, page: &mut LabPage) {
        self.due = None;
        let lab = self.drafts.lab();
        if lab != self.lab.about().id {
            // The page of another lab takes over.
            return Route::Write { lab: Some(lab) }.go();
        }
        let (lessons, findings) = findings::read(self.drafts.text());
        self.board.findings = findings;
        (self.board.keys, self.helper) = (Vec::new(), None);
        if lessons.is_empty() {
            self.board.stand = Stand::Broken;
            return;
        }
        self.lessons = lessons;
        self.play(page);
        let commands = page.commands();
        let report = Callback::from(move |answer: Result<_, Text>| {
            commands.emit(Lesson::Draft(Draft::Proved(answer)).into());
        });
        self.board.stand = Stand::Proving;
        self.helper = Helper::send(Manuscript { lab, text: self.drafts.text().to_string() }, report);
        if self.helper.is_none() {
            self.board.stand = Stand::Read;
        }
    }

    /// Shows the step again, unless somebody is at work on the stage.
    fn play(&mut self, page: &mut LabPage) {
        let Some(lesson) = self.lessons.iter().find(|lesson| lesson.lab == self.lab.about().id) else { return };
        let shown = self.player.as_ref().map(|player| player.notebook());
        let is_same = shown.is_some_and(|shown| shown.lesson.digest == lesson.digest);
        if is_same || self.recorded_from.is_some() || self.board.picks.is_some() {
            return;
        }
        let step = shown.map_or(1, |shown| shown.step);
        shelf::keep(&lesson.id, Ok(std::rc::Rc::new(lesson.clone())));
        match Player::open(&lesson.id, Some(step)) {
            Ok(mut player) => {
                player.enter(page);
                self.player = Some(player);
            }
            // The proof says so, with its place.
            Err(_) => self.player = None,
        }
        page.stay();
    }

    /// Begins to write down what is done, or ends that and writes it.
    fn record(&mut self, page: &mut LabPage) {
        let (_, now_us) = page.stands_at();
        let Some(from) = self.recorded_from.take() else {
            self.recorded_from = page.scenario().map(|mut scenario| {
                scenario.inputs.retain(|timed| timed.after_event < scenario.cursor);
                Moment { scenario, at_us: now_us }
            });
            self.board.is_recording = self.recorded_from.is_some();
            page.remark(Some(t!("What you do on the stage is written down. Press Stop when you are done.")));
            return;
        };
        self.board.is_recording = false;
        let lab = self.lab;
        let written = page.timeline().map(|timeline| Script::record(&from, lab, timeline, now_us));
        match written {
            Some(Ok(lines)) if lines.is_empty() => page.remark(Some(t!("Nothing was done."))),
            Some(Ok(lines)) => self.insert(page, &lines),
            Some(Err(why)) => page.remark(Some(why)),
            None => {}
        }
    }

    /// Puts something in where the cursor stands.
    fn insert(&mut self, page: &LabPage, what: &str) {
        let text = self.drafts.text().to_string();
        let units: Vec<u16> = text.encode_utf16().collect();
        let at = cursor().unwrap_or(units.len()).min(units.len());
        let (before, after) = (String::from_utf16_lossy(&units[..at]), String::from_utf16_lossy(&units[at..]));
        let end = at + what.encode_utf16().count();
        self.board.cursor = Some((self.board.cursor.map_or(0, |(count, _)| count) + 1, end));
        self.take(page, format!("{before}{what}{after}"));
    }

    /// Lists what asks for what is selected, and for all checks and numbers.
    fn list_picks(&mut self, page: &mut LabPage) {
        let lab = self.lab;
        let item = page.selected();
        let Some(frame) = page.shown().cloned() else { return };
        let Some(timeline) = page.timeline() else { return };
        let ask = |things: Vec<Thing>| things.into_iter().flat_map(|thing| pick(lab, timeline, thing)).collect();
        let mut groups = Vec::new();
        match item {
            Some(Item::Node(id)) => {
                let Some(node) = frame.nodes.get(id.index()) else { return };
                let fields = (0..node.fields.len()).map(|place| Thing::Field(id, place));
                // The newest cells are those that are seen.
                let cells = (node.cells.len().saturating_sub(4)..node.cells.len()).map(|place| Thing::Cell(id, place));
                let things = [Thing::Node(id)].into_iter().chain(fields).chain(cells).collect();
                groups.push(Group { title: Text::verbatim(node.label.clone()), picked: ask(things) });
            }
            Some(Item::Message(id)) => {
                groups.push(Group { title: t!("The message"), picked: ask(vec![Thing::Message(id)]) });
            }
            _ => {}
        }
        let checks = (0..lab.checks().len()).map(Thing::Check).collect();
        groups.push(Group { title: t!("Checks"), picked: ask(checks) });
        let measures = (0..frame.measures.len()).map(Thing::Measure).collect();
        groups.push(Group { title: t!("Numbers"), picked: ask(measures) });
        for group in &mut groups {
            let mut seen = Vec::new();
            group.picked.retain(|picked| {
                let is_new = !seen.contains(&picked.expression);
                seen.push(picked.expression.clone());
                is_new
            });
        }
        groups.retain(|group| !group.picked.is_empty());
        if self.board.picks.as_ref() != Some(&groups) {
            self.board.picks = Some(groups);
            self.show();
        }
    }

    /// Says of each choice of the step whether it is true at its reveal.
    fn try_keys(&mut self) {
        let Some(player) = &self.player else { return };
        let (lesson, number) = (player.notebook().lesson.clone(), player.notebook().step);
        let rows = keys::rows(&lesson, number, self.lab);
        self.board.keys = if rows.is_empty() { vec![t!("In this step nothing is asked.").to_string()] } else { rows };
    }

    fn hear(&mut self, answer: Result<Vec<(usize, usize, String)>, Text>) {
        self.helper = None;
        match answer {
            Ok(wrong) => {
                let is_proved = wrong.is_empty() && !self.board.findings.iter().any(|finding| finding.is_mistake);
                let said = |(line, column, sentence)| Finding { line, column, sentence, is_mistake: true };
                self.board.findings.extend(wrong.into_iter().map(said));
                self.board.findings.sort_by_key(|finding| (finding.line, finding.column));
                self.board.stand = if is_proved { Stand::Proved } else { Stand::Broken };
            }
            Err(_) => self.board.stand = Stand::Read,
        }
    }

    fn obey_draft(&mut self, page: &mut LabPage, wish: Draft) {
        match wish {
            Draft::Type(text) => self.take(page, text),
            Draft::Check => self.check(page),
            Draft::Proved(answer) => self.hear(answer),
            Draft::New => {
                self.drafts.add(TEMPLATE.to_string());
                self.turn(page);
            }
            Draft::Open(Ok(text)) => {
                self.drafts.add(text);
                self.turn(page);
            }
            Draft::Open(Err(why)) => page.remark(Some(t!("This file cannot be opened: {why}.", why = why))),
            Draft::Choose(place) => {
                self.drafts.choose(place);
                self.turn(page);
            }
            Draft::Save => files::save(&self.drafts.file_name(), "text/markdown", self.drafts.text().as_bytes()),
            Draft::Record => self.record(page),
            Draft::Pick => match self.board.picks.take() {
                Some(_) => self.play(page),
                None => self.list_picks(page),
            },
            Draft::Insert(what) => self.insert(page, &what),
            Draft::TryKeys => self.try_keys(),
            Draft::Play => {
                if let Some(lesson) = self.lessons.first() {
                    shelf::keep(&lesson.id, Ok(std::rc::Rc::new(lesson.clone())));
                    Route::Lesson { id: lesson.id.clone(), step: Some(1) }.go();
                }
            }
        }
        self.show();
    }

    /// Whether the stage is the writer's own for now.
    fn is_at_work(&self) -> bool {
        self.recorded_from.is_some()
    }

    fn with_player(&mut self, page: &mut LabPage, act: impl FnOnce(&mut Player, &mut LabPage)) {
        if let Some(player) = &mut self.player {
            act(player, page);
        }
    }
}

/// Where the cursor stands, in UTF-16 as browsers count.
fn cursor() -> Option<usize> {
    let area: HtmlTextAreaElement = dom::find("#write-text")?.dyn_into().ok()?;
    area.selection_end().ok()?.map(|end| end as usize)
}

impl Tutor for Writer {
    fn enter(&mut self, page: &mut LabPage) {
        self.check(page);
        self.show();
    }

    fn turn_to(&mut self, _page: &mut LabPage, _lesson: &str, _step: Option<usize>) -> bool {
        false
    }

    fn obey(&mut self, page: &mut LabPage, wish: Lesson) {
        match wish {
            Lesson::Draft(wish) => self.obey_draft(page, wish),
            Lesson::Leave => Route::Home.go(),
            wish => self.with_player(page, |player, page| player.obey(page, wish)),
        }
    }

    fn minds(&mut self, page: &mut LabPage, command: &Command) -> bool {
        let picks = self.board.picks.is_some() && matches!(command, Command::Read(Read::Select(_)));
        if self.is_at_work() || picks {
            return false;
        }
        let mut is_minded = false;
        self.with_player(page, |player, page| is_minded = player.minds(page, command));
        is_minded
    }

    fn follow(&mut self, page: &mut LabPage) {
        if self.board.picks.is_some() {
            self.list_picks(page);
        }
        if !self.is_at_work() {
            self.with_player(page, |player, page| player.follow(page));
        }
    }

    fn answers(&self) -> Answers {
        self.player.as_ref().map(|player| player.answers()).unwrap_or_default()
    }

    fn take_answers(&mut self, page: &mut LabPage, text: &str) -> Result<(), Text> {
        self.player.as_mut().map_or(Ok(()), |player| player.take_answers(page, text))
    }

    fn translate(&mut self) -> Option<Loading> {
        self.show();
        self.player.as_mut().and_then(|player| player.translate())
    }

    fn meaning(&self, event: &KeyboardEvent, presents: bool) -> Option<Command> {
        self.player.as_ref().filter(|_| !self.is_at_work())?.meaning(event, presents)
    }

    fn draw(&self, commands: &Commands) -> Html {
        html! {
            <>
                <Editor board={self.sheet.clone()} commands={commands.clone()} />
                { self.player.as_ref().map(|player| player.draw(commands)).unwrap_or_default() }
            </>
        }
    }

    fn draw_large(&self, _commands: &Commands) -> Option<Html> {
        None
    }

    fn draw_notes(&self, _: &Commands) -> Html {
        Html::default()
    }
}
