// SPDX-License-Identifier: MIT OR Apache-2.0
//! `name=value name='another value'`: what `dbname` may be instead of a name.
//!
//! *Postfix:* "Keyword/Value Connection Strings" of the manual of PostgreSQL.

/// The parameters of a text, in their order.
pub(super) fn parse(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut parameters = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let missing = || format!("missing \"=\" in connection info string after \"{rest}\"");
        let (name, after) = rest.split_once('=').ok_or_else(missing)?;
        let name = name.trim_end();
        if name.contains(char::is_whitespace) {
            return Err(missing());
        }
        let (value, after) = parse_value(after.trim_start())?;
        parameters.push((name.to_owned(), value));
        rest = after.trim_start();
    }
    Ok(parameters)
}

/// A value, quoted or up to a space, and what follows it.
fn parse_value(text: &str) -> Result<(String, &str), String> {
    let (quoted, text) = match text.strip_prefix('\'') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let mut value = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next() {
            Some('\'') if quoted => break,
            Some(space) if !quoted && space.is_whitespace() => break,
            Some('\\') => value.extend(chars.next()),
            Some(plain) => value.push(plain),
            None if quoted => {
                return Err("unterminated quoted string in connection info string".to_owned());
            }
            None => break,
        }
    }
    Ok((value, chars.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_words_or_quoted() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            parse(" a = b  c='d \\' e' f=g\\ h i=''"),
            Ok(vec![
                pair("a", "b"),
                pair("c", "d ' e"),
                pair("f", "g h"),
                pair("i", "")
            ])
        );
        for wrong in ["a", "a b=c", "a='b"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_anything(text in "[a-c= '\\\\é]{0,20}") {
            let _ = parse(&text);
        }
    }
}
