/** Two items of one program are exported under the same symbol. */
import { addTo, groupBy } from '../../base/groups.ts';
import type { Surface } from '../../model/surface/surface.ts';
import type { RustItem, SourceFile } from '../../model/workspace.ts';
import { exportCfg, linkedTogether, together } from '../linked-together.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'duplicate-export',
  group: 'linkage',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { duplicate: 'symbol `{symbol}` is exported a second time by `{name}`' },
  docs: {
    what: 'Two functions or statics that are linked into one program are exported under the same name',
    why: 'A symbol belongs to one thing. Within a crate the compiler refuses the second one, late; across crates the linker fails, or silently takes one of them: calls go to the wrong function.',
    bad: `pub mod first {
    #[export_name = "library_version"]
    pub extern "C" fn version() -> i32 {
        1
    }
}

pub mod second {
    #[export_name = "library_version"]
    pub extern "C" fn version() -> i32 {
        2
    }
}
`,
    good: `pub mod first {
    #[export_name = "library_version"]
    pub extern "C" fn version() -> i32 {
        1
    }
}

pub mod second {
    #[export_name = "library_version_2"]
    pub extern "C" fn version() -> i32 {
        2
    }
}
`,
    exceptions: [
      'items under conditions that exclude each other, or that have nothing to do with each other',
      'different binaries, and packages that nothing links together',
      'weak symbols (`#[linkage = "weak"]`), generic functions, items that an attribute macro rewrites',
      'one of the two under a condition of its own: reported as warning',
    ],
    fixSafety: null,
    references: [
      { title: 'Rust Reference, the no_mangle attribute', url: 'https://doc.rust-lang.org/reference/abi.html#the-no_mangle-attribute' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const { byFile, bySymbol } = tableOf(ctx.surface);
    for (const { symbol, item } of byFile.get(ctx.unit.file) ?? []) {
      if (item.module.crate !== ctx.unit.crate) continue;
      for (const other of bySymbol.get(symbol) ?? []) {
        if (other === item) break;
        if (!linkedTogether(other.module.crate, item.module.crate, ctx.workspace)) continue;
        const when = together(exportCfg(other), exportCfg(item));
        if (when !== 'always' && when !== 'sometimes') continue;
        ctx.report('duplicate', {
          at: { file: item.file, span: item.entry.nameSpan },
          data: { symbol, name: item.name },
          related: [{ at: { file: other.file, span: other.entry.nameSpan }, message: `\`${other.name}\` has it already` }],
          help: 'rename one of them, or keep them apart with conditions that exclude each other',
          ...(when === 'sometimes' ? { severity: 'warning' as const } : {}),
          item,
        });
        break;
      }
    }
  },
});

interface Export {
  readonly symbol: string;
  readonly item: RustItem;
}

interface Table {
  readonly byFile: ReadonlyMap<SourceFile, readonly Export[]>;
  readonly bySymbol: ReadonlyMap<string, readonly RustItem[]>;
}

const known = new WeakMap<Surface, Table>();

function tableOf(surface: Surface): Table {
  const before = known.get(surface);
  if (before) return before;
  const functions = surface.functions.filter(
    (fn) => fn.role === 'export' && !fn.rewritten && !fn.ast.generics.some((g) => g.kind !== 'lifetime'),
  );
  const all: Export[] = [...functions, ...surface.statics.filter((s) => s.role === 'export')].flatMap(({ symbol, item }) =>
    symbol === null || item.file.index.generated || item.entry.attributes.some((a) => a.path === 'linkage') ? [] : [{ symbol, item }],
  );
  const groups = new Map<string, RustItem[]>();
  for (const { symbol, item } of all) addTo(groups, symbol, item);
  const table = { byFile: groupBy(all, ({ item }) => item.file), bySymbol: groups };
  known.set(surface, table);
  return table;
}
