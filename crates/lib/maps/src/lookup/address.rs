// SPDX-License-Identifier: MIT OR Apache-2.0
//! Looks up an address: whole, without extension, local part, `@domain`.
//!
//! Addresses are given in internal form. Keys that are addresses are tried in external form first
//! (`"a b"@example.com`), then in internal form (`a b@example.com`) where that differs.
//!
//! *Postfix:* mail_addr_find(3), mail_addr_map(3), mail_addr_crunch(3).

use mail::address::header_list::List;
use mail::address::{quote_822_local, split_extension, token, unquote_822_local};

use crate::{Found, LookupError, Maps, ParentMatch};

/// Says whether a domain is `$myorigin` or local.
pub type IsLocalDomain<'a> = dyn FnMut(&[u8]) -> Result<bool, LookupError> + 'a;

/// Makes an address complete, from external form to external form.
pub type Rewrite<'a> = dyn FnMut(&[u8]) -> Result<Vec<u8>, LookupError> + 'a;

/// What a search must know of the site's addresses.
pub struct Syntax<'a> {
    /// The characters of `recipient_delimiter`; empty for none.
    pub delimiters: &'a [u8],
    /// Whether a domain is `$myorigin` or local, so that the bare local part is a key too.
    pub is_local_domain: &'a mut IsLocalDomain<'a>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The value in the table.
    pub value: Vec<u8>,
    /// The extension, with its delimiter, that was removed to find the entry. Not set where the
    /// key had no local part.
    pub unmatched_extension: Option<Vec<u8>>,
}

/// One step of a search. Tables with patterns are asked only in the step [`Step::Complete`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// `user+ext@domain`.
    Complete,
    /// `user@domain`.
    WithoutExtension,
    /// `user+ext`, then `user`, if the domain is local.
    LocalPart,
    /// `user+ext@`, then `user@`.
    LocalPartAt,
    /// `@domain`.
    AtDomain,
    /// `domain`, then the domains above it.
    Domain(ParentMatch),
}

/// The search order of most tables.
pub const STANDARD: [Step; 4] = [
    Step::Complete,
    Step::WithoutExtension,
    Step::LocalPart,
    Step::AtDomain,
];

/// Finds `address` (internal form) in the [`STANDARD`] order.
///
/// # Errors
/// A table failed before the address was found, or the local domains could not be asked for.
pub fn find(
    maps: &mut Maps,
    address: &[u8],
    syntax: &mut Syntax<'_>,
) -> Result<Option<Match>, LookupError> {
    find_in_order(maps, address, &STANDARD, syntax)
}

/// Finds `address` (internal form) by the given steps.
///
/// # Errors
/// As for [`find`].
pub fn find_in_order(
    maps: &mut Maps,
    address: &[u8],
    steps: &[Step],
    syntax: &mut Syntax<'_>,
) -> Result<Option<Match>, LookupError> {
    let parts = Parts::of(address, syntax.delimiters);
    for step in steps {
        let hit = match step {
            Step::Complete => parts.complete(maps)?.map(whole),
            Step::WithoutExtension => parts.without_extension(maps, parts.domain_suffix())?,
            Step::LocalPart => match parts.domain {
                Some(domain) if (syntax.is_local_domain)(domain)? => parts.local_part(maps, b"")?,
                _ => None,
            },
            Step::LocalPartAt if parts.domain.is_some() => parts.local_part(maps, b"@")?,
            Step::AtDomain if parts.domain.is_some() => {
                maps.get_partial(parts.domain_suffix())?.map(whole)
            }
            Step::Domain(parents) => match parts.domain {
                Some(domain) => domain_and_parents(maps, domain, *parents)?.map(whole),
                None => None,
            },
            Step::LocalPartAt | Step::AtDomain => None,
        };
        if hit.is_some() {
            return Ok(hit);
        }
    }
    Ok(None)
}

fn whole(value: Vec<u8>) -> Match {
    Match {
        value,
        unmatched_extension: None,
    }
}

/// An address in internal form, taken apart.
struct Parts<'a> {
    address: &'a [u8],
    local: &'a [u8],
    domain: Option<&'a [u8]>,
    /// The local part without its extension, and the extension with its delimiter.
    extension: Option<(&'a [u8], &'a [u8])>,
}

impl<'a> Parts<'a> {
    fn of(address: &'a [u8], delimiters: &[u8]) -> Self {
        let (local, domain) = mail::address::split_at_last_at(address);
        let extension = match split_extension(local, delimiters) {
            (bare, Some(_)) => Some((bare, &local[bare.len()..])),
            (_, None) => None,
        };
        Self {
            address,
            local,
            domain,
            extension,
        }
    }

    /// The domain with the `@` before it; empty without domain.
    fn domain_suffix(&self) -> &'a [u8] {
        &self.address[self.local.len()..]
    }

    fn complete(&self, maps: &mut Maps) -> Found {
        either_form(self.address, |key| maps.get(key))
    }

    fn without_extension(
        &self,
        maps: &mut Maps,
        suffix: &[u8],
    ) -> Result<Option<Match>, LookupError> {
        let Some((bare, extension)) = self.extension else {
            return Ok(None);
        };
        let found = either_form(&[bare, suffix].concat(), |key| maps.get_partial(key))?;
        Ok(found.map(|value| Match {
            value,
            unmatched_extension: Some(extension.to_vec()),
        }))
    }

    fn local_part(&self, maps: &mut Maps, suffix: &[u8]) -> Result<Option<Match>, LookupError> {
        // The form is that of a local part, whose own `@` must be quoted.
        let ask = |maps: &mut Maps, local: &[u8]| {
            either_form(&[local, b"@"].concat(), |key| {
                let local = key.strip_suffix(b"@").unwrap_or(key);
                maps.get_partial(&[local, suffix].concat())
            })
        };
        if let Some(value) = ask(maps, self.local)? {
            return Ok(Some(whole(value)));
        }
        let Some((bare, extension)) = self.extension else {
            return Ok(None);
        };
        let found = ask(maps, bare)?;
        Ok(found.map(|value| Match {
            value,
            unmatched_extension: Some(extension.to_vec()),
        }))
    }
}

/// Asks for the external form, then for the internal form where that differs.
fn either_form(address: &[u8], mut ask: impl FnMut(&[u8]) -> Found) -> Found {
    let external = quote_822_local(address);
    if let Some(value) = ask(&external)? {
        return Ok(Some(value));
    }
    if external == address {
        Ok(None)
    } else {
        ask(address)
    }
}

fn domain_and_parents(maps: &mut Maps, domain: &[u8], parents: ParentMatch) -> Found {
    let mut key = domain;
    while !key.is_empty() {
        if let Some(value) = maps.get_partial(key)? {
            return Ok(Some(value));
        }
        let Some(dot) = key.iter().skip(1).position(|byte| *byte == b'.') else {
            break;
        };
        key = match parents {
            ParentMatch::Subdomains => &key[dot + 2..],
            ParentMatch::DotOnly => &key[dot + 1..],
        };
    }
    Ok(None)
}

/// Finds `address` (internal form) and returns the addresses of the result in internal form.
///
/// Each of them goes through `rewrite`, from external form to external form, which makes it
/// complete (trivial-rewrite in the local context). A result `@other` keeps the local part. With
/// `propagate` the unmatched extension is added to each address.
///
/// # Errors
/// As for [`find`], and those of `rewrite`.
pub fn map(
    maps: &mut Maps,
    address: &[u8],
    propagate: bool,
    syntax: &mut Syntax<'_>,
    rewrite: &mut Rewrite<'_>,
) -> Result<Option<Vec<Vec<u8>>>, LookupError> {
    let Some(hit) = find(maps, address, syntax)? else {
        return Ok(None);
    };
    let extension = hit.unmatched_extension.as_deref();
    let list = if hit.value.starts_with(b"@") {
        let (local, _) = mail::address::split_at_last_at(address);
        let local = extension
            .and_then(|extension| local.strip_suffix(extension))
            .unwrap_or(local);
        quote_822_local(&[local, &hit.value].concat())
    } else {
        hit.value
    };
    addresses(&list, extension.filter(|_| propagate), rewrite).map(Some)
}

/// The addresses of a list, complete, in internal form, with `extension` (and its delimiter)
/// added to the local part of each.
///
/// # Errors
/// Those of `rewrite`.
pub fn addresses(
    list: &[u8],
    extension: Option<&[u8]>,
    rewrite: &mut Rewrite<'_>,
) -> Result<Vec<Vec<u8>>, LookupError> {
    List::parse_limited(list, usize::MAX)
        .addresses()
        .map(|tokens| {
            let address = unquote_822_local(&rewrite(&token::external(tokens))?);
            let Some(extension) = extension else {
                return Ok(address);
            };
            let (local, _) = mail::address::split_at_last_at(&address);
            Ok([local, extension, &address[local.len()..]].concat())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    fn maps(specifications: &str) -> Maps {
        Maps::open("virtual_alias_maps", specifications, &Options::new()).unwrap()
    }

    fn is_here(domain: &[u8]) -> Result<bool, LookupError> {
        Ok(domain.eq_ignore_ascii_case(b"here.example"))
    }

    fn found(specifications: &str, address: &str) -> Option<(String, Option<String>)> {
        let mut syntax = Syntax {
            delimiters: b"+-",
            is_local_domain: &mut is_here,
        };
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        find(&mut maps(specifications), address.as_bytes(), &mut syntax)
            .unwrap()
            .map(|hit| (text(hit.value), hit.unmatched_extension.map(text)))
    }

    fn mapped(specifications: &str, address: &str, propagate: bool) -> Vec<String> {
        let mut syntax = Syntax {
            delimiters: b"+",
            is_local_domain: &mut is_here,
        };
        let mut rewrite = |address: &[u8]| {
            let mut address = address.to_vec();
            if !address.contains(&b'@') {
                address.extend(b"@here.example");
            }
            Ok(address)
        };
        map(
            &mut maps(specifications),
            address.as_bytes(),
            propagate,
            &mut syntax,
            &mut rewrite,
        )
        .unwrap()
        .unwrap_or_default()
        .into_iter()
        .map(|address| String::from_utf8(address).unwrap())
        .collect()
    }

    #[test]
    fn keys_are_tried_from_the_complete_address_to_the_domain() {
        let tables = [
            ("inline:{u+x@here.example=1}", None),
            ("inline:{u@here.example=1}", Some("+x")),
            ("inline:{u+x=1}", None),
            ("inline:{u=1}", Some("+x")),
            ("inline:{@here.example=1}", None),
        ];
        for (table, extension) in tables {
            let expected = Some(("1".to_owned(), extension.map(str::to_owned)));
            assert_eq!(found(table, "U+x@Here.Example"), expected, "{table}");
        }
        assert_eq!(found("inline:{x=1}", "u+x@here.example"), None);
    }

    #[test]
    fn the_bare_local_part_is_a_key_only_where_the_domain_is_local() {
        assert_eq!(found("inline:{u=1}", "u@away.example"), None);
        assert_eq!(found("inline:{u=1}", "u").unwrap().0, "1");
    }

    #[test]
    fn pattern_tables_see_only_the_complete_address() {
        assert_eq!(found("cidr:{{10.0.0.1 x}}", "10.0.0.1@here.example"), None);
    }

    #[test]
    fn the_quoted_form_is_asked_first() {
        let table = "inline:{{\"a@b\"@here.example=quoted}, {a@b@here.example=plain}}";
        assert_eq!(found(table, "a@b@here.example").unwrap().0, "quoted");
        assert_eq!(
            found("inline:{a@b=plain}", "a@b@here.example").unwrap().0,
            "plain"
        );
    }

    #[test]
    fn transport_order_asks_for_domains_and_parents() {
        use ParentMatch::{DotOnly, Subdomains};
        let mut syntax = Syntax {
            delimiters: b"",
            is_local_domain: &mut is_here,
        };
        let mut ask = |table: &str, parents| {
            let steps = [Step::Complete, Step::Domain(parents)];
            find_in_order(&mut maps(table), b"u@a.b.example", &steps, &mut syntax)
                .unwrap()
                .map(|hit| hit.value)
        };
        assert_eq!(ask("inline:{b.example=1}", Subdomains).unwrap(), b"1");
        assert_eq!(ask("inline:{b.example=1}", DotOnly), None);
        assert_eq!(ask("inline:{.b.example=1}", DotOnly).unwrap(), b"1");
    }

    #[test]
    fn results_are_complete_and_carry_the_extension_on_demand() {
        let table = "inline:{{u@here.example = a, \"b c\"@x.example (comment)}}";
        assert_eq!(
            mapped(table, "u+e@here.example", true),
            ["a+e@here.example", "b c+e@x.example"]
        );
        assert_eq!(
            mapped(table, "u+e@here.example", false),
            ["a@here.example", "b c@x.example"]
        );
    }

    #[test]
    fn a_result_with_only_a_domain_keeps_the_local_part() {
        assert_eq!(
            mapped("inline:{@a.example=@b.example}", "u+e@a.example", true),
            ["u+e@b.example"]
        );
        assert_eq!(
            mapped("inline:{@a.example=@b.example}", "a b@a.example", true),
            ["a b@b.example"]
        );
    }
}
