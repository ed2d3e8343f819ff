//! The same Python module as `interop`, with the mistakes that are easily made. Run ffi-lint over it.

use std::fs::File;
use std::io::{BufRead, BufReader};

use pyo3::prelude::*;
use pyo3::types::PyList;

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
fn first(list: &Bound<'_, PyList>) -> PyResult<i64> {
    Ok(list.get_item(0).unwrap().extract().unwrap())
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
    m.add_function(wrap_pyfunction!(compute_heavy, m)?)?;
    m.add_function(wrap_pyfunction!(compute_twice, m)?)?;
    m.add_function(wrap_pyfunction!(first, m)?)?;
    m.add_function(wrap_pyfunction!(parse_csv_fast, m)?)?;
    Ok(())
}
