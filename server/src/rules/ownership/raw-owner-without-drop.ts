/** A wrapper keeps what a C function made, and nothing ever frees it. */
import type { Made } from '../../base/reads.ts';
import { madeOnce } from '../../base/reads.ts';
import { typeKey } from '../../analysis/ownership/create-ownership-facts.ts';
import type { StructItem } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { BoundaryFn, Surface } from '../../model/surface/surface.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { firstArg, peel, stdName } from '../written-type.ts';

type Context = RuleContext<'leaks'>;

export default defineRule({
  id: 'raw-owner-without-drop',
  group: 'ownership',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { leaks: '`{type}` keeps what `{maker}` makes, and nothing calls `{free}`' },
  docs: {
    what: 'A wrapper keeps a pointer that a C function made, and its counterpart that frees it is never called',
    why: `The library has a function that gives the object back, the declarations have it too, but neither a \`Drop\` nor anything else calls it:
each wrapper that goes out of scope leaks what it held.`,
    bad: `#[repr(C)]
pub struct device {
    _data: [u8; 0],
}

extern "C" {
    fn device_open(index: u32) -> *mut device;
    fn device_close(device: *mut device);
}

pub struct Device {
    raw: *mut device,
}

impl Device {
    pub fn open(index: u32) -> Device {
        Device { raw: unsafe { device_open(index) } }
    }

    pub fn is_open(&self) -> bool {
        !self.raw.is_null()
    }
}
`,
    good: `#[repr(C)]
pub struct device {
    _data: [u8; 0],
}

extern "C" {
    fn device_open(index: u32) -> *mut device;
    fn device_close(device: *mut device);
}

pub struct Device {
    raw: *mut device,
}

impl Device {
    pub fn open(index: u32) -> Device {
        Device { raw: unsafe { device_open(index) } }
    }

    pub fn is_open(&self) -> bool {
        !self.raw.is_null()
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        unsafe { device_close(self.raw) };
    }
}
`,
    exceptions: [
      'wrappers with `Drop`, and with a lifetime: they borrow',
      'libraries whose freeing function is called or mentioned anywhere',
      'types that are not public, and `Copy` ones',
      'wrappers that no method makes by calling the C function',
    ],
    fixSafety: 'It adds a `Drop`: where the pointer was passed on, or belongs to somebody else, that frees it twice.',
    references: [{ title: 'Secure Rust Guidelines, FFI and memory', url: 'https://anssi-fr.github.io/rust-guide/07_ffi.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of ctx.unit.items) {
      if (item.kind !== 'struct' || item.test || item.inUnknownMacro || item.entry.visibility !== 'pub') continue;
      const pairs = pairsOf(ctx.surface, ctx.workspace);
      if (pairs.size === 0) return;
      const ast = ctx.workspace.ast(item);
      if (ast?.kind === 'struct' && ast.generics.length === 0) checkStruct(ctx, item, ast, pairs);
    }
  },
});

interface Pair {
  readonly maker: BoundaryFn;
  readonly free: BoundaryFn;
}

const MAKES = /(^|_)(new|create|open|alloc|init)(_|$)|[a-z](New|Create|Open|Alloc)($|[A-Z])/;
const FREES =
  /(^|_)(free|destroy|close|delete|release|unref|dispose|finalize)(_|$)|[a-z](Free|Destroy|Close|Delete|Release|Dispose)($|[A-Z])/;

const known = new WeakMap<Surface, Made<ReadonlyMap<string, Pair>>>();

/** For the types of which the imports have one that makes and one that frees them: both, by the type's key. */
function pairsOf(surface: Surface, workspace: Workspace): ReadonlyMap<string, Pair> {
  return madeOnce(known, surface, () => findPairs(surface, workspace));
}

function findPairs(surface: Surface, workspace: Workspace): ReadonlyMap<string, Pair> {
  const makers = new Map<string, BoundaryFn[]>();
  const frees = new Map<string, BoundaryFn[]>();
  for (const fn of surface.functions) {
    if (fn.role !== 'import' || fn.rewritten) continue;
    const { params, result } = fn.ast;
    if (result?.kind === 'pointer' && result.mutable && MAKES.test(fn.item.name)) note(makers, pointeeKey(result, fn.scope, workspace), fn);
    const only = params.length === 1 ? params[0]?.type : undefined;
    if (only?.kind === 'pointer' && only.mutable && FREES.test(fn.item.name)) note(frees, pointeeKey(only, fn.scope, workspace), fn);
  }
  const pairs = new Map<string, Pair>();
  for (const [key, [maker]] of makers) {
    const candidates = frees.get(key) ?? [];
    const [free] = candidates;
    // Where there are several, or any is mentioned, somebody frees it in some way.
    if (maker && free && candidates.length === 1 && !workspace.mentions(free.item.name, free.item)) pairs.set(key, { maker, free });
  }
  return pairs;
}

function note(into: Map<string, BoundaryFn[]>, key: string | null, fn: BoundaryFn): void {
  if (key === null || !key.startsWith('item ')) return;
  into.set(key, [...(into.get(key) ?? []), fn]);
}

function pointeeKey(type: Type, scope: Scope, workspace: Workspace): string | null {
  const at = peel(type, scope, workspace);
  const inner = at.type.kind === 'pointer' ? at.type.pointee : stdName(at) === 'NonNull' ? firstArg(at.type) : null;
  return inner ? typeKey(inner, at.scope, workspace) : null;
}

function checkStruct(ctx: Context, item: RustItem, ast: StructItem, pairs: ReadonlyMap<string, Pair>): void {
  const scope: Scope = { module: item.module, item };
  for (const field of ast.fields) {
    const key = pointeeKey(field.type, scope, ctx.workspace);
    const pair = key === null ? undefined : pairs.get(key);
    if (!pair || !isMade(ctx, item, pair.maker.item.name)) continue;
    const impls = ctx.workspace.implsOf(item);
    if (impls.some((one) => /(^|::)(Drop|Copy)$/.test(one.entry.implTrait ?? '')) || /\bCopy\b/.test(derivesOf(item))) return;
    ctx.report('leaks', {
      at: { file: item.file, span: ast.nameSpan },
      data: { type: ast.name, maker: pair.maker.item.name, free: pair.free.item.name },
      related: [{ at: { file: pair.free.item.file, span: pair.free.ast.nameSpan }, message: 'this frees it' }],
      help: `call \`${pair.free.item.name}\` in \`Drop\``,
      item,
      fixes: addDrop(item, ast, field.name, field.type, pair.free),
    });
    return;
  }
}

function derivesOf(item: RustItem): string {
  return item.entry.attributes
    .filter((one) => one.path === 'derive')
    .map((one) => one.text ?? '')
    .join(' ');
}

/** A method of the type calls the function that makes it. */
function isMade(ctx: Context, item: RustItem, maker: string): boolean {
  const call = new RegExp(`\\b${maker}\\s*\\(`);
  return ctx.workspace.implsOf(item).some((one) => {
    const { start, end } = one.entry.span;
    return call.test(ctx.workspace.slice(one.file, { start: start, end: end }));
  });
}

/** `impl Drop` behind the struct, where both stand in one module. */
function addDrop(item: RustItem, ast: StructItem, field: string, type: Type, free: BoundaryFn): readonly Fix[] {
  if (free.item.module !== item.module) return [];
  const pointer = type.kind === 'pointer' ? `self.${field}` : `self.${field}.as_ptr()`;
  const call = free.ast.safe ? `${free.item.name}(${pointer});` : `unsafe { ${free.item.name}(${pointer}) };`;
  const text = `\n\nimpl Drop for ${ast.name} {\n    fn drop(&mut self) {\n        ${call}\n    }\n}`;
  return [
    { title: 'free it in `Drop`', safe: false, edits: [{ file: item.file.path, span: { start: ast.span.end, end: ast.span.end }, text }] },
  ];
}
