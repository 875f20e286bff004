//! From texts to what stands on the screen. Translations come in here, and nowhere else.

use std::borrow::Borrow;

use sim::Text;
use sim::frame::{Frame, Scale};
use sim::{NodeId, t, time_us};
use yew::prelude::*;

use crate::language;
use crate::math;

/// A text in the language of the screen.
pub fn say(text: impl Borrow<Text>) -> AttrValue {
    AttrValue::from(language::write(text.borrow()))
}

/// The same with a full stop at its end, beside another sentence.
pub fn sentence(text: &Text) -> AttrValue {
    let said = language::write(text);
    let end = said.chars().rfind(|letter| !is_isolate(*letter));
    if end.is_none_or(|end| ".!?؟…".contains(end)) { said.into() } else { format!("{said}.").into() }
}

/// A number as Rust writes it, with the decimal sign of the language.
pub fn decimal(number: &str) -> Text {
    match number.split_once('.') {
        Some((whole, fraction)) => {
            t!("{whole}.{fraction}", whole = whole.to_string(), fraction = fraction.to_string())
        }
        None => Text::verbatim(number.to_string()),
    }
}

/// How many letters stand there; the marks around what is read in another direction take no room.
pub fn length(said: &str) -> usize {
    said.chars().filter(|letter| !is_isolate(*letter)).count()
}

const END_OF_ISOLATE: char = '\u{2069}';

fn is_isolate(letter: char) -> bool {
    matches!(letter, '\u{2066}'..=END_OF_ISOLATE)
}

/// What others have published, by its name, which stays as it is.
pub fn cite(source: &'static str) -> Html {
    html! { <bdi lang="en">{ source }</bdi> }
}

/// The name of a node: `S1`.
pub fn name(frame: &Frame, node: NodeId) -> String {
    frame.nodes.get(node.index()).map(|node| node.label.clone()).unwrap_or_default()
}

/// The names of nodes: `S1, S2`.
pub fn names(frame: &Frame, nodes: &[NodeId]) -> String {
    nodes.iter().map(|node| name(frame, *node)).collect::<Vec<_>>().join(", ")
}

/// A moment of a run: a time, or, where there is only an order, the event that stands there.
pub fn moment(scale: Scale, at_us: u64) -> Text {
    match scale {
        Scale::Time => t!("{time}", time = time_us(at_us)),
        Scale::Order { apart_us } => t!("event {event}", event = at_us / apart_us),
    }
}

/// An event by its number, and the time at which it happened if there is one.
pub fn event_at(scale: Scale, event: u64, at_us: u64) -> Text {
    match scale {
        Scale::Time => t!("event {event} · {time}", event = event, time = time_us(at_us)),
        Scale::Order { .. } => t!("event {event}", event = event),
    }
}

/// A length of time that may be negative: `-12 ms`.
pub fn signed_time(us: i64) -> Text {
    match us {
        0 => t!("0 ms"),
        1.. => t!("+{time}", time = time_us(us.unsigned_abs())),
        _ => t!("−{time}", time = time_us(us.unsigned_abs())),
    }
}

/// A number for an SVG attribute, with one decimal place.
pub fn number(value: f64) -> String {
    math::digits(value, 1)
}

/// At most so many characters; what is cut off is shown as "…".
pub fn shorten(text: &str, most: usize) -> String {
    if length(text) <= most {
        return text.to_string();
    }
    let (mut kept, mut left, mut open) = (String::new(), most.saturating_sub(1), 0_usize);
    for letter in text.chars() {
        match letter {
            END_OF_ISOLATE => open = open.saturating_sub(1),
            _ if is_isolate(letter) => open += 1,
            _ if left == 0 => break,
            _ => left -= 1,
        }
        kept.push(letter);
    }
    kept.extend(std::iter::repeat_n(END_OF_ISOLATE, open));
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_once() {
        assert_eq!(sentence(&t!("N4 is faulty")), "N4 is faulty.");
        assert_eq!(sentence(&t!("{text}", text = "B knows of both.".to_string())), "B knows of both.");
        assert_eq!(sentence(&t!("Is A dead, or just slow?")), "Is A dead, or just slow?");
        assert_eq!(sentence(&Text::default()), "");
    }

    #[test]
    fn what_has_only_an_order_is_told_by_its_place() {
        let order = Scale::Order { apart_us: 20_000 };
        assert_eq!(event_at(Scale::Time, 3, 60_000).to_string(), "event 3 · 60 ms");
        assert_eq!(event_at(order, 3, 60_000).to_string(), "event 3");
        assert_eq!(moment(Scale::Time, 60_000).to_string(), "60 ms");
        assert_eq!(moment(order, 60_000).to_string(), "event 3");
    }

    #[test]
    fn what_is_cut_off_keeps_its_isolates_in_pairs() {
        assert_eq!(shorten("election", 8), "election");
        assert_eq!(shorten("election", 5), "elec…");
        assert_eq!(shorten("\u{2068}S1\u{2069} crashes", 5), "\u{2068}S1\u{2069} c…");
        assert_eq!(shorten("to \u{2068}S1, S2, S3\u{2069}", 7), "to \u{2068}S1,\u{2069}…");
    }
}
