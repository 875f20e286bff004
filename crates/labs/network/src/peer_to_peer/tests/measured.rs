//! Experiments come near to what follows from formulas.

use sim::experiment::Metric;
use sim::{Experiments, Settings};

use super::PeerToPeer;

fn measure(name: &str, runs: u32) -> Vec<Metric> {
    PeerToPeer::measure(name, Settings::default(), runs).unwrap().metrics
}

/// Measured by published, in parts of a thousand.
fn ratio(metric: &Metric) -> i64 {
    metric.millionths * 1_000 / metric.published_millionths.unwrap()
}

/// Kurose and Ross, section 2.5: exact but for the delays.
#[test]
fn one_server_takes_what_the_formula_says() {
    for metric in measure("client-server", 2) {
        assert!((1_000..=1_006).contains(&ratio(&metric)), "{metric:?}");
    }
}

/// Kumar and Ross 2006: no swarm is faster than the bound; blocks and rounds cost up to three tenths.
#[test]
fn a_swarm_is_near_the_bound_and_never_below_it() {
    for metric in measure("swarm", 2) {
        assert!((1_000..=1_320).contains(&ratio(&metric)), "{metric:?}");
    }
}

/// Mundinger et al. 2008: never below; the more pieces, the nearer to 1.
#[test]
fn more_pieces_wait_less() {
    let all = measure("pieces", 3);
    assert!(all.iter().all(|metric| ratio(metric) >= 1_000), "{all:?}");
    assert!(all.is_sorted_by_key(|metric| -metric.millionths), "{all:?}");
}

/// The book's figure: from 5 to 20 peers a server takes four times as long, a swarm little more than twice.
#[test]
fn the_figure_of_the_book() {
    let all = measure("book", 2);
    let times = |from: usize, to: usize| all[to].millionths * 100 / all[from].millionths;
    assert!((395..=405).contains(&times(0, 2)) && (200..=250).contains(&times(3, 5)), "{all:?}");
}

/// Cohen 2003, section 3.2: giving gets.
#[test]
fn who_gives_has_it_sooner() {
    let [give, take, turn_give, turn_take] = &measure("riders", 8)[..] else { panic!("four numbers") };
    assert!(take.millionths * 100 > give.millionths * 110, "tit for tat");
    assert!(turn_take.millionths * 100 < turn_give.millionths * 110, "in turn it makes little difference");
}
