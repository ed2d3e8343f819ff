/** A public extern fn that nothing uses lacks the attribute that would export it. */
import { rustAtLeast } from '../../model/cargo/rust-version.ts';
import type { Crate } from '../../model/workspace.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'extern-fn-not-exported',
  group: 'linkage',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: [],
  fix: 'safe',
  messages: { missing: '`{name}` has the C ABI but is not exported: its symbol is mangled' },
  docs: {
    what: 'A `pub extern "C" fn` in a cdylib or staticlib has no `#[no_mangle]`, and nothing in the workspace refers to it',
    why: 'Without the attribute the symbol carries a mangled name and is dropped from the library: C finds no such function at link or load time.',
    bad: `pub extern "C" fn answer() -> i32 {
    42
}
`,
    good: `#[no_mangle]
pub extern "C" fn answer() -> i32 {
    42
}
`,
    exceptions: [
      'functions whose name occurs anywhere else in the workspace: they may be used as callbacks',
      'methods, generics, functions that macros make or rewrite',
      'crates that build neither a cdylib nor a staticlib',
    ],
    fixSafety:
      'Exporting a function that nothing refers to adds a symbol and changes nothing else; it is offered only where no other export has the name.',
    references: [
      { title: 'Rust Reference, the no_mangle attribute', url: 'https://doc.rust-lang.org/reference/abi.html#the-no_mangle-attribute' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const { crate } = ctx.unit;
    if (!crate.target.crateTypes.some((t) => t === 'cdylib' || t === 'staticlib')) return;
    for (const fn of ctx.unit.surface.functions) {
      const { ast, item } = fn;
      if (fn.role !== 'callback' || ast.visibility !== 'pub' || item.owner !== null || fn.rewritten || item.file.origin !== null) continue;
      if (ast.generics.some((g) => g.kind !== 'lifetime') || ctx.workspace.mentions(ast.name, item)) continue;
      if (ctx.surface.functions.some((f) => f.symbol === ast.name)) continue;
      const at = ast.signatureSpan.start;
      const attribute = wantsUnsafeAttribute(crate) ? '#[unsafe(no_mangle)]' : '#[no_mangle]';
      const indent = /[^\n]*$/.exec(ctx.workspace.slice(item.file, { start: 0, end: at }))?.[0] ?? '';
      ctx.report('missing', {
        at: { file: item.file, span: ast.nameSpan },
        data: { name: ast.name },
        help: `add \`${attribute}\``,
        fixes: [
          {
            title: `add \`${attribute}\``,
            safe: true,
            edits: [{ file: item.file.path, span: { start: at, end: at }, text: `${attribute}\n${indent.trim() === '' ? indent : ''}` }],
          },
        ],
        item,
      });
    }
  },
});

/** Unsafe attributes exist since Rust 1.82 and are required in edition 2024. */
function wantsUnsafeAttribute(crate: Crate): boolean {
  return crate.target.edition === '2024' || rustAtLeast(crate.package, 82) === true;
}
