// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lines that make no sense, in sources of tables: each is named by file, line and cause; then
//! the rest of the file serves, or the command says that it cannot.

use kit::Setup;

/// One source: what builds or asks it, what is in it, what must be said, and what it then answers
/// (`None`: the command fails).
struct Source {
    command: &'static str,
    arguments: &'static [&'static str],
    text: &'static str,
    said: &'static [&'static str],
    answer: Option<&'static str>,
}

/// `FILE` stands for the file.
const SOURCES: &[Source] = &[
    Source {
        command: "postmap",
        arguments: &["hash:FILE"],
        text: "good x\n: z\n",
        said: &["FILE, line 2: record is in \"key: value\" format; is this an alias file?"],
        answer: Some(""),
    },
    Source {
        command: "postmap",
        arguments: &["-q", "good", "texthash:FILE"],
        text: "good x\n: z\n",
        said: &["FILE, line 2: record is in \"key: value\" format; is this an alias file?"],
        answer: Some("x\n"),
    },
    Source {
        command: "postalias",
        arguments: &["hash:FILE"],
        text: "a: b\nno colon\n: x\n",
        said: &[
            "FILE, line 2: need name:value pair",
            "FILE, line 3: need name:value pair",
        ],
        answer: Some(""),
    },
    Source {
        command: "postmap",
        arguments: &["-q", "ok", "regexp:FILE"],
        text: "/ok/ fine\n/open\n/(/ bad\nif /x/\n",
        said: &[
            "regexp map FILE, line 2: no closing regexp delimiter \"/\": skipping this rule",
            "regexp map FILE, line 3: Unmatched (",
            "regexp map FILE, line 4: IF has no matching ENDIF",
        ],
        answer: Some("fine\n"),
    },
    Source {
        command: "postmap",
        arguments: &["-q", "ok", "pcre:FILE"],
        text: "/ok/ fine\n/open\n/(/ bad\nif /x/\n",
        said: &[
            "pcre map FILE, line 2: no closing regexp delimiter \"/\": ignoring this rule",
            "pcre map FILE, line 3: error in regex at offset 1:",
            "pcre map FILE, line 4: IF has no matching ENDIF",
        ],
        answer: Some("fine\n"),
    },
    Source {
        command: "postmap",
        arguments: &["-q", "1.2.3.4", "cidr:FILE"],
        text: "10.0.0.0/33 x\n10.0.0.1/8 y\n1.2.3.4 ok\nendif\n",
        said: &[
            "cidr map FILE, line 1: bad mask length in \"10.0.0.0/33\": skipping this rule",
            "cidr map FILE, line 2: non-null host address bits in \"10.0.0.1/8\"",
            "cidr map FILE, line 4: ENDIF without IF: skipping this rule",
        ],
        answer: Some("ok\n"),
    },
    Source {
        command: "postmap",
        arguments: &["-q", "a", "pgsql:FILE"],
        text: "hosts = localhost\nbogus\n",
        said: &["FILE, line 2: missing '=' after attribute name: \"bogus\""],
        answer: None,
    },
    Source {
        command: "postmap",
        arguments: &["-q", "a", "sqlite:FILE"],
        text: "\n= x\n",
        said: &["FILE, line 2: missing attribute name: \"= x\""],
        answer: None,
    },
];

#[test]
fn bad_lines_are_named_and_the_rest_serves() {
    let instance = Setup::new().build();
    for (number, source) in SOURCES.iter().enumerate() {
        let path = instance.path(&format!("etc/malformed.{number}"));
        std::fs::write(&path, source.text).expect("source");
        let file = path.display().to_string();
        let arguments: Vec<String> = source
            .arguments
            .iter()
            .map(|argument| argument.replace("FILE", &file))
            .collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = instance.run(source.command, &arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        for line in source.said {
            let line = line.replace("FILE", &file);
            assert!(said.contains(&line), "{line} is not in\n{said}");
        }
        let answer = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            output.status.success().then_some(&*answer),
            source.answer,
            "{arguments:?}: {said}"
        );
    }
}
