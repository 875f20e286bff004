//! How the lab looks: a ring of miners with few links, wallets at the side, and the branch that each of them believes.

use sim::frame::{Field, Frame, Gauge, Group, LegendRow, MessageKind, Node as Drawn, Shape, Sign, Stroke, Tone};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t, time_us};

use super::block::Payment;
use super::branches::{era, leaves};
use super::{Message, Peer, ProofOfWork, Timer, panels};

/// Above so many nodes what stands beside each of them would lie on its neighbours.
const MOST_TAGGED: usize = 12;

impl View for ProofOfWork {
    /// How a node looks.
    fn look(_node: NodeId, state: Option<&Peer>) -> Look {
        let look = |shape, tone, role| Look { shape, tone, role, badge: Text::default() };
        match state {
            Some(peer) if peer.attack.is_some() => look(Shape::Diamond, Tone::Violation, t!("attacker")),
            _ => look(Shape::Box, Tone::Plain, Text::default()),
        }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        match message {
            Message::Block(block) => MessageLook {
                kind: MessageKind::Replication,
                reply: false,
                label: block.name(),
                fields: vec![
                    field(t!("height"), number(block.height)),
                    field(t!("found by"), t!("{node}", node = block.miner)),
                    field(t!("payments"), number(block.payments.len() as u64)),
                    field(t!("its clock"), t!("{time}", time = time_us(block.time_us.unsigned_abs()))),
                    field(t!("kilobytes"), number(block.kb)),
                ],
            },
            Message::Payment(payment) => MessageLook {
                kind: MessageKind::Client,
                reply: false,
                label: t!("{from} pays {to}", from = payment.from, to = payment.to),
                fields: vec![field(t!("coin"), coin(payment))],
            },
            Message::Ask { height, .. } => MessageLook {
                kind: MessageKind::Other,
                reply: false,
                label: t!("{height}?", height = *height),
                fields: vec![field(t!("height"), number(*height))],
            },
        }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Find => t!("finds a block"),
            Timer::Pay => t!("next payment"),
            Timer::Strike => t!("sends what is hidden"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Message as Mark, Node as Shown, Twig};
        let row = LegendRow::new;
        vec![
            row(Shown(Shape::Box, Tone::Plain), t!("a miner: it looks for the next block")).of("miner"),
            row(Shown(Shape::Diamond, Tone::Violation), t!("A, a miner that attacks")),
            row(Shown(Shape::Person, Tone::Plain), t!("a wallet: W1 buys, W2 is the shop; both only listen")),
            row(Badge(t!("#17")), t!("the height of the block it believes; another colour is another chain"))
                .in_era(1)
                .of("blockchain"),
            row(Sign::Gauge(Tone::Plain), t!("its share of all hash power")).of("hash power"),
            row(Mark(MessageKind::Replication), t!("a block: its height, and who has found it")).of("blockchain"),
            row(Mark(MessageKind::Client), t!("a payment that no block has yet")),
            row(Mark(MessageKind::Other), t!("the block of this height is asked for")),
            row(Twig(Stroke::Hatched), t!("a block that nobody believes any more")),
            row(Twig(Stroke::Dashed), t!("a block that its miner hides")),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, ProofOfWork>, frame: &mut Frame) {
        let leaves = leaves(world);
        let are_tagged = frame.nodes.len() <= MOST_TAGGED;
        for node in &mut frame.nodes {
            if !world.config().is_miner(node.id) {
                node.shape = Shape::Person;
            }
            node.era = Some(1);
            if let Some(peer) = world.nodes().state(node.id) {
                let shown = peer.attack.as_ref().map_or(&peer.tip, |attack| &attack.public);
                node.era = Some(era(&leaves, shown).unwrap_or(1));
                show(world, peer, are_tagged, node);
            }
        }
        let is_whole = frame.groups.is_empty();
        if is_whole && leaves.len() > 1 {
            frame.groups = sides(world, &leaves);
        }
        frame.panels = panels::all(world, &leaves);
    }
}

/// Who believes which branch, where there are several.
fn sides(world: WorldOf<'_, ProofOfWork>, leaves: &[super::Link]) -> Vec<Group> {
    let miners = (0..world.config().miners).map(NodeId).filter(|node| !world.config().is_attacker(*node));
    let believes = |node: NodeId| {
        let tip = &world.nodes().state(node)?.tip;
        // Who stands below the fork is on no side yet.
        let mut sides = leaves.iter().enumerate().filter(|(_, leaf)| super::block::stands_on(leaf, tip));
        let side = sides.next()?.0;
        sides.next().is_none().then_some(side)
    };
    let nodes: Vec<(NodeId, Option<usize>)> = miners.map(|node| (node, believes(node))).collect();
    let side = |(place, leaf): (usize, &super::Link)| {
        let members: Vec<NodeId> =
            nodes.iter().filter(|(_, side)| *side == Some(place)).map(|(node, _)| *node).collect();
        let tag = t!("block {name}", name = panels::name(world, leaf));
        (!members.is_empty()).then_some(Group { nodes: members, tag, tone: Tone::Plain })
    };
    leaves.iter().enumerate().filter_map(side).collect()
}

fn show(world: WorldOf<'_, ProofOfWork>, peer: &Peer, is_tagged: bool, node: &mut Drawn) {
    let config = world.config();
    let share = config.share_ppm(node.id);
    node.badge = t!("#{height}", height = peer.tip.height);
    node.role = match (peer.attack.is_some(), node.id) {
        (true, _) => t!("attacker"),
        (_, id) if id == config.buyer() => t!("buyer"),
        (_, id) if id == config.shop() => t!("shop"),
        _ if peer.disk.is_idle => t!("miner at rest"),
        _ => t!("miner"),
    };
    node.fields = vec![
        field(t!("believes block"), t!("{name}", name = panels::name(world, &peer.tip))),
        field(t!("payments that wait"), number(peer.pool.len() as u64)),
    ];
    if share > 0 {
        let share = if peer.disk.is_idle { 0 } else { share };
        let percent = (share + 5_000) / 10_000;
        let text = t!("{percent} % of the hash power", percent = percent);
        node.fields.insert(1, field(t!("hash power"), t!("{percent} %", percent = percent)));
        node.gauge = Some(Gauge { permille: (share / 1_000) as u16, text, tone: Tone::Plain });
    }
    if node.id == config.shop() {
        let gone = peer.disk.delivered.iter().filter(|payment| !peer.tip.has(payment)).count();
        node.fields.push(field(t!("has handed over"), number(peer.disk.delivered.len() as u64)));
        node.fields.push(field(t!("of these the payment is gone"), number(gone as u64)));
        if is_tagged && gone > 0 {
            node.tag = Some(t!("unpaid: {count}", count = gone));
        }
    }
    node.fields.push(field(t!("blocks it knows"), number(peer.disk.blocks.len() as u64)));
    node.fields.push(field(t!("blocks without a parent"), number(peer.orphans.len() as u64)));
    node.fields.push(field(t!("undone at once, at the most"), number(peer.undone)));
    node.fields.push(field(t!("work of its last block"), work(peer.tip.work)));
    if peer.disk.is_old {
        node.fields.push(field(t!("program"), t!("the old one, which refuses large blocks")));
        if is_tagged {
            node.tag = Some(t!("old program"));
        }
    }
    if let Some(attack) = &peer.attack {
        node.fields.push(field(t!("blocks it hides"), number(attack.hidden.len() as u64)));
        node.fields
            .push(field(t!("attacks that went well"), t!("{won} of {ended}", won = attack.won, ended = attack.ended)));
        if is_tagged && !attack.hidden.is_empty() {
            node.tag = Some(t!("{count} hidden", count = attack.hidden.len()));
        }
    }
}

/// A work in hundredths of that of the first block.
pub(super) fn work(work: u64) -> Text {
    t!("{percent} % of the first one", percent = (work + 5_000) / 10_000)
}

fn coin(payment: &Payment) -> Text {
    number(u64::from(payment.coin))
}

fn number(value: u64) -> Text {
    t!("{number}", number = value)
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
