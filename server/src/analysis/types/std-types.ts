/** What is known of the standard library's types at a C boundary, by the last segment of their path. */
import { words } from '../../base/words.ts';

/**
 * Types whose layout is not defined for other languages when passed by value
 * (Rust Reference, "Type layout": only repr(C), transparent and integer reprs are; none of these documents one).
 */
export const RUST_LAYOUT_TYPES: ReadonlySet<string> = words(`
  String Vec VecDeque HashMap HashSet BTreeMap BTreeSet BinaryHeap LinkedList Rc Arc Weak RefCell Mutex RwLock OnceCell
  OnceLock LazyLock OsString PathBuf CString Duration Instant SystemTime Cow IpAddr Ipv4Addr Ipv6Addr SocketAddr
  SocketAddrV4 SocketAddrV6 Range RangeInclusive Layout TypeId ThreadId JoinHandle Sender Receiver File TcpStream
`);

/** Types without a size: a pointer to one carries a length. */
export const UNSIZED_TYPES: ReadonlySet<string> = new Set(['OsStr', 'Path', 'CStr']);

/** Transparent or documented to have the ABI of a C type (std docs of each). */
export const C_LAYOUT_TYPES: ReadonlySet<string> = words(`
  AtomicBool AtomicI8 AtomicI16 AtomicI32 AtomicI64 AtomicIsize AtomicU8 AtomicU16 AtomicU32 AtomicU64 AtomicUsize
  AtomicPtr NonZero NonZeroI8 NonZeroI16 NonZeroI32 NonZeroI64 NonZeroIsize NonZeroU8 NonZeroU16 NonZeroU32 NonZeroU64
  NonZeroUsize VaList VaListImpl
`);

/** Without size or alignment demands as a field; by value in a signature they say nothing. */
export const ZERO_SIZED_TYPES: ReadonlySet<string> = new Set(['PhantomData', 'PhantomPinned', 'Infallible']);

/** `c_int` and the like, from std::ffi, std::os::raw or libc. */
export function isCAlias(path: readonly string[]): boolean {
  const name = path[path.length - 1] ?? '';
  if (path[0] === 'libc') return name !== 'c_void';
  return (
    path[0] === 'std' &&
    /^c_(char|schar|uchar|short|ushort|int|uint|long|ulong|longlong|ulonglong|float|double|size_t|ssize_t|ptrdiff_t)$/.test(name)
  );
}

export function isNonZero(name: string): boolean {
  return name.startsWith('NonZero');
}
