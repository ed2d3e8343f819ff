/** An exported fn takes a reference or box, which C can pass as null. */
import type { Type } from '../../model/rust/ast-type.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import { optionParam, typeText } from '../param-fix.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { exportsToCheck } from '../unchecked-pointer.ts';
import { firstArg, peel, stdName } from '../written-type.ts';

export default defineRule({
  id: 'reference-param-in-export',
  group: 'pointers',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { reference: '`{param}` of `{fn}` is never null for Rust, but C may pass null' },
  docs: {
    what: 'A parameter of an exported function is a reference or a box, which must not be null',
    why: `A reference that is null is undefined behaviour as soon as the function is entered: nothing in its body can check it any more.
\`Option<&T>\` has the same size and ABI, and None where C passes NULL.`,
    bad: `#[no_mangle]
pub extern "C" fn counter_reset(counter: &mut u32) {
    *counter = 0;
}
`,
    good: `#[no_mangle]
pub extern "C" fn counter_reset(counter: Option<&mut u32>) {
    if let Some(counter) = counter {
        *counter = 0;
    }
}
`,
    exceptions: [
      '`Option<&T>`, `Option<Box<T>>` and raw pointers',
      'references to slices, strings and trait objects: those are `fat-pointer-in-ffi`',
      'callbacks, and entry points that a runtime calls',
    ],
    fixSafety: 'It takes an `Option` and returns early for None. Callers in Rust must be changed.',
    references: [
      {
        title: 'std, Option, representation',
        url: 'https://doc.rust-lang.org/std/option/index.html#representation',
      },
    ],
  },
  check(ctx) {
    for (const fn of exportsToCheck(ctx)) {
      for (const param of fn.ast.params) {
        if (!isNeverNull(param.type, fn, ctx)) continue;
        ctx.report('reference', {
          at: { file: fn.item.file, span: param.type.span },
          data: { param: param.name ?? '_', fn: fn.ast.name },
          help: `take \`Option<${typeText(fn, param.type, ctx.workspace)}>\``,
          item: fn.item,
          fixes: [optionParam(fn, param, ctx.workspace)].filter((fix) => fix !== null),
        });
      }
    }
  },
});

/** `&T`, `&mut T`, `Box<T>` and `NonNull<T>` of something with a size. */
function isNeverNull(type: Type, fn: BoundaryFn, ctx: RuleContext): boolean {
  const at = peel(type, fn.scope, ctx.workspace);
  const name = stdName(at);
  const inner = at.type.kind === 'reference' ? at.type.referent : name === 'Box' || name === 'NonNull' ? firstArg(at.type) : null;
  if (!inner) return false;
  const pointee = peel(inner, at.scope, ctx.workspace);
  if (/^(slice|dyn|impl|unknown|macro)$/.test(pointee.type.kind)) return false;
  if (pointee.found?.kind === 'primitive') return pointee.found.name !== 'str';
  if (pointee.found?.kind === 'item') return pointee.found.item.kind !== 'trait';
  if (pointee.found?.kind === 'external') return !/^(CStr|OsStr|Path)$/.test(pointee.found.path.at(-1) ?? '');
  return pointee.type.kind !== 'path';
}
