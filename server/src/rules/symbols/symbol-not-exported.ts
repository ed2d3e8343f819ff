/** A header declares a function that nothing defines. */
import { addTo } from '../../base/groups.ts';
import { isHeaderFile } from '../../base/c-files.ts';
import { closest } from '../../base/closest.ts';
import type { PeerFn } from '../../abi/peers/peers.ts';
import type { UnknownSymbol } from '../../abi/python-side.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { RustItem } from '../../model/workspace.ts';
import { exportsOf, familyOf } from '../peer-exports.ts';
import { defineRule } from '../rule.ts';
import type { RuleContext } from '../rule.ts';

export default defineRule({
  id: 'symbol-not-exported',
  group: 'symbols',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c', 'python', 'javascript', 'csharp'],
  equivalents: [],
  fix: 'none',
  messages: {
    none: '`{symbol}` is declared here but nothing exports it',
    near: '`{symbol}` is declared here but nothing exports it; did you mean `{near}`?',
    plain: '`{symbol}` is declared here, but the Rust fn of that name is not exported',
    used: '`{symbol}` is used here but `{package}` does not export it',
    usedNear: '`{symbol}` is used here but `{package}` does not export it; did you mean `{near}`?',
    usedPlain: '`{symbol}` is used here, but the Rust fn of that name is not exported',
  },
  docs: {
    what: 'A header declares, or another language uses, a function that belongs to a Rust library and that nothing exports',
    why: 'Whoever calls it gets an error of the linker, or of the loader when the program starts; with lazy binding, at the first call. In Python the first mention raises an `AttributeError`, in JavaScript loading fails, in C# the first call.',
    bad: `// geo.h: int geo_load(int layer);
// geo.h: int geo_show(int layer);
// geo.h: int geo_hide(int layer);
// geo.h: int geo_move(int layer);
// geo.h: int geo_closee(int layer);
#[no_mangle]
pub extern "C" fn geo_load(layer: i32) -> i32 {
    layer
}

#[no_mangle]
pub extern "C" fn geo_show(layer: i32) -> i32 {
    layer
}

#[no_mangle]
pub extern "C" fn geo_hide(layer: i32) -> i32 {
    layer
}

#[no_mangle]
pub extern "C" fn geo_move(layer: i32) -> i32 {
    layer
}
`,
    good: `// geo.h: int geo_load(int layer);
// geo.h: int geo_show(int layer);
// geo.h: int geo_hide(int layer);
#[no_mangle]
pub extern "C" fn geo_load(layer: i32) -> i32 {
    layer
}

#[no_mangle]
pub extern "C" fn geo_show(layer: i32) -> i32 {
    layer
}

#[no_mangle]
pub extern "C" fn geo_hide(layer: i32) -> i32 {
    layer
}
`,
    exceptions: [
      'functions of which less than four in five with the same start of the name are defined in Rust',
      'names that any C file or any Rust file mentions in another way: a macro may define them',
      'static and inline functions, declarations under a condition, and headers that a tool has generated',
      'a link that rests on names alone is a warning',
      'symbols whose absence Python catches, with `hasattr` or `except AttributeError`, and those that Deno is told are optional',
    ],
    fixSafety: null,
    references: [
      { title: 'Rust Reference, the no_mangle attribute', url: 'https://doc.rust-lang.org/reference/abi.html#the-no_mangle-attribute' },
    ],
  },
  check(ctx) {
    const { unit, peers, workspace } = ctx;
    if (unit.kind === 'python' && unit.peer.generatedBy === null && !makesNames(ctx)) {
      for (const one of ctx.python.unknownIn(unit.path)) judgeUse(ctx, one);
    }
    if ((unit.kind === 'javascript' || unit.kind === 'csharp') && unit.peer.generatedBy === null && !makesNames(ctx)) {
      for (const one of ctx.bindings.unknownIn(unit.path)) judgeUse(ctx, one);
    }
    if (unit.kind !== 'header' || unit.peer.generatedBy !== null || !isHeaderFile(unit.path)) return;
    const all = unit.peer.functions.filter(({ internal, mangled, defined }) => !internal && !mangled && !defined);
    const links = new Map(all.map((fn) => [fn, peers.linkedFrom(fn).filter(({ direction }) => direction === 'export')]));
    const known = [...links.values()].flat();
    const [one] = known;
    if (!one || makesNames(ctx)) return;
    const certain = known.some(({ certainty }) => certainty !== 'unique');
    const families = new Map<string, PeerFn[]>();
    for (const fn of all) {
      const family = familyOf(fn.symbol);
      if (family !== null) addTo(families, family, fn);
    }
    for (const members of families.values()) {
      const missing = members.filter((fn) => links.get(fn)?.length === 0);
      if (members.length < 4 || (members.length - missing.length) * 5 < members.length * 4) continue;
      for (const fn of missing) judge(fn, one.rust, certain);
    }

    function judge(fn: PeerFn, neighbour: BoundaryFn, sure: boolean): void {
      if (fn.signatures.some(({ doubt }) => doubt !== null)) return;
      if (peers.mentionedIn(fn.symbol).some((path) => !isHeaderFile(path))) return;
      const named = workspace.filesNaming(fn.symbol).filter((file) => mentions(workspace.text(file), fn.symbol));
      const plain = named.length === 0 ? null : plainFn(ctx, fn.symbol);
      if ((named.length > 0 && !plain) || (!plain && madeByMacro(ctx, fn.symbol))) return;
      const symbols = exportsOf(ctx.surface, neighbour.item.module.crate).flatMap(({ symbol }) => symbol ?? []);
      const near = plain
        ? null
        : closest(
            fn.symbol,
            symbols.filter((symbol) => !all.some((other) => other.symbol === symbol)),
          );
      ctx.report(plain ? 'plain' : near ? 'near' : 'none', {
        at: fn.at,
        data: { symbol: fn.symbol, near: near ?? '' },
        related: plain
          ? [{ at: { file: plain.file, span: workspace.ast(plain)?.nameSpan ?? plain.entry.span }, message: 'this fn has no `no_mangle`' }]
          : [
              {
                at: { file: neighbour.item.file, span: neighbour.ast.nameSpan },
                message: `its neighbour \`${neighbour.symbol}\` is defined here`,
              },
            ],
        help: plain ? 'add `#[unsafe(no_mangle)]` and `extern "C"` to it' : 'define it, or take the declaration away',
        severity: sure ? 'error' : 'warning',
      });
    }
  },
});

type Context = Pick<RuleContext, 'workspace' | 'peers' | 'surface'> & Pick<RuleContext<'used' | 'usedNear' | 'usedPlain'>, 'report'>;

function judgeUse(ctx: Context, { symbol, at, optional, package: owner, certainty }: UnknownSymbol): void {
  const { workspace, peers, surface } = ctx;
  if (optional || peers.mentionedIn(symbol).length > 0) return;
  const named = workspace.filesNaming(symbol).filter((file) => mentions(workspace.text(file), symbol));
  const plain = named.length === 0 ? null : plainFn(ctx, symbol);
  if ((named.length > 0 && !plain) || (!plain && madeByMacro(ctx, symbol))) return;
  const exported = surface.functions.filter(({ role, item }) => role === 'export' && item.module.crate.package === owner);
  const near = plain
    ? null
    : closest(
        symbol,
        exported.flatMap((fn) => fn.symbol ?? []),
      );
  ctx.report(plain ? 'usedPlain' : near ? 'usedNear' : 'used', {
    at,
    data: { symbol, near: near ?? '', package: owner.name },
    related: plain
      ? [{ at: { file: plain.file, span: workspace.ast(plain)?.nameSpan ?? plain.entry.span }, message: 'this fn has no `no_mangle`' }]
      : [],
    help: plain ? 'add `#[unsafe(no_mangle)]` and `extern "C"` to it' : 'define it, or use what the library has',
    severity: certainty === 'unique' ? 'warning' : 'error',
  });
}

/** Macros that put names together may make any name. */
function makesNames(ctx: Pick<RuleContext, 'workspace'>): boolean {
  const macros = ['paste', 'concat_idents', 'concat_bytes'];
  return macros.some((word) => ctx.workspace.filesNaming(word).some((file) => usesMacro(ctx, file, word)));
}

/** `declare_own!(geo_map_t)` may make `geo_map_delete`: a macro call with the name up to its last word. */
function madeByMacro({ workspace }: Pick<RuleContext, 'workspace'>, symbol: string): boolean {
  const stem = symbol.slice(0, symbol.lastIndexOf('_') + 1);
  if (stem.length < 4) return false;
  for (const file of workspace.files.values()) {
    const text = workspace.text(file);
    for (let at = text.indexOf(stem); at >= 0; at = text.indexOf(stem, at + 1)) {
      const line = text.slice(text.lastIndexOf('\n', at) + 1, at);
      if (/\w!\s*[([{]/.test(line)) return true;
    }
  }
  return false;
}

/** Outside of line comments. */
function mentions(text: string, symbol: string): boolean {
  for (let at = text.indexOf(symbol); at >= 0; at = text.indexOf(symbol, at + 1)) {
    if (!text.slice(text.lastIndexOf('\n', at) + 1, at).includes('//')) return true;
  }
  return false;
}

/** The word as a macro's name, not as a part of a text. */
function usesMacro(ctx: Pick<RuleContext, 'workspace'>, file: Parameters<RuleContext['workspace']['text']>[0], word: string): boolean {
  return new RegExp(`\\b${word}(?:::\\w+)?\\s*!`).test(ctx.workspace.text(file));
}

/** A fn of this name that is not exported; null where there is none, or where the name stands elsewhere too. */
function plainFn({ workspace }: Pick<RuleContext, 'workspace'>, name: string): RustItem | null {
  const found = workspace.items.filter((item) => item.kind === 'fn' && item.name === name && item.owner === null && !item.test);
  const [only] = found;
  return only && new Set(found.map(({ file, entry }) => `${file.path}:${entry.span.start}`)).size === 1 && !only.inUnknownMacro
    ? only
    : null;
}
