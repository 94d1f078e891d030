// SPDX-License-Identifier: MIT OR Apache-2.0
//! What tables of patterns (cidr, regexp, pcre) have in common: where their rules come from, and
//! the order in which rules are tried, with conditions.
//!
//! The rules stand in a file, one on a logical line, or in the specification itself:
//! `{ {rule}, {rule} }`. `if` and `endif` make the rules between them depend on a pattern; they
//! may be nested. The first rule whose pattern holds answers.
//!
//! *Postfix:* dict_stream(3), and the part that dict_cidr(3), dict_regexp(3) and dict_pcre(3)
//! each have of their own.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor};

use runtime::log;

use super::reason;
use crate::source::{LogicalLine, LogicalLines};
use crate::stamp::Stamp;
use crate::{OpenError, Owner, specification};

/// One rule, or one condition.
struct Step<P, R> {
    pattern: P,
    action: Action<R>,
}

enum Action<R> {
    /// The answer, if the pattern holds.
    Answer(R),
    /// Go on if the pattern holds; otherwise behind the `endif`. Without `endif` that is behind
    /// everything.
    If { behind: usize },
}

/// The rules of a table, in order.
pub(super) struct Rules<P, R> {
    steps: Vec<Step<P, R>>,
    /// Conditions without `endif` yet: the index of the step, and its line.
    open: Vec<(usize, usize)>,
}

impl<P, R> Rules<P, R> {
    pub(super) fn new() -> Self {
        Self {
            steps: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Adds a rule.
    pub(super) fn push(&mut self, pattern: P, result: R) {
        let action = Action::Answer(result);
        self.steps.push(Step { pattern, action });
    }

    /// Begins a condition.
    pub(super) fn begin_if(&mut self, pattern: P, line: usize) {
        self.open.push((self.steps.len(), line));
        let action = Action::If { behind: usize::MAX };
        self.steps.push(Step { pattern, action });
    }

    /// Ends the innermost condition; tells whether there was one.
    pub(super) fn end_if(&mut self) -> bool {
        let behind = self.steps.len();
        let Some((index, _)) = self.open.pop() else {
            return false;
        };
        if let Some(step) = self.steps.get_mut(index) {
            step.action = Action::If { behind };
        }
        true
    }

    /// Warns about conditions that do not end.
    pub(super) fn finish(&mut self, table: &Place<'_>) {
        while let Some((_, line)) = self.open.pop() {
            table.warn(line, "IF has no matching ENDIF");
        }
    }

    /// The first rule whose pattern `holds`, with what that gave.
    pub(super) fn first<T>(&self, mut holds: impl FnMut(&P) -> Option<T>) -> Option<(&R, T)> {
        let mut index = 0;
        while let Some(step) = self.steps.get(index) {
            index += 1;
            match (&step.action, holds(&step.pattern)) {
                (Action::Answer(result), Some(found)) => return Some((result, found)),
                (Action::If { behind }, None) => index = *behind,
                (Action::Answer(_), None) | (Action::If { .. }, Some(_)) => {}
            }
        }
        None
    }
}

/// A table, for warnings.
pub(super) struct Place<'a> {
    /// The table type.
    pub(super) kind: &'a str,
    /// The table's name without its type.
    pub(super) name: &'a str,
}

impl Place<'_> {
    pub(super) fn warn(&self, line: usize, problem: impl std::fmt::Display) {
        let Self { kind, name } = self;
        log::warning(format_args!("{kind} map {name}, line {line}: {problem}"));
    }

    /// Gives every logical line of the table to `add`; tells who owns the table.
    pub(super) fn read(&self, add: impl FnMut(LogicalLine)) -> Result<Owner, OpenError> {
        let name = self.name;
        if name.starts_with('{') {
            let text = self.inline_text()?;
            self.each_line(Cursor::new(text), add)?;
            return Ok(Owner::Trusted);
        }
        let failed = |error| OpenError(format!("open {name}: {}", reason(&error)));
        let file = File::open(name).map_err(failed)?;
        let owner = Stamp::of(&file).map_err(failed)?.owner();
        self.each_line(BufReader::new(file), add)?;
        Ok(owner)
    }

    fn each_line(
        &self,
        input: impl BufRead,
        mut add: impl FnMut(LogicalLine),
    ) -> Result<(), OpenError> {
        let Self { kind, name } = self;
        let mut lines = LogicalLines::new(input, name);
        while let Some(line) = lines.next_line().map_err(|error| {
            let why = reason(&error);
            OpenError(format!("{kind} map {name}: read error: {why}"))
        })? {
            add(line);
        }
        Ok(())
    }

    /// The rules of an inline table, one on a line.
    fn inline_text(&self) -> Result<Vec<u8>, OpenError> {
        let bad = |why| OpenError(format!("{} map: {why}", self.kind));
        let inner = specification::extract(self.name).map_err(bad)?;
        let mut text = String::new();
        for word in specification::words(inner) {
            text.push_str(specification::extract(word).map_err(bad)?);
            text.push('\n');
        }
        Ok(text.into_bytes())
    }
}
