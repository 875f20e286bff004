//! Golden runs: what each scenario tells, sentence by sentence. A change of a protocol, of the simulator or of a text shows
//! here first; look at it, and if it is meant, take it with `INSTA_UPDATE=always cargo test -p netsplit-labs --test golden`.

use std::fmt::Write;

use labs::registry::LABS;

/// How many events after the opening moment are told.
const AFTER: u64 = 15;

#[test]
fn each_scenario_tells_the_same_story() {
    let mut insta = insta::Settings::clone_current();
    insta.set_snapshot_path("../../../tests/goldens");
    insta.set_prepend_module_to_snapshot(false);
    insta.set_omit_expression(true);
    let _guard = insta.bind_to_scope();
    for lab in LABS {
        let id = lab.about().id;
        let mut session = lab.open().unwrap();
        for card in session.scenarios() {
            session.open(card.name).unwrap();
            let last = session.seek(session.scenario().cursor + AFTER);
            let labels: Vec<String> = session.frame().nodes.into_iter().map(|node| node.label).collect();
            let mut story = String::new();
            for event in session.trace(last.saturating_sub(60), last) {
                let node = event.node.map_or("-", |node| &labels[node.index()]);
                let detail = event.caption.detail.map(|detail| format!(" | {detail}")).unwrap_or_default();
                let said = format!("{}{detail}", event.caption.headline);
                assert_eq!(said_twice(&said), None, "{id}/{}, event {}: {said}", card.name, event.number);
                writeln!(story, "{} {} {node} {}{detail}", event.number, event.at_us, event.caption.headline).unwrap();
            }
            writeln!(story, "digest {:016x}", session.digest()).unwrap();
            insta::assert_snapshot!(format!("{id}-{}", card.name), story);
        }
    }
}

/// A word that stands twice in a row, as where a text and what is put into it say the same: "has no entry entry 2".
fn said_twice(text: &str) -> Option<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_word = |word: &str| word.len() > 1 && word.chars().all(char::is_lowercase);
    words.windows(2).find(|pair| pair[0] == pair[1] && is_word(pair[0])).map(|pair| pair[0])
}
