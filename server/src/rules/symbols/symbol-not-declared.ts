/** An export is missing in the header that declares the others. */
import { crateFiles, keyOf } from '../../abi/peers/crate-files.ts';
import { basename } from '../../base/paths.ts';
import { isForeignAbi } from '../../model/surface/surface.ts';
import { declareIn } from '../peer-prototype-fix.ts';
import { exportsOf, familyOf, publicHeader } from '../peer-exports.ts';
import { isHidden } from '../hidden.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'symbol-not-declared',
  group: 'symbols',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'unsafe',
  messages: { missing: '`{symbol}` is exported but `{file}` lacks it ({declared} of {total} exports are declared)' },
  docs: {
    what: 'A function is exported, but the header that declares most of the exports does not declare it',
    why: 'C cannot call what no header declares. Who declares it by hand, or relies on an implicit declaration, gets `int` for everything.',
    bad: `// geo.h: int geo_load(int layer);
// geo.h: int geo_show(int layer);
// geo.h: int geo_close(int layer);
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
pub extern "C" fn geo_close(layer: i32) -> i32 {
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
      'crates of which headers declare less than half of the exports, or less than three',
      'exports whose names start otherwise than those that are declared, with an underscore, or that are hidden in the docs',
      'exports under a condition, of the Rust ABI, and those that are not `pub`: they are there for backtraces and the like',
      'names that a header mentions in any way, a macro or a comment included',
      'headers that a tool has generated: see `generated-stale`; crates that depend on cbindgen, whose builds make headers',
    ],
    fixSafety:
      'It puts the prototype behind the last one of the header, with the types that the header has; whether C should see the function, only people know.',
    references: [
      { title: 'Rustonomicon, calling Rust code from C', url: 'https://doc.rust-lang.org/nomicon/ffi.html#calling-rust-code-from-c' },
    ],
  },
  check(ctx) {
    const { unit, peers, surface } = ctx;
    if (unit.kind !== 'rust') return;
    const mine = unit.surface.functions.filter(({ role, symbol }) => role === 'export' && symbol !== null);
    const [first] = mine;
    if (!first) return;
    const { crate } = first.item.module;
    // A build that makes headers declares there what the others lack.
    if (crate.package?.dependencies.some((one) => one.package === 'cbindgen')) return;
    const found = crateFiles(surface, peers).get(keyOf(crate));
    const declared = new Set(found?.linked.flatMap(({ peer, direction }) => (direction === 'export' ? [peer.symbol] : [])));
    const families = new Set([...declared].map(familyOf));
    const total = exportsOf(surface, crate).length;
    for (const fn of mine) {
      const symbol = fn.symbol ?? '';
      const family = familyOf(symbol);
      if (family === null || !families.has(family) || declared.has(symbol) || fn.rewritten || !isForeignAbi(fn.abi)) continue;
      if (fn.ast.visibility !== 'pub') continue;
      if (fn.item.cfg.kind !== 'true' || isHidden(fn.item) || fn.item.entry.attributes.some(({ condition }) => condition !== null))
        continue;
      // A declaration that was not understood, a macro that makes it, another header: somebody knows of it.
      if (peers.mentionedIn(symbol).length > 0 || found?.files.some(({ path }) => ctx.text(path).includes(symbol))) continue;
      const header = publicHeader(ctx, crate, symbol);
      if (!header || header.generatedBy !== null) continue;
      ctx.report('missing', {
        at: { file: fn.item.file, span: fn.ast.nameSpan },
        data: { symbol, file: basename(header.path), declared: declared.size, total },
        related: header.functions.slice(-1).map(({ at }) => ({ at, message: 'others are declared here' })),
        help: 'declare it there, or take the export away',
        fixes: declareIn(header, fn, ctx),
        item: fn.item,
      });
    }
  },
});
