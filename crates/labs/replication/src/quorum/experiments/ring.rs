//! What consistent hashing promises: servers own about as much as each other, and few keys move when one comes.

use parts::ring::Ring;
use sim::experiment::{Experiment, Report};
use sim::rng::{Rng, mix};
use sim::{NodeId, Setting, Settings, Text, t};

use super::ONE;

pub(super) fn experiment() -> Experiment {
    Experiment {
        name: "ring",
        title: t!("Balance of the ring, and keys that move when a server comes"),
        source: "Karger et al., Consistent hashing and random trees, STOC 1997, and Dynamo, section 4.2: of n servers a new one takes 1/(n + 1) of the keys, and no other key moves; by the remainder of a division n/(n + 1) move. Of n V random tokens a server with V of them owns a Beta(V, (n - 1) V) share: its deviation is the root of (n - 1)/(n V + 1) of the mean. For V = 1 the largest is 1 + 1/2 + … + 1/n of it",
        settings: vec![
            Setting::integer("servers", t!("servers"), (2, 1_000), "", 10),
            Setting::integer("virtual_nodes", t!("virtual nodes a server"), (1, 1_000), "", 1),
            Setting::integer("keys", t!("keys in each run"), (1, 1_000_000), "", 1_000),
        ],
        runs: 500,
        measure: ring,
    }
}

fn ring(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let servers = settings.integer("servers") as u16;
    let virtual_nodes = settings.integer("virtual_nodes") as u16;
    let (mut squares, mut largest, mut moved) = (0, 0, Moved::default());
    for run in 0..u64::from(runs) {
        // The lower bits are those of the tokens.
        let salt = mix(seed.wrapping_add(run)) << 32;
        let ring = Ring::salted(servers, virtual_nodes, salt);
        let shares = shares(&ring, servers);
        squares += shares.iter().map(|share| i128::from(share - ONE).pow(2)).sum::<i128>();
        largest += shares.into_iter().max().unwrap_or(0);
        let larger = Ring::salted(servers + 1, virtual_nodes, salt);
        let mut rng = Rng::stream(seed.wrapping_add(run), 4 << 32);
        for _ in 0..settings.integer("keys") {
            moved.count(rng.bits(), (&ring, &larger), servers);
        }
    }
    let (n, tokens) = (i128::from(servers), i128::from(virtual_nodes));
    let deviation = |variance: i128| variance.isqrt() as i64;
    let whole = i128::from(ONE) * i128::from(ONE);
    let keys = settings.integer("keys") * i64::from(runs);
    let share = |count: i64| count * ONE / keys.max(1);
    let harmonic = (1..=i64::from(servers)).map(|place| ONE / place).sum();
    let mut report = Report::default();
    let spread = deviation(squares / (n * i128::from(runs)).max(1));
    report.push("deviation of a share", "of the mean", spread, Some(deviation((n - 1) * whole / (n * tokens + 1))));
    let largest = largest / i64::from(runs.max(1));
    report.push("largest share", "of the mean", largest, (virtual_nodes == 1).then_some(harmonic));
    report.push("keys that move to the new", "of 1", share(moved.to_new), Some(ONE / (i64::from(servers) + 1)));
    report.push("keys that move elsewhere", "of 1", share(moved.elsewhere), Some(0));
    let remainder = ONE * i64::from(servers) / (i64::from(servers) + 1);
    report.push("by the remainder: that move", "of 1", share(moved.by_remainder), Some(remainder));
    Ok(report)
}

/// How much of the ring each server owns, in millionths of the mean.
fn shares(ring: &Ring, servers: u16) -> Vec<i64> {
    let mut owned = vec![0_u128; servers.into()];
    for (number, (_, server)) in ring.tokens().iter().enumerate() {
        owned[server.index()] += u128::from(ring.range(number).1);
    }
    owned.into_iter().map(|length| ((length * u128::from(servers) * ONE as u128) >> 64) as i64).collect()
}

/// How many keys another server owns after one has come.
#[derive(Debug, Default)]
struct Moved {
    to_new: i64,
    elsewhere: i64,
    by_remainder: i64,
}

impl Moved {
    fn count(&mut self, position: u64, (before, after): (&Ring, &Ring), servers: u16) {
        let owner = |ring: &Ring| ring.tokens()[ring.range_of(position)].1;
        let (old, new) = (owner(before), owner(after));
        self.to_new += i64::from(new == NodeId(servers));
        self.elsewhere += i64::from(new != old && new != NodeId(servers));
        let servers = u64::from(servers);
        self.by_remainder += i64::from(position % servers != position % (servers + 1));
    }
}
