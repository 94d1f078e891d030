// SPDX-License-Identifier: MIT OR Apache-2.0
//! The lines of the SMTP server.
//!
//! *Postfix:* smtpd(8), smtpd_check(3), smtpd_peer(3).

use std::fmt;

use bstr::ByteSlice;

use super::Client;

/// `connect from NAME[ADDRESS]`.
pub struct Connect<'a>(pub &'a Client);

impl fmt::Display for Connect<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "connect from {}", self.0)
    }
}

/// How often a command was given, and how often it was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CommandCount {
    /// Accepted.
    pub accepted: u64,
    /// All.
    pub total: u64,
}

impl CommandCount {
    fn write(&self, f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
        write!(f, " {name}={}", self.accepted)?;
        if self.accepted != self.total || self.total == 0 {
            write!(f, "/{}", self.total)?;
        }
        Ok(())
    }
}

/// `disconnect from NAME[ADDRESS] ehlo=1 mail=1/2 ... commands=N/M[ notes=bare_lf]`.
pub struct Disconnect<'a> {
    /// Who.
    pub client: &'a Client,
    /// Commands in the order of the line; those that were never given are left out.
    pub commands: &'a [(&'static str, CommandCount)],
    /// What else was noticed.
    pub notes: &'a [&'static str],
}

impl fmt::Display for Disconnect<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "disconnect from {}", self.client)?;
        let mut all = CommandCount::default();
        for (name, count) in self.commands.iter().filter(|(_, count)| count.total > 0) {
            count.write(f, name)?;
            all.accepted += count.accepted;
            all.total += count.total;
        }
        all.write(f, "commands")?;
        if !self.notes.is_empty() {
            write!(f, " notes={}", self.notes.join(","))?;
        }
        Ok(())
    }
}

/// Who logged in and who vouches for the sender, at the end of lines about a command or message.
#[derive(Debug, Clone, Copy, Default)]
pub struct Login<'a> {
    /// The mechanism, as the client spelled it.
    pub method: Option<&'a str>,
    /// The name of the user.
    pub user: Option<&'a str>,
    /// What `AUTH=` of MAIL FROM said.
    pub sender: Option<&'a str>,
}

impl Login<'_> {
    fn write(&self, f: &mut fmt::Formatter<'_>, separator: &str) -> fmt::Result {
        let known = [
            ("sasl_method", self.method),
            ("sasl_username", self.user),
            ("sasl_sender", self.sender),
        ];
        for (name, value) in known {
            if let Some(value) = value {
                write!(f, "{separator}{name}={value}")?;
            }
        }
        Ok(())
    }
}

/// `NAME[ADDRESS]: SASL MECHANISM authentication failed: REASON, sasl_username=USER`.
pub struct LoginFailed<'a> {
    /// Who tried.
    pub client: &'a Client,
    /// The mechanism, as the client spelled it.
    pub mechanism: &'a str,
    /// Why; empty if there is nothing to tell.
    pub reason: &'a str,
    /// Who the client said it is, if it came to that.
    pub user: Option<&'a str>,
}

impl fmt::Display for LoginFailed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self.reason {
            "" => "(reason unavailable)",
            reason => reason,
        };
        // Clients may send names of any length.
        write!(
            f,
            "{}: SASL {:.100} authentication failed: {reason}, sasl_username={:.100}",
            self.client,
            self.mechanism,
            self.user.unwrap_or("(unavailable)")
        )
    }
}

/// `ID: client=NAME[ADDRESS][, sasl_method=M][, sasl_username=U][, sasl_sender=S]
/// [, orig_queue_id=ID][, orig_client=NAME[ADDRESS]]`.
pub struct Origin<'a> {
    /// The queue id.
    pub queue_id: &'a str,
    /// Who sends the message.
    pub client: &'a Client,
    /// Who logged in.
    pub login: Login<'a>,
    /// The queue id before a content filter.
    pub original_queue_id: Option<&'a str>,
    /// The client before a content filter.
    pub original_client: Option<&'a Client>,
}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: client={}", self.queue_id, self.client)?;
        self.login.write(f, ", ")?;
        if let Some(id) = self.original_queue_id {
            write!(f, ", orig_queue_id={id}")?;
        }
        if let Some(client) = self.original_client {
            write!(f, ", orig_client={client}")?;
        }
        Ok(())
    }
}

/// What was decided about a command: `ID: reject: STATE from NAME[ADDRESS]: TEXT; from=<S>
/// to=<R> proto=ESMTP helo=<H>[ sasl_method=M sasl_username=U]`, and its sisters
/// `reject_warning`, `warn`, `info`, `hold`, ...
pub struct Decision<'a> {
    /// The queue id, if there is one.
    pub queue_id: Option<&'a str>,
    /// What was decided.
    pub what: &'a str,
    /// The state of the session: `CONNECT`, `RCPT`, ...
    pub state: &'a str,
    /// Who.
    pub client: &'a Client,
    /// The reply or reason.
    pub text: &'a str,
    /// The sender, external form.
    pub sender: Option<&'a [u8]>,
    /// The recipient, external form.
    pub recipient: Option<&'a [u8]>,
    /// `SMTP` or `ESMTP`.
    pub protocol: &'a str,
    /// What the client says its name is.
    pub helo: Option<&'a str>,
    /// Who logged in.
    pub login: Login<'a>,
}

impl fmt::Display for Decision<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Decision {
            what,
            state,
            client,
            text,
            ..
        } = self;
        let queue_id = self.queue_id.unwrap_or("NOQUEUE");
        write!(f, "{queue_id}: {what}: {state} from {client}: {text};")?;
        if let Some(sender) = self.sender {
            write!(f, " from=<{}>", sender.as_bstr())?;
        }
        if let Some(recipient) = self.recipient {
            write!(f, " to=<{}>", recipient.as_bstr())?;
        }
        write!(f, " proto={}", self.protocol)?;
        if let Some(helo) = self.helo {
            write!(f, " helo=<{helo}>")?;
        }
        self.login.write(f, " ")
    }
}

/// `ID: lost connection after STATE from NAME[ADDRESS]`, and the same with other reasons.
pub struct AbnormalEnd<'a> {
    /// The queue id, if there is one.
    pub queue_id: Option<&'a str>,
    /// `lost connection`, `timeout`, `too many errors`.
    pub reason: &'a str,
    /// The last command, or where the session was.
    pub state: &'a str,
    /// Bytes of content received, after DATA.
    pub bytes: Option<u64>,
    /// Who.
    pub client: &'a Client,
}

impl fmt::Display for AbnormalEnd<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let queue_id = self.queue_id.unwrap_or("NOQUEUE");
        write!(f, "{queue_id}: {} after {}", self.reason, self.state)?;
        if let Some(bytes) = self.bytes {
            write!(f, " ({bytes} bytes)")?;
        }
        write!(f, " from {}", self.client)
    }
}

/// Input of a stranger in printable characters: C's escapes, and octal numbers for the rest.
#[must_use]
pub fn escaped(input: &[u8]) -> String {
    let mut text = String::new();
    for (at, byte) in input.iter().enumerate() {
        match byte {
            b'\\' => text += "\\\\",
            7 => text += "\\a",
            8 => text += "\\b",
            9 => text += "\\t",
            10 => text += "\\n",
            11 => text += "\\v",
            12 => text += "\\f",
            13 => text += "\\r",
            b' '..=b'~' => text.push(char::from(*byte)),
            // A digit that follows must not seem to belong to the number.
            _ if input.get(at + 1).is_some_and(u8::is_ascii_digit) => {
                text += &format!("\\{byte:03o}");
            }
            _ => text += &format!("\\{byte:o}"),
        }
    }
    text
}

/// `improper command pipelining after STATE from NAME[ADDRESS]: INPUT`.
pub struct ImproperPipelining<'a> {
    /// The command that must be waited for, or `CONNECT`.
    pub state: &'a str,
    /// Who.
    pub client: &'a Client,
    /// The beginning of the input.
    pub input: &'a [u8],
}

impl fmt::Display for ImproperPipelining<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ImproperPipelining {
            state,
            client,
            input,
        } = self;
        let input = escaped(input);
        write!(
            f,
            "improper command pipelining after {state} from {client}: {input}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> Client {
        Client::new("localhost", "127.0.0.1")
    }

    #[test]
    fn commands_are_counted_with_their_failures() {
        let count = |accepted, total| CommandCount { accepted, total };
        let line = Disconnect {
            client: &client(),
            commands: &[
                ("helo", count(0, 0)),
                ("ehlo", count(1, 1)),
                ("mail", count(2, 3)),
            ],
            notes: &[],
        };
        assert_eq!(
            line.to_string(),
            "disconnect from localhost[127.0.0.1] ehlo=1 mail=2/3 commands=3/4"
        );
    }

    #[test]
    fn a_silent_client_has_a_disconnect_line_too() {
        let line = Disconnect {
            client: &client(),
            commands: &[],
            notes: &["bare_lf"],
        };
        assert_eq!(
            line.to_string(),
            "disconnect from localhost[127.0.0.1] commands=0/0 notes=bare_lf"
        );
    }

    #[test]
    fn a_decision_shows_what_is_known() {
        let mut line = Decision {
            queue_id: None,
            what: "reject",
            state: "RCPT",
            client: &client(),
            text: "554 5.7.1 <a@b>: Relay access denied",
            sender: Some(b""),
            recipient: Some(b"a@b"),
            protocol: "ESMTP",
            helo: Some("x"),
            login: Login::default(),
        };
        assert_eq!(
            line.to_string(),
            "NOQUEUE: reject: RCPT from localhost[127.0.0.1]: 554 5.7.1 <a@b>: Relay access \
             denied; from=<> to=<a@b> proto=ESMTP helo=<x>"
        );
        (line.state, line.sender, line.recipient, line.helo) = ("CONNECT", None, None, None);
        assert!(line.to_string().ends_with("denied; proto=ESMTP"));
        (line.login.method, line.login.user) = (Some("PLAIN"), Some("joe"));
        assert!(
            line.to_string()
                .ends_with("proto=ESMTP sasl_method=PLAIN sasl_username=joe")
        );
    }

    #[test]
    fn ends_name_the_state() {
        let line = AbnormalEnd {
            queue_id: Some("3F2"),
            reason: "lost connection",
            state: "DATA",
            bytes: Some(17),
            client: &client(),
        };
        assert_eq!(
            line.to_string(),
            "3F2: lost connection after DATA (17 bytes) from localhost[127.0.0.1]"
        );
    }

    #[test]
    fn pipelined_input_is_shown_escaped() {
        let line = ImproperPipelining {
            state: "EHLO",
            client: &client(),
            input: b"QUIT\r\n",
        };
        assert_eq!(
            line.to_string(),
            r"improper command pipelining after EHLO from localhost[127.0.0.1]: QUIT\r\n"
        );
    }

    #[test]
    fn a_login_that_failed_has_a_reason_and_a_name_of_limited_length() {
        let mut line = LoginFailed {
            client: &client(),
            mechanism: "PLAIN",
            reason: "",
            user: None,
        };
        assert_eq!(
            line.to_string(),
            "localhost[127.0.0.1]: SASL PLAIN authentication failed: (reason unavailable), \
             sasl_username=(unavailable)"
        );
        let long = "x".repeat(1000);
        (line.reason, line.user) = ("no", Some(long.as_str()));
        assert!(
            line.to_string()
                .ends_with(&format!("no, sasl_username={}", &long[..100]))
        );
    }

    #[test]
    fn the_origin_of_filtered_mail_is_shown() {
        let original = Client::new("mail.example", "192.0.2.1");
        let line = Origin {
            queue_id: "3F2",
            client: &client(),
            login: Login {
                method: Some("PLAIN"),
                user: Some("joe"),
                sender: Some("a@b"),
            },
            original_queue_id: Some("1A"),
            original_client: Some(&original),
        };
        assert_eq!(
            line.to_string(),
            "3F2: client=localhost[127.0.0.1], sasl_method=PLAIN, sasl_username=joe, \
             sasl_sender=a@b, orig_queue_id=1A, orig_client=mail.example[192.0.2.1]"
        );
    }
}
