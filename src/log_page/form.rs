//! The form of the page, and what it answers.

use sim::{Text, t};
use web_sys::{DragEvent, Event, HtmlInputElement, HtmlTextAreaElement, InputEvent, SubmitEvent};
use yew::prelude::*;

use super::{Found, LogPage, LogPageMessage, Recording, problems};
use crate::files;
use crate::icons::logo;
use crate::language::LanguageChoice;
use crate::theme::ThemeButton;
use crate::words::say;

impl LogPage {
    /// The whole page.
    pub(super) fn draw(&self, context: &Context<LogPage>) -> Html {
        let link = context.link();
        let ondrop = link.batch_callback(|event: DragEvent| files::dropped(&event).map(LogPageMessage::OpenFile));
        let ondragover = Callback::from(|event: DragEvent| files::take_drag(&event));
        html! {
            <div class="log-page" {ondrop} {ondragover}>
                <header class="home-bar">{ logo() }<span class="space"></span><LanguageChoice /><ThemeButton /></header>
                <main>
                    <h1>{ say(t!("Bring your own log")) }</h1>
                    <p>{ say(t!("See what really happened in a system of your own. Write each event into a log with its host and its vector clock, as for ShiViz, and open it here: as a space-time diagram that you can step through, with what could have caused what, and what was concurrent. The log stays in your browser.")) }</p>
                    { self.draw_form(context) }
                    { self.draw_answer(context) }
                </main>
            </div>
        }
    }

    fn draw_form(&self, context: &Context<LogPage>) -> Html {
        let link = context.link();
        let oninput = link.callback(|event: InputEvent| {
            LogPageMessage::Text(event.target_unchecked_into::<HtmlTextAreaElement>().value().into())
        });
        let onchange = link.batch_callback(|event: Event| {
            files::chosen(&event.target_unchecked_into::<HtmlInputElement>()).map(LogPageMessage::OpenFile)
        });
        let onsubmit = link.callback(|event: SubmitEvent| {
            event.prevent_default();
            LogPageMessage::Read
        });
        let expression = |id: &'static str,
                          label: Text,
                          hint: Text,
                          value: &AttrValue,
                          message: fn(AttrValue) -> LogPageMessage| {
            let oninput = link.callback(move |event: InputEvent| {
                message(event.target_unchecked_into::<HtmlInputElement>().value().into())
            });
            html! {
                <div class="log-field">
                    <label for={id}>{ say(label) }</label>
                    <input {id} data-testid={id} class="mono" type="text" autocomplete="off" autocapitalize="off" spellcheck="false"
                        aria-describedby={format!("{id}-hint")} {value} {oninput} />
                    <small id={format!("{id}-hint")}>{ say(hint) }</small>
                </div>
            }
        };
        html! {
            <form {onsubmit}>
                <div class="log-field">
                    <label for="log-text">{ say(t!("Log")) }</label>
                    <textarea id="log-text" data-testid="log-text" class="mono" rows="14" wrap="off" autocomplete="off" spellcheck="false"
                        placeholder={say(t!("Paste a log, or drop a file on this page"))} value={self.typed.text.clone()} {oninput} />
                </div>
                <div class="log-buttons">
                    <label class="button file-button">
                        { say(t!("Choose a file…")) }
                        <input class="unseen" type="file" data-testid="log-file" {onchange} />
                    </label>
                    <button class="button" type="button" data-testid="log-example" onclick={link.callback(|_: MouseEvent| LogPageMessage::Example)}>
                        { say(t!("Fill in an example")) }
                    </button>
                </div>
                { expression("log-parser", t!("Parser expression"), t!("A regular expression with the groups host, clock and event. Other groups become fields of the event."), &self.typed.parser, LogPageMessage::Parser) }
                { expression("log-delimiter", t!("Delimiter expression (optional)"), t!("What stands between two executions in one log; its group trace names the execution that follows. For example ^=== (?<trace>.*) ===$"), &self.typed.delimiter, LogPageMessage::Delimiter) }
                if self.reader.is_some() {
                    // As for hunts, two buttons and not one that changes.
                    <button key="stop" type="button" class="button large" data-testid="log-stop"
                        onclick={link.callback(|_: MouseEvent| LogPageMessage::Stop)}>{ say(t!("Stop")) }</button>
                } else {
                    <button key="open" class="button primary large" data-testid="log-open">{ say(t!("Open")) }</button>
                }
                <p class="hint" role="status">{ for self.reader.is_some().then(|| say(t!("Reading the log…"))) }</p>
            </form>
        }
    }

    fn draw_answer(&self, context: &Context<LogPage>) -> Html {
        match &self.found {
            Found::Nothing => Html::default(),
            Found::Refusal(sentence) => html! {
                <div class="log-answer" role="alert" data-testid="log-refusal"><p>{ say(sentence) }</p></div>
            },
            Found::Problems(problems) => problems::draw(problems),
            Found::Executions(list) => html! {
                <section class="log-answer" aria-labelledby="log-executions" data-testid="log-executions">
                    <h2 id="log-executions">{ say(t!("Executions in this log: {count}", count = list.len())) }</h2>
                    <ol>{ for list.iter().enumerate().map(|(index, recording)| draw_execution(context, index, recording)) }</ol>
                </section>
            },
        }
    }
}

fn draw_execution(context: &Context<LogPage>, index: usize, recording: &Recording) -> Html {
    let name = match recording.name() {
        "" => t!("Execution {number}", number = index + 1),
        name => Text::verbatim(name.to_string()),
    };
    let onclick = context.link().callback(move |_: MouseEvent| LogPageMessage::Open(index));
    html! {
        <li>
            <button class="button" {onclick}>{ say(t!("Open {name}", name = name)) }</button>
            { recording.draw_counts() }
            { recording.draw_passed_over() }
        </li>
    }
}
