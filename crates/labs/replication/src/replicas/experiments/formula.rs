//! What theory says, in whole numbers.

use sim::Delay;

/// Fixed point: so many parts make one.
const SCALE: i128 = 1_000_000_000_000;

/// The mean delay, in microseconds.
pub(super) fn mean_us(delay: &Delay) -> i64 {
    let mean_us = match *delay {
        Delay::Constant { us } => us,
        Delay::Uniform { least_us, most_us } => (least_us + most_us.max(least_us)) / 2,
        Delay::Exponential { least_us, mean_us } => least_us + mean_us,
    };
    mean_us as i64
}

/// The mean time until the `rank`th of `count` round trips is over that begin at once, in microseconds; 0 for rank 0.
///
/// By the means of the least of j (David and Nagaraja 2003, section 3.4):
/// E(X of rank k of n) = Σ (-1)^(j - n + k - 1) C(j - 1, n - k) C(n, j) E(least of j), for j from n - k + 1 to n.
pub(super) fn round_trip_us(rank: u32, count: u32, delay: &Delay) -> i64 {
    if rank == 0 || rank > count {
        return 0;
    }
    let first = count - rank + 1;
    let (least_us, spread_us) = match *delay {
        Delay::Constant { us } => (us, 0),
        Delay::Uniform { least_us, most_us } => (least_us, most_us.saturating_sub(least_us)),
        Delay::Exponential { least_us, mean_us } => (least_us, mean_us),
    };
    let least_of = |j: u32| match delay {
        Delay::Exponential { .. } => least_of_exponential(j),
        _ => least_of_uniform(j),
    };
    let term = |j: u32| {
        let sign = if (j - first).is_multiple_of(2) { 1 } else { -1 };
        sign * choose(j - 1, count - rank) * choose(count, j) * least_of(j)
    };
    let scaled: i128 = (first..=count).map(term).sum();
    2 * least_us as i64 + (scaled * i128::from(spread_us) / SCALE) as i64
}

/// The mean of the least of `count` sums of two numbers from 0 to 1: the integral of the triangle's tail to that power, which is
/// 1 - t²/2 up to 1 and (2 - t)²/2 from there on.
fn least_of_uniform(count: u32) -> i128 {
    let term = |k: u32| {
        let sign = if k.is_multiple_of(2) { 1 } else { -1 };
        sign * choose(count, k) * SCALE / ((1 << k) * (2 * i128::from(k) + 1))
    };
    (0..=count).map(term).sum::<i128>() + SCALE / ((1 << count) * (2 * i128::from(count) + 1))
}

/// The mean of the least of `count` sums of two exponential numbers of mean 1: the integral of ((1 + t) e^-t)^count, which is
/// Σ C(count, k) k! / count^(k + 1).
fn least_of_exponential(count: u32) -> i128 {
    let term = |k: u32| {
        let factorial: i128 = (1..=i128::from(k)).product();
        choose(count, k) * factorial * SCALE / i128::from(count).pow(k + 1)
    };
    (0..=count).map(term).sum()
}

/// The chance that at least `least` of `count` nodes are up, in millionths, each up for `mttf` of `mttf + mttr`.
pub(super) fn at_least(least: u32, count: u32, mttf: i64, mttr: i64) -> i64 {
    let (up, down) = (i128::from(mttf), i128::from(mttr));
    let term = |i: u32| choose(count, i) * up.pow(i) * down.pow(count - i);
    let sum: i128 = (least..=count).map(term).sum();
    (sum * 1_000_000 / (up + down).pow(count)) as i64
}

fn choose(count: u32, chosen: u32) -> i128 {
    (0..i128::from(chosen)).fold(1, |product, i| product * (i128::from(count) - i) / (i + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of one round trip the least is itself; of two, least and most have the mean of both together; and so on.
    #[test]
    fn order_statistics_add_up() {
        let uniform = Delay::Uniform { least_us: 0, most_us: 1_000_000 };
        let exponential = Delay::Exponential { least_us: 0, mean_us: 1_000_000 };
        for (delay, mean) in [(uniform, 1_000_000), (exponential, 2_000_000)] {
            for count in 1..=5 {
                let sum: i64 = (1..=count).map(|rank| round_trip_us(rank, count, &delay)).sum();
                assert!(sum.abs_diff(mean * i64::from(count)) < 20, "{count} of {delay:?}: {sum}");
            }
        }
        // The least of two: 23/30 of the spread, and 5/4 of the mean (by the integrals, on paper).
        assert_eq!(round_trip_us(1, 2, &uniform), 766_666);
        assert_eq!(round_trip_us(1, 2, &exponential), 1_250_000);
        assert_eq!(round_trip_us(2, 2, &Delay::Constant { us: 10 }), 20);
    }

    /// Two of three at 90 %: 3 · 0.81 · 0.1 + 0.729 = 0.972.
    #[test]
    fn two_of_three_are_up_more_often_than_one() {
        assert_eq!(at_least(2, 3, 9, 1), 972_000);
        assert_eq!(at_least(1, 1, 9, 1), 900_000);
    }
}
