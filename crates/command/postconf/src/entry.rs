// SPDX-License-Identifier: MIT OR Apache-2.0
//! One entry of master.cf as text: its columns and the words after the command.
//!
//! Options are brought into one form: `-voname=value` becomes `-v -o name=value`, and
//! `{ name = value }` becomes `name=value`.
//!
//! *Errors*: an entry that cannot be taken apart; master would not start with it either.
//!
//! *Postfix:* `postconf/postconf_master`.

use config::master_cf::Kind;
use config::split_assignment;
use config::value::{braced_words, unbraced};

/// What the columns are called.
pub(crate) const FIELDS: [&str; 8] = [
    "service",
    "type",
    "private",
    "unprivileged",
    "chroot",
    "wakeup",
    "process_limit",
    "command",
];
/// What is wrong with an entry that lacks columns; other errors quote the entry.
pub(crate) const TOO_SHORT: &str = "bad field count";
/// Names that only programs set.
pub(crate) const READ_ONLY: [&str; 3] = ["process_id", "process_name", "service_name"];
/// The column after which arguments follow.
pub(crate) const COMMAND: usize = FIELDS.len() - 1;

/// One entry of master.cf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// As many as there are [`FIELDS`].
    columns: Vec<String>,
    /// The words after the command, without braces.
    arguments: Vec<String>,
}

/// A word or an option with its value, which stay together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Argument<'e> {
    /// An option without value.
    Option(&'e str),
    /// `-o` and what follows it.
    Setting(&'e str),
    /// What comes after the options.
    Word(&'e str),
}

impl Entry {
    /// Takes the text of an entry apart; gives what is wrong with its arguments, too.
    pub(crate) fn parse(text: &str) -> Result<(Entry, Vec<String>), String> {
        let mut words = braced_words(text, |_| false).map(str::to_string);
        let columns: Vec<_> = words.by_ref().take(FIELDS.len()).collect();
        if columns.len() < FIELDS.len() {
            return Err(TOO_SHORT.to_string());
        }
        let mut complaints = Vec::new();
        let arguments = normalized(words.collect(), &mut complaints);
        let entry = Entry { columns, arguments };
        entry.check(text)?;
        Ok((entry, complaints))
    }

    /// Checks the columns; `text` is what the error shows.
    fn check(&self, text: &str) -> Result<(), String> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        for (at, (name, value)) in FIELDS.iter().zip(&self.columns).enumerate() {
            let good = match at {
                1 => Kind::ALL.iter().any(|kind| kind.word() == value),
                2..=4 => ["y", "n", "-"].contains(&value.as_str()),
                5 => {
                    let time = value.strip_suffix('?').unwrap_or(value);
                    time == "-" || digits(time)
                }
                6 => value == "-" || digits(value),
                _ => true,
            };
            if !good {
                let text = text.replace('\n', " ");
                return Err(format!("invalid {name} field \"{value}\" in \"{text}\""));
            }
        }
        Ok(())
    }

    pub(crate) fn name(&self) -> &str {
        self.column(0)
    }

    pub(crate) fn kind(&self) -> &str {
        self.column(1)
    }

    pub(crate) fn command(&self) -> &str {
        self.column(COMMAND)
    }

    pub(crate) fn column(&self, at: usize) -> &str {
        self.columns.get(at).map_or("", String::as_str)
    }

    /// The columns, the command last.
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// What follows the command.
    pub(crate) fn arguments(&self) -> Vec<Argument<'_>> {
        let mut arguments = Vec::new();
        let mut options = true;
        let mut words = self.arguments.iter().peekable();
        while let Some(word) = words.next() {
            options &= is_option(word);
            arguments.push(match (options && word == "-o", options) {
                (true, _) if words.peek().is_some() => {
                    Argument::Setting(words.next().map_or("", String::as_str))
                }
                (_, true) => Argument::Option(word),
                (_, false) => Argument::Word(word),
            });
        }
        arguments
    }

    /// The `-o` settings that count, in order.
    pub(crate) fn settings(&self) -> Vec<(&str, &str)> {
        let mut assignments = self.assignments();
        assignments.retain(|(name, _)| !READ_ONLY.contains(name));
        assignments
    }

    /// The `-o` settings, in order.
    pub(crate) fn assignments(&self) -> Vec<(&str, &str)> {
        let arguments = self.arguments().into_iter();
        let assignments = arguments.filter_map(|argument| match argument {
            Argument::Setting(text) => split_assignment(text).ok(),
            Argument::Option(_) | Argument::Word(_) => None,
        });
        assignments.collect()
    }

    /// Replaces a column; with the command, its arguments too. Gives what is wrong with these.
    pub(crate) fn set_column(&mut self, at: usize, text: &str) -> Result<Vec<String>, String> {
        let mut complaints = Vec::new();
        let mut column = text.to_string();
        if at == COMMAND {
            let mut words = braced_words(text, |_| false).map(str::to_string);
            column = words.next().ok_or(TOO_SHORT)?;
            self.arguments = normalized(words.collect(), &mut complaints);
        }
        if let Some(old) = self.columns.get_mut(at) {
            *old = column;
        }
        self.check(text)?;
        Ok(complaints)
    }

    /// Sets a parameter: in its place, or after the other options.
    pub(crate) fn set_parameter(&mut self, name: &str, value: &str) {
        let setting = format!("{name}={value}");
        let mut at = 0;
        let mut found = false;
        while let Some(word) = self.arguments.get(at).filter(|word| is_option(word)) {
            let is_setting = word == "-o";
            if let Some(old) = self.arguments.get_mut(at + 1).filter(|_| is_setting) {
                if is_named(old, name) {
                    old.clone_from(&setting);
                    found = true;
                }
                at += 1;
            }
            at += 1;
        }
        if !found {
            self.arguments.splice(at..at, ["-o".to_string(), setting]);
        }
    }

    /// Takes the settings of a parameter out.
    pub(crate) fn remove_parameter(&mut self, name: &str) {
        let mut at = 0;
        while let Some(word) = self.arguments.get(at).filter(|word| is_option(word)) {
            let setting = self.arguments.get(at + 1).filter(|_| word == "-o");
            match setting {
                Some(setting) if is_named(setting, name) => {
                    self.arguments.drain(at..at + 2);
                }
                Some(_) => at += 2,
                None => at += 1,
            }
        }
    }
}

/// Whether options go on with this word.
fn is_option(word: &str) -> bool {
    word.starts_with('-') && word.len() > 1 && word != "--"
}

fn is_named(setting: &str, name: &str) -> bool {
    let value = setting.strip_prefix(name);
    value.is_some_and(|rest| rest.starts_with('='))
}

/// The arguments in their one form.
fn normalized(words: Vec<String>, complaints: &mut Vec<String>) -> Vec<String> {
    let mut arguments = Vec::with_capacity(words.len());
    let mut options = true;
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        options &= is_option(&word);
        if !options {
            arguments.push(bare(&word, complaints).to_string());
            continue;
        }
        let letter = word.find('o').unwrap_or(word.len());
        let (flags, setting) = word.split_at(letter);
        if flags.len() > 1 {
            arguments.push(flags.to_string());
        }
        let Some(attached) = setting.strip_prefix('o') else {
            continue;
        };
        arguments.push("-o".to_string());
        let value = match attached {
            "" => words.next(),
            attached => Some(attached.to_string()),
        };
        arguments.extend(value.map(|value| assignment(&value, complaints)));
    }
    arguments
}

/// A word without its braces.
fn bare<'w>(word: &'w str, complaints: &mut Vec<String>) -> &'w str {
    if !word.starts_with('{') {
        return word;
    }
    let inside = unbraced(word);
    complaints.extend(inside.complaint);
    inside.text
}

/// The value of `-o`, `name=value`.
fn assignment(word: &str, complaints: &mut Vec<String>) -> String {
    let text = bare(word, complaints);
    if !word.starts_with('{') {
        return text.to_string();
    }
    match split_assignment(text) {
        Ok((name, value)) => format!("{name}={value}"),
        Err(why) => {
            complaints.push(format!("{why}: \"{text}\""));
            text.to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry {
        Entry::parse(text).expect("an entry").0
    }

    fn arguments(text: &str) -> String {
        entry(&format!("a unix - n n - - x {text}"))
            .arguments
            .join("|")
    }

    #[test]
    fn options_have_one_form() {
        assert_eq!(
            arguments("-oa=b -vvo c=d -Dv x -o e=f"),
            "-o|a=b|-vv|-o|c=d|-Dv|x|-o|e=f"
        );
        assert_eq!(
            arguments("-o {a = b c} -o{ d=e } x={y z} {f g}"),
            "-o|a=b c|-o|d=e|x={y z}|f g"
        );
        assert_eq!(arguments("-o a=b -- -o c=d"), "-o|a=b|--|-o|c=d");
        assert_eq!(arguments("-o"), "-o");
        assert_eq!(
            entry("a unix - n n - - x -o a=1 -o b -o c = -o a=2 y -o d=3").settings(),
            [("a", "1")],
            "a word that is no option ends them"
        );
    }

    #[test]
    fn bad_arguments_are_complained_of() {
        let complaints = |text: &str| {
            let (_, complaints) =
                Entry::parse(&format!("a unix - n n - - x {text}")).expect("the columns are good");
            complaints.join("; ")
        };
        assert_eq!(
            complaints("-o {a b}"),
            "missing '=' after attribute name: \"a b\""
        );
        assert_eq!(complaints("-o {a=b"), "missing '}' in \"{a=b\"");
        assert_eq!(complaints("{a}b"), "syntax error after '}' in \"{a}b\"");
        assert_eq!(complaints("-o x={a"), "");
    }

    #[test]
    fn columns_are_checked() {
        let error = |text: &str| Entry::parse(text).expect_err("it is refused");
        assert_eq!(error("smtp inet n - y - -"), "bad field count");
        for (text, field) in [
            ("a foo n - y - - x", "type field \"foo\""),
            ("a inet n - q - - x", "chroot field \"q\""),
            ("a inet n - y x? - x", "wakeup field \"x?\""),
            ("a inet n - y 1? x x", "process_limit field \"x\""),
        ] {
            assert_eq!(error(text), format!("invalid {field} in \"{text}\""));
        }
    }

    #[test]
    fn parameters_are_set_and_removed_among_the_options() {
        let mut entry = entry("a unix - n n - - x -v -o p=1 -o q=2 word -o p=3");
        entry.set_parameter("p", "4");
        entry.set_parameter("r", "5");
        assert_eq!(
            entry.arguments.join(" "),
            "-v -o p=4 -o q=2 -o r=5 word -o p=3"
        );
        entry.remove_parameter("p");
        entry.remove_parameter("r");
        assert_eq!(entry.arguments.join(" "), "-v -o q=2 word -o p=3");
    }
}
