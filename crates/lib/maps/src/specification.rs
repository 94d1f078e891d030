// SPDX-License-Identifier: MIT OR Apache-2.0
//! The text that names tables: words separated by commas or white space, with braces that keep
//! a word together.
//!
//! *Postfix:* mystrtokq(3), extpar(3).

/// Whether a byte separates words.
fn is_separator(byte: u8) -> bool {
    matches!(byte, b',' | b' ' | b'\t' | b'\r' | b'\n')
}

/// The words of a list. Separators inside `{ }` belong to the word.
pub(crate) fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = None;
    let mut depth = 0_usize;
    for (index, byte) in text.bytes().enumerate() {
        if depth == 0 && is_separator(byte) {
            if let Some(start) = start.take() {
                words.push(&text[start..index]);
            }
            continue;
        }
        start = start.or(Some(index));
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    words.extend(start.map(|start| &text[start..]));
    words
}

/// What stands inside the braces of `{ text }`, without blanks around it.
///
/// # Errors
/// `text` is not one pair of braces and what is in them; the error says why, and shows it.
pub(crate) fn extract(text: &str) -> Result<&str, String> {
    if !text.starts_with('{') {
        return Err(format!("no '{{' at start of text in \"{text}\""));
    }
    let mut depth = 0_usize;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth > 0 {
            continue;
        }
        if index + 1 < text.len() {
            return Err(format!("syntax error after '}}' in \"{text}\""));
        }
        return Ok(text[1..index].trim_matches(|c: char| c.is_ascii_whitespace()));
    }
    Err(format!("missing '}}' in \"{text}\""))
}

/// The tables, `type:name`, that a list or a sequence of restrictions names, and those inside
/// `pipemap:{ }`, `unionmap:{ }` and the like.
pub fn named_tables(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for word in words(text) {
        if let Some((kind, name)) = split(word.trim_start_matches('!'))
            && kind.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            names.push(word.trim_start_matches('!'));
            let braces = name.find('{').and_then(|start| name.get(start..));
            if let Some(inner) = braces.and_then(|text| extract(text).ok()) {
                names.extend(named_tables(inner));
            }
        } else if let Ok(inner) = extract(word) {
            names.extend(named_tables(inner));
        }
    }
    names
}

/// Splits `type:name`; both parts must be there.
pub(crate) fn split(specification: &str) -> Option<(&str, &str)> {
    specification
        .split_once(':')
        .filter(|(kind, name)| !kind.is_empty() && !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_separated_by_commas_and_blanks() {
        assert_eq!(
            words(" hash:/a, btree:/b\n\ttexthash:/c,,"),
            ["hash:/a", "btree:/b", "texthash:/c"]
        );
        assert!(words(" , ").is_empty());
    }

    #[test]
    fn braces_keep_a_word_together() {
        assert_eq!(
            words("inline:{ a=b, {c = d} } x"),
            ["inline:{ a=b, {c = d} }", "x"]
        );
        assert_eq!(words("static:{ open"), ["static:{ open"]);
    }

    #[test]
    fn extract_needs_one_balanced_pair() {
        assert_eq!(extract("{ a b }"), Ok("a b"));
        assert_eq!(extract("{}"), Ok(""));
        assert_eq!(extract("{{a} {b}}"), Ok("{a} {b}"));
        for (text, why) in [
            ("{a}{b}", "syntax error after '}' in \"{a}{b}\""),
            ("{{a}", "missing '}' in \"{{a}\""),
            ("a", "no '{' at start of text in \"a\""),
            ("", "no '{' at start of text in \"\""),
        ] {
            assert_eq!(extract(text), Err(why.to_owned()));
        }
    }

    #[test]
    fn named_tables_are_found_inside_others_and_between_restrictions() {
        assert_eq!(
            named_tables(
                "reject, check_x_access !hash:/a, proxy:unionmap:{ldap:/b, c:{d}} {cdb:/e}"
            ),
            [
                "hash:/a",
                "proxy:unionmap:{ldap:/b, c:{d}}",
                "ldap:/b",
                "c:{d}",
                "cdb:/e"
            ]
        );
    }

    #[test]
    fn split_wants_both_parts() {
        assert_eq!(split("hash:/a:b"), Some(("hash", "/a:b")));
        assert_eq!(split("hash:"), None);
        assert_eq!(split("hash"), None);
    }
}
