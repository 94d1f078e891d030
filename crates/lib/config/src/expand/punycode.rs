// SPDX-License-Identifier: MIT OR Apache-2.0
//! The ASCII form of internationalized domain names (RFC 3492), for `${domain_to_ascii{…}}`.
//!
//! Only lower-casing is done before encoding, no normalization: the argument is what an
//! administrator typed into `main.cf`. That keeps the tables of full IDNA out of every program.

/// `domain` with every label that is not ASCII in its `xn--` form.
pub(super) fn domain_to_ascii(domain: &str) -> String {
    if domain.is_ascii() {
        return domain.to_string();
    }
    let labels = domain
        .split(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}'])
        .map(|label| {
            if label.is_ascii() {
                return label.to_string();
            }
            let label: Vec<char> = label.chars().flat_map(char::to_lowercase).collect();
            encode(&label).unwrap_or_default()
        });
    labels.collect::<Vec<_>>().join(".")
}

/// RFC 3492 section 6.3; nothing on overflow.
fn encode(label: &[char]) -> Option<String> {
    const BASE: u32 = 36;
    let mut out: String = label.iter().filter(|c| c.is_ascii()).collect();
    let basic = u32::try_from(out.len()).ok()?;
    if basic > 0 {
        out.push('-');
    }
    let length = u32::try_from(label.len()).ok()?;
    let (mut code, mut delta, mut bias, mut handled) = (128_u32, 0_u32, 72_u32, basic);
    while handled < length {
        let next = label
            .iter()
            .map(|&c| u32::from(c))
            .filter(|&c| c >= code)
            .min()?;
        delta = delta.checked_add((next - code).checked_mul(handled + 1)?)?;
        code = next;
        for &character in label {
            let character = u32::from(character);
            if character < code {
                delta = delta.checked_add(1)?;
            }
            if character != code {
                continue;
            }
            let mut left = delta;
            for k in (BASE..).step_by(36) {
                let threshold = k.saturating_sub(bias).clamp(1, 26);
                if left < threshold {
                    break;
                }
                out.push(digit(threshold + (left - threshold) % (BASE - threshold)));
                left = (left - threshold) / (BASE - threshold);
            }
            out.push(digit(left));
            bias = adapt(delta, handled + 1, handled == basic);
            delta = 0;
            handled += 1;
        }
        delta = delta.checked_add(1)?;
        code += 1;
    }
    Some(format!("xn--{out}"))
}

/// RFC 3492 section 6.1.
fn adapt(delta: u32, count: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / count;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

fn digit(value: u32) -> char {
    let letter = u8::try_from(value).unwrap_or_default();
    char::from(if letter < 26 {
        b'a' + letter
    } else {
        b'0' + (letter - 26) % 10
    })
}

#[cfg(test)]
mod tests {
    use super::domain_to_ascii;

    #[test]
    fn labels_are_encoded_one_by_one() {
        assert_eq!(domain_to_ascii("Bücher.example"), "xn--bcher-kva.example");
        assert_eq!(domain_to_ascii("例え.テスト"), "xn--r8jz45g.xn--zckzah");
        assert_eq!(domain_to_ascii("münchen。de"), "xn--mnchen-3ya.de");
        assert_eq!(
            domain_to_ascii("ПРИМЕР.испытание"),
            "xn--e1afmkfd.xn--80akhbyknj4f"
        );
        assert_eq!(domain_to_ascii("Plain.Example"), "Plain.Example");
        assert_eq!(domain_to_ascii(""), "");
    }
}
