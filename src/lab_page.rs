//! One lab on the screen. The session lives here, outside of what Yew compares; the parts of the screen get plain data
//! and send [`Command`]s.

use sim::frame::{Frame, Message, TraceEvent};
use sim::{BranchRow, Input, LabSession, NodeId, Place, ScenarioCard, Subject, Text, Until, Why, t};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::bookmarks::{self, Bookmark};
use crate::branches;
use crate::caption;
use crate::checks;
use crate::command::{Command, Item, Tab, Topic};
use crate::compare::{self, By, Comparison};
use crate::dialog;
use crate::divider::Divider;
use crate::dom::{self, Listener, NextPicture};
use crate::hint::{self, Tried};
use crate::icons::{Shape, icon};
use crate::inspector::{self, Inspector};
use crate::keys;
use crate::lanes::Lanes;
use crate::lanes::chronicle::{Chronicle, Watch};
use crate::motion::{Motion, Report};
use crate::panels::{Dock, Pane, Panel, Panels, Room};
use crate::route::Route;
use crate::scenarios::{self, Scenarios};
use crate::settings_panel::{Rulebook, SettingsPanel};
use crate::shared::Shared;
use crate::speed;
use crate::stage::{self, Stage};
use crate::text_view;
use crate::top_bar;
use crate::transport::{self, Transport};
use crate::words::{name, say};

/// Events that one frame of the animation may compute, so that the page stays alive at any speed.
const MOST_PER_FRAME: u64 = 2_000;
/// Events that a search for a moment may compute.
const MOST_PER_SEARCH: u64 = 10_000;
/// Events that a run to a moment, which may be far, computes for each picture.
const MOST_PER_STRIDE: u64 = 4_000;
/// Events around the moment that the list of events knows.
const TRACE_BEFORE: u64 = 250;
const TRACE_AFTER: u64 = 150;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LabPageProps {
    /// The name of the lab.
    pub lab: AttrValue,
    /// The scenario to open; without it, the first one.
    #[prop_or_default]
    pub scenario: Option<AttrValue>,
}

/// The page of a lab.
#[derive(Debug)]
pub struct LabPage {
    session: Result<Box<dyn LabSession>, Text>,
    moment: Option<Moment>,
    scenario: Option<AttrValue>,
    motion: Motion,
    playing: bool,
    /// As a power of two.
    speed: i32,
    arriving: Option<Message>,
    selection: Option<Item>,
    /// The selected event of the lanes.
    event: Option<u64>,
    chronicle: Chronicle,
    watch: Option<Watch>,
    /// A run to a moment that goes on with the next picture.
    errand: Option<NextPicture>,
    tab: Tab,
    /// The node that the screen is limited to the knowledge of.
    knower: Option<NodeId>,
    /// A question that somebody has asked in so many words.
    question: Option<Subject>,
    answer: Option<Answer>,
    topic: Option<Topic>,
    notice: Option<Text>,
    /// Whether the text view stands in the place of the stage.
    text: bool,
    comparison: Option<Comparison>,
    bookmarks: Vec<Bookmark>,
    /// What a first visitor has tried; none when there is no need for a hint.
    tried: Option<Tried>,
    panels: Panels,
    /// What stands under the transport, where there is something to choose.
    dock: Option<Dock>,
    listeners: Vec<Listener>,
}

/// What the session says about the moment that is shown.
#[derive(Clone, Debug)]
struct Moment {
    frame: Shared<Frame>,
    /// What the screen shows of it: everything, or what one node knows.
    shown: Shared<Frame>,
    trace: Shared<Vec<TraceEvent>>,
    chronicle: Shared<Chronicle>,
    branches: Shared<Vec<BranchRow>>,
    rulebook: Shared<Rulebook>,
    cards: Shared<Vec<ScenarioCard>>,
    /// The branch beside this one, where two are compared.
    other: Option<Shared<Frame>>,
}

/// Why something was as it was at a moment.
#[derive(Clone, Debug)]
struct Answer {
    frame: Shared<Frame>,
    subject: Subject,
    why: Shared<Why>,
}

#[derive(Debug)]
pub enum LabPageMessage {
    Command(Command),
    Report(Report),
    Key(KeyboardEvent),
    /// The window has another size.
    Resized,
    RunOn(Until),
}

impl Component for LabPage {
    type Message = LabPageMessage;
    type Properties = LabPageProps;

    fn create(context: &Context<Self>) -> LabPage {
        let mut page = LabPage {
            session: labs::registry::open(&context.props().lab),
            moment: None,
            scenario: None,
            motion: Motion::new(context.link().callback(LabPageMessage::Report)),
            playing: false,
            speed: 0,
            arriving: None,
            selection: None,
            event: None,
            chronicle: Chronicle::default(),
            watch: None,
            errand: None,
            tab: Tab::Node,
            knower: None,
            question: None,
            answer: None,
            topic: None,
            notice: None,
            text: false,
            comparison: None,
            bookmarks: Vec::new(),
            tried: Tried::recalled(),
            panels: Panels::recalled(),
            dock: None,
            listeners: Vec::new(),
        };
        page.open(context.props().scenario.clone());
        page.answer();
        page
    }

    fn changed(&mut self, context: &Context<Self>, old: &LabPageProps) -> bool {
        if context.props().scenario != old.scenario {
            self.open(context.props().scenario.clone());
            self.answer();
        }
        true
    }

    fn update(&mut self, context: &Context<Self>, message: LabPageMessage) -> bool {
        match message {
            LabPageMessage::Command(Command::Watch(watch)) => return self.watch(watch),
            LabPageMessage::Command(command) => self.obey(context, command),
            LabPageMessage::RunOn(until) => self.run_until(context, until),
            LabPageMessage::Report(report) => self.hear(report),
            LabPageMessage::Resized => {
                let room = Room::now();
                if room == self.panels.room {
                    return false;
                }
                self.panels.room = room;
            }
            LabPageMessage::Key(event) => {
                let Some(moment) = &self.moment else { return false };
                if self.topic.is_some() || !keys::are_on() {
                    return false;
                }
                let Some(command) = keys::command(&event, &moment.frame, self.selection) else { return false };
                event.prevent_default();
                let selects = matches!(event.key().as_str(), "l" | "m" | "c");
                self.obey(context, command);
                if let (true, Some(item)) = (selects, self.selection) {
                    dom::focus(&stage::selector(item));
                }
            }
        }
        self.answer();
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let session = match &self.session {
            Ok(session) => session,
            Err(sentence) => return html! { <main class="plain-page"><p role="alert">{ say(sentence) }</p></main> },
        };
        let Some(moment) = &self.moment else { return Html::default() };
        let about = session.about();
        let commands = context.link().callback(LabPageMessage::Command);
        let Moment { frame, shown, trace, chronicle, branches, rulebook, cards, .. } = moment.clone();
        let panels = self.panels;
        let sizes = Panel::ALL.map(|panel| format!("--{}:{}px", panel.name(), panels.size_px(panel))).join(";");
        let divider =
            |panel: Panel| html! { <Divider {panel} size_px={panels.size_px(panel)} commands={commands.clone()} /> };
        let node = inspector::node::shown(&shown, self.selection).map(|node| node.id);
        let scenarios = Scenarios {
            chapter: say(&about.chapter),
            lab: say(&about.title),
            cards,
            current: self.scenario.clone(),
            commands: commands.clone(),
        };
        let inspector = || {
            inspector::draw(&Inspector {
                frame: shown.clone(),
                trace,
                selection: self.selection,
                event: self.event,
                tab: self.tab,
                why: self.answer.as_ref().map(|answer| answer.why.clone()),
                knower: self.knower,
                commands: commands.clone(),
            })
        };
        let transport = transport::draw(&Transport {
            frame: frame.clone(),
            playing: self.playing,
            speed: self.speed,
            node,
            dock: self.dock,
            commands: commands.clone(),
        });
        html! {
            <div class="lab-page" data-room={panels.room.name()} data-pane={panels.pane.name()} style={sizes}>
                { top_bar::draw(&scenarios, &panels, self.text) }
                <main>
                    <h1 class="unseen">{ say(t!("{chapter}: {lab}", chapter = about.chapter.clone(), lab = about.title.clone())) }</h1>
                    if panels.shows(Panel::Side) {
                        <div class="side" data-testid="side">
                            { scenarios::draw_list(&scenarios) }
                            <SettingsPanel {rulebook} seed={frame.seed} commands={commands.clone()} />
                        </div>
                        { divider(Panel::Side) }
                    }
                    <section class="centre" aria-label={say(t!("The system"))}>
                        { for self.knower.map(|knower| draw_knows_banner(&shown, knower, &commands)) }
                        { self.draw_system(moment, &commands) }
                        if let Some(tried) = self.tried {
                            { hint::draw(tried, &commands) }
                        }
                        <div class="caption-row">
                            { caption::draw(&shown.caption, self.playing) }
                            { draw_tools(&commands) }
                        </div>
                        { self.draw_notice(&commands) }
                    </section>
                    if panels.shows(Panel::Inspector) {
                        { divider(Panel::Inspector) }
                        { inspector() }
                    }
                    if panels.has_sheet() {
                        <button class="button icon sheet-close" data-testid="sheet-close" aria-label={say(t!("Close"))}
                            onclick={commands.reform(|_: MouseEvent| Command::CloseSheet)}>{ icon(Shape::Close) }</button>
                    }
                </main>
                <section class="dock" aria-label={say(t!("Time"))}>
                    { transport }
                    if panels.shows(Panel::Lanes) {
                        { divider(Panel::Lanes) }
                        if self.dock == Some(Dock::Charts) {
                            { inspector::panels::draw_dock(&frame) }
                        } else {
                            <Lanes frame={frame.clone()} {chronicle} {node} event={self.event} playing={self.playing}
                                height_px={panels.size_px(Panel::Lanes)} motion={self.motion.clone()} commands={commands.clone()} />
                        }
                    }
                    { branches::draw(&branches, self.comparison.as_ref(), &self.bookmarks, &commands) }
                </section>
                { checks::draw(&shown, &commands) }
                if panels.room == Room::Narrow {
                    { draw_panes(panels.pane, &commands) }
                }
                { for self.topic.map(|topic| dialog::draw(topic, &frame, &branches, &commands)) }
            </div>
        }
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        if first && let Some(document) = dom::document() {
            let report = context.link().callback(LabPageMessage::Key);
            self.listeners.push(Listener::new(&document, "keydown", move |event| {
                if let Ok(event) = event.dyn_into::<KeyboardEvent>() {
                    report.emit(event);
                }
            }));
            if let Some(window) = dom::window() {
                let report = context.link().callback(|()| LabPageMessage::Resized);
                self.listeners.push(Listener::new(&window, "resize", move |_| report.emit(())));
            }
        }
    }
}

impl LabPage {
    fn open(&mut self, scenario: Option<AttrValue>) {
        let Ok(session) = &mut self.session else { return };
        let first = session.scenarios().first().map(|card| AttrValue::from(card.name));
        if let Some(name) = scenario.or(first) {
            self.notice = session.open(&name).err();
            if self.notice.is_none() {
                self.scenario = Some(name);
            }
        }
        self.playing = false;
        self.selection = None;
        self.knower = None;
        self.comparison = None;
        self.bookmarks.clear();
        self.tab = Tab::Node;
        self.forget();
        self.look();
        self.stand();
        if let Some(moment) = &self.moment {
            self.selection = moment.frame.caption.node.map(Item::Node);
            // What the visitor has chosen stays.
            self.dock = self.dock.or(Dock::usual(&moment.frame));
        }
    }

    /// Forgets what is known of the run: it is another one now.
    fn forget(&mut self) {
        self.chronicle = Chronicle::default();
        self.event = None;
    }

    /// Asks the session what there is to show.
    fn look(&mut self) {
        let Ok(session) = &mut self.session else { return };
        let frame = session.frame();
        let (first, last) =
            (frame.event.saturating_sub(TRACE_BEFORE).max(1), (frame.event + TRACE_AFTER).min(frame.length));
        self.chronicle.open(&mut **session, frame.length, first..=last);
        let trace: Vec<TraceEvent> = self.chronicle.events(first..=last).cloned().collect();
        let from_us = trace.first().map_or(0, |event| event.at_us);
        let watch = self.watch.unwrap_or(Watch { from_us, to_us: frame.at_us, most: TRACE_BEFORE + TRACE_AFTER });
        if self.dock != Some(Dock::Charts) {
            self.chronicle.learn(&mut **session, watch, frame.event, self.event);
        }
        let (settings, values) = session.settings();
        let rulebook =
            Rulebook { settings: settings.to_vec(), values: values.clone(), rules: session.rules().to_vec() };
        let branches = session.branches();
        // A branch that has been removed cannot be compared any more, nor one with itself.
        self.comparison
            .take_if(|comparison| !branches.iter().any(|row| row.letter == comparison.letter && !row.selected));
        let other = self.comparison.as_ref().and_then(|comparison| {
            let branch = branches.iter().position(|row| row.letter == comparison.letter)?;
            let place = match comparison.by {
                By::Event => Place::Event(frame.event),
                By::Time => Place::Moment(frame.at_us),
            };
            session.frame_of(branch, place).map(Shared::new)
        });
        self.motion.expect(frame.next_at_us);
        self.arriving = None;
        self.question = None;
        self.knower = self.knower.filter(|knower| knower.index() < frame.nodes.len());
        let frame = Shared::new(frame);
        let known = self.moment.take();
        self.moment = Some(Moment {
            shown: self.knower.map_or_else(|| frame.clone(), |knower| Shared::new(session.known_by(knower))),
            frame,
            trace: Shared::new(trace),
            chronicle: Shared::new(self.chronicle.clone()),
            branches: Shared::new(branches),
            rulebook: match &known {
                Some(known) if *known.rulebook == rulebook => known.rulebook.clone(),
                _ => Shared::new(rulebook),
            },
            cards: known.map_or_else(|| Shared::new(session.scenarios()), |known| known.cards),
            other,
        });
    }

    /// Answers the question of the open tab, while time stands still.
    fn answer(&mut self) {
        let known = self.answer.take();
        let (Ok(session), Some(moment)) = (&mut self.session, &self.moment) else { return };
        let frame = &moment.frame;
        let node = || inspector::node::shown(frame, self.selection).map(|node| Subject::Node(node.id));
        let subject = match self.tab {
            _ if self.playing => None,
            Tab::Node => node(),
            Tab::Message => inspector::why::usual_subject(frame, self.selection)
                .filter(|subject| matches!(subject, Subject::Message(_))),
            Tab::Why => self.question.clone().or_else(|| inspector::why::usual_subject(frame, self.selection)),
            Tab::Log | Tab::Events => None,
        };
        let Some(subject) = subject else { return };
        self.answer = match known {
            Some(known) if known.frame == *frame && known.subject == subject => Some(known),
            _ => {
                let why = Shared::new(session.why(&subject));
                Some(Answer { frame: frame.clone(), subject, why })
            }
        };
    }

    /// Goes to an event of an answer; the answer stays.
    fn follow(&mut self, event: u64) {
        let answer = self.answer.take();
        if matches!(self.selection, Some(Item::Message(_))) {
            // There it may not be under way.
            self.tab = Tab::Why;
        }
        if let Ok(session) = &mut self.session {
            session.seek(event);
        }
        self.arrive();
        if let (Some(answer), Some(moment)) = (answer, &self.moment) {
            self.question = Some(answer.subject.clone());
            self.answer = Some(Answer { frame: moment.frame.clone(), ..answer });
        }
    }

    /// Shows only what one node knows, or everything again.
    fn show_known(&mut self, knower: Option<NodeId>) {
        self.knower = knower;
        if knower.is_some() {
            self.comparison = None;
            self.panels.pane = Pane::Stage;
        }
        let (Ok(session), Some(moment)) = (&mut self.session, &mut self.moment) else { return };
        moment.shown = knower.map_or_else(|| moment.frame.clone(), |knower| Shared::new(session.known_by(knower)));
    }

    /// Learns some more of what the lanes show. Returns whether there is anything new.
    fn watch(&mut self, watch: Watch) -> bool {
        self.watch = Some(watch);
        let (Ok(session), Some(moment)) = (&mut self.session, &mut self.moment) else { return false };
        let changed = self.chronicle.learn(&mut **session, watch, moment.frame.event, self.event);
        if changed {
            moment.chronicle = Shared::new(self.chronicle.clone());
        }
        changed
    }

    fn frame(&self) -> Option<&Frame> {
        self.moment.as_ref().map(|moment| &*moment.frame)
    }

    /// Shows the moment without any way to it.
    fn stand(&mut self) {
        if let Some(at_us) = self.frame().map(|frame| frame.at_us) {
            self.motion.stand_at(at_us);
        }
    }

    fn pause(&mut self) {
        self.playing = false;
        self.motion.pause();
    }

    fn obey(&mut self, context: &Context<Self>, command: Command) {
        if let Some(tried) = &mut self.tried {
            *tried = tried.after(&command);
            if tried.is_all() {
                Tried::remember();
            }
        }
        let Ok(session) = &mut self.session else { return };
        self.errand = None;
        match command {
            Command::Open(name) => {
                // The browser reports no change where the address already says so.
                if [&self.scenario, &context.props().scenario].iter().any(|open| open.as_deref() == Some(&name)) {
                    self.open(Some(name.into()));
                } else {
                    Route::Lab { lab: context.props().lab.to_string(), scenario: Some(name) }.go();
                }
            }
            Command::Restart { changes, seed } => {
                self.notice = session.restart(changes, seed).err();
                if self.notice.is_none() {
                    self.scenario = None;
                    self.comparison = None;
                    self.bookmarks.clear();
                    self.playing = false;
                    self.selection = None;
                    self.knower = None;
                    self.forget();
                    self.look();
                    self.stand();
                }
            }
            Command::Act(inputs) => self.act(inputs),
            Command::Seek(event) => {
                session.seek(event);
                self.arrive();
            }
            Command::Step { forward } => self.step(forward),
            Command::StepNode { forward } => self.step_node(forward),
            Command::End => {
                let length = self.frame().map_or(0, |frame| frame.length);
                if let Ok(session) = &mut self.session {
                    session.seek(length);
                }
                self.arrive();
            }
            Command::Play => self.play(),
            Command::SetSpeed(power) => {
                self.speed = power;
                if self.playing {
                    self.motion.play(speed::us_per_ms(power));
                }
            }
            Command::RunUntil(until) => self.run_until(context, until),
            Command::SelectBranch(branch) => {
                let refusal = session.select_branch(branch).err();
                self.forget();
                self.arrive();
                self.notice = refusal;
            }
            Command::ToggleBookmark => {
                let Some(moment) = &self.moment else { return };
                let letter = moment.branches.iter().find(|row| row.selected).map(|row| row.letter.clone());
                let (event, title) = (moment.frame.event, moment.frame.caption.headline.clone());
                let bookmark = Bookmark { letter: letter.unwrap_or_default(), event, title };
                bookmarks::toggle(&mut self.bookmarks, bookmark);
            }
            Command::GoToBookmark(index) => {
                let Some(Bookmark { letter, event, .. }) = self.bookmarks.get(index).cloned() else { return };
                let branch = session.branches().iter().position(|row| row.letter == letter).unwrap_or(usize::MAX);
                let refusal = session.select_branch(branch).err();
                if refusal.is_none() {
                    session.seek(event);
                }
                self.forget();
                self.arrive();
                self.notice = refusal;
            }
            Command::NextBranch { forward } => {
                let rows = session.branches();
                let at = rows.iter().position(|row| row.selected).unwrap_or(0);
                let next = if forward { at + 1 } else { at + rows.len() - 1 } % rows.len().max(1);
                let refusal = session.select_branch(next).err();
                self.forget();
                self.arrive();
                self.notice = refusal;
            }
            Command::RemoveBranch(branch) => {
                let refusal = session.remove_branch(branch).err();
                self.forget();
                self.arrive();
                self.notice = refusal;
            }
            Command::RenameBranch(branch, name) => {
                self.notice = session.rename_branch(branch, name).err();
                self.look();
            }
            Command::Compare(comparison) => {
                self.comparison = comparison;
                self.knower = None;
                self.pause();
                self.look();
                self.stand();
            }
            Command::ToggleText => self.text = !self.text,
            Command::Fold(panel) => {
                self.panels = self.panels.toggled(panel);
                self.panels.remember();
            }
            Command::ShowDock(dock) => {
                self.dock = Some(dock);
                self.look();
            }
            Command::Resize(panel, size_px) => {
                self.panels = self.panels.resized(panel, size_px);
                self.panels.remember();
            }
            Command::ShowPane(pane) => self.panels.pane = pane,
            Command::EndHint => {
                Tried::remember();
                self.tried = None;
            }
            Command::CloseSheet => self.panels = self.panels.without_sheet(),
            Command::Select(None) if self.panels.has_sheet() => self.panels = self.panels.without_sheet(),
            Command::Select(item) => {
                self.selection = item;
                self.question = None;
                if item.is_some() {
                    self.panels = self.panels.showing_selection();
                }
                match item {
                    None => self.select_event(None),
                    Some(Item::Node(_)) => self.tab = Tab::Node,
                    Some(Item::Message(_)) => self.tab = Tab::Message,
                    _ => {}
                }
            }
            Command::SelectEvent(event) => self.select_event(event),
            // Carried out where it comes in, since it often changes nothing.
            Command::Watch(_) => {}
            Command::ShowTab(tab) => self.tab = tab,
            Command::Ask(subject) => {
                self.question = Some(subject);
                self.tab = Tab::Why;
            }
            Command::Follow(event) => self.follow(event),
            Command::ShowKnown(knower) => self.show_known(knower),
            Command::ShowDialog(topic) => self.topic = topic,
            Command::Say(text) => self.notice = Some(text),
            Command::Dismiss => self.notice = None,
        }
    }

    /// Runs on until something happens; to a moment, however far, with a picture now and then.
    fn run_until(&mut self, context: &Context<Self>, until: Until) {
        let Ok(session) = &mut self.session else { return };
        let start = session.scenario().cursor;
        let is_moment = matches!(until, Until::Moment(_));
        let found = session.run_until(until, if is_moment { MOST_PER_STRIDE } else { MOST_PER_SEARCH });
        let goes_on = !found && is_moment;
        if !found && !goes_on {
            session.seek(start);
        }
        self.arrive();
        if goes_on {
            self.errand = NextPicture::new(context.link().callback(move |()| LabPageMessage::RunOn(until)));
        } else if !found {
            self.notice = Some(t!("That did not happen in the next {count} events.", count = MOST_PER_SEARCH));
        }
    }

    /// After a jump: stops and shows the moment.
    fn arrive(&mut self) {
        self.notice = None;
        self.pause();
        self.look();
        self.stand();
    }

    fn select_event(&mut self, event: Option<u64>) {
        self.event = event;
        if let Some(watch) = self.watch {
            self.watch(watch);
        }
    }

    fn act(&mut self, inputs: Vec<Input>) {
        let Ok(session) = &mut self.session else { return };
        // What comes after the moment will be different.
        let now = self.moment.as_ref().map_or(0, |moment| moment.frame.event);
        self.chronicle.truncate(now);
        self.event = self.event.filter(|event| *event <= now);
        let at_us = self.motion.clock_us();
        self.notice = None;
        for input in inputs {
            if let Err(refusal) = session.act(input, Some(at_us)) {
                self.notice = Some(refusal);
                break;
            }
        }
        self.look();
        if self.playing {
            if let Some(at_us) = self.frame().map(|frame| frame.at_us) {
                self.motion.catch_up(at_us);
            }
        } else {
            self.stand();
        }
    }

    fn step(&mut self, forward: bool) {
        let Some(event) = self.frame().map(|frame| frame.event) else { return };
        let to = if forward { event + 1 } else { event.saturating_sub(1) };
        self.glide(to);
    }

    fn step_node(&mut self, forward: bool) {
        let (Some(moment), Some(Item::Node(id))) = (&self.moment, self.selection) else { return };
        let now = moment.frame.event;
        let mut own = moment.trace.iter().filter(|event| event.node == Some(id)).map(|event| event.number);
        let to = if forward { own.find(|number| *number > now) } else { own.rfind(|number| *number < now) };
        if let Some(to) = to {
            self.glide(to);
        } else if let (true, Ok(session)) = (forward, &mut self.session) {
            session.run_until(sim::Until::Node(id), MOST_PER_SEARCH);
            self.arrive();
        }
    }

    /// Goes to an event and shows the way there.
    fn glide(&mut self, to: u64) {
        let Ok(session) = &mut self.session else { return };
        let from = self.motion.clock_us();
        let before = self.moment.as_ref().map_or(0, |moment| moment.frame.event);
        let reached = session.seek(to);
        self.pause();
        self.look();
        self.notice = (reached < to).then(|| t!("Nothing more is due: act on a node or a link, or step back."));
        let Some(moment) = &self.moment else { return };
        if reached > before {
            let received =
                moment.trace.iter().find(|event| event.number == reached).and_then(|event| event.received.clone());
            let concerns =
                |message: &Message| self.knower.is_none_or(|knower| message.from == knower || message.to == knower);
            self.arriving = received.filter(concerns);
        }
        let at_us = moment.frame.at_us;
        if at_us == from {
            self.arriving = None;
            self.motion.stand_at(at_us);
        } else {
            self.motion.glide_to(at_us);
        }
    }

    fn play(&mut self) {
        if self.playing {
            self.pause();
            // What is due by the moment that is shown happens before it stands still.
            if let Ok(session) = &mut self.session {
                session.advance(self.motion.clock_us(), MOST_PER_FRAME);
            }
            self.look();
            return;
        }
        self.notice = None;
        self.arriving = None;
        self.playing = true;
        self.motion.play(speed::us_per_ms(self.speed));
    }

    fn hear(&mut self, report: Report) {
        let Ok(session) = &mut self.session else { return };
        match report {
            Report::Due(to_us) if self.playing => {
                session.advance(to_us, MOST_PER_FRAME);
                self.look();
            }
            Report::Due(_) => {}
            Report::Idle => {
                self.playing = false;
                self.notice = Some(t!("Nothing more is due: act on a node or a link, or step back."));
            }
            Report::Settled => self.arriving = None,
        }
    }

    /// The stage, or what stands in its place.
    fn draw_system(&self, moment: &Moment, commands: &Callback<Command>) -> Html {
        let Moment { frame, shown, branches, other, .. } = moment;
        if let (Some(comparison), Some(other)) = (&self.comparison, other) {
            let here_row = branches.iter().find(|row| row.selected);
            let there_row = branches.iter().find(|row| row.letter == comparison.letter);
            if let (Some(here_row), Some(there_row)) = (here_row, there_row) {
                return compare::draw((frame, here_row), (other, there_row), comparison.by, commands);
            }
        }
        if self.text {
            return text_view::draw(shown, commands);
        }
        html! {
            <Stage frame={shown.clone()} arriving={self.arriving.clone()} selection={self.selection}
                motion={self.motion.clone()} commands={commands.clone()} />
        }
    }

    fn draw_notice(&self, commands: &Callback<Command>) -> Html {
        let close = say(t!("Close"));
        html! {
            <div class="notice" role="status" aria-live="polite" data-testid="notice">
                if let Some(notice) = &self.notice {
                    <p>{ say(notice) }</p>
                    <button class="button icon tiny" aria-label={close.clone()} title={close}
                        onclick={commands.reform(|_: MouseEvent| Command::Dismiss)}>{ icon(Shape::Close) }</button>
                }
            </div>
        }
    }
}

fn draw_knows_banner(frame: &Frame, knower: NodeId, commands: &Callback<Command>) -> Html {
    let words = t!("You see what {node} knows at event {event}", node = name(frame, knower), event = frame.event);
    html! {
        <div class="knows-banner" role="status" data-testid="knows-banner">
            <p>{ say(words) }</p>
            <button class="button" data-testid="knows-off" onclick={commands.reform(|_: MouseEvent| Command::ShowKnown(None))}>
                { say(t!("Show everything")) }
            </button>
        </div>
    }
}

fn draw_tools(commands: &Callback<Command>) -> Html {
    let split = commands.reform(|_: MouseEvent| Command::ShowDialog(Some(Topic::Split)));
    let heal = commands.reform(|_: MouseEvent| Command::Act(vec![Input::HealAll]));
    html! {
        <div class="stage-tools" role="group" aria-label={say(t!("The network"))}>
            <button class="button" data-testid="split" onclick={split}>{ say(t!("Split…")) }</button>
            <button class="button" data-testid="heal-all" onclick={heal}>{ say(t!("Heal all")) }</button>
        </div>
    }
}

/// The tabs at the foot of a narrow window.
fn draw_panes(current: Pane, commands: &Callback<Command>) -> Html {
    let tab = |pane: Pane| {
        html! {
            <button data-testid={format!("pane-{}", pane.name())} aria-current={(pane == current).then_some("page")}
                onclick={commands.reform(move |_: MouseEvent| Command::ShowPane(pane))}>{ say(pane.title()) }</button>
        }
    };
    html! { <nav class="panes" aria-label={say(t!("Parts of the page"))}>{ for Pane::ALL.map(tab) }</nav> }
}
