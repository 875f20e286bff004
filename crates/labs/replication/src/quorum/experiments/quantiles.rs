//! How long gets and puts take at the slow end, and how long one has to wait until nearly all gets return a put.

use parts::values::word;
use sim::experiment::{Experiment, Report, quantile, sort};
use sim::{Setting, Settings, Text, t};

use super::super::QuorumNode;
use super::super::message::Message;
use super::super::scenarios::{is_idle, order};
use super::super::server::Server;
use super::{KEY, Stand, US, lab_settings, stale_read_settings};

pub(super) fn experiment() -> Experiment {
    let mut settings = stale_read_settings();
    settings.retain(|setting| setting.name != "t_us");
    for setting in &mut settings {
        if setting.name == "latencies" {
            setting.default = word("lnkd-ssd");
        }
    }
    settings.push(Setting::integer("per_mille", t!("the quantile"), (1, 999), "in 1,000", 999));
    Experiment {
        name: "quantiles",
        title: t!("Slow gets and puts, and how long until nearly all gets return a put"),
        source: "Bailis et al. 2012, Table 4: the latency of 99.9 % of reads and writes, and the t at which 99.9 % of reads are consistent",
        settings,
        runs: 20_000,
        measure: quantiles,
    }
}

fn quantiles(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    if settings.word("latencies") == "exponential" && settings.integer("s_mean_us") == 0 {
        return Err(t!("this experiment sees a read while its answer is made: give s_mean_us at least 1"));
    }
    let lab = lab_settings(settings, settings.integer("n"))?;
    let (mut gets, mut puts, mut waits) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..u64::from(runs) {
        let mut stand = Stand::new(&lab, seed.wrapping_add(run))?;
        let seen = watch(&mut stand, settings.integer("r") as usize);
        puts.push(seen.put_us as i64 * US);
        gets.push(seen.get_us as i64 * US);
        waits.push(seen.wait_us as i64 * US);
    }
    let per_mille = settings.integer("per_mille");
    let published = published(settings).filter(|_| per_mille == 999);
    let mut report = Report::default();
    let names = ["a get takes", "a put takes", "t until a get returns it"];
    for (place, mut samples) in [gets, puts, waits].into_iter().enumerate() {
        sort(&mut samples);
        let found = quantile(&samples, per_mille as usize);
        report.push(names[place], "ms", found, published.map(|row| row[place] * US));
    }
    Ok(report)
}

/// What one put and the get right after it show, in microseconds.
struct Seen {
    put_us: u64,
    get_us: u64,
    /// How much later the get had to begin to return the put.
    wait_us: u64,
}

/// When a replica had the put, and when it was read and had answered.
#[derive(Clone, Copy, Debug, Default)]
struct Replica {
    stored_us: Option<u64>,
    read_us: Option<u64>,
    answered_us: Option<u64>,
}

/// Puts, gets at once, and goes on until all replicas have done both. Had the get begun later, all its messages would have
/// come so much later: it would have returned the put as soon as one of the first r replicas had it by then.
fn watch(stand: &mut Stand, r: usize) -> Seen {
    let [writer, reader] = stand.clients;
    let mut replicas = vec![Replica::default(); stand.replicas.len()];
    let (mut put_us, mut get_us) = (None, None);
    order(&mut stand.director, writer, "put", &[KEY, "new", "client"]);
    while replicas.iter().any(|replica| replica.stored_us.is_none() || replica.answered_us.is_none()) {
        if !stand.director.step() {
            break;
        }
        let now_us = stand.director.now_us();
        for (replica, node) in replicas.iter_mut().zip(&stand.replicas) {
            let state = stand.director.world().nodes().state(*node).and_then(QuorumNode::server);
            state.into_iter().for_each(|server| replica.look_at(server, now_us));
        }
        if put_us.is_none() && is_idle(stand.director.world(), writer) {
            put_us = Some(now_us);
            order(&mut stand.director, reader, "get", &[KEY, "client"]);
        } else if let (Some(put_us), None) = (put_us, get_us)
            && is_idle(stand.director.world(), reader)
        {
            get_us = Some(now_us - put_us);
        }
    }
    // Those that answered first; whoever answers at the same moment is as good.
    let mut answers: Vec<i64> = replicas.iter().filter_map(|replica| replica.answered_us).map(|us| us as i64).collect();
    sort(&mut answers);
    let last = answers.get(r - 1).map_or(u64::MAX, |us| *us as u64);
    let first = replicas.iter().filter(|replica| replica.answered_us.is_some_and(|us| us <= last));
    let late_us = |replica: &Replica| Some(replica.stored_us?.saturating_sub(replica.read_us?));
    let wait_us = first.filter_map(late_us).min().unwrap_or(0);
    Seen { put_us: put_us.unwrap_or(0), get_us: get_us.unwrap_or(0), wait_us }
}

impl Replica {
    /// A read is seen while its answer waits at the server.
    fn look_at(&mut self, server: &Server, now_us: u64) {
        if self.stored_us.is_none() && server.store.objects.get(KEY).is_some() {
            self.stored_us = Some(now_us);
        }
        let is_answering = server.late.values().any(|(_, message)| matches!(message, Message::Versions { .. }));
        if is_answering && self.read_us.is_none() {
            self.read_us = Some(now_us);
        } else if !is_answering && self.read_us.is_some() && self.answered_us.is_none() {
            self.answered_us = Some(now_us);
        }
    }
}

/// Table 4 for three replicas: reads, writes and t, in microseconds, for (r, w) of (1, 1), (1, 2), (2, 1), (2, 2), (3, 1) and
/// (1, 3).
fn published(settings: &Settings) -> Option<[i64; 3]> {
    let row = match (settings.integer("r"), settings.integer("w")) {
        _ if settings.integer("n") != 3 => return None,
        (1, 1) => 0,
        (1, 2) => 1,
        (2, 1) => 2,
        (2, 2) => 3,
        (3, 1) => 4,
        (1, 3) => 5,
        _ => return None,
    };
    let rows = match settings.word("latencies") {
        "lnkd-ssd" => [
            [660, 660, 1_850],
            [660, 1_630, 1_790],
            [1_630, 650, 0],
            [1_620, 1_640, 0],
            [4_140, 650, 0],
            [650, 4_090, 0],
        ],
        "lnkd-disk" => [
            [660, 10_990, 45_500],
            [650, 20_970, 43_300],
            [1_630, 10_900, 13_600],
            [1_640, 20_960, 0],
            [4_120, 10_890, 0],
            [650, 112_650, 0],
        ],
        "ymmr" => [
            [5_580, 10_830, 1_364_000],
            [5_610, 427_120, 1_352_000],
            [32_600, 10_730, 202_000],
            [33_180, 428_110, 0],
            [219_270, 10_790, 0],
            [5_630, 1_870_860, 0],
        ],
        "wan" => [
            [3_400, 55_120, 113_000],
            [3_400, 167_640, 0],
            [151_300, 56_360, 30_200],
            [151_310, 167_720, 0],
            [153_860, 55_190, 0],
            [3_440, 241_550, 0],
        ],
        _ => return None,
    };
    Some(rows[row])
}
