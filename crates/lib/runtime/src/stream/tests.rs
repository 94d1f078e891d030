// SPDX-License-Identifier: MIT OR Apache-2.0
//! Streams over socket pairs and pipes.

use super::*;

#[test]
fn what_one_end_writes_the_other_reads() {
    let (mut one, mut two) = Stream::pair().unwrap();
    one.write_all(b"hello\nworld").unwrap();
    assert_eq!(one.unwritten(), 11);
    one.flush().unwrap();
    let mut line = Vec::new();
    assert_eq!(two.read_until(b'\n', 100, &mut line).unwrap(), Until::Found);
    assert_eq!(line, b"hello\n");
    assert_eq!(two.buffered(), b"world");
    drop(one);
    let mut rest = Vec::new();
    assert_eq!(
        two.read_until(b'\n', 100, &mut rest).unwrap(),
        Until::EndOfStream
    );
    assert_eq!(rest, b"world");
}

#[test]
fn a_long_line_stops_at_the_limit() {
    let (mut one, mut two) = Stream::pair().unwrap();
    one.write_all(&[b'x'; 50]).unwrap();
    one.write_all(b"\n").unwrap();
    one.flush().unwrap();
    let mut out = Vec::new();
    assert_eq!(
        two.read_until(b'\n', 20, &mut out).unwrap(),
        Until::LimitReached
    );
    assert_eq!(out.len(), 20);
    out.clear();
    assert_eq!(two.read_until(b'\n', 31, &mut out).unwrap(), Until::Found);
}

#[test]
fn reading_flushes_what_was_written() {
    let (mut one, mut two) = Stream::pair().unwrap();
    two.write_all(b"answer").unwrap();
    two.flush().unwrap();
    one.write_all(b"question").unwrap();
    assert_eq!(one.fill().unwrap(), b"answer");
    assert_eq!(two.fill().unwrap(), b"question");
}

#[test]
fn a_silent_peer_times_out() {
    for millis in [5, 1000] {
        let (mut one, two) = Stream::pair().unwrap();
        one.set_timeout(Duration::from_millis(millis.min(20)));
        assert_eq!(one.fill().unwrap_err().kind(), io::ErrorKind::TimedOut);
        drop(two);
    }
}

#[test]
fn a_deadline_ends_a_wait_that_the_timeout_would_allow() {
    let (mut one, _two) = Stream::pair().unwrap();
    one.set_timeout(Duration::from_secs(3600));
    one.set_deadline(Some(Instant::now() + Duration::from_millis(10)));
    assert_eq!(one.fill().unwrap_err().kind(), io::ErrorKind::TimedOut);
    assert_eq!(one.fill().unwrap_err().kind(), io::ErrorKind::TimedOut);
}

#[test]
fn a_pipe_has_time_limits_too() {
    let (reader, writer) = sys::fd::pipe().unwrap();
    let mut reader = Stream::new(reader);
    reader.set_timeout(Duration::from_millis(5));
    assert_eq!(reader.fill().unwrap_err().kind(), io::ErrorKind::TimedOut);
    let mut writer = Stream::new(writer);
    writer.set_timeout(Duration::from_millis(5));
    let error = loop {
        if let Err(error) = writer.write_all(&[0; 30_000]) {
            break error;
        }
    };
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert_eq!(reader.fill().unwrap().len(), INPUT_BUFFER);
}

#[test]
fn a_closed_peer_is_noticed_without_reading() {
    let (one, mut two) = Stream::pair().unwrap();
    assert!(!one.is_closed_by_peer());
    assert!(!one.has_input());
    two.write_all(b"x").unwrap();
    two.flush().unwrap();
    assert!(one.has_input());
    assert!(!one.is_closed_by_peer());
    drop(two);
    let mut one = one;
    one.fill().unwrap();
    one.consume(1);
    assert!(one.is_closed_by_peer());
}

#[test]
fn the_descriptor_is_given_up_only_when_nothing_is_buffered() {
    let (mut one, two) = Stream::pair().unwrap();
    one.write_all(b"x").unwrap();
    assert!(one.into_fd().is_err());
    assert!(two.into_fd().is_ok());
}

#[test]
fn a_full_input_buffer_is_an_error_not_growth() {
    let (mut one, mut two) = Stream::pair().unwrap();
    one.write_all(&vec![b'x'; INPUT_BUFFER]).unwrap();
    one.flush().unwrap();
    while two.buffered().len() < INPUT_BUFFER {
        two.fill_more().unwrap();
    }
    assert_eq!(
        two.fill_more().unwrap_err().kind(),
        io::ErrorKind::OutOfMemory
    );
}

#[test]
fn writing_to_a_gone_peer_is_an_error_not_a_signal() {
    let (mut one, two) = Stream::pair().unwrap();
    drop(two);
    one.write_all(b"x").unwrap();
    assert_eq!(one.flush().unwrap_err().kind(), io::ErrorKind::BrokenPipe);
}
