// SPDX-License-Identifier: MIT OR Apache-2.0
//! Passing one open descriptor over a local socket.
//!
//! *Invariants:* one descriptor travels with one byte of data, as Postfix does it.
//!
//! *Postfix:* unix_send_fd(3), unix_recv_fd(3).

#![expect(unsafe_code, reason = "recvmsg gives bare numbers")]

use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};

use nix::errno::Errno;
use nix::sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags, UnixAddr, recvmsg, sendmsg};

/// Sends a copy of `fd` over the local socket.
pub fn send(socket: impl AsFd, fd: impl AsFd) -> io::Result<()> {
    let fds = [fd.as_fd().as_raw_fd()];
    let data = [IoSlice::new(&[0])];
    let control = [ControlMessage::ScmRights(&fds)];
    loop {
        let raw = socket.as_fd().as_raw_fd();
        match sendmsg::<UnixAddr>(raw, &data, &control, MsgFlags::MSG_NOSIGNAL, None) {
            Ok(_) => return Ok(()),
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Receives one descriptor.
///
/// # Errors
/// `UnexpectedEof` when the peer closed; `InvalidData` when it sent data without a descriptor.
pub fn receive(socket: impl AsFd) -> io::Result<OwnedFd> {
    let (bytes, raw) = receive_numbers(&socket)?;
    // SAFETY: these numbers were made by the kernel for this call; nobody else owns them.
    let owned = raw
        .into_iter()
        .map(|number| unsafe { OwnedFd::from_raw_fd(number) });
    // All are owned at once, so that the surplus of a peer that sent several is closed.
    let mut owned: Vec<OwnedFd> = owned.collect();
    if let Some(last) = owned.pop() {
        return Ok(last);
    }
    Err(io::Error::from(if bytes == 0 {
        io::ErrorKind::UnexpectedEof
    } else {
        io::ErrorKind::InvalidData
    }))
}

fn receive_numbers(socket: &impl AsFd) -> io::Result<(usize, Vec<RawFd>)> {
    let mut byte = [0];
    let mut data = [IoSliceMut::new(&mut byte)];
    let mut space = nix::cmsg_space!([RawFd; 4]);
    let flags = MsgFlags::MSG_CMSG_CLOEXEC;
    loop {
        let raw = socket.as_fd().as_raw_fd();
        match recvmsg::<UnixAddr>(raw, &mut data, Some(&mut space), flags) {
            Ok(message) => {
                let mut numbers = Vec::new();
                for control in message.cmsgs()? {
                    if let ControlMessageOwned::ScmRights(more) = control {
                        numbers.extend(more);
                    }
                }
                return Ok((message.bytes, numbers));
            }
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn a_passed_pipe_still_works() {
        let (left, right) = crate::socket::pair().unwrap();
        let (reader, writer) = crate::fd::pipe().unwrap();
        send(&left, &writer).unwrap();
        drop(writer);
        let got = receive(&right).unwrap();
        std::fs::File::from(got).write_all(b"hello").unwrap();
        let mut text = String::new();
        std::fs::File::from(reader)
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "hello");
    }

    #[test]
    fn data_without_a_descriptor_is_refused() {
        let (left, right) = crate::socket::pair().unwrap();
        std::os::unix::net::UnixStream::from(left)
            .write_all(b"x")
            .unwrap();
        assert_eq!(
            receive(&right).unwrap_err().kind(),
            io::ErrorKind::InvalidData
        );
        assert_eq!(
            receive(&right).unwrap_err().kind(),
            io::ErrorKind::UnexpectedEof
        );
    }
}
