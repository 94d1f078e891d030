// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every codec reads what it writes, and refuses what nobody should write.

use super::{ATTRIBUTE_LIMIT, AttrError, Codec, Reader, STRING_LIMIT, Writer};

const CODECS: [Codec; 3] = [Codec::Zero, Codec::Base64, Codec::Plain];

fn sample(codec: Codec) -> Vec<u8> {
    let mut writer = Writer::new(codec);
    writer
        .int("flags", 7)
        .int_signed("status", -1)
        .long("size", u64::MAX)
        .text("sender", "")
        .text("address", "a b=c:d@example.com")
        .data("blob", &[0, 255, 10, 61])
        .map([("one", &b"1"[..]), ("two", &b"2"[..])])
        .end();
    writer.into_bytes()
}

#[test]
fn each_codec_reads_what_it_writes() {
    for codec in CODECS {
        let bytes = [sample(codec), b"rest".to_vec()].concat();
        let mut input = bytes.as_slice();
        let mut reader = Reader::new(&mut input, codec);
        assert_eq!(reader.int("flags"), Ok(7));
        assert_eq!(reader.int_signed("status"), Ok(-1));
        assert_eq!(reader.long("size"), Ok(u64::MAX));
        assert_eq!(reader.text("sender").unwrap(), b"");
        assert_eq!(reader.text("address").unwrap(), b"a b=c:d@example.com");
        assert_eq!(reader.data("blob").unwrap(), [0, 255, 10, 61]);
        let map = reader.map().unwrap();
        assert_eq!(
            map,
            [
                (b"one".to_vec(), b"1".to_vec()),
                (b"two".to_vec(), b"2".to_vec())
            ]
        );
        reader.end().unwrap();
        assert_eq!(input, b"rest", "{codec:?} consumes exactly its list");
    }
}

#[test]
fn the_bytes_are_those_of_the_original() {
    let mut zero = Writer::new(Codec::Zero);
    zero.int_signed("status", -1).text("reason", "x y").end();
    assert_eq!(zero.as_bytes(), b"status\x004294967295\0reason\0x y\0\0");
    let mut plain = Writer::new(Codec::Plain);
    plain.text("request", "connect").end();
    assert_eq!(plain.as_bytes(), b"request=connect\n\n");
    let mut base64 = Writer::new(Codec::Base64);
    base64.text("a", "b").data("c", b"d").map([]).end();
    assert_eq!(base64.as_bytes(), b"YQ==:Yg==\nYw==:ZA==\new==\nfQ==\n\n");
}

#[test]
fn unknown_attributes_are_skipped_unless_strict() {
    for codec in CODECS {
        let bytes = sample(codec);
        let mut input = bytes.as_slice();
        let mut reader = Reader::new(&mut input, codec);
        assert_eq!(reader.long("size"), Ok(u64::MAX));
        reader.end().unwrap();
        assert!(input.is_empty());

        let mut input = bytes.as_slice();
        let error = Reader::new(&mut input, codec)
            .peer("private/x")
            .strict()
            .long("size");
        let text = "unexpected attribute flags from private/x (expecting: size)";
        assert_eq!(error, Err(AttrError::Misbehaved(text.into())));
    }
}

#[test]
fn missing_and_wrong_attributes_have_the_words_of_the_original() {
    let mut input = &b"\0"[..];
    let error = Reader::new(&mut input, Codec::Zero)
        .peer("private/x")
        .int("flags");
    let text = "missing attribute flags in input from private/x";
    assert_eq!(error, Err(AttrError::Misbehaved(text.into())));

    let mut input = &b"protocol\0wrong\0\0"[..];
    let error = Reader::new(&mut input, Codec::Zero)
        .peer("private/x")
        .expect("protocol", "right");
    let text = "unexpected protocol wrong from private/x (expected: right)";
    assert_eq!(error, Err(AttrError::Misbehaved(text.into())));

    let mut input = &b"n\x0012x\0\0"[..];
    let error = Reader::new(&mut input, Codec::Zero)
        .peer("private/x")
        .int("n");
    let text = "malformed numerical data from private/x while reading input attribute value: 12x";
    assert_eq!(error, Err(AttrError::Misbehaved(text.into())));
}

#[test]
fn numbers_out_of_range_are_refused() {
    for bad in [
        "",
        "-",
        "4294967296",
        "-2147483649",
        "99999999999999999999999",
        "1 ",
    ] {
        let bytes = [b"n\0", bad.as_bytes(), b"\0\0"].concat();
        let mut input = bytes.as_slice();
        assert!(
            Reader::new(&mut input, Codec::Zero).int("n").is_err(),
            "{bad:?}"
        );
    }
    let mut input = &b"n\0-1\0\0"[..];
    assert_eq!(Reader::new(&mut input, Codec::Zero).int("n"), Ok(u32::MAX));
}

#[test]
fn a_string_over_the_limit_is_refused_after_limited_reading() {
    for codec in CODECS {
        let mut endless = std::io::BufReader::new(std::io::repeat(b'A'));
        let error = Reader::new(&mut endless, codec).text("x").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("string length > 8192 characters"),
            "{error}"
        );
    }
    let longest = vec![b'x'; STRING_LIMIT - 1];
    let mut writer = Writer::new(Codec::Zero);
    writer.text("n", &longest).end();
    let bytes = writer.into_bytes();
    assert_eq!(
        Reader::new(&mut bytes.as_slice(), Codec::Zero)
            .text("n")
            .unwrap(),
        longest
    );
}

#[test]
fn a_list_over_the_limit_is_refused() {
    let mut writer = Writer::new(Codec::Zero);
    for _ in 0..=ATTRIBUTE_LIMIT {
        writer.int("n", 1);
    }
    let bytes = writer.end().as_bytes().to_vec();
    let error = Reader::new(&mut bytes.as_slice(), Codec::Zero)
        .end()
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("attribute count exceeds limit 1024"),
        "{error}"
    );
}

#[test]
fn every_truncation_is_an_error_and_never_a_panic() {
    for codec in CODECS {
        let bytes = sample(codec);
        for length in 0..bytes.len() {
            let mut input = &bytes[..length];
            assert!(
                Reader::new(&mut input, codec).end().is_err(),
                "{codec:?} {length}"
            );
        }
    }
}

#[test]
fn framing_bytes_in_a_value_cannot_forge_an_attribute() {
    let mut zero = Writer::new(Codec::Zero);
    zero.text("a", b"x\0status\x000").end();
    let bytes = zero.into_bytes();
    let mut input = bytes.as_slice();
    let mut reader = Reader::new(&mut input, Codec::Zero);
    assert_eq!(reader.text("a").unwrap(), b"x?status?0");
    reader.strict().end().unwrap();

    let mut plain = Writer::new(Codec::Plain);
    plain.text("a", b"x\naction=OK").end();
    assert_eq!(plain.as_bytes(), b"a=x?action=OK\n\n");
}

#[test]
fn the_end_can_be_asked_for_without_losing_an_attribute() {
    let mut input = &b"a\x001\0\0"[..];
    let mut reader = Reader::new(&mut input, Codec::Zero);
    assert_eq!(reader.at_end(), Ok(false));
    assert_eq!(reader.int("a"), Ok(1));
    assert_eq!(reader.at_end(), Ok(true));
    reader.end().unwrap();
}
