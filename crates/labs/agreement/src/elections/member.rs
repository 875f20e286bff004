//! A node that elects: what it knows, and what all algorithms share.

use serde::Serialize;
use sim::{NodeId, t};

use super::counts::Counts;
use super::disk::Disk;
use super::messages::{Call, Message, Token};
use super::settings::{Algorithm, Guard};
use super::{Effects, Timer};

/// How a node stands (Garcia-Molina 1982, section III: `S(i).s`). One that is down has no state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Standing {
    /// It has no coordinator.
    Election,
    /// It has one, and waits for the task.
    Reorganizing,
    /// It works.
    Normal,
}

/// What an election of its own has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Stage {
    /// None is going on.
    Idle,
    /// It asks those with higher numbers.
    Asking,
    /// It halts those with lower numbers.
    Halting,
    /// It tells those that have halted that it is the coordinator.
    Naming,
    /// It gives them the task.
    Starting,
}

/// A message on its way to the next node of the ring, as long as there is no receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Hop {
    pub number: u64,
    /// How many places further it was sent.
    pub places: u16,
    pub token: Token,
}

/// A node that elects.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Member {
    /// Which life this is; counted on the disk, so that answers to an earlier one are known.
    pub life: u64,
    /// How many elections it has started in this life.
    pub elections: u64,
    pub standing: Standing,
    pub coordinator: Option<NodeId>,
    pub stage: Stage,
    /// Who has halted it, and with which question.
    pub halted_by: Option<(NodeId, Call)>,
    /// The last `Halt` of each node that has sent one: a copy of it is no new one.
    pub halts: Vec<(NodeId, Call)>,
    /// Those that have halted for it, each with its life.
    pub up: Vec<(NodeId, u64)>,
    /// Those that have answered the question that it asks them now.
    pub answered: Vec<NodeId>,
    /// Whether it waits for a winner.
    pub waits: bool,
    /// Whether its last election failed for want of a majority.
    pub lacks: bool,
    /// The latest term that it knows; 0 without terms.
    pub term: u64,
    /// Whom it has answered in that term.
    pub voted: Option<NodeId>,
    /// The election that made it coordinator.
    pub reign: Call,
    /// The term of that.
    pub reign_term: u64,
    /// How many looks there were.
    pub beats: u64,
    /// The look that waits for answers.
    pub looking: Option<u64>,
    /// Those that have answered the coordinator's last look.
    pub heard: Vec<NodeId>,
    /// How many looks at the coordinator were answered in time, and how many were not.
    pub timely: u64,
    pub untimely: u64,
    /// How many writes it has asked for in this life.
    pub writes: u64,
    /// What is on its way to the next node of the ring.
    pub hops: Vec<Hop>,
    pub hops_sent: u64,
    /// Whether it takes part in an election of the ring.
    pub takes_part: bool,
    /// How often somebody has told it to start or to step down.
    pub by_hand: u64,
    /// What its elections have cost.
    pub sent: Counts,
}

impl Member {
    /// The first start, or a start after a crash.
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Member {
        let me = effects.me();
        let highest = effects.config().highest();
        // Without its disk it cannot know which life this is. Its machine has run longer than any count of lives, in milliseconds.
        let is_lost = disk.lives == 0 && !disk.is_new;
        let earlier = if is_lost { effects.monotonic_now() / 1_000 + 1 } else { disk.lives };
        let mut member = Member {
            life: earlier + 1,
            elections: 0,
            standing: Standing::Election,
            coordinator: None,
            stage: Stage::Idle,
            halted_by: None,
            halts: Vec::new(),
            up: Vec::new(),
            answered: Vec::new(),
            waits: false,
            lacks: false,
            term: disk.term,
            voted: disk.answered,
            reign: Call::default(),
            reign_term: 0,
            beats: 0,
            looking: None,
            heard: Vec::new(),
            timely: 0,
            untimely: 0,
            writes: 0,
            hops: Vec::new(),
            hops_sent: 0,
            takes_part: false,
            by_hand: 0,
            sent: Counts::default(),
        };
        member.save(effects);
        // Each looks at a moment of its own.
        let (beat_us, nodes) = (effects.config().beat_us, effects.config().numbers.len() as u64);
        effects.set_timer(Timer::Beat, beat_us * (u64::from(me.0) + 1) / nodes.max(1));
        if disk.is_new {
            member.standing = Standing::Normal;
            member.coordinator = Some(highest);
            if me == highest {
                member.up = effects.config().others(me).map(|other| (other, member.life)).collect();
                member.take_office(effects);
            }
            return member;
        }
        effects.rule("recover_elects");
        effects.because(&["recover_elects"], || t!("It may have missed an election, and starts one."));
        if effects.config().rules.recover_elects {
            member.start(effects);
        }
        member
    }

    /// Writes to its disk what outlives a crash.
    pub(super) fn save(&self, effects: &mut Effects<'_>) {
        effects.persist(Disk { lives: self.life, term: self.term, answered: self.voted, ..Disk::default() });
    }

    /// Sends a message, and counts it.
    pub(super) fn send(&mut self, to: NodeId, message: Message, effects: &mut Effects<'_>) {
        self.sent.count(&message);
        effects.send(to, message);
    }

    /// The question that it asks now.
    pub(super) fn call(&self) -> Call {
        Call { life: self.life, number: self.elections }
    }

    /// Whether it coordinates, and works.
    pub fn leads(&self, me: NodeId) -> bool {
        self.standing == Standing::Normal && self.coordinator == Some(me)
    }

    /// Whether it has a coordinator.
    pub fn follows(&self) -> Option<NodeId> {
        self.coordinator.filter(|_| self.standing != Standing::Election)
    }

    /// Starts an election.
    pub(super) fn start(&mut self, effects: &mut Effects<'_>) {
        self.elections += 1;
        self.answered.clear();
        self.lacks = false;
        self.stop_looking(effects);
        match effects.config().algorithm {
            Algorithm::Ring => self.start_round(effects),
            Algorithm::Bully if effects.config().rules.halt_first => self.ask_higher(effects),
            Algorithm::Bully => self.hold_election(effects),
        }
    }

    /// Its election is over, whatever came of it.
    pub(super) fn stop(&mut self, effects: &mut Effects<'_>) {
        self.stage = Stage::Idle;
        effects.cancel_timer(Timer::Answers);
    }

    /// It has no coordinator any more.
    pub(super) fn leave_office(&mut self, effects: &mut Effects<'_>) {
        self.standing = Standing::Election;
        self.coordinator = None;
        self.stop_looking(effects);
        effects.cancel_timer(Timer::Work);
    }

    /// From now on it waits for somebody else to win.
    pub(super) fn wait(&mut self, effects: &mut Effects<'_>) {
        self.waits = true;
        effects.rule("wait_for_winner");
        if effects.config().rules.wait_for_winner {
            effects.set_timer(Timer::Winner, effects.config().winner_us());
        }
    }

    /// It waits no longer.
    pub(super) fn wait_no_more(&mut self, effects: &mut Effects<'_>) {
        self.waits = false;
        effects.cancel_timer(Timer::Winner);
    }

    /// It has won: it works, and so do all that have taken it.
    pub(super) fn take_office(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.stop(effects);
        self.wait_no_more(effects);
        self.standing = Standing::Normal;
        self.coordinator = Some(me);
        self.reign = self.call();
        self.reign_term = if effects.config().guard == Guard::Terms { self.term } else { 0 };
        if effects.config().work_us > 0 {
            effects.set_timer(Timer::Work, 0);
        }
    }

    /// It works under another one.
    pub(super) fn follow(&mut self, coordinator: NodeId, effects: &mut Effects<'_>) {
        self.stop(effects);
        self.leave_office(effects);
        self.wait_no_more(effects);
        self.standing = Standing::Normal;
        self.coordinator = Some(coordinator);
    }

    /// Learns of a term. Returns whether it is a later one than it knew.
    pub(super) fn learn(&mut self, term: u64, effects: &mut Effects<'_>) -> bool {
        let is_later = term > self.term;
        if is_later {
            (self.term, self.voted) = (term, None);
            self.save(effects);
        }
        is_later
    }

    /// Somebody wants an election.
    pub(super) fn start_by_hand(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.by_hand += 1;
        effects.note(|| t!("{node} starts an election", node = me));
        self.start(effects);
    }

    /// Somebody wants another coordinator.
    pub(super) fn step_down(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.by_hand += 1;
        effects.note(|| t!("{node} steps down", node = me));
        effects.because(&["wait_for_winner"], || {
            t!("It is still up and still has its number: after a while it will hold an election as all others do.")
        });
        self.give_up(effects);
    }

    /// It coordinates no more, and waits for another one.
    pub(super) fn give_up(&mut self, effects: &mut Effects<'_>) {
        self.stop(effects);
        self.leave_office(effects);
        self.halted_by = None;
        self.wait(effects);
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match message {
            Message::AreYouUp(call) => self.on_are_you_up(from, call, effects),
            Message::Up(call) => self.on_up(from, call, effects),
            Message::Halt { call, term } => self.on_halt(from, call, term, effects),
            Message::Halted { call, life } => self.on_halted(from, call, life, effects),
            Message::Busy { call, term } => self.on_busy(from, call, term, effects),
            Message::NewCoordinator { call, life } => self.on_new_coordinator(from, call, life, effects),
            Message::Taken(call) => self.on_taken(from, call, Stage::Naming, effects),
            Message::Ready(call) => self.on_ready(from, call, effects),
            Message::Working(call) => self.on_taken(from, call, Stage::Starting, effects),
            Message::Election(call) => self.on_election(from, call, effects),
            Message::Ok(call) => self.on_ok(from, call, effects),
            Message::Coordinator(_) => self.on_coordinator(from, effects),
            Message::Pass { hop, token } => self.on_pass(from, hop, token, effects),
            Message::Receipt(hop) => self.on_receipt(hop, effects),
            Message::AreYouThere(call) => self.on_are_you_there(from, call, effects),
            Message::There { call, leads } => self.on_there(from, call, leads, effects),
            Message::AreYouNormal(call) => self.on_are_you_normal(from, call, effects),
            Message::Normal { call, yes, term } => self.on_normal(from, call, yes, term, effects),
            Message::Written => {
                effects.note(|| t!("The write is on the disk"));
                effects.routine("written");
            }
            Message::Refused { term } => self.on_refused(term, effects),
            Message::Write(_) => {}
        }
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Answers => match effects.config().rules.halt_first {
                true => self.no_more_answers(effects),
                false => self.nobody_objects(effects),
            },
            Timer::Winner => self.no_winner(effects),
            Timer::Beat => self.look(effects),
            Timer::Coordinator => self.coordinator_is_silent(effects),
            Timer::Members => self.count_members(effects),
            Timer::Work => self.write(effects),
            Timer::Hop(number) => self.skip(number, effects),
        }
    }

    /// Nobody has won in time.
    fn no_winner(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.waits = false;
        if self.standing == Standing::Normal {
            effects.note(|| t!("{node} has a coordinator, and waits no longer", node = me));
            effects.routine("no wait");
            return;
        }
        effects.rule("wait_for_winner");
        effects.note(|| t!("{node} has waited long enough for a coordinator, and starts over", node = me));
        self.halted_by = None;
        self.leave_office(effects);
        self.stop(effects);
        self.start(effects);
    }
}
