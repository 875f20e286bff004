//! What retries, messengers and checks come to, beside what follows from formulas.

use parts::checksum::{crc32, internet};
use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::rng::Rng;
use sim::{Delay, Director, Experiments, Input, NodeId, Setting, Settings, Text, Trouble, t};

use super::measures::battles;
use super::wire::{burst, swap};
use super::{Message, UnreliableNetwork};

/// One of anything, in millionths.
const ONE: i64 = 1_000_000;

const C1: NodeId = NodeId(0);
const G: NodeId = NodeId(1);
const S: NodeId = NodeId(2);

/// How many words of 16 bits a request has.
const WORDS: u64 = 12;

/// What e^−x is for x = 1, 2 and 3, in millionths.
const FADED: [i64; 3] = [367_879, 135_335, 49_787];

impl Experiments for UnreliableNetwork {
    fn experiments() -> Vec<Experiment> {
        vec![
            Experiment {
                name: "effects",
                title: t!("How often a request is sent, and has effect"),
                source: "Where a request gets there with probability q and its answer back with q, it takes 1 / q² attempts on average, and each that gets there has effect: 1 / q of them without a key, and 1 with a key. Over two hops that lose p each, q = (1 - p)²",
                settings: vec![Setting::integer("loss_percent", t!("messages lost on each hop (p)"), (0, 40), "%", 10)],
                runs: 4_000,
                measure: effects,
            },
            Experiment {
                name: "generals",
                title: t!("How often two generals attack, and one alone"),
                source: "A chain of k messengers of whom each is caught with probability p: both attack with (1 - p)^k, one alone with p (1 - p)^(k - 1). RandomAttack (Lynch 1996, section 5.2): one alone with 1 / k at the most, and with just that where the last messenger to one of them is caught",
                settings: vec![
                    Setting::integer("loss_percent", t!("messengers caught (p)"), (0, 90), "%", 10),
                    Setting::integer("messages", t!("messengers (k)"), (1, 20), "", 4),
                ],
                runs: 4_000,
                measure: generals,
            },
            Experiment {
                name: "undetected",
                title: t!("How much damage a check lets through"),
                source: "RFC 1071: the sum does not depend on the order of words. Two bits of n words: (n - 1) / (2 (16 n - 1)); random bytes: 1 / 65,535. CRC-32 notices every burst of up to 32 bits (Peterson and Brown 1961)",
                settings: Vec::new(),
                runs: 1_000_000,
                measure: undetected,
            },
            Experiment {
                name: "window",
                title: t!("How often a copy comes after its key was forgotten"),
                source: "Two copies with independent exponential delays of mean m come more than w apart with probability e^(-w / m)",
                settings: vec![Setting::integer(
                    "mean_ms",
                    t!("mean delay (m); the window is one, two and three of it"),
                    (1_000, 5_000),
                    "ms",
                    1_000,
                )],
                runs: 3_000,
                measure: window,
            },
        ]
    }
}

/// A network in which nothing goes wrong, and a message takes a millisecond.
fn calm() -> Settings {
    let none = [
        "workload_ms",
        "loss_percent",
        "copies_percent",
        "reordering_percent",
        "damage_percent",
        "gateway_swaps",
        "backoff_ms",
        "work_ms",
        "gateway_us",
    ];
    let settings = none.into_iter().fold(Settings::default(), |all, name| all.with(name, number(0)));
    settings.with("clients", number(1)).with("delay", word("constant")).with("delay_most_us", number(1_000))
}

fn direct(settings: Settings, seed: u64) -> Result<Director<UnreliableNetwork>, Text> {
    Director::new(settings, seed).map(Director::unwatched)
}

fn effect_count(director: &Director<UnreliableNetwork>) -> i64 {
    director.world().nodes().disk(S).book.log.len() as i64
}

/// The number of the request of which the user was told last, and with how many attempts.
fn told(director: &Director<UnreliableNetwork>) -> (u32, u32) {
    director.world().nodes().disk(C1).client.told.back().map_or((0, 0), |told| (told.number, told.attempts))
}

fn effects(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let percent = settings.integer("loss_percent");
    // In millionths: q, and what it makes of one attempt.
    let q = (100 - percent) * (100 - percent) * 100;
    let mut report = Report::default();
    for (semantics, published) in [("at-least-once", ONE * ONE / q), ("exactly", ONE)] {
        let lab = calm()
            .with("semantics", word(semantics))
            .with("loss_percent", number(percent))
            .with("workload_ms", number(1))
            .with("timeout_ms", number(10))
            .with("attempts", number(20));
        let mut director = direct(lab, seed)?;
        let (mut last, mut attempts) = (0, 0);
        while last < runs && director.step() {
            let (number, made) = told(&director);
            if number > last {
                (last, attempts) = (number, attempts + i64::from(made));
            }
        }
        let all = i64::from(last.max(1));
        report.push(
            &format!("{semantics}: attempts"),
            "a request",
            attempts * ONE / all,
            Some(ONE * ONE / q * ONE / q),
        );
        report.push(
            &format!("{semantics}: effects"),
            "a request",
            effect_count(&director) * ONE / all,
            Some(published),
        );
    }
    Ok(report)
}

fn generals(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (percent, messages) = (settings.integer("loss_percent"), settings.integer("messages"));
    let lab = |plan: &str, percent: i64| {
        let lab = calm().with("story", word("generals")).with("plan", word(plan));
        lab.with("messages", number(messages)).with("loss_percent", number(percent)).with("workload_ms", number(10))
    };
    let power = |times: i64| (0..times).fold(ONE, |power, _| power * (100 - percent) / 100);
    let fought = |director: &Director<UnreliableNetwork>| {
        director.world().nodes().state(C1).and_then(|node| node.general()).map_or(0, |general| general.decisions.len())
    };
    let share = |part: u64, all: u64| (part as i64) * ONE / (all.max(1) as i64);
    let mut report = Report::default();

    let mut chain = direct(lab("chain", percent), seed)?;
    while fought(&chain) < runs as usize && chain.step() {}
    let found = battles(chain.world());
    report.push("chain: both attack", "of 1", share(found.both, found.all), Some(power(messages)));
    report.push("chain: one alone", "of 1", share(found.alone, found.all), Some(percent * power(messages - 1) / 100));

    let mut random = direct(lab("random-key", percent), seed)?;
    while fought(&random) < runs as usize && random.step() {}
    let found = battles(random.world());
    report.push("random key: both attack", "of 1", share(found.both, found.all), None);
    report.push("random key: one alone", "of 1", share(found.alone, found.all), None);

    let mut worst = direct(lab("random-key", 0), seed)?;
    while fought(&worst) < runs as usize && worst.step() {
        let is_last =
            |message: &Message| matches!(message, Message::Messenger(sent) if i64::from(sent.number) == messages);
        let last = worst.messages(|from, _, message| from == C1 && is_last(message));
        last.into_iter().for_each(|message| worst.act(Input::Drop(message)));
    }
    let found = battles(worst.world());
    report.push("last messenger of A caught: one alone", "of 1", share(found.alone, found.all), Some(ONE / messages));
    Ok(report)
}

fn undetected(_settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let mut rng = Rng::stream(seed, 5 << 32);
    let [mut swapped, mut two_bits, mut random, mut bursts] = [0; 4];
    for _ in 0..runs {
        let mut bytes = [0; 2 * WORDS as usize];
        bytes.iter_mut().for_each(|byte| *byte = rng.bits() as u8);
        let (sum, rest) = (internet(&bytes), crc32(&bytes));
        let mut damaged = bytes;
        swap(&mut damaged, &mut rng);
        swapped += i64::from(internet(&damaged) == sum);
        let (one, other) = (rng.below(16 * WORDS), rng.below(16 * WORDS - 1));
        let mut damaged = bytes;
        for bit in [one, if other >= one { other + 1 } else { other }] {
            damaged[(bit / 8) as usize] ^= 1 << (bit % 8);
        }
        two_bits += i64::from(internet(&damaged) == sum);
        let mut damaged = bytes;
        damaged.iter_mut().for_each(|byte| *byte = rng.bits() as u8);
        random += i64::from(internet(&damaged) == sum);
        let mut damaged = bytes;
        burst(&mut damaged, &mut rng);
        bursts += i64::from(crc32(&damaged) == rest);
    }
    let share = |count: i64| count * ONE / i64::from(runs.max(1));
    let words = WORDS as i64;
    let mut report = Report::default();
    report.push("Internet checksum, two words swapped", "of 1", share(swapped), Some(ONE));
    report.push(
        "Internet checksum, two bits",
        "of 1",
        share(two_bits),
        Some(ONE * (words - 1) / (2 * (16 * words - 1))),
    );
    report.push("Internet checksum, random bytes", "of 1", share(random), Some(ONE / 65_535));
    report.push("CRC-32, a burst of up to 32 bits", "of 1", share(bursts), Some(0));
    Ok(report)
}

fn window(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let mean_us = settings.integer("mean_ms").unsigned_abs() * 1_000;
    let mut report = Report::default();
    for (times, published) in (1..).zip(FADED) {
        let seconds = times * (mean_us / 1_000_000) as i64;
        let lab =
            calm().with("window_s", number(seconds)).with("timeout_ms", number(60_000)).with("attempts", number(1));
        let mut director = direct(lab, seed)?;
        director.act(Input::SetDelay { from: G, to: S, delay: Delay::Exponential { least_us: 0, mean_us } });
        for trouble in [Trouble::Duplication, Trouble::Reordering] {
            director.act(Input::SetTrouble { from: G, to: S, trouble, ppm: 1_000_000 });
        }
        for _ in 0..runs {
            let (before, _) = told(&director);
            director.operate(C1, "charge", &[word("a"), number(1)]);
            while told(&director).0 == before && director.step() {}
        }
        director.run_for_us(60 * mean_us);
        let again = effect_count(&director) - i64::from(runs);
        report.push(&format!("once more, w = {times}m"), "of 1", again * ONE / i64::from(runs.max(1)), Some(published));
    }
    Ok(report)
}
