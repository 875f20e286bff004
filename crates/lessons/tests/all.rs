//! Every lesson that stands in the labs' folders: it proves, its names resolve, and it has what a lesson has.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use lessons::prose::Prose;
use lessons::worksheet::{Press, Scene, Worksheet, of_message};
use lessons::{
    Answer, Block, Key, KeyEntry, Known, Lesson, Misconception, Passage, PredictionKind, Vocabulary, lint, prove,
    prove_within, read_lessons, read_misconceptions, resolve,
};
use proptest::prelude::*;
use proptest::sample::Index;
use sim::Text;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The files of lessons, with their texts.
fn files() -> Vec<(String, String)> {
    let folders = |of: PathBuf| {
        let entries = fs::read_dir(&of).unwrap_or_else(|error| panic!("{}: {error}", of.display()));
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect::<Vec<_>>()
    };
    let chapters = folders(Path::new(ROOT).join("crates/labs")).into_iter().map(|chapter| chapter.join("src"));
    let labs = chapters.filter(|source| source.is_dir()).flat_map(folders);
    let mut files: Vec<PathBuf> = labs.map(|lab| lab.join("lesson.md")).filter(|file| file.exists()).collect();
    files.sort();
    files.iter().map(|file| (file.display().to_string(), read(file))).collect()
}

fn lessons_of((file, text): &(String, String)) -> Vec<Lesson> {
    read_lessons(text).unwrap_or_else(|mistakes| panic!("{file}:{}", mistakes[0]))
}

fn all() -> Vec<Lesson> {
    files().iter().flat_map(lessons_of).collect()
}

fn vocabulary() -> Vocabulary {
    Vocabulary::read(&read(&Path::new(ROOT).join("lessons/words.md"))).unwrap()
}

fn misconceptions() -> Vec<Misconception> {
    read_misconceptions(&read(&Path::new(ROOT).join("lessons/misconceptions.md"))).unwrap()
}

fn tags(lesson: &Lesson) -> impl Iterator<Item = &str> {
    let predictions = lesson.steps.iter().flat_map(|step| &step.blocks).filter_map(|block| match block {
        Block::Predict(prediction) => Some(prediction),
        _ => None,
    });
    predictions.flat_map(|prediction| &prediction.choices).filter_map(|choice| choice.tag.as_deref())
}

#[test]
fn every_lesson_is_proved() {
    for lesson in all() {
        let lab = labs::registry::lab(&lesson.lab).expect("the lab is there");
        let key = prove(&lesson, lab).unwrap_or_else(|mistakes| panic!("{}:{}", lesson.id, mistakes[0]));
        let (predictions, tasks) = lesson.counts();
        assert_eq!(key.entries.len(), predictions + tasks, "{}", lesson.id);
    }
}

/// The places of the right choices, where one is right.
/// What a page takes of a lesson is judged as the lesson itself.
#[test]
fn a_lesson_as_data_has_the_same_proofs() {
    for lesson in all() {
        let data: Lesson = postcard::from_bytes(&postcard::to_stdvec(&lesson).unwrap()).unwrap();
        let lab = labs::registry::lab(&lesson.lab).unwrap();
        assert_eq!(prove(&data, lab), prove(&lesson, lab), "{}", lesson.id);
    }
}

fn right_places(lesson: &Lesson) -> Vec<usize> {
    let key = prove(lesson, labs::registry::lab(&lesson.lab).unwrap()).unwrap();
    let is_one = |entry: &&KeyEntry| {
        matches!(&lesson.steps[entry.step - 1].blocks[entry.block],
            Block::Predict(prediction) if matches!(prediction.kind, PredictionKind::One))
    };
    let place = |entry: &KeyEntry| match entry.right.as_slice() {
        [Answer::Choices(places)] => places[0],
        other => panic!("{}: {other:?}", lesson.id),
    };
    key.entries.iter().filter(is_one).map(place).collect()
}

/// Who has noticed that the first choice is never right has one thing less to think about.
#[test]
fn the_right_choice_may_stand_anywhere() {
    let mut all_places = Vec::new();
    for lesson in all() {
        let places = right_places(&lesson);
        let some_differ = places.len() < 3 || places.iter().any(|place| *place != places[0]);
        assert!(some_differ, "{}: all right choices have the place {}", lesson.id, places[0]);
        all_places.extend(places);
    }
    let first = all_places.iter().filter(|place| **place == 1).count();
    assert!(first * 4 >= all_places.len(), "{first} of {} right choices stand first", all_places.len());
}

/// Prints the numbers of nodes in the place of stages.
struct Numbers;

impl Press for Numbers {
    fn address(&self) -> String {
        "#/lesson".into()
    }

    fn direction(&self) -> &str {
        "ltr"
    }

    fn say(&self, text: &Text) -> String {
        text.to_string()
    }

    fn draw(&self, scene: &Scene) -> String {
        format!("<p>{} nodes</p>\n", scene.frame.nodes.len())
    }
}

/// The words of a page, one space between them.
fn words_of(html: &str) -> String {
    let texts = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    let text = texts.collect::<String>().replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn words_in(passage: &Passage) -> String {
    let prose = Prose::read(&passage.text, passage.line).unwrap();
    let words: Vec<String> = prose.blocks.iter().map(|block| block.plain()).collect();
    words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the key says is right, as it is to be read on paper.
fn right(lesson: &Lesson, key: &Key, sheet: &Worksheet<'_>) -> Vec<String> {
    let mut right = Vec::new();
    for entry in &key.entries {
        let Block::Predict(prediction) = &lesson.step(entry.step).unwrap().blocks[entry.block] else { continue };
        let is_here = |scene: &&Scene| (scene.step, scene.block) == (entry.step, entry.block);
        let frame = &sheet.scenes().iter().find(is_here).unwrap().frame;
        for answer in &entry.right {
            match answer {
                Answer::Choices(places) => {
                    right.extend(places.iter().map(|place| words_in(&prediction.choices[place - 1].text)));
                }
                Answer::Message(id) => {
                    let message = frame.messages.iter().find(|message| message.id == *id).unwrap();
                    right.push(of_message(frame, message).to_string());
                }
                answer => right.push(lessons::in_words(prediction, answer)),
            }
        }
    }
    right
}

#[test]
fn every_worksheet_has_its_questions_and_every_key_what_is_right() {
    for lesson in all() {
        let lab = labs::registry::lab(&lesson.lab).expect("the lab is there");
        let key = prove(&lesson, lab).unwrap_or_else(|mistakes| panic!("{}:{}", lesson.id, mistakes[0]));
        let sheet = Worksheet::of(&lesson, lab).unwrap();
        let page = sheet.page(&Numbers, Some(&key));
        let (questions, answers) = page.split_once("<section class=\"key\">").expect("the key stands at the end");
        let (predictions, tasks) = lesson.counts();
        assert_eq!(questions.matches("<p>Because</p>").count(), predictions, "{}", lesson.id);
        assert_eq!(questions.matches("<p>What I did</p>").count(), tasks, "{}", lesson.id);
        assert_eq!(questions.matches(" nodes</p>").count(), predictions + tasks, "{}", lesson.id);
        let (on_sheet, on_key) = (words_of(questions), words_of(answers));
        for block in lesson.steps.iter().flat_map(|step| &step.blocks) {
            let asked = match block {
                Block::Predict(prediction) => &prediction.question,
                Block::Do(task) => &task.text,
                _ => continue,
            };
            for passage in asked {
                let asked = words_in(passage);
                assert!(on_sheet.contains(&asked) && on_key.contains(&asked), "{}: {asked}", lesson.id);
            }
        }
        for right in right(&lesson, &key, &sheet) {
            let marked =
                on_key.contains(&format!("☑ {right}")) || answers.contains(&format!("class=\"right\">{right}"));
            assert!(marked || answers.contains(&format!("<br>{right}")), "{}: {right}", lesson.id);
        }
        // Without its key a sheet ends with its questions.
        let alone = sheet.page(&Numbers, None);
        assert!(page.starts_with(alone.strip_suffix("</body>\n</html>\n").unwrap()), "{}", lesson.id);
        assert!(!alone.contains("class=\"right\"") && !alone.contains("class=\"key\""), "{}", lesson.id);
    }
}

#[test]
fn what_lessons_name_is_there() {
    let (all, vocabulary, misconceptions) = (all(), vocabulary(), misconceptions());
    let known = Known {
        words: vocabulary.words.iter().map(|word| word.name.as_str()).collect(),
        tags: misconceptions.iter().map(|one| one.tag.as_str()).collect(),
        lessons: all.iter().map(|lesson| lesson.id.as_str()).collect(),
    };
    for lesson in &all {
        assert_eq!(resolve(lesson, &known), Vec::new(), "{}", lesson.id);
    }
}

#[test]
fn lessons_have_nothing_to_remark() {
    let vocabulary = vocabulary();
    for file in files() {
        for lesson in lessons_of(&file) {
            assert_eq!(lint(&file.1, &lesson, &vocabulary), Vec::new(), "{}", file.0);
        }
    }
}

#[test]
fn each_misconception_is_held_by_somebody() {
    let all = all();
    let used: BTreeSet<&str> = all.iter().flat_map(tags).collect();
    let misconceptions = misconceptions();
    let written: BTreeSet<&str> = misconceptions.iter().map(|one| one.tag.as_str()).collect();
    assert_eq!(used, written);
}

#[test]
fn names_are_unique() {
    let all = all();
    assert!(!all.is_empty());
    let names: BTreeSet<&str> = all.iter().map(|lesson| lesson.id.as_str()).collect();
    assert_eq!(names.len(), all.len());
    for lesson in &all {
        assert!(!lesson.needs.contains(&lesson.id), "{} needs itself", lesson.id);
    }
}

#[test]
fn lessons_have_what_a_lesson_has() {
    for lesson in all() {
        let id = &lesson.id;
        let (predictions, tasks) = lesson.counts();
        assert!(lesson.steps.len() >= 5 && predictions >= 3 && tasks >= 2, "{id}");
        let blocks = || lesson.steps.iter().flat_map(|step| &step.blocks);
        let teacher = blocks().filter(|block| matches!(block, Block::Teacher(_))).count();
        assert!(teacher + lesson.teacher.len() >= 3, "{id}: what a teacher is told");
        for block in blocks() {
            if let Block::Do(task) = block {
                assert!(!task.hints.is_empty(), "{id}:{}: hints", task.line);
                assert!(!task.solutions.is_empty(), "{id}:{}: solutions", task.line);
            }
        }
    }
}

/// What somebody may do to a text.
#[derive(Clone, Debug)]
enum Harm {
    DropLine(Index),
    RepeatLine(Index),
    SwapLines(Index, Index),
    Cut(Index, usize),
    Type(Index, String),
}

fn harms() -> impl Strategy<Value = Vec<Harm>> {
    let words = prop_oneof![
        "[ -~]{1,6}",
        "[0-9]{1,19}",
        Just("\n```sim\nrun 1000 s\nrun 1000 s\n```\n".to_string()),
        Just("\n---\n".to_string()),
        Just(" and trials(100, ever(count(count(up(it)) > 1) > 1)) > 9".to_string()),
        Just("run until count(cells(it) > 900) > 9\n".to_string()),
        Just("reveal other: run 1000 s\n".to_string()),
        Just("–ß\u{202e}٣".to_string()),
    ];
    let one = prop_oneof![
        any::<Index>().prop_map(Harm::DropLine),
        any::<Index>().prop_map(Harm::RepeatLine),
        any::<(Index, Index)>().prop_map(|(one, other)| Harm::SwapLines(one, other)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Harm::Cut(at, length)),
        (any::<Index>(), words).prop_map(|(at, words)| Harm::Type(at, words)),
    ];
    proptest::collection::vec(one, 1..5)
}

fn harmed(text: &str, harms: &[Harm]) -> String {
    let mut text = text.to_string();
    for harm in harms {
        let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
        let place = |index: &Index| index.index(lines.len().max(1));
        let letter = |index: &Index| {
            let at = index.index(text.len() + 1);
            (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(at)
        };
        match harm {
            _ if lines.is_empty() => return text,
            Harm::DropLine(at) => drop(lines.remove(place(at))),
            Harm::RepeatLine(at) => lines.insert(place(at), lines[place(at)].clone()),
            Harm::SwapLines(one, other) => {
                let (one, other) = (place(one), place(other));
                lines.swap(one, other);
            }
            Harm::Cut(at, length) => {
                let from = letter(at);
                let rest: String = text[from..].chars().skip(*length).collect();
                text = format!("{}{rest}", &text[..from]);
                continue;
            }
            Harm::Type(at, words) => {
                let at = letter(at);
                text.insert_str(at, words);
                continue;
            }
        }
        text = lines.join("\n") + "\n";
    }
    text
}

/// Work for the proof of a text that may ask for anything: less than a second's.
const LITTLE_WORK: u64 = 60_000;

fn short(mistakes: &[lessons::Mistake]) -> bool {
    mistakes.iter().all(|mistake| mistake.sentence.chars().count() <= 300)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever is done to a file: reading ends with lessons or with sentences.
    #[test]
    fn a_harmed_file_is_read_or_refused(file in any::<Index>(), harms in harms()) {
        let files = files();
        let text = harmed(&file.get(&files).1, &harms);
        match read_lessons(&text) {
            Ok(lessons) => prop_assert!(!lessons.is_empty()),
            Err(mistakes) => prop_assert!(!mistakes.is_empty() && short(&mistakes), "{mistakes:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// And what can be read is proved or refused, within the work that it may be.
    #[test]
    fn a_harmed_lesson_is_proved_or_refused(file in any::<Index>(), which in any::<Index>(), harms in harms()) {
        let files = files();
        let text = harmed(&file.get(&files).1, &harms);
        let Ok(lessons) = read_lessons(&text) else { return Ok(()) };
        let lesson = which.get(&lessons);
        let Ok(lab) = labs::registry::lab(&lesson.lab) else { return Ok(()) };
        lint(&text, lesson, &vocabulary());
        if let Err(mistakes) = prove_within(lesson, lab, LITTLE_WORK) {
            prop_assert!(!mistakes.is_empty() && short(&mistakes), "{mistakes:?}");
        }
    }
}

/// Lessons that ask for as much as can be written: each is refused in a sentence, and soon.
#[test]
fn a_lesson_that_asks_for_too_much_is_refused() {
    let head = "---\nlesson: a\nlab: raft\nminutes: 5\nlevel: beginner\n---\n# A\n\n## 1. B\n\n";
    let choices = "- Yes.\n  if: CONDITION\n  say: So.\n- No.\n  if: not (CONDITION)\n  tag: a\n  say: So.\n";
    let question = |reveals: &str, condition: &str| {
        format!("```predict\nWhat?\n{reveals}\n{}```\n\n", choices.replace("CONDITION", condition))
    };
    let run = "reveal: run 60 s";
    let sim = |statement: &str, count: usize| format!("```sim\n{}```\n\n", format!("{statement}\n").repeat(count));
    let long = "count(cells(it) >= 0 and cells(it, committed) >= 0) = 99";
    let bodies = [
        sim("run 1000 s", 150),
        sim("run until nodes(leader) = 9", 100),
        sim(&format!("run until {long}"), 1),
        sim("start\nrun 60 s", 60),
        question(run, "trials(100, ever(nodes(leader) = 9)) > 0"),
        question(run, &format!("ever({long})")),
        question(run, "linearizable").repeat(90),
        question(&["a", "b", "c", "d"].map(|name| format!("reveal {name}: run 600 s")).join("\n"), "same(S1)"),
        question(&["a", "b", "c", "d"].map(|name| format!("reveal {name}: run 60 s")).join("\n"), "same(S1)")
            .repeat(40),
        question(run, &format!("{}true", "true and ".repeat(200))),
        question(run, &format!("knows(S1, {long})")).repeat(90),
    ];
    for body in bodies {
        let text = format!("{head}{body}");
        let refusal = match read_lessons(&text) {
            Err(mistakes) => mistakes,
            Ok(lessons) => match prove_within(&lessons[0], labs::registry::lab("raft").unwrap(), 400_000) {
                Err(mistakes) => mistakes,
                Ok(_) => panic!("this was not too much: {}", &body[..body.len().min(200)]),
            },
        };
        let said = ["too many events", "joins too much", "takes more than", "never comes to this"];
        let says_so = refusal.iter().any(|mistake| said.iter().any(|said| mistake.sentence.contains(said)));
        assert!(says_so && short(&refusal), "{}", refusal[0]);
    }
}
