/** A fn pointer with Rust's calling convention crosses the boundary. */
import type { Type } from '../../model/rust/ast-type.ts';
import type { BoundaryFn, TypeUse } from '../../model/surface/surface.ts';
import type { SourceFile, Workspace } from '../../model/workspace.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { seenFields } from '../seen-fields.ts';
import { atUse, refused, whereUsed } from '../type-use.ts';

const HELP = 'write `extern "C"` before `fn`';

export default defineRule({
  id: 'rust-abi-fn-pointer',
  group: 'types',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: ['improper_ctypes', 'improper_ctypes_definitions'],
  fix: 'sometimes',
  messages: {
    use: '`{type}` in {where} has the Rust ABI: C cannot call it',
    field: 'field `{field}` of `{name}` is a fn pointer with the Rust ABI: C cannot call it',
  },
  docs: {
    what: 'A fn pointer without `extern` is part of a foreign signature or of a field that the other side sees',
    why: 'The calling convention of `fn()` is not defined and changes between compiler versions. The other side calls it as a C function: arguments arrive in the wrong registers, and a panic unwinds into foreign frames.',
    bad: `extern "C" {
    pub fn on_event(callback: fn(i32));
}
`,
    good: `extern "C" {
    pub fn on_event(callback: extern "C" fn(i32));
}
`,
    exceptions: [
      'fn pointers with an ABI of their own (`extern "C" fn`, `extern "system" fn`, also in `Option`)',
      'pointers to fn pointers: user data that only Rust reads',
      'private fields of types that only go behind pointers, and types that Rust makes and hands out as handles',
      'types of macros: what they become is not known',
    ],
    fixSafety: 'Safe for a declaration that nothing else names yet; elsewhere the functions that are passed must get the same ABI.',
    references: [
      { title: 'Rust Reference, function pointer types', url: 'https://doc.rust-lang.org/reference/types/function-pointer.html' },
      {
        title: 'Rustonomicon, callbacks from C code to Rust functions',
        url: 'https://doc.rust-lang.org/nomicon/ffi.html#callbacks-from-c-code-to-rust-functions',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const use of ctx.unit.surface.typeUses) {
      const answer = ctx.facts.types.ffiSafety(use);
      if (answer.kind !== 'unsafe' || answer.reason.kind !== 'rust-fn-pointer' || answer.through.length > 0) continue;
      const safe = isUnusedImport(use, ctx.surface.functions, ctx.workspace);
      ctx.report('use', {
        at: atUse(use),
        data: { type: answer.reason.text, where: whereUsed(use) },
        help: HELP,
        fixes: fixesOf(use.type, use.file, safe, ctx.workspace),
        item: use.item,
        claims: [refused(use)],
      });
    }
    for (const { item, ast, field, reason } of seenFields(ctx)) {
      if (reason.kind !== 'rust-fn-pointer') continue;
      ctx.report('field', {
        at: { file: item.file, span: field.type.span },
        data: { field: field.name, name: ast.name },
        help: HELP,
        fixes: fixesOf(field.type, item.file, false, ctx.workspace),
        item,
      });
    }
  },
});

function isUnusedImport(use: TypeUse, functions: readonly BoundaryFn[], workspace: Workspace): boolean {
  if (use.role !== 'import' || workspace.mentions(use.item.name, use.item)) return false;
  return functions.some((fn) => fn.item === use.item);
}

/** For a pointer that is written there, itself or in an `Option`; one behind an alias is changed where the alias is. */
function fixesOf(type: Type, file: SourceFile, safe: boolean, workspace: Workspace): Fix[] {
  const arg = type.kind === 'path' ? type.path.segments.at(-1)?.args[0] : undefined;
  const pointer = type.kind === 'fn' ? type : arg?.kind === 'type' && arg.type.kind === 'fn' ? arg.type : null;
  if (pointer?.kind !== 'fn' || pointer.abi !== null) return [];
  const text = workspace.slice(file, pointer.span);
  const keyword = /^(?:for\s*<[^>]*>\s*)?(?:unsafe\s+)?(?=fn\b)/.exec(text);
  if (!keyword) return [];
  const at = pointer.span.start + keyword[0].length;
  return [{ title: 'add `extern "C"`', safe, edits: [{ file: file.path, span: { start: at, end: at }, text: 'extern "C" ' }] }];
}
