//! What became of a thing in one environment: one word for programs, a short one for people, and what it means.

/// How much it asks for attention; the colour of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    Quiet,
    Plain,
    Good,
    Warn,
    Bad,
}

impl Tone {
    pub fn name(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A view may have statuses of its own; these are those of environments compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// Stable, for programs.
    pub word: &'static str,
    /// In a cell.
    pub label: &'static str,
    pub tone: Tone,
    /// The legend.
    pub doc: &'static str,
}

macro_rules! statuses {
    ($($name:ident $word:literal $label:literal $tone:ident $doc:literal;)*) => {
        $(
            #[doc = $doc]
            pub static $name: Status = Status { word: $word, label: $label, tone: Tone::$tone, doc: $doc };
        )*
    };
}

statuses! {
    ISOLATED "isolated" "isolated" Good "a value of its own";
    ONLY "only-here" "only here" Plain "no other environment has a value for it";
    SHARED "shared" "shared" Bad "another environment has the same account, credential, data or place";
    ACCEPTED "accepted" "accepted" Plain "shared, and somebody has accepted that with a reason";
    SAME "same" "same" Plain "a setting that has the same value elsewhere, which is fine";
    MISSING "missing" "missing" Bad "not set, though something asks for it";
    EMPTY "empty" "empty" Warn "set to nothing";
    PLACEHOLDER "placeholder" "placeholder" Warn "a form to fill in, or a value everybody knows";
    REFERENCE "reference" "reference" Good "decided elsewhere: a secrets manager, the platform, an encrypted file";
    UNSET "unset" "not set" Quiet "not set, and nothing says whether it is needed";
    NOT_NEEDED "not-needed" "not needed" Quiet "not set, and it need not be: the code has a default, or the platform sets it";
    USED "used" "used" Good "claimed by this environment alone";
    ELSEWHERE "elsewhere-too" "elsewhere too" Plain "claimed by another environment as well, on another machine as far as is known";
    UNUSED "unused" "-" Quiet "not claimed by this environment";
}
