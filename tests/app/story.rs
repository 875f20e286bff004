//! Story pace over all scenarios of all labs, in all languages: each caption stands for as long as it takes to read, and nobody
//! waits long for the next one (the case "Play cannot be read").

use netsplit::language::{self, Language};
use netsplit::story::{self, Chapter, Story};
use sim::LabSession;
use sim::frame::{Scale, Weight};

/// As long as the longest wait that a reader has for nothing, in milliseconds.
const LONGEST_PAUSE_MS: f64 = 3_000.0;
/// How much of each story is looked at, in milliseconds.
const LOOKED_AT_MS: f64 = 30_000.0;

/// What a language says for each template, as lines of a catalogue.
fn catalogue(language: &Language) -> String {
    let path = format!("{}/locales/{}.po", env!("CARGO_MANIFEST_DIR"), language.code);
    let file =
        if language.code == "en" { String::new() } else { std::fs::read_to_string(path).expect("the translation") };
    let quoted = |lines: &str| -> String {
        let pieces = lines.lines().filter_map(|line| Some(&line[line.find('"')? + 1..line.rfind('"')?]));
        pieces.collect::<String>().replace("\\\"", "\"")
    };
    let entry = |entry: &str| {
        let (template, said) = entry[entry.find("msgid ")?..].split_once("msgstr ")?;
        Some(format!("{}\t{}\n", quoted(template), quoted(said)))
    };
    file.split("\n\n").filter_map(entry).collect()
}

/// Tells a run from its cursor on, and looks at each chapter: the chapter, how long it takes to read, how long it stands.
fn tell(session: &mut dyn LabSession, mut look: impl FnMut(&dyn LabSession, &Chapter, f64)) {
    let (mut story, mut passed_ms) = (Story::new(session.about().pace_us), 0.0);
    while passed_ms < LOOKED_AT_MS {
        let frame = session.frame();
        let Some(chapter) = story.tell(session, &frame, frame.at_us) else { return };
        let reading_ms = story::reading_ms(&chapter.caption, language::write);
        let way = chapter.way.after(reading_ms);
        passed_ms += way.still_ms + way.moving_ms();
        session.seek(chapter.next.event);
        look(session, &Chapter { way, ..chapter }, reading_ms);
    }
}

fn tell_all(mut look: impl FnMut(&str, &dyn LabSession, &Chapter, f64)) {
    for lab in labs::registry::LABS {
        let mut session = lab.open().expect("the lab");
        for card in session.scenarios() {
            session.open(card.name).expect("the scenario");
            let place = format!("{} {}", lab.about().id, card.name);
            tell(&mut *session, |session, chapter, reading_ms| look(&place, session, chapter, reading_ms));
        }
    }
}

#[test]
fn no_caption_goes_before_it_is_read_and_no_wait_is_long() {
    for language in &language::LANGUAGES {
        language::adopt(language, &[catalogue(language)]);
        let mut chapters = 0;
        tell_all(|place, _, chapter, _| {
            let said = [Some(&chapter.caption.headline), chapter.caption.detail.as_ref()].into_iter().flatten();
            let said: Vec<String> = said.map(language::write).collect();
            let words: usize = said.iter().map(|sentence| sentence.split_whitespace().count()).sum();
            let needed_ms = words as f64 / 3.5 * 1_000.0;
            let stands_ms = chapter.way.still_ms + chapter.way.moving_ms();
            assert!(stands_ms >= needed_ms, "{place}: {said:?} stands for {stands_ms} of {needed_ms} ms");
            let longest_ms = needed_ms.max(story::LEAST_READING_MS) + LONGEST_PAUSE_MS;
            assert!(stands_ms <= longest_ms, "{place}: after {said:?} nothing happens for {stands_ms} ms");
            chapters += 1;
        });
        assert!(chapters > 400, "{chapters} in {}", language.code);
        language::adopt(&language::ENGLISH, &[]);
    }
}

#[test]
fn nothing_telling_is_passed_over() {
    for lab in labs::registry::LABS {
        let mut session = lab.open().expect("the lab");
        for card in session.scenarios() {
            session.open(card.name).expect("the scenario");
            let mut told = vec![session.scenario().cursor];
            tell(&mut *session, |_, chapter, _| told.push(chapter.next.event));
            let (first, last) = (told[0] + 1, told[told.len() - 1]);
            let telling = session.weights().telling().filter(|event| (first..=last).contains(event));
            let missing: Vec<u64> = telling.filter(|event| !told.contains(event)).collect();
            assert!(missing.is_empty(), "{} {}: {missing:?}", lab.about().id, card.name);
        }
    }
}

/// What travels is seen to travel: while things move, virtual time only goes forward, to the moment of the next chapter.
#[test]
fn the_way_to_the_next_chapter_is_shown() {
    tell_all(|place, _, chapter, reading_ms| {
        let way = chapter.way;
        let moments: Vec<f64> = (0..).map_while(|tick| way.at(f64::from(tick) * 1_000.0 / 60.0)).collect();
        assert!(moments.is_sorted(), "{place}: {moments:?}");
        assert!(moments.len() as f64 >= reading_ms * 60.0 / 1_000.0 - 1.0, "{place}");
        let last = moments.last().copied().unwrap_or_default();
        assert!(last <= chapter.next.at_us as f64 && way.to_us() == chapter.next.at_us as f64, "{place}: {last}");
    });
}

#[test]
fn a_log_has_its_story_too() {
    let mut session = crate::log::session();
    assert!(matches!(session.frame().scale, Scale::Order { .. }));
    let mut told = Vec::new();
    tell(&mut session, |_, chapter, _| told.push(chapter.next));
    assert!(!told.is_empty() && told.is_sorted_by_key(|next| next.event), "{told:?}");
    assert!(told.iter().any(|next| next.weight == Weight::Telling));
}
