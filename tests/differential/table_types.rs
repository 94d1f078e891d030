// SPDX-License-Identifier: MIT OR Apache-2.0
//! Table types with rules or tables inside: the same sources and the same keys give the same
//! answers, warnings and exit codes.

use std::fs;
use std::time::SystemTime;

use kit::{Flavor, Instance};

use crate::tables::{place, run};

/// Keys that are asked of every table with rules.
const KEYS: &str = "a\nabc\nab\nbd\nabd\ncabd\nhxz\nno\nq\nxq\nxqz\nq\\j\nfoo\nFOO\nh\nhi\nyx\ncont\n\
    a b\n1.2.3.4\n::1\n::ffff:1.2.3.4\n10.1.1.1\n10.1.1.2\n10.2.2.2\n192.168.1.1\n1.2.3.0\n\
    2001:db8::1\nname@example.com\nowner-list-outgoing@example.com\n\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n\"quo ted\"@example.com\nab\\\\cd\n";

/// Rules that either kind of regular expressions understands, with every mistake there is.
const RULES: &str = "/^a(.)c$/ one $1 two $$ ${1}x $(1)\n!/foo/i notfoo\nif /x/\n/y/ xy\nif !/z/\n\
    /q/ q\nendif\nendif extra\nendif\n/unclosed foo\n/a/Z bad flag\n/(/ open\n/[z-a]/ range\n\
    /*/ star\n/a/ $2\n/b/ $x\n/c/ ${1\n/c/ x$\n/c/ ${}\n/c/ $(1?x)\n/(c)/ a$1b$-c\n!/(d)/ $1\n/e/\n\
    ok text\n    continued\n/cont/ a\n  b c\nif\nif /k\n/l/ $0\n/l(m)/ $01\n'quote' r'\n\
    |a/b| slash\n/(n)(o)?/ [$2]\n! /space/ apart\n!!/^aaa/ twice\n/owner-(.*)-outgoing@(.*)/ \
    550 Use ${1}@${2} instead\nENDIF\nIf /^name/ extra\n/./ dot\nendif/z/\nif /b/\n/a/ unended\n";
const POSIX: &str = "/h/!/i/ second\n/j/! z\n/\\(q\\)/x basic$1\n/^q$/m lines\n/^(d)?e/ [$1]\n\
    /(ab|a)(bd)?/ longest [$1][$2]\n/[[:digit:]]+\\.([0-9]{1,3})\\./ number $1\n/\\<f/ word\n";
const PERL: &str = "/h/!/i/ second\n/^(?!owner)n(?<rest>.*)@/ named $1\n/(\\d+)\\.(\\d+)$/ $2 $1\n\
    /(a+)+$/ never\n!/(a+)+$/ never\n/^ B/ix extended\n/bd/A anchored\n/(a.*?)b/U ungreedy $1\n\
    /\\j/X obsolete\n/h$/E end\n/(?i)FOO/ inline\n/(?<n>x)(?<n>y)/ twice\n/a{2,1}/ numbers\n";
const NETWORKS: &str = "1.2.3.4/24 a\n1.2.3.0/99 b\n[::1]/64 d\nif 10.0.0.0/8\n10.1.1.1 g\n\
    if !10.2.0.0/16\n10.1.0.0/16 h\nendif\n10.0.0.0/8 i\nendif\nendif\nif 11.0.0.0/8 foo\n\
    endif foo\n!192.168.0.0/17 not\n! 192.168.0.0/16 apart\nnovalue\n1.2.3.4\n[1.2.3.4 x\n\
    [1.2.3.4]x x\n[::ffff:1.2.0.0]/112 mapped\n[2001:db8::/32] six\nif\nif !\nifx 1.2.3.4\n1.2.3.4/a x\n\
    1.2.3.4/ x\n/8 x\n! x\n[]/8 x\n[1.2.3.0/24]/24 x\nx/99 x\nIF 0.0.0.0/0\n0.0.0.0/0 rest\n";

/// The same sources on both sides, not started; `None` where the original cannot run.
fn both(sources: &[(&str, &str)]) -> Option<(Instance, Instance)> {
    let (theirs, ours) = (place(Flavor::Theirs)?, place(Flavor::Ours)?);
    for instance in [&theirs, &ours] {
        for (name, text) in sources {
            let path = instance.path("tables").join(name);
            fs::write(&path, text).expect("source");
            // The original waits for a file that was changed just now to cool down.
            let source = fs::File::options().append(true).open(path).expect("source");
            source.set_modified(SystemTime::UNIX_EPOCH).expect("time");
        }
    }
    Some((theirs, ours))
}

/// What postmap answers to these keys, one on a line.
fn answers(instance: &Instance, table: &str, keys: &str) -> String {
    let output = run(instance, "postmap", &["-q", "-", table], keys);
    format!(
        "{table}\n{}{}{:?}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        output.status.code()
    )
}

#[track_caller]
fn compare(sources: &[(&str, &str)], tables: &[&str]) {
    let Some((theirs, ours)) = both(sources) else {
        return;
    };
    for table in tables {
        assert_eq!(answers(&ours, table, KEYS), answers(&theirs, table, KEYS));
    }
}

#[test]
fn regular_expressions_mean_the_same() {
    let posix = format!("{POSIX}{RULES}");
    let perl = format!("{PERL}{RULES}");
    let sources = [
        ("posix", &*posix),
        ("perl", &*perl),
        ("second", POSIX),
        ("third", PERL),
        ("condition", "if /b/\n/a/ a\nif /c/\n/d/ d\n/h/ never\n"),
    ];
    let tables = [
        "regexp:posix",
        "regexp:second",
        "pcre:perl",
        "pcre:third",
        "regexp:condition",
        "pcre:condition",
        "regexp:none",
        "pcre:none",
        "regexp:{ {/a(.)/ b$1}, {if /1/} {/(.)$/ $1} {endif} }",
        "pcre:{ {/a/Z x} {/^(\\d+)\\.(\\d+)/ $2.$1} }",
        "regexp:{x}",
        "regexp:{ {/a/ b}, }",
        "regexp:{ {/a/ b}",
        "pcre:{}",
        "pcre:{ {/a/ b} }x",
    ];
    compare(&sources, &tables);
}

#[test]
fn networks_mean_the_same() {
    let sources = [
        ("rules", NETWORKS),
        (
            "condition",
            "if 10.0.0.0/8\n10.1.1.1 a\nif 11.0.0.0/8\n10.1.1.2 b\n",
        ),
        ("mapped", "::ffff:1.2.3.4 m\n0.0.0.0/0 all\n!::1 not\n"),
    ];
    let tables = [
        "cidr:rules",
        "cidr:condition",
        "cidr:mapped",
        "cidr:none",
        "cidr:{{1.2.3.4 x}, {::1 y}}",
        "cidr:{1.2.3.4 x}",
        "cidr:{ {1.2.3.4 x} {10.0.0.0/7 y} junk}",
        "cidr:{ {1.2.3.4 a b c} {10.1.1.1} {if 10.0.0.0/8} {10.1.1.2 z} {endif} }",
        "cidr:{",
        "cidr:{}",
        "cidr:{{1.2.3.4 x}",
        "cidr:{ {1.2.3.4 x} }y",
    ];
    compare(&sources, &tables);
}

#[test]
fn tables_in_the_configuration_itself_mean_the_same() {
    let tables = [
        "inline:{a=b, foo=x}",
        "inline:{ {a = b} { foo = x y } }",
        "inline:{ {\"a b\" = c} {= x} {\"quo ted\"@example.com = q} }",
        "inline:{a}",
        "inline:{}",
        "inline:{ }",
        "inline:{a=b}x",
        "inline:a=b",
        "inline:{a =b}",
        "inline:{ a= }",
        "inline:{ a=1, A=2 }",
        "inline:{ a==b {foo = {x}} }",
        "inline:{ \"a = b }",
        "inline:{ {} }",
        "inline:{ {a=b}c }",
        "inline:{{a b = c} {q = d}}",
        "static:{ a b }",
        "static:{ a b",
        "static:{a}b",
        "static:{}",
        "static: a",
        "static:{{a}}",
        "static:",
        "randmap:{1,1}",
        "randmap:{{a b} {a b}}",
        "randmap:{ }",
        "randmap:x",
        "randmap:{a b",
        "randmap:{a}x",
        "environ:x",
        "fail:x",
        "internal:x",
    ];
    compare(&[], &tables);
}

#[test]
fn tables_of_tables_mean_the_same() {
    let tables = [
        "pipemap:{inline:{a=b},inline:{b=c}}",
        "pipemap:{inline:{a={x y}} regexp:{ {/x (y)/ $1es} }}",
        "pipemap:{inline:{a=}, static:s}",
        "pipemap:{static:{a b}}",
        "pipemap:{static:x, fail:y}",
        "pipemap:{inline:{z=y}, fail:y}",
        "unionmap:{static:one, static:two}",
        "unionmap:{inline:{a=1}, inline:{foo=2}, inline:{a=3, q=}}",
        "unionmap:{static:a, inline:{a=}, static:b}",
        "unionmap:{cidr:{ {1.0.0.0/8 u} }, regexp:{ {/./ v} }}",
        "unionmap:{fail:x, static:a}",
        "unionmap:{static:a, fail:x}",
        "unionmap:{ { static:x }, static:a }",
        "unionmap:{static:}",
        "pipemap:{}",
        "pipemap:{foo}",
        "pipemap:{foo:bar}",
        "pipemap:x",
        "unionmap:{}",
        "unionmap:{,}",
        "unionmap:{x}",
        "unionmap:y",
        "unionmap:{unionmap:{static:a, static:b}, pipemap:{static:c, inline:{c=d}}}",
    ];
    compare(&[], &tables);
}

#[test]
fn types_that_nobody_has_are_unsupported() {
    let types = [
        "sdbm", "dbm", "nisplus", "netinfo", "ni", "mongodb", "nosuch",
    ];
    let tables: Vec<String> = types.map(|kind| format!("{kind}:x")).into();
    compare(&[], &tables.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn users_and_groups_mean_the_same() {
    let Some((theirs, ours)) = both(&[]) else {
        return;
    };
    let keys = "root\nalice\nbob\nnobody\nnobody-here\nadm\nstaff\npostdrop\n";
    for table in ["unix:passwd.byname", "unix:group.byname", "unix:other"] {
        assert_eq!(answers(&ours, table, keys), answers(&theirs, table, keys));
    }
}

#[test]
fn source_files_mean_the_same() {
    let text = "a b\nFOO  value with  spaces  \n\"quo ted\"@example.com  v\n# comment\nlong\n  \
        continued\nnovalue\ncolon: x\nabc x\nabc y\n\"unb x\nab\\\\cd z\n\tnot first\n";
    let tables = ["texthash:text", "texthash:none", "texthash:."];
    compare(&[("text", text)], &tables);
}
