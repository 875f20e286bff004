//! What the search of the start page finds.

use sim::About;

use crate::cards::{Cards, Prepared};
use crate::courses;
use crate::glossary;
use crate::language;
use crate::route::Route;

/// Systems that readers know by name. Each is named by what a lab has prepared.
pub const SYSTEMS: [&str; 12] = [
    "Kafka",
    "Cassandra",
    "etcd",
    "Consul",
    "CockroachDB",
    "PostgreSQL",
    "MySQL",
    "Dynamo",
    "Envoy",
    "nginx",
    "HAProxy",
    "GitHub",
];

/// What a search finds.
#[derive(Debug, Default, PartialEq)]
pub struct Found<'a> {
    pub words: Vec<glossary::Found>,
    pub labs: Vec<&'a About>,
    /// Lessons and courses.
    pub lessons: Vec<courses::Found>,
    pub scenarios: Vec<&'a Prepared>,
    /// Settings as in real systems.
    pub systems: Vec<&'a Prepared>,
}

impl Found<'_> {
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
            && self.labs.is_empty()
            && self.lessons.is_empty()
            && self.scenarios.is_empty()
            && self.systems.is_empty()
    }

    /// Where the first of it is.
    pub fn first(&self) -> Option<Route> {
        let lab = self.labs.first().map(|about| Route::Lab { lab: about.id.to_string(), scenario: None });
        let word = || self.words.first().map(|word| Route::Words(Some(word.slug.to_string())));
        let lesson = || self.lessons.first().map(|lesson| lesson.route.clone());
        lab.or_else(lesson)
            .or_else(|| self.scenarios.iter().chain(&self.systems).next().map(|prepared| prepared.route()))
            .or_else(word)
    }
}

/// Finds what holds all words of a wish, in letters of any size: labs by their card and by what they have prepared; and this
/// by its title and its lab, of which the title has at least one word, so that the name of a lab does not list all of it.
pub fn find<'a>(labs: &'a [About], cards: &'a Cards, wish: &str) -> Found<'a> {
    let wish = wish.to_lowercase();
    let words: Vec<&str> = wish.split_whitespace().collect();
    let mut found = Found { words: glossary::find(&wish), lessons: courses::find(&wish), ..Found::default() };
    let is_about = |about: &About| found.words.iter().any(|word| word.labs.iter().any(|lab| lab == about.id));
    let about_a_word: Vec<&str> = labs.iter().filter(|about| is_about(about)).map(|about| about.id).collect();
    for about in labs {
        let title = language::write(&about.title);
        let mut known = [&about.title, &about.chapter, &about.summary].map(language::write).join(" ");
        for prepared in cards.prepared().iter().filter(|prepared| prepared.lab == about.id) {
            known = format!("{known} {}", prepared.title);
            let own = prepared.title.to_lowercase();
            let text = format!("{own} {}", title.to_lowercase());
            if words.iter().any(|word| own.contains(word)) && words.iter().all(|word| text.contains(word)) {
                let list = if prepared.scenario.is_some() { &mut found.scenarios } else { &mut found.systems };
                list.push(prepared);
            }
        }
        let known = known.to_lowercase();
        if words.iter().all(|word| known.contains(word)) || about_a_word.contains(&about.id) {
            found.labs.push(about);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_all(test: impl Fn(&[About], &Cards)) {
        let mut cards = Cards::default();
        cards.ask().unwrap();
        let labs: Vec<About> = labs::registry::ABOUT.iter().map(|about| about()).collect();
        test(&labs, &cards);
    }

    fn ids<'a>(found: &Found<'a>) -> Vec<&'a str> {
        found.labs.iter().map(|about| about.id).collect()
    }

    #[test]
    fn each_system_finds_a_lab_and_what_it_has_prepared() {
        with_all(|labs, cards| {
            for system in SYSTEMS {
                let found = find(labs, cards, system);
                assert!(!found.labs.is_empty(), "{system}");
                assert!(found.systems.len() + found.scenarios.len() > 0, "{system}");
            }
            assert_eq!(ids(&find(labs, cards, "cassandra")), ["heartbeats", "leaderless-quorum", "paxos"]);
        });
    }

    #[test]
    fn all_words_count_in_any_order_and_size() {
        with_all(|labs, cards| {
            let found = find(labs, cards, "  SPLIT   vote ");
            assert_eq!(ids(&found), ["raft"]);
            assert_eq!(found.scenarios.iter().map(|prepared| &*prepared.title).collect::<Vec<_>>(), ["A split vote"]);
            assert_eq!(find(labs, cards, "vote split raft").scenarios, found.scenarios);
            let route = found.scenarios[0].route();
            assert_eq!(route, Route::Lab { lab: "raft".into(), scenario: Some("split-vote".into()) });
        });
    }

    #[test]
    fn the_name_of_a_lab_finds_the_lab_first_and_not_all_that_it_has() {
        with_all(|labs, cards| {
            let found = find(labs, cards, "raft");
            assert_eq!(ids(&found).first(), Some(&"raft"));
            assert!(ids(&found).iter().all(|id| id.contains("raft")), "{found:?}");
            let named = |prepared: &Prepared| prepared.title.to_lowercase().contains("raft");
            assert!(found.scenarios.iter().chain(&found.systems).all(|prepared| named(prepared)), "{found:?}");
            assert!(found.scenarios.is_empty());
            assert_eq!(found.first(), Some(Route::Lab { lab: "raft".into(), scenario: None }));
        });
    }

    #[test]
    fn what_nobody_has_is_not_found() {
        with_all(|labs, cards| {
            let found = find(labs, cards, "zzz");
            assert!(found.is_empty() && found.first().is_none());
            assert_eq!(find(labs, cards, "").labs.len(), labs.len());
        });
    }
}
