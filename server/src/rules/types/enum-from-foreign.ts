/** The other side makes values of a Rust enum. */
import type { EnumItem } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import { isRewritten } from '../../model/surface/attributes.ts';
import type { TypeUse } from '../../model/surface/surface.ts';
import type { RustItem, Scope } from '../../model/workspace.ts';
import { filledByC, incomingValue } from '../c-fills.ts';
import { isNamedInCode } from '../named-in-code.ts';
import { hasDefinedLayout } from '../repr-fix.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { takeInteger } from '../try-from-fix.ts';
import { atUse, relatedUses, whereUsed } from '../type-use.ts';
import { peel } from '../written-type.ts';

const HELP = 'take the integer and turn it into the enum with `TryFrom`, or use a `#[repr(transparent)]` struct with constants';

export default defineRule({
  id: 'enum-from-foreign',
  group: 'types',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    use: '{where} is the enum `{name}`, but C can give a value that it does not have',
    field: 'field `{field}` of `{struct}`, which C fills in, is the enum `{name}`',
  },
  docs: {
    what: 'A Rust enum is made by the other side: as the result of a C function, through an out parameter, as argument of a callback',
    why: 'An enum of C holds any integer; newer versions of a library add values, and flags are combined. A value without a variant is undefined behaviour in Rust as soon as it exists: a `match` jumps anywhere. Info, since most enums have every value that the library has today; where a header says otherwise, `enum-missing-variant` is a warning.',
    bad: `#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Ok,
    Busy,
    Failed,
}

extern "C" {
    pub fn device_status(device: u32) -> Status;
}
`,
    good: `#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Status(pub i32);

impl Status {
    pub const OK: Status = Status(0);
    pub const BUSY: Status = Status(1);
    pub const FAILED: Status = Status(2);
}

extern "C" {
    pub fn device_status(device: u32) -> Status;
}
`,
    exceptions: [
      'enums that Rust gives away: arguments of C functions, results of exported functions',
      'enums with one variant or none, and enums with fields',
      'enums without `repr`: see `repr-c-missing`',
    ],
    fixSafety: 'The type changes: every caller must handle the integers that are no value of the enum.',
    references: [
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
      {
        title: 'Rust Reference, field-less enums in C',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#reprc-field-less-enums',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const use of ctx.unit.surface.typeUses) {
      const found = incomingEnum(use, ctx);
      if (!found) continue;
      ctx.report('use', {
        at: atUse(use),
        data: { where: whereUsed(use), name: found.ast.name },
        related: [{ at: { file: found.item.file, span: found.ast.nameSpan }, message: `\`${found.ast.name}\` is defined here` }],
        help: HELP,
        // Code that calls it goes on with the enum.
        fixes:
          use.role === 'import' && use.position === 'result' && !isNamedInCode(use.item, ctx.workspace)
            ? [takeInteger(atUse(use), found.item, found.ast, ctx.workspace)]
            : [],
        item: use.item,
      });
    }
    fields(ctx);
  },
});

interface Found {
  readonly item: RustItem;
  readonly ast: EnumItem;
}

function incomingEnum(use: TypeUse, ctx: RuleContext): Found | null {
  const direct = incomingValue(use) ? enumOf(use.type, use.scope, ctx) : null;
  if (direct) return direct;
  // An out parameter of an import.
  if (use.role !== 'import' || use.position !== 'param') return null;
  const { type, scope } = peel(use.type, use.scope, ctx.workspace);
  return type.kind === 'pointer' && type.mutable ? enumOf(type.pointee, scope, ctx) : null;
}

/** An enum of which C knows the integers: with a defined layout, at least two variants and no fields. */
function enumOf(type: Type, scope: Scope, ctx: RuleContext): Found | null {
  const { found } = peel(type, scope, ctx.workspace);
  if (found?.kind !== 'item' || found.variant !== null || found.item.inUnknownMacro) return null;
  const ast = ctx.workspace.ast(found.item);
  if (ast?.kind !== 'enum' || ast.variants.length < 2 || isRewritten(ast.attributes) || !hasDefinedLayout(ast)) return null;
  return ast.variants.some((v) => v.fields.length > 0) ? null : { item: found.item, ast };
}

function fields(ctx: RuleContext<'use' | 'field'>): void {
  if (ctx.unit.kind !== 'rust') return;
  for (const type of ctx.unit.surface.types) {
    const { item } = type;
    const ast = ctx.workspace.ast(item);
    if (ast?.kind !== 'struct' || item.inUnknownMacro || isRewritten(ast.attributes) || !hasDefinedLayout(ast)) continue;
    const enums = ast.fields.flatMap((field) => {
      const found = enumOf(field.type, { module: item.module, item }, ctx);
      return found && field.visibility === 'pub' ? [{ field, found }] : [];
    });
    const filled = enums.length > 0 ? filledByC(type, ctx.workspace) : null;
    if (!filled) continue;
    for (const { field, found } of enums) {
      ctx.report('field', {
        at: { file: item.file, span: field.type.span },
        data: { field: field.name, struct: ast.name, name: found.ast.name },
        related: relatedUses([filled.use]),
        help: HELP,
        item,
      });
    }
  }
}
