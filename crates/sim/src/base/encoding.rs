//! Files as people's programs write them: UTF-8, or UTF-16 as PowerShell and the older editors of Windows do.

use crate::base::text::Text;
use crate::t;

/// How UTF-16 puts two bytes together.
type Unit = fn([u8; 2]) -> u16;

/// The text in these bytes, without the byte order mark that it may begin with.
///
/// UTF-16 is known by its mark, or by a first character of ASCII, one byte of which is 0.
///
/// # Errors
///
/// Says in which line the bytes are no text, and how to save the file instead.
pub fn text_of(bytes: &[u8]) -> Result<String, Text> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Err(t!("this is UTF-32: save the file as UTF-8")),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [1..=0xFF, 0, ..] => utf16(bytes, u16::from_le_bytes),
        [0, 1..=0xFF, ..] => utf16(bytes, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Text> {
    std::str::from_utf8(bytes).map(str::to_string).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        t!("line {line} is not UTF-8, nor is the file UTF-16: save it as UTF-8", line = line)
    })
}

fn utf16(bytes: &[u8], unit: Unit) -> Result<String, Text> {
    let (pairs, rest) = bytes.as_chunks();
    let mut text = String::with_capacity(pairs.len());
    for sign in char::decode_utf16(pairs.iter().copied().map(unit)) {
        text.push(sign.map_err(|_| broken(&text))?);
    }
    if rest.is_empty() { Ok(text) } else { Err(broken(&text)) }
}

fn broken(before: &str) -> Text {
    let line = 1 + before.matches('\n').count();
    t!("the file begins as UTF-16, and line {line} is none: save it as UTF-8", line = line)
}

#[cfg(test)]
mod tests {
    use super::text_of;

    #[test]
    fn a_text_is_the_same_in_every_encoding() {
        let text = "fox {\"fox\":1}\r\ngrüßt 😀\n";
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            [b"\xFF\xFE", &little[..]].concat(),
            [b"\xFE\xFF", &big[..]].concat(),
            little,
            big,
        ] {
            assert_eq!(text_of(&bytes).as_deref(), Ok(text), "{bytes:x?}");
        }
        assert_eq!(text_of(b"").as_deref(), Ok(""));
    }

    #[test]
    fn what_is_no_text_is_named_by_its_line() {
        for (bytes, said) in [
            (&b"a\nb\xE9\n"[..], "line 2 is not UTF-8"),
            (b"\xFF\xFEa\0\n\0b", "begins as UTF-16, and line 2"),
            (b"\xFE\xFF\xD8\x00\x00a", "begins as UTF-16, and line 1"),
            (b"\xFF\xFE\0\0a\0\0\0", "this is UTF-32"),
        ] {
            let why = text_of(bytes).expect_err(said).to_string();
            assert!(why.contains(said) && why.contains("as UTF-8"), "{why}");
        }
    }
}
