/** Python changes a copy of a collection where it looks as if it changed the object. */
import type { Type } from '../../model/rust/ast-type.ts';
import type { Scope, Workspace } from '../../model/workspace.ts';
import { canonicalName } from '../../analysis/types/local-types-names.ts';
import { classOptions, pyclasses, pyo3Options } from '../pyo3-classes.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-get-returns-copy',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { copy: 'each read of `{field}` makes a new Python {made}: changes to it are lost' },
  docs: {
    what: 'A field with a collection of Rust can be read and written as an attribute, `#[pyo3(get, set)]`',
    why: `Reading the attribute converts the whole collection into a new \`list\`, \`dict\` or \`set\`. \`obj.items.append(1)\` changes that copy and is lost
without an error, although \`obj.items = […]\` works; and a loop over \`obj.items[i]\` converts everything in each round.`,
    bad: `use pyo3::prelude::*;

#[pyclass]
struct Basket {
    #[pyo3(get, set)]
    items: Vec<String>,
}
`,
    good: `use pyo3::prelude::*;
use pyo3::types::PyList;

#[pyclass]
struct Basket {
    #[pyo3(get, set)]
    items: Py<PyList>,
}
`,
    exceptions: [
      'fields that can only be read, and classes that are `frozen`: nothing says that they may be changed',
      'numbers, strings, tuples, arrays, bytes, and Python objects (`Py<PyList>`)',
      'types of the crate that are converted in their own way',
    ],
    fixSafety: null,
    references: [{ title: "PyO3 FAQ: I'm trying to call Python methods on a `#[pyo3(get)]` field", url: 'https://pyo3.rs/latest/faq' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pyclasses(ctx.unit.items)) {
      const options = new Set(classOptions(item).map(({ name }) => name));
      const ast = ctx.workspace.ast(item);
      if (ast?.kind !== 'struct' || options.has('frozen')) continue;
      for (const field of ast.fields) {
        const own = new Set(pyo3Options(field.attributes, 'pyo3').map(({ name }) => name));
        const both = (own.has('get') || options.has('get_all')) && (own.has('set') || options.has('set_all'));
        const made = both ? collection(field.type, { module: item.module, item }, ctx.workspace) : null;
        if (made === null) continue;
        ctx.report('copy', {
          at: { file: item.file, span: field.type.span },
          data: { field: field.name, made },
          help: `keep a Python object (\`Py<Py${made[0]?.toUpperCase()}${made.slice(1)}>\`), return a tuple, or offer methods that change it`,
          item,
        });
      }
    }
  },
});

const MADE: Readonly<Record<string, string>> = {
  'std::vec::Vec': 'list',
  'std::collections::VecDeque': 'list',
  'std::collections::HashMap': 'dict',
  'std::collections::BTreeMap': 'dict',
  'std::collections::HashSet': 'set',
  'std::collections::BTreeSet': 'set',
};

/** What a collection becomes in Python; null for what is none. Bytes become `bytes`, which cannot be changed. */
function collection(type: Type, scope: Scope, workspace: Workspace): string | null {
  if (type.kind !== 'path' || type.self) return null;
  const found = workspace.resolve(type.path, scope, 'type');
  if (found.kind !== 'external') return null;
  const [element] = (type.path.segments.at(-1)?.args ?? []).flatMap((arg) => (arg.kind === 'type' ? [arg.type] : []));
  if (element?.kind === 'path' && element.path.segments.at(-1)?.name === 'u8') return null;
  const name = canonicalName(found.path);
  return Object.hasOwn(MADE, name) ? (MADE[name] ?? null) : null;
}
