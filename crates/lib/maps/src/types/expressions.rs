// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tables of regular expressions, for any engine: the syntax of their rules, and lookups.
//!
//! A rule is `/pattern/flags result`; any character that is no letter or digit may delimit the
//! pattern. `!` before it negates it. `if /pattern/flags` ... `endif` is a condition. In the
//! result `$1` stands for what the first group matched. The whole key is searched, as it is.
//!
//! *Errors:* a bad rule is skipped with a warning. A search that the engine gives up counts as
//! neither match nor mismatch: the rule is skipped for this key, with a warning.
//!
//! *Postfix:* dict_regexp(3), dict_pcre(3).

use std::ffi::{CStr, CString};

use bstr::ByteSlice;
use runtime::log;
use sys::regex::Captures;

use super::rules::{Place, Rules};
use super::template::{Problem, Template};
use crate::source::LogicalLine;
use crate::{Found, Options, Owner, Table};

/// A dialect of regular expressions, with the memory that its searches share.
pub(super) trait Engine: Sized {
    /// The table type.
    const KIND: &'static str;
    /// What the original says becomes of a rule without closing delimiter.
    const UNCLOSED: &'static str;
    /// How the original calls a group number that is no such number.
    const OUT_OF_RANGE: &'static str;
    /// Whether `/pattern/!/other/` is a rule: the first matches and the second does not.
    const TWO_PATTERNS: bool;
    /// How patterns are read and applied.
    type Flags: Copy;
    /// The flags of a pattern that asks for none.
    const USUAL: Self::Flags;
    /// A compiled pattern.
    type Pattern;

    /// Memory for searches that ask for up to this number of groups.
    fn new(groups: usize) -> Self;
    /// Turns a flag on or off; `None` if there is no such flag.
    fn toggle(flags: &mut Self::Flags, letter: u8) -> Option<Toggled>;
    /// Compiles a pattern; the error is the engine's, as the original shows it.
    fn compile(pattern: &CStr, flags: Self::Flags) -> Result<Self::Pattern, String>;
    /// How many groups a pattern has.
    fn groups(pattern: &Self::Pattern) -> usize;
    /// What the pattern and its first `groups` groups match in the text; `None` for no match.
    fn search(
        &mut self,
        pattern: &Self::Pattern,
        text: &CStr,
        groups: usize,
    ) -> Result<Option<Captures>, String>;
}

/// What came of a flag.
pub(super) enum Toggled {
    /// The flag is changed.
    Done,
    /// The flag has no meaning any more.
    Obsolete,
}

/// A pattern and whether it must not match.
struct Condition<P> {
    pattern: P,
    negated: bool,
}

/// What must hold for a rule to answer.
struct Test<P> {
    first: Condition<P>,
    second: Option<Condition<P>>,
    /// How many groups the result asks for.
    groups: usize,
    line: usize,
}

struct Expressions<E: Engine> {
    /// `type:name`.
    title: String,
    rules: Rules<Test<E::Pattern>, Template>,
    engine: E,
    owner: Owner,
}

pub(super) fn open<E: Engine + 'static>(name: &str, options: &Options) -> super::Opened {
    let place = Place {
        kind: E::KIND,
        name,
    };
    let mut parser = Parser::<E> {
        place: &place,
        substitution: !options.sensitive,
        rules: Rules::new(),
        groups: 0,
    };
    let owner = place.read(|LogicalLine { text, number }| {
        let end = text.iter().rposition(|byte| !is_space(*byte));
        let text = &text[..end.map_or(0, |last| last + 1)];
        if let Err(problem) = parser.line(until_nul(text), number) {
            place.warn(number, problem);
        }
    })?;
    let Parser {
        mut rules, groups, ..
    } = parser;
    rules.finish(&place);
    Ok(Box::new(Expressions {
        title: format!("{}:{name}", E::KIND),
        rules,
        engine: E::new(groups),
        owner,
    }))
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == b'\x0b'
}

/// What a C library sees of a text.
fn until_nul(text: &[u8]) -> &[u8] {
    text.split(|byte| *byte == 0).next().unwrap_or_default()
}

fn skip_space(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|byte| is_space(**byte)).count()..]
}

/// What follows the word at the beginning, in upper or lower case.
fn after_word<'a>(text: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = text.split_at_checked(word.len())?;
    let ends = rest
        .first()
        .is_none_or(|byte| !byte.is_ascii_alphanumeric());
    (ends && start.eq_ignore_ascii_case(word)).then_some(rest)
}

/// Why a line is not used: a whole warning.
type Refused = String;

struct Parser<'a, E: Engine> {
    place: &'a Place<'a>,
    /// Whether results may contain what groups matched.
    substitution: bool,
    rules: Rules<Test<E::Pattern>, Template>,
    /// The highest group that any result asks for.
    groups: usize,
}

impl<E: Engine> Parser<'_, E> {
    fn line(&mut self, text: &[u8], line: usize) -> Result<(), Refused> {
        if text
            .first()
            .is_none_or(|byte| !byte.is_ascii_alphanumeric())
        {
            self.rule(text, line)
        } else if let Some(rest) = after_word(text, b"if") {
            self.begin_if(rest, line)
        } else if let Some(rest) = after_word(text, b"endif") {
            if !self.rules.end_if() {
                return Err("ignoring ENDIF without matching IF".to_owned());
            }
            if !rest.is_empty() {
                return Err("ignoring extra text after ENDIF".to_owned());
            }
            Ok(())
        } else {
            Err("ignoring unrecognized request".to_owned())
        }
    }

    fn rule(&mut self, text: &[u8], line: usize) -> Result<(), Refused> {
        let mut rest = text;
        let (first, flags) = self.pattern(&mut rest, line)?;
        let mut second = None;
        if E::TWO_PATTERNS && rest.first() == Some(&b'!') {
            second = Some(self.pattern(&mut rest, line)?);
        }
        let result = skip_space(rest);
        if result.is_empty() {
            self.place
                .warn(line, "no replacement text: using empty string");
        }
        let result = self.result(result, line)?;
        let groups = result.groups();
        let skipped = |why: &str| Err(format!("{why}: skipping this rule"));
        if groups > 0 && first.negated {
            return skipped("$number found in negative match replacement text");
        }
        if groups > 0 && !self.substitution {
            return skipped("regular expression substitution is not allowed");
        }
        let first = compile::<E>(&first, flags)?;
        if groups > E::groups(&first.pattern) {
            return skipped(&format!("out of range replacement index \"{groups}\""));
        }
        let second = second
            .map(|(pattern, flags)| compile::<E>(&pattern, flags))
            .transpose()?;
        self.groups = self.groups.max(groups);
        let test = Test {
            first,
            second,
            groups,
            line,
        };
        self.rules.push(test, result);
        Ok(())
    }

    fn begin_if(&mut self, text: &[u8], line: usize) -> Result<(), Refused> {
        let mut rest = skip_space(text);
        let (pattern, flags) = self.pattern(&mut rest, line)?;
        let extra = skip_space(rest);
        if !extra.is_empty() {
            let extra = extra.as_bstr();
            let problem = format!("ignoring extra text after IF statement: \"{extra}\"");
            self.place.warn(line, problem);
            let advice = "do not prepend whitespace to statements between IF and ENDIF";
            self.place.warn(line, advice);
        }
        let first = compile::<E>(&pattern, flags)?;
        let test = Test {
            first,
            second: None,
            groups: 0,
            line,
        };
        self.rules.begin_if(test, line);
        Ok(())
    }

    /// Takes `!/pattern/flags` from the beginning of a text.
    fn pattern<'t>(
        &self,
        text: &mut &'t [u8],
        line: usize,
    ) -> Result<(Condition<&'t [u8]>, E::Flags), Refused> {
        let marks = text.iter().take_while(|byte| **byte == b'!').count();
        let rest = skip_space(&text[marks..]);
        let Some((&delimiter, rest)) = rest.split_first() else {
            return Err("no regexp: skipping this rule".to_owned());
        };
        let Some(end) = closing(rest, delimiter) else {
            return Err(format!(
                "no closing regexp delimiter \"{}\": {} this rule",
                [delimiter].as_bstr(),
                E::UNCLOSED
            ));
        };
        let (pattern, mut rest) = (&rest[..end], &rest[end + 1..]);
        let mut flags = E::USUAL;
        while let Some((&letter, behind)) = rest.split_first() {
            if is_space(letter) || (E::TWO_PATTERNS && letter == b'!') {
                break;
            }
            let shown = [letter];
            let shown = shown.as_bstr();
            match E::toggle(&mut flags, letter) {
                Some(Toggled::Done) => {}
                Some(Toggled::Obsolete) => {
                    let problem = format!("ignoring obsolete regexp option \"{shown}\"");
                    self.place.warn(line, problem);
                }
                None => {
                    return Err(format!(
                        "unknown regexp option \"{shown}\": skipping this rule"
                    ));
                }
            }
            rest = behind;
        }
        *text = rest;
        let negated = marks % 2 == 1;
        Ok((Condition { pattern, negated }, flags))
    }

    fn result(&self, text: &[u8], line: usize) -> Result<Template, Refused> {
        let place = self.place;
        Template::parse(text).map_err(|problems| {
            for problem in problems {
                match problem {
                    Problem::Truncated(text) => {
                        log::warning(format_args!(
                            "truncated macro reference: \"{}\"",
                            text.as_bstr()
                        ));
                    }
                    Problem::NoName(text) => {
                        log::warning(format_args!("empty macro name: \"{}\"", text.as_bstr()));
                    }
                    Problem::NotNumeric(name) => {
                        let name = name.as_bstr();
                        place.warn(
                            line,
                            format_args!("non-numeric replacement index \"{name}\""),
                        );
                    }
                    Problem::OutOfRange(name) => {
                        let (what, name) = (E::OUT_OF_RANGE, name.as_bstr());
                        place.warn(line, format_args!("{what} replacement index \"{name}\""));
                    }
                }
            }
            "bad replacement syntax: skipping this rule".to_owned()
        })
    }
}

/// The place of the closing delimiter; a backslash protects the byte behind it.
fn closing(text: &[u8], delimiter: u8) -> Option<usize> {
    let mut bytes = text.iter().enumerate();
    while let Some((index, byte)) = bytes.next() {
        if *byte == b'\\' {
            bytes.next();
        } else if *byte == delimiter {
            return Some(index);
        }
    }
    None
}

fn compile<E: Engine>(
    condition: &Condition<&[u8]>,
    flags: E::Flags,
) -> Result<Condition<E::Pattern>, Refused> {
    // The line ends before the first NUL.
    let pattern = CString::new(condition.pattern).unwrap_or_default();
    Ok(Condition {
        pattern: E::compile(&pattern, flags)?,
        negated: condition.negated,
    })
}

impl<E: Engine> Table for Expressions<E> {
    fn get(&mut self, key: &[u8]) -> Found {
        let text = CString::new(until_nul(key)).unwrap_or_default();
        let (engine, title) = (&mut self.engine, &self.title);
        let mut search = |condition: &Condition<E::Pattern>, groups, line| {
            let found = match engine.search(&condition.pattern, &text, groups) {
                Ok(found) => found,
                Err(error) => {
                    let name = title.split_once(':').map_or("", |(_, name)| name);
                    Place {
                        kind: E::KIND,
                        name,
                    }
                    .warn(line, error);
                    return None;
                }
            };
            (found.is_some() != condition.negated).then(|| found.unwrap_or_default())
        };
        let found = self.rules.first(|test| {
            let captures = search(&test.first, test.groups, test.line)?;
            if let Some(second) = &test.second {
                search(second, 0, test.line)?;
            }
            Some(captures)
        });
        Ok(found.map(|(result, captures)| result.fill(text.as_bytes(), &captures)))
    }

    fn name(&self) -> &str {
        &self.title
    }

    fn is_fixed(&self) -> bool {
        false
    }

    fn owner(&self) -> Owner {
        self.owner
    }
}

#[cfg(test)]
mod tests {
    use super::super::{pcre::Perl, regexp::Posix};
    use super::*;

    fn rules(text: &str) -> String {
        let rules: Vec<String> = text.lines().map(|rule| format!("{{{rule}}}")).collect();
        format!("{{ {} }}", rules.join(" "))
    }

    fn ask<E: Engine + 'static>(text: &str, key: &str) -> Option<String> {
        let mut table = open::<E>(&rules(text), &Options::new()).unwrap();
        let found = table.get(key.as_bytes()).unwrap();
        found.map(|value| String::from_utf8(value).unwrap())
    }

    /// Both engines must agree.
    #[track_caller]
    fn both(text: &str, key: &str) -> Option<String> {
        let found = ask::<Posix>(text, key);
        assert_eq!(found, ask::<Perl>(text, key), "{key}");
        found
    }

    #[test]
    fn the_first_rule_that_holds_answers() {
        let text = "/^a/ first\n!/z/ second\n/./ third";
        assert_eq!(both(text, "Abz").unwrap(), "first");
        assert_eq!(both(text, "b").unwrap(), "second");
        assert_eq!(both(text, "bz").unwrap(), "third");
        assert_eq!(both("/^a/ x", "b"), None);
    }

    #[test]
    fn results_contain_what_groups_matched() {
        let text = "/^(.*)@(b|(c))$/ $2 at ${1}, [$(3)] $$5\n/(\\.)+/ $1";
        assert_eq!(both(text, "x.y@B").unwrap(), "B at x.y, [] $5");
        assert_eq!(both(text, "x@c").unwrap(), "c at x, [c] $5");
        assert_eq!(both(text, "x..y").unwrap(), ".");
    }

    #[test]
    fn conditions_may_be_nested() {
        let text = "if /a/\nif !/b/\n/./ a not b\nendif\n/c/ a b c\nendif\n/b/ b";
        assert_eq!(both(text, "a").unwrap(), "a not b");
        assert_eq!(both(text, "abc").unwrap(), "a b c");
        assert_eq!(both(text, "ab").unwrap(), "b");
        assert_eq!(both(text, "c"), None);
    }

    #[test]
    fn any_character_delimits_and_a_backslash_protects_it() {
        assert_eq!(both("|a/b|i x", "a/b").unwrap(), "x");
        assert_eq!(both("/a\\/b/ x", "a/b").unwrap(), "x");
        assert_eq!(both("/a/i x", "A"), None);
    }

    #[test]
    fn bad_rules_are_skipped() {
        let text = "/a/q flag\n/a\n!\n/(/ open\n/a/ $1\n/a/ $0\n/a/ $(1\n!/(b)/ $1\nword\n\
            endif\nif /(/\nif\n/a/ good";
        assert_eq!(both(text, "a").unwrap(), "good");
    }

    #[test]
    fn only_posix_rules_have_a_second_pattern() {
        assert_eq!(ask::<Posix>("/a/!/b/ x", "a").unwrap(), "x");
        assert_eq!(ask::<Posix>("/a/!/b/ x", "ab"), None);
        assert_eq!(ask::<Perl>("/a/!/b/ x", "a"), None);
    }

    #[test]
    fn a_search_that_is_given_up_skips_the_rule() {
        let key = format!("{}b", "a".repeat(40));
        let text = "/(a+)+$/ x\n!/(a+)+$/ y\nif /(a+)+$/\n/a/ z\nendif\n/./ other";
        assert_eq!(ask::<Perl>(text, &key).unwrap(), "other");
    }

    #[test]
    fn keys_end_at_a_nul_as_they_do_for_the_libraries() {
        assert_eq!(both("/^a$/ x", "a\0b").unwrap(), "x");
    }

    #[test]
    fn sensitive_tables_take_nothing_from_the_key() {
        let mut options = Options::new();
        options.sensitive = true;
        let text = rules("/(a)/ $1\n/a/ plain");
        for mut table in [
            open::<Posix>(&text, &options).unwrap(),
            open::<Perl>(&text, &options).unwrap(),
        ] {
            assert_eq!(table.get(b"a").unwrap().unwrap(), b"plain");
        }
    }
}
