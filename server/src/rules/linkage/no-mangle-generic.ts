/** A generic fn is marked for export, which gives it no symbol. */
import type { Attribute } from '../../model/rust/attribute.ts';
import type { Item } from '../../model/rust/ast-item.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'no-mangle-generic',
  group: 'linkage',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: ['no_mangle_generic_items'],
  fix: 'safe',
  messages: { generic: '`{name}` is generic over `{parameter}`: `{attribute}` exports nothing' },
  docs: {
    what: 'A function with `#[no_mangle]` or `#[export_name]` has type or const parameters',
    why: 'A generic function is compiled once for each set of arguments, under mangled names. No symbol of the wanted name comes to be: C finds nothing to link.',
    bad: `#[no_mangle]
pub extern "C" fn first<T>(value: *const T) -> *const T {
    value
}
`,
    good: `#[no_mangle]
pub extern "C" fn first(value: *const u8) -> *const u8 {
    value
}
`,
    exceptions: [
      'functions that are generic over lifetimes only',
      'generic `extern "C"` functions without an export attribute: trampolines that are passed as fn pointers',
      'functions that an attribute macro rewrites',
    ],
    fixSafety: 'The attribute has no effect, so taking it out changes nothing.',
    references: [
      { title: 'Rust Reference, the no_mangle attribute', url: 'https://doc.rust-lang.org/reference/abi.html#the-no_mangle-attribute' },
      {
        title: 'rustc lint no_mangle_generic_items',
        url: 'https://doc.rust-lang.org/rustc/lints/listing/warn-by-default.html#no-mangle-generic-items',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const fn of ctx.unit.surface.functions) {
      if (fn.role !== 'export' || fn.rewritten) continue;
      const parameter = genericOf(fn, ctx);
      const attribute = fn.item.entry.attributes.find((a) => a.path === 'no_mangle' || a.path === 'export_name');
      if (!parameter || !attribute) continue;
      ctx.report('generic', {
        at: { file: fn.item.file, span: fn.ast.nameSpan },
        data: { name: fn.ast.name, parameter, attribute: attribute.path },
        help: 'export a fn for each type that is wanted, which calls this one',
        fixes: fixesOf(fn, attribute, ctx),
        item: fn.item,
      });
    }
  },
});

/** The fn's own parameters, or those of the impl that it stands in. */
function genericOf(fn: BoundaryFn, ctx: RuleContext): string | null {
  const owner: Item | null = fn.item.owner ? ctx.workspace.ast(fn.item.owner) : null;
  const generics = [...fn.ast.generics, ...(owner?.kind === 'impl' ? owner.generics : [])];
  return generics.find((g) => g.kind !== 'lifetime')?.name ?? null;
}

/** Only an attribute of its own line is taken out, with the line. */
function fixesOf(fn: BoundaryFn, attribute: Attribute, ctx: RuleContext): Fix[] {
  if (attribute.condition !== null) return [];
  const text = ctx.workspace.text(fn.item.file);
  const { start, end } = attribute.span;
  const space = /^\s*/.exec(text.slice(end))?.[0].length ?? 0;
  return [
    {
      title: `remove \`${attribute.path}\``,
      safe: true,
      edits: [{ file: fn.item.file.path, span: { start, end: end + space }, text: '' }],
    },
  ];
}
