//! The same Python module as `threads`, with mistakes that only show with several threads. Run ffi-lint over it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;

static QUEUE: Mutex<Vec<u64>> = Mutex::new(Vec::new());
static GREETING: OnceLock<String> = OnceLock::new();

// Without the GIL, two threads count the same call.
static mut CALLS: u64 = 0;

// Every other Python thread sleeps as well.
#[pyfunction]
fn pause(milliseconds: u64) {
    thread::sleep(Duration::from_millis(milliseconds));
}

// Every other Python thread waits while this computes.
#[pyfunction]
fn total(data: Vec<f64>, rounds: u32) -> f64 {
    let mut sum = 0.0;
    for _ in 0..rounds {
        for value in &data {
            sum += value.sin();
        }
    }
    sum
}

// The thread needs the interpreter, which is held until the thread has ended: this never returns.
#[pyfunction]
fn ask(callback: Py<PyAny>) -> bool {
    let worker = thread::spawn(move || Python::attach(|py| callback.call0(py).is_ok()));
    worker.join().unwrap_or(false)
}

// Keeps the queue locked while it waits for the interpreter.
fn drain(callback: &Py<PyAny>) {
    let queue = QUEUE.lock().unwrap();
    thread::sleep(Duration::from_millis(200));
    Python::attach(|py| {
        if let Err(error) = callback.call1(py, (queue.len(),)) {
            error.write_unraisable(py, None);
        }
    });
}

#[pyfunction]
fn start_drain(callback: Py<PyAny>) {
    thread::spawn(move || drain(&callback));
}

// Waits for the queue with the interpreter held, for which `drain` waits with the queue locked.
#[pyfunction]
fn push(value: u64) {
    QUEUE.lock().unwrap().push(value);
}

// Another thread waits in the cell with the interpreter held, which the initializer needs to go on.
#[pyfunction]
fn greeting(py: Python<'_>) -> &'static str {
    GREETING.get_or_init(|| {
        let text = py.import("time").and_then(|time| time.call_method1("sleep", (0.2,)));
        text.map_or_else(|error| error.to_string(), |_| "hello".to_string())
    })
}

// The exception of the callback is lost, and with it Ctrl-C.
#[pyfunction]
fn notify(py: Python<'_>, callback: Py<PyAny>) -> PyResult<()> {
    let _ = callback.call0(py);
    Ok(())
}

// Nothing says why the interpreter should be held here.
#[pyfunction]
fn switch_interval() -> PyResult<f64> {
    let py = unsafe { Python::assume_attached() };
    py.import("sys")?.call_method0("getswitchinterval")?.extract()
}

#[pyfunction]
fn count() -> u64 {
    unsafe {
        CALLS += 1;
        CALLS
    }
}

// The garbage collector does not learn of the callback: a cycle through it is never freed.
#[pyclass]
struct Timer {
    #[pyo3(get, set)]
    callback: Option<Py<PyAny>>,
    fired: AtomicU64,
}

#[pymethods]
impl Timer {
    #[new]
    fn new() -> Self {
        Timer { callback: None, fired: AtomicU64::new(0) }
    }

    // While it sleeps, every other use of the timer raises `RuntimeError: Already mutably borrowed`.
    fn wait(&mut self, py: Python<'_>, milliseconds: u64) -> u64 {
        py.detach(|| thread::sleep(Duration::from_millis(milliseconds)));
        self.fired.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn fired(&self) -> u64 {
        self.fired.load(Ordering::Relaxed)
    }

    fn __repr__(&self) -> String {
        format!("Timer({})", self.fired())
    }
}

#[pymodule]
fn threads_faulty(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(pause, m)?)?;
    m.add_function(wrap_pyfunction!(total, m)?)?;
    m.add_function(wrap_pyfunction!(ask, m)?)?;
    m.add_function(wrap_pyfunction!(start_drain, m)?)?;
    m.add_function(wrap_pyfunction!(push, m)?)?;
    m.add_function(wrap_pyfunction!(greeting, m)?)?;
    m.add_function(wrap_pyfunction!(notify, m)?)?;
    m.add_function(wrap_pyfunction!(switch_interval, m)?)?;
    m.add_function(wrap_pyfunction!(count, m)?)?;
    m.add_class::<Timer>()?;
    // A failing import should raise, not panic.
    m.add("clock", m.py().import("time").unwrap())
}
