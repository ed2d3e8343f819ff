/** C passes NULL where the Rust function takes what never is. */
import { nullArguments } from '../../abi/peers/null-arguments.ts';
import { basename } from '../../base/paths.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-nullability',
  group: 'signatures',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'unsafe',
  messages: { null: '`{name}` of `{symbol}` is `{mine}`, which is never null, but `{file}` passes NULL' },
  docs: {
    what: 'C code passes NULL for a parameter whose Rust type is never null',
    why: 'A reference, a `Box`, a `NonNull` and a function pointer are never null. The compiler relies on it: a null that C passes is undefined behavior before the first line of the function runs, and no check in it helps.',
    bad: `// geo.c: int geo_load(const int *options);
// geo.c: int main(void) { return geo_load(NULL); }
#[no_mangle]
pub extern "C" fn geo_load(options: &i32) -> i32 {
    *options
}
`,
    good: `// geo.c: int geo_load(const int *options);
// geo.c: int main(void) { return geo_load(NULL); }
#[no_mangle]
pub extern "C" fn geo_load(options: Option<&i32>) -> i32 {
    options.copied().unwrap_or(0)
}
`,
    exceptions: [
      'raw pointers and `Option` of what is never null',
      'a pointer that C could pass: only a call that passes NULL, or 0, or `nullptr` is evidence',
      'calls in C files of other folders that do not belong to the crate',
    ],
    fixSafety: 'The body must then say what it does without a value.',
    references: [
      { title: 'core::option, representation', url: 'https://doc.rust-lang.org/core/option/index.html#representation' },
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    const { unit, peers } = ctx;
    const [target] = peers.targets;
    if (unit.kind !== 'rust' || !target) return;
    for (const fn of unit.surface.functions) {
      if (fn.role !== 'export' || fn.symbol === null || fn.rewritten || peers.linkedTo(fn).length === 0) continue;
      const params = peers.rustSignature(fn, target)?.params ?? [];
      const never = params.flatMap(({ shape }, index) => (shape.kind === 'pointer' && !shape.nullable ? [index] : []));
      if (never.length === 0) continue;
      const calls = peers.mentionedIn(fn.symbol).filter((file) => file.endsWith('.c'));
      const symbol = fn.symbol;
      const found = calls.flatMap((file) => nullArguments(ctx.text(file), symbol).map((one) => ({ file, ...one })));
      const hit = found.find(({ index, count }) => never.includes(index) && count === params.length);
      const param = hit ? fn.ast.params[hit.index] : undefined;
      if (!hit || !param) continue;
      const written = ctx.workspace.text(fn.item.file).slice(param.type.span.start, param.type.span.end);
      ctx.report('null', {
        at: { file: fn.item.file, span: fn.ast.nameSpan },
        data: { symbol, name: param.name ?? `parameter ${hit.index + 1}`, mine: written, file: basename(hit.file) },
        related: [{ at: { file: hit.file, span: hit.span }, message: 'NULL is passed here' }],
        help: 'take an `Option` of it and say what happens without a value',
        fixes: [
          {
            title: `take an \`Option<${written}>\``,
            safe: false,
            edits: [{ file: fn.item.file.path, span: param.type.span, text: `Option<${written}>` }],
          },
        ],
        item: fn.item,
      });
    }
  },
});
