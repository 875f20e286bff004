//! Diamonds on the scrubber, where something telling happened.

use sim::Weights;
use sim::frame::Frame;
use yew::prelude::*;

use crate::dom::css;
use crate::math;

/// Two marks stand at least so many parts of the scrubber apart: of those nearer to each other the last one stands for all.
const PARTS: u64 = 60;

/// The marks of a run; the scrubber itself says what happened where.
pub fn draw(weights: &Weights, frame: &Frame) -> Html {
    let mark = |event: u64| {
        let part = event as f64 / frame.length as f64;
        let is_passed = event <= frame.event;
        html! { <i class={classes!("telling-mark", is_passed.then_some("passed"))} ~style={css(format!("--at:{}", math::digits(part, 4)))}></i> }
    };
    html! { <span aria-hidden="true">{ for places(weights, frame.length).into_iter().map(mark) }</span> }
}

/// The events to mark, the last one first.
fn places(weights: &Weights, length: u64) -> Vec<u64> {
    let gap = length.div_ceil(PARTS).max(1);
    let before = |event: &u64| event.checked_sub(gap - 1).and_then(|event| weights.before(event));
    std::iter::successors(weights.before(length + 1), before).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_few_and_stand_apart() {
        let mut session = labs::registry::open("raft").expect("the lab");
        for length in [50, 400, 9_000] {
            session.seek(length);
            let places = places(session.weights(), length);
            let gaps = places.windows(2).map(|pair| pair[0] - pair[1]);
            assert!(gaps.min().is_some_and(|gap| gap * PARTS >= length), "{places:?}");
            assert!(places.len() <= PARTS as usize && places.len() > 5, "{places:?}");
            assert_eq!(places.first().copied(), session.weights().telling().last());
        }
    }
}
