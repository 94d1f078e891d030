// SPDX-License-Identifier: MIT OR Apache-2.0
//! Handing an accepted connection over to another service (type `pass` in `master.cf`).
//!
//! The client connects, passes the descriptor, sends one list of attributes that say who is at
//! its other end, and closes. The server serves the descriptor as if it had accepted it.
//!
//! *Postfix:* util/unix_send_fd(3), recv_pass_attr(3), pass_accept(3).

use crate::attr::{AttrError, Codec, Pair, Reader, Writer};
use crate::client::{ClientError, Endpoint};
use runtime::stream::Stream;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

/// How long each of descriptor and attributes may take.
pub const TIMEOUT: Duration = Duration::from_secs(100);

/// What is known about a connection that was handed over: names such as `client_address`,
/// `client_port`, `server_address`, `server_port`, with their values.
pub type Attributes = Vec<Pair>;

/// Client: hands a connection over.
///
/// # Errors
/// The service could not be reached, or did not take it.
pub fn send(
    endpoint: &Endpoint,
    connection: impl AsFd,
    attributes: &[(&str, &[u8])],
    timeout: Duration,
) -> Result<(), ClientError> {
    let mut stream = endpoint.connect(timeout)?;
    let failed = |error| ClientError::writing(endpoint.name(), error);
    sys::pass_fd::send(stream.as_fd(), connection).map_err(failed)?;
    let mut writer = Writer::new(Codec::Zero);
    for (name, value) in attributes {
        writer.text(name, value);
    }
    writer.end().send(&mut stream).map_err(failed)
}

/// Server: takes a connection over, with what is known about it.
///
/// # Errors
/// The client sent something else, or was too slow.
pub fn receive(stream: &mut Stream) -> Result<(OwnedFd, Attributes), AttrError> {
    let connection = sys::pass_fd::receive(stream.as_fd()).map_err(AttrError::from)?;
    let mut reader = Reader::new(stream, Codec::Zero).peer("pass client");
    let attributes = reader.map()?;
    reader.end()?;
    Ok((connection, attributes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};

    #[test]
    fn a_connection_arrives_with_its_attributes() {
        let (server, client) = Stream::pair().unwrap();
        let mut server = server;
        let (near, far) = sys::socket::pair().unwrap();
        let client = std::cell::Cell::new(Some(client));
        let endpoint = Endpoint::fake("private/smtpd", move || {
            client.take().ok_or_else(|| std::io::Error::other("used"))
        });
        let attributes = [
            ("client_address", &b"192.0.2.1"[..]),
            ("client_port", b"99"),
        ];
        send(&endpoint, &far, &attributes, TIMEOUT).unwrap();
        drop(far);
        let (connection, read) = receive(&mut server).unwrap();
        assert_eq!(read[0], (b"client_address".to_vec(), b"192.0.2.1".to_vec()));
        assert_eq!(read[1], (b"client_port".to_vec(), b"99".to_vec()));
        std::fs::File::from(near).write_all(b"x").unwrap();
        let mut byte = [0];
        std::fs::File::from(connection)
            .read_exact(&mut byte)
            .unwrap();
        assert_eq!(&byte, b"x");
    }
}
