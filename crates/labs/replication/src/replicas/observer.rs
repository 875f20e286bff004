//! The observer: it keeps which epoch it is, who is primary and which replicas are in sync, and replaces a primary that is
//! silent (the configuration manager of PacificA, the controller of Kafka, the monitor of pg_auto_failover).

use serde::Serialize;
use sim::{NodeId, t, time_us};

use super::log::Position;
use super::message::Message;
use super::servers::Servers;
use super::settings::Mode;
use super::{Disk, Effects, InSync, Timer};

/// The state of the observer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Observer {
    pub epoch: u64,
    /// None while it looks for a new one.
    pub primary: Option<NodeId>,
    /// The replicas of which one may become primary, and which state of that set it is.
    pub in_sync: Servers,
    pub version: u64,
    /// When it last heard from the primary (at first: when it started), on its own clock in microseconds.
    pub heard_at_us: i64,
    /// Its search for a new primary.
    pub survey: Option<Survey>,
}

/// A search for a new primary.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Survey {
    /// Who was primary.
    pub deposed: Option<NodeId>,
    /// Where the logs of the servers end, as far as they have answered.
    pub standings: Vec<Option<Position>>,
}

impl Observer {
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Observer {
        let observer = Observer {
            epoch: disk.epoch,
            primary: disk.primary,
            in_sync: disk.in_sync.agreed,
            version: disk.in_sync.version,
            heard_at_us: effects.local_now(),
            survey: None,
        };
        observer.wait(effects);
        observer
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match message {
            Message::Report { epoch, version, in_sync, sent_at_us } => {
                self.on_report(from, epoch, version, in_sync, sent_at_us, effects)
            }
            Message::Standing { epoch, last } => self.on_standing(from, epoch, last, effects),
            _ => {}
        }
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match (timer, &self.survey) {
            (Timer::Survey, Some(_)) => {
                if !self.choose(effects) {
                    self.ask_all(effects);
                }
            }
            _ => self.look_at_the_clock(effects),
        }
    }

    /// A primary says that it lives.
    fn on_report(
        &mut self,
        from: NodeId,
        epoch: u64,
        version: u64,
        in_sync: Servers,
        sent_at_us: i64,
        effects: &mut Effects<'_>,
    ) {
        let (me, known) = (effects.me(), self.epoch);
        if epoch < self.epoch {
            effects.rule("fencing");
        }
        if epoch < self.epoch && effects.config().rules.fencing {
            effects.note(|| {
                t!("{node} tells {primary} that epoch {epoch} has begun", node = me, primary = from, epoch = known)
            });
            effects
                .note(|| t!("{primary} takes itself for the primary of epoch {epoch}.", primary = from, epoch = epoch));
            effects.send(from, Message::Fenced { epoch: self.epoch });
            return;
        }
        let is_new_epoch = epoch > self.epoch;
        if is_new_epoch {
            self.epoch = epoch;
            self.survey = None;
            effects.cancel_timer(Timer::Survey);
        }
        let is_new = is_new_epoch || version > self.version;
        if !is_new && self.primary == Some(from) {
            effects.routine("report");
        }
        if is_new {
            self.in_sync = in_sync;
            self.version = version;
        }
        if is_new || self.primary != Some(from) {
            self.primary = Some(from);
            self.persist(effects);
        }
        self.heard_at_us = effects.local_now();
        self.wait(effects);
        if effects.config().rules.lease {
            effects.rule("lease");
        }
        effects.note(|| t!("{node} hears that {primary} lives", node = me, primary = from));
        if is_new {
            effects.because(&["in_sync_only"], || {
                t!("It writes down which replicas are in sync: only these may become primary.")
            });
        }
        effects.send(from, Message::Lease { epoch, version: self.version, sent_at_us });
    }

    /// The time may have come to replace the primary. The timer may have run out early, so that the clock decides.
    fn look_at_the_clock(&mut self, effects: &mut Effects<'_>) {
        let (me, primary) = (effects.me(), self.primary);
        let silence_us = u64::try_from(effects.local_now() - self.heard_at_us).unwrap_or(0);
        let failover_us = effects.config().failover_us;
        if silence_us < failover_us {
            effects.note(|| t!("{node} looks at its clock: it is too early to replace the primary", node = me));
            effects.routine("too early");
            effects.set_timer(Timer::Failover, failover_us - silence_us);
            return;
        }
        effects.rule("failover");
        effects.note(|| match primary {
            Some(primary) => t!(
                "{node} has heard nothing from {primary} for {silence}, and looks for a new primary",
                node = me,
                primary = primary,
                silence = time_us(silence_us)
            ),
            None => t!("{node} looks again for a new primary", node = me),
        });
        effects.note(|| t!("{node} cannot tell whether the primary is dead: it opens a new epoch.", node = me));
        self.epoch += 1;
        self.primary = None;
        self.version = 0;
        self.survey = Some(Survey { deposed: primary, standings: vec![None; usize::from(effects.config().servers)] });
        self.persist(effects);
        self.ask_all(effects);
    }

    fn ask_all(&self, effects: &mut Effects<'_>) {
        (0..effects.config().servers).for_each(|server| {
            effects.send(NodeId(server), Message::Survey { epoch: self.epoch });
        });
        let survey_us = effects.config().survey_us;
        effects.set_timer(Timer::Survey, survey_us);
    }

    /// A server says where its log ends.
    fn on_standing(&mut self, from: NodeId, epoch: u64, last: Position, effects: &mut Effects<'_>) {
        let (me, is_current) = (effects.me(), epoch == self.epoch);
        if let Some(survey) = self.survey.as_mut().filter(|_| is_current) {
            let deposed = survey.deposed;
            if let Some(standing) = survey.standings.get_mut(from.index()) {
                *standing = Some(last);
            }
            let mut standings = survey.standings.iter().enumerate();
            if standings.all(|(server, standing)| standing.is_some() || deposed == Some(NodeId::at(server))) {
                self.choose(effects);
            }
        }
        effects.note(|| {
            t!("{node} learns that the log of {server} ends at {last}", node = me, server = from, last = last)
        });
    }

    /// Makes the most advanced server primary of those that have answered and may be. False if there is none: then all are
    /// asked again when the timer runs out, and not before, since each answer would else ask for more of them.
    fn choose(&mut self, effects: &mut Effects<'_>) -> bool {
        let (me, epoch) = (effects.me(), self.epoch);
        let Some(survey) = &self.survey else { return false };
        let config = effects.config();
        let answered = survey.standings.iter().flatten().count();
        let needed = if config.mode == Mode::Quorum { config.majority() } else { 1 };
        let only_in_sync = config.mode == Mode::Sync && config.rules.in_sync_only;
        let may_be = |(server, standing): (usize, &Option<Position>)| {
            let server = NodeId::at(server);
            let is_eligible = answered >= needed && (!only_in_sync || self.in_sync.contains(server));
            standing.filter(|_| is_eligible).map(|last| (server, last))
        };
        // Of equals the first one.
        let standings = survey.standings.iter().enumerate();
        let best = standings.filter_map(may_be).reduce(|best, next| if next.1 > best.1 { next } else { best });
        let Some((server, last)) = best else {
            effects.rule("in_sync_only");
            effects.note(|| t!("{node} finds nobody who may be primary so far", node = me));
            effects.note(|| match answered {
                1 => t!("1 server has answered."),
                _ => t!("{count} servers have answered.", count = answered),
            });
            return false;
        };
        effects.rule("most_advanced");
        effects.rule("in_sync_only");
        effects
            .note(|| t!("{node} makes {server} primary of epoch {epoch}", node = me, server = server, epoch = epoch));
        effects.note(|| t!("Of those that may be, its log goes furthest: up to {last}.", last = last));
        self.in_sync = match survey.deposed {
            Some(deposed) if deposed != server => self.in_sync.without(deposed).with(server),
            _ => self.in_sync.with(server),
        };
        self.survey = None;
        self.primary = Some(server);
        self.heard_at_us = effects.local_now();
        effects.cancel_timer(Timer::Survey);
        self.persist(effects);
        self.wait(effects);
        effects.send(server, Message::Promote { epoch, in_sync: self.in_sync });
        true
    }

    /// Waits for the primary, if replacing it is its business.
    fn wait(&self, effects: &mut Effects<'_>) {
        if effects.config().automatic {
            let failover_us = effects.config().failover_us;
            effects.set_timer(Timer::Failover, failover_us);
        }
    }

    fn persist(&self, effects: &mut Effects<'_>) {
        let in_sync = InSync { version: self.version, agreed: self.in_sync, wanted: self.in_sync };
        effects.persist(Disk { epoch: self.epoch, primary: self.primary, in_sync, ..Disk::default() });
    }
}
