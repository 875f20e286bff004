//! What clients asked and were told, as bars along time, and how that is judged: linearizable, sequential, causal,
//! eventual.

use sim::frame::Frame;
use sim::history::consistency::{Bar, Consistency, Criterion, Holds, Judgement};
use sim::order::sort_by_key;
use sim::{NodeId, Text, t, time_us};
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::command::{Commands, Course};
use crate::dom::{self, css};
use crate::language;
use crate::shared::Shared;
use crate::words::{name, number, say, sentence};

/// At most so many operations are drawn: the latest.
const MOST_BARS: usize = 60;
/// From one beginning or end to the next one, in pixels.
const STEP_PX: f64 = 60.0;
/// The row of one client.
const ROW_PX: f64 = 56.0;

/// The History tab.
pub fn draw(frame: &Frame, consistency: Option<&Shared<Consistency>>, playing: bool, commands: &Commands) -> Html {
    let Some(consistency) = consistency else {
        let hint = if playing {
            t!("Pause, and what clients asked and were told stands here.")
        } else {
            t!("No client of this lab records operations.")
        };
        return html! { <p class="hint">{ say(hint) }</p> };
    };
    let clients = names(frame, consistency);
    html! {
        <div data-testid="history-panel">
            <h2>{ say(t!("History")) }</h2>
            if consistency.bars.is_empty() {
                <p class="hint">{ say(t!("No client has asked for anything yet.")) }</p>
            } else {
                <Bars consistency={consistency.clone()} clients={clients.clone()} commands={commands.clone()} />
            }
            <ul class="judgements">{ for consistency.judgements.iter().map(draw_judgement) }</ul>
            if !consistency.bars.is_empty() {
                { draw_notes(consistency, &clients) }
            }
        </div>
    }
}

/// The clients that have asked for something, with their labels.
fn names(frame: &Frame, consistency: &Consistency) -> Vec<(u64, String)> {
    let mut clients: Vec<u64> = consistency.bars.iter().map(|bar| bar.client).collect();
    sort_by_key(&mut clients, |client| u128::from(*client));
    clients.dedup();
    clients.into_iter().map(|client| (client, name(frame, NodeId::at(client as usize)))).collect()
}

fn title(criterion: Criterion) -> Text {
    match criterion {
        Criterion::Linearizable => t!("Linearizable"),
        Criterion::Sequential => t!("Sequentially consistent"),
        Criterion::Causal => t!("Causally consistent"),
        Criterion::Eventual => t!("Eventually consistent"),
    }
}

fn draw_judgement(judgement: &Judgement) -> Html {
    let (sign, class, words) = match judgement.holds {
        Holds::Yes => ("✓", "good", t!("holds")),
        Holds::No => ("✕", "bad", t!("does not hold")),
        Holds::Undecided => ("?", "open", t!("undecided")),
        Holds::DoesNotApply => ("–", "open", t!("does not apply")),
    };
    html! {
        <li key={judgement.criterion.name()} {class} data-testid={format!("judgement-{}", judgement.criterion.name())}
            data-holds={format!("{:?}", judgement.holds)}>
            <span class="sign" aria-hidden="true">{ sign }</span>
            <div>
                <strong>{ say(title(judgement.criterion)) }{ ": " }{ say(words) }</strong>
                <p>{ sentence(&capitalised(&judgement.reason)) }</p>
            </div>
        </li>
    }
}

/// As at the beginning of a sentence.
fn capitalised(reason: &Text) -> Text {
    let reason = language::write(reason);
    let mut letters = reason.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    Text::verbatim(first + letters.as_str())
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct BarsProps {
    pub consistency: Shared<Consistency>,
    /// The clients, one row each, with their labels.
    pub clients: Vec<(u64, String)>,
    pub commands: Commands,
}

/// The operations: a row for each client, time to the right. Arrows go from operation to operation.
#[component]
pub fn Bars(props: &BarsProps) -> Html {
    let BarsProps { consistency, clients, commands } = props;
    let drawn = latest(consistency);
    let places = Places::of(drawn);
    let (scroll, pointed) = (use_node_ref(), use_state(|| None::<usize>));
    {
        // The newest operations are those that one looks for.
        let scroll = scroll.clone();
        use_effect_with(consistency.clone(), move |_| {
            if let Some(scroll) = scroll.cast::<Element>() {
                scroll.set_scroll_left(scroll.scroll_width());
            }
        });
    }
    let pointed_at = pointed.filter(|place| *place < drawn.len());
    let reachable = pointed_at.unwrap_or(drawn.len() - 1);
    let onkeydown = {
        let last = drawn.len() - 1;
        move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowLeft" => reachable.saturating_sub(1),
                "ArrowRight" => (reachable + 1).min(last),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            dom::focus(&format!("#operation-{next}"));
        }
    };
    let row_of = |bar: &Bar| clients.iter().position(|(client, _)| *client == bar.client).unwrap_or(0);
    let label_of = |bar: &Bar| label(clients, bar);
    let draw_bar = |(place, bar): (usize, &Bar)| {
        let point = {
            let pointed = pointed.clone();
            move || pointed.set(Some(place))
        };
        let (enter, event) = (point.clone(), event_of(bar));
        let tells_against = against(consistency, bar);
        let text = say(describe(bar, &label_of(bar), &tells_against));
        let (start, end) = places.ends(bar);
        let style = format!(
            "inset-inline-start:{}px;inset-block-start:{}px;inline-size:{}px",
            number(start),
            number(row_of(bar) as f64 * ROW_PX),
            number(end - start)
        );
        let class = classes!(
            "call-bar",
            bar.to.is_none().then_some("pending"),
            bar.has_failed.then_some("failed"),
            (!tells_against.is_empty()).then_some("against")
        );
        html! {
            <button id={format!("operation-{place}")} {class} ~style={css(style)} data-operation={bar.operation.0.to_string()}
                aria-label={text.clone()} title={text} tabindex={if place == reachable { "0" } else { "-1" }}
                onclick={commands.reform(move |_: MouseEvent| Course::Seek(event).into())}
                onfocus={move |_: FocusEvent| point()} onmouseenter={move |_: MouseEvent| enter()}>
                if !tells_against.is_empty() {
                    <span class="cross" aria-hidden="true">{ "✕" }</span>
                }
                { short(bar) }
                if let Some(at) = places.point(bar) {
                    <i class="point" ~style={css(format!("inset-inline-start:{}px", number(at - start)))}></i>
                }
            </button>
        }
    };
    let detail = pointed_at.map_or_else(
        || t!("Point at an operation to read it; a click goes to its end."),
        |place| describe(&drawn[place], &label_of(&drawn[place]), &against(consistency, &drawn[place])),
    );
    let size =
        format!("inline-size:{}px;block-size:{}px", number(places.width()), number(clients.len() as f64 * ROW_PX));
    html! {
        <>
            <div class="history-bars">
                <ol aria-hidden="true">
                    { for clients.iter().map(|(_, label)| html! { <li ~style={css(format!("block-size:{ROW_PX}px"))}>{ label.clone() }</li> }) }
                </ol>
                <div class="panel-scroll" ref={scroll}>
                    <div class="call-bars" role="group" aria-label={say(t!("Operations of the clients"))} ~style={css(size)} {onkeydown}>
                        { for drawn.iter().enumerate().map(draw_bar) }
                    </div>
                </div>
            </div>
            <p class="pointed" aria-hidden="true" data-testid="history-operation">{ say(detail) }</p>
        </>
    }
}

/// How to read the bars, and the same as a table.
fn draw_notes(consistency: &Consistency, clients: &[(u64, String)]) -> Html {
    let drawn = latest(consistency);
    html! {
        <>
            <p class="hint">{ say(t!("Time runs to the right, as an order: what ends before another begins is left of it. ● is where an operation can take effect, ✕ speaks against a model, an open end has had no answer.")) }</p>
            if drawn.len() < consistency.bars.len() {
                <p class="hint">
                    { say(t!("The last {drawn} of {all} operations are drawn; all are judged.", drawn = drawn.len(), all = consistency.bars.len())) }
                </p>
            }
            <details class="history-table">
                <summary>{ say(t!("As a table")) }</summary>
                { draw_table(drawn, &|bar: &Bar| label(clients, bar)) }
            </details>
        </>
    }
}

/// The operations that are drawn.
fn latest(consistency: &Consistency) -> &[Bar] {
    &consistency.bars[consistency.bars.len().saturating_sub(MOST_BARS)..]
}

/// The name of the client of an operation.
fn label(clients: &[(u64, String)], bar: &Bar) -> String {
    clients.iter().find(|(client, _)| *client == bar.client).map(|(_, label)| label.clone()).unwrap_or_default()
}

fn draw_table(bars: &[Bar], label_of: &dyn Fn(&Bar) -> String) -> Html {
    let headings = [t!("client"), t!("operation"), t!("from"), t!("to"), t!("takes effect")];
    let time = |at_us: u64| say(t!("{time}", time = time_us(at_us)));
    let row = |bar: &Bar| {
        html! {
            <tr>
                <th scope="row">{ label_of(bar) }</th>
                <td class="mono">{ short(bar) }</td>
                <td>{ time(bar.from.at_us) }</td>
                <td>{ bar.to.map_or_else(|| say(t!("no answer")), |to| time(to.at_us)) }</td>
                <td>{ bar.point.map_or_else(|| "–".into(), |point| time(point.at_us)) }</td>
            </tr>
        }
    };
    html! {
        <div class="panel-scroll" tabindex="0" role="group" aria-label={say(t!("Operations as a table"))}>
            <table class="panel-table">
                <thead><tr>{ for headings.iter().map(|text| html! { <th scope="col">{ say(text) }</th> }) }</tr></thead>
                <tbody>{ for bars.iter().map(row) }</tbody>
            </table>
        </div>
    }
}

/// `x: get → 1`.
fn short(bar: &Bar) -> String {
    match &bar.result {
        Some(result) => format!("{} → {result}", bar.call),
        None => bar.call.clone(),
    }
}

/// Where a click leads: to its end, where its answer is known.
fn event_of(bar: &Bar) -> u64 {
    bar.to.unwrap_or(bar.from).event
}

/// The models that do not hold because of this operation, among others.
fn against(consistency: &Consistency, bar: &Bar) -> Vec<Criterion> {
    let against = consistency.judgements.iter().filter(|judgement| judgement.operations.contains(&bar.operation));
    against.map(|judgement| judgement.criterion).collect()
}

/// The whole of an operation in words.
fn describe(bar: &Bar, client: &str, against: &[Criterion]) -> Text {
    let (call, from) = (short(bar), time_us(bar.from.at_us));
    let client = client.to_string();
    let mut text = match bar.to {
        Some(to) if bar.has_failed => {
            t!(
                "{client}, {call}: failed, from {from} to {to}",
                client = client,
                call = call,
                from = from,
                to = time_us(to.at_us)
            )
        }
        Some(to) => t!(
            "{client}, {call}: from {from} to {to}",
            client = client,
            call = call,
            from = from,
            to = time_us(to.at_us)
        ),
        None => t!("{client}, {call}: from {from}, no answer", client = client, call = call, from = from),
    };
    if let Some(point) = bar.point {
        text = t!("{text}; can take effect at {at}", text = text, at = time_us(point.at_us));
    }
    if !against.is_empty() {
        let models: Vec<String> = against.iter().map(|criterion| language::write(&title(*criterion))).collect();
        text = t!("{text}; speaks against: {models}", text = text, models = models.join(", "));
    }
    text
}

/// Where the beginnings and ends of operations stand: one after the other, in their order.
struct Places {
    /// The orders of all moments that are drawn, sorted, and whether an operation begins there.
    moments: Vec<(u64, bool)>,
}

impl Places {
    fn of(bars: &[Bar]) -> Places {
        let ends = |bar: &Bar| [Some((bar.from.order, true)), bar.to.map(|to| (to.order, false))];
        let mut moments: Vec<(u64, bool)> = bars.iter().flat_map(ends).flatten().collect();
        sort_by_key(&mut moments, |(order, _)| u128::from(*order));
        Places { moments }
    }

    fn place(&self, order: u64) -> usize {
        self.moments.partition_point(|(other, _)| *other < order)
    }

    /// With room at the end if one is open.
    fn width(&self) -> f64 {
        let begun = self.moments.iter().filter(|(_, begins)| *begins).count();
        let ended = self.moments.len() - begun;
        let steps = if begun > ended { self.moments.len() } else { self.moments.len().saturating_sub(1) };
        steps as f64 * STEP_PX
    }

    /// Where a bar begins and ends.
    fn ends(&self, bar: &Bar) -> (f64, f64) {
        let x = |order| self.place(order) as f64 * STEP_PX;
        (x(bar.from.order), bar.to.map_or(self.width(), |to| x(to.order) - 4.0))
    }

    /// Where it takes effect: right after a beginning, or right before an end.
    fn point(&self, bar: &Bar) -> Option<f64> {
        let order = bar.point?.order;
        let place = self.place(order);
        let begins = self.moments.get(place).is_some_and(|(other, begins)| *other == order && *begins);
        Some(place as f64 * STEP_PX + if begins { 8.0 } else { -12.0 })
    }
}
