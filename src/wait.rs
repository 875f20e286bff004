//! Waiting for parts of the program that are not there yet.

use sim::t;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::lab_page::{answers, around, checkers, exporting, host, keeping, presenting, whole};
use crate::looks::Looks;
use crate::parts::{Missing, Piece};
use crate::words::say;
use crate::{
    article, cap, courses, dialog, dom, glossary, home, language, lesson, log_page, results, share, stress, write,
};

/// What has to be there before something can be drawn or done.
#[derive(Clone, Debug, PartialEq)]
pub enum Needed {
    /// A lab, by its name.
    Lab(AttrValue),
    Answers,
    Around,
    /// The article of a lab, beside its stage.
    Article,
    Cap,
    Checkers,
    /// The courses in the language of the page, and what shows them.
    Courses,
    Dialogs,
    Embed,
    Export,
    Gallery,
    /// A lesson, by its name, and what plays it.
    Lesson(AttrValue),
    Log,
    /// The page of a lab, with its stage.
    Page,
    Present,
    Results,
    Share,
    Stress,
    Workbook,
    Write,
    /// The vocabulary in the language of the page, and what shows it.
    Words,
}

impl Needed {
    /// The part of the program; none for a lab, which is a part of another kind.
    fn piece(&self) -> Option<&'static dyn Piece> {
        Some(match self {
            Needed::Lab(_) => return None,
            Needed::Answers => &answers::PART,
            Needed::Around => &around::PART,
            Needed::Article => &article::PART,
            Needed::Cap => &cap::PART,
            Needed::Checkers => &checkers::PART,
            Needed::Courses => &courses::PART,
            Needed::Dialogs => &dialog::PART,
            Needed::Embed => &host::PART,
            Needed::Export => &exporting::PART,
            Needed::Gallery => &home::PART,
            Needed::Lesson(_) => &lesson::PART,
            Needed::Log => &log_page::PART,
            Needed::Page => &whole::PART,
            Needed::Present => &presenting::PART,
            Needed::Results => &results::PART,
            Needed::Share => &share::PART,
            Needed::Stress => &stress::PART,
            Needed::Words => &glossary::PART,
            Needed::Workbook => &keeping::PART,
            Needed::Write => &write::PART,
        })
    }

    /// Whether it is there.
    pub fn is_there(&self) -> bool {
        match self {
            Needed::Lab(id) => labs::registry::lab(id).is_ok() && language::has_learnt(id),
            Needed::Courses => courses::PART.get().is_some_and(|courses| (courses.is_there)()),
            Needed::Lesson(id) => lesson::PART.get().is_some_and(|player| (player.is_there)(id)),
            Needed::Words => glossary::PART.get().is_some_and(|glossary| (glossary.is_there)()),
            _ => self.piece().is_some_and(|piece| piece.is_there()),
        }
    }

    /// Loads it.
    ///
    /// # Errors
    ///
    /// Says why it did not come.
    pub async fn load(&self) -> Result<(), Missing> {
        if let Some(piece) = self.piece() {
            piece.bring().await?;
        }
        match self {
            Needed::Lab(id) => load_lab(id).await,
            Needed::Courses => (courses::PART.load().await?.load)().await,
            Needed::Lesson(id) => (lesson::PART.load().await?.load)(id.clone()).await,
            Needed::Words => (glossary::PART.load().await?.load)().await,
            _ => Ok(()),
        }
    }
}

/// Loads a lab with its texts, which set out beside it.
async fn load_lab(id: &str) -> Result<(), Missing> {
    let texts = language::learn(id);
    if labs::registry::load(id).await.is_err() {
        return Err(Missing::why().await);
    }
    texts.await;
    // Another language may have been chosen meanwhile.
    while !language::has_learnt(id) {
        language::learn(id).await;
    }
    Ok(())
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct WaitProps {
    pub needs: Vec<Needed>,
    /// What is drawn once all of that is there.
    pub draw: Callback<(), Html>,
}

/// Draws something once all that it needs is there; until then that it is coming, or why it does not come, and a way on.
#[component]
pub fn Wait(props: &WaitProps) -> Html {
    let missing = use_state(|| None::<Missing>);
    let arrived = use_force_update();
    let load = {
        let (needs, missing) = (props.needs.clone(), missing.clone());
        Callback::from(move |()| {
            let (needs, missing, arrived) = (needs.clone(), missing.clone(), arrived.clone());
            spawn_local(async move {
                missing.set(None);
                // All of them set out at once.
                for needed in needs.clone() {
                    spawn_local(async move {
                        let _ = needed.load().await;
                    });
                }
                for needed in needs {
                    if let Err(why) = needed.load().await {
                        return missing.set(Some(why));
                    }
                }
                arrived.force_update();
            });
        })
    };
    let is_there = props.needs.iter().all(Needed::is_there);
    {
        let load = load.clone();
        use_effect_with((props.needs.clone(), is_there), move |_| {
            if !is_there {
                load.emit(());
            }
        });
    }
    match *missing {
        _ if is_there => props.draw.emit(()),
        Some(why) if props.needs.contains(&Needed::Embed) => draw_missing_figure(why, &load),
        Some(why) => html! { <main class="plain-page">{ draw_missing(why, &load, dom::reload) }</main> },
        // As the page has it before the app: so long nothing has been started.
        None => html! { <p id="boot" role="status">{ say(t!("Loading Netsplit…")) }</p> },
    }
}

/// Why a part did not come, and a button that does what helps: asks for it again, or gets the new release.
pub fn draw_missing(why: Missing, again: &Callback<()>, renew: fn()) -> Html {
    let remedy = draw_remedy(why, again, renew);
    html! { <div class="missing" role="alert" data-testid="missing"><p>{ say(why.sentence()) }</p>{ remedy }</div> }
}

/// The same where a figure should be: the page around is told as well.
fn draw_missing_figure(why: Missing, again: &Callback<()>) -> Html {
    match host::PART.get() {
        Some(figure) => (figure.refuse)(why.sentence(), Looks::current().origin, draw_remedy(why, again, dom::reload)),
        None => draw_missing(why, again, dom::reload),
    }
}

fn draw_remedy(why: Missing, again: &Callback<()>, renew: fn()) -> Html {
    let again = match why {
        Missing::Unreachable => again.clone(),
        Missing::Outdated => Callback::from(move |()| renew()),
    };
    let onclick = again.reform(|_: MouseEvent| ());
    html! { <button class="button" data-testid="again" {onclick}>{ say(why.remedy()) }</button> }
}
