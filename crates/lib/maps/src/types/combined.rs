// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tables made of tables: `pipemap:{ type:name, ... }` asks each for what the one before answered,
//! `unionmap:{ type:name, ... }` asks all and joins their answers with commas.
//!
//! *Errors:* an error of any of the tables is the answer. A table that cannot be opened stays in
//! its place and fails every request.
//!
//! *Postfix:* dict_pipe(3), dict_union(3).

use crate::{Found, OpenError, Options, Owner, Table, specification};

/// How the tables work together.
#[derive(Clone, Copy)]
pub(super) enum Way {
    /// One after the other; the first that finds nothing ends the search.
    Pipe,
    /// All of them.
    Union,
}

struct Combined {
    name: String,
    way: Way,
    tables: Vec<Box<dyn Table>>,
}

pub(super) fn open(way: Way, name: &str, options: &Options) -> super::Opened {
    let kind = match way {
        Way::Pipe => "pipemap",
        Way::Union => "unionmap",
    };
    let words = specification::extract(name)
        .map(specification::words)
        .unwrap_or_default();
    if words.is_empty() || words.iter().any(|word| !word.contains(':')) {
        return Err(OpenError(format!(
            "bad syntax: \"{kind}:{name}\"; need \"{kind}:{{type:name...}}\""
        )));
    }
    let tables = words
        .into_iter()
        .map(|word| crate::open(word, options))
        .collect::<Result<_, _>>()?;
    Ok(Box::new(Combined {
        name: format!("{kind}:{name}"),
        way,
        tables,
    }))
}

impl Combined {
    fn pipe(&mut self, key: &[u8]) -> Found {
        let mut key = key.to_vec();
        for table in &mut self.tables {
            match table.get(&key)? {
                Some(value) => key = value,
                None => return Ok(None),
            }
        }
        Ok(Some(key))
    }

    fn union(&mut self, key: &[u8]) -> Found {
        let mut all = Vec::new();
        for table in &mut self.tables {
            if let Some(value) = table.get(key)? {
                if !all.is_empty() {
                    all.push(b',');
                }
                all.extend(value);
            }
        }
        Ok(Some(all).filter(|all| !all.is_empty()))
    }
}

impl Table for Combined {
    fn get(&mut self, key: &[u8]) -> Found {
        match self.way {
            Way::Pipe => self.pipe(key),
            Way::Union => self.union(key),
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    /// As the first table says.
    fn is_fixed(&self) -> bool {
        self.tables.first().is_none_or(|table| table.is_fixed())
    }

    fn owner(&self) -> Owner {
        self.tables
            .iter()
            .fold(Owner::Trusted, |owner, table| owner.with(table.owner()))
    }

    fn changed(&self) -> bool {
        self.tables.iter().any(|table| table.changed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LookupError;

    fn ask(specification: &str, key: &str) -> Found {
        let (kind, name) = specification.split_once(':').unwrap();
        let mut table = crate::types::open(kind, name, &Options::new()).unwrap();
        table.get(key.as_bytes())
    }

    fn text(found: Found) -> String {
        String::from_utf8(found.unwrap().unwrap()).unwrap()
    }

    #[test]
    fn a_pipe_asks_each_for_the_answer_before() {
        let pipe = "pipemap:{inline:{a=b, x={y z}}, inline:{b=c}}";
        assert_eq!(text(ask(pipe, "a")), "c");
        assert_eq!(ask(pipe, "x"), Ok(None));
        assert_eq!(ask(pipe, "b"), Ok(None));
        assert_eq!(text(ask("pipemap:{inline:{a=}, static:s}", "a")), "s");
    }

    #[test]
    fn a_union_joins_the_answers_of_all() {
        let union = "unionmap:{inline:{a=1, e=}, inline:{a=2, b=3}, regexp:{{/[ae]/ {4, 5}}}}";
        assert_eq!(text(ask(union, "a")), "1,2,{4, 5}");
        assert_eq!(text(ask(union, "b")), "3");
        assert_eq!(text(ask(union, "e")), "{4, 5}");
        assert_eq!(ask(union, "c"), Ok(None));
    }

    #[test]
    fn an_error_of_one_is_an_error_of_all() {
        for specification in [
            "pipemap:{static:a, fail:x}",
            "unionmap:{static:a, fail:x}",
            "unionmap:{static:a, hash:/no/such/table}",
            "pipemap:{static:a, nosuchtype:x}",
        ] {
            let answer = ask(specification, "a");
            assert!(
                matches!(answer, Err(LookupError::Retry(_))),
                "{specification}"
            );
        }
        assert_eq!(ask("pipemap:{inline:{b=c}, fail:x}", "a"), Ok(None));
    }

    #[test]
    fn tables_are_needed_in_braces() {
        for name in ["{}", "{ , }", "x:y", "{a:b", "{a}"] {
            for way in [Way::Pipe, Way::Union] {
                assert!(open(way, name, &Options::new()).is_err(), "{name}");
            }
        }
    }

    #[test]
    fn the_first_table_says_whether_parts_of_addresses_are_asked_for() {
        let fixed = |name| open(Way::Union, name, &Options::new()).unwrap().is_fixed();
        assert!(fixed("{inline:{a=b}, cidr:{}}"));
        assert!(!fixed("{cidr:{}, inline:{a=b}}"));
    }
}
