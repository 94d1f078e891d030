// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whatever a peer sends, every reader gives a value or an error, and ends.

use super::{bounce, cleanup, delivery, flush, pass, postdrop, resolve, rewrite, showq};
use crate::client::{expect_protocol, read_status};
use proptest::prelude::*;
use runtime::stream::Stream;
use std::io::Write as _;

/// A reader of something that came over a stream.
type Read = fn(&mut Stream) -> bool;

/// Each tells whether it accepted what it read.
const READERS: [(&str, Read); 15] = [
    ("protocol", |stream| {
        expect_protocol(stream, "p", "peer").is_ok()
    }),
    ("status", |stream| read_status(stream, "peer").is_ok()),
    ("cleanup flags", |stream| {
        cleanup::read_flags(stream).is_ok()
    }),
    ("cleanup reply", |stream| {
        cleanup::Reply::read(stream, "peer").is_ok()
    }),
    ("rewrite request", |stream| {
        rewrite::Request::read(stream).is_ok()
    }),
    ("rewrite reply", |stream| {
        rewrite::Rewritten::read(stream, "peer").is_ok()
    }),
    ("resolve reply", |stream| {
        resolve::Resolved::read(stream, "peer").is_ok()
    }),
    ("bounce request", |stream| {
        bounce::Request::read(stream).is_ok()
    }),
    ("delivery request", |stream| {
        delivery::DeliveryRequest::read(stream).is_ok()
    }),
    ("delivery reply", |stream| {
        delivery::Reply::read(stream, "peer").is_ok()
    }),
    ("flush request", |stream| {
        flush::Request::read(stream).is_ok()
    }),
    ("pass", |stream| pass::receive(stream).is_ok()),
    ("postdrop announcement", |stream| {
        postdrop::read_announcement(stream).is_ok()
    }),
    ("postdrop reply", |stream| {
        postdrop::read_reply(stream).is_ok()
    }),
    ("queue listing", |stream| {
        let Ok(mut listing) = showq::Listing::begin(stream, "peer") else {
            return false;
        };
        loop {
            match listing.next() {
                Ok(Some(_)) => {}
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }),
];

fn read_by_all(bytes: &[u8]) {
    for (_, read) in READERS {
        let (mut server, mut client) = Stream::pair().unwrap();
        client.write_all(bytes).unwrap();
        client.flush().unwrap();
        drop(client);
        read(&mut server);
    }
}

/// Words of the protocols, so that random input gets past the first attribute.
fn word() -> impl Strategy<Value = Vec<u8>> {
    let words: &[&[u8]] = &[
        b"\0",
        b"{\0",
        b"}\0",
        b"request\0",
        b"add\0",
        b"flags\0",
        b"1\0",
        b"-1\0",
        b"nrequest\0",
        b"0\0",
        b"queue_id\0",
        b"status\0",
        b"5.1.1\0",
        b"reason\0",
        b"recipient_count\0",
        b"4294967295\0",
        b"time\0",
        b"AAAA\0",
        b"protocol\0",
        b"mail_queue_list_protocol\0",
        b"queue_name\0",
        b"site\0",
        b"address\0",
        b"rule\0",
    ];
    prop_oneof![
        (0..words.len()).prop_map(move |index| words[index].to_vec()),
        proptest::collection::vec(any::<u8>(), 0..9),
    ]
}

proptest! {
    #[test]
    fn random_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_by_all(&bytes);
    }

    #[test]
    fn random_attributes_are_refused_or_read(words in proptest::collection::vec(word(), 0..60)) {
        read_by_all(&words.concat());
    }
}

#[test]
fn a_value_without_end_is_refused_by_all() {
    for (name, read) in READERS {
        let (mut server, mut client) = Stream::pair().unwrap();
        let bytes = [&b"flags\0"[..], &[b'x'; 20_000]].concat();
        client.write_all(&bytes).unwrap();
        client.flush().unwrap();
        // The client stays: a reader that wants more would wait for ever.
        server.set_timeout(std::time::Duration::from_secs(20));
        assert!(!read(&mut server), "{name}");
    }
}
