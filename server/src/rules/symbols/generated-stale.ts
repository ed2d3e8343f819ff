/** A file that a tool made and somebody committed no longer says what its source says. */
import type { Target } from '../../abi/targets.ts';
import { crateFiles, keyOf } from '../../abi/peers/crate-files.ts';
import type { LinkedFn } from '../../abi/peers/peers.ts';
import type { TargetedDifference } from '../../abi/peers/signature-differences.ts';
import { basename } from '../../base/paths.ts';
import type { Crate } from '../../model/workspace.ts';
import { exportsOf, familyOf } from '../peer-exports.ts';
import { comparisonOf } from '../peer-signatures.ts';
import { count } from '../peer-text.ts';
import { defineRule } from '../rule.ts';
import type { RuleContext } from '../rule.ts';

export default defineRule({
  id: 'generated-stale',
  group: 'symbols',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'none',
  messages: {
    header: '`{file}` was generated from other Rust code: {what}',
    bindings: '`{file}` was generated from another `{header}`: {what}',
  },
  docs: {
    what: 'A header of cbindgen or bindings of bindgen that were committed differ from what they were made from',
    why: 'Whoever builds against the file calls functions as they once were: other parameters, other widths, or functions that are gone.',
    bad: `// geo.h: /* Generated with cbindgen:0.29.0 */
// geo.h: #include <stdint.h>
// geo.h: int32_t geo_load(int32_t layer);
// geo.h: int32_t geo_show(int32_t layer);
#[no_mangle]
pub extern "C" fn geo_load(layer: i64) -> i32 {
    layer as i32
}

#[no_mangle]
pub extern "C" fn geo_show(layer: i32) -> i32 {
    layer
}
`,
    good: `// geo.h: /* Generated with cbindgen:0.29.0 */
// geo.h: #include <stdint.h>
// geo.h: int32_t geo_load(int64_t layer);
// geo.h: int32_t geo_show(int32_t layer);
#[no_mangle]
pub extern "C" fn geo_load(layer: i64) -> i32 {
    layer as i32
}

#[no_mangle]
pub extern "C" fn geo_show(layer: i32) -> i32 {
    layer
}
`,
    exceptions: [
      'bindings whose file is named by a target that findings are not for',
      'files that nothing says a tool has made',
      'types that are not known, other names of parameters, comments, the order of declarations',
      'exports under a condition, and those of modules that the header does not follow: a function that is missing counts only where the others are there',
    ],
    fixSafety: null,
    references: [
      { title: 'cbindgen', url: 'https://github.com/mozilla/cbindgen' },
      { title: 'bindgen', url: 'https://rust-lang.github.io/rust-bindgen/' },
    ],
  },
  check(ctx) {
    const { unit, peers } = ctx;
    if (unit.kind !== 'header') return;
    const links = unit.peer.functions.flatMap((fn) => peers.linkedFrom(fn));
    const [first] = links;
    if (!first) return;
    if (unit.peer.generatedBy !== null)
      header(
        ctx,
        unit.path,
        unit.peer.generatedBy,
        links.filter(({ direction }) => direction === 'export'),
      );
    else
      bindings(
        ctx,
        unit.path,
        links.filter(({ direction, rust }) => direction === 'import' && rust.item.file.index.generated),
      );
  },
});

/** Differences of kinds that a tool never makes by itself. */
const TOLD = new Set<TargetedDifference['kind']>([
  'arity',
  'class',
  'width',
  'by-value',
  'pointee',
  'return-missing',
  'return-ignored',
  'variadic',
  'bool',
]);

function changed(links: readonly LinkedFn[], ctx: RuleContext): readonly LinkedFn[] {
  return links.filter((linked) => {
    if (linked.rust.rewritten || linked.rust.abi === null || linked.peer.mangled) return false;
    const made = comparisonOf(linked, ctx.peers);
    if (made.kind === 'unknown') ctx.unresolved(linked.peer.symbol, made.reason, linked.peer.at);
    return (
      made.kind === 'compared' &&
      made.differences.some(({ kind, everywhere, severity }) => everywhere && severity === 'error' && TOLD.has(kind))
    );
  });
}

function header(ctx: RuleContext<'header' | 'bindings'>, path: string, tool: string, links: readonly LinkedFn[]): void {
  const differing = changed(links, ctx);
  const [one] = links;
  const missing = one ? lacking(ctx, one.rust.item.module.crate) : [];
  const parts = [...told(differing, 'function', 'differs', 'differ'), ...told(missing, 'export', 'is missing', 'are missing')];
  if (parts.length === 0) return;
  const pkg = one?.rust.item.module.crate.package?.name ?? 'CRATE';
  ctx.report('header', {
    at: { file: path, span: firstLine(ctx.text(path)) },
    data: { file: basename(path), what: parts.join(', ') },
    related: [
      ...differing
        .slice(0, 5)
        .map(({ rust }) => ({ at: { file: rust.item.file, span: rust.ast.nameSpan }, message: `\`${rust.symbol}\` is otherwise here` })),
      ...missing
        .slice(0, 5)
        .map(({ rust }) => ({ at: { file: rust.item.file, span: rust.ast.nameSpan }, message: `\`${rust.symbol}\` is not in the header` })),
    ],
    help: tool === 'cbindgen' ? `run \`cbindgen --crate ${pkg} --output ${basename(path)}\`` : 'run the tool that made it again',
  });
}

function bindings(ctx: RuleContext<'header' | 'bindings'>, path: string, links: readonly LinkedFn[]): void {
  const byFile = new Map<string, LinkedFn[]>();
  for (const one of links) byFile.set(one.rust.item.file.path, [...(byFile.get(one.rust.item.file.path) ?? []), one]);
  for (const [file, own] of byFile) {
    if (isForOthers(file, ctx.peers.targets)) continue;
    const differing = changed(own, ctx);
    const [first] = differing;
    if (!first) continue;
    ctx.report('bindings', {
      at: { file: first.rust.item.file, span: first.rust.ast.nameSpan },
      data: { file: basename(file), header: basename(path), what: told(differing, 'function', 'differs', 'differ').join() },
      related: differing.slice(0, 5).map(({ peer }) => ({ at: peer.at, message: `\`${peer.symbol}\` is otherwise here` })),
      help: `run \`bindgen ${basename(path)} --output ${basename(file)}\``,
    });
  }
}

/** Bindings for each target lie beside each other, named by it: `bindings/armv7-unknown-linux-gnueabihf.rs`. */
function isForOthers(file: string, targets: readonly Target[]): boolean {
  const plain = (text: string): string => text.replace(/[-_]/g, '');
  const name = basename(file).replace(/\.rs$/, '');
  const triple = /(?:x86_64|i[3-6]86|aarch64|arm|thumb|riscv|powerpc|s390x|wasm|mips|loongarch|sparc)[a-z\d_]*[-_][a-z].*$/.exec(name)?.[0];
  return triple !== undefined && targets.every((target) => plain(target.triple) !== plain(triple));
}

function told(list: readonly unknown[], what: string, one: string, many: string): readonly string[] {
  return list.length === 0 ? [] : [`${count(list.length, what)} ${list.length === 1 ? one : many}`];
}

/** Exports that no file mentions although the header has nearly all of their neighbours in the same Rust file. */
function lacking(ctx: RuleContext, crate: Crate): readonly Pick<LinkedFn, 'rust'>[] {
  const found = crateFiles(ctx.surface, ctx.peers).get(keyOf(crate));
  const declared = new Set(found?.linked.map(({ peer }) => peer.symbol));
  const families = new Set([...declared].map(familyOf));
  const own = exportsOf(ctx.surface, crate).filter(({ abi, rewritten }) => abi !== null && !rewritten);
  return own
    .filter(({ symbol, item }) => {
      const name = symbol ?? '';
      if (declared.has(name) || !families.has(familyOf(name)) || item.cfg.kind !== 'true') return false;
      const neighbours = own.filter((other) => other.item.file === item.file);
      const there = neighbours.filter((other) => declared.has(other.symbol ?? '')).length;
      return there >= 3 && there * 5 >= neighbours.length * 4 && ctx.peers.mentionedIn(name).length === 0;
    })
    .map((rust) => ({ rust }));
}

/** Up to the end of the first line that says something. */
function firstLine(text: string): { readonly start: number; readonly end: number } {
  const start = text.length - text.trimStart().length;
  const end = text.indexOf('\n', start);
  return { start, end: end < 0 ? text.length : text[end - 1] === '\r' ? end - 1 : end };
}
