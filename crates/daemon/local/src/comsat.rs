// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tells comsat(8) that a mailbox has new mail, for users who said `biff y`.
//!
//! *Errors:* logged; nobody waits for an answer.
//!
//! *Postfix:* `local/biff_notify`.

use std::net::{Ipv4Addr, UdpSocket};

use runtime::log;

/// The port of `biff` where services(5) does not know the name.
const PORT: u16 = 512;

/// The user's mailbox has a new message at this offset.
pub(crate) fn notify(user: &str, offset: u64) {
    let port = runtime::net::port::udp_number("biff").unwrap_or(PORT);
    if let Err(error) = send(user, offset, port) {
        log::warning(format_args!(
            "biff_notify: {}",
            delivery::trouble::error_text(&error)
        ));
    }
}

fn send(user: &str, offset: u64, port: u16) -> std::io::Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.set_nonblocking(true)?;
    // Nobody has to listen: the refusal comes back on a socket that is gone.
    socket.send_to(
        format!("{user}@{offset}\0").as_bytes(),
        (Ipv4Addr::LOCALHOST, port),
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_user_and_offset() {
        let server = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        send("joe", 1234, server.local_addr().unwrap().port()).unwrap();
        let mut buffer = [0; 100];
        let length = server.recv(&mut buffer).unwrap();
        assert_eq!(&buffer[..length], b"joe@1234\0");
    }
}
