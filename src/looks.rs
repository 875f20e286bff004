//! How the page looks, as its address says: `?view=embed&controls=step&theme=dark`. What stands there is not stored, and
//! wins over what is.

use percent_encoding::percent_decode_str;
use sim::{Text, t};
use yew::prelude::*;

use crate::dom;
use crate::icons::{Shape, icon};
use crate::language::{self, Language, use_language};
use crate::theme::Theme;
use crate::words::say;

/// Longer values are not looked at.
const MOST_CHARACTERS: usize = 200;
/// How long the caption of a writer can be.
pub const MOST_OF_CAPTION: usize = 300;
/// A figure begins and ends at this event at the latest: all before it is computed before its first picture.
pub const MOST_EVENTS: u64 = 100_000;

/// How the page looks. Without a query it looks as it always does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    pub view: View,
    pub controls: Controls,
    /// Wins over what the visitor has chosen.
    pub theme: Option<Theme>,
    /// Wins over what the visitor has chosen and over the browser's languages.
    pub language: Option<&'static Language>,
    /// Whether nothing may travel, whatever the system says.
    pub reduced_motion: bool,
    /// The only page that may hold this one in a frame and talk to it.
    pub origin: Option<String>,
    /// The first event of the stretch that a figure shows.
    pub from: Option<u64>,
    /// The last one.
    pub to: Option<u64>,
    /// What the writer of the page around says of a figure, as plain text.
    pub caption: Option<String>,
    /// What is wrong with the query.
    pub problems: Vec<Text>,
}

/// What is drawn of a lab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// The whole page.
    #[default]
    Full,
    /// A compact figure for other pages.
    Embed,
    /// In front of a class.
    Present,
}

/// What a reader can do with an embedded figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Controls {
    /// Look.
    None,
    /// Step and play.
    Step,
    /// Also go anywhere in the run and act on the stage.
    #[default]
    All,
}

impl Looks {
    /// What the address says now: first what stands before the `#`, then what stands behind a `?` in it.
    pub fn current() -> Looks {
        let Some(location) = dom::window().map(|window| window.location()) else { return Looks::default() };
        let hash = location.hash().unwrap_or_default();
        let in_hash = hash.split_once('?').map_or("", |(_, query)| query);
        Looks::read(&[&location.search().unwrap_or_default(), in_hash])
    }

    /// Reads queries; later ones win.
    pub fn read(queries: &[&str]) -> Looks {
        let mut looks = Looks::default();
        let pairs = queries.iter().flat_map(|query| query.trim_start_matches('?').split('&'));
        for (name, value) in pairs.filter_map(|pair| pair.split_once('=')) {
            // Forms, and the browser's own maker of queries, write a blank so.
            let value = value.replace('+', " ");
            let value = percent_decode_str(&value).decode_utf8_lossy();
            if let Err(problem) = looks.set(name, &value) {
                looks.problems.push(problem);
            }
        }
        if let (Some(from), Some(to)) = (looks.from, looks.to)
            && to < from
        {
            looks.to = None;
            looks.problems.push(t!(
                "The address says from={from} and to={to}, which is before it; to is left out.",
                from = from,
                to = to
            ));
        }
        looks
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Text> {
        let shown = value.chars().take(20).collect::<String>();
        let wrong = |known: &'static str| {
            t!(
                "The address says {name}={value}, which is none of {known}; it is left out.",
                name = name.to_string(),
                value = shown.clone(),
                known = known
            )
        };
        let most = if name == "caption" { MOST_OF_CAPTION } else { MOST_CHARACTERS };
        if value.chars().count() > most {
            return Err(t!(
                "The address has a value of {name} that is too long; it is left out.",
                name = name.to_string()
            ));
        }
        match (name, value) {
            ("view", "full") => self.view = View::Full,
            ("view", "embed") => self.view = View::Embed,
            ("view", "present") => self.view = View::Present,
            ("view", _) => return Err(wrong("full, embed, present")),
            ("controls", "none") => self.controls = Controls::None,
            ("controls", "step") => self.controls = Controls::Step,
            ("controls", "all") => self.controls = Controls::All,
            ("controls", _) => return Err(wrong("none, step, all")),
            ("theme", "auto") => self.theme = Some(Theme::System),
            ("theme", "light") => self.theme = Some(Theme::Light),
            ("theme", "dark") => self.theme = Some(Theme::Dark),
            ("theme", "projector") => self.theme = Some(Theme::Projector),
            ("theme", _) => return Err(wrong("auto, light, dark, projector")),
            ("motion", "auto") => self.reduced_motion = false,
            ("motion", "reduce") => self.reduced_motion = true,
            ("motion", _) => return Err(wrong("auto, reduce")),
            ("from" | "to", event) => {
                let event = event.parse().ok().filter(|event| *event <= MOST_EVENTS).ok_or_else(|| {
                    t!(
                        "The address says {name}={value}, which is no event from 0 to {most}; it is left out.",
                        name = name.to_string(),
                        value = shown.clone(),
                        most = MOST_EVENTS
                    )
                })?;
                *(if name == "from" { &mut self.from } else { &mut self.to }) = Some(event);
            }
            ("caption", words) => self.caption = Some(words.trim().to_string()).filter(|words| !words.is_empty()),
            ("lang", tag) => match Language::of_tag(tag) {
                Some(language) => self.language = Some(language),
                None => return Err(t!("There is no translation to {language} yet.", language = shown)),
            },
            ("origin", origin) if is_origin(origin) => self.origin = Some(origin.to_string()),
            ("origin", _) => {
                // Without it anybody could talk to this page: then rather nobody.
                self.origin = Some(String::new());
                return Err(t!(
                    "The address says origin={origin}, which is no origin such as https://example.org; the page around this one cannot reach it.",
                    origin = shown
                ));
            }
            // Names that are not ours may mean something to somebody else.
            _ => {}
        }
        Ok(())
    }

    /// Puts theme, language and motion on the page.
    pub fn put_on(&self) {
        if let Some(theme) = self.theme {
            theme.put_on();
        }
        if let Some(language) = self.language.filter(|language| *language != language::present()) {
            language::change(language);
        }
        dom::reduce_motion(self.reduced_motion);
    }
}

/// `https://example.org`, without anything behind it.
fn is_origin(origin: &str) -> bool {
    origin.split_once("://").is_some_and(|(scheme, host)| {
        let is_of = |text: &str, signs: &[u8]| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || signs.contains(&byte))
        };
        // Editors and apps show pages under schemes of their own.
        is_of(scheme, b"+-.") && is_of(host, b"._-:[]")
    })
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ProblemsProps {
    pub problems: Vec<Text>,
    /// Whether the page is a figure.
    pub is_figure: bool,
}

/// Says what is wrong with the query, until the visitor has read it. In a figure on another page that is for its writer, who
/// has a console, and not for readers.
#[component]
pub fn Problems(props: &ProblemsProps) -> Html {
    use_language();
    let closed = use_state(|| false);
    let is_for_writer = props.is_figure && dom::is_framed();
    use_effect_with((props.problems.clone(), is_for_writer), |(problems, is_for_writer)| {
        if *is_for_writer {
            problems.iter().for_each(|problem| dom::warn(&say(problem)));
        }
    });
    if props.problems.is_empty() || is_for_writer || *closed {
        return Html::default();
    }
    let close = say(t!("Close"));
    let onclick = Callback::from(move |_: MouseEvent| closed.set(true));
    html! {
        <div class="toast" role="status" data-testid="looks-problems">
            <div>{ for props.problems.iter().map(|problem| html! { <p>{ say(problem) }</p> }) }</div>
            <button class="button icon tiny" aria-label={close.clone()} title={close} {onclick}>{ icon(Shape::Close) }</button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_how_the_page_looks() {
        let looks =
            Looks::read(&["?view=embed&controls=step&theme=dark&motion=reduce&lang=en&origin=http%3A%2F%2Fa.b:80"]);
        let expected = Looks {
            view: View::Embed,
            controls: Controls::Step,
            theme: Some(Theme::Dark),
            language: Language::of_tag("en"),
            reduced_motion: true,
            origin: Some("http://a.b:80".into()),
            ..Looks::default()
        };
        assert_eq!(looks, expected);
        assert_eq!(Looks::read(&["", "lab=raft&x"]), Looks::default());
    }

    #[test]
    fn what_stands_in_the_hash_wins() {
        assert_eq!(Looks::read(&["?view=embed&theme=dark", "view=full"]).view, View::Full);
    }

    #[test]
    fn bad_values_get_a_sentence_and_the_default() {
        let looks = Looks::read(&["?view=tiny&controls=&theme=%00&motion=no&lang=xx&origin=*"]);
        assert_eq!(looks.problems.len(), 6);
        assert_eq!(
            looks.problems[0].to_string(),
            "The address says view=tiny, which is none of full, embed, present; it is left out."
        );
        assert_eq!(Looks { problems: Vec::new(), origin: None, ..looks }, Looks::default());
        let long = format!("?theme={}", "a".repeat(10_000));
        assert!(Looks::read(&[&long]).problems[0].to_string().len() < 200);
    }

    #[test]
    fn a_figure_shows_a_stretch_with_words_of_its_own() {
        let looks = Looks::read(&["?from=12&to=40&caption=Two+leaders%2C+%3Cb%3E%26+no+%22majority%22"]);
        assert_eq!((looks.from, looks.to), (Some(12), Some(40)));
        assert_eq!(looks.caption.as_deref(), Some("Two leaders, <b>& no \"majority\""));
        assert_eq!(looks.problems, []);
        assert_eq!(Looks::read(&["?caption=+++"]).caption, None);
        assert_eq!(Looks::read(&["?from=7&to=7"]).to, Some(7));
    }

    #[test]
    fn a_stretch_that_is_none_gets_a_sentence_and_all_of_the_run() {
        for (query, sentence) in [
            ("from=-1", "The address says from=-1, which is no event from 0 to 100000; it is left out."),
            ("from=soon", "The address says from=soon, which is no event from 0 to 100000; it is left out."),
            ("to=100001", "The address says to=100001, which is no event from 0 to 100000; it is left out."),
            ("to=1.5", "The address says to=1.5, which is no event from 0 to 100000; it is left out."),
        ] {
            let looks = Looks::read(&[query]);
            assert_eq!(looks.problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [sentence]);
            assert_eq!((looks.from, looks.to), (None, None), "{query}");
        }
        let looks = Looks::read(&["from=9&to=3"]);
        assert_eq!((looks.from, looks.to), (Some(9), None));
        assert_eq!(
            looks.problems[0].to_string(),
            "The address says from=9 and to=3, which is before it; to is left out."
        );
    }

    #[test]
    fn a_caption_has_at_most_three_hundred_characters_in_any_writing() {
        let read = |letter: &str, count: usize| Looks::read(&[&format!("caption={}", letter.repeat(count))]);
        assert_eq!(read("ش", 300).caption.map(|words| words.chars().count()), Some(300));
        let long = read("ش", 301);
        assert_eq!(long.caption, None);
        assert_eq!(
            long.problems[0].to_string(),
            "The address has a value of caption that is too long; it is left out."
        );
    }

    #[test]
    fn an_origin_that_cannot_be_read_lets_nobody_in() {
        for origin in ["*", "https://", "javascript:alert(1)", "https://a.b/c", "https://a b"] {
            assert_eq!(Looks::read(&[&format!("?origin={origin}")]).origin.as_deref(), Some(""), "{origin}");
        }
    }
}
