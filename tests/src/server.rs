// SPDX-License-Identifier: MIT OR Apache-2.0
//! Servers of databases from Debian, one of each kind for all tests of a process.
//!
//! They run without power in a private directory, on a local socket and a loopback port, and end
//! with the process that started them: a shell holds them, and its standard input.
//!
//! *Errors*: a server that is not installed is a failure that names its package.

use crate::instance::free_port;
use crate::watch;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// A running server.
#[derive(Debug)]
pub struct Server {
    directory: TempDir,
    /// Its port on 127.0.0.1.
    pub port: u16,
    holder: Option<Child>,
}

/// Runs a command line, holds it as long as standard input is open, and then ends it.
const HOLD: &str = "\"$@\" <&- & server=$!; read -r line; kill -KILL $server";

impl Server {
    fn new(port: u16) -> Server {
        let directory = tempfile::Builder::new()
            .prefix("posthorn-db-")
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir()
            .expect("directory");
        if is_root() {
            let nobody = nix::unistd::User::from_name("nobody").ok().flatten();
            let uid = nobody.expect("nobody").uid;
            nix::unistd::chown(directory.path(), Some(uid), None).expect("chown");
        }
        Server {
            directory,
            port,
            holder: None,
        }
    }

    /// A path in the server's directory.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Runs a program of the server to its end.
    fn run(&self, program: &Path, arguments: &[&str], input: &str) -> String {
        let mut child = without_power(program)
            .args(arguments)
            .current_dir(self.directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut stdin = child.stdin.take().expect("stdin");
        stdin.write_all(input.as_bytes()).ok();
        drop(stdin);
        let output = child.wait_with_output().expect("output");
        assert!(
            output.status.success(),
            "{}: {}{}",
            program.display(),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Starts the server, and waits until its local socket takes connections.
    fn hold(&mut self, program: &Path, arguments: &[&str], socket: &str) {
        let log = fs::File::create(self.directory.path().join("log")).expect("log");
        let mut shell = without_power(Path::new("/bin/sh"));
        let shell = shell
            .args(["-c", HOLD, "hold"])
            .arg(program)
            .args(arguments)
            .current_dir(self.directory.path())
            .stdin(Stdio::piped())
            .stdout(log.try_clone().expect("log"))
            .stderr(log);
        self.holder = Some(shell.spawn().expect("sh"));
        let socket = self.path(socket);
        watch::until(
            socket.parent().expect("directory"),
            "a server of databases",
            || UnixStream::connect(&socket).ok(),
            || fs::read_to_string(self.path("log")).unwrap_or_default(),
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut holder) = self.holder.take() {
            drop(holder.stdin.take());
            holder.wait().ok();
        }
    }
}

fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// A command that runs as nobody, if we are root.
fn without_power(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", "nobody", "--regid", "nogroup", "--clear-groups"])
        .arg(program);
    command
}

/// A program of a package; they are not all in `$PATH`.
fn program(package: &str, candidates: &[&str]) -> PathBuf {
    candidates
        .iter()
        .map(PathBuf::from)
        .find(|path| path.exists())
        .unwrap_or_else(|| {
            panic!("install Debian's package {package} (scripts/prerequisites test)")
        })
}

/// PostgreSQL, of whatever version Debian has.
#[derive(Debug)]
pub struct PostgreSql {
    server: Server,
    psql: PathBuf,
}

/// Where a server listens that nobody told us about.
const POSTGRESQL_PORT: u16 = 5432;

impl PostgreSql {
    /// The server of this process, which has the tables that `tests/suite` and others expect. As
    /// root (in a network of our own) it listens on the usual port.
    pub fn shared() -> &'static PostgreSql {
        static SHARED: OnceLock<PostgreSql> = OnceLock::new();
        SHARED.get_or_init(|| {
            let port = match crate::instance::privileged() {
                true => POSTGRESQL_PORT,
                false => free_port(),
            };
            PostgreSql::start(port)
        })
    }

    fn start(port: u16) -> PostgreSql {
        let versions = fs::read_dir("/usr/lib/postgresql");
        let versions = versions.into_iter().flatten().flatten();
        let newest = versions.map(|entry| entry.path().join("bin")).max();
        let binaries = newest.unwrap_or_default();
        let tool = |name: &str| {
            let path = binaries.join(name);
            program("postgresql", &[&path.display().to_string()])
        };
        let mut server = Server::new(port);
        let data = server.path("data").display().to_string();
        server.run(
            &tool("initdb"),
            &[
                "-D",
                &data,
                "-U",
                "admin",
                "-A",
                "trust",
                "--auth-host=md5",
                "-E",
                "UTF8",
                "-N",
            ],
            "",
        );
        let directory = server.directory.path().display().to_string();
        let number = port.to_string();
        server.hold(
            &tool("postgres"),
            &[
                "-D",
                &data,
                "-k",
                &directory,
                "-p",
                &number,
                "-h",
                "127.0.0.1",
                "-F",
                "-c",
                "max_connections=200",
            ],
            &format!(".s.PGSQL.{port}"),
        );
        let psql = tool("psql");
        PostgreSql { server, psql }
    }

    /// The directory of its local socket.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.server.directory.path()
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port
    }

    /// Runs SQL as the administrator.
    pub fn execute(&self, database: &str, sql: &str) -> String {
        let directory = self.directory().display().to_string();
        let port = self.port().to_string();
        let arguments = [
            "-h",
            &directory,
            "-p",
            &port,
            "-U",
            "admin",
            "-d",
            database,
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            "-",
        ];
        self.server.run(&self.psql, &arguments, sql)
    }
}
