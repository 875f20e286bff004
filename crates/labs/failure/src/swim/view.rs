//! How the lab looks: what the members believe of each other, and how the newest news spreads.

use sim::frame::{
    Along, Axis, Chart, ChartKind, Field, Frame, LegendRow, Mark, MessageKind, Panel, Series, Shape, Sign, Status, Tone,
};
use sim::order::sort_by_key;
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::news::{Item, transmissions};
use super::probe::Stage;
use super::standing::{Standing, State};
use super::{Kind, Member, Message, Swim, Timer, label};

/// Up to this many nodes a table shows what each believes of each.
const MOST_IN_TABLE: usize = 10;

/// How many names a list shows.
const MOST_NAMES: usize = 8;

impl View for Swim {
    /// How a node looks, as far as it knows itself.
    fn look(node: NodeId, state: Option<&Member>) -> Look {
        let (role, badge) = match state {
            None => (t!("crashed"), Text::default()),
            Some(member) if member.standing(node).state == State::Left => (t!("former member"), Text::default()),
            Some(member) if !member.has_joined => (t!("newcomer"), Text::default()),
            Some(member) => (t!("member"), t!("sees {count}", count = member.others(node).count() + 1)),
        };
        Look { shape: Shape::Circle, tone: Tone::Plain, role, badge }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let (kind, reply, what) = match message.kind {
            Kind::Ping { .. } => (MessageKind::Replication, false, t!("ping")),
            Kind::PingRequest { target, .. } => (MessageKind::Election, false, t!("ping {target}", target = target)),
            Kind::Ack { target, .. } => (MessageKind::Replication, true, t!("ack of {target}", target = target)),
            Kind::Join => (MessageKind::Client, false, t!("join")),
            Kind::Welcome => (MessageKind::Client, true, t!("list of members")),
        };
        let told = message.updates.len();
        let label = match (message.kind, told) {
            (Kind::Welcome, _) | (_, 0) => what,
            _ => t!("{what} +{news}", what = what, news = told),
        };
        let mut fields = vec![field(t!("sender"), standing_text(&message.sender))];
        fields.extend(message.updates.iter().take(MOST_NAMES).map(|update| {
            let value = t!("{member}: {standing}", member = update.member, standing = standing_text(&update.standing));
            field(t!("says of"), value)
        }));
        if told > MOST_NAMES {
            fields.push(field(t!("and of"), t!("{count} more", count = told - MOST_NAMES)));
        }
        MessageLook { kind, reply, label, fields }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Period => t!("next period"),
            Timer::Timeout => t!("wait for the ack"),
            Timer::Suspicion(member) => t!("time of {member} to refute", member = label(*member)),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Circle, Tone::Plain), t!("a member of the group")).of("member"),
            row(Node(Shape::Circle, Tone::Committed), t!("a member that knows the newest news")).of("gossip"),
            row(Node(Shape::Circle, Tone::Candidate), t!("a member that others suspect")).of("suspicion"),
            row(Node(Shape::Circle, Tone::Violation), t!("a member declared faulty, though it lives")).of("faulty"),
            row(Badge(t!("sees {count}", count = 5)), t!("how many members it believes in, itself included"))
                .of("member"),
            row(Mark(MessageKind::Replication), t!("a ping and its ack; + says how much news rides on it")).of("ping"),
            row(Mark(MessageKind::Election), t!("asks another member to ping for it")).of("ping"),
            row(Mark(MessageKind::Client), t!("a node joins, and gets the list of members")).of("member"),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, Swim>, frame: &mut Frame) {
        let opinions = Opinions::new(world);
        let rumor = Rumor::newest(world, &opinions);
        for node in &mut frame.nodes {
            let of_node = &opinions.of[node.id.index()];
            let runs = node.status != Status::Crashed;
            if rumor.as_ref().is_some_and(|rumor| rumor.knows[node.id.index()]) {
                node.tone = Tone::Committed;
            }
            if of_node.suspect > 0 && runs {
                node.tone = Tone::Candidate;
                node.tag = Some(t!("suspected by {count}", count = of_node.suspect));
            }
            if of_node.faulty > 0 && runs {
                node.tone = Tone::Violation;
                node.tag = Some(t!("faulty to {count}, but it lives", count = of_node.faulty));
            }
            if !runs && of_node.present() > 0 {
                node.tag = Some(match of_node {
                    Opinion { faulty: 0, suspect: 1.., .. } => t!("suspected by {count}", count = of_node.suspect),
                    _ => t!("{count} believe it to be there", count = of_node.present()),
                });
            }
            node.fields = match world.nodes().state(node.id) {
                Some(member) => member_fields(world, node.id, member),
                None => vec![field(t!("lives so far"), number(world.nodes().disk(node.id).lives as usize))],
            };
        }
        frame.panels.push(match world.nodes().len() {
            ..=MOST_IN_TABLE => table_of_all(world),
            _ => table_of_doubtful(world, &opinions),
        });
        if let Some(rumor) = rumor {
            frame.panels.push(Panel::Chart(spread_chart(world, &rumor, opinions.members)));
        }
        frame.panels.push(Panel::Chart(load_chart(world)));
    }
}

/// What the running members believe of each node, counted.
pub(super) struct Opinions {
    pub(super) of: Vec<Opinion>,
    /// How many members run.
    pub(super) members: usize,
}

/// How many members other than itself believe what of one node.
#[derive(Clone, Copy, Default)]
pub(super) struct Opinion {
    pub(super) alive: usize,
    pub(super) suspect: usize,
    pub(super) faulty: usize,
    left: usize,
    unknown: usize,
    /// The newest of all beliefs, its own included, and how long it is known, in microseconds of virtual time.
    newest: Option<(Standing, i64)>,
}

impl Opinion {
    fn present(&self) -> usize {
        self.alive + self.suspect
    }
}

/// The members that run.
fn members(world: WorldOf<'_, Swim>) -> impl Iterator<Item = (NodeId, &Member)> {
    let of = move |id| world.nodes().state(id).map(|member| (id, member));
    world.nodes().ids().filter_map(of).filter(|(id, member)| member.standing(*id).state != State::Left)
}

/// How far the clock of a node is ahead, in microseconds.
fn ahead_us(world: WorldOf<'_, Swim>, id: NodeId) -> i64 {
    world.nodes().clock(id).offset_us(world.now_us())
}

impl Opinions {
    pub(super) fn new(world: WorldOf<'_, Swim>) -> Opinions {
        let mut of = vec![Opinion::default(); world.nodes().len()];
        let mut count = 0;
        for (id, member) in members(world) {
            count += 1;
            let ahead_us = ahead_us(world, id);
            for (place, entry) in member.roster.iter().enumerate() {
                let opinion = &mut of[place];
                let at_us = entry.since_us - ahead_us;
                match &mut opinion.newest {
                    Some((newest, _)) if newest.overrides(&entry.standing) => {}
                    Some((newest, first_us)) if *newest == entry.standing => *first_us = at_us.min(*first_us),
                    newest => *newest = Some((entry.standing, at_us)),
                }
                if place != id.index() {
                    *match entry.standing {
                        Standing { life: 0, .. } => &mut opinion.unknown,
                        Standing { state: State::Alive, .. } => &mut opinion.alive,
                        Standing { state: State::Suspect, .. } => &mut opinion.suspect,
                        Standing { state: State::Faulty, .. } => &mut opinion.faulty,
                        Standing { state: State::Left, .. } => &mut opinion.left,
                    } += 1;
                }
            }
        }
        Opinions { of, members: count }
    }
}

/// A piece of news on its way through the group.
struct Rumor {
    member: NodeId,
    standing: Standing,
    /// For each node whether it knows it.
    knows: Vec<bool>,
    /// When it reached them, in microseconds of virtual time, the first one first.
    reached_us: Vec<i64>,
}

impl Rumor {
    /// The newest news; none if nothing has happened yet.
    fn newest(world: WorldOf<'_, Swim>, opinions: &Opinions) -> Option<Rumor> {
        let all = opinions.of.iter().enumerate();
        let news = all.filter_map(|(place, opinion)| Some((NodeId::at(place), opinion.newest?)));
        let is_news = |standing: &Standing| *standing != Standing::born(1) && standing.life > 0;
        let (member, (standing, _)) =
            news.filter(|(_, (standing, _))| is_news(standing)).max_by_key(|(_, (_, us))| *us)?;
        let (mut knows, mut reached_us) = (vec![false; world.nodes().len()], Vec::new());
        for (id, state) in members(world) {
            let entry = state.roster[member.index()];
            if entry.standing == standing {
                knows[id.index()] = true;
                reached_us.push(entry.since_us - ahead_us(world, id));
            }
        }
        sort_by_key(&mut reached_us, |us| u128::try_from(*us).unwrap_or(0));
        Some(Rumor { member, standing, knows, reached_us })
    }
}

fn member_fields(world: WorldOf<'_, Swim>, id: NodeId, member: &Member) -> Vec<Field> {
    let config = world.config();
    let own = member.standing(id);
    let holding = |is_meant: fn(&Standing) -> bool| {
        let ids = world.nodes().ids().filter(|other| *other != id);
        names(world, ids.filter(|other| is_meant(&member.standing(*other))))
    };
    let probe = match member.probe {
        None => t!("none"),
        Some(probe) => {
            let target = world.label(probe.target).to_string();
            match probe.stage {
                Stage::Direct => t!("{target}, waits for an ack", target = target),
                Stage::TimedOut { asked: 1, .. } => t!("{target}, no ack, 1 other asked", target = target),
                Stage::TimedOut { asked, .. } => {
                    t!("{target}, no ack, {count} others asked", target = target, count = u32::from(asked))
                }
                Stage::Answered => t!("{target}, has answered", target = target),
            }
        }
    };
    let limit = transmissions(config.lambda, 1 + member.others(id).count());
    let times = |item: &Item| format!("{} ({}/{limit})", world.label(item.member), item.times);
    vec![
        field(t!("itself"), standing_text(&own)),
        field(t!("alive to it"), number(member.roster.iter().filter(|e| e.standing.state == State::Alive).count())),
        field(t!("suspects"), holding(|standing| standing.state == State::Suspect)),
        field(t!("declared faulty"), holding(|standing| standing.state == State::Faulty && standing.life > 0)),
        field(t!("probe"), probe),
        field(t!("still to probe"), names(world, member.round.ahead().iter().copied().filter(|other| *other != id))),
        field(t!("passes on"), list(member.news.iter(), times)),
        field(t!("probes failed"), t!("{failed} of {all}", failed = member.failed_probes, all = member.probes)),
    ]
}

/// What each believes of each.
fn table_of_all(world: WorldOf<'_, Swim>) -> Panel {
    let label = |id: NodeId| Text::verbatim(world.label(id).to_string());
    let row = |id: NodeId| {
        let beliefs = world.nodes().ids().map(|other| match world.nodes().state(id) {
            None => t!("–"),
            Some(member) => standing_text(&member.standing(other)),
        });
        std::iter::once(label(id)).chain(beliefs).collect()
    };
    Panel::Table {
        title: t!("What each believes of each"),
        head: std::iter::once(t!("member")).chain(world.nodes().ids().map(label)).collect(),
        rows: world.nodes().ids().map(row).collect(),
    }
}

/// The nodes that not all believe to be alive.
fn table_of_doubtful(world: WorldOf<'_, Swim>, opinions: &Opinions) -> Panel {
    let row = |(place, opinion): (usize, &Opinion)| {
        let name = Text::verbatim(world.label(NodeId::at(place)).to_string());
        let Opinion { alive, suspect, faulty, left, unknown, .. } = *opinion;
        std::iter::once(name).chain([alive, suspect, faulty, left, unknown].map(number)).collect()
    };
    let is_doubtful = |opinion: &Opinion| opinion.suspect + opinion.faulty + opinion.left + opinion.unknown > 0;
    let doubtful = opinions.of.iter().enumerate().filter(|(_, opinion)| is_doubtful(opinion));
    Panel::Table {
        title: t!("Members that not all hold alive"),
        head: vec![t!("member"), t!("alive to"), t!("suspect to"), t!("faulty to"), t!("left to"), t!("unknown to")],
        rows: doubtful.take(MOST_IN_TABLE).map(row).collect(),
    }
}

/// How many know the newest news, over time in periods.
fn spread_chart(world: WorldOf<'_, Swim>, rumor: &Rumor, members: usize) -> Chart {
    let period_us = world.config().period_us as i64;
    let first_us = rumor.reached_us.first().copied().unwrap_or(0);
    let periods = |us: i64| (us - first_us) * 1_000 / period_us;
    let percent = |count: usize| (count * 100 / members.max(1)) as i64;
    let known = (1..).zip(&rumor.reached_us).map(|(count, us)| (periods(*us), percent(count)));
    let now = (periods(world.now_us() as i64), percent(rumor.reached_us.len()));
    let member = world.label(rumor.member).to_string();
    Chart {
        title: match rumor.standing.state {
            State::Alive => t!("Who knows that {member} is alive", member = member),
            State::Suspect => t!("Who knows that {member} is suspected", member = member),
            State::Faulty => t!("Who knows that {member} is faulty", member = member),
            State::Left => t!("Who knows that {member} has left", member = member),
        },
        kind: ChartKind::Lines,
        x: Axis::new(t!("time"), "periods", 1_000),
        y: Axis::new(t!("members that know"), "%", 1),
        series: vec![Series { name: t!("know"), kind: MessageKind::Replication, points: known.chain([now]).collect() }],
        marks: Vec::new(),
    }
}

/// How many messages a member sends a period, on average.
fn load_chart(world: WorldOf<'_, Swim>) -> Chart {
    let complete = |(_, member): (NodeId, &Member)| member.sent.iter().rev().skip(1).copied().collect::<Vec<u32>>();
    let counts: Vec<Vec<u32>> = members(world).map(complete).collect();
    let longest = counts.iter().map(Vec::len).max().unwrap_or(0);
    let mean = |ago: usize| {
        let (sum, many) = counts.iter().filter_map(|sent| sent.get(ago)).fold((0, 0), |(s, n), one| (s + one, n + 1));
        i64::from(sum) * 100 / many.max(1)
    };
    Chart {
        title: t!("Messages a member and period"),
        kind: ChartKind::Bars { width: 1 },
        x: Axis::new(t!("periods before now"), "", 1),
        y: Axis::new(t!("messages"), "", 100),
        series: vec![Series {
            name: t!("sent"),
            kind: MessageKind::Replication,
            points: (0..longest).rev().map(|ago| (-1 - ago as i64, mean(ago))).collect(),
        }],
        marks: vec![Mark { along: Along::Y, at: 200, text: t!("a ping and an ack") }],
    }
}

fn standing_text(standing: &Standing) -> Text {
    let Standing { life, incarnation, state } = *standing;
    let word = match state {
        _ if life == 0 => return t!("unknown"),
        State::Alive => t!("alive"),
        State::Suspect => t!("suspect"),
        State::Faulty => t!("faulty"),
        State::Left => t!("left"),
    };
    match (life, incarnation) {
        (1, 0) => word,
        _ => t!("{word} {life}.{incarnation}", word = word, life = life, incarnation = incarnation),
    }
}

fn names(world: WorldOf<'_, Swim>, ids: impl Iterator<Item = NodeId>) -> Text {
    list(ids, |id| world.label(id).to_string())
}

/// The first of a list, and how many there are more.
fn list<T>(mut items: impl Iterator<Item = T>, name: impl Fn(T) -> String) -> Text {
    let shown = items.by_ref().take(MOST_NAMES).map(name).collect::<Vec<_>>().join(", ");
    match items.count() {
        0 if shown.is_empty() => t!("none"),
        0 => Text::verbatim(shown),
        more => t!("{names} and {count} more", names = shown, count = more),
    }
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}

fn number(number: usize) -> Text {
    t!("{number}", number = number)
}
