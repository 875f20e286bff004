//! The stage: nodes, links and messages of one frame, drawn as SVG, and what one can do with them. It knows no protocol.

pub mod cells;
pub mod crowd;
pub mod faults;
pub mod hull;
pub mod label;
pub mod layout;
pub mod link;
pub mod map;
pub mod message;
pub mod miniature;
pub mod node;
pub mod pointed;
pub mod scene;
mod spotlight;
pub mod tool;
pub mod zoom;

use sim::frame::Frame;
use sim::{MessageId, NodeId, t};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, HtmlElement, KeyboardEvent, PointerEvent, WheelEvent};
use yew::prelude::*;

use crate::command::{Commands, Hand, Item, Look, Read};
use crate::dom::{self, Listener, SizeObserver, ThemeObserver, css};
use crate::geometry::{Point, Size, is_inside};
use crate::menu::MenuList;
use crate::motion::{Motion, Part};
use crate::palette::Palette;
use crate::shared::Shared;
use crate::words::{name, names, number, say};
use crowd::Crowd;
use layout::{ends, next_in_direction};
use pointed::Pointed;
use scene::{Flying, Scene, draw_patterns};
use spotlight::Spotlight;
use zoom::{Anchor, Fingers, Zoom};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct StageProps {
    pub frame: Shared<Frame>,
    /// A message that the last event delivered, while the step to it is being shown.
    #[prop_or_default]
    pub arriving: Option<sim::frame::Message>,
    #[prop_or_default]
    pub selection: Option<Item>,
    /// What a check points at.
    #[prop_or_default]
    pub pointed: Option<Pointed>,
    /// Whether a tool is in the hand, so that pressing a node does what it is for.
    #[prop_or_default]
    pub has_tool: bool,
    /// Whether a crowd of messages shows labels that cover each other.
    #[prop_or_default]
    pub every_label: bool,
    /// Whether what is selected stands beside the stage, with what can be done to it.
    #[prop_or_default]
    pub inspected: bool,
    /// Whether a class looks on: letters are large, and a light falls on what has changed.
    #[prop_or_default]
    pub presenting: bool,
    /// Whether it can only be looked at.
    #[prop_or_default]
    pub still: bool,
    /// How near the visitor stands, from 1 for all of it; none where nobody can come nearer.
    #[prop_or_default]
    pub zoom: Option<f64>,
    pub motion: Motion,
    pub commands: Commands,
}

/// The stage.
#[derive(Debug)]
pub struct Stage {
    /// What is seen of it.
    window: NodeRef,
    /// All of it.
    container: NodeRef,
    canvas: NodeRef,
    /// How large the window is, in pixels.
    size: Size,
    fingers: Fingers,
    /// Where the pointer or the fingers are that ask to come nearer, in pixels of the window.
    aim: Option<Point>,
    /// What is to stay in its place in the next picture.
    anchor: Option<Anchor>,
    menu: Option<OpenMenu>,
    /// What takes the focus once it is selected: in a crowd, it is an element only then.
    focus: Option<Item>,
    lasso: Vec<Point>,
    palette: Option<Palette>,
    observers: Option<Observers>,
}

#[derive(Debug)]
struct Observers {
    _size: Option<SizeObserver>,
    _theme: Option<ThemeObserver>,
    _wheel: Listener,
}

#[derive(Debug)]
struct OpenMenu {
    subject: Subject,
    /// In pixels from the corner of the whole stage.
    at: Point,
}

#[derive(Clone, Debug, PartialEq)]
enum Subject {
    Item(Item),
    Caught(Vec<NodeId>),
}

#[derive(Debug)]
pub enum StageMessage {
    /// The room for the stage has changed.
    Resized,
    /// The theme has changed.
    Recoloured,
    /// An item was pressed: select it, and open its menu where asked.
    Press {
        item: Item,
        menu_at: Option<Point>,
    },
    CloseMenu {
        back: bool,
    },
    LassoFrom(Point),
    LassoTo(Point),
    LassoEnd,
    FingerDown(i32, Point),
    FingerTo(i32, Point),
    FingerUp(i32),
    /// Something at this place of the window asks to come nearer, or to go.
    Zoom(Zoom, Point),
    Key(KeyboardEvent),
}

impl Component for Stage {
    type Message = StageMessage;
    type Properties = StageProps;

    fn create(_: &Context<Self>) -> Stage {
        Stage {
            window: NodeRef::default(),
            container: NodeRef::default(),
            canvas: NodeRef::default(),
            size: Size::USUAL,
            fingers: Fingers::default(),
            aim: None,
            anchor: None,
            menu: None,
            focus: None,
            lasso: Vec::new(),
            palette: None,
            observers: None,
        }
    }

    fn update(&mut self, context: &Context<Self>, message: StageMessage) -> bool {
        match message {
            StageMessage::Resized => return self.resize(context.props()),
            StageMessage::Recoloured => self.palette = None,
            StageMessage::Press { item: Item::Node(node), menu_at: None } if context.props().has_tool => {
                context.props().commands.emit(Hand::Press(node).into());
            }
            StageMessage::Press { item, menu_at } => {
                context.props().commands.emit(Read::Select(Some(item)).into());
                self.menu = menu_at.map(|at| OpenMenu { subject: Subject::Item(item), at });
            }
            StageMessage::CloseMenu { back } => {
                let subject = self.menu.take().map(|menu| menu.subject);
                if let (true, Some(Subject::Item(item))) = (back, subject) {
                    dom::focus(&selector(item));
                }
            }
            StageMessage::LassoFrom(point) => {
                self.menu = None;
                self.lasso = vec![point];
            }
            StageMessage::LassoTo(point) => {
                let Some(last) = self.lasso.last() else { return false };
                if last.distance(point) < 5.0 {
                    return false;
                }
                self.lasso.push(point);
            }
            StageMessage::LassoEnd => self.end_lasso(context),
            StageMessage::FingerDown(id, at) => {
                self.fingers.down(id, at);
                return false;
            }
            StageMessage::FingerTo(id, to) => {
                if let Some((factor, middle)) = self.fingers.shift(id, to) {
                    self.ask(context, Zoom::By(factor), middle);
                }
                return false;
            }
            StageMessage::FingerUp(id) => {
                self.fingers.up(id);
                return false;
            }
            StageMessage::Zoom(zoom, at) => {
                self.ask(context, zoom, at);
                return false;
            }
            StageMessage::Key(event) => return self.press(context, &event),
        }
        true
    }

    fn changed(&mut self, context: &Context<Self>, before: &StageProps) -> bool {
        if before.zoom != context.props().zoom {
            self.menu = None;
            self.anchor = self.anchor(before);
        }
        let (frame, old) = (&context.props().frame, &before.frame);
        let is_same_run = frame.seed == old.seed && frame.nodes.len() == old.nodes.len();
        self.menu = self.menu.take().filter(|menu| match &menu.subject {
            Subject::Item(item) => faults::is_there(frame, *item),
            Subject::Caught(_) => is_same_run,
        });
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let props = context.props();
        let light = spotlight(props);
        let tabbable = focusable(props);
        let scene = self.scene(props);
        let (size, scale) = (scene.size, scene.scale);
        let crowded = is_crowd(&props.frame);
        let link = context.link();
        let container = self.container.clone();
        let at = move |event: &PointerEvent| pixels_from(&container, event).times(1.0 / scale);
        let from = at.clone();
        let still = props.still;
        let (window, zooms) = (self.window.clone(), props.zoom.is_some());
        let onpointerdown = link.batch_callback(move |event: PointerEvent| {
            if event.pointer_type() == "touch" {
                return zooms.then(|| StageMessage::FingerDown(event.pointer_id(), pixels_from(&window, &event)));
            }
            let on_ground = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok())
                .is_some_and(|target| target.matches(".ground").unwrap_or(false));
            (on_ground && !still && event.button() == 0).then(|| StageMessage::LassoFrom(from(&event)))
        });
        let (window, catching) = (self.window.clone(), !self.lasso.is_empty());
        let onpointermove = link.batch_callback(move |event: PointerEvent| match event.pointer_type().as_str() {
            "touch" => Some(StageMessage::FingerTo(event.pointer_id(), pixels_from(&window, &event))),
            _ => catching.then(|| StageMessage::LassoTo(at(&event))),
        });
        let onpointerup = link.batch_callback(move |event: PointerEvent| match event.pointer_type().as_str() {
            "touch" => Some(StageMessage::FingerUp(event.pointer_id())),
            _ => catching.then_some(StageMessage::LassoEnd),
        });
        let (onpointerleave, onpointercancel) = (onpointerup.clone(), onpointerup.clone());
        let is_near = self.zoom(props) > 1.0;
        let whole = self.whole(props);
        html! {
            <div class={classes!("stage", still.then_some("still"), zooms.then_some("zooms"), is_near.then_some("close"))} ref={self.window.clone()}
                onkeydown={(!still).then(|| link.callback(StageMessage::Key))}>
              <div class="stage-whole" ref={self.container.clone()}
                ~style={is_near.then(|| css(format!("inline-size:{}px;block-size:{}px", number(whole.width), number(whole.height))))}>
                <svg class={classes!("stage-drawing", scene.class(), (!self.lasso.is_empty()).then_some("catching"), context.props().has_tool.then_some("making"), light.map(|_| "spotlit"))} role="group" aria-label={say(t!("Stage"))}
                    viewBox={format!("0 0 {} {}", number(size.width), number(size.height))}
                    {onpointerdown} {onpointermove} {onpointerup} {onpointerleave} {onpointercancel}>
                    { draw_patterns() }
                    <rect class="ground" width={number(size.width)} height={number(size.height)} />
                    { scene.draw_land() }
                    { scene.draw_hulls() }
                    { self.draw_links(&scene, context, tabbable) }
                    { scene.draw_lost() }
                    { self.draw_messages(&scene, context, tabbable) }
                    { self.draw_nodes(&scene, context, tabbable) }
                    { scene.draw_labels(self.chosen(context)) }
                    { scene.draw_hull_tags() }
                    { for props.pointed.as_ref().map(|pointed| scene.draw_pointed(pointed)) }
                    { self.draw_lasso() }
                </svg>
                if crowded {
                    <canvas class="crowd" ref={self.canvas.clone()} aria-hidden="true"></canvas>
                }
                { self.draw_menu(context) }
              </div>
            </div>
        }
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        let (Some(window), Some(container)) = (self.window.cast::<Element>(), self.container.cast::<Element>()) else {
            return;
        };
        if first {
            self.observers = Some(self.observe(context, &window));
        }
        let props = context.props();
        if props.selection == self.focus
            && let Some(item) = self.focus.take()
        {
            dom::focus(&selector(item));
        }
        if let Some(anchor) = self.anchor.take() {
            let scroll = anchor.scroll(self.whole(props));
            window.set_scroll_left(scroll.x.round() as i32);
            window.set_scroll_top(scroll.y.round() as i32);
        }
        props.motion.collect(Part::Stage, &container);
        let crowd =
            is_crowd(&props.frame).then(|| self.canvas.cast::<HtmlCanvasElement>()).flatten().and_then(|canvas| {
                let scene = self.scene(props);
                self.palette = self.palette.take().or_else(|| Palette::of(&canvas));
                Crowd::new(canvas, self.palette.clone()?, &scene, self.whole(props), props.every_label)
            });
        props.motion.paint(crowd);
    }

    fn destroy(&mut self, context: &Context<Self>) {
        context.props().motion.release(Part::Stage);
    }
}

impl Stage {
    fn observe(&self, context: &Context<Stage>, window: &Element) -> Observers {
        let link = context.link();
        let (report, place, zooms) =
            (link.callback(|message| message), self.window.clone(), context.props().zoom.is_some());
        // With Ctrl, as a trackpad reports two fingers: the page itself would come nearer.
        let wheel = Listener::new(window, "wheel", move |event| {
            if let Some(turned) = event.dyn_ref::<WheelEvent>().filter(|turned| zooms && turned.ctrl_key()) {
                turned.prevent_default();
                report.emit(StageMessage::Zoom(Zoom::by_wheel(turned.delta_y()), pixels_from(&place, turned)));
            }
        });
        Observers {
            _size: SizeObserver::new(window, link.callback(|()| StageMessage::Resized)),
            _theme: ThemeObserver::new(link.callback(|()| StageMessage::Recoloured)),
            _wheel: wheel,
        }
    }

    fn zoom(&self, props: &StageProps) -> f64 {
        props.zoom.unwrap_or(1.0)
    }

    /// How large all of the stage is, in pixels.
    fn whole(&self, props: &StageProps) -> Size {
        self.size.times(self.zoom(props))
    }

    /// Asks to come nearer to a place of the window.
    fn ask(&mut self, context: &Context<Stage>, zoom: Zoom, at: Point) {
        let props = context.props();
        if props.zoom.is_some_and(|now| zoom.is_possible(now)) {
            self.aim = Some(at);
            props.commands.emit(Look::Zoom(zoom).into());
        }
    }

    /// What is to stay in its place when the zoom changes: where the pointer is, or the selected node, or the middle.
    fn anchor(&mut self, before: &StageProps) -> Option<Anchor> {
        let scrolled = self.scrolled();
        let whole = self.whole(before);
        let selected = || match before.selection {
            Some(Item::Node(node)) => {
                let scene = self.scene(before);
                scene.points.get(node.index()).map(|place| place.times(scene.scale).minus(scrolled))
            }
            _ => None,
        };
        let middle = || Point::new(self.size.width / 2.0, self.size.height / 2.0);
        let at = self.aim.or_else(selected).unwrap_or_else(middle);
        self.aim = None;
        Some(Anchor::new(at, scrolled, whole))
    }

    /// How far the window stands from the corner of the whole stage, in pixels.
    fn scrolled(&self) -> Point {
        let window = self.window.cast::<Element>();
        window.map_or_else(Point::default, |window| {
            Point::new(f64::from(window.scroll_left()), f64::from(window.scroll_top()))
        })
    }

    /// The room is another one: an open menu goes with its node.
    fn resize(&mut self, props: &StageProps) -> bool {
        let before = self.place_of_menu(props);
        let is_other = self.measure();
        if let Some((before, after)) = before.zip(self.place_of_menu(props))
            && let Some(menu) = &mut self.menu
        {
            menu.at = menu.at.plus(after.minus(before));
        }
        is_other
    }

    /// Where the node stands that the open menu is about, in pixels.
    fn place_of_menu(&self, props: &StageProps) -> Option<Point> {
        let Subject::Item(Item::Node(node)) = self.menu.as_ref()?.subject else { return None };
        let scene = self.scene(props);
        scene.points.get(node.index()).map(|place| place.times(scene.scale))
    }

    fn measure(&mut self) -> bool {
        let Some(window) = self.window.cast::<HtmlElement>() else { return false };
        // With the bars to scroll by: they come and go, and the stage stays as large.
        let (width, height) = (f64::from(window.offset_width()), f64::from(window.offset_height()));
        let size = Size { width, height };
        if width < 1.0 || height < 1.0 || size == self.size {
            return false;
        }
        self.size = size;
        true
    }

    fn scene<'a>(&self, props: &'a StageProps) -> Scene<'a> {
        let make = if props.presenting { Scene::for_class } else { Scene::new };
        make(&props.frame, props.arriving.as_ref(), self.size, self.zoom(props))
    }

    fn end_lasso(&mut self, context: &Context<Stage>) {
        let lasso = std::mem::take(&mut self.lasso);
        let frame = &context.props().frame;
        let Scene { points, scale, .. } = self.scene(context.props());
        let caught: Vec<NodeId> =
            frame.nodes.iter().map(|node| node.id).filter(|id| is_inside(points[id.index()], &lasso)).collect();
        match (caught.is_empty(), lasso.last()) {
            (true, Some(last)) if is_crowd(frame) => {
                let near =
                    |(item, place): &(Item, Point)| matches!(item, Item::Message(_)) && place.distance(*last) < 16.0;
                let item = self.items(context).into_iter().find(near).map(|(item, _)| item);
                context.props().commands.emit(Read::Select(item).into());
            }
            (false, Some(last)) => {
                let at = last.times(scale);
                self.menu = Some(OpenMenu { subject: Subject::Caught(caught), at });
            }
            _ => context.props().commands.emit(Read::Select(None).into()),
        }
    }

    fn press(&mut self, context: &Context<Stage>, event: &KeyboardEvent) -> bool {
        let direction = match event.key().as_str() {
            "ArrowLeft" => Point::new(-1.0, 0.0),
            "ArrowRight" => Point::new(1.0, 0.0),
            "ArrowUp" => Point::new(0.0, -1.0),
            "ArrowDown" => Point::new(0.0, 1.0),
            "Enter" => {
                event.prevent_default();
                return self.open_menu_of_focus(context, event);
            }
            _ => return false,
        };
        event.prevent_default();
        let items = self.items(context);
        let focused = focused_item(event, &items);
        let from = items.iter().find(|(item, _)| Some(*item) == focused).map(|(_, point)| *point).unwrap_or_default();
        let points: Vec<Point> = items.iter().map(|(_, point)| *point).collect();
        if let Some(next) = next_in_direction(from, direction, &points) {
            let item = items[next].0;
            context.props().commands.emit(Read::Select(Some(item)).into());
            self.focus = Some(item);
        }
        self.focus.is_some()
    }

    fn open_menu_of_focus(&mut self, context: &Context<Stage>, event: &KeyboardEvent) -> bool {
        let items = self.items(context);
        let Some(item) = focused_item(event, &items) else { return false };
        if let (Item::Node(node), true) = (item, context.props().has_tool) {
            context.props().commands.emit(Hand::Press(node).into());
            return false;
        }
        let Some((_, place)) = items.into_iter().find(|(other, _)| *other == item) else { return false };
        context.props().commands.emit(Read::Select(Some(item)).into());
        let at = place.times(self.scene(context.props()).scale);
        self.menu = Some(OpenMenu { subject: Subject::Item(item), at });
        true
    }

    /// All that can take the focus, with its place in the stage's units.
    fn items(&self, context: &Context<Stage>) -> Vec<(Item, Point)> {
        let props = context.props();
        let frame = &props.frame;
        let scene = self.scene(props);
        let points = &scene.points;
        let clock = props.motion.clock_us();
        let mut items: Vec<(Item, Point)> =
            frame.nodes.iter().map(|node| (Item::Node(node.id), points[node.id.index()])).collect();
        items.extend(frame.links.iter().filter_map(|link| {
            let (a, b) = ends(points, link.a, link.b)?;
            Some((Item::Link(link.a, link.b), a.middle(b)))
        }));
        let flying = scene.flying().filter(|flying| scene.arriving != Some(flying.message));
        items.extend(flying.map(|flying| (Item::Message(flying.message.id), scene.place_at(&flying.way, clock))));
        items
    }

    fn draw_lasso(&self) -> Html {
        if self.lasso.len() < 2 {
            return Html::default();
        }
        let line: Vec<String> =
            self.lasso.iter().map(|point| format!("{},{}", number(point.x), number(point.y))).collect();
        html! { <path class="lasso" d={format!("M{}Z", line.join("L"))} /> }
    }

    fn draw_menu(&self, context: &Context<Stage>) -> Html {
        let Some(menu) = &self.menu else { return Html::default() };
        let frame = &context.props().frame;
        let (label, entries) = match &menu.subject {
            Subject::Item(item) => (item_label(frame, *item), faults::entries(frame, *item)),
            Subject::Caught(nodes) => (AttrValue::from(names(frame, nodes)), faults::lasso_entries(frame, nodes)),
        };
        let (line, width) = if context.props().presenting { (52.0, 420.0) } else { (36.0, 236.0) };
        let height = 44.0 + line * entries.len() as f64;
        let corner = self.scrolled();
        let left = corner.x + (menu.at.x - corner.x + 8.0).min(self.size.width - width).max(8.0);
        let top = corner.y + (menu.at.y - corner.y + 8.0).min(self.size.height - height - 8.0).max(8.0);
        let on_close = context.link().callback(|back| StageMessage::CloseMenu { back });
        html! {
            <div class="stage-menu" ~style={css(format!("left:{}px;top:{}px", number(left), number(top)))}>
                <MenuList label={label.clone()} heading={label} {entries} commands={context.props().commands.clone()} {on_close} />
            </div>
        }
    }
}

/// The light on what has changed, where a class looks on.
fn spotlight(props: &StageProps) -> Option<Spotlight<'_>> {
    if props.presenting { Spotlight::of(&props.frame, props.arriving.as_ref()) } else { None }
}

/// The class of what the light falls on.
fn lit(is_lit: bool) -> Option<&'static str> {
    is_lit.then_some("lit")
}

/// Whether there are too many messages to draw each as an element.
fn is_crowd(frame: &Frame) -> bool {
    frame.messages.len() > crowd::MANY
}

/// The item that Tab leads to: the selected one, or the first node.
fn focusable(props: &StageProps) -> Option<Item> {
    let is_there = |item: &Item| faults::is_there(&props.frame, *item);
    props.selection.filter(is_there).or_else(|| props.frame.nodes.first().map(|node| Item::Node(node.id)))
}

/// The item that has the focus.
fn focused_item(event: &KeyboardEvent, items: &[(Item, Point)]) -> Option<Item> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    items.iter().map(|(item, _)| *item).find(|item| target.matches(&selector(*item)).unwrap_or(false))
}

/// How to find an item in the page.
pub fn selector(item: Item) -> String {
    match item {
        Item::Node(node) => format!("[data-index=\"{}\"]", node.0),
        Item::Link(a, b) => format!("[data-ends=\"{}-{}\"]", a.0, b.0),
        Item::Message(message) => format!("[data-message=\"{message}\"]"),
    }
}

fn item_label(frame: &Frame, item: Item) -> AttrValue {
    let described = match item {
        Item::Node(id) => frame.nodes.get(id.index()).map(node::describe),
        Item::Link(a, b) => frame
            .links
            .iter()
            .find(|link| link.a == a && link.b == b)
            .map(|link| link::describe(link, &name(frame, a), &name(frame, b))),
        Item::Message(id) => {
            frame.messages.iter().find(|message| message.id == id).map(|message| message::describe(frame, message))
        }
    };
    described.map(say).unwrap_or_default()
}

/// What makes an item one that can be pressed.
struct Pressed {
    label: AttrValue,
    role: &'static str,
    /// None where it can only be looked at; so with the rest.
    popup: Option<&'static str>,
    tabindex: Option<&'static str>,
    current: Option<&'static str>,
    onclick: Option<Callback<MouseEvent>>,
    oncontextmenu: Option<Callback<MouseEvent>>,
}

impl Stage {
    fn pressed(&self, context: &Context<Stage>, item: Item, tabbable: Option<Item>) -> Pressed {
        let press = |menu: bool| {
            let container = self.container.clone();
            context.link().callback(move |event: MouseEvent| {
                event.prevent_default();
                let menu_at = menu.then(|| pixels_from(&container, &event));
                StageMessage::Press { item, menu_at }
            })
        };
        let props = context.props();
        // A press on a node selects it, or uses the tool. What can be done to a message stands where it is shown.
        let opens_menu = match item {
            Item::Node(_) => false,
            Item::Message(_) => !props.inspected,
            Item::Link(..) => true,
        };
        Pressed {
            label: item_label(&props.frame, item),
            role: if props.still { "img" } else { "button" },
            popup: (!props.still && opens_menu).then_some("menu"),
            tabindex: (!props.still).then_some(if tabbable == Some(item) { "0" } else { "-1" }),
            current: (props.selection == Some(item)).then_some("true"),
            onclick: (!props.still).then(|| press(opens_menu)),
            oncontextmenu: (!props.still).then(|| press(true)),
        }
    }

    fn draw_links(&self, scene: &Scene, context: &Context<Stage>, tabbable: Option<Item>) -> Html {
        let light = spotlight(context.props());
        let draw = |link: &sim::frame::Link| {
            let item = Item::Link(link.a, link.b);
            let Pressed { label, role, popup, tabindex, current, onclick, oncontextmenu } =
                self.pressed(context, item, tabbable);
            let drawing = scene.draw_link(link, current.is_some())?;
            let key = format!("{}-{}", link.a.0, link.b.0);
            let title = format!("{}-{}", name(scene.frame, link.a), name(scene.frame, link.b));
            Some(html! {
                <g key={key.clone()} class={classes!("item", lit(light.is_some_and(|light| light.falls_on_link(link.a, link.b))))} data-link={title} data-ends={key} {role} aria-haspopup={popup}
                    aria-label={label} {tabindex} aria-current={current} {onclick} {oncontextmenu}>{ drawing }</g>
            })
        };
        html! { <g>{ for scene.frame.links.iter().filter_map(draw) }</g> }
    }

    fn draw_messages(&self, scene: &Scene, context: &Context<Stage>, tabbable: Option<Item>) -> Html {
        let light = spotlight(context.props());
        let reach = number(16.0 * scene.text);
        let draw = |flying: Flying| {
            let transform = flying.transform();
            let path = flying.way.path();
            let Flying { message, from, to, .. } = flying;
            let key = message.id.to_string();
            let mark = message::draw_mark(message, from, to, scene.mark);
            let is_lit = light.is_some_and(|light| light.falls_on_message(message));
            if scene.arriving == Some(message) {
                return html! { <g {key} class={classes!("arriving", lit(is_lit))}><g data-path={path} {transform}>{ mark }</g></g> };
            }
            let item = Item::Message(message.id);
            let Pressed { label, role, popup, tabindex, current, onclick, oncontextmenu } =
                self.pressed(context, item, tabbable);
            html! {
                <g key={key.clone()} class={classes!("item", "message", lit(is_lit))} data-message={key} {role} aria-haspopup={popup} aria-label={label}
                    {tabindex} aria-current={current} {onclick} {oncontextmenu}>
                    <g data-path={path} {transform}>
                        if current.is_some() {
                            <circle class="selection" r={reach.clone()} />
                        }
                        <circle class="hit" r={reach.clone()} />
                        { mark }
                    </g>
                </g>
            }
        };
        // A crowd is painted on the canvas; only the message that is pressed and what the light falls on stand
        // out as elements.
        let chosen = |flying: &Flying| {
            !is_crowd(scene.frame)
                || Some(flying.message.id) == self.chosen(context)
                || light.is_some_and(|light| light.falls_on_message(flying.message))
        };
        html! { <g>{ for scene.flying().filter(chosen).map(draw) }</g> }
    }

    /// The selected message.
    fn chosen(&self, context: &Context<Stage>) -> Option<MessageId> {
        match context.props().selection {
            Some(Item::Message(id)) => Some(id),
            _ => None,
        }
    }

    fn draw_nodes(&self, scene: &Scene, context: &Context<Stage>, tabbable: Option<Item>) -> Html {
        let light = spotlight(context.props());
        let has_light = |node| light.is_some_and(|light| light.falls_on_node(node));
        let named = scene.named(|node| has_light(node) || context.props().selection == Some(Item::Node(node)));
        let draw = |node: &sim::frame::Node| {
            let Pressed { label, role, tabindex, current, onclick, oncontextmenu, .. } =
                self.pressed(context, Item::Node(node.id), tabbable);
            let selected = current.is_some();
            let at = scene.points[node.id.index()];
            let reach = node::corner(node);
            let is_lit = has_light(node.id);
            let unnamed = (!named.contains(&node.id)).then_some("unnamed");
            html! {
                <g key={node.id.0.to_string()} class={classes!("item", lit(is_lit), unnamed)} data-node={node.label.clone()} data-index={node.id.0.to_string()}
                    data-role={say(&node.role)} {role} aria-label={label} {tabindex}
                    aria-current={current} {onclick} oncontextmenu={oncontextmenu.clone()}>
                    if is_lit {
                        <circle class="halo" cx={number(at.x)} cy={number(at.y)} r="51" />
                    } else if light.is_some() {
                        <circle class="shade" cx={number(at.x)} cy={number(at.y)} r={number(node::core(node))} />
                    }
                    { scene.draw_node(node, selected) }
                    if let (true, Some(open)) = (selected, oncontextmenu) {
                        <g class="more" data-testid="node-menu" transform={format!("translate({} {})", number(at.x - reach), number(at.y - reach))}
                            onclick={stop_then(open)}>
                            <circle r="13" />
                            <path d="M-5 0h.01M0 0h.01M5 0h.01" />
                        </g>
                    }
                </g>
            }
        };
        html! { <g>{ for scene.frame.nodes.iter().map(draw) }</g> }
    }
}

fn stop_then(handler: Callback<MouseEvent>) -> Callback<MouseEvent> {
    Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        handler.emit(event);
    })
}

fn pixels_from(container: &NodeRef, event: &MouseEvent) -> Point {
    let corner = container.cast::<Element>().map(|element| element.get_bounding_client_rect());
    let corner = corner.map(|rect| Point::new(rect.left(), rect.top())).unwrap_or_default();
    Point::new(f64::from(event.client_x()), f64::from(event.client_y())).minus(corner)
}
