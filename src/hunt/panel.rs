//! The panel *Hunt*: what to look for, what may happen, and how the search stands.

use sim::hunt::{Hazard, Progress};
use sim::{Check, CheckKind, Judge, Settings, Text, Value, t};
use web_sys::SubmitEvent;
use yew::prelude::*;

use super::{Quarry, Report, Way};
use crate::command::{Command, Commands};
use crate::control::{self, Control};
use crate::counts;
use crate::dom;
use crate::shared::Shared;
use crate::words::say;
use crate::worker::Helper;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct HuntPanelProps {
    /// The name of the lab.
    pub lab: AttrValue,
    pub checks: Shared<Vec<Check>>,
    /// What is set in the run that is open: the hunt takes it over, broken rules too.
    pub settings: Settings,
    pub commands: Commands,
}

/// The panel, with the worker while it searches.
#[derive(Debug)]
pub struct HuntPanel {
    check: String,
    hazards: Vec<Hazard>,
    searches_all: bool,
    /// The longest runs of a search of all, in events.
    events: i64,
    /// Where the next search at random goes on.
    first_seed: u64,
    searcher: Option<Helper>,
    started_ms: f64,
    progress: Progress,
    outcome: Option<Text>,
}

#[derive(Debug)]
pub enum HuntPanelMessage {
    Choose(Value),
    Allow(Hazard, bool),
    SearchAll(Value),
    Events(Value),
    Start,
    Stop,
    Report(Result<Report, Text>),
}

impl Component for HuntPanel {
    type Message = HuntPanelMessage;
    type Properties = HuntPanelProps;

    fn create(context: &Context<Self>) -> HuntPanel {
        HuntPanel {
            check: hunted(&context.props().checks).next().map(|check| check.name.to_string()).unwrap_or_default(),
            hazards: Hazard::USUAL.to_vec(),
            searches_all: false,
            events: 6,
            first_seed: 0,
            searcher: None,
            started_ms: 0.0,
            progress: Progress::default(),
            outcome: None,
        }
    }

    fn update(&mut self, context: &Context<Self>, message: HuntPanelMessage) -> bool {
        match message {
            HuntPanelMessage::Choose(value) => self.check = value.to_string(),
            HuntPanelMessage::Allow(hazard, is_allowed) => {
                self.hazards = Hazard::ALL
                    .into_iter()
                    .filter(|known| if *known == hazard { is_allowed } else { self.hazards.contains(known) })
                    .collect();
            }
            HuntPanelMessage::SearchAll(value) => self.searches_all = value == Value::Word("all".to_string()),
            HuntPanelMessage::Events(Value::Integer(events)) => self.events = events,
            HuntPanelMessage::Events(_) => return false,
            HuntPanelMessage::Start => self.start(context),
            HuntPanelMessage::Stop => {
                self.searcher = None;
                self.first_seed += self.progress.runs;
                self.outcome = Some(t!("Stopped. Nothing found {extent}.", extent = self.extent()));
            }
            HuntPanelMessage::Report(report) => self.hear(context, report),
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let link = context.link();
        let is_at_it = self.searcher.is_some();
        let onsubmit = link.callback(|event: SubmitEvent| {
            event.prevent_default();
            HuntPanelMessage::Start
        });
        html! {
            <details class="hunt" data-testid="hunt">
                <summary>{ say(t!("Hunt")) }</summary>
                <p class="hint">{ say(t!("Lets the computer look for a run that breaks a check, and makes it short.")) }</p>
                <form {onsubmit}>
                    <fieldset disabled={is_at_it}>
                        { for self.draw_controls(context) }
                        <fieldset class="hazards">
                            <legend>{ say(t!("What may happen")) }</legend>
                            { for Hazard::ALL.map(|hazard| self.draw_hazard(context, hazard)) }
                        </fieldset>
                    </fieldset>
                    if is_at_it {
                        // Two buttons and not one that changes: a click on this one would else send the form as well.
                        <button key="stop" type="button" class="button strong" data-testid="hunt-stop"
                            onclick={link.callback(|_: MouseEvent| HuntPanelMessage::Stop)}>{ say(t!("Stop")) }</button>
                    } else {
                        <button key="start" class="button strong" data-testid="hunt-start">{ say(t!("Search")) }</button>
                    }
                </form>
                <p class="hint" data-testid="hunt-progress">{ for is_at_it.then(|| say(self.standing())) }</p>
                <p role="status" data-testid="hunt-outcome">{ for self.outcome.as_ref().map(say) }</p>
            </details>
        }
    }
}

/// The checks that a hunt can look for.
fn hunted(checks: &[Check]) -> impl Iterator<Item = &Check> {
    let of_kind = |kind| checks.iter().filter(move |check| check.kind == kind);
    [CheckKind::Always, CheckKind::Eventually, CheckKind::Sometimes].into_iter().flat_map(of_kind)
}

impl HuntPanel {
    fn draw_controls(&self, context: &Context<Self>) -> Vec<Html> {
        let link = context.link();
        let choice = |check: &Check| {
            let title = match check.kind {
                // A history is judged, whatever a lab promises of it.
                _ if !matches!(check.judge, Judge::Monitor) => t!("broken: {check}", check = check.title.clone()),
                CheckKind::Always => t!("broken: {check}", check = check.title.clone()),
                CheckKind::Eventually => t!("never reached: {check}", check = check.title.clone()),
                CheckKind::Sometimes => t!("seen: {check}", check = check.title.clone()),
            };
            (check.name, title)
        };
        let ways = vec![("random", t!("long runs at random")), ("all", t!("all short runs, the shortest first"))];
        let checks = hunted(&context.props().checks).map(choice).collect();
        let mut settings = vec![
            (
                sim::Setting::choice("check", t!("Look for"), checks),
                Value::Word(self.check.clone()),
                link.callback(HuntPanelMessage::Choose),
            ),
            (
                sim::Setting::choice("way", t!("Search"), ways),
                Value::Word(if self.searches_all { "all" } else { "random" }.to_string()),
                link.callback(HuntPanelMessage::SearchAll),
            ),
        ];
        if self.searches_all {
            settings.push((
                sim::Setting::integer("events", t!("Runs of up to"), (1, 50), "events", 6),
                Value::Integer(self.events),
                link.callback(HuntPanelMessage::Events),
            ));
        }
        let draw = |(setting, value, on_change)| {
            control::draw(&Control { scope: "hunt", setting, value, on_change, remark: None })
        };
        settings.into_iter().map(draw).collect()
    }

    fn draw_hazard(&self, context: &Context<Self>, hazard: Hazard) -> Html {
        control::draw(&Control {
            scope: "hunt",
            setting: sim::Setting::switch(hazard.name(), hazard.title(), true),
            value: Value::Flag(self.hazards.contains(&hazard)),
            on_change: context
                .link()
                .callback(move |value| HuntPanelMessage::Allow(hazard, value == Value::Flag(true))),
            remark: None,
        })
    }

    fn start(&mut self, context: &Context<Self>) {
        let HuntPanelProps { lab, settings, .. } = context.props();
        let way = match (self.searches_all, u32::try_from(self.events)) {
            (true, Ok(events)) => Way::All { events },
            _ => Way::Random { first_seed: self.first_seed },
        };
        let quarry = Quarry {
            lab: lab.to_string(),
            settings: settings.clone(),
            check: self.check.clone(),
            hazards: self.hazards.clone(),
            way,
        };
        self.progress = Progress::default();
        self.started_ms = dom::now_ms();
        self.searcher = Helper::send(quarry, context.link().callback(HuntPanelMessage::Report));
        self.outcome = self.searcher.is_none().then(|| {
            t!("This browser allows no search beside the page here. Open Netsplit in a window of its own, or use “netsplit hunt” in a terminal.")
        });
    }

    fn hear(&mut self, context: &Context<Self>, report: Result<Report, Text>) {
        let outcome = match report {
            Ok(Report::Progress(progress)) => {
                self.progress = progress;
                return;
            }
            Ok(Report::Found { inputs }) => {
                self.outcome =
                    Some(t!("Found with {inputs}. Now to make it shorter…", inputs = counts::inputs(inputs)));
                return;
            }
            Ok(Report::Shortened(scenario)) => {
                let (inputs, events) = (counts::inputs(scenario.inputs.len() as u64), counts::events(scenario.cursor));
                self.first_seed = scenario.seed.saturating_add(1);
                context.props().commands.emit(Command::ShowFind(scenario, self.check.clone()));
                t!("Found: {inputs}, {events}. It is open as a branch.", inputs = inputs, events = events)
            }
            Ok(Report::Nothing { events, is_full: false }) => {
                t!(
                    "No run of up to {events} breaks this ({extent}).",
                    events = counts::events(events.into()),
                    extent = self.extent()
                )
            }
            Ok(Report::Nothing { events, is_full: true }) => t!(
                "No run of up to {events} breaks this ({extent}). Longer runs take too much memory: allow less to happen, or set fewer nodes.",
                events = counts::events(events.into()),
                extent = self.extent()
            ),
            Ok(Report::RanOut) => t!("Nothing found {extent}.", extent = self.extent()),
            Err(why) => t!("The search has failed: {why}", why = why),
        };
        self.searcher = None;
        self.outcome = Some(outcome);
    }

    /// How much has been searched.
    fn extent(&self) -> Text {
        let Progress { runs, events, .. } = self.progress;
        if self.searches_all {
            match runs {
                1 => t!("in 1 moment"),
                _ => t!("in {moments} different moments", moments = runs),
            }
        } else {
            t!("in {runs} with {events}", runs = counts::runs(runs), events = counts::events(events))
        }
    }

    /// How the search stands.
    fn standing(&self) -> Text {
        let Progress { runs, events, depth } = self.progress;
        let seconds = ((dom::now_ms() - self.started_ms) / 1_000.0).max(0.001);
        let rate = (events as f64 / seconds) as u64;
        if self.searches_all {
            t!(
                "All runs of {length} seen · moments: {moments} · {rate} events a second",
                length = counts::events(depth.into()),
                moments = runs,
                rate = rate
            )
        } else {
            t!(
                "{runs} · {events} · {rate} a second",
                runs = counts::runs(runs),
                events = counts::events(events),
                rate = rate
            )
        }
    }
}
