//! The selected message, or the list of all that are under way.

use sim::frame::{Frame, Message, Scale};
use sim::{Why, t, time_us};
use yew::prelude::*;

use super::draw_fields;
use super::node::draw_button;
use super::why;
use crate::command::{Commands, Item, Read};
use crate::stage::faults::message_entries;
use crate::stage::message::{describe, describe_lie, describe_seal, kind_class, kind_sign};
use crate::words::{moment, name, say};

/// The message tab.
pub fn draw(frame: &Frame, selection: Option<Item>, why: Option<&Why>, commands: &Commands) -> Html {
    let selected = selection.and_then(|item| match item {
        Item::Message(id) => frame.messages.iter().find(|message| message.id == id),
        _ => None,
    });
    html! {
        <>
            if let Some(message) = selected {
                { draw_message(frame, message, commands) }
                { for why.map(|why| why::draw_short(frame, why, commands)) }
            }
            <h2 class="eyebrow">{ say(t!("Under way: {count}", count = frame.messages.len())) }</h2>
            if frame.messages.is_empty() {
                <p class="hint">{ say(t!("No message is under way at this moment.")) }</p>
            }
            <ul class="rows">{ for frame.messages.iter().map(|message| draw_row(frame, message, selection, commands)) }</ul>
        </>
    }
}

fn draw_message(frame: &Frame, message: &Message, commands: &Commands) -> Html {
    let left = message.arrives_at_us.saturating_sub(frame.at_us);
    let due = match frame.scale {
        _ if message.held => t!("held until it is released"),
        Scale::Time => t!("in {time}", time = time_us(left)),
        Scale::Order { .. } => moment(frame.scale, message.arrives_at_us),
    };
    html! {
        <section aria-labelledby="message-title" data-testid="message-panel">
            <h2 id="message-title">
                <span class={classes!("sign", kind_class(message.kind))} aria-hidden="true">{ kind_sign(message.kind, message.reply) }</span>
                { say(&message.label) }
            </h2>
            <dl>
                <dt>{ say(t!("way")) }</dt>
                <dd class="mono">{ say(t!("{from} → {to}", from = name(frame, message.from), to = name(frame, message.to))) }</dd>
                <dt>{ say(t!("sent at")) }</dt>
                <dd class="mono">{ say(moment(frame.scale, message.sent_at_us)) }</dd>
                <dt>{ say(t!("arrives")) }</dt>
                <dd class="mono">{ say(due) }</dd>
                if let Some(node) = message.claims {
                    <dt>{ say(t!("says that it is of")) }</dt>
                    <dd class="mono">{ name(frame, node) }</dd>
                }
                if let Some(seal) = &message.seal {
                    <dt>{ say(t!("lock")) }</dt>
                    <dd>{ say(describe_seal(frame, seal)) }</dd>
                }
                if message.damaged {
                    <dt>{ say(t!("under way")) }</dt>
                    <dd>{ say(t!("it was damaged")) }</dd>
                }
                if let Some(lie) = describe_lie(frame, message) {
                    <dt>{ say(t!("honesty")) }</dt>
                    <dd>{ say(lie) }</dd>
                }
                { draw_fields(message.fields.iter()) }
            </dl>
            <div class="actions">{ for message_entries(frame, message.id).iter().map(|entry| draw_button(entry, commands)) }</div>
        </section>
    }
}

fn draw_row(frame: &Frame, message: &Message, selection: Option<Item>, commands: &Commands) -> Html {
    let item = Item::Message(message.id);
    let onclick = commands.reform(move |_: MouseEvent| Read::Select(Some(item)).into());
    html! {
        <li key={message.id.to_string()}>
            <button aria-current={(selection == Some(item)).then_some("true")} {onclick}>
                <span class={classes!("sign", kind_class(message.kind))} aria-hidden="true">{ kind_sign(message.kind, message.reply) }</span>
                { say(describe(frame, message)) }
            </button>
        </li>
    }
}
