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
                writeln!(story, "{} {} {node} {}{detail}", event.number, event.at_us, event.caption.headline).unwrap();
            }
            writeln!(story, "digest {:016x}", session.digest()).unwrap();
            insta::assert_snapshot!(format!("{id}-{}", card.name), story);
        }
    }
}
