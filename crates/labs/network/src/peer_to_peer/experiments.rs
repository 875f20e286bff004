//! How long it takes from one server and as a swarm, beside the formulas; and who waits longest.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Director, Experiments, NodeId, Setting, Settings, Text, Value, t};

use super::bounds::Bounds;
use super::measures::finished_us;
use super::{Mode, PeerToPeer, S};

/// One of anything, in millionths.
const ONE: u64 = 1_000_000;

/// No run takes more events.
const MOST_EVENTS: u64 = 400_000;

impl Experiments for PeerToPeer {
    fn experiments() -> Vec<Experiment> {
        vec![
            Experiment {
                name: "book",
                title: t!("How long until all have the file, from one server and as a swarm"),
                source: "Kurose and Ross, Computer Networking, section 2.5, figure 2.23: F/u = 1 h, u_s = 10 u, d_min ≥ u_s; client-server N/10 h, peer-to-peer at the least N/(N + 10) h",
                settings: Vec::new(),
                runs: 5,
                measure: book,
            },
            Experiment {
                name: "client-server",
                title: t!("From one server: the uplink of the server or the downlinks decide"),
                source: "Kurose and Ross, section 2.5: max(N F / u_s, F / d_min)",
                settings: vec![Setting::integer("peers", t!("peers"), (2, 20), "", 5)],
                runs: 3,
                measure: client_server,
            },
            Experiment {
                name: "swarm",
                title: t!("As a swarm: how near to the least time"),
                source: "Kumar and Ross 2006, theorem 1: max(F / u_s, F / d_min, N F / (u_s + Σ u_i)), which fluids reach",
                settings: Vec::new(),
                runs: 5,
                measure: swarm,
            },
            Experiment {
                name: "pieces",
                title: t!("Equal lines: more pieces, less waiting"),
                source: "Mundinger, Weber and Weiss 2008, theorem 1: 1 + ⌊log₂ N⌋ / M in units of F/u, if somebody plans it all",
                settings: vec![Setting::integer("peers", t!("peers"), (2, 20), "", 8)],
                runs: 5,
                measure: pieces,
            },
            Experiment {
                name: "riders",
                title: t!("When those have the file who give, and those who give nothing"),
                source: "Cohen 2003, section 3.2: places are for those who give; Locher et al. 2006: who gives nothing gets the file all the same",
                settings: vec![Setting::integer("free_riders", t!("free riders of ten"), (1, 6), "", 3)],
                runs: 20,
                measure: riders,
            },
        ]
    }
}

/// Eight peers, 48 pieces, and nothing that goes wrong, but for these changes.
fn calm(changes: Vec<(&'static str, Value)>) -> Settings {
    let base = vec![
        ("peers", number(8)),
        ("pieces", number(48)),
        ("bad_blocks", number(0)),
        ("seed_leaves", Value::Flag(false)),
    ];
    base.into_iter().chain(changes).fold(Settings::default(), |all, (name, value)| all.with(name, value))
}

/// Runs until all have the file. Returns when each had it, in microseconds.
fn run(settings: Settings, seed: u64, is_without_seed: bool) -> Result<Vec<(NodeId, u64)>, Text> {
    let mut director = Director::<PeerToPeer>::new(settings, seed)?.unwatched();
    if is_without_seed {
        director.operate(S, "plug", &[]);
    }
    let peers: Vec<NodeId> = director.world().config().wanting().collect();
    let mut left = peers.clone();
    for _ in 0..MOST_EVENTS {
        let last = left.last().copied();
        match last {
            None => break,
            Some(node) if finished_us(director.world(), node).is_some() => {
                left.pop();
            }
            Some(_) => {
                if !director.step() {
                    break;
                }
            }
        }
    }
    let world = director.world();
    Ok(peers.into_iter().map(|node| (node, finished_us(world, node).unwrap_or(u64::MAX / 1_000_000))).collect())
}

/// When the last one had the file, on average over runs.
fn last_us(settings: &Settings, runs: u32, seed: u64) -> Result<u64, Text> {
    let mut sum = 0;
    for place in 0..u64::from(runs.max(1)) {
        sum += run(settings.clone(), seed + place, false)?.into_iter().map(|(_, us)| us).max().unwrap_or(0);
    }
    Ok(sum / u64::from(runs.max(1)))
}

fn bounds(settings: &Settings) -> Result<Bounds, Text> {
    let director = Director::<PeerToPeer>::new(settings.clone(), 1)?;
    Ok(Bounds::of(director.world().config()))
}

fn in_mode(mode: Mode) -> Value {
    word(if mode == Mode::Swarm { "swarm" } else { "client-server" })
}

fn book(_settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    // F/u, which the book calls an hour.
    let hour_us = Bounds::new(48 * 4 * 16 * 1_024, 1, 256, 0, u64::MAX).client_server_us;
    let mut report = Report::default();
    for (mode, title) in [(Mode::ClientServer, "client-server"), (Mode::Swarm, "swarm")] {
        for peers in [5, 10, 20] {
            let lab = calm(vec![("mode", in_mode(mode)), ("peers", number(peers)), ("fairness", word("round-robin"))]);
            let us = last_us(&lab, runs, seed)?;
            let published = match mode {
                Mode::ClientServer => peers as u64 * ONE / 10,
                Mode::Swarm => peers as u64 * ONE / (peers as u64 + 10),
            };
            report.push(&format!("{title}, {peers} peers"), "h", (us * ONE / hour_us) as i64, Some(published as i64));
        }
    }
    Ok(report)
}

fn client_server(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let peers = settings.integer("peers");
    let mut report = Report::default();
    for (title, changes) in [
        ("the uplink of the server decides", vec![]),
        ("the downlinks decide", vec![("seed_kbps", number(100_000)), ("down_kbps", number(256))]),
    ] {
        let mut changes = changes;
        changes.extend([("mode", in_mode(Mode::ClientServer)), ("peers", number(peers))]);
        let lab = calm(changes);
        let published = bounds(&lab)?.in_mode(Mode::ClientServer);
        report.push(title, "s", last_us(&lab, runs, seed)? as i64, Some(published as i64));
    }
    Ok(report)
}

fn swarm(_settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let mut report = Report::default();
    for fairness in ["tit-for-tat", "round-robin"] {
        for peers in [5, 10, 15, 20] {
            let lab = calm(vec![("peers", number(peers)), ("fairness", word(fairness))]);
            let published = bounds(&lab)?.in_mode(Mode::Swarm);
            let us = last_us(&lab, runs, seed)?;
            report.push(&format!("{fairness}, {peers} peers"), "s", us as i64, Some(published as i64));
        }
    }
    Ok(report)
}

fn pieces(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let peers = settings.integer("peers");
    let mut report = Report::default();
    for pieces in [4, 8, 16, 32, 64] {
        let lab = calm(vec![
            ("peers", number(peers)),
            ("pieces", number(pieces)),
            ("seed_kbps", number(256)),
            ("fairness", word("round-robin")),
        ]);
        let whole_us = Bounds::new(pieces as u64 * 4 * 16 * 1_024, 1, 256, 0, u64::MAX).client_server_us;
        let published = ONE + u64::from(peers.unsigned_abs().ilog2()) * ONE / pieces as u64;
        let us = last_us(&lab, runs, seed)?;
        report.push(&format!("{pieces} pieces"), "F/u", (us * ONE / whole_us) as i64, Some(published as i64));
    }
    Ok(report)
}

fn riders(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let count = settings.integer("free_riders");
    let mut report = Report::default();
    for fairness in ["tit-for-tat", "round-robin"] {
        let lab = calm(vec![
            ("peers", number(10)),
            ("pieces", number(64)),
            ("had_percent", number(50)),
            ("free_riders", number(count)),
            ("fairness", word(fairness)),
        ]);
        let (mut give, mut take) = (0, 0);
        for place in 0..u64::from(runs.max(1)) {
            for (node, us) in run(lab.clone(), seed + place, true)? {
                *(if i64::from(node.0) > i64::from(S.0) + 10 - count { &mut take } else { &mut give }) += us;
            }
        }
        let mean = |sum: u64, count: i64| (sum / u64::from(runs.max(1)) / count.unsigned_abs().max(1)) as i64;
        report.push(&format!("{fairness}: who gives"), "s", mean(give, 10 - count), None);
        report.push(&format!("{fairness}: who gives nothing"), "s", mean(take, count), None);
    }
    Ok(report)
}
