//! The panel at the side of a lab: scenarios, settings, rules and hunts, a tab for each.

use sim::Check;
use yew::prelude::*;

use crate::command::{Commands, Look};
use crate::hunt::panel::HuntPanel;
use crate::panels::SideTab;
use crate::scenarios::{self, Scenarios};
use crate::settings_panel::{Rulebook, RulesPanel, SettingsPanel};
use crate::shared::Shared;
use crate::tabs::{self, Tab};
use crate::workbook::list;

/// What the panel knows of the lab and of the run that is open.
#[derive(Debug)]
pub struct Side {
    pub lab: AttrValue,
    pub seed: u64,
    pub rulebook: Shared<Rulebook>,
    pub checks: Shared<Vec<Check>>,
    /// The tab that is open.
    pub tab: SideTab,
}

/// All parts, of which one is seen: the others stay as they are, a hunt among them.
pub fn draw(scenarios: &Scenarios, side: &Side) -> Html {
    let commands = &scenarios.commands;
    let part = |tab: SideTab, content: Html| {
        html! {
            <div id={panel(tab)} role="tabpanel" aria-labelledby={tab.id()} hidden={tab != side.tab}>{ content }</div>
        }
    };
    html! {
        <>
            { draw_tabs(side.tab, commands) }
            { part(SideTab::Scenarios, draw_scenarios(scenarios)) }
            { part(SideTab::Settings, draw_settings(side, commands)) }
            { part(SideTab::Rules, draw_rules(side, commands)) }
            { part(SideTab::Hunt, draw_hunt(side, commands)) }
        </>
    }
}

fn panel(tab: SideTab) -> AttrValue {
    format!("{}-panel", tab.id()).into()
}

fn draw_tabs(current: SideTab, commands: &Commands) -> Html {
    let tab = |tab: SideTab| Tab {
        id: tab.id(),
        title: tab.title(),
        is_selected: tab == current,
        command: Look::ShowSide(tab).into(),
    };
    tabs::draw(SideTab::ALL.map(tab).to_vec(), |tab| format!("{}-panel", tab.id).into(), commands)
}

/// The prepared scenarios and the visitor's own runs.
fn draw_scenarios(scenarios: &Scenarios) -> Html {
    html! {
        <>
            { scenarios::draw_list(scenarios) }
            { list::draw(&scenarios.runs, scenarios.run, &scenarios.commands) }
        </>
    }
}

/// What can be set, and the seed.
pub fn draw_settings(side: &Side, commands: &Commands) -> Html {
    html! { <SettingsPanel rulebook={side.rulebook.clone()} seed={side.seed} commands={commands.clone()} /> }
}

/// The rules that can be broken.
pub fn draw_rules(side: &Side, commands: &Commands) -> Html {
    html! { <RulesPanel rulebook={side.rulebook.clone()} seed={side.seed} commands={commands.clone()} /> }
}

/// What the computer can look for.
pub fn draw_hunt(side: &Side, commands: &Commands) -> Html {
    let Side { lab, checks, rulebook, .. } = side;
    html! { <HuntPanel lab={lab.clone()} checks={checks.clone()} rulebook={rulebook.clone()} commands={commands.clone()} /> }
}
