//! A Python module for programs with several threads: nobody waits for the interpreter and is waited for.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use pyo3::class::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

static QUEUE: Mutex<Vec<u64>> = Mutex::new(Vec::new());
static GREETING: PyOnceLock<String> = PyOnceLock::new();
static CALLS: AtomicU64 = AtomicU64::new(0);

/// Sleeps while other Python threads run.
#[pyfunction]
fn pause(py: Python<'_>, milliseconds: u64) {
    py.detach(|| thread::sleep(Duration::from_millis(milliseconds)));
}

/// Computes while other Python threads run.
#[pyfunction]
fn total(py: Python<'_>, data: Vec<f64>, rounds: u32) -> f64 {
    py.detach(|| {
        let mut sum = 0.0;
        for _ in 0..rounds {
            for value in &data {
                sum += value.sin();
            }
        }
        sum
    })
}

/// Lets the thread have the interpreter while it waits.
#[pyfunction]
fn ask(py: Python<'_>, callback: Py<PyAny>) -> bool {
    let worker = thread::spawn(move || Python::attach(|py| callback.call0(py).is_ok()));
    py.detach(|| worker.join().unwrap_or(false))
}

/// Unlocks the queue before it asks for the interpreter.
fn drain(callback: &Py<PyAny>) {
    let length = {
        let queue = QUEUE.lock().unwrap();
        thread::sleep(Duration::from_millis(200));
        queue.len()
    };
    Python::attach(|py| {
        if let Err(error) = callback.call1(py, (length,)) {
            error.write_unraisable(py, None);
        }
    });
}

#[pyfunction]
fn start_drain(callback: Py<PyAny>) {
    thread::spawn(move || drain(&callback));
}

/// Waits for the queue while other Python threads run.
#[pyfunction]
fn push(py: Python<'_>, value: u64) {
    py.detach(|| QUEUE.lock().unwrap().push(value));
}

/// PyO3's cell lets the interpreter go while a thread waits for it.
#[pyfunction]
fn greeting(py: Python<'_>) -> PyResult<&'static str> {
    let text = GREETING.get_or_try_init(py, || {
        py.import("time")?.call_method1("sleep", (0.2,))?;
        Ok::<_, PyErr>("hello".to_string())
    })?;
    Ok(text)
}

/// Raises what the callback raises.
#[pyfunction]
fn notify(py: Python<'_>, callback: Py<PyAny>) -> PyResult<()> {
    callback.call0(py)?;
    Ok(())
}

#[pyfunction]
fn switch_interval(py: Python<'_>) -> PyResult<f64> {
    py.import("sys")?.call_method0("getswitchinterval")?.extract()
}

#[pyfunction]
fn count() -> u64 {
    CALLS.fetch_add(1, Ordering::Relaxed) + 1
}

/// Frozen: what changes is in a lock and in an atomic, so that calls of several threads go on at once.
#[pyclass(frozen)]
struct Timer {
    callback: Mutex<Option<Py<PyAny>>>,
    fired: AtomicU64,
}

#[pymethods]
impl Timer {
    #[new]
    fn new() -> Self {
        Timer { callback: Mutex::new(None), fired: AtomicU64::new(0) }
    }

    #[getter]
    fn callback(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.callback.lock().unwrap().as_ref().map(|callback| callback.clone_ref(py))
    }

    #[setter]
    fn set_callback(&self, callback: Option<Py<PyAny>>) {
        // Dropped behind the lock: the old callback's destructor is Python code.
        let _old = std::mem::replace(&mut *self.callback.lock().unwrap(), callback);
    }

    fn wait(&self, py: Python<'_>, milliseconds: u64) -> u64 {
        py.detach(|| thread::sleep(Duration::from_millis(milliseconds)));
        self.fired.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn fired(&self) -> u64 {
        self.fired.load(Ordering::Relaxed)
    }

    fn __repr__(&self) -> String {
        format!("Timer({})", self.fired())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.callback.try_lock() {
            Ok(callback) => visit.call(&*callback),
            Err(_) => Ok(()),
        }
    }

    fn __clear__(&self) {
        let _old = self.callback.lock().unwrap().take();
    }
}

#[pymodule]
fn threads(m: &Bound<'_, PyModule>) -> PyResult<()> {
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
    m.add("clock", m.py().import("time")?)
}
