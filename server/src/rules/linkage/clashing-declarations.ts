/** Two extern blocks declare one symbol with signatures that cannot both be right. */
import { addTo } from '../../base/groups.ts';
import type { BoundaryFn, Surface } from '../../model/surface/surface.ts';
import { linkedTogether, together } from '../linked-together.ts';
import { copySignature } from '../copy-signature.ts';
import { defineRule, orNone } from '../rule.ts';
import { signatureDiff } from '../signature-diff.ts';

export default defineRule({
  id: 'clashing-declarations',
  group: 'linkage',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['clashing_extern_declarations'],
  fix: 'unsafe',
  messages: { clash: '`{symbol}` is declared elsewhere with another signature: {what} differs' },
  docs: {
    what: 'A foreign function is declared in two places with different signatures, in one crate or in crates that are linked together',
    why: 'There is one function behind the symbol, so at least one declaration is wrong: arguments are read from registers that nobody has set. The compiler compares declarations within one crate only.',
    bad: `mod reader {
    extern "C" {
        pub fn device_open(id: u32, flags: u32) -> i32;
    }
}

mod writer {
    extern "C" {
        pub fn device_open(id: u32) -> i32;
    }
}

pub fn open_both() -> i32 {
    unsafe { reader::device_open(1, 0).wrapping_add(writer::device_open(2)) }
}
`,
    good: `mod reader {
    extern "C" {
        pub fn device_open(id: u32, flags: u32) -> i32;
    }
}

mod writer {
    pub use super::reader::device_open;
}

pub fn open_both() -> i32 {
    unsafe { reader::device_open(1, 0).wrapping_add(writer::device_open(2, 0)) }
}
`,
    exceptions: [
      'signatures that mean the same to the calling convention: aliases, transparent wrappers, signs, pointers to differently named types, `Option` of a pointer, `c_ulong` and `usize`',
      'types that are not known, of other crates or generic',
      'declarations under conditions that exclude each other, or that have nothing to do with each other',
      'a result that one side leaves out, a variadic tail on one side, a condition on one side: reported as info',
      'symbols that the workspace defines itself: see `decl-definition-mismatch`',
    ],
    fixSafety:
      'Not safe: which of the two is right only the header tells, and calls must follow. There is none where the ABI differs, or where a type of the other declaration has another name or none here.',
    references: [
      {
        title: 'rustc lint clashing_extern_declarations',
        url: 'https://doc.rust-lang.org/rustc/lints/listing/warn-by-default.html#clashing-extern-declarations',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const imports = importsOf(ctx.surface);
    for (const fn of ctx.unit.surface.functions) {
      if (fn.role !== 'import' || fn.symbol === null) continue;
      for (const other of imports.get(fn.symbol) ?? []) {
        if (other === fn) break;
        if (!linkedTogether(other.item.module.crate, fn.item.module.crate, ctx.workspace)) continue;
        const when = together(other.item.cfg, fn.item.cfg);
        if (when !== 'always' && when !== 'sometimes') continue;
        const diff = signatureDiff(other, fn, ctx.workspace);
        if (!diff) continue;
        ctx.report('clash', {
          at: { file: fn.item.file, span: fn.ast.nameSpan },
          data: { symbol: fn.symbol, what: diff.what },
          related: [{ at: { file: other.item.file, span: other.ast.nameSpan }, message: 'declared here too' }],
          help: 'compare both with the header, and keep one declaration that all use',
          fixes: orNone(copySignature(other, fn, ctx.workspace)),
          ...(diff.mild || when === 'sometimes' ? { severity: 'info' as const } : {}),
          item: fn.item,
        });
        break;
      }
    }
  },
});

const known = new WeakMap<Surface, ReadonlyMap<string, readonly BoundaryFn[]>>();

/** Imports by symbol, in the order of the surface; those that the workspace exports itself are left out. */
function importsOf(surface: Surface): ReadonlyMap<string, readonly BoundaryFn[]> {
  const before = known.get(surface);
  if (before) return before;
  const exported = new Set(surface.functions.flatMap((fn) => (fn.role === 'export' && fn.symbol !== null ? [fn.symbol] : [])));
  const groups = new Map<string, BoundaryFn[]>();
  for (const fn of surface.functions) {
    if (fn.role !== 'import' || fn.symbol === null || fn.rewritten || exported.has(fn.symbol)) continue;
    addTo(groups, fn.symbol, fn);
  }
  known.set(surface, groups);
  return groups;
}
