/** Python changes a copy of a collection where it looks as if it changed the object. */
import type { Field } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { canonicalName } from '../../analysis/types/local-types-names.ts';
import { tyOfWritten } from '../../analysis/types/local-types-written.ts';
import { isPlainValue, methodEdit } from '../pyo3-class-edits.ts';
import { classOptions, pyclasses, pyo3Minor, pyo3Options } from '../pyo3-classes.ts';
import type { Fix } from '../rule.ts';
import { defineRule, orNone } from '../rule.ts';

export default defineRule({
  id: 'pyo3-get-returns-copy',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
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
    fixSafety: 'Python gets a tuple, which cannot be changed, instead of a list.',
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
          fixes: orNone(tupleFix(item, field, ctx.workspace)),
          item,
        });
      }
    }
  },
});

/** A getter that gives a tuple; `#[pyo3(set)]` stays. Null for anything but a vector of numbers or texts. */
function tupleFix(item: RustItem, field: Field, workspace: Workspace): Fix | null {
  const ty = tyOfWritten(field.type, { module: item.module, item }, workspace);
  const version = pyo3Minor(workspace, item.module.crate);
  const mark = field.attributes.find(({ path, condition }) => path === 'pyo3' && condition === null);
  const get = mark?.args?.find(({ name }) => name === 'get');
  if (ty?.kind !== 'external' || ty.path !== 'std::vec::Vec' || !isPlainValue(ty) || version === null || !mark || !get) return null;
  if (!/^[a-z]\w*$/.test(field.name) || !workspace.editable(item.file, mark.span)) return null;
  const text = workspace.text(item.file);
  // `get, ` or `, get`, whichever side the comma is on.
  const after = /^\s*,\s*/.exec(text.slice(get.span.end))?.[0].length ?? 0;
  const before = after > 0 ? 0 : (/\s*,\s*$/.exec(text.slice(mark.span.start, get.span.start))?.[0].length ?? 0);
  const made =
    version >= 23
      ? `Ok(pyo3::types::PyTuple::new(py, &self.${field.name})?.unbind())`
      : version >= 21
        ? `Ok(pyo3::types::PyTuple::new_bound(py, self.${field.name}.clone()).unbind())`
        : `Ok(pyo3::types::PyTuple::new(py, self.${field.name}.clone()).into())`;
  const head = `fn ${field.name}(&self, py: pyo3::Python<'_>) -> pyo3::PyResult<pyo3::Py<pyo3::types::PyTuple>> {`;
  const getter = methodEdit(item, ['#[getter]', head, `\t${made}`, '}'], workspace);
  if (!getter) return null;
  const own = { file: item.file.path, span: { start: get.span.start - before, end: get.span.end + after }, text: '' };
  return { title: 'give a tuple', safe: false, edits: [own, getter] };
}

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
