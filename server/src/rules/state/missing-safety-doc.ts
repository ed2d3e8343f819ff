/** An unsafe fn at the boundary does not say what its callers must ensure. */
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { Module, RustItem } from '../../model/workspace.ts';
import { indentAt } from '../indent.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'undocumented'>;

export default defineRule({
  id: 'missing-safety-doc',
  group: 'state',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: ['clippy::missing_safety_doc'],
  fix: 'safe',
  messages: { undocumented: '{kind} `{name}` is unsafe, but its docs do not say what callers must ensure' },
  docs: {
    what: 'An unsafe function that C calls, or a public one of C, has no section about safety in its docs',
    why: `Whoever calls it has to know which pointers may be null, how long they must live and who frees what. The signature does not tell, and on
the C side nothing else is left of it: header generators copy the docs.`,
    bad: `/// Adds up numbers.
#[no_mangle]
pub unsafe extern "C" fn sum(values: *const u32, count: usize) -> u32 {
    if values.is_null() {
        return 0;
    }
    std::slice::from_raw_parts(values, count).iter().sum()
}
`,
    good: `/// Adds up numbers.
///
/// # Safety
///
/// \`values\` is null or points to \`count\` numbers.
#[no_mangle]
pub unsafe extern "C" fn sum(values: *const u32, count: usize) -> u32 {
    if values.is_null() {
        return 0;
    }
    std::slice::from_raw_parts(values, count).iter().sum()
}
`,
    exceptions: [
      'docs with a heading or sentence about safety in any case: `# Safety`, `Safety:`',
      '`#[doc(hidden)]`, generated files, code that a macro makes, and `#[doc = …]` that is no literal',
      'functions of C in `-sys` crates and in private modules: the C documentation speaks for them',
      'functions of C that are declared `safe`',
      'exported functions that are not unsafe',
    ],
    fixSafety: 'Safe: docs are inserted, for you to complete.',
    references: [
      { title: 'Rust API Guidelines, documentation', url: 'https://rust-lang.github.io/api-guidelines/documentation.html#c-failure' },
      { title: 'clippy, missing_safety_doc', url: 'https://rust-lang.github.io/rust-clippy/master/index.html#missing_safety_doc' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust' || ctx.unit.file.index.generated) return;
    const sys = /[-_]sys$/.test(ctx.unit.crate.package?.name ?? '');
    for (const fn of ctx.unit.surface.functions) {
      const { item, ast } = fn;
      if (fn.role === 'callback' || fn.rewritten || item.entry.inMacro || item.file.origin) continue;
      if (fn.role === 'export' ? !ast.unsafe : sys || ast.safe || !isPublic(item)) continue;
      if (/(^|\n)\s*#+\s*\**safety|\bsafety\b\W*:/i.test(ast.docs) || isHidden(item)) continue;
      ctx.report('undocumented', {
        at: { file: item.file, span: ast.nameSpan },
        data: { kind: fn.role === 'export' ? 'extern fn' : 'the C function', name: ast.name },
        help: 'add a `# Safety` section to its docs',
        item,
        fixes: [stub(ctx, fn)],
      });
    }
  },
});

/** Hidden docs, or docs whose text is not known. */
function isHidden(item: RustItem): boolean {
  const docs = [...item.entry.attributes, ...(item.owner?.entry.attributes ?? [])].filter((one) => one.path === 'doc');
  return docs.some((one) => one.args?.some((arg) => arg.name === 'hidden') || one.value !== null);
}

/** Whether other crates can name the function where it is declared. */
function isPublic(item: RustItem): boolean {
  if (item.entry.visibility !== 'pub' || !item.module.crate.target.crateTypes.some((type) => type === 'lib' || type === 'rlib'))
    return false;
  for (let module: Module | null = item.module; module?.parent; module = module.parent) {
    const name = module.path.at(-1);
    const declared = module.parent.items.find((one) => one.kind === 'mod' && one.name === name);
    if (declared?.entry.visibility !== 'pub') return false;
  }
  return true;
}

function stub(ctx: Context, { item, ast }: BoundaryFn): Fix {
  const text = ctx.workspace.text(item.file);
  const indent = indentAt(text, ast.signatureSpan.start);
  // Behind docs that are there, before attributes: where the first attribute or the signature starts.
  const attribute = item.entry.attributes.find((one) => !one.inner && one.path !== 'doc');
  const at = Math.min(attribute?.span.start ?? ast.signatureSpan.start, ast.signatureSpan.start);
  const lines = [...(ast.docs.trim() === '' ? [] : ['///']), '/// # Safety', '///', '/// (what callers must ensure)'];
  return {
    title: 'insert a `# Safety` section',
    safe: true,
    edits: [{ file: item.file.path, span: { start: at, end: at }, text: lines.map((line) => `${line}\n${indent}`).join('') }],
  };
}
