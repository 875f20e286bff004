//! Addresses: `#/lab/raft/split-brain`, `#/run/raft/17…` for a run that the visitor has kept, and `#1;…` for a moment that
//! somebody has shared.

use percent_encoding::percent_decode_str;
use sim::SharedMoment;

use crate::dom;

/// What stands in an address where else a scenario does; none is called so.
pub const NOTES: &str = "notes";

/// A place in the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The start page.
    Home,
    /// The page that measures how well many messages move.
    Stress,
    /// The page that takes in a log.
    Log,
    /// The page with two systems under the same cut.
    Cap,
    /// The page that takes in the answers of a class.
    Marks,
    /// The page of all words, at the one of this name or at its beginning.
    Words(Option<String>),
    /// All courses, or the one with this name.
    Courses(Option<String>),
    /// A lab, and its scenario of this name or its first one.
    Lab { lab: String, scenario: Option<String> },
    /// A lab with its article beside the stage.
    Notes { lab: String },
    /// A lesson, at the step of this number or where the visitor left it.
    Lesson { id: String, step: Option<usize> },
    /// The page on which lessons are written, with a lab or that of the draft.
    Write { lab: Option<String> },
    /// A run of a lab that the visitor has kept in this browser.
    Run { lab: String, id: u64 },
    /// A moment, by the state of its link.
    Moment(String),
}

impl Route {
    /// Reads the part of an address behind the `#`; what cannot be read leads home, but not what was a moment: that is for
    /// [`SharedMoment::read`] to refuse.
    pub fn parse(hash: &str) -> Route {
        if let Some(state) = SharedMoment::state_in(hash) {
            return Route::Moment(state);
        }
        let hash = percent_decode_str(hash.trim_start_matches('#')).decode_utf8_lossy();
        // Behind an address, its sentence may go on, or a tracker may have left its mark.
        let path = hash.split(['?', '&', '#']).next().unwrap_or_default();
        let path = path.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != ';');
        if path.contains(';') || path.starts_with(|letter: char| letter.is_ascii_digit()) {
            return Route::Moment(path.to_string());
        }
        let mut parts = path.split('/');
        match (parts.next(), parts.next()) {
            (Some("lab"), Some(lab)) if !lab.is_empty() => match parts.next() {
                Some(NOTES) => Route::Notes { lab: lab.to_string() },
                scenario => Route::Lab { lab: lab.to_string(), scenario: scenario.map(str::to_string) },
            },
            (Some("run"), Some(lab)) if !lab.is_empty() => match parts.next().and_then(|id| id.parse().ok()) {
                Some(id) => Route::Run { lab: lab.to_string(), id },
                None => Route::Lab { lab: lab.to_string(), scenario: None },
            },
            (Some("lesson"), Some(id)) if !id.is_empty() => {
                let step = parts.next().and_then(|step| step.parse().ok());
                Route::Lesson { id: id.to_string(), step }
            }
            (Some("write"), lab) => Route::Write { lab: lab.filter(|lab| !lab.is_empty()).map(str::to_string) },
            (Some("stress"), None) => Route::Stress,
            (Some("log"), None) => Route::Log,
            (Some("cap"), None) => Route::Cap,
            (Some("marks"), None) => Route::Marks,
            (Some("courses"), course) => Route::Courses(course.filter(|course| !course.is_empty()).map(str::to_string)),
            (Some("words"), word) => Route::Words(word.filter(|word| !word.is_empty()).map(str::to_string)),
            _ => Route::Home,
        }
    }

    /// The part of the address behind the `#`.
    pub fn hash(&self) -> String {
        match self {
            Route::Home => "#/".to_string(),
            Route::Stress => "#/stress".to_string(),
            Route::Log => "#/log".to_string(),
            Route::Cap => "#/cap".to_string(),
            Route::Marks => "#/marks".to_string(),
            Route::Courses(None) => "#/courses".to_string(),
            Route::Courses(Some(course)) => format!("#/courses/{course}"),
            Route::Words(None) => "#/words".to_string(),
            Route::Words(Some(word)) => format!("#/words/{word}"),
            Route::Moment(state) => format!("#{state}"),
            Route::Lesson { id, step: None } => format!("#/lesson/{id}"),
            Route::Lesson { id, step: Some(step) } => format!("#/lesson/{id}/{step}"),
            Route::Run { lab, id } => format!("#/run/{lab}/{id}"),
            Route::Write { lab: None } => "#/write".to_string(),
            Route::Write { lab: Some(lab) } => format!("#/write/{lab}"),
            Route::Notes { lab } => format!("#/lab/{lab}/{NOTES}"),
            Route::Lab { lab, scenario: None } => format!("#/lab/{lab}"),
            Route::Lab { lab, scenario: Some(scenario) } => format!("#/lab/{lab}/{scenario}"),
        }
    }

    /// Where the browser is now.
    pub fn current() -> Route {
        let hash = dom::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
        Route::parse(&hash)
    }

    /// Goes there; the browser then reports the change.
    pub fn go(&self) {
        if let Some(window) = dom::window() {
            let _ = window.location().set_hash(&self.hash());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_back_as_they_went() {
        let lab = |scenario: Option<&str>| Route::Lab { lab: "raft".into(), scenario: scenario.map(str::to_string) };
        for route in [
            Route::Home,
            Route::Stress,
            Route::Log,
            Route::Cap,
            Route::Marks,
            Route::Courses(None),
            Route::Courses(Some("internet".into())),
            Route::Words(None),
            Route::Words(Some("cristian's-algorithm".into())),
            lab(None),
            lab(Some("split-brain")),
            Route::Notes { lab: "raft".into() },
            Route::Lesson { id: "raft-two-leaders".into(), step: None },
            Route::Lesson { id: "raft-two-leaders".into(), step: Some(2) },
            Route::Write { lab: None },
            Route::Write { lab: Some("raft".into()) },
            Route::Run { lab: "raft".into(), id: 1_796_034_123_456 },
            Route::Moment("1;aZ-_".into()),
        ] {
            assert_eq!(Route::parse(&route.hash()), route);
        }
        assert_eq!(Route::parse("#/lab/raft/split-brain?view=full"), lab(Some("split-brain")));
        assert_eq!(Route::parse("#/run/raft/x"), lab(None));
        assert_eq!(Route::parse("#1;aZ-_?view=embed"), Route::Moment("1;aZ-_".into()));
    }

    /// Case 25: what a link looks like after a chat, a mail or an issue tracker has had it.
    #[test]
    fn addresses_survive_those_who_pass_them_on() {
        for tail in [
            "",
            ".",
            ")",
            ">",
            "%3E",
            ",",
            "\"",
            "%22",
            "'",
            "]",
            "…",
            "&fbclid=IwAR0abc",
            "?utm_source=mail",
            "#:~:text=x",
        ] {
            for hash in [
                "#1;aZ-_x",
                "#1%3BaZ-_x",
                "#1%3baZ-%5Fx",
                "#1%253BaZ-_x",
                "#1;aZ-\\_x",
                "#1;aZ-%0D%0A_x",
                "#1;aZ-=\n> _x",
            ] {
                let route = Route::parse(&format!("{hash}{tail}"));
                assert_eq!(route, Route::Moment("1;aZ-_x".into()), "{hash}{tail}");
            }
            for hash in ["#/lab/raft/split-vote", "#%2Flab%2Fraft%2Fsplit-vote"] {
                let route = Route::Lab { lab: "raft".into(), scenario: Some("split-vote".into()) };
                assert_eq!(Route::parse(&format!("{hash}{tail}")), route, "{hash}{tail}");
            }
        }
    }

    #[test]
    fn what_was_a_moment_does_not_lead_home() {
        for hash in ["#1", "#1.", "#;aZ", "#x;aZ", "#1;", "#1:aZ", "#%31%3B"] {
            assert!(matches!(Route::parse(hash), Route::Moment(_)), "{hash}");
        }
    }

    #[test]
    fn nonsense_leads_home() {
        for hash in ["", "#", "#/", "#/lab", "#/lab/", "#//x", "#/elsewhere/raft"] {
            assert_eq!(Route::parse(hash), Route::Home, "{hash}");
        }
    }
}
