//! Settings by name: what a preset chooses, and when it is the current one.

use netsplit::panels::SideTab;
use netsplit::scenarios::{Scenarios, Story};
use netsplit::settings_panel::{Rulebook, RulesPanel, SettingsPanel, SettingsPanelProps};
use netsplit::shared::Shared;
use netsplit::side::{self, Side};
use netsplit::text_view;
use sim::frame::{Frame, Measure, Unit};
use sim::{Settings, Value, t};
use yew::Callback;

use crate::frames::{S1, frame};
use crate::{count, draw, draw_part, near};

fn rulebook(changes: &[(&str, Value)]) -> Rulebook {
    let lab = labs::registry::lab("raft").expect("a lab");
    let settings = lab.settings();
    let values = changes.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
    let values = values.accept(&settings).expect("settings");
    Rulebook { settings, values, presets: lab.presets(), rules: lab.rules() }
}

fn panel(rulebook: Rulebook) -> String {
    draw::<SettingsPanel>(SettingsPanelProps { rulebook: Shared::new(rulebook), seed: 1, commands: Callback::noop() })
}

fn as_in_etcd() -> Vec<(&'static str, Value)> {
    labs::registry::lab("raft").expect("a lab").presets().swap_remove(0).settings
}

#[test]
fn the_preset_in_force_is_told_with_its_source() {
    let html = panel(rulebook(&as_in_etcd()));
    assert!(near(&html, "value=\"etcd\"").starts_with("value=\"etcd\" selected"));
    assert!(near(&html, "preset-source").contains("etcd 3.5 documentation"));
    // A rule that is broken leaves the preset as it is; a setting makes it one's own.
    let broken: Vec<_> = as_in_etcd().into_iter().chain([("majority", Value::Flag(false))]).collect();
    assert_eq!(rulebook(&broken).preset().map(|preset| preset.name), Some("etcd"));
    let own: Vec<_> = as_in_etcd().into_iter().chain([("servers", Value::Integer(3))]).collect();
    assert_eq!(rulebook(&own).preset(), None);
    assert_eq!(count(&panel(rulebook(&own)), "settings of my own"), 1);
    assert_eq!(count(&panel(rulebook(&[])), "settings of my own"), 0);
}

#[test]
fn each_rule_that_can_be_broken_offers_to_show_what_it_is_for() {
    let props = SettingsPanelProps { rulebook: Shared::new(rulebook(&[])), seed: 1, commands: Callback::noop() };
    let html = draw::<RulesPanel>(props);
    let rules = labs::registry::lab("raft").expect("a lab").rules();
    for rule in rules.iter().filter(|rule| rule.broken_check.is_some()) {
        let button = near(&html, &format!("show-{}", rule.name));
        assert!(button.contains("Show me what it is for"), "{button}");
        assert_eq!(count(&html, &format!("setting-{}\"", rule.name)), 1, "{}", rule.name);
    }
    assert_eq!(count(&panel(rulebook(&[])), "data-testid=\"show-"), 0);
}

/// The case: rules and hunts stood below all scenarios, out of sight.
#[test]
fn the_side_of_a_lab_has_a_tab_for_each_of_its_parts_and_keeps_those_that_are_not_seen() {
    let lab = labs::registry::lab("raft").expect("a lab");
    let scenarios = Scenarios {
        chapter: "Agreement".into(),
        lab: "Raft".into(),
        cards: Shared::new(lab.scenarios()),
        current: None,
        story: Story::default(),
        lessons: yew::Html::default(),
        runs: [].into(),
        run: None,
        article: None,
        commands: Callback::noop(),
    };
    let side = Side {
        lab: "raft".into(),
        seed: 1,
        rulebook: Shared::new(rulebook(&[])),
        checks: Shared::new(lab.checks()),
        tab: SideTab::Rules,
    };
    let html = draw_part(side::draw(&scenarios, &side));
    assert_eq!((count(&html, "role=\"tab\""), count(&html, "role=\"tabpanel\"")), (4, 4));
    assert_eq!((count(&html, "aria-selected=\"true\""), count(&html, " hidden")), (1, 3));
    assert!(near(&html, "side-rules").contains("aria-selected=\"true\""));
    for part in ["scenarios", "settings", "rules", "hunt-start"] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn the_text_view_tells_what_the_lab_counts() {
    let measures = vec![
        Measure::count("leaders", t!("servers that lead"), 2),
        Measure::new("lag", t!("time behind"), Unit::Time, 1_500).of(S1),
        Measure::new("busy", t!("share at work"), Unit::Share, 123_400),
    ];
    let html = draw_part(text_view::draw(&Frame { measures, ..frame() }, None, &Callback::noop()));
    let table = near(&html, "id=\"text-measures\"");
    for words in ["servers that lead", "<td>2</td>", "<td>S1</td>", "1.5 ms", "12.3 %"] {
        assert!(table.contains(words) || html.contains(words), "{words}");
    }
    assert_eq!(count(&draw_part(text_view::draw(&frame(), None, &Callback::noop())), "text-measures"), 0);
}
