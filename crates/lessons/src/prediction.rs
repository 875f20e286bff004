//! Reads the block of a prediction.

use crate::expression::Expression;
use crate::lesson::{Choice, Passage, Prediction, PredictionKind, Reveals, Show, Within};
use crate::mistake::{Mistake, Slip, unknown};
use crate::piece::Piece;
use crate::reader::Fence;
use crate::script::Script;
use crate::token::{Token, tokens};

const KINDS: [&str; 5] = ["one", "any", "number", "node", "message"];

/// How many choices there may be: each has a key from 1 to 9.
const MOST_CHOICES: usize = 9;

/// In how many ways a moment may go on: each is a branch beside the others.
const MOST_WAYS: usize = 4;

/// The keys before the first choice, and those of a choice.
const KEYS: [&str; 5] = ["reveal", "value", "unit", "within", "right"];
const CHOICE_KEYS: [&str; 4] = ["if", "tag", "say", "show"];

/// A line `key: text` with what follows it.
#[derive(Debug)]
struct Entry {
    line: usize,
    /// Of the first character of the text.
    column: usize,
    key: String,
    /// What stands between the key and the colon: the name of a reveal.
    name: String,
    text: String,
}

/// A choice as it stands there.
#[derive(Debug)]
struct Draft {
    line: usize,
    text: String,
    entries: Vec<Entry>,
}

/// Reads a prediction; the error has all that is wrong with it.
pub(crate) fn read(fence: &Fence<'_>) -> Result<Prediction, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let (question, entries, drafts) = split(fence, &mut mistakes);
    let kind = fence.option.split_whitespace().next().unwrap_or("one");
    let note = |mistakes: &mut Vec<Mistake>, mistake| mistakes.push(mistake);
    if question.is_empty() {
        note(&mut mistakes, Mistake::new(fence.line, 1, "the question is missing"));
    }
    let reveals = reveals(fence, &entries).map_err(|mistake| note(&mut mistakes, mistake)).ok();
    let kind = kind_of(fence, kind, &entries).map_err(|mistake| note(&mut mistakes, mistake)).ok();
    let mut choices = Vec::new();
    for draft in drafts {
        let is_remark = matches!(
            kind,
            Some(PredictionKind::Number { .. } | PredictionKind::Node { .. } | PredictionKind::Message { .. })
        );
        match choice(draft, is_remark) {
            Ok(choice) => choices.push(choice),
            Err(mistake) => note(&mut mistakes, mistake),
        }
    }
    if matches!(kind, Some(PredictionKind::One | PredictionKind::Any)) && choices.len() < 2 && mistakes.is_empty() {
        note(&mut mistakes, Mistake::new(fence.line, 1, "two choices are the least"));
    }
    if choices.len() > MOST_CHOICES {
        note(&mut mistakes, Mistake::new(fence.line, 1, format!("{MOST_CHOICES} choices or remarks are the most")));
    }
    match (kind, reveals) {
        (Some(kind), Some(reveals)) if mistakes.is_empty() => {
            Ok(Prediction { line: fence.line, kind, question, reveals, choices, hints: Vec::new() })
        }
        _ => Err(mistakes),
    }
}

/// The question, the lines about it, and the choices.
fn split(fence: &Fence<'_>, mistakes: &mut Vec<Mistake>) -> (Vec<Passage>, Vec<Entry>, Vec<Draft>) {
    let (mut question, mut entries, mut drafts) = (Vec::<Piece>::new(), Vec::<Entry>::new(), Vec::<Draft>::new());
    let mut is_open = false;
    for (number, line) in &fence.body {
        let text = line.trim();
        if text.is_empty() {
            is_open = false;
            continue;
        }
        if let Some(text) = line.strip_prefix("- ") {
            let mut draft = Draft { line: *number, text: String::new(), entries: Vec::new() };
            match entry(*number, "- ".len(), text.trim(), &CHOICE_KEYS) {
                Some(entry) => draft.entries.push(entry),
                None => draft.text = text.trim().to_string(),
            }
            drafts.push(draft);
            continue;
        }
        let indent = line.chars().take_while(|next| next.is_whitespace()).count();
        let keys: &[&str] = if drafts.is_empty() { &KEYS } else { &CHOICE_KEYS };
        match (entry(*number, indent, text, keys), drafts.last_mut()) {
            (Some(entry), Some(draft)) => draft.entries.push(entry),
            (Some(entry), None) => entries.push(entry),
            (None, Some(draft)) => {
                if let Some(near) = misspelt(text) {
                    mistakes.push(Mistake::new(*number, indent + 1, near));
                    continue;
                }
                append(draft.entries.last_mut().map_or(&mut draft.text, |entry| &mut entry.text), text);
            }
            (None, None) => match (entries.last_mut(), question.last_mut()) {
                (Some(entry), _) => append(&mut entry.text, text),
                (None, Some(passage)) if is_open => {
                    passage.text.push('\n');
                    passage.text.push_str(text);
                }
                (None, _) => {
                    question.push(Piece { line: *number, text: text.to_string() });
                    is_open = true;
                }
            },
        }
    }
    (question.into_iter().map(|piece| Passage::read(piece.line, piece.text)).collect(), entries, drafts)
}

fn append(text: &mut String, more: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}

/// `reveal dead: crash A` as an entry, if it begins with one of these keys.
fn entry(line: usize, indent: usize, text: &str, keys: &[&str]) -> Option<Entry> {
    let (head, rest) = text.split_once(':')?;
    let (key, name) = head.split_once(' ').unwrap_or((head, ""));
    if !keys.contains(&key) || !(name.is_empty() || key == "reveal") || name.contains(' ') {
        return None;
    }
    let column = indent + head.chars().count() + 1 + rest.chars().take_while(|next| next.is_whitespace()).count() + 1;
    Some(Entry { line, column, key: key.to_string(), name: name.to_string(), text: rest.trim().to_string() })
}

/// Says so where a line of a choice begins like a key that is none.
fn misspelt(text: &str) -> Option<String> {
    let (head, _) = text.split_once(": ")?;
    let is_word = !head.is_empty() && head.chars().all(|next| next.is_ascii_lowercase());
    let said = unknown("line", head, CHOICE_KEYS);
    (is_word && said.contains("did you mean")).then_some(said)
}

fn reveals(fence: &Fence<'_>, entries: &[Entry]) -> Result<Reveals, Mistake> {
    let entries: Vec<&Entry> = entries.iter().filter(|entry| entry.key == "reveal").collect();
    match &entries[..] {
        [] => Err(Mistake::new(fence.line, 1, "how it comes out is missing: reveal: run 300 ms")),
        [one] if one.text == "next" => Ok(Reveals::Next),
        [.., last] if entries.len() > MOST_WAYS => {
            Err(Mistake::new(last.line, 1, format!("{MOST_WAYS} reveals are the most")))
        }
        entries => {
            let mut ways: Vec<(String, Script)> = Vec::new();
            for entry in entries {
                if entries.len() > 1 && (entry.name.is_empty() || ways.iter().any(|(name, _)| *name == entry.name)) {
                    return Err(Mistake::new(
                        entry.line,
                        1,
                        "several reveals have names of their own: reveal slow: run 300 ms",
                    ));
                }
                let script = Script::read(&entry.text, entry.line, entry.column)?;
                if script.is_empty() {
                    return Err(Mistake::new(entry.line, entry.column, "what happens is missing: run 300 ms"));
                }
                ways.push((entry.name.clone(), script));
            }
            Ok(Reveals::Ways(ways))
        }
    }
}

fn kind_of(fence: &Fence<'_>, kind: &str, entries: &[Entry]) -> Result<PredictionKind, Mistake> {
    let find = |key: &str| entries.iter().find(|entry| entry.key == key);
    let wanted = |key: &str, example: &str| {
        find(key).ok_or_else(|| Mistake::new(fence.line, 1, format!("“predict {kind}” wants a line {key}: {example}")))
    };
    let condition = |key: &str, example: &str| {
        wanted(key, example).and_then(|entry| Expression::read(&entry.text, entry.line, entry.column))
    };
    let allowed: &[&str] = match kind {
        "number" => &["reveal", "value", "unit", "within"],
        "node" | "message" => &["reveal", "right"],
        _ => &["reveal"],
    };
    if let Some(other) = entries.iter().find(|entry| !allowed.contains(&entry.key.as_str())) {
        return Err(Mistake::new(other.line, 1, format!("“predict {kind}” has no line {}", other.key)));
    }
    match kind {
        "one" => Ok(PredictionKind::One),
        "any" => Ok(PredictionKind::Any),
        "number" => {
            let entry = wanted("within", "10 %")?;
            let within = within(&entry.text).map_err(|slip| slip.at(entry.line, entry.column))?;
            let unit = find("unit").map(|entry| entry.text.clone()).unwrap_or_default();
            Ok(PredictionKind::Number { value: condition("value", "elapsed")?, unit, within })
        }
        "node" => Ok(PredictionKind::Node { right: condition("right", "role(it) = leader")? }),
        "message" => Ok(PredictionKind::Message { right: condition("right", "to(it) = S2")? }),
        kind => Err(Mistake::new(fence.line, 1, unknown("kind of prediction", kind, KINDS))),
    }
}

fn within(text: &str) -> Result<Within, Slip> {
    match &tokens(text)?[..] {
        [(_, Token::Number(percent)), (_, Token::End)] if text.ends_with('%') => Ok(Within::Percent(*percent)),
        [(_, Token::Number(amount)), (_, Token::End)] => Ok(Within::Amount(*amount)),
        _ => Err(Slip::new(0, "write how far off is near enough: 10 %, 0 or 20 ms")),
    }
}

fn choice(draft: Draft, is_remark: bool) -> Result<Choice, Mistake> {
    let missing =
        |key: &str, example: &str| Mistake::new(draft.line, 1, format!("a line {key}: is missing: {example}"));
    let find = |key: &str| draft.entries.iter().find(|entry| entry.key == key);
    if draft.text.is_empty() && !is_remark {
        return Err(Mistake::new(draft.line, 1, "the words of the choice are missing before if:"));
    }
    if is_remark && !draft.text.is_empty() {
        return Err(Mistake::new(draft.line, 1, "here stand remarks about wrong answers: - if: it < 100"));
    }
    let condition = find("if").ok_or_else(|| missing("if", "if: role(S1) = leader"))?;
    let say = find("say").ok_or_else(|| missing("say", "say: what was seen, and why"))?;
    let show = match find("show") {
        None => None,
        Some(entry) if entry.text.contains(';') => {
            Some(Show::Run(Script::read(&entry.text, entry.line, entry.column)?))
        }
        Some(entry) => Some(Show::First(Expression::read(&entry.text, entry.line, entry.column)?)),
    };
    Ok(Choice {
        line: draft.line,
        condition: Expression::read(&condition.text, condition.line, condition.column)?,
        tag: find("tag").map(|entry| entry.text.clone()),
        say: Passage::read(say.line, &say.text),
        show,
        text: Passage::read(draft.line, draft.text),
    })
}
