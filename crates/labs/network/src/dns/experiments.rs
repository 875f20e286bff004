//! What caches, clients and forgers do, beside formulas.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::rng::Rng;
use sim::{Delay, Director, Experiments, Input, Setting, Settings, Text, Trouble, Value, t};

use super::client::End;
use super::name::{Address, Role};
use super::scenarios::{ask, book, has_ended, node, resolver};
use super::view::is_poisoned;
use super::{Dns, DnsNode};

/// One of anything in millionths.
const ONE: i64 = 1_000_000;

const SECOND_US: u64 = 1_000_000;

/// In so long a first walk has come to its end.
const WALK_US: u64 = 200_000;

impl Experiments for Dns {
    fn experiments() -> Vec<Experiment> {
        vec![
            Experiment {
                name: "hit-rate",
                title: t!("How many questions a cache answers"),
                source: "J. Jung, A. Berger and H. Balakrishnan, Modeling TTL-based Internet caches, INFOCOM 2003: λT / (1 + λT) of questions that come at random",
                settings: vec![
                    Setting::integer("gap_ms", t!("a question every, on average (1/λ)"), (100, 600_000), "ms", 10_000),
                    Setting::integer("ttl_s", t!("answers may be kept for (T)"), (1, 86_400), "s", 30),
                ],
                runs: 10_000,
                measure: hit_rate,
            },
            Experiment {
                name: "after-change",
                title: t!("How many resolvers still have the old answer"),
                source: "The age of an answer in a busy cache is even between 0 and T, so that 1 − t/T still have it after t; without counting down in two levels (2 − t/T)² / 2 for t from T to 2T",
                settings: vec![Setting::integer("ttl_s", t!("answers may be kept for (T)"), (20, 86_400), "s", 300)],
                runs: 4_000,
                measure: after_change,
            },
            Experiment {
                name: "spoof",
                title: t!("How often a forger wins"),
                source: "RFC 5452, section 7.2: D R W / (N P I) a window, here with F = R W forged answers in each, D = 1 and P = 1; 1 − (1 − F / (N I))^n after n windows",
                settings: vec![
                    Setting::integer("id_bits", t!("bits of the id (I = 2^bits)"), (1, 16), "", 8),
                    Setting::integer("forge", t!("forged answers a window (F)"), (1, 1_000), "", 20),
                    Setting::integer("windows", t!("windows (n)"), (1, 1_000), "", 20),
                ],
                runs: 300,
                measure: spoof,
            },
            Experiment {
                name: "retry",
                title: t!("How often a client asks in vain"),
                source: "A question and its answer have to come through: with loss p each way, k attempts fail with (1 − (1 − p)²)^k",
                settings: vec![
                    Setting::integer("loss_percent", t!("messages lost (p)"), (0, 90), "%", 30),
                    Setting::integer("attempts", t!("attempts (k)"), (1, 5), "", 2),
                ],
                runs: 5_000,
                measure: retry,
            },
        ]
    }
}

/// A world in which nothing happens but what somebody does.
fn quiet(cast: &str, changes: &[(&'static str, Value)], seed: u64) -> Result<Director<Dns>, Text> {
    let still = Settings::default()
        .with("cast", word(cast))
        .with("forge", number(0))
        .with("workload_ms", number(0))
        .with("change_s", number(0))
        .with("ns_ttl_s", number(172_800));
    let settings = changes.iter().fold(still, |settings, (name, value)| settings.with(name, value.clone()));
    Director::new(settings, seed).map(Director::unwatched)
}

fn share(part: u64, whole: u64) -> i64 {
    (u128::from(part) * ONE as u128 / u128::from(whole.max(1))) as i64
}

fn hit_rate(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (gap_us, ttl_s) = (settings.integer("gap_ms").unsigned_abs() * 1_000, settings.integer("ttl_s"));
    let mut director = quiet("one-way", &[("ttl_s", number(ttl_s))], seed)?;
    let mut rng = Rng::stream(seed, 1 << 40);
    let gap = Delay::Exponential { least_us: 0, mean_us: gap_us };
    let mut at_us = 0;
    for _ in 0..runs {
        at_us += gap.draw(&mut rng);
        director.run_until_us(at_us);
        ask(&mut director, Role::C1, "www.shop.com");
    }
    director.run_for_us(SECOND_US);
    let (asked, hits) = resolver(director.world(), Role::R1).map_or((1, 0), |resolver| (resolver.asked, resolver.hits));
    let ttl_us = ttl_s.unsigned_abs() * SECOND_US;
    let mut report = Report::default();
    report.push("answered from the cache", "of 1", share(hits, asked), Some(share(ttl_us, gap_us + ttl_us)));
    Ok(report)
}

fn after_change(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let ttl_s = settings.integer("ttl_s");
    let ttl_us = ttl_s.unsigned_abs() * SECOND_US;
    let mut rng = Rng::stream(seed, 2 << 40);
    let mut report = Report::default();
    for quarters in 1..=3_u64 {
        let mut old = 0;
        for run in 0..u64::from(runs) {
            // Each part of the time once, so that chance plays a smaller part.
            let change_us = (ttl_us * run + rng.below(ttl_us)) / u64::from(runs);
            let mut director = quiet("few", &[("ttl_s", number(ttl_s)), ("forward", Value::Flag(false))], seed + run)?;
            ask(&mut director, Role::C1, "www.shop.com");
            director.run_until_us(change_us + WALK_US);
            old += u64::from(asks_later(&mut director, Role::C1, ttl_us * quarters / 4));
        }
        let name = format!("old after {} T", ["0", "0.25", "0.5", "0.75"][quarters as usize]);
        report.push(&name, "of 1", share(old, u64::from(runs)), Some(ONE - ONE * quarters as i64 / 4));
    }
    for (quarters, published) in [(4_u64, 500_000), (5, 281_250), (6, 125_000)] {
        let mut old = 0;
        for run in 0..u64::from(runs) {
            // How old the answer is in each of the two caches when somebody asks.
            let first_us = (ttl_us * run + rng.below(ttl_us)) / u64::from(runs);
            let (second_us, after_us) = (rng.below(ttl_us), ttl_us * quarters / 4);
            let Some(change_us) = (first_us + second_us).checked_sub(after_us) else { continue };
            let changes = [("ttl_s", number(ttl_s)), ("count_down", Value::Flag(false))];
            let mut director = quiet("few", &changes, seed + run)?;
            ask(&mut director, Role::C1, "www.shop.com");
            let mut is_asked = false;
            if change_us >= first_us {
                director.run_until_us(first_us + WALK_US);
                ask(&mut director, Role::C3, "www.shop.com");
                is_asked = true;
            }
            director.run_until_us(change_us + WALK_US);
            let primary = node(director.world(), Role::N1);
            director.operate(primary, "move", &[Value::Flag(true)]);
            if !is_asked {
                director.run_until_us(first_us + WALK_US);
                ask(&mut director, Role::C3, "www.shop.com");
            }
            director.run_until_us(first_us + second_us + WALK_US);
            old += u64::from(is_old(&mut director, Role::C3));
        }
        let name = format!("no count-down, two levels: old after {} T", ["1", "1.25", "1.5"][quarters as usize - 4]);
        report.push(&name, "of 1", share(old, u64::from(runs)), Some(published));
    }
    Ok(report)
}

/// The name moves now; whether a client that asks so much later gets the old address.
fn asks_later(director: &mut Director<Dns>, client: Role, after_us: u64) -> bool {
    let primary = node(director.world(), Role::N1);
    director.operate(primary, "move", &[Value::Flag(true)]);
    director.run_for_us(after_us);
    is_old(director, client)
}

/// Whether a client that asks now gets the first address.
fn is_old(director: &mut Director<Dns>, client: Role) -> bool {
    let asked = director.world().nodes().state(node(director.world(), client)).and_then(DnsNode::client);
    let count = asked.map_or(0, |client| client.asked) + 1;
    ask(director, client, "www.shop.com");
    director.run_until(|world| has_ended(world, client, count));
    book(director.world(), client) == Some(End::Address(Address::of_shop(0)))
}

fn spoof(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (bits, forge) = (settings.integer("id_bits"), settings.integer("forge"));
    let windows = settings.integer("windows").unsigned_abs();
    let mut hits = 0;
    for run in 0..u64::from(runs) {
        let changes = [
            ("id_bits", number(bits)),
            ("port_bits", number(0)),
            ("forge", number(forge)),
            ("refresh_s", number(86_400)),
        ];
        let mut director = quiet("all", &changes, seed + run)?;
        ask(&mut director, Role::C1, "www.shop.com");
        // X begins a second after the start, and has a race a second.
        director.run_until_us(SECOND_US * windows + SECOND_US / 2);
        hits += u64::from(resolver(director.world(), Role::R1).is_some_and(is_poisoned));
    }
    // (1 - F / (N I))^n, in parts of 2^40; three servers stand in the list.
    let whole = 1_i128 << 40;
    let miss = whole - (whole * i128::from(forge) / (3 << bits)).min(whole);
    let all = (0..windows).fold(whole, |all, _| all * miss / whole);
    let published = ONE - (all * i128::from(ONE) / whole) as i64;
    let mut report = Report::default();
    report.push("zones taken", "of 1", share(hits, u64::from(runs)), Some(published));
    Ok(report)
}

fn retry(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (percent, attempts) = (settings.integer("loss_percent"), settings.integer("attempts"));
    let changes = [("ttl_s", number(86_400)), ("stub_attempts", number(attempts)), ("stub_timeout_ms", number(1_000))];
    let mut director = quiet("one-way", &changes, seed)?;
    let (client, server) = (node(director.world(), Role::C1), node(director.world(), Role::R1));
    ask(&mut director, Role::C1, "www.shop.com");
    director.run_for_us(SECOND_US);
    for (from, to) in [(client, server), (server, client)] {
        let ppm = percent.unsigned_abs() as u32 * 10_000;
        director.act(Input::SetTrouble { from, to, trouble: Trouble::Loss, ppm });
    }
    let mut failed = 0;
    for run in 0..u64::from(runs) {
        ask(&mut director, Role::C1, "www.shop.com");
        director.run_until(|world| has_ended(world, Role::C1, run + 2));
        failed += u64::from(book(director.world(), Role::C1) == Some(End::Silence));
    }
    let one_fails = 10_000 - (100 - percent) * (100 - percent);
    let published = (0..attempts).fold(ONE, |all, _| all * one_fails / 10_000);
    let mut report = Report::default();
    report.push("questions in vain", "of 1", share(failed, u64::from(runs)), Some(published));
    Ok(report)
}
