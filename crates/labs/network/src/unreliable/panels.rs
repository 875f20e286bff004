//! What stands beside the stage: requests, the ledger's disk, bytes before and after, and what generals know.

use sim::frame::{Cell, CellState, Panel};
use sim::{NodeId, Text, WorldOf, t};

use super::general::{Battle, knowledge};
use super::ledger::Entry;
use super::settings::Plan;
use super::view::{account, at, hex, in_words, key_word};
use super::wire::{ACCOUNTS, Ask, Damage, Deed, Record};
use super::{UnreliableNetwork, UnreliableNode};

/// How many of the newest effects are looked through for those of a request.
const LOOKED_THROUGH: usize = 200;

/// How many requests of a client, how many effects, and how many battles are shown.
const SHOWN_REQUESTS: usize = 4;
const SHOWN_EFFECTS: usize = 8;
const SHOWN_BATTLES: usize = 6;

/// The panels of payments.
pub(super) fn payments(world: WorldOf<'_, UnreliableNetwork>, sees_truth: bool) -> Vec<Panel> {
    let damage = last_damage(world).filter(|_| sees_truth);
    // What nobody has noticed is what there is to see.
    let (first, last) = match damage {
        Some((_, damage)) if !damage.is_noticed => (Some(bytes(damage)), None),
        damage => (None, damage.map(|(_, damage)| bytes(damage))),
    };
    first.into_iter().chain([requests(world), accounts(world)]).chain(effects(world)).chain(last).collect()
}

/// What a user wants, in few words: there is little room.
fn shortly(ask: Ask) -> Text {
    match ask.deed {
        Deed::Charge => t!("charge {account} {amount}", account = account(ask), amount = ask.amount),
        Deed::Set => t!("limit {account} {amount}", account = account(ask), amount = ask.amount),
    }
}

/// What became of the last requests.
fn requests(world: WorldOf<'_, UnreliableNetwork>) -> Panel {
    let log = &world.nodes().disk(world.config().ledger()).book.log;
    let effects = |client: NodeId, number: u32| {
        let newest = (log.len().saturating_sub(LOOKED_THROUGH)..log.len()).filter_map(|place| log.get(place));
        newest.filter(|entry| u16::from(entry.client) == client.0 + 1 && entry.number == number).count()
    };
    let key = |key: u32| if key == 0 { t!("none") } else { key_word(key) };
    let mut rows = Vec::new();
    for client in (0..world.config().clients).map(NodeId) {
        let name = |number: u32| t!("{client}, {number}", client = world.label(client).to_string(), number = number);
        let told = &world.nodes().disk(client).client.told;
        for told in told.iter().rev().take(SHOWN_REQUESTS).rev() {
            rows.push(vec![
                name(told.number),
                shortly(told.ask),
                key(told.key),
                t!("{count}", count = told.attempts),
                t!("{count}", count = effects(client, told.number)),
                told.verdict.word(),
            ]);
        }
        let state = world.nodes().state(client).and_then(UnreliableNode::client);
        if let Some(open) = state.and_then(|client| client.open.as_ref()) {
            rows.push(vec![
                name(open.number),
                shortly(open.ask),
                key(open.key),
                t!("{count}", count = open.attempts.made),
                t!("{count}", count = effects(client, open.number)),
                t!("waits"),
            ]);
        }
    }
    Panel::Table {
        title: t!("Requests"),
        head: vec![t!("request"), t!("what"), t!("key"), t!("tries"), t!("effects"), t!("told")],
        rows,
    }
}

fn accounts(world: WorldOf<'_, UnreliableNetwork>) -> Panel {
    let book = &world.nodes().disk(world.config().ledger()).book;
    let row = |(account, name): (&super::ledger::Account, &str)| {
        vec![
            Text::verbatim(name.to_string()),
            t!("{amount}", amount = account.balance),
            t!("{amount}", amount = account.limit),
        ]
    };
    Panel::Table {
        title: t!("Accounts"),
        head: vec![t!("account"), t!("balance"), t!("limit")],
        rows: book.accounts.iter().zip(ACCOUNTS).map(row).collect(),
    }
}

/// What has had effect, as it stands on the ledger's disk.
fn effects(world: WorldOf<'_, UnreliableNetwork>) -> Option<Panel> {
    let log = &world.nodes().disk(world.config().ledger()).book.log;
    let first = log.len().saturating_sub(SHOWN_EFFECTS);
    let is_repeat = |entry: &Entry, place: usize| {
        let earlier = (place.saturating_sub(LOOKED_THROUGH)..place).filter_map(|place| log.get(place));
        earlier.into_iter().any(|other| (other.client, other.number) == (entry.client, entry.number))
    };
    let cell = |(place, entry): (usize, &Entry)| {
        let what = in_words(entry.ask);
        let is_repeat = is_repeat(entry, place);
        let label = match entry.ask.deed {
            Deed::Charge => t!("{account}+{amount}", account = account(entry.ask), amount = entry.ask.amount),
            Deed::Set => t!("{account}≤{amount}", account = account(entry.ask), amount = entry.ask.amount),
        };
        let (client, number) = (u64::from(entry.client), entry.number);
        let detail = match is_repeat {
            true => t!(
                "request {number} of client {client}, once more: {what}",
                number = number,
                client = client,
                what = what
            ),
            false => t!("request {number} of client {client}: {what}", number = number, client = client, what = what),
        };
        Cell { era: None, label, state: if is_repeat { CellState::Conflicting } else { CellState::Committed }, detail }
    };
    let cells: Vec<Cell> = (first..log.len()).filter_map(|place| Some((place, log.get(place)?))).map(cell).collect();
    let row = (Text::verbatim(world.label(world.config().ledger()).to_string()), cells);
    (!log.is_empty()).then(|| Panel::Log { title: t!("What had effect"), first: first as u64 + 1, rows: vec![row] })
}

/// The newest damage that a node has met.
fn last_damage(world: WorldOf<'_, UnreliableNetwork>) -> Option<(NodeId, Damage)> {
    let of_node = |node: NodeId| Some((node, world.nodes().state(node)?.seen()?.last?));
    world.nodes().ids().filter_map(of_node).max_by_key(|(_, damage)| damage.at_us)
}

/// Bytes before and after, in hex and in words.
fn bytes(damage: Damage) -> Panel {
    let (before, after) = (Record::read(&damage.before), Record::read(&damage.after));
    let is_request = before.answer().is_none();
    let plain = |number: u32| t!("{number}", number = number);
    let what = |record: Record| match (record.request(), record.answer()) {
        (Some(request), _) => in_words(request.ask),
        (_, Some(answer)) => t!("answer: {status}", status = answer.status.word()),
        _ => t!("no sense"),
    };
    let fields = [
        (t!("what"), 0, 1, what(before), what(after)),
        (t!("client"), 1, 1, plain(before.client.into()), plain(after.client.into())),
        (t!("account"), 2, 1, plain(before.account.into()), plain(after.account.into())),
        (
            if is_request { t!("attempt") } else { t!("status") },
            3,
            1,
            plain(before.flag.into()),
            plain(after.flag.into()),
        ),
        (t!("key"), 4, 4, key_word(before.key), key_word(after.key)),
        (t!("number of the request"), 8, 4, plain(before.number), plain(after.number)),
        (t!("amount"), 12, 4, plain(before.amount), plain(after.amount)),
        (t!("after it"), 16, 4, plain(before.after), plain(after.after)),
        (t!("check of the ends"), 20, 4, Text::default(), Text::default()),
    ];
    let side = |bytes: &[u8], words: Text| {
        if words.is_empty() { hex(bytes) } else { t!("{hex} ({words})", hex = hex(bytes), words = words) }
    };
    let row = |(name, from, length, was, is): (Text, usize, usize, Text, Text)| {
        let (old, new) = (&damage.before[from..from + length], &damage.after[from..from + length]);
        (old != new).then(|| vec![name, side(old, was), side(new, is)])
    };
    let mut rows: Vec<Vec<Text>> = fields.into_iter().filter_map(row).collect();
    if rows.is_empty() {
        rows.push(vec![t!("the check of the hop alone"), Text::default(), Text::default()]);
    }
    let title = match damage.is_noticed {
        true => t!("The last damage, noticed: bytes that changed"),
        false => t!("The last damage, not noticed: bytes that changed"),
    };
    Panel::Table { title, head: vec![t!("bytes"), t!("before"), t!("after")], rows }
}

/// The panels of the generals.
pub(super) fn generals(world: WorldOf<'_, UnreliableNetwork>) -> Vec<Panel> {
    let general = |place: u16| world.nodes().state(NodeId(place)).and_then(UnreliableNode::general);
    let label = |place: u16| Text::verbatim(world.label(NodeId(place)).to_string());
    let mut panels = Vec::new();
    let know = |place: u16, battle: &Battle| {
        let newest = 63u32.saturating_sub(battle.heard.leading_zeros());
        let missing = battle.meant_for(NodeId(place)).filter(|number| !battle.has_heard(*number)).count();
        vec![
            label(place),
            if place == 0 && newest == 0 { t!("it wants to attack") } else { knowledge(newest) },
            match missing {
                0 => t!("all that it waits for"),
                1 => t!("one messenger is missing"),
                missing => t!("{count} messengers are missing", count = missing),
            },
        ]
    };
    if world.config().plan == Plan::Chain {
        let rows: Vec<Vec<Text>> =
            (0..2).filter_map(|place| Some(know(place, general(place)?.battle.as_ref()?))).collect();
        if !rows.is_empty() {
            panels.push(Panel::Table {
                title: t!("Who knows that who knows"),
                head: vec![t!("general"), t!("knows"), t!("has")],
                rows,
            });
        }
    }
    let word = |attacks: bool| if attacks { t!("attacks") } else { t!("stays") };
    let decided = |place: u16, began_us: u64| {
        let decisions = &general(place)?.decisions;
        let mut newest = (0..decisions.len()).rev().take(2 * SHOWN_BATTLES).filter_map(|place| decisions.get(place));
        newest.find(|decision| decision.began_us == began_us).map(|decision| decision.attacks)
    };
    let cell = |place: u16, began_us: u64| decided(place, began_us).map_or_else(Text::default, word);
    let began = |place: u16| {
        let decisions = general(place).map(|general| &general.decisions);
        decisions.into_iter().flat_map(|decisions| {
            let newest = (0..decisions.len()).rev().take(SHOWN_BATTLES);
            newest.filter_map(|place| decisions.get(place)).map(|decision| decision.began_us)
        })
    };
    let mut times: Vec<u64> = began(0).chain(began(1)).collect();
    sim::order::sort_by_key(&mut times, |us| u128::from(u64::MAX - *us));
    times.dedup();
    let rows: Vec<Vec<Text>> =
        times.into_iter().take(SHOWN_BATTLES).map(|us| vec![at(us), cell(0, us), cell(1, us)]).collect();
    if !rows.is_empty() {
        panels.push(Panel::Table { title: t!("Battles"), head: vec![t!("began at"), label(0), label(1)], rows });
    }
    panels
}
