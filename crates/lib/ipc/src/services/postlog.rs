// SPDX-License-Identifier: MIT OR Apache-2.0
//! Log records on their way to postlogd: one datagram each, without a reply.
//!
//! A datagram holds the whole line as it will stand in the file, without its newline:
//! `Mon DD hh:mm:ss HOST TAG[PID]: text`. The client side is `runtime::log`, since everybody
//! logs; here is what the server needs to take a line apart again.
//!
//! *Postfix:* util/msg_logger(3), postlogd(8).

/// The most bytes that postlogd takes of one datagram.
pub const DATAGRAM_LIMIT: usize = 4096;

/// The text of a log line behind its time, host, program and process id: what syslog is given
/// when there is no log file. A line without such a beginning is returned as it is.
#[must_use]
pub fn text_of(line: &[u8]) -> &[u8] {
    let end_of_tag = line.windows(3).position(|bytes| bytes == b"]: ");
    end_of_tag.and_then(|at| line.get(at + 3..)).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_line_stands_behind_its_process_id() {
        let line = b"Jan  2 03:04:05 mail postfix/smtpd[12]: connect from x[::1]: y";
        assert_eq!(text_of(line), b"connect from x[::1]: y");
        assert_eq!(text_of(b"no prefix"), b"no prefix");
    }
}
