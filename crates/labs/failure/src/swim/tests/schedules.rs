//! Random schedules: hunts under many settings, and orders in which news may come.

use parts::values::word;
use proptest::prelude::*;
use sim::hunt::Hunt;

use super::*;

fn any_standing() -> impl Strategy<Value = Standing> {
    let states = prop::sample::select(vec![State::Alive, State::Suspect, State::Faulty, State::Left]);
    (1_u32..3, 0_u32..3, states).prop_map(|(life, incarnation, state)| Standing { life, incarnation, state })
}

proptest! {
    /// Section 4.2: whatever the order in which news comes, the same is believed in the end (up to the incarnation of one
    /// that is gone, which says nothing).
    #[test]
    fn the_order_of_news_does_not_matter(news in prop::collection::vec(any_standing(), 1..8), seed in any::<u64>()) {
        let believe = |news: &[Standing]| {
            news.iter().fold(Standing::UNKNOWN, |known, new| if new.overrides(&known) { *new } else { known })
        };
        let mut shuffled = news.clone();
        let mut rng = sim::rng::Rng::stream(seed, 1);
        for place in (1..shuffled.len()).rev() {
            shuffled.swap(place, rng.below(place as u64 + 1) as usize);
        }
        let (one, other) = (believe(&news), believe(&shuffled));
        prop_assert!(!one.overrides(&other) && !other.overrides(&one));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Whatever the settings are, with all rules on the checks that always hold do so under all faults.
    #[test]
    fn all_checks_hold_whatever_is_set(
        seed in any::<u64>(),
        nodes in 3_i64..=9,
        start in prop::sample::select(vec!["settled", "joining"]),
        phase in prop::sample::select(vec!["spread", "together"]),
        timeout_ms in 50_i64..600,
        (k, suspicion_periods) in (0_i64..4, 1_i64..6),
        (piggyback, lambda) in (1_i64..7, 1_i64..4),
        (loss_percent, delay_most_us) in (0_i64..40, 20_000_i64..400_000),
    ) {
        let changes = [
            ("nodes", number(nodes)),
            ("start", word(start)),
            ("phase", word(phase)),
            ("timeout_ms", number(timeout_ms)),
            ("k", number(k)),
            ("suspicion_periods", number(suspicion_periods)),
            ("piggyback", number(piggyback)),
            ("lambda", number(lambda)),
            ("loss_percent", number(loss_percent)),
            ("delay_most_us", number(delay_most_us)),
        ];
        let hunt = Hunt { healed_events: 0, ..Hunt::new(Of::<Swim>::LAB, settings(&changes)) };
        let (find, _) = hunt.run(seed).expect("settings");
        prop_assert_eq!(find, None);
    }
}

/// Section 3.2: whoever joins comes to know the group. Every second seed of three asks the third and is asked by it, so that
/// without any fault two groups form that have never heard of each other; they have to meet.
#[test]
fn groups_that_form_apart_meet() {
    for seed in 0..40 {
        let changes = [("start", word("joining")), ("seeds", number(3))];
        let mut director = sim::Director::<Swim>::new(settings(&changes), seed).expect("settings");
        director.run_for_us(60_000_000);
        assert_eq!(super::stories::outcome(&director, "views-agree"), sim::Outcome::Reached, "seed {seed}");
    }
}

/// Strong completeness, and that everybody is found again: after the faults all members know each other and nobody else.
#[test]
fn everything_comes_right_after_the_faults() {
    for (nodes, start, runs) in [(5, "settled", 1_500), (5, "joining", 1_500), (9, "settled", 200)] {
        let mut hunt = Hunt::new(Of::<Swim>::LAB, settings(&[("nodes", number(nodes)), ("start", word(start))]));
        hunt.healed_events = 3_000;
        let find = hunt.search(0..runs, |_| true).expect("settings");
        assert_eq!(find, None, "{nodes} {start}");
    }
}

/// A node whose disk is lost comes back as well: others tell it what they know of it.
#[test]
fn a_lost_disk_is_overcome() {
    let mut director = sim::Director::<Swim>::new(Settings::default(), 1).expect("settings");
    director.run_for_us(2_000_000);
    for lives in 1..4 {
        director.act(sim::Input::Crash(N3));
        director.run_for_us(12_000_000);
        director.act(sim::Input::LoseDisk(N3));
        director.act(sim::Input::Restart(N3));
        director.run_for_us(12_000_000);
        let (world, others) = (director.world(), [N1, N2, NodeId(3), NodeId(4)]);
        for other in others {
            assert_eq!(world.nodes().state(other).map(|member| member.standing(N3)), Some(Standing::born(lives + 1)));
        }
    }
}
