//! What learners believe before they have tried it, each under a tag: `- timeout-means-dead: A node that does not answer is dead.`

use crate::front::is_name;
use crate::mistake::Mistake;

/// A belief under its tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misconception {
    pub tag: String,
    /// The belief, in one sentence.
    pub sentence: String,
}

/// Reads a list of misconceptions; what is no item is prose about the list.
///
/// # Errors
///
/// All mistakes in it.
pub fn read_misconceptions(text: &str) -> Result<Vec<Misconception>, Vec<Mistake>> {
    let (mut all, mut mistakes) = (Vec::<Misconception>::new(), Vec::new());
    for (place, line) in text.lines().enumerate() {
        let Some(item) = line.strip_prefix("- ") else { continue };
        let mut say = |sentence: &str| mistakes.push(Mistake::new(place + 1, 1, sentence));
        match item.split_once(": ") {
            Some((tag, sentence)) if is_name(tag) && !sentence.trim().is_empty() => {
                if all.iter().any(|other| other.tag == tag) {
                    say(&format!("{tag} stands here twice"));
                }
                all.push(Misconception { tag: tag.to_string(), sentence: sentence.trim().to_string() });
            }
            _ => say("write - its-tag: The wrong belief in one sentence."),
        }
    }
    if mistakes.is_empty() { Ok(all) } else { Err(mistakes) }
}
