//! A Python module, done right. Its faulty twin is `interop-faulty`.

mod csv;
mod point;

use std::collections::HashMap;

use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

pyo3::create_exception!(interop, GeometryError, PyException);

/// The sum of two numbers as text.
#[pyfunction]
fn sum_as_string(a: usize, b: usize) -> PyResult<String> {
    let sum = a.checked_add(b).ok_or_else(|| PyValueError::new_err("the sum is too large"))?;
    Ok(sum.to_string())
}

/// Heavy work on plain Rust data: other Python threads run meanwhile.
#[pyfunction]
fn compute_heavy(py: Python<'_>, data: Vec<f64>) -> f64 {
    py.detach(|| heavy_computation(&data))
}

fn heavy_computation(data: &[f64]) -> f64 {
    data.iter().map(|x| x.sin().cos().tan()).sum()
}

/// Takes each item out of a list: this needs the interpreter for every step.
#[pyfunction]
fn process_list(list: &Bound<'_, PyList>) -> PyResult<Vec<i64>> {
    list.iter().map(|item| item.extract::<i64>()).collect()
}

/// The dictionary's values doubled.
#[pyfunction]
fn process_dict(dict: &Bound<'_, PyDict>) -> PyResult<HashMap<String, i64>> {
    let mut out = HashMap::new();
    for (key, value) in dict.iter() {
        let value: i64 = value.extract()?;
        out.insert(key.extract::<String>()?, value.saturating_mul(2));
    }
    Ok(out)
}

/// Divides.
#[pyfunction]
fn divide(a: f64, b: f64) -> PyResult<f64> {
    if b == 0.0 {
        return Err(PyValueError::new_err("division by zero"));
    }
    Ok(a / b)
}

/// Always fails, with an exception of our own.
#[pyfunction]
fn risky_operation() -> PyResult<()> {
    Err(GeometryError::new_err("something went wrong"))
}

/// The module.
#[pymodule]
fn interop(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(sum_as_string, m)?)?;
    m.add_function(wrap_pyfunction!(compute_heavy, m)?)?;
    m.add_function(wrap_pyfunction!(process_list, m)?)?;
    m.add_function(wrap_pyfunction!(process_dict, m)?)?;
    m.add_function(wrap_pyfunction!(divide, m)?)?;
    m.add_function(wrap_pyfunction!(risky_operation, m)?)?;
    m.add_function(wrap_pyfunction!(csv::parse_csv_fast, m)?)?;
    m.add_class::<point::Point>()?;
    m.add("GeometryError", m.py().get_type::<GeometryError>())?;
    Ok(())
}
