//! Putting off the arrival of a message: its end in the lanes is pulled to a later moment.

use sim::frame::Message;
use sim::{Input, MessageId, t, time_us};
use yew::prelude::*;

use super::LanesProps;
use super::field::Field;
use crate::words::{number, say};

/// With more messages under way than this their ends cannot be told apart.
const MOST_ENDS: usize = 12;
/// A shorter way than this is a slip of the hand, in microseconds.
const LEAST_US: f64 = 1_000.0;

/// A message that is held by its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pull {
    message: MessageId,
    arrives_at_us: u64,
    /// How far from the end it was taken hold of, in pixels.
    grip: f64,
    /// Where the pointer is, once it has moved.
    pub x: Option<f64>,
}

impl Pull {
    /// The message whose end is at a point, no farther than so many pixels.
    pub fn at(props: &LanesProps, field: &Field, x: f64, y: f64, reach: f64) -> Option<Pull> {
        let distance = |message: &&Message| {
            let (end_x, end_y) = end(message, field);
            (end_x - x).hypot(end_y - y)
        };
        let nearest = ends(props).min_by(|a, b| distance(a).total_cmp(&distance(b)));
        let message = nearest.filter(|message| distance(message) <= reach)?;
        let grip = x - end(message, field).0;
        Some(Pull { message: message.id, arrives_at_us: message.arrives_at_us, grip, x: None })
    }

    /// What to do when it is let go; nothing where it has not been pulled to a later moment.
    pub fn input(self, field: &Field) -> Option<Input> {
        let by_us = self.later_us(field)?;
        Some(Input::Delay { message: self.message, by_us })
    }

    fn later_us(self, field: &Field) -> Option<u64> {
        let by_us = (self.x? - self.grip - field.x(self.arrives_at_us)) / field.scale();
        (by_us >= LEAST_US).then_some(by_us as u64)
    }
}

/// The messages that can be pulled: those that are under way, while time stands still.
fn ends(props: &LanesProps) -> impl Iterator<Item = &Message> {
    let messages = &props.frame.messages;
    let can_be = !props.playing && props.knower.is_none() && messages.len() <= MOST_ENDS;
    messages.iter().filter(move |message| can_be && !message.held)
}

fn end(message: &Message, field: &Field) -> (f64, f64) {
    (field.x(message.arrives_at_us), field.y(message.to))
}

/// A ring at the end of each message that can be pulled, and the new way of the one that is.
pub fn draw(props: &LanesProps, field: &Field, pull: Option<Pull>) -> Html {
    let ring = |message: &Message| {
        let (x, y) = end(message, field);
        let in_view = (field.start_x()..=field.end_x()).contains(&x);
        in_view.then(|| {
            html! {
                <circle key={message.id.to_string()} class="lanes-end" data-end={message.id.to_string()} cx={number(x)} cy={number(y)} r="5">
                    <title>{ say(t!("Pull it to let the message arrive later")) }</title>
                </circle>
            }
        })
    };
    let way = |message: &Message| {
        let pull = pull.filter(|pull| pull.message == message.id)?;
        let by_us = pull.later_us(field)?;
        let (x, y) = (field.x(message.arrives_at_us + by_us), field.y(message.to));
        Some(html! {
            <g class="lanes-pull">
                <line x1={number(field.x(message.sent_at_us).max(field.start_x()))} y1={number(field.y(message.from))} x2={number(x)} y2={number(y)} />
                <text x={number(x)} y={number(y - 9.0)}>{ say(t!("+{time}", time = time_us(by_us))) }</text>
            </g>
        })
    };
    html! { <g>{ for ends(props).filter_map(ring) }{ for ends(props).filter_map(way) }</g> }
}

#[cfg(test)]
mod tests {
    use sim::NodeId;

    use super::*;
    use crate::lanes::rows::Rows;
    use crate::lanes::stretch::Stretch;

    #[test]
    fn only_the_way_of_the_pointer_is_delay() {
        let field = Field::new(1_440.0, 176.0, Stretch::whole(1_000_000), Rows::all(3));
        let message = MessageId { from: NodeId(0), to: NodeId(1), number: 1 };
        let pulled = |by_us: u64| {
            let x = Some(field.x(500_000 + by_us) + 6.0);
            Pull { message, arrives_at_us: 500_000, grip: 6.0, x }.later_us(&field)
        };
        assert_eq!(pulled(0), None);
        assert!(pulled(100_000).is_some_and(|by_us| by_us.abs_diff(100_000) <= 1));
    }
}
