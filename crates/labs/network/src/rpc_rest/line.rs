//! The two ends of a connection on which HTTP is spoken: one asks, the other answers.

use std::collections::VecDeque;

use super::connection::{Connection, Heard, Knock, Name, Segment};
use serde::Serialize;
use sim::{NodeId, t};

use super::http::{Letter, Request, Response};
use super::{Effects, Message};

/// The end that asks. It opens a connection when it needs one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Asker {
    life: u64,
    serial: u32,
    connection: Option<Connection>,
    /// What waits until it is open, with the numbers of the exchanges.
    unsent: VecDeque<(u64, Request)>,
    /// What waits for an answer: the number of the request on the connection, and of the exchange.
    asked: VecDeque<(u32, u64)>,
}

/// What comes to the end that asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Come {
    /// Nothing of which it has to know.
    Nothing,
    Opened,
    /// The answer to an exchange.
    Answer(u64, Response),
    /// The connection is broken, with these exchanges.
    Broken(Vec<u64>),
}

impl Asker {
    /// The end of a node in this life.
    pub fn new(life: u64) -> Asker {
        Asker { life, serial: 0, connection: None, unsent: VecDeque::new(), asked: VecDeque::new() }
    }

    /// Sends a request, once the connection is open.
    pub(super) fn ask(&mut self, to: NodeId, exchange: u64, request: Request, effects: &mut Effects<'_>) {
        let (life, serial) = (self.life, &mut self.serial);
        let connection = self.connection.get_or_insert_with(|| {
            *serial += 1;
            let name = Name { life, serial: *serial };
            effects.send(to, Message::Http(Segment::Open(name)));
            Connection::open(name)
        });
        match connection.send(Letter::Request(request)) {
            Some(segment) => {
                self.asked.push_back((connection.sent(), exchange));
                effects.send(to, Message::Http(segment));
            }
            None => self.unsent.push_back((exchange, request)),
        }
    }

    /// Something comes from the other end.
    pub(super) fn on_segment(&mut self, from: NodeId, segment: Segment<Letter>, effects: &mut Effects<'_>) -> Come {
        let Some(connection) = self.connection.as_mut().filter(|open| open.name == segment.name()) else {
            return Come::Nothing;
        };
        match segment {
            Segment::Open(_) => Come::Nothing,
            Segment::Opened { name, life } => {
                if !connection.opened(name, life) {
                    return Come::Nothing;
                }
                for (exchange, request) in std::mem::take(&mut self.unsent) {
                    self.ask(from, exchange, request, effects);
                }
                Come::Opened
            }
            Segment::Broken(_) => Come::Broken(self.break_off()),
            Segment::Data { name, life, number, body } => match (connection.hear(name, life, number), body) {
                (Heard::Next, Letter::Response { to, response }) => {
                    let place = self.asked.iter().position(|(asked, _)| *asked == to);
                    let asked = place.and_then(|place| self.asked.remove(place));
                    asked.map_or(Come::Nothing, |(_, exchange)| Come::Answer(exchange, response))
                }
                (Heard::Gap, _) => Come::Broken(self.break_off()),
                _ => Come::Nothing,
            },
        }
    }

    /// The connection is no good any more. Returns the exchanges that waited on it.
    pub(super) fn break_off(&mut self) -> Vec<u64> {
        self.connection = None;
        let asked = self.asked.drain(..).map(|(_, exchange)| exchange);
        asked.chain(self.unsent.drain(..).map(|(exchange, _)| exchange)).collect()
    }
}

/// The end that answers: it has one connection with each that asks.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Listener {
    connection: Option<Connection>,
}

/// To whom an answer goes: a request on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ticket {
    pub name: Name,
    pub number: u32,
}

/// What comes to the end that answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Knocked {
    /// Nothing of which it has to know: a copy, or something of an old connection.
    Nothing,
    /// A new connection is open.
    Opened,
    /// There is no such connection.
    NoConnection,
    Request(Ticket, Request),
}

impl Listener {
    /// Something comes to a node in this life.
    pub(super) fn on_segment(
        &mut self,
        life: u64,
        from: NodeId,
        segment: Segment<Letter>,
        effects: &mut Effects<'_>,
    ) -> Knocked {
        match segment {
            Segment::Open(name) => {
                let knock = Connection::knock(self.connection.as_ref(), name);
                if knock == Knock::Old {
                    return Knocked::Nothing;
                }
                if knock == Knock::New {
                    self.connection = Some(Connection::accept(name, life));
                }
                effects.send(from, Message::Http(Segment::Opened { name, life }));
                if knock == Knock::New { Knocked::Opened } else { Knocked::Nothing }
            }
            Segment::Data { name, life: named, number, body: Letter::Request(request) } => {
                let heard = self.connection.as_mut().map_or(Heard::Foreign, |open| open.hear(name, named, number));
                match heard {
                    Heard::Next => Knocked::Request(Ticket { name, number }, request),
                    Heard::Copy => Knocked::Nothing,
                    Heard::Gap | Heard::Foreign => {
                        if heard == Heard::Gap {
                            self.connection = None;
                        }
                        effects.send(from, Message::Http(Segment::Broken(name)));
                        Knocked::NoConnection
                    }
                }
            }
            _ => Knocked::Nothing,
        }
    }

    /// Answers a request, if its connection is still there.
    pub(super) fn answer(&mut self, to: NodeId, ticket: Ticket, response: Response, effects: &mut Effects<'_>) {
        let open = self.connection.as_mut().filter(|open| open.name == ticket.name);
        let segment = open.and_then(|open| open.send(Letter::Response { to: ticket.number, response }));
        segment.into_iter().for_each(|segment| effects.send(to, Message::Http(segment)));
    }

    /// Whether somebody still waits on this connection.
    pub fn is_open(&self, name: Name) -> bool {
        self.connection.is_some_and(|open| open.name == name)
    }
}

impl Knocked {
    /// Says what has come, where that is no request.
    pub(super) fn say(&self, from: NodeId, effects: &mut Effects<'_>) {
        let me = effects.me();
        match self {
            Knocked::Opened => {
                effects.routine("connection");
                effects.note(|| t!("{node} has a connection with {other}", node = me, other = from));
            }
            Knocked::NoConnection => {
                effects
                    .note(|| t!("{node} knows nothing of this connection, and tells {other}", node = me, other = from));
                effects
                    .note(|| t!("It has crashed since, or something before this was lost: nothing more comes on it."));
            }
            _ => {
                effects.routine("old segment");
                effects.note(|| t!("{node} gets a copy from {other}, and ignores it", node = me, other = from));
            }
        }
    }
}
