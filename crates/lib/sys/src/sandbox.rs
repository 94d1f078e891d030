// SPDX-License-Identifier: MIT OR Apache-2.0
//! Giving up what a program will never need, by the kernel's own means: seccomp filters for
//! system calls, Landlock for files.
//!
//! *Invariants:* nothing given up here comes back, and children inherit it. A kernel without the
//! means is no error: the functions tell whether they had an effect.
//!
//! *Bugs:* the filter is made for x86-64 and 64-bit ARM; elsewhere calls are not restricted.
//!
//! *Postfix:* has chroot(2) and setuid(2) only, which come first here too.

#![expect(
    unsafe_code,
    reason = "filters and rulesets are handed to the kernel as C structures"
)]

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use libc::{c_long, sock_filter};
use nix::errno::Errno;

/// What a program still has to be able to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// It starts other programs.
    pub programs: bool,
    /// It opens internet sockets.
    pub internet: bool,
}

/// Calls with which only an intruder would begin: into other processes, the kernel, mounts, and
/// namespaces.
const NEVER: &[c_long] = &[
    libc::SYS_acct,
    libc::SYS_add_key,
    libc::SYS_bpf,
    libc::SYS_delete_module,
    libc::SYS_finit_module,
    libc::SYS_init_module,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_mount,
    libc::SYS_move_mount,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_perf_event_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pivot_root,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_reboot,
    libc::SYS_request_key,
    libc::SYS_setns,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_umount2,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
];

/// Calls that start another program.
const START: &[c_long] = &[libc::SYS_execve, libc::SYS_execveat];

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: Option<u32> = Some(0xc000_003e);
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: Option<u32> = Some(0xc000_00b7);
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const ARCHITECTURE: Option<u32> = None;

/// Where the kernel's `struct seccomp_data` has the call's number, its machine, and (on these
/// little-endian machines) the lower half of its first argument.
const NUMBER: u32 = 0;
const MACHINE: u32 = 4;
const FIRST_ARGUMENT: u32 = 16;

/// On x86-64, numbers from here on are those of another calling convention.
const FOREIGN: u32 = 0x4000_0000;

/// Lets this thread, and all that it starts, make only the calls that such a program needs;
/// others fail with `EPERM`. No program gains rights by its set-id bits any more.
///
/// # Errors
/// Those of the system, such as a kernel without filters.
pub fn restrict_calls(needs: Needs) -> io::Result<bool> {
    nix::sys::prctl::set_no_new_privs()?;
    let Some(architecture) = ARCHITECTURE else {
        return Ok(false);
    };
    let mut filter = filter(architecture, needs);
    let program = libc::sock_fprog {
        len: u16::try_from(filter.len()).map_err(|_| io::ErrorKind::InvalidInput)?,
        filter: filter.as_mut_ptr(),
    };
    // SAFETY: `program` describes `filter`, which outlives the call; the kernel copies and checks
    // it.
    let result = unsafe {
        libc::prctl(
            libc::PR_SET_SECCOMP,
            libc::SECCOMP_MODE_FILTER,
            &raw const program,
        )
    };
    Errno::result(result)?;
    Ok(true)
}

/// The filter as a program of the kernel's packet filter machine.
fn filter(architecture: u32, needs: Needs) -> Vec<sock_filter> {
    let refuse = |errno: i32| libc::SECCOMP_RET_ERRNO | errno.cast_unsigned();
    let mut out = Vec::new();
    let mut add = |code: u32, unequal: u8, value: u32| {
        out.push(sock_filter {
            code: u16::try_from(code).unwrap_or(u16::MAX),
            jt: 0,
            jf: unequal,
            k: value,
        });
    };
    let load = libc::BPF_LD | libc::BPF_W | libc::BPF_ABS;
    let equal = libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K;
    let at_least = libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K;
    let answer = libc::BPF_RET | libc::BPF_K;
    // Another machine's numbers mean other calls: refuse what cannot be judged.
    add(load, 0, MACHINE);
    add(equal, 0, architecture);
    // The jump above has both ways to the next line; it is patched below.
    add(load, 0, NUMBER);
    add(at_least, 1, FOREIGN);
    add(answer, 0, refuse(libc::ENOSYS));
    let start: &[c_long] = if needs.programs { &[] } else { START };
    for call in NEVER.iter().chain(start) {
        add(equal, 1, u32::try_from(*call).unwrap_or(u32::MAX));
        add(answer, 0, refuse(libc::EPERM));
    }
    if !needs.internet {
        add(
            equal,
            4,
            u32::try_from(libc::SYS_socket).unwrap_or(u32::MAX),
        );
        add(load, 0, FIRST_ARGUMENT);
        add(equal, 1, libc::AF_UNIX.cast_unsigned());
        add(answer, 0, libc::SECCOMP_RET_ALLOW);
        add(answer, 0, refuse(libc::EAFNOSUPPORT));
    }
    add(answer, 0, libc::SECCOMP_RET_ALLOW);
    // An unknown machine goes to the refusal of foreign numbers: two lines further.
    if let Some(machine) = out.get_mut(1) {
        machine.jf = 2;
    }
    out
}

mod landlock {
    //! Numbers of the kernel's interface, `linux/landlock.h`.
    pub(super) const EXECUTE: u64 = 1;
    pub(super) const WRITE_FILE: u64 = 1 << 1;
    /// Removing and making entries of all kinds.
    pub(super) const CHANGE_DIRECTORY: u64 = 0b1_1111_1111 << 4;
    pub(super) const REFER: u64 = 1 << 13;
    pub(super) const TRUNCATE: u64 = 1 << 14;
    pub(super) const CREATE_RULESET_VERSION: u32 = 1;
    pub(super) const RULE_PATH_BENEATH: u32 = 1;

    #[repr(C)]
    pub(super) struct Ruleset {
        pub(super) handled_access_fs: u64,
    }

    #[repr(C, packed)]
    pub(super) struct PathBeneath {
        pub(super) allowed_access: u64,
        pub(super) parent_fd: i32,
    }
}

/// Lets this thread, and all that it starts, change files only below these directories (those
/// that exist), and start programs from nowhere. Reading, and descriptors that are open, are not
/// touched. `false`: this kernel cannot do it.
///
/// # Errors
/// Those of the system.
pub fn write_only_beneath(directories: &[&Path]) -> io::Result<bool> {
    // SAFETY: a null attribute with this flag asks for the version; nothing is dereferenced.
    let version = unsafe {
        libc::syscall(
            libc::SYS_landlock_create_ruleset,
            std::ptr::null::<landlock::Ruleset>(),
            0usize,
            landlock::CREATE_RULESET_VERSION,
        )
    };
    // The first version forbids all moves between directories.
    if version < 2 {
        return Ok(false);
    }
    let truncate = if version >= 3 { landlock::TRUNCATE } else { 0 };
    let writes = landlock::WRITE_FILE | landlock::CHANGE_DIRECTORY | landlock::REFER | truncate;
    let attributes = landlock::Ruleset {
        handled_access_fs: writes | landlock::EXECUTE,
    };
    // SAFETY: the address and size are those of `attributes`, which outlives the call.
    let raw = unsafe {
        libc::syscall(
            libc::SYS_landlock_create_ruleset,
            &raw const attributes,
            size_of::<landlock::Ruleset>(),
            0u32,
        )
    };
    let raw = i32::try_from(Errno::result(raw)?).map_err(|_| io::ErrorKind::InvalidData)?;
    // SAFETY: the call above succeeded, so `raw` is a new descriptor that nobody else owns.
    let ruleset = unsafe { OwnedFd::from_raw_fd(raw) };
    for directory in directories {
        if let Ok(place) = place(directory) {
            allow(&ruleset, &place, writes)?;
        }
    }
    if let Ok(null) = place(Path::new("/dev/null")) {
        allow(&ruleset, &null, landlock::WRITE_FILE | truncate)?;
    }
    nix::sys::prctl::set_no_new_privs()?;
    // SAFETY: takes a descriptor number and flags, no addresses.
    let result =
        unsafe { libc::syscall(libc::SYS_landlock_restrict_self, ruleset.as_raw_fd(), 0u32) };
    Errno::result(result)?;
    Ok(true)
}

/// A descriptor that names a file or directory without opening it.
fn place(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_PATH)
        .open(path)
}

fn allow(ruleset: &OwnedFd, place: &File, access: u64) -> io::Result<()> {
    let rule = landlock::PathBeneath {
        allowed_access: access,
        parent_fd: place.as_fd().as_raw_fd(),
    };
    // SAFETY: the address is that of `rule`, of the type that this rule number names, and it
    // outlives the call.
    let result = unsafe {
        libc::syscall(
            libc::SYS_landlock_add_rule,
            ruleset.as_raw_fd(),
            landlock::RULE_PATH_BENEATH,
            &raw const rule,
            0u32,
        )
    };
    Errno::result(result)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::os::unix::net::UnixDatagram;
    use std::process::Stdio;

    /// Runs in a thread of its own, since what is given up stays given up.
    fn apart<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> T {
        std::thread::spawn(act).join().unwrap()
    }

    fn code(result: io::Result<impl Sized>) -> Option<i32> {
        result.err().and_then(|error| error.raw_os_error())
    }

    #[test]
    fn without_internet_only_local_sockets_open() {
        let (inet, unix) = apart(|| {
            restrict_calls(Needs {
                programs: false,
                internet: false,
            })
            .unwrap();
            (
                code(TcpListener::bind("127.0.0.1:0")),
                code(UnixDatagram::unbound()),
            )
        });
        assert_eq!(inet, Some(libc::EAFNOSUPPORT));
        assert_eq!(unix, None);
    }

    #[test]
    fn with_internet_sockets_open_and_namespaces_stay_closed() {
        let (inet, unshared) = apart(|| {
            restrict_calls(Needs {
                programs: true,
                internet: true,
            })
            .unwrap();
            let mut unshare = std::process::Command::new("unshare");
            let unshared = unshare
                .args(["--user", "true"])
                .stderr(Stdio::null())
                .status();
            (
                code(TcpListener::bind("127.0.0.1:0")),
                unshared.is_ok_and(|status| status.success()),
            )
        });
        assert_eq!(inet, None);
        assert!(!unshared);
    }

    #[test]
    fn a_program_that_starts_none_cannot() {
        let (never, allowed) = apart(|| {
            restrict_calls(Needs {
                programs: true,
                internet: true,
            })
            .unwrap();
            let allowed = code(std::process::Command::new("/bin/true").status());
            restrict_calls(Needs {
                programs: false,
                internet: true,
            })
            .unwrap();
            (
                code(std::process::Command::new("/bin/true").status()),
                allowed,
            )
        });
        assert_eq!(allowed, None);
        assert_eq!(never, Some(libc::EPERM));
    }

    #[test]
    fn files_change_only_where_they_may() {
        let directory = tempfile::tempdir().unwrap();
        let (inside, outside) = (
            directory.path().join("queue"),
            directory.path().join("home"),
        );
        for place in [&inside, &outside] {
            std::fs::create_dir_all(place.join("a")).unwrap();
            std::fs::create_dir(place.join("b")).unwrap();
            std::fs::write(place.join("a/file"), "text").unwrap();
        }
        apart(move || {
            if !write_only_beneath(&[&inside, Path::new("/nonexistent")]).unwrap() {
                return;
            }
            std::fs::rename(inside.join("a/file"), inside.join("b/file")).unwrap();
            std::fs::write(inside.join("b/new"), "x").unwrap();
            std::fs::remove_file(inside.join("b/file")).unwrap();
            assert_eq!(std::fs::read(outside.join("a/file")).unwrap(), b"text");
            for refused in [
                std::fs::write(outside.join("a/file"), "x"),
                std::fs::write(outside.join("a/new"), "x"),
                std::fs::remove_file(outside.join("a/file")),
                std::fs::rename(inside.join("b/new"), outside.join("b/new")),
            ] {
                assert!(matches!(code(refused), Some(libc::EACCES | libc::EXDEV)));
            }
            std::fs::write("/dev/null", "x").unwrap();
        });
    }
}
