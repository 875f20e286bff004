//! What was found in answer files, as a table that spreadsheets open (RFC 4180).

use crate::verify::Row;

/// The columns, in their order.
pub const COLUMNS: [&str; 13] = [
    "file", "label", "lesson", "step", "kind", "number", "answer", "right", "tag", "hints", "acts", "verdict",
    "sentence",
];

/// The head of a table, as a line.
pub fn csv_head() -> String {
    line(COLUMNS.map(str::to_string))
}

/// A row as a line, with the name of its file.
pub fn csv_line(file: &str, row: &Row) -> String {
    line(cells(file, row))
}

/// What stands in each column.
pub fn cells(file: &str, row: &Row) -> [String; COLUMNS.len()] {
    let of_place = |show: fn(crate::Place) -> String| row.place.map(show).unwrap_or_default();
    [
        sim::share::plain(file, usize::MAX),
        row.label.clone(),
        row.lesson.clone(),
        of_place(|place| place.step.to_string()),
        of_place(|place| place.kind.name().to_string()),
        of_place(|place| place.number.to_string()),
        row.answer.clone(),
        row.right.clone(),
        row.tags.join(" "),
        row.hints.to_string(),
        row.acts.to_string(),
        row.verdict.name().to_string(),
        row.sentence.to_string(),
    ]
}

fn line(cells: [String; COLUMNS.len()]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    cells.join(",") + "\n"
}

/// A cell as it is written. What a spreadsheet would compute begins with an apostrophe, so that it is only shown: labels are
/// written by strangers.
fn quoted(cell: &str) -> String {
    let is_computed = cell.trim_start().starts_with(['=', '+', '-', '@']) || cell.starts_with(['\t', '\r', '\n']);
    let cell = if is_computed { format!("'{cell}") } else { cell.to_string() };
    match cell.contains(['"', ',', ';', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use sim::t;

    use super::*;
    use crate::verify::Verdict;

    fn first_cells(file: &str, label: &str) -> String {
        let line = csv_line(file, &Row::of_file(label, "l", Verdict::OtherText, t!("no")));
        line.split(",l,").next().unwrap_or_default().to_string()
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_only_shown() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", " =1"] {
            let shown = first_cells("a.json", formula);
            assert!(shown.starts_with("a.json,'") && shown.ends_with(formula.trim()), "{shown}");
        }
        assert_eq!(first_cells("=a.json", "\t=2"), "'=a.json,'=2");
    }

    #[test]
    fn quotes_commas_and_lines_stay_in_their_cell() {
        assert_eq!(first_cells("a,b.json", "the \"best\" group"), "\"a,b.json\",\"the \"\"best\"\" group\"");
        assert_eq!(first_cells("a.json", "=HYPERLINK(\"x\",1)"), "a.json,\"'=HYPERLINK(\"\"x\"\",1)\"");
        assert_eq!(first_cells("a\nb", "c\nd"), "\"a\nb\",\"c\nd\"");
    }

    #[test]
    fn the_head_names_what_stands_below() {
        let row = csv_line("a.json", &Row::of_file("group 4", "raft-two-leaders", Verdict::DoesNotReplay, t!("no")));
        assert_eq!(csv_head(), "file,label,lesson,step,kind,number,answer,right,tag,hints,acts,verdict,sentence\n");
        assert_eq!(row, "a.json,group 4,raft-two-leaders,,,,,,,0,0,does-not-replay,no\n");
    }
}
