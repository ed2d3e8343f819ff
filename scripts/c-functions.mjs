/** Writes the signatures of known C functions from headers and published declarations: `node scripts/c-functions.mjs [--check]`. */

// Needs gcc with glibc's headers, the manual pages, and the sources of the crates libc and windows-sys in cargo's registry folder.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root } from './stamp.mjs';

const LIBC = 'libc-0.2.191';
const WINDOWS_SYS = 'windows-sys-0.61.2';
const target = (name) => path.join(root, 'server', 'src', 'analysis', 'c-functions', name);

// One letter a type; a signature is the letter of its result, then those of its parameters, `+` for the variadic rest.
//   v nothing   ! never returns   c h i q integers of 1, 2, 4, 8 bytes   f d float, double   p pointer   k fn pointer   ? not the same everywhere
const FIXED = {
  ...{ void: 'v', c_void: 'v', '()': 'v', '!': '!', float: 'f', f32: 'f', c_float: 'f', double: 'd', f64: 'd', c_double: 'd' },
  ...{ bool: 'c', _Bool: 'c', i8: 'c', u8: 'c', i16: 'h', u16: 'h', i32: 'i', u32: 'i', i64: 'q', u64: 'q', usize: 'q', isize: 'q' },
  ...{ c_char: 'c', c_schar: 'c', c_uchar: 'c', c_short: 'h', c_ushort: 'h', c_int: 'i', c_uint: 'i', c_longlong: 'q', c_ulonglong: 'q' },
  ...{ int8_t: 'c', uint8_t: 'c', int16_t: 'h', uint16_t: 'h', int32_t: 'i', uint32_t: 'i', int64_t: 'q', uint64_t: 'q' },
  ...{ size_t: 'q', ssize_t: 'q', intptr_t: 'q', uintptr_t: 'q', ptrdiff_t: 'q' },
};

/** Splits at commas outside of brackets. */
function split(list) {
  const parts = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < list.length; i++) {
    if ('([<{'.includes(list[i])) depth++;
    else if (')]}'.includes(list[i]) || (list[i] === '>' && list[i - 1] !== '-')) depth--;
    else if (list[i] === ',' && depth === 0) {
      parts.push(list.slice(from, i).trim());
      from = i + 1;
    }
  }
  return [...parts, list.slice(from).trim()].filter((part) => part !== '');
}

// ---- glibc's headers, through gcc ----

/** ISO C, POSIX and the usual extensions of Linux; what machine and kernel interfaces have beside them is left out. */
const HEADERS = `
aio arpa/inet assert ctype dirent dlfcn err errno error fcntl fenv fmtmsg fnmatch ftw getopt glob grp iconv ifaddrs inttypes langinfo
libgen locale malloc math mntent monetary mqueue ndbm net/if netdb netinet/in nl_types poll pthread pwd regex sched search semaphore
setjmp shadow signal spawn stdio stdlib string strings sys/epoll sys/eventfd sys/inotify sys/ioctl sys/ipc sys/mman sys/mount sys/msg
sys/prctl sys/ptrace sys/resource sys/select sys/sem sys/sendfile sys/shm sys/signalfd sys/socket sys/stat sys/statfs sys/statvfs
sys/swap sys/time sys/timerfd sys/times sys/types sys/uio sys/utsname sys/wait sys/xattr syslog termios time ucontext uchar unistd utime utmpx
wchar wctype wordexp sys/auxv sys/random sys/file sys/sysinfo sys/syscall
`;

function glibc() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'c-functions-'));
  try {
    const present = HEADERS.trim()
      .split(/\s+/)
      .filter((name) => existsSync(`/usr/include/${name}.h`) || existsSync(`/usr/include/x86_64-linux-gnu/${name}.h`));
    const source = path.join(folder, 'all.c');
    writeFileSync(source, `#define _GNU_SOURCE\n${present.map((name) => `#include <${name}.h>\n`).join('')}`);
    const listed = path.join(folder, 'all.txt');
    execFileSync('gcc', ['-fsyntax-only', '-aux-info', listed, source]);
    const expanded = execFileSync('gcc', ['-E', '-P', source], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const typedefs = new Map();
    for (const [, of, name] of expanded.matchAll(/\btypedef\s+([^;{}]*?)\b(\w+)\s*;/g)) typedefs.set(name, of.trim());
    for (const [, name] of expanded.matchAll(/\btypedef\s[^;{}]*\(\s*\*\s*(\w+)\s*\)\s*\([^;{}]*\)\s*;/g)) typedefs.set(name, '(*');
    const found = new Map();
    for (const line of readFileSync(listed, 'utf8').split('\n')) {
      const declared = /\*\/ extern (.*?)(\b\w+) \((.*)\);$/.exec(line);
      if (!declared) continue;
      const [, result, name, params] = declared;
      if (/^_|f(32|64|128)x?|^d\w+l$|^f(add|div|fma|mul|sqrt|sub)l?$/.test(name) || /\(/.test(result)) continue;
      const letters = params === 'void' ? [] : split(params).map((one) => (one === '...' ? '+' : ofC(one, typedefs)));
      found.set(name, [ofC(result, typedefs), ...letters].join(''));
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ofC(written, typedefs, depth = 8) {
  const type = written.replace(/\b(const|volatile|restrict|__restrict|register|extern|static|__extension__)\b/g, ' ').trim();
  if (/\(\s*\*/.test(type)) return 'k';
  if (/[*[]/.test(type) || type === '__SOCKADDR_ARG' || type === '__CONST_SOCKADDR_ARG') return 'p';
  if (/__builtin_va_list|va_list/.test(type)) return '?';
  const words = type.split(/\s+/).filter(Boolean);
  if (words[0] === 'enum') return 'i';
  if (words[0] === 'struct' || words[0] === 'union' || /_Float|_Complex|__int128/.test(type)) return '?';
  if (words.every((word) => /^(unsigned|signed|long|short|int|char)$/.test(word))) {
    if (words.includes('char')) return 'c';
    return words.includes('short') ? 'h' : words.includes('long') ? 'q' : 'i';
  }
  if (words.includes('double')) return words.includes('long') ? '?' : 'd';
  const [name] = words;
  if (words.length !== 1 || depth === 0) return '?';
  return FIXED[name] ?? (typedefs.has(name) ? ofC(typedefs.get(name), typedefs, depth - 1) : '?');
}

// ---- Rust declarations: libc for other systems, windows-sys for Windows ----

function registry(crate) {
  const folder = path.join(process.env.CARGO_HOME ?? path.join(os.homedir(), '.cargo'), 'registry', 'src');
  const found = readdirSync(folder)
    .map((name) => path.join(folder, name, crate))
    .find((name) => existsSync(name));
  if (!found) throw new Error(`${folder} has no ${crate}: \`cargo fetch\` a package that depends on it`);
  return found;
}

/** The Rust texts below a folder whose path passes. */
function texts(folder, wanted) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.rs') && wanted(name.replaceAll('\\', '/')))
    .sort()
    .map((name) => readFileSync(path.join(folder, name), 'utf8').replace(/\/\/.*$/gm, ''));
}

/** All types that an alias stands for somewhere. */
function aliases(sources) {
  const found = new Map();
  for (const text of sources)
    for (const [, name, type] of text.matchAll(/\bpub type (\w+)\s*=\s*([^;]+);/g))
      found.set(name, [...(found.get(name) ?? []), type.trim()]);
  return found;
}

function ofRust(written, known, long, depth = 6) {
  const type = written.trim();
  if (/^\*(const|mut)\b/.test(type) || type.startsWith('&')) return 'p';
  if (/^(Option\s*<\s*)?(unsafe\s+)?extern\b/.test(type)) return 'k';
  if (type === '!') return '!';
  const name = type.split('::').at(-1).trim();
  if (name === 'c_long' || name === 'c_ulong') return long;
  const fixed = FIXED[name];
  if (fixed) return fixed;
  const letters = new Set(depth === 0 ? [] : (known.get(name) ?? []).map((one) => ofRust(one, known, long, depth - 1)));
  return letters.size === 1 ? [...letters][0] : '?';
}

function signature(params, result, known, long) {
  const letters = split(params.replace(/#\[[^\]]*\]/g, '')).map((one) =>
    one === '...' ? '+' : ofRust(one.replace(/^\w+\s*:/, ''), known, long),
  );
  return [result ? ofRust(result, known, long) : 'v', ...letters].join('');
}

/** The offset of the parenthesis that closes what is open at an offset. */
function closing(text, from) {
  let depth = 0;
  let i = from;
  for (; i < text.length && (depth > 0 || text[i] !== ')'); i++) depth += text[i] === '(' ? 1 : text[i] === ')' ? -1 : 0;
  return i;
}

/** Every declaration in libc's sources, several of a name where systems differ. */
function ofLibc(folder, wanted, long) {
  const sources = texts(folder, wanted);
  const known = aliases([...sources, readFileSync(path.join(folder, 'primitives.rs'), 'utf8')]);
  const found = new Map();
  for (const text of sources) {
    for (const start of text.matchAll(/\bpub (?:unsafe )?(?:safe )?fn (\w+)\s*\(/g)) {
      const close = closing(text, start.index + start[0].length);
      const rest = /^\)\s*(?:->\s*([^;{]+?))?\s*;/.exec(text.slice(close));
      if (!rest) continue;
      const letters = signature(text.slice(start.index + start[0].length, close), rest[1], known, long);
      found.set(start[1], [...(found.get(start[1]) ?? []), letters]);
    }
  }
  return found;
}

/** Only what every system agrees on; null where they have different parameters. An address is an address, whatever its type. */
function merge(signatures) {
  const [first] = signatures;
  if (signatures.some((one) => one.length !== first.length || one.endsWith('+') !== first.endsWith('+'))) return null;
  return [...first]
    .map((_, i) => {
      const letters = new Set(signatures.map((one) => one[i]));
      if (letters.size === 1) return [...letters][0];
      if ([...letters].every((letter) => 'pkq'.includes(letter))) return letters.has('k') ? 'k' : 'p';
      return [...letters].every((letter) => 'v!'.includes(letter)) ? 'v' : '?';
    })
    .join('');
}

/** 64-bit systems that crates are built for; the others have their own types. */
const UNIX = (name) =>
  /^(unix|new)\//.test(name) &&
  !/\b(b32|x32|arm|x86|mips\w*|sparc\w*|powerpc\w*|s390x|m68k|hexagon|csky|riscv32|lfs64|aix|cygwin|haiku|hurd|newlib|nto|nuttx|redox|relibc|l4re|linux_l4re_shared|solarish|solaris|illumos|emscripten|uclibc|hermit\w*|vita|horizon|espidf|vxworks|wasi|xous|teeos|qurt|sgx|rtems|solid|helenos|trusty|ucrt|fuchsia|dragonfly)(\.rs|\/|$)/.test(
    name,
  );

function unix() {
  const others = ofLibc(path.join(registry(LIBC), 'src'), UNIX, 'q');
  const found = new Map();
  for (const [name, own] of glibc()) {
    const merged = merge([own, ...(others.get(name) ?? [])]);
    if (merged !== null && /[^?]/.test(merged)) found.set(name, merged);
  }
  return found;
}

/** The modules of what programs call most, and the libraries that they come from. */
const MODULES =
  'Foundation System/Memory System/LibraryLoader System/Threading System/Environment System/Console System/IO System/Pipes Storage/FileSystem Networking/WinSock UI/WindowsAndMessaging System/SystemInformation System/Registry System/Diagnostics/Debug';
const LIBRARIES = /^(kernel32|user32|advapi32|ws2_32)\.dll$/;

function windows() {
  const found = new Map();
  for (const [name, all] of ofLibc(path.join(registry(LIBC), 'src'), (file) => file.startsWith('windows/'), 'i')) {
    const merged = merge(all);
    if (merged !== null) found.set(name, merged);
  }
  const folder = path.join(registry(WINDOWS_SYS), 'src');
  const win32 = path.join(folder, 'Windows', 'Win32');
  const known = aliases([...texts(win32, () => true), ...texts(path.join(folder, 'core'), () => true)]);
  const sources = MODULES.split(' ').map((name) => readFileSync(path.join(win32, ...name.split('/'), 'mod.rs'), 'utf8'));
  for (const text of sources) {
    for (const [, library, name, params, result] of text.matchAll(/link!\("([^"]+)" "\w+" fn (\w+)\((.*)\)(?:\s*->\s*(.+))?\);$/gm)) {
      if (LIBRARIES.test(library))
        found.set(name, merge([signature(params, result, known, 'i'), ...(found.has(name) ? [found.get(name)] : [])]) ?? '');
    }
  }
  return new Map([...found].filter(([, letters]) => letters !== ''));
}

// ---- async-signal safety ----

/** The table of signal-safety(7), from the package manpages. */
function signalSafe() {
  const page = gunzipSync(readFileSync('/usr/share/man/man7/signal-safety.7.gz')).toString('utf8');
  const table = /\.TS([\s\S]*?)\.TE/.exec(page)?.[1] ?? '';
  return [...table.matchAll(/^\\fB([\w]+)\\fP\(\d\)/gm)].map(([, name]) => name);
}

// ---- files ----

/** Words in lines of at most 138 characters. */
function wrap(words) {
  const lines = [];
  let line = '';
  for (const word of words) {
    if (line.length + word.length + 1 > 138) {
      lines.push(line);
      line = '';
    }
    line = `${line} ${word}`.trim();
  }
  return [...lines, line].join('\n');
}

const list = (found) => wrap([...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, letters]) => `${name}=${letters}`));

const UNIX_TEXT = `/** Generated by \`node scripts/c-functions.mjs\`: signatures of C functions on 64-bit Unix (LP64), and which are async-signal-safe. */

// Sources: the headers of glibc as gcc reads them (-aux-info), without what the declarations of the libc crate (${LIBC.slice(5)}) have
// otherwise on macOS, the BSDs, Android and musl; the table of the manual page signal-safety(7), which is that of POSIX.1.
// \`name=\` is followed by a letter for the result and one for each parameter; see table.ts.

export const UNIX_SIGNATURES = \`
${list(unix())}
\`;

export const ASYNC_SIGNAL_SAFE = \`
${wrap(signalSafe().sort())}
\`;
`;

const WINDOWS_TEXT = `/** Generated by \`node scripts/c-functions.mjs\`: signatures of C functions on 64-bit Windows (LLP64). */

// Sources: the declarations of the C runtime in the libc crate (${LIBC.slice(5)}), and those of kernel32, user32, advapi32 and ws2_32 in
// windows-sys (${WINDOWS_SYS.slice(12)}), which is made from Microsoft's metadata. Letters as in signatures-unix.ts; see table.ts.

export const WINDOWS_SIGNATURES = \`
${list(windows())}
\`;
`;

for (const [name, text] of [
  ['signatures-unix.ts', UNIX_TEXT],
  ['signatures-windows.ts', WINDOWS_TEXT],
]) {
  const file = target(name);
  const same = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (process.argv.includes('--check')) {
    if (!same) {
      console.error(`${path.relative(root, file)} is not what scripts/c-functions.mjs writes with this machine's headers`);
      process.exitCode = 1;
    }
  } else if (!same) {
    writeFileSync(file, text);
    console.log(`wrote ${path.relative(root, file)}`);
  }
}
