//! Calendar days: expiry of allowances and attestations needs no clock times and no time zones.

use jiff::civil;

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(civil::Date);

impl Date {
    /// `2026-03-31`, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        shape.then(|| text.parse().ok().map(Self)).flatten()
    }

    /// The day that somebody means who writes `31.12.2026`, `2026/12/31` or `12/31/2026`; nothing where two days could be
    /// meant.
    pub fn meant(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.trim().split(['.', '/', '-', ' ']).collect();
        let [first, second, third] = parts.as_slice() else {
            return None;
        };
        let number = |text: &str| text.parse::<u8>().ok();
        let (year, month, day) = if first.len() == 4 {
            (*first, number(second)?, number(third)?)
        } else {
            let (one, other) = (number(first)?, number(second)?);
            match (one > 12, other > 12) {
                (false, true) => (*third, one, other),
                (false, false) if one != other && !text.contains('.') => return None,
                _ => (*third, other, one),
            }
        };
        Self::parse(&format!("{year}-{month:02}-{day:02}"))
    }

    /// Days from `earlier` to this day; negative when it lies after.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0
            .since(earlier.0)
            .map_or(0, |span| i64::from(span.get_days()))
    }

    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let span = jiff::Span::new().try_days(days).unwrap_or_default();
        Self(self.0.saturating_add(span))
    }

    /// When this day begins, in UTC.
    pub fn unix(self) -> i64 {
        self.days_since(Self::of_unix(0)) * 86_400
    }

    /// The day a Unix time falls on, in UTC.
    pub fn of_unix(seconds: i64) -> Self {
        let timestamp = jiff::Timestamp::from_second(seconds).unwrap_or_default();
        Self(timestamp.to_zoned(jiff::tz::TimeZone::UTC).date())
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Days of `90d`, `12w`, `6m` (30 days each) or `1y`.
pub fn days(span: &str) -> Option<i64> {
    let unit = span.chars().next_back()?;
    let count: i64 = span
        .strip_suffix(unit)?
        .parse()
        .ok()
        .filter(|count| (1..=10_000).contains(count))?;
    let days = match unit {
        'd' => 1,
        'w' => 7,
        'm' => 30,
        'y' => 365,
        _ => return None,
    };
    Some(count * days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_notation_of_a_day_is_understood_where_it_has_one_meaning() {
        let meant = |text| Date::meant(text).map(|date| date.to_string());
        for text in ["31.12.2026", "2026/12/31", "12/31/2026", "31-12-2026"] {
            assert_eq!(meant(text).as_deref(), Some("2026-12-31"), "{text}");
        }
        assert_eq!(meant("1.2.2026").as_deref(), Some("2026-02-01"));
        for text in ["1/2/2026", "31.13.2026", "soon", "1.2.26", "30.2.2026"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_counted_over_months_and_years() {
        let day = |text| Date::parse(text).unwrap();
        assert_eq!(day("2026-03-01").days_since(day("2025-11-01")), 120);
        assert_eq!(day("2025-11-01").plus_days(90).to_string(), "2026-01-30");
        assert_eq!(Date::of_unix(0).to_string(), "1970-01-01");
        for bad in ["2026-02-30", "2026-2-3", "26-01-01", "2026-01-01T00:00"] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn spans_of_time() {
        assert_eq!(
            (days("90d"), days("2w"), days("1y")),
            (Some(90), Some(14), Some(365))
        );
        for bad in ["", "d", "90", "0d", "-1d", "9é"] {
            assert_eq!(days(bad), None, "{bad}");
        }
    }
}
