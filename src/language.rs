//! The language of the page. English stands in the program; the texts of any other language are loaded when it is chosen,
//! and those that only a lab says when that lab is.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Promise, Reflect, Uint8Array};
use serde::de::DeserializeOwned;
use sim::{Catalogue, Direction, Text, t};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::dom::{self, Listener};
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
}

/// What the texts in the program are written in.
pub const ENGLISH: Language = Language { code: "en", name: "English" };

/// The languages to choose from.
pub static LANGUAGES: [Language; 3] =
    [ENGLISH, Language { code: "de", name: "Deutsch" }, Language { code: "fa", name: "فارسی" }];

/// Texts in brackets and twice as long: shows what is not translated and what is cut off. To be had by address only.
pub static PSEUDO: Language = Language { code: "en-XA", name: "[English]" };

/// What the page is written in now.
#[derive(Clone, Debug)]
struct Present {
    language: &'static Language,
    /// None for English.
    catalogue: Option<Catalogue>,
    /// The labs whose texts stand in the catalogue.
    labs: Vec<String>,
    /// Why it is not the language that was asked for.
    problem: Option<Text>,
}

thread_local! {
    static PRESENT: RefCell<Present> =
        const { RefCell::new(Present { language: &LANGUAGES[0], catalogue: None, labs: Vec::new(), problem: None }) };
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

    /// The file with what is said where no lab is.
    pub fn file(&self) -> String {
        format!("locales/{}.txt", self.code)
    }

    /// The file with what only a lab says.
    pub fn file_of_lab(&self, lab: &str) -> String {
        format!("locales/{}/{lab}.txt", self.code)
    }

    /// The name, and of a translation how many labs it has: `Deutsch: 9 of 9 labs`.
    pub fn label(&self) -> AttrValue {
        let counts = dom::find(r#"meta[name="netsplit-languages"]"#).and_then(|meta| meta.get_attribute("content"));
        match counts.and_then(|counts| count(&counts, self.code)) {
            Some(count) => say(t!(
                "{language}: {count} of {all} labs",
                // Unicode's isolates: the name may run in another direction than the page.
                language = format!("\u{2068}{}\u{2069}", self.name),
                count = count,
                all = labs::registry::ABOUT.len()
            )),
            None => self.name.into(),
        }
    }

    pub fn direction(&self) -> Direction {
        Direction::of(self.code)
    }

    /// The value of the attribute `dir`.
    pub fn dir(&self) -> &'static str {
        match self.direction() {
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

/// The value of the attribute `dir` for a text in the language of this code.
pub fn dir_of(code: &str) -> &'static str {
    Language::of_tag(code).map_or("ltr", Language::dir)
}

/// The language of the page now.
pub fn present() -> &'static Language {
    PRESENT.with_borrow(|present| present.language)
}

/// Whether the page runs from right to left.
pub fn is_mirrored() -> bool {
    present().direction() == Direction::RightToLeft
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
    PRESENT.with_borrow(|present| text.in_language(present.catalogue.as_ref()))
}

/// Loads the language that the address, the visitor or the browser asks for, and then starts.
pub fn prepare(start: impl FnOnce() + 'static) {
    // static/boot.js has found out which, so that the texts come beside the app.
    let code = Reflect::get(&js_sys::global(), &"netsplitLanguage".into()).ok().and_then(|code| code.as_string());
    let language = code.and_then(|code| Language::of_tag(&code)).unwrap_or(&LANGUAGES[0]);
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

async fn speak(language: &'static Language) {
    WANTED.set(language);
    let loaded = if language.code == ENGLISH.code { Ok(None) } else { load(language).await.map(Some) };
    if WANTED.get() != language {
        return;
    }
    match loaded {
        Ok(None) => adopt(language, &[]),
        Ok(Some((files, labs))) => {
            adopt(language, &files);
            PRESENT.with_borrow_mut(|present| present.labs = labs);
        }
        Err(_) => {
            adopt(&LANGUAGES[0], &[]);
            let problem =
                t!("The texts in {language} cannot be loaded; the page stays in English.", language = language.name);
            PRESENT.with_borrow_mut(|present| present.problem = Some(problem));
        }
    }
    if let Some(root) = dom::document().and_then(|document| document.document_element()) {
        present().put_on(&root);
    }
}

/// Makes this the language of the page, with what these catalogue files say.
pub fn adopt(language: &'static Language, files: &[String]) {
    let catalogue = (language.code != ENGLISH.code).then(|| {
        let mut catalogue = Catalogue::new(language.direction());
        files.iter().for_each(|file| catalogue.read(file));
        catalogue
    });
    PRESENT.set(Present { language, catalogue, labs: Vec::new(), problem: None });
}

/// The texts of the screen, and of all labs that are there.
async fn load(language: &'static Language) -> Result<(Vec<String>, Vec<String>), JsValue> {
    let ids = labs::registry::ABOUT.iter().map(|about| about().id);
    let labs: Vec<String> = ids.filter(|id| labs::registry::lab(id).is_ok()).map(String::from).collect();
    // All of them set out at once.
    let screen = file(&language.file());
    let of_labs: Vec<_> = labs.iter().map(|lab| file(&language.file_of_lab(lab))).collect();
    let mut files = vec![screen.await?];
    for of_lab in of_labs {
        // What does not come stays English.
        files.push(of_lab.await.unwrap_or_default());
    }
    Ok((files, labs))
}

/// Whether the page says in its language what this lab says.
pub fn has_learnt(lab: &str) -> bool {
    PRESENT.with_borrow(|present| present.catalogue.is_none() || present.labs.iter().any(|known| known == lab))
}

/// Loads what a lab says in the language of the page, which is asked for at once. What does not come stays English.
pub fn learn(lab: &str) -> impl Future<Output = ()> + use<> {
    let language = present();
    let asked = (!has_learnt(lab)).then(|| file(&language.file_of_lab(lab)));
    let lab = lab.to_string();
    async move {
        let Some(asked) = asked else { return };
        let text = asked.await.unwrap_or_default();
        if present() == language && !has_learnt(&lab) {
            PRESENT.with_borrow_mut(|present| {
                present.catalogue.iter_mut().for_each(|catalogue| catalogue.read(&text));
                present.labs.push(lab);
            });
        }
    }
}

/// A file with texts, which is asked for at once.
pub fn file(name: &str) -> impl Future<Output = Result<String, JsValue>> + use<> {
    let promise = ask("netsplitText", name);
    async move { Ok(JsFuture::from(promise?).await?.as_string().unwrap_or_default()) }
}

/// A file with a lesson or an article, as it was read when the site was made; none where it does not come.
pub async fn writing<T: DeserializeOwned>(name: &str) -> Option<T> {
    let buffer = JsFuture::from(ask("netsplitPart", name).ok()?).await.ok()?;
    postcard::from_bytes(&Uint8Array::new(&buffer).to_vec()).ok()
}

/// A script of the page knows where files are: beside the page, or inside it.
fn ask(script: &str, name: &str) -> Result<Promise, JsValue> {
    let script: Function = Reflect::get(&js_sys::global(), &script.into())?.dyn_into()?;
    script.call1(&JsValue::NULL, &name.into())?.dyn_into()
}

/// How many labs are translated into a language: `{"de":9,"fa":9}`, which `cargo xtask` writes into the page.
fn count(counts: &str, code: &str) -> Option<u32> {
    let (_, rest) = counts.split_once(&format!("\"{code}\":"))?;
    rest.split([',', '}']).next()?.parse().ok()
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
                <option value={language.code} selected={language == present}>{ language.label() }</option>
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
    fn the_script_that_chooses_a_language_knows_all() {
        let codes: Vec<String> =
            LANGUAGES.iter().chain([&PSEUDO]).map(|language| format!("\"{}\"", language.code)).collect();
        assert!(include_str!("../static/boot.js").contains(&format!("const codes = [{}];", codes.join(", "))));
    }

    #[test]
    fn how_much_is_translated_stands_in_the_page() {
        let counts = r#"{"de":9,"fa":12}"#;
        assert_eq!([count(counts, "de"), count(counts, "fa"), count(counts, "en")], [Some(9), Some(12), None]);
    }

    #[test]
    fn a_tag_means_the_language_that_it_begins_with() {
        let code = |tag| Language::of_tag(tag).map(|language| language.code);
        assert_eq!([code("de-AT"), code("EN-gb"), code("fa")], [Some("de"), Some("en"), Some("fa")]);
        assert_eq!([code("en-XA"), code("deu"), code(""), code("xx")], [Some("en-XA"), None, None, None]);
    }
}
