//! What theory says, in whole numbers: parts of a million where nothing else is said.

use sim::delay::{FRACTION_BITS, log2_scaled};

#[cfg(test)]
mod tests;

/// One, in millionths.
pub const ONE: i64 = 1_000_000;
/// One, as these formulas count inside.
const UNIT: u128 = 1_000_000_000_000;

/// The natural logarithm of a fraction, in millionths.
pub fn ln(numerator: u64, denominator: u64) -> i64 {
    const LN_2_MILLIONTHS: i128 = 693_147; // and 0.18 more, which is less than counts here
    let bits = i128::from(log2_scaled(numerator.max(1))) - i128::from(log2_scaled(denominator.max(1)));
    ((bits * LN_2_MILLIONTHS) >> FRACTION_BITS) as i64
}

/// The chance that a request has to wait, in millionths, at `workers` workers of which each is busy `rho` of the time
/// (Erlang 1917; Kleinrock 1975, equation 3.40: Erlang's C formula).
pub fn erlang_c(workers: u64, rho: i64) -> i64 {
    let (count, rho) = (u128::from(workers), rho as u128 * (UNIT / ONE as u128));
    let offered = count * rho;
    // Erlang's B formula, one worker more at a time.
    let blocked = (1..=count).fold(UNIT, |blocked, worker| {
        let busy = offered * blocked / UNIT;
        busy * UNIT / (worker * UNIT + busy)
    });
    let waits = blocked * UNIT / (UNIT - rho * (UNIT - blocked) / UNIT);
    (waits / (UNIT / ONE as u128)) as i64
}

/// The mean waiting time of the M/M/c queue in millionths of the mean service time: C / (c (1 - rho)).
pub fn mmc_wait(workers: u64, rho: i64) -> i64 {
    erlang_c(workers, rho) * ONE / (workers as i64 * (ONE - rho))
}

/// The waiting time of the M/M/c queue that so many percent do not exceed, in millionths of the mean service time:
/// P(W > t) = C exp(-c (1 - rho) t).
pub fn mmc_percentile(workers: u64, rho: i64, percent: i64) -> i64 {
    let (waits, rest) = (erlang_c(workers, rho), ONE / 100 * (100 - percent));
    if waits <= rest {
        return 0;
    }
    ln(waits as u64, rest as u64) * ONE / (workers as i64 * (ONE - rho))
}

/// The mean waiting time of the M/D/1 queue in millionths of the service time: half of that with exponential times
/// (Pollaczek and Khinchine; Kleinrock 1975, equation 5.68).
pub fn md1_wait(rho: i64) -> i64 {
    rho * ONE / (2 * (ONE - rho))
}

/// The mean time in the system of the supermarket model with many servers, in millionths of the mean service time: the
/// sum over i of lambda to the power of (d^i - d) / (d - 1); for one choice the M/M/1 queue (Mitzenmacher 2001, section
/// 3: corollary to the fixed point).
pub fn supermarket(lambda: i64, choices: u32) -> i64 {
    if choices == 1 {
        return ONE * ONE / (ONE - lambda);
    }
    let lambda = lambda as u128 * (UNIT / ONE as u128);
    let (mut sum, mut term) = (0, UNIT);
    while term > 0 {
        sum += term;
        // The exponents are 0, d, d (d + 1), …: each is d times one more than the one before.
        term = power(term * lambda / UNIT, choices);
    }
    (sum / (UNIT / ONE as u128)) as i64
}

/// Which part of the servers has at least 1, 2, … requests in the supermarket model with many servers, in millionths of a
/// millionth, up to the first that is 0: lambda to the power of (d^i - 1) / (d - 1); for one choice lambda^i, at most 200 of them
/// (Mitzenmacher 2001, section 3: the fixed point).
pub fn supermarket_tails(lambda: i64, choices: u32) -> Vec<u64> {
    let lambda = lambda as u128 * (UNIT / ONE as u128);
    // The exponents are 1, 1 + d, 1 + d + d², …: each is d times the one before, and 1.
    let tails = std::iter::successors(Some(lambda), |tail| Some(power(*tail, choices) * lambda / UNIT));
    tails.map(|tail| tail as u64).take_while(|tail| *tail > 0).take(200).collect()
}

fn power(base: u128, exponent: u32) -> u128 {
    (0..exponent).fold(UNIT, |power, _| power * base / UNIT)
}

/// Which part of the bins has at least 1, 2, … balls, when as many balls as bins have been thrown, each into the emptiest
/// of `choices` random bins: in millionths of a millionth, up to the first that is 0. The limit for many bins, by the
/// differential equations dx(i)/dt = x(i-1)^d - x(i)^d (Mitzenmacher 2001, section 2; for one choice x is Poisson's tail).
pub fn loads(choices: u32) -> Vec<u64> {
    const STEPS: u128 = 2_000;
    const MOST: usize = 24;
    let slope = |tails: &[u128]| -> Vec<i128> {
        let powers: Vec<u128> = tails.iter().map(|tail| power(*tail, choices)).collect();
        (1..tails.len()).map(|place| powers[place - 1] as i128 - powers[place] as i128).collect()
    };
    let moved = |tails: &[u128], slope: &[i128], part: i128| -> Vec<u128> {
        let moved = tails[1..].iter().zip(slope).map(|(tail, slope)| (*tail as i128 + slope / part).max(0) as u128);
        std::iter::once(UNIT).chain(moved).collect()
    };
    let mut tails = vec![0; MOST + 1];
    tails[0] = UNIT;
    for _ in 0..STEPS {
        // The slope in the middle of the step (Runge and Kutta's method of second order).
        let middle = moved(&tails, &slope(&tails), 2 * STEPS as i128);
        tails = moved(&tails, &slope(&middle), STEPS as i128);
    }
    tails[1..].iter().map(|tail| *tail as u64).take_while(|tail| *tail > 0).collect()
}

/// The mean load of the fullest of so many bins, in millionths, if each had the loads of [`loads`] by itself: the sum
/// over k of 1 - (1 - x(k))^n.
pub fn fullest(bins: u64, choices: u32) -> i64 {
    let is_reached = |tail: u64| {
        let (mut none, mut base, mut rest) = (UNIT, UNIT - u128::from(tail), bins);
        while rest > 0 {
            if rest % 2 == 1 {
                none = none * base / UNIT;
            }
            base = base * base / UNIT;
            rest /= 2;
        }
        UNIT - none
    };
    (loads(choices).into_iter().map(is_reached).sum::<u128>() / (UNIT / ONE as u128)) as i64
}

/// The chance that at least one of so many things happens, each of which has this chance (in millionths).
pub fn any_of(chance: i64, count: u32) -> i64 {
    let none = power(UNIT - chance as u128 * (UNIT / ONE as u128), count);
    ((UNIT - none) / (UNIT / ONE as u128)) as i64
}

/// exp(-x) in millionths for an x in millionths: the series for x/64, squared six times.
pub fn exp_of_minus(millionths: u128) -> i64 {
    const SCALE: u128 = 1 << 40;
    const MILLION: u128 = 1_000_000;
    if millionths > 32_000_000 {
        return 0;
    }
    let x = millionths * SCALE / MILLION / 64;
    // 1 - x + x²/2 - … = 1 - x (1 - x/2 (1 - x/3 (…)))
    let mut result = (1..=8).rev().fold(SCALE, |inner, place| SCALE - x * inner / SCALE / place);
    for _ in 0..6 {
        result = result * result / SCALE;
    }
    (result * MILLION / SCALE) as i64
}
