//! Space-time lanes: one lane a node, time to the right, messages as slanted lines. The many are painted on a canvas;
//! what moves, can be selected or is read lies over it as elements.

pub mod chronicle;
pub mod cone;
mod cuts;
mod field;
mod gesture;
mod overlay;
mod paint;
mod pen;
pub mod picture;
mod pull;
mod readout;
mod rows;
mod scene;
mod stretch;
mod tip;

pub use paint::TELLING;
pub use readout::cut_words;

use sim::frame::{Frame, Message, TraceEvent};
use sim::{Compared, NodeId, Until, t};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlCanvasElement, KeyboardEvent, PointerEvent, WheelEvent};
use yew::prelude::*;

use chronicle::{Chronicle, Watch};
use cone::Cone;
use field::Field;
use gesture::{Gesture, Wish};
use pull::Pull;
use rows::Rows;
use scene::Scene;
use stretch::Stretch;
use tip::Tip;

use crate::command::{Command, Commands, Course, Read};
use crate::dom::{self, Listener, NextPicture, SizeObserver, ThemeObserver, css};
use crate::icons::{Shape, icon};
use crate::motion::{Motion, Part};
use crate::palette::Palette;
use crate::shared::Shared;
use crate::words::say;

/// Events in a pixel that can still be told apart.
const EVENTS_A_PIXEL: f64 = 1.6;
/// How near the mouse, or a finger, has to come to an event, in pixels.
const REACH: f64 = 11.0;
const FINGER_REACH: f64 = 22.0;
/// What one button or key zooms.
const ZOOM_STEP: f64 = 2.0;
/// How near to the edge of the window a lane may be, in pixels.
const EDGE: f64 = 14.0;
/// Pixels in a line, for wheels that count lines.
const LINE: f64 = 24.0;
/// How many events the lanes begin with.
const AT_FIRST: u64 = 60;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LanesProps {
    pub frame: Shared<Frame>,
    /// What is known of the run.
    pub chronicle: Shared<Chronicle>,
    #[prop_or_default]
    pub node: Option<NodeId>,
    /// The selected event.
    #[prop_or_default]
    pub event: Option<u64>,
    /// The event that it is compared with; itself until another one is chosen.
    #[prop_or_default]
    pub other: Option<u64>,
    #[prop_or_default]
    pub compared: Option<Shared<Compared>>,
    /// The node that the screen is limited to the knowledge of.
    #[prop_or_default]
    pub knower: Option<NodeId>,
    #[prop_or_default]
    pub playing: bool,
    /// How high the lanes are together, in pixels.
    #[prop_or(176)]
    pub height_px: u16,
    pub motion: Motion,
    pub commands: Commands,
}

/// The lanes under the transport.
#[derive(Debug)]
pub struct Lanes {
    container: NodeRef,
    canvas: NodeRef,
    width: f64,
    stretch: Stretch,
    rows: Rows,
    /// Where the stretch goes with the next picture.
    aim: Option<Stretch>,
    /// Whether the stretch moves along with the playhead.
    follows: bool,
    /// A selected event that has to come into view.
    reveal: Option<u64>,
    tip: Option<Tip>,
    gesture: Gesture,
    /// The message whose arrival is being put off.
    pull: Option<Pull>,
    cone: Option<Cone>,
    scene: Scene,
    is_stale: bool,
    palette: Option<Palette>,
    next: Option<NextPicture>,
    observers: Option<Observers>,
}

#[derive(Debug)]
struct Observers {
    _size: Option<SizeObserver>,
    _theme: Option<ThemeObserver>,
    _listeners: Vec<Listener>,
}

#[derive(Debug)]
pub enum LanesMessage {
    Resized,
    Recoloured,
    Picture,
    Wheel(WheelEvent),
    Down(PointerEvent),
    Shift(PointerEvent),
    Up(PointerEvent),
    Cancel(PointerEvent),
    Leave,
    Twice(MouseEvent),
    Key(KeyboardEvent),
    /// Escape, pressed anywhere.
    Escape(Event),
    Zoom(f64),
    Whole,
    Now,
}

impl Component for Lanes {
    type Message = LanesMessage;
    type Properties = LanesProps;

    fn create(context: &Context<Self>) -> Lanes {
        let mut lanes = Lanes {
            container: NodeRef::default(),
            canvas: NodeRef::default(),
            width: 1408.0,
            stretch: first_stretch(context.props()),
            rows: Rows::all(0),
            aim: None,
            follows: true,
            reveal: None,
            tip: None,
            gesture: Gesture::default(),
            pull: None,
            cone: None,
            scene: Scene::default(),
            is_stale: true,
            palette: None,
            next: None,
            observers: None,
        };
        lanes.find_cone(context.props());
        lanes.compose(context.props());
        lanes
    }

    fn changed(&mut self, context: &Context<Self>, old: &LanesProps) -> bool {
        let LanesProps { frame, chronicle, event, playing, .. } = context.props();
        let before = self.stretch;
        let moves = (frame.event, frame.at_us) != (old.frame.event, old.frame.at_us);
        if frame.seed != old.frame.seed || frame.nodes.len() != old.frame.nodes.len() {
            // A run with another seed or other nodes gets a stretch of its own.
            (self.stretch, self.aim, self.follows) = (first_stretch(context.props()), None, true);
        } else if (moves && !playing) || (self.follows && (moves || playing != &old.playing)) {
            let next_us = frame.next_at_us.filter(|_| *playing).unwrap_or(frame.at_us);
            let next = self.stretch.leading(frame.at_us, next_us);
            let is_alone = next != self.stretch
                && chronicle
                    .events_around(next.start_us, next.end_us())
                    .filter(|event| next.shows(event.at_us))
                    .nth(1)
                    .is_none();
            let hides = |message: &Message| !message.held && !next.shows(message.arrives_at_us);
            let is_short = next.start_us == 0.0 && frame.messages.iter().any(hides);
            self.stretch = if (is_alone || is_short) && !playing { first_stretch(context.props()) } else { next };
            (self.aim, self.follows) = (None, true);
        }
        if *chronicle != old.chronicle || *event != old.event {
            self.find_cone(context.props());
        }
        self.show_selected(context.props());
        self.compose(context.props());
        if !chronicle.is_settled() || *event != old.event || self.stretch != before {
            self.ask(context);
        }
        true
    }

    fn update(&mut self, context: &Context<Self>, message: LanesMessage) -> bool {
        let props = context.props();
        match message {
            LanesMessage::Resized => {
                let Some(container) = self.container.cast::<Element>() else { return false };
                let width = f64::from(container.client_width());
                if width < 1.0 || width == self.width {
                    return false;
                }
                self.width = width;
                self.ask(context);
            }
            LanesMessage::Recoloured => self.palette = None,
            LanesMessage::Picture => return self.take_aim(context),
            LanesMessage::Wheel(event) => {
                self.wheel(context, &event);
                return false;
            }
            LanesMessage::Down(event) => {
                if event.button() == 0 {
                    let (x, y) = self.point(&event);
                    let is_on_tip = self.is_on_tip(&event);
                    self.pull = Pull::at(props, &self.field(props), x, y, reach(&event)).filter(|_| !is_on_tip);
                    self.gesture.down(event.pointer_id(), f64::from(event.client_x()));
                    if let Some(container) = self.container.cast::<Element>() {
                        let _ = container.set_pointer_capture(event.pointer_id());
                    }
                }
                return false;
            }
            LanesMessage::Shift(event) => return self.shift(context, &event),
            LanesMessage::Up(event) => {
                let is_tap = self.gesture.up(event.pointer_id());
                let pull = self.pull.take();
                if is_tap {
                    let with_key = event.shift_key() || event.ctrl_key() || event.meta_key();
                    self.choose(props, self.pointed(&event, reach(&event)), with_key);
                } else if let Some(input) = pull.and_then(|pull| pull.input(&self.field(props))) {
                    props.commands.emit(Command::Act(vec![input]));
                }
                return pull.is_some();
            }
            LanesMessage::Cancel(event) => {
                self.gesture.up(event.pointer_id());
                return self.pull.take().is_some();
            }
            LanesMessage::Leave => return self.tip.take().is_some(),
            LanesMessage::Twice(event) => {
                let x = self.point(&event).0;
                let wish = match self.pointed(&event, REACH) {
                    Some(number) => Course::Seek(number),
                    None => {
                        let at_us = self.stretch.start_us + self.field(props).place(x) * self.stretch.span_us;
                        Course::RunUntil(Until::Moment((at_us.max(0.0) as u64).min(props.chronicle.end_us())))
                    }
                };
                props.commands.emit(wish.into());
                return false;
            }
            LanesMessage::Key(event) => {
                if self.press(context, &event.key(), event.shift_key()) {
                    event.prevent_default();
                }
                return false;
            }
            LanesMessage::Escape(event) => {
                let open = self.tip.as_mut().filter(|tip| !tip.is_closed && !event.default_prevented());
                return open.is_some_and(|tip| {
                    event.prevent_default();
                    tip.is_closed = true;
                    true
                });
            }
            LanesMessage::Zoom(factor) => {
                self.zoom(context, factor);
                return false;
            }
            LanesMessage::Whole => {
                self.go(context, Stretch::whole(run_us(props)));
                return false;
            }
            LanesMessage::Now => {
                let at_us = props.motion.clock_us();
                let start_us = (at_us as f64 - 0.7 * self.stretch.span_us).max(0.0);
                self.go(context, Stretch { start_us, ..self.stretch });
                return false;
            }
        }
        self.compose(props);
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let LanesProps { frame, chronicle, node, event, other, compared, commands, height_px, .. } = context.props();
        let field = self.field(context.props());
        let link = context.link();
        let selected = event.and_then(|number| chronicle.event(number));
        let second = other.filter(|_| other != event).and_then(|number| chronicle.event(number));
        let pointed = self.tip.and_then(|tip| Some((tip, chronicle.event(tip.event)?)));
        let onkeydown = link.callback(|event: KeyboardEvent| {
            // The page would scroll, should Yew be late.
            if event.key().starts_with("Arrow") {
                event.prevent_default();
            }
            LanesMessage::Key(event)
        });
        let stretch = readout::draw_stretch(self.stretch, frame.scale, chronicle, self.scene.count, self.rows.others());
        let label = t!(
            "Messages between the nodes over time; the Events tab lists the same in words. Arrow keys go from event to \
             event and from lane to lane, plus and minus zoom, Enter goes to the selected event, C compares it with another one, Escape selects none."
        );
        html! {
            <div class="lanes">
                <div class="lanes-window" ~style={window_size(*height_px)}>
                <div class={classes!("lanes-field", self.tip.map(|_| "pointing"))} ref={self.container.clone()} role="application"
                    tabindex="0" aria-label={say(label)} ~style={css(format!("block-size:{}px", field.height))}
                    data-testid="lanes" data-start={self.stretch.start_us.to_string()} data-span={self.stretch.span_us.to_string()}
                    data-level={if chronicle.is_near() { "events" } else { "density" }} data-count={self.scene.count.to_string()}
                    data-ready={chronicle.is_settled().to_string()}
                    onpointerdown={link.callback(LanesMessage::Down)} onpointermove={link.callback(LanesMessage::Shift)}
                    onpointerup={link.callback(LanesMessage::Up)} onpointercancel={link.callback(LanesMessage::Cancel)}
                    onpointerleave={link.callback(|_: PointerEvent| LanesMessage::Leave)}
                    ondblclick={link.callback(LanesMessage::Twice)} {onkeydown}>
                    <canvas ref={self.canvas.clone()} aria-hidden="true"></canvas>
                    <svg width={self.width.to_string()} height={field.height.to_string()} aria-hidden="true">
                        { overlay::draw_names(frame, &field, *node) }
                        { overlay::draw_marks(frame, &field, [selected, second]) }
                        { pull::draw(context.props(), &field, self.pull) }
                    </svg>
                    { overlay::draw_axis(&field, frame.scale) }
                    <div>{ for pointed.filter(|(tip, _)| !tip.is_closed).map(|(tip, event)| tip.draw(event, &field, frame)) }</div>
                </div>
                </div>
                <div class="lanes-bar">
                    { readout::draw((*event, *other), stretch, (chronicle, frame), self.cone.as_ref(), compared.as_deref(), commands) }
                    { self.draw_buttons(context) }
                </div>
            </div>
        }
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        let Some(container) = self.container.cast::<Element>() else { return };
        if first {
            let size = SizeObserver::new(&container, context.link().callback(|()| LanesMessage::Resized));
            let theme = ThemeObserver::new(context.link().callback(|()| LanesMessage::Recoloured));
            let turn = context.link().callback(LanesMessage::Wheel);
            // On the element itself, since a listener on the whole page could not keep the page from scrolling.
            let wheel = Listener::new(&container, "wheel", move |event: Event| {
                if let Ok(event) = event.dyn_into::<WheelEvent>() {
                    // The page itself would come nearer, should Yew be late.
                    if zooms(&event) {
                        event.prevent_default();
                    }
                    turn.emit(event);
                }
            });
            // On the root, where it comes before the keys of the page, which the document hears.
            let root = dom::document().and_then(|document| document.document_element());
            let close = context.link().callback(LanesMessage::Escape);
            let escape = root.map(|root| {
                Listener::new(&root, "keydown", move |event: Event| {
                    if event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape") {
                        close.emit(event);
                    }
                })
            });
            let listeners = [wheel].into_iter().chain(escape).collect();
            self.observers = Some(Observers { _size: size, _theme: theme, _listeners: listeners });
            self.ask(context);
        }
        if std::mem::take(&mut self.is_stale)
            && let Some(canvas) = self.canvas.cast::<HtmlCanvasElement>()
        {
            self.palette = self.palette.take().or_else(|| Palette::of(&canvas));
            if let Some(palette) = &self.palette {
                paint::paint(&canvas, palette, &self.scene, &self.field(context.props()));
            }
        }
        context.props().motion.collect(Part::Lanes, &container);
    }

    fn destroy(&mut self, context: &Context<Self>) {
        context.props().motion.release(Part::Lanes);
    }
}

impl Lanes {
    fn field(&self, props: &LanesProps) -> Field {
        Field::new(self.width, f64::from(props.height_px), self.stretch, self.rows.clone())
    }

    fn compose(&mut self, props: &LanesProps) {
        let acted = |event: u64| props.chronicle.event(event)?.node;
        let events = props.event.into_iter().chain(props.other).filter_map(acted);
        let chosen = props.node.into_iter().chain(events);
        self.rows = Rows::fitting(f64::from(props.height_px), &props.frame, &props.chronicle, self.stretch, chosen);
        self.scene =
            Scene::compose(&props.frame, &props.chronicle, &self.field(props), self.cone.as_ref(), props.knower);
        self.is_stale = true;
    }

    fn find_cone(&mut self, props: &LanesProps) {
        self.cone = props.event.and_then(|event| Cone::of(&props.chronicle, event));
    }

    /// Does with the next picture what has to be done.
    fn ask(&mut self, context: &Context<Self>) {
        if self.next.is_none() {
            self.next = NextPicture::new(context.link().callback(|()| LanesMessage::Picture));
        }
    }

    fn go(&mut self, context: &Context<Self>, aim: Stretch) {
        self.aim = Some(aim);
        self.ask(context);
    }

    /// Shows the stretch that was aimed at, and asks for what is missing there.
    fn take_aim(&mut self, context: &Context<Self>) -> bool {
        let props = context.props();
        self.next = None;
        let aim = self.aim.take();
        if let Some(aim) = aim {
            self.stretch = aim;
            self.follows = aim.keeps(props.frame.at_us);
            self.compose(props);
        }
        let most = ((self.width - 80.0).max(200.0) * EVENTS_A_PIXEL) as u64;
        let (from_us, to_us) = (self.stretch.start_us as u64, self.stretch.end_us() as u64);
        props.commands.emit(Read::Watch(Watch { from_us, to_us, most }).into());
        aim.is_some()
    }

    fn point(&self, event: &MouseEvent) -> (f64, f64) {
        let Some(container) = self.container.cast::<Element>() else { return (0.0, 0.0) };
        let corner = container.get_bounding_client_rect();
        (f64::from(event.client_x()) - corner.left(), f64::from(event.client_y()) - corner.top())
    }

    fn wheel(&mut self, context: &Context<Self>, event: &WheelEvent) {
        let props = context.props();
        let unit = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE { LINE } else { 1.0 };
        let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
        let now = self.aim.unwrap_or(self.stretch);
        let field = self.field(props);
        let aim = if zooms(event) {
            let place = field.place(self.point(event).0).clamp(0.0, 1.0);
            now.zoomed((dy.clamp(-200.0, 200.0) * 0.004).exp(), place, run_us(props))
        } else {
            // Up and down scrolls lanes that are higher than their window.
            let dy = if field.height > f64::from(props.height_px) { 0.0 } else { dy };
            now.moved((dx + dy) / (field.end_x() - field.start_x()), run_us(props))
        };
        // At its ends the page may scroll.
        if aim != now {
            event.prevent_default();
            self.go(context, aim);
        }
    }

    fn shift(&mut self, context: &Context<Self>, event: &PointerEvent) -> bool {
        let props = context.props();
        let field = self.field(props);
        let width = field.end_x() - field.start_x();
        let now = self.aim.unwrap_or(self.stretch);
        let wish = self.gesture.shift(event.pointer_id(), f64::from(event.client_x()));
        if let Some(pull) = &mut self.pull {
            pull.x = self.gesture.is_moving().then(|| f64::from(event.client_x()) - left_of(&self.container));
            return true;
        }
        match wish {
            Wish::Pan(by) => self.go(context, now.moved(-by / width, run_us(props))),
            Wish::Pinch { factor, from, to } => {
                let left = left_of(&self.container);
                let zoomed = now.zoomed(factor, field.place(from - left), run_us(props));
                self.go(context, zoomed.moved((from - to) / width, run_us(props)));
            }
            Wish::Nothing => {}
        }
        let is_free = event.pointer_type() == "mouse" && !self.gesture.is_moving();
        let pointed = if is_free { self.pointed(event, REACH) } else { None };
        if pointed == self.tip.map(|tip| tip.event) {
            return false;
        }
        self.tip = pointed.map(|number| {
            let y = self.point(event).1;
            let (top, height) = self.in_view();
            Tip::new(number, y, y - top, top + height - y)
        });
        true
    }

    /// The event that the pointer is at, or at the words about.
    fn pointed(&self, event: &MouseEvent, reach: f64) -> Option<u64> {
        if self.is_on_tip(event) {
            return self.tip.map(|tip| tip.event);
        }
        let (x, y) = self.point(event);
        self.scene.nearest(x, y, reach)
    }

    fn is_on_tip(&self, event: &MouseEvent) -> bool {
        self.tip.is_some_and(|tip| !tip.is_closed) && tip::is_under(event)
    }

    /// Zooms about the selected event where it is in view, else the playhead, else the middle.
    fn zoom(&mut self, context: &Context<Self>, factor: f64) {
        let props = context.props();
        let now = self.aim.unwrap_or(self.stretch);
        let selected = props.event.and_then(|number| props.chronicle.event(number)).map(|event| event.at_us);
        let anchor = selected.into_iter().chain([props.frame.at_us]).find(|at_us| now.shows(*at_us));
        let place = anchor.map_or(0.5, |at_us| now.place(at_us as f64));
        self.go(context, now.zoomed(factor, place, run_us(props)));
    }

    /// What a key does. Returns whether it means anything here.
    fn press(&mut self, context: &Context<Self>, key: &str, shift: bool) -> bool {
        let props = context.props();
        match key {
            "ArrowLeft" | "ArrowRight" if shift => {
                let part = if key == "ArrowLeft" { -0.25 } else { 0.25 };
                self.go(context, self.aim.unwrap_or(self.stretch).moved(part, run_us(props)));
            }
            "ArrowLeft" | "ArrowRight" => self.select(context, self.beside(props, key == "ArrowRight")),
            "ArrowUp" | "ArrowDown" => self.select(context, self.across(props, key == "ArrowDown")),
            "c" | "C" if props.event.is_some() => {
                props.commands.emit(Read::CompareEvent(self.reveal.or(props.event)).into());
            }
            "+" | "=" => self.zoom(context, 1.0 / ZOOM_STEP),
            "-" | "_" => self.zoom(context, ZOOM_STEP),
            "Enter" if props.event.is_some() => {
                let number = props.event.unwrap_or_default();
                props.commands.emit(Course::Seek(number).into());
            }
            // It closes the words beside the pointer first.
            "Escape" if self.tip.is_some_and(|tip| !tip.is_closed) => return false,
            "Escape" if props.other.is_some() => props.commands.emit(Read::CompareEvent(None).into()),
            "Escape" if props.event.is_some() => props.commands.emit(Read::SelectEvent(None).into()),
            _ => return false,
        }
        true
    }

    fn select(&mut self, context: &Context<Self>, event: Option<u64>) {
        if event.is_some() {
            self.reveal = event;
            let is_other = context.props().other.is_some();
            let wish = if is_other { Read::CompareEvent(event) } else { Read::SelectEvent(event) };
            context.props().commands.emit(wish.into());
        }
    }

    /// The event that the keyboard has come to. A key may come before the page has been drawn again for the one before it.
    fn reached(&self, props: &LanesProps) -> Option<u64> {
        self.reveal.or(props.other).or(props.event)
    }

    /// The event after or before the selected one; without one, the event of the moment.
    fn beside(&self, props: &LanesProps, forward: bool) -> Option<u64> {
        let length = props.chronicle.length();
        let next = match self.reached(props) {
            None => props.frame.event,
            Some(event) if forward => event + 1,
            Some(event) => event.saturating_sub(1),
        };
        (length > 0).then(|| next.clamp(1, length))
    }

    /// The event of the next lane that is nearest in time to the selected one.
    fn across(&self, props: &LanesProps, down: bool) -> Option<u64> {
        const AROUND: u64 = 500;
        let Some(selected) = self.reached(props).and_then(|number| props.chronicle.event(number)) else {
            return self.beside(props, true);
        };
        let around = || props.chronicle.events(selected.number.saturating_sub(AROUND)..=selected.number + AROUND);
        let nearest = |node: NodeId| {
            let own = around().filter(|event| event.node == Some(node));
            own.min_by_key(|event: &&TraceEvent| event.at_us.abs_diff(selected.at_us)).map(|event| event.number)
        };
        let lanes = self.rows.nodes().iter().copied();
        match selected.node {
            None => lanes.filter_map(nearest).next(),
            Some(node) if down => lanes.filter(|lane| *lane > node).find_map(nearest),
            Some(node) => lanes.rev().filter(|lane| *lane < node).find_map(nearest),
        }
    }

    /// An event is tapped: it is selected, or compared with the one that is, if that is what the visitor wants.
    fn choose(&mut self, props: &LanesProps, event: Option<u64>, with_key: bool) {
        self.reveal = None;
        let waits = props.other.is_some() && props.other == props.event;
        let wish = match event {
            Some(event) if with_key || waits => Read::CompareEvent(Some(event)),
            event => Read::SelectEvent(event),
        };
        props.commands.emit(wish.into());
    }

    /// Brings an event into view that the keyboard has selected, once it is known when it happened.
    fn show_selected(&mut self, props: &LanesProps) {
        if self.reveal.is_some()
            && (self.reveal == props.event || self.reveal == props.other)
            && let Some(event) = self.reveal.and_then(|number| props.chronicle.event(number))
        {
            self.stretch = self.stretch.revealing(event.at_us);
            self.scroll_to(self.field(props).y(event.node.unwrap_or(NodeId(0))));
            (self.reveal, self.aim) = (None, None);
            self.follows = self.stretch.keeps(props.frame.at_us);
        }
    }

    /// Scrolls the lanes, where they are higher than their window, until a height is in view.
    fn scroll_to(&self, y: f64) {
        let (top, height) = self.in_view();
        if let Some(window) = self.window()
            && (y < top + EDGE || y > top + height - 2.0 * EDGE)
        {
            window.set_scroll_top((y - height / 2.0) as i32);
        }
    }

    /// What the lanes scroll in.
    fn window(&self) -> Option<Element> {
        self.container.cast::<Element>()?.parent_element()
    }

    /// The part of the field that is in view: its top and its height, in pixels.
    fn in_view(&self) -> (f64, f64) {
        self.window().map_or((0.0, 0.0), |window| (f64::from(window.scroll_top()), f64::from(window.client_height())))
    }

    fn draw_buttons(&self, context: &Context<Self>) -> Html {
        let button = |id: &'static str, title: sim::Text, inside: Html, message: fn() -> LanesMessage| {
            let title = say(title);
            let onclick = context.link().callback(move |_: MouseEvent| message());
            html! { <button class="button tiny" data-testid={id} aria-label={title.clone()} {title} {onclick}>{ inside }</button> }
        };
        let word = |text: sim::Text| html! { { say(text) } };
        html! {
            <div class="lanes-zoom" role="group" aria-label={say(t!("Stretch of time"))}>
                if !self.stretch.shows(context.props().frame.at_us) {
                    { button("lanes-now", t!("Back to the moment on the stage"), word(t!("Now")), || LanesMessage::Now) }
                }
                { button("lanes-whole", t!("Show the whole run"), word(t!("Fit")), || LanesMessage::Whole) }
                { button("lanes-longer", t!("Show a longer time"), icon(Shape::Minus), || LanesMessage::Zoom(ZOOM_STEP)) }
                { button("lanes-shorter", t!("Show a shorter time"), icon(Shape::Plus), || LanesMessage::Zoom(1.0 / ZOOM_STEP)) }
            </div>
        }
    }
}

/// Whether the wheel is turned to see a longer or a shorter time.
fn zooms(event: &WheelEvent) -> bool {
    event.ctrl_key() || event.meta_key()
}

/// How near a pointer has to come to what it points at, in pixels.
fn reach(event: &PointerEvent) -> f64 {
    if event.pointer_type() == "mouse" { REACH } else { FINGER_REACH }
}

/// Where an element begins on the page.
fn left_of(element: &NodeRef) -> f64 {
    element.cast::<Element>().map_or(0.0, |element| element.get_bounding_client_rect().left())
}

fn window_size(height_px: u16) -> JsValue {
    css(format!("block-size:{height_px}px"))
}

/// The room of the lanes, before they are there.
pub fn draw_room(height_px: u16) -> Html {
    html! {
        <div class="lanes">
            <div class="lanes-window" ~style={window_size(height_px)}></div>
            <div class="lanes-bar"></div>
        </div>
    }
}

/// How long the run is, in microseconds.
fn run_us(props: &LanesProps) -> u64 {
    props.chronicle.end_us().max(props.frame.at_us)
}

/// Some sixty events up to the moment.
fn first_stretch(props: &LanesProps) -> Stretch {
    let at_us = props.frame.at_us;
    let first = props.chronicle.events(props.frame.event.saturating_sub(AT_FIRST)..=props.frame.event).next();
    let under_way = props.frame.messages.iter().filter(|message| !message.held).map(|message| message.arrives_at_us);
    let past_us = first.map_or(0, |event| at_us.saturating_sub(event.at_us));
    Stretch::around(at_us, past_us, under_way.max().unwrap_or(0))
}
