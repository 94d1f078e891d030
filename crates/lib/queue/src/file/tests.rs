// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writer and reader together, and the reader alone against hostile bytes.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use ipc::record::{self, RecordType};

use super::*;
use crate::id::IdForm;
use crate::layout::{Layout, Queue};

fn maker(dir: &tempfile::TempDir, form: IdForm) -> Maker {
    for queue in [Queue::Incoming, Queue::Hold, Queue::Maildrop] {
        fs::create_dir(dir.path().join(queue.name())).unwrap();
    }
    Maker {
        layout: Layout::new(dir.path(), "", 1),
        form,
    }
}

fn all(bytes: &[u8]) -> Result<Vec<(u64, RecordType, Vec<u8>)>, FileError> {
    let mut reader = Reader::new(bytes);
    let mut out = Vec::new();
    while let Some(record) = reader.next_record()? {
        out.push((record.offset, record.kind, record.data.to_vec()));
    }
    Ok(out)
}

#[test]
fn committed_file_is_complete_and_named_after_its_inode() {
    let dir = tempfile::tempdir().unwrap();
    let mut maker = maker(&dir, IdForm::Short);
    for form in [IdForm::Short, IdForm::Long] {
        maker.form = form;
        let mut writer = maker.create(Queue::Incoming).unwrap();
        assert_eq!(writer.id().is_long(), form == IdForm::Long);
        writer.set_sizes(&SizeRecord::default()).unwrap();
        writer.record(RecordType::Sender, b"a@b").unwrap();
        writer.record(RecordType::End, b"").unwrap();
        let sizes = SizeRecord {
            content_length: 7,
            recipient_count: 1,
            ..Default::default()
        };
        writer.set_sizes(&sizes).unwrap();
        let mode = fs::metadata(writer.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let done = writer.commit(Stamp::Now).unwrap();
        let metadata = fs::metadata(&done.path).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o700);
        use std::os::unix::fs::MetadataExt;
        assert_eq!(done.id.inode(), Some(metadata.ino()));
        let bytes = fs::read(&done.path).unwrap();
        let records = all(&bytes).unwrap();
        assert_eq!(SizeRecord::decode(&records[0].2), Some(sizes));
        assert_eq!(records[1], (97, RecordType::Sender, b"a@b".to_vec()));
        assert_eq!(records.len(), 3);
    }
}

#[test]
fn dropped_writer_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let maker = maker(&dir, IdForm::Long);
    let mut writer = maker.create(Queue::Incoming).unwrap();
    assert!(writer.id().is_long());
    writer.record(RecordType::Sender, b"").unwrap();
    drop(writer);
    assert_eq!(
        fs::read_dir(dir.path().join("incoming")).unwrap().count(),
        0
    );
}

#[test]
fn held_file_moves_before_it_is_complete() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = maker(&dir, IdForm::Short).create(Queue::Incoming).unwrap();
    writer.move_to(Queue::Hold).unwrap();
    let done = writer.commit(Stamp::Now).unwrap();
    assert!(done.path.starts_with(dir.path().join("hold")) && done.path.exists());
}

#[test]
fn delayed_file_is_stamped_in_the_future() {
    let dir = tempfile::tempdir().unwrap();
    let writer = maker(&dir, IdForm::Short).create(Queue::Incoming).unwrap();
    let later = std::time::Duration::from_secs(1000);
    let done = writer.commit(Stamp::After(later)).unwrap();
    let stamp = fs::metadata(&done.path).unwrap().modified().unwrap();
    assert!(stamp > std::time::SystemTime::now() + later / 2);
}

#[test]
fn patch_reaches_buffered_written_and_split_places() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = maker(&dir, IdForm::Short).create(Queue::Incoming).unwrap();
    let line = vec![b'x'; 1000];
    let mut offsets = Vec::new();
    for _ in 0..150 {
        offsets.push(writer.position());
        writer.record(RecordType::RegularText, &line).unwrap();
    }
    for offset in &offsets {
        writer.patch(offset + 1003 - 10, b"0123456789").unwrap();
    }
    assert!(writer.patch(writer.position(), b"x").is_err());
    drop(writer);
    let mut writer = Maker {
        layout: Layout::new(dir.path(), "", 1),
        form: IdForm::Short,
    }
    .create(Queue::Incoming)
    .unwrap();
    writer.record(RecordType::RegularText, &line).unwrap();
    writer.patch(3, b"abc").unwrap();
    writer
        .record(RecordType::RegularText, &vec![b'y'; 100_000])
        .unwrap();
    writer.patch(6, b"def").unwrap();
    let mut reader = writer.reader().unwrap();
    let record = reader.next_record().unwrap().unwrap();
    assert!(
        record.data.starts_with(b"abcdefx"),
        "{:?}",
        &record.data[..9]
    );
}

#[test]
fn size_limit_stops_the_file_and_sticks() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = maker(&dir, IdForm::Short).create(Queue::Incoming).unwrap();
    writer.set_limit(100);
    writer.record(RecordType::RegularText, &[b'a'; 60]).unwrap();
    let full = writer.record(RecordType::RegularText, &[b'a'; 60]);
    assert!(matches!(full, Err(FileError::TooLarge)));
    assert!(matches!(
        writer.record(RecordType::End, b""),
        Err(FileError::TooLarge)
    ));
    assert!(matches!(
        writer.commit(Stamp::Now),
        Err(FileError::TooLarge)
    ));
    assert_eq!(
        fs::read_dir(dir.path().join("incoming")).unwrap().count(),
        0
    );
}

#[test]
fn pointers_are_followed_and_returned_raw() {
    let mut bytes = Vec::new();
    record::write(&mut bytes, RecordType::RegularText, b"first");
    record::write(&mut bytes, RecordType::Pointer, b"              0");
    let pointer = bytes.len();
    record::write(&mut bytes, RecordType::Pointer, b"             77");
    record::write(&mut bytes, RecordType::DeletedText, b"old");
    let back = bytes.len();
    record::write(&mut bytes, RecordType::End, b"");
    assert!(bytes.len() < 77 && pointer > 0);
    bytes.resize(77, b'?');
    record::write(&mut bytes, RecordType::RegularText, b"heap");
    record::write(
        &mut bytes,
        RecordType::Pointer,
        format!("{back:15}").as_bytes(),
    );
    let texts: Vec<Vec<u8>> = all(&bytes).unwrap().into_iter().map(|r| r.2).collect();
    assert_eq!(
        texts[..3],
        [b"first".to_vec(), b"heap".to_vec(), b"".to_vec()]
    );
    let mut reader = Reader::new(bytes.as_slice());
    let mut kinds = Vec::new();
    while let Ok(Some(record)) = reader.next_raw() {
        kinds.push(record.kind.byte());
    }
    assert_eq!(kinds, b"NppwE");
}

#[test]
fn pointer_loop_ends_with_an_error() {
    let mut bytes = Vec::new();
    record::write(&mut bytes, RecordType::RegularText, b"x");
    record::write(&mut bytes, RecordType::Pointer, b"              3");
    assert!(matches!(
        all(&bytes),
        Err(FileError::Damaged {
            what: "too many pointers",
            ..
        })
    ));
}

#[test]
fn cut_off_and_garbled_records_are_damage() {
    let mut bytes = Vec::new();
    record::write(&mut bytes, RecordType::RegularText, &[b'x'; 300]);
    for end in 1..bytes.len() {
        assert!(
            matches!(all(&bytes[..end]), Err(FileError::Damaged { .. })),
            "{end}"
        );
    }
    assert!(all(b"\0\0").is_err());
    assert!(all(b"N\xff\xff\xff\xff\x01").is_err());
    assert!(all(b"N\xff\xff\xff\x7f").is_err());
    assert!(all(b"p\x01x").is_err());
    assert!(all(b"p\x0f 99999999999999").unwrap().is_empty());
}

#[test]
fn content_is_read_line_by_line_to_its_end() {
    let mut bytes = Vec::new();
    record::write(&mut bytes, RecordType::ContinuedText, b"long ");
    record::write(&mut bytes, RecordType::RegularText, b"line");
    record::write(&mut bytes, RecordType::ExtractedInformation, b"");
    let mut reader = Reader::new(bytes.as_slice());
    assert_eq!(
        reader.next_content().unwrap(),
        Some((true, b"long ".as_slice()))
    );
    assert_eq!(
        reader.next_content().unwrap(),
        Some((false, b"line".as_slice()))
    );
    assert_eq!(reader.next_content().unwrap(), None);
    assert!(reader.next_content().is_err());
}

#[test]
fn old_size_records_with_fewer_fields_are_understood() {
    let sizes = SizeRecord::decode(b"            427             746               1").unwrap();
    assert_eq!(
        (
            sizes.content_length,
            sizes.data_offset,
            sizes.recipient_count
        ),
        (427, 746, 1)
    );
    assert_eq!((sizes.content_length_edited, sizes.send_options), (427, 0));
    for bad in [
        b"".as_slice(),
        b"427",
        b"1 2 x",
        b"-1 2 3 4 5 6",
        b"1 2 3 99999999999 5 6",
    ] {
        assert_eq!(SizeRecord::decode(bad), None, "{bad:?}");
    }
    let text = SizeRecord {
        content_length: 427,
        ..Default::default()
    }
    .encode();
    assert_eq!(text.len(), SIZE_DATA_LENGTH);
}
