//! The textbook examples of each criterion, oracles that try everything, and what follows from what.

use super::super::accesses::{Kind, Touch, first_value, touches};
use super::super::consistency::{Consistency, Criterion, Holds, judge, judge_by};
use super::super::{causal, sequential};
use super::*;
use crate::base::text::Argument;

fn plain(client: u64) -> Argument {
    format!("p{client}").into()
}

fn judged(history: &History, model: &Model) -> Consistency {
    judged_within(DEFAULT_LIMIT, history, model)
}

fn judged_within(limit: u64, history: &History, model: &Model) -> Consistency {
    judge(history, model, &check(history, model, limit), limit, &plain)
}

fn holds(history: &History, model: &Model) -> [Holds; 4] {
    let judgements = judged(history, model).judgements;
    std::array::from_fn(|i| judgements[i].holds)
}

/// A history in the notation of the literature: `p1: w x 1, r x 2; p2: ...`. Operations follow each other column by
/// column, and none overlap.
fn columns(program: &[&str]) -> History {
    let mut h = Recorder::new();
    let programs: Vec<Vec<Vec<&str>>> =
        program.iter().map(|line| line.split(", ").map(|operation| operation.split(' ').collect()).collect()).collect();
    let longest = programs.iter().map(Vec::len).max().unwrap_or_default();
    for column in 0..longest {
        for (client, program) in (1..).zip(&programs) {
            if let Some([kind, key, value]) = program.get(column).map(|parts| [parts[0], parts[1], parts[2]]) {
                let value: i64 = value.parse().expect("a number");
                let call = if kind == "w" { write(value) } else { Call::Read };
                let id = h.invoke_on(client, key.into(), call);
                h.ok(id, if kind == "w" { Value::Nil } else { value.into() });
            }
        }
    }
    h.0
}

const YES: Holds = Holds::Yes;
const NO: Holds = Holds::No;

/// Bouajjani, Enea, Guerraoui & Hamza 2017, figure 3, histories (a) to (e). Causal memory (CM) is what is judged here.
#[test]
fn the_histories_of_the_literature_on_causal_consistency() {
    for (name, program, causal, sequential) in [
        ("a", &["w x 1, r x 2", "w x 2, r x 1"][..], YES, NO),
        ("b", &["w z 1, w x 1, w y 1", "w x 2, r z 0, r y 1, r x 2"], NO, NO),
        ("c", &["w x 1", "w x 2, r x 1, r x 2"], NO, NO),
        ("d", &["w x 1, r y 0, w y 1, r x 1", "w x 2, r y 0, w y 2, r x 2"], YES, NO),
        ("e", &["w x 1, w y 1", "r y 1, w x 2", "r x 2, r x 1"], NO, NO),
    ] {
        let said = holds(&columns(program), &registers());
        assert_eq!((said[2], said[1]), (causal, sequential), "{name}");
    }
}

/// Ahamad et al. 1995, figures 1 and 2: concurrent writes may be seen in either order; writes of which one may have
/// caused the other may not.
#[test]
fn causes_are_seen_before_what_they_caused() {
    let concurrent = columns(&["w x 1", "w x 2", "r x 1, r x 2", "r x 2, r x 1"]);
    assert_eq!(holds(&concurrent, &registers())[1..3], [NO, YES]);
    let mut caused = Recorder::new();
    caused.at_once(1, write(1), nothing());
    let seen = caused.at_once(2, Call::Read, 1);
    let second = caused.at_once(2, write(2), nothing());
    let new = caused.at_once(3, Call::Read, 2);
    let old = caused.at_once(3, Call::Read, 1);
    let judgement = &judged(&caused.0, &registers()).judgements[2];
    assert_eq!(judgement.holds, NO);
    assert_eq!(judgement.reason.to_string(), "p3 reads 1 after p3 has read 2, which was written later");
    assert_eq!(judgement.operations, [OperationId(0), seen, second, new, old]);
}

/// Lamport 1979: real time does not matter, the order of each client does.
#[test]
fn a_stale_read_of_another_client_is_sequentially_consistent() {
    let stale = columns(&["w x 1", "r x 0"]);
    assert_eq!(holds(&stale, &registers()), [NO, YES, YES, YES]);
    let judgement = judged(&stale, &registers()).judgements;
    assert_eq!(judgement[0].reason.to_string(), "p2 reads x = 0, although p1 had already written x = 1 over it");
    assert_eq!(judgement[1].order, [OperationId(1), OperationId(0)]);
    let own = columns(&["w x 1, r x 0"]);
    assert_eq!(holds(&own, &registers())[..3], [NO; 3]);
}

/// Attiya & Welch 1994: sequential consistency is not local. Each register by itself has an order.
#[test]
fn keys_that_are_sequential_alone_need_not_be_together() {
    let both = columns(&["w x 1, r y 0", "w y 1, r x 0"]);
    assert_eq!(holds(&both, &registers())[..3], [NO, NO, YES]);
    for key in ["x", "y"] {
        let mut alone = Recorder::new();
        for operation in both.iter().filter(|operation| operation.key == key.into()) {
            let id = alone.invoke_on(operation.client, operation.key.clone(), operation.call.clone());
            alone.ok(id, operation.result().cloned().unwrap_or_default());
        }
        assert_eq!(holds(&alone.0, &registers())[1], YES);
    }
}

/// Burckhardt 2014, section 4.1: at rest, all must see the same; before, anything that was written.
#[test]
fn clients_that_end_up_apart_are_not_eventually_consistent() {
    let apart = columns(&["w x 1, r x 1, r x 1", "w x 2, r x 2, r x 2"]);
    let judgement = judged(&apart, &registers()).judgements.remove(3);
    assert_eq!(judgement.holds, NO);
    assert_eq!(judgement.reason.to_string(), "after the last write, p1 ends up reading x = 1 and p2 reading x = 2");
    let together = columns(&["w x 1, r x 1, r x 2", "w x 2, r x 1, r x 2", "w x 3, r x 2, r x 2"]);
    assert_eq!(holds(&together, &registers()), [NO, NO, NO, YES]);
    let thin_air = columns(&["w x 1, r x 9"]);
    assert_eq!(holds(&thin_air, &registers()), [NO; 4]);
    let reason = |i: usize| judged(&thin_air, &registers()).judgements[i].reason.to_string();
    assert_eq!(reason(2), "p1 reads x = 9, which nobody wrote");
    assert_eq!(reason(3), "p1 reads x = 9, which nobody had begun to write");
    let mut unknown = Recorder(apart);
    unknown.invoke_on(3, "x".into(), write(3));
    assert_eq!(holds(&unknown.0, &registers())[3], YES);
}

#[test]
fn where_a_criterion_says_nothing_it_says_so() {
    let mut lock = Recorder::new();
    lock.at_once(1, Call::Acquire, nothing());
    let model = Model::Mutex { held: false };
    assert_eq!(holds(&lock.0, &model), [YES, YES, Holds::DoesNotApply, Holds::DoesNotApply]);
    let mut text = Recorder::new();
    text.at_once(1, Call::Append("a".into()), nothing());
    text.at_once(2, Call::Get, nothing());
    let map = Model::KeyValue(Initial::default());
    assert_eq!(holds(&text.0, &map), [NO, YES, Holds::DoesNotApply, YES]);
}

#[test]
fn a_small_limit_leaves_open_what_is_hard() {
    let h = generate(&registers(), &Recipe { corrupted: 9, ..Recipe::etcd(10, 300, 40, 0) }, 3);
    for judgement in judged_within(3, &h, &registers()).judgements {
        assert!(judgement.criterion == Criterion::Eventual || judgement.holds == Holds::Undecided, "{judgement:?}");
    }
}

#[test]
fn bars_say_what_was_asked_and_where_it_took_effect() {
    let mut h = Recorder::new();
    h.at_once(1, write(1), nothing());
    let lost = h.invoke_on(2, "x".into(), Call::Read);
    h.end(lost, Outcome::Unknown);
    let bars = judged(&h.0, &registers()).bars;
    assert_eq!((bars[0].call.as_str(), &bars[0].result, bars[0].point.is_some()), ("write 1", &None, true));
    assert_eq!((bars[1].call.as_str(), bars[1].to, bars[1].point), ("x: read", None, None));
}

// ---- oracles ----

/// Whether one comes before the other in the order of their client.
fn client_order(one: &Operation, other: &Operation) -> bool {
    one.client == other.client && one.deadline().is_some_and(|end| end < other.invoked)
}

/// The definition of causal memory, tried out: for some writes that the reads may have seen, each client has an order.
fn is_causal(history: &History, model: &Model) -> bool {
    let touches = touches(history, model);
    let reads: Vec<usize> = (0..touches.len()).filter(|i| touches[*i].kind.is_read()).collect();
    any_sources(model, &touches, &reads, &mut BTreeMap::new())
}

fn any_sources(
    model: &Model,
    touches: &[Touch<'_>],
    reads: &[usize],
    sources: &mut BTreeMap<usize, Option<usize>>,
) -> bool {
    let Some((read, rest)) = reads.split_first() else {
        return explains(touches, sources);
    };
    let Touch { key, kind, .. } = touches[*read];
    let is_seen = |value: &Value| kind.can_find(value);
    let writes = (0..touches.len())
        .filter(|i| touches[*i].key == key && matches!(touches[*i].kind, Kind::Write(value) if is_seen(value)));
    let first = is_seen(first_value(model, key)).then_some(None);
    writes.map(Some).chain(first).any(|source| {
        sources.insert(*read, source);
        any_sources(model, touches, rest, sources)
    })
}

fn explains(touches: &[Touch<'_>], sources: &BTreeMap<usize, Option<usize>>) -> bool {
    let count = touches.len();
    let mut causes = vec![vec![false; count]; count];
    for (i, one) in touches.iter().enumerate() {
        for (j, other) in touches.iter().enumerate() {
            let is_part = one.id() == other.id() && i < j;
            causes[i][j] = is_part || client_order(one.operation, other.operation) || sources.get(&j) == Some(&Some(i));
        }
    }
    for k in 0..count {
        for i in 0..count {
            for j in 0..count {
                causes[i][j] |= causes[i][k] && causes[k][j];
            }
        }
    }
    let clients: std::collections::BTreeSet<u64> = touches.iter().map(|touch| touch.operation.client).collect();
    (0..count).all(|i| !causes[i][i])
        && clients.into_iter().all(|client| {
            let in_view: Vec<usize> = (0..count)
                .filter(|i| touches[*i].operation.client == client || matches!(touches[*i].kind, Kind::Write(_)))
                .collect();
            any_view(touches, sources, &causes, &in_view, &mut Vec::new())
        })
}

fn any_view(
    touches: &[Touch<'_>],
    sources: &BTreeMap<usize, Option<usize>>,
    causes: &[Vec<bool>],
    in_view: &[usize],
    placed: &mut Vec<usize>,
) -> bool {
    if placed.len() == in_view.len() {
        return true;
    }
    in_view.iter().filter(|i| !placed.contains(i)).copied().collect::<Vec<_>>().into_iter().any(|next| {
        let is_ready = in_view.iter().all(|other| placed.contains(other) || !causes[*other][next]);
        let newest = placed
            .iter()
            .rev()
            .find(|other| touches[**other].key == touches[next].key && matches!(touches[**other].kind, Kind::Write(_)));
        let fits = sources.get(&next).is_none_or(|source| *source == newest.copied());
        placed.push(next);
        let found = is_ready && fits && any_view(touches, sources, causes, in_view, placed);
        placed.pop();
        found
    })
}

/// Random calls with random answers, one after another but for some that overlap, and some of unknown end.
fn noise(model: &Model, rng: &mut Rng, operations: u64, values: u64) -> History {
    let clients = 2 + rng.below(2);
    let mut h = Recorder::new();
    let mut open: BTreeMap<u64, OperationId> = BTreeMap::new();
    while (h.0.len() as u64) < operations || !open.is_empty() {
        let client = rng.below(clients);
        if let Some(id) = open.remove(&client) {
            let value = Value::Int(rng.below(values) as i64);
            let told = match (&h.0.get(id).expect("it").call, model) {
                (Call::Read | Call::Get, _) => value,
                (Call::Cas { .. } | Call::Acquire, _) => Value::Bool(rng.below(2) == 0),
                (Call::Txn(accesses), _) => Value::list(accesses.iter().map(|_| Value::Int(rng.below(values) as i64))),
                _ => Value::Nil,
            };
            match rng.below(8) {
                0 => h.end(id, Outcome::Unknown),
                1 => h.end(id, Outcome::Failed),
                _ => h.ok(id, told),
            }
        } else if (h.0.len() as u64) < operations {
            let key = if model.splits_by_key() { ["x", "y"][rng.below(2) as usize].into() } else { Value::Nil };
            let call = some_call(model, values, rng);
            open.insert(client, h.invoke_on(client, key, call));
        }
    }
    h.0
}

/// A reader that lags behind, in a history of thousands of operations: nothing but the limit of memory bounds their number.
#[test]
fn long_histories_are_ordered_too() {
    for (last, said) in [(2_999_i64, YES), (2_000, NO)] {
        let mut h = Recorder::new();
        for number in 1..=3_000_i64 {
            h.at_once(1, write(number), nothing());
            let seen: i64 = if number == 3_000 { last } else { number - 1 };
            h.at_once(2, Call::Read, Value::from(seen));
        }
        let judgement =
            judge_by(Criterion::Sequential, &h.0, &Model::Register(Initial::all(0.into())), DEFAULT_LIMIT, &plain);
        assert_eq!(judgement.holds, said, "{}", judgement.reason);
    }
}

/// A client that asks several things at once has several chains: its operations are ordered where one waited for the other.
#[test]
fn what_a_client_does_at_once_has_no_order() {
    for (second_read, said) in [(1_i64, YES), (0, NO)] {
        let mut h = Recorder::new();
        let (one, other) = (h.invoke(1, write(1)), h.invoke(1, Call::Read));
        h.ok(other, Value::from(0));
        h.ok(one, nothing());
        h.at_once(1, Call::Read, Value::from(second_read));
        let judgement = judge_by(Criterion::Sequential, &h.0, &registers(), DEFAULT_LIMIT, &plain);
        assert_eq!(judgement.holds, said, "{}", judgement.reason);
    }
}

/// Noise for all models: what is sequential is what can be ordered client by client, however one orders.
#[test]
fn the_sequential_checker_agrees_with_the_oracle() {
    for (m, model) in (0..).zip(models()) {
        let mut counts = [0, 0];
        for seed in 0..2500 {
            let mut rng = Rng::stream(seed, m);
            let history = match seed % 3 {
                0 => small(&model, seed, 900 + m),
                _ => {
                    let operations = 2 + rng.below(6);
                    noise(&model, &mut rng, operations, 2)
                }
            };
            let expected = brute_force_by(&history, &model, &client_order);
            let judgement = judge_by(Criterion::Sequential, &history, &model, DEFAULT_LIMIT, &plain);
            let said = if expected { YES } else { NO };
            assert_eq!(judgement.holds, said, "{} seed {seed}: {history:#?} {judgement:?}", model.name());
            assert_eq!(judgement.operations.is_empty(), expected, "{judgement:?}");
            let found = sequential::find(&history, &model, DEFAULT_LIMIT);
            match found {
                sequential::Finding::Ordered(order) => {
                    assert!(expected);
                    assert_is_order(&history, &model, &order);
                }
                _ => assert!(!expected, "{found:?}"),
            }
            counts[usize::from(expected)] += 1;
        }
        assert!(counts[0] > 150 && counts[1] > 150, "{}: {counts:?}", model.name());
    }
}

fn assert_is_order(history: &History, model: &Model, order: &[OperationId]) {
    let mut states: BTreeMap<Value, State> = BTreeMap::new();
    for (place, id) in order.iter().enumerate() {
        let operation = history.get(*id).expect("an operation of the history");
        let later = order[place + 1..].iter().filter_map(|id| history.get(*id));
        assert!(later.into_iter().all(|later| !client_order(later, operation) && later.id != *id));
        let state = states.remove(&operation.key).unwrap_or_else(|| model.initial(&operation.key));
        let after = model.step(&state, &operation.call, operation.result());
        states.insert(operation.key.clone(), after.expect("an order that the model allows"));
    }
    assert!(history.iter().all(|operation| operation.deadline().is_none() || order.contains(&operation.id)));
}

/// Bouajjani et al. 2017, theorem 2 and lemma 5: the bad patterns occur exactly where no orders exist.
#[test]
fn the_causal_checker_agrees_with_the_definition() {
    let models = [Model::Register(Initial::all(0.into())), registers(), Model::MultiRegister(Initial::all(0.into()))];
    for (m, model) in (0..).zip(models) {
        let mut counts = [0, 0];
        for seed in 0..2500 {
            let mut rng = Rng::stream(seed, 50 + m);
            let operations = 2 + rng.below(if m == 2 { 3 } else { 5 });
            let values = 2 + rng.below(2);
            let history = noise(&model, &mut rng, operations, values);
            let expected = is_causal(&history, &model);
            let judgement = judge_by(Criterion::Causal, &history, &model, DEFAULT_LIMIT, &plain);
            let said = if expected { YES } else { NO };
            assert_eq!(judgement.holds, said, "{} seed {seed}: {history:#?} {judgement:?}", model.name());
            assert_eq!(judgement.operations.is_empty(), expected, "{judgement:?}");
            assert_eq!(judgement.reason.missing_arguments(), Vec::<&str>::new());
            counts[usize::from(expected)] += 1;
        }
        assert!(counts[0] > 150 && counts[1] > 150, "{}: {counts:?}", model.name());
    }
}

/// Linearizable ⇒ sequential ⇒ causal; linearizable ⇒ eventual: each found by its own checker, not taken from the other.
#[test]
fn what_is_stronger_holds_less_often() {
    let mut counts = BTreeMap::new();
    for (m, model) in (0..).zip(models()).filter(|(_, model)| !matches!(model, Model::Mutex { .. })) {
        for seed in 0..3000 {
            let mut rng = Rng::stream(seed, 70 + m);
            let history = match seed % 3 {
                0 => small(&model, seed, 70 + m),
                kind => noise(&model, &mut rng, 3 + 2 * kind, 2),
            };
            let is_linearizable = check(&history, &model, DEFAULT_LIMIT).is_linearizable();
            let found = sequential::find(&history, &model, DEFAULT_LIMIT);
            let is_sequential = matches!(found, sequential::Finding::Ordered(_));
            let appends = history.iter().any(|operation| matches!(operation.call, Call::Append(_)));
            let patterns = causal::find(&history, &model, DEFAULT_LIMIT, &plain);
            let is_causal = appends || matches!(patterns, causal::Finding::Consistent);
            let is_eventual = judge_by(Criterion::Eventual, &history, &model, DEFAULT_LIMIT, &plain).holds == YES;
            assert!(is_sequential || !is_linearizable, "{} seed {seed}: {history:#?}", model.name());
            assert!(is_causal || !is_sequential, "{} seed {seed}: {history:#?} {patterns:?}", model.name());
            assert!(is_eventual || !is_linearizable, "{} seed {seed}: {history:#?}", model.name());
            *counts.entry([is_linearizable, is_sequential, is_causal, is_eventual]).or_insert(0) += 1;
        }
    }
    assert!(counts.len() >= 6 && counts.values().all(|count| *count > 5), "{counts:?}");
}

/// A refused compare-and-set is a read of another value: who has just written what it asks for cannot be refused.
#[test]
fn a_refused_cas_after_an_own_write_is_not_causal() {
    let of = |history: &History, criterion| judge_by(criterion, history, &registers(), DEFAULT_LIMIT, &plain).holds;
    for (from, said) in [(1, NO), (0, YES), (3, YES)] {
        let mut h = Recorder::new();
        h.at_once(1, write(1), nothing());
        h.at_once(1, cas(from, 2), false);
        for criterion in [Criterion::Linearizable, Criterion::Sequential, Criterion::Causal] {
            assert_eq!(of(&h.0, criterion), said, "{criterion:?} of a cas from {from}");
        }
    }
    // Another client may not have heard of the write; once it has read it, it has.
    let mut h = Recorder::new();
    h.at_once(1, write(1), nothing());
    h.at_once(2, cas(1, 2), false);
    assert_eq!((of(&h.0, Criterion::Sequential), of(&h.0, Criterion::Causal)), (YES, YES));
    h.at_once(2, Call::Read, 1);
    h.at_once(2, cas(1, 2), false);
    assert_eq!((of(&h.0, Criterion::Sequential), of(&h.0, Criterion::Causal)), (NO, NO));
}

/// At rest a refused compare-and-set is a last read as well.
#[test]
fn a_refused_cas_at_rest_disagrees_with_who_reads_what_it_asked_for() {
    let of = |h: &Recorder| judge_by(Criterion::Eventual, &h.0, &registers(), DEFAULT_LIMIT, &plain);
    for (last, said) in [(cas(1, 5), NO), (cas(0, 5), YES)] {
        let mut h = Recorder::new();
        h.at_once(1, write(1), nothing());
        h.at_once(2, Call::Read, 1);
        h.at_once(3, last, false);
        assert_eq!(of(&h).holds, said, "{}", of(&h).reason);
    }
    // It can be neither the first value nor the only other one.
    let mut h = Recorder::new();
    h.at_once(1, write(1), nothing());
    h.at_once(2, cas(0, 5), false);
    assert_eq!(of(&h).holds, YES);
    h.at_once(3, cas(1, 5), false);
    assert_eq!((of(&h).holds, of(&h).operations.len()), (NO, 2), "{}", of(&h).reason);
    // Nobody had begun to write another value.
    let mut h = Recorder::new();
    h.at_once(1, cas(0, 5), false);
    assert_eq!(of(&h).holds, NO);
}
