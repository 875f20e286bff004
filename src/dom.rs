//! What the app asks of the browser, with every failure turned into "not there": components also render without a
//! browser.

use gloo_timers::callback::{Interval, Timeout};
use js_sys::{Array, Date};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    CssStyleDeclaration, CustomEvent, CustomEventInit, Document, Element, Event, EventTarget, HtmlElement,
    IntersectionObserver, IntersectionObserverEntry, MutationObserver, MutationObserverInit, ResizeObserver, Storage,
    Window,
};
use yew::Callback;

/// The mark of a page on which nothing may travel.
const REDUCED: &str = "data-reduced-motion";

/// The page's window; none where components are rendered without a browser.
pub fn window() -> Option<Window> {
    if cfg!(target_arch = "wasm32") { web_sys::window() } else { None }
}

/// The page.
pub fn document() -> Option<Document> {
    window()?.document()
}

/// The first element that a selector finds.
pub fn find(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok().flatten()
}

/// Whether other pages stand beside this one. The app as one file is alone, with its script inside.
pub fn has_neighbours() -> bool {
    find("script#glue[src]").is_some()
}

/// Whether another page holds this one in a frame.
pub fn is_framed() -> bool {
    window().is_some_and(|window| window.parent().ok().flatten().is_some_and(|parent| parent != window))
}

/// Says something to whoever has the browser's console open.
pub fn warn(text: &str) {
    if window().is_some() {
        web_sys::console::warn_1(&text.into());
    }
}

/// Moves the focus to the first element that a selector finds.
pub fn focus(selector: &str) {
    if let Some(element) = find(selector) {
        // SVG elements take the focus too, but are no `HtmlElement`.
        let _ = element.unchecked_ref::<HtmlElement>().focus();
    }
}

/// Gives the window its name.
pub fn name_page(name: &str) {
    if let Some(document) = document() {
        document.set_title(name);
    }
}

/// Shows the beginning of a part of the page that scrolls.
pub fn scroll_to_start(selector: &str) {
    if let Some(part) = find(selector) {
        part.set_scroll_top(0);
    }
}

/// Shows the beginning of the page.
pub fn scroll_to_top() {
    if let Some(window) = window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Loads the page again.
pub fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// Scrolls as far as it takes to see the first element that a selector finds.
pub fn scroll_to(selector: &str) {
    if let Some(element) = find(selector) {
        element.scroll_into_view();
    }
}

/// The address of the page, without what says how it looks and what it shows.
pub fn page_address() -> String {
    let address = window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    address.split(['?', '#']).next().unwrap_or_default().to_string()
}

/// Puts a text where the visitor can paste it from, and then says whether the browser let it.
pub fn copy(text: &str, report: impl FnOnce(bool) + 'static) {
    let Some(window) = window().filter(Window::is_secure_context) else { return report(false) };
    let written = JsFuture::from(window.navigator().clipboard().write_text(text));
    spawn_local(async move { report(written.await.is_ok()) });
}

/// All elements below one that a selector finds.
pub fn find_all(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = root.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

/// Whether a media query holds.
pub fn media_matches(query: &str) -> Option<bool> {
    window()?.match_media(query).ok().flatten().map(|query| query.matches())
}

/// Whether the visitor or the address has asked for less motion.
pub fn reduced_motion() -> bool {
    let asked = document().and_then(|document| document.document_element());
    asked.is_some_and(|root| root.has_attribute(REDUCED))
        || media_matches("(prefers-reduced-motion: reduce)") == Some(true)
}

/// Lets nothing travel on this page, whatever the system says; or leaves it to the system.
pub fn reduce_motion(reduced: bool) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = root.toggle_attribute_with_force(REDUCED, reduced);
    }
}

/// Whether the page is in a window or tab that nobody sees.
pub fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// Milliseconds since the page was opened.
pub fn now_ms() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// What the stylesheet says about an element now.
pub fn style(element: &Element) -> Option<CssStyleDeclaration> {
    window()?.get_computed_style(element).ok().flatten()
}

/// How many pixels of the screen there are in one of the page.
pub fn pixel_density() -> f64 {
    window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(1.0, 4.0)
}

/// The value of an element's property `~style`. The page's policy refuses the attribute `style`, since foreign markup could
/// bring one.
pub fn css(declarations: impl AsRef<str>) -> JsValue {
    property(declarations.as_ref())
}

/// The value of a property of an element, such as `~value`; without a browser there are no properties.
pub fn property(value: &str) -> JsValue {
    if cfg!(target_arch = "wasm32") { JsValue::from_str(value) } else { JsValue::UNDEFINED }
}

/// Tells the scripts of the page something, as an event of the window.
pub fn tell(kind: &str, what: &JsValue) {
    let Some(window) = window() else { return };
    let init = CustomEventInit::new();
    init.set_detail(what);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(kind, &init) {
        let _ = window.dispatch_event(&event);
    }
}

// Storage is refused in sandboxed frames and by some privacy settings: then nothing is remembered.
fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

/// What was remembered under a name.
pub fn recall(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Remembers a value for the next visit, if the browser allows it. Returns whether it did.
pub fn remember(name: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(name, value).is_ok())
}

/// Forgets what was remembered under a name.
pub fn forget(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}

/// The date, in milliseconds since the beginning of 1970 (UTC).
pub fn date_ms() -> u64 {
    if cfg!(target_arch = "wasm32") { Date::now() as u64 } else { 0 }
}

/// How many days the visitor's calendar has counted up to a date.
pub fn local_day(date_ms: u64) -> i64 {
    const DAY_MS: i64 = 24 * 60 * 60_000;
    let offset_min =
        if cfg!(target_arch = "wasm32") { Date::new(&(date_ms as f64).into()).get_timezone_offset() } else { 0.0 };
    (date_ms as i64 - offset_min as i64 * 60_000).div_euclid(DAY_MS)
}

/// What was remembered under a name in this visit.
pub fn recall_here(name: &str) -> Option<String> {
    visit()?.get_item(name).ok().flatten()
}

/// Remembers a value for this visit, if the browser allows it.
pub fn remember_here(name: &str, value: &str) {
    if let Some(storage) = visit() {
        let _ = storage.set_item(name, value);
    }
}

fn visit() -> Option<Storage> {
    window()?.session_storage().ok().flatten()
}

/// An event handler that is removed when this is dropped.
#[derive(Debug)]
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Listens from now on.
    pub fn new(target: &EventTarget, kind: &'static str, handler: impl FnMut(Event) + 'static) -> Listener {
        let closure = Closure::<dyn FnMut(Event)>::new(handler);
        let _ = target.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
        Listener { target: target.clone(), kind, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.kind, self.closure.as_ref().unchecked_ref());
    }
}

/// Reports when an element changes its size, until it is dropped.
#[derive(Debug)]
pub struct SizeObserver {
    observer: ResizeObserver,
    _closure: Closure<dyn FnMut()>,
}

impl SizeObserver {
    /// Observes from now on; the first report comes at once.
    pub fn new(element: &Element, report: Callback<()>) -> Option<SizeObserver> {
        let closure = Closure::<dyn FnMut()>::new(move || report.emit(()));
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(SizeObserver { observer, _closure: closure })
    }
}

impl Drop for SizeObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Reports whether any of an element can be seen, in this page and in those around it, until it is dropped.
#[derive(Debug)]
pub struct SightObserver {
    observer: IntersectionObserver,
    _closure: Closure<dyn FnMut(Array)>,
}

impl SightObserver {
    /// Observes from now on; the first report comes at once.
    pub fn new(element: &Element, report: Callback<bool>) -> Option<SightObserver> {
        let closure = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
            let last = entries.pop().dyn_into::<IntersectionObserverEntry>();
            report.emit(last.is_ok_and(|entry| entry.is_intersecting()));
        });
        let observer = IntersectionObserver::new(closure.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(SightObserver { observer, _closure: closure })
    }
}

impl Drop for SightObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Reports when the page gets other colours, until it is dropped.
#[derive(Debug)]
pub struct ThemeObserver {
    observer: MutationObserver,
    _closure: Closure<dyn FnMut()>,
    _listener: Option<Listener>,
}

impl ThemeObserver {
    /// Observes from now on.
    pub fn new(report: Callback<()>) -> Option<ThemeObserver> {
        let root = document()?.document_element()?;
        let system = window()?.match_media("(prefers-color-scheme: dark)").ok().flatten();
        let listener = system.map(|query| {
            let report = report.clone();
            Listener::new(&query, "change", move |_| report.emit(()))
        });
        let closure = Closure::<dyn FnMut()>::new(move || report.emit(()));
        let observer = MutationObserver::new(closure.as_ref().unchecked_ref()).ok()?;
        let wanted = MutationObserverInit::new();
        wanted.set_attributes(true);
        observer.observe_with_options(&root, &wanted).ok()?;
        Some(ThemeObserver { observer, _closure: closure, _listener: listener })
    }
}

impl Drop for ThemeObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Reports once some milliseconds have gone by, unless what this gives back is dropped before.
pub fn after(ms: u32, report: Callback<()>) -> Option<Timeout> {
    window().map(|_| Timeout::new(ms, move || report.emit(())))
}

/// Does something every so many milliseconds, until what this gives back is dropped.
pub fn every(ms: u32, act: impl FnMut() + 'static) -> Option<Interval> {
    window().map(|_| Interval::new(ms, act))
}

/// Something that is done before the next picture, unless this is dropped before.
#[derive(Debug)]
pub struct NextPicture {
    request: i32,
    _closure: Closure<dyn FnMut()>,
}

impl NextPicture {
    /// Asks for it.
    pub fn new(report: Callback<()>) -> Option<NextPicture> {
        let closure = Closure::<dyn FnMut()>::new(move || report.emit(()));
        let request = window()?.request_animation_frame(closure.as_ref().unchecked_ref()).ok()?;
        Some(NextPicture { request, _closure: closure })
    }
}

impl Drop for NextPicture {
    fn drop(&mut self) {
        if let Some(window) = window() {
            let _ = window.cancel_animation_frame(self.request);
        }
    }
}
