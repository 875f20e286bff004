//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use sim::check::Outcome;
use sim::{Input, Prepared, Scenarios, Sight, t};

use super::NewLab;
use super::{A, B, Message};

impl Scenarios for NewLab {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<NewLab>> {
        vec![
            Prepared {
                name: "first-answer",
                title: t!("A ping and its answer"),
                summary: t!("A has asked whether B is there, and the answer is under way."),
                seed: 1,
                settings: vec![],
                sight: Sight::STAGE,
                direct: |director| {
                    director
                        .run_until(|world| world.messages().any(|message| matches!(message.payload, Message::Pong(_))));
                },
                expect: vec![("answered", Outcome::Waiting)],
            },
            Prepared {
                name: "crash",
                title: t!("B has crashed"),
                summary: t!("B has just crashed. A cannot know that; step on and see what it makes of the silence."),
                seed: 2,
                settings: vec![],
                sight: Sight::STAGE,
                direct: |director| {
                    director.run_until(|world| world.nodes().state(A).is_some_and(|node| node.answered == 2));
                    director.act(Input::Crash(B));
                },
                expect: vec![("answered", Outcome::Reached), ("ping-unanswered", Outcome::NotSeen)],
            },
            Prepared {
                name: "lost-answer",
                title: t!("A lost answer"),
                summary: t!("The answer to ping 1 was lost. For A that is the same as a ping that never arrived."),
                seed: 3,
                settings: vec![],
                sight: Sight::STAGE,
                direct: |director| {
                    director
                        .run_until(|world| world.messages().any(|message| matches!(message.payload, Message::Pong(_))));
                    for answer in director.messages(|_, _, message| matches!(message, Message::Pong(_))) {
                        director.act(Input::Drop(answer));
                    }
                    director.run_until(|world| world.nodes().state(A).is_some_and(|node| node.answered == 1));
                },
                expect: vec![("ping-unanswered", Outcome::Seen)],
            },
        ]
    }
}
