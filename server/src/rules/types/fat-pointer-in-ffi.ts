/** A pointer that carries a length or a vtable crosses the boundary. */
import type { Type } from '../../model/rust/ast-type.ts';
import type { UnsafeReason } from '../../model/surface/ffi-safety.types.ts';
import type { TypeUse } from '../../model/surface/surface.ts';
import { hasDefinedLayout } from '../repr-fix.ts';
import { isRewritten } from '../../model/surface/attributes.ts';
import { definedParam, rewriteParam, splitSlice, typeText } from '../param-fix.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { atUse, refused, whereUsed } from '../type-use.ts';

type Context = RuleContext<'use' | 'field'>;
type Fat = Extract<UnsafeReason, { kind: 'fat-pointer' }>;

const CARRIES: Readonly<Record<Fat['what'], string>> = { str: 'a length', slice: 'a length', dyn: 'a vtable' };

const HELP: Readonly<Record<Fat['what'], string>> = {
  str: 'pass a pointer and a length, or a NUL-terminated `*const c_char`',
  slice: 'pass a pointer and a length',
  dyn: 'pass a fn pointer with a `*mut c_void` for its data, or an opaque handle',
};

export default defineRule({
  id: 'fat-pointer-in-ffi',
  group: 'types',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: ['improper_ctypes', 'improper_ctypes_definitions'],
  fix: 'unsafe',
  messages: {
    use: '`{type}` in {where} carries {what} that C does not know of',
    field: 'field `{field}` of `{name}` is `{type}` and carries {what} that C does not know of',
  },
  docs: {
    what: 'A slice, `str` or trait object is passed by pointer or reference across the boundary',
    why: 'Such a pointer is two words wide, in an order that the language does not define. C passes and reads one word: the length or vtable is garbage.',
    bad: `#[no_mangle]
pub extern "C" fn sum(values: &[u32]) -> u32 {
    values.iter().copied().fold(0, u32::wrapping_add)
}
`,
    good: `/// # Safety
/// \`values\` is null or points to \`len\` numbers.
#[no_mangle]
pub unsafe extern "C" fn sum(values: *const u32, len: usize) -> u32 {
    if values.is_null() {
        return 0;
    }
    let values = unsafe { std::slice::from_raw_parts(values, len) };
    values.iter().copied().fold(0, u32::wrapping_add)
}
`,
    exceptions: [
      'pointers and references to arrays of constant length',
      'pointers to sized types, whatever these are',
      'private fields of `repr(C)` types that only go behind pointers',
      'generic parameters',
      'a public trait object of a type that only goes behind pointers is reported as info only: the type is a handle',
    ],
    fixSafety: 'The signature changes, and with it what callers on both sides must pass.',
    references: [
      {
        title: 'Rust Reference, pointers to dynamically sized types',
        url: 'https://doc.rust-lang.org/reference/dynamically-sized-types.html',
      },
      {
        title: 'Rust Reference, type layout: pointers and references',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#pointers-and-references-layout',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const use of ctx.unit.surface.typeUses) {
      const answer = ctx.facts.types.ffiSafety(use);
      if (answer.kind !== 'unsafe' || answer.reason.kind !== 'fat-pointer' || answer.through.length > 0) continue;
      const fix = fixOf(ctx, use, answer.reason);
      ctx.report('use', {
        at: atUse(use),
        data: { type: answer.reason.text, where: whereUsed(use), what: CARRIES[answer.reason.what] },
        help: HELP[answer.reason.what],
        fixes: fix ? [fix] : [],
        item: use.item,
        claims: [refused(use)],
      });
    }
    fields(ctx);
  },
});

/** Fields of C structs that the other side sees: by value, or public behind a pointer. */
function fields(ctx: Context): void {
  if (ctx.unit.kind !== 'rust') return;
  for (const type of ctx.unit.surface.types) {
    const ast = ctx.workspace.ast(type.item);
    if ((ast?.kind !== 'struct' && ast?.kind !== 'union') || !hasDefinedLayout(ast) || isRewritten(ast.attributes)) continue;
    for (const field of ast.fields) {
      if (type.byValue.length === 0 && field.visibility !== 'pub') continue;
      const answer = ctx.facts.types.ffiSafety({
        type: field.type,
        scope: { module: type.item.module, item: type.item },
        file: type.item.file,
      });
      if (answer.kind !== 'unsafe' || answer.reason.kind !== 'fat-pointer' || answer.through.length > 0) continue;
      ctx.report('field', {
        at: { file: type.item.file, span: field.nameSpan },
        data: { field: field.name, name: ast.name, type: answer.reason.text, what: CARRIES[answer.reason.what] },
        help: HELP[answer.reason.what],
        item: type.item,
        // A handle behind pointers: C cannot make a trait object, and nothing says that it reads one.
        ...(type.byValue.length === 0 && answer.reason.what === 'dyn' ? { severity: 'info' as const } : {}),
      });
    }
  }
}

function fixOf(ctx: Context, use: TypeUse, reason: Fat): Fix | null {
  if (ctx.unit.kind !== 'rust' || reason.what === 'dyn') return null;
  const found = definedParam(use, ctx.unit.surface.functions);
  if (!found || found.fn.ast.generics.length > 0) return null;
  const { fn, param } = found;
  const type: Type = param.type;
  if (type.kind !== 'reference' || type.lifetime !== null) return null;
  if (type.referent.kind === 'slice')
    return splitSlice(fn, param.name, param, typeText(fn, type.referent.element, ctx.workspace), type.mutable, ctx.workspace);
  if (reason.what !== 'str' || type.mutable || fn.item.module.crate.noStd) return null;
  const bytes = `if ${param.name}.is_null() { &[][..] } else { unsafe { ::std::slice::from_raw_parts(${param.name}, ${param.name}_len) } }`;
  const prologue = `let ${param.name}: &str = &::std::string::String::from_utf8_lossy(${bytes});`;
  return rewriteParam(
    fn,
    param,
    `${param.name}: *const u8, ${param.name}_len: usize`,
    prologue,
    `pass \`${param.name}\` as pointer and length`,
    ctx.workspace,
  );
}
