//! The text of a lesson with what is wrong with it. A plain field: the lesson is Markdown, and reads well as it stands.

use lessons::{LONGEST_FILE, Picked};
use sim::{Text, t};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, File, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::findings::Finding;
use crate::command::{Commands, Draft, Lesson};
use crate::dom;
use crate::files::{self, Reading};
use crate::language::use_language;
use crate::shared::Shared;
use crate::words::say;

/// How far a draft is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stand {
    /// Somebody types.
    #[default]
    Waiting,
    /// It is being proved.
    Proving,
    /// It could be read, and nobody could prove it here.
    Read,
    Proved,
    /// There are mistakes.
    Broken,
}

impl Stand {
    fn sentence(self, findings: &[Finding]) -> Text {
        let mistakes = findings.iter().filter(|finding| finding.is_mistake).count();
        match self {
            Stand::Waiting => t!("Read as soon as you pause."),
            Stand::Proving => t!("Read. Being proved…"),
            Stand::Read => t!("It can be read. Prove it with “netsplit lesson”."),
            Stand::Proved if findings.is_empty() => t!("Proved, and nothing to remark."),
            Stand::Proved => t!("Proved. Remarks: {count}.", count = findings.len()),
            Stand::Broken => t!("Mistakes: {count}.", count = mistakes),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Stand::Waiting => "waiting",
            Stand::Proving => "proving",
            Stand::Read => "read",
            Stand::Proved => "proved",
            Stand::Broken => "broken",
        }
    }
}

/// Expressions that ask for one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub title: Text,
    pub picked: Vec<Picked>,
}

/// What the editor shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    pub text: AttrValue,
    /// What all drafts are called, the one that is open first.
    pub names: Vec<String>,
    pub findings: Vec<Finding>,
    pub stand: Stand,
    pub is_recording: bool,
    /// What can be picked, while somebody picks.
    pub picks: Option<Vec<Group>>,
    /// What is true at the reveals of the step.
    pub keys: Vec<String>,
    /// Where the cursor goes, in UTF-16, with a number that says which time that is.
    pub cursor: Option<(u32, usize)>,
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct EditorProps {
    pub board: Shared<Board>,
    pub commands: Commands,
}

/// The whole editor.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    use_language();
    let area = use_node_ref();
    let numbers = use_node_ref();
    let reading = use_mut_ref(|| None::<Reading>);
    let board = &*props.board;
    let wish = |draft: Draft| props.commands.reform(move |_: MouseEvent| Lesson::Draft(draft.clone()).into());
    {
        let area = area.clone();
        use_effect_with(board.cursor, move |cursor| {
            if let (Some((_, at)), Some(area)) = (*cursor, area.cast::<HtmlTextAreaElement>()) {
                let _ = area.focus();
                let _ = area.set_selection_range(at as u32, at as u32);
            }
        });
    }
    let oninput = props.commands.reform(|event: InputEvent| {
        Lesson::Draft(Draft::Type(event.target_unchecked_into::<HtmlTextAreaElement>().value())).into()
    });
    let onscroll = {
        let (area, numbers) = (area.clone(), numbers.clone());
        Callback::from(move |_: Event| {
            if let (Some(area), Some(numbers)) = (area.cast::<HtmlElement>(), numbers.cast::<HtmlElement>()) {
                numbers.set_scroll_top(area.scroll_top());
            }
        })
    };
    let open = {
        let commands = props.commands.clone();
        Callback::from(move |file: File| {
            let report = commands.reform(|content: Result<String, Text>| Lesson::Draft(Draft::Open(content)).into());
            *reading.borrow_mut() = Reading::begin(&file, LONGEST_FILE, report);
        })
    };
    let onchange = {
        let open = open.clone();
        Callback::from(move |event: Event| {
            files::chosen(&event.target_unchecked_into::<HtmlInputElement>())
                .into_iter()
                .for_each(|file| open.emit(file));
        })
    };
    let ondrop = Callback::from(move |event: DragEvent| {
        files::dropped(&event).into_iter().for_each(|file| open.emit(file));
    });
    let choose = props.commands.reform(|event: Event| {
        let place = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        Lesson::Draft(Draft::Choose(place.max(0) as usize)).into()
    });
    let lines = board.text.lines().count() + usize::from(board.text.ends_with('\n'));
    let listed: String = (1..=lines.max(1)).map(|line| format!("{line}\n")).collect();
    let is_wrong = board.findings.iter().any(|finding| finding.is_mistake);
    html! {
        <section class="write" data-testid="write" aria-label={say(t!("Write a lesson"))} {ondrop} ondragover={Callback::from(|event: DragEvent| files::take_drag(&event))}>
            <div class="write-tools" role="group" aria-label={say(t!("The draft"))}>
                <select aria-label={say(t!("Drafts"))} data-testid="write-drafts" onchange={choose}>
                    { for board.names.iter().enumerate().map(|(place, name)| html! { <option selected={place == 0}>{ name }</option> }) }
                </select>
                { button("write-new", t!("New"), wish(Draft::New)) }
                <label class="button file-button">{ say(t!("Open…")) }
                    <input class="unseen" type="file" accept=".md,text/markdown,text/plain" data-testid="write-open" {onchange} />
                </label>
                { button("write-save", t!("Save"), wish(Draft::Save)) }
                { button("write-play", t!("Open it as a lesson"), wish(Draft::Play)) }
            </div>
            <div class="write-tools" role="group" aria-label={say(t!("From the stage"))}>
                { pressed("write-record", if board.is_recording { t!("Stop") } else { t!("Record") }, board.is_recording, wish(Draft::Record)) }
                { pressed("write-pick", t!("Pick"), board.picks.is_some(), wish(Draft::Pick)) }
                { button("write-keys", t!("Try keys"), wish(Draft::TryKeys)) }
            </div>
            <div class="write-page" dir="ltr">
                <pre class="write-numbers" aria-hidden="true" ref={numbers}>{ listed }</pre>
                <textarea id="write-text" data-testid="write-text" ref={area} spellcheck="false" wrap="off" aria-label={say(t!("The text of the lesson"))}
                    aria-describedby="write-stand" aria-invalid={is_wrong.to_string()} value={board.text.clone()} {oninput} {onscroll} />
            </div>
            <div class="write-below">
                <p id="write-stand" class="write-stand" role="status" data-testid="write-stand" data-stand={board.stand.name()}>
                    { say(board.stand.sentence(&board.findings)) }
                </p>
                { draw_findings(&board.findings) }
                { draw_keys(&board.keys) }
                { for board.picks.as_ref().map(|groups| draw_picks(groups, &props.commands)) }
            </div>
        </section>
    }
}

fn button(id: &'static str, title: Text, onclick: Callback<MouseEvent>) -> Html {
    html! { <button type="button" class="button" data-testid={id} {onclick}>{ say(title) }</button> }
}

fn pressed(id: &'static str, title: Text, is_on: bool, onclick: Callback<MouseEvent>) -> Html {
    html! { <button type="button" class="button" data-testid={id} aria-pressed={is_on.to_string()} {onclick}>{ say(title) }</button> }
}

/// What is said of the text, each a way to its line.
fn draw_findings(findings: &[Finding]) -> Html {
    if findings.is_empty() {
        return Html::default();
    }
    let row = |finding: &Finding| {
        let (line, column) = (finding.line, finding.column);
        let kind = if finding.is_mistake { t!("mistake") } else { t!("remark") };
        let class = if finding.is_mistake { "mistake" } else { "remark" };
        html! {
            <li class={class}>
                <button type="button" class="link" onclick={Callback::from(move |_: MouseEvent| jump(line, column))}>{ format!("{line}:{column}") }</button>
                <span><b>{ say(kind) }</b>{ " " }<span lang="en" dir="ltr">{ &finding.sentence }</span></span>
            </li>
        }
    };
    html! {
        <ol class="write-findings" data-testid="write-findings" aria-label={say(t!("What is to be said of the text"))}>{ for findings.iter().map(row) }</ol>
    }
}

fn draw_keys(rows: &[String]) -> Html {
    if rows.is_empty() {
        return Html::default();
    }
    html! {
        <div class="write-keys" data-testid="write-key" role="status">
            <h3>{ say(t!("What is true at the reveal, by line")) }</h3>
            <ul lang="en" dir="ltr">{ for rows.iter().map(|row| html! { <li>{ row }</li> }) }</ul>
        </div>
    }
}

/// What asks for a thing, with its value now.
fn draw_picks(groups: &[Group], commands: &Commands) -> Html {
    let entry = |picked: &Picked| {
        let expression = picked.expression.clone();
        let onclick = commands.reform(move |_: MouseEvent| Lesson::Draft(Draft::Insert(expression.clone())).into());
        html! { <li><button type="button" class="link" {onclick}><code>{ &picked.expression }</code></button>{ format!(" = {}", picked.value) }</li> }
    };
    let group = |group: &Group| {
        html! { <div><h4>{ say(&group.title) }</h4><ul dir="ltr">{ for group.picked.iter().map(entry) }</ul></div> }
    };
    html! {
        <div class="write-picks" data-testid="write-picks">
            <h3>{ say(t!("Select a node or a message on the stage; press an expression to write it")) }</h3>
            { for groups.iter().map(group) }
        </div>
    }
}

/// Goes to a place in the text.
fn jump(line: usize, column: usize) {
    let Some(area) = dom::find("#write-text").and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok()) else {
        return;
    };
    let text = area.value();
    let lines: Vec<&str> = text.split('\n').collect();
    let units = |text: &str| text.encode_utf16().count();
    let before: usize = lines.iter().take(line.saturating_sub(1)).map(|line| units(line) + 1).sum();
    let row = lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
    let inside: String = row.chars().take(column.saturating_sub(1)).collect();
    let at = (before + units(&inside)) as u32;
    let end = (before + units(row)) as u32;
    let _ = area.focus();
    let _ = area.set_selection_range(at, end);
    let height = f64::from(area.scroll_height()) / lines.len().max(1) as f64;
    area.set_scroll_top((height * line as f64) as i32 - area.client_height() / 2);
}
