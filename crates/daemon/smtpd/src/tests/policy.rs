// SPDX-License-Identifier: MIT OR Apache-2.0
//! Policy servers.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Mutex};
use std::thread;

use super::harness::Server;

/// A policy server at a socket of its own.
struct Policy {
    directory: tempfile::TempDir,
    /// What it was asked, one request each.
    requests: Arc<Mutex<Vec<String>>>,
    /// How many connections it had.
    connections: Arc<Mutex<usize>>,
}

impl Policy {
    /// A server that answers each request with the next text; after an empty one it hangs up.
    fn new(answers: &[&str]) -> Policy {
        let directory = tempfile::tempdir().expect("directory");
        let listener = UnixListener::bind(directory.path().join("policy")).expect("socket");
        let (requests, connections) = (Arc::default(), Arc::default());
        let policy = Policy {
            directory,
            requests: Arc::clone(&requests),
            connections: Arc::clone(&connections),
        };
        let answers: Vec<String> = answers.iter().rev().map(ToString::to_string).collect();
        let answers = Arc::new(Mutex::new(answers));
        thread::spawn(move || {
            for stream in listener.incoming() {
                *connections.lock().expect("lock") += 1;
                let (answers, requests) = (Arc::clone(&answers), Arc::clone(&requests));
                let stream = stream.expect("connection");
                thread::spawn(move || answer(&stream, &answers, &requests));
            }
        });
        policy
    }

    /// How smtpd finds it.
    fn name(&self) -> String {
        format!("unix:{}/policy", self.directory.path().display())
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("lock").clone()
    }
}

fn answer(mut stream: &UnixStream, answers: &Mutex<Vec<String>>, requests: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream).lines();
    loop {
        let request: Vec<String> = lines
            .by_ref()
            .map_while(Result::ok)
            .take_while(|line| !line.is_empty())
            .collect();
        if request.is_empty() {
            return;
        }
        requests.lock().expect("lock").push(request.join("\n"));
        let next = answers.lock().expect("lock").pop();
        match next.as_deref() {
            None | Some("") => return,
            Some(answer) => stream.write_all(answer.as_bytes()).expect("answer"),
        }
    }
}

/// The value of an attribute in a request.
fn value<'r>(request: &'r str, name: &str) -> &'r str {
    let mut pairs = request.lines().filter_map(|line| line.split_once('='));
    pairs
        .find(|(known, _)| *known == name)
        .expect("the attribute")
        .1
}

const CLIENT: &str = "S: 220 *\n\
    C: XCLIENT NAME=client.example ADDR=192.0.2.1 PORT=4711\nS: 220 *\n\
    C: HELO x\nS: 250 *\nC: MAIL FROM:<a@b.com>\nS: 250 *\n";

#[test]
fn a_policy_server_hears_everything_in_order() {
    let policy = Policy::new(&["action=DUNNO\n\n"; 3]);
    let server = policy.name();
    Server::new()
        .main(&format!(
            "smtpd_recipient_restrictions = check_policy_service {{ {server}, policy_context=in }}\n\
             smtpd_data_restrictions = check_policy_service {server}\n\
             smtpd_end_of_data_restrictions = check_policy_service {server}"
        ))
        .play(&format!(
            "{CLIENT}C: RCPT TO:<x@example.test>\nS: 250 *\nC: DATA\nS: 354 *\nC: hello\nC: .\n\
             S: 250 *"
        ))
        .check();
    let requests = policy.requests();
    let [rcpt, data, end] = requests.as_slice() else {
        panic!("three requests, not {requests:#?}");
    };
    let names: Vec<&str> = rcpt
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0))
        .collect();
    assert_eq!(
        names.join(" "),
        "request protocol_state protocol_name client_address client_name client_port \
         reverse_client_name server_address server_port helo_name sender recipient \
         recipient_count queue_id instance size etrn_domain stress sasl_method sasl_username \
         sasl_sender ccert_subject ccert_issuer ccert_fingerprint ccert_pubkey_fingerprint \
         encryption_protocol encryption_cipher encryption_keysize tls_sni policy_context \
         compatibility_level mail_version"
    );
    assert_eq!(value(rcpt, "protocol_state"), "RCPT");
    assert_eq!(value(rcpt, "client_port"), "4711");
    assert_eq!(value(rcpt, "recipient_count"), "0");
    assert_eq!(value(rcpt, "policy_context"), "in");
    assert_eq!(value(data, "recipient_count"), "1");
    assert_eq!(value(data, "recipient"), "x@example.test");
    assert_eq!(value(data, "queue_id"), "QID1");
    assert_eq!(value(end, "protocol_state"), "END-OF-MESSAGE");
    assert_ne!(value(end, "size"), "0");
    assert_eq!(value(end, "instance"), value(rcpt, "instance"));
}

#[test]
fn a_policy_server_decides_by_the_actions_of_access_tables() {
    let policy = Policy::new(&[
        "action=REJECT 5.1.8 no\n\n",
        "action=450 come back\n\n",
        "extra=1\naction=OK\n\n",
        "action=\n\n",
    ]);
    let restrictions = format!(
        "smtpd_recipient_restrictions = check_policy_service {}, reject",
        policy.name()
    );
    let played = Server::new()
        .main(&restrictions)
        .play(&format!(
            "{CLIENT}C: RCPT TO:<x@example.test>\n\
             S: 554 5.1.2 <x@example.test>: Recipient address rejected: no\n\
             C: RCPT TO:<x@example.test>\n\
             S: 450 4.7.1 <x@example.test>: Recipient address rejected: come back\n\
             C: RCPT TO:<x@example.test>\nS: 250 *\n\
             C: RCPT TO:<x@example.test>\nS: 250 *"
        ))
        .check();
    played.logged("mapping DSN status 5.1.8 into Recipient address status 5.1.2");
    assert_eq!(*policy.connections.lock().expect("lock"), 1);
}

#[test]
fn a_policy_server_that_hangs_up_is_asked_again() {
    let policy = Policy::new(&["action=DUNNO\n\n", "", "action=REJECT again\n\n"]);
    let restrictions = format!(
        "smtpd_recipient_restrictions = check_policy_service {}\n\
         smtpd_policy_service_retry_delay = 1",
        policy.name()
    );
    Server::new()
        .main(&restrictions)
        .play(&format!(
            "{CLIENT}C: RCPT TO:<x@example.test>\nS: 250 *\n\
             C: RCPT TO:<y@example.test>\n\
             S: 554 5.7.1 <y@example.test>: Recipient address rejected: again"
        ))
        .check();
    assert_eq!(*policy.connections.lock().expect("lock"), 2);
}

#[test]
fn a_connection_carries_no_more_requests_than_its_limit() {
    let policy = Policy::new(&["action=DUNNO\n\n"; 3]);
    let restrictions = format!(
        "smtpd_recipient_restrictions = check_policy_service {{ {}, request_limit=2 }}",
        policy.name()
    );
    let recipients = "C: RCPT TO:<x@example.test>\nS: 250 *\n".repeat(3);
    Server::new()
        .main(&restrictions)
        .play(&format!("{CLIENT}{recipients}"))
        .check();
    assert_eq!(*policy.connections.lock().expect("lock"), 2);
}

#[test]
fn without_an_answer_there_is_the_default_action() {
    let nobody = "smtpd_recipient_restrictions =
            check_policy_service { unix:/nowhere/policy, try_limit=1 }
            check_policy_service { unix:/nowhere/policy, try_limit=1, default_action=DUNNO }
            check_policy_service { unix:/nowhere/policy, try_limit=1, default_action=again }
        \nsmtpd_policy_service_default_action = WARN nobody there\n\
        smtpd_restriction_classes = again\n\
        again = check_policy_service { unix:/nowhere/policy, try_limit=1, default_action=OK }";
    let played = Server::new()
        .main(nobody)
        .play(&format!(
            "{CLIENT}C: RCPT TO:<x@example.test>\n\
             S: 451 4.3.5 <x@example.test>: Recipient address rejected: Server configuration problem"
        ))
        .check();
    played.logged("warning: connect to /nowhere/policy: No such file or directory");
    played.logged("warning: problem talking to server /nowhere/policy: No such file or directory");
    played.logged("NOQUEUE: warn: RCPT from client.example[192.0.2.1]: nobody there;");
}

#[test]
fn an_answer_that_makes_no_sense_is_none() {
    for answer in ["nonsense\n\n", "\n", "color=red\n\n"] {
        let policy = Policy::new(&[answer]);
        let restrictions = format!(
            "smtpd_recipient_restrictions = check_policy_service {{ {}, try_limit=1 }}",
            policy.name()
        );
        Server::new()
            .main(&restrictions)
            .play(&format!(
                "{CLIENT}C: RCPT TO:<x@example.test>\nS: 451 4.3.5 *"
            ))
            .check();
    }
}
