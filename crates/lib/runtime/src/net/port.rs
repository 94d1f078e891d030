// SPDX-License-Identifier: MIT OR Apache-2.0
//! Port numbers of service names.
//!
//! The names that mail needs are known to the process, as `known_tcp_ports` says; others are
//! looked up in `/etc/services`, which a jail or a minimal system may not have.
//!
//! *Postfix:* known_tcp_ports(3), the service half of hostname_to_sockaddr(3).

use std::io::BufRead;
use std::sync::OnceLock;

/// Where the system keeps the names.
const SERVICES: &str = "/etc/services";

/// Most bytes of that file that are read.
const FILE_LIMIT: u64 = 4 << 20;

/// What the process knows until it is told, and where services(5) has no answer.
const USUAL: &str = "smtp=mail=25, smtps=ssmtp=submissions=urd=465, submission=msa=587, lmtp=24, \
                     qmqp=628";

/// What the process was told.
static KNOWN: OnceLock<Vec<(String, u16)>> = OnceLock::new();

/// Takes over a list `name=name=port, ...` as what this process knows; the first list stays.
/// Gives what is wrong with it, in the words of the original; the rest is used.
pub fn know(list: &str) -> Vec<String> {
    let (known, complaints) = parse(list);
    let _ = KNOWN.set(known);
    complaints
}

fn parse(list: &str) -> (Vec<(String, u16)>, Vec<String>) {
    let (mut known, mut complaints) = (Vec::new(), Vec::new());
    for association in list.split(',').filter(|text| !text.is_empty()) {
        let complaint = match association.rsplit_once('=') {
            None => Some("is not in \"name = value\" form"),
            Some((names, port)) => associate(names, port, &mut known).err(),
        };
        if let Some(why) = complaint {
            let colon = if association.contains('=') { ":" } else { "" };
            complaints.push(format!("in \"{association}\"{colon} {why}"));
        }
    }
    (known, complaints)
}

/// Adds all names that can be used; the error is about the first that cannot.
fn associate(names: &str, port: &str, known: &mut Vec<(String, u16)>) -> Result<(), &'static str> {
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let port = one_word(port)
        .ok_or("whitespace in port number")?
        .ok_or("missing port value after \"=\"")?;
    let mut add = |name: &str| {
        let name = one_word(name)
            .ok_or("whitespace in service name")?
            .ok_or("missing service name before \"=\"")?;
        if is_number(name) {
            return Err("numerical service name");
        }
        if !is_number(port) {
            return Err("non-numerical service port");
        }
        let port = port.parse().map_err(|_| "port number out of range")?;
        if known.iter().any(|(other, _)| other == name) {
            return Err("duplicate service name");
        }
        known.push((name.to_owned(), port));
        Ok(())
    };
    let added: Vec<_> = names.split('=').map(&mut add).collect();
    added.into_iter().collect()
}

/// The only word of a text, if it has one; none when there are more.
fn one_word(text: &str) -> Option<Option<&str>> {
    let mut words = text.split_whitespace();
    let word = words.next();
    words.next().is_none().then_some(word)
}

/// The TCP port of a service name or number.
pub fn number(service: &str) -> Option<u16> {
    if !service.is_empty() && service.bytes().all(|b| b.is_ascii_digit()) {
        return service.parse().ok();
    }
    let find = |known: &[(String, u16)]| {
        let mut known = known.iter();
        known
            .find(|(name, _)| name == service)
            .map(|(_, port)| *port)
    };
    KNOWN
        .get()
        .and_then(|known| find(known))
        .or_else(|| from_file(service, "/tcp"))
        .or_else(|| find(&parse(USUAL).0))
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
    fn associations_that_cannot_be_used_are_complained_about() {
        let (known, complaints) = parse("smtp = 25, smtps = 1234 = submissions = 465, lmtp=24");
        let known: Vec<_> = known
            .iter()
            .map(|(name, port)| (name.as_str(), *port))
            .collect();
        assert_eq!(
            known,
            [
                ("smtp", 25),
                ("smtps", 465),
                ("submissions", 465),
                ("lmtp", 24)
            ]
        );
        assert_eq!(
            complaints,
            ["in \" smtps = 1234 = submissions = 465\": numerical service name"]
        );
        for (list, why) in [
            ("25", "in \"25\" is not in \"name = value\" form"),
            ("a=", "in \"a=\": missing port value after \"=\""),
            ("a = 4 65", "in \"a = 4 65\": whitespace in port number"),
            ("=25", "in \"=25\": missing service name before \"=\""),
            ("a b=3", "in \"a b=3\": whitespace in service name"),
            ("a=b", "in \"a=b\": non-numerical service port"),
            ("a=65536", "in \"a=65536\": port number out of range"),
            ("a=1,a=2", "in \"a=2\": duplicate service name"),
        ] {
            assert_eq!(parse(list).1, [why], "{list}");
        }
        assert!(parse(USUAL).1.is_empty());
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
