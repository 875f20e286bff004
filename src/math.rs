//! What a computer is asked for with numbers that have fractions. In a page the browser answers: the functions of Rust's
//! library would be some kilobytes of every visit.

use js_sys::Math;

/// Whether there is a browser to ask.
const IS_PAGE: bool = cfg!(target_family = "wasm");

/// The sine of an angle in radians.
pub fn sin(angle: f64) -> f64 {
    if IS_PAGE { Math::sin(angle) } else { angle.sin() }
}

/// The cosine of an angle in radians.
pub fn cos(angle: f64) -> f64 {
    if IS_PAGE { Math::cos(angle) } else { angle.cos() }
}

/// The angle of a direction, in radians.
pub fn atan2(y: f64, x: f64) -> f64 {
    if IS_PAGE { Math::atan2(y, x) } else { y.atan2(x) }
}

/// A power.
pub fn pow(base: f64, exponent: f64) -> f64 {
    if IS_PAGE { Math::pow(base, exponent) } else { base.powf(exponent) }
}

/// The number that a text stands for.
pub fn parse(text: &str) -> Option<f64> {
    let number = if IS_PAGE { js_sys::Number::parse_float(text) } else { text.parse().unwrap_or(f64::NAN) };
    number.is_finite().then_some(number)
}

/// A number with so many digits behind the point at most, and none that says nothing.
pub fn digits(value: f64, places: u32) -> String {
    let unit = 10_i64.pow(places);
    let whole = (value * unit as f64).round() as i64;
    let sign = if whole < 0 { "-" } else { "" };
    let (above, below) = (whole.unsigned_abs() / unit as u64, whole.unsigned_abs() % unit as u64);
    if below == 0 {
        return format!("{sign}{above}");
    }
    let text = format!("{sign}{above}.{below:0width$}", width = places as usize);
    text.trim_end_matches('0').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_digits_that_say_nothing() {
        for (value, places, text) in [
            (2.0, 1, "2"),
            (-0.04, 1, "0"),
            (-0.5, 1, "-0.5"),
            (0.05, 2, "0.05"),
            (12.3456, 3, "12.346"),
            (99.96, 1, "100"),
            (1.28, 3, "1.28"),
        ] {
            assert_eq!(digits(value, places), text);
        }
    }
}
