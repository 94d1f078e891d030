// SPDX-License-Identifier: MIT OR Apache-2.0
//! `cidr:/file` and `cidr:{ { net/len result }, ... }`: networks, in the order of the file.
//!
//! A rule is a network or an address and a result; `!` negates it, `if` network ... `endif` makes
//! the rules between depend on it. The first rule that matches decides.
//!
//! *Errors:* a bad rule is skipped with a warning.
//!
//! *Postfix:* dict_cidr(3), cidr_match(3).

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor};
use std::net::IpAddr;

use runtime::log;
use runtime::net::cidr::Block;

use super::reason;
use crate::block;
use crate::source::LogicalLines;
use crate::stamp::Stamp;
use crate::{Found, OpenError, Owner, Table, specification};

/// How deep conditions may be nested.
const MAX_DEPTH: usize = 100;

enum Action {
    /// The result, if the address is in the block.
    Result(Vec<u8>),
    /// Go on, if the address is in the block; otherwise to the rule behind the `endif`.
    If { behind: usize },
    /// `endif`, or an `if` without one.
    Nothing,
}

struct Rule {
    block: Block,
    negated: bool,
    action: Action,
}

struct Cidr {
    name: String,
    rules: Vec<Rule>,
    owner: Owner,
}

pub(super) fn open(name: &str) -> super::Opened {
    let failed = |error: std::io::Error| OpenError(format!("open {name}: {}", reason(&error)));
    let (rules, owner) = if name.starts_with('{') {
        let text = inline_text(name)?;
        (
            parse(LogicalLines::new(Cursor::new(text), name)).map_err(failed)?,
            Owner::Trusted,
        )
    } else {
        let file = File::open(name).map_err(failed)?;
        let owner = Stamp::of(&file).map_err(failed)?.owner();
        (
            parse(LogicalLines::new(BufReader::new(file), name)).map_err(failed)?,
            owner,
        )
    };
    Ok(Box::new(Cidr {
        name: format!("cidr:{name}"),
        rules,
        owner,
    }))
}

/// The rules of an inline table, one on a line.
fn inline_text(name: &str) -> Result<Vec<u8>, OpenError> {
    let bad = |what: &str| OpenError(format!("cidr map: {what}"));
    let inner = specification::inside_braces(name)
        .ok_or_else(|| bad(&format!("bad syntax: \"{name}\"")))?;
    let mut text = String::new();
    for word in specification::words(inner) {
        let rule = specification::inside_braces(word)
            .ok_or_else(|| bad(&format!("no '{{' at start of text in \"{word}\"")))?;
        text.push_str(rule);
        text.push('\n');
    }
    Ok(text.into_bytes())
}

struct Parser {
    rules: Vec<Rule>,
    /// Open conditions: the index of the rule, and its line.
    open: Vec<(usize, usize)>,
}

fn parse(mut lines: LogicalLines<impl BufRead>) -> std::io::Result<Vec<Rule>> {
    let mut parser = Parser {
        rules: Vec::new(),
        open: Vec::new(),
    };
    while let Some(line) = lines.next_line()? {
        let text = String::from_utf8_lossy(&line.text);
        if let Err(problem) = parser.rule(text.trim(), line.number) {
            log::warning(format_args!(
                "cidr map {}, line {}: {problem}: skipping this rule",
                lines.name(),
                line.number
            ));
        }
    }
    while let Some((index, number)) = parser.open.pop() {
        log::warning(format_args!(
            "cidr map {}, line {number}: IF has no matching ENDIF",
            lines.name()
        ));
        parser.rules[index].action = Action::Nothing;
    }
    Ok(parser.rules)
}

impl Parser {
    fn rule(&mut self, text: &str, number: usize) -> Result<(), String> {
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        if word.eq_ignore_ascii_case("endif") {
            return self.endif();
        }
        if word.eq_ignore_ascii_case("if") {
            if self.open.len() >= MAX_DEPTH {
                return Err("too many nested IF".to_owned());
            }
            let (block, negated) = pattern(rest)?;
            self.open.push((self.rules.len(), number));
            self.rules.push(Rule {
                block,
                negated,
                action: Action::If { behind: usize::MAX },
            });
            return Ok(());
        }
        // A `!` may stand apart from its pattern.
        let (marks, text) =
            text.split_at(text.len() - text.trim_start_matches(['!', ' ', '\t']).len());
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let result = rest.trim();
        let (block, _) = pattern(word)?;
        if result.is_empty() {
            return Err("no lookup result".to_owned());
        }
        let negated = marks.matches('!').count() % 2 == 1;
        self.rules.push(Rule {
            block,
            negated,
            action: Action::Result(result.into()),
        });
        Ok(())
    }

    fn endif(&mut self) -> Result<(), String> {
        let (index, _) = self.open.pop().ok_or("ENDIF without IF")?;
        self.rules[index].action = Action::If {
            behind: self.rules.len(),
        };
        Ok(())
    }
}

/// A network or address, possibly negated.
fn pattern(text: &str) -> Result<(Block, bool), String> {
    let bare = text.trim_start_matches(['!', ' ', '\t']);
    let negated = text[..text.len() - bare.len()].matches('!').count() % 2 == 1;
    if bare.is_empty() {
        return Err("no address pattern".to_owned());
    }
    block::parse(bare).map(|block| (block, negated))
}

impl Table for Cidr {
    fn get(&mut self, key: &[u8]) -> Found {
        let Some(address) = std::str::from_utf8(key)
            .ok()
            .and_then(|key| key.parse::<IpAddr>().ok())
        else {
            return Ok(None);
        };
        let holds = |rule: &Rule| rule.block.contains(address) != rule.negated;
        let mut index = 0;
        while let Some(rule) = self.rules.get(index) {
            index += 1;
            match &rule.action {
                Action::Result(result) if holds(rule) => return Ok(Some(result.clone())),
                Action::If { behind } if !holds(rule) => index = *behind,
                Action::Result(_) | Action::If { .. } | Action::Nothing => {}
            }
        }
        Ok(None)
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_fixed(&self) -> bool {
        false
    }

    fn owner(&self) -> Owner {
        self.owner
    }
}
