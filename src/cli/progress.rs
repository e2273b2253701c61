//! A sign of life while something takes long: one line that a terminal shows and takes back. A pipe, a file and a CI log
//! never see it.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{JoinHandle, spawn};
use std::time::{Duration, Instant};

/// Nobody wonders before.
const PATIENCE: Duration = Duration::from_millis(900);
const STEP: Duration = Duration::from_millis(200);

/// Ends the line when it is dropped.
pub struct Waiting(Option<(Sender<()>, JoinHandle<()>)>);

/// Shows `what` with the seconds it has taken, if it takes long and a terminal is there to show it.
pub fn start(what: &'static str) -> Waiting {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if dumb || !io::stderr().is_terminal() {
        return Waiting(None);
    }
    let (stop, stopped) = channel::<()>();
    let began = Instant::now();
    let thread = spawn(move || {
        let mut shown = false;
        let mut next = PATIENCE;
        while stopped.recv_timeout(next) == Err(RecvTimeoutError::Timeout) {
            let seconds = began.elapsed().as_secs();
            let _ = write!(io::stderr(), "\r{what} … {seconds} s");
            shown = true;
            next = STEP;
        }
        if shown {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    });
    Waiting(Some((stop, thread)))
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.0.take() {
            drop(stop);
            // A sign of life that failed is no reason to say anything.
            let _ = thread.join();
        }
    }
}
