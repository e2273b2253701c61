//! The types of plain YAML scalars as the reference reads them, and how Go writes them as text.

use super::value::{Value, Words};
use crate::syntax::Style;

/// A scalar with its type; only a plain one has another than text.
pub(super) fn typed(text: &str, style: Style) -> Value {
    if style != Style::Plain {
        return Value::Text(Words::plain(text));
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    if let Some(number) = number(text) {
        return number;
    }
    match date(text) {
        Some(date) => Value::Text(Words::plain(date)),
        None => Value::Text(Words::plain(text)),
    }
}

/// A day is a point in time to the reference, and comes out as Go prints one.
fn date(text: &str) -> Option<String> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |text: &str, most: u32| {
        let fits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        let value: u32 = text.parse().ok()?;
        (fits && (1..=most).contains(&value)).then_some(value)
    };
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    if !is_year || parts.next().is_some() {
        return None;
    }
    let (month, day) = (number(month, 12)?, number(day, 31)?);
    Some(format!("{year}-{month:02}-{day:02} 00:00:00 +0000 UTC"))
}

fn number(text: &str) -> Option<Value> {
    let first = text.bytes().next()?;
    if !first.is_ascii_digit() && !matches!(first, b'+' | b'-' | b'.') {
        return None;
    }
    match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Some(Value::Float(f64::INFINITY));
        }
        "-0" => return Some(Value::Float(-0.0)),
        "-.inf" | "-.Inf" | "-.INF" => return Some(Value::Float(f64::NEG_INFINITY)),
        ".nan" | ".NaN" | ".NAN" => return Some(Value::Float(f64::NAN)),
        _ => {}
    }
    let plain = text.replace('_', "");
    integer(&plain).map(Value::Int).or_else(|| {
        is_float(&plain)
            .then(|| plain.parse().ok().map(Value::Float))
            .flatten()
    })
}

/// Decimal, `0x`, `0o`, `0b`, and the octal of YAML 1.1 with a leading zero; as wide as 64 bits.
fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    if !digits.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match lower.get(..2) {
        Some("0x") => (16, lower.get(2..)?),
        Some("0o") => (8, lower.get(2..)?),
        Some("0b") => (2, lower.get(2..)?),
        Some(start) if start.starts_with('0') => (8, lower.get(1..)?),
        _ => (10, lower.as_str()),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let value = i128::from_str_radix(digits, radix).ok()?;
    let value = if negative { -value } else { value };
    (i128::from(i64::MIN)..=i128::from(u64::MAX))
        .contains(&value)
        .then_some(value)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa_fits = digits(whole)
        && digits(fraction)
        && (!whole.is_empty() || (!fraction.is_empty() && mantissa.starts_with('.')));
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    mantissa_fits && exponent_fits
}

/// As Go's `%v`: the shortest form that reads back, with an exponent below 1e-4 and from 1e6 on.
pub(super) fn float_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let size = value.abs();
    if size == 0.0 || (1e-4..1e6).contains(&size) {
        return format!("{value}");
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => {
            let (sign, digits) = match exponent.strip_prefix('-') {
                Some(digits) => ('-', digits),
                None => ('+', exponent),
            };
            format!("{mantissa}e{sign}{digits:0>2}")
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match typed(text, Style::Plain) {
            Value::Text(words) => format!("text {}", words.text.expose()),
            Value::Int(value) => format!("int {value}"),
            Value::Float(value) => format!("float {}", float_text(value)),
            Value::Bool(value) => format!("bool {value}"),
            _ => "null".to_owned(),
        }
    }

    #[test]
    fn plain_scalars_have_the_types_of_the_reference() {
        let cases: &[(&str, &str)] = &[
            ("1", "int 1"),
            ("-1", "int -1"),
            ("+1", "int 1"),
            ("0x1F", "int 31"),
            ("0o17", "int 15"),
            ("017", "int 15"),
            ("08", "float 8"),
            ("1_000", "int 1000"),
            ("1.50", "float 1.5"),
            ("1.0", "float 1"),
            (".5", "float 0.5"),
            ("1e3", "float 1000"),
            ("1e21", "float 1e+21"),
            ("100000.0", "float 100000"),
            ("1234567.5", "float 1.2345675e+06"),
            ("-0", "float -0"),
            ("12345678901234567890", "int 12345678901234567890"),
            ("123456789012345678901", "float 1.2345678901234568e+20"),
            ("2024-1-02", "text 2024-01-02 00:00:00 +0000 UTC"),
            ("2024-13-02", "text 2024-13-02"),
            ("2024-01-01x", "text 2024-01-01x"),
            ("0.00001", "float 1e-05"),
            ("22:22", "text 22:22"),
            ("1.2.3", "text 1.2.3"),
            ("-", "text -"),
            ("0x", "text 0x"),
            ("1-2", "text 1-2"),
            ("yes", "text yes"),
            ("true", "bool true"),
            ("~", "null"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), *expected, "{text}");
        }
        assert!(matches!(typed("1", Style::Quoted), Value::Text(_)));
    }
}
