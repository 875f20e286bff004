//! Numbers, exactly: two texts of the same number are the same value.

use super::Value;

/// How many zeros are written out rather than counted by an exponent.
const MOST_ZEROS: i32 = 30;

impl Value {
    /// The number that a decimal text says: `-3`, `1.50`, `2e9`. It is a [`Value::Int`] where it is whole and has 64 bits at
    /// most, else a [`Value::Decimal`]; `None` if the text is no number, or its exponent has more than 32 bits.
    #[must_use]
    pub fn number(text: &str) -> Option<Value> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        let is_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        if !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let digits = format!("{whole}{fraction}");
        let significant = digits.trim_start_matches('0').trim_end_matches('0');
        let zeros = digits.len() - digits.trim_end_matches('0').len();
        let exponent = exponent.checked_sub_unsigned(u32::try_from(fraction.len()).ok()?)?;
        let exponent = exponent.checked_add_unsigned(u32::try_from(zeros).ok()?)?;
        if significant.is_empty() {
            return Some(Value::Int(0));
        }
        let sign = if text.starts_with('-') { "-" } else { "" };
        let plain = format!("{sign}{}", written(significant, exponent));
        Some(plain.parse().map_or_else(|_| Value::Decimal(plain.as_str().into()), Value::Int))
    }
}

/// `digits` times ten to the power of `exponent`; neither the first nor the last digit is 0.
fn written(digits: &str, exponent: i32) -> String {
    let zeros = |count: i32| "0".repeat(count.unsigned_abs() as usize);
    match i32::try_from(digits.len()).map(|length| length.saturating_add(exponent)) {
        _ if (0..=MOST_ZEROS).contains(&exponent) => format!("{digits}{}", zeros(exponent)),
        Ok(point @ 1..) if exponent < 0 => {
            let (whole, fraction) = digits.split_at(point.unsigned_abs() as usize);
            format!("{whole}.{fraction}")
        }
        Ok(point) if (-MOST_ZEROS..=0).contains(&point) => format!("0.{}{digits}", zeros(point)),
        _ => format!("{digits}e{exponent}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_one_number_are_one_value() {
        for texts in [
            &["0", "-0", "0.0", "0e5", "-0.00e-3"][..],
            &["1", "1.0", "+1", "10e-1", "0.1e1", "1.000"],
            &["100", "1e2", "1E+2", "100.0"],
            &["-15", "-1.5e1", "-150e-1"],
            &["1.5", "1.50", "15e-1", "0.15e1"],
            &["0.001", "1e-3", "0.0010"],
            &["9007199254740991", "9007199254740991.0"],
            &["36893488147419103233", "36893488147419103233.0", "3.6893488147419103233e19"],
            &["1e400", "10e399"],
            &["1e-400", "0.1e-399"],
        ] {
            let values: Vec<_> = texts.iter().map(|text| Value::number(text)).collect();
            assert!(values[0].is_some() && values.iter().all(|value| *value == values[0]), "{texts:?}: {values:?}");
        }
        assert_eq!(Value::number("-9223372036854775808"), Some(Value::Int(i64::MIN)));
    }

    #[test]
    fn numbers_are_written_as_people_write_them() {
        for (text, shown) in [
            ("36893488147419103233", "36893488147419103233"),
            ("-9223372036854775809", "-9223372036854775809"),
            ("12.50", "12.5"),
            ("5e-3", "0.005"),
            ("1e20", "100000000000000000000"),
            ("12e400", "12e400"),
            ("-1e-99", "-1e-99"),
        ] {
            assert_eq!(Value::number(text).map(|value| value.to_string()).as_deref(), Some(shown));
        }
        let neighbours = ["36893488147419103232", "36893488147419103233"].map(Value::number);
        assert_ne!(neighbours[0], neighbours[1]);
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "-", "1.", ".5", "e5", "1e", "0x10", "NaN", "1 2", "--1", "1e99999999999", "1e-2147483648"] {
            assert_eq!(Value::number(text), None, "{text}");
        }
    }
}
