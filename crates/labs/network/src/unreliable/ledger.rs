//! The ledger: it charges accounts and sets their limits, and keeps the answer to each key.

use parts::keys::{Kept, Keys, Known};
use serde::Serialize;
use sim::{List, Map, t};

use super::view::{in_words, key_word};
use super::wire::{ACCOUNTS, Answer, Ask, Deed, Packet, Record, Request, Seen, Status};
use super::{Disk, Effects, Message, Semantics, Timer};

/// What is put off, is put off for so long, in microseconds.
pub(super) const PUT_OFF_US: u64 = 5_000;

/// The state of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ledger {
    disk: Disk,
    /// What is at work.
    pub jobs: Map<u64, Request>,
    jobs_begun: u64,
    /// Keys that are not in the book yet, since that is put off.
    late: Map<u64, Kept<Answer>>,
    /// How many requests have come that it could read, repeats among them.
    pub delivered: u64,
    /// How many of them had effect.
    pub carried_out: u64,
    pub seen: Seen,
}

/// What the ledger has on its disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Book {
    pub accounts: [Account; ACCOUNTS.len()],
    pub keys: Keys<Answer>,
    /// All effects, the oldest first.
    pub log: List<Entry>,
    /// The number of the last limit that each client has set.
    last_set: Map<u8, u32>,
}

/// An account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    /// What was charged in all.
    pub balance: u32,
    pub limit: u32,
}

/// Something that had effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub client: u8,
    pub number: u32,
    pub key: u32,
    pub ask: Ask,
    /// The balance or the limit after it.
    pub after: u32,
}

impl Book {
    /// Carries something out.
    fn apply(&mut self, request: Request) -> u32 {
        let Request { client, number, key, ask, .. } = request;
        let account = &mut self.accounts[usize::from(ask.account)];
        let after = match ask.deed {
            Deed::Charge => {
                account.balance = account.balance.saturating_add(ask.amount);
                account.balance
            }
            Deed::Set => {
                account.limit = ask.amount;
                let last = self.last_set.get(&client).copied().unwrap_or(0);
                self.last_set.insert(client, last.max(number));
                ask.amount
            }
        };
        self.log.push(Entry { client, number, key, ask, after });
        after
    }
}

impl Ledger {
    /// Starts the ledger from its disk.
    pub(super) fn boot(disk: Disk) -> Ledger {
        Ledger {
            disk,
            jobs: Map::default(),
            jobs_begun: 0,
            late: Map::default(),
            delivered: 0,
            carried_out: 0,
            seen: Seen::default(),
        }
    }

    /// What it goes by.
    pub fn book(&self) -> &Book {
        &self.disk.book
    }

    /// A request comes, or what is left of it.
    pub(super) fn on_request(&mut self, packet: Packet, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        if !self.seen.look(&packet, now_us) {
            effects
                .note(|| t!("{node} gets bytes that do not fit the check of the hop, and throws them away", node = me));
            return;
        }
        if !packet.is_whole() {
            effects.rule("end_to_end");
            if effects.config().rules.end_to_end {
                self.seen.throw(&packet, now_us);
                effects.note(|| {
                    t!(
                        "{node} looks at the check of the client, which does not fit, and throws the request away",
                        node = me
                    )
                });
                effects
                    .note(|| t!("The check of the last hop was good: the bytes were spoilt before it was computed."));
                return;
            }
        }
        let Some(request) = Record::read(&packet.bytes).request() else {
            effects.note(|| t!("{node} gets a request that makes no sense", node = me));
            return;
        };
        self.delivered += 1;
        if effects.config().semantics == Semantics::Exactly {
            self.on_key(request, effects);
        } else {
            self.work(request, effects);
        }
    }

    /// A request that should have a key.
    fn on_key(&mut self, request: Request, effects: &mut Effects<'_>) {
        let (me, now_us, window_us) = (effects.me(), effects.monotonic_now(), effects.config().window_us);
        let key = key_word(request.key);
        if request.key == 0 {
            effects.note(|| t!("{node} wants a key, and does nothing without one: 400", node = me));
            return reply(request.answer(Status::NoKey, 0), effects);
        }
        let at_work = self.jobs.values().find(|job| job.own_key() == request.own_key()).copied();
        let late = self.late.values().find(|kept| kept.key == request.own_key());
        let known = match late {
            Some(kept) if kept.fingerprint == request.fingerprint() => Known::Answered(&kept.answer),
            Some(_) => Known::Other,
            None => self.disk.book.keys.look(request.own_key(), request.fingerprint(), now_us, window_us),
        };
        match known {
            Known::Answered(answer) => {
                let answer = *answer;
                effects.rule("keep_answer");
                if effects.config().rules.keep_answer {
                    effects.note(|| {
                        t!("{node} knows key {key}, and gives the same answer again", node = me, key = key.clone())
                    });
                    effects
                        .because(&["keep_answer"], || t!("It is delivered once more, and not carried out once more."));
                    reply(answer, effects);
                } else {
                    effects
                        .note(|| t!("{node} knows key {key}, and says that it exists", node = me, key = key.clone()));
                    reply(request.answer(Status::Exists, 0), effects);
                }
            }
            Known::Other => {
                effects.note(|| t!("{node} knows key {key} from another request: 422", node = me, key = key.clone()));
                reply(request.answer(Status::OtherRequest, 0), effects);
            }
            Known::New => match at_work {
                Some(job) if job.fingerprint() == request.fingerprint() => {
                    effects.note(|| t!("{node} is still at work on key {key}: 409", node = me, key = key.clone()));
                    reply(request.answer(Status::AtWork, 0), effects);
                }
                Some(_) => {
                    effects.note(|| {
                        t!("{node} is at work on another request with key {key}: 422", node = me, key = key.clone())
                    });
                    reply(request.answer(Status::OtherRequest, 0), effects);
                }
                None => self.work(request, effects),
            },
        }
    }

    /// It goes to work.
    fn work(&mut self, request: Request, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.jobs_begun += 1;
        self.jobs.insert(self.jobs_begun, request);
        effects.set_timer(Timer::Work(self.jobs_begun), effects.config().work_us);
        if request.attempt <= 1 {
            effects.routine("work");
        }
        effects.note(|| match request.key {
            0 => t!("{node} goes to work: {what}", node = me, what = in_words(request.ask)),
            key => t!(
                "{node} has not seen key {key}, and goes to work: {what}",
                node = me,
                key = key_word(key),
                what = in_words(request.ask)
            ),
        });
        if request.key == 0 && request.attempt > 1 {
            effects.note(|| t!("It cannot know whether it has done so before: to it, this is one more request."));
        }
    }

    /// The work is done.
    pub(super) fn carry_out(&mut self, job: u64, effects: &mut Effects<'_>) {
        let (me, now_us) = (effects.me(), effects.monotonic_now());
        let Some(request) = self.jobs.remove(&job) else { return };
        let has_key = effects.config().semantics == Semantics::Exactly;
        let rules = effects.config().rules;
        let newer = self.disk.book.last_set.get(&request.client).copied().filter(|last| *last > request.number);
        let is_outdated = request.ask.deed == Deed::Set && newer.is_some();
        if is_outdated {
            effects.rule("outdated");
        }
        let answer = if is_outdated && rules.outdated {
            effects.note(|| t!("{node} does not do this: the same client has set a newer limit", node = me));
            effects.because(&["outdated"], || {
                t!("A limit can be set twice without harm, but not the old one after the new one.")
            });
            request.answer(Status::Outdated, 0)
        } else {
            self.carried_out += 1;
            let after = self.disk.book.apply(request);
            let account = ACCOUNTS[usize::from(request.ask.account)];
            effects.note(|| match request.ask.deed {
                Deed::Charge => t!(
                    "{node} charges account {account}: the balance is {amount}",
                    node = me,
                    account = account,
                    amount = after
                ),
                Deed::Set => t!(
                    "{node} sets the limit of account {account} to {amount}",
                    node = me,
                    account = account,
                    amount = after
                ),
            });
            request.answer(Status::Done, after)
        };
        if request.attempt <= 1 && !is_outdated {
            effects.routine("carried out");
        }
        if has_key {
            let kept = Kept { key: request.own_key(), fingerprint: request.fingerprint(), answer, at_us: now_us };
            effects.rule("one_write");
            if rules.one_write {
                self.disk.book.keys.keep(kept);
            } else {
                self.late.insert(job, kept);
            }
        }
        effects.rule("write_first");
        if rules.write_first {
            effects.persist(self.disk.clone());
        }
        if !rules.write_first || (has_key && !rules.one_write) {
            effects.set_timer(Timer::Write(job), PUT_OFF_US);
        }
        if has_key && !is_outdated {
            effects.because(&["one_write", "write_first"], || {
                t!("Effect, key and answer are on its disk before the answer leaves: in one write, all or nothing.")
            });
        }
        reply(answer, effects);
    }

    /// What was put off is written.
    pub(super) fn write(&mut self, job: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        let kept = self.late.remove(&job);
        let is_key = kept.is_some();
        kept.into_iter().for_each(|kept| self.disk.book.keys.keep(kept));
        effects.persist(self.disk.clone());
        effects.routine("write");
        effects.note(|| match is_key {
            true => t!("{node} writes the key of what it has done to disk", node = me),
            false => t!("{node} writes what it has done to disk", node = me),
        });
    }
}

fn reply(answer: Answer, effects: &mut Effects<'_>) {
    let (kind, gateway) = (effects.config().hop_check, effects.config().gateway());
    effects.send(gateway, Message::Packet(Packet::new(answer.bytes(), kind)));
}
