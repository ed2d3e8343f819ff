/** The work that is worth letting other Python threads run for, as data: canonical path or type and method. */
import type { MaybeTy } from '../types/local-types-ty.ts';
import { isExternal, stripRefs } from '../types/local-types-ty.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { WorkClass } from './gil-facts.ts';

export interface Seed {
  readonly class: WorkClass;
  /** For the message: `std::fs::read`, `JoinHandle::join`. */
  readonly what: string;
  /** Whether its value is known to be `Send`, so that it may leave a detached closure. */
  readonly send: boolean;
  /** It only sets up an iterator: the work is done by whoever runs it. */
  readonly lazy: boolean;
  /** It counts only when fed from a parameter or field. */
  readonly onData: boolean;
}

type Row = readonly [cls: WorkClass, names: string];

/** `path name name` a line: the functions below a path. `*` stands for all of lower case. */
const FUNCTIONS: readonly Row[] = [
  // Blocking: the file system, the network, waiting for others (std docs; each may sleep in the kernel).
  [
    'blocking',
    'std::fs canonicalize copy create_dir create_dir_all exists hard_link metadata read read_dir read_link read_to_string remove_dir remove_dir_all remove_file rename set_permissions symlink_metadata write',
  ],
  ['blocking', 'std::fs::File open create create_new open_buffered'],
  ['blocking', 'std::thread sleep sleep_ms sleep_until park park_timeout scope'],
  ['blocking', 'std::net::TcpStream connect connect_timeout'],
  ['blocking', 'std::net::TcpListener bind'],
  ['blocking', 'std::os::unix::net::UnixStream connect'],
  ['blocking', 'std::os::unix::net::UnixListener bind'],
  ['blocking', 'reqwest::blocking get'],
  ['blocking', 'attohttpc get post put delete head'],
  ['blocking', 'postgres::Client connect'],
  ['blocking', 'rusqlite::Connection open open_with_flags'],
  ['blocking', 'futures::executor block_on'],
  ['blocking', 'futures_executor block_on'],
  ['blocking', 'futures_lite::future block_on'],
  ['blocking', 'pollster block_on'],
  ['blocking', 'async_std::task block_on'],
  ['blocking', 'smol block_on'],
  ['blocking', 'tokio::task block_in_place'],
  ['blocking', 'memmap2::Mmap map'],
  ['blocking', 'memmap2::MmapMut map_mut'],
  ['blocking', 'csv::Reader from_path'],
  ['blocking', 'csv::ReaderBuilder from_path'],
  ['blocking', 'image open'],
  // Heavy computation: parallel loops, compression, hashing of passwords, whole-image operations.
  ['compute', 'rayon join scope scope_fifo in_place_scope'],
  ['compute', 'zstd encode_all decode_all compress decompress'],
  ['compute', 'zstd::stream encode_all decode_all copy_encode copy_decode'],
  ['compute', 'zstd::bulk compress decompress'],
  ['compute', 'zstd::block compress decompress'],
  ['compute', 'brotli BrotliCompress BrotliDecompress'],
  ['compute', 'lz4_flex compress compress_prepend_size decompress decompress_size_prepended'],
  ['compute', 'lz4_flex::block compress compress_prepend_size decompress decompress_size_prepended'],
  ['compute', 'lz4::block compress decompress'],
  ['compute', 'bcrypt hash hash_with_result hash_with_salt verify'],
  ['compute', 'pbkdf2 pbkdf2 pbkdf2_hmac pbkdf2_hmac_array pbkdf2_array'],
  ['compute', 'scrypt scrypt'],
  ['compute', 'argon2 hash_raw hash_encoded verify_encoded verify_raw'],
  ['compute', 'image load_from_memory load_from_memory_with_format'],
  ['compute', 'image::imageops *'],
];

/** Computation that grows with what it is given: a seed only on data that came in. */
const ON_DATA: readonly string[] = [
  'serde_json from_str from_slice from_reader',
  'serde_yaml from_str from_slice from_reader',
  'toml from_str',
  'blake3 hash',
  'sha2::Sha256 digest',
  'sha2::Sha512 digest',
  'sha2::Sha384 digest',
  'sha1::Sha1 digest',
  'sha3::Sha3_256 digest',
  'md5 compute',
];

/** `type method method`: methods by the receiver's type, references and smart pointers removed. */
const METHODS: readonly Row[] = [
  ['blocking', 'std::fs::OpenOptions open'],
  ['blocking', 'std::process::Command status output'],
  ['blocking', 'std::process::Child wait wait_with_output'],
  ['blocking', 'std::net::TcpListener accept incoming'],
  ['blocking', 'std::net::UdpSocket recv recv_from send_to peek peek_from'],
  ['blocking', 'std::sync::mpsc::Receiver recv recv_timeout iter'],
  ['blocking', 'crossbeam_channel::Receiver recv recv_timeout recv_deadline iter'],
  ['blocking', 'crossbeam::channel::Receiver recv recv_timeout recv_deadline iter'],
  ['blocking', 'flume::Receiver recv recv_timeout recv_deadline iter'],
  ['blocking', 'tokio::sync::mpsc::Receiver blocking_recv'],
  ['blocking', 'tokio::sync::mpsc::UnboundedReceiver blocking_recv'],
  ['blocking', 'tokio::sync::mpsc::Sender blocking_send'],
  ['blocking', 'tokio::sync::oneshot::Receiver blocking_recv'],
  ['blocking', 'tokio::sync::broadcast::Receiver blocking_recv'],
  ['blocking', 'tokio::sync::Mutex blocking_lock'],
  ['blocking', 'tokio::sync::RwLock blocking_read blocking_write'],
  ['blocking', 'std::sync::Condvar wait wait_while wait_timeout wait_timeout_while wait_timeout_ms'],
  ['blocking', 'std::sync::Barrier wait'],
  ['blocking', 'std::thread::JoinHandle join'],
  ['blocking', 'std::thread::ScopedJoinHandle join'],
  ['blocking', 'tokio::runtime::Runtime block_on'],
  ['blocking', 'tokio::runtime::Handle block_on'],
  ['blocking', 'tokio::task::LocalSet block_on'],
  ['blocking', 'reqwest::blocking::Client execute'],
  ['blocking', 'reqwest::blocking::RequestBuilder send'],
  ['blocking', 'reqwest::blocking::Response text bytes json copy_to'],
  ['blocking', 'postgres::Client execute query query_one query_opt batch_execute simple_query'],
  ['blocking', 'rusqlite::Connection execute execute_batch query_row prepare'],
  ['blocking', 'redis::Client get_connection'],
  ['compute', 'rayon::ThreadPool install scope join'],
  ['compute', 'ndarray::ArrayView dot sum mean var std product'],
  ['compute', 'ndarray::ArrayViewMut dot sum mean var std product mapv_inplace'],
  ['compute', 'snap::raw::Encoder compress compress_vec'],
  ['compute', 'snap::raw::Decoder decompress decompress_vec'],
  ['compute', 'tokenizers::Tokenizer encode encode_batch train train_from_files'],
];

/** Traits of rayon and the method names that only they have. */
const PARALLEL =
  /^(par_iter|par_iter_mut|into_par_iter|par_bridge|par_chunks\w*|par_windows|par_sort\w*|par_split|par_lines|par_drain|par_extend)$/;

export function isParallelMethod(name: string): boolean {
  return PARALLEL.test(name);
}

/** Whether a chain of methods was started as one of rayon's. */
export function isParallelChain(receiver: Expr): boolean {
  for (let at = receiver; at.kind === 'method'; at = at.receiver) if (isParallelMethod(at.name)) return true;
  return false;
}

/** Hashers fed with what came in. */
const METHODS_ON_DATA: readonly string[] = [
  'sha2::Sha256 update',
  'sha2::Sha512 update',
  'sha2::Sha384 update',
  'sha1::Sha1 update',
  'sha3::Sha3_256 update',
  'md5::Md5 update',
  'blake3::Hasher update',
];

/** Crates whose readers and writers compress; reading one to its end is the work. */
const CODECS = /^(flate2|bzip2|xz2|liblzma|zstd|brotli|brotli_decompressor|snap|lz4|lz4_flex)::/;
const CODEC_METHODS = new Set(['read_to_end', 'read_to_string', 'write_all', 'finish']);

interface Entry {
  readonly class: WorkClass;
  readonly onData: boolean;
}

function expand(rows: readonly Row[], onData: boolean): [string, Entry][] {
  return rows.flatMap(([cls, line]) => {
    const [path = '', ...names] = line.split(' ');
    return names.map((name): [string, Entry] => [`${path}::${name}`, { class: cls, onData }]);
  });
}

const FUNCTION_SEEDS: ReadonlyMap<string, Entry> = new Map([
  ...expand(FUNCTIONS, false),
  ...expand(
    ON_DATA.map((line): Row => ['compute', line]),
    true,
  ),
]);
const METHOD_SEEDS: ReadonlyMap<string, Entry> = new Map([
  ...expand(METHODS, false),
  ...expand(
    METHODS_ON_DATA.map((line): Row => ['compute', line]),
    true,
  ),
]);

/** Results that may not cross threads, and so not leave a detached closure. */
const NOT_SEND = new Set(['std::sync::Condvar', 'tokio::sync::Mutex', 'tokio::sync::RwLock', 'std::thread::scope', 'std::fs::read_dir']);

/** The work of calling a function of another crate; null where it is none. `path` is canonical. */
export function functionSeed(path: string): Seed | null {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('::')));
  const lower = /::[a-z_0-9]+$/.test(path);
  const entry = FUNCTION_SEEDS.get(path) ?? (lower ? FUNCTION_SEEDS.get(`${parent}::*`) : undefined);
  if (entry)
    return { class: entry.class, what: path, send: path.startsWith('std::') && !NOT_SEND.has(path), lazy: false, onData: entry.onData };
  // ureq's API has changed its shape often; all that runs a request ends in `call` or `send`, handled as methods.
  return null;
}

/** Types through which reading or writing reaches a file, a socket or a terminal. */
const DEVICES = new Set([
  'std::fs::File',
  'std::net::TcpStream',
  'std::os::unix::net::UnixStream',
  'std::io::Stdin',
  'std::io::StdinLock',
  'std::process::ChildStdout',
  'std::process::ChildStderr',
  'std::process::ChildStdin',
]);
const WRAPPERS = /^std::io::(BufReader|BufWriter|LineWriter|Take|Chain)$/;
const DEVICE_METHODS = new Set([
  'read',
  'read_exact',
  'read_to_string',
  'read_to_end',
  'read_line',
  'read_until',
  'write',
  'write_all',
  'flush',
  'sync_all',
  'sync_data',
  'peek',
]);
const DEVICE_ITERATORS = new Set(['lines', 'bytes', 'split']);

/** The device behind buffers and references; null for memory and for what is not known. */
export function deviceOf(ty: MaybeTy): string | null {
  const at = stripRefs(ty);
  if (at?.kind !== 'external') return null;
  if (DEVICES.has(at.path)) return at.path;
  return WRAPPERS.test(at.path) ? deviceOf(at.args[0] ?? null) : null;
}

/** Sockets, which `set_nonblocking` keeps from waiting. */
export function isSocket(ty: MaybeTy): boolean {
  return ty?.kind === 'external' && /^std::(net|os::unix::net)::/.test(ty.path);
}

/** The work of a method of a type of another crate; null where it is none or the type is not known. */
export function methodSeed(receiver: readonly MaybeTy[], name: string): Seed | null {
  for (const ty of receiver) {
    if (ty?.kind !== 'external') continue;
    const entry = METHOD_SEEDS.get(`${ty.path}::${name}`);
    const short = `${ty.path.slice(ty.path.lastIndexOf(':') + 1)}::${name}`;
    if (entry) {
      const send = ty.path.startsWith('std::') && !NOT_SEND.has(ty.path);
      return { class: entry.class, what: short, send, lazy: name === 'iter' || name === 'incoming', onData: entry.onData };
    }
    if (CODECS.test(ty.path) && CODEC_METHODS.has(name)) return { class: 'compute', what: short, send: false, lazy: false, onData: false };
    if (ty.path.startsWith('ureq::') && (name === 'call' || /^send(_\w+)?$/.test(name)))
      return { class: 'blocking', what: `ureq::${name}`, send: false, lazy: false, onData: false };
    const device = deviceOf(ty);
    if (!device || isExternal(ty, 'std::io::Stdin')) {
      if (!(device && name === 'read_line')) continue;
    }
    const what = device.slice(device.lastIndexOf(':') + 1);
    if (DEVICE_METHODS.has(name) || DEVICE_ITERATORS.has(name))
      return { class: 'blocking', what: `${what}::${name}`, send: true, lazy: DEVICE_ITERATORS.has(name), onData: false };
  }
  return null;
}

/** Functions that read all of one of their arguments: a seed where that is a device. */
export function readsArgument(path: string): boolean {
  return path === 'std::io::copy' || path === 'std::io::read_to_string' || path === 'serde_json::from_reader';
}
