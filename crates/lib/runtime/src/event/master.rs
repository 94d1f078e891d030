// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lines of master(8).
//!
//! *Postfix:* master.c, master_sig.c, master_spawn.c, master_avail.c.

use std::fmt;

/// `daemon started -- version V, configuration DIR`
#[derive(Debug, Clone)]
pub struct MasterStarted<'a> {
    /// `mail_version`.
    pub version: &'a str,
    /// `config_directory`.
    pub configuration: &'a str,
}

impl fmt::Display for MasterStarted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "daemon started -- version {}, configuration {}",
            self.version, self.configuration
        )
    }
}

/// `reload -- version V, configuration DIR`
#[derive(Debug, Clone)]
pub struct MasterReloaded<'a> {
    /// `mail_version`.
    pub version: &'a str,
    /// `config_directory`.
    pub configuration: &'a str,
}

impl fmt::Display for MasterReloaded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "reload -- version {}, configuration {}",
            self.version, self.configuration
        )
    }
}

/// `terminating on signal N`
#[derive(Debug, Clone)]
pub struct MasterTerminating {
    /// Number of the signal.
    pub signal: i32,
}

impl fmt::Display for MasterTerminating {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "terminating on signal {}", self.signal)
    }
}

/// How a child ended badly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadEnd {
    /// With this exit status.
    Status(i32),
    /// By this signal.
    Signal(i32),
}

/// `process PATH pid P exit status N`, `process PATH pid P killed by signal N`
#[derive(Debug, Clone)]
pub struct ChildEnded<'a> {
    /// Path of the program.
    pub path: &'a str,
    /// Process id.
    pub pid: u32,
    /// How it ended.
    pub end: BadEnd,
}

impl fmt::Display for ChildEnded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} pid {} ", self.path, self.pid)?;
        match self.end {
            BadEnd::Status(status) => write!(f, "exit status {status}"),
            BadEnd::Signal(signal) => write!(f, "killed by signal {signal}"),
        }
    }
}

/// `PATH: bad command startup -- throttling`
#[derive(Debug, Clone)]
pub struct BadStartup<'a> {
    /// Path of the program.
    pub path: &'a str,
}

impl fmt::Display for BadStartup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: bad command startup -- throttling", self.path)
    }
}

/// `service "NAME" (ADDR) has reached its process limit "N": new clients may experience
/// noticeable delays`
#[derive(Debug, Clone)]
pub struct ProcessLimitReached<'a> {
    /// The service's name in master.cf.
    pub name: &'a str,
    /// Its endpoint.
    pub endpoint: &'a str,
    /// The limit.
    pub limit: u32,
}

impl fmt::Display for ProcessLimitReached<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "service \"{}\" ({}) has reached its process limit \"{}\": new clients may experience \
             noticeable delays",
            self.name, self.endpoint, self.limit
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_postfix() {
        let started = MasterStarted {
            version: "3.12",
            configuration: "/etc/postfix",
        };
        assert_eq!(
            started.to_string(),
            "daemon started -- version 3.12, configuration /etc/postfix"
        );
        let ended = ChildEnded {
            path: "/p/smtpd",
            pid: 7,
            end: BadEnd::Signal(11),
        };
        assert_eq!(
            ended.to_string(),
            "process /p/smtpd pid 7 killed by signal 11"
        );
        let limit = ProcessLimitReached {
            name: "smtp",
            endpoint: "25",
            limit: 100,
        };
        assert_eq!(
            limit.to_string(),
            "service \"smtp\" (25) has reached its process limit \"100\": new clients may \
             experience noticeable delays"
        );
    }
}
