/** A fn pointer that the other side fills in has no room for null. */
import type { Type } from '../../model/rust/ast-type.ts';
import type { TypeUse } from '../../model/surface/surface.ts';
import { isForeignAbi } from '../../model/surface/surface.ts';
import type { RustItem, Scope, SourceFile } from '../../model/workspace.ts';
import { isRewritten } from '../../model/surface/attributes.ts';
import { filledByC, incomingValue, isBinding } from '../c-fills.ts';
import { isNamedInCode } from '../named-in-code.ts';
import { definedParam, optionParam } from '../param-fix.ts';
import { isReachable } from '../reachable.ts';
import { hasDefinedLayout } from '../repr-fix.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { atUse, relatedUses, whereUsed } from '../type-use.ts';
import { peel } from '../written-type.ts';

const HELP = 'wrap it in `Option`: `None` is null, and the layout stays the same';

export default defineRule({
  id: 'non-nullable-fn-pointer',
  group: 'types',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: {
    use: '{where} is a fn pointer that must not be null, and comes from C',
    field: 'field `{field}` of `{name}`, which C fills in, is a fn pointer that must not be null',
  },
  docs: {
    what: 'A fn pointer that comes from the other side is not wrapped in `Option`',
    why: 'Every fn pointer of C can be null, and in tables of callbacks many are. In Rust a null fn pointer is undefined behaviour as soon as it exists, even if it is never called: checks for null are removed by the compiler.',
    bad: `#[repr(C)]
pub struct Hooks {
    pub on_open: extern "C" fn(i32),
    pub on_close: extern "C" fn(i32),
}

extern "C" {
    pub fn default_hooks() -> Hooks;
}
`,
    good: `#[repr(C)]
pub struct Hooks {
    pub on_open: Option<extern "C" fn(i32)>,
    pub on_close: Option<extern "C" fn(i32)>,
}

extern "C" {
    pub fn default_hooks() -> Hooks;
}
`,
    exceptions: [
      '`Option` of a fn pointer',
      'structs that Rust makes itself (a literal of it stands somewhere) and only passes on: vtables and callback tables',
      'handles that Rust allocates and hands out',
      'variables of C, and what C passes to a callback: the declaration says that these are never null',
      'packages whose name ends in `-sys`, which repeat a header: reported as info only',
      'parameters of exported functions and structs that callers of these fill in: reported as info only',
    ],
    fixSafety:
      'The layout stays, but every place that makes or calls it must handle `None`: there is a fix only for a field that nothing else names, safe where no other crate can name its struct, and for a declaration that nothing calls. An exported function returns early without its callback, which is not safe.',
    references: [
      {
        title: 'Rustonomicon, the nullable pointer optimization',
        url: 'https://doc.rust-lang.org/nomicon/ffi.html#the-nullable-pointer-optimization',
      },
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const use of ctx.unit.surface.typeUses) {
      // Parameters of callbacks and C's variables: that they are never null is a contract that the declaration writes down.
      const by = use.role === 'callback' || use.position === 'fn-pointer-param' || use.position === 'static' ? null : incomingValue(use);
      if (!by || !isBareFn(use.type, use.scope, ctx)) continue;
      ctx.report('use', {
        at: atUse(use),
        data: { where: whereUsed(use) },
        help: HELP,
        fixes: useFixes(use, ctx),
        ...(by === 'export' || isBinding(use.item) ? { severity: 'info' as const } : {}),
        item: use.item,
      });
    }
    fields(ctx);
  },
});

function fields(ctx: RuleContext<'use' | 'field'>): void {
  if (ctx.unit.kind !== 'rust') return;
  for (const type of ctx.unit.surface.types) {
    const { item } = type;
    const ast = ctx.workspace.ast(item);
    if (ast?.kind !== 'struct' || item.inUnknownMacro || isRewritten(ast.attributes) || !hasDefinedLayout(ast)) continue;
    const bare = ast.fields.filter((field) => isBareFn(field.type, { module: item.module, item }, ctx));
    const filled = bare.length > 0 ? filledByC(type, ctx.workspace) : null;
    if (!filled) continue;
    for (const field of bare) {
      ctx.report('field', {
        at: { file: item.file, span: field.type.span },
        data: { field: field.name, name: ast.name },
        related: relatedUses([filled.use]),
        help: HELP,
        // What makes or calls it would no longer compile.
        fixes: ctx.workspace.mentions(field.name, item) ? [] : wrap(field.type, item.file, !isNamedOutside(item, ctx)),
        ...(filled.by === 'export' || isBinding(item) ? { severity: 'info' as const } : {}),
        item,
      });
    }
  }
}

/** An export returns early where there is none; a declaration that something calls stays, since its callers would no longer compile. */
function useFixes(use: TypeUse, ctx: RuleContext<'use' | 'field'>): readonly Fix[] {
  const defined = ctx.unit.kind === 'rust' ? definedParam(use, ctx.unit.surface.functions) : null;
  const early = defined && optionParam(defined.fn, defined.param, ctx.workspace);
  if (early) return [early];
  return use.role !== 'import' || isNamedInCode(use.item, ctx.workspace) ? [] : wrap(use.type, use.file, false);
}

function isBareFn(type: Type, scope: Scope, ctx: RuleContext): boolean {
  const peeled = peel(type, scope, ctx.workspace).type;
  return peeled.kind === 'fn' && isForeignAbi(peeled.abi);
}

/** Whether crates that are not here may use the item. */
function isNamedOutside(item: RustItem, ctx: RuleContext): boolean {
  const { crateTypes } = item.module.crate.target;
  return crateTypes.some((one) => /^(lib|rlib|dylib)$/.test(one)) && isReachable(item, ctx.workspace);
}

function wrap(type: Type, file: SourceFile, safe: boolean): Fix[] {
  const { start, end } = type.span;
  return [
    {
      title: 'wrap it in `Option`',
      safe,
      edits: [
        { file: file.path, span: { start, end: start }, text: 'Option<' },
        { file: file.path, span: { start: end, end }, text: '>' },
      ],
    },
  ];
}
