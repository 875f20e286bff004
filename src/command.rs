//! What the parts of the screen ask the lab page to do.

use sim::export::Format;
use sim::{Input, MessageId, NodeId, Scenario, Subject, Text, Until, Value};
use yew::Callback;

use crate::compare::Comparison;
use crate::export;
use crate::lanes::chronicle::Watch;
use crate::language::Language;
use crate::panels::{Dock, Pane, Panel};
use crate::stage::tool::{Deed, Tool};
use crate::stage::zoom::Zoom;

/// One wish of the visitor. Components send it up; [`crate::lab_page`] carries it out.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Draws what stands around the stage too: that comes after the first picture.
    Surround,
    /// Opens a prepared scenario.
    Open(String),
    /// Starts an empty run with other settings or another seed.
    Restart { changes: Vec<(String, Value)>, seed: u64 },
    /// Opens what a hunt for a check has found as a branch.
    ShowFind(Scenario, String),
    /// Acts on the system, one input after the other.
    Act(Vec<Input>),
    /// Goes to the moment after this many events.
    Seek(u64),
    /// Goes one event on or back.
    Step { forward: bool },
    /// Goes to the next or the last event of the selected node.
    StepNode { forward: bool },
    /// Goes to the last event that has been computed.
    End,
    /// Starts playing, or stops.
    Play,
    /// Changes how fast virtual time runs while playing.
    SetSpeed(i32),
    /// Runs on until something happens.
    RunUntil(Until),
    /// Goes to another branch.
    SelectBranch(usize),
    /// Marks the moment, or takes its mark away.
    ToggleBookmark,
    /// Goes to a marked moment.
    GoToBookmark(usize),
    /// Goes to the branch after the selected one, or before it.
    NextBranch { forward: bool },
    /// Removes a branch.
    RemoveBranch(usize),
    /// Gives something a name of the visitor's own.
    Rename(Named, String),
    /// Shows another branch beside the selected one, or ends that.
    Compare(Option<Comparison>),
    /// Shows something in the inspector.
    Select(Option<Item>),
    /// Takes up a tool to make history with, or puts it down.
    Take(Option<Tool>),
    /// Takes up the next tool.
    NextTool,
    /// Presses a node with the tool in the hand.
    Press(NodeId),
    /// Does by hand what a node can do.
    Make(Deed),
    /// Comes nearer to the stage, or goes.
    Zoom(Zoom),
    /// Marks an event in the lanes and in the list, with what it depends on and what depends on it.
    SelectEvent(Option<u64>),
    /// Compares the selected event with another one; with itself until that is chosen. None ends it.
    CompareEvent(Option<u64>),
    /// Learns what happens in a stretch of time that the lanes show.
    Watch(Watch),
    /// Shows another part of the inspector.
    ShowTab(Tab),
    /// Asks why something is as it is.
    Ask(Subject),
    /// Goes to an event of the answer and keeps the answer.
    Follow(u64),
    /// Shows only what this node knows, or everything again.
    ShowKnown(Option<NodeId>),
    /// Saves the run in a format of other programs.
    Export(Format),
    /// Saves a picture of the moment.
    SavePicture(export::Subject, export::Format),
    /// Shows the moment to a class, or goes back to the whole page.
    Present(bool),
    /// Changes something while presenting.
    Lectern(Lectern),
    /// Opens a dialog, or closes it.
    ShowDialog(Option<Topic>),
    /// Changes between the stage and the text view.
    ToggleText,
    /// Folds a panel away, or shows it again.
    Fold(Panel),
    /// Shows lanes or charts under the transport.
    ShowDock(Dock),
    /// Gives a panel another size, in pixels.
    Resize(Panel, u16),
    /// Closes the panel that lies over the stage.
    CloseSheet,
    /// Shows a part of the page, where there is room for one only.
    ShowPane(Pane),
    /// Changes to another language.
    Speak(&'static Language),
    /// Takes the hint for the first visit away.
    EndHint,
    /// Says a sentence in the status region.
    Say(Text),
    /// Takes the sentence away.
    Dismiss,
}

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

/// What a teacher can do while presenting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lectern {
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
    Split,
    Moment,
    Clock(NodeId),
    Link(NodeId, NodeId),
    /// A name of one's own.
    Rename(Named),
    /// This moment as a link or a file.
    Share,
}

/// What a visitor can give a name of their own, by its place in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    Branch(usize),
    Bookmark(usize),
}
