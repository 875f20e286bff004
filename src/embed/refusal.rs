//! A figure that cannot be shown.

use sim::Text;
use yew::prelude::*;

use super::{Channel, News, Payload};
use crate::words::say;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct RefusalProps {
    pub sentence: Text,
    /// The only page that may be told.
    pub origin: Option<String>,
    /// What the visitor can do about it.
    pub remedy: Html,
}

/// Says why there is no figure, also to the page around.
#[derive(Debug)]
pub struct Refusal(Option<Channel>);

impl Component for Refusal {
    type Message = News;
    type Properties = RefusalProps;

    fn create(context: &Context<Self>) -> Refusal {
        Refusal(Channel::open(context.props().origin.as_deref(), context.link().callback(|news| news)))
    }

    fn update(&mut self, context: &Context<Self>, news: News) -> bool {
        let sentence = &context.props().sentence;
        if let Some(channel) = &self.0 {
            match news {
                News::Connected => channel.tell("error", Payload::sentence(sentence)),
                News::Asked(id, _) => channel.answer(id, Err(sentence.clone())),
            }
        }
        false
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let RefusalProps { sentence, remedy, .. } = context.props();
        html! { <main class="plain-page"><p role="alert">{ say(sentence) }</p>{ remedy.clone() }</main> }
    }
}
