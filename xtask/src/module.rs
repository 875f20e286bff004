//! The bytes of a WebAssembly module (core specification, chapter 5): what a download can do without.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};

const HEADER: [u8; 8] = *b"\0asm\x01\0\0\0";

const CUSTOM: u8 = 0;
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

/// The kind of an import that is a function.
const FUNCTION: u8 = 0;

/// A module without its custom sections, which name functions and say what made it.
///
/// # Errors
///
/// Says so if it is no module.
pub fn strip(module: &[u8]) -> Result<Vec<u8>> {
    rewrite(module, |id, content| Ok((id != CUSTOM).then(|| content.to_vec())))
}

/// Gives short names to what a module imports from its glue: wasm-bindgen's end in hashes, which nothing can pack.
/// `rename` gets each name and what it is to be from now on.
///
/// # Errors
///
/// Says so if it is no module.
pub fn shorten_imports(module: &[u8], mut rename: impl FnMut(&str, &str)) -> Result<Vec<u8>> {
    rewrite(module, |id, content| {
        if id != IMPORTS {
            return Ok(Some(content.to_vec()));
        }
        let mut rest = content;
        let count = take_number(&mut rest)?;
        let mut section = number(count);
        for place in 0..count {
            let (from, name) = (take_name(&mut rest)?, take_name(&mut rest)?);
            let kind = take_import_type(&mut rest)?;
            let mut name = name.to_string();
            if name.starts_with("__wb") {
                let short = format!("_{place}");
                rename(&name, &short);
                name = short;
            }
            for text in [from, &name] {
                section.extend(text_of(text));
            }
            section.extend_from_slice(kind);
        }
        Ok(Some(section))
    })
}

/// A module that imports what these do, under the same names and from a module of another name, and hands it on. Put
/// together with them it makes of their imports, which are all of one module, one of each.
///
/// # Errors
///
/// Says so if one is no module, or imports a function.
pub fn relay(modules: &[Vec<u8>], from: &str) -> Result<Vec<u8>> {
    let mut lent: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for module in modules {
        rewrite(module, |id, content| {
            let mut rest = content;
            let count = if id == IMPORTS { take_number(&mut rest)? } else { 0 };
            for _ in 0..count {
                let (_, name) = (take_name(&mut rest)?, take_name(&mut rest)?);
                let kind = take_import_type(&mut rest)?;
                ensure!(
                    kind[0] != FUNCTION,
                    "a part imports the function {name}: only memory, tables and globals are shared"
                );
                lent.insert(name.to_string(), kind.to_vec());
            }
            Ok(None)
        })?;
    }
    let (mut imports, mut exports) = (number(lent.len()), number(lent.len()));
    let mut places = [0; 5];
    for (name, kind) in lent {
        for text in [from, &name] {
            imports.extend(text_of(text));
        }
        imports.extend_from_slice(&kind);
        exports.extend(text_of(&name));
        exports.push(kind[0]);
        exports.extend(number(places[usize::from(kind[0])]));
        places[usize::from(kind[0])] += 1;
    }
    let section = |id: u8, content: Vec<u8>| [vec![id], number(content.len()), content].concat();
    Ok([HEADER.to_vec(), section(IMPORTS, imports), section(EXPORTS, exports)].concat())
}

/// The same module with other sections; those that become none go.
fn rewrite(module: &[u8], mut change: impl FnMut(u8, &[u8]) -> Result<Option<Vec<u8>>>) -> Result<Vec<u8>> {
    ensure!(module.starts_with(b"\0asm"), "this is no module");
    let mut rest = module;
    let mut rewritten = take(&mut rest, 8)?.to_vec();
    while !rest.is_empty() {
        let id = take(&mut rest, 1)?[0];
        let length = take_number(&mut rest)?;
        if let Some(content) = change(id, take(&mut rest, length)?)? {
            rewritten.push(id);
            rewritten.extend(number(content.len()));
            rewritten.extend(content);
        }
    }
    Ok(rewritten)
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Result<&'a [u8]> {
    let (taken, rest) = bytes.split_at_checked(length).context("the module is cut off")?;
    *bytes = rest;
    Ok(taken)
}

/// Takes a number in LEB128.
fn take_number(bytes: &mut &[u8]) -> Result<usize> {
    let length =
        bytes.iter().take(5).position(|byte| byte & 0x80 == 0).context("the module has a number without end")? + 1;
    let taken = take(bytes, length)?;
    Ok(taken.iter().rev().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f)))
}

fn take_name<'a>(bytes: &mut &'a [u8]) -> Result<&'a str> {
    let length = take_number(bytes)?;
    Ok(str::from_utf8(take(bytes, length)?)?)
}

/// Takes what an import is: the type of a function, a table, a memory, a global or a tag.
fn take_import_type<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8]> {
    let all = *bytes;
    match take(bytes, 1)?[0] {
        0 => drop(take_number(bytes)?),
        kind @ (1 | 2) => {
            take(bytes, usize::from(kind == 1))?;
            let has_most = take(bytes, 1)?[0] & 1 == 1;
            take_number(bytes)?;
            if has_most {
                take_number(bytes)?;
            }
        }
        3 => drop(take(bytes, 2)?),
        _ => {
            take(bytes, 1)?;
            take_number(bytes)?;
        }
    }
    Ok(&all[..all.len() - bytes.len()])
}

/// A number in LEB128.
fn number(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A name: its length and its bytes.
fn text_of(name: &str) -> Vec<u8> {
    [number(name.len()), name.as_bytes().to_vec()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One type, of a function without arguments.
    const TYPES: [u8; 6] = [1, 4, 1, 0x60, 0, 0];

    #[test]
    fn custom_sections_go() {
        let module = [&HEADER[..], &TYPES, &[0, 0xc8, 1], &[7; 200], &[3, 1, 0]].concat();
        assert_eq!(strip(&module).unwrap(), [&HEADER[..], &TYPES, &[3, 1, 0]].concat());
        assert!(strip(&module[..40]).is_err() && strip(b"text").is_err());
    }

    #[test]
    fn what_comes_from_the_glue_gets_a_short_name() {
        let entries = |name: &str| {
            let mut section = vec![2, 1, b'm', 6];
            section.extend_from_slice(b"memory");
            section.extend([2, 0, 1, 1, b'g', name.len() as u8]);
            section.extend_from_slice(name.as_bytes());
            section.extend([0, 0]);
            [&HEADER[..], &TYPES, &[2, section.len() as u8], &section].concat()
        };
        let mut renamed = Vec::new();
        let short =
            shorten_imports(&entries("__wbg_log_0123456789abcdef"), |from, to| renamed.push([from, to].join(" ")));
        assert_eq!(short.unwrap(), entries("_1"));
        assert_eq!(renamed, ["__wbg_log_0123456789abcdef _1"]);
    }

    #[test]
    fn what_modules_import_is_handed_on_once() {
        let module = |imports: &[&[u8]]| {
            let content = [&[imports.len() as u8][..], &imports.concat()].concat();
            [&HEADER[..], &[IMPORTS, content.len() as u8], &content].concat()
        };
        let (memory, table): (&[u8], &[u8]) = (b"\x01m\x03mem\x02\0\x17", b"\x01m\x01t\x01\x70\0\x09");
        let made = relay(&[module(&[memory]), module(&[table, memory])], "n").unwrap();
        let content = b"\x02\x01n\x03mem\x02\0\x17\x01n\x01t\x01\x70\0\x09";
        let exports = b"\x02\x03mem\x02\0\x01t\x01\0";
        let expected =
            [&HEADER[..], &[IMPORTS, content.len() as u8], content, &[EXPORTS, exports.len() as u8], exports];
        assert_eq!(made, expected.concat());
        assert!(relay(&[module(&[b"\x01m\x01f\0\0"])], "n").is_err());
    }
}
