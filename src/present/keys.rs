//! The keys of clickers, and those of a teacher.

use sim::{Text, t};

use crate::command::{Command, Course, Lectern};

/// The keys and what they do while presenting, for the help page.
pub fn list() -> Vec<(&'static str, Text)> {
    vec![
        ("F", t!("Present to a class, in full screen")),
        (
            "Page Down · Page Up",
            t!("While presenting: next bookmark, bookmark before; without one, next telling moment, the one before"),
        ),
        ("V", t!("While presenting a lesson: what happens and the answer, at once")),
        (".", t!("While presenting: black screen, and back")),
        ("Q", t!("While presenting: this moment as a QR code")),
        ("W", t!("While presenting: a window with your notes")),
    ]
}

/// What a key means while presenting; none where it means what it always does. With the keys of the page switched off,
/// only those that are no letters and signs are left.
pub fn command(key: &str, is_blank: bool, with_signs: bool) -> Option<Command> {
    let key = key.to_ascii_lowercase();
    let is_sign = key.chars().count() == 1;
    if is_sign && !with_signs {
        return None;
    }
    let meaning = match key.as_str() {
        "pagedown" => Course::StepTelling { forward: true }.into(),
        "pageup" => Course::StepTelling { forward: false }.into(),
        "." => Lectern::ToggleBlank.into(),
        "q" => Lectern::ToggleCode.into(),
        "w" => Lectern::ToggleNotes.into(),
        "f" => Lectern::Fill.into(),
        "escape" => Lectern::Leave.into(),
        // On a black screen, whatever moves on first shows where one is.
        " " | "n" | "p" | "j" if is_blank => Lectern::ToggleBlank.into(),
        _ => return None,
    };
    let shows_again = is_blank && matches!(meaning, Command::Course(Course::StepTelling { .. }));
    Some(if shows_again { Lectern::ToggleBlank.into() } else { meaning })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLANK: Command = Command::Lectern(Lectern::ToggleBlank);

    #[test]
    fn clickers_turn_pages() {
        assert_eq!(command("PageDown", false, true), Some(Course::StepTelling { forward: true }.into()));
        assert_eq!(command("PageUp", false, true), Some(Course::StepTelling { forward: false }.into()));
        assert_eq!(command(".", false, true), Some(BLANK));
        assert_eq!(command(" ", false, true), None);
        assert_eq!(command("Escape", true, true), Some(Lectern::Leave.into()));
    }

    #[test]
    fn a_black_screen_first_shows_the_picture_again() {
        for key in ["PageDown", "PageUp", " ", "n", "P", "."] {
            assert_eq!(command(key, true, true), Some(BLANK), "{key}");
        }
    }

    #[test]
    fn clickers_work_with_keys_switched_off() {
        assert_eq!(command("PageDown", false, false), Some(Course::StepTelling { forward: true }.into()));
        for key in [".", "q", "w", "F"] {
            assert_eq!(command(key, false, false), None, "{key}");
        }
    }
}
