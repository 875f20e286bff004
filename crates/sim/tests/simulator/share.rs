//! Links and files of moments.

use std::io::Write;

use crate::echo::EchoLab;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use sim::share::MOST_CHARACTERS;
use sim::{Input, LabSession, Mark, MessageId, NodeId, Of, Scenario, SharedMoment, Timed, Value, Work};

fn work() -> Work {
    Work::new(Of::<EchoLab>::LAB).unwrap()
}

/// A moment of a run with inputs of different kinds, marks and a name.
fn shared() -> SharedMoment {
    let mut work = work();
    work.restart(vec![("beat".to_string(), Value::Integer(20))], 7).unwrap();
    work.seek(30);
    work.act(Input::Crash(NodeId(1)), None).unwrap();
    work.seek(50);
    work.act(Input::Restart(NodeId(1)), None).unwrap();
    work.act(Input::Split(vec![vec![NodeId(0)], vec![NodeId(1), NodeId(2)]]), None).unwrap();
    work.seek(90);
    let marks = vec![
        Mark { event: 31, name: "it falls".to_string(), note: String::new() },
        Mark { event: 51, name: String::new(), note: String::new() },
    ];
    SharedMoment::now(&mut work, Some("a fall".to_string()), marks)
}

/// The same with all that a person can write on it.
fn annotated() -> SharedMoment {
    let mut shared = shared();
    shared.origin = Some("three".to_string());
    shared.title = "Two at once?".to_string();
    shared.note = "Look at B.\nThen step back.".to_string();
    shared.bookmarks[1].note = "Who has noticed?".to_string();
    shared
}

fn said(text: &str) -> String {
    SharedMoment::read(text).expect_err("it is refused").to_string()
}

#[test]
fn a_link_and_a_file_bring_the_same_moment_back() {
    let shared = shared();
    let (link, file) = (shared.link(), shared.file());
    assert_eq!(SharedMoment::read(&link), Ok(shared.clone()));
    assert_eq!(SharedMoment::read(&format!("\n{link} ")), Ok(shared.clone()));
    assert_eq!(SharedMoment::read(&file), Ok(shared.clone()));
    assert!(link.bytes().all(|byte| byte.is_ascii_alphanumeric() || b";-_".contains(&byte)), "{link}");
    for words in ["\"netsplit\": 1", "\"lab\": \"echo\"", "\"beat\": 20", "\"crash\": 1", "\"name\": \"it falls\""] {
        assert!(file.contains(words), "{words} in {file}");
    }
    let mut other = work();
    other.load(&shared.scenario).unwrap();
    assert_eq!(shared.compare(&mut other), Ok(()));
}

/// `screen.md`, "Lost without a word": a shared moment says where it came from, and what its sharer has to say.
#[test]
fn origin_title_and_notes_go_with_a_link_and_a_file() {
    let shared = annotated();
    let (link, file) = (shared.link(), shared.file());
    assert_eq!(SharedMoment::read(&link), Ok(shared.clone()));
    assert_eq!(SharedMoment::read(&file), Ok(shared));
    // Older programs say that they do not read this version. What they can read is written as they write it.
    assert!(link.starts_with("2;") && file.contains("\"netsplit\": 2"), "{link} {file}");
    assert!(self::shared().link().starts_with("1;"));
    for words in ["\"origin\": \"three\"", "\"title\": \"Two at once?\"", "\"note\": \"Who has noticed?\""] {
        assert!(file.contains(words), "{words} in {file}");
    }
    for change in [
        |shared: &mut SharedMoment| shared.origin = Some("three".to_string()),
        |shared: &mut SharedMoment| shared.title = "t".to_string(),
        |shared: &mut SharedMoment| shared.note = "n".to_string(),
        |shared: &mut SharedMoment| shared.bookmarks[0].note = "n".to_string(),
    ] {
        let mut shared = self::shared();
        change(&mut shared);
        assert!(shared.link().starts_with("2;"), "{shared:?}");
        assert_eq!(SharedMoment::read(&shared.link()), Ok(shared));
    }
}

#[test]
fn words_that_nobody_types_are_refused_or_made_plain() {
    let long = |change: fn(&mut SharedMoment, String)| {
        let mut shared = shared();
        change(&mut shared, "x".repeat(1_001));
        [said(&shared.link()), said(&shared.file())]
    };
    for sentences in [
        long(|shared, words| shared.origin = Some(words)),
        long(|shared, words| shared.title = words),
        long(|shared, words| shared.note = words),
        long(|shared, words| shared.bookmarks[0].note = words),
    ] {
        for sentence in sentences {
            assert!(sentence.contains("a title or a note of more than"), "{sentence}");
        }
    }
    let hostile = SharedMoment { title: "\u{1b}[31m<b>&\u{0}".to_string(), note: "a\tb\nc".to_string(), ..shared() };
    let read = SharedMoment::read(&hostile.link()).unwrap();
    assert_eq!((read.title.as_str(), read.note.as_str()), (" [31m<b>& ", "a b\nc"));
}

/// Case 25: what a link looks like after a chat, a mail or an issue tracker has had it.
#[test]
fn a_link_survives_those_who_pass_it_on() {
    let shared = shared();
    let link = shared.link();
    let address = format!("https://example.org/netsplit/#{link}");
    let (before, after) = address.split_at(address.len() - 20);
    let all_encoded = || address.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let ways = [
        link.replace(';', "%3B"),
        link.replace(';', "%3b").replace('-', "%2D").replace('_', "%5F"),
        link.replace(';', "%253B"),
        link.replace('_', "\\_"),
        all_encoded(),
        format!("<{address}>"),
        format!("({address})."),
        format!("\"{address}\","),
        format!("[a run]({address})"),
        format!("_{address}_"),
        format!("__{address}__"),
        format!("**{address}**"),
        format!("{address}&fbclid=IwAR0abc"),
        format!("{address}?utm_source=mail"),
        format!("{address} "),
        format!("{address}\u{200B}"),
        format!("{before}\n{after}"),
        format!("> {before}\r\n> {after}"),
        format!("{before}=\r\n{after}"),
        format!("{before}%0A{after}"),
        format!("Look at this: {address}! It is cut in two."),
    ];
    for way in ways {
        assert_eq!(SharedMoment::read(&way), Ok(shared.clone()), "{way}");
    }
    assert_eq!(SharedMoment::state_in(&all_encoded()), Some(link));
}

#[test]
fn a_moment_that_replays_differently_is_found_out() {
    let shared = shared();
    let mut other = work();
    other.load(&shared.scenario).unwrap();
    let changed = SharedMoment { digest: shared.digest ^ 1, ..shared.clone() };
    assert!(changed.compare(&mut other).unwrap_err().to_string().contains("not what was shared"));
    other.seek(10);
    assert!(shared.compare(&mut other).unwrap_err().to_string().contains("ends after 10 of 90 events"));
}

#[test]
fn forty_inputs_fit_into_about_three_hundred_characters() {
    let mut work = work();
    work.restart(Vec::new(), 7).unwrap();
    for round in 0..10u64 {
        let node = NodeId((round % 3) as u16);
        work.seek(round * 40 + 9);
        work.act(Input::Crash(node), None).unwrap();
        work.seek(round * 40 + 23);
        work.act(Input::Restart(node), None).unwrap();
        work.seek(round * 40 + 31);
        work.act(Input::Cut { from: node, to: NodeId((node.0 + 1) % 3) }, None).unwrap();
        work.seek(round * 40 + 38);
        work.act(Input::HealAll, None).unwrap();
    }
    let shared = SharedMoment::now(&mut work, None, Vec::new());
    assert_eq!(shared.scenario.inputs.len(), 40);
    let length = shared.link().len();
    assert!(length <= 320, "{length} characters");
}

#[test]
fn what_cannot_be_read_gets_a_sentence() {
    assert_eq!(said(""), "this link holds no moment of Netsplit: copy it again");
    assert_eq!(said("x;abc"), "this link does not begin with its version: copy it again");
    assert_eq!(
        said("9;abc"),
        "this moment has version 9, and this program reads version 2: open it with the version that made it"
    );
    assert_eq!(said("1;***"), "this link is damaged or cut off: copy it again");
    assert!(said("{").starts_with("line 1 of this file is not as Netsplit writes it: EOF"), "{}", said("{"));
    assert_eq!(said("{}"), "this file does not say its version: it is not a moment of Netsplit");
    let file = shared().file();
    assert!(said(&file.replace("\"netsplit\": 1", "\"netsplit\": 3")).contains("version 3"));
    assert!(said(&file.replace("\"crash\"", "\"crush\"")).contains("unknown variant `crush`"));
    let far = SharedMoment { scenario: Scenario { cursor: u64::MAX, ..shared().scenario }, ..shared() };
    assert!(said(&far.link()).contains("asks for more than"));
    let marks = vec![Mark { event: 5, name: String::new(), note: String::new() }; 1_001];
    assert!(said(&SharedMoment { bookmarks: marks, ..shared() }.file()).contains("has 1001 bookmarks"));
}

#[test]
fn every_cut_of_a_link_is_refused() {
    for link in [shared().link(), annotated().link()] {
        for length in 0..link.len() {
            assert!(SharedMoment::read(&link[..length]).is_err(), "the first {length} characters");
        }
    }
}

#[test]
fn a_link_that_unpacks_to_very_much_is_refused() {
    let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![0; 100 << 20]).unwrap();
    let bomb = format!("1;{}", URL_SAFE_NO_PAD.encode(packed.finish().unwrap()));
    assert!(said(&bomb).contains("unpacks to more than"), "{}", said(&bomb));
    assert!(said(&"a".repeat(5 << 20)).contains("too long"));
}

/// Without a limit, a short link could ask for a million messages.
#[test]
fn a_link_cannot_double_a_message_without_end() {
    let mut work = work();
    while work.frame().messages.is_empty() {
        let next = work.scenario().cursor + 1;
        assert_eq!(work.seek(next), next);
    }
    let message = work.frame().messages[0].id;
    let refusal = (0..6_000).find_map(|_| work.act(Input::Duplicate(message), None).err());
    let refusal = refusal.expect("it is refused").to_string();
    assert!(refusal.contains("5000 messages under way"), "{refusal}");
    assert_eq!(work.frame().messages.len(), 5_000);
    let mut other = self::work();
    other.load(&work.scenario()).unwrap();
    assert_eq!(other.digest(), work.digest());
}

#[test]
fn a_long_run_is_longer_than_a_link_may_be() {
    let mut shared = shared();
    let message = |number: u32| MessageId { from: NodeId(0), to: NodeId(1), number };
    let drop = |number: u32| Timed {
        after_event: u64::from(number) * u64::from(number % 97),
        at_us: u64::from(number.wrapping_mul(2_654_435_761)),
        input: Input::Drop(message(number)),
    };
    shared.scenario.inputs = (0..2_000).map(drop).collect();
    assert!(shared.link().len() > MOST_CHARACTERS);
    assert_eq!(SharedMoment::read(&shared.link()), Ok(shared));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_flipped_bit_never_panics(place in any::<prop::sample::Index>(), bit in 0u8..8, in_file in any::<bool>()) {
        let mut bytes = if in_file { annotated().file() } else { annotated().link() }.into_bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        open(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn any_content_never_panics(content in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&content).unwrap();
        let letters = URL_SAFE_NO_PAD.encode(packed.finish().unwrap());
        open(&format!("1;{letters}"))?;
        open(&format!("2;{letters}"))?;
        open(&String::from_utf8_lossy(&content))?;
    }

    #[test]
    fn a_changed_byte_of_the_content_never_panics(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let link = annotated().link();
        let packed = URL_SAFE_NO_PAD.decode(link.split_once(';').unwrap().1).unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::DeflateDecoder::new(packed.as_slice()), &mut content).unwrap();
        let place = place.index(content.len());
        content[place] = byte;
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&content).unwrap();
        open(&format!("2;{}", URL_SAFE_NO_PAD.encode(packed.finish().unwrap())))?;
    }
}

/// Opens what can be read, as far as a test has time for.
fn open(text: &str) -> Result<(), TestCaseError> {
    match SharedMoment::read(text) {
        Err(sentence) => prop_assert!(sentence.missing_arguments().is_empty(), "{}", sentence),
        Ok(mut shared) => {
            shared.scenario.cursor = shared.scenario.cursor.min(300);
            if let Err(sentence) = work().load(&shared.scenario) {
                prop_assert!(sentence.missing_arguments().is_empty(), "{}", sentence);
            }
        }
    }
    Ok(())
}
