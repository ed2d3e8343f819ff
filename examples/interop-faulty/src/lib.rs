//! The same Python module as `interop`, with the mistakes that are easily made. Run ffi-lint over it.

use std::fs::File;
use std::io::{BufRead, BufReader};

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

// Never put into the module: Python code cannot name it in an `except`.
pyo3::create_exception!(interop_faulty, ShapeError, PyException);

// Panics where the sum is too large, which a caller decides.
#[pyfunction]
fn sum_as_string(a: usize, b: usize) -> PyResult<String> {
    Ok(a.checked_add(b).unwrap().to_string())
}

// Every other Python thread waits while this runs.
#[pyfunction]
fn compute_heavy(data: Vec<f64>) -> PyResult<f64> {
    Ok(heavy_computation(&data))
}

fn heavy_computation(data: &[f64]) -> f64 {
    data.iter().map(|x| x.sin().cos().tan()).sum()
}

// The interpreter is held already: attaching again is a detour.
#[pyfunction]
fn compute_twice(data: Vec<f64>) -> PyResult<f64> {
    Python::attach(|py| py.detach(|| Ok(heavy_computation(&data) + heavy_computation(&data))))
}

// A panic reaches Python as an exception that `except Exception` does not catch.
#[pyfunction]
fn process_list(list: &Bound<'_, PyList>) -> PyResult<Vec<i64>> {
    Ok(list.iter().map(|item| item.extract::<i64>().unwrap()).collect())
}

// The same for values of another type.
#[pyfunction]
fn process_dict(dict: &Bound<'_, PyDict>) -> PyResult<i64> {
    let values = dict.values();
    Ok(values.iter().map(|value| value.extract::<i64>().unwrap()).fold(0, i64::wrapping_add))
}

// An assertion on what Python passes.
#[pyfunction]
fn divide(a: f64, b: f64) -> PyResult<f64> {
    assert!(b != 0.0, "division by zero");
    Ok(a / b)
}

// The exception of above.
#[pyfunction]
fn risky_operation() -> PyResult<()> {
    Err(ShapeError::new_err("something went wrong"))
}

#[pyclass]
struct Point {
    // `point.tags.append("x")` changes a copy.
    #[pyo3(get, set)]
    tags: Vec<String>,
    x: f64,
    y: f64,
}

#[pymethods]
impl Point {
    #[new]
    fn new(x: f64, y: f64) -> Self {
        Point { tags: Vec::new(), x, y }
    }

    // Equal points have one hash, but no `__eq__` says when points are equal.
    fn __hash__(&self) -> u64 {
        self.x.to_bits() ^ self.y.to_bits()
    }
}

// Reads a file while holding the interpreter.
#[pyfunction]
fn parse_csv_fast(path: String) -> PyResult<Vec<Vec<String>>> {
    let reader = BufReader::new(File::open(path)?);
    let mut rows = Vec::new();
    for line in reader.lines() {
        rows.push(line?.split(',').map(|field| field.trim().to_string()).collect());
    }
    Ok(rows)
}

#[pymodule]
fn interop_faulty(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(sum_as_string, m)?)?;
    m.add_function(wrap_pyfunction!(compute_heavy, m)?)?;
    m.add_function(wrap_pyfunction!(compute_twice, m)?)?;
    m.add_function(wrap_pyfunction!(process_list, m)?)?;
    m.add_function(wrap_pyfunction!(process_dict, m)?)?;
    m.add_function(wrap_pyfunction!(divide, m)?)?;
    m.add_function(wrap_pyfunction!(risky_operation, m)?)?;
    m.add_function(wrap_pyfunction!(parse_csv_fast, m)?)?;
    m.add_class::<Point>()?;
    Ok(())
}
