//! The bar at the top: where one is, and what holds for the whole page.

use sim::t;
use yew::prelude::*;

use crate::band;
use crate::command::{Lectern, Look, Topic};
use crate::icons::{Shape, icon, logo};
use crate::language::{self, LANGUAGES, Language, LanguageChoice};
use crate::menu::{Entry, MenuButton};
use crate::panels::{Level, Panel, Panels, Room};
use crate::scenarios::{self, Scenarios};
use crate::theme::ThemeButton;
use crate::words::say;

/// Logo, scenarios, share, present, text view, panels, theme, help.
/// `text` says whether the text view is on, `shares` whether the moment can be passed on, `article` whether the lab has an article.
pub fn draw(scenarios: &Scenarios, panels: &Panels, text: bool, shares: bool, article: bool) -> Html {
    let commands = &scenarios.commands;
    let help = say(t!("Help and keys (?)"));
    let onclick = commands.reform(|_: MouseEvent| Look::ShowDialog(Some(Topic::Help)).into());
    let share = commands.reform(|_: MouseEvent| Look::ShowDialog(Some(Topic::Share)).into());
    let present = commands.reform(|_: MouseEvent| Lectern::Begin.into());
    let switch = commands.reform(|_: MouseEvent| Look::ToggleText.into());
    let fold = |panel: Panel| {
        let title = say(panel.title());
        let shape = match panel {
            Panel::Side => Shape::PanelSide,
            Panel::Inspector => Shape::PanelInspector,
            Panel::Lanes => Shape::PanelLanes,
        };
        html! {
            <button class="button icon" data-testid={format!("fold-{}", panel.name())} aria-label={title.clone()} {title}
                aria-pressed={panels.shows(panel).to_string()}
                onclick={commands.reform(move |_: MouseEvent| Look::Fold(panel).into())}>{ icon(shape) }</button>
        }
    };
    let speak = |language: &'static Language| {
        let entry = Entry::new(format!("language-{}", language.code), language.label(), Look::Speak(language));
        Entry { current: *language == *language::present(), ..entry }
    };
    let level = |level: Level| {
        html! {
            <button class="button" data-testid={format!("level-{}", level.name())} aria-pressed={(panels.level == level).to_string()}
                onclick={commands.reform(move |_: MouseEvent| Look::SetLevel(level).into())}>{ say(level.title()) }</button>
        }
    };
    let more = || {
        let set_level = |level: Level| Entry {
            current: panels.level == level,
            ..Entry::new(format!("more-{}", level.name()), say(level.title()), Look::SetLevel(level))
        };
        let levels = Level::BOTH.into_iter().filter(|_| shares).map(set_level);
        let first = vec![
            Entry { current: text, ..Entry::new("more-text", say(t!("Text view")), Look::ToggleText).key("T") },
            Entry::new("more-present", say(t!("Present")), Lectern::Begin).key("F"),
            Entry::new("more-help", say(t!("Help and keys")), Look::ShowDialog(Some(Topic::Help))).key("?"),
        ];
        levels.chain(first).chain(LANGUAGES.iter().map(speak)).collect::<Vec<_>>()
    };
    html! {
        <header class="top-bar">
            { logo() }
            if panels.shows_band() && shares { { scenarios::draw_labs(scenarios) } } else { { scenarios::draw_picker(scenarios) } }
            // Where the scenario is told above the stage, it stands there.
            if article && !panels.shows_band() { { band::draw_article(false, commands) } }
            <span class="space"></span>
            if shares && panels.room != Room::Narrow {
                <div class="levels segments" role="group" aria-label={say(t!("How much is shown"))}>{ for Level::BOTH.into_iter().filter(|other| panels.room == Room::Wide || *other != panels.level).map(level) }</div>
            }
            if shares {
                <button class="button" data-testid="share" onclick={share}>{ say(t!("Share")) }</button>
            }
            if panels.room == Room::Narrow {
                <ThemeButton />
                <MenuButton id="more" class={classes!("more")} label={say(t!("More"))} entries={more()} commands={commands.clone()}>
                    { "⋯" }
                </MenuButton>
            } else {
                <button class="button" data-testid="present" onclick={present}>{ say(t!("Present")) }</button>
                <button class="button" data-testid="text" aria-pressed={text.to_string()} onclick={switch}>{ say(t!("Text view")) }</button>
                if panels.level == Level::All {
                    <div class="folds segments" role="group" aria-label={say(t!("Panels"))}>{ for Panel::ALL.map(fold) }</div>
                }
                <LanguageChoice />
                <ThemeButton />
                <button class="button icon" data-testid="help" aria-label={help.clone()} title={help} {onclick}>{ "?" }</button>
            }
        </header>
    }
}
