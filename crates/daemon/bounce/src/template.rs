// SPDX-License-Identifier: MIT OR Apache-2.0
//! The words of a notice: built-in, or from `bounce_template_file`.
//!
//! A template has headers (`Charset:`, `From:`, `Subject:`, `Postmaster-Subject:`) and a text in which
//! `$name` stands for a parameter; `$$` is a dollar sign. A template that cannot be used is warned
//! about and replaced by the built-in one, so that a notice is always sent.
//!
//! *Postfix:* bounce/bounce_template(3), bounce_templates(3), the format of bounce(5).

use std::collections::BTreeMap;
use std::time::Duration;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Mail that could not be delivered.
    Failure,
    /// Mail that is late.
    Delay,
    /// Mail that was delivered, where the sender asked to know.
    Success,
    /// The report of `sendmail -bv` and `sendmail -v`.
    Verify,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Failure, Kind::Delay, Kind::Success, Kind::Verify];

    const fn name(self) -> &'static str {
        match self {
            Kind::Failure => "failure",
            Kind::Delay => "delay",
            Kind::Success => "success",
            Kind::Verify => "verify",
        }
    }
}

/// The words of one kind of notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    /// Character set of the text.
    pub(crate) charset: String,
    /// Body of the From: header.
    pub(crate) from: String,
    /// Body of the Subject: header.
    pub(crate) subject: String,
    /// The same for copies to the postmaster.
    pub(crate) postmaster_subject: String,
    /// The text, expanded.
    pub(crate) text: String,
    /// The text before it was expanded.
    source: String,
}

impl Template {
    /// Takes a text; none if it cannot be expanded.
    fn with_text(mut self, source: &str, lookup: &Lookup<'_>) -> Option<Template> {
        self.text = expand(source, lookup)?;
        source.clone_into(&mut self.source);
        Some(self)
    }
}

/// All templates.
#[derive(Debug)]
pub(crate) struct Templates(BTreeMap<Kind, Template>);

/// Gives the value of a parameter.
pub(crate) type Lookup<'l> = dyn Fn(&str) -> Option<String> + 'l;

const INTRODUCTION: &str = "This is the mail system at host $myhostname.\n\n";
const CONTACT: &str = "If you need help, write to the postmaster of this system and enclose this\n\
    report. Your own text may be left out of the returned message.\n\n";
const SIGNATURE: &str = "                   The mail system\n";

impl Templates {
    /// The built-in templates, and over them those of a file's text. Also the warnings.
    pub(crate) fn new(
        file: Option<(&str, &str)>,
        from_is_obsolete: bool,
        lookup: &Lookup<'_>,
    ) -> (Templates, Vec<String>) {
        let built_in = |kind| {
            let template = built_in(kind, from_is_obsolete);
            let source = template.source.clone();
            (
                kind,
                template
                    .clone()
                    .with_text(&source, lookup)
                    .unwrap_or(template),
            )
        };
        let mut templates: BTreeMap<Kind, Template> = Kind::ALL.into_iter().map(built_in).collect();
        let mut warnings = Vec::new();
        if let Some((name, text)) = file {
            for (kind, body) in sections(name, text, &mut warnings) {
                match parse(&body, kind, templates.get(&kind), lookup) {
                    Ok(template) => {
                        templates.insert(kind, template);
                    }
                    Err(why) => {
                        warnings.push(format!("{name}: {why} -- ignoring this template"));
                    }
                }
            }
        }
        (Templates(templates), warnings)
    }

    /// All templates in the form of a template file, or their expanded texts.
    pub(crate) fn listing(&self, expanded: bool) -> String {
        let sections = Kind::ALL.map(|kind| {
            let (name, template) = (kind.name(), self.get(kind));
            if expanded {
                return format!("expanded_{name}_text = <<EOF\n{}EOF\n", template.text);
            }
            let mut headers = format!(
                "Charset: {}\nFrom: {}\nSubject: {}\n",
                template.charset, template.from, template.subject
            );
            if !template.postmaster_subject.is_empty() {
                headers += &format!("Postmaster-Subject: {}\n", template.postmaster_subject);
            }
            format!(
                "{name}_template = <<EOF\n{headers}\n{}EOF\n",
                template.source
            )
        });
        sections.join("\n")
    }

    /// The template for a notice.
    pub(crate) fn get(&self, kind: Kind) -> Template {
        self.0
            .get(&kind)
            .cloned()
            .unwrap_or_else(|| built_in(kind, false))
    }
}

fn built_in(kind: Kind, from_is_obsolete: bool) -> Template {
    let (subject, postmaster_subject, text) = match kind {
        Kind::Failure => (
            "Undelivered Mail Returned to Sender",
            "Postmaster Copy: Undelivered Mail",
            "I am sorry to have to tell you that your message could not be delivered to one\n\
             or more of its recipients. They are listed below, and your message is attached.\n\n",
        ),
        Kind::Delay => (
            "Delayed Mail (still being retried)",
            "Postmaster Warning: Delayed Mail",
            "######################################################################\n\
             # THIS IS ONLY A WARNING. THERE IS NO NEED TO SEND YOUR MESSAGE AGAIN. #\n\
             ######################################################################\n\n\
             For more than $delay_warning_time_hours hour(s) your message could not be delivered \
             to the\nrecipients listed below. Delivery will be tried until the message is\n\
             $maximal_queue_lifetime_days day(s) old.\n\n",
        ),
        Kind::Success => (
            "Successful Mail Delivery Report",
            "",
            "Your message was delivered to the destination(s) listed below. Where it went to\n\
             a mailbox, you will hear no more about it. Elsewhere, another system may still\n\
             report that it could not deliver the message.\n\n",
        ),
        Kind::Verify => (
            "Mail Delivery Status Report",
            "",
            "This is the mail delivery report that you asked for.\n\n",
        ),
    };
    let contact = if matches!(kind, Kind::Failure | Kind::Delay) {
        CONTACT
    } else {
        ""
    };
    let text = [INTRODUCTION, text, contact, SIGNATURE].concat();
    Template {
        charset: "us-ascii".into(),
        from: if from_is_obsolete {
            "MAILER-DAEMON (Mail Delivery System)".into()
        } else {
            "Mail Delivery System <MAILER-DAEMON>".into()
        },
        subject: subject.into(),
        postmaster_subject: postmaster_subject.into(),
        source: text.clone(),
        text,
    }
}

/// Takes a template file apart: `name = <<MARK`, lines, `MARK`.
fn sections(name: &str, text: &str, warnings: &mut Vec<String>) -> Vec<(Kind, String)> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let number = number + 1;
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((label, value)) = line.split_once('=') else {
            warnings.push(format!(
                "{name}, line {number}: missing '=' after attribute name: \"{line}\""
            ));
            continue;
        };
        let (label, value) = (label.trim(), value.trim());
        let body = match value.strip_prefix("<<").map(str::trim) {
            Some(mark) if !mark.is_empty() => {
                let mut body = String::new();
                let mut ended = false;
                for (_, line) in lines.by_ref() {
                    if line == mark {
                        ended = true;
                        break;
                    }
                    body.push_str(line);
                    body.push('\n');
                }
                if !ended {
                    warnings.push(format!(
                        "{name}, line {number}: missing \"{mark}\" end marker"
                    ));
                }
                body
            }
            Some(_) => {
                warnings.push(format!(
                    "{name}, line {number}: missing end marker after <<"
                ));
                continue;
            }
            None => format!("{value}\n"),
        };
        let kind = label.strip_suffix("_template");
        match Kind::ALL
            .into_iter()
            .find(|known| kind == Some(known.name()))
        {
            Some(kind) => found.push((kind, body)),
            None => warnings.push(format!(
                "{name}, line {number}: unknown template name: {label} -- ignoring this template"
            )),
        }
    }
    found
}

/// Reads one template; what it does not say stays as `default` says.
fn parse(
    body: &str,
    kind: Kind,
    default: Option<&Template>,
    lookup: &Lookup<'_>,
) -> Result<Template, String> {
    let place = format!("in {} template", kind.name());
    let mut template = default.cloned().unwrap_or_else(|| built_in(kind, false));
    template.charset = "us-ascii".into();
    let mut rest = body;
    while let Some((line, after)) = rest.split_once('\n') {
        let Some((label, value)) = header(line) else {
            break;
        };
        rest = after;
        let value = value.trim();
        let field = match label.to_ascii_lowercase().as_str() {
            "charset" => &mut template.charset,
            "from" => &mut template.from,
            "subject" => &mut template.subject,
            "postmaster-subject" => &mut template.postmaster_subject,
            _ => return Err(format!("unknown \"{label}\" header label {place}")),
        };
        if value.is_empty() {
            return Err(format!("empty \"{label}\" header value {place}"));
        }
        if !value.is_ascii() || value.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(format!("non-ASCII \"{label}\" header value {place}"));
        }
        value.clone_into(field);
    }
    let text = rest.trim_start_matches('\n');
    if text.is_empty() {
        return Err(format!("missing message text {place}"));
    }
    if !text.is_ascii() && template.charset.eq_ignore_ascii_case("us-ascii") {
        return Err(format!(
            "8-bit message text {place}, with a charset value of us-ascii"
        ));
    }
    template
        .with_text(text, lookup)
        .ok_or_else(|| format!("undefined or malformed $name {place}"))
}

fn header(line: &str) -> Option<(&str, &str)> {
    let length = mail::header::is_header_line(line.as_bytes())?;
    let label = line.get(..length)?;
    let (_, value) = line.split_once(':')?;
    Some((label, value))
}

fn expand(text: &str, lookup: &Lookup<'_>) -> Option<String> {
    config::expand::expand_with(text, &mut |name| match lookup(name) {
        Some(value) => Ok(Some(value.into())),
        None => Err(config::ConfigError::Syntax(format!(
            "undefined name: {name}"
        ))),
    })
    .ok()
}

/// The value of `NAME_hours` and the like, when `name` is that of a time parameter with a unit.
pub(crate) fn in_unit(name: &str, parameter: &str, value: Duration) -> Option<String> {
    let unit = match name.strip_prefix(parameter)?.strip_prefix('_')? {
        "seconds" => 1,
        "minutes" => 60,
        "hours" => 3600,
        "days" => 24 * 3600,
        "weeks" => 7 * 24 * 3600,
        _ => return None,
    };
    Some((value.as_secs() / unit).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &str) -> Option<String> {
        let hour = Duration::from_secs(5400);
        match name {
            "myhostname" => Some("mail.example.com".into()),
            _ => in_unit(name, "delay_warning_time", hour)
                .or_else(|| in_unit(name, "maximal_queue_lifetime", hour * 96)),
        }
    }

    fn templates(text: &str) -> (Templates, Vec<String>) {
        Templates::new(Some(("bounce.cf", text)), false, &lookup)
    }

    #[test]
    fn built_in_texts_are_expanded() {
        let (templates, warnings) = Templates::new(None, false, &lookup);
        assert!(warnings.is_empty());
        for kind in Kind::ALL {
            let text = templates.get(kind).text;
            assert!(text.starts_with("This is the mail system at host mail.example.com.\n"));
            assert!(!text.contains('$'), "{text}");
            assert!(text.lines().all(|line| line.len() < 80), "{text}");
        }
        let delay = templates.get(Kind::Delay).text;
        assert!(
            delay.contains("more than 1 hour(s)") && delay.contains("6 day(s) old"),
            "{delay}"
        );
    }

    #[test]
    fn a_listing_is_a_template_file_that_says_the_same() {
        let (built_in, _) = Templates::new(None, false, &lookup);
        let listing = built_in.listing(false);
        assert!(
            listing.contains("$maximal_queue_lifetime_days"),
            "{listing}"
        );
        let (again, warnings) = templates(&listing);
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(again.listing(false), listing);
        let expanded = built_in.listing(true);
        assert!(expanded.starts_with("expanded_failure_text = <<EOF\nThis is"));
        assert!(!expanded.contains('$'), "{expanded}");
    }

    #[test]
    fn template_of_a_file_replaces_what_it_says() {
        let (templates, warnings) = templates(
            "# comment\n\ndelay_template = <<XX\nSUBJECT: late\n\n costs $$5 on $myhostname\nXX\n",
        );
        assert!(warnings.is_empty(), "{warnings:?}");
        let delay = templates.get(Kind::Delay);
        assert_eq!(delay.subject, "late");
        assert_eq!(delay.postmaster_subject, "Postmaster Warning: Delayed Mail");
        assert_eq!(delay.text, " costs $5 on mail.example.com\n");
        assert_eq!(delay.charset, "us-ascii");
    }

    #[test]
    fn useless_template_is_warned_about_and_the_built_in_one_stays() {
        for (text, warning) in [
            (
                "failure_template = <<E\nX-Foo: a\n\nx\nE\n",
                "unknown \"X-Foo\" header label in failure",
            ),
            (
                "failure_template = <<E\nSubject:\n\nx\nE\n",
                "empty \"Subject\" header value in failure",
            ),
            (
                "failure_template = <<E\nSubject: x\nE\n",
                "missing message text in failure template",
            ),
            (
                "failure_template = <<E\n\n\u{fc}\nE\n",
                "8-bit message text in failure template",
            ),
            (
                "failure_template = <<E\n\n$nonsense\nE\n",
                "undefined or malformed $name in failure",
            ),
            (
                "foo_template = <<E\n\nx\nE\n",
                "line 1: unknown template name: foo_template",
            ),
            (
                "garbage\n",
                "line 1: missing '=' after attribute name: \"garbage\"",
            ),
        ] {
            let (templates, warnings) = templates(text);
            assert!(
                warnings.iter().any(|line| line.contains(warning)),
                "{warnings:?}"
            );
            assert!(
                templates
                    .get(Kind::Failure)
                    .text
                    .starts_with("This is the mail system")
            );
        }
        let (_, warnings) = templates("failure_template = <<E\n\nx\n");
        assert_eq!(warnings, ["bounce.cf, line 1: missing \"E\" end marker"]);
    }
}
