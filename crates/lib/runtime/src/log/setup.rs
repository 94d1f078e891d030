// SPDX-License-Identifier: MIT OR Apache-2.0
//! Choosing the sinks: from the environment before main.cf is read, from plain values after.
//!
//! Two programs may have to log before they have read main.cf, or cannot read it: they find
//! the choice of their parent in `POSTLOG_SERVICE`, `POSTLOG_HOSTNAME` and `MAIL_LOGTAG`.
//!
//! *Postfix:* maillog_client(3).

use std::path::{Path, PathBuf};

use super::{Facility, Sink, set_host, set_name, set_sinks, set_tag};

/// The socket of postlogd(8), by full name, for children of a program that uses it.
pub const SERVICE_VARIABLE: &str = "POSTLOG_SERVICE";
/// The host name for lines written before main.cf is read.
pub const HOSTNAME_VARIABLE: &str = "POSTLOG_HOSTNAME";
/// The first half of the tag (`postfix`) before main.cf is read.
pub const TAG_VARIABLE: &str = "MAIL_LOGTAG";

/// What decides where a program logs. All values are plain, so that this crate needs no
/// configuration.
#[derive(Debug, Clone)]
pub struct Setup<'a> {
    /// The program's (or service's) name: `smtpd`, `postmap`.
    pub name: &'a str,
    /// `syslog_name`, the first half of the tag.
    pub syslog_name: &'a str,
    /// `syslog_facility`.
    pub syslog_facility: Facility,
    /// `maillog_file`; empty: the system log.
    pub maillog_file: &'a str,
    /// `queue_directory`.
    pub queue_directory: &'a Path,
    /// `postlog_service_name`.
    pub postlog_service_name: &'a str,
    /// `myhostname`.
    pub myhostname: &'a str,
    /// Whether lines also go to standard error (commands, and daemons with `-V`).
    pub stderr: bool,
    /// Whether this program writes `maillog_file` itself while postlogd(8) does not answer.
    pub may_write_file: bool,
}

impl Setup<'_> {
    /// Logs from now on as these values say, and opens the socket.
    pub fn apply(&self) {
        set_tag(&tag(self.syslog_name, self.name));
        set_name(self.name);
        set_host(self.myhostname);
        let mut sinks = Vec::new();
        if self.stderr {
            sinks.push(Sink::Stderr);
        }
        sinks.push(if self.maillog_file.is_empty() {
            Sink::Syslog {
                facility: self.syslog_facility,
            }
        } else {
            Sink::Postlog {
                socket: self.socket(),
                fallback: self.fallback(),
            }
        });
        set_sinks(sinks);
        super::connect();
    }

    /// Full name of the socket of postlogd(8).
    pub fn socket(&self) -> PathBuf {
        self.queue_directory
            .join("public")
            .join(self.postlog_service_name)
    }

    fn fallback(&self) -> Option<PathBuf> {
        self.may_write_file
            .then(|| PathBuf::from(self.maillog_file))
    }

    /// The variables that tell children where to log before they have read main.cf.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![(TAG_VARIABLE, self.syslog_name.to_owned())];
        if !self.maillog_file.is_empty() {
            pairs.push((
                SERVICE_VARIABLE,
                self.socket().to_string_lossy().into_owned(),
            ));
            pairs.push((HOSTNAME_VARIABLE, self.myhostname.to_owned()));
        }
        pairs
    }
}

/// Logs as the environment says until main.cf has been read. Programs with rights that their
/// caller has not must not believe the environment: they pass `trust_environment: false`.
pub fn early(name: &str, stderr: bool, trust_environment: bool) {
    let variable = |name| {
        if trust_environment {
            std::env::var(name).ok().filter(|v| !v.is_empty())
        } else {
            None
        }
    };
    let first = variable(TAG_VARIABLE).unwrap_or_else(|| "postfix".to_owned());
    set_tag(&tag(&first, name));
    set_name(name);
    set_host(&variable(HOSTNAME_VARIABLE).unwrap_or_else(sys::users::host_name));
    let mut sinks = Vec::new();
    if stderr {
        sinks.push(Sink::Stderr);
    }
    sinks.push(match variable(SERVICE_VARIABLE) {
        Some(socket) => Sink::Postlog {
            socket: PathBuf::from(socket),
            fallback: None,
        },
        None => Sink::Syslog {
            facility: Facility::LOG_MAIL,
        },
    });
    set_sinks(sinks);
}

/// `postfix/smtpd`; the name alone where there is no first half.
fn tag(syslog_name: &str, name: &str) -> String {
    if syslog_name.is_empty() {
        name.to_owned()
    } else {
        format!("{syslog_name}/{name}")
    }
}
