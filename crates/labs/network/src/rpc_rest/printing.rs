//! Printing: nothing that is on paper is taken back. The server prints a text and sends a completion message, in either order, and may
//! crash anywhere; a client decides once the server is back. M. van Steen and A. Tanenbaum, section 8.3.2.

use std::collections::VecDeque;

use serde::Serialize;
use sim::{List, Map, NodeId, t};

use super::call::Origin;
use super::view::name;
use super::{Disk, Effects, Message, Timer};

/// A text to be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Job {
    pub origin: Origin,
    /// Whether it is asked for once more, after a crash.
    pub again: bool,
}

/// What has come out of the printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sheet {
    pub job: Job,
}

/// The part of the server that prints. It is lost in a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Press {
    pub now: Option<Pressing>,
    /// The last one with which it was done.
    pub done: Option<Pressing>,
    queue: VecDeque<Job>,
    /// The last one of each client.
    last: Map<NodeId, Job>,
    papers: u32,
}

/// A text that is being printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Pressing {
    pub job: Job,
    /// Whether the paper comes first.
    pub prints_first: bool,
    pub has_printed: bool,
    pub has_told: bool,
}

impl Press {
    pub(super) fn on_print(&mut self, job: Job, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.last.get(&job.origin.client).is_some_and(|last| job <= *last) {
            effects.routine("old copy");
            effects.note(|| t!("{node} gets a copy of what it was asked to print, and ignores it", node = me));
            return;
        }
        self.last.insert(job.origin.client, job);
        self.queue.push_back(job);
        effects.note(|| t!("{node} is to print the text of {call}", node = me, call = name(job.origin)));
        self.begin(effects);
    }

    fn begin(&mut self, effects: &mut Effects<'_>) {
        if self.now.is_none()
            && let Some(job) = self.queue.pop_front()
        {
            let prints_first = effects.config().print_first;
            self.now = Some(Pressing { job, prints_first, has_printed: false, has_told: false });
            let work_us = super::front::work_us(effects);
            effects.set_timer(Timer::Step, work_us);
        }
    }

    /// The next of the two steps.
    pub(super) fn on_step(&mut self, life: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(now) = &mut self.now else { return };
        let job = now.job;
        let prints = !now.has_printed && (now.prints_first || now.has_told);
        if prints {
            now.has_printed = true;
            self.papers += 1;
            if let Some(printer) = effects.config().printer() {
                effects.send(printer, Message::Paper { life, serial: self.papers, job });
            }
            effects.note(|| t!("{node} gives the text of {call} to the printer", node = me, call = name(job.origin)));
        } else {
            now.has_told = true;
            effects.send(job.origin.client, Message::Printed(job));
            effects.note(|| t!("{node} sends the completion message for {call}", node = me, call = name(job.origin)));
        }
        if now.has_printed && now.has_told {
            self.done = self.now.take();
            self.begin(effects);
        } else {
            let work_us = super::front::work_us(effects);
            effects.set_timer(Timer::Step, work_us);
            effects.note(|| t!("If it crashes now, only one of the two things has happened."));
        }
    }
}

/// The printer D.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Printer {
    disk: Disk,
    /// The last text of each life of a server.
    last: Map<NodeId, (u64, u32)>,
}

impl Printer {
    /// Starts the printer, with the paper that lies there.
    pub(super) fn boot(disk: Disk) -> Printer {
        Printer { disk, last: Map::default() }
    }

    /// All that has come out of it.
    pub fn paper(&self) -> &List<Sheet> {
        &self.disk.paper
    }

    pub(super) fn on_paper(&mut self, from: NodeId, life: u64, serial: u32, job: Job, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.last.get(&from).is_some_and(|last| (life, serial) <= *last) {
            effects.routine("old copy");
            effects.note(|| t!("{node} gets a copy of what it has printed, and ignores it", node = me));
            return;
        }
        self.last.insert(from, (life, serial));
        let before = self.disk.paper.iter().filter(|sheet| sheet.job.origin == job.origin).count();
        self.disk.paper.push(Sheet { job });
        effects.persist(self.disk.clone());
        effects.note(|| t!("{node} prints the text of {call}", node = me, call = name(job.origin)));
        if before > 0 {
            effects.note(|| t!("It is on paper twice, and nothing on paper is taken back."));
        }
    }
}
