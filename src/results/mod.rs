//! The page *Marks*: answer files of a class are dropped there, replayed, and shown as a table. Nothing leaves the machine.

mod misbeliefs;
mod school;
mod table;

use std::cell::RefCell;
use std::rc::Rc;

use lessons::{Row, csv_head, csv_line};
use sim::{Text, t};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DragEvent, Event, File, HtmlInputElement};
use yew::prelude::*;

use crate::words::say;
use crate::{files, language, page_bar, part};
use school::School;
use table::Column;

/// The page: a part of its own.
#[derive(Debug)]
pub struct Results {
    pub draw: fn() -> Html,
}

part!(results: Results = Results { draw: || html! { <ResultsPage /> } });

/// A row with its file, and the link to where it can be seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    file: String,
    row: Row,
    link: Option<String>,
}

/// The page.
#[derive(Debug)]
pub struct ResultsPage {
    school: Rc<RefCell<School>>,
    found: Vec<Found>,
    /// By which column, and whether from the end.
    order: Option<(Column, bool)>,
    /// Which table it is: what is replayed for one that was cleared is thrown away.
    round: u32,
    /// How many files have been replayed, and of how many.
    progress: (usize, usize),
    _listener: Option<crate::dom::Listener>,
}

#[derive(Debug)]
pub enum ResultsMessage {
    Take(Vec<File>),
    /// What has been found in one file, for the table of this number.
    Hear(u32, Vec<Found>),
    Sort(Column),
    Save,
    Clear,
    /// The page has got another language.
    Translated,
}

impl Component for ResultsPage {
    type Message = ResultsMessage;
    type Properties = ();

    fn create(context: &Context<Self>) -> ResultsPage {
        let report = context.link().callback(|()| ResultsMessage::Translated);
        ResultsPage {
            school: Rc::default(),
            found: Vec::new(),
            order: None,
            round: 0,
            progress: (0, 0),
            _listener: language::on_change(move || report.emit(())),
        }
    }

    fn update(&mut self, context: &Context<Self>, message: ResultsMessage) -> bool {
        match message {
            ResultsMessage::Take(files) => self.take(context, files),
            ResultsMessage::Hear(round, _) if round != self.round => return false,
            ResultsMessage::Hear(_, found) => {
                self.progress.0 += 1;
                self.found.extend(found);
                self.sort();
            }
            ResultsMessage::Sort(column) => {
                let is_same = self.order.is_some_and(|(known, is_back)| known == column && !is_back);
                self.order = Some((column, is_same));
                self.sort();
            }
            ResultsMessage::Save => self.save(),
            ResultsMessage::Clear => {
                self.round += 1;
                self.school = Rc::default();
                (self.found, self.progress) = (Vec::new(), (0, 0));
            }
            ResultsMessage::Translated => {}
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let link = context.link();
        let ondrop = link.batch_callback(|event: DragEvent| {
            let files = files::all_dropped(&event);
            (!files.is_empty()).then_some(ResultsMessage::Take(files))
        });
        let ondragover = Callback::from(|event: DragEvent| files::take_drag(&event));
        html! {
            <div class="results-page" {ondrop} {ondragover}>
                { page_bar::draw(Html::default()) }
                <main>
                    <h1>{ say(t!("Marks")) }</h1>
                    <p>{ say(t!("Drop the answer files of a class here. Each answer is judged and each run replayed on this machine, and nothing leaves it. What a file says of itself is not believed. It is not shown who did it, nor whether an answer was the first.")) }</p>
                    { self.draw_buttons(context) }
                    <p class="hint" role="status" data-testid="marks-status">{ say(self.status()) }</p>
                    if !self.found.is_empty() {
                        { misbeliefs::draw(&self.found, &self.school.borrow()) }
                        { table::draw(&self.found, self.order, &link.callback(ResultsMessage::Sort)) }
                    }
                </main>
            </div>
        }
    }
}

impl ResultsPage {
    fn draw_buttons(&self, context: &Context<Self>) -> Html {
        let link = context.link();
        let onchange = link.callback(|event: Event| {
            ResultsMessage::Take(files::all_chosen(&event.target_unchecked_into::<HtmlInputElement>()))
        });
        html! {
            <div class="results-buttons">
                <label class="button primary file-button">
                    { say(t!("Choose files…")) }
                    <input class="unseen" type="file" multiple=true accept=".json,application/json" data-testid="marks-files" {onchange} />
                </label>
                if !self.found.is_empty() {
                    <button class="button" data-testid="marks-save" onclick={link.callback(|_: MouseEvent| ResultsMessage::Save)}>
                        { say(t!("Save as CSV")) }
                    </button>
                    <button class="button" data-testid="marks-clear" onclick={link.callback(|_: MouseEvent| ResultsMessage::Clear)}>
                        { say(t!("Clear")) }
                    </button>
                }
            </div>
        }
    }

    fn status(&self) -> Text {
        match self.progress {
            (_, 0) => t!("No file yet."),
            (done, all) if done < all => t!("Replaying: {done} of {all} files", done = done, all = all),
            (_, all) => t!("Files replayed: {all}", all = all),
        }
    }

    /// Replays files one after the other, so that the page can be used meanwhile.
    fn take(&mut self, context: &Context<Self>, files: Vec<File>) {
        self.progress.1 += files.len();
        let (round, school, link) = (self.round, Rc::downgrade(&self.school), context.link().clone());
        spawn_local(async move {
            for file in files {
                // None where the page was left or cleared.
                let Some(school) = school.upgrade() else { return };
                let found = school::replay(&school, &file).await;
                link.send_message(ResultsMessage::Hear(round, found));
                school::breathe().await;
            }
        });
    }

    fn sort(&mut self) {
        if let Some((column, is_back)) = self.order {
            self.found.sort_by(|one, other| {
                let order = column.compare(one, other);
                if is_back { order.reverse() } else { order }
            });
        }
    }

    fn save(&self) {
        let lines: String = self.found.iter().map(|found| csv_line(&found.file, &found.row)).collect();
        // The mark by which spreadsheets know that it is UTF-8.
        let table = format!("\u{feff}{}{lines}", csv_head());
        files::save("netsplit-marks.csv", "text/csv", table.as_bytes());
    }
}
