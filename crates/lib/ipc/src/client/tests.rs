// SPDX-License-Identifier: MIT OR Apache-2.0
//! Connecting, and what happens when nobody is there or somebody else is.

use super::*;
use std::os::unix::net::UnixListener;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_one_shot_conversation_over_a_real_socket_below_the_queue_directory() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("private")).unwrap();
    let endpoint = Endpoint::private("x").under(directory.path());
    assert_eq!(endpoint.name(), "private/x");
    let listener = UnixListener::bind(endpoint.path()).unwrap();
    let mut request = attr::Writer::new(Codec::Zero);
    let mut stream =
        send_request(&endpoint, None, SECOND, request.text("request", "x").end()).unwrap();
    let mut server = Stream::new(listener.accept().unwrap().0.into());
    let mut reader = Reader::new(&mut server, Codec::Zero);
    assert_eq!(reader.text("request").unwrap(), b"x");
    reader.end().unwrap();
    write_status(&mut server, -1).unwrap();
    assert_eq!(read_status(&mut stream, endpoint.name()).unwrap(), -1);
}

#[test]
fn a_missing_service_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let endpoint = Endpoint::private("x").under(directory.path());
    let error = endpoint.connect(SECOND).err().unwrap().to_string();
    assert!(
        error.starts_with("connect to private/x: No such file or directory"),
        "{error}"
    );
}

#[test]
fn a_server_that_hangs_up_at_once_is_gone() {
    let endpoint = Endpoint::fake("private/x", || Ok(Stream::pair()?.1));
    let mut request = attr::Writer::new(Codec::Zero);
    let error = command(&endpoint, Some("p"), SECOND, request.end()).unwrap_err();
    assert_eq!(error.to_string(), "private/x: premature end-of-input");
}
