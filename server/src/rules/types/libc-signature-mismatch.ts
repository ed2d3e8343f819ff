/** A function of the C library is declared with a signature that it does not have. */
import type { CType } from '../../analysis/c-functions/signatures.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { Attribute } from '../../model/rust/attribute.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import { implies } from '../../model/rust/cfg-logic.ts';
import type { RustItem } from '../../model/workspace.ts';
import type { CDiff } from '../c-signature-diff.ts';
import { cSignatureDiff, knownSignatures, signatureText } from '../c-signature-diff.ts';
import { stdPath } from '../edits.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'mismatch'>;

export default defineRule({
  id: 'libc-signature-mismatch',
  group: 'types',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: ['invalid_runtime_symbol_definitions', 'suspicious_runtime_symbol_definitions'],
  fix: 'unsafe',
  messages: { mismatch: '`{name}` is declared otherwise than the system defines it: {what} is {expected} in C' },
  docs: {
    what: 'An extern block declares a function of the C library, POSIX or Win32 with another number or width of parameters',
    why: `The linker only compares names. The function reads its arguments from where its own signature says, so that one parameter too few, an
\`int\` for a \`size_t\` or a missing \`...\` makes it work on what happens to be there. On some systems it happens to work.`,
    bad: `use std::ffi::c_void;

extern "C" {
    fn write(file: i32, buffer: *const c_void, count: u32) -> i32;
    fn memset(to: *mut c_void, value: u8, count: usize) -> *mut c_void;
}

pub fn clear(bytes: &mut [u8]) -> i32 {
    unsafe {
        memset(bytes.as_mut_ptr().cast(), 0, bytes.len());
        write(1, bytes.as_ptr().cast(), bytes.len() as u32)
    }
}
`,
    good: `use std::ffi::{c_int, c_void};

extern "C" {
    fn write(file: c_int, buffer: *const c_void, count: usize) -> isize;
    fn memset(to: *mut c_void, value: c_int, count: usize) -> *mut c_void;
}

pub fn clear(bytes: &mut [u8]) -> isize {
    unsafe {
        memset(bytes.as_mut_ptr().cast(), 0, bytes.len());
        write(1, bytes.as_ptr().cast(), bytes.len())
    }
}
`,
    exceptions: [
      'types of equal width: `c_ulong` for `size_t` on Unix, signs, any pointer for any other, an address in a `usize`',
      'what is right on 64-bit Unix or on 64-bit Windows, unless `cfg` says for which of them the code is',
      'a result that is not declared',
      'types that Unix systems do not agree on, such as `mode_t`, and types of other crates',
      '`link_name`, blocks that link another library or a WebAssembly module, and symbols that the workspace defines itself',
      'generated files, code for WebAssembly, and names that are ordinary words in a block without any other function of the C library',
    ],
    fixSafety:
      'Not safe: calls must follow, and the table knows widths and not names: for 8 bytes it offers `usize` or `isize`. There is none where pointers or the number of parameters differ, which the manual of the function tells.',
    references: [
      { title: 'POSIX, system interfaces', url: 'https://pubs.opengroup.org/onlinepubs/9799919799/functions/contents.html' },
      { title: 'Rust Reference, external blocks', url: 'https://doc.rust-lang.org/reference/items/external-blocks.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust' || ctx.unit.file.index.generated) return;
    for (const fn of ctx.unit.surface.functions) {
      if (fn.role !== 'import' || fn.symbol === null || fn.rewritten || !isOfTheSystem(fn)) continue;
      const { symbol } = fn;
      const diff = cSignatureDiff(fn, symbol, fn.item.cfg, ctx.workspace);
      if (!diff || isDefinedHere(ctx, symbol) || (ORDINARY.has(symbol) && !hasCompany(ctx, fn))) continue;
      ctx.report('mismatch', {
        at: { file: fn.item.file, span: fn.ast.nameSpan },
        data: { name: symbol, what: diff.what, expected: diff.expected },
        help: `in C it is \`${signatureText(symbol, diff.signature)}\`; the declaration of the \`libc\` or \`windows-sys\` crate is right`,
        fixes: correctFix(fn, diff),
        item: fn.item,
      });
    }
  },
});

/** A number of the right width in the place of one of another, or the `...` that is missing. */
function correctFix({ item, ast, scope }: BoundaryFn, diff: CDiff): readonly Fix[] {
  const file = item.file.path;
  if (diff.type) {
    const name = numberOf(diff.type.expected, diff.type.written, stdPath(scope));
    return name === null ? [] : [{ title: `write \`${name}\``, safe: false, edits: [{ file, span: diff.type.written.span, text: name }] }];
  }
  const last = ast.params.at(-1)?.span.end;
  if (!diff.signature.variadic || ast.variadic || last === undefined) return [];
  // What stands behind the named ones is passed through the `...`.
  const at = ast.params[diff.signature.params.length - 1]?.span.end ?? last;
  return [{ title: 'make it variadic', safe: false, edits: [{ file, span: { start: at, end: last }, text: ', ...' }] }];
}

/** A number as wide as C's, with the sign of the one that is written; null for what is none. */
function numberOf(expected: CType, written: Type, std: string): string | null {
  const last = written.kind === 'path' ? (written.path.segments.at(-1)?.name ?? '') : '';
  if (expected.kind === 'float') return `::${std}::ffi::${expected.bytes === 4 ? 'c_float' : 'c_double'}`;
  if (expected.kind !== 'int' || !/^([iu](8|16|32|64|size)|c_\w+|s?size_t)$/.test(last)) return null;
  const unsigned = /^u|^c_u|^size_t$/.test(last);
  if (expected.bytes === 8) return unsigned ? 'usize' : 'isize';
  // What C takes as a byte it takes as an `int`, whatever its sign was.
  return expected.bytes === 4 ? `::${std}::ffi::${unsigned && last !== 'u8' && last !== 'u16' ? 'c_uint' : 'c_int'}` : null;
}

/** Libraries in which the functions of the table are (names for -l on Unix, of import libraries on Windows). */
const SYSTEM_LIBRARIES = /^(c|m|rt|pthread|dl|util|System|msvcrt|ucrt|vcruntime|kernel32|user32|advapi32|ws2_32)$/i;

/** Whether the symbol is meant to come from the system: no renaming, no other library, no module of WebAssembly. */
function isOfTheSystem(fn: BoundaryFn): boolean {
  const { attributes } = fn.item.entry;
  const links = (fn.item.owner?.entry.attributes ?? []).filter((one) => one.path === 'link');
  if (attributes.some((one) => one.path === 'link_name') || /^(rust|efiapi|vectorcall|thiscall|fastcall)/i.test(fn.abi ?? '')) return false;
  if (implies(fn.item.cfg, { kind: 'option', name: 'target_family', value: 'wasm' })) return false;
  if (implies(fn.item.cfg, { kind: 'option', name: 'target_arch', value: 'wasm32' })) return false;
  if (links.some((one) => argument(one, 'wasm_import_module') !== null)) return false;
  return links.every((one) => SYSTEM_LIBRARIES.test(argument(one, 'name') ?? ''));
}

function argument(attribute: Attribute, name: string): string | null {
  return attribute.args?.find((arg) => arg.name === name)?.value ?? null;
}

function isDefinedHere(ctx: Context, symbol: string): boolean {
  return ctx.surface.functions.some((fn) => fn.role === 'export' && fn.symbol === symbol);
}

/** Functions of C whose names other libraries, scripts and hosts of plugins like too. */
const ORDINARY: ReadonlySet<string> = new Set([
  ...['abort', 'accept', 'access', 'alarm', 'atan', 'bind', 'ceil', 'clock', 'close', 'connect', 'cos', 'daemon', 'div', 'err', 'error'],
  ...['errx', 'exit', 'exp', 'floor', 'fork', 'free', 'getline', 'hash', 'index', 'insque', 'kill', 'link', 'listen', 'log', 'malloc'],
  ...['mount', 'nice', 'open', 'pause', 'pipe', 'poll', 'pow', 'printf', 'putc', 'puts', 'raise', 'rand', 'random', 'read', 'realloc'],
  ...['recv', 'remove', 'rename', 'round', 'scan', 'select', 'send', 'signal', 'sin', 'sleep', 'socket', 'sqrt', 'stat', 'step', 'sync'],
  ...['system', 'tan', 'time', 'times', 'trunc', 'truncate', 'wait', 'warn', 'warnx', 'write', 'yn', 'jn', 'j0', 'j1', 'y0', 'y1'],
]);

/** Whether the block declares another function of the system, an ordinary one as it is: then it is about the C library. */
function hasCompany(ctx: Context, fn: BoundaryFn): boolean {
  const fits = (one: RustItem): boolean =>
    ctx.surface.functions.some((other) => other.item === one && !cSignatureDiff(other, one.name, one.cfg, ctx.workspace));
  return (fn.item.owner?.members ?? []).some(
    (one) => one !== fn.item && knownSignatures(one.name, one.cfg).length > 0 && (!ORDINARY.has(one.name) || fits(one)),
  );
}
