// SPDX-License-Identifier: MIT OR Apache-2.0
//! What stays the same from request to request.

use std::fs::File;
use std::io::{self, Read};

use config::MainCf;
use ipc::client::Endpoint;
use ipc::flags::{CleanupFlags, MailSource, SendOptions};
use queue::Layout;

use crate::params::Params;
use crate::template::{Templates, in_unit};

/// Which events the postmaster is told about (`notify_classes`), as far as this daemon reports them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NotifyClasses {
    /// `bounce`: copies of non-delivery notices.
    pub(crate) bounce: bool,
    /// `2bounce`: notices that cannot be returned to a sender.
    pub(crate) two_bounce: bool,
    /// `delay`: copies of delay notices.
    pub(crate) delay: bool,
}

/// All of it.
pub(crate) struct Site {
    pub(crate) params: Params,
    pub(crate) layout: Layout,
    pub(crate) cleanup: Endpoint,
    pub(crate) classes: NotifyClasses,
    pub(crate) templates: Templates,
    filtered: MailSource,
    autodetected: MailSource,
}

impl Site {
    /// Reads parameters and the template file. Must happen before the jail.
    pub(crate) fn open(main_cf: &MainCf, layout: Option<Layout>) -> Result<Site, String> {
        let params = Params::load(main_cf).map_err(|error| error.to_string())?;
        let layout = layout
            .unwrap_or_else(|| Layout::relative(&params.hash_queue_names, params.hash_queue_depth));
        Ok(Site {
            layout,
            cleanup: Endpoint::public(&params.cleanup_service_name),
            classes: notify_classes(&params.notify_classes)?,
            templates: read_templates(main_cf, &params)?,
            filtered: sources(
                "internal_mail_filter_classes",
                &params.internal_mail_filter_classes,
            )?,
            autodetected: if params.smtputf8_enable {
                sources(
                    "smtputf8_autodetect_classes",
                    &params.smtputf8_autodetect_classes,
                )?
            } else {
                MailSource::empty()
            },
            params,
        })
    }

    /// The sender of notices to the postmaster; mail to it is discarded.
    pub(crate) fn double_bounce_sender(&self) -> Vec<u8> {
        let Params {
            double_bounce_sender,
            myorigin,
            ..
        } = &self.params;
        format!("{double_bounce_sender}@{myorigin}").into_bytes()
    }

    /// How cleanup treats a notice.
    pub(crate) fn cleanup_flags(&self, source: MailSource, options: SendOptions) -> CleanupFlags {
        let mut flags = source.internal_flags(self.filtered, self.autodetected);
        if options.contains(SendOptions::SMTPUTF8_REQUESTED) {
            flags |= CleanupFlags::SMTPUTF8;
        }
        flags
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_ascii_whitespace())
        .filter(|word| !word.is_empty())
}

fn notify_classes(text: &str) -> Result<NotifyClasses, String> {
    let mut classes = NotifyClasses::default();
    for word in words(text) {
        match word.to_ascii_lowercase().as_str() {
            "bounce" => classes.bounce = true,
            "2bounce" => classes.two_bounce = true,
            "delay" => classes.delay = true,
            "data" | "policy" | "protocol" | "resource" | "software" => {}
            _ => {
                return Err(format!(
                    "unknown notify_classes value \"{word}\" in \"{text}\""
                ));
            }
        }
    }
    Ok(classes)
}

fn sources(parameter: &str, text: &str) -> Result<MailSource, String> {
    words(text).try_fold(MailSource::empty(), |all, word| {
        MailSource::from_class(word)
            .map(|source| all | source)
            .ok_or_else(|| format!("unknown {parameter} value \"{word}\" in \"{text}\""))
    })
}

fn parameter(main_cf: &MainCf, name: &str) -> Option<String> {
    let is_known = main_cf.is_set(name) || config::params::find(name).is_some();
    is_known
        .then(|| main_cf.expand(name, &format!("${{{name}}}")).ok())
        .flatten()
}

fn read_templates(main_cf: &MainCf, params: &Params) -> Result<Templates, String> {
    let lookup = |name: &str| {
        let domain = |text: &str| {
            let unicode = mail::text::domain_to_utf8(text.as_bytes())
                .and_then(|unicode| String::from_utf8(unicode).ok());
            unicode
                .filter(|_| params.smtputf8_enable)
                .unwrap_or_else(|| text.to_owned())
        };
        match name {
            "myhostname" => Some(domain(&params.myhostname)),
            "mydomain" => Some(domain(&params.mydomain)),
            _ => in_unit(name, "delay_warning_time", params.delay_warning_time)
                .or_else(|| {
                    in_unit(
                        name,
                        "maximal_queue_lifetime",
                        params.maximal_queue_lifetime,
                    )
                })
                .or_else(|| parameter(main_cf, name)),
        }
    };
    let name = params.bounce_template_file.as_str();
    let text = if name.is_empty() {
        None
    } else {
        Some(read(name).map_err(|error| format!("open {name}: {error}"))?)
    };
    let obsolete = params.header_from_format.eq_ignore_ascii_case("obsolete");
    let file = text.as_ref().map(|text| (name, text.as_str()));
    let (templates, warnings) = Templates::new(file, obsolete, &lookup);
    warnings.iter().for_each(runtime::log::warning);
    Ok(templates)
}

/// The largest file of templates that is read.
const TEMPLATE_FILE_LIMIT: u64 = 1024 * 1024;

fn read(name: &str) -> io::Result<String> {
    let mut text = String::new();
    let file = File::open(name)?;
    file.take(TEMPLATE_FILE_LIMIT).read_to_string(&mut text)?;
    Ok(text)
}
