// SPDX-License-Identifier: MIT OR Apache-2.0
//! The real master with a fake service: what clients, children and the administrator see.
//!
//! The fake service is this very test program, which `fake_service` turns into a daemon when a
//! wrapper script in the private daemon directory starts it.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod fake;
mod instance;

use std::io::Write;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixDatagram;

use instance::{Instance, Outcome};
use sys::signal::Signal;

/// The body of the fake service, when the wrapper script asks for it.
#[test]
fn fake_service() {
    if std::env::var_os("FAKE_SERVICE").is_some() {
        fake::serve();
    }
}

#[test]
fn a_client_starts_a_child_with_its_arguments_descriptors_and_generation() {
    let instance = Instance::boot("fake unix n - n - 3 service -o x=y\n");
    let mut client = instance.connect("public/fake");
    let hello = client.hello();
    assert_eq!(hello.arguments, "-n fake -t unix -d -u -o x=y");
    assert_eq!(hello.generation, "1");
    assert_eq!(hello.descriptors, "0 1 2 3 4 5 6");
    assert_eq!(
        hello.variables,
        "GENERATION LANG MAIL_CONFIG MAIL_LOGTAG POSTLOG_HOSTNAME POSTLOG_SERVICE"
    );
}

#[test]
fn a_second_client_gets_a_second_child_only_while_the_first_is_busy() {
    let instance = Instance::boot("fake unix n - n - 3 service\n");
    let mut first = instance.connect("public/fake");
    let one = first.hello();
    let mut second = instance.connect("public/fake");
    let two = second.hello();
    assert_ne!(one.pid, two.pid);
    assert_eq!(two.generation, "2");
    first.say("free");
    first.wait_closed();
    let mut third = instance.connect("public/fake");
    assert_eq!(third.hello().pid, one.pid);
}

#[test]
fn the_process_limit_holds_and_the_next_client_waits() {
    let instance = Instance::boot("fake unix n - n - 1 service\n");
    let mut first = instance.connect("public/fake");
    let one = first.hello();
    assert_eq!(one.arguments, "-l -n fake -t unix -d -u");
    let mut second = instance.connect("public/fake");
    assert!(!second.has_input_within(200));
    first.say("free");
    assert_eq!(second.hello().pid, one.pid);
    second.say("exit 0");
    let mut third = instance.connect("public/fake");
    assert_ne!(third.hello().pid, one.pid);
}

#[test]
fn a_program_that_fails_at_once_is_throttled_and_a_reload_lets_it_try_again() {
    let mut instance = Instance::boot("fake unix n - n - 3 failing\n");
    let _client = instance.connect("public/fake");
    instance.wait_for_log("bad command startup -- throttling");
    let log = instance.log();
    assert!(log.contains("warning: process "), "{log}");
    assert!(log.contains("/failing pid "), "{log}");
    assert!(log.contains(" exit status 3"), "{log}");
    instance.rewrite_master_cf("fake unix n - n - 3 service\n");
    instance.signal(Signal::SIGHUP);
    let mut client = instance.connect("public/fake");
    // The first client still waits in the queue of the socket.
    client.say("never");
    instance.wait_for_log("reload -- version");
}

#[test]
fn a_program_that_does_not_exist_is_named_and_throttled() {
    let instance = Instance::boot("fake unix n - n - 3 absent\n");
    let _client = instance.connect("public/fake");
    instance.wait_for_log("/absent: No such file or directory");
    instance.wait_for_log("/absent: bad command startup -- throttling");
}

#[test]
fn a_child_that_fails_after_a_client_is_not_throttled() {
    let instance = Instance::boot("fake unix n - n - 1 service\n");
    let mut client = instance.connect("public/fake");
    client.hello();
    client.say("exit 1");
    instance.wait_for_log("exit status 1");
    assert!(!instance.connect("public/fake").hello().pid.is_empty());
    assert!(!instance.log().contains("throttling"));
}

#[test]
fn a_report_counts_even_when_its_sender_ended_at_once() {
    let instance = Instance::boot("fake unix n - n - 2 service crash\n");
    for _ in 0..20 {
        instance.connect("public/fake").wait_closed();
    }
    let log = instance.log();
    assert!(
        !log.contains("throttling") && !log.contains("not found"),
        "{log}"
    );
}

#[test]
fn a_reload_ends_idle_children_and_lets_busy_ones_finish() {
    let instance = Instance::boot("fake unix n - n - 2 service\n");
    let mut idle = instance.connect("public/fake");
    let gone = idle.hello().pid;
    let mut busy = instance.connect("public/fake");
    let stays = busy.hello().pid;
    idle.say("free");
    idle.wait_closed();
    instance.signal(Signal::SIGHUP);
    instance.wait_for_log("reload -- version");
    instance.wait_for_end_of(&gone);
    busy.say("echo still here");
    assert_eq!(busy.line(), "still here");
    let mut new = instance.connect("public/fake");
    let fresh = new.hello().pid;
    assert!(fresh != gone && fresh != stays);
    busy.say("free");
    busy.wait_closed();
    instance.wait_for_end_of(&stays);
}

#[test]
fn a_reload_stops_what_is_gone_starts_what_is_new_and_keeps_the_sockets() {
    let mut instance = Instance::boot("old unix n - n - 2 service\nkept unix n - n - 2 service\n");
    let mut client = instance.connect("public/old");
    let old = client.hello().pid;
    let inode = instance.inode("public/kept");
    instance.rewrite_master_cf("new unix - - n - 2 service\nkept unix n - n - 2 service -o a=b\n");
    instance.signal(Signal::SIGHUP);
    instance.wait_for_log("reload -- version");
    instance.wait_for_end_of(&old);
    assert!(instance.try_connect("public/old").is_err());
    assert_eq!(instance.inode("public/kept"), inode);
    assert!(
        instance
            .connect("private/new")
            .hello()
            .arguments
            .starts_with("-n new")
    );
    assert!(
        instance
            .connect("public/kept")
            .hello()
            .arguments
            .ends_with("-o a=b")
    );
}

#[test]
fn a_reload_with_an_error_keeps_the_old_configuration() {
    let mut instance = Instance::boot("fake unix n - n - 2 service\n");
    instance.rewrite_master_cf("fake carrier-pigeon n - n - 2 service\n");
    instance.signal(Signal::SIGHUP);
    instance.wait_for_log("the old configuration stays in force");
    assert!(instance.log().contains("master.cf"));
    assert!(!instance.connect("public/fake").hello().pid.is_empty());
}

#[test]
fn sigterm_ends_all_processes_and_says_so() {
    let mut instance = Instance::boot("fake unix n - n - 2 service\n");
    let mut client = instance.connect("public/fake");
    let child = client.hello().pid;
    instance.signal(Signal::SIGTERM);
    assert_eq!(instance.wait(), Outcome::Signaled(15));
    instance.wait_for_end_of(&child);
    assert!(instance.log().contains("terminating on signal 15"));
}

#[test]
fn children_notice_that_master_was_killed() {
    let mut instance = Instance::boot("fake unix n - n - 2 service\n");
    let mut client = instance.connect("public/fake");
    let child = client.hello().pid;
    client.say("free");
    client.wait_closed();
    instance.signal(Signal::SIGKILL);
    assert_eq!(instance.wait(), Outcome::Signaled(9));
    instance.wait_for_end_of(&child);
}

#[test]
fn one_master_at_a_time() {
    let mut instance = Instance::boot("fake unix n - n - 2 service\n");
    assert_eq!(instance.run(&["-t"]).0, 1);
    let (status, text) = instance.run(&["-d"]);
    assert_eq!(status, 1);
    assert!(
        text.contains(
            "fatal: open lock file pid/master.pid: unable to set exclusive lock: Resource \
         temporarily unavailable"
        ),
        "{text}"
    );
    let pid_file = std::fs::read_to_string(instance.path("queue/pid/master.pid")).unwrap();
    assert_eq!(pid_file, format!("{:>32}\n", instance.pid()));
    instance.signal(Signal::SIGTERM);
    instance.wait();
    assert_eq!(instance.run(&["-t"]).0, 0);
}

#[test]
fn waiting_for_initialization_tells_success_from_failure() {
    let instance = Instance::build("fake unix n - n - 2 service\n");
    assert_eq!(instance.run(&["-w"]).0, 0);
    let pid = std::fs::read_to_string(instance.path("queue/pid/master.pid")).unwrap();
    let pid: u32 = pid.trim().parse().unwrap();
    let mut client = instance.connect("public/fake");
    let hello = client.hello();
    assert_eq!(hello.arguments, "-n fake -t unix -u");
    // A second one cannot start.
    let (status, text) = instance.run(&["-w"]);
    assert_eq!(status, 1);
    assert!(
        text.contains("daemon initialization failure -- see logs for details"),
        "{text}"
    );
    sys::spawn::kill(pid, Signal::SIGTERM).unwrap();
    instance.wait_for_end_of(&hello.pid);
    instance.wait_for_end_of(&pid.to_string());
}

#[test]
fn services_are_woken_at_once_and_conditionally_after_the_first_use() {
    let instance =
        Instance::boot("now unix n - n 1000 1 service\nlater unix n - n 1000? 1 service\n");
    instance.wait_for_file("woken.now", "W");
    assert!(!instance.path("woken.later").exists());
    let mut client = instance.connect("public/later");
    client.hello();
    client.say("free");
    instance.wait_for_file("woken.later", "W");
}

#[test]
fn fifos_and_datagram_sockets_are_services_too() {
    let instance =
        Instance::boot("pipe fifo n - n - 1 service\ndgram unix-dgram n - n - 1 service\n");
    let fifo = instance.path("queue/public/pipe");
    let metadata = std::fs::metadata(&fifo).unwrap();
    assert!(metadata.file_type().is_fifo());
    assert_eq!(metadata.permissions().mode() & 0o777, 0o622);
    std::fs::OpenOptions::new()
        .write(true)
        .open(fifo)
        .unwrap()
        .write_all(b"hello")
        .unwrap();
    instance.wait_for_file("woken.pipe", "hello");
    let socket = UnixDatagram::unbound().unwrap();
    socket
        .send_to(b"packet", instance.path("queue/public/dgram"))
        .unwrap();
    instance.wait_for_file("woken.dgram", "packet");
}

#[test]
fn a_full_public_service_is_announced_and_its_children_are_told_to_hurry() {
    let instance = Instance::boot_public("2 service\n");
    let mut first = instance.connect_port();
    assert!(first.hello().arguments.ends_with("-o stress="), "not yet");
    let mut second = instance.connect_port();
    let two = second.hello().pid;
    instance.wait_for_log("has reached its process limit \"2\": new clients may experience");
    second.say("free");
    second.wait_closed();
    instance.wait_for_end_of(&two);
    let mut third = instance.connect_port();
    assert!(third.hello().arguments.contains("-o stress=yes"));
}

#[test]
fn mistakes_on_the_command_line_and_in_files_are_one_clear_line() {
    let instance = Instance::build("fake unix n - n - 2 service\n");
    let (status, text) = instance.run(&["-x"]);
    assert_eq!(status, 1);
    assert!(text.starts_with("master: fatal: usage: master "), "{text}");
    std::fs::write(
        instance.path("config/main.cf"),
        "queue_directory = /nowhere/at/all\n",
    )
    .unwrap();
    let (status, text) = instance.run(&["-d"]);
    assert_eq!((status, text.lines().count()), (1, 1), "{text}");
    std::fs::remove_file(instance.path("config/main.cf")).unwrap();
    let (status, text) = instance.run(&["-d"]);
    assert_eq!(status, 1);
    assert!(
        text.contains("config/main.cf: No such file or directory"),
        "{text}"
    );
}
