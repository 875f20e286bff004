//! How often quorums that need not meet read old versions, and how often they can be had at all.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::rng::Rng;
use sim::{Director, Experiments, Input, MessageId, NodeId, Setting, Settings, Text, Value, t};

use super::message::{Answer, Message};
use super::scenarios::{is_idle, order};
use super::settings::latency_settings;
use super::version::Siblings;
use super::{LeaderlessQuorum, QuorumNode};

mod quantiles;
mod ring;

/// One of anything in millionths; one microsecond in millionths of a millisecond.
const ONE: i64 = 1_000_000;
const US: i64 = 1_000;

impl Experiments for LeaderlessQuorum {
    fn experiments() -> Vec<Experiment> {
        vec![
            Experiment {
                name: "stale-read",
                title: t!("How often a get that begins a time t after a put was acknowledged returns it"),
                source: "Bailis et al., Probabilistically bounded staleness for practical partial quorums, VLDB 2012: section 5.3 (exponential W with a mean of 0.25 and 10 ms, A = R = S with 1 ms) and section 5.6 with Table 4 (fits of LinkedIn and Yammer, wide area)",
                settings: stale_read_settings(),
                runs: 4_000,
                measure: stale_read,
            },
            Experiment {
                name: "k-staleness",
                title: t!("How often a get misses all of the last k versions, when puts reach w replicas only"),
                source: "Bailis et al. 2012, section 3.1, equation 2: (C(n-w, r) / C(n, r))^k",
                settings: [quorum_settings(), vec![Setting::integer("k", t!("versions"), (1, 20), "", 2)]].concat(),
                runs: 2_000,
                measure: k_staleness,
            },
            Experiment {
                name: "availability",
                title: t!("How often gets and puts succeed when each replica is up for a share of the time"),
                source: "At least r, or w, of n independent replicas are up: the sum of C(n, i) p^i (1-p)^(n-i) from there on (Gifford, Weighted voting for replicated data, SOSP 1979, gives such figures for quorums)",
                settings: [
                    quorum_settings(),
                    vec![Setting::integer("up_percent", t!("a replica is up"), (0, 100), "%", 90)],
                ]
                .concat(),
                runs: 2_000,
                measure: availability,
            },
            quantiles::experiment(),
            ring::experiment(),
        ]
    }
}

fn quorum_settings() -> Vec<Setting> {
    let one = |name, title, default| Setting::integer(name, title, (1, 11), "", default);
    vec![
        one("n", t!("n: replicas"), 3),
        one("r", t!("r: replicas that answer a get"), 1),
        one("w", t!("w: replicas that acknowledge a put"), 1),
    ]
}

fn stale_read_settings() -> Vec<Setting> {
    let mut settings = quorum_settings();
    settings.push(Setting::integer("t_us", t!("t: from the acknowledgement to the get"), (0, 60_000_000), "µs", 0));
    settings.extend(latency_settings(1_000));
    for setting in &mut settings {
        if setting.name == "w_mean_us" {
            setting.default = number(10_000);
        }
    }
    settings
}

/// The settings of the lab: two clients that only the experiment directs, links without delay, and nothing that repairs.
fn lab_settings(settings: &Settings, servers: i64) -> Result<Settings, Text> {
    let (n, r, w) = (settings.integer("n"), settings.integer("r"), settings.integer("w"));
    if r > n || w > n {
        return Err(t!("a key has {n} replicas: r and w can be no more than that", n = n));
    }
    let off = Value::Flag(false);
    let mut lab = Settings::default()
        .with("servers", number(servers.max(3)))
        .with("clients", number(2))
        .with("workload_ms", number(0))
        .with("anti_entropy_ms", number(0))
        .with("delay", word("constant"))
        .with("delay_most_us", number(0))
        .with("patience_ms", number(600_000))
        .with("give_up_ms", number(600_000))
        .with("read_repair", off.clone())
        .with("hinted_handoff", off);
    for (name, value) in settings.iter() {
        if !["t_us", "k", "up_percent", "per_mille"].contains(&name) {
            lab = lab.with(name, value.clone());
        }
    }
    Ok(lab)
}

/// A run to direct, its clients, and a server that is no replica of the key, if there is one.
struct Stand {
    director: Director<LeaderlessQuorum>,
    clients: [NodeId; 2],
    replicas: Vec<NodeId>,
    outsider: Option<String>,
}

const KEY: &str = "x";

impl Stand {
    fn new(lab: &Settings, seed: u64) -> Result<Stand, Text> {
        let director = Director::<LeaderlessQuorum>::new(lab.clone(), seed)?.unwatched();
        let world = director.world();
        let config = world.config();
        let list = config.preference_list(KEY);
        let outsider = list.get(usize::from(config.n)).map(|node| world.label(*node).to_string());
        Ok(Stand {
            clients: [NodeId(config.servers), NodeId(config.servers + 1)],
            replicas: config.replicas(KEY),
            outsider,
            director,
        })
    }

    fn wait_for(&mut self, client: NodeId) {
        self.director.run_until(|world| is_idle(world, client));
    }

    /// What the client was told last.
    fn answer(&self, client: NodeId) -> Option<&Answer> {
        let client = self.director.world().nodes().state(client).and_then(QuorumNode::client)?;
        client.last.as_ref().and_then(|(_, answer)| answer.as_ref())
    }

    fn found(&self, client: NodeId) -> Siblings {
        match self.answer(client) {
            Some(Answer::Found { versions, .. }) => versions.clone(),
            _ => Vec::new(),
        }
    }

    /// Waits for messages from the coordinator to the replicas, and loses all but so many of them.
    fn let_through(&mut self, count: i64, rng: &mut Rng, is_meant: fn(&Message) -> bool) {
        self.director.run_until(|world| world.messages().any(|envelope| is_meant(envelope.payload)));
        let mut messages: Vec<MessageId> = self.director.messages(|_, _, message| is_meant(message));
        for _ in 0..count {
            if !messages.is_empty() {
                messages.swap_remove(rng.below(messages.len() as u64) as usize);
            }
        }
        messages.into_iter().for_each(|message| self.director.act(Input::Drop(message)));
    }
}

fn stale_read(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let lab = lab_settings(settings, settings.integer("n"))?;
    let (mut consistent, mut put_us, mut get_us) = (0, 0, 0);
    for run in 0..u64::from(runs) {
        let mut stand = Stand::new(&lab, seed.wrapping_add(run))?;
        let [writer, reader] = stand.clients;
        order(&mut stand.director, writer, "put", &[KEY, "new", "client"]);
        stand.wait_for(writer);
        put_us += stand.director.now_us();
        stand.director.run_for_us(settings.integer("t_us").unsigned_abs());
        let began_us = stand.director.now_us();
        order(&mut stand.director, reader, "get", &[KEY, "client"]);
        stand.wait_for(reader);
        get_us += stand.director.now_us() - began_us;
        consistent += i64::from(!stand.found(reader).is_empty());
    }
    let runs = i64::from(runs.max(1));
    let mut report = Report::default();
    report.push("gets that return the put", "of 1", consistent * ONE / runs, published_consistency(settings));
    report.push("a put takes, on average", "ms", put_us as i64 * US / runs, None);
    report.push("a get takes, on average", "ms", get_us as i64 * US / runs, None);
    Ok(report)
}

/// What Bailis et al. give for these settings, in millionths; for strict quorums it is certain.
fn published_consistency(settings: &Settings) -> Option<i64> {
    let get = |name: &str| settings.integer(name);
    if get("r") + get("w") > get("n") {
        return Some(ONE);
    }
    if get("n") != 3 {
        return None;
    }
    let others = [get("a_mean_us"), get("r_mean_us"), get("s_mean_us")];
    match (settings.word("latencies"), get("r"), get("w"), get("t_us")) {
        ("exponential", 1, 1, t_us) if others == [1_000; 3] => match (get("w_mean_us"), t_us) {
            (250, 0) => Some(940_000),
            (250, 1_000) | (10_000, 65_000) => Some(999_000),
            (10_000, 0) => Some(410_000),
            _ => None,
        },
        ("lnkd-ssd", 1, 1, 0) => Some(974_000),
        ("lnkd-disk", 1, 1, 0) => Some(439_000),
        ("lnkd-disk", 1, 1, 10_000) => Some(925_000),
        ("ymmr", 1, 1, 0) => Some(893_000),
        ("wan", 1, 1, 0) => Some(330_000),
        ("lnkd-ssd", 1, 1, 1_850)
        | ("lnkd-disk", 1, 1, 45_500)
        | ("lnkd-disk", 2, 1, 13_600)
        | ("ymmr", 1, 1, 1_364_000)
        | ("ymmr", 2, 1, 202_000) => Some(999_000),
        _ => None,
    }
}

fn k_staleness(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (n, r, w) = (settings.integer("n"), settings.integer("r"), settings.integer("w"));
    let lab = lab_settings(settings, n + 1)?;
    let mut rng = Rng::stream(seed, 4 << 32);
    let mut stale = 0;
    for run in 0..u64::from(runs) {
        let mut stand = Stand::new(&lab, seed.wrapping_add(run))?;
        let [writer, reader] = stand.clients;
        let outsider = stand.outsider.clone().unwrap_or_default();
        for _ in 0..settings.integer("k") {
            order(&mut stand.director, writer, "put", &[KEY, "new", &outsider]);
            stand.let_through(w, &mut rng, |message| matches!(message, Message::Store { .. }));
            stand.wait_for(writer);
        }
        order(&mut stand.director, reader, "get", &[KEY, &outsider]);
        stand.let_through(r, &mut rng, |message| matches!(message, Message::Read { .. }));
        stand.wait_for(reader);
        stale += i64::from(stand.found(reader).is_empty());
    }
    let missed = ONE * choose(n - w, r) / choose(n, r);
    let predicted = (0..settings.integer("k")).fold(ONE, |product, _| product * missed / ONE);
    let mut report = Report::default();
    report.push("gets that miss all of them", "of 1", stale * ONE / i64::from(runs.max(1)), Some(predicted));
    Ok(report)
}

fn availability(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (n, r, w) = (settings.integer("n"), settings.integer("r"), settings.integer("w"));
    let up_percent = settings.integer("up_percent");
    let lab = lab_settings(settings, n + 1)?.with("patience_ms", number(50));
    let mut rng = Rng::stream(seed, 4 << 32);
    let (mut gets, mut puts) = (0, 0);
    for run in 0..u64::from(runs) {
        let mut stand = Stand::new(&lab, seed.wrapping_add(run))?;
        let [writer, reader] = stand.clients;
        let outsider = stand.outsider.clone().unwrap_or_default();
        for replica in stand.replicas.clone() {
            if rng.below(100) >= up_percent.unsigned_abs() {
                stand.director.act(Input::Crash(replica));
            }
        }
        order(&mut stand.director, writer, "put", &[KEY, "new", &outsider]);
        order(&mut stand.director, reader, "get", &[KEY, &outsider]);
        stand.wait_for(writer);
        stand.wait_for(reader);
        puts += i64::from(matches!(stand.answer(writer), Some(Answer::Written { .. })));
        gets += i64::from(matches!(stand.answer(reader), Some(Answer::Found { .. })));
    }
    let runs = i64::from(runs.max(1));
    let mut report = Report::default();
    report.push("gets that succeed", "of 1", gets * ONE / runs, Some(at_least(r, n, up_percent)));
    report.push("puts that succeed", "of 1", puts * ONE / runs, Some(at_least(w, n, up_percent)));
    report.push("one replica is up", "of 1", up_percent * ONE / 100, None);
    Ok(report)
}

/// The chance that at least so many of n are up, in millionths.
fn at_least(least: i64, n: i64, up_percent: i64) -> i64 {
    let power = |base: i64, times: i64| (0..times).fold(1_i128, |product, _| product * i128::from(base));
    let all = power(100, n);
    let term = |i: i64| i128::from(choose(n, i)) * power(up_percent, i) * power(100 - up_percent, n - i);
    ((least..=n).map(term).sum::<i128>() * i128::from(ONE) / all) as i64
}

/// The number of ways to choose `count` of `all`.
fn choose(all: i64, count: i64) -> i64 {
    if count > all { 0 } else { (0..count).fold(1, |product, i| product * (all - i) / (i + 1)) }
}
