//! The checks: what users are told, what has happened to orders, and what servers work on.
//!
//! The monitor knows what each client has asked for, and what the store's disk says. A lost disk ends what is promised: of a client, for
//! all that it asks; of a server or the proxy, for all of them: its lives are counted anew, and so calls and connections have the names of
//! old ones.

use parts::values::word;
use serde::Serialize;
use sim::{Check, CheckKind, Checks, List, Map, NodeId, Observation, Text, Verdicts, t, time_us};

use super::call::{OrderId, Origin};
use super::desk::{Desk, From};
use super::printing::Job;
use super::settings::{Strategy, Style};
use super::store::{Effect, EffectKind};
use super::view::name;
use super::wish::{Verdict, Wish};
use super::{RpcNode, RpcRest};

const AT_MOST_ONCE: usize = 0;
const TOLD_RIGHT: usize = 1;
const NO_LATE_WORK: usize = 2;
const SAFE_GET: usize = 3;
const NO_LOST_UPDATE: usize = 4;
const OWN_CHANGE_SEEN: usize = 5;
const FRESH_ENOUGH: usize = 6;
const NO_ORPHANS: usize = 7;
const GOES_ON: usize = 8;
const ALL_END: usize = 9;
const UNKNOWN_HAPPENED: usize = 10;
const UNKNOWN_DID_NOT: usize = 11;
const ORPHAN: usize = 12;
const PRECONDITION_FAILED: usize = 13;
const WENT_TO_TWIN: usize = 14;
const PRINTED_TWICE: usize = 15;
const NEVER_PRINTED: usize = 16;

/// How much later than its deadline something may end: timers are about to run out.
const SLACK_US: u64 = 1_000_000;

/// In the last so much time each client has finished a purchase.
const PURCHASE_US: u64 = 60_000_000;

/// What has not happened so long after a user was told that it is unknown, has not happened.
const LONG_AFTER_US: u64 = 1_000_000;

/// How many wishes with an unknown end are looked at.
const MOST_UNKNOWN: usize = 16;

impl Checks for RpcRest {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        let printer = || vec![("printer", sim::Value::Flag(true))];
        vec![
            check(
                "at-most-once",
                t!("no wish makes two orders"),
                CheckKind::Always,
                t!("However often a call or a request travels, what a user has wanted once makes one order at the most."),
            )
            .promised_under(vec![("semantics", word("at-most-once"))]),
            check(
                "told-right",
                t!("users are told what is true"),
                CheckKind::Always,
                t!("What a user is told is done has taken effect, and what was refused has not, and never will. Unknown is always true."),
            )
            .kept_by("call_table"),
            check(
                "no-late-work",
                t!("nobody begins to work for nobody"),
                CheckKind::Always,
                t!("No server begins with a call whose time left, counted from its arrival there by its own clock, has run out."),
            ),
            check(
                "safe-get",
                t!("no GET changes anything"),
                CheckKind::Always,
                t!("Whatever is changed in the store is changed by a call, or by another method of HTTP than GET."),
            ),
            check(
                "no-lost-update",
                t!("no change is written over unseen"),
                CheckKind::Always,
                t!("A change is written over just that version which its author had in front of him."),
            ),
            check(
                "own-change-seen",
                t!("users see their own changes"),
                CheckKind::Always,
                t!("Once a client has been told that its change is done, it is shown this version through the proxy, or a later one."),
            ),
            check(
                "fresh-enough",
                t!("the proxy serves nothing too old"),
                CheckKind::Always,
                t!("The proxy answers out of its cache only with what it has got no longer ago than it may keep it."),
            ),
            check(
                "no-orphans",
                t!("no server works for a life that is over"),
                CheckKind::Always,
                t!("Once a server has heard of a later life of a caller, it does not go on with calls of an earlier one."),
            ),
            check(
                "goes-on",
                t!("everybody can buy"),
                CheckKind::Eventually,
                t!("Once the faults are over, each client has finished a purchase in the last 60 seconds."),
            ),
            check(
                "all-end",
                t!("nothing is open for ever"),
                CheckKind::Eventually,
                t!("Once the faults are over, no call and no request is open for longer than its deadline and a second more."),
            ),
            check(
                "unknown-happened",
                t!("unknown, and it had happened"),
                CheckKind::Sometimes,
                t!("A user was told that it is unknown what became of a wish, and it has taken effect or does so later."),
            ),
            check(
                "unknown-did-not",
                t!("unknown, and it had not happened"),
                CheckKind::Sometimes,
                t!("A user was told that it is unknown what became of a wish, and a second later there is no effect and no server has it."),
            ),
            check(
                "orphan",
                t!("a server works for a client that has crashed"),
                CheckKind::Sometimes,
                t!("A server has a call of a client that has crashed since: nobody waits for it. That is called an orphan."),
            ),
            check(
                "precondition-failed",
                t!("a version had moved"),
                CheckKind::Sometimes,
                t!("A client was told that the order has another version than its user has seen (412 in HTTP)."),
            ),
            check(
                "went-to-twin",
                t!("somebody has turned to the twin"),
                CheckKind::Sometimes,
                t!("A client or the proxy has found F silent, and asks F2."),
            ),
            check(
                "printed-twice",
                t!("a text was printed twice"),
                CheckKind::Sometimes,
                t!("One text of one user has come out of the printer two times. Nothing on paper is taken back."),
            )
            .promised_under(printer()),
            check(
                "never-printed",
                t!("a text was never printed"),
                CheckKind::Sometimes,
                t!("The server was back after a crash, the client has decided not to print again, and there is no paper."),
            )
            .promised_under(printer().into_iter().chain(["never", "if-came", "if-not"].map(|name| ("strategy", word(name)))).collect()),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// What each client has wanted.
    clients: Vec<Wanted>,
    /// How many effects there are on the store's disk.
    effects: usize,
    /// In which life each node was last.
    lives: Vec<u64>,
    /// What each server had begun last.
    begun: Vec<u64>,
    /// How often the proxy had served from its cache.
    served: u64,
    /// How much paper there is.
    papers: usize,
    /// What has become of texts that were printed while the server crashed, by strategy and order of events.
    pub tried: List<Tried>,
    /// How far the server had come with each text before a crash.
    pressed: Map<Job, Pressed>,
}

/// How far the server has come with a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Pressed {
    prints_first: bool,
    has_printed: bool,
    has_told: bool,
}

/// What became of a text that was to be printed, with a crash of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tried {
    pub origin: Origin,
    pub strategy: Strategy,
    pub column: Column,
    pub papers: u32,
}

/// The order of completion message M, paper P and crash C; what stands behind the crash has not happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Column {
    Mpc,
    Mc,
    CMessageFirst,
    Pmc,
    Pc,
    CPaperFirst,
}

impl Column {
    /// All of them: first those of a server that sends the message first.
    pub const ALL: [Column; 6] =
        [Column::Mpc, Column::Mc, Column::CMessageFirst, Column::Pmc, Column::Pc, Column::CPaperFirst];

    /// The order in letters.
    pub fn word(self) -> Text {
        match self {
            Column::Mpc => t!("M P C"),
            Column::Mc => t!("M C (P)"),
            Column::CMessageFirst => t!("C (M P)"),
            Column::Pmc => t!("P M C"),
            Column::Pc => t!("P C (M)"),
            Column::CPaperFirst => t!("C (P M)"),
        }
    }

    fn of(pressed: Pressed) -> Column {
        match (pressed.prints_first, pressed.has_printed, pressed.has_told) {
            (false, true, true) => Column::Mpc,
            (false, _, true) => Column::Mc,
            (false, _, false) => Column::CMessageFirst,
            (true, true, true) => Column::Pmc,
            (true, true, false) => Column::Pc,
            (true, false, _) => Column::CPaperFirst,
        }
    }
}

/// What one client has wanted.
#[derive(Clone, Debug, Default, Serialize)]
struct Wanted {
    wishes: List<Fate>,
    /// The newest wish of which the user was told.
    told: u32,
    /// Nothing is promised any more, since the client or a server has lost its disk.
    is_lost: bool,
    /// The versions that it knows to be its own.
    acks: Map<OrderId, u32>,
    acked: u32,
    shown: u32,
    refused_versions: u32,
    /// Wishes of which the user was told that it is unknown, and when.
    unknown: Vec<(u32, u64)>,
}

/// What has become of one wish.
#[derive(Clone, Copy, Debug, Serialize)]
struct Fate {
    wish: Wish,
    made: u32,
    changed: u32,
    cancelled: u32,
    told: Option<Verdict>,
}

impl Fate {
    fn effects(&self) -> u32 {
        self.made + self.changed + self.cancelled
    }
}

type Seen<'a> = Observation<'a, RpcNode>;

impl sim::Monitor<RpcNode> for Monitor {
    fn observe(&mut self, seen: &Seen<'_>, verdicts: &mut Verdicts) {
        let (config, nodes) = (seen.config, seen.nodes);
        self.clients.resize_with(config.clients().count(), Wanted::default);
        self.lives.resize(nodes.len(), 0);
        self.begun.resize(nodes.len(), 0);
        if let Some(node) = seen.node {
            self.look_at_life(node, seen);
            if config.is_client(node) {
                self.look_at_client(node, seen, verdicts);
            } else if Some(node) == config.proxy() {
                self.look_at_proxy(node, seen, verdicts);
            } else if Some(node) == config.printer() {
                self.look_at_paper(node, seen, verdicts);
            } else {
                self.look_at_server(node, seen, verdicts);
            }
            if config.printer().is_some() {
                self.look_at_printing(node, seen, verdicts);
            }
        }
        self.look_at_unknown(seen, verdicts);
        self.judge_the_end(seen, verdicts);
    }
}

impl Monitor {
    /// A node that starts in an earlier life than it was in has lost its disk.
    fn look_at_life(&mut self, node: NodeId, seen: &Seen<'_>) {
        let life = seen.nodes.disk(node).lives;
        let has_lost = life < self.lives[node.index()];
        self.lives[node.index()] = life;
        if !has_lost {
            return;
        }
        if seen.config.is_client(node) {
            self.clients[node.index()].is_lost = true;
            return;
        }
        if Some(node) == seen.config.printer() {
            self.papers = 0;
            return;
        }
        for wanted in &mut self.clients {
            wanted.is_lost = true;
        }
        if node == seen.config.store() {
            self.effects = 0;
        }
    }

    fn look_at_client(&mut self, node: NodeId, seen: &Seen<'_>, verdicts: &mut Verdicts) {
        let store = seen.config.store();
        let wanted = &mut self.clients[node.index()];
        let Some(client) = seen.nodes.state(node).and_then(RpcNode::client) else {
            return self.look_for_orphans(node, seen, verdicts);
        };
        if wanted.is_lost {
            return;
        }
        while wanted.wishes.len() < client.written().made as usize
            && let Some((_, wish)) = client.written().open
        {
            wanted.wishes.push(Fate { wish, made: 0, changed: 0, cancelled: 0, told: None });
        }
        for told in client.told.iter().filter(|told| told.number > wanted.told) {
            let Some(fate) = wanted.wishes.get_mut(told.number as usize - 1) else { continue };
            fate.told = Some(told.verdict);
            let (fate, origin) = (*fate, Origin { client: node, number: told.number });
            let nodes = [node, store];
            match told.verdict {
                Verdict::Done if !is_done(&fate, seen) => verdicts.broken(TOLD_RIGHT, &nodes, || {
                    t!(
                        "The user of {node} was told that {call} is done ({what}), and {store} knows nothing of it",
                        node = node,
                        call = name(origin),
                        what = fate.wish.word(),
                        store = store
                    )
                }),
                Verdict::Refused if fate.effects() > 0 => {
                    verdicts.broken(TOLD_RIGHT, &nodes, || refused_and_done(origin, &fate));
                }
                Verdict::Unknown if fate.wish.is_unsafe() && fate.wish != Wish::Print => {
                    if fate.effects() > 0 {
                        verdicts.seen(UNKNOWN_HAPPENED, &nodes, || unknown_and_done(origin, &fate));
                    } else if wanted.unknown.len() < MOST_UNKNOWN {
                        wanted.unknown.push((told.number, seen.at_us));
                    }
                }
                _ => {}
            }
        }
        wanted.told = client.told.back().map_or(wanted.told, |told| told.number.max(wanted.told));
        if let Some(shown) = client.last_shown.filter(|shown| shown.count != wanted.shown) {
            wanted.shown = shown.count;
            let own = wanted.acks.get(&shown.order).copied();
            if let Some(own) = own.filter(|own| shown.version < *own && seen.config.style(node) == Style::Rest) {
                verdicts.broken(OWN_CHANGE_SEEN, &[node], || {
                    t!("{node} knows that its own change has made order {order} version {own}, and is shown version {version}", node = node, order = shown.order, own = own, version = shown.version)
                });
            }
        }
        if let Some(ack) = client.last_ack.filter(|ack| ack.count != wanted.acked) {
            wanted.acked = ack.count;
            wanted.acks.insert(ack.order, ack.version);
        }
        if client.refused_versions > wanted.refused_versions {
            verdicts.seen(PRECONDITION_FAILED, &[node], || {
                t!("{node} is told that the order has another version than its user has seen", node = node)
            });
        }
        wanted.refused_versions = client.refused_versions;
        if let Some(open) = client.stub.open.as_ref().filter(|open| Some(open.to) == seen.config.twin()) {
            verdicts.seen(WENT_TO_TWIN, &[node, open.to], || t!("{node} asks {twin}", node = node, twin = open.to));
        }
    }

    /// A client has crashed: does anybody work for it?
    fn look_for_orphans(&self, client: NodeId, seen: &Seen<'_>, verdicts: &mut Verdicts) {
        for server in seen.config.fronts() {
            let desk = seen.nodes.state(server).and_then(RpcNode::desk);
            let has = |desk: &Desk| {
                desk.jobs.values().any(|job| matches!(job.from, From::Call { caller, .. } if caller == client))
            };
            if desk.is_some_and(has) {
                verdicts.seen(ORPHAN, &[server, client], || {
                    t!("{server} works for {client}, which has crashed", server = server, client = client)
                });
            }
        }
    }

    fn look_at_proxy(&mut self, node: NodeId, seen: &Seen<'_>, verdicts: &mut Verdicts) {
        let Some(proxy) = seen.nodes.state(node).and_then(RpcNode::proxy) else {
            self.served = 0;
            return;
        };
        if let Some(served) = proxy.served.filter(|served| served.count != self.served) {
            self.served = served.count;
            if served.age_us > seen.config.max_age_us {
                verdicts.broken(FRESH_ENOUGH, &[node], || {
                    t!(
                        "{node} has served {path}, which it got {age} ago",
                        node = node,
                        path = served.path.text(),
                        age = time_us(served.age_us)
                    )
                });
            }
        }
        let to_twin = proxy.exchanges.values().find(|exchange| Some(exchange.front) == seen.config.twin());
        if let Some(exchange) = to_twin {
            let twin = exchange.front;
            verdicts.seen(WENT_TO_TWIN, &[node, twin], || t!("{node} asks {twin}", node = node, twin = twin));
        }
    }

    fn look_at_server(&mut self, node: NodeId, seen: &Seen<'_>, verdicts: &mut Verdicts) {
        if node == seen.config.store() {
            self.look_at_disk(node, seen, verdicts);
        }
        let Some((desk, door)) = seen.nodes.state(node).and_then(|state| Some((state.desk()?, state.door()?))) else {
            self.begun[node.index()] = 0;
            return;
        };
        if let Some(begun) = desk.begun.filter(|begun| begun.job != self.begun[node.index()]) {
            self.begun[node.index()] = begun.job;
            let took_us = begun.at_us.saturating_sub(begun.arrived_us);
            if begun.is_call
                && let Some(left_us) = begun.left_us.filter(|left_us| took_us > *left_us)
            {
                verdicts.broken(NO_LATE_WORK, &[node], || {
                    t!(
                        "{node} begins with a call {late} after its time left has run out",
                        node = node,
                        late = time_us(took_us - left_us)
                    )
                });
            }
        }
        let orphan = desk.jobs.values().find_map(|job| match job.from {
            From::Call { caller, life, .. } if door.heard.get(&caller).is_some_and(|heard| life < *heard) => {
                Some((caller, job.ask.origin))
            }
            _ => None,
        });
        if let Some((caller, origin)) = orphan {
            verdicts.broken(NO_ORPHANS, &[node, caller], || {
                t!(
                    "{node} goes on with {call}, and has heard that {caller} has crashed since",
                    node = node,
                    call = name(origin),
                    caller = caller
                )
            });
        }
    }

    /// Looks at what is new on the store's disk.
    fn look_at_disk(&mut self, store: NodeId, seen: &Seen<'_>, verdicts: &mut Verdicts) {
        let log = &seen.nodes.disk(store).book.log;
        if log.len() < self.effects {
            self.effects = 0;
        }
        while let Some(effect) = log.get(self.effects) {
            self.effects += 1;
            self.judge(*effect, store, verdicts);
        }
    }

    fn judge(&mut self, effect: Effect, store: NodeId, verdicts: &mut Verdicts) {
        let Effect { origin, order, kind, is_get } = effect;
        if is_get {
            verdicts.broken(SAFE_GET, &[store], || t!("A GET has cancelled order {order}", order = order));
        }
        let Some(wanted) = self.clients.get_mut(origin.client.index()).filter(|wanted| !wanted.is_lost) else { return };
        let nodes = [store, origin.client];
        if let EffectKind::Changed { from, base } = kind
            && from != base
        {
            verdicts.broken(NO_LOST_UPDATE, &nodes, || {
                t!("{call} has written over version {from} of order {order}, and its author had version {base} in front of him", call = name(origin), from = from, order = order, base = base)
            });
        }
        let Some(fate) = (origin.number as usize).checked_sub(1).and_then(|place| wanted.wishes.get_mut(place)) else {
            return;
        };
        match kind {
            EffectKind::Made => fate.made += 1,
            EffectKind::Changed { .. } => fate.changed += 1,
            EffectKind::Cancelled => fate.cancelled += 1,
        }
        let fate = *fate;
        if fate.made > 1 {
            verdicts.broken(AT_MOST_ONCE, &nodes, || {
                t!("{call} has made {count} orders, and its user wanted one", call = name(origin), count = fate.made)
            });
        }
        match fate.told {
            Some(Verdict::Refused) => {
                verdicts.broken(TOLD_RIGHT, &nodes, || refused_and_done(origin, &fate));
            }
            Some(Verdict::Unknown) => verdicts.seen(UNKNOWN_HAPPENED, &nodes, || unknown_and_done(origin, &fate)),
            _ => {}
        }
        wanted.unknown.retain(|(number, _)| *number != origin.number);
    }

    /// Wishes with an unknown end that have no effect, and that no server has.
    fn look_at_unknown(&mut self, seen: &Seen<'_>, verdicts: &mut Verdicts) {
        let servers = || seen.config.fronts().chain([seen.config.store()]);
        for (place, wanted) in self.clients.iter_mut().enumerate() {
            let client = NodeId::at(place);
            wanted.unknown.retain(|(number, told_us)| {
                if seen.at_us < told_us + LONG_AFTER_US {
                    return true;
                }
                let origin = Origin { client, number: *number };
                let has = |desk: &Desk| desk.jobs.values().any(|job| job.ask.origin == origin);
                let is_at_work =
                    servers().any(|server| seen.nodes.state(server).and_then(RpcNode::desk).is_some_and(has));
                if is_at_work {
                    return true;
                }
                verdicts.seen(UNKNOWN_DID_NOT, &[client], || {
                    t!(
                        "The user of {node} was told that {call} is unknown, and it has not happened",
                        node = client,
                        call = name(origin)
                    )
                });
                false
            });
        }
    }

    /// How far the server has come with a text, and what clients have decided after a crash.
    fn look_at_printing(&mut self, node: NodeId, seen: &Seen<'_>, verdicts: &mut Verdicts) {
        if node == seen.config.front()
            && let Some(front) = seen.nodes.state(node).and_then(RpcNode::front)
        {
            let now = front.press.now.iter().chain(front.press.done.iter());
            for now in now.filter(|now| !now.job.again) {
                let (prints_first, has_printed, has_told) = (now.prints_first, now.has_printed, now.has_told);
                self.pressed.insert(now.job, Pressed { prints_first, has_printed, has_told });
            }
        }
        let print = seen.nodes.state(node).and_then(RpcNode::client).and_then(|client| client.print);
        let Some(print) = print.filter(|print| print.decided.is_some()) else { return };
        let origin = print.job.origin;
        if self.tried.iter().any(|tried| tried.origin == origin) {
            return;
        }
        let usual = Pressed { prints_first: seen.config.print_first, ..Pressed::default() };
        let pressed = self.pressed.get(&print.job).copied().unwrap_or(usual);
        let papers = papers_of(origin, seen);
        let column = Column::of(pressed);
        self.tried.push(Tried { origin, strategy: seen.config.strategy, column, papers });
        if papers == 0 && print.decided == Some(false) && !pressed.has_printed {
            verdicts.seen(NEVER_PRINTED, &[node], || {
                t!("{node} does not print {call} again, and there is no paper", node = node, call = name(origin))
            });
        }
    }

    fn look_at_paper(&mut self, printer: NodeId, seen: &Seen<'_>, verdicts: &mut Verdicts) {
        let paper = &seen.nodes.disk(printer).paper;
        self.papers = self.papers.min(paper.len());
        while let Some(sheet) = paper.get(self.papers) {
            self.papers += 1;
            let origin = sheet.job.origin;
            let count = papers_of(origin, seen);
            if count > 1 {
                verdicts.seen(PRINTED_TWICE, &[printer, origin.client], || {
                    t!("The text of {call} is on paper {count} times", call = name(origin), count = count)
                });
            }
            let place = self.tried.iter().position(|tried| tried.origin == origin);
            if let Some(tried) = place.and_then(|place| self.tried.get_mut(place)) {
                tried.papers = count;
            }
        }
    }

    /// Judges what has to be so in the end.
    fn judge_the_end(&self, seen: &Seen<'_>, verdicts: &mut Verdicts) {
        let (mut go_on, mut ends) = (true, true);
        for node in seen.config.clients() {
            let now_us = seen.nodes.clock(node).counts(seen.at_us);
            let Some(client) = seen.nodes.state(node).and_then(RpcNode::client) else {
                ends &= seen.nodes.disk(node).client.open.is_none();
                continue;
            };
            let most_us = seen.config.longest_us() + SLACK_US;
            ends &= client.open.as_ref().is_none_or(|open| now_us <= open.asked_us.saturating_add(most_us));
            let is_lost = self.clients[node.index()].is_lost || seen.config.workload_us == 0;
            go_on &= is_lost || now_us <= client.bought_us.saturating_add(PURCHASE_US);
        }
        verdicts.reached(GOES_ON, go_on);
        verdicts.reached(ALL_END, ends);
    }
}

/// Whether what a user was told is done, is so.
fn is_done(fate: &Fate, seen: &Seen<'_>) -> bool {
    match fate.wish {
        Wish::Create { .. } | Wish::Long => fate.made > 0,
        Wish::Change { .. } => fate.changed > 0,
        Wish::Cancel { order } => seen.nodes.disk(seen.config.store()).book.orders.get(&order).is_none(),
        Wish::Read { .. } | Wish::List | Wish::Print => true,
    }
}

fn papers_of(origin: Origin, seen: &Seen<'_>) -> u32 {
    let printer = seen.config.printer();
    let paper = printer.map(|printer| &seen.nodes.disk(printer).paper);
    paper.map_or(0, |paper| paper.iter().filter(|sheet| sheet.job.origin == origin).count() as u32)
}

fn refused_and_done(origin: Origin, fate: &Fate) -> Text {
    t!(
        "The user was told that {call} was refused ({what}), and it has taken effect",
        call = name(origin),
        what = fate.wish.word()
    )
}

fn unknown_and_done(origin: Origin, fate: &Fate) -> Text {
    t!(
        "The user was told that {call} is unknown ({what}), and it has taken effect",
        call = name(origin),
        what = fate.wish.word()
    )
}
