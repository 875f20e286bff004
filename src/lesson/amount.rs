//! Numbers that somebody predicts, as they write them: in the unit of the question.

/// How many of what conditions count make one of a unit: times are counted in microseconds.
fn factor(unit: &str) -> i64 {
    match unit {
        "ms" => 1_000,
        "s" => 1_000_000,
        _ => 1,
    }
}

/// Reads a number, which may have a point or a comma and its unit behind it.
pub fn read(text: &str, unit: &str) -> Option<i64> {
    let text: String = text.trim().chars().map(western).collect();
    let text = text.strip_suffix(unit).unwrap_or(&text).trim_end();
    let (sign, text) = text.strip_prefix(['-', '−']).map_or((1, text), |rest| (-1, rest));
    let (whole, rest) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let is_number = |part: &str| part.len() <= 12 && part.bytes().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() && rest.is_empty() || !is_number(whole) || !is_number(rest) {
        return None;
    }
    let mut number = if whole.is_empty() { 0 } else { whole.parse::<i64>().ok()?.checked_mul(factor(unit))? };
    let mut worth = factor(unit);
    for digit in rest.bytes() {
        worth /= 10;
        number = number.checked_add(i64::from(digit - b'0') * worth)?;
    }
    Some(sign * number)
}

/// Writes a number with its unit.
pub fn write(number: i64, unit: &str) -> String {
    let factor = factor(unit);
    let (whole, rest) = (number / factor, (number % factor).abs());
    let digits = (rest > 0).then(|| format!("{:0width$}", rest, width = factor.ilog10() as usize));
    let sign = if number < 0 && whole == 0 { "-" } else { "" };
    let decimals = digits.map(|digits| format!(".{}", digits.trim_end_matches('0'))).unwrap_or_default();
    format!("{sign}{whole}{decimals} {unit}").trim_end().to_string()
}

/// A digit as it is written in the west: Persian and Arabic keyboards have others.
fn western(letter: char) -> char {
    let digit = match letter {
        '۰'..='۹' => letter as u32 - '۰' as u32,
        '٠'..='٩' => letter as u32 - '٠' as u32,
        '٫' => return '.',
        _ => return letter,
    };
    char::from_digit(digit, 10).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_their_unit() {
        assert_eq!(
            ["270", " 270 ms ", "0.5", "1,25", "۲۷۰"].map(|text| read(text, "ms")),
            [270_000, 270_000, 500, 1_250, 270_000].map(Some)
        );
        assert_eq!(
            ["3", "-2", "+1", "x", "", ".", "1e9"].map(|text| read(text, "")),
            [Some(3), Some(-2), None, None, None, None, None]
        );
        assert_eq!(read("1.0000001", "s"), Some(1_000_000));
        assert_eq!(read("999999999999", "s"), Some(999_999_999_999_000_000));
    }

    #[test]
    fn numbers_are_written_in_their_unit() {
        assert_eq!(
            [(270_000, "ms"), (1_500, "ms"), (-500, "ms"), (3, "")].map(|(number, unit)| write(number, unit)),
            ["270 ms", "1.5 ms", "-0.5 ms", "3"]
        );
    }
}
