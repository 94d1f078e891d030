// SPDX-License-Identifier: MIT OR Apache-2.0
//! Port numbers of service names.
//!
//! Names are looked up in `/etc/services`; the ones that mail needs are known without it, for
//! minimal systems that do not have the file.
//!
//! *Postfix:* the service half of hostname_to_sockaddr(3).

use std::io::BufRead;

/// Where the system keeps the names.
const SERVICES: &str = "/etc/services";

/// Most bytes of that file that are read.
const FILE_LIMIT: u64 = 4 << 20;

/// Names that a mail system uses.
const KNOWN: &[(&str, u16)] = &[
    ("smtp", 25),
    ("mail", 25),
    ("smtps", 465),
    ("ssmtp", 465),
    ("submissions", 465),
    ("urd", 465),
    ("submission", 587),
    ("msa", 587),
    ("lmtp", 24),
    ("qmqp", 628),
];

/// The TCP port of a service name or number.
pub fn number(service: &str) -> Option<u16> {
    if !service.is_empty() && service.bytes().all(|b| b.is_ascii_digit()) {
        return service.parse().ok();
    }
    from_file(service, "/tcp").or_else(|| {
        KNOWN
            .iter()
            .find(|(name, _)| *name == service)
            .map(|(_, port)| *port)
    })
}

/// The UDP port of a service name, if the system knows it.
pub fn udp_number(service: &str) -> Option<u16> {
    from_file(service, "/udp")
}

fn from_file(service: &str, protocol: &str) -> Option<u16> {
    use std::io::Read;
    let file = std::fs::File::open(SERVICES).ok()?;
    let lines = std::io::BufReader::new(file.take(FILE_LIMIT)).lines();
    lines
        .map_while(Result::ok)
        .find_map(|line| in_line(&line, service, protocol))
}

/// `smtp  25/tcp  mail  # comment`
fn in_line(line: &str, service: &str, protocol: &str) -> Option<u16> {
    let mut words = line.split('#').next()?.split_whitespace();
    let name = words.next()?;
    let port = words.next()?.strip_suffix(protocol)?;
    if name == service || words.any(|alias| alias == service) {
        port.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_services_are_known_everywhere() {
        assert_eq!(number("smtp"), Some(25));
        assert_eq!(number("submission"), Some(587));
        assert_eq!(number("10025"), Some(10025));
        assert_eq!(number("70000"), None);
        assert_eq!(number("no-such-service"), None);
        assert_eq!(number(""), None);
    }

    #[test]
    fn lines_have_aliases_and_comments() {
        let line = "smtp\t25/tcp\tmail # x";
        assert_eq!(in_line(line, "mail", "/tcp"), Some(25));
        assert_eq!(in_line(line, "x", "/tcp"), None);
        assert_eq!(in_line("smtp 25/udp", "smtp", "/tcp"), None);
        assert_eq!(in_line("biff 512/udp comsat", "biff", "/udp"), Some(512));
        assert_eq!(in_line("", "smtp", "/tcp"), None);
    }
}
