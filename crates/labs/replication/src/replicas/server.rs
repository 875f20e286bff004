//! A server: what primary and replicas share. It knows an epoch, keeps a log, and answers clients.

use serde::Serialize;
use sim::{NodeId, t};

use super::log::{Log, Position};
use super::message::{Answer, Command, Message, Request};
use super::reign::Reign;
use super::servers::Servers;
use super::settings::{Behind, Config, Reads};
use super::store::Store;
use super::{Disk, Effects, InSync, Timer};

/// The state of a server.
#[derive(Clone, Debug, Serialize)]
pub struct Server {
    /// The newest epoch that it has been told of.
    pub epoch: u64,
    /// Whom it follows in that epoch, once it knows.
    pub primary: Option<NodeId>,
    pub log: Log,
    /// Up to which entry it knows that the primary may acknowledge.
    pub committed: u64,
    pub store: Store,
    pub role: Role,
    /// Reads that wait until it has got far enough.
    pub parked: Vec<(NodeId, Request)>,
}

/// What a server is now.
#[derive(Clone, Debug, Serialize)]
pub enum Role {
    Replica,
    Primary(Box<Reign>),
}

impl Server {
    /// Starts from the disk. One that was primary goes on as primary: it cannot know what happened meanwhile.
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Server {
        let mut server = Server {
            epoch: disk.epoch,
            primary: disk.primary,
            log: disk.log.clone(),
            committed: 0,
            store: Store::default(),
            role: Role::Replica,
            parked: Vec::new(),
        };
        if disk.primary == Some(effects.me()) {
            server.begin_reign(disk.in_sync, effects);
        }
        server
    }

    /// Whether it takes itself for the primary.
    pub fn is_primary(&self) -> bool {
        matches!(self.role, Role::Primary(_))
    }

    /// What it does as the primary, if it is.
    pub fn reign(&self) -> Option<&Reign> {
        match &self.role {
            Role::Primary(reign) => Some(reign),
            Role::Replica => None,
        }
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match message {
            Message::Append { epoch, before, entries, committed } => {
                self.on_append(from, epoch, before, entries, committed, effects)
            }
            Message::Appended { epoch, answer } => self.on_appended(from, epoch, answer, effects),
            Message::Lease { epoch, version, sent_at_us } => self.on_lease(epoch, version, sent_at_us, effects),
            Message::Survey { epoch } => self.on_survey(from, epoch, effects),
            Message::Promote { epoch, in_sync } => self.on_promote(epoch, in_sync, effects),
            Message::Fenced { epoch } => self.on_fenced(from, epoch, effects),
            Message::Request(request) => self.on_request(from, request, effects),
            Message::Report { .. } | Message::Standing { .. } | Message::Answer(_) | Message::Redirect { .. } => {}
        }
    }

    /// Goes over to a newer epoch. A primary steps down: the clients that wait for it ask elsewhere.
    pub(super) fn enter(&mut self, epoch: u64, primary: Option<NodeId>, effects: &mut Effects<'_>) {
        if self.is_primary() {
            let (me, old) = (effects.me(), self.epoch);
            effects.rule("fencing");
            effects.note(|| {
                t!(
                    "{node} steps down: its epoch {old} is over, epoch {epoch} has begun",
                    node = me,
                    old = old,
                    epoch = epoch
                )
            });
            effects.cancel_timer(Timer::Heartbeat);
            effects.cancel_timer(Timer::FallBack);
            self.role = Role::Replica;
        }
        self.epoch = epoch;
        self.primary = primary;
        self.persist(effects);
    }

    /// The observer opens an epoch. Whoever answers has promised to take nothing from earlier ones.
    fn on_survey(&mut self, from: NodeId, epoch: u64, effects: &mut Effects<'_>) {
        let (me, last) = (effects.me(), self.log.last());
        if self.is_primary() && !effects.config().rules.fencing {
            effects.rule("fencing");
            effects.note(|| t!("{node} goes on as primary, whatever {observer} says", node = me, observer = from));
            return;
        }
        if epoch < self.epoch {
            effects.note(|| t!("{node} ignores the survey for epoch {epoch}: it is old", node = me, epoch = epoch));
            return;
        }
        if epoch > self.epoch {
            self.enter(epoch, None, effects);
        }
        effects.rule("most_advanced");
        effects.note(|| {
            t!("{node} tells {observer} that its log ends at {last}", node = me, observer = from, last = last)
        });
        effects
            .because(&["fencing"], || t!("It takes nothing from earlier epochs than {epoch} any more.", epoch = epoch));
        effects.send(from, Message::Standing { epoch, last });
    }

    /// The observer wants it to be primary.
    fn on_promote(&mut self, epoch: u64, in_sync: Servers, effects: &mut Effects<'_>) {
        let me = effects.me();
        if epoch < self.epoch || epoch == self.epoch && self.is_primary() {
            effects.note(|| t!("{node} ignores an old promotion to epoch {epoch}", node = me, epoch = epoch));
            return;
        }
        effects.rule("promote");
        effects.note(|| t!("{node} becomes primary, in epoch {epoch}", node = me, epoch = epoch));
        effects.note(|| t!("It opens the epoch with an entry of its own, and answers reads when that is committed."));
        self.epoch = epoch;
        self.open_epoch(InSync { version: 0, agreed: in_sync, wanted: in_sync }, effects);
    }

    /// A person makes it primary, without asking anybody.
    pub(super) fn promote_by_hand(&mut self, effects: &mut Effects<'_>) {
        let (me, epoch) = (effects.me(), self.epoch + 1);
        if self.is_primary() {
            effects.note(|| t!("{node} is primary already", node = me));
            return;
        }
        effects.rule("promote");
        effects.note(|| t!("{node} is made primary by hand, in epoch {epoch}", node = me, epoch = epoch));
        effects.note(|| t!("Nobody has been asked: whether the old primary lives, and what {node} lacks.", node = me));
        self.epoch = epoch;
        let alone = Servers::default().with(me);
        self.open_epoch(InSync { version: 0, agreed: alone, wanted: alone }, effects);
    }

    /// Somebody knows a newer epoch.
    fn on_fenced(&mut self, from: NodeId, epoch: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        if epoch > self.epoch && effects.config().rules.fencing {
            self.enter(epoch, None, effects);
        }
        effects.note(|| t!("{node} hears from {other} of epoch {epoch}", node = me, other = from, epoch = epoch));
    }

    /// A client wants something done.
    fn on_request(&mut self, from: NodeId, request: Request, effects: &mut Effects<'_>) {
        let me = effects.me();
        let has_lease = self.has_lease(effects);
        if self.is_primary() && !has_lease {
            effects.rule("lease");
            effects.note(|| t!("{node} does not answer {client}: its lease has run out", node = me, client = from));
            effects.note(|| t!("The observer may have made another server primary by now."));
            effects.send(from, Message::Redirect { request: request.id, primary: None });
            return;
        }
        match &request.command {
            Command::Put { .. } if self.is_primary() => self.on_put(from, request, effects),
            Command::Put { .. } => self.redirect(from, request, effects),
            Command::Get { .. } if !self.is_primary() && effects.config().reads == Reads::Primary => {
                self.redirect(from, request, effects);
            }
            Command::Get { .. } if self.can_answer(&request) => {
                self.answer_read(from, &request, effects);
            }
            Command::Get { .. } if self.is_primary() || effects.config().behind == Behind::Wait => {
                let (applied, after) = (self.store.applied, request.after);
                match self.is_primary() {
                    true => effects.rule("opening_entry"),
                    false => ["read_your_writes", "monotonic_reads"].into_iter().for_each(|rule| effects.rule(rule)),
                }
                effects.note(|| {
                    t!(
                        "{node} lets {client} wait: it has got to {applied}",
                        node = me,
                        client = from,
                        applied = applied
                    )
                });
                effects.note(|| t!("The session of {client} has seen {after}.", client = from, after = after));
                self.parked.push((from, request));
            }
            Command::Get { .. } => self.redirect(from, request, effects),
        }
    }

    fn redirect(&mut self, from: NodeId, request: Request, effects: &mut Effects<'_>) {
        let (me, primary) = (effects.me(), self.primary.filter(|primary| *primary != effects.me()));
        effects.rule("redirect");
        effects.note(|| match primary {
            Some(primary) => t!("{node} sends {client} to {primary}", node = me, client = from, primary = primary),
            None => t!("{node} tells {client} that it knows no primary", node = me, client = from),
        });
        effects.note(|| match request.command {
            Command::Put { .. } => t!("Only the primary takes writes."),
            Command::Get { .. } if self.store.applied < request.after => {
                t!("It is behind what the session has written or seen.")
            }
            Command::Get { .. } => t!("Reads are answered by the primary alone."),
        });
        effects.send(from, Message::Redirect { request: request.id, primary });
    }

    /// Whether a read may be answered: the session's writes are there, and a new primary knows what counts.
    fn can_answer(&self, request: &Request) -> bool {
        let is_ready = self.reign().is_none_or(|reign| self.committed >= reign.opening);
        is_ready && self.store.applied >= request.after
    }

    fn answer_read(&self, to: NodeId, request: &Request, effects: &mut Effects<'_>) {
        let (me, key) = (effects.me(), request.command.key());
        let (value, version) = self.store.get(key);
        effects.rule("read_committed");
        effects.note(|| {
            t!(
                "{node} answers {client}: {key} is {value}",
                node = me,
                client = to,
                key = key.to_string(),
                value = value.to_string()
            )
        });
        let applied = self.store.applied;
        effects.note(|| t!("It has got to {applied} in the log.", applied = applied));
        let by_primary = self.is_primary();
        let answer = Answer { request: request.id, value, version, applied, epoch: self.epoch, by_primary };
        effects.send(to, Message::Answer(answer));
    }

    /// Carries out what the log now allows, and answers the reads that waited for it.
    pub(super) fn follow_log(&mut self, effects: &mut Effects<'_>) {
        let index = if effects.config().rules.read_committed { self.committed } else { self.log.last_index() };
        self.store.follow(&self.log, index);
        let can_answer =
            if self.is_primary() { self.has_lease(effects) } else { effects.config().reads == Reads::Replicas };
        for (client, request) in std::mem::take(&mut self.parked) {
            if can_answer && self.can_answer(&request) {
                self.answer_read(client, &request, effects);
            } else {
                self.parked.push((client, request));
            }
        }
    }

    pub(super) fn persist(&self, effects: &mut Effects<'_>) {
        let in_sync = self.reign().map(|reign| reign.in_sync).unwrap_or_default();
        effects.persist(Disk { epoch: self.epoch, primary: self.primary, log: self.log.clone(), in_sync });
    }

    /// Whether nobody else can be primary yet, as far as its clock tells.
    pub(super) fn has_lease(&self, effects: &Effects<'_>) -> bool {
        let Config { automatic, rules, .. } = effects.config();
        let lease_until_us = self.reign().and_then(|reign| reign.lease_until_us);
        !automatic || !rules.lease || lease_until_us.is_some_and(|until_us| effects.local_now() < until_us)
    }

    /// What a message can change besides the log: which replicas count, what is committed, and how many wait for that.
    pub(super) fn standing(&self) -> (Option<InSync>, u64, usize) {
        (self.reign().map(|reign| reign.in_sync), self.committed, self.parked.len())
    }

    /// Where its log ends.
    pub fn last(&self) -> Position {
        self.log.last()
    }
}
