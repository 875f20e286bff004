//! How many messages of each kind an election has cost.

use serde::Serialize;

use super::messages::Message;

/// The kinds of messages that elections are made of. What watches the coordinator and what the coordinator writes are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    AreYouUp,
    Up,
    Halt,
    Halted,
    NewCoordinator,
    Taken,
    Ready,
    Working,
    Election,
    Ok,
    Coordinator,
    Token,
    Elected,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 13] = [
        Kind::AreYouUp,
        Kind::Up,
        Kind::Halt,
        Kind::Halted,
        Kind::NewCoordinator,
        Kind::Taken,
        Kind::Ready,
        Kind::Working,
        Kind::Election,
        Kind::Ok,
        Kind::Coordinator,
        Kind::Token,
        Kind::Elected,
    ];

    /// The kind of a message, if it belongs to an election.
    pub fn of(message: &Message) -> Option<Kind> {
        Some(match message {
            Message::AreYouUp(_) => Kind::AreYouUp,
            Message::Up(_) => Kind::Up,
            Message::Halt { .. } => Kind::Halt,
            Message::Halted { .. } | Message::Busy { .. } => Kind::Halted,
            Message::NewCoordinator { .. } => Kind::NewCoordinator,
            Message::Taken(_) => Kind::Taken,
            Message::Ready(_) => Kind::Ready,
            Message::Working(_) => Kind::Working,
            Message::Election(_) => Kind::Election,
            Message::Ok(_) => Kind::Ok,
            Message::Coordinator(_) => Kind::Coordinator,
            Message::Pass { token, .. } => match token.is_elected {
                false => Kind::Token,
                true => Kind::Elected,
            },
            _ => return None,
        })
    }
}

/// How many of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts([u32; Kind::ALL.len()]);

impl Counts {
    /// Counts a message, if it belongs to an election.
    pub fn count(&mut self, message: &Message) {
        if let Some(kind) = Kind::of(message) {
            self.0[kind as usize] += 1;
        }
    }

    pub fn get(&self, kind: Kind) -> u32 {
        self.0[kind as usize]
    }

    /// All together.
    pub fn sum(&self) -> u32 {
        self.0.iter().sum()
    }

    /// Adds what has come since the other counts.
    pub fn add(&mut self, now: &Counts, before: &Counts) {
        for (sum, (now, before)) in self.0.iter_mut().zip(now.0.iter().zip(before.0)) {
            *sum += now.saturating_sub(before);
        }
    }
}
