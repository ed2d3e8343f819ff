/** What PyO3 deprecated and removed, by its version: names, how they are met in code, and what took their place. */

/** PyO3's version as one number: `0.26.1` is 26, `1.2.0` would be 1002. Names come and go with minor versions only. */
export type PyVersion = number;

/** Canonical names leave PyO3's modules out: `pyo3::sync::GILOnceCell` is `pyo3::GILOnceCell`. */
export type ApiMatch =
  /** `Owner::name(…)`, and `.name(…)` on a value of one of these types. */
  | { readonly kind: 'member'; readonly owners: readonly string[]; readonly name: string; readonly call: 'path' | 'method' | 'both' }
  /** A type, trait, fn or macro, by what stands behind `pyo3::`. */
  | { readonly kind: 'name'; readonly name: string; readonly namespace: 'type' | 'value' | 'macro' }
  /** A method of a trait that any type may have: where the trait is in scope. */
  | { readonly kind: 'trait-method'; readonly trait: string; readonly name: string };

/** A fix that changes names only. `since` is the first PyO3 that has the new one, `safe` that it takes and gives the same. */
export interface ApiRename {
  readonly kind: 'rename' | 'alias' | 'path';
  /** `alias`: a type in place of a name; `path`: an associated fn in place of a free one. Both start with names of PyO3. */
  readonly to: string;
  readonly since: PyVersion;
  readonly safe: boolean;
  /** The new one returns a `Result`: `?` is put behind the call. */
  readonly fallible: boolean;
}

export interface ApiChange {
  /** As people know it: `Python::with_gil`. */
  readonly name: string;
  readonly match: ApiMatch;
  readonly deprecated: PyVersion | null;
  readonly removed: PyVersion | null;
  /** Code in backticks where it is a name, else words; follows "use". */
  readonly replacement: string;
  readonly rename: ApiRename | null;
  /** PyO3 says nothing of the deprecation where its feature `gil-refs` is on (0.21 and 0.22). */
  readonly gilRefs: boolean;
  /** From this PyO3 on the name means something else again: nothing is said of it there. */
  readonly until: PyVersion | null;
}

type Life = readonly [deprecated: PyVersion | null, removed: PyVersion | null];

function change(name: string, match: ApiMatch, life: Life, replacement: string, rename: ApiRename | null = null): ApiChange {
  return { name, match, deprecated: life[0], removed: life[1], replacement, rename, gilRefs: false, until: null };
}

function to(name: string, since: PyVersion, more: Partial<ApiRename> = {}): ApiRename {
  return { kind: 'rename', to: name, since, safe: true, fallible: false, ...more };
}

function member(owner: string, name: string, life: Life, rename: ApiRename | string): ApiChange {
  const renamed = typeof rename === 'string' ? null : rename;
  const replacement = typeof rename === 'string' ? rename : `\`${owner}::${rename.to}\``;
  return change(`${owner}::${name}`, { kind: 'member', owners: [owner], name, call: 'both' }, life, replacement, renamed);
}

function named(name: string, namespace: 'type' | 'value' | 'macro', life: Life, rename: ApiRename | string): ApiChange {
  const renamed = typeof rename === 'string' ? null : rename;
  const bang = namespace === 'macro' ? '!' : '';
  const replacement = typeof rename === 'string' ? rename : `\`${rename.to}${bang}\``;
  return change(`${name}${bang}`, { kind: 'name', name, namespace }, life, replacement, renamed);
}

/** Deprecated with the GIL references in 0.21, gone with them in 0.23. */
function gilRef(name: string, replacement: string): ApiChange {
  return { ...named(name, 'type', [21, 23], replacement), gilRefs: true };
}

/** `Bound::downcast` and its kin, renamed to `cast` (PyO3 0.26 has both). */
function downcast(owners: readonly string[], from: string, into: string): ApiChange {
  const match: ApiMatch = { kind: 'member', owners, name: from, call: 'method' };
  return change(`${owners[0] ?? ''}::${from}`, match, [27, 29], `\`${into}\``, to(into, 26));
}

/** Constructors and methods that were called `…_bound` beside the GIL references (PyO3 0.21 to 0.24). */
const BOUND: readonly (readonly [owners: string, from: string, to: string])[] = [
  [
    'PyDict PyBytes PyByteArray PyFloat PyBool PyString PySlice PySuper PyModule PyDate PyDateTime PyTime PyDelta PyType ' +
      'PyWeakrefReference PyWeakrefProxy PyCapsule',
    'new_bound',
    'new',
  ],
  ['PyList PyTuple PySet PyFrozenSet', 'empty_bound', 'empty'],
  ['PyBytes PyByteArray PyWeakrefReference PyWeakrefProxy', 'new_bound_with', 'new_with'],
  ['PyByteArray PyMemoryView', 'from_bound', 'from'],
  ['PyBytes', 'bound_from_ptr', 'from_ptr'],
  ['PyIterator', 'from_bound_object', 'from_object'],
  ['PyDict', 'from_sequence_bound', 'from_sequence'],
  ['PyDate PyDateTime', 'from_timestamp_bound', 'from_timestamp'],
  ['PyDateTime PyTime', 'new_bound_with_fold', 'new_with_fold'],
  ['PyString', 'intern_bound', 'intern'],
  ['PyString', 'from_object_bound', 'from_object'],
  ['PySlice', 'full_bound', 'full'],
  ['PyComplex', 'from_doubles_bound', 'from_doubles'],
  ['PyCapsule', 'new_bound_with_destructor', 'new_with_destructor'],
  ['PyNone PyNotImplemented PyEllipsis PyBuffer', 'get_bound', 'get'],
  ['PyModule Python', 'import_bound', 'import'],
  ['Python PyErr', 'get_type_bound', 'get_type'],
  ['PyErr', 'value_bound', 'value'],
  ['PyErr', 'traceback_bound', 'traceback'],
  ['PyErr', 'from_value_bound', 'from_value'],
  ['PyErr', 'from_type_bound', 'from_type'],
  ['PyErr', 'is_instance_bound', 'is_instance'],
  ['PyErr', 'write_unraisable_bound', 'write_unraisable'],
  ['Py', 'call_bound', 'call'],
  ['Py', 'call_method_bound', 'call_method'],
];

/** The same by the name of the GIL references, where the fn of that name gave one; from 0.23 on it gives what `…_bound` gave. */
function plain(entry: ApiChange, bound: string): ApiChange {
  const { deprecated, removed } = entry;
  const rename = to(bound, 21, { safe: false });
  return { ...entry, deprecated: deprecated ?? 21, removed, rename, gilRefs: true, until: 23 };
}

function gilRefNames(): readonly ApiChange[] {
  const more: typeof BOUND = [
    ['PyList PyTuple PySet PyFrozenSet', 'new_bound', 'new'],
    ['Python', 'eval_bound', 'eval'],
    ['Python', 'run_bound', 'run'],
    ['PyModule', 'from_code_bound', 'from_code'],
    ['PyErr', 'new_type_bound', 'new_type'],
    ['PyErr', 'warn_bound', 'warn'],
    ['Py', 'downcast_bound', 'downcast'],
    ['Py', 'bind', 'as_ref'],
    ['Py', 'into_bound', 'into_ref'],
  ];
  const members = [...BOUND, ...more].flatMap(([owners, bound, name]) =>
    owners.split(' ').map((owner) => plain(member(owner, name, [21, null], to(bound, 21)), bound)),
  );
  const match: ApiMatch = { kind: 'trait-method', trait: 'IntoPyDict', name: 'into_py_dict' };
  return [...members, plain(change('IntoPyDict::into_py_dict', match, [21, null], '`into_py_dict_bound`'), 'into_py_dict_bound')];
}

const BOUND_LIFE: Life = [23, 25];

function boundNames(): readonly ApiChange[] {
  return BOUND.flatMap(([owners, from, name]) => owners.split(' ').map((owner) => member(owner, from, BOUND_LIFE, to(name, 23))));
}

/** They take C strings since 0.23, so the new name alone does not do. */
const C_STRINGS = 'the name without `_bound`, with C strings such as `c"…"`';

/**
 * Read from the attributes in PyO3's own sources, release by release (0.14 to 0.30). What got another signature under the same name,
 * and what only derive macros and attributes meet, is not here.
 */
export const API_CHANGES: readonly ApiChange[] = [
  member('Python', 'acquire_gil', [17, 19], '`Python::with_gil`'),
  member('Python', 'with_gil', [26, 28], to('attach', 26)),
  member('Python', 'with_gil_unchecked', [26, 28], to('attach_unchecked', 26)),
  member('Python', 'allow_threads', [26, 28], to('detach', 26)),
  member('Python', 'assume_gil_acquired', [26, 28], to('assume_attached', 26)),
  named('prepare_freethreaded_python', 'value', [26, 28], to('Python::initialize', 26, { kind: 'path' })),
  named('GILOnceCell', 'type', [26, 28], to('PyOnceLock', 26)),
  named('GILProtected', 'type', [26, 28], 'a `Mutex` with `MutexExt`, or atomics'),
  named('PyObject', 'type', [26, 28], to('Py<PyAny>', 26, { kind: 'alias' })),
  { ...named('GILPool', 'type', [21, 23], 'nothing in its place: there are no objects that a pool would own'), gilRefs: true },
  { ...member('Python', 'new_pool', [21, 23], 'nothing in its place: there are no objects that a pool would own'), gilRefs: true },
  { ...member('Python', 'with_pool', [21, 23], 'nothing in its place: there are no objects that a pool would own'), gilRefs: true },
  named('ToPyObject', 'type', [23, 25], '`IntoPyObject`'),
  named('IntoPy', 'type', [23, 25], '`IntoPyObject`'),
  gilRef('PyCell', "`Bound<'_, T>`"),
  gilRef('PyTryFrom', '`downcast`'),
  gilRef('PyTryInto', '`downcast`'),
  gilRef('PyDowncastError', '`DowncastError`'),
  gilRef('PyNativeType', '`Bound`'),
  gilRef('HasPyGilRef', '`Bound`'),
  named('AsPyPointer', 'type', [null, 25], 'the method `as_ptr` that types have themselves'),
  named('IntoPyPointer', 'type', [null, 20], 'the method `into_ptr` that types have themselves'),
  downcast(['Bound', 'Borrowed'], 'downcast', 'cast'),
  downcast(['Bound', 'Borrowed'], 'downcast_into', 'cast_into'),
  downcast(['Bound', 'Borrowed'], 'downcast_exact', 'cast_exact'),
  downcast(['Bound', 'Borrowed'], 'downcast_into_exact', 'cast_into_exact'),
  downcast(['Bound', 'Borrowed'], 'downcast_unchecked', 'cast_unchecked'),
  downcast(['Bound', 'Borrowed'], 'downcast_into_unchecked', 'cast_into_unchecked'),
  downcast(['Py'], 'downcast_bound', 'cast_bound'),
  downcast(['Py'], 'downcast_bound_unchecked', 'cast_bound_unchecked'),
  named('DowncastError', 'type', [27, 29], to('CastError', 27)),
  named('DowncastIntoError', 'type', [27, 29], to('CastIntoError', 27)),
  ...gilRefNames(),
  change(
    'PyAny::is_true',
    { kind: 'member', owners: ['PyAny', 'Py'], name: 'is_true', call: 'method' },
    [21, 23],
    '`is_truthy`',
    to('is_truthy', 21),
  ),
  change(
    'PyDict::get_item_with_error',
    { kind: 'member', owners: ['PyDict'], name: 'get_item_with_error', call: 'method' },
    [20, 23],
    '`get_item`',
    to('get_item', 20),
  ),
  ...boundNames(),
  member('PyList', 'new_bound', BOUND_LIFE, to('new', 23, { fallible: true, safe: false })),
  member('PyTuple', 'new_bound', BOUND_LIFE, to('new', 23, { fallible: true, safe: false })),
  member('PySet', 'new_bound', BOUND_LIFE, to('new', 23, { safe: false })),
  member('PyFrozenSet', 'new_bound', BOUND_LIFE, to('new', 23, { safe: false })),
  member('Python', 'eval_bound', BOUND_LIFE, C_STRINGS),
  member('Python', 'run_bound', BOUND_LIFE, C_STRINGS),
  member('PyModule', 'from_code_bound', BOUND_LIFE, C_STRINGS),
  member('PyErr', 'new_type_bound', BOUND_LIFE, C_STRINGS),
  member('PyErr', 'warn_bound', BOUND_LIFE, C_STRINGS),
  change(
    'IntoPyDict::into_py_dict_bound',
    { kind: 'trait-method', trait: 'IntoPyDict', name: 'into_py_dict_bound' },
    BOUND_LIFE,
    '`into_py_dict`',
    to('into_py_dict', 23, { fallible: true, safe: false }),
  ),
  named('wrap_pyfunction_bound', 'macro', BOUND_LIFE, to('wrap_pyfunction', 23)),
  named('import_exception_bound', 'macro', [27, 29], to('import_exception', 23)),
  change(
    'Py::from_owned_ptr',
    { kind: 'member', owners: ['Py'], name: 'from_owned_ptr', call: 'path' },
    [28, null],
    '`Bound::from_owned_ptr(…).cast_into_unchecked()`',
  ),
  change(
    'Py::from_borrowed_ptr',
    { kind: 'member', owners: ['Py'], name: 'from_borrowed_ptr', call: 'path' },
    [28, null],
    '`Bound::from_borrowed_ptr(…).cast_into_unchecked()`',
  ),
  change(
    'get_refcnt',
    { kind: 'member', owners: ['Py', 'Bound', 'Borrowed'], name: 'get_refcnt', call: 'method' },
    [29, null],
    '`pyo3::ffi::Py_REFCNT(obj.as_ptr())`',
  ),
];
