//! The language of the page. English stands in the program; the texts of any other language are loaded when it is chosen.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use sim::{Catalogue, Direction, Text, t};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::dom::{self, Listener};
use crate::looks::Looks;
use crate::words::say;

/// The name under which the visitor's choice is remembered.
const NAME: &str = "netsplit.language";

/// What the window hears when the page has got another language.
const CHANGED: &str = "netsplit:language";

/// A language that the page can be read in.
#[derive(Debug, PartialEq, Eq)]
pub struct Language {
    /// As in `lang` (BCP 47), and in the name of its file in `locales/`.
    pub code: &'static str,
    /// What those who speak it call it.
    pub name: &'static str,
    pub direction: Direction,
}

/// What the texts in the program are written in.
pub const ENGLISH: Language = Language { code: "en", name: "English", direction: Direction::LeftToRight };

/// The languages to choose from.
pub static LANGUAGES: [Language; 3] = [
    ENGLISH,
    Language { code: "de", name: "Deutsch", direction: Direction::LeftToRight },
    Language { code: "fa", name: "فارسی", direction: Direction::RightToLeft },
];

/// Texts in brackets and twice as long: shows what is not translated and what is cut off. To be had by address only.
static PSEUDO: Language = Language { code: "en-XA", name: "[English]", direction: Direction::LeftToRight };

/// What the page is written in now.
#[derive(Clone, Debug)]
struct Present {
    language: &'static Language,
    /// None for English.
    catalogue: Option<Rc<Catalogue>>,
    /// Why it is not the language that was asked for.
    problem: Option<Text>,
}

thread_local! {
    static PRESENT: RefCell<Present> =
        const { RefCell::new(Present { language: &LANGUAGES[0], catalogue: None, problem: None }) };
    /// The last one that was asked for. Its texts may come before those of one that was asked for earlier.
    static WANTED: Cell<&'static Language> = const { Cell::new(&LANGUAGES[0]) };
}

impl Language {
    /// The language that a tag such as `de-AT` means.
    pub fn of_tag(tag: &str) -> Option<&'static Language> {
        if tag.eq_ignore_ascii_case(PSEUDO.code) {
            return Some(&PSEUDO);
        }
        let main = tag.split('-').next().unwrap_or_default();
        LANGUAGES.iter().find(|language| language.code.eq_ignore_ascii_case(main))
    }

    /// The value of the attribute `dir`.
    pub fn dir(&self) -> &'static str {
        match self.direction {
            Direction::LeftToRight => "ltr",
            Direction::RightToLeft => "rtl",
        }
    }

    /// Puts language and direction on the root of a page.
    pub fn put_on(&self, root: &web_sys::Element) {
        let _ = root.set_attribute("lang", self.code);
        let _ = root.set_attribute("dir", self.dir());
    }
}

/// The language of the page now.
pub fn present() -> &'static Language {
    PRESENT.with_borrow(|present| present.language)
}

/// Whether the page runs from right to left.
pub fn is_mirrored() -> bool {
    present().direction == Direction::RightToLeft
}

/// The language of the page now, for a component: it is drawn again when that changes.
#[hook]
pub fn use_language() -> &'static Language {
    let language = use_state_eq(present);
    let setter = language.setter();
    use_effect_with((), move |()| {
        let listener = on_change(move || setter.set(present()));
        move || drop(listener)
    });
    *language
}

/// Reports when the page gets another language, until it is dropped.
pub fn on_change(report: impl Fn() + 'static) -> Option<Listener> {
    dom::window().map(|window| Listener::new(&window, CHANGED, move |_| report()))
}

/// What went wrong with the language that was asked for.
pub fn problem() -> Option<Text> {
    PRESENT.with_borrow(|present| present.problem.clone())
}

/// A text in the language of the page.
pub fn write(text: &Text) -> String {
    PRESENT.with_borrow(|present| text.in_language(present.catalogue.as_deref()))
}

/// Loads the language that the address, the visitor or the browser asks for, and then starts.
pub fn prepare(start: impl FnOnce() + 'static) {
    let language = Looks::current().language.or_else(recalled).or_else(preferred).unwrap_or(&LANGUAGES[0]);
    if language.code == ENGLISH.code {
        return start();
    }
    spawn_local(async move {
        speak(language).await;
        start();
    });
}

/// Changes to another language and remembers it for the next visit.
pub fn choose(language: &'static Language) {
    dom::remember(NAME, language.code);
    change(language);
}

/// Changes to another language.
pub fn change(language: &'static Language) {
    spawn_local(async move {
        speak(language).await;
        dom::tell(CHANGED, &JsValue::UNDEFINED);
    });
}

fn recalled() -> Option<&'static Language> {
    Language::of_tag(&dom::recall(NAME)?)
}

/// The first of the browser's languages that there is.
fn preferred() -> Option<&'static Language> {
    let tags = dom::window()?.navigator().languages();
    tags.iter().find_map(|tag| Language::of_tag(&tag.as_string()?))
}

async fn speak(language: &'static Language) {
    WANTED.set(language);
    let loaded = if language.code == ENGLISH.code { Ok(None) } else { load(language).await.map(Some) };
    if WANTED.get() != language {
        return;
    }
    let present = match loaded {
        Ok(catalogue) => Present { language, catalogue: catalogue.map(Rc::new), problem: None },
        Err(_) => Present {
            language: &LANGUAGES[0],
            catalogue: None,
            problem: Some(t!(
                "The texts in {language} cannot be loaded; the page stays in English.",
                language = language.name
            )),
        },
    };
    if let Some(root) = dom::document().and_then(|document| document.document_element()) {
        present.language.put_on(&root);
    }
    PRESENT.set(present);
}

/// A script of the page knows where the texts are: beside the page, or inside it.
async fn load(language: &Language) -> Result<Catalogue, JsValue> {
    let script: Function = Reflect::get(&js_sys::global(), &"netsplitTexts".into())?.dyn_into()?;
    let promise: Promise = script.call1(&JsValue::NULL, &language.code.into())?.dyn_into()?;
    let file = JsFuture::from(promise).await?.as_string().unwrap_or_default();
    Ok(Catalogue::read(&file, language.direction))
}

/// The choice of a language.
#[component]
pub fn LanguageChoice() -> Html {
    let present = use_language();
    let onchange = Callback::from(|event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        if let Some(language) = Language::of_tag(&chosen) {
            choose(language);
        }
    });
    let others = (!LANGUAGES.contains(present)).then_some(present);
    let label = say(t!("Language"));
    html! {
        <select class="language" data-testid="language" aria-label={label.clone()} title={label} {onchange}>
            { for LANGUAGES.iter().chain(others).map(|language| html! {
                <option value={language.code} lang={language.code} dir={language.dir()} selected={language == present}>{ language.name }</option>
            }) }
        </select>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_translation_can_be_chosen() {
        let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/locales")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut found: Vec<String> = names.filter_map(|name| name.strip_suffix(".po").map(String::from)).collect();
        found.sort();
        let mut known: Vec<&str> = LANGUAGES.iter().skip(1).map(|language| language.code).collect();
        known.sort();
        assert_eq!(found, known);
    }

    #[test]
    fn a_tag_means_the_language_that_it_begins_with() {
        let code = |tag| Language::of_tag(tag).map(|language| language.code);
        assert_eq!([code("de-AT"), code("EN-gb"), code("fa")], [Some("de"), Some("en"), Some("fa")]);
        assert_eq!([code("en-XA"), code("deu"), code(""), code("xx")], [Some("en-XA"), None, None, None]);
    }
}
