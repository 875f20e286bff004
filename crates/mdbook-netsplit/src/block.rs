//! Fenced blocks of Markdown, and what becomes of them.

/// What goes to the element as it is.
const ATTRIBUTES: [&str; 12] =
    ["lab", "scenario", "state", "step", "from", "to", "controls", "theme", "motion", "lang", "height", "title"];

/// A line that opens or closes a fenced block: its sign, and how often it stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fence {
    sign: char,
    count: usize,
}

impl Fence {
    /// Reads a line: the fence, and what stands behind it.
    fn read(line: &str) -> Option<(Fence, &str)> {
        let line = line.strip_prefix("   ").or(line.strip_prefix("  ")).or(line.strip_prefix(' ')).unwrap_or(line);
        let sign = line.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
        let rest = line.trim_start_matches(sign);
        let count = line.len() - rest.len();
        (count >= 3).then_some((Fence { sign, count }, rest.trim()))
    }
}

/// A Markdown text with figures in the place of its blocks, from the release at an address. The error names the line.
pub(crate) fn replace(markdown: &str, src: &str) -> Result<String, String> {
    let base = src.trim_end_matches('/');
    let mut text = String::with_capacity(markdown.len());
    let mut open: Option<Fence> = None;
    let mut block: Option<Vec<(usize, &str)>> = None;
    let mut figures = 0;
    for (number, line) in (1..).zip(markdown.split_inclusive('\n')) {
        let bare = line.trim_end_matches(['\n', '\r']);
        let fence = Fence::read(bare);
        match (open, fence) {
            (None, Some((fence, word))) => {
                open = Some(fence);
                if word == "netsplit" {
                    block = Some(Vec::new());
                    continue;
                }
            }
            (Some(opened), Some((fence, ""))) if fence.sign == opened.sign && fence.count >= opened.count => {
                open = None;
                if let Some(lines) = block.take() {
                    text.push_str(&figure(&lines, base)?);
                    figures += 1;
                    continue;
                }
            }
            _ => {}
        }
        if open.is_none() && is_self_closing(bare) {
            return Err(format!(
                "line {number} has <netsplit-lab … />, but HTML needs a closing tag: write ></netsplit-lab> in the place of />"
            ));
        }
        match &mut block {
            Some(lines) => lines.push((number, bare)),
            None => text.push_str(line),
        }
    }
    if block.is_some() {
        return Err("a netsplit block is not closed".to_string());
    }
    if figures > 0 {
        text.push_str(&format!("\n\n<script async src=\"{}/static/netsplit-lab.js\"></script>\n", escape(base)));
    }
    Ok(text)
}

/// Whether a line begins with an element that closes itself, as none does in HTML: all that follows would stand inside.
fn is_self_closing(line: &str) -> bool {
    let Some(tag) = line.trim_start().strip_prefix("<netsplit-lab") else { return false };
    // What stands in quotes is every second part.
    let outside: String = tag.split('"').step_by(2).collect();
    outside.split_once('>').is_some_and(|(attributes, _)| attributes.ends_with('/'))
}

/// The figure that the lines of a block describe.
fn figure(lines: &[(usize, &str)], base: &str) -> Result<String, String> {
    let mut attributes = String::new();
    let (mut lab, mut scenario, mut picture, mut caption) = (None, None, None, None);
    for (number, line) in lines.iter().filter(|(_, line)| !line.trim().is_empty()) {
        let (name, value) =
            pair(line).ok_or_else(|| format!("line {number} of it is not as in lab = \"raft\": {}", line.trim()))?;
        match name {
            "picture" => picture = Some(value),
            "caption" => caption = Some(value),
            name if ATTRIBUTES.contains(&name) => {
                if let Some(known) = expected(name, value) {
                    return Err(format!("line {number} of it says {name} = \"{value}\", which is not {known}"));
                }
                attributes.push_str(&format!(" {name}=\"{}\"", escape(value)));
            }
            name => {
                return Err(format!(
                    "line {number} of it names {name}; there are {}, picture and caption",
                    ATTRIBUTES.join(", ")
                ));
            }
        }
        match name {
            "lab" => lab = Some(value),
            "scenario" => scenario = Some(value),
            _ => {}
        }
    }
    let Some(lab) = lab.filter(|lab| !lab.is_empty()) else {
        let number = lines.first().map_or(0, |(number, _)| *number);
        return Err(format!("the netsplit block at line {number} names no lab"));
    };
    let words = escape(caption.unwrap_or(lab));
    let place = scenario.map_or_else(|| lab.to_string(), |scenario| format!("{lab}/{scenario}"));
    let inside = match picture {
        Some(picture) => format!("<img src=\"{}\" alt=\"{words}\">", escape(picture)),
        None => format!("<a href=\"{}/#/lab/{}\">{words}</a>", escape(base), escape(&place)),
    };
    let caption = caption.map(|_| format!("<figcaption>{words}</figcaption>")).unwrap_or_default();
    // In one line, since an empty one would end it.
    Ok(format!("\n<figure class=\"netsplit\"><netsplit-lab{attributes}>{inside}</netsplit-lab>{caption}</figure>\n\n"))
}

/// What an attribute can be, where a value is not of that kind.
fn expected(name: &str, value: &str) -> Option<&'static str> {
    let number = value.parse::<u32>();
    let (known, fits) = match name {
        "controls" => ("none, step or all", ["none", "step", "all"].contains(&value)),
        "theme" => ("auto, light, dark or projector", ["auto", "light", "dark", "projector"].contains(&value)),
        "motion" => ("auto or reduce", ["auto", "reduce"].contains(&value)),
        "height" => ("a number of pixels from 100 to 4000", number.is_ok_and(|pixels| (100..=4_000).contains(&pixels))),
        "step" | "from" | "to" => ("a number of events", number.is_ok()),
        _ => return None,
    };
    (!fits).then_some(known)
}

/// `name = "value"`, or a number without the quotes.
fn pair(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let value = value.trim();
    let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let value = quoted.or(is_number.then_some(value)).filter(|value| !value.contains('"'))?;
    Some((name.trim(), value))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SRC: &str = "https://a.b/n/";

    #[test]
    fn a_block_becomes_a_figure_with_its_script() {
        let markdown =
            "Before\n\n```netsplit\nlab = \"raft\"\nscenario = \"split-vote\"\n\nheight = 400\n```\n\nAfter\n";
        let text = replace(markdown, SRC).unwrap();
        assert_eq!(
            text,
            "Before\n\n\n<figure class=\"netsplit\"><netsplit-lab lab=\"raft\" scenario=\"split-vote\" height=\"400\">\
             <a href=\"https://a.b/n/#/lab/raft/split-vote\">raft</a></netsplit-lab></figure>\n\n\nAfter\n\n\n\
             <script async src=\"https://a.b/n/static/netsplit-lab.js\"></script>\n"
        );
    }

    #[test]
    fn a_picture_stands_inside_and_a_caption_below() {
        let text =
            replace("~~~netsplit\nlab = \"raft\"\npicture = \"a.svg\"\ncaption = \"A & <b>\"\n~~~", SRC).unwrap();
        assert!(
            text.contains(
                "<img src=\"a.svg\" alt=\"A &amp; &lt;b&gt;\"></netsplit-lab><figcaption>A &amp; &lt;b&gt;</figcaption>"
            ),
            "{text}"
        );
    }

    #[test]
    fn other_blocks_stay_as_they_are() {
        for markdown in [
            "```rust\nlet netsplit = 1;\n```\n",
            "````md\n```netsplit\nlab = \"raft\"\n```\n````\n",
            "    ```netsplit\n    lab = \"raft\"\n",
            "no block\r\n",
            "<netsplit-lab lab=\"raft\"><img src=\"a.png\" /></netsplit-lab>\n",
            "Never write `<netsplit-lab lab=\"raft\" />`.\n",
            "```html\n<netsplit-lab lab=\"raft\" />\n```\n",
        ] {
            assert_eq!(replace(markdown, SRC).unwrap(), markdown);
        }
    }

    #[test]
    fn mistakes_get_a_sentence_with_their_line() {
        let problem = |block: &str| replace(&format!("\n```netsplit\n{block}\n```\n"), SRC).unwrap_err();
        assert_eq!(problem("lab = raft"), "line 3 of it is not as in lab = \"raft\": lab = raft");
        assert!(problem("lab = \"raft\"\nspeed = 4").starts_with("line 4 of it names speed; there are lab, scenario,"));
        for (line, known) in [
            ("height = \"60vh\"", "a number of pixels from 100 to 4000"),
            ("height = 50", "a number of pixels from 100 to 4000"),
            ("step = \"soon\"", "a number of events"),
            ("from = \"-1\"", "a number of events"),
            ("to = \"soon\"", "a number of events"),
            ("controls = \"many\"", "none, step or all"),
            ("theme = \"pink\"", "auto, light, dark or projector"),
            ("motion = \"\"", "auto or reduce"),
        ] {
            let (name, value) = pair(line).unwrap();
            let sentence = format!("line 4 of it says {name} = \"{value}\", which is not {known}");
            assert_eq!(problem(&format!("lab = \"raft\"\n{line}")), sentence);
        }
        let sentence = replace("Text\n\n<netsplit-lab lab=\"a/>b\" step=\"3\" />\n", SRC).unwrap_err();
        assert!(sentence.starts_with("line 3 has <netsplit-lab … />, but HTML needs a closing tag"), "{sentence}");
        assert_eq!(problem("step = 4"), "the netsplit block at line 3 names no lab");
        assert_eq!(problem("lab = \"a\"b\""), "line 3 of it is not as in lab = \"raft\": lab = \"a\"b\"");
        assert_eq!(replace("```netsplit\nlab = \"raft\"\n", SRC).unwrap_err(), "a netsplit block is not closed");
    }
}
