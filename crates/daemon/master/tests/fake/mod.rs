// SPDX-License-Identifier: MIT OR Apache-2.0
//! A daemon that tells its client what it was given, and does what the client says.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::fs::FileTypeExt;

use ipc::services::master::{Availability, Report, descriptor};
use runtime::events::EventSet;

/// Serves until the status socket closes or a client says otherwise.
pub(crate) fn serve() -> ! {
    let open = open_descriptors();
    let status = sys::fd::inherited(descriptor::STATUS).unwrap();
    let listener = sys::fd::inherited(descriptor::LISTEN).unwrap();
    let mut events = EventSet::new().unwrap();
    events.watch_read(&status, 'm').unwrap();
    let watch = events.watch_read(&listener, 'c').unwrap();
    loop {
        let mut happened = Vec::new();
        events.wait(None, &mut happened).unwrap();
        if happened.contains(&'m') {
            std::process::exit(0);
        }
        if is_connection_service(&listener) {
            while let Some(client) = sys::socket::accept(&listener).unwrap() {
                report(&status, Availability::Taken);
                serve_client(client, &open);
                report(&status, Availability::Available);
            }
        } else {
            read_packet(&listener);
        }
        events.rearm(watch).unwrap();
    }
}

fn serve_client(client: OwnedFd, open: &str) {
    let arguments = std::env::var("FAKE_ARGUMENTS").unwrap();
    if arguments.ends_with(" crash") {
        std::process::exit(1);
    }
    let generation = std::env::var("GENERATION").unwrap();
    let mut names: Vec<String> = std::env::vars().map(|(name, _)| name).collect();
    names.retain(|name| !name.starts_with("FAKE") && name != "PWD" && name != "_");
    names.retain(|name| name != "SHLVL" && name != "OLDPWD");
    names.sort();
    let stream = std::fs::File::from(client);
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = &stream;
    // A trigger has no reader, and sends one byte.
    let hello = format!(
        "{}|{generation}|{arguments}|{open}|{}\n",
        std::process::id(),
        names.join(" ")
    );
    let _ = writer.write_all(hello.as_bytes());
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|count| count > 0) {
        match line.trim_end().split_once(' ') {
            Some(("exit", status)) => std::process::exit(status.parse().unwrap()),
            Some(("echo", text)) => writeln!(writer, "{text}").unwrap(),
            _ if line == "free\n" => return,
            _ if line == "W" => note(line.as_bytes()),
            _ => {}
        }
        line.clear();
    }
}

fn report(status: &OwnedFd, status_word: Availability) {
    let pid = i32::try_from(std::process::id()).unwrap();
    let generation = std::env::var("GENERATION").unwrap();
    let generation = u32::from_str_radix(&generation, 8).unwrap();
    let report = Report {
        pid,
        generation,
        status: status_word,
    };
    if sys::socket::send_now(status, &report.encode()).is_err() {
        std::process::exit(0);
    }
}

fn is_connection_service(fd: &OwnedFd) -> bool {
    let file = std::fs::File::from(fd.try_clone().unwrap());
    let is_fifo = file.metadata().unwrap().file_type().is_fifo();
    let arguments = std::env::var("FAKE_ARGUMENTS").unwrap();
    !is_fifo && !arguments.contains("unix-dgram")
}

fn read_packet(fd: &OwnedFd) {
    let mut buffer = [0; 100];
    let mut file = std::fs::File::from(fd.try_clone().unwrap());
    if let Ok(count) = file.read(&mut buffer) {
        note(&buffer[..count]);
    }
}

/// Leaves a file for the test to find.
fn note(bytes: &[u8]) {
    let arguments = std::env::var("FAKE_ARGUMENTS").unwrap();
    let name = arguments
        .split_once("-n ")
        .unwrap()
        .1
        .split(' ')
        .next()
        .unwrap();
    let path = format!("{}/woken.{name}", std::env::var("FAKE_DIRECTORY").unwrap());
    std::fs::write(path, bytes).unwrap();
}

fn open_descriptors() -> String {
    let entries = std::fs::read_dir("/proc/self/fd").unwrap();
    let mut numbers: Vec<i32> = entries
        .map(|entry| {
            entry
                .unwrap()
                .file_name()
                .to_str()
                .unwrap()
                .parse()
                .unwrap()
        })
        .collect();
    numbers.sort_unstable();
    // The directory itself is the highest one.
    numbers.pop();
    let _ = std::io::stdin().as_fd().as_raw_fd();
    numbers
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}
