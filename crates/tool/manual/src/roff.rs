// SPDX-License-Identifier: MIT OR Apache-2.0
//! Prints blocks in the macros of man(7), as groff and mandoc understand them alike.
//!
//! *Invariants*: text cannot become a request: lines that begin with a dot or an apostrophe, and
//! backslashes, are protected. A sentence begins a line, so that changes show as small ones.

use config::prose::{Block, Span};

/// The day that pages carry: that of the release whose behaviour they describe.
const DAY: &str = "2026-08-21";
/// Where lines are broken.
const WIDTH: usize = 78;

/// A word longer than this may be broken anywhere, after half of it behind punctuation.
const LONG_WORD: usize = 40;

/// A page that is being printed.
#[derive(Debug)]
pub struct Roff {
    text: String,
    /// Whether the next paragraph follows a title or a tag directly.
    opened: bool,
}

impl Roff {
    /// Begins a page.
    pub fn page(name: &str, section: u8) -> Roff {
        let volume = match section {
            1 => "General Commands Manual",
            5 => "File Formats Manual",
            _ => "System Manager's Manual",
        };
        let title = name.to_uppercase();
        Roff {
            text: format!(
                ".\\\" Made by scripts/man; changes belong into its sources.\n\
                 .TH {title} {section} {DAY} Posthorn \"{volume}\"\n.ad l\n.nh\n"
            ),
            opened: false,
        }
    }

    /// The finished page.
    pub fn finish(self) -> String {
        self.text
    }

    /// Begins a section.
    pub fn section(&mut self, title: &str) {
        self.text.push_str(&format!(".SH {}\n", quoted(title)));
        self.opened = true;
    }

    /// Prints the section NAME, whose form the index of pages is made from.
    pub fn name(&mut self, name: &str, summary: &str) {
        self.section("NAME");
        self.line(&format!("{name} \\- {}", escaped(summary)));
        self.opened = false;
    }

    /// Begins an entry of a long list, with a line of its own that people can search for.
    pub fn entry(&mut self, name: &str, remark: &str) {
        let remark = escaped(remark);
        self.text
            .push_str(&format!(".SS {name} {}\n", quoted_escaped(&remark)));
        self.opened = true;
    }

    /// Prints a paragraph.
    pub fn paragraph(&mut self, spans: &[Span]) {
        if !self.opened {
            self.text.push_str(".PP\n");
        }
        self.opened = false;
        self.spans(spans);
    }

    /// Prints any block.
    pub fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(_, title) if title.chars().any(char::is_lowercase) => {
                self.text.push_str(&format!(".SS {}\n", quoted(title)));
                self.opened = true;
            }
            Block::Heading(_, title) => self.section(title),
            Block::Paragraph(spans) => self.paragraph(spans),
            Block::Bullet(spans) => {
                self.text.push_str(".IP \\(bu 3\n");
                self.spans(spans);
                self.opened = false;
            }
            Block::Step(number, spans) => {
                self.text.push_str(&format!(".IP {number} 4\n"));
                self.spans(spans);
                self.opened = false;
            }
            Block::Definition(term, spans) => {
                self.text.push_str(".TP\n");
                self.text.push_str(&protected(&inline(term)));
                self.text.push('\n');
                self.spans(spans);
                self.opened = false;
            }
            Block::Example(lines) => {
                let before = if self.opened { "" } else { ".PP\n" };
                self.text.push_str(before);
                self.text.push_str(".RS 4\n.nf\n");
                for line in lines {
                    let line = if line.is_empty() {
                        "\\&".to_string()
                    } else {
                        protected(&literal(line))
                    };
                    self.text.push_str(&line);
                    self.text.push('\n');
                }
                self.text.push_str(".fi\n.RE\n");
                self.opened = false;
            }
        }
    }

    /// Running text, a sentence on a new line.
    fn spans(&mut self, spans: &[Span]) {
        let text = inline(spans);
        let mut line = String::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let full = !line.is_empty() && line.len() + 1 + word.len() > WIDTH;
            if full || ends_sentence(&line) {
                self.line(&line);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.line(&line);
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(&protected(line));
        self.text.push('\n');
    }
}

/// Whether a sentence ends with this line, so that the next one begins a line. Dots in a row are
/// an omission.
fn ends_sentence(line: &str) -> bool {
    let bare = line.trim_end_matches([')', '"']).trim_end_matches("\\fR");
    bare.ends_with(['.', '?', '!']) && !bare.ends_with("..")
}

/// A line that cannot be a request.
fn protected(line: &str) -> String {
    if line.starts_with(['.', '\'']) {
        format!("\\&{line}")
    } else {
        line.to_string()
    }
}

fn inline(spans: &[Span]) -> String {
    let inline = |span: &Span| match span {
        Span::Text(text) => pages_marked(text),
        Span::Code(text) => marked('B', &literal(text)),
        Span::Strong(text) => marked('B', &escaped(text)),
        Span::Emphasis(text) => marked('I', &escaped(text)),
    };
    spans.iter().map(inline).collect()
}

fn marked(font: char, text: &str) -> String {
    format!("\\f{font}{text}\\fR")
}

/// Running text in which `name(8)` stands out.
fn pages_marked(text: &str) -> String {
    let mut out = String::new();
    let mut from = 0;
    for (start, end) in page_names(text) {
        out.push_str(&escaped(&text[from..start]));
        out.push_str(&marked('B', &escaped(&text[start..end])));
        from = end;
    }
    out.push_str(&escaped(&text[from..]));
    out
}

/// Where in a text names of pages stand: before a section in parentheses.
fn page_names(text: &str) -> Vec<(usize, usize)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let sections = text.match_indices('(').filter(|(at, _)| {
        let after = &text[at + 1..];
        after.starts_with(|c: char| ('1'..='8').contains(&c)) && after[1..].starts_with(')')
    });
    sections
        .map(|(end, _)| {
            let name = text[..end]
                .chars()
                .rev()
                .take_while(|c| is_name(*c))
                .count();
            (end - name, end)
        })
        .filter(|(start, end)| start < end)
        .collect()
}

/// The pages that a text refers to, as `name(8)`.
pub fn references(text: &str) -> Vec<&str> {
    page_names(text)
        .into_iter()
        .map(|(start, end)| &text[start..end + 3])
        .collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut unbroken = 0;
    for c in text.chars() {
        unbroken = if c == ' ' { 0 } else { unbroken + 1 };
        let joint = unbroken > LONG_WORD / 2 && "/:,}_|".contains(c);
        match c {
            '\\' => out.push_str("\\e"),
            '~' => out.push_str("\\(ti"),
            '^' => out.push_str("\\(ha"),
            '`' => out.push_str("\\(ga"),
            c if c.is_ascii() => out.push(c),
            c => out.push_str(&format!("\\[u{:04X}]", u32::from(c))),
        }
        if joint || unbroken > LONG_WORD {
            // A place where the line may be broken.
            out.push_str("\\:");
            unbroken = 0;
        }
    }
    out
}

/// Like [`escaped`], for what people type: a hyphen is one, and an apostrophe too.
fn literal(text: &str) -> String {
    escaped(text).replace('-', "\\-").replace('\'', "\\(aq")
}

fn quoted(text: &str) -> String {
    quoted_escaped(&escaped(text))
}

fn quoted_escaped(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\(dq"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use config::prose;

    fn printed(text: &str) -> String {
        let mut roff = Roff::page("x", 8);
        let head = roff.text.len();
        for block in prose::parse(text.lines()) {
            roff.block(&block);
        }
        roff.finish().split_off(head)
    }

    #[test]
    fn text_never_becomes_a_request() {
        assert_eq!(printed(".so /etc/passwd"), ".PP\n\\&.so /etc/passwd\n");
        assert_eq!(printed("`a\\nb` 'c"), ".PP\n\\fBa\\enb\\fR 'c\n");
        assert_eq!(
            printed("```text\n'x\n\n.y\n```"),
            ".PP\n.RS 4\n.nf\n\\(aqx\n\\&\n\\&.y\n.fi\n.RE\n"
        );
    }

    #[test]
    fn sentences_begin_lines_and_pages_stand_out() {
        assert_eq!(
            printed("As qmgr(8) does. See `x-y`."),
            ".PP\nAs \\fBqmgr\\fR(8) does.\nSee \\fBx\\-y\\fR.\n"
        );
    }

    #[test]
    fn lists_and_titles_have_their_macros() {
        assert_eq!(
            printed("# FILES\n\nOne.\n\n- `a`: b.\n- c"),
            ".SH \"FILES\"\nOne.\n.TP\n\\fBa\\fR\nb.\n.IP \\(bu 3\nc\n"
        );
    }

    #[test]
    fn references_are_names_with_a_section() {
        assert_eq!(
            references("see access(5), (8) and header_checks(5)"),
            ["access(5)", "header_checks(5)"]
        );
    }
}
