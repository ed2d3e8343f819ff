/** The stub file of a crate's Python module, and what the module's Rust says the same functions take. */
import { dirname, joinPath } from '../../base/paths.ts';
import type { PyStub, PythonParam } from '../../model/python/stub.ts';
import type { PyEntry } from '../../model/surface/surface.ts';
import type { Crate, Workspace } from '../../model/workspace.ts';
import { tyOfWritten } from '../types/local-types-written.ts';
import { isExternal, stripRefs } from '../types/local-types-ty.ts';

export type StubReader = (path: string) => PyStub | null;

/** The stub beside a module, where maturin takes it from: next to the manifest, or in the Python package. `name` may be dotted. */
export function stubOf(crate: Crate, name: string, workspace: Workspace, read: StubReader): PyStub | null {
  const pkg = crate.package;
  if (!pkg) return null;
  const project = workspace.cargo.projects?.get(pkg.manifest);
  const folders = [pkg.directory, ...(project ? [dirname(project.file)] : [])];
  const dotted = project?.maturin?.moduleName?.text.split('.').join('/') ?? name;
  for (const folder of new Set(folders)) {
    for (const path of [`${dotted}.pyi`, `python/${dotted}.pyi`, `src/${dotted}.pyi`]) {
      const stub = read(joinPath(folder, path));
      if (stub) return stub;
    }
    for (const path of [dotted, `python/${dotted}`, `src/${dotted}`]) {
      // Beside an `__init__.py` stands the stub of a package written in Python, which may leave out what it does not pass on.
      const stub = read(joinPath(folder, `${path}/__init__.py`)) ? null : read(joinPath(folder, `${path}/__init__.pyi`));
      if (stub) return stub;
    }
  }
  return null;
}

/** The name under which Python knows an entry; null for what has none of its own (getters, slots and the like). */
export function pythonName({ ast }: PyEntry): string | null {
  const own = ast.attributes.find(({ path }) => /(^|::)(getter|setter|deleter|classattr)$/.test(path));
  if (own) return null;
  if (ast.attributes.some(({ path }) => /(^|::)new$/.test(path))) return '__init__';
  const metas = ast.attributes.filter(({ path }) => /(^|::)(pyo3|pyfunction)$/.test(path)).flatMap(({ args }) => args ?? []);
  const renamed = metas.find((meta) => meta.name === 'name')?.value;
  return renamed ?? ast.name.replace(/^r#/, '');
}

/** What an entry takes, by its signature attribute or its parameters; null where that cannot be read, or where versions differ. */
export function pythonParams(entry: PyEntry, workspace: Workspace): readonly PythonParam[] | null {
  const { ast, scope } = entry;
  if (ast.attributes.some(({ path }) => /(^|::)(args|pyfn)$/.test(path))) return null;
  for (const attribute of ast.attributes) {
    if (!/(^|::)(pyo3|pyfunction)$/.test(attribute.path)) continue;
    if (attribute.args?.some(({ name }) => name === 'pass_module')) return null;
    const meta = attribute.args?.find(({ name }) => name === 'signature');
    if (meta) return fromSignature(workspace.slice(entry.item.file, meta.span));
  }
  const skipFirst = entry.kind === 'method' && (ast.self === null ? !isStatic(entry) : false);
  const params = skipFirst ? ast.params.slice(1) : ast.params;
  const found: PythonParam[] = [];
  for (const param of params) {
    const ty = stripRefs(tyOfWritten(param.type, scope, workspace));
    if (isExternal(ty, 'pyo3::Python')) continue;
    // Whether such a parameter may be left out depends on PyO3's version: another rule asks for the signature.
    if (param.name === null || isExternal(ty, 'std::option::Option')) return null;
    found.push({ name: param.name.replace(/^r#/, ''), kind: 'plain', by: 'either', hasDefault: false, defaultText: null });
  }
  return found;
}

function isStatic({ ast }: PyEntry): boolean {
  return (
    ast.attributes.some(({ path }) => /(^|::)(staticmethod|new)$/.test(path)) &&
    !ast.attributes.some(({ path }) => /(^|::)classmethod$/.test(path))
  );
}

/** `signature = (a, b=None, *args, c, **kwargs)` */
function fromSignature(text: string): readonly PythonParam[] | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  let found: PythonParam[] = [];
  let by: PythonParam['by'] = 'either';
  for (const part of splitList(text.slice(open + 1, close))) {
    const written = part.trim();
    if (written === '') continue;
    if (written === '/') found = found.map((param) => ({ ...param, by: 'place' }));
    if (written === '*') by = 'name';
    if (written === '/' || written === '*') continue;
    const [, stars = '', name = '', value] = /^(\**)\s*(?:r#)?(\w+)\s*(?::[^=]*)?(?:=\s*(.*))?$/s.exec(written) ?? [];
    if (name === '') return null;
    const kind = stars === '**' ? 'kwargs' : stars === '*' ? 'args' : 'plain';
    found.push({ name, kind, by, hasDefault: value !== undefined, defaultText: value ?? null });
    if (kind === 'args') by = 'name';
  }
  return found;
}

/** Commas outside of brackets and strings part a list. */
function splitList(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (c === '"' && text[i - 1] !== '\\') quoted = !quoted;
    if (quoted) continue;
    if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)];
}
