// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lines from a socket into a file of a test directory.

use super::*;
use config::MainCf;
use server::listen::Listeners;
use server::start::Life;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::path::Path;

fn main_cf(text: &str) -> Startup {
    Startup::for_test(MainCf::from_text(Path::new("/"), text).unwrap(), "postlog")
}

fn prepare(file: &Path, more: &str) -> Result<Postlogd, String> {
    let directory = file.parent().unwrap().display();
    let file = file.display();
    Postlogd::prepare(&main_cf(&format!(
        "maillog_file = {file}\nmaillog_file_prefixes = /var, {directory}\n{more}"
    )))
}

#[test]
fn lines_are_appended_and_cleaned_and_the_file_gets_its_permissions() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("log");
    std::fs::write(&file, "old\n").unwrap();
    let socket = directory.path().join("postlog");
    let listening = sys::socket::unix_datagram_bind(&socket, 0o600).unwrap();
    let mut postlogd = prepare(&file, "maillog_file_permissions = 0640\n").unwrap();

    let sender = UnixDatagram::unbound().unwrap();
    sender
        .send_to(b"Jan 01 00:00:00 host postfix/x[1]: one\n", &socket)
        .unwrap();
    sender.send_to(b"two\nforged\x1b[m\xff", &socket).unwrap();
    sender.send_to(b"", &socket).unwrap();
    sender.send_to("drei ü".as_bytes(), &socket).unwrap();

    let listeners = Listeners::over(server::Transport::UnixDatagram, vec![listening]).unwrap();
    let mut life = Life::for_test(listeners);
    life.max_idle = Some(Duration::from_millis(10));
    server::datagram::run(&mut postlogd, Jail::for_test("postlog"), &mut life);

    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(
        text,
        "old\nJan 01 00:00:00 host postfix/x[1]: one\ntwo?forged?[m?\ndrei ü\n"
    );
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

#[test]
fn a_file_outside_the_prefixes_is_refused() {
    let complaint = Postlogd::prepare(&main_cf("maillog_file = /etc/passwd\n")).err();
    let text = "maillog_file value '/etc/passwd' does not match any prefix in \
                maillog_file_prefixes";
    assert_eq!(complaint.as_deref(), Some(text));
}

#[test]
fn strange_permissions_and_arguments_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("log");
    assert!(prepare(&file, "maillog_file_permissions = 0666\n").is_err());
    let mut start = main_cf("");
    start.arguments.push("x".to_owned());
    assert!(Postlogd::prepare(&start).is_err());
}

#[test]
fn without_a_file_lines_go_to_the_log_of_the_process() {
    let mut postlogd = Postlogd::prepare(&main_cf("")).unwrap();
    let lines = std::rc::Rc::default();
    log::set_sinks(vec![Sink::Capture(std::rc::Rc::clone(&lines))]);
    let jail = Jail::for_test("postlog");
    postlogd.datagram(b"Jan 01 00:00:00 host postfix/x[1]: warning: one", &jail);
    postlogd.drained(&jail);
    assert_eq!(*lines.borrow(), ["warning: one"]);
}
