//! One history, four verdicts: linearizable, sequential, causal, eventual.
//!
//! What is linearizable is sequentially consistent (its order will do), and what is sequentially consistent is causally
//! consistent (all clients may see that one order). A linearizable history also ends as eventual consistency asks; one
//! that is only sequentially or causally consistent need not, since both leave time aside.

use serde::{Deserialize, Serialize};

use super::accesses::{Kind, first_value, has_registers, shown, touches};
use super::linearizability::{Point, Undecided, Verdict, check};
use super::{Call, History, Model, Moment, OperationId, Outcome, Value, causal, eventual, sequential};
use crate::base::map::Map;
use crate::base::text::{Argument, Text};
use crate::t;

/// What may be asked of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Criterion {
    /// One order that respects real time (Herlihy & Wing 1990), see [`check`].
    Linearizable,
    /// One order that respects the order of each client (Lamport 1979).
    Sequential,
    /// For each client one order that respects causes: causal memory (Ahamad et al. 1995; Bouajjani et al. 2017).
    Causal,
    /// All clients end up reading the same (Vogels 2009; Burckhardt 2014).
    Eventual,
}

impl Criterion {
    /// All of them, the strongest first.
    pub const ALL: [Criterion; 4] = [Self::Linearizable, Self::Sequential, Self::Causal, Self::Eventual];

    /// Its name in files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Linearizable => "linearizable",
            Self::Sequential => "sequential",
            Self::Causal => "causal",
            Self::Eventual => "eventual",
        }
    }
}

/// Whether a history is what a criterion asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Holds {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// The checker gave up.
    Undecided,
    /// The criterion says nothing of this model, or of some operation in the history.
    DoesNotApply,
}

/// What one criterion says of a history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Which criterion.
    pub criterion: Criterion,
    /// What it says.
    pub holds: Holds,
    /// Why, as one sentence without a full stop.
    pub reason: Text,
    /// The operations that speak against it; empty unless it does not hold.
    pub operations: Vec<OperationId>,
    /// An order that shows that it holds, where one order does.
    pub order: Vec<OperationId>,
}

/// One operation as a bar along time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// The operation.
    pub operation: OperationId,
    /// Who asked.
    pub client: u64,
    /// What was asked, with its key: `write 3`, `x: read`.
    pub call: String,
    /// What was answered, where the answer tells something.
    pub result: Option<String>,
    /// Where the bar begins.
    pub from: Moment,
    /// Where it ends; `None` for an operation that nothing more was heard of: it may take effect at any later time.
    pub to: Option<Moment>,
    /// Whether it certainly did not take place.
    pub has_failed: bool,
    /// Where it takes effect, if the history is linearizable and it does.
    pub point: Option<Moment>,
}

/// A history as a picture: its operations, and what each criterion says of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consistency {
    /// The operations, in the order of their invocations.
    pub bars: Vec<Bar>,
    /// The judgements, in the order of [`Criterion::ALL`].
    pub judgements: Vec<Judgement>,
}

/// Judges a history by all four criteria, of which [`check`] gave the `verdict` of the first. `limit` is that of [`check`],
/// for each of them; `name` says what clients are called in the sentences.
#[must_use]
pub fn judge(
    history: &History,
    model: &Model,
    verdict: &Verdict,
    limit: u64,
    name: &dyn Fn(u64) -> Argument,
) -> Consistency {
    let case = Case { history, model, limit, name };
    let linearizable = case.linearizable(verdict);
    let mut causal = case.causal(&linearizable);
    let sequential = case.sequential(&linearizable, &causal);
    if causal.holds == Holds::Undecided {
        causal = case.causal_if(&sequential, causal);
    }
    let judgements = vec![linearizable, sequential, causal, case.eventual()];
    Consistency { bars: bars(history, verdict), judgements }
}

/// Judges a history by one criterion.
#[must_use]
pub fn judge_by(
    criterion: Criterion,
    history: &History,
    model: &Model,
    limit: u64,
    name: &dyn Fn(u64) -> Argument,
) -> Judgement {
    let case = Case { history, model, limit, name };
    let linearizable = || case.linearizable(&check(history, model, limit));
    match criterion {
        Criterion::Linearizable => linearizable(),
        Criterion::Eventual => case.eventual(),
        Criterion::Sequential => {
            let linearizable = linearizable();
            case.sequential(&linearizable, &case.causal(&linearizable))
        }
        Criterion::Causal => {
            let linearizable = linearizable();
            let causal = case.causal(&linearizable);
            match causal.holds {
                Holds::Undecided => case.causal_if(&case.sequential(&linearizable, &causal), causal),
                _ => causal,
            }
        }
    }
}

struct Case<'a> {
    history: &'a History,
    model: &'a Model,
    limit: u64,
    name: &'a dyn Fn(u64) -> Argument,
}

impl Case<'_> {
    fn linearizable(&self, verdict: &Verdict) -> Judgement {
        let judgement = |holds, reason| judgement(Criterion::Linearizable, holds, reason);
        match verdict {
            Verdict::Linearizable { points } => Judgement {
                order: points.iter().map(|point| point.operation).collect(),
                ..judgement(
                    Holds::Yes,
                    t!("each operation can take effect at one moment between its beginning and its end"),
                )
            },
            Verdict::NotLinearizable { cannot_place, .. } => {
                let (reason, operations) = cannot_place.first().map(|id| self.misplaced(*id)).unwrap_or_default();
                Judgement { operations, ..judgement(Holds::No, reason) }
            }
            Verdict::Undecided(reason) => judgement(Holds::Undecided, undecided(reason)),
        }
    }

    /// Why this operation, which is the first one that fits nowhere, does not.
    fn misplaced(&self, id: OperationId) -> (Text, Vec<OperationId>) {
        self.siblings()
            .filter(|(_, operations)| *operations == [id])
            .or_else(|| self.stale(id))
            .or_else(|| self.out_of_place(id))
            .unwrap_or_default()
    }

    /// The first read that returns several written values at once, as some systems do with writes that nobody can order.
    /// One copy has one value, and criteria for registers say nothing of many.
    fn siblings(&self) -> Option<(Text, Vec<OperationId>)> {
        let all = touches(self.history, self.model);
        let is_written = |key, value| all.iter().any(|touch| touch.key == key && touch.kind == Kind::Write(value));
        all.iter().find_map(|read| {
            let Kind::Read(value @ Value::List(values)) = read.kind else { return None };
            let is_many = values.len() > 1 && values.iter().all(|value| is_written(read.key, value));
            let reason = t!(
                "{reader} reads siblings, {value}, where one copy has one value",
                reader = (self.name)(read.operation.client),
                value = shown(read.key, value)
            );
            (is_many && !is_written(read.key, value)).then(|| (reason, vec![read.id()]))
        })
    }

    /// It reads what one write wrote, or what was there at first, and something else was written in between.
    fn stale(&self, id: OperationId) -> Option<(Text, Vec<OperationId>)> {
        let all = touches(self.history, self.model);
        let own: Vec<_> = all.iter().filter(|touch| touch.id() == id).collect();
        let [read] = own[..] else { return None };
        let Kind::Read(value) = read.kind else { return None };
        let of_key = || all.iter().filter(|touch| touch.key == read.key);
        if of_key().any(|touch| touch.kind == Kind::Change) {
            return None;
        }
        let (reader, shown_value) = ((self.name)(read.operation.client), shown(read.key, value));
        let sources: Vec<_> = of_key().filter(|touch| touch.kind == Kind::Write(value)).collect();
        let was_first = first_value(self.model, read.key) == value;
        let source = match (&sources[..], was_first) {
            ([], false) => {
                return Some((
                    t!("{reader} reads {value}, which nobody wrote", reader = reader, value = shown_value),
                    vec![id],
                ));
            }
            ([], true) => None,
            ([only], false) => Some(*only),
            _ => return None,
        };
        let newer = of_key().find(|newer| {
            let follows =
                source.is_none_or(|old| old.operation.deadline().is_some_and(|end| end < newer.operation.invoked));
            let is_over = newer.operation.deadline().is_some_and(|end| end < read.operation.invoked);
            matches!(newer.kind, Kind::Write(_)) && follows && is_over
        })?;
        let Kind::Write(other) = newer.kind else { return None };
        let reason = t!(
            "{reader} reads {value}, although {writer} had already written {other} over it",
            reader = reader,
            value = shown_value,
            writer = (self.name)(newer.operation.client),
            other = shown(newer.key, other)
        );
        Some((reason, source.into_iter().chain([newer]).map(|touch| touch.id()).chain([id]).collect()))
    }

    fn out_of_place(&self, id: OperationId) -> Option<(Text, Vec<OperationId>)> {
        let operation = self.history.get(id)?;
        let client = (self.name)(operation.client);
        let call = call_text(&operation.key, &operation.call);
        let reason = match operation.result() {
            Some(Value::Nil) | None => t!(
                "in no order can {call} of {client} take effect between its beginning and its end",
                call = call,
                client = client
            ),
            Some(result) => t!(
                "in no order can {call} of {client} give {result} between its beginning and its end",
                call = call,
                client = client,
                result = result.to_string()
            ),
        };
        Some((reason, vec![id]))
    }

    fn sequential(&self, linearizable: &Judgement, causal: &Judgement) -> Judgement {
        let judgement = |holds, reason| judgement(Criterion::Sequential, holds, reason);
        let in_order = |order| Judgement {
            order,
            ..judgement(Holds::Yes, t!("one order of all operations explains them and keeps the order of each client"))
        };
        if linearizable.holds == Holds::Yes {
            return in_order(linearizable.order.clone());
        }
        if causal.holds == Holds::No {
            let reason = t!("not even causally: {reason}", reason = causal.reason.clone());
            return Judgement { operations: causal.operations.clone(), ..judgement(Holds::No, reason) };
        }
        if let Some((reason, operations)) = self.siblings() {
            return Judgement { operations, ..judgement(Holds::No, reason) };
        }
        match sequential::find(self.history, self.model, self.limit) {
            sequential::Finding::Ordered(order) => in_order(order),
            sequential::Finding::Stuck { next, key } => {
                let reason = match key {
                    Some(key) => t!(
                        "no order of the operations on {key} keeps the order of each client: where the furthest one ends, none of these can come next",
                        key = key.to_string()
                    ),
                    None => t!(
                        "no order of all operations keeps the order of each client: where the furthest one ends, none of these can come next"
                    ),
                };
                Judgement { operations: next, ..judgement(Holds::No, reason) }
            }
            sequential::Finding::Undecided(reason) => judgement(Holds::Undecided, undecided(&reason)),
        }
    }

    fn causal(&self, linearizable: &Judgement) -> Judgement {
        let judgement = |holds, reason| judgement(Criterion::Causal, holds, reason);
        if !has_registers(self.model) {
            return judgement(Holds::DoesNotApply, NO_REGISTERS);
        }
        if self.history.iter().any(|operation| matches!(operation.call, Call::Append(_))) {
            return judgement(
                Holds::DoesNotApply,
                t!("causal consistency speaks of reads and writes, and an append is both"),
            );
        }
        if linearizable.holds == Holds::Yes {
            return judgement(Holds::Yes, CAUSAL);
        }
        if let Some((reason, _)) = self.siblings() {
            return judgement(Holds::DoesNotApply, t!("{reason}: this speaks of single values", reason = reason));
        }
        match causal::find(self.history, self.model, self.limit, self.name) {
            causal::Finding::Consistent => judgement(Holds::Yes, CAUSAL),
            causal::Finding::Broken { reason, operations } => Judgement { operations, ..judgement(Holds::No, reason) },
            causal::Finding::Undecided(reason) => judgement(Holds::Undecided, reason),
        }
    }

    /// What is sequentially consistent is causally consistent, even if that was not found out.
    fn causal_if(&self, sequential: &Judgement, undecided: Judgement) -> Judgement {
        match sequential.holds {
            Holds::Yes => judgement(Criterion::Causal, Holds::Yes, CAUSAL),
            _ => undecided,
        }
    }

    fn eventual(&self) -> Judgement {
        let judgement = |holds, reason| judgement(Criterion::Eventual, holds, reason);
        if !has_registers(self.model) {
            return judgement(Holds::DoesNotApply, NO_REGISTERS);
        }
        if let Some((reason, _)) = self.siblings() {
            return judgement(Holds::DoesNotApply, t!("{reason}: this speaks of single values", reason = reason));
        }
        match eventual::find(self.history, self.model, self.name) {
            eventual::Finding::Consistent(reason) => judgement(Holds::Yes, reason),
            eventual::Finding::Broken { reason, operations } => {
                Judgement { operations, ..judgement(Holds::No, reason) }
            }
        }
    }
}

const NO_REGISTERS: Text = t!("a lock is neither read nor written, so this says nothing of it");
const CAUSAL: Text = t!("each client can have seen the writes in an order that respects their causes");

fn judgement(criterion: Criterion, holds: Holds, reason: Text) -> Judgement {
    Judgement { criterion, holds, reason, operations: Vec::new(), order: Vec::new() }
}

fn undecided(reason: &Undecided) -> Text {
    Text::verbatim(reason.to_string())
}

fn call_text(key: &Value, call: &Call) -> String {
    match key {
        Value::Nil => call.to_string(),
        key => format!("{key}: {call}"),
    }
}

fn bars(history: &History, verdict: &Verdict) -> Vec<Bar> {
    let points: Map<OperationId, Moment> = match verdict {
        Verdict::Linearizable { points } => points.iter().map(|Point { operation, at }| (*operation, *at)).collect(),
        _ => Map::default(),
    };
    let bar = |operation: &super::Operation| Bar {
        operation: operation.id,
        client: operation.client,
        call: call_text(&operation.key, &operation.call),
        result: operation.result().filter(|result| tells(&operation.call, result)).map(Value::to_string),
        from: operation.invoked,
        to: operation.completed.as_ref().filter(|(_, outcome)| *outcome != Outcome::Unknown).map(|(moment, _)| *moment),
        has_failed: operation.has_failed(),
        point: points.get(&operation.id).copied(),
    };
    history.iter().map(bar).collect()
}

/// Whether a result says more than that the operation is done.
fn tells(call: &Call, result: &Value) -> bool {
    matches!(call, Call::Read | Call::Get | Call::Cas { .. } | Call::Txn(_)) || *result != Value::Nil
}
