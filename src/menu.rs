//! Menus: a list of commands, on a button of its own or somewhere on the stage.

use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use crate::command::{Command, Commands};
use crate::dom;

/// One line of a menu.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub label: AttrValue,
    /// More about it, in small print.
    pub detail: Option<AttrValue>,
    /// The key that does the same.
    pub key: Option<&'static str>,
    /// Why it is not possible now.
    pub blocked: Option<AttrValue>,
    /// Whether it is the one of its list that is on.
    pub current: bool,
    /// The name for tests.
    pub id: AttrValue,
    pub command: Command,
}

impl Entry {
    /// A line with nothing but its label.
    pub fn new(id: impl Into<AttrValue>, label: AttrValue, command: impl Into<Command>) -> Entry {
        Entry { label, detail: None, key: None, blocked: None, current: false, id: id.into(), command: command.into() }
    }

    /// The same line with the key that does the same.
    pub fn key(self, key: &'static str) -> Entry {
        Entry { key: Some(key), ..self }
    }

    /// The same line, not possible now for a reason where there is one.
    pub fn blocked(self, reason: Option<AttrValue>) -> Entry {
        Entry { blocked: reason, ..self }
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct MenuListProps {
    /// What the menu is about, for screen readers.
    pub label: AttrValue,
    #[prop_or_default]
    pub heading: Option<AttrValue>,
    pub entries: Vec<Entry>,
    pub commands: Commands,
    /// Called when the menu shall go away; the value says whether the focus should go back to where it came from.
    pub on_close: Callback<bool>,
}

/// An open menu. It takes the focus; arrows go through it, Escape closes it, and so does a click elsewhere.
#[component]
pub fn MenuList(props: &MenuListProps) -> Html {
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with((), move |()| move_focus(&list, |_, _| 0));
    }
    let onkeydown = {
        let (list, on_close) = (list.clone(), props.on_close.clone());
        Callback::from(move |event: KeyboardEvent| {
            let handled = match event.key().as_str() {
                "ArrowDown" => move_to(&list, |at, count| (at + 1) % count),
                "ArrowUp" => move_to(&list, |at, count| (at + count - 1) % count),
                "Home" => move_to(&list, |_, _| 0),
                "End" => move_to(&list, |_, count| count - 1),
                "Escape" | "Tab" => {
                    on_close.emit(true);
                    event.key() == "Escape"
                }
                // Enter and the space bar press the button that has the focus; no other key means anything here.
                _ => false,
            };
            if handled {
                event.prevent_default();
            }
            event.stop_propagation();
        })
    };
    let onfocusout = {
        let (list, on_close) = (list.clone(), props.on_close.clone());
        Callback::from(move |event: FocusEvent| {
            let target = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            let stays = list.get().is_some_and(|list| list.contains(target.as_ref()));
            if !stays {
                on_close.emit(false);
            }
        })
    };
    html! {
        <div class="menu" role="menu" ref={list} aria-label={&props.label} {onkeydown} {onfocusout}>
            if let Some(heading) = &props.heading {
                <p class="menu-heading">{ heading }</p>
            }
            { for props.entries.iter().map(|entry| draw_entry(entry, props)) }
        </div>
    }
}

fn draw_entry(entry: &Entry, props: &MenuListProps) -> Html {
    let onclick = entry.blocked.is_none().then(|| {
        let (command, commands, on_close) = (entry.command.clone(), props.commands.clone(), props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            on_close.emit(true);
            commands.emit(command.clone());
        })
    });
    html! {
        <button role="menuitem" class="menu-entry" tabindex="-1" data-testid={&entry.id}
            aria-current={entry.current.then_some("true")} aria-disabled={entry.blocked.is_some().then_some("true")} {onclick}>
            <span class="menu-label">{ &entry.label }</span>
            if let Some(key) = entry.key {
                <kbd>{ key }</kbd>
            }
            if let Some(detail) = entry.blocked.as_ref().or(entry.detail.as_ref()) {
                <small>{ detail }</small>
            }
        </button>
    }
}

fn move_to(list: &NodeRef, place: impl Fn(usize, usize) -> usize) -> bool {
    move_focus(list, place);
    true
}

fn move_focus(list: &NodeRef, place: impl Fn(usize, usize) -> usize) {
    let Some(root) = list.cast::<web_sys::Element>() else { return };
    let entries = dom::find_all(&root, "[role=menuitem]");
    if entries.is_empty() {
        return;
    }
    let active = dom::document().and_then(|document| document.active_element());
    let at = entries.iter().position(|entry| Some(entry) == active.as_ref()).unwrap_or(0);
    if let Some(entry) = entries[place(at, entries.len())].dyn_ref::<HtmlElement>() {
        let _ = entry.focus();
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct MenuButtonProps {
    /// What the menu is about, for screen readers.
    pub label: AttrValue,
    /// The name for tests.
    pub id: AttrValue,
    #[prop_or_default]
    pub class: Classes,
    pub entries: Vec<Entry>,
    pub commands: Commands,
    /// What stands on the button.
    pub children: Html,
}

/// A button with a menu.
#[component]
pub fn MenuButton(props: &MenuButtonProps) -> Html {
    let open = use_state(|| false);
    let button = use_node_ref();
    let onclick = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    // The press would take the focus from the open menu and close it, and the click that follows would open it again.
    let onmousedown = open.then(|| Callback::from(|event: MouseEvent| event.prevent_default()));
    let on_close = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |back: bool| {
            open.set(false);
            if let Some(button) = button.cast::<HtmlElement>().filter(|_| back) {
                let _ = button.focus();
            }
        })
    };
    html! {
        <div class={classes!("menu-holder", props.class.clone())}>
            <button ref={button} class="button" aria-haspopup="menu" aria-expanded={open.to_string()} aria-label={&props.label}
                data-testid={&props.id} {onclick} {onmousedown}>
                { props.children.clone() }
                <span class="down" aria-hidden="true">{ "▾" }</span>
            </button>
            if *open {
                <MenuList label={props.label.clone()} entries={props.entries.clone()} commands={props.commands.clone()} {on_close} />
            }
        </div>
    }
}
