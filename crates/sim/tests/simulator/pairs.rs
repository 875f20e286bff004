//! Logs in the usual format, written and read without a regular expression.

use sim::log::{Execution, Expression, Format, Match, Problems};

/// Matches what the default parser expression matches: a host and a clock in one line, the event in the next.
#[derive(Debug)]
pub struct Pairs;

impl Expression for Pairs {
    fn names(&self) -> Vec<String> {
        ["host", "clock", "event"].map(str::to_string).to_vec()
    }

    fn matches<'a>(&'a self, text: &'a str) -> Box<dyn Iterator<Item = Match> + 'a> {
        let mut at = 0;
        Box::new(std::iter::from_fn(move || {
            loop {
                let line = &text[at..at + text[at..].find('\n')?];
                let (start, event) = (at, at + line.len() + 1);
                at = event;
                let Some(clock) = line.find(" {").filter(|_| line.ends_with('}')) else { continue };
                let host = line[..clock].rfind(' ').map_or(0, |blank| blank + 1);
                let end = event + text[event..].find('\n').unwrap_or(text.len() - event);
                at = end;
                let groups = [start + host..start + clock, start + clock + 1..event - 1, event..end];
                return Some(Match { range: start + host..end, groups: groups.map(Some).to_vec() });
            }
        }))
    }
}

/// Matches the lines `=== name ===`.
#[derive(Debug)]
pub struct Headings;

impl Expression for Headings {
    fn names(&self) -> Vec<String> {
        vec!["trace".to_string()]
    }

    fn matches<'a>(&'a self, text: &'a str) -> Box<dyn Iterator<Item = Match> + 'a> {
        let lines = text.split_inclusive('\n').scan(0, |at, line| {
            *at += line.len();
            Some((*at - line.len(), line.trim_end()))
        });
        Box::new(
            lines.filter(|(_, line)| line.starts_with("=== ") && line.ends_with(" ===")).map(|(at, line)| Match {
                range: at..at + line.len(),
                groups: vec![Some(at + 4..at + line.len() - 4)],
            }),
        )
    }
}

/// Reads a log with headings between its executions.
pub fn read(text: &str) -> Result<Vec<Execution>, Problems> {
    Format::new(&Pairs, Some(&Headings)).expect("all groups are there").read(text)
}

/// Reads a log that holds one execution.
pub fn execution(text: &str) -> Execution {
    let executions = read(text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    executions.into_iter().next().expect("an execution")
}
