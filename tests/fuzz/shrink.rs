//! Runs a target and says how it failed, and makes an input that fails small.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::time::{Duration, Instant};

use super::targets::Target;

thread_local! {
    /// What the last panic of a target said; `None` outside of targets.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// How long an input is made smaller at most.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a panic said, and where.
pub fn failure(target: &Target, input: &[u8]) -> Option<String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let told =
                LAST.with_borrow_mut(|last| last.as_mut().map(|last| *last = info.to_string()));
            if told.is_none() {
                before(info);
            }
        }));
    });
    LAST.set(Some(String::new()));
    let ended = catch_unwind(AssertUnwindSafe(|| target.run(input)));
    let said = LAST.take().unwrap_or_default();
    ended.is_err().then_some(said)
}

/// A smaller input that fails in the same place.
pub fn shrunk(target: &Target, mut input: Vec<u8>, why: &str) -> Vec<u8> {
    let place = |why: &str| why.lines().next().unwrap_or_default().to_owned();
    let place_of = place(why);
    let started = Instant::now();
    let mut size = input.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < input.len() && started.elapsed() < PATIENCE {
            let mut smaller = input.clone();
            smaller.drain(at..(at + size).min(input.len()));
            if failure(target, &smaller).is_some_and(|why| place(&why) == place_of) {
                input = smaller;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    input
}
