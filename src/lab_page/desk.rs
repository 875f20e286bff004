//! How the page lies before the visitor.

use std::rc::Rc;

use sim::SharedMoment;
use yew::prelude::*;

use super::{LabPage, Source, Start};
use crate::command::{Look, Topic};
use crate::language;
use crate::panels::{Dock, Level, Pane, Panels, Room, SideTab};
use crate::route::Route;

/// How the page lies before the visitor.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) panels: Panels,
    /// Which part of the panel at the side is open.
    pub(super) side: SideTab,
    /// What stands under the transport, where there is something to choose.
    pub(super) dock: Option<Dock>,
    /// Whether the text view stands in the place of the stage.
    pub(super) has_text: bool,
    /// How near the visitor stands to the stage.
    pub(super) zoom: f64,
    /// What the open dialog is about.
    pub(super) topic: Option<Topic>,
    /// What a dialog is about that was asked for and is still on its way.
    pub(super) awaited: Option<Topic>,
    /// The moment that the dialog shares.
    pub(super) shared: Option<Rc<SharedMoment>>,
    /// Whether the address is about to change and the run stays.
    pub(super) keeps_run: bool,
}

impl Desk {
    /// As the visitor has left it. A log has one level only: all of it is lanes and events.
    pub(super) fn recalled(source: &Source) -> Desk {
        let mut panels = Panels::recalled();
        if matches!(source, Source::Log(_)) {
            panels.level = Level::All;
        }
        let side = SideTab::default();
        Desk {
            panels,
            side,
            dock: None,
            has_text: false,
            zoom: 1.0,
            topic: None,
            awaited: None,
            shared: None,
            keeps_run: false,
        }
    }

    /// The window has another size. Returns whether that makes another room.
    pub(super) fn resize(&mut self) -> bool {
        let (room, is_low) = (Room::now(), Room::is_low());
        let is_other = (room, is_low) != (self.panels.room, self.panels.is_low);
        (self.panels.room, self.panels.is_low) = (room, is_low);
        is_other
    }

    /// Puts the panels in another order, also for the next visit.
    fn put(&mut self, panels: Panels) {
        self.panels = panels;
        self.panels.remember();
    }

    pub(super) fn close_sheet(&mut self) {
        self.panels = self.panels.without_sheet();
    }
}

impl LabPage {
    pub(super) fn arrange(&mut self, context: &Context<Self>, wish: Look) {
        let desk = &mut self.desk;
        if let Look::ShowDialog(_) = wish {
            desk.awaited = None;
        }
        match wish {
            Look::Zoom(zoom) => desk.zoom = zoom.from(desk.zoom),
            Look::ToggleText => desk.has_text = !desk.has_text,
            Look::ShowDialog(Some(Topic::Share)) => self.offer_share(context),
            Look::ShowDialog(topic) => desk.topic = topic,
            Look::Fold(panel) => desk.put(desk.panels.toggled(panel)),
            Look::Resize(panel, size_px) => desk.put(desk.panels.resized(panel, size_px)),
            Look::ShowSide(tab) => {
                desk.side = tab;
                desk.put(desk.panels.showing_side());
            }
            Look::CloseSheet => desk.close_sheet(),
            Look::SetLevel(level) => desk.panels = desk.panels.at(level),
            Look::ShowArticle(_) | Look::ShowPane(Pane::Article) => {
                self.show_article(context, wish != Look::ShowArticle(false));
            }
            Look::ShowPane(pane) => desk.panels.pane = pane,
            Look::ShowDock(dock) => {
                desk.dock = Some(dock);
                self.look();
            }
            Look::Speak(language) => language::choose(language),
        }
    }

    /// Shows the article of the lab, at its address, or closes it. The run that is open stays.
    fn show_article(&mut self, context: &Context<Self>, is_open: bool) {
        self.desk.panels = self.desk.panels.with_article(is_open);
        let (Source::Lab(lab), start) = (&context.props().source, &context.props().start) else { return };
        let lab = lab.to_string();
        match (is_open, *start == Start::Notes) {
            (true, false) => Route::Notes { lab }.go(),
            (false, true) => {
                self.desk.keeps_run = true;
                let scenario = self.places.scenario.as_ref().map(|name| name.to_string());
                Route::Lab { lab, scenario }.go();
            }
            _ => {}
        }
        if is_open {
            // Whoever comes back goes on where they were.
            self.painting.focus = Some(".article [aria-current]".into());
        }
    }

    /// Opens the dialog that passes the moment on; a log is a file already.
    fn offer_share(&mut self, context: &Context<Self>) {
        if matches!(context.props().source, Source::Lab(_)) {
            self.playing.pause();
            self.desk.shared = self.share();
            self.desk.topic = Some(Topic::Share);
        }
    }

    /// What stands below, where there is a choice: under what one node knows there are no charts.
    pub(super) fn dock(&self) -> Option<Dock> {
        self.desk.dock.filter(|_| self.reading.knower.is_none())
    }
}
