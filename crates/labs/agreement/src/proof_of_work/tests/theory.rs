//! What theory says, against published tables.

use super::super::theory::{exact, fork, nakamoto, selfish, selfish_from, silence};

/// Nakamoto 2008, section 11: the results for q = 0.1 and q = 0.3, rounded to millionths.
#[test]
fn nakamoto_has_the_table_of_section_11() {
    let published = [(0, 1_000_000), (1, 204_587), (2, 50_978), (3, 13_172), (4, 3_455), (5, 914), (6, 243), (7, 65)];
    for (blocks, millionths) in published {
        assert!(nakamoto(100_000, blocks).abs_diff(millionths) <= 1, "{blocks}: {}", nakamoto(100_000, blocks));
    }
    for (blocks, millionths) in [(0, 1_000_000), (5, 177_352), (10, 41_661), (15, 10_101), (20, 2_480)] {
        assert!(nakamoto(300_000, blocks).abs_diff(millionths) <= 1, "{blocks}: {}", nakamoto(300_000, blocks));
    }
}

/// Rosenfeld 2014, table 1: the chance of success in percent, by the share and the number of confirmations.
#[test]
fn the_exact_race_has_rosenfelds_table() {
    for (share, blocks, millionths) in
        [(100_000, 1, 200_000), (100_000, 2, 56_000), (100_000, 6, 591), (300_000, 1, 600_000), (300_000, 6, 156_448)]
    {
        assert!(exact(share, blocks).abs_diff(millionths) <= 10, "{share} {blocks}: {}", exact(share, blocks));
    }
    assert_eq!(exact(500_000, 6), 1_000_000);
}

/// For one chance in ten against a thief with 30 %, Nakamoto's formula asks for seven blocks, the exact one for nine.
#[test]
fn the_approximation_asks_for_fewer_blocks() {
    let enough = |chance: fn(u64, u64) -> i64| (1..20).find(|blocks| chance(300_000, *blocks) < 100_000);
    assert_eq!((enough(nakamoto), enough(exact)), (Some(7), Some(9)));
}

/// Decker and Wattenhofer 2013, section V: 11.4 s and 634 s give 1.78 %.
#[test]
fn forks_are_as_often_as_published() {
    assert_eq!(fork(11_400_000, 634_000_000), 17_820);
}

/// Eyal and Sirer 2014, equation 8 and observation 1: at γ = 0 hiding blocks pays from a third on, at γ = 1/2 from a quarter on.
#[test]
fn hiding_blocks_pays_from_a_third_on() {
    assert_eq!((selfish_from(0), selfish_from(500_000), selfish_from(1_000_000)), (333_333, 250_000, 0));
    assert!(selfish(333_333, 0).abs_diff(333_333) <= 2, "{}", selfish(333_333, 0));
    assert!(selfish(250_000, 500_000).abs_diff(250_000) <= 2, "{}", selfish(250_000, 500_000));
    assert!(selfish(400_000, 0) > 480_000 && selfish(300_000, 0) < 300_000);
}

#[test]
fn six_intervals_without_a_block_are_one_in_four_hundred() {
    assert!(silence(6_000_000).abs_diff(2_479) <= 1, "{}", silence(6_000_000));
}
