//! A connection between two nodes over messages that may be lost, doubled and late: what is said on it comes in the order in which
//! it was said, or the connection breaks, and both begin anew.
//!
//! Each end names its side of a connection by a number that only goes up. A *Hello* tells it; what is said afterwards names both
//! numbers and its own place. Clark and others, RFC 9293, section 3.5: numbers from a clock tell an old connection from a new one.
//! Nothing is sent again here: a gap breaks the connection, as a reset does (section 3.10.7), and whoever uses it says again what
//! still matters.

use serde::Serialize;

/// What travels on a connection.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Wire<B> {
    /// I am here under this number; and the last number of yours that I know.
    Hello { session: u64, answers: Option<u64> },
    /// Something is said, the first with number 0.
    Said { from: u64, to: u64, number: u32, body: B },
    /// Nothing more is said under these numbers.
    Bye { from: u64, to: u64 },
}

/// One end of a connection. Times are on the own clock that nobody sets, in microseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Connection {
    /// The own number.
    mine: u64,
    /// The number of the other end, once it is known: the connection is open then.
    theirs: Option<u64>,
    /// The highest number of the other end that was ever heard.
    newest: u64,
    said: u32,
    heard: u32,
    /// When anything of this connection was heard last, or when it was begun.
    pub heard_us: u64,
    /// When anything was said last.
    pub said_us: u64,
    /// How many times Hello was said in vain.
    pub tries: u32,
}

/// What came.
#[derive(Clone, Debug, PartialEq)]
pub enum Came<B> {
    /// Nothing that means anything: a copy, or something of a connection that is over.
    Nothing,
    /// The connection is open. It is a new one: what was said before is void.
    Opened,
    /// What the other end says.
    Said(B),
    /// Something is missing before this: the connection has to be begun anew ([`Connection::begin`]).
    Gap,
    /// The other end has ended it.
    Ended,
}

impl Connection {
    /// Begins a connection under a number that is higher than all before it. What is returned is to be sent.
    pub fn new<B>(session: u64, now_us: u64) -> (Connection, Wire<B>) {
        let connection = Connection {
            mine: session,
            theirs: None,
            newest: 0,
            said: 0,
            heard: 0,
            heard_us: now_us,
            said_us: now_us,
            tries: 1,
        };
        (connection, Wire::Hello { session, answers: None })
    }

    /// The end of a connection that another node has begun: the first thing it says is still to be received.
    pub fn awaiting(session: u64, now_us: u64) -> Connection {
        Connection { tries: 0, ..Connection::new::<()>(session, now_us).0 }
    }

    /// Whether things can be said.
    pub fn is_open(&self) -> bool {
        self.theirs.is_some()
    }

    /// The own number.
    pub fn session(&self) -> u64 {
        self.mine
    }

    /// Begins anew under a higher number.
    pub fn begin<B>(&mut self, session: u64, now_us: u64) -> Wire<B> {
        self.mine = session.max(self.mine + 1);
        (self.theirs, self.said, self.heard, self.tries) = (None, 0, 0, 1);
        (self.heard_us, self.said_us) = (now_us, now_us);
        Wire::Hello { session: self.mine, answers: None }
    }

    /// Says Hello once more, to one that has not answered.
    pub fn knock<B>(&mut self, now_us: u64) -> Wire<B> {
        self.tries += 1;
        self.said_us = now_us;
        Wire::Hello { session: self.mine, answers: self.theirs }
    }

    /// Says something; none while the connection is not open.
    pub fn say<B>(&mut self, body: B, now_us: u64) -> Option<Wire<B>> {
        let to = self.theirs?;
        let number = self.said;
        (self.said, self.said_us) = (self.said + 1, now_us);
        Some(Wire::Said { from: self.mine, to, number, body })
    }

    /// Ends it, where it is open.
    pub fn end<B>(&self) -> Option<Wire<B>> {
        Some(Wire::Bye { from: self.mine, to: self.theirs? })
    }

    /// Something comes from the other end. Returns what it means, and what is to be sent at once.
    pub fn receive<B>(&mut self, wire: Wire<B>, now_us: u64) -> (Came<B>, Option<Wire<B>>) {
        match wire {
            Wire::Hello { session, .. } if session < self.newest => (Came::Nothing, None),
            Wire::Hello { session, answers } => {
                let answer = Wire::Hello { session: self.mine, answers: Some(session) };
                let answer = (answers != Some(self.mine)).then_some(answer);
                if self.theirs == Some(session) {
                    return (Came::Nothing, answer);
                }
                (self.theirs, self.newest) = (Some(session), session);
                (self.said, self.heard, self.tries, self.heard_us) = (0, 0, 0, now_us);
                (Came::Opened, answer)
            }
            Wire::Said { from, to, number, body } if self.theirs == Some(from) && to == self.mine => {
                self.heard_us = now_us;
                if number > self.heard {
                    return (Came::Gap, None);
                }
                if number < self.heard {
                    return (Came::Nothing, None);
                }
                self.heard += 1;
                (Came::Said(body), None)
            }
            // It believes in a connection that is over. While this end waits for an answer itself, it has said Hello already.
            Wire::Said { from, .. } if from >= self.newest && (self.is_open() || self.tries == 0) => {
                (Came::Nothing, Some(Wire::Hello { session: self.mine, answers: self.theirs }))
            }
            Wire::Bye { from, to } if self.theirs == Some(from) && to == self.mine => (Came::Ended, None),
            Wire::Said { .. } | Wire::Bye { .. } => (Came::Nothing, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Said = Wire<&'static str>;

    fn hello(session: u64, answers: Option<u64>) -> Said {
        Wire::Hello { session, answers }
    }

    /// Two ends that have said Hello.
    fn open() -> (Connection, Connection) {
        let (mut a, first) = Connection::new::<&str>(10, 0);
        let mut b = Connection::awaiting(20, 0);
        let (came, answer) = b.receive(first, 1);
        assert_eq!((came, answer.clone()), (Came::Opened, Some(hello(20, Some(10)))));
        assert_eq!(a.receive(answer.unwrap(), 2), (Came::Opened, None));
        (a, b)
    }

    #[test]
    fn what_is_said_comes_in_order_and_once() {
        let (mut a, mut b) = open();
        let [first, second] = ["first", "second"].map(|body| a.say(body, 3).unwrap());
        assert_eq!(b.receive(first.clone(), 4), (Came::Said("first"), None));
        assert_eq!(b.receive(first, 4), (Came::Nothing, None), "a copy");
        assert_eq!(b.receive(second, 5), (Came::Said("second"), None));
        let (_, lost) = (a.say("lost", 6), a.say("after it", 6).unwrap());
        assert_eq!(b.receive(lost, 7), (Came::Gap, None));
    }

    /// RFC 9293, section 3.5: both may begin at once.
    #[test]
    fn both_may_begin_at_once() {
        let (mut a, from_a) = Connection::new::<&str>(10, 0);
        let (mut b, from_b) = Connection::new::<&str>(20, 0);
        let (one, to_b) = a.receive(from_b, 1);
        let (other, to_a) = b.receive(from_a, 1);
        assert_eq!((one, other), (Came::Opened, Came::Opened));
        assert_eq!(a.receive(to_a.unwrap(), 2), (Came::Nothing, None));
        assert_eq!(b.receive(to_b.unwrap(), 2), (Came::Nothing, None));
        let said = a.say("all is well", 3).unwrap();
        assert_eq!(b.receive(said, 4), (Came::Said("all is well"), None));
    }

    #[test]
    fn an_end_that_begins_anew_voids_what_was_under_way() {
        let (mut a, mut b) = open();
        let old = b.say("old", 3).unwrap();
        let again: Said = a.begin(11, 4);
        let (came, answer) = b.receive(again, 5);
        assert_eq!(came, Came::Opened);
        assert_eq!(a.receive(old, 6), (Came::Nothing, None), "it waits for an answer");
        assert_eq!(a.receive(answer.unwrap(), 7), (Came::Opened, None));
        let new = b.say("new", 8).unwrap();
        assert_eq!(a.receive(new, 9), (Came::Said("new"), None));
        assert_eq!(b.receive(hello(10, None), 10), (Came::Nothing, None), "a Hello of the old one is late");
    }

    /// RFC 9293, section 3.5.1: one end has crashed, and the other one does not know.
    #[test]
    fn one_that_has_forgotten_says_so() {
        let (mut a, _) = open();
        let mut b = Connection::awaiting(30, 5);
        let said = a.say("are you there?", 6).unwrap();
        let (came, reply) = b.receive(said, 7);
        assert_eq!((came, reply.clone()), (Came::Nothing, Some(hello(30, None))));
        let (came, answer) = a.receive(reply.unwrap(), 8);
        assert_eq!(came, Came::Opened, "under a new number");
        assert_eq!(b.receive(answer.unwrap(), 9), (Came::Opened, None));
        assert!(a.is_open() && b.is_open());
    }

    #[test]
    fn an_end_can_end_it() {
        let (a, mut b) = open();
        assert_eq!(b.receive(a.end::<&str>().unwrap(), 3), (Came::Ended, None));
        assert_eq!(b.receive(Said::Bye { from: 9, to: 20 }, 3), (Came::Nothing, None));
    }
}
