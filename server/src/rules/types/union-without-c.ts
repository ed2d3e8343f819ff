/** A union does not say where its fields lie. */
import { isRewritten, reprOf } from '../../model/surface/attributes.ts';
import type { BoundaryType } from '../../model/surface/surface.ts';
import { addReprC, hasDefinedLayout } from '../repr-fix.ts';
import { defineRule } from '../rule.ts';
import { relatedUses } from '../type-use.ts';

export default defineRule({
  id: 'union-without-c',
  group: 'types',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['clippy::default_union_representation'],
  fix: 'safe',
  messages: { missing: 'union `{name}` has no `repr(C)`: its fields need not start at the same place' },
  docs: {
    what: 'A `union` has no `#[repr(C)]`',
    why: 'The language only promises for `repr(C)` unions that all fields start at offset 0. Reading a field that another was written to, or that C wrote, is wrong without it.',
    bad: `pub union Value {
    int: i64,
    float: f64,
}

impl Value {
    pub fn of(int: i64) -> Value {
        Value { int }
    }

    pub fn bits(&self) -> f64 {
        unsafe { self.float }
    }
}

extern "C" {
    pub fn show(value: *const Value);
}
`,
    good: `#[repr(C)]
pub union Value {
    int: i64,
    float: f64,
}

impl Value {
    pub fn of(int: i64) -> Value {
        Value { int }
    }

    pub fn bits(&self) -> f64 {
        unsafe { self.float }
    }
}

extern "C" {
    pub fn show(value: *const Value);
}
`,
    exceptions: [
      '`repr(C)` and `repr(transparent)` unions',
      'unions with one field, and with generics: these are storage for Rust values',
      'unions that no foreign signature mentions: reported as info only',
    ],
    fixSafety: 'Adding `C` changes only the order of the fields, on which no safe Rust code depends.',
    references: [
      {
        title: 'Rust Reference, type layout: repr(C) unions',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#reprc-unions',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const atBoundary = new Map<unknown, BoundaryType>(ctx.unit.surface.types.map((type) => [type.item, type]));
    for (const item of ctx.unit.items) {
      if (item.inUnknownMacro || item.test || item.kind !== 'union') continue;
      const ast = ctx.workspace.ast(item);
      if (ast?.kind !== 'union' || ast.fields.length < 2 || ast.generics.length > 0) continue;
      if (isRewritten(ast.attributes) || hasDefinedLayout(ast) || reprOf(ast.attributes).rust) continue;
      const type = atBoundary.get(item);
      // These are findings of `repr-c-missing` and `repr-c-missing-behind-pointer`.
      if (type && (type.byValue.length > 0 || ctx.facts.types.opacity(type).kind === 'transparent')) continue;
      ctx.report('missing', {
        at: { file: item.file, span: ast.nameSpan },
        data: { name: ast.name },
        related: relatedUses(type?.behindPointer ?? []),
        help: 'add `#[repr(C)]`',
        fixes: [addReprC(item, ast, ctx.workspace)],
        ...(type ? {} : { severity: 'info' as const }),
        item,
      });
    }
  },
});
