//! The colours of the stylesheet's own tokens: readable, and different for everybody.

use std::collections::BTreeMap;
use std::path::PathBuf;

use netsplit::lanes::TELLING;
use palette::color_difference::{Ciede2000, Wcag21RelativeContrast};
use palette::{FromColor, Lab, LinSrgb, Srgb};

const TOKENS: &str = include_str!("../../static/tokens.css");
const STAGE: &str = include_str!("../../static/stage.css");
const VISITOR: &str = include_str!("../../static/visitor.css");

type Tokens = BTreeMap<String, Srgb<f32>>;

/// The colours that a rule sets, on top of those it starts from.
fn tokens(selector: &str, base: &Tokens) -> Tokens {
    let mut tokens = base.clone();
    let start = TOKENS.find(selector).unwrap_or_else(|| panic!("there is no {selector}")) + selector.len();
    let block = TOKENS[start..].split('}').next().unwrap_or_default();
    for line in block.lines() {
        if let Some((name, value)) = line.trim().trim_end_matches(';').split_once(": #") {
            let colour: Srgb<u8> = value.parse().unwrap_or_else(|_| panic!("{name} is no colour: {value}"));
            tokens.insert(name.trim_start_matches("--").to_string(), colour.into_format());
        }
    }
    tokens
}

fn themes() -> [(&'static str, Tokens); 3] {
    let light = tokens(":root {", &Tokens::new());
    let dark = tokens(":root[data-theme=\"dark\"] {", &light);
    let projector = tokens(":root[data-theme=\"projector\"] {", &light);
    [("light", light), ("dark", dark), ("projector", projector)]
}

/// The opacity that a rule of the stage sets.
fn opacity(selector: &str) -> f32 {
    let start = STAGE.find(selector).unwrap_or_else(|| panic!("there is no {selector}")) + selector.len();
    let block = STAGE[start..].split('}').next().unwrap_or_default();
    let value = block.split("opacity: ").nth(1).unwrap_or("1").split(';').next().unwrap_or_default();
    value.parse().unwrap_or_else(|_| panic!("{selector}: {value} is no opacity"))
}

/// A colour that lies on another one and lets it through, as the browser mixes them.
fn through(front: Srgb<f32>, back: Srgb<f32>, opacity: f32) -> Srgb<f32> {
    let mix = |front: f32, back: f32| back + (front - back) * opacity;
    Srgb::new(mix(front.red, back.red), mix(front.green, back.green), mix(front.blue, back.blue))
}

fn contrast(a: Srgb<f32>, b: Srgb<f32>) -> f32 {
    a.relative_contrast(b)
}

/// How a colour looks with a kind of colour blindness, at full strength (Machado, Oliveira and Fernandes 2009).
fn seen(colour: Srgb<f32>, kind: [[f32; 3]; 3]) -> Lab {
    let linear: LinSrgb<f32> = colour.into_linear();
    let row = |row: [f32; 3]| (row[0] * linear.red + row[1] * linear.green + row[2] * linear.blue).clamp(0.0, 1.0);
    Lab::from_color(LinSrgb::new(row(kind[0]), row(kind[1]), row(kind[2])))
}

const KINDS: [(&str, [[f32; 3]; 3]); 4] = [
    ("full sight", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("protanopia", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    (
        "deuteranopia",
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ),
    ("tritanopia", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
];

#[test]
fn text_and_outlines_stand_out() {
    for (theme, tokens) in themes() {
        let least = |front: &str, back: &str, least: f32| {
            let found = contrast(tokens[front], tokens[back]);
            assert!(found >= least, "{theme}: {front} on {back} has {found:.2}:1, less than {least}:1");
        };
        for back in ["background", "panel", "raised"] {
            for text in ["ink", "muted", "focus"] {
                least(text, back, 4.5);
            }
            for outline in ["link", "election", "replication", "client", "other"] {
                least(outline, back, 3.0);
            }
        }
        for fill in ["leader", "candidate", "committed", "violation"] {
            least("on-fill", fill, 4.5);
        }
        for era in ["era-1", "era-2", "era-3"] {
            least("ink", era, 4.5);
        }
        least("on-focus", "focus", 4.5);
        // What shows a quantity stands out from its own track; crosses, bars and signs stand out from what they lie on.
        least("link", "line", 3.0);
        least("focus", "track", 3.0);
        for back in ["background", "panel", "raised", "node"] {
            least("violation", back, 3.0);
            least("ink", back, 4.5);
        }
        for back in ["background", "panel"] {
            least("committed", back, 3.0);
        }
        // Ways of messages in the lanes: the telling ones carry the story.
        for kind in ["election", "replication", "client", "other"] {
            let seen = through(tokens[kind], tokens["background"], TELLING as f32);
            let found = contrast(seen, tokens["background"]);
            assert!(found >= 3.0, "{theme}: a telling message of kind {kind} has {found:.2}:1");
        }
        for wire in ["\n.wire {", "\n.minor .wire {"] {
            let seen = through(tokens["link"], tokens["background"], opacity(wire));
            let found = contrast(seen, tokens["background"]);
            assert!(found >= 3.0, "{theme}: {wire} has {found:.2}:1");
        }
    }
}

/// Who leaves the choice to the system gets the same dark as who chooses it.
#[test]
fn the_dark_of_the_system_is_the_dark_theme() {
    let light = tokens(":root {", &Tokens::new());
    let chosen = tokens(":root[data-theme=\"dark\"] {", &light);
    assert_eq!(tokens(":root:not([data-theme=\"light\"], [data-theme=\"projector\"]) {", &light), chosen);
}

/// With forced colours no token keeps a colour of its own.
#[test]
fn forced_colours_replace_every_token() {
    let light = tokens(":root {", &Tokens::new());
    let forced = VISITOR.split(":root:root:root {").nth(1).and_then(|rest| rest.split('}').next()).expect("the rule");
    for name in light.keys() {
        let value = forced.split(&format!("--{name}: ")).nth(1).unwrap_or_else(|| panic!("--{name} is not forced"));
        let value = value.split(';').next().unwrap_or_default();
        assert!(["Canvas", "CanvasText", "LinkText"].contains(&value), "--{name}: {value}");
    }
}

/// Kinds of messages differ among each other, and fills among each other and from a node without one.
#[test]
fn colours_with_a_meaning_differ_for_everybody() {
    let sets: [&[&str]; 2] =
        [&["election", "replication", "client", "other"], &["leader", "candidate", "committed", "violation", "node"]];
    for (theme, tokens) in themes() {
        for (kind, matrix) in KINDS {
            for set in sets {
                for (index, a) in set.iter().enumerate() {
                    for b in &set[..index] {
                        let found = seen(tokens[*a], matrix).difference(seen(tokens[*b], matrix));
                        assert!(found >= 12.0, "{theme}, {kind}: {a} and {b} differ by {found:.1} only");
                    }
                }
            }
        }
    }
}

/// The number of an era always stands on its colour, which so may be a soft one: in the light theme as the design has it,
/// it is surely another one for full sight only.
#[test]
fn eras_differ_from_each_other() {
    let set = ["era-1", "era-2", "era-3"];
    for (theme, tokens) in themes() {
        for (kind, matrix) in KINDS {
            let least = if theme == "light" && kind != "full sight" { 4.5 } else { 12.0 };
            for (index, a) in set.iter().enumerate() {
                for b in &set[..index] {
                    let found = seen(tokens[*a], matrix).difference(seen(tokens[*b], matrix));
                    assert!(found >= least, "{theme}, {kind}: {a} and {b} differ by {found:.2} only");
                }
            }
        }
    }
}

/// In grey, fills differ in lightness (CIE L*), or the thickness of the outline tells them apart. Kinds of messages have
/// shapes of their own (`stage::what_colours_say_is_also_said_by_shapes`), whose lightness may be the same.
#[test]
fn states_are_told_apart_in_grey() {
    let fills = ["leader", "candidate", "committed", "violation", "node"];
    let is_told_by_outline = |a: &str, b: &str| [a, b] == ["violation", "committed"];
    for (theme, tokens) in themes() {
        let lightness = |fill: &str| Lab::from_color(tokens[fill].into_linear()).l;
        for (index, a) in fills.iter().enumerate() {
            for b in &fills[..index] {
                let found = (lightness(a) - lightness(b)).abs();
                assert!(
                    found >= 9.0 || is_told_by_outline(a, b),
                    "{theme}: {a} and {b} differ by {found:.1} in lightness"
                );
            }
        }
    }
    assert!(STAGE.contains(".node.tone-violation .outline { stroke-width: 5; }"));
}

/// WCAG 2.2, 2.3.1 and 1.3.4: what moves by a stylesheet does so once, and both orientations look the same to it.
#[test]
fn nothing_flashes_and_no_orientation_is_locked() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/static");
    let files = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let is_style = |path: &PathBuf| path.extension().is_some_and(|end| end == "css");
    let styles = files.filter(is_style).map(|path| std::fs::read_to_string(path).expect("a stylesheet"));
    let style: String = styles.collect();
    assert!(!style.contains("infinite") && !style.contains("animation-iteration-count"));
    assert!(!style.contains("orientation"));
    assert_eq!(style.matches("@keyframes").count(), 1);
    assert!(VISITOR.contains("@keyframes fade { to { opacity: 0; } }"));
    assert!(!include_str!("../../static/manifest.webmanifest").contains("orientation"));
}
