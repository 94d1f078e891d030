// SPDX-License-Identifier: MIT OR Apache-2.0
//! Servers from Debian that check passwords.
//!
//! *Errors*: a server that is not installed is a failure that names its package.

use crate::instance::{free_port, whoami};
use crate::server::{Server, is_root, program};
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Dovecot, for logins only.
#[derive(Debug)]
pub struct Dovecot {
    server: Server,
}

/// Nothing but logins, by whoever runs it; a failure is said at once.
const DOVECOT_CONF: &str = "\
base_dir = DIR/run
state_dir = DIR/state
log_path = DIR/dovecot.log
protocols =
ssl = no
default_internal_user = USER
default_internal_group = GROUP
default_login_user = USER
auth_mechanisms = plain login cram-md5 digest-md5 anonymous
auth_failure_delay = 0
auth_anonymous_username = somebody
passdb {
  driver = passwd-file
  args = scheme=plain username_format=%u DIR/users
}
userdb {
  driver = static
  args = uid=USER gid=GROUP home=/nonexistent
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service auth {
  unix_listener DIR/auth {
    mode = 0666
  }
  inet_listener {
    address = 127.0.0.1
    port = PORT
  }
}
";

/// Users and their passwords.
pub const USERS: [(&str, &str); 2] = [("alice", "secret"), ("bob@example.test", "ge heim")];

impl Dovecot {
    /// The server of this process, which knows [`USERS`].
    pub fn shared() -> &'static Dovecot {
        static SHARED: OnceLock<Dovecot> = OnceLock::new();
        SHARED.get_or_init(Dovecot::start)
    }

    fn start() -> Dovecot {
        let mut server = Server::new(free_port());
        let (user, group) = match is_root() {
            true => ("nobody".to_owned(), "nogroup".to_owned()),
            false => whoami(),
        };
        let settings = DOVECOT_CONF
            .replace("DIR", &server.path("").display().to_string())
            .replace("PORT", &server.port.to_string())
            .replace("USER", &user)
            .replace("GROUP", &group);
        let settings_file = server.path("dovecot.conf");
        fs::write(&settings_file, settings).expect("dovecot.conf");
        let users = USERS.map(|(user, password)| format!("{user}:{password}\n"));
        fs::write(server.path("users"), users.concat()).expect("users");
        let settings_file = settings_file.display().to_string();
        let dovecot = program("dovecot-core", &["/usr/sbin/dovecot"]);
        server.hold(&dovecot, &["-F", "-c", &settings_file], "auth");
        Dovecot { server }
    }

    /// The socket where logins are checked.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.server.path("auth")
    }

    /// The port on 127.0.0.1 where they are checked too.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port
    }
}

/// saslauthd, which reads the passwords that [`add_sasldb_users`] wrote to `/etc/sasldb2`.
#[derive(Debug)]
pub struct Saslauthd {
    server: Server,
}

impl Saslauthd {
    /// The daemon of this process; it needs an `/etc` of its own.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn shared() -> &'static Saslauthd {
        static SHARED: OnceLock<Saslauthd> = OnceLock::new();
        SHARED.get_or_init(|| {
            add_sasldb_users(Path::new("/etc/sasldb2"), "mail.example.test");
            let mut server = Server::new(free_port());
            let directory = server.path("").display().to_string();
            let saslauthd = program("sasl2-bin", &["/usr/sbin/saslauthd"]);
            let arguments = ["-d", "-a", "sasldb", "-n", "1", "-m", &directory];
            server.hold(&saslauthd, &arguments, "mux");
            Saslauthd { server }
        })
    }

    /// The socket where passwords are checked.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.server.path("mux")
    }
}

/// Writes [`USERS`] to a file of passwords; those who name no domain belong to `realm`.
///
/// # Panics
/// When saslpasswd2 fails.
pub fn add_sasldb_users(file: &Path, realm: &str) {
    for (user, password) in USERS {
        let (name, realm) = user.split_once('@').unwrap_or((user, realm));
        let mut child = Command::new(program("sasl2-bin", &["/usr/sbin/saslpasswd2"]))
            .arg("-f")
            .arg(file)
            .args(["-p", "-c", "-u", realm, name])
            .stdin(Stdio::piped())
            .spawn()
            .expect("saslpasswd2");
        let mut input = child.stdin.take().expect("stdin");
        input.write_all(password.as_bytes()).expect("password");
        drop(input);
        assert!(child.wait().expect("saslpasswd2").success());
    }
    fs::set_permissions(file, fs::Permissions::from_mode(0o644)).expect("mode");
}
