/** A class may be used on one thread only. */
import { classOptions, pyclasses } from '../pyo3-classes.ts';
import { notSync } from '../pyo3-sync.ts';
import type { Span } from '../../base/text.ts';
import type { Field } from '../../model/rust/ast-item.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { shareFix } from '../pyo3-share-fix.ts';
import type { Fix } from '../rule.ts';
import { defineRule, orNone } from '../rule.ts';

export default defineRule({
  id: 'pyo3-unsendable',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    found: '`{name}` is `unsendable`: using it on another thread panics',
    forced: '`{name}` is `unsendable` because of `{what}`: using it on another thread panics',
  },
  docs: {
    what: 'A class is declared `#[pyclass(unsendable)]`',
    why: `Python gives no promise about threads: an executor, a server or a debugger calls methods from any of them. PyO3 checks and panics
(\`PanicException\`, which \`except Exception\` does not catch), and an object that is dropped on another thread is leaked. A \`Mutex\` or atomics in
the place of \`RefCell\` and \`Cell\`, and \`Arc\` in that of \`Rc\`, make the class usable everywhere.`,
    bad: `use pyo3::prelude::*;
use std::cell::RefCell;

#[pyclass(unsendable)]
struct Log {
    lines: RefCell<Vec<String>>,
}
`,
    good: `use pyo3::prelude::*;
use std::sync::Mutex;

#[pyclass]
struct Log {
    lines: Mutex<Vec<String>>,
}
`,
    exceptions: ['classes with a raw pointer or an `Rc` in them get a hint only: it may not be in the author’s hands', 'tests'],
    fixSafety:
      'A second borrow of a `RefCell` panics, a second lock of a `Mutex` waits for ever; what else the class holds may not be made for threads.',
    references: [{ title: 'PyO3 guide, customizing the class: unsendable', url: 'https://pyo3.rs/latest/class#customizing-the-class' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pyclasses(ctx.unit.items)) {
      const option = classOptions(item).find(({ name }) => name === 'unsendable');
      if (!option) continue;
      const ast = ctx.workspace.ast(item);
      const fields = ast?.kind === 'struct' ? ast.fields : [];
      const whats = fields.flatMap((field) => notSync(field.type, { module: item.module, item }, ctx.workspace, new Set([item])) ?? []);
      const cells = fields.filter((field) => notSync(field.type, { module: item.module, item }, ctx.workspace, new Set([item])) !== null);
      const forced = whats.find((what) => /^(\*mut|\*const|Rc|rc::Weak)$/.test(what));
      ctx.report(forced ? 'forced' : 'found', {
        at: { file: item.file, span: option.span },
        data: { name: item.name, what: forced ?? '' },
        help:
          whats.length > 0 && !forced
            ? `put a \`Mutex\` or atomics in the place of \`${whats[0]}\` and leave \`unsendable\` out`
            : 'make what it holds safe to share, and leave `unsendable` out',
        fixes: forced ? [] : orNone(freed(item, option.span, cells, ctx.workspace)),
        ...(forced ? { severity: 'hint' as const } : {}),
        item,
      });
    }
  },
});

/** Without the option, once its cells can be shared; null where there are none, since it is not seen then what forbids threads. */
function freed(item: RustItem, option: Span, cells: readonly Field[], workspace: Workspace): Fix | null {
  const shared = shareFix(item, cells, workspace);
  if (!shared || !workspace.editable(item.file, option)) return null;
  const text = workspace.text(item.file);
  const after = /^\s*,\s*/.exec(text.slice(option.end))?.[0].length ?? 0;
  const before = after > 0 ? 0 : (/(\s*,\s*|\(\s*)$/.exec(text.slice(0, option.start))?.[0].length ?? 0);
  const alone = after === 0 && /\(\s*$/.test(text.slice(0, option.start));
  const span = { start: option.start - before, end: option.end + after + (alone ? 1 : 0) };
  return { ...shared, edits: [...shared.edits, { file: item.file.path, span, text: '' }] };
}
