/** `extern` stands without the name of an ABI. */
import type { Span } from '../../base/text.ts';
import type { Item } from '../../model/rust/ast-item.ts';
import { Trigger } from '../../model/rust/file-index.ts';
import { typesOfItem } from '../../model/rust/item-types.ts';
import { fnPointersIn } from '../../model/surface/fn-pointers.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'missing-abi',
  group: 'linkage',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: ['missing_abi'],
  fix: 'safe',
  messages: { missing: '`extern` without an ABI means `extern "C"`' },
  docs: {
    what: '`extern fn`, `extern { }` or the type `extern fn()` without the name of an ABI',
    why: 'It means `"C"`, but many read it as "declared elsewhere". rustc warns of it since Rust 1.86, and clippy and style guides ask for the name.',
    bad: `pub extern fn answer() -> i32 {
    42
}
`,
    good: `pub extern "C" fn answer() -> i32 {
    42
}
`,
    exceptions: ['`extern crate`', 'items that a macro makes', 'types that are written inside of bodies'],
    fixSafety: '`extern` and `extern "C"` are the same.',
    references: [
      { title: 'rustc lint missing_abi', url: 'https://doc.rust-lang.org/rustc/lints/listing/warn-by-default.html#missing-abi' },
      {
        title: 'Rust Reference, extern function qualifier',
        url: 'https://doc.rust-lang.org/reference/items/functions.html#extern-function-qualifier',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of ctx.unit.items) {
      if (item.inUnknownMacro || item.file.origin !== null || (item.entry.triggers & Trigger.Extern) === 0) continue;
      // Members of impls and extern blocks are items of their own.
      const ast = ctx.workspace.ast(item);
      for (const at of ast ? externs(ast) : []) {
        if (!/^extern(?!\s*r?#*")/.test(ctx.workspace.slice(item.file, { start: at.start, end: at.start + 40 }))) continue;
        const end = at.start + 'extern'.length;
        ctx.report('missing', {
          at: { file: item.file, span: { start: at.start, end } },
          help: 'write `extern "C"`',
          fixes: [{ title: 'add `"C"`', safe: true, edits: [{ file: item.file.path, span: { start: end, end }, text: ' "C"' }] }],
          item,
        });
      }
    }
  },
});

/** Where `extern` stands in an item's own signature, with or without an ABI. */
function externs(ast: Item): Span[] {
  const own = ast.kind === 'fn' ? ast.abiSpan : ast.kind === 'extern-block' ? ast.keywordSpan : null;
  const pointers = typesOfItem(ast).flatMap(fnPointersIn);
  return [...(own ? [own] : []), ...pointers.flatMap((pointer) => (pointer.abiSpan ? [pointer.abiSpan] : []))];
}
