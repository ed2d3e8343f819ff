/** Which names of functions and exceptions are mentioned in a way that can hand them to Python. */
import { canMeanPyo3 } from '../../model/pyo3/crates.ts';
import type { RustItem, SourceFile, Workspace } from '../../model/workspace.ts';
import { BANG, BRACE_OPEN, BRACKET_OPEN, COLON, COMMA, LESS, PAREN_OPEN } from '../../syntax/rust/chars.ts';
import { closerOf } from '../../syntax/rust/groups.ts';
import type { Tokens } from '../pyo3-api/tokens.ts';
import { identAt, isBehindDot, isPathSeparator, tokensOf } from '../pyo3-api/tokens.ts';

export interface Names {
  readonly functions: ReadonlySet<string>;
  readonly exceptions: ReadonlySet<string>;
}

/** Macros whose arguments are plain code: what stands there is used, not exported. */
const CODE_MACROS = new Set(
  (
    'print println eprint eprintln format format_args write writeln panic assert assert_eq assert_ne debug_assert ' +
    'debug_assert_eq debug_assert_ne vec matches todo unreachable unimplemented dbg intern bail ensure anyhow'
  ).split(' '),
);
/** With an exception as type argument these raise or compare it. */
const RAISING = new Set(['new', 'new_lazy', 'new_err', 'is_instance_of']);

/** The names that may reach Python, over all files; on doubt a name is among them. */
export function handedToPython(names: Names, items: readonly RustItem[], workspace: Workspace): ReadonlySet<string> {
  const found = new Set<string>();
  const all = [...names.functions, ...names.exceptions];
  if (all.length === 0) return found;
  const uses = new Map<SourceFile, RustItem[]>();
  for (const item of items) {
    if (item.kind !== 'use') continue;
    const known = uses.get(item.file);
    if (known) known.push(item);
    else uses.set(item.file, [item]);
  }
  const naming = new Map<SourceFile, string[]>();
  const seen = new Set(
    [...workspace.files.values()].filter(({ path }) => workspace.cratesOf(path).some((crate) => canMeanPyo3(crate, workspace))),
  );
  for (const name of all) {
    for (const file of workspace.filesNaming(name)) {
      if (!seen.has(file)) continue;
      const known = naming.get(file);
      if (known) known.push(name);
      else naming.set(file, [name]);
    }
  }
  for (const [file, likely] of naming) {
    const text = workspace.text(file);
    if (!likely.some((name) => text.includes(name))) continue;
    for (const item of uses.get(file) ?? []) fromUse(item, names, found);
    fromTokens(tokensOf(text), names, found, uses.get(file) ?? []);
  }
  return found;
}

/** Exported by a declarative module, or known elsewhere under a name that is not followed. */
function fromUse(item: RustItem, names: Names, found: Set<string>): void {
  const exported = item.entry.visibility === 'pub' || item.entry.attributes.some((a) => /(^|::)pymodule_export$/.test(a.path));
  for (const use of item.entry.uses) {
    const name = use.path.at(-1) ?? '';
    if ((names.functions.has(name) || names.exceptions.has(name)) && (exported || use.name !== name)) found.add(name);
  }
}

function fromTokens(tokens: Tokens, names: Names, found: Set<string>, uses: readonly RustItem[]): void {
  // Closing brackets that are waited for; true where the group is the argument of a macro that may export.
  const closers: { readonly kind: number; readonly exports: boolean }[] = [];
  let exporting = 0;
  for (let at = 0; at < tokens.kinds.length; at++) {
    const kind = tokens.kinds[at] ?? 0;
    if (kind === PAREN_OPEN || kind === BRACKET_OPEN || kind === BRACE_OPEN) {
      const exports = mayExport(tokens, at);
      closers.push({ kind: closerOf(kind), exports });
      if (exports) exporting++;
    } else if (closers.at(-1)?.kind === kind) {
      if (closers.pop()?.exports === true) exporting--;
    }
    const name = identAt(tokens, at);
    if (name === '' || found.has(name)) continue;
    const isFunction = names.functions.has(name);
    if (!isFunction && !names.exceptions.has(name)) continue;
    const start = tokens.starts[at] ?? 0;
    if (uses.some(({ entry }) => entry.span.start <= start && start < entry.span.end)) continue;
    if (exporting > 0 ? !isDefinition(tokens, at) : isFunction ? isValue(tokens, at) : isTypeValue(tokens, at)) found.add(name);
  }
}

/** Whether a bracket opens the arguments of a macro that is not known to be harmless. */
function mayExport(tokens: Tokens, open: number): boolean {
  if (tokens.kinds[open - 1] !== BANG) return identAt(tokens, open - 1) !== '' && identAt(tokens, open - 2) === 'macro_rules';
  const name = identAt(tokens, open - 2);
  return name !== '' && name !== 'create_exception' && name !== 'import_exception' && !CODE_MACROS.has(name);
}

/** `fn name`, `mod name`: something else of that name, or the thing itself. */
function isDefinition(tokens: Tokens, at: number): boolean {
  return ['fn', 'mod', 'let', 'mut', 'struct', 'enum', 'trait', 'type', 'macro_rules'].includes(identAt(tokens, at - 1));
}

/** A fn's name that is not called, not a field or method, and not what something is declared as. */
function isValue(tokens: Tokens, at: number): boolean {
  if (isBehindDot(tokens, at) || isDefinition(tokens, at) || tokens.kinds[at + 1] === BANG) return false;
  if (tokens.kinds[at + 1] === PAREN_OPEN) return false;
  return tokens.kinds[at + 1] !== COLON || isPathSeparator(tokens, at + 1);
}

/** `get_type::<E>()`, `<E as …>`, `E::type_object(…)`: the type itself goes somewhere. */
function isTypeValue(tokens: Tokens, at: number): boolean {
  if (isPathSeparator(tokens, at + 1)) return identAt(tokens, at + 3).startsWith('type_object');
  let first = at;
  while (isPathSeparator(tokens, first - 2) && identAt(tokens, first - 3) !== '') first -= 3;
  if (tokens.kinds[first - 1] === LESS && identAt(tokens, at + 1) === 'as') return true;
  for (let before = first - 1; before > first - 12 && before >= 0; before--) {
    const kind = tokens.kinds[before];
    if (kind === LESS) return isPathSeparator(tokens, before - 2) && !RAISING.has(identAt(tokens, before - 3));
    if (kind !== COMMA && identAt(tokens, before) === '' && kind !== COLON) return false;
  }
  return false;
}
