//! Writing lessons: drafts that are kept, what is said of them, and the editor.

use std::collections::BTreeMap;

use netsplit::shared::Shared;
use netsplit::workbook::shelf::Shelf;
use netsplit::worker::Work;
use netsplit::write::draft::{Drafts, TEMPLATE};
use netsplit::write::editor::{Board, Editor, EditorProps, Group, Stand};
use netsplit::write::findings::{self, Finding};
use netsplit::write::keys;
use netsplit::write::proof::Manuscript;
use sim::Text;
use yew::Callback;

use crate::{count, draw, near};

/// A shelf that is full above so many bytes.
#[derive(Debug)]
struct Box {
    values: BTreeMap<String, String>,
    most: usize,
}

impl Shelf for Box {
    fn get(&self, name: &str) -> Option<String> {
        self.values.get(name).cloned()
    }

    fn put(&mut self, name: &str, value: &str) -> bool {
        let has_room = value.len() <= self.most;
        if has_room {
            self.hold(name, value);
        }
        has_room
    }

    fn hold(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_string(), value.to_string());
    }

    fn remove(&mut self, name: &str) {
        self.values.remove(name);
    }
}

#[test]
fn drafts_come_back_as_they_were() {
    let mut shelf = Box { values: BTreeMap::new(), most: usize::MAX };
    let mut drafts = Drafts::on(&shelf);
    assert_eq!((drafts.text(), drafts.lab().as_str()), (TEMPLATE, "heartbeats"));
    drafts.write(TEMPLATE.replace("my-lesson", "first").replace("lab: heartbeats", "lab: raft"));
    drafts.add(TEMPLATE.to_string());
    drafts.keep(&mut shelf);
    let mut again = Drafts::on(&shelf);
    assert_eq!(again, drafts);
    assert_eq!(again.names(), ["my-lesson", "first"]);
    again.choose(1);
    assert_eq!((again.lab().as_str(), again.file_name().as_str()), ("raft", "first.md"));
    // A lab that there is not: the page has to show something.
    again.write("---\nlab: no-such-lab\n---\n".into());
    assert_eq!((again.lab().as_str(), again.file_name().as_str()), ("heartbeats", "lesson.md"));
}

#[test]
fn the_oldest_drafts_leave_and_what_has_no_room_stays_in_memory() {
    let mut shelf = Box { values: BTreeMap::new(), most: 10 };
    let mut drafts = Drafts::on(&shelf);
    for number in 0..20 {
        drafts.add(format!("---\nlesson: number-{number}\n---\n"));
    }
    drafts.keep(&mut shelf);
    let names = Drafts::on(&shelf).names();
    assert_eq!((names.len(), names[0].as_str()), (12, "number-19"));
    shelf.values.values_mut().for_each(|kept| *kept = "{".into());
    assert_eq!(Drafts::on(&shelf).text(), TEMPLATE, "what is damaged is a new draft");
}

#[test]
fn the_template_is_proved_and_leaves_nothing_to_remark() {
    let (lessons, found) = findings::read(TEMPLATE);
    assert_eq!((lessons.len(), found), (1, Vec::new()));
    let prove = |text: String| Manuscript { lab: "heartbeats".into(), text }.run(&|_| {}).unwrap();
    assert_eq!(prove(TEMPLATE.into()), Vec::new());
    let wrong = prove(TEMPLATE.replacen("run 100 ms", "run 2 s", 1));
    assert!(wrong.iter().any(|(_, _, sentence)| sentence.starts_with("this choice is right")), "{wrong:?}");
    let lab = labs::registry::lab("heartbeats").unwrap();
    let rows = keys::rows(&lessons[0], 1, lab);
    assert!(rows[0].contains("false: It suspects A") && rows[1].contains("true: It trusts A"), "{rows:?}");
}

#[test]
fn mistakes_and_remarks_have_their_places() {
    let (lessons, found) =
        findings::read(&TEMPLATE.replace("crash\nrun", "").replace("scenario crash", "scenaro crash"));
    assert!(lessons.is_empty());
    assert!(found[0].is_mistake && found[0].sentence.contains("did you mean scenario?"), "{found:?}");
    let (_, found) =
        findings::read(&TEMPLATE.replace("tag: a-crash", "tag: no-such").replace("What does B think of A, a", "A"));
    let said = |sentence: &str| found.iter().find(|finding| finding.sentence.contains(sentence)).cloned();
    assert!(said("there is no misconception").is_some_and(|finding| finding.is_mistake), "{found:?}");
    let (_, found) = findings::read(&TEMPLATE.replace("from now?", "from now."));
    assert!(found.iter().all(|finding| !finding.is_mistake) && found.len() == 1, "{found:?}");
}

#[test]
fn the_editor_has_numbers_findings_and_picks() {
    let finding = Finding { line: 2, column: 3, sentence: "this is <wrong>".into(), is_mistake: true };
    let picked = lessons::Picked { expression: "role(A)".into(), value: lessons::Value::Number(3) };
    let board = Board {
        text: "one\ntwo\n".into(),
        names: vec!["a".into(), "b".into()],
        findings: vec![finding],
        stand: Stand::Broken,
        picks: Some(vec![Group { title: Text::verbatim("A"), picked: vec![picked] }]),
        ..Board::default()
    };
    let html = draw::<Editor>(EditorProps { board: Shared::new(board), commands: Callback::noop() });
    assert!(near(&html, "class=\"write-numbers\"").contains("1\n2\n3\n</pre>"), "{html}");
    assert!(near(&html, "write-stand\"").contains("Mistakes: 1."));
    assert!(near(&html, "write-findings").contains("2:3</button>"));
    assert!(html.contains("this is &lt;wrong&gt;") && html.contains("role(A)</code></button> = 3"));
    assert_eq!(count(&html, "<option"), 2);
}
