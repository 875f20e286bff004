//! The address of a moment as a QR code (ISO/IEC 18004).

use qrcodegen::{QrCode, QrCodeEcc};
use sim::t;
use yew::prelude::*;

use crate::command::{Commands, Lectern};
use crate::icons::{Shape, icon};
use crate::words::say;

/// The width of the white border that scanners need, in modules (ISO/IEC 18004, section 6.3.8).
const QUIET_ZONE: i32 = 4;
/// Longer addresses make modules too small to be scanned from a seat.
const MOST_CHARACTERS: usize = 1_200;

/// The code of an address, large, with the address below.
pub fn draw(address: &str, commands: &Commands) -> Html {
    let close = say(t!("Close"));
    let onclick = commands.reform(|_: MouseEvent| Lectern::ToggleCode.into());
    html! {
        <figure class="code" data-testid="code">
            if let Some((side, modules)) = modules(address) {
                <svg role="img" aria-label={say(t!("QR code of this moment"))} viewBox={format!("0 0 {side} {side}")} shape-rendering="crispEdges">
                    <rect class="code-light" width={side.to_string()} height={side.to_string()} />
                    <path class="code-dark" d={modules} />
                </svg>
            } else {
                <p>{ say(t!("The run has too many inputs for a QR code. Share it as a file instead.")) }</p>
            }
            <figcaption><a href={address.to_string()} target="_blank" rel="noopener">{ address }</a></figcaption>
            <button class="button icon" aria-label={close.clone()} title={close} {onclick}>{ icon(Shape::Close) }</button>
        </figure>
    }
}

/// The side of a code with its quiet zone, in modules, and its dark modules as a path.
/// With the lowest level of correction: nothing is torn or dirty on a screen, and the modules are larger.
fn modules(address: &str) -> Option<(i32, String)> {
    if address.len() > MOST_CHARACTERS {
        return None;
    }
    let code = QrCode::encode_text(address, QrCodeEcc::Low).ok()?;
    let places = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
    let dark = places.filter(|(x, y)| code.get_module(*x, *y));
    let path = dark.map(|(x, y)| format!("M{} {}h1v1h-1z", x + QUIET_ZONE, y + QUIET_ZONE)).collect();
    Some((code.size() + 2 * QUIET_ZONE, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ISO/IEC 18004, section 6.3.3: the corners have finder patterns of 7 by 7 modules, dark at their edges.
    #[test]
    fn finder_patterns_stand_inside_the_quiet_zone() {
        let (side, path) = modules("https://netsplit.example/#1;abc").expect("a code");
        let far = side - QUIET_ZONE - 7;
        for (x, y) in [(QUIET_ZONE, QUIET_ZONE), (far, QUIET_ZONE), (QUIET_ZONE, far)] {
            for step in 0..7 {
                assert!(path.contains(&format!("M{} {y}h", x + step)) && path.contains(&format!("M{x} {}h", y + step)));
            }
        }
        assert!(!path.contains(&format!("M{} ", QUIET_ZONE - 1)));
    }

    #[test]
    fn a_very_long_address_has_no_code() {
        assert!(modules(&"x".repeat(1_200)).is_some());
        assert_eq!(modules(&"x".repeat(1_201)), None);
    }
}
