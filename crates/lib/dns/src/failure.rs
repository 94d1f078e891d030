// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why a question got no usable answer, in the words that reach the delivery log.

use std::fmt;

use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;

/// What the caller must do about a failed question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailureKind {
    /// The name does not exist, or has no record of that type.
    NotFound,
    /// The domain says that it accepts no mail (`MX 0 .`, RFC 7505).
    NullMx,
    /// The answer, or the question itself, is not valid.
    Invalid,
    /// The name server refused for good.
    Fail,
    /// No answer now; ask again later.
    Retry,
}

/// A failed question. `Display` is the sentence Postfix logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What the caller must do.
    pub kind: FailureKind,
    text: String,
}

impl Failure {
    /// A failure with its own sentence.
    #[must_use]
    pub fn new(kind: FailureKind, text: impl Into<String>) -> Failure {
        Failure {
            kind,
            text: text.into(),
        }
    }

    /// The usual sentence about `name` and `record_type`, ending in `reason`.
    pub(crate) fn about(kind: FailureKind, name: &str, record_type: &str, reason: &str) -> Failure {
        let text = format!(
            "Host or domain name not found. \
             Name service error for name={name} type={record_type}: {reason}"
        );
        Failure { kind, text }
    }

    pub(crate) fn malformed(name: &str, record_type: &str) -> Failure {
        let text = format!(
            "Name service error for name={name} type={record_type}: \
             Malformed or unexpected name server reply"
        );
        Failure {
            kind: FailureKind::Invalid,
            text,
        }
    }

    pub(crate) fn null_mx(name: &str) -> Failure {
        let text = format!("Domain {name} does not accept mail (nullMX)");
        Failure {
            kind: FailureKind::NullMx,
            text,
        }
    }

    pub(crate) fn invalid_name(name: &str) -> Failure {
        let text = format!("Name service error for {name}: invalid host or domain name");
        Failure {
            kind: FailureKind::NotFound,
            text,
        }
    }

    /// Translates what the resolver says. Silence, broken packets and local trouble are
    /// temporary; refusals are not; the rest follows from the response code, as in libc.
    pub(crate) fn from_net(error: &NetError, name: &str, record_type: &str) -> Failure {
        let again = "Host not found, try again";
        let (kind, reason) = match error {
            NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
                ResponseCode::NXDomain => (FailureKind::NotFound, "Host not found"),
                _ => (
                    FailureKind::NotFound,
                    "Host found but no data record of requested type",
                ),
            },
            // The C library asks the next server, and when there is none, says "try again".
            NetError::Dns(DnsError::ResponseCode(
                ResponseCode::ServFail | ResponseCode::Refused | ResponseCode::NotImp,
            )) => (FailureKind::Retry, again),
            NetError::Dns(DnsError::ResponseCode(_)) => {
                (FailureKind::Fail, "Non-recoverable error")
            }
            _ => (FailureKind::Retry, again),
        };
        Failure::about(kind, name, record_type, reason)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Failure {}
