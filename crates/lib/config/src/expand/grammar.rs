// SPDX-License-Identifier: MIT OR Apache-2.0
//! The grammar of the `$` language.
//!
//! ```text
//! text       = { literal | "$$" | "$" name | "${" expression "}" | "$(" expression ")" }
//! expression = name [ choice ] | function "{" text "}" | comparison [ choice ]
//! choice     = "?" branch [ ":" branch ] | ":" branch        branch = "{" text "}" | text
//! comparison = "{" text "}" operator [ "level" ] "{" text "}"
//! ```
//!
//! White space may stand between the parts of an expression, but belongs to the text within
//! braces, and to a branch without braces. A branch without braces reaches to the end, so that
//! only the last one can be without.
//!
//! *Errors*: [`ConfigError::Syntax`] in the words of the original, with the place marked `>>>`.
//!
//! *Postfix:* `util/mac_parse`, the parsing half of `util/mac_expand`.

use nom::IResult;
use nom::Parser as _;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::combinator::value;

use crate::error::ConfigError;
use crate::lines::is_space;

/// What a text consists of.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// To be taken as it is.
    Literal(&'t str),
    /// What stands after `$`, without the outer braces.
    Reference(&'t str),
}

/// What stands within `${…}`.
#[derive(Debug, PartialEq, Eq)]
pub enum Expression<'t> {
    /// The value of a name.
    Name(&'t str),
    /// A function call.
    Function {
        /// Which one.
        function: Function,
        /// Its argument, not yet expanded.
        text: &'t str,
    },
    /// One of two texts; without any, the word `true` or nothing.
    Choice {
        /// What decides.
        subject: Subject<'t>,
        /// The text in the first case.
        if_true: Option<&'t str>,
        /// The text in the other case.
        if_false: Option<&'t str>,
    },
}

/// The functions there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The ASCII form of an internationalized domain name.
    DomainToAscii,
}

/// What a choice depends on.
#[derive(Debug, PartialEq, Eq)]
pub enum Subject<'t> {
    /// Whether the value of a name is not empty.
    Name(&'t str),
    /// Whether a comparison holds.
    Comparison(Comparison<'t>),
}

/// A comparison of two texts, not yet expanded.
#[derive(Debug, PartialEq, Eq)]
pub struct Comparison<'t> {
    /// The text before the operator.
    pub left: &'t str,
    /// The operator.
    pub operator: Operator,
    /// Whether the texts are compatibility levels.
    pub by_level: bool,
    /// The text after the operator.
    pub right: &'t str,
}

/// How two texts are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    GreaterOrEqual,
    Greater,
}

/// The pieces of `text`, in order.
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces {
        whole: text,
        rest: text,
    }
}

/// The iterator behind [`pieces`].
pub struct Pieces<'t> {
    whole: &'t str,
    rest: &'t str,
}

impl<'t> Iterator for Pieces<'t> {
    type Item = Result<Piece<'t>, ConfigError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let Some(after) = self.rest.strip_prefix('$') else {
            let end = self.rest.find('$').unwrap_or(self.rest.len());
            let (literal, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Some(Ok(Piece::Literal(literal)));
        };
        let found = reference(after);
        self.rest = found.as_ref().map_or("", |(_, rest)| rest);
        Some(match found {
            Ok((Piece::Reference(""), _)) => {
                Err(syntax(format!("empty macro name: \"{}\"", self.whole)))
            }
            Ok((piece, _)) => Ok(piece),
            Err(Unbalanced) => Err(syntax(format!(
                "truncated macro reference: \"{}\"",
                self.whole
            ))),
        })
    }
}

/// An opening brace without its closing one.
struct Unbalanced;

/// What follows `$`, and the rest.
fn reference(after: &str) -> Result<(Piece<'_>, &str), Unbalanced> {
    match after.as_bytes().first() {
        Some(b'$') => {
            let (dollar, rest) = after.split_at(1);
            Ok((Piece::Literal(dollar), rest))
        }
        Some(b'{') => {
            balanced(after, b'{', b'}').map(|(text, rest)| (Piece::Reference(text), rest))
        }
        Some(b'(') => {
            balanced(after, b'(', b')').map(|(text, rest)| (Piece::Reference(text), rest))
        }
        _ => {
            let end = after.find(|c| !is_name_character(c)).unwrap_or(after.len());
            let (name, rest) = after.split_at(end);
            Ok((Piece::Reference(name), rest))
        }
    }
}

/// What stands between the opening brace at the start of `text` and its partner, and the rest.
fn balanced(text: &str, open: u8, close: u8) -> Result<(&str, &str), Unbalanced> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                let inner = text.get(1..at).unwrap_or_default();
                return Ok((inner, text.get(at + 1..).unwrap_or_default()));
            }
        }
    }
    Err(Unbalanced)
}

fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

fn syntax(text: String) -> ConfigError {
    ConfigError::Syntax(text)
}

/// The error "`what` at `rest`"; `before` is what stands in front of the place.
fn trouble(what: &str, before: &str, rest: &str) -> ConfigError {
    let ahead: String = rest.chars().take(20).collect();
    syntax(format!("{what} at: \"...{before}>>>{ahead}\""))
}

fn spaces(input: &str) -> IResult<&str, &str> {
    take_while(is_space).parse(input)
}

/// The text after leading white space.
fn skip_spaces(input: &str) -> &str {
    spaces(input).map_or(input, |(rest, _)| rest)
}

fn operator(input: &str) -> IResult<&str, Operator> {
    alt((
        value(Operator::Equal, tag("==")),
        value(Operator::NotEqual, tag("!=")),
        value(Operator::LessOrEqual, tag("<=")),
        value(Operator::Less, tag("<")),
        value(Operator::GreaterOrEqual, tag(">=")),
        value(Operator::Greater, tag(">")),
    ))
    .parse(input)
}

fn name(input: &str) -> IResult<&str, &str> {
    take_while1(is_name_character).parse(input)
}

/// A text in braces, and the rest.
fn braced(input: &str) -> Option<(&str, &str)> {
    if input.starts_with('{') {
        balanced(input, b'{', b'}').ok()
    } else {
        None
    }
}

/// Takes apart what stands within `${…}` or after `$`.
pub fn expression(inner: &str) -> Result<Expression<'_>, ConfigError> {
    let start = skip_spaces(inner);
    if let Some((left, rest)) = braced(start) {
        let (comparison, rest) = comparison(left, rest)?;
        let before = format!("{}}}", comparison.right);
        let (if_true, if_false) = choice(&before, rest, "\"?\" or \":\" expected")?;
        return Ok(Expression::Choice {
            subject: Subject::Comparison(comparison),
            if_true,
            if_false,
        });
    }
    const BAD_NAME: &str = "attribute name syntax error";
    let Ok((rest, name)) = name(start) else {
        return Err(trouble(BAD_NAME, "", start));
    };
    if name == "domain_to_ascii"
        && let Some((text, rest)) = braced(rest)
    {
        let rest = skip_spaces(rest);
        return if rest.is_empty() {
            Ok(Expression::Function {
                function: Function::DomainToAscii,
                text,
            })
        } else {
            Err(trouble("unexpected input", &format!("{text}}}"), rest))
        };
    }
    if skip_spaces(rest).is_empty() {
        return Ok(Expression::Name(name));
    }
    let (if_true, if_false) = choice(name, rest, BAD_NAME)?;
    Ok(Expression::Choice {
        subject: Subject::Name(name),
        if_true,
        if_false,
    })
}

/// What follows the first operand of a comparison: the comparison, and the rest.
fn comparison<'t>(left: &'t str, rest: &'t str) -> Result<(Comparison<'t>, &'t str), ConfigError> {
    let rest = skip_spaces(rest);
    let Ok((after, operator)) = operator(rest) else {
        let what = "\"==\" or \"!=\" or \"<\" or \"<=\" or \">=\" or \">\" expected";
        return Err(trouble(what, &format!("{left}}}"), rest));
    };
    let written = rest.strip_suffix(after).unwrap_or_default();
    let by_level = name(after).is_ok();
    let operand = match name(after) {
        Ok((rest, "level")) => rest,
        Ok(_) => return Err(trouble("bad operator suffix", written, after)),
        Err(_) => after,
    };
    match braced(skip_spaces(operand)) {
        Some((right, rest)) => Ok((
            Comparison {
                left,
                operator,
                by_level,
                right,
            },
            rest,
        )),
        None => {
            let before = format!("{{{left}}} {written}");
            Err(trouble("\"{expression}\" expected", &before, operand))
        }
    }
}

/// The branches of a choice; `before` and `otherwise` are for the error when there is
/// something else.
fn choice<'t>(
    before: &str,
    rest: &'t str,
    otherwise: &str,
) -> Result<(Option<&'t str>, Option<&'t str>), ConfigError> {
    let start = skip_spaces(rest);
    if start.is_empty() {
        return Ok((None, None));
    }
    if let Some(rest) = start.strip_prefix(':') {
        return Ok((None, Some(last_branch(rest)?)));
    }
    let Some(rest) = start.strip_prefix('?') else {
        return Err(trouble(otherwise, before, rest));
    };
    let Some((if_true, rest)) = braced(skip_spaces(rest)) else {
        return Ok((Some(rest), None));
    };
    let rest = skip_spaces(rest);
    if rest.is_empty() {
        return Ok((Some(if_true), None));
    }
    match rest.strip_prefix(':') {
        Some(rest) => Ok((Some(if_true), Some(last_branch(rest)?))),
        None => Err(trouble("\":\" expected", &format!("{if_true}}}"), rest)),
    }
}

/// The text of a branch after which nothing may follow.
fn last_branch(rest: &str) -> Result<&str, ConfigError> {
    let Some((text, after)) = braced(skip_spaces(rest)) else {
        return Ok(rest);
    };
    let after = skip_spaces(after);
    if after.is_empty() {
        Ok(text)
    } else {
        Err(trouble("unexpected input", &format!("{text}}}"), after))
    }
}
