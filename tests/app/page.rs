use netsplit::lab_page::{LabPage, LabPageProps, Source, Start};
use netsplit::looks::Looks;
use yew::Callback;

use crate::{count, draw};

fn page(lab: &'static str, scenario: Option<&'static str>) -> String {
    looking(lab, scenario, Looks::default())
}

fn looking(lab: &'static str, scenario: Option<&'static str>, looks: Looks) -> String {
    draw::<LabPage>(LabPageProps {
        source: Source::Lab(lab.into()),
        start: scenario.map_or(Start::First, |name| Start::Scenario(name.into())),
        on_close: Callback::noop(),
        looks,
    })
}

#[test]
fn every_scenario_of_every_lab_is_drawn_without_a_browser() {
    for lab in labs::registry::LABS {
        let id = lab.about().id;
        let scenarios = lab.open().expect("a session").scenarios();
        for card in scenarios {
            let html = page(id, Some(card.name));
            assert_eq!(count(&html, "data-testid=\"event-counter\""), 1, "{id}/{}", card.name);
            assert!(html.contains(&card.title.to_string().replace('\'', "&#x27;")), "{id}/{}", card.name);
            assert!(count(&html, "tabindex=\"0\"") > 0, "{id}/{}", card.name);
        }
    }
}

#[test]
fn an_unknown_lab_or_scenario_is_answered_with_a_sentence() {
    assert!(page("no-such-lab", None).contains("there is no lab no-such-lab"));
    let first = labs::registry::LABS[0].about().id;
    assert!(page(first, Some("no-such-scenario")).contains("no-such-scenario"));
}

#[test]
fn a_figure_has_the_controls_that_it_is_given() {
    for (controls, transport, buttons) in [("none", 0, 0), ("step", 3, 0), ("all", 5, 5)] {
        let looks = Looks::read(&[&format!("?view=embed&controls={controls}")]);
        let html = looking("raft", Some("split-vote"), looks);
        assert_eq!(count(&html, "class=\"button icon"), transport, "{controls}");
        assert_eq!(count(&html, "data-testid=\"scrubber\""), usize::from(controls == "all"), "{controls}");
        assert!(count(&html, "role=\"button\"") >= buttons && (buttons > 0 || count(&html, "role=\"button\"") == 0));
        for part in ["top-bar", "class=\"dock\"", "data-testid=\"side\"", "hint-line"] {
            assert_eq!(count(&html, part), 0, "{controls}: {part}");
        }
    }
}
