//! The snippet that puts this moment, or the scenario that the run began with, as a live figure on another page.

use std::fmt::Write;
use std::rc::Rc;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sim::share::MOST_CHARACTERS;
use sim::{SharedMoment, Text, t};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::dom;
use crate::language::LANGUAGES;
use crate::looks::{MOST_EVENTS, MOST_OF_CAPTION};
use crate::route::Route;
use crate::share;
use crate::words::say;

/// The height of a plain frame where none is chosen, in pixels; an element finds the one that suits its width.
const HEIGHT: u32 = 440;

/// What a figure shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A scenario of the lab, by its name.
    Scenario(String),
    /// A moment, by the state of its link.
    Moment(String),
}

/// A figure as its writer wants it. What is empty or none is left to the reader's system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    pub lab: String,
    pub subject: Subject,
    pub controls: String,
    pub theme: String,
    pub language: String,
    pub height: Option<u32>,
    /// The first and the last event that are shown.
    pub stretch: Option<(u64, u64)>,
    pub caption: String,
    /// What a screen reader calls it.
    pub title: String,
}

impl Figure {
    /// What differs from the usual, as names and values of attributes and of a query alike.
    fn looks(&self) -> Vec<(&'static str, String)> {
        let mut looks = Vec::new();
        let words = [
            ("controls", &self.controls),
            ("theme", &self.theme),
            ("lang", &self.language),
            ("caption", &self.caption),
        ];
        looks.extend(
            words.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.clone())),
        );
        if let Some((from, to)) = self.stretch {
            looks.push(("from", from.to_string()));
            looks.extend((to >= from).then(|| ("to", to.to_string())));
        }
        looks
    }

    fn hash(&self) -> String {
        match &self.subject {
            Subject::Scenario(name) => Route::Lab { lab: self.lab.clone(), scenario: Some(name.clone()) }.hash(),
            Subject::Moment(state) => Route::Moment(state.clone()).hash(),
        }
    }

    /// The address of the figure by itself, in the release at `page`.
    pub fn address(&self, page: &str) -> String {
        let mut address = format!("{page}?view=embed");
        for (name, value) in self.looks() {
            let _ = write!(address, "&{name}={}", utf8_percent_encode(&value, NON_ALPHANUMERIC));
        }
        address + &self.hash()
    }

    /// The element with its script.
    pub fn element(&self, page: &str) -> String {
        let folder = page.rsplit_once('/').map_or(page, |(folder, _)| folder);
        let (name, value) = match &self.subject {
            Subject::Scenario(name) => ("scenario", name),
            Subject::Moment(state) => ("state", state),
        };
        let mut attributes = format!(" lab=\"{}\" {name}=\"{}\"", escape(&self.lab), escape(value));
        let height = self.height.map(|height| ("height", height.to_string()));
        let title = ("title", self.title.clone());
        for (name, value) in self.looks().into_iter().chain(height).chain([title]) {
            let _ = write!(attributes, " {name}=\"{}\"", escape(&value));
        }
        let link = escape(&(page.to_string() + &self.hash()));
        format!(
            "<script async src=\"{}/static/netsplit-lab.js\"></script>\n<netsplit-lab{attributes}>\n  <a href=\"{link}\">{}</a>\n</netsplit-lab>",
            escape(folder),
            escape(&self.title)
        )
    }

    /// A plain frame, for pages that take no script.
    pub fn frame(&self, page: &str) -> String {
        format!(
            "<iframe src=\"{}\" title=\"{}\" width=\"640\" height=\"{}\" loading=\"lazy\"></iframe>",
            escape(&self.address(page)),
            escape(&self.title),
            self.height.unwrap_or(HEIGHT)
        )
    }
}

/// A text inside of HTML, in quotes or not.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct EmbedProps {
    pub moment: Rc<SharedMoment>,
    /// The prepared scenario that the run began with.
    pub scenario: Option<AttrValue>,
    /// How many events have been computed.
    pub length: u64,
}

/// What has been chosen.
#[derive(Clone, Debug, Default, PartialEq)]
struct Choices {
    is_open: bool,
    /// The scenario in the place of the moment.
    is_scenario: bool,
    /// A plain frame in the place of the element.
    is_frame: bool,
    controls: String,
    theme: String,
    language: String,
    height: Option<u32>,
    /// Whether only a stretch is shown.
    is_stretch: bool,
    from: Option<u64>,
    to: Option<u64>,
    caption: String,
}

impl Choices {
    fn stretch(&self, props: &EmbedProps) -> (u64, u64) {
        (self.from.unwrap_or(props.moment.scenario.cursor), self.to.unwrap_or(props.length))
    }
}

/// The section of the dialog: closed at first, and then nothing of it is made.
#[component]
pub fn Embed(props: &EmbedProps) -> Html {
    let choices = use_state(Choices::default);
    let onclick = {
        let choices = choices.clone();
        Callback::from(move |_: MouseEvent| {
            choices.set(Choices { is_open: !choices.is_open, ..(*choices).clone() });
        })
    };
    html! {
        <section class="embed">
            <h3>{ say(t!("On a page of yours")) }</h3>
            <button class="button" data-testid="embed" aria-expanded={choices.is_open.to_string()} {onclick}>{ say(t!("Embed as a live figure…")) }</button>
            if choices.is_open {
                <Workshop props={props.clone()} {choices} />
            }
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct WorkshopProps {
    props: EmbedProps,
    choices: UseStateHandle<Choices>,
}

/// Choices, snippet and preview.
#[component]
fn Workshop(workshop: &WorkshopProps) -> Html {
    let WorkshopProps { props, choices } = workshop;
    let answer = use_state(|| None::<Text>);
    let field = use_node_ref();
    let state = share::PART.get().map(|share| (share.link)(&props.moment)).unwrap_or_default();
    let is_short = state.len() <= MOST_CHARACTERS;
    let subject = match &props.scenario {
        Some(name) if choices.is_scenario || !is_short => Subject::Scenario(name.to_string()),
        _ if is_short => Subject::Moment(state),
        _ => {
            return html! { <p data-testid="embed-long">{ say(t!("This run is too long to stand in a snippet. Go back to a shorter one, or to a scenario.")) }</p> };
        }
    };
    let lab = props.moment.scenario.lab.clone();
    let title = labs::registry::about(&lab).map(|about| say(about.title).to_string()).unwrap_or_default();
    let (from, to) = choices.stretch(props);
    let figure = Figure {
        title: if choices.caption.is_empty() { title } else { choices.caption.clone() },
        lab,
        subject,
        controls: choices.controls.clone(),
        theme: choices.theme.clone(),
        language: choices.language.clone(),
        height: choices.height,
        stretch: choices.is_stretch.then_some((from, to)),
        caption: choices.caption.clone(),
    };
    let page = dom::page_address();
    // The app as one file has no script beside it that could make the element.
    let has_element = dom::has_neighbours();
    let snippet = if choices.is_frame || !has_element { figure.frame(&page) } else { figure.element(&page) };
    let copy = {
        let (answer, field, snippet) = (answer.clone(), field.clone(), snippet.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(field) = field.cast::<HtmlTextAreaElement>() {
                field.select();
            }
            let answer = answer.clone();
            dom::copy(&snippet, move |is_copied| {
                answer.set(Some(match is_copied {
                    true => t!("The snippet is copied."),
                    false => t!("This browser does not let the page copy. The snippet is selected: press Ctrl+C."),
                }));
            });
        })
    };
    let change = |set: fn(&mut Choices, &str)| {
        let (choices, answer) = (choices.clone(), answer.clone());
        Callback::from(move |event: Event| {
            let mut changed = (*choices).clone();
            set(&mut changed, &value_of(&event));
            choices.set(changed);
            answer.set(None);
        })
    };
    let mut shows = vec![("moment", t!("this moment"))];
    if props.scenario.is_some() {
        shows.push(("scenario", t!("the scenario that it began with")));
    }
    let shown = if matches!(figure.subject, Subject::Scenario(_)) { "scenario" } else { "moment" };
    let languages = LANGUAGES.iter().map(|language| (language.code, Text::verbatim(language.name)));
    let languages = [("", t!("as the reader has it"))].into_iter().chain(languages).collect();
    html! {
        <>
        <div class="embed-choices">
            if is_short && shows.len() > 1 {
                { draw_choice("embed-subject", t!("Shows"), shown, shows, change(|choices, value| choices.is_scenario = value == "scenario")) }
            }
            if has_element {
                { draw_choice("embed-kind", t!("As"), if choices.is_frame { "frame" } else { "" }, vec![
                    ("", t!("an element with its script")),
                    ("frame", t!("a plain frame, without a script")),
                ], change(|choices, value| choices.is_frame = value == "frame")) }
            }
            { draw_choice("embed-controls", t!("Readers can"), &choices.controls, vec![
                ("", t!("do all, also on the stage")),
                ("step", t!("step and play")),
                ("none", t!("look")),
            ], change(|choices, value| choices.controls = value.to_string())) }
            { draw_choice("embed-theme", t!("Colours"), &choices.theme, vec![
                ("", t!("as the reader has it")),
                ("light", t!("light")),
                ("dark", t!("dark")),
                ("projector", t!("projector")),
            ], change(|choices, value| choices.theme = value.to_string())) }
            { draw_choice("embed-language", t!("Language"), &choices.language, languages, change(|choices, value| choices.language = value.to_string())) }
            { draw_number("embed-height", t!("Height in pixels"), choices.height.map(u64::from), (100, 4_000), t!("as suits"),
                change(|choices, value| choices.height = value.parse().ok().filter(|height| (100..=4_000).contains(height)))) }
            <label class="control switch">
                <input type="checkbox" data-testid="embed-stretch" checked={choices.is_stretch} onchange={change(|choices, _| choices.is_stretch = !choices.is_stretch)} />
                <span>{ say(t!("Only a stretch of the run")) }</span>
            </label>
            if choices.is_stretch {
                { draw_number("embed-from", t!("From event"), Some(from), (0, MOST_EVENTS), t!("here"), change(|choices, value| choices.from = event_in(value))) }
                { draw_number("embed-to", t!("To event"), Some(to), (0, MOST_EVENTS), t!("the end"), change(|choices, value| choices.to = event_in(value))) }
                if to < from {
                    <p role="alert" data-testid="embed-order">{ say(t!("The last event comes before the first one, so it is left out.")) }</p>
                }
            }
            <label class="embed-caption">
                { say(t!("Your caption, of at most {most} characters", most = MOST_OF_CAPTION)) }
                <input type="text" data-testid="embed-caption" dir="auto" maxlength={MOST_OF_CAPTION.to_string()} value={choices.caption.clone()}
                    onchange={change(|choices, value| choices.caption = value.trim().to_string())} />
            </label>
        </div>
        <label for="embed-snippet" class="unseen">{ say(t!("Snippet")) }</label>
        <textarea ref={field} id="embed-snippet" class="mono" data-testid="embed-snippet" dir="ltr" rows="6" readonly=true value={snippet} />
        <button class="button strong" data-testid="embed-copy" onclick={copy}>{ say(t!("Copy snippet")) }</button>
        <p role="status" data-testid="embed-answer">{ for answer.as_ref().map(say) }</p>
        if has_element {
            <h4>{ say(t!("Preview")) }</h4>
            <iframe key={figure.address(&page)} class="embed-preview" data-testid="embed-preview" title={say(t!("Preview of the figure"))}
                loading="lazy" height={figure.height.unwrap_or(HEIGHT).to_string()} src={figure.address(&page)} />
        }
        </>
    }
}

fn event_in(value: &str) -> Option<u64> {
    value.parse().ok().filter(|event| *event <= MOST_EVENTS)
}

/// What a control of a form says now.
fn value_of(event: &Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    match target.dyn_into::<HtmlSelectElement>() {
        Ok(select) => select.value(),
        Err(target) => target.unchecked_into::<HtmlInputElement>().value(),
    }
}

fn draw_choice(
    id: &'static str,
    label: Text,
    chosen: &str,
    options: Vec<(&'static str, Text)>,
    onchange: Callback<Event>,
) -> Html {
    let option = |(value, title): &(&'static str, Text)| {
        html! { <option value={*value} selected={*value == chosen}>{ say(title) }</option> }
    };
    html! {
        <div class="control">
            <label for={id}>{ say(label) }</label>
            <select {id} data-testid={id} {onchange}>{ for options.iter().map(option) }</select>
        </div>
    }
}

fn draw_number(
    id: &'static str,
    label: Text,
    value: Option<u64>,
    (least, most): (u64, u64),
    otherwise: Text,
    onchange: Callback<Event>,
) -> Html {
    html! {
        <div class="control">
            <label for={id}>{ say(label) }</label>
            <input {id} data-testid={id} type="number" min={least.to_string()} max={most.to_string()} placeholder={say(otherwise)}
                value={value.map(|value| value.to_string()).unwrap_or_default()} {onchange} />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::looks::{Controls, Looks};
    use crate::theme::Theme;

    const PAGE: &str = "https://a.b/n/";

    fn figure() -> Figure {
        Figure {
            lab: "raft".into(),
            subject: Subject::Scenario("split-vote".into()),
            controls: String::new(),
            theme: String::new(),
            language: String::new(),
            height: None,
            stretch: None,
            caption: String::new(),
            title: "Raft".into(),
        }
    }

    #[test]
    fn a_scenario_is_one_script_and_one_element_with_a_link_inside() {
        assert_eq!(
            figure().element(PAGE),
            "<script async src=\"https://a.b/n/static/netsplit-lab.js\"></script>\n\
             <netsplit-lab lab=\"raft\" scenario=\"split-vote\" title=\"Raft\">\n  \
             <a href=\"https://a.b/n/#/lab/raft/split-vote\">Raft</a>\n</netsplit-lab>"
        );
    }

    #[test]
    fn a_moment_goes_by_its_state() {
        let figure = Figure { subject: Subject::Moment("1;aZ-_".into()), height: Some(500), ..figure() };
        assert!(figure.element(PAGE).contains(" lab=\"raft\" state=\"1;aZ-_\" height=\"500\" title=\"Raft\">"));
        assert_eq!(
            figure.frame(PAGE),
            "<iframe src=\"https://a.b/n/?view=embed#1;aZ-_\" title=\"Raft\" width=\"640\" height=\"500\" loading=\"lazy\"></iframe>"
        );
    }

    #[test]
    fn no_caption_leaves_its_quotes() {
        let words = "\"><script>alert(1)</script> & <b>two</b>";
        let figure = Figure { caption: words.into(), title: words.into(), ..figure() };
        let escaped = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;two&lt;/b&gt;";
        let element = figure.element(PAGE);
        assert!(element.contains(&format!(" caption=\"{escaped}\" title=\"{escaped}\">")), "{element}");
        assert_eq!(element.matches("<script").count(), 1);
        assert!(figure.frame(PAGE).contains(&format!("title=\"{escaped}\"")));
        assert!(!figure.frame(PAGE).contains("<script"));
    }

    /// What a snippet says is what the figure does.
    #[test]
    fn the_address_of_a_figure_is_read_as_it_was_meant() {
        let figure = Figure {
            controls: "step".into(),
            theme: "dark".into(),
            language: "fa".into(),
            stretch: Some((12, 40)),
            caption: "100 % & 1+1=2 #?«سلام»".into(),
            ..figure()
        };
        let address = figure.address(PAGE);
        let (query, hash) = address.strip_prefix(PAGE).unwrap().split_once('#').unwrap();
        assert_eq!(hash, "/lab/raft/split-vote");
        let looks = Looks::read(&[query]);
        assert_eq!(looks.problems, []);
        assert_eq!((looks.controls, looks.theme), (Controls::Step, Some(Theme::Dark)));
        assert_eq!((looks.from, looks.to), (Some(12), Some(40)));
        assert_eq!(looks.caption.as_deref(), Some("100 % & 1+1=2 #?«سلام»"));
        assert_eq!(looks.language.map(|language| language.code), Some("fa"));
    }

    #[test]
    fn an_end_before_the_beginning_is_left_out() {
        let figure = Figure { stretch: Some((40, 12)), ..figure() };
        assert_eq!(figure.address(PAGE), "https://a.b/n/?view=embed&from=40#/lab/raft/split-vote");
    }
}
