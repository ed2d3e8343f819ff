/** A C++ header declares a function of Rust without C's linkage. */
import { basename } from '../../base/paths.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'symbol-mangled',
  group: 'symbols',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'none',
  messages: { mangled: '`{symbol}` is declared in `{file}` outside of `extern "C"`: its symbol in C++ is another' },
  docs: {
    what: 'A C++ header declares a function that Rust exports or imports, and does not give it C linkage',
    why: 'C++ makes the types of the parameters a part of the symbol. The declaration compiles, and the linker does not find what it asks for.',
    bad: `// geo.hpp: class Map;
// geo.hpp: int geo_load(int layer);
#[no_mangle]
pub extern "C" fn geo_load(layer: i32) -> i32 {
    layer
}
`,
    good: `// geo.hpp: class Map;
// geo.hpp: extern "C" int geo_load(int layer);
#[no_mangle]
pub extern "C" fn geo_load(layer: i32) -> i32 {
    layer
}
`,
    exceptions: [
      'headers that are C for a C compiler: without `#ifdef __cplusplus` around a block, who includes them may add one',
      'functions in namespaces and classes, templates and inline functions, which are others',
      'a symbol that another header declares with C linkage',
    ],
    fixSafety: null,
    references: [{ title: 'Language linkage', url: 'https://en.cppreference.com/w/cpp/language/language_linkage' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const fn of ctx.unit.surface.functions) {
      const found = ctx.peers.linkedTo(fn).find(({ peer }) => peer.mangled);
      if (!found || fn.rewritten) continue;
      ctx.report('mangled', {
        at: { file: fn.item.file, span: fn.ast.nameSpan },
        data: { symbol: fn.symbol ?? '', file: basename(found.peer.file) },
        related: [{ at: found.peer.at, message: 'declared here' }],
        mirror: found.peer.at,
        help: 'put the declaration into an `extern "C"` block',
        item: fn.item,
      });
    }
  },
});
