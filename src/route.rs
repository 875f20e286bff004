//! Addresses: `#/lab/raft/split-brain`, and `#1;…` for a moment that somebody has shared.

use crate::dom;

/// A place in the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The start page.
    Home,
    /// The page that measures how well many messages move.
    Stress,
    /// The page that takes in a log.
    Log,
    /// A lab, and its scenario of this name or its first one.
    Lab { lab: String, scenario: Option<String> },
    /// A moment, by the state of its link.
    Moment(String),
}

impl Route {
    /// Reads the part of an address behind the `#`; what cannot be read leads home.
    pub fn parse(hash: &str) -> Route {
        let path = hash.trim_start_matches('#').split('?').next().unwrap_or_default().trim_matches('/');
        if path.split_once(';').is_some_and(|(version, _)| version.bytes().all(|byte| byte.is_ascii_digit())) {
            return Route::Moment(path.to_string());
        }
        let mut parts = path.split('/');
        match (parts.next(), parts.next()) {
            (Some("lab"), Some(lab)) if !lab.is_empty() => {
                Route::Lab { lab: lab.to_string(), scenario: parts.next().map(str::to_string) }
            }
            (Some("stress"), None) => Route::Stress,
            (Some("log"), None) => Route::Log,
            _ => Route::Home,
        }
    }

    /// The part of the address behind the `#`.
    pub fn hash(&self) -> String {
        match self {
            Route::Home => "#/".to_string(),
            Route::Stress => "#/stress".to_string(),
            Route::Log => "#/log".to_string(),
            Route::Moment(state) => format!("#{state}"),
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
            lab(None),
            lab(Some("split-brain")),
            Route::Moment("1;aZ-_".into()),
        ] {
            assert_eq!(Route::parse(&route.hash()), route);
        }
        assert_eq!(Route::parse("#/lab/raft/split-brain?view=full"), lab(Some("split-brain")));
        assert_eq!(Route::parse("#1;aZ-_?view=embed"), Route::Moment("1;aZ-_".into()));
    }

    #[test]
    fn nonsense_leads_home() {
        for hash in ["", "#", "#/", "#/lab", "#/lab/", "#//x", "#/elsewhere/raft"] {
            assert_eq!(Route::parse(hash), Route::Home, "{hash}");
        }
    }
}
