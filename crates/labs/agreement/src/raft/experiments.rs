//! What the literature says in numbers, measured: how long an election takes, how often votes split, how many messages
//! and how much time a command costs.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::frame::Status;
use sim::rng::Rng;
use sim::{Director, Experiments, Input, MessageId, NodeId, Setting, Settings, Text, Value, WorldOf, t};

use super::message::Message;
use super::staging::leader;
use super::{Raft, RaftNode, Timer};

mod beginning;

/// One millisecond, and one of anything, in millionths.
const MS: i64 = 1_000_000;
const ONE: i64 = 1_000_000;

/// A run that has found no leader by then counts as this long: without randomness, votes may split for ever.
const LONGEST_OUTAGE_US: u64 = 60_000_000;

/// Settings of the experiments in which nobody crashes.
const NETWORK: [&str; 7] =
    ["servers", "heartbeat_ms", "timeout_least_ms", "timeout_most_ms", "delay", "delay_least_us", "delay_most_us"];

impl Experiments for Raft {
    fn experiments() -> Vec<Experiment> {
        let few = |names: &'static [&'static str]| {
            settings().into_iter().filter(|setting| names.contains(&setting.name)).collect()
        };
        vec![
            Experiment {
                name: "election-time",
                title: t!("Time without a leader after a crash"),
                source: "Raft paper, section 9.3 and Figure 16",
                settings: settings(),
                runs: 1_000,
                measure: election_time,
            },
            Experiment {
                name: "split-vote",
                title: t!("How often the first election after a crash has no winner"),
                source: "With equal logs and a constant delay d: P(Bin(s, d/r) > s - m), where s servers are up, m votes are needed, and the timeouts spread over r",
                settings: settings(),
                runs: 1_000,
                measure: split_vote,
            },
            Experiment {
                name: "messages",
                title: t!("Messages for a heartbeat and for a command"),
                source: "Raft paper, Figure 2: one call and one answer for each other server; section 8: one request and one answer",
                settings: few(&NETWORK),
                runs: 20,
                measure: messages,
            },
            Experiment {
                name: "commit-latency",
                title: t!("From a client's command to its answer"),
                source: "Raft paper, section 10: one round trip from the leader to a majority; with the client's own, four times the delay",
                settings: few(&[
                    "servers",
                    "crashed",
                    "heartbeat_ms",
                    "timeout_least_ms",
                    "timeout_most_ms",
                    "delay",
                    "delay_least_us",
                    "delay_most_us",
                ]),
                runs: 1_000,
                measure: commit_latency,
            },
            Experiment {
                name: "commit-known",
                title: t!("From a commit until followers learn of it"),
                source: "Raft paper, section 5.3: the leader puts the index of what is committed on its next messages, heartbeats included. With nothing else to send, heartbeats every h and a constant delay d, that takes from d to d + h, evenly spread",
                settings: few(&NETWORK),
                runs: 1_000,
                measure: commit_known,
            },
            Experiment {
                name: "first-election",
                title: t!("Time until the first candidate, when all servers start together"),
                source: "Ongaro, Consensus: bridging theory and practice, 2014, section 9.1: the first of s timers, spread evenly over r, runs out r / (s + 1) after the shortest timeout; its requests and the votes take a delay each. Section 9.2: split votes, as in the experiment of that name",
                settings: few(&NETWORK),
                runs: 1_000,
                measure: beginning::first_election,
            },
            Experiment {
                name: "election-messages",
                title: t!("Messages of an election with one candidate"),
                source: "Raft paper, Figure 2 and section 5.2: a request and a vote for each other server, then the first heartbeat of the new leader and its answers: 4 (n - 1)",
                settings: few(&NETWORK),
                runs: 200,
                measure: beginning::election_messages,
            },
        ]
    }
}

fn settings() -> Vec<Setting> {
    let delays = vec![
        ("uniform", t!("from the least to the most")),
        ("constant", t!("always the most")),
        ("exponential", t!("the least and an exponential tail, the most on average")),
    ];
    let logs = vec![("random", t!("all of different lengths")), ("equal", t!("all equal"))];
    let until =
        vec![("sent", t!("the new leader sends its first heartbeat")), ("received", t!("somebody receives it"))];
    vec![
        Setting::integer("servers", t!("servers"), (3, 9), "", 5),
        Setting::integer("crashed", t!("servers that crash, the leader among them"), (1, 4), "", 1),
        Setting::integer("timeout_least_ms", t!("shortest election timeout"), (5, 10_000), "ms", 150),
        Setting::integer("timeout_most_ms", t!("longest election timeout"), (5, 10_000), "ms", 300),
        Setting::integer("heartbeat_ms", t!("heartbeat every (0: half of the shortest timeout)"), (0, 5_000), "ms", 0),
        Setting::choice("delay", t!("delay of a message"), delays),
        Setting::integer("delay_least_us", t!("least delay"), (0, 1_000_000), "µs", 2_000),
        Setting::integer("delay_most_us", t!("most delay"), (1, 1_000_000), "µs", 5_000),
        Setting::choice("logs", t!("logs at the crash"), logs),
        Setting::choice("until", t!("measured until"), until),
    ]
}

/// Time from the crash of a leader to the first heartbeat of the next one.
fn election_time(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let samples =
        outages(settings, runs, seed)?.iter().map(|outage| outage.us as i64 * (MS / 1_000)).collect::<Vec<_>>();
    let range = (settings.integer("timeout_least_ms"), settings.integer("timeout_most_ms"));
    let as_published =
        settings.integer("servers") == 5 && settings.integer("crashed") == 1 && settings.word("logs") == "random";
    let (published, longest): (&[(&str, i64)], _) = match range {
        (150, 155) if as_published => (&[("p50", 287 * MS)], None),
        (150, 200) if as_published => (&[], Some(513 * MS)),
        (12, 24) if as_published => (&[("mean", 35 * MS)], Some(152 * MS)),
        _ => (&[], None),
    };
    let most = samples.iter().copied().max().unwrap_or(0);
    let given_up = samples.iter().filter(|sample| **sample >= LONGEST_OUTAGE_US as i64 * (MS / 1_000)).count() as i64;
    let mut report = Report::default();
    report.push_distribution("ms", samples, published);
    report.push("longest", "ms", most, longest);
    report.push("no leader within a minute", "runs", given_up * ONE, None);
    Ok(report)
}

/// The share of crashes after which nobody wins the first election.
fn split_vote(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let outages = outages(settings, runs, seed)?;
    let split = outages.iter().filter(|outage| outage.elections > 1).count() as i64;
    let elections: u64 = outages.iter().map(|outage| outage.elections).sum();
    let count = outages.len().max(1) as i64;
    let mut report = Report::default();
    report.push("share of split votes", "of 1", split * ONE / count, predicted_share(settings));
    report.push("elections until a leader", "elections", elections as i64 * ONE / count, None);
    Ok(report)
}

/// With a constant delay d, all that hear of the first candidate before their own timers run out vote for it: it loses
/// if more than s - m of the timers run out within d of its own. For s timers, spread evenly over r, the number of those
/// is distributed like that of s independent hits of probability d/r (spacings of uniform order statistics).
fn predicted_share(settings: &Settings) -> Option<i64> {
    let range_us = (settings.integer("timeout_most_ms") - settings.integer("timeout_least_ms")) * 1_000;
    let delay_us = settings.integer("delay_most_us");
    if settings.word("delay") != "constant" || settings.word("logs") == "random" || range_us <= 0 {
        return None;
    }
    let servers = settings.integer("servers");
    let up = servers - settings.integer("crashed");
    let spare = up - (servers / 2 + 1);
    let hit = i128::from((delay_us * ONE / range_us).min(ONE));
    let one = i128::from(ONE);
    // The sum of C(up, k) hit^k (1 - hit)^(up - k) over k > spare, each product rounded to millionths of millionths.
    let term = |k: i64| {
        let choices = (0..k).fold(1_i128, |product, i| product * i128::from(up - i) / i128::from(i + 1));
        let power = |base: i128, times: i64| (0..times).fold(one * one, |product, _| product * base / one);
        choices * (power(hit, k) * power(one - hit, up - k) / (one * one))
    };
    Some(((spare + 1..=up).map(term).sum::<i128>() / one) as i64)
}

/// What happened between the crash of a leader and the first heartbeat of the next.
struct Outage {
    us: u64,
    elections: u64,
}

fn outages(settings: &Settings, runs: u32, seed: u64) -> Result<Vec<Outage>, Text> {
    let majority = settings.integer("servers") / 2 + 1;
    if settings.integer("servers") - settings.integer("crashed") < majority {
        return Err(t!("a majority has to stay up: let fewer servers crash, or have more of them"));
    }
    if settings.integer("timeout_most_ms") < settings.integer("timeout_least_ms") {
        return Err(t!("the longest timeout is shorter than the shortest: raise timeout_most_ms"));
    }
    (0..u64::from(runs)).map(|run| outage(settings, seed.wrapping_add(run))).collect()
}

/// As the Raft paper did it: the leader sends a heartbeat to all at once and crashes at a random moment within its
/// heartbeat interval; the others may hold different parts of what it sent last.
fn outage(settings: &Settings, seed: u64) -> Result<Outage, Text> {
    let mut rng = Rng::stream(seed, u64::MAX);
    let mut director = Director::<Raft>::new(lab_settings(settings, 1), seed)?;
    let client = NodeId(settings.integer("servers") as u16);
    let old = settle(&mut director)?;
    if settings.word("logs") == "random" {
        // The client finds the leader.
        write(&mut director, client)?;
    }
    if let Some(timeout_most) = settings.get("timeout_most_ms") {
        director.act(Input::Set { name: "timeout_most_ms".to_string(), value: timeout_most.clone() });
    }
    let old_term = term(director.world(), old);
    let heartbeat_us = director.world().config().heartbeat_us;
    fire_heartbeat(&mut director, old);
    let beat_at_us = director.world().now_us();
    if settings.word("logs") == "random" {
        make_logs_differ(&mut director, client, old, &mut rng);
    }
    let crash_at_us = beat_at_us + rng.below(heartbeat_us);
    director.run_until_us(crash_at_us);
    director.act(Input::Crash(old));
    let mut others: Vec<NodeId> = servers(director.world()).filter(|id| *id != old).collect();
    for _ in 1..settings.integer("crashed") {
        let place = rng.below(others.len() as u64) as usize;
        director.act(Input::Crash(others.swap_remove(place)));
    }
    let crashed_at_us = director.world().now_us();
    let gives_up_at_us = crashed_at_us + LONGEST_OUTAGE_US;
    require(director.run_until(|world| {
        leader(world).is_some_and(|id| term(world, id) > old_term) || world.now_us() >= gives_up_at_us
    }))?;
    if leader(director.world()).is_none() {
        let elections = servers(director.world()).map(|id| term(director.world(), id)).max().unwrap_or(0) - old_term;
        return Ok(Outage { us: LONGEST_OUTAGE_US, elections });
    }
    let elections = leader(director.world()).map_or(0, |id| term(director.world(), id) - old_term);
    if settings.word("until") == "received" {
        require(director.run_until(|world| {
            let new = leader(world);
            servers(world).any(|id| Some(id) != new && leader_known_to(world, id) == new)
        }))?;
    }
    Ok(Outage { us: director.world().now_us() - crashed_at_us, elections })
}

/// Gives the leader as many entries as it has followers less one, and loses messages so that the first follower has
/// none of them, the next one has one, and so on, in a random order.
fn make_logs_differ(director: &mut Director<Raft>, client: NodeId, old: NodeId, rng: &mut Rng) {
    let mut followers: Vec<NodeId> = servers(director.world()).filter(|id| *id != old).collect();
    for place in (1..followers.len()).rev() {
        followers.swap(place, rng.below(place as u64 + 1) as usize);
    }
    director.operate(client, "put", &[word("x"), word("1")]);
    let requests =
        |director: &Director<Raft>| director.messages(|_, _, message| matches!(message, Message::Request(_)));
    let Some(first) = requests(director).first().copied() else { return };
    for _ in 2..followers.len() {
        director.act(Input::Duplicate(first));
    }
    for (taken, request) in requests(director).into_iter().enumerate() {
        director.act(Input::Deliver(request));
        let sent: Vec<(MessageId, NodeId)> = director
            .world()
            .messages()
            .filter(|envelope| envelope.from == old && envelope.sent_at_us == director.world().now_us())
            .filter(|envelope| {
                matches!(&envelope.payload, Message::AppendEntries { entries, .. } if entries.len() == taken + 1)
            })
            .map(|envelope| (envelope.id, envelope.to))
            .collect();
        for (message, to) in sent {
            if followers.iter().position(|id| *id == to).is_some_and(|wanted| taken >= wanted) {
                director.act(Input::Drop(message));
            }
        }
    }
}

/// Messages of one round of heartbeats, and those that one command adds.
fn messages(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let others = settings.integer("servers") - 1;
    let (mut heartbeat, mut command) = (0, 0);
    for run in 0..u64::from(runs) {
        let mut director = Director::<Raft>::new(lab_settings(settings, 1), seed.wrapping_add(run))?;
        let leader = settle(&mut director)?;
        let client = NodeId(settings.integer("servers") as u16);
        write(&mut director, client)?;
        require(director.run_until(is_quiet))?;
        let before = director.world().messages_sent();
        fire_heartbeat(&mut director, leader);
        require(director.run_until(is_quiet))?;
        let between = director.world().messages_sent();
        director.operate(client, "put", &[word("x"), word("2")]);
        require(director.run_until(is_quiet))?;
        heartbeat += between - before;
        command += director.world().messages_sent() - between;
    }
    let mean = |sum: u64| sum as i64 * ONE / i64::from(runs.max(1));
    let mut report = Report::default();
    report.push("a heartbeat", "messages", mean(heartbeat), Some(2 * others * ONE));
    report.push("a command", "messages", mean(command), Some((2 * others + 2) * ONE));
    Ok(report)
}

/// Time from a client's command to its answer.
fn commit_latency(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let mut samples = Vec::new();
    for run in 0..u64::from(runs) {
        let mut director = Director::<Raft>::new(lab_settings(settings, 1), seed.wrapping_add(run))?;
        let leader = settle(&mut director)?;
        for id in
            servers(director.world()).filter(|id| *id != leader).take(settings.integer("crashed").max(1) as usize - 1)
        {
            director.act(Input::Crash(id));
        }
        let client = NodeId(settings.integer("servers") as u16);
        write(&mut director, client)?;
        let took_us = write(&mut director, client)?;
        samples.push(took_us as i64 * (MS / 1_000));
    }
    let four_delays = 4 * settings.integer("delay_most_us") * (MS / 1_000);
    let is_constant = settings.word("delay") == "constant";
    let published: &[(&str, i64)] = if is_constant { &[("p50", four_delays), ("mean", four_delays)] } else { &[] };
    let mut report = Report::default();
    report.push_distribution("ms", samples, published);
    Ok(report)
}

/// Time from a leader's commit until each follower knows of it, when a command comes at a random moment.
fn commit_known(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let mut rng = Rng::stream(seed, u64::MAX);
    let mut samples = Vec::new();
    let mut heartbeat_us = 0;
    for run in 0..u64::from(runs) {
        let mut director = Director::<Raft>::new(lab_settings(settings, 1), seed.wrapping_add(run))?;
        let leader = settle(&mut director)?;
        heartbeat_us = director.world().config().heartbeat_us;
        director.run_for_us(rng.below(heartbeat_us));
        let known = commit_index(director.world(), leader);
        director.operate(NodeId(settings.integer("servers") as u16), "put", &[word("x"), word("1")]);
        require(director.run_until(|world| commit_index(world, leader) > known))?;
        let committed_us = director.world().now_us();
        for follower in servers(director.world()).filter(|id| *id != leader) {
            require(director.run_until(|world| commit_index(world, follower) > known))?;
            samples.push((director.world().now_us() - committed_us) as i64 * (MS / 1_000));
        }
    }
    let (delay, heartbeat) = (settings.integer("delay_most_us") * (MS / 1_000), heartbeat_us as i64 * (MS / 1_000));
    let after = |percent: i64| delay + heartbeat * percent / 100;
    let published = [("mean", after(50)), ("p10", after(10)), ("p50", after(50)), ("p90", after(90))];
    let is_constant = settings.word("delay") == "constant";
    let longest = samples.iter().copied().max().unwrap_or(0);
    let mut report = Report::default();
    report.push_distribution("ms", samples, if is_constant { &published } else { &[] });
    report.push("longest", "ms", longest, is_constant.then_some(after(100)));
    Ok(report)
}

/// The settings of the lab for an experiment.
fn lab_settings(settings: &Settings, clients: i64) -> Settings {
    let mut lab = Settings::default();
    for name in ["servers", "timeout_least_ms", "delay", "delay_least_us", "delay_most_us"] {
        if let Some(value) = settings.get(name) {
            lab = lab.with(name, value.clone());
        }
    }
    let heartbeat_ms = match settings.integer("heartbeat_ms") {
        0 => (settings.integer("timeout_least_ms") / 2).max(1),
        heartbeat_ms => heartbeat_ms,
    };
    // Room enough to elect a first leader, whatever is measured afterwards.
    let timeout_most_ms = settings.integer("timeout_most_ms").max(2 * settings.integer("timeout_least_ms"));
    lab.with("heartbeat_ms", number(heartbeat_ms))
        .with("timeout_most_ms", number(timeout_most_ms))
        .with("clients", number(clients))
        .with("workload_ms", number(0))
        .with("entries_a_message", number(100))
        .with("retry_ms", number(60_000))
        // Each copy of a request becomes an entry of its own: this makes the logs differ.
        .with("client_sessions", Value::Flag(settings.get("logs").is_none()))
}

/// Runs until all follow a leader and have what it has.
fn settle(director: &mut Director<Raft>) -> Result<NodeId, Text> {
    require(director.run_until(|world| {
        let all_agree = |id: NodeId| {
            servers(world).all(|other| {
                let state = world.nodes().state(other).and_then(RaftNode::server);
                state.is_some_and(|state| state.leader == Some(id) && state.commit_index > 0)
            })
        };
        leader(world).is_some_and(all_agree)
    }))?;
    leader(director.world()).ok_or_else(never)
}

/// A client writes; returns how long that took.
fn write(director: &mut Director<Raft>, client: NodeId) -> Result<u64, Text> {
    let began_us = director.world().now_us();
    director.operate(client, "put", &[word("x"), word("1")]);
    require(director.run_until(|world| {
        world.nodes().state(client).and_then(RaftNode::client).is_some_and(|client| client.open.is_none())
    }))?;
    Ok(director.world().now_us() - began_us)
}

fn fire_heartbeat(director: &mut Director<Raft>, leader: NodeId) {
    let timer = director.world().nodes().timers(leader).find(|set| set.timer == Timer::Heartbeat);
    if let Some(timer) = timer.map(|set| set.id) {
        director.act(Input::FireTimer { node: leader, timer });
    }
}

fn is_quiet(world: WorldOf<'_, Raft>) -> bool {
    world.messages().next().is_none()
}

fn servers(world: WorldOf<'_, Raft>) -> impl Iterator<Item = NodeId> + use<> {
    (0..world.config().servers).map(NodeId)
}

fn term(world: WorldOf<'_, Raft>, id: NodeId) -> u64 {
    world.nodes().state(id).and_then(RaftNode::server).map_or(0, |server| server.term)
}

fn commit_index(world: WorldOf<'_, Raft>, id: NodeId) -> u64 {
    world.nodes().state(id).and_then(RaftNode::server).map_or(0, |server| server.commit_index)
}

fn leader_known_to(world: WorldOf<'_, Raft>, id: NodeId) -> Option<NodeId> {
    if world.nodes().status(id) == Status::Crashed {
        return None;
    }
    world.nodes().state(id).and_then(RaftNode::server).and_then(|server| server.leader)
}

fn require(came_about: bool) -> Result<(), Text> {
    if came_about { Ok(()) } else { Err(never()) }
}

fn never() -> Text {
    t!("no leader was found with these settings: make the timeouts longer than the delays")
}
