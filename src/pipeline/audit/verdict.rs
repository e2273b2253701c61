//! Whether a deployment should go ahead, and where the line is.

use crate::config::{AuditLines, FailOn};
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
    condition: Option<Severity>,
}

impl Line {
    /// Critical blocks unless the command or the configuration says otherwise; what is one step milder is a condition.
    pub(super) fn of(asked: Option<FailOn>, configured: AuditLines) -> Self {
        let blocks = match asked.or(configured.blocks) {
            None => Some(Severity::Critical),
            Some(line) => line.severity(),
        };
        let condition = match (configured.condition, blocks) {
            (Some(line), _) => line.severity(),
            (None, None | Some(Severity::Critical)) => Some(Severity::High),
            (None, Some(Severity::High)) => Some(Severity::Medium),
            (None, Some(Severity::Medium | Severity::Low)) => Some(Severity::Low),
        };
        Self { blocks, condition }
    }

    pub(super) fn blocks(self, severity: Severity) -> bool {
        self.blocks.is_some_and(|from| severity >= from)
    }

    /// Whether it has to be mended before a deployment.
    pub(super) fn is_first(self, severity: Severity) -> bool {
        self.blocks(severity) || self.condition.is_some_and(|from| severity >= from)
    }

    pub(super) fn judge(self, worst: Option<Severity>) -> Verdict {
        match worst {
            Some(worst) if self.blocks(worst) => Verdict::Blocked,
            Some(worst) if self.is_first(worst) => Verdict::Conditional,
            _ => Verdict::Ready,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_moves_with_what_the_user_says() {
        let default = AuditLines::default();
        let said = |fail_on, worst| Line::of(fail_on, default).judge(Some(worst));
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
        assert_eq!(Line::of(None, default).judge(None), Verdict::Ready);
    }

    #[test]
    fn the_configuration_moves_both_lines_and_the_command_the_first() {
        let at = |severity| Some(FailOn::At(severity));
        let said = |asked, blocks, condition, worst| {
            let configured = AuditLines { blocks, condition };
            Line::of(asked, configured).judge(Some(worst))
        };
        let (medium, high) = (at(Severity::Medium), at(Severity::High));
        assert_eq!(said(None, high, None, Severity::High), Verdict::Blocked);
        assert_eq!(
            said(None, high, None, Severity::Medium),
            Verdict::Conditional
        );
        let wide = |worst| said(None, None, medium, worst);
        assert_eq!(wide(Severity::Critical), Verdict::Blocked);
        assert_eq!(wide(Severity::Medium), Verdict::Conditional);
        assert_eq!(wide(Severity::Low), Verdict::Ready);
        let never = Some(FailOn::Never);
        assert_eq!(said(None, high, never, Severity::Medium), Verdict::Ready);
        assert_eq!(said(None, never, never, Severity::Critical), Verdict::Ready);
        assert_eq!(said(medium, high, high, Severity::Medium), Verdict::Blocked);
    }
}
