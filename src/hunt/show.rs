//! “Show me what it is for”, at a rule, and “show me one”, at a check: what is searched, and how the search stands.

use serde::{Deserialize, Serialize};
use sim::hunt::{Contrast, Hunt, Progress, SEEDS_TO_SHOW};
use sim::{Scenario, Settings, Text, t};
use yew::prelude::*;

use super::search::shortest;
use crate::command::{Command, Commands, Notice, Run};
use crate::counts;
use crate::dom;
use crate::words::say;
use crate::worker::{Errand, Helper, Work};

/// What somebody wants to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The rule to do without; none for something that is to be seen with all rules on.
    pub without: Option<String>,
    /// The check that breaks without it, or that is to be seen.
    pub check: String,
}

/// A wish in a lab, as an errand for a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// The name of the lab.
    pub lab: String,
    pub wish: Wish,
}

/// What the worker says to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    /// It goes on.
    Progress(Progress),
    /// It has found something with so many inputs, and makes it shorter.
    Found { inputs: usize },
    /// What the rule is for.
    Contrast(Box<Contrast>),
    /// A run in which it is seen.
    Seen(Scenario),
    /// Nothing was found in all these runs.
    Nothing,
}

impl From<Search> for Errand {
    fn from(search: Search) -> Errand {
        Errand::Show(search)
    }
}

impl Work for Search {
    type Report = Report;

    /// Searches with the lab's default settings, whatever the visitor has set: so that each rule is found, always the same
    /// way.
    fn run(self, tell: &dyn Fn(Report)) -> Result<Report, Text> {
        let lab = labs::registry::lab(&self.lab)?;
        let Wish { without, check } = &self.wish;
        let hunt = match without {
            Some(rule) => Hunt::new(lab, Settings::default()).for_check(check)?.without(rule)?,
            None => Hunt::to_see(lab, check)?,
        };
        let find = shortest(&hunt, SEEDS_TO_SHOW, &|progress| tell(Report::Progress(progress)), &|find| {
            tell(Report::Found { inputs: find.scenario.inputs.len() });
        })?;
        match (find, without) {
            (None, _) => Ok(Report::Nothing),
            (Some(find), None) => Ok(Report::Seen(find.scenario)),
            (Some(find), Some(_)) => Ok(Report::Contrast(Box::new(hunt.contrast(&find)?))),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ShowingProps {
    /// The name of the lab.
    pub lab: AttrValue,
    pub wish: Wish,
    /// What is wished for, in words: the rule or the check.
    pub title: Text,
    pub commands: Commands,
}

/// A search for what somebody wants to be shown, as it goes on.
#[derive(Debug)]
pub struct Showing {
    /// None where the browser allows no worker.
    searcher: Option<Helper>,
    started_ms: f64,
    progress: Progress,
    /// How many inputs the last find has that is being made shorter.
    found_inputs: Option<usize>,
}

impl Showing {
    fn begin(context: &Context<Showing>) -> Showing {
        let ShowingProps { lab, wish, commands, .. } = context.props();
        let search = Search { lab: lab.to_string(), wish: wish.clone() };
        let searcher = Helper::send(search, context.link().callback(|report| report));
        if searcher.is_none() {
            end(commands, Some(no_worker()));
        }
        Showing { searcher, started_ms: dom::now_ms(), progress: Progress::default(), found_inputs: None }
    }
}

impl Component for Showing {
    type Message = Result<Report, Text>;
    type Properties = ShowingProps;

    fn create(context: &Context<Self>) -> Showing {
        Showing::begin(context)
    }

    fn changed(&mut self, context: &Context<Self>, old: &ShowingProps) -> bool {
        if context.props().wish != old.wish {
            *self = Showing::begin(context);
        }
        true
    }

    fn update(&mut self, context: &Context<Self>, report: Result<Report, Text>) -> bool {
        let ShowingProps { wish, commands, .. } = context.props();
        match report {
            Ok(Report::Progress(progress)) => {
                self.progress = progress;
                self.found_inputs = None;
            }
            Ok(Report::Found { inputs }) => self.found_inputs = Some(inputs),
            Ok(Report::Contrast(contrast)) => {
                end(commands, None);
                commands.emit(Run::ShowContrast(contrast, wish.clone()).into());
            }
            Ok(Report::Seen(scenario)) => {
                end(commands, None);
                commands.emit(Run::ShowFind(scenario, wish.check.clone()).into());
            }
            Ok(Report::Nothing) => end(commands, Some(nothing(self.progress))),
            Err(why) => end(commands, Some(t!("The search has failed: {why}", why = why))),
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let ShowingProps { wish, title, commands, .. } = context.props();
        let looks_for = match wish.without {
            Some(_) => t!("Looking for a short run that shows what this rule is for: “{rule}”", rule = title.clone()),
            None => t!("Looking for a short run that shows this: “{check}”", check = title.clone()),
        };
        let seconds = ((dom::now_ms() - self.started_ms) / 1_000.0).max(0.0) as u64;
        if self.searcher.is_none() {
            return Html::default();
        }
        html! {
            <div class="showing" role="group" aria-label={say(t!("Search"))} data-testid="showing">
                <p role="status">{ say(looks_for) }</p>
                <p class="hint" data-testid="showing-progress">
                    { say(standing(self.progress, seconds)) }
                    if let Some(inputs) = self.found_inputs {
                        { " " }{ say(t!("Found with {inputs}. Now to make it shorter…", inputs = counts::inputs(inputs as u64))) }
                    }
                </p>
                <button class="button" data-testid="showing-stop" onclick={commands.reform(|_: MouseEvent| Run::ShowMe(None).into())}>
                    { say(t!("Stop")) }
                </button>
            </div>
        }
    }
}

/// Ends the search, and says why where it is not seen.
fn end(commands: &Commands, why: Option<Text>) {
    commands.emit(Run::ShowMe(None).into());
    why.into_iter().for_each(|why| commands.emit(Command::Notice(Notice::Say(why))));
}

/// How the search stands.
fn standing(progress: Progress, seconds: u64) -> Text {
    t!(
        "{runs} tried so far, the longest with {events} · {seconds} s",
        runs = counts::runs(progress.runs),
        events = counts::events(progress.depth.into()),
        seconds = seconds
    )
}

/// That nothing was found, and what to try.
fn nothing(progress: Progress) -> Text {
    t!(
        "Nothing found in {runs} of up to {events}. Under “Hunt” you can let other things happen and make the runs longer.",
        runs = counts::runs(progress.runs),
        events = counts::events(progress.depth.into())
    )
}

/// Why nothing is searched, and what to do.
pub(super) fn no_worker() -> Text {
    t!(
        "This browser allows no search beside the page here. Open Netsplit in a window of its own, or use “netsplit hunt” in a terminal."
    )
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn search(lab: &str, without: Option<&str>, check: &str) -> (Vec<Report>, Result<Report, Text>) {
        let wish = Wish { without: without.map(str::to_string), check: check.to_string() };
        let said = RefCell::new(Vec::new());
        let last = Search { lab: lab.to_string(), wish }.run(&|report| said.borrow_mut().push(report));
        (said.into_inner(), last)
    }

    /// The Raft paper, section 5.2: each server votes for at most one candidate in a term.
    #[test]
    fn a_rule_is_shown_by_a_run_without_it_beside_the_same_with_it() {
        let (said, last) = search("raft", Some("one_vote"), "one-vote");
        assert!(matches!(said[..], [.., Report::Found { .. }, Report::Progress(_)]), "{said:?}");
        let Ok(Report::Contrast(contrast)) = last else { panic!("{last:?}") };
        assert_eq!(contrast.broken.to_string(), "S3 votes for S1 in term 1, and has voted for S4 before");
        let kept = contrast.kept.as_ref().expect("what the rule does").to_string();
        assert_eq!(kept, "S3 refuses its vote to S1 in term 1");
        assert_eq!(contrast.parts, Some(contrast.without.cursor));
        let sent = postcard::to_stdvec(&Report::Contrast(contrast.clone())).unwrap();
        assert_eq!(postcard::from_bytes::<Report>(&sent), Ok(Report::Contrast(contrast)));
    }

    #[test]
    fn a_situation_is_shown_with_all_rules_on() {
        let (_, last) = search("raft", None, "split-vote");
        let Ok(Report::Seen(scenario)) = last else { panic!("{last:?}") };
        assert_eq!(scenario.settings, Settings::default());
        assert!(scenario.inputs.len() <= 3, "{}", scenario.inputs.len());
    }

    #[test]
    fn what_there_is_not_is_said() {
        assert!(
            search("raft", Some("gravity"), "one-vote")
                .1
                .unwrap_err()
                .to_string()
                .starts_with("there is no rule gravity")
        );
        assert!(search("raft", None, "gravity").1.unwrap_err().to_string().starts_with("there is no check gravity"));
    }
}
