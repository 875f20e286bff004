//! A search for broken checks, on stateright: elections and heartbeats of Raft with five servers, and the check that no
//! term has two leaders. It is less than what Netsplit hunts in, which has logs, clients and ten more checks.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Instant;

use stateright::actor::{Actor, ActorModel, Id, Network, Out, model_timeout};
use stateright::{Checker, Expectation, Model, UniformChooser};

use crate::load::SEED;

const SERVERS: usize = 5;
const MAJORITY: usize = SERVERS / 2 + 1;
/// How many states are visited.
const STATES: usize = 500_000;
/// How many events a random walk has, as in a hunt of Netsplit.
const WALK: usize = 400;

struct Server;

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct State {
    term: u32,
    voted_for: Option<Id>,
    role: Role,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
enum Role {
    Follower,
    Candidate(BTreeSet<Id>),
    Leader,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, PartialOrd, Ord)]
enum Message {
    RequestVote(u32),
    Vote(u32, bool),
    Heartbeat(u32),
    Heard(u32),
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, PartialOrd, Ord)]
enum Timer {
    Election,
    Heartbeat,
}

impl Actor for Server {
    type Msg = Message;
    type State = State;
    type Timer = Timer;
    type Random = ();
    type Storage = ();

    fn on_start(&self, _id: Id, _storage: &Option<()>, out: &mut Out<Self>) -> State {
        out.set_timer(Timer::Election, model_timeout());
        State { term: 0, voted_for: None, role: Role::Follower }
    }

    fn on_msg(&self, id: Id, state: &mut Cow<'_, State>, from: Id, message: Message, out: &mut Out<Self>) {
        let state = state.to_mut();
        let (Message::RequestVote(term) | Message::Vote(term, _) | Message::Heartbeat(term) | Message::Heard(term)) =
            message;
        if term > state.term {
            *state = State { term, voted_for: None, role: Role::Follower };
            out.cancel_timer(Timer::Heartbeat);
            out.set_timer(Timer::Election, model_timeout());
        }
        match message {
            Message::RequestVote(term) => {
                let granted = term == state.term && state.voted_for.is_none_or(|candidate| candidate == from);
                if granted {
                    state.voted_for = Some(from);
                    out.set_timer(Timer::Election, model_timeout());
                }
                out.send(from, Message::Vote(state.term, granted));
            }
            Message::Vote(term, true) if term == state.term => {
                if let Role::Candidate(votes) = &mut state.role {
                    votes.insert(from);
                    if votes.len() >= MAJORITY {
                        state.role = Role::Leader;
                        out.cancel_timer(Timer::Election);
                        beat(id, state.term, out);
                    }
                }
            }
            Message::Heartbeat(term) if term == state.term => {
                state.role = Role::Follower;
                out.set_timer(Timer::Election, model_timeout());
                out.send(from, Message::Heard(state.term));
            }
            Message::Heartbeat(_) => out.send(from, Message::Heard(state.term)),
            Message::Vote(..) | Message::Heard(_) => {}
        }
    }

    fn on_timeout(&self, id: Id, state: &mut Cow<'_, State>, timer: &Timer, out: &mut Out<Self>) {
        match timer {
            Timer::Election => {
                let term = state.term + 1;
                *state.to_mut() = State { term, voted_for: Some(id), role: Role::Candidate([id].into()) };
                out.set_timer(Timer::Election, model_timeout());
                out.broadcast(others(id).as_slice(), &Message::RequestVote(term));
            }
            Timer::Heartbeat => beat(id, state.term, out),
        }
    }
}

fn beat(id: Id, term: u32, out: &mut Out<Server>) {
    out.broadcast(others(id).as_slice(), &Message::Heartbeat(term));
    out.set_timer(Timer::Heartbeat, model_timeout());
}

fn others(id: Id) -> Vec<Id> {
    (0..SERVERS).map(Id::from).filter(|other| *other != id).collect()
}

fn model() -> ActorModel<Server> {
    ActorModel::new((), ())
        .actors((0..SERVERS).map(|_| Server))
        .init_network(Network::new_unordered_nonduplicating([]))
        .max_crashes(MAJORITY - 1)
        .property(Expectation::Always, "election safety", |_, state| {
            let leaders = state.actor_states.iter().filter(|server| server.role == Role::Leader);
            let terms: Vec<u32> = leaders.map(|leader| leader.term).collect();
            (1..terms.len()).all(|place| !terms[..place].contains(&terms[place]))
        })
}

/// States a second of its search through all states, breadth first, and of its random walks; each with one thread.
pub fn run() -> (f64, f64) {
    let began = Instant::now();
    let all = model().checker().target_state_count(STATES).spawn_bfs().join();
    let breadth_first = all.state_count() as f64 / began.elapsed().as_secs_f64();
    let began = Instant::now();
    let walks = model()
        .checker()
        .target_state_count(STATES)
        .target_max_depth(WALK)
        .spawn_simulation(SEED, UniformChooser)
        .join();
    (breadth_first, walks.state_count() as f64 / began.elapsed().as_secs_f64())
}
