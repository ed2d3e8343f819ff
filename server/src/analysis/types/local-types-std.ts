/** What methods and functions of std and PyO3 take and return, as far as the analyses need it (std and PyO3 API docs). */

type Table = Readonly<Record<string, string>>;

/** `name: signature;` by entry, in the notation of local-types-signature.ts. */
function table(text: string): Table {
  const entries = text.split(';').map((entry) => /^\s*([\w:]+): (.+)$/s.exec(entry));
  return Object.fromEntries(entries.flatMap((e) => (e ? [[e[1] ?? '', (e[2] ?? '').trim()] as const] : [])));
}

const OPTION = table(`
  unwrap: $0; expect: $0; unwrap_or: $0; unwrap_or_default: $0; unwrap_or_else: => $0; as_ref: Option<&$0>; as_mut: Option<&$0>;
  as_deref: Option<&$0>; take: Self; cloned: Option<$d>; copied: Option<$d>; clone: Self; or: Self; or_else: => Self; ok_or: Result<$0, $a>;
  ok_or_else: => Result<$0, $c>; map: $0 => Option<$c>; and_then: $0 => $c; filter: &$0 => Self; is_some: bool; is_none: bool;
  map_or: $0 => $a; map_or_else: ?; iter: Iter<&$0>; into_iter: Iter<$0>; insert: &$0; get_or_insert_with: => &$0;
  zip: Option<($0, ?)>; inspect: &$0 => Self; is_some_and: $0 => bool;
`);

const RESULT = table(`
  unwrap: $0; expect: $0; unwrap_or: $0; unwrap_or_default: $0; unwrap_or_else: $1 => $0; ok: Option<$0>; err: Option<$1>;
  unwrap_err: $1; map: $0 => Result<$c, $1>; map_err: $1 => Result<$0, $c>; and_then: $0 => $c; or_else: $1 => $c;
  as_ref: Result<&$0, &$1>; clone: Self; is_ok: bool; is_err: bool; map_or: $0 => $a; iter: Iter<&$0>; into_iter: Iter<$0>;
  inspect: &$0 => Self; inspect_err: &$1 => Self;
`);

const ITER = table(`
  map: $0 => Iter<$c>; filter: &$0 => Self; filter_map: $0 => Iter<?>; flat_map: $0 => Iter<$ci>; for_each: $0 => ?;
  enumerate: Iter<(usize, $0)>; zip: Iter<($0, $ai)>; chain: Self; rev: Self; skip: Self; take: Self; step_by: Self;
  take_while: &$0 => Self; skip_while: &$0 => Self; inspect: &$0 => Self; peekable: Self; fuse: Self; by_ref: Self;
  cloned: Iter<$d>; copied: Iter<$d>; sum: $t; product: $t; collect: $t; fold: $a, $0 => $a; try_fold: $a, $0 => $c;
  try_for_each: $0 => $c; reduce: $0, $0 => Option<$0>; count: usize; last: Option<$0>; next: Option<$0>; nth: Option<$0>;
  peek: Option<&$0>; any: $0 => bool; all: $0 => bool; find: &$0 => Option<$0>; position: $0 => Option<usize>; find_map: $0 => $c;
  max: Option<$0>; min: Option<$0>; max_by: &$0, &$0 => Option<$0>; min_by: &$0, &$0 => Option<$0>; max_by_key: &$0 => Option<$0>;
  min_by_key: &$0 => Option<$0>; partition: &$0 => ?; scan: &$a, $0 => Iter<?>; unzip: $t; into_iter: Self; iter: Self;
  flatten: Iter<?>; next_back: Option<$0>; clone: Self; map_while: $0 => Iter<?>; dedup: Self;
`);

const SLICE = table(`
  len: usize; is_empty: bool; iter: Iter<&$0>; iter_mut: Iter<&$0>; get: Option<&$0>; get_mut: Option<&$0>; first: Option<&$0>;
  last: Option<&$0>; first_mut: Option<&$0>; last_mut: Option<&$0>; to_vec: Vec<$0>; contains: bool; chunks: Iter<&[$0]>;
  chunks_exact: Iter<&[$0]>; windows: Iter<&[$0]>; chunks_mut: Iter<&[$0]>; split_at: (&[$0], &[$0]); sort_by: &$0, &$0 => ?;
  sort_unstable_by: &$0, &$0 => ?; sort_by_key: &$0 => ?; as_ref: &[$0]; as_slice: &[$0]; into_vec: Vec<$0>; concat: ?; join: ?;
  binary_search: Result<usize, usize>; to_owned: Vec<$0>; iter_ones: Iter<usize>; split_first: Option<(&$0, &[$0])>;
  split_last: Option<(&$0, &[$0])>; binary_search_by: &$0 => Result<usize, usize>;
`);

const VEC = table(`
  into_iter: Iter<$0>; drain: Iter<$0>; pop: Option<$0>; remove: $0; swap_remove: $0; as_slice: &[$0]; as_mut_slice: &[$0];
  clone: Self; into_boxed_slice: std::boxed::Box<[$0]>; retain: &$0 => ?; capacity: usize; push: (); split_off: Self;
  dedup_by_key: &$0 => ?; front: Option<&$0>; back: Option<&$0>; pop_front: Option<$0>; pop_back: Option<$0>;
`);

const STR = table(`
  len: usize; is_empty: bool; chars: Iter<char>; char_indices: Iter<(usize, char)>; bytes: Iter<u8>; as_bytes: &[u8]; as_str: &str;
  to_string: String; to_owned: String; clone: Self; trim: &str; trim_start: &str; trim_end: &str; lines: Iter<&str>;
  split: Iter<&str>; rsplit: Iter<&str>; split_whitespace: Iter<&str>; split_terminator: Iter<&str>; splitn: Iter<&str>;
  parse: Result<$t, ?>; to_lowercase: String; to_uppercase: String; replace: String; repeat: String; starts_with: bool;
  ends_with: bool; contains: bool; find: Option<usize>; rfind: Option<usize>; get: Option<&str>; strip_prefix: Option<&str>;
  strip_suffix: Option<&str>; split_once: Option<(&str, &str)>; rsplit_once: Option<(&str, &str)>; into_bytes: Vec<u8>;
  trim_matches: &str; trim_start_matches: &str; trim_end_matches: &str; pop: Option<char>; split_at: (&str, &str);
  to_ascii_lowercase: String; is_char_boundary: bool; chars_rev: ?; as_ref: &str; into_boxed_str: ?; matches: Iter<&str>;
  to_socket_addrs: Result<Iter<std::net::SocketAddr>, IoError>;
`);

const MAP = table(`
  get: Option<&$1>; get_mut: Option<&$1>; contains_key: bool; insert: Option<$1>; remove: Option<$1>; keys: Iter<&$0>;
  values: Iter<&$1>; values_mut: Iter<&$1>; iter: Iter<(&$0, &$1)>; iter_mut: Iter<(&$0, &$1)>; into_iter: Iter<($0, $1)>;
  into_values: Iter<$1>; into_keys: Iter<$0>; len: usize; is_empty: bool; clone: Self; drain: Iter<($0, $1)>;
  retain: &$0, &$1 => ?; first_key_value: Option<(&$0, &$1)>; last_key_value: Option<(&$0, &$1)>;
`);

const SET = table(`
  iter: Iter<&$0>; into_iter: Iter<$0>; contains: bool; insert: bool; len: usize; is_empty: bool; get: Option<&$0>; clone: Self;
  drain: Iter<$0>; retain: &$0 => ?; first: Option<&$0>; last: Option<&$0>; pop_first: Option<$0>; union: Iter<&$0>;
  intersection: Iter<&$0>; difference: Iter<&$0>;
`);

const FLOAT = table(`
  partial_cmp: Option<std::cmp::Ordering>; total_cmp: std::cmp::Ordering; to_bits: u64; is_nan: bool; is_finite: bool;
  is_infinite: bool; clone: Self; to_string: String; is_sign_negative: bool; sin_cos: (Self, Self);
`);

const INT = table(`
  checked_add: Option<Self>; checked_sub: Option<Self>; checked_mul: Option<Self>; checked_div: Option<Self>;
  checked_rem: Option<Self>; checked_pow: Option<Self>; to_string: String; clone: Self; count_ones: u32; leading_zeros: u32;
  trailing_zeros: u32; is_power_of_two: bool; partial_cmp: Option<std::cmp::Ordering>; cmp: std::cmp::Ordering;
  try_into: Result<$t, std::num::TryFromIntError>; to_le_bytes: [u8]; to_be_bytes: [u8]; to_ne_bytes: [u8]; unsigned_abs: ?;
`);

/** Methods of floats and integers that are not in the tables above keep their type (`sqrt`, `abs`, `min`, `pow` …). */
const PATH = table(`
  join: std::path::PathBuf; to_path_buf: std::path::PathBuf; parent: Option<&std::path::Path>; file_name: Option<&std::ffi::OsStr>;
  extension: Option<&std::ffi::OsStr>; to_str: Option<&str>; to_string_lossy: std::borrow::Cow<str>; display: ?;
  with_extension: std::path::PathBuf; as_path: &std::path::Path; exists: bool; is_file: bool; is_dir: bool; clone: Self;
  file_stem: Option<&std::ffi::OsStr>;
`);

const READER = table(`
  lines: Iter<Result<String, IoError>>; bytes: Iter<Result<u8, IoError>>; read_line: Result<usize, IoError>;
  read_to_string: Result<usize, IoError>; read_to_end: Result<usize, IoError>; read: Result<usize, IoError>; get_ref: &$0;
  get_mut: &$0; into_inner: $0; by_ref: Self; split: Iter<Result<Vec<u8>, IoError>>;
`);

/** Python values: whatever a method gives that is not listed is Python's as well. */
const BOUND = table(`
  py: Python; extract: Result<$t, PyErr>; downcast: Result<&Bound<$t>, ?>; downcast_into: Result<Bound<$t>, ?>;
  downcast_exact: Result<&Bound<$t>, ?>; cast: Result<&Bound<$t>, ?>; cast_into: Result<Bound<$t>, ?>;
  cast_exact: Result<&Bound<$t>, ?>; call: Result<Bound<PyAny>, PyErr>; call0: Result<Bound<PyAny>, PyErr>;
  call1: Result<Bound<PyAny>, PyErr>; call_method: Result<Bound<PyAny>, PyErr>; call_method0: Result<Bound<PyAny>, PyErr>;
  call_method1: Result<Bound<PyAny>, PyErr>; getattr: Result<Bound<PyAny>, PyErr>; get_item: Result<?, PyErr>;
  iter: Iter<Bound<PyAny>>; try_iter: Result<Iter<Result<Bound<PyAny>, PyErr>>, PyErr>; len: usize; is_none: bool; is_empty: bool;
  is_true: Result<bool, PyErr>; is_truthy: Result<bool, PyErr>; to_string: String; to_vec: ?; hash: Result<isize, PyErr>;
  is_instance_of: bool; unbind: Py<$0>; borrow: PyRef<$0>; borrow_mut: PyRefMut<$0>; try_borrow: Result<PyRef<$0>, ?>;
  try_borrow_mut: Result<PyRefMut<$0>, ?>; clone: Self; as_bytes: &[u8]; to_str: Result<&str, PyErr>;
  str: Result<Bound<pyo3::PyString>, PyErr>; repr: Result<Bound<pyo3::PyString>, PyErr>;
  to_cow: Result<std::borrow::Cow<str>, PyErr>; get: &$0; setattr: Result<(), PyErr>; set_item: Result<(), PyErr>;
  append: Result<(), PyErr>; keys: Bound<pyo3::PyList>; values: Bound<pyo3::PyList>; contains: Result<bool, PyErr>;
  to_object: Py<PyAny>; into_any: Bound<PyAny>; as_any: &Bound<PyAny>;
`);

const PY = table(`
  bind: &Bound<$0>; into_bound: Bound<$0>; borrow: PyRef<$0>; borrow_mut: PyRefMut<$0>; clone_ref: Self; clone: Self; as_ref: &$0;
  get: &$0; call: Result<Py<PyAny>, PyErr>; call0: Result<Py<PyAny>, PyErr>; call1: Result<Py<PyAny>, PyErr>;
  call_method: Result<Py<PyAny>, PyErr>; call_method0: Result<Py<PyAny>, PyErr>; call_method1: Result<Py<PyAny>, PyErr>;
  getattr: Result<Py<PyAny>, PyErr>; extract: Result<$t, PyErr>; is_none: bool; to_object: Py<PyAny>; into_any: Py<PyAny>;
  downcast_bound: Result<&Bound<$t>, ?>; cast_bound: Result<&Bound<$t>, ?>;
`);

const PYTHON = table(`
  allow_threads: => $c; detach: => $c; import: Result<Bound<pyo3::PyModule>, PyErr>;
  import_bound: Result<Bound<pyo3::PyModule>, PyErr>; eval: Result<Bound<PyAny>, PyErr>; run: Result<(), PyErr>;
  check_signals: Result<(), PyErr>; with_gil: Python => $c; attach: Python => $c;
`);

const LOCK = table(`
  lock: Result<std::sync::MutexGuard<$0>, ?>; read: Result<std::sync::RwLockReadGuard<$0>, ?>;
  write: Result<std::sync::RwLockWriteGuard<$0>, ?>; into_inner: Result<$0, ?>; get_mut: Result<&$0, ?>;
  try_lock: Result<std::sync::MutexGuard<$0>, ?>;
`);
const PARKING_LOCK = table(`
  lock: std::sync::MutexGuard<$0>; read: std::sync::RwLockReadGuard<$0>; write: std::sync::RwLockWriteGuard<$0>;
  into_inner: $0; get_mut: &$0; try_lock: Option<std::sync::MutexGuard<$0>>;
`);
const CELL = table(`
  borrow: std::cell::Ref<$0>; borrow_mut: std::cell::RefMut<$0>; get: $0; take: $0; replace: $0;
`);
const COMMAND = table(`
  arg: &Self; args: &Self; env: &Self; envs: &Self; current_dir: &Self; stdin: &Self; stdout: &Self; stderr: &Self;
  env_clear: &Self; env_remove: &Self; output: Result<std::process::Output, IoError>;
  status: Result<std::process::ExitStatus, IoError>; spawn: Result<std::process::Child, IoError>;
`);
const CHILD = table(`
  wait: Result<std::process::ExitStatus, IoError>; wait_with_output: Result<std::process::Output, IoError>; try_wait: ?; kill: ?;
`);
const RECEIVER = table(`
  recv: Result<$0, ?>; recv_timeout: Result<$0, ?>; try_recv: Result<$0, ?>; iter: Iter<$0>; try_iter: Iter<$0>;
  into_iter: Iter<$0>;
`);
const OPEN_OPTIONS = table(`
  read: &Self; write: &Self; append: &Self; create: &Self; truncate: &Self; create_new: &Self; open: Result<File, IoError>;
`);
const JOIN = table(`
  join: Result<$0, ?>; is_finished: bool; thread: ?;
`);
const LISTENER = table(`
  accept: Result<(std::net::TcpStream, std::net::SocketAddr), IoError>; incoming: Iter<Result<std::net::TcpStream, IoError>>;
`);
const NUMPY = table(`
  as_array: ndarray::ArrayView<$0>; as_slice: Result<&[$0], ?>; to_vec: Result<Vec<$0>, ?>; readonly: ?; py: Python; as_array_mut: ndarray::ArrayViewMut<$0>;
  as_slice_mut: Result<&[$0], ?>; len: usize;
`);

const HTTP_CLIENT = table(`
  get: reqwest::blocking::RequestBuilder; post: reqwest::blocking::RequestBuilder; put: reqwest::blocking::RequestBuilder;
  delete: reqwest::blocking::RequestBuilder; patch: reqwest::blocking::RequestBuilder; head: reqwest::blocking::RequestBuilder;
  request: reqwest::blocking::RequestBuilder; execute: Result<reqwest::blocking::Response, ?>;
`);
const HTTP_REQUEST = table(`
  header: Self; headers: Self; query: Self; json: Self; body: Self; form: Self; basic_auth: Self; bearer_auth: Self; timeout: Self; set: Self;
  send: Result<reqwest::blocking::Response, ?>;
`);

/** Methods by the receiver's type (after autoderef): external paths, `slice`, `str`, `float`, `int`. */
export const METHODS: Readonly<Record<string, Table>> = {
  'std::option::Option': OPTION,
  'std::result::Result': RESULT,
  'std::iter::Iterator': ITER,
  slice: SLICE,
  'std::vec::Vec': VEC,
  'std::collections::VecDeque': { ...VEC, ...SLICE },
  str: STR,
  'std::string::String': STR,
  'std::collections::HashMap': MAP,
  'std::collections::BTreeMap': MAP,
  'std::collections::HashSet': SET,
  'std::collections::BTreeSet': SET,
  float: FLOAT,
  int: INT,
  'std::path::Path': PATH,
  'std::io::BufReader': READER,
  'std::fs::File': READER,
  'std::io::Stdin': { ...READER, lock: 'std::io::StdinLock' },
  'std::io::StdinLock': READER,
  'std::io::Cursor': READER,
  'std::net::TcpStream': { try_clone: 'Result<Self, IoError>', ...READER },
  'pyo3::Bound': BOUND,
  'pyo3::Borrowed': BOUND,
  'pyo3::PyDict': { ...BOUND, get_item: 'Result<Option<Bound<PyAny>>, PyErr>' },
  'pyo3::PyList': { ...BOUND, get_item: 'Result<Bound<PyAny>, PyErr>' },
  'pyo3::PyTuple': { ...BOUND, get_item: 'Result<Bound<PyAny>, PyErr>' },
  'pyo3::PyAny': { ...BOUND, get_item: 'Result<Bound<PyAny>, PyErr>', len: 'Result<usize, PyErr>' },
  'pyo3::Py': PY,
  'pyo3::Python': PYTHON,
  'std::ffi::CStr': { to_str: 'Result<&str, std::str::Utf8Error>', to_bytes: '&[u8]', to_string_lossy: 'std::borrow::Cow<str>' },
  'std::sync::Mutex': LOCK,
  'std::sync::RwLock': LOCK,
  'parking_lot::Mutex': PARKING_LOCK,
  'parking_lot::RwLock': PARKING_LOCK,
  'std::cell::RefCell': CELL,
  'std::cell::Cell': CELL,
  'std::process::Command': COMMAND,
  'std::process::Child': CHILD,
  'std::sync::mpsc::Receiver': RECEIVER,
  'std::fs::OpenOptions': OPEN_OPTIONS,
  'std::thread::JoinHandle': JOIN,
  'std::thread::ScopedJoinHandle': JOIN,
  'std::net::TcpListener': LISTENER,
  'numpy::PyReadonlyArray': NUMPY,
  'std::ops::Range': ITER,
  'std::ops::RangeInclusive': ITER,
  'tokio::runtime::Builder': {
    enable_all: '&Self',
    enable_io: '&Self',
    enable_time: '&Self',
    worker_threads: '&Self',
    build: 'Result<tokio::runtime::Runtime, IoError>',
  },
  'tokio::runtime::Runtime': { handle: '&tokio::runtime::Handle' },
  'tokio::runtime::Handle': { clone: 'Self' },
  'std::thread::Builder': { name: 'Self', stack_size: 'Self', spawn: '=> Result<std::thread::JoinHandle<$c>, IoError>' },
  'reqwest::blocking::Client': HTTP_CLIENT,
  'reqwest::blocking::RequestBuilder': HTTP_REQUEST,
  'ureq::Request': HTTP_REQUEST,
  'reqwest::blocking::ClientBuilder': { build: 'Result<reqwest::blocking::Client, ?>' },
  'crossbeam_channel::Receiver': RECEIVER,
  'flume::Receiver': RECEIVER,
};

/** Functions by canonical path. Constructors `Type::new`, `default`, `with_capacity` of other types give the type itself. */
export const FUNCTIONS: Table = table(`
  std::fs::File::open: Result<File, IoError>; std::fs::File::create: Result<File, IoError>;
  std::fs::File::options: std::fs::OpenOptions; std::fs::read: Result<Vec<u8>, IoError>;
  std::fs::read_to_string: Result<String, IoError>; std::fs::write: Result<(), IoError>;
  std::fs::read_dir: Result<Iter<Result<std::fs::DirEntry, IoError>>, IoError>; std::fs::copy: Result<u64, IoError>;
  std::fs::metadata: Result<std::fs::Metadata, IoError>; std::fs::create_dir_all: Result<(), IoError>;
  std::fs::create_dir: Result<(), IoError>; std::fs::remove_file: Result<(), IoError>;
  std::fs::remove_dir_all: Result<(), IoError>; std::fs::rename: Result<(), IoError>;
  std::fs::canonicalize: Result<std::path::PathBuf, IoError>; std::io::stdin: std::io::Stdin; std::io::stdout: std::io::Stdout;
  std::thread::spawn: => std::thread::JoinHandle<$c>; std::thread::sleep: ();
  std::net::TcpStream::connect: Result<std::net::TcpStream, IoError>;
  std::net::TcpListener::bind: Result<std::net::TcpListener, IoError>;
  std::net::UdpSocket::bind: Result<std::net::UdpSocket, IoError>;
  std::os::unix::net::UnixStream::connect: Result<std::os::unix::net::UnixStream, IoError>;
  std::sync::mpsc::channel: (std::sync::mpsc::Sender<$t>, std::sync::mpsc::Receiver<$t>);
  std::sync::mpsc::sync_channel: (std::sync::mpsc::SyncSender<$t>, std::sync::mpsc::Receiver<$t>);
  crossbeam_channel::unbounded: (crossbeam_channel::Sender<$t>, crossbeam_channel::Receiver<$t>);
  crossbeam_channel::bounded: (crossbeam_channel::Sender<$t>, crossbeam_channel::Receiver<$t>);
  flume::unbounded: (flume::Sender<$t>, flume::Receiver<$t>); flume::bounded: (flume::Sender<$t>, flume::Receiver<$t>);
  std::str::from_utf8: Result<&str, std::str::Utf8Error>;
  std::string::String::from_utf16: Result<String, std::string::FromUtf16Error>; std::ffi::CString::new: Result<std::ffi::CString, std::ffi::NulError>;
  std::ffi::CStr::from_ptr: &std::ffi::CStr; std::str::from_utf8_mut: Result<&str, std::str::Utf8Error>;
  std::string::String::from_utf8: Result<String, std::string::FromUtf8Error>; std::string::String::from: String;
  std::option::Option::Some: Option<$a>; std::result::Result::Ok: Result<$a, ?>; std::result::Result::Err: Result<?, $a>;
  std::io::BufReader::new: std::io::BufReader<$a>; std::io::BufReader::with_capacity: std::io::BufReader<?>;
  std::io::BufWriter::new: std::io::BufWriter<$a>; std::io::Cursor::new: std::io::Cursor<$a>;
  std::sync::Arc::new: std::sync::Arc<$a>; std::rc::Rc::new: std::rc::Rc<$a>; std::boxed::Box::new: std::boxed::Box<$a>;
  std::sync::Mutex::new: std::sync::Mutex<$a>; std::sync::RwLock::new: std::sync::RwLock<$a>;
  std::cell::RefCell::new: std::cell::RefCell<$a>; std::sync::Arc::clone: $a; std::rc::Rc::clone: $a; std::mem::take: ?;
  std::mem::replace: ?; std::panic::catch_unwind: => Result<$c, ?>; pyo3::Python::with_gil: Python => $c;
  pyo3::Python::attach: Python => $c; pyo3::Python::allow_threads: => $c; pyo3::Python::detach: => $c;
  pyo3::Python::try_attach: Python => Option<$c>; pyo3::Python::with_gil_unchecked: Python => $c;
  pyo3::Python::attach_unchecked: Python => $c; pyo3::Py::new: Result<Py<?>, PyErr>; pyo3::Bound::new: Result<Bound<?>, PyErr>;
  pyo3::PyModule::import: Result<Bound<pyo3::PyModule>, PyErr>; pyo3::PyModule::import_bound: Result<Bound<pyo3::PyModule>, PyErr>;
  pyo3::PyModule::from_code: Result<Bound<pyo3::PyModule>, PyErr>;
  tokio::runtime::Runtime::new: Result<tokio::runtime::Runtime, IoError>;
  tokio::runtime::Builder::new_multi_thread: tokio::runtime::Builder;
  tokio::runtime::Builder::new_current_thread: tokio::runtime::Builder; tokio::runtime::Handle::current: tokio::runtime::Handle;
  tokio::runtime::Handle::try_current: Result<tokio::runtime::Handle, ?>;
  pyo3_async_runtimes::tokio::get_runtime: &tokio::runtime::Runtime; pyo3_asyncio::tokio::get_runtime: &tokio::runtime::Runtime;
  reqwest::blocking::Client::builder: reqwest::blocking::ClientBuilder;
  reqwest::blocking::get: Result<reqwest::blocking::Response, ?>; ureq::get: ureq::Request; ureq::post: ureq::Request; ureq::put: ureq::Request;
  ureq::delete: ureq::Request; ureq::head: ureq::Request; rusqlite::Connection::open: Result<rusqlite::Connection, ?>;
  postgres::Client::connect: Result<postgres::Client, ?>;
`);
