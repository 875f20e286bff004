//! The panel *Hunt*: what to look for, what may happen, and how the search stands.

use sim::hunt::{Ground, Hazard, Progress};
use sim::{Check, CheckKind, Judge, Rule, Scenario, Text, Value, t};
use web_sys::SubmitEvent;
use yew::prelude::*;

use super::show::no_worker;
use super::{Quarry, Report, Way};
use crate::command::{Commands, Run};
use crate::control::{self, Control};
use crate::counts;
use crate::dom;
use crate::settings_panel::Rulebook;
use crate::shared::Shared;
use crate::words::say;
use crate::worker::Helper;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct HuntPanelProps {
    /// The name of the lab.
    pub lab: AttrValue,
    pub checks: Shared<Vec<Check>>,
    /// What is set in the run that is open: the hunt takes it over, broken rules too.
    pub rulebook: Shared<Rulebook>,
    pub commands: Commands,
}

/// The panel, with the worker while it searches.
#[derive(Debug)]
pub struct HuntPanel {
    /// The broken rule that the hunt is for: its check and its ground are set, until somebody sets others.
    rule: Option<&'static str>,
    check: String,
    hazards: Vec<Hazard>,
    /// How many events of faults a run at random has.
    fault_events: u64,
    searches_all: bool,
    /// The longest runs of a search of all, in events.
    events: i64,
    searcher: Option<Helper>,
    started_ms: f64,
    progress: Progress,
    /// What is being made shorter.
    found: Option<Scenario>,
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
        let HuntPanelProps { rulebook, checks, .. } = context.props();
        let mut panel = HuntPanel {
            rule: None,
            check: String::new(),
            hazards: Vec::new(),
            fault_events: 0,
            searches_all: false,
            events: 6,
            searcher: None,
            started_ms: 0.0,
            progress: Progress::default(),
            found: None,
            outcome: None,
        };
        panel.look_for(missed(rulebook, None), checks);
        panel
    }

    /// Who breaks a rule wants to see what it was for; who puts it right, or comes to a run that has it, is done with that.
    fn changed(&mut self, context: &Context<Self>, old: &HuntPanelProps) -> bool {
        let HuntPanelProps { rulebook, checks, .. } = context.props();
        let rule = missed(rulebook, Some((&old.rulebook, self.rule)));
        if rule.map(|rule| rule.name) != self.rule {
            self.look_for(rule, checks);
        }
        true
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
                self.outcome = Some(self.stop(context));
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
            <div class="hunt" data-testid="hunt">
                <p class="hint">{ say(t!("Lets the computer look for a run that breaks a check or shows a situation, and makes it short.")) }</p>
                <form {onsubmit}>
                    <fieldset disabled={is_at_it}>
                        { for self.draw_controls(context) }
                        <fieldset class="hazards">
                            <legend>{ say(t!("What may happen")) }</legend>
                            { for hazards(&context.props().lab).map(|hazard| self.draw_hazard(context, hazard)) }
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
            </div>
        }
    }
}

/// What may happen in a hunt of this lab: nodes lie only where they can.
fn hazards(lab: &str) -> impl Iterator<Item = Hazard> {
    let can_lie = labs::registry::lab(lab).is_ok_and(|lab| !lab.manners().is_empty());
    Hazard::ALL.into_iter().filter(move |hazard| can_lie || *hazard != Hazard::Lie)
}

/// The checks that a hunt can look for.
fn hunted(checks: &[Check]) -> impl Iterator<Item = &Check> {
    let of_kind = |kind| checks.iter().filter(move |check| check.kind == kind);
    [CheckKind::Always, CheckKind::Eventually, CheckKind::Sometimes].into_iter().flat_map(of_kind)
}

/// The rules that are broken.
fn switched_off(book: &Rulebook) -> impl Iterator<Item = &Rule> {
    book.rules.iter().filter(|rule| rule.broken_check.is_some() && !book.values.is_on(rule.name))
}

/// The broken rule that a hunt is for: one that has just been broken, else that of before, else any.
fn missed<'a>(now: &'a Rulebook, before: Option<(&Rulebook, Option<&str>)>) -> Option<&'a Rule> {
    let is_new = |rule: &&Rule| before.is_some_and(|(book, _)| book.values.is_on(rule.name));
    let is_old = |rule: &&Rule| before.is_some_and(|(_, old)| old == Some(rule.name));
    let off = || switched_off(now);
    off().find(is_new).or_else(|| off().find(is_old)).or_else(|| off().next())
}

impl HuntPanel {
    /// Sets what may happen as this rule asks for, and the check that it keeps; without one, what a hunt begins with.
    fn look_for(&mut self, rule: Option<&Rule>, checks: &[Check]) {
        let Ground { hazards, fault_events, .. } = rule.map(|rule| rule.ground.clone()).unwrap_or_default();
        (self.hazards, self.fault_events) = (hazards, fault_events);
        let first = || hunted(checks).next().map(|check| check.name);
        let check = rule.and_then(|rule| rule.broken_check).or_else(first);
        self.check = check.unwrap_or_default().to_string();
        self.rule = rule.map(|rule| rule.name);
        // What it said was about another search.
        self.outcome = None;
    }

    fn draw_controls(&self, context: &Context<Self>) -> Vec<Html> {
        let link = context.link();
        let choice = |check: &Check| {
            let title = match check.kind {
                _ if check.is_to_be_seen() => t!("seen: {check}", check = check.title.clone()),
                CheckKind::Eventually if matches!(check.judge, Judge::Monitor) => {
                    t!("never reached: {check}", check = check.title.clone())
                }
                _ => t!("broken: {check}", check = check.title.clone()),
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
        let HuntPanelProps { lab, rulebook, .. } = context.props();
        let way = match (self.searches_all, u32::try_from(self.events)) {
            (true, Ok(events)) => Way::All { events },
            _ => Way::Random,
        };
        let quarry = Quarry {
            lab: lab.to_string(),
            settings: rulebook.values.clone(),
            check: self.check.clone(),
            hazards: self.hazards.clone(),
            fault_events: self.fault_events,
            way,
        };
        self.progress = Progress::default();
        self.found = None;
        self.started_ms = dom::now_ms();
        self.searcher = Helper::send(quarry, context.link().callback(HuntPanelMessage::Report));
        self.outcome = self.searcher.is_none().then(no_worker);
    }

    fn hear(&mut self, context: &Context<Self>, report: Result<Report, Text>) {
        let outcome = match report {
            Ok(Report::Progress(progress)) => {
                self.progress = progress;
                return;
            }
            Ok(Report::Found(scenario)) => {
                let inputs = counts::inputs(scenario.inputs.len() as u64);
                self.outcome = Some(t!("Found with {inputs}. Now to make it shorter…", inputs = inputs));
                self.found = Some(scenario);
                return;
            }
            Ok(Report::Shortened(scenario)) => {
                let (inputs, events) = self.show(context, scenario);
                t!("Found: {inputs}, {events}. It is open as a branch.", inputs = inputs, events = events)
            }
            Ok(Report::Nothing { events, is_full: false }) => self.nothing(context.props(), events),
            Ok(Report::Nothing { events, is_full: true }) => t!(
                "{nothing} Longer runs take too much memory: allow less to happen, or set fewer nodes.",
                nothing = self.nothing(context.props(), events)
            ),
            Ok(Report::RanOut) => t!("Nothing found {extent}.", extent = self.extent()),
            Err(why) => t!("The search has failed: {why}", why = why),
        };
        self.searcher = None;
        self.outcome = Some(outcome);
    }

    /// What has come of a search that is stopped; a find is opened as it is.
    fn stop(&mut self, context: &Context<Self>) -> Text {
        if let Some(scenario) = self.found.take() {
            let (inputs, events) = self.show(context, scenario);
            return t!(
                "Stopped while making it shorter: {inputs}, {events}. It is open as a branch.",
                inputs = inputs,
                events = events
            );
        }
        t!("Stopped. Nothing found {extent}.", extent = self.extent())
    }

    /// Opens a find as a branch. Returns how many inputs and events it has.
    fn show(&self, context: &Context<Self>, scenario: Scenario) -> (Text, Text) {
        let counts = (counts::inputs(scenario.inputs.len() as u64), counts::events(scenario.cursor));
        context.props().commands.emit(Run::ShowFind(scenario, self.check.clone()).into());
        counts
    }

    /// That there is no such run of up to so many events.
    fn nothing(&self, props: &HuntPanelProps, events: u32) -> Text {
        let check = props.checks.iter().find(|check| check.name == self.check);
        let (events, extent) = (counts::events(events.into()), self.extent());
        if check.is_some_and(Check::is_to_be_seen) {
            t!("No run of up to {events} shows this ({extent}).", events = events, extent = extent)
        } else {
            t!("No run of up to {events} breaks this ({extent}).", events = events, extent = extent)
        }
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
                "{runs} · {events} · {rate} a second · the longest with {longest}",
                runs = counts::runs(runs),
                events = counts::events(events),
                rate = rate,
                longest = counts::events(depth.into())
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use sim::Settings;

    use super::*;

    fn book(off: &[&str]) -> Rulebook {
        let lab = labs::registry::lab("raft").expect("a lab");
        let values = off.iter().fold(Settings::default(), |all, rule| all.with(rule, Value::Flag(false)));
        let settings = lab.settings();
        Rulebook {
            values: values.accept(&settings).expect("settings"),
            settings,
            presets: Vec::new(),
            rules: lab.rules(),
        }
    }

    /// The case: with “Vote only for up-to-date logs” off, the hunt still looked for “one leader per term”.
    #[test]
    fn a_hunt_is_for_the_rule_that_was_broken_last() {
        let name = |now: &[&str], before: Option<(&[&str], Option<&str>)>| {
            let before = before.map(|(off, rule)| (book(off), rule));
            let before = before.as_ref().map(|(book, rule)| (book, *rule));
            missed(&book(now), before).map(|rule| rule.name)
        };
        let (vote, majority) = ("up_to_date_vote", "majority");
        assert_eq!(name(&[], None), None);
        assert_eq!(name(&[vote], None), Some(vote));
        assert_eq!(name(&[vote, majority], Some((&[majority], Some(majority)))), Some(vote));
        assert_eq!(name(&[vote, majority], Some((&[vote], Some(vote)))), Some(majority));
        assert_eq!(name(&[vote, majority], Some((&[vote, majority], Some(majority)))), Some(majority));
        assert_eq!(name(&[vote], Some((&[vote, majority], Some(majority)))), Some(vote));
        assert_eq!(name(&[], Some((&[vote], Some(vote)))), None);
    }
}
