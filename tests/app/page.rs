use netsplit::lab_page::{LabPage, LabPageProps, Source, Start};
use netsplit::looks::Looks;
use yew::Callback;

use crate::{count, draw};

fn page(lab: &'static str, scenario: Option<&'static str>) -> String {
    draw::<LabPage>(LabPageProps {
        source: Source::Lab(lab.into()),
        start: scenario.map_or(Start::First, |name| Start::Scenario(name.into())),
        on_close: Callback::noop(),
        looks: Looks::default(),
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
