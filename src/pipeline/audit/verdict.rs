//! Whether a deployment should go ahead, and where the line is.

use crate::config::FailOn;
use crate::model::Severity;
use crate::view::{Status, Tone};

/// The recommendation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Something is in the way of it.
    Blocked,
    /// After what is listed first.
    Conditional,
    Ready,
}

static BLOCKED: Status = Status {
    word: "blocked",
    label: "BLOCKED",
    tone: Tone::Bad,
    doc: "",
};
static CONDITIONAL: Status = Status {
    word: "conditional",
    label: "CONDITIONAL",
    tone: Tone::Warn,
    doc: "",
};
static READY: Status = Status {
    word: "ready",
    label: "READY",
    tone: Tone::Good,
    doc: "",
};

impl Verdict {
    pub(super) fn status(self) -> &'static Status {
        match self {
            Self::Blocked => &BLOCKED,
            Self::Conditional => &CONDITIONAL,
            Self::Ready => &READY,
        }
    }
}

/// From which severity on a finding blocks, and from which on it is a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    blocks: Option<Severity>,
    pub(super) condition: Severity,
}

impl Line {
    /// Critical blocks unless told otherwise; what is one step milder is a condition.
    pub(super) fn of(fail_on: Option<FailOn>) -> Self {
        let blocks = match fail_on {
            None => Some(Severity::Critical),
            Some(FailOn::Never) => None,
            Some(FailOn::At(severity)) => Some(severity),
        };
        let condition = match blocks {
            None | Some(Severity::Critical) => Severity::High,
            Some(Severity::High) => Severity::Medium,
            Some(Severity::Medium | Severity::Low) => Severity::Low,
        };
        Self { blocks, condition }
    }

    pub(super) fn blocks(self, severity: Severity) -> bool {
        self.blocks.is_some_and(|from| severity >= from)
    }

    pub(super) fn judge(self, worst: Option<Severity>) -> Verdict {
        match worst {
            Some(worst) if self.blocks(worst) => Verdict::Blocked,
            Some(worst) if worst >= self.condition => Verdict::Conditional,
            _ => Verdict::Ready,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_moves_with_what_the_user_says() {
        let said = |fail_on, worst| Line::of(fail_on).judge(Some(worst));
        assert_eq!(said(None, Severity::Critical), Verdict::Blocked);
        assert_eq!(said(None, Severity::High), Verdict::Conditional);
        assert_eq!(said(None, Severity::Medium), Verdict::Ready);
        let high = Some(FailOn::At(Severity::High));
        assert_eq!(said(high, Severity::High), Verdict::Blocked);
        assert_eq!(said(high, Severity::Medium), Verdict::Conditional);
        assert_eq!(said(high, Severity::Low), Verdict::Ready);
        let low = Some(FailOn::At(Severity::Low));
        assert_eq!(said(low, Severity::Low), Verdict::Blocked);
        let never = Some(FailOn::Never);
        assert_eq!(said(never, Severity::Critical), Verdict::Conditional);
        assert_eq!(Line::of(None).judge(None), Verdict::Ready);
    }
}
