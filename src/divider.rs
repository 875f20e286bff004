//! The line between two parts of the page: drag it, or move it with the arrow keys, to give one of them more room.

use sim::t;
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use crate::command::{Commands, Look};
use crate::language;
use crate::panels::Panel;
use crate::words::say;

const STEP_PX: i32 = 16;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DividerProps {
    /// The panel that it makes larger or smaller.
    pub panel: Panel,
    /// Its size now, in pixels.
    pub size_px: u16,
    pub commands: Commands,
}

/// A divider, as the window splitter of the ARIA patterns.
#[component]
pub fn Divider(props: &DividerProps) -> Html {
    // Where the drag began: the pointer, and the size.
    let start = use_mut_ref(|| None::<(i32, i32)>);
    let (panel, size_px) = (props.panel, i32::from(props.size_px));
    let is_level = panel == Panel::Lanes;
    // Whether the panel grows when the divider moves to the right or down.
    let grows = !is_level && (panel == Panel::Side) != language::is_mirrored();
    let resize = move |size_px: i32| Look::Resize(panel, size_px.clamp(0, 4096) as u16);
    let place = move |event: &PointerEvent| if is_level { event.client_y() } else { event.client_x() };
    let onpointerdown = {
        let start = start.clone();
        Callback::from(move |event: PointerEvent| {
            event.prevent_default();
            let divider: Element = event.target_unchecked_into();
            let _ = divider.set_pointer_capture(event.pointer_id());
            *start.borrow_mut() = Some((place(&event), size_px));
        })
    };
    let onpointermove = {
        let (start, commands) = (start.clone(), props.commands.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some((from, size_px)) = *start.borrow() {
                let moved = place(&event) - from;
                commands.emit(resize(size_px + if grows { moved } else { -moved }).into());
            }
        })
    };
    let onpointerup = Callback::from(move |_: PointerEvent| *start.borrow_mut() = None);
    let onkeydown = {
        let commands = props.commands.clone();
        Callback::from(move |event: KeyboardEvent| {
            let ahead = if grows { STEP_PX } else { -STEP_PX };
            let wish = match (event.key().as_str(), is_level) {
                ("ArrowRight", false) | ("ArrowDown", true) => resize(size_px + ahead),
                ("ArrowLeft", false) | ("ArrowUp", true) => resize(size_px - ahead),
                ("Enter", _) => Look::Fold(panel),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            commands.emit(wish.into());
        })
    };
    let ondblclick = props.commands.reform(move |_: MouseEvent| Look::Resize(panel, panel.range().2).into());
    let (least, most, _) = panel.range();
    html! {
        <div class={classes!("divider", if is_level { "level" } else { "upright" })} role="separator" tabindex="0"
            data-testid={format!("divider-{}", panel.name())} aria-label={say(t!("Size of: {panel}", panel = panel.title()))}
            aria-orientation={if is_level { "horizontal" } else { "vertical" }} aria-valuenow={size_px.to_string()}
            aria-valuemin={least.to_string()} aria-valuemax={most.to_string()}
            {onpointerdown} {onpointermove} onpointercancel={onpointerup.clone()} {onpointerup} {onkeydown} {ondblclick}></div>
    }
}
