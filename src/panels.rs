//! The parts of the page around the stage: which are open, and how large. What fits depends on the room there is.

use sim::frame::{self, Frame};
use sim::{Text, t};

use crate::dom;

const NAME: &str = "netsplit.panels";
const LEVEL: &str = "netsplit.level";
const LOW_LANES_PX: u16 = 120;
/// Of the strip of lanes in *Learn*.
const STRIP_PX: u16 = 92;

/// How much room the window has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Room {
    /// 1024 pixels and more with letters of the usual size: all panels stand beside the stage.
    #[default]
    Wide,
    /// From 640 pixels: panels are sheets over the stage.
    Medium,
    /// Less: one part at a time, chosen with tabs.
    Narrow,
}

impl Room {
    /// The room of this window, in widths of the visitor's letters: with larger letters there is less of it.
    pub fn now() -> Room {
        let at_least = |width: u32| dom::media_matches(&format!("(min-width: {width}em)"));
        match (at_least(64), at_least(40)) {
            (Some(false), Some(true)) => Room::Medium,
            (Some(false), Some(false)) => Room::Narrow,
            _ => Room::Wide,
        }
    }

    /// Whether this window is too low for all checks in a row: 704 pixels with letters of the usual size.
    pub fn is_low() -> bool {
        dom::media_matches("(max-height: 44em)") == Some(true)
    }

    pub fn name(self) -> &'static str {
        match self {
            Room::Wide => "wide",
            Room::Medium => "medium",
            Room::Narrow => "narrow",
        }
    }
}

/// How much of the page a visitor wants around the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// What somebody needs who sees this for the first time; all else is one press away.
    #[default]
    Learn,
    /// Everything.
    All,
}

impl Level {
    pub const BOTH: [Level; 2] = [Level::Learn, Level::All];

    pub fn name(self) -> &'static str {
        match self {
            Level::Learn => "learn",
            Level::All => "all",
        }
    }

    pub fn title(self) -> Text {
        match self {
            Level::Learn => t!("Learn"),
            Level::All => t!("All"),
        }
    }

    /// As it was chosen last time; *Learn* on a first visit.
    fn recalled() -> Level {
        match dom::recall(LEVEL).as_deref() {
            Some("all") => Level::All,
            _ => Level::Learn,
        }
    }
}

/// A part of the page that can be folded away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// Scenarios and settings.
    Side,
    Inspector,
    Lanes,
}

impl Panel {
    pub const ALL: [Panel; 3] = [Panel::Side, Panel::Inspector, Panel::Lanes];

    pub fn name(self) -> &'static str {
        match self {
            Panel::Side => "side",
            Panel::Inspector => "inspector",
            Panel::Lanes => "lanes",
        }
    }

    pub fn title(self) -> Text {
        match self {
            Panel::Side => t!("Scenarios and settings"),
            Panel::Inspector => t!("Inspector"),
            Panel::Lanes => t!("Lanes"),
        }
    }

    /// The least, the most and the usual size, in pixels.
    pub fn range(self) -> (u16, u16, u16) {
        match self {
            Panel::Side => (220, 560, 316),
            Panel::Inspector => (240, 640, 320),
            Panel::Lanes => (100, 600, 152),
        }
    }
}

/// A part of the panel at the side of a lab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SideTab {
    #[default]
    Scenarios,
    Settings,
    Rules,
    Hunt,
}

impl SideTab {
    pub const ALL: [SideTab; 4] = [SideTab::Scenarios, SideTab::Settings, SideTab::Rules, SideTab::Hunt];

    /// The name in the page and for tests.
    pub fn id(self) -> &'static str {
        match self {
            SideTab::Scenarios => "side-scenarios",
            SideTab::Settings => "side-settings",
            SideTab::Rules => "side-rules",
            SideTab::Hunt => "side-hunt",
        }
    }

    pub fn title(self) -> Text {
        match self {
            SideTab::Scenarios => t!("Scenarios"),
            SideTab::Settings => t!("Settings"),
            SideTab::Rules => t!("Break a rule"),
            SideTab::Hunt => t!("Hunt"),
        }
    }
}

/// What stands under the transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dock {
    Lanes,
    Charts,
}

impl Dock {
    pub const ALL: [Dock; 2] = [Dock::Lanes, Dock::Charts];

    pub fn name(self) -> &'static str {
        match self {
            Dock::Lanes => "lanes",
            Dock::Charts => "charts",
        }
    }

    pub fn title(self) -> Text {
        match self {
            Dock::Lanes => t!("Lanes"),
            Dock::Charts => t!("Charts"),
        }
    }

    /// What a lab begins with: charts where requests wait in queues, none where there are no charts to choose.
    pub fn usual(frame: &Frame) -> Option<Dock> {
        frame
            .panels
            .iter()
            .any(|panel| matches!(panel, frame::Panel::Chart(_) | frame::Panel::Spans(_)))
            .then(|| if frame.nodes.iter().any(|node| node.queue.is_some()) { Dock::Charts } else { Dock::Lanes })
    }
}

/// What a narrow window shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    Lab,
    #[default]
    Stage,
    Time,
    Node,
    /// The article of the lab, where there is one.
    Article,
    /// The lesson that is open.
    Lesson,
}

impl Pane {
    pub const ALL: [Pane; 6] = [Pane::Lesson, Pane::Lab, Pane::Stage, Pane::Time, Pane::Node, Pane::Article];

    pub fn name(self) -> &'static str {
        match self {
            Pane::Lab => "lab",
            Pane::Stage => "stage",
            Pane::Time => "time",
            Pane::Node => "node",
            Pane::Article => "article",
            Pane::Lesson => "lesson",
        }
    }

    pub fn title(self) -> Text {
        match self {
            Pane::Lab => t!("Scenarios"),
            Pane::Stage => t!("Stage"),
            Pane::Time => t!("Timeline"),
            Pane::Node => t!("Details"),
            Pane::Article => t!("Article"),
            Pane::Lesson => t!("Lesson"),
        }
    }
}

/// All panels of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panels {
    pub room: Room,
    /// Whether the window leaves no height for what can be one press away.
    pub is_low: bool,
    pub level: Level,
    /// Whether the lanes of *Learn* are as high as those of *All*.
    has_high_lanes: bool,
    sizes_px: [u16; 3],
    folded: [bool; 3],
    sheet: Option<Panel>,
    pub pane: Pane,
    /// Whether the article stands beside the stage. It takes the place of the panel at the side, where that has one.
    pub has_article: bool,
    /// Whether a lesson stands there.
    pub has_lesson: bool,
}

impl Default for Panels {
    fn default() -> Panels {
        Panels {
            room: Room::default(),
            is_low: false,
            level: Level::All,
            has_high_lanes: false,
            sizes_px: Panel::ALL.map(|panel| panel.range().2),
            folded: [false; 3],
            sheet: None,
            pane: Pane::default(),
            has_article: false,
            has_lesson: false,
        }
    }
}

impl Panels {
    /// The panels as they were left last time.
    pub fn recalled() -> Panels {
        let kept = dom::recall(NAME).and_then(|kept| Panels::default().read(&kept));
        Panels {
            room: Room::now(),
            is_low: Room::is_low(),
            level: Level::recalled(),
            ..kept.unwrap_or_else(Panels::usual)
        }
    }

    /// In a low window the lanes leave more to the stage.
    fn usual() -> Panels {
        let usual = Panels::default();
        match dom::media_matches("(max-height: 50em)") {
            Some(true) => usual.resized(Panel::Lanes, LOW_LANES_PX),
            _ => usual,
        }
    }

    fn read(mut self, kept: &str) -> Option<Panels> {
        let mut words = kept.split(' ');
        for panel in Panel::ALL {
            self = self.resized(panel, words.next()?.parse().ok()?);
            self.folded[panel as usize] = words.next()? == "folded";
        }
        Some(self)
    }

    fn written(&self) -> String {
        let word = |panel: Panel| {
            let state = if self.folded[panel as usize] { "folded" } else { "open" };
            format!("{} {state}", self.sizes_px[panel as usize])
        };
        Panel::ALL.map(word).join(" ")
    }

    /// Keeps sizes and folds for the next visit.
    pub fn remember(&self) {
        dom::remember(NAME, &self.written());
    }

    /// The same on the other level, also for the next visit.
    pub fn at(self, level: Level) -> Panels {
        dom::remember(LEVEL, level.name());
        Panels { level, sheet: None, ..self }
    }

    /// Whether scenarios and inspector come only when they are asked for.
    fn has_sheets(&self) -> bool {
        match self.room {
            Room::Wide => self.level == Level::Learn,
            Room::Medium => true,
            Room::Narrow => false,
        }
    }

    /// Whether a panel is to be drawn.
    pub fn shows(&self, panel: Panel) -> bool {
        match panel {
            _ if self.room == Room::Narrow => true,
            Panel::Side | Panel::Inspector if self.has_sheets() => self.sheet == Some(panel),
            Panel::Side if self.has_lesson => self.sheet == Some(panel),
            Panel::Side if self.has_article => false,
            Panel::Lanes if self.level == Level::Learn => true,
            _ => !self.folded[panel as usize],
        }
    }

    /// Whether the scenario is told above the stage: wherever the list of scenarios does not stand beside it.
    pub fn shows_band(&self) -> bool {
        !self.has_lesson && (self.room != Room::Wide || !self.shows(Panel::Side) || self.level == Level::Learn)
    }

    /// Whether caption, checks and transport share one row.
    pub fn has_one_row(&self) -> bool {
        self.room == Room::Wide && self.level == Level::Learn
    }

    /// Folds a panel away, or shows it again.
    pub fn toggled(mut self, panel: Panel) -> Panels {
        match panel {
            Panel::Side | Panel::Inspector if self.has_sheets() => {
                self.sheet = if self.sheet == Some(panel) { None } else { Some(panel) };
            }
            // Scenarios and settings come over the stage: the lesson stays.
            Panel::Side if self.has_lesson => {
                self.sheet = if self.sheet == Some(panel) { None } else { Some(panel) };
            }
            Panel::Side if self.has_article => (self.has_article, self.folded[panel as usize]) = (false, false),
            Panel::Lanes if self.level == Level::Learn => self.has_high_lanes = !self.has_high_lanes,
            _ => self.folded[panel as usize] = !self.folded[panel as usize],
        }
        self
    }

    /// The same with a panel in view.
    fn showing(self, panel: Panel) -> Panels {
        if self.shows(panel) { self } else { self.toggled(panel) }
    }

    /// The same with another size of a panel, as far as it may go.
    pub fn resized(mut self, panel: Panel, size_px: u16) -> Panels {
        let (least, most, _) = panel.range();
        self.sizes_px[panel as usize] = size_px.clamp(least, most);
        self
    }

    /// The size of a panel, in pixels.
    pub fn size_px(&self, panel: Panel) -> u16 {
        match panel {
            Panel::Lanes if self.has_strip() => STRIP_PX,
            _ => self.sizes_px[panel as usize],
        }
    }

    /// Whether the lanes are a low strip.
    pub fn has_strip(&self) -> bool {
        self.level == Level::Learn && !self.has_high_lanes && self.room != Room::Narrow
    }

    /// With the panel at the side in sight, whatever room there is.
    pub fn showing_side(self) -> Panels {
        match self.room {
            Room::Narrow => Panels { pane: Pane::Lab, ..self },
            Room::Wide | Room::Medium => self.showing(Panel::Side),
        }
    }

    /// What was selected is shown where the inspector comes only when it is asked for.
    pub fn showing_selection(mut self) -> Panels {
        if self.has_sheets() {
            self.sheet = Some(Panel::Inspector);
        }
        self
    }

    /// With the article beside the stage, or in its place, or without it.
    pub fn with_article(self, has_article: bool) -> Panels {
        let pane = match self.pane {
            _ if has_article => Pane::Article,
            Pane::Article => Pane::Stage,
            pane => pane,
        };
        Panels { has_article, pane, sheet: None, ..self }
    }

    /// With a lesson beside the stage, or in its place, or without it.
    pub fn with_lesson(self, has_lesson: bool) -> Panels {
        let pane = match self.pane {
            _ if has_lesson => Pane::Lesson,
            Pane::Lesson => Pane::Stage,
            pane => pane,
        };
        Panels { has_lesson, has_article: self.has_article && !has_lesson, pane, sheet: None, ..self }
    }

    /// Without a sheet over the stage.
    pub fn without_sheet(self) -> Panels {
        Panels { sheet: None, ..self }
    }

    /// With the lanes of *Learn* high or low.
    pub fn with_high_lanes(self, has_high_lanes: bool) -> Panels {
        Panels { has_high_lanes, ..self }
    }

    pub fn has_sheet(&self) -> bool {
        (self.has_sheets() || self.has_lesson) && self.sheet.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_come_back_as_they_were_left() {
        let left = Panels::default().resized(Panel::Inspector, 401).toggled(Panel::Lanes);
        assert_eq!(Panels::default().read(&left.written()), Some(left));
        for nonsense in ["", "316", "316 open 320 open", "a b c d e f"] {
            assert_eq!(Panels::default().read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn sizes_stay_in_bounds() {
        assert_eq!(Panels::default().resized(Panel::Side, 9).size_px(Panel::Side), 220);
        assert_eq!(Panels::default().resized(Panel::Lanes, 9_000).size_px(Panel::Lanes), 600);
    }

    #[test]
    fn the_article_takes_the_place_of_the_side() {
        let open = Panels::default().with_article(true);
        assert!(!open.shows(Panel::Side) && open.shows_band());
        let side = open.showing_side();
        assert!(side.shows(Panel::Side) && !side.has_article);
        let sheet = Panels { level: Level::Learn, ..open }.showing_side();
        assert!(sheet.shows(Panel::Side) && sheet.has_article, "a sheet lies over it");
        assert_eq!((open.pane, open.with_article(false).pane), (Pane::Article, Pane::Stage));
    }

    #[test]
    fn a_panel_is_a_sheet_where_there_is_little_room() {
        let medium = Panels { room: Room::Medium, ..Panels::default() };
        assert!(!medium.shows(Panel::Inspector) && medium.shows(Panel::Lanes));
        let open = medium.showing_selection();
        assert!(open.shows(Panel::Inspector) && !open.toggled(Panel::Inspector).shows(Panel::Inspector));
        assert!(!open.toggled(Panel::Side).shows(Panel::Inspector));
        assert!(!Panels::default().showing_selection().has_sheet());
        for room in [Room::Wide, Room::Medium, Room::Narrow] {
            let shown = Panels { room, ..Panels::default() }.toggled(Panel::Side).showing_side();
            assert!(shown.shows(Panel::Side) && (room != Room::Narrow || shown.pane == Pane::Lab), "{room:?}");
        }
    }
}
