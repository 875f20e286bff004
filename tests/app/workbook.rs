//! Nothing is lost: a visitor's runs come back, and what others share says where it came from (`screen.md`, "Lost without a
//! word"). Without a browser the workbook lies in memory.

use std::rc::Rc;

use netsplit::bookmarks::Bookmark;
use netsplit::lab_page::{LabPage, LabPageProps, Source, Start};
use netsplit::looks::Looks;
use netsplit::workbook::entry::Entry;
use netsplit::workbook::row::{Door, Row};
use netsplit::workbook::{book, go_on, list, recent};
use sim::{Input, NodeId, SharedMoment, t};
use yew::Callback;

use crate::{count, draw, draw_part, near};

const SCENARIO: &str = "minority-leader";

fn page(start: Start) -> String {
    looking(start, Looks::default())
}

fn looking(start: Start, looks: Looks) -> String {
    draw::<LabPage>(LabPageProps { source: Source::Lab("raft".into()), start, on_close: Callback::noop(), looks })
}

/// The list of the visitor's runs, beside the scenarios.
fn listed() -> String {
    draw_part(list::draw(&recent(), None, &Callback::noop()))
}

/// A run with two branches and a bookmark in the common past, as a visitor has left it.
fn keep(door: Door) -> Row {
    for row in recent() {
        book().remove(row.id);
    }
    let mut session = labs::registry::open("raft").expect("a session");
    session.open(SCENARIO).expect("a scenario");
    let opening = session.scenario().cursor;
    session.seek(opening + 30);
    session.seek(opening + 10);
    session.act(Input::Crash(NodeId(2)), None).expect("S3 crashes");
    let bookmark = Bookmark {
        letter: "A".into(),
        event: opening + 5,
        title: t!("S1 sends"),
        is_named: false,
        note: "Who <b>notices</b> first?".into(),
    };
    let entry = Entry {
        origin: Some(SCENARIO.into()),
        title: String::new(),
        note: String::new(),
        tree: session.tree().expect("a tree"),
        bookmarks: vec![bookmark],
        digest: session.digest() as u32,
    };
    let row = Row {
        id: 7,
        lab: "raft".into(),
        door,
        is_left: false,
        changed_ms: 7,
        bytes: 0,
        branches: 2,
        acts: 1,
        bookmarks: 1,
        title: "Two leaders".into(),
    };
    book().keep(row, &entry.write(), None)
}

#[test]
fn a_scenario_leads_to_the_visitors_run() {
    let row = keep(Door::Scenario(SCENARIO.into()));
    let html = page(Start::Scenario(SCENARIO.into()));
    for words in ["data-testid=\"branch-A\"", "data-testid=\"branch-B\"", "S3 crashes", "data-testid=\"begin-again\""] {
        assert!(html.contains(words), "{words}");
    }
    assert!(near(&html, "data-testid=\"bookmark-A@").contains("Who &lt;b&gt;notices&lt;/b&gt; first?"));
    assert!(near(&html, "data-testid=\"notice\"").contains("Your run as you left it just now."));
    assert!(near(&html, "data-testid=\"origin\"").contains("with 1 act of yours"));
    assert!(near(&listed(), &format!("data-testid=\"run-{}\"", row.id)).contains("2 branches · 1 act · 1 bookmark"));
    // So does its own address, and the lab's where that is its first scenario.
    assert!(page(Start::Run(row.id)).contains("data-testid=\"branch-B\""));
    assert!(page(Start::First).contains("data-testid=\"branch-B\""));
    assert!(!page(Start::Scenario("split-vote".into())).contains("data-testid=\"branch-B\""));
    // A figure belongs to the page around it.
    let looks = Looks::read(&["?view=embed"]);
    assert!(!looking(Start::Scenario(SCENARIO.into()), looks).contains("S3 crashes"));
}

#[test]
fn a_run_that_was_left_stays_in_the_list_only() {
    let row = keep(Door::Scenario(SCENARIO.into()));
    let packed = book().read(row.id).expect("a run");
    book().keep(Row { is_left: true, ..row.clone() }, &packed, Some(row.changed_ms));
    let html = page(Start::Scenario(SCENARIO.into()));
    assert!(!html.contains("data-testid=\"branch-B\"") && !html.contains("run-back"));
    assert_eq!(count(&listed(), "data-testid=\"run-7\""), 1);
    assert!(page(Start::Run(row.id)).contains("data-testid=\"branch-B\""));
}

#[test]
fn a_run_that_cannot_be_opened_says_so_and_stays() {
    let row = keep(Door::Scenario(SCENARIO.into()));
    let known = book().keep(row.clone(), "9;abc", Some(row.changed_ms)).changed_ms;
    let html = page(Start::Scenario(SCENARIO.into()));
    assert!(near(&html, "data-testid=\"notice\"").contains("another version of Netsplit has made it"));
    assert_eq!((count(&listed(), "data-testid=\"run-7\""), count(&html, "data-testid=\"event-counter\"")), (1, 1));
    let html = page(Start::Run(row.id));
    assert!(near(&html, "data-testid=\"notice\"").contains("This run cannot be opened: another version"));
    book().keep(row.clone(), "1;abc", Some(known));
    assert!(near(&page(Start::Run(row.id)), "data-testid=\"notice\"").contains("it is damaged"));
    let html = page(Start::Run(99));
    assert!(near(&html, "data-testid=\"notice\"").contains("This run is not kept in this browser"));
}

/// A moment that `keep` could be the sharer of.
fn shared(change: impl FnOnce(&mut SharedMoment)) -> Start {
    let mut session = labs::registry::open("raft").expect("a session");
    session.open(SCENARIO).expect("a scenario");
    for node in [0, 1, 2] {
        session.act(Input::Crash(NodeId(node)), None).expect("a crash");
    }
    let mut moment = SharedMoment::now(&mut *session, None, Vec::new());
    change(&mut moment);
    Start::Moment(Rc::new(SharedMoment::read(&moment.link()).expect("a link")))
}

#[test]
fn a_shared_moment_says_where_it_came_from() {
    keep(Door::Settings);
    let html = page(shared(|moment| {
        moment.origin = Some(SCENARIO.into());
        moment.title = "Three <i>at once".into();
        moment.note = "Step back & look.".into();
    }));
    assert!(near(&html, "id=\"band-title\"").contains("Three &lt;i&gt;at once"), "{html}");
    assert!(near(&html, "data-testid=\"origin\"").contains("with 3 acts since"));
    assert!(near(&html, "data-testid=\"run-note\"").contains("Step back &amp; look."));
    for words in ["A run of your own", "nothing but the settings", "Three <i>"] {
        assert!(!html.contains(words), "{words}");
    }
    // A name that the lab does not have is no reason not to open the moment.
    let html = page(shared(|moment| moment.origin = Some("no-such-scenario".into())));
    assert!(html.contains("A shared run") && html.contains("nothing but the settings"));
    assert!(!html.contains("data-testid=\"origin\""));
    // Another seed is not what the scenario prepares.
    let html = page(shared(|moment| (moment.origin, moment.scenario.seed) = (Some("split-vote".into()), 999)));
    assert!(near(&html, "data-testid=\"origin\"").contains("begun anew with the settings below"));
    // The visitor's own run is as it was.
    assert!(page(Start::Run(7)).contains("data-testid=\"branch-B\""));
}

/// `screen.md`: "Unknown scenario: a sentence that begins lower-case and lists names, while the panel claims a run of your
/// own."
#[test]
fn an_unknown_scenario_is_answered_and_another_one_shown() {
    keep(Door::Settings);
    let html = page(Start::Scenario("no-such-scenario".into()));
    let notice = near(&html, "data-testid=\"notice\"");
    assert!(notice.contains("<p>This lab has no scenario no-such-scenario, so you see “"), "{notice}");
    let first = labs::registry::open("raft").expect("a session").scenarios()[0].title.to_string();
    assert!(notice.contains(&first), "{notice}");
    assert!(near(&html, "id=\"band-title\"").contains(&first));
    assert!(!html.contains("A run of your own"));
}

#[test]
fn the_start_page_offers_to_go_on() {
    assert_eq!(draw_part(go_on::draw(&[], &[], 0)), "");
    let row = |id: u64, title: &str| Row { id, changed_ms: id, title: title.into(), ..keep(Door::Settings) };
    let rows = [row(9, "Two <leaders"), row(8, "Split vote"), Row { lab: "gone".into(), ..row(7, "Of no lab") }];
    let html = draw_part(go_on::draw(&rows, &[], 9 + 5 * 60_000));
    assert!(
        html.contains("Two &lt;leaders")
            && html.contains("5 minutes ago")
            && html.contains("1 other thing you have begun")
    );
    assert!(
        html.contains("href=\"#/run/raft/9\"") && html.contains("href=\"#/run/raft/8\"") && !html.contains("Of no lab")
    );
}
