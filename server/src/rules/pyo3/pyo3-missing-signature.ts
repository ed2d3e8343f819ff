/** An optional argument at the end has no default in Python, or one that PyO3 takes away. */
import type { FnItem, Param } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { PyEntry } from '../../model/surface/surface.ts';
import type { Scope, Workspace } from '../../model/workspace.ts';
import { canonicalName } from '../../analysis/types/local-types-names.ts';
import { indentAt } from '../indent.ts';
import { classOptions, hasAttribute, pyo3Minor, pyo3Options } from '../pyo3-classes.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** PyO3 warns of the default that it makes up, then makes up none. */
const WARNED = 22;
const REQUIRED = 24;

export default defineRule({
  id: 'pyo3-missing-signature',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: {
    implicit: '`{param}` of `{name}` is optional only by a default that PyO3 0.24 no longer gives it',
    required: '`{param}` of `{name}` is an `Option`, but callers must pass it',
  },
  docs: {
    what: 'The last arguments of a PyO3 function are `Option`s and no `signature` says whether they may be left out',
    why: `Up to PyO3 0.23, a trailing \`Option<T>\` has the default \`None\`. From 0.24 on it has none: the same code compiles without a warning,
and Python callers that leave the argument out get \`TypeError: missing 1 required positional argument\`. A signature says what is meant.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn split(text: String, separator: Option<String>) -> Vec<String> {
    text.split(separator.as_deref().unwrap_or(",")).map(str::to_owned).collect()
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
#[pyo3(signature = (text, separator=None))]
fn split(text: String, separator: Option<String>) -> Vec<String> {
    text.split(separator.as_deref().unwrap_or(",")).map(str::to_owned).collect()
}
`,
    exceptions: [
      'functions with a `signature`, setters, and special methods whose arguments Python passes (`__exit__`, `__setitem__` …)',
      '`Option`s in front of a required argument',
      'from PyO3 0.24 on what only a wrapper in Python calls: modules named `_internal` without a stub, and classes of crates without a module that do not name a public one',
      'PyO3 before 0.22, where the default is the documented behaviour, and versions that are not known',
    ],
    fixSafety:
      'Up to PyO3 0.23 the signature says what holds already. From 0.24 on it gives the argument a default that it does not have, so the fix is unsafe.',
    references: [{ title: 'PyO3 guide, function signatures', url: 'https://pyo3.rs/latest/function/signature' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const entry of ctx.unit.surface.pyEntries) {
      const { item, ast } = entry;
      const version = pyo3Minor(ctx.workspace, item.module.crate);
      if (version === null || version < WARNED || item.file.origin || !takesSignature(entry)) continue;
      const params = pythonParams(entry, ctx.workspace);
      const last = params?.at(-1);
      if (!params || !last || !isOption(last.type, entry.scope, ctx.workspace)) continue;
      const required = version >= REQUIRED;
      // Wrappers in Python pass every argument.
      if (required && isInternal(ctx, entry)) continue;
      ctx.report(required ? 'required' : 'implicit', {
        at: { file: item.file, span: last.span },
        data: { param: last.name ?? '', name: ast.name },
        help: `say it: \`#[pyo3(signature = (${signatureOf(params, entry, ctx.workspace)}))]\``,
        fixes: [fixOf(entry, params, !required, ctx.workspace)],
        ...(required ? { severity: 'info' as const } : {}),
        item,
      });
    }
  },
});

/**
 * Whether only code of the same package calls it, so far as the crate tells: its module is private by name and no stub describes it, or
 * it has no module and the class does not say that it belongs to a public one.
 */
function isInternal(ctx: RuleContext<string>, { item, scope, className }: PyEntry): boolean {
  const { crate } = item.module;
  const modules = ctx.facts.pythonModule.topModules(crate);
  const dotted = crate.package ? ctx.workspace.cargo.projects?.get(crate.package.manifest)?.maturin?.moduleName?.text : undefined;
  const names = dotted ? [dotted.split('.').at(-1) ?? ''] : modules.map(({ name }) => name);
  if (names.length > 0) return names.every((name) => name.startsWith('_')) && ctx.facts.pythonModule.stubs(crate).length === 0;
  // A library that Python loads has a module, which a macro makes.
  if (crate.target.crateTypes.includes('cdylib')) return false;
  const owner = className === null ? null : ctx.workspace.resolve(className.replace(/<.*/s, '').split('::'), scope, 'type');
  if (owner?.kind !== 'item') return true;
  const home = classOptions(owner.item).find(({ name }) => name === 'module')?.value ?? '_';
  return home.split('.').some((part) => part.startsWith('_'));
}

function takesSignature({ kind, ast, item }: PyEntry): boolean {
  if (kind === 'module' || item.owner?.kind === 'trait') return false;
  if (/^__\w+__$/.test(ast.name) && ast.name !== '__call__') return false;
  if (['setter', 'getter', 'deleter', 'classattr', 'args', 'pyfn', 'signature'].some((name) => hasAttribute(ast, name))) return false;
  return !pyo3Options(ast.attributes, 'pyfunction').some(({ name }) =>
    ['signature', 'set', 'get', 'setter', 'getter', 'pass_module'].includes(name),
  );
}

/** The parameters that Python sees; null where one has no plain name. */
function pythonParams({ ast, kind, scope }: PyEntry, workspace: Workspace): readonly Param[] | null {
  let params = ast.params.filter((param) => nameOf(param.type, scope, workspace) !== 'pyo3::Python');
  const special = kind === 'method' && ast.self === null && !hasAttribute(ast, 'staticmethod') && !isPlainNew(ast);
  if (special) {
    // The receiver as `slf: PyRef<Self>`, or the class of a class method.
    params = params.slice(1);
  }
  return params.every(({ name, attributes }) => name !== null && attributes.length === 0) ? params : null;
}

/** `#[new]` without `#[classmethod]` has no receiver. */
function isPlainNew(ast: FnItem): boolean {
  return hasAttribute(ast, 'new') && !hasAttribute(ast, 'classmethod');
}

function nameOf(type: Type, scope: Scope, workspace: Workspace): string {
  if (type.kind !== 'path' || type.self) return '';
  const found = workspace.resolve(type.path, scope, 'type');
  return found.kind === 'external' ? canonicalName(found.path) : '';
}

function isOption(type: Type, scope: Scope, workspace: Workspace): boolean {
  return nameOf(type, scope, workspace) === 'std::option::Option';
}

function signatureOf(params: readonly Param[], { scope }: PyEntry, workspace: Workspace): string {
  const plain = params.findLastIndex(({ type }) => !isOption(type, scope, workspace));
  return params.map(({ name }, i) => `${name ?? ''}${i > plain ? '=None' : ''}`).join(', ');
}

function fixOf(entry: PyEntry, params: readonly Param[], safe: boolean, workspace: Workspace): Fix {
  const { item, ast } = entry;
  const at = ast.signatureSpan.start;
  const signature = signatureOf(params, entry, workspace);
  const indent = indentAt(workspace.text(item.file), at);
  return {
    title: `write the signature \`(${signature})\``,
    safe,
    edits: [{ file: item.file.path, span: { start: at, end: at }, text: `#[pyo3(signature = (${signature}))]\n${indent}` }],
  };
}
