/** A foreign fn is declared otherwise than the workspace defines it. */
import { addTo } from '../../base/groups.ts';
import type { BoundaryFn, Surface } from '../../model/surface/surface.ts';
import { exportCfg, linkedTogether, together } from '../linked-together.ts';
import { copySignature } from '../copy-signature.ts';
import { defineRule, orNone } from '../rule.ts';
import { signatureDiff } from '../signature-diff.ts';

export default defineRule({
  id: 'decl-definition-mismatch',
  group: 'linkage',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { mismatch: '`{symbol}` is declared otherwise than Rust defines it: {what} differs' },
  docs: {
    what: 'An extern block declares a function that the workspace exports, with another signature',
    why: 'Both are compiled apart and meet at the symbol: the caller puts arguments where the function does not look for them. Nothing but Miri at run time tells.',
    bad: `mod library {
    #[no_mangle]
    pub extern "C" fn scale(value: f64, factor: f64) -> f64 {
        value * factor
    }
}

mod user {
    extern "C" {
        pub fn scale(value: f64, factor: i32) -> f64;
    }
}

pub fn twice(value: f64) -> f64 {
    unsafe { user::scale(value, 2) }
}
`,
    good: `mod library {
    #[no_mangle]
    pub extern "C" fn scale(value: f64, factor: f64) -> f64 {
        value * factor
    }
}

mod user {
    extern "C" {
        pub fn scale(value: f64, factor: f64) -> f64;
    }
}

pub fn twice(value: f64) -> f64 {
    unsafe { user::scale(value, 2.0) }
}
`,
    exceptions: [
      'signatures that mean the same to the calling convention: aliases, transparent wrappers, signs, pointers to differently named types, references and `Option` of a pointer',
      'types that are not known, of other crates or generic',
      'conditions that exclude each other, packages that nothing links together, several definitions',
      'a result that the declaration leaves out: reported as info',
      'exports with the Rust ABI: see `no-mangle-rust-abi`',
    ],
    fixSafety:
      'Not safe: calls must follow. There is none where the ABI differs, or where a type of the definition has another name or none at the declaration.',
    references: [
      { title: 'Rust Reference, external blocks', url: 'https://doc.rust-lang.org/reference/items/external-blocks.html' },
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const definitions = definitionsOf(ctx.surface);
    for (const fn of ctx.unit.surface.functions) {
      if (fn.role !== 'import' || fn.symbol === null || fn.rewritten) continue;
      const meant = (definitions.get(fn.symbol) ?? []).filter(
        (it) =>
          together(exportCfg(it.item), fn.item.cfg) !== 'never' &&
          linkedTogether(it.item.module.crate, fn.item.module.crate, ctx.workspace),
      );
      const [definition] = meant;
      // Of several, a condition that is not known here chooses.
      if (!definition || meant.length > 1) continue;
      const when = together(exportCfg(definition.item), fn.item.cfg);
      const diff = when === 'unknown' ? null : signatureDiff(definition, fn, ctx.workspace);
      if (!diff) continue;
      ctx.report('mismatch', {
        at: { file: fn.item.file, span: fn.ast.nameSpan },
        data: { symbol: fn.symbol, what: diff.what },
        related: [{ at: { file: definition.item.file, span: definition.ast.nameSpan }, message: 'defined here' }],
        help: 'declare it with the signature of the definition, or call it by its path',
        fixes: orNone(copySignature(definition, fn, ctx.workspace)),
        ...(diff.mild ? { severity: 'info' as const } : when === 'sometimes' ? { severity: 'warning' as const } : {}),
        item: fn.item,
      });
    }
  },
});

const known = new WeakMap<Surface, ReadonlyMap<string, readonly BoundaryFn[]>>();

function definitionsOf(surface: Surface): ReadonlyMap<string, readonly BoundaryFn[]> {
  const before = known.get(surface);
  if (before) return before;
  const groups = new Map<string, BoundaryFn[]>();
  for (const fn of surface.functions) {
    if (fn.role !== 'export' || fn.symbol === null || fn.rewritten || fn.abi === null) continue;
    addTo(groups, fn.symbol, fn);
  }
  known.set(surface, groups);
  return groups;
}
