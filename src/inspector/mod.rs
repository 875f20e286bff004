//! The panel at the end of the line of reading: the selected node, the selected message, the logs, why it is so, and what
//! has happened.

pub mod chart;
pub mod events;
pub mod history;
pub mod message;
pub mod node;
pub mod operation;
pub mod panels;
pub mod ring;
pub mod spans;
pub mod tree;
pub mod why;

use sim::frame::{Field, Frame, Panel};
use sim::history::consistency::Consistency;
use sim::{Compared, NodeId, Text, Why, t};
use yew::prelude::*;

use crate::command::{Commands, Item, Read, Tab};
use crate::glossary::marked_together;
use crate::lanes::chronicle::Chronicle;
use crate::shared::Shared;
use crate::tabs;
use crate::words::say;

/// What the inspector shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspector {
    /// The lab, for what its signs mean.
    pub lab: &'static str,
    pub frame: Shared<Frame>,
    /// What is known of the run.
    pub chronicle: Shared<Chronicle>,
    pub selection: Option<Item>,
    /// The selected event of the lanes.
    pub event: Option<u64>,
    /// The event that it is compared with; itself until another one is chosen.
    pub other_event: Option<u64>,
    pub compared: Option<Shared<Compared>>,
    pub tab: Tab,
    /// Whether a node's fields that a beginner can do without come on demand.
    pub is_brief: bool,
    /// The answer to the question of this tab.
    pub why: Option<Shared<Why>>,
    /// Whether clients of this lab record operations.
    pub records: bool,
    /// How their operations are judged, while time stands still.
    pub consistency: Option<Shared<Consistency>>,
    pub playing: bool,
    /// The node that the frame is limited to the knowledge of.
    pub knower: Option<NodeId>,
    pub commands: Commands,
}

impl Tab {
    const ALL: [Tab; 6] = [Tab::Node, Tab::Message, Tab::Log, Tab::Why, Tab::History, Tab::Events];

    /// Whether there can be anything in it. The open one stays, whatever comes.
    fn is_of_use(self, props: &Inspector) -> bool {
        match self {
            _ if self == props.tab => true,
            Tab::Log => !props.frame.panels.is_empty(),
            Tab::History => props.records,
            _ => true,
        }
    }

    fn title(self, frame: &Frame) -> Text {
        match self {
            Tab::Node => t!("Node"),
            Tab::Message => t!("Message"),
            Tab::Log => panels_title(&frame.panels),
            Tab::Why => t!("Why"),
            Tab::History => t!("History"),
            Tab::Events => t!("Events"),
        }
    }

    fn id(self) -> &'static str {
        match self {
            Tab::Node => "tab-node",
            Tab::Message => "tab-message",
            Tab::Log => "tab-log",
            Tab::Why => "tab-why",
            Tab::History => "tab-history",
            Tab::Events => "tab-events",
        }
    }
}

/// What the panels of a lab are together.
fn panels_title(panels: &[Panel]) -> Text {
    let all = |is: fn(&Panel) -> bool| panels.iter().all(is);
    match panels {
        _ if all(|panel| matches!(panel, Panel::Chart(_) | Panel::Spans(_))) => t!("Charts"),
        _ if all(|panel| matches!(panel, Panel::Log { .. } | Panel::Spans(_))) => t!("Log"),
        _ if all(|panel| matches!(panel, Panel::Table { .. })) => t!("Tables"),
        _ if all(|panel| matches!(panel, Panel::Tree(_))) => t!("Tree"),
        _ => t!("Data"),
    }
}

/// The inspector with its tabs.
pub fn draw(props: &Inspector) -> Html {
    let tab = |tab: Tab| tabs::Tab {
        id: tab.id(),
        title: tab.title(&props.frame),
        is_selected: tab == props.tab,
        command: Read::ShowTab(tab).into(),
    };
    let shown: Vec<tabs::Tab> = Tab::ALL.into_iter().filter(|tab| tab.is_of_use(props)).map(tab).collect();
    let Inspector { frame, chronicle, selection, event, knower, commands, .. } = props;
    let why = props.why.as_deref();
    html! {
        <aside class="inspector" aria-label={say(t!("Inspector"))}>
            { tabs::draw(shown, |_| "inspector-panel".into(), commands) }
            <div id="inspector-panel" role="tabpanel" aria-labelledby={props.tab.id()}>
                { match props.tab {
                    Tab::Node => node::draw(frame, *selection, why, *knower, props.is_brief, commands),
                    Tab::Message => message::draw(frame, *selection, why, commands),
                    Tab::Log => panels::draw(frame, props.lab),
                    Tab::Why => why::draw(frame, why, *selection, *event, commands),
                    Tab::History => history::draw(frame, props.consistency.as_ref(), props.playing, commands),
                    Tab::Events => events::draw(frame, chronicle, (*event, props.other_event), props.compared.as_deref(), *knower, commands),
                } }
            </div>
        </aside>
    }
}

/// A list of named values; what the last event changed is marked.
pub fn draw_fields<'a>(fields: impl Iterator<Item = &'a Field>) -> Html {
    let draw = |field: &Field| {
        let [name, value] = marked_together([say(&field.name), say(&field.value)]);
        html! {
            <>
                <dt>{ name }</dt>
                <dd class="mono">
                    if let Some(before) = &field.before {
                        <mark><del>{ say(before) }</del><span aria-hidden="true">{ " → " }</span><ins>{ value }</ins></mark>
                    } else {
                        { value }
                    }
                </dd>
            </>
        }
    };
    fields.map(draw).collect()
}
