// SPDX-License-Identifier: MIT OR Apache-2.0
//! Templates with `%s`, `%u`, `%d` and so on: queries made of keys, and results made of values.
//!
//! In the template of a query, `%s` is the key, `%u` and `%d` its localpart and domain, `%1` to
//! `%9` the labels of its domain from the right; capital letters mean the same. In the template
//! of a result the small letters take the value apart, capitals and digits the key.
//!
//! *Invariants*: what comes from outside goes through the caller's quoting, piece by piece. A key
//! that lacks a part which any template of the table needs is never looked up.
//!
//! *Postfix:* db_common(3).

use bstr::ByteSlice;
use runtime::log;

use crate::{LookupError, OpenError, Options, StringList};

/// A parsed template.
#[derive(Debug, Clone)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(Vec<u8>),
    /// `%s` or `%S`, and so on.
    Part {
        part: Part,
        upper: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    User,
    Domain,
    /// The n-th label from the right, from 1.
    Label(usize),
}

/// What the templates of one table need of keys and values, and which keys it looks up at all.
pub struct Expansions {
    table: String,
    key: Needs,
    value: Needs,
    domains: Option<StringList>,
}

#[derive(Debug, Default)]
struct Needs {
    user: bool,
    domain: bool,
    labels: usize,
}

impl Needs {
    fn note(&mut self, part: Part) {
        match part {
            Part::Whole => {}
            Part::User => self.user = true,
            Part::Domain => self.domain = true,
            Part::Label(number) => {
                self.domain = true;
                self.labels = self.labels.max(number);
            }
        }
    }

    /// Whether `text` has what is needed.
    fn are_met_by(&self, text: &[u8]) -> bool {
        let (user, domain) = split(text);
        if self.domain && domain.is_none_or(<[u8]>::is_empty) {
            return false;
        }
        if self.user && domain.is_some() && user.is_empty() {
            return false;
        }
        (1..=self.labels).all(|number| label(text, number).is_some_and(|label| !label.is_empty()))
    }
}

/// Localpart and domain; without `@` all is localpart.
fn split(text: &[u8]) -> (&[u8], Option<&[u8]>) {
    match text.rfind_byte(b'@') {
        Some(at) => {
            let (user, domain) = text.split_at(at);
            (user, domain.get(1..))
        }
        None => (text, None),
    }
}

fn label(text: &[u8], number: usize) -> Option<&[u8]> {
    split(text).1?.rsplit_str(".").nth(number.checked_sub(1)?)
}

impl Part {
    fn of(self, text: &[u8]) -> &[u8] {
        let (user, domain) = split(text);
        match self {
            Part::Whole => text,
            Part::User => user,
            Part::Domain => domain.unwrap_or_default(),
            Part::Label(number) => label(text, number).unwrap_or_default(),
        }
    }
}

impl Expansions {
    /// For the table `type:name`, whose setting `domain` restricts the keys.
    ///
    /// # Errors
    /// The list of domains cannot be used.
    pub fn new(table: &str, domain: &str, options: &Options) -> Result<Expansions, OpenError> {
        let domains = if domain.is_empty() {
            None
        } else {
            Some(StringList::parse("domain", domain, options)?)
        };
        Ok(Expansions {
            table: table.to_owned(),
            key: Needs::default(),
            value: Needs::default(),
            domains,
        })
    }

    /// Reads a template for queries.
    ///
    /// # Errors
    /// An unknown letter behind `%`.
    pub fn query(&mut self, text: &str) -> Result<Template, OpenError> {
        let template = self.parse(text, "query")?;
        for piece in &template.pieces {
            if let Piece::Part { part, .. } = piece {
                self.key.note(*part);
            }
        }
        Ok(template)
    }

    /// Reads a template for results.
    ///
    /// # Errors
    /// As for [`Expansions::query`].
    pub fn result(&mut self, text: &str) -> Result<Template, OpenError> {
        let template = self.parse(text, "result")?;
        for piece in &template.pieces {
            match piece {
                Piece::Text(_) => {}
                Piece::Part {
                    part: part @ Part::Label(_),
                    ..
                }
                | Piece::Part { part, upper: true } => self.key.note(*part),
                Piece::Part { part, upper: false } => self.value.note(*part),
            }
        }
        Ok(template)
    }

    fn parse(&self, text: &str, what: &str) -> Result<Template, OpenError> {
        let mut pieces = Vec::new();
        let mut plain = Vec::new();
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            if byte != b'%' {
                plain.push(byte);
                continue;
            }
            let letter = bytes.next();
            let part = match letter {
                Some(b'%') => {
                    plain.push(b'%');
                    continue;
                }
                Some(b's' | b'S') => Part::Whole,
                Some(b'u' | b'U') => Part::User,
                Some(b'd' | b'D') => Part::Domain,
                Some(digit @ b'1'..=b'9') => Part::Label(usize::from(digit - b'0')),
                _ => {
                    return Err(OpenError(format!(
                        "{}: invalid {what} template '{text}'",
                        self.table
                    )));
                }
            };
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Part {
                part,
                upper: letter.is_some_and(|letter| letter.is_ascii_uppercase()),
            });
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Template { pieces })
    }

    /// Whether the table looks this key up at all: its domain is in the list, and it has the
    /// parts that the templates need.
    ///
    /// # Errors
    /// The list of domains cannot be asked.
    pub fn accept(&mut self, key: &[u8]) -> Result<bool, LookupError> {
        if let Some(domains) = &mut self.domains {
            let (user, Some(domain)) = split(key) else {
                return Ok(false);
            };
            if user.is_empty() || domain.is_empty() {
                return Ok(false);
            }
            let matched = domains.matches(domain);
            if matched.is_err() {
                log::warning(format_args!(
                    "{} 'domain' pattern match failed for '{}'",
                    self.table,
                    domain.as_bstr()
                ));
            }
            if !matched? {
                return Ok(false);
            }
        }
        Ok(!key.is_empty() && self.key.are_met_by(key))
    }

    /// The query for a key that was accepted.
    pub fn expand_query(
        &self,
        template: &Template,
        key: &[u8],
        quote: &dyn Fn(&[u8]) -> Vec<u8>,
    ) -> Vec<u8> {
        let mut query = Vec::new();
        for piece in &template.pieces {
            match piece {
                Piece::Text(text) => query.extend_from_slice(text),
                Piece::Part { part, .. } => query.extend_from_slice(&quote(part.of(key))),
            }
        }
        query
    }

    /// Appends a result to `out`, behind a comma if it is not the first; whether the value has
    /// what the template needs.
    pub fn expand_result(
        &self,
        template: &Template,
        value: &[u8],
        key: &[u8],
        out: &mut Vec<u8>,
    ) -> bool {
        if value.is_empty() {
            log::warning(format_args!(
                "table \"{}\": empty lookup result for: \"{}\" -- ignored",
                self.table,
                key.as_bstr()
            ));
            return false;
        }
        if !self.value.are_met_by(value) {
            return false;
        }
        if !out.is_empty() {
            out.push(b',');
        }
        for piece in &template.pieces {
            let text = match piece {
                Piece::Text(text) => text,
                Piece::Part {
                    part: part @ Part::Label(_),
                    ..
                }
                | Piece::Part { part, upper: true } => part.of(key),
                Piece::Part { part, upper: false } => part.of(value),
            };
            out.extend_from_slice(text);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expansions(domain: &str) -> Expansions {
        Expansions::new("pgsql:/x.cf", domain, &Options::new()).unwrap()
    }

    fn quoted(text: &[u8]) -> Vec<u8> {
        text.replace("'", "''")
    }

    fn query(template: &str, key: &str) -> Option<String> {
        let mut expansions = expansions("");
        let template = expansions.query(template).unwrap();
        let accepted = expansions.accept(key.as_bytes()).unwrap();
        accepted.then(|| {
            let query = expansions.expand_query(&template, key.as_bytes(), &quoted);
            String::from_utf8(query).unwrap()
        })
    }

    #[test]
    fn a_key_is_taken_apart() {
        let key = "o'neil@mail.example.com";
        let all = query("%s %u %d %S %U %D %1 %2 %3 100%%", key).unwrap();
        assert_eq!(
            all,
            "o''neil@mail.example.com o''neil mail.example.com o''neil@mail.example.com \
             o''neil mail.example.com com example mail 100%"
        );
        assert_eq!(query("%u", "a@b@c").unwrap(), "a@b");
        assert_eq!(query("%u", "user").unwrap(), "user");
    }

    #[test]
    fn a_key_without_the_needed_parts_is_not_looked_up() {
        assert_eq!(query("%d", "user"), None);
        assert_eq!(query("%d", "user@"), None);
        assert_eq!(query("%u", "@example.com"), None);
        assert_eq!(query("%3", "user@example.com"), None);
        assert_eq!(query("%2", "user@.com"), None);
        assert_eq!(query("%s", ""), None);
        assert!(query("%s", "@example.com").is_some());
    }

    #[test]
    fn an_unknown_letter_is_an_error() {
        for template in ["%x", "%", "%0"] {
            let error = expansions("").query(template).unwrap_err();
            assert_eq!(
                error.0,
                format!("pgsql:/x.cf: invalid query template '{template}'")
            );
        }
    }

    fn result(template: &str, values: &[&str], key: &str) -> Option<String> {
        let mut expansions = expansions("");
        let template = expansions.result(template).unwrap();
        if !expansions.accept(key.as_bytes()).unwrap() {
            return None;
        }
        let mut out = Vec::new();
        for value in values {
            expansions.expand_result(&template, value.as_bytes(), key.as_bytes(), &mut out);
        }
        Some(String::from_utf8(out).unwrap())
    }

    #[test]
    fn results_are_joined_by_commas_and_may_contain_parts_of_the_key() {
        assert_eq!(result("%s", &["a", "", "b"], "k").unwrap(), "a,b");
        assert_eq!(result("smtp:[%d]", &["u@h"], "k").unwrap(), "smtp:[h]");
        assert_eq!(
            result("%U@%D:%u:%1", &["v@w"], "k@l.m").unwrap(),
            "k@l.m:v:m"
        );
        assert_eq!(result("%d", &["v", "a@b"], "k").unwrap(), "b");
        assert_eq!(result("%D", &["v"], "k"), None);
    }

    #[test]
    fn only_addresses_in_the_listed_domains_are_looked_up() {
        let mut expansions = expansions("example.com, inline:{other.org=x}");
        for key in ["a@example.com", "a@EXAMPLE.com", "a@other.org"] {
            assert!(expansions.accept(key.as_bytes()).unwrap(), "{key}");
        }
        for key in [
            "a",
            "example.com",
            "@example.com",
            "a@sub.example.com",
            "a@",
        ] {
            assert!(!expansions.accept(key.as_bytes()).unwrap(), "{key}");
        }
        let mut failing = Expansions::new("x:y", "fail:z", &Options::new()).unwrap();
        assert!(failing.accept(b"a@b").is_err());
    }
}
