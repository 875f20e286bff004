//! Textbook examples, a comparison with an oracle that tries everything, and histories that are hard.

mod appends;
mod consistency;

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::generator::{Recipe, events, generate, some_call};
use super::linearizability::DEFAULT_LIMIT;
use super::*;
use crate::base::rng::Rng;

/// The script of a history: `c` invokes, and later completes or not.
struct Recorder(History);

impl Recorder {
    fn new() -> Self {
        Self(History::new())
    }

    fn invoke(&mut self, client: u64, call: Call) -> OperationId {
        self.invoke_on(client, Value::Nil, call)
    }

    fn invoke_on(&mut self, client: u64, key: Value, call: Call) -> OperationId {
        let event = self.0.moments();
        self.0.invoke(client, event, 10 * event, key, call)
    }

    fn ok(&mut self, id: OperationId, result: impl Into<Value>) {
        let event = self.0.moments();
        assert!(self.0.complete(id, event, 10 * event, Outcome::Ok(result.into())));
    }

    fn end(&mut self, id: OperationId, outcome: Outcome) {
        let event = self.0.moments();
        assert!(self.0.complete(id, event, 10 * event, outcome));
    }

    fn at_once(&mut self, client: u64, call: Call, result: impl Into<Value>) -> OperationId {
        let id = self.invoke(client, call);
        self.ok(id, result);
        id
    }
}

fn nothing() -> Value {
    Value::Nil
}

fn write(value: i64) -> Call {
    Call::Write(value.into())
}

fn cas(from: i64, to: i64) -> Call {
    Call::Cas { from: from.into(), to: to.into() }
}

fn registers() -> Model {
    Model::CasRegister(Initial::all(0.into()))
}

fn judge(history: &History, model: &Model) -> Verdict {
    let verdict = check(history, model, DEFAULT_LIMIT);
    if let Verdict::Linearizable { points } = &verdict {
        assert_is_linearization(history, model, points);
    }
    verdict
}

fn is_linearizable(recorder: &Recorder, model: &Model) -> bool {
    judge(&recorder.0, model).is_linearizable()
}

/// Each operation within its time, none twice, none missing that must be there, and the model agrees.
fn assert_is_linearization(history: &History, model: &Model, points: &[Point]) {
    assert!(points.is_sorted_by_key(|point| point.at.order));
    let mut states: BTreeMap<Value, State> = BTreeMap::new();
    let mut placed = Vec::new();
    for point in points {
        let operation = history.get(point.operation).expect("an operation of the history");
        assert!(!operation.has_failed());
        assert!(operation.invoked <= point.at, "{operation:?} is placed before its invocation");
        assert!(operation.deadline().is_none_or(|deadline| point.at <= deadline), "{operation:?} is placed too late");
        let key = if model.splits_by_key() { operation.key.clone() } else { Value::Nil };
        let state = states.remove(&key).unwrap_or_else(|| model.initial(&key));
        let after = model.step(&state, &operation.call, operation.result());
        states.insert(key, after.expect("an order that the model allows"));
        placed.push(operation.id);
    }
    let count = placed.len();
    placed.sort();
    placed.dedup();
    assert_eq!(placed.len(), count, "no operation takes effect twice");
    for operation in history.iter() {
        assert!(operation.deadline().is_none() || placed.binary_search(&operation.id).is_ok());
    }
}

#[test]
fn an_empty_history_is_linearizable() {
    assert_eq!(judge(&History::new(), &registers()), Verdict::Linearizable { points: vec![] });
    let txns = Model::MultiRegister(Initial::default());
    assert_eq!(judge(&History::new(), &txns), Verdict::Linearizable { points: vec![] });
}

#[test]
fn the_first_end_of_an_operation_stands() {
    let mut history = History::new();
    let id = history.invoke(1, 4, 40, nothing(), Call::Read);
    assert_eq!(history.pending(), 1);
    assert!(history.complete(id, 5, 50, Outcome::Unknown));
    assert!(!history.complete(id, 6, 60, Outcome::Failed));
    assert!(!history.complete(OperationId(7), 6, 60, Outcome::Failed));
    let operation = history.get(id).expect("the operation");
    assert_eq!(operation.completed, Some((Moment { order: 1, event: 5, at_us: 50 }, Outcome::Unknown)));
    assert_eq!((history.len(), history.moments(), history.pending()), (1, 2, 0));
}

/// Herlihy & Wing 1990, figure 1, told with a register in place of a queue: overlapping operations may be ordered
/// either way, so both reads may be right.
#[test]
fn overlapping_operations_take_effect_in_either_order() {
    for seen in [1, 2] {
        let mut h = Recorder::new();
        let (one, two) = (h.invoke(1, write(1)), h.invoke(2, write(2)));
        h.ok(one, nothing());
        h.ok(two, nothing());
        h.at_once(3, Call::Read, seen);
        assert!(is_linearizable(&h, &registers()));
    }
}

/// Figure 2 there: what follows in time follows in the order; a read that sees what was overwritten is wrong.
#[test]
fn a_stale_read_is_found_out() {
    let mut h = Recorder::new();
    let one = h.at_once(1, write(1), nothing());
    let two = h.at_once(1, write(2), nothing());
    let stale = h.at_once(2, Call::Read, 1);
    assert_eq!(
        judge(&h.0, &registers()),
        Verdict::NotLinearizable { longest_prefix: vec![one, two], cannot_place: vec![stale] }
    );
}

#[test]
fn once_seen_a_write_stays_seen() {
    let mut h = Recorder::new();
    let slow = h.invoke(1, write(1));
    h.at_once(2, Call::Read, 1);
    assert!(is_linearizable(&h, &registers()));
    let back = h.at_once(3, Call::Read, 0);
    h.ok(slow, nothing());
    let Verdict::NotLinearizable { cannot_place, .. } = judge(&h.0, &registers()) else { panic!("the read went back") };
    assert_eq!(cannot_place, vec![back]);
}

#[test]
fn an_operation_of_unknown_end_takes_effect_at_any_time_or_never() {
    for reads in [[0, 0, 0], [0, 0, 1], [0, 1, 1], [1, 1, 1]] {
        let mut h = Recorder::new();
        let lost = h.invoke(1, write(1));
        h.end(lost, Outcome::Unknown);
        for seen in reads {
            h.at_once(2, Call::Read, seen);
        }
        assert!(is_linearizable(&h, &registers()), "{reads:?}");
        h.at_once(2, Call::Read, 1 - reads[2]);
        assert_eq!(is_linearizable(&h, &registers()), reads[2] == 0, "{reads:?} and then the other");
    }
}

#[test]
fn an_operation_that_failed_never_took_effect() {
    let mut h = Recorder::new();
    let failed = h.invoke(1, write(1));
    h.end(failed, Outcome::Failed);
    h.at_once(2, Call::Read, 0);
    assert!(is_linearizable(&h, &registers()));
    h.at_once(2, Call::Read, 1);
    assert!(!is_linearizable(&h, &registers()));
}

#[test]
fn a_cas_tells_what_it_found() {
    for (from, told, fits) in [(0, true, true), (0, false, false), (1, true, false), (1, false, true)] {
        let mut h = Recorder::new();
        h.at_once(1, cas(from, 2), told);
        assert_eq!(is_linearizable(&h, &registers()), fits);
        h.at_once(1, Call::Read, if told { 2 } else { 0 });
        assert_eq!(is_linearizable(&h, &registers()), fits);
    }
}

/// A write that nobody reads can still be what a failed cas ran into.
#[test]
fn a_cas_that_fails_can_show_a_lost_write() {
    let mut h = Recorder::new();
    h.invoke(1, write(7));
    h.at_once(2, cas(0, 1), false);
    assert!(is_linearizable(&h, &registers()));
    h.at_once(2, Call::Read, 0);
    assert!(!is_linearizable(&h, &registers()));
}

#[test]
fn lost_operations_chain() {
    let mut h = Recorder::new();
    h.invoke(1, cas(3, 4));
    h.invoke(2, cas(0, 3));
    h.at_once(3, Call::Read, 4);
    assert!(is_linearizable(&h, &registers()));
    h.at_once(3, Call::Read, 3);
    assert!(!is_linearizable(&h, &registers()));
}

#[test]
fn a_plain_register_has_no_cas() {
    let mut h = Recorder::new();
    h.at_once(1, cas(0, 1), true);
    assert!(!is_linearizable(&h, &Model::Register(Initial::all(0.into()))));
}

#[test]
fn only_one_holds_a_lock() {
    let lock = Model::Mutex { held: false };
    let mut h = Recorder::new();
    h.at_once(1, Call::Acquire, nothing());
    let second = h.invoke(2, Call::Acquire);
    assert!(is_linearizable(&h, &lock));
    let mut freed = Recorder(h.0.clone());
    freed.at_once(1, Call::Release, nothing());
    freed.ok(second, nothing());
    assert!(is_linearizable(&freed, &lock));
    h.ok(second, nothing());
    assert!(!is_linearizable(&h, &lock));
    let mut lost_release = Recorder::new();
    lost_release.at_once(1, Call::Acquire, nothing());
    lost_release.invoke(1, Call::Release);
    lost_release.at_once(2, Call::Acquire, nothing());
    assert!(is_linearizable(&lost_release, &lock));
    lost_release.at_once(2, Call::Acquire, false);
    assert!(is_linearizable(&lost_release, &lock));
    lost_release.at_once(3, Call::Acquire, true);
    assert!(!is_linearizable(&lost_release, &lock));
}

#[test]
fn keys_are_judged_by_themselves() {
    let mut h = Recorder::new();
    let model = Model::Register(Initial { default: 0.into(), by_key: [("y".into(), 5.into())].into_iter().collect() });
    let x = h.invoke_on(1, "x".into(), write(1));
    let y = h.invoke_on(2, "y".into(), Call::Read);
    h.ok(y, 5);
    h.ok(x, nothing());
    assert!(is_linearizable(&h, &model));
    let y = h.invoke_on(2, "y".into(), Call::Read);
    let x = h.invoke_on(1, "x".into(), Call::Read);
    h.ok(x, 0);
    h.ok(y, 1);
    let Verdict::NotLinearizable { cannot_place, longest_prefix } = judge(&h.0, &model) else {
        panic!("both are wrong")
    };
    assert_eq!(cannot_place, vec![x, y]);
    assert_eq!(longest_prefix, vec![OperationId(0)]);
}

#[test]
fn a_map_holds_nothing_then_something_then_nothing() {
    let map =
        Model::KeyValue(Initial { default: nothing(), by_key: [("b".into(), "start".into())].into_iter().collect() });
    let mut h = Recorder::new();
    let mut at_once = |key: &str, call: Call, result: Value| {
        let id = h.invoke_on(1, key.into(), call);
        h.ok(id, result);
        is_linearizable(&h, &map)
    };
    assert!(at_once("a", Call::Get, nothing()));
    assert!(at_once("a", Call::Get, "".into()));
    assert!(at_once("a", Call::Append("x".into()), nothing()));
    assert!(at_once("a", Call::Append("y".into()), nothing()));
    assert!(at_once("a", Call::Get, "xy".into()));
    assert!(at_once("a", Call::Cas { from: "xy".into(), to: "z".into() }, true.into()));
    assert!(at_once("a", Call::Delete, nothing()));
    assert!(at_once("a", Call::Append(1.into()), nothing()));
    assert!(at_once("a", Call::Append(2.into()), nothing()));
    assert!(at_once("a", Call::Get, Value::list([1.into(), 2.into()])));
    assert!(at_once("a", Call::Put("".into()), nothing()));
    assert!(at_once("a", Call::Get, nothing()));
    assert!(at_once("b", Call::Get, "start".into()));
    assert!(!at_once("b", Call::Get, nothing()));
}

/// Each reads what the other is about to write, and neither sees the other: that is not atomic.
#[test]
fn write_skew_is_not_atomic() {
    let model = Model::MultiRegister(Initial::all(0.into()));
    let skew =
        |read: &str, wrote: &str| Call::Txn(vec![Access::Read(read.into()), Access::Write(wrote.into(), 1.into())]);
    for (second_saw, atomic) in [(0, false), (1, true)] {
        let mut h = Recorder::new();
        let (a, b) = (h.invoke(1, skew("x", "y")), h.invoke(2, skew("y", "x")));
        h.ok(a, Value::list([0.into(), 1.into()]));
        h.ok(b, Value::list([second_saw.into(), 1.into()]));
        assert_eq!(is_linearizable(&h, &model), atomic);
    }
}

#[test]
fn a_transaction_reads_what_it_wrote() {
    let model = Model::MultiRegister(Initial::all(0.into()));
    let call = Call::Txn(vec![Access::Write("x".into(), 1.into()), Access::Read("x".into())]);
    for (saw, right) in [(0, false), (1, true)] {
        let mut h = Recorder::new();
        h.at_once(1, call.clone(), Value::list([1.into(), saw.into()]));
        assert_eq!(is_linearizable(&h, &model), right);
    }
}

#[test]
fn a_limit_ends_the_search_with_a_sentence() {
    let h = hard(1, 300, 40, 0);
    let Verdict::Undecided(reason) = check(&h, &registers(), 10) else { panic!("ten are too few") };
    assert_eq!(reason.to_string(), "gave up at the limit of 10 configurations: a higher limit may decide it");
    let mut h = Recorder::new();
    let open: Vec<_> = (0..3000).map(|client| h.invoke(client, write(1))).collect();
    for id in open {
        h.ok(id, nothing());
    }
    let Verdict::Undecided(reason) = check(&h.0, &registers(), DEFAULT_LIMIT) else { panic!("too many") };
    assert_eq!(reason.to_string(), "3000 operations on one key are open at once, and the checker can follow 2048");
}

#[test]
fn many_may_be_open_at_once() {
    for clients in [60, 70, 200, 300, 1500] {
        let mut h = Recorder::new();
        let open: Vec<_> = (0..clients).map(|client| h.invoke(client, write(client as i64))).collect();
        h.at_once(clients, Call::Read, 0);
        for id in open {
            h.ok(id, nothing());
        }
        h.at_once(clients, Call::Read, clients as i64 - 1);
        assert!(is_linearizable(&h, &registers()), "{clients}");
    }
}

// ---- the oracle ----

/// Tries every order of the operations of a small history: nothing clever.
fn brute_force(history: &History, model: &Model) -> bool {
    brute_force_by(history, model, &|one, other| one.deadline().is_some_and(|end| end < other.invoked))
}

/// The same, for an order of operations that has to be kept.
fn brute_force_by(history: &History, model: &Model, before: &dyn Fn(&Operation, &Operation) -> bool) -> bool {
    let operations: Vec<&Operation> = history.iter().filter(|operation| !operation.has_failed()).collect();
    let keys: std::collections::BTreeSet<Value> = operations.iter().map(|o| o.key.clone()).collect();
    let states = keys.into_iter().map(|key| (key.clone(), model.initial(&key))).collect();
    any_order(model, &operations, before, 0, &states)
}

fn any_order(
    model: &Model,
    operations: &[&Operation],
    before: &dyn Fn(&Operation, &Operation) -> bool,
    placed: u32,
    states: &BTreeMap<Value, State>,
) -> bool {
    let left = || (0..operations.len()).filter(|i| placed >> i & 1 == 0);
    if left().all(|i| operations[i].deadline().is_none()) {
        return true;
    }
    left().any(|i| {
        let in_time = left().all(|j| !before(operations[j], operations[i]));
        let operation = operations[i];
        in_time
            && model.step(&states[&operation.key], &operation.call, operation.result()).is_some_and(|after| {
                let mut states = states.clone();
                states.insert(operation.key.clone(), after);
                any_order(model, operations, before, placed | 1 << i, &states)
            })
    })
}

/// A cas register with five values, under ten clients, with operations that are lost.
fn hard(seed: u64, operations: u64, lost: u64, corrupted: u64) -> History {
    with_clients(10, operations, lost, corrupted, seed)
}

fn with_clients(clients: u64, operations: u64, lost: u64, corrupted: u64, seed: u64) -> History {
    generate(&registers(), &Recipe::etcd(clients, operations, lost, corrupted), seed)
}

fn models() -> [Model; 5] {
    [
        Model::Register(Initial::all(0.into())),
        registers(),
        Model::KeyValue(Initial::default()),
        Model::Mutex { held: false },
        Model::MultiRegister(Initial::all(0.into())),
    ]
}

/// Six models' worth of small histories; both verdicts occur often for each model, and the oracle agrees with all.
#[test]
fn the_checker_agrees_with_the_oracle() {
    for (m, model) in models().iter().enumerate() {
        let mut counts = [0, 0];
        for seed in 0..3000 {
            let history = small(model, seed, (m as u64 + 1) << 32);
            let expected = brute_force(&history, model);
            assert_eq!(
                judge(&history, model).is_linearizable(),
                expected,
                "{} seed {seed}: {history:#?}",
                model.name()
            );
            counts[usize::from(expected)] += 1;
        }
        assert!(counts[0] > 300 && counts[1] > 300, "{}: {counts:?}", model.name());
    }
}

/// However early the looser question is asked, the answer is the same.
#[test]
fn the_looser_question_misleads_nobody() {
    let model = registers();
    for seed in 0..4000 {
        let recipe = Recipe {
            clients: 4,
            operations: 9,
            values: 3,
            keys: 1,
            lost: 5,
            lost_percent: 50,
            failed_percent: 0,
            corrupted: 2,
        };
        let history = generate(&model, &recipe, seed);
        let operations: Vec<&Operation> = history.iter().collect();
        let plain = search::search(&model, &model.initial(&nothing()), &operations, DEFAULT_LIMIT);
        for limit in [0, 1, 2, 4, 8, 16, DEFAULT_LIMIT] {
            let script = script::Script::new(&operations);
            let early = search::search_with::<1>(&model, &model.initial(&nothing()), &script, 1, limit);
            match (&plain, early) {
                (_, search::Finding::Undecided(_)) => assert!(limit < DEFAULT_LIMIT),
                (search::Finding::Placed(_), early) => assert!(matches!(early, search::Finding::Placed(_))),
                (_, early) => assert!(matches!(early, search::Finding::Stuck { .. })),
            }
        }
        assert_eq!(matches!(plain, search::Finding::Placed(_)), brute_force(&history, &model));
    }
}

fn small(model: &Model, seed: u64, salt: u64) -> History {
    let mut rng = Rng::stream(seed, salt);
    let recipe = Recipe {
        clients: 1 + rng.below(5),
        operations: 1 + rng.below(8),
        values: 2 + rng.below(2),
        keys: if model.splits_by_key() { 1 + rng.below(2) } else { 1 },
        lost: rng.below(4),
        lost_percent: 30,
        failed_percent: 10,
        corrupted: rng.below(3),
    };
    generate(model, &recipe, rng.bits())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Nothing of the generator: arbitrary calls with arbitrary results at arbitrary times.
    #[test]
    fn the_checker_agrees_with_the_oracle_on_noise(
        operations in prop::collection::vec((0..16u64, 1..10u64, 0..8u8, 0..3i64, 0..3i64), 1..8),
    ) {
        let mut moments: Vec<(u64, usize, bool)> = Vec::new();
        for (i, (start, length, ..)) in operations.iter().enumerate() {
            moments.push((*start, i, false));
            moments.push((start + length, i, true));
        }
        moments.sort();
        let mut h = Recorder::new();
        let mut ids = BTreeMap::new();
        for (_, i, completes) in moments {
            let (_, _, kind, a, b) = operations[i];
            if !completes {
                let call = match kind % 4 { 0 | 1 => Call::Read, 2 => write(a), _ => cas(a, b) };
                ids.insert(i, h.invoke(i as u64, call));
            } else if kind < 6 {
                h.ok(ids[&i], match kind { 0..=1 | 4..=5 => Value::Int(b), 2 => Value::Nil, _ => Value::Bool(true) });
            } else if kind == 7 {
                h.ok(ids[&i], false);
            }
        }
        prop_assert_eq!(judge(&h.0, &registers()).is_linearizable(), brute_force(&h.0, &registers()));
    }
}

/// The monitor says of each event what the checker would say of the history so far, whether it looks each time or once.
#[test]
fn the_monitor_agrees_with_the_checker_at_every_event() {
    for model in models() {
        for seed in 0..300 {
            let whole = small(&model, seed, 77);
            let mut monitor = Monitor::new(model.clone(), DEFAULT_LIMIT);
            let mut broken = None;
            replay(&whole, |history, event| {
                monitor.observe(history);
                let is_right = judge(history, &model).is_linearizable();
                broken = broken.or((!is_right).then_some(event));
                let said = broken.map_or(Standing::Linearizable, |event| Standing::NotLinearizable { event });
                assert_eq!(monitor.standing(event), said, "{} seed {seed}", model.name());
            });
            let mut late = Monitor::new(model.clone(), DEFAULT_LIMIT);
            late.observe(&whole);
            replay(&whole, |_, event| assert_eq!(late.standing(event), monitor.standing(event), "seed {seed}"));
        }
    }
}

/// Shows a history as it grows, with the number of the event that was last.
fn replay(whole: &History, mut show: impl FnMut(&History, u64)) {
    let mut history = History::new();
    for (moment, id, outcome) in events(whole) {
        match (whole.get(id), outcome) {
            (Some(asked), None) => {
                history.invoke(asked.client, moment.event, 0, asked.key.clone(), asked.call.clone());
            }
            (_, Some(outcome)) => {
                history.complete(id, moment.event, 0, outcome.clone());
            }
            (None, None) => {}
        }
        show(&history, moment.event);
    }
}

#[test]
fn dozens_of_lost_operations_are_no_obstacle() {
    for seed in 0..30 {
        assert!(judge(&hard(seed, 300, 40, 0), &registers()).is_linearizable(), "seed {seed}");
    }
}

/// Ten clients and dozens of lost operations can explain many a wrong result; two clients and none lost can not.
#[test]
fn one_wrong_result_is_mostly_found_out() {
    let found = |clients, lost| {
        let wrong = (0..60).filter(|seed| {
            let verdict = judge(&with_clients(clients, 300, lost, 1, *seed), &registers());
            assert!(!matches!(verdict, Verdict::Undecided(_)), "seed {seed}: {verdict:?}");
            !verdict.is_linearizable()
        });
        wrong.count()
    };
    let (few, many) = (found(2, 0), found(10, 40));
    assert!(few > 30 && many > 0, "of 60 were found {few} and {many}");
}

#[test]
fn a_value_that_nobody_wrote_is_always_found_out() {
    for seed in 0..10 {
        let mut h = Recorder(hard(seed, 300, 40, 0));
        let id = h.at_once(99, Call::Read, 99);
        let verdict = judge(&h.0, &registers());
        assert!(matches!(verdict, Verdict::NotLinearizable { cannot_place, .. } if cannot_place == vec![id]));
    }
}
