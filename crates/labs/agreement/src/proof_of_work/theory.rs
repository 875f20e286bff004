//! What theory says of races, forks and luck, in whole numbers: parts of a million, where nothing else is said.

/// One, as these formulas count inside.
const UNIT: i128 = 1_000_000_000_000_000;
const MILLION: i128 = 1_000_000;

fn inside(millionths: u64) -> i128 {
    i128::from(millionths) * (UNIT / MILLION)
}

fn outside(value: i128) -> i64 {
    ((value + UNIT / MILLION / 2) / (UNIT / MILLION)) as i64
}

fn times(one: i128, other: i128) -> i128 {
    one * other / UNIT
}

fn power(base: i128, exponent: u64) -> i128 {
    (0..exponent).fold(UNIT, |product, _| times(product, base))
}

/// e to the power of -x, by its series; x is made small first, and the result squared as often.
fn decay(x: i128) -> i128 {
    let mut halvings = 0;
    let mut small = x;
    while small > UNIT / 2 {
        small /= 2;
        halvings += 1;
    }
    let (mut sum, mut term) = (UNIT, UNIT);
    for place in 1..30 {
        term = -times(term, small) / place;
        sum += term;
    }
    (0..halvings).fold(sum, |value, _| times(value, value))
}

/// The chance that something that comes at random, once in a unit of time on average, does not come for so long: e to the power of -x.
pub fn silence(millionths: u64) -> i64 {
    outside(decay(inside(millionths)))
}

/// The chance that a block has a rival: 1 - e^(-τ/T), where hash power does not know of a block for τ on average, and one is found every
/// T (Decker and Wattenhofer 2013, section IV, for rare blocks).
pub fn fork(unknown_us: u64, interval_us: u64) -> i64 {
    let x = i128::from(unknown_us) * UNIT / i128::from(interval_us.max(1));
    outside(UNIT - decay(x))
}

/// The chance that a thief with this share of the power outruns so many blocks, as Nakamoto 2008, section 11, approximates it:
/// 1 - Σ λ^k e^(-λ) / k! · (1 - (q/p)^(z-k)), λ = z q/p. It takes the blocks of the thief for a Poisson number.
pub fn nakamoto(share: u64, blocks: u64) -> i64 {
    let (q, p) = (inside(share), UNIT - inside(share));
    if q >= p {
        return MILLION as i64;
    }
    let ratio = q * UNIT / p;
    let lambda = ratio * i128::from(blocks);
    let mut poisson = decay(lambda);
    let mut sum = 0;
    for k in 0..=blocks {
        sum += times(poisson, UNIT - power(ratio, blocks - k));
        poisson = times(poisson, lambda) / i128::from(k + 1);
    }
    outside(UNIT - sum)
}

/// The same exactly: the thief finds k blocks while the others find z, which is a negative binomial number (Rosenfeld 2014, theorem 1;
/// Grunspan and Pérez-Marco 2018, theorem 1: I_{4pq}(z, 1/2)).
pub fn exact(share: u64, blocks: u64) -> i64 {
    let (q, p) = (inside(share), UNIT - inside(share));
    if q >= p || blocks == 0 {
        return MILLION as i64;
    }
    let (mut sum, mut ways) = (0, 1_i128);
    for k in 0..blocks {
        let both = times(power(p, blocks), power(q, k)) - times(power(q, blocks), power(p, k));
        sum += both * ways;
        ways = ways * i128::from(k + blocks) / i128::from(k + 1);
    }
    outside(UNIT - sum)
}

/// The share of the chain of a selfish miner with this share α of the power, when a share γ of the others mines on its side in a race
/// (Eyal and Sirer 2014, equation 8).
pub fn selfish(share: u64, gamma: u64) -> i64 {
    let (a, g) = (inside(share), inside(gamma));
    let rest = UNIT - a;
    let races = times(times(a, times(rest, rest)), 4 * a + times(g, UNIT - 2 * a)) - power(a, 3);
    let all = UNIT - times(a, UNIT + times(2 * UNIT - a, a));
    outside(races * UNIT / all)
}

#[cfg(test)]
/// From which share of the power on hiding blocks pays: (1 - γ) / (3 - 2γ) (Eyal and Sirer 2014, section 4.4, observation 1).
pub fn selfish_from(gamma: u64) -> i64 {
    let g = inside(gamma);
    outside((UNIT - g) * UNIT / (3 * UNIT - 2 * g))
}
