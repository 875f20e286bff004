//! A figure inside another page: what that page can ask of it, and what it is told. `docs/embed.md` describes both.

mod channel;
mod message;
mod refusal;

pub use channel::{Channel, News};
pub use message::{
    Answers, Branch, CheckState, GoalReport, Key, Link, MOST_AHEAD, MeasureState, Moment, Payload, Predicted, Request,
    Score,
};
pub use refusal::Refusal;
