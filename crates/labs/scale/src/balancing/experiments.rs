//! Where theory has an answer: waiting times, the worth of a second choice, and the tail of many requests.

use parts::policy::{Backend, Policy, Rotation};
use parts::theory::{self, ONE};
use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::rng::Rng;
use sim::{Experiments, NodeId, Of, Setting, Settings, Text, World, t};

use super::{BalancingNode, LoadBalancing};

/// One microsecond in millionths of a millisecond.
const US: i64 = 1_000;

/// How many clients there are: the balancer comes after them.
const CLIENTS: i64 = 20;

impl Experiments for LoadBalancing {
    fn experiments() -> Vec<Experiment> {
        let requests = |usual| Setting::integer("requests", t!("requests in each run"), (100, 10_000_000), "", usual);
        vec![
            Experiment {
                name: "waiting-time",
                title: t!("How long requests wait in a queue"),
                source: "Kleinrock, Queueing Systems I, 1975: M/M/1 (equation 3.26), M/M/c by Erlang's C formula (3.40), M/D/1 by Pollaczek and Khinchine (5.68)",
                settings: vec![
                    Setting::integer(
                        "rho_percent",
                        t!("share of their time that the workers are busy"),
                        (1, 99),
                        "%",
                        80,
                    ),
                    Setting::integer("c", t!("workers"), (1, 64), "", 1),
                    Setting::choice(
                        "service",
                        t!("service times"),
                        vec![("exponential", t!("exponential (M/M/c)")), ("constant", t!("constant (M/D/c)"))],
                    ),
                    requests(20_000),
                ],
                runs: 20,
                measure: waiting_time,
            },
            Experiment {
                name: "choices",
                title: t!("The supermarket model: time in the system with d choices"),
                source: "Mitzenmacher 2001, section 3: for many servers, the sum over i of lambda^((d^i - d) / (d - 1)); for one choice 1 / (1 - lambda). The share of servers with i requests or more is lambda^((d^i - 1) / (d - 1)), for one choice lambda^i",
                settings: vec![
                    Setting::integer("n", t!("servers"), (1, 500), "", 500),
                    Setting::integer("d", t!("choices"), (1, 10), "", 2),
                    Setting::integer(
                        "lambda_percent",
                        t!("requests for each server in a mean service time"),
                        (1, 99),
                        "%",
                        90,
                    ),
                    requests(500_000),
                ],
                runs: 4,
                measure: choices,
            },
            Experiment {
                name: "balls-in-bins",
                title: t!("n balls in n bins, each into the emptiest of d"),
                source: "Azar, Broder, Karlin and Upfal 1999: ln n / ln ln n for one choice, ln ln n / ln d + O(1) for more; the shares of bins by the differential equations of Mitzenmacher 2001",
                settings: vec![
                    Setting::integer("log2_n", t!("bins, as a power of two"), (2, 20), "", 12),
                    Setting::integer("d", t!("choices"), (1, 10), "", 2),
                ],
                runs: 100,
                measure: balls_in_bins,
            },
            Experiment {
                name: "tail-at-scale",
                title: t!("One slow answer in a hundred, and pages that need a hundred answers"),
                source: "Dean and Barroso, The tail at scale, 2013: with one slow answer in 100 and 100 servers, 63 % of all user requests are slow: 1 - (1 - p)^f",
                settings: vec![
                    Setting::integer("fan_out", t!("answers that a page needs"), (1, 2_000), "", 100),
                    Setting::integer("slow_per_mille", t!("slow answers"), (0, 1_000), "in 1,000", 10),
                    requests(50_000),
                ],
                runs: 4,
                measure: tail_at_scale,
            },
        ]
    }
}

/// The lab with nothing in the way: no delays, no time-outs, no health checks, and queues without end.
fn plain(changes: &[(&str, i64)]) -> Settings {
    let unhindered = [
        ("clients", CLIENTS),
        ("delay_least_us", 0),
        ("delay_most_us", 0),
        ("timeout_ms", 600_000),
        ("server_timeout_ms", 600_000),
        ("retries", 0),
        ("probe_ms", 0),
        ("queue", 1_000_000),
    ];
    let all = unhindered.iter().chain(changes);
    all.fold(Settings::default(), |settings, (name, value)| settings.with(name, number(*value)))
}

/// Runs until so many requests have begun or ended, as `seen` counts them after each event.
fn run(lab: &Settings, seed: u64, seen: &mut dyn FnMut(&BalancingNode) -> bool) -> Result<(), Text> {
    let mut world = World::new(Of::<LoadBalancing>::LAB, lab.clone(), seed)?.unwatched();
    while world.step() {
        let node = world.last_node().and_then(|node| world.of::<LoadBalancing>().nodes().state(node));
        if node.is_some_and(&mut *seen) {
            break;
        }
    }
    Ok(())
}

fn waiting_time(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    const SERVICE_US: i64 = 10_000;
    let (percent, workers) = (settings.integer("rho_percent"), settings.integer("c"));
    let is_constant = settings.word("service") == "constant";
    let (requests, rho) = (settings.integer("requests") as u64, percent * ONE / 100);
    let rate = percent * workers;
    let lab = plain(&[("servers", 1), ("workers", workers), ("service_us", SERVICE_US), ("requests_per_second", rate)])
        .with("service", word(settings.word("service")));
    let mut waits = Vec::new();
    for run_number in 0..u64::from(runs) {
        let mut begun = 0;
        run(&lab, seed.wrapping_add(run_number), &mut |node| {
            if let Some(server) = node.server()
                && server.station.begun > begun
            {
                begun = server.station.begun;
                // The first tenth is left out: at the start the queue is empty.
                if begun > requests / 10 {
                    waits.push(server.station.waited_us as i64 * US);
                }
            }
            begun >= requests
        })?;
    }
    let waited = waits.iter().filter(|wait| **wait > 0).count() as i64;
    let share = waited * ONE / (waits.len() as i64).max(1);
    let count = workers as u64;
    let ms = |services: i64| services * (SERVICE_US / 1_000);
    let chance = match (is_constant, count) {
        (false, _) => Some(theory::erlang_c(count, rho)),
        (true, 1) => Some(rho),
        (true, _) => None,
    };
    let mut published = Vec::new();
    match (is_constant, count) {
        (false, _) => {
            published.push(("mean", ms(theory::mmc_wait(count, rho))));
            for (name, percent) in [("p50", 50), ("p75", 75), ("p90", 90), ("p95", 95), ("p99", 99)] {
                published.push((name, ms(theory::mmc_percentile(count, rho, percent))));
            }
        }
        (true, 1) => published.push(("mean", ms(theory::md1_wait(rho)))),
        (true, _) => {}
    }
    let mut report = Report::default();
    report.push_distribution("ms", waits, &published);
    report.push("requests that wait", "of 1", share, chance);
    Ok(report)
}

fn choices(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    const SERVICE_US: i64 = 100_000;
    let (servers, choices, percent) =
        (settings.integer("n"), settings.integer("d"), settings.integer("lambda_percent"));
    let requests = settings.integer("requests") as u64;
    let rate = (servers * percent / 10).max(1);
    let lab =
        plain(&[("servers", servers), ("choices", choices), ("service_us", SERVICE_US), ("requests_per_second", rate)])
            .with("policy", word("random-choices"));
    let (mut times, mut tails) = (Vec::new(), Tails::default());
    for run_number in 0..u64::from(runs) {
        let mut world = World::beyond_bounds(Of::<LoadBalancing>::LAB, &lab, seed.wrapping_add(run_number)).unwatched();
        let (mut ended, mut looks_at_us) = (0, 0);
        while ended < requests {
            let next_us = world.next_at_us();
            let node = world.of::<LoadBalancing>().nodes().state(NodeId(CLIENTS as u16));
            let Some(balancer) = node.and_then(BalancingNode::balancer) else { break };
            // The first fifth is left out: at the start all queues are empty.
            let is_steady = ended > requests / 5;
            while next_us.is_some_and(|next_us| next_us > looks_at_us) {
                looks_at_us += SERVICE_US as u64;
                if is_steady {
                    tails.add(balancer.open.iter().copied());
                }
            }
            if balancer.answered > ended {
                ended = balancer.answered;
                if is_steady {
                    times.push(balancer.took_us as i64 * ONE / SERVICE_US);
                }
            }
            if !world.step() {
                break;
            }
        }
    }
    let mut report = Report::default();
    let lambda = percent * ONE / 100;
    let predicted = theory::supermarket(lambda, choices as u32);
    report.push_distribution("service times", times, &[("mean", predicted)]);
    tails.report("servers with", &theory::supermarket_tails(lambda, choices as u32), &mut report);
    Ok(report)
}

/// How many of the servers, or bins, had at least 1, 2, … requests, or balls.
#[derive(Debug, Default)]
struct Tails {
    counts: Vec<u64>,
    all: u64,
}

impl Tails {
    /// Counts the loads of one moment.
    fn add(&mut self, loads: impl Iterator<Item = u32>) {
        for load in loads {
            let load = load as usize;
            self.counts.resize(self.counts.len().max(load), 0);
            self.counts[..load].iter_mut().for_each(|count| *count += 1);
            self.all += 1;
        }
    }

    /// The shares in millionths, beside those that are predicted in millionths of a millionth: most of them are small.
    fn report(&self, what: &str, predicted: &[u64], report: &mut Report) {
        let whole = i128::from(ONE) * i128::from(ONE);
        for (place, count) in self.counts.iter().enumerate() {
            let share = i128::from(*count) * whole / i128::from(self.all.max(1));
            let published = predicted.get(place).map_or(0, |share| *share as i64);
            report.push(&format!("{what} {} or more", place + 1), "in a million", share as i64, Some(published));
        }
    }
}

fn balls_in_bins(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (bins, choices) = (1_u64 << settings.integer("log2_n"), settings.integer("d") as u8);
    let mut tails = Tails::default();
    let mut fullest = Vec::new();
    for run_number in 0..u64::from(runs) {
        let mut rng = Rng::stream(seed.wrapping_add(run_number), 4 << 32);
        let empty = Backend { is_available: true, weight: Backend::FULL, open: 0 };
        let mut backends = vec![empty; bins as usize];
        for _ in 0..bins {
            let mut draw = |bound| rng.below(bound);
            let bin = Policy::Choices.pick(&backends, (0, choices), &mut Rotation::default(), &mut draw);
            if let Some(bin) = bin {
                backends[bin].open += 1;
            }
        }
        let most = backends.iter().map(|backend| backend.open).max().unwrap_or(0);
        tails.add(backends.iter().map(|backend| backend.open));
        fullest.push(i64::from(most) * ONE);
    }
    let mut report = Report::default();
    tails.report("bins with", &theory::loads(choices.into()), &mut report);
    let ln_n = theory::ln(bins, 1);
    let ln_ln_n = theory::ln(ln_n.unsigned_abs(), ONE as u64);
    let leading = match choices {
        1 => ln_n * ONE / ln_ln_n.max(1),
        _ => ln_ln_n * ONE / theory::ln(choices.into(), 1),
    };
    report.push_distribution("balls in the fullest", fullest, &[("mean", theory::fullest(bins, choices.into()))]);
    report.push(if choices == 1 { "ln n / ln ln n" } else { "ln ln n / ln d" }, "balls", leading, None);
    Ok(report)
}

fn tail_at_scale(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    const SLOW_MS: i64 = 1_000;
    let (fan_out, slow) = (settings.integer("fan_out") as usize, settings.integer("slow_per_mille"));
    let requests = settings.integer("requests") as usize;
    let lab = plain(&[
        ("clients", 1),
        ("servers", 100),
        ("workers", 64),
        ("service_us", 10_000),
        ("hiccups_per_mille", slow),
        ("hiccup_ms", SLOW_MS),
        ("requests_per_second", 2_000),
    ])
    .with("service", word("constant"))
    .with("arrivals", word("even"));
    let (mut answers, mut pages) = (Vec::new(), Vec::new());
    for run_number in 0..u64::from(runs) {
        let mut times = vec![None; requests];
        let mut ended = 0;
        run(&lab, seed.wrapping_add(run_number), &mut |node| {
            let last = node.client().and_then(|client| client.last);
            if let Some((number, us)) = last
                && let Some(time) = times.get_mut(number as usize - 1)
                && time.is_none()
            {
                *time = Some(us as i64 * US);
                ended += 1;
            }
            ended == requests
        })?;
        let times: Vec<i64> = times.into_iter().flatten().collect();
        pages.extend(times.chunks_exact(fan_out).filter_map(|page| page.iter().copied().max()));
        answers.extend(times);
    }
    let slow_of = |times: &[i64]| {
        let slow = times.iter().filter(|time| **time >= SLOW_MS * ONE).count();
        slow as i64 * ONE / (times.len() as i64).max(1)
    };
    let chance = slow * ONE / 1_000;
    let mut report = Report::default();
    report.push("slow answers", "of 1", slow_of(&answers), Some(chance));
    report.push("slow pages", "of 1", slow_of(&pages), Some(theory::any_of(chance, fan_out as u32)));
    report.push_distribution("ms for a page", pages, &[]);
    Ok(report)
}
