// SPDX-License-Identifier: MIT OR Apache-2.0
//! The floor: what a message costs when one program does nothing but what cannot be avoided. It
//! talks SMTP to the same load generator, keeps each message in a file of its own as durably as
//! a mail queue does (create, rename, write, sync), moves it from queue to queue, reads it and
//! removes it. There are no other processes, no log, no policy, no rights.
//!
//! What a mail system takes above this is what its design can change.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Starts the program's threads; they live as long as this process. Returns where they listen.
pub(crate) fn start(sessions: usize, directory: &Path) -> SocketAddr {
    for queue in ["incoming", "active"] {
        fs::create_dir_all(directory.join(queue)).expect("queue directory");
    }
    let listener = Arc::new(TcpListener::bind("127.0.0.1:0").expect("listen"));
    let address = listener.local_addr().expect("address");
    for number in 0..sessions {
        let listener = Arc::clone(&listener);
        let directory = directory.to_path_buf();
        std::thread::spawn(move || {
            while let Ok((client, _)) = listener.accept() {
                // A client that leaves early is not counted by the load generator either.
                converse(client, number, &directory).ok();
            }
        });
    }
    address
}

/// One SMTP session, as short as the protocol allows.
fn converse(client: TcpStream, number: usize, directory: &Path) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut input = BufReader::with_capacity(16 * 1024, client.try_clone()?);
    let mut output = client;
    output.write_all(b"220 floor\r\n")?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        match line.first() {
            Some(b'D') => {
                output.write_all(b"354 go\r\n")?;
                let content = content(&mut input)?;
                let kept = keep(&content, number, directory)?;
                output.write_all(b"250 kept\r\n")?;
                deliver(&kept, directory)?;
            }
            Some(b'Q') => return output.write_all(b"221 bye\r\n"),
            _ => output.write_all(b"250 ok\r\n")?,
        }
    }
}

/// The content up to the final dot.
fn content(input: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    while !content.ends_with(b"\r\n.\r\n") {
        if input.read_until(b'\n', &mut content)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(content)
}

/// Writes the file as a queue does, whose names are made of inode numbers.
fn keep(content: &[u8], number: usize, directory: &Path) -> io::Result<PathBuf> {
    let incoming = directory.join("incoming");
    let temporary = incoming.join(format!("new.{number}"));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&temporary)?;
    let name = incoming.join(format!("{:X}", file.metadata()?.ino()));
    fs::rename(temporary, &name)?;
    file.write_all(content)?;
    file.set_permissions(fs::Permissions::from_mode(0o700))?;
    file.sync_all()?;
    Ok(name)
}

/// Moves, reads and removes a message.
fn deliver(kept: &Path, directory: &Path) -> io::Result<()> {
    let active = directory
        .join("active")
        .join(kept.file_name().unwrap_or_default());
    fs::rename(kept, &active)?;
    let mut content = Vec::with_capacity(8 * 1024);
    File::open(&active)?.read_to_end(&mut content)?;
    fs::remove_file(active)
}
