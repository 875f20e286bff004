//! The article of a lab, beside its stage: a part of its own. The texts are those of the labs' `notes.md`, which a site has in
//! `articles/`; the page says of which labs.

pub mod draw;
pub mod moments;
pub mod panel;

use sim::{SharedMoment, Text};
use yew::prelude::*;

use crate::command::Commands;
use crate::dom;
use crate::part;

/// What shows articles, and opens the moments that they speak of.
#[derive(Debug)]
pub struct Reader {
    /// The article of a lab, once it has come.
    pub draw: fn(&AttrValue, &Commands) -> Html,
    /// A moment of a lab, by its statements, with what it is called where it stands.
    pub moment: fn(&str, &str, &str) -> Result<SharedMoment, Text>,
}

part!(
    article: Reader = Reader {
        draw: |lab, commands| html! { <panel::Article lab={lab.clone()} commands={commands.clone()} /> },
        moment: moments::moment,
    }
);

/// Whether a lab has one.
pub fn is_there(lab: &str) -> bool {
    let labs = dom::find(r#"meta[name="netsplit-articles"]"#).and_then(|meta| meta.get_attribute("content"));
    labs.is_some_and(|labs| labs.split(' ').any(|other| other == lab))
}
