//! What a command needs before it can be carried out. It waits for that, and is then carried out as if it came just now.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{LabPage, LabPageMessage};
use crate::command::{Command, Lectern, Look, Read, Run, Tab, Topic};
use crate::panels::Pane;
use crate::wait::Needed;

impl Command {
    /// The parts of the program that carry it out, where those are not there from the beginning.
    fn needs(&self) -> &'static [Needed] {
        match self {
            Command::Surround => &[Needed::Around, Needed::Answers, Needed::Checkers, Needed::Share, Needed::Workbook],
            Command::Look(Look::ToggleText) | Command::Run(Run::Compare(_) | Run::ShowMe(Some(_))) => &[Needed::Around],
            Command::Run(Run::Open(_) | Run::Restart { .. } | Run::OpenKept(_) | Run::RemoveKept(_) | Run::Undo) => {
                &[Needed::Workbook]
            }
            Command::Run(Run::OpenMoment(..)) => &[Needed::Article, Needed::Workbook],
            Command::Look(Look::ShowArticle(true) | Look::ShowPane(Pane::Article)) => &[Needed::Article],
            Command::Look(Look::ShowDialog(Some(Topic::Share))) => &[Needed::Dialogs, Needed::Share],
            Command::Look(Look::ShowDialog(Some(Topic::Legend))) => &[Needed::Dialogs, Needed::Words],
            Command::Look(Look::ShowDialog(Some(_))) => &[Needed::Dialogs],
            Command::Read(Read::ShowTab(Tab::History)) => &[Needed::Around, Needed::Checkers],
            Command::Read(Read::ShowTab(_) | Read::Ask(_)) => &[Needed::Around, Needed::Answers],
            Command::Read(Read::ShowKnown(Some(_)) | Read::CompareEvent(Some(_))) => &[Needed::Answers],
            Command::Save(_) => &[Needed::Export],
            Command::Lectern(Lectern::Begin) => &[Needed::Present],
            Command::Lectern(Lectern::ToggleCode) => &[Needed::Share],
            Command::Lectern(Lectern::ToggleNotes) => &[Needed::Answers],
            _ => &[],
        }
    }
}

impl LabPage {
    /// Lets a command wait for what it needs. Returns whether it has to.
    pub(super) fn defer(&mut self, context: &Context<Self>, command: &Command) -> bool {
        self.notices.missing = None;
        if command.needs().iter().all(Needed::is_there) {
            return false;
        }
        if let Command::Look(Look::ShowDialog(topic)) = command {
            self.desk.awaited = *topic;
        }
        let (link, command) = (context.link().clone(), command.clone());
        spawn_local(async move {
            for needed in command.needs() {
                if let Err(why) = needed.load().await {
                    return link.send_message(LabPageMessage::Missing(why, command));
                }
            }
            link.send_message(LabPageMessage::Ready(command));
        });
        true
    }

    /// Whether a command is still wanted when what it needs is there: a dialog is not, if the visitor has gone on meanwhile.
    pub(super) fn is_wanted(&self, command: &Command) -> bool {
        match command {
            Command::Look(Look::ShowDialog(topic)) => self.desk.awaited == *topic,
            _ => true,
        }
    }
}
