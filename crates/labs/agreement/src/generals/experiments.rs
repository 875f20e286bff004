//! Experiments: how many messages a battle takes, and how often loyal generals part.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Director, Experiments, Setting, Settings, Text, t};

use super::Generals;

/// One of anything in millionths.
const ONE: i64 = 1_000_000;

impl Experiments for Generals {
    fn experiments() -> Vec<Experiment> {
        let of_lab = |names: &[&str]| {
            let all = <Generals as sim::Configuration>::settings();
            all.into_iter().filter(|setting| names.contains(&setting.name)).collect::<Vec<Setting>>()
        };
        vec![
            Experiment {
                name: "om-messages",
                title: t!("How many messages a battle takes"),
                source: "Lamport, Shostak and Pease 1982, section 3: OM(m) among n sends n - 1 orders, and each of them begins OM(m - 1) among n - 1: (n-1) + (n-1)(n-2) + … with m + 1 terms",
                settings: of_lab(&["generals", "depth"]),
                runs: 20,
                measure: messages,
            },
            Experiment {
                name: "disunity",
                title: t!("How often loyal generals part when one lieutenant says the opposite"),
                source: "Lamport, Shostak and Pease 1982, section 2, Figure 1, and Theorem 1: three generals always part (the loyal lieutenant has one vote for each order), more than 3m never",
                settings: of_lab(&["generals"]),
                runs: 200,
                measure: disunity,
            },
        ]
    }
}

/// One battle with these settings.
fn fought(settings: Settings, seed: u64) -> Result<Director<Generals>, Text> {
    let mut director = Director::<Generals>::new(settings.with("battles", number(1)), seed)?;
    while director.step() {}
    Ok(director)
}

fn messages(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (generals, depth) = (settings.integer("generals"), settings.integer("depth"));
    let own =
        Settings::default().with("generals", number(generals)).with("depth", number(depth)).with("liars", number(0));
    let mut sent = 0;
    for run in 0..runs {
        sent += fought(own.clone(), seed + u64::from(run))?.world().messages_sent() as i64;
    }
    let mut published = 0;
    let mut term = 1;
    for round in 0..=depth {
        term *= (generals - 1 - round).max(0);
        published += term;
    }
    let mut report = Report::default();
    report.push("messages a battle", "messages", sent * ONE / i64::from(runs.max(1)), Some(published * ONE));
    Ok(report)
}

fn disunity(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let generals = settings.integer("generals");
    let mut parted = 0;
    for run in 0..runs {
        // Any lieutenant, in its turn.
        let traitor = ["B", "C", "D", "E", "F", "G"][(i64::from(run) % (generals - 1).max(1)) as usize];
        let own = Settings::default()
            .with("generals", number(generals))
            .with("traitor", word(traitor))
            .with("manner", word("opposite"));
        parted += i64::from(fought(own, seed + u64::from(run))?.world().monitor().parted);
    }
    let published = match generals {
        3 => Some(ONE),
        4.. => Some(0),
        _ => None,
    };
    let mut report = Report::default();
    report.push("battles in which loyal generals part", "of 1", parted * ONE / i64::from(runs.max(1)), published);
    Ok(report)
}
