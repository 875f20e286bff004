//! The messages between a figure and the page around it: `{netsplit: 1, id, type, payload}`.

use serde::{Deserialize, Serialize};
use sim::{Input, Text, t};

/// The version of all messages.
const VERSION: u32 = 1;
/// How long a message may be, in bytes of JSON.
const MOST_BYTES: usize = 1 << 20;
/// How many inputs one message may bring.
const MOST_INPUTS: usize = 100;
/// How far one message may go beyond what has been computed, in events.
pub const MOST_AHEAD: u64 = 4_000;

/// What the page around asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    Play,
    Pause,
    /// So many events on, or back.
    Step(i64),
    /// To the moment after this many events.
    Seek(u64),
    Act(Vec<Input>),
    GetState,
    /// To a moment, as in a link or a file.
    SetState(String),
    /// How all checks stand, or the one of this name.
    Check(Option<String>),
    Share,
    Snapshot,
    /// What has been answered in a lesson, and how much of it is right.
    Answers,
    /// Goes on with answers from elsewhere.
    SetAnswers(String),
}

/// All that the messages of the other side can have.
#[derive(Debug, Deserialize)]
struct Envelope {
    netsplit: u32,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    payload: Wish,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    by: Option<i64>,
    event: Option<u64>,
    inputs: Vec<Input>,
    state: Option<String>,
    name: Option<String>,
    answers: Option<String>,
}

/// What even a message that means nothing may have.
#[derive(Debug, Default, Deserialize)]
struct Number {
    #[serde(default)]
    id: u32,
}

/// Reads a message: the number to answer to, and what it asks for or why that cannot be read.
pub fn read(json: &str) -> (u32, Result<Request, Text>) {
    let Number { id } = serde_json::from_str(json).unwrap_or_default();
    (id, parse(json))
}

fn parse(json: &str) -> Result<Request, Text> {
    if json.len() > MOST_BYTES {
        return Err(t!(
            "this message is too long: {bytes} bytes, at most {most}",
            bytes = json.len(),
            most = MOST_BYTES
        ));
    }
    let Envelope { netsplit, kind, payload } = serde_json::from_str(json)
        .map_err(|error| t!("this is no message of Netsplit: {problem}", problem = error.to_string()))?;
    if netsplit != VERSION {
        return Err(t!(
            "this message has version {version}, and this program reads version {known}",
            version = netsplit,
            known = VERSION
        ));
    }
    payload.request(&kind)
}

impl Wish {
    fn request(self, kind: &str) -> Result<Request, Text> {
        let missing =
            |field: &'static str| t!("{kind} needs {field} in its payload", kind = kind.to_string(), field = field);
        Ok(match kind {
            "play" => Request::Play,
            "pause" => Request::Pause,
            "step" => Request::Step(self.by.unwrap_or(1)),
            "seek" => Request::Seek(self.event.ok_or_else(|| missing("event"))?),
            "act" if self.inputs.is_empty() => return Err(missing("inputs")),
            "act" if self.inputs.len() > MOST_INPUTS => {
                return Err(t!("one message can bring up to {most} inputs", most = MOST_INPUTS));
            }
            "act" => Request::Act(self.inputs),
            "getState" => Request::GetState,
            "setState" => Request::SetState(self.state.ok_or_else(|| missing("state"))?),
            "check" => Request::Check(self.name),
            "share" => Request::Share,
            "snapshot" => Request::Snapshot,
            "answers" => Request::Answers,
            "setAnswers" => Request::SetAnswers(self.answers.ok_or_else(|| missing("answers"))?),
            other => {
                let shown = other.chars().take(20).collect::<String>();
                return Err(t!("there is no request {kind}", kind = shown));
            }
        })
    }
}

/// What the page around is told.
#[derive(Debug, Serialize)]
pub struct Message {
    netsplit: u32,
    /// The number of the request that it answers; 0 for news.
    id: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    payload: Payload,
}

impl Message {
    /// News of a kind.
    pub fn news(kind: &'static str, payload: Payload) -> Message {
        Message { netsplit: VERSION, id: 0, kind, payload }
    }

    /// The answer to a request.
    pub fn answer(id: u32, answer: Result<Payload, Text>) -> Message {
        match answer {
            Ok(payload) => Message { netsplit: VERSION, id, kind: "reply", payload },
            Err(sentence) => Message { netsplit: VERSION, id, kind: "error", payload: Payload::sentence(&sentence) },
        }
    }
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Payload {
    Nothing {},
    Moment(Box<Moment>),
    Branch(Branch),
    Checks { checks: Vec<CheckState> },
    Predict(Predicted),
    Goal(GoalReport),
    Lesson(Score),
    Answers(Answers),
    Action { inputs: Vec<Input>, event: u64 },
    Share(Link),
    Picture { svg: String },
    Size { height: u32 },
    Key(Key),
    Error { message: String },
}

impl Payload {
    /// Why something is not possible.
    pub fn sentence(sentence: &Text) -> Payload {
        Payload::Error { message: sentence.to_string() }
    }
}

/// The moment that is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moment {
    pub lab: String,
    pub scenario: Option<String>,
    /// How many events have happened.
    pub event: u64,
    /// How many events have been computed.
    pub length: u64,
    /// Virtual time, in microseconds.
    pub at_us: u64,
    pub playing: bool,
    pub headline: String,
    pub detail: Option<String>,
    /// What the lab counts.
    pub measures: Vec<MeasureState>,
    /// As in a link, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// A number that the lab counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeasureState {
    pub name: &'static str,
    pub title: String,
    /// The short name of the node that it is of; none for the whole system.
    pub node: Option<String>,
    /// In microseconds where `unit` is "Time", in parts per million where it is "Share".
    pub value: i64,
    pub unit: sim::frame::Unit,
}

/// The branch that is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Branch {
    pub letter: String,
    pub title: String,
    /// How many branches there are.
    pub count: usize,
}

/// How a check stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckState {
    pub name: &'static str,
    pub title: String,
    pub outcome: sim::Outcome,
    pub sentence: Option<String>,
    /// The event that decided it.
    pub event: Option<u64>,
}

/// An answer to a question of a lesson that has come out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Predicted {
    pub step: usize,
    /// Places of choices, counted from 1; or a number, in microseconds where it is a time; or the label of a node, or a message.
    pub choice: lessons::Answer,
    pub right: bool,
    /// The misconception that chooses so.
    pub tag: Option<String>,
}

/// How a goal of a task stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GoalReport {
    pub step: usize,
    /// Counted from 1.
    pub goal: usize,
    /// "open", "met" or "lost".
    pub state: &'static str,
}

/// What has become of a whole lesson.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    pub lesson: String,
    /// How many answers are right, and how many questions there are.
    pub right: usize,
    pub of: usize,
    /// How many tasks are done.
    pub tasks: usize,
}

/// What has been answered in a lesson so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Answers {
    /// The content of a file of answers.
    pub answers: String,
    /// The step that is open, counted from 1.
    pub step: usize,
    /// How many predictions are right and tasks done, and how many there are of both.
    pub right: usize,
    pub of: usize,
    /// Whether the end of the lesson is open.
    pub over: bool,
}

/// A moment to pass on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    pub address: String,
    pub state: String,
}

/// A key that a slide deck may want.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    pub key: String,
    pub code: String,
    pub key_code: u32,
    pub shift_key: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::NodeId;

    fn refusal(json: &str) -> String {
        read(json).1.unwrap_err().to_string()
    }

    #[test]
    fn each_request_is_read() {
        let ask = |kind: &str, payload: &str| {
            let (id, request) = read(&format!(r#"{{"netsplit":1,"id":7,"type":"{kind}","payload":{payload}}}"#));
            assert_eq!(id, 7);
            request.unwrap()
        };
        assert_eq!(ask("play", "{}"), Request::Play);
        assert_eq!(ask("pause", "{}"), Request::Pause);
        assert_eq!(ask("step", "{}"), Request::Step(1));
        assert_eq!(ask("step", r#"{"by":-2}"#), Request::Step(-2));
        assert_eq!(ask("seek", r#"{"event":3}"#), Request::Seek(3));
        assert_eq!(
            ask("act", r#"{"inputs":[{"crash":0},"heal_all"]}"#),
            Request::Act(vec![Input::Crash(NodeId(0)), Input::HealAll])
        );
        assert_eq!(ask("getState", "{}"), Request::GetState);
        assert_eq!(ask("setState", r#"{"state":"1;a"}"#), Request::SetState("1;a".into()));
        assert_eq!(ask("check", "{}"), Request::Check(None));
        assert_eq!(ask("share", "{}"), Request::Share);
        assert_eq!(ask("snapshot", "{}"), Request::Snapshot);
        assert_eq!(ask("answers", "{}"), Request::Answers);
        assert_eq!(ask("setAnswers", r#"{"answers":"{}"}"#), Request::SetAnswers("{}".into()));
        assert_eq!(read(r#"{"netsplit":1,"type":"play"}"#), (0, Ok(Request::Play)));
    }

    #[test]
    fn whatever_cannot_be_read_gets_a_sentence() {
        assert_eq!(
            refusal(r#"{"netsplit":2,"id":3,"type":"play"}"#),
            "this message has version 2, and this program reads version 1"
        );
        assert_eq!(refusal(r#"{"netsplit":1,"type":"fly"}"#), "there is no request fly");
        assert_eq!(refusal(r#"{"netsplit":1,"type":"seek"}"#), "seek needs event in its payload");
        assert_eq!(
            refusal(r#"{"netsplit":1,"type":"act","payload":{"inputs":[]}}"#),
            "act needs inputs in its payload"
        );
        let many = vec!["\"heal_all\""; MOST_INPUTS + 1].join(",");
        assert_eq!(
            refusal(&format!(r#"{{"netsplit":1,"type":"act","payload":{{"inputs":[{many}]}}}}"#)),
            "one message can bring up to 100 inputs"
        );
        assert!(refusal(&" ".repeat(MOST_BYTES + 1)).starts_with("this message is too long"));
        for json in [
            "",
            "null",
            "[]",
            "3",
            r#""play""#,
            r#"{"netsplit":1}"#,
            r#"{"netsplit":1,"type":"act","payload":{"inputs":[{"fly":0}]}}"#,
        ] {
            assert!(refusal(json).starts_with("this is no message of Netsplit: "), "{json}");
        }
    }

    #[test]
    fn deep_nesting_does_no_harm() {
        let deep = format!(r#"{{"netsplit":1,"type":"play","payload":{}"#, "[".repeat(100_000));
        assert!(refusal(&deep).starts_with("this is no message of Netsplit: "));
    }

    #[test]
    fn answers_say_what_they_answer() {
        let json = |message: &Message| serde_json::to_string(message).unwrap();
        assert_eq!(
            json(&Message::answer(4, Ok(Payload::Nothing {}))),
            r#"{"netsplit":1,"id":4,"type":"reply","payload":{}}"#
        );
        assert_eq!(
            json(&Message::answer(4, Err(t!("no")))),
            r#"{"netsplit":1,"id":4,"type":"error","payload":{"message":"no"}}"#
        );
        assert_eq!(
            json(&Message::news("resize", Payload::Size { height: 9 })),
            r#"{"netsplit":1,"id":0,"type":"resize","payload":{"height":9}}"#
        );
    }
}
