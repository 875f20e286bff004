//! The way between a figure and the page around it: a handshake with that page and nobody else, and then a port.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{JSON, Reflect};
use sim::{Text, t};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, MessagePort, Window};
use yew::Callback;

use super::message::{self, Message, Payload, Request};
use crate::dom::{self, Listener};

/// What comes from the page around.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// It listens from now on.
    Connected,
    /// It asks for something; the answer goes to this number.
    Asked(u32, Result<Request, Text>),
}

/// The way to the page around.
#[derive(Debug)]
pub struct Channel {
    port: Rc<RefCell<Option<Port>>>,
    _listener: Listener,
}

#[derive(Debug)]
struct Port {
    port: MessagePort,
    _listener: Listener,
}

impl Channel {
    /// Says hello to the page around, and waits for its answer. None where no page is around. Only a page of this origin may
    /// answer, or any if none is given.
    pub fn open(origin: Option<&str>, report: Callback<News>) -> Option<Channel> {
        let window = dom::window()?;
        let parent = window.parent().ok().flatten().filter(|parent| *parent != window)?;
        let port = Rc::new(RefCell::new(None));
        let listener = {
            let (port, parent, origin) = (port.clone(), parent.clone(), origin.map(str::to_string));
            Listener::new(&window, "message", move |event| {
                let Ok(event) = event.dyn_into::<MessageEvent>() else { return };
                // Anybody can write to a window: other frames and extensions are none of ours.
                if event.source().is_some_and(|source| *source == ***parent) {
                    meet(&event, &parent, origin.as_deref(), &port, &report);
                }
            })
        };
        // An origin that is no origin leaves nobody to say hello to.
        let hello = to_js(&Message::news("hello", Payload::Nothing {}))?;
        let _ = parent.post_message(&hello, origin.unwrap_or("*"));
        Some(Channel { port, _listener: listener })
    }

    /// Tells something; nobody hears it before the page around listens.
    pub fn tell(&self, kind: &'static str, payload: Payload) {
        self.send(&Message::news(kind, payload));
    }

    /// Answers a request.
    pub fn answer(&self, id: u32, answer: Result<Payload, Text>) {
        self.send(&Message::answer(id, answer));
    }

    fn send(&self, message: &Message) {
        if let Some(Port { port, .. }) = &*self.port.borrow() {
            send(port, message);
        }
    }
}

/// Takes the port that the page around sends, once.
fn meet(
    event: &MessageEvent,
    parent: &Window,
    origin: Option<&str>,
    known: &RefCell<Option<Port>>,
    report: &Callback<News>,
) {
    let field = |name: &str| Reflect::get(&event.data(), &name.into()).unwrap_or_default();
    if field("netsplit").is_undefined() {
        return;
    }
    let port = event.ports().get(0).dyn_into::<MessagePort>().ok();
    let refuse = |sentence: Text| {
        let refusal = Message::answer(field("id").as_f64().unwrap_or_default() as u32, Err(sentence));
        match &port {
            Some(port) => send(port, &refusal),
            None => {
                let target = Some(event.origin()).filter(|origin| origin != "null");
                if let Some(refusal) = to_js(&refusal) {
                    let _ = parent.post_message(&refusal, target.as_deref().unwrap_or("*"));
                }
            }
        }
    };
    if origin.is_some_and(|origin| origin != event.origin()) {
        return refuse(t!("this figure answers to another origin only"));
    }
    if field("type").as_string().as_deref() != Some("init") || field("netsplit").as_f64() != Some(1.0) {
        return refuse(t!("the first message has to be init, of version 1, with a port; all others go to that port"));
    }
    if known.borrow().is_some() {
        return refuse(t!("this figure has a port already"));
    }
    let Some(port) = port else { return refuse(t!("init has to bring a port")) };
    let listener = {
        let report = report.clone();
        Listener::new(&port, "message", move |event| {
            let Ok(event) = event.dyn_into::<MessageEvent>() else { return };
            let json = JSON::stringify(&event.data()).ok().and_then(|json| json.as_string());
            let (id, request) = message::read(&json.unwrap_or_default());
            report.emit(News::Asked(id, request));
        })
    };
    port.start();
    *known.borrow_mut() = Some(Port { port, _listener: listener });
    report.emit(News::Connected);
}

fn send(port: &MessagePort, message: &Message) {
    if let Some(message) = to_js(message) {
        let _ = port.post_message(&message);
    }
}

fn to_js(message: &Message) -> Option<JsValue> {
    // As files are written: the code for inputs is there once.
    JSON::parse(&serde_json::to_string_pretty(message).ok()?).ok()
}
