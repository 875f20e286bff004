//! Appends of unknown end: what is read tells which of them took effect, and in which order.

use proptest::prelude::*;

use super::*;

fn map() -> Model {
    Model::KeyValue(Initial::default())
}

fn append(text: &str) -> Call {
    Call::Append(text.into())
}

/// Appends that nobody heard of again, one for each letter.
fn lost(letters: &str) -> Recorder {
    let mut h = Recorder::new();
    for (client, letter) in (0..).zip(letters.chars()) {
        let id = h.invoke(client, append(&letter.to_string()));
        h.end(id, Outcome::Unknown);
    }
    h
}

const LETTERS: &str = "abcdefghijklmnopqrst";

/// The case of twelve: there are 12! orders of them. The bound is a thousandth of the usual one.
#[test]
fn the_read_tells_the_order_of_lost_appends() {
    let decided = |h: &Recorder| match check(&h.0, &map(), 10_000) {
        Verdict::Linearizable { points } => {
            assert_is_linearization(&h.0, &map(), &points);
            true
        }
        Verdict::NotLinearizable { .. } => false,
        Verdict::Undecided(reason) => panic!("{reason}"),
    };
    for letters in [&LETTERS[..12], LETTERS] {
        let backwards: String = letters.chars().rev().collect();
        for (read, is_right) in [
            (backwards.clone(), true),
            (backwards[3..9].to_string(), true),
            (format!("{backwards}a"), false),
            (format!("{backwards}z"), false),
            (format!("z{backwards}"), false),
        ] {
            let mut h = lost(letters);
            h.at_once(99, Call::Get, read.as_str());
            assert_eq!(decided(&h), is_right, "{read}");
            // What is not read may still come later, and what was read stays.
            h.at_once(99, Call::Get, format!("{read}{}", &letters[..1]).as_str());
            assert_eq!(decided(&h), is_right && !read.contains('a'), "{read} and a");
        }
    }
}

/// The same with appends that all took place at once, of texts or of elements of a list, before or after an overwrite.
#[test]
fn the_read_tells_the_order_of_appends_at_once() {
    let letters = &LETTERS[..14];
    let backwards: String = letters.chars().rev().collect();
    for overwrite in [None, Some(Call::Put("!".into())), Some(Call::Delete)] {
        let mut h = Recorder::new();
        h.at_once(50, append("?"), nothing());
        let mut before = "?";
        if let Some(overwrite) = overwrite {
            before = if overwrite == Call::Delete { "" } else { "!" };
            h.at_once(50, overwrite, nothing());
        }
        let open: Vec<_> =
            (0..).zip(letters.chars()).map(|(client, letter)| h.invoke(client, append(&letter.to_string()))).collect();
        let early = h.invoke(51, Call::Get);
        open.into_iter().for_each(|id| h.ok(id, nothing()));
        let read = format!("{before}{backwards}");
        h.ok(early, read.as_str());
        h.at_once(51, Call::Get, read.as_str());
        assert!(matches!(check(&h.0, &map(), 10_000), Verdict::Linearizable { .. }), "{read}");
        let wrong = h.at_once(51, Call::Get, backwards[1..].to_string().as_str());
        let said = check(&h.0, &map(), 10_000);
        assert!(matches!(said, Verdict::NotLinearizable { .. }), "{wrong:?}: {said:?}");
    }
    let mut h = Recorder::new();
    let open: Vec<_> = (0..14).map(|number| h.invoke(number, Call::Append(Value::Int(number as i64)))).collect();
    open.into_iter().for_each(|id| h.ok(id, nothing()));
    h.at_once(50, Call::Get, Value::list((0..14).rev().map(Value::Int)));
    assert!(matches!(check(&h.0, &map(), 10_000), Verdict::Linearizable { .. }));
}

/// Whatever else is lost or refused: what nothing reads is all alike.
#[test]
fn appends_that_are_overwritten_need_no_order() {
    for (others, is_known) in [(vec![Call::Put("!".into())], false), (vec![Call::Delete], true), (vec![], true)] {
        let mut h = Recorder::new();
        let open: Vec<_> = (0..)
            .zip(LETTERS[..12].chars())
            .map(|(client, letter)| h.invoke(client, append(&letter.to_string())))
            .collect();
        for call in others {
            let id = h.invoke(50, call);
            h.end(id, if is_known { Outcome::Ok(nothing()) } else { Outcome::Unknown });
        }
        h.at_once(60, Call::Cas { from: "?".into(), to: "!".into() }, false);
        open[..6].iter().for_each(|id| h.ok(*id, nothing()));
        h.at_once(60, Call::Get, "lfedcba");
        assert!(matches!(check(&h.0, &map(), 100_000), Verdict::Linearizable { .. }), "{:?}", h.0);
        h.at_once(60, Call::Get, "lfedcbaf");
        let said = check(&h.0, &map(), 100_000);
        assert!(matches!(said, Verdict::NotLinearizable { .. }), "{said:?}");
    }
}

/// One operation: when it begins, how long it lasts, and what it is.
fn operation() -> impl Strategy<Value = (u64, u64, Call, Outcome)> {
    let text = prop::collection::vec(prop::sample::select(vec!["a", "b"]), 0..4).prop_map(|letters| letters.concat());
    let what = prop_oneof![
        3 => prop::sample::select(vec!["a", "b", "ab"]).prop_map(|text| (append(text), Outcome::Ok(nothing()))),
        4 => prop::sample::select(vec!["a", "b", "ab"]).prop_map(|text| (append(text), Outcome::Unknown)),
        4 => text.prop_map(|text| (Call::Get, Outcome::Ok(text.as_str().into()))),
        1 => any::<bool>().prop_map(|known| {
            (Call::Put("b".into()), if known { Outcome::Ok(nothing()) } else { Outcome::Unknown })
        }),
        1 => prop::sample::select(vec![Outcome::Ok(true.into()), Outcome::Ok(false.into()), Outcome::Unknown])
            .prop_map(|outcome| (Call::Cas { from: "a".into(), to: "ab".into() }, outcome)),
    ];
    (0..16u64, 1..10u64, what).prop_map(|(start, length, (call, outcome))| (start, length, call, outcome))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6_000))]

    /// However early the reads are asked for the order, the answer is that of the oracle.
    #[test]
    fn what_agrees_with_the_reads_is_all_there_is(operations in prop::collection::vec(operation(), 1..8)) {
        let mut moments = Vec::new();
        for (i, (start, length, ..)) in operations.iter().enumerate() {
            moments.extend([(*start, i, false), (start + length, i, true)]);
        }
        moments.sort();
        let mut h = Recorder::new();
        let mut ids = BTreeMap::new();
        for (_, i, completes) in moments {
            let (_, _, call, outcome) = &operations[i];
            if completes {
                h.end(ids[&i], outcome.clone());
            } else {
                ids.insert(i, h.invoke(i as u64, call.clone()));
            }
        }
        let whole: Vec<&Operation> = h.0.iter().collect();
        let script = script::Script::new(&whole);
        let found = search::search_with::<1>(&map(), &map().initial(&nothing()), &script, 0, DEFAULT_LIMIT);
        let expected = brute_force(&h.0, &map());
        match found {
            search::Finding::Placed(points) => {
                prop_assert!(expected);
                assert_is_linearization(&h.0, &map(), &points);
            }
            search::Finding::Stuck { .. } => prop_assert!(!expected),
            search::Finding::Undecided(reason) => prop_assert!(false, "{}", reason),
        }
    }
}
