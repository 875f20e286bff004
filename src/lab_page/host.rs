//! What a figure does for the page around it, and what it tells that page.

use sim::frame::{CheckRow, Frame, Measure};
use sim::{Input, Outcome, Text, t};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::{LabPage, LabPageMessage, LabPageProps, Start, figure};
use crate::dom::{self, Listener, SightObserver, SizeObserver};
use crate::embed::{
    Answers, Branch, Channel, CheckState, Key, Link, MOST_AHEAD, MeasureState, Moment, Payload, Refusal, Request,
};
use crate::export;
use crate::keys;
use crate::language;
use crate::part;
use crate::parts::Missing;
use crate::route::Route;
use crate::share;
use crate::words::name;

/// The least and the most height of a stage that is asked for, in pixels.
const STAGE_PX: (f64, f64) = (220.0, 560.0);
/// Its height for its width.
const STAGE_SHAPE: f64 = 0.525;

/// What a figure is besides a page: a part of its own.
#[derive(Debug)]
pub struct Figure {
    /// Says hello to the page around.
    pub meet: fn(&Context<LabPage>) -> Host,
    pub welcome: fn(&mut LabPage),
    pub serve: fn(&mut LabPage, &Context<LabPage>, u32, Result<Request, Text>),
    pub tell: fn(&mut LabPage),
    pub pass_on: fn(&LabPage, &KeyboardEvent),
    pub watch_sight: fn(&mut LabPage, &Context<LabPage>),
    pub sight: fn(&mut LabPage, bool) -> bool,
    pub measure: fn(&mut LabPage) -> bool,
    pub draw: fn(&LabPage, &LabPageProps) -> Html,
    /// In the place of a figure: why there is none, and what can be done. Only a page of this origin may be told.
    pub refuse: fn(Text, Option<String>, Html) -> Html,
}

part!(
    embed: Figure = Figure {
        meet: Host::meet,
        welcome: LabPage::welcome,
        serve: LabPage::serve,
        tell: LabPage::tell,
        pass_on: LabPage::pass_on,
        watch_sight: LabPage::watch_sight,
        sight: LabPage::sight,
        measure: LabPage::measure,
        draw: LabPage::draw_figure,
        refuse: |sentence, origin, remedy| html! { <Refusal {sentence} {origin} {remedy} /> },
    }
);

/// The page around, with what it has been told.
#[derive(Debug)]
pub struct Host {
    channel: Option<Channel>,
    told: Told,
    /// What has been done since it was last told.
    pub(super) acted: Vec<Input>,
    /// Whether any of the figure can be seen.
    seen: bool,
    observers: (Option<SightObserver>, Option<SizeObserver>, Option<Listener>),
}

#[derive(Debug, Default, PartialEq)]
struct Told {
    is_ready: bool,
    event: u64,
    is_complete: bool,
    branch: (String, usize),
    outcomes: Vec<Outcome>,
    height: u32,
}

impl Host {
    /// Says hello to the page around a figure.
    fn meet(context: &Context<LabPage>) -> Host {
        let origin = context.props().looks.origin.as_deref();
        Host {
            channel: Channel::open(origin, context.link().callback(LabPageMessage::Host)),
            told: Told::default(),
            acted: Vec::new(),
            seen: true,
            observers: (None, None, None),
        }
    }

    fn tell(&self, kind: &'static str, payload: Payload) {
        if let Some(channel) = &self.channel {
            channel.tell(kind, payload);
        }
    }
}

impl LabPage {
    /// Tells the page around that it can begin, or why not.
    fn welcome(&mut self) {
        let (moment, now) = (self.outline(false), self.now());
        let Some(host) = &mut self.host else { return };
        if let Err(sentence) = &self.session {
            host.tell("error", Payload::sentence(sentence));
        }
        if let (Some(moment), Some(now)) = (moment, now) {
            host.told = now;
            host.tell("ready", Payload::Moment(Box::new(moment)));
        }
        self.measure();
    }

    /// Tells the page around what has happened in a lesson.
    pub fn report(&self, kind: &'static str, payload: Payload) {
        if let Some(host) = &self.host {
            host.tell(kind, payload);
        }
    }

    /// Tells the page around what is new.
    fn tell(&mut self) {
        if self.host.as_ref().is_none_or(|host| !host.told.is_ready) {
            return;
        }
        let (Some(now), Some(moment)) = (self.now(), self.outline(false)) else { return };
        let changed = self.changed_checks();
        let Some(host) = &mut self.host else { return };
        let height = host.told.height;
        let before = std::mem::replace(&mut host.told, Told { height, ..now });
        let event = host.told.event;
        let inputs = std::mem::take(&mut host.acted);
        if !inputs.is_empty() {
            host.tell("action", Payload::Action { inputs, event });
        }
        if let Ok(session) = &self.session
            && host.told.branch != before.branch
        {
            let rows = session.branches();
            if let Some(row) = rows.iter().find(|row| row.selected) {
                let (letter, title) = (row.letter.clone(), language::write(&row.title));
                host.tell("branch", Payload::Branch(Branch { letter, title, count: rows.len() }));
            }
        }
        if event != before.event || host.told.branch != before.branch {
            host.tell("step", Payload::Moment(Box::new(moment)));
        }
        // In a lesson its goals are the checks, and its end is the end.
        if self.lesson.is_some() {
            return;
        }
        if !changed.is_empty() {
            host.tell("check", Payload::Checks { checks: changed });
        }
        if host.told.is_complete && !before.is_complete {
            host.tell("complete", Payload::Nothing {});
        }
    }

    /// What the page around is told of this moment.
    fn now(&self) -> Option<Told> {
        let moment = self.moment.as_ref()?;
        let frame = &moment.frame;
        let letter = moment.branch().map(|row| row.letter.clone()).unwrap_or_default();
        Some(Told {
            is_ready: true,
            event: frame.event,
            is_complete: frame.event == frame.length && frame.next_at_us.is_none()
                || self.playing.stretch.is_over(frame.event),
            branch: (letter, moment.branches.len()),
            outcomes: frame.checks.iter().map(|row| row.outcome).collect(),
            height: 0,
        })
    }

    /// The checks whose outcome is not what the page around was told.
    fn changed_checks(&self) -> Vec<CheckState> {
        let (Some(host), Some(frame)) = (&self.host, self.frame()) else { return Vec::new() };
        let changed = |(place, row): &(usize, &CheckRow)| host.told.outcomes.get(*place) != Some(&row.outcome);
        frame.checks.iter().enumerate().filter(changed).map(|(_, row)| state_of(row)).collect()
    }

    /// The moment that is shown, in few words; with its link's state where that is asked for.
    fn outline(&mut self, with_state: bool) -> Option<Moment> {
        let state = with_state.then(|| self.state()).flatten();
        let lab = self.session.as_ref().ok()?.about().id.to_string();
        let frame = self.frame()?;
        Some(Moment {
            lab,
            scenario: self.places.scenario.as_ref().map(|name| name.to_string()),
            event: frame.event,
            length: frame.length,
            at_us: frame.at_us,
            playing: self.playing.is_on,
            headline: language::write(&frame.caption.headline),
            detail: frame.caption.detail.as_ref().map(language::write),
            measures: frame.measures.iter().map(|measure| measure_state(frame, measure)).collect(),
            state,
        })
    }

    /// The state of a link to the moment that is shown.
    fn state(&mut self) -> Option<String> {
        let share = share::PART.get()?;
        self.share().map(|moment| (share.link)(&moment))
    }

    /// Does what the page around asks for, and answers.
    fn serve(&mut self, context: &Context<Self>, id: u32, request: Result<Request, Text>) {
        let answer = request.and_then(|request| self.carry_out(context, request));
        if let Some(Host { channel: Some(channel), .. }) = &self.host {
            channel.answer(id, answer);
        }
    }

    fn carry_out(&mut self, context: &Context<Self>, request: Request) -> Result<Payload, Text> {
        if let Err(sentence) = &self.session {
            return Err(sentence.clone());
        }
        self.playing.errand = None;
        match request {
            Request::Play if self.host.as_ref().is_some_and(|host| !host.seen) || dom::is_hidden() => {
                return Err(t!("a figure that nobody sees does not play"));
            }
            Request::Play if !self.playing.is_on => self.play(),
            Request::Pause if self.playing.is_on => self.play(),
            Request::Play | Request::Pause | Request::GetState => {}
            Request::Step(by @ (1 | -1)) => self.step(by > 0),
            Request::Step(by) => {
                let event = self.frame().map_or(0, |frame| frame.event);
                self.go_to(event.saturating_add_signed(by))?;
            }
            Request::Seek(event) => self.go_to(event)?,
            Request::Act(inputs) => {
                self.act(inputs);
                self.refuse()?;
            }
            Request::SetState(state) => self.take_over(context, &state)?,
            Request::Check(name) => return self.verdicts(name.as_deref()),
            Request::Share => {
                let state = self.state().unwrap_or_default();
                let address = dom::page_address() + &Route::Moment(state.clone()).hash();
                return Ok(Payload::Share(Link { address, state }));
            }
            Request::Answers => return self.answers().map(Payload::Answers),
            Request::SetAnswers(text) => {
                let mut taken = Ok(());
                self.with_tutor(|tutor, page| taken = tutor.take_answers(page, &text));
                return taken.and_then(|()| self.answers()).map(Payload::Answers);
            }
            Request::Snapshot => {
                let (title, description) = self.words_of_picture().ok_or_else(|| t!("there is no moment to show"))?;
                let svg = export::stage::stage_svg(&title, &description);
                return svg.map(|svg| Payload::Picture { svg }).ok_or_else(|| t!("there is no stage to draw"));
            }
        }
        let moment = self.outline(true).ok_or_else(|| t!("there is no moment to show"))?;
        Ok(Payload::Moment(Box::new(moment)))
    }

    /// What has been answered in the lesson that is open.
    fn answers(&self) -> Result<Answers, Text> {
        self.lesson.as_ref().map(|tutor| tutor.answers()).ok_or_else(|| t!("no lesson is open here"))
    }

    fn go_to(&mut self, event: u64) -> Result<(), Text> {
        let length = self.frame().map_or(0, |frame| frame.length);
        if event > length + MOST_AHEAD {
            return Err(t!(
                "only {length} events have been computed, and one request goes up to {most} further",
                length = length,
                most = MOST_AHEAD
            ));
        }
        self.seek(event);
        Ok(())
    }

    /// Shows a moment of this lab that the page around has kept.
    fn take_over(&mut self, context: &Context<Self>, state: &str) -> Result<(), Text> {
        let share = share::PART.get().ok_or_else(|| Missing::Unreachable.sentence())?;
        let moment = (share.read)(state)?;
        let lab = self.session.as_ref().map(|session| session.about().id).unwrap_or_default();
        if moment.scenario.lab != lab {
            return Err(t!(
                "this moment is of the lab {other}, and this figure shows {lab}",
                other = moment.scenario.lab,
                lab = lab
            ));
        }
        self.open(context, &Start::Moment(moment.into()));
        // On the way to a moment that is far, the notice says how far it has come.
        if self.playing.errand.is_some() { Ok(()) } else { self.refuse() }
    }

    /// What the notice says against it.
    fn refuse(&mut self) -> Result<(), Text> {
        self.notices.sentence.take().map_or(Ok(()), Err)
    }

    fn verdicts(&self, name: Option<&str>) -> Result<Payload, Text> {
        let rows = self.frame().map(|frame| frame.checks.as_slice()).unwrap_or_default();
        let checks: Vec<_> = rows.iter().filter(|row| name.is_none_or(|name| row.name == name)).map(state_of).collect();
        match name {
            Some(name) if checks.is_empty() => Err(t!("this lab has no check {name}", name = name.to_string())),
            _ => Ok(Payload::Checks { checks }),
        }
    }

    /// Gives a key that means nothing here to the page around, which may turn its slides with it.
    fn pass_on(&self, event: &KeyboardEvent) {
        let Some(host) = self.host.as_ref().filter(|_| keys::turns_slides(event)) else { return };
        // The browser would scroll this page, or move its slider.
        event.prevent_default();
        let (key, code) = (event.key(), event.code());
        host.tell("key", Payload::Key(Key { key, code, key_code: event.key_code(), shift_key: event.shift_key() }));
    }

    /// Stands still where nobody looks.
    fn watch_sight(&mut self, context: &Context<Self>) {
        let Some(host) = &mut self.host else { return };
        let link = context.link();
        let figure = dom::find(".figure");
        let sight = figure.and_then(|figure| SightObserver::new(&figure, link.callback(LabPageMessage::Sight)));
        let foot = dom::find(figure::FOOT);
        let size = foot.and_then(|foot| SizeObserver::new(&foot, link.callback(|()| LabPageMessage::Measured)));
        let hidden = dom::document().map(|document| {
            let report = link.callback(LabPageMessage::Sight);
            Listener::new(&document, "visibilitychange", move |_| report.emit(!dom::is_hidden()))
        });
        host.observers = (sight, size, hidden);
    }

    /// Stops where nobody looks any more. Returns whether there is anything new to draw.
    fn sight(&mut self, seen: bool) -> bool {
        if let Some(host) = &mut self.host {
            host.seen = seen;
        }
        let stops = !seen && self.playing.is_on;
        if stops {
            self.playing.pause();
        }
        stops
    }

    /// Tells the page around which height fits the width. Nothing new is drawn for that.
    fn measure(&mut self) -> bool {
        let foot = dom::find(figure::FOOT).and_then(|foot| foot.dyn_into::<HtmlElement>().ok());
        let (Some(host), Some(foot)) = (&mut self.host, foot) else { return false };
        let stage = (f64::from(foot.offset_width()) * STAGE_SHAPE).clamp(STAGE_PX.0, STAGE_PX.1);
        let height = stage as u32 + foot.offset_height().unsigned_abs();
        if host.told.is_ready && height != host.told.height {
            host.told.height = height;
            host.tell("resize", Payload::Size { height });
        }
        false
    }
}

fn state_of(row: &CheckRow) -> CheckState {
    CheckState {
        name: row.name,
        title: language::write(&row.title),
        outcome: row.outcome,
        sentence: row.sentence.as_ref().map(language::write),
        event: row.event,
    }
}

fn measure_state(frame: &Frame, measure: &Measure) -> MeasureState {
    MeasureState {
        name: measure.name,
        title: language::write(&measure.title),
        node: measure.node.map(|node| name(frame, node)),
        value: measure.value,
        unit: measure.unit,
    }
}
