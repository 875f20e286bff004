//! What the parts of the screen ask the lab page to do.

use sim::export::Format;
use sim::hunt::Contrast;
use sim::{Input, MessageId, NodeId, Scenario, Subject, Text, Until, Value};
use yew::Callback;

use crate::compare::Comparison;
use crate::export;
use crate::hunt::show::Wish;
use crate::lanes::chronicle::Watch;
use crate::language::Language;
use crate::panels::{Dock, Level, Pane, Panel, SideTab};
use crate::speed::Pace;
use crate::stage::tool::{Deed, Tool};
use crate::stage::zoom::Zoom;

/// One wish of the visitor, by the room of the page that it enters. Components send it up; [`crate::lab_page`] carries it
/// out.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Draws what stands around the stage too: that comes after the first picture.
    Surround,
    Course(Course),
    Run(Run),
    /// Acts on the system, one input after the other.
    Act(Vec<Input>),
    Hand(Hand),
    Read(Read),
    Look(Look),
    Notice(Notice),
    Save(Save),
    Lectern(Lectern),
    Lesson(Lesson),
}

/// Ways through a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Course {
    /// Goes to the moment after this many events.
    Seek(u64),
    /// Goes one event on or back.
    Step { forward: bool },
    /// Goes to the next or the last event of the selected node.
    StepNode { forward: bool },
    /// Goes to the last event that has been computed.
    End,
    /// Goes to the next telling moment or the last one.
    StepTelling { forward: bool },
    /// Starts playing, or stops.
    Play,
    /// Changes how fast the run plays.
    SetPace(Pace),
    /// Runs on until something happens.
    RunUntil(Until),
    /// Goes to an event of the answer and keeps the answer.
    Follow(u64),
}

/// Which run is shown, and what a visitor keeps of it: scenarios, branches, bookmarks.
#[derive(Clone, Debug, PartialEq)]
pub enum Run {
    /// Opens a prepared scenario.
    Open(String),
    /// Opens a moment that the article speaks of, by its statements and by what it is called there.
    OpenMoment(String, String),
    /// Opens another lab.
    OpenLab(&'static str),
    /// Starts an empty run with other settings or another seed.
    Restart { changes: Vec<(String, Value)>, seed: u64 },
    /// Opens what a hunt for a check has found as a branch.
    ShowFind(Scenario, String),
    /// Searches for what somebody wants to be shown, or ends that.
    ShowMe(Option<Wish>),
    /// Opens a run without a rule and the same one with it as branches, side by side.
    ShowContrast(Box<Contrast>, Wish),
    /// Goes to another branch.
    SelectBranch(usize),
    /// Goes to the branch after the selected one, or before it.
    NextBranch { forward: bool },
    /// Removes a branch.
    RemoveBranch(usize),
    /// Shows another branch beside the selected one, or ends that.
    Compare(Option<Comparison>),
    /// Marks the moment, or takes its mark away.
    ToggleBookmark,
    /// Goes to a marked moment.
    GoToBookmark(usize),
    /// Takes a bookmark away.
    RemoveBookmark(usize),
    /// Gives something a name of the visitor's own.
    Rename(Named, String),
    /// Writes a sentence about a bookmark.
    Annotate(usize, String),
    /// Says what the run is called, and something about it.
    Describe { title: String, note: String },
    /// Opens a run of this lab that the visitor has kept.
    OpenKept(u64),
    /// Removes one.
    RemoveKept(u64),
    /// Puts back what was removed last.
    Undo,
}

/// Making history by pressing nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// Takes up a tool to make history with, or puts it down.
    Take(Option<Tool>),
    /// Takes up the next tool.
    NextTool,
    /// Presses a node with the tool in the hand.
    Press(NodeId),
    /// Does by hand what a node can do.
    Make(Deed),
}

/// Selecting and asking.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// Shows something in the inspector.
    Select(Option<Item>),
    /// Shows another part of the inspector.
    ShowTab(Tab),
    /// Goes to the event that decided a check, and marks what its verdict points at until that is left.
    PointAt(&'static str),
    /// Asks why something is as it is.
    Ask(Subject),
    /// Shows only what this node knows, or everything again.
    ShowKnown(Option<NodeId>),
    /// Marks an event in the lanes and in the list, with what it depends on and what depends on it.
    SelectEvent(Option<u64>),
    /// Compares the selected event with another one; with itself until that is chosen. None ends it.
    CompareEvent(Option<u64>),
    /// Learns what happens in a stretch of time that the lanes show.
    Watch(Watch),
}

/// How the page lies before the visitor: panels, dialogs, views.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look {
    /// Comes nearer to the stage, or goes.
    Zoom(Zoom),
    /// Changes between the stage and the text view.
    ToggleText,
    /// Opens a dialog, or closes it.
    ShowDialog(Option<Topic>),
    /// Folds a panel away, or shows it again.
    Fold(Panel),
    /// Gives a panel another size, in pixels.
    Resize(Panel, u16),
    /// Opens the panel at the side on one of its parts.
    ShowSide(SideTab),
    /// Closes the panel that lies over the stage.
    CloseSheet,
    /// Shows the article of the lab beside the stage, or closes it.
    ShowArticle(bool),
    /// Shows a part of the page, where there is room for one only.
    ShowPane(Pane),
    /// Shows as much around the stage as on this level.
    SetLevel(Level),
    /// Shows lanes or charts under the transport.
    ShowDock(Dock),
    /// Changes to another language.
    Speak(&'static Language),
}

/// What the page says by itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// Says a sentence in the status region.
    Say(Text),
    /// Takes the sentence away.
    Dismiss,
    /// Takes the hint for the first visit away.
    EndHint,
}

/// What a visitor takes home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Save {
    /// The run in a format of other programs.
    Run(Format),
    /// A picture of the moment.
    Picture(export::Subject, export::Format),
}

/// Showing the moment to a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lectern {
    /// Begins to present.
    Begin,
    /// Goes back to the whole page.
    Leave,
    /// Makes the screen black, or shows the picture again.
    ToggleBlank,
    /// Shows the address of the moment as a QR code, or hides it.
    ToggleCode,
    /// Opens the window with the notes, or closes it.
    ToggleNotes,
    /// The window with the notes has been closed.
    LoseNotes,
    /// Fills the screen where that has been lost, and otherwise ends presenting.
    Fill,
    /// The page does not fill the screen any more.
    LoseScreen,
}

/// What somebody does in a lesson.
#[derive(Clone, Debug, PartialEq)]
pub enum Lesson {
    /// Goes to a step, counted from 1.
    GoTo(usize),
    /// Goes to the next step, or to the one before.
    Turn { forward: bool },
    /// Chooses an answer of this number, counted from 1, or takes that back.
    Choose(usize),
    /// Writes a number.
    Write(String),
    /// Does what comes next: locks the answer, runs, goes on to what follows.
    GoOn,
    /// Goes to the end of what is being shown.
    Skip,
    /// Shows where it can be seen why a choice is as it is: the block of the question and the choice, both counted from 0.
    Show(usize, usize),
    /// Comes back from there, or from a solution.
    Return,
    /// Shows one of the ways in which a moment went on, counted from 0.
    ShowWay(usize),
    /// Opens the next hint.
    Hint,
    /// Shows the next solution.
    Solve,
    /// The places of the goals that are met, of those that take long.
    Weighed(Result<Vec<usize>, Text>),
    /// Goes to an event that decided a goal.
    Visit(u64),
    /// Goes to before this event, to act in another way from there.
    GoBack(u64),
    /// Begins the task again.
    Again,
    /// In front of a class: the question, the run, the answer, and so on; or back.
    Present { forward: bool },
    /// In front of a class: what happens, and the answer, at once.
    Reveal,
    /// Counts a hand for a choice, counted from 1, or takes one back.
    Count { choice: usize, more: bool },
    /// Calls the answers something: a group, a name that somebody likes.
    Label(String),
    /// Forgets all answers.
    Forget,
    /// Saves the answers as a file.
    Save,
    /// Saves a worksheet to print, with its key or without.
    Print { with_key: bool },
    /// Leaves for the lab.
    Leave,
    /// Writes a lesson.
    Draft(Draft),
}

/// What somebody does who writes a lesson.
#[derive(Clone, Debug, PartialEq)]
pub enum Draft {
    /// The text is this now.
    Type(String),
    /// Reads it: nothing has been typed for a while.
    Check,
    /// What a proof has found wrong, at a line and a column.
    Proved(Result<Vec<(usize, usize, String)>, Text>),
    /// Begins another one.
    New,
    /// Takes in the text of a file, or why there is none.
    Open(Result<String, Text>),
    /// Opens a draft, by its place in the list.
    Choose(usize),
    Save,
    /// Begins to write down what is done, or ends that.
    Record,
    /// Lists what can be asked for, or ends that.
    Pick,
    /// Puts something in at the cursor.
    Insert(String),
    /// Says what is true at the reveals of the step.
    TryKeys,
    /// Opens it as a lesson.
    Play,
}

/// A wish becomes the command that takes it to its room.
macro_rules! rooms {
    ($($room:ident),*) => {$(
        impl From<$room> for Command {
            fn from(wish: $room) -> Command {
                Command::$room(wish)
            }
        }
    )*};
}

rooms!(Course, Run, Hand, Read, Look, Notice, Save, Lectern, Lesson);

/// Where commands go.
pub type Commands = Callback<Command>;

/// Something on the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    Node(NodeId),
    /// The two ends, the smaller first.
    Link(NodeId, NodeId),
    Message(MessageId),
}

/// A part of the inspector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Node,
    Message,
    Log,
    Why,
    History,
    Events,
}

/// What a dialog is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Help,
    /// What the signs on the stage mean.
    Legend,
    Split,
    Moment,
    Clock(NodeId),
    Link(NodeId, NodeId),
    /// A name of one's own.
    Rename(Named),
    /// This moment as a link or a file.
    Share,
    /// All checks, one of them opened.
    Checks(Option<&'static str>),
}

/// What a visitor can give a name of their own, by its place in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    Branch(usize),
    Bookmark(usize),
}
