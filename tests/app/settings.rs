//! Settings by name: what a preset chooses, and when it is the current one.

use netsplit::settings_panel::{Rulebook, SettingsPanel, SettingsPanelProps};
use netsplit::shared::Shared;
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
