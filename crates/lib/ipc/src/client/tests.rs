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

/// An endpoint whose servers announce `p` and have a status ready; the count of connections.
fn counting() -> (Endpoint, std::rc::Rc<std::cell::Cell<u64>>) {
    let count = std::rc::Rc::new(std::cell::Cell::new(0));
    let (counter, kept) = (count.clone(), std::cell::RefCell::new(Vec::new()));
    let endpoint = Endpoint::fake("private/x", move || {
        counter.set(counter.get() + 1);
        let (mut server, client) = Stream::pair()?;
        announce_protocol(&mut server, "p")?;
        write_status(&mut server, 0)?;
        kept.borrow_mut().push(server);
        Ok(client)
    });
    (endpoint, count)
}

fn ask(connection: &mut Reusable) -> Result<i32, ClientError> {
    connection.exchange(b"request\0x\0\0", |stream| read_status(stream, "private/x"))
}

#[test]
fn a_kept_connection_is_given_up_when_it_is_idle_or_old() {
    let (endpoint, count) = counting();
    let second = Duration::from_secs(1);
    for limits in [(second, Duration::ZERO), (Duration::ZERO, second)] {
        let mut connection =
            Reusable::new(endpoint.clone(), "p").with_limits(second, limits.0, limits.1);
        let before = count.get();
        assert_eq!(ask(&mut connection).unwrap(), 0);
        assert_eq!(ask(&mut connection).unwrap(), 0);
        assert_eq!(count.get() - before, 2);
        assert_eq!(connection.generation(), 2);
    }
}

#[test]
fn an_unreachable_service_is_reported_at_once_by_a_fake() {
    let endpoint = Endpoint::fake("private/x", || {
        Err(io::Error::from(io::ErrorKind::NotFound))
    });
    assert!(endpoint.connect(SECOND).is_err());
}
