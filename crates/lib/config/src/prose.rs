// SPDX-License-Identifier: MIT OR Apache-2.0
//! The restricted Markdown in which the manual is written.
//!
//! The doc comments of [`crate::params`] and the pages beside the programs use it; the manual
//! generator and `postconf --explain` read it here. It is Markdown that rustdoc shows the same
//! way, less everything that a manual page cannot show: see the head of [`crate::params`].
//!
//! *Errors*: none; what is not understood is text.

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Running text.
    Text(String),
    /// `` `literal` ``: a name, a value, something to type.
    Code(String),
    /// `**strong**`.
    Strong(String),
    /// `*emphasis*`: a placeholder, a term that is being defined.
    Emphasis(String),
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// `# TITLE`, in pages only; the number of `#` first.
    Heading(usize, String),
    /// Lines up to an empty line.
    Paragraph(Vec<Span>),
    /// `- text`, and its further lines indented by two.
    Bullet(Vec<Span>),
    /// `1. text`: an item of a numbered list, with its number and the full stop.
    Step(String, Vec<Span>),
    /// ``- `term`: text``: what stands before the first colon is being defined. Or, in pages, a
    /// line with the term and `: text` on the next.
    Definition(Vec<Span>, Vec<Span>),
    /// Lines between ```` ```text ```` and ```` ``` ````, as they are.
    Example(Vec<String>),
}

/// Takes a text apart. Lines are as they stand, without their line ends.
pub fn parse<'l>(lines: impl IntoIterator<Item = &'l str>) -> Vec<Block> {
    let mut parser = Parser::default();
    for line in lines {
        parser.line(line);
    }
    parser.flush();
    parser.blocks
}

/// The first sentence of a text: up to the first full stop that white space or the end of the
/// paragraph follows.
pub fn first_sentence(blocks: &[Block]) -> Vec<Span> {
    let Some(Block::Paragraph(spans)) = blocks.first() else {
        return Vec::new();
    };
    let mut sentence = Vec::new();
    for span in spans {
        if let Span::Text(text) = span
            && let Some(end) = text.find(". ")
        {
            sentence.push(Span::Text(text[..=end].to_string()));
            break;
        }
        sentence.push(span.clone());
    }
    sentence
}

/// The text of spans, without marks.
pub fn plain(spans: &[Span]) -> String {
    spans.iter().map(Span::text).collect()
}

impl Span {
    /// The text, without marks.
    pub fn text(&self) -> &str {
        match self {
            Span::Text(text) | Span::Code(text) | Span::Strong(text) | Span::Emphasis(text) => text,
        }
    }
}

/// What the lines read so far belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Paragraph,
    Item,
    Step,
    Defined,
    Example,
}

#[derive(Debug, Default)]
struct Parser {
    blocks: Vec<Block>,
    state: State,
    /// The lines of the paragraph or item, joined.
    text: String,
    /// The term of a definition, or the number of a step.
    term: String,
    example: Vec<String>,
}

impl Parser {
    fn line(&mut self, line: &str) {
        let bare = line.trim_start();
        if self.state == State::Example {
            if bare == "```" {
                self.blocks
                    .push(Block::Example(std::mem::take(&mut self.example)));
                self.state = State::Paragraph;
            } else {
                self.example.push(line.to_string());
            }
        } else if bare.starts_with("```") {
            self.flush();
            self.state = State::Example;
        } else if bare.is_empty() {
            self.flush();
        } else if let Some(text) = bare.strip_prefix(": ").filter(|_| !self.text.is_empty()) {
            self.state = State::Defined;
            self.term = std::mem::take(&mut self.text);
            self.add(text.trim_start());
        } else if let Some(text) = bare.strip_prefix("- ") {
            self.flush();
            self.state = State::Item;
            self.add(text);
        } else if let Some((number, text)) = step(bare).filter(|_| self.takes_step()) {
            self.flush();
            self.state = State::Step;
            self.term = number.to_string();
            self.add(text);
        } else if let Some(title) = heading(line) {
            self.flush();
            self.blocks.push(title);
        } else {
            self.add(bare);
        }
    }

    /// Inside a paragraph a line may begin with a number by accident.
    fn takes_step(&self) -> bool {
        self.text.is_empty() || self.state != State::Paragraph
    }

    fn add(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(text.trim_end());
    }

    fn flush(&mut self) {
        let state = std::mem::take(&mut self.state);
        let text = std::mem::take(&mut self.text);
        if text.is_empty() {
            return;
        }
        let spans = spans(&text);
        self.blocks.push(match (state, term_length(&spans)) {
            (State::Item, Some(length)) => definition(spans, length),
            (State::Item, None) => Block::Bullet(spans),
            (State::Step, _) => Block::Step(std::mem::take(&mut self.term), spans),
            (State::Defined, _) => Block::Definition(self::spans(&self.term), spans),
            (State::Paragraph | State::Example, _) => Block::Paragraph(spans),
        });
    }
}

/// The number of an item, with its full stop, and the text.
fn step(line: &str) -> Option<(&str, &str)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let text = line.get(digits..)?.strip_prefix(". ")?;
    (1..=2).contains(&digits).then(|| (&line[..=digits], text))
}

fn heading(line: &str) -> Option<Block> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    let title = title.strip_prefix(' ')?;
    (level > 0).then(|| Block::Heading(level, title.trim().to_string()))
}

/// How many spans of an item make its term: literals, with nothing but commas and "or" between
/// them, up to a text that begins with a colon.
fn term_length(spans: &[Span]) -> Option<usize> {
    let mut spans = spans.iter().enumerate();
    matches!(spans.next()?, (_, Span::Code(_))).then_some(())?;
    for (at, span) in spans {
        match span {
            Span::Code(_) | Span::Emphasis(_) => {}
            Span::Text(text) if text.starts_with(": ") => return Some(at),
            Span::Text(text) if [", ", " or ", " "].contains(&text.as_str()) => {}
            Span::Text(_) | Span::Strong(_) => return None,
        }
    }
    None
}

fn definition(mut spans: Vec<Span>, length: usize) -> Block {
    let mut text = spans.split_off(length);
    if let Some(Span::Text(first)) = text.first_mut() {
        first.drain(..2);
    }
    Block::Definition(spans, text)
}

/// The spans of a line of text.
pub fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let marked = ["`", "**", "*"].into_iter().find_map(|mark| {
            let (inner, after) = rest.strip_prefix(mark)?.split_once(mark)?;
            (!inner.is_empty() && (mark == "`" || !inner.starts_with(' ')))
                .then_some((mark, inner, after))
        });
        if let Some((mark, inner, after)) = marked {
            if !plain.is_empty() {
                spans.push(Span::Text(std::mem::take(&mut plain)));
            }
            spans.push(match mark {
                "`" => Span::Code(inner.to_string()),
                "**" => Span::Strong(unescaped(inner)),
                _ => Span::Emphasis(unescaped(inner)),
            });
            rest = after;
        } else if first == '\\' && rest[1..].starts_with(|c: char| c.is_ascii_punctuation()) {
            plain.push_str(&rest[1..2]);
            rest = &rest[2..];
        } else {
            plain.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    if !plain.is_empty() {
        spans.push(Span::Text(plain));
    }
    spans
}

fn unescaped(text: &str) -> String {
    text.replace('\\', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Span {
        Span::Text(text.to_string())
    }
    fn code(text: &str) -> Span {
        Span::Code(text.to_string())
    }

    #[test]
    fn a_text_is_made_of_paragraphs_items_and_examples() {
        let lines = [
            "One `two`",
            "three.",
            "",
            "- four",
            "  five",
            "1. and a half",
            "- `a`, `b`: six.",
            "```text",
            "  seven = eight",
            "```",
            "## NINE",
            "**ten**",
            ":   eleven",
        ];
        let expected = [
            Block::Paragraph(vec![text("One "), code("two"), text(" three.")]),
            Block::Bullet(vec![text("four five")]),
            Block::Step("1.".to_string(), vec![text("and a half")]),
            Block::Definition(vec![code("a"), text(", "), code("b")], vec![text("six.")]),
            Block::Example(vec!["  seven = eight".to_string()]),
            Block::Heading(2, "NINE".to_string()),
            Block::Definition(vec![Span::Strong("ten".to_string())], vec![text("eleven")]),
        ];
        assert_eq!(parse(lines), expected);
    }

    #[test]
    fn a_number_at_the_beginning_of_a_line_is_no_step() {
        let expected = Block::Paragraph(vec![text("Port 25. And so on.")]);
        assert_eq!(parse(["Port", "25. And so on."]), [expected]);
    }

    #[test]
    fn marks_are_literal_after_a_backslash_and_alone() {
        assert_eq!(
            spans(r"\[a\] 2 * 3 `\t`"),
            [text("[a] 2 * 3 "), code(r"\t")]
        );
        let strong = Span::Strong("b".to_string());
        let emphasis = Span::Emphasis("c".to_string());
        assert_eq!(spans("**b** *c*"), [strong, text(" "), emphasis]);
    }

    #[test]
    fn the_first_sentence_ends_with_a_full_stop_before_a_space() {
        let sentence = |text| plain(&first_sentence(&parse([text])));
        assert_eq!(
            sentence("Since 2.5 a `b. c` d. And more."),
            "Since 2.5 a b. c d."
        );
        assert_eq!(sentence("Only one."), "Only one.");
    }
}
