//! The screen of Netsplit: it shows frames and sends inputs, and knows no protocol.
//!
//! Begin with [`lab_page`] (who holds the session and what commands do) and [`stage`] (how a frame is drawn).

pub mod app;
pub mod article;
pub mod band;
pub mod bookmarks;
pub mod branches;
pub mod cap;
pub mod caption;
pub mod cards;
pub mod checks;
pub mod command;
pub mod compare;
pub mod control;
pub mod counts;
pub mod courses;
pub mod dialog;
pub mod divider;
pub mod dom;
pub mod embed;
pub mod export;
pub mod files;
pub mod focus;
pub mod geometry;
pub mod glossary;
pub mod hint;
pub mod home;
pub mod hunt;
pub mod icons;
pub mod inspector;
pub mod keys;
pub mod lab_page;
pub mod lanes;
pub mod language;
pub mod lesson;
pub mod log_page;
pub mod looks;
pub mod marks;
pub mod math;
pub mod menu;
pub mod motion;
pub mod open_file;
pub mod page_bar;
pub mod palette;
pub mod panels;
pub mod parts;
pub mod present;
pub mod rescue;
pub mod results;
pub mod route;
pub mod scenarios;
pub mod search;
pub mod settings_panel;
pub mod share;
pub mod shared;
pub mod side;
pub mod speed;
pub mod stage;
pub mod story;
pub mod stress;
pub mod tabs;
pub mod text_view;
pub mod theme;
pub mod top_bar;
pub mod transport;
pub mod wait;
pub mod words;
pub mod workbook;
pub mod worker;
pub mod write;

/// Starts the app in the page's body, or, in a worker, its errand.
pub fn run() {
    if dom::window().is_some() {
        rescue::watch_panics();
        language::prepare(|| {
            yew::Renderer::<app::App>::new().render();
        });
    } else {
        worker::serve();
    }
}
