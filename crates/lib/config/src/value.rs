// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the text of a parameter becomes: the value types of the table.
//!
//! *Errors*: a text that does not fit its type or its bounds is a [`ConfigError::Value`] in
//! the words of the original. A bound of a number is only looked at where one is declared: the
//! original takes a limit of 0 as no limit, and so lets negative numbers pass there.
//!
//! *Postfix:* `global/mail_conf_{bool,int,long,time,str,raw}`.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::error::ConfigError;
use crate::lines::is_space;
use crate::main_cf::MainCf;
use crate::table::{Kind, Spec};

/// A parameter's text, and what is needed to read it.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    /// The name in `main.cf` that the value is for.
    pub name: &'t str,
    /// The text, expanded unless the type is raw.
    pub text: &'t str,
    /// The declaration, which holds the bounds.
    pub spec: &'t Spec,
    /// The unit of a time that has none: the unit of the default value.
    pub unit: char,
}

impl Text<'_> {
    fn bad_number(&self) -> ConfigError {
        ConfigError::Value(format!(
            "bad numerical configuration: {} = {}",
            self.name, self.text
        ))
    }

    /// Reads an integer as `scanf` does: white space, sign, digits and nothing else.
    fn number<N: FromStr + Copy + Into<i64>>(&self) -> Result<N, ConfigError> {
        let digits = self.text.trim_start_matches(is_space);
        let value: N = digits.parse().map_err(|_| self.bad_number())?;
        let number = value.into();
        let (name, spec) = (self.name, self.spec);
        let refused = |relation, bound| {
            let text = format!("invalid {name} parameter value {number} {relation} {bound}");
            Err(ConfigError::Value(text))
        };
        match (spec.least, spec.most) {
            (Some(least), _) if number < least => refused('<', least),
            (_, Some(most)) if number > most => refused('>', most),
            _ => Ok(value),
        }
    }

    /// Checks the length against the bounds.
    fn string(&self) -> Result<&str, ConfigError> {
        let Text {
            name, text, spec, ..
        } = self;
        let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
        let refused = |relation, bound| {
            let why = format!("bad string length {length} {relation} {bound}: {name} = {text}");
            Err(ConfigError::Value(why))
        };
        match (spec.least, spec.most) {
            (Some(least), _) if length < least => refused('<', least),
            (_, Some(most)) if length > most => refused('>', most),
            _ => Ok(text),
        }
    }
}

/// A type of parameter value: a marker that says how the text is read.
pub trait ValueType {
    /// What a program gets.
    type Value;
    /// Whether `$name` stays as it is, to be expanded later with other names.
    const RAW: bool = false;
    /// Reads the text of a parameter.
    fn parse(text: &Text) -> Result<Self::Value, ConfigError>;
}

/// The marker types. They share their names with the variants of [`crate::table::Kind`].
pub mod kind {
    use super::{ConfigError, Duration, PathBuf, ValueType};
    use crate::value::Text as Input;

    macro_rules! texts {
        ($($(#[$doc:meta])* $kind:ident raw $raw:literal;)*) => {$(
            $(#[$doc])*
            pub struct $kind;
            impl ValueType for $kind {
                type Value = String;
                const RAW: bool = $raw;
                fn parse(text: &Input) -> Result<String, ConfigError> {
                    text.string().map(str::to_string)
                }
            }
        )*};
    }

    texts! {
        /// Free text.
        Text raw false;
        /// Free text that is expanded later, with names of the place where it is used.
        Raw raw true;
        /// Words separated by comma or white space, often a match list.
        List raw false;
        /// Lookup tables, `type:name`, separated by comma or white space.
        Tables raw false;
        /// A transport, nexthop or service end point.
        Service raw false;
    }

    /// A file or directory name.
    pub struct Path;
    impl ValueType for Path {
        type Value = PathBuf;
        fn parse(text: &Input) -> Result<PathBuf, ConfigError> {
            text.string().map(PathBuf::from)
        }
    }

    /// `yes` or `no`.
    pub struct Flag;
    impl ValueType for Flag {
        type Value = bool;
        fn parse(text: &Input) -> Result<bool, ConfigError> {
            let Input { name, text, .. } = text;
            if text.eq_ignore_ascii_case("yes") {
                Ok(true)
            } else if text.eq_ignore_ascii_case("no") {
                Ok(false)
            } else {
                Err(ConfigError::Value(format!(
                    "bad boolean configuration: {name} = {text}"
                )))
            }
        }
    }

    /// A decimal number.
    pub struct Int;
    impl ValueType for Int {
        type Value = i32;
        fn parse(text: &Input) -> Result<i32, ConfigError> {
            text.number()
        }
    }

    /// A number of bytes. A negative number, with which the original means "no limit", is 0.
    pub struct Size;
    impl ValueType for Size {
        type Value = u64;
        fn parse(text: &Input) -> Result<u64, ConfigError> {
            Ok(u64::try_from(text.number::<i64>()?).unwrap_or(0))
        }
    }

    /// A length of time: a number with an optional unit (s, m, h, d, w), whole seconds, at
    /// most `i32::MAX` of them.
    pub struct Time;
    impl ValueType for Time {
        type Value = Duration;
        fn parse(text: &Input) -> Result<Duration, ConfigError> {
            let Input { name, spec, .. } = text;
            let seconds = super::seconds(text.text, text.unit).ok_or_else(|| {
                let why = format!("parameter {name}: bad time value or unit: {}", text.text);
                ConfigError::Value(why)
            })?;
            match (spec.least, spec.most) {
                (Some(least), _) if i64::from(seconds) < least => Err(ConfigError::Value(format!(
                    "invalid {name}: {seconds} (min {least})"
                ))),
                (_, Some(most)) if i64::from(seconds) > most => Err(ConfigError::Value(format!(
                    "invalid {name}: {seconds} (max {most})"
                ))),
                _ => Ok(Duration::from_secs(u64::from(seconds))),
            }
        }
    }
}

/// Checks the value of a parameter against its declaration.
pub fn check(main_cf: &MainCf, spec: &Spec) -> Result<(), ConfigError> {
    fn read<T: ValueType>(main_cf: &MainCf, spec: &Spec) -> Result<(), ConfigError> {
        main_cf.load_named::<T>(spec.name, spec).map(drop)
    }
    match spec.kind {
        Kind::Flag => read::<kind::Flag>(main_cf, spec),
        Kind::Int => read::<kind::Int>(main_cf, spec),
        Kind::Size => read::<kind::Size>(main_cf, spec),
        Kind::Time => read::<kind::Time>(main_cf, spec),
        Kind::Text => read::<kind::Text>(main_cf, spec),
        Kind::Raw => read::<kind::Raw>(main_cf, spec),
        Kind::List => read::<kind::List>(main_cf, spec),
        Kind::Tables => read::<kind::Tables>(main_cf, spec),
        Kind::Path => read::<kind::Path>(main_cf, spec),
        Kind::Service => read::<kind::Service>(main_cf, spec),
    }
}

/// The number of seconds that `text` means, when a number without a unit has the unit `unit`.
pub fn seconds(text: &str, unit: char) -> Option<u32> {
    let text = text.trim_start_matches(is_space);
    let (digits, unit) = match text.char_indices().next_back() {
        Some((at, last)) if last.is_ascii_alphabetic() => (text.get(..at)?, last),
        _ => (text, unit),
    };
    let factor: u32 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 24 * 3600,
        'w' => 7 * 24 * 3600,
        _ => return None,
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = digits.parse::<u32>().ok()?.checked_mul(factor)?;
    i32::try_from(seconds).is_ok().then_some(seconds)
}

/// The words of a list, which comma and white space separate.
pub fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(|c| is_space(c) || c == ',')
        .filter(|word| !word.is_empty())
}

/// The words of a text in which braces keep a word together, `name={ a b }`. Separators are
/// white space and what else `separates` says.
pub fn braced_words(text: &str, separates: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    let separates = move |c: char| matches!(c, ' ' | '\t' | '\r' | '\n') || separates(c);
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(&separates);
        if rest.is_empty() {
            return None;
        }
        let mut depth = 0_usize;
        let end = rest.find(|c| {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => return depth == 0 && separates(c),
            }
            false
        });
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(word)
    })
}

/// What is inside the braces that a word begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unbraced<'w> {
    /// The text, without white space at its ends; the best guess where there is a complaint.
    pub text: &'w str,
    /// What is wrong with the braces, in the words of the original.
    pub complaint: Option<String>,
}

/// Takes the braces off a word that begins with one.
pub fn unbraced(word: &str) -> Unbraced<'_> {
    let mut depth = 0_usize;
    let end = word.find(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    let complain = |what: &str| Some(format!("{what} in \"{word}\""));
    let (inside, complaint) = match end {
        None => (word.get(1..), complain("missing '}'")),
        Some(end) => {
            let after = word.get(end + 1..).unwrap_or_default();
            let clean = after.trim_matches(is_space).is_empty();
            let complaint = (!clean).then(|| complain("syntax error after '}'"));
            (word.get(1..end), complaint.flatten())
        }
    };
    Unbraced {
        text: inside.unwrap_or_default().trim_matches(is_space),
        complaint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_keep_words_together_wherever_they_stand() {
        let words = |text| braced_words(text, |c| c == ',').collect::<Vec<_>>();
        assert_eq!(
            words(" a={ b c },d,, {e {f} g}h {i j"),
            ["a={ b c }", "d", "{e {f} g}h", "{i j"]
        );
        assert_eq!(words(" a } b} "), ["a", "}", "b}"]);
    }

    #[test]
    fn braces_are_taken_off_with_a_complaint_where_they_do_not_match() {
        let taken = |word| {
            let Unbraced { text, complaint } = unbraced(word);
            (text, complaint.unwrap_or_default())
        };
        assert_eq!(taken("{ a {b} }"), ("a {b}", String::new()));
        assert_eq!(
            taken("{a}b"),
            ("a", "syntax error after '}' in \"{a}b\"".to_string())
        );
        assert_eq!(
            taken("{a {b}"),
            ("a {b}", "missing '}' in \"{a {b}\"".to_string())
        );
        assert_eq!(taken("{"), ("", "missing '}' in \"{\"".to_string()));
    }

    fn read<T: ValueType>(text: &str, spec: &Spec) -> Result<T::Value, String> {
        let input = Text {
            name: spec.name,
            text,
            spec,
            unit: 'h',
        };
        T::parse(&input).map_err(|error| error.to_string())
    }

    #[test]
    fn booleans_are_yes_or_no_in_any_case() {
        let spec = Spec::new("soft_bounce", Kind::Flag, "no");
        assert_eq!(read::<kind::Flag>("YES", &spec), Ok(true));
        assert_eq!(read::<kind::Flag>("no", &spec), Ok(false));
        let why = "bad boolean configuration: soft_bounce = maybe";
        assert_eq!(read::<kind::Flag>("maybe", &spec), Err(why.to_string()));
    }

    #[test]
    fn numbers_are_decimal_and_in_bounds() {
        let spec = Spec::new("x", Kind::Int, "5").at_least(1).at_most(9);
        assert_eq!(read::<kind::Int>(" +5", &spec), Ok(5));
        for bad in ["", "abc", "5x", "0x10", "99999999999", "5 "] {
            let why = format!("bad numerical configuration: x = {bad}");
            assert_eq!(read::<kind::Int>(bad, &spec), Err(why));
        }
        let why = "invalid x parameter value 0 < 1";
        assert_eq!(read::<kind::Int>("0", &spec), Err(why.to_string()));
    }

    #[test]
    fn a_negative_size_is_no_limit() {
        let spec = Spec::new("message_size_limit", Kind::Size, "10240000");
        assert_eq!(read::<kind::Size>("-1", &spec), Ok(0));
        assert_eq!(
            read::<kind::Size>("99999999999999", &spec),
            Ok(99_999_999_999_999)
        );
    }

    #[test]
    fn times_take_the_unit_of_the_default() {
        let spec = Spec::new("t", Kind::Time, "1h")
            .at_least(1)
            .at_most(8_640_000);
        assert_eq!(
            read::<kind::Time>("3", &spec),
            Ok(Duration::from_secs(3 * 3600))
        );
        assert_eq!(
            read::<kind::Time>("2w", &spec),
            Ok(Duration::from_secs(14 * 86400))
        );
        for bad in [
            "",
            "-5",
            "5 s",
            "1.5h",
            "5S",
            "5x",
            "abc",
            "999999h",
            "99999999999h",
        ] {
            let why = format!("parameter t: bad time value or unit: {bad}");
            assert_eq!(read::<kind::Time>(bad, &spec), Err(why));
        }
        assert_eq!(
            read::<kind::Time>("0", &spec),
            Err("invalid t: 0 (min 1)".to_string())
        );
        let why = "invalid t: 8640001 (max 8640000)";
        assert_eq!(read::<kind::Time>("8640001s", &spec), Err(why.to_string()));
    }

    #[test]
    fn the_length_of_a_text_is_checked() {
        let spec = Spec::new("v", Kind::Text, "+=").at_least(2).at_most(2);
        let why = "bad string length 3 > 2: v = abc";
        assert_eq!(read::<kind::Text>("abc", &spec), Err(why.to_string()));
        let why = "bad string length 0 < 2: v = ";
        assert_eq!(read::<kind::Text>("", &spec), Err(why.to_string()));
    }

    #[test]
    fn words_are_separated_by_comma_and_white_space() {
        assert_eq!(
            words("a, b\tc,,d ").collect::<Vec<_>>(),
            ["a", "b", "c", "d"]
        );
    }
}
