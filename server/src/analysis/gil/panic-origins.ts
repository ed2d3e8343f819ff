/** Why an `Option` or `Result` may be empty or an index out of range: the parameter, file or Python call that decides. */
import type { Made } from '../../base/reads.ts';
import { madeOnce } from '../../base/reads.ts';
import type { CallExpr, Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Binding } from '../types/local-types-body.ts';
import { RESULT, OPTION, autoderef, isExternal, isInt, stripRefs } from '../types/local-types-ty.ts';
import { targetOf } from './callees.ts';
import { namedIn, rootsOf } from './data.ts';
import { alwaysSucceeds, fillsTuple, isEscapedPattern, isOwnKey, isPresentModule, mayNarrow } from './panic-excuses.ts';
import type { PanicContext } from './panics.ts';
import { functionSeed, methodSeed } from './seeds.ts';
import { neverFails } from '../unwinding/infallible.ts';

export interface Origin {
  readonly reason: string;
  readonly roots: ReadonlySet<Binding>;
  /** The standard library or Python decides, by the value alone: to unpack an `Option` before is no check. */
  readonly strict?: boolean;
}

/** Steps between what fails and its `unwrap` that change nothing about whether it fails. */
const TRANSPARENT = new Set([
  'unwrap',
  'expect',
  'map_err',
  'as_ref',
  'as_mut',
  'cloned',
  'copied',
  'ok',
  'map',
  'as_deref',
  'ok_or',
  'ok_or_else',
  'as_deref_mut',
  'inspect',
  'inspect_err',
  'and_then',
  'transpose',
  'flatten',
]);

/** Failures that no input decides: poisoned locks, dead threads and channels, formatting, serializing, setting up. */
const NOT_DATA = new Set(
  `lock read write try_lock try_read try_write join send try_send recv try_recv recv_timeout wait wait_timeout wait_while get_or_init set build init spawn
   duration_since elapsed to_vec to_string to_string_pretty to_writer serialize write_str write_fmt write_char into_pyobject into_py_any into_bound_py_any
   into_py_dict into_py_dict_bound from_shape_vec as_standard_layout into_inner upgrade flush local_addr current_thread next_power_of_two blocking_send blocking_recv borrow borrow_mut try_borrow try_borrow_mut checked_next_power_of_two
   block_on await current try_current new_current_thread pythonize register add_class add_function add add_wrapped abort_handle into_shape`.split(
    /\s+/,
  ),
);

/** Python operations that run code or look something up, so that they can fail for reasons of the caller's. */
const PYTHON_CALLS =
  /^(call\w*|getattr|get_item|get_item_with_error|extract|extract_bound|downcast\w*|cast|cast_into|cast_exact|import|import_bound|eval|run|iter|try_iter|len|is_truthy|is_true|str|repr|hash|contains|del_item|to_str|to_cow|as_slice|as_slice_mut|as_array|rich_compare|eq|lt|gt|le|ge|setattr|to_string_lossy)$/;

/** Where a failing value comes from; null where no input decides whether it fails, or that is not known. */
export function dataOrigin(receiver: Expr, context: PanicContext): Origin | null {
  const { body } = context;
  let at: Expr = receiver;
  while (at.kind === 'method' && TRANSPARENT.has(at.name)) at = at.receiver;
  while (at.kind === 'reference' || at.kind === 'unary' || at.kind === 'try') at = at.operand;
  if (at.kind === 'path') {
    const binding = body.bindingOf(at);
    if (!binding) return null;
    if (binding.kind === 'param') return isFallible(binding.ty) ? parameter(binding) : null;
    if (binding.kind === 'let' && binding.source && isFallible(binding.ty)) {
      const origin = dataOrigin(binding.source, context);
      return origin && { ...origin, roots: new Set([...origin.roots, binding]) };
    }
    return null;
  }
  if (at.kind === 'method') return ofMethod(at, at === receiver, context);
  return at.kind === 'call' ? ofCall(at, context) : null;
}

function isFallible(ty: Binding['ty']): boolean {
  const at = stripRefs(ty);
  return isExternal(at, OPTION) || isExternal(at, RESULT);
}

function parameter(binding: Binding): Origin {
  return { reason: `it depends on parameter \`${binding.name}\``, roots: new Set([binding]) };
}

function ofMethod(expr: MethodExpr, outermost: boolean, context: PanicContext): Origin | null {
  const { body, workspace } = context;
  if (NOT_DATA.has(expr.name)) return null;
  const receiver = body.typeOf(expr.receiver);
  const chain = autoderef(receiver);
  const seed = methodSeed(chain, expr.name);
  if (seed && seed.class === 'blocking') return { reason: `\`${seed.what}\` may fail`, roots: inputs(expr, context) };
  if (
    chain.some(
      (t) =>
        t.kind === 'external' &&
        (/^pyo3::(Bound|Borrowed|Py|Python|Py[A-Z]\w*)$/.test(t.path) || t.path.startsWith('numpy::')) &&
        t.path !== 'pyo3::PyErr',
    )
  ) {
    if (alwaysSucceeds(expr, outermost, context)) return null;
    if (!PYTHON_CALLS.test(expr.name)) return null;
    return { reason: `the Python call \`${expr.name}\` may fail`, roots: inputs(expr, context), strict: true };
  }
  // `split` always yields at least one part.
  if ((expr.name === 'next' || expr.name === 'last' || expr.name === 'next_back') && splits(expr.receiver, body)) return null;
  if (expr.name === 'try_into' && (isFixedPart(expr.receiver, body) || !mayNarrow(expr, context))) return null;
  if (isOwnKey(expr, body) || fillsTuple(expr, body)) return null;
  const target = targetOf(expr, body, workspace);
  if (target.kind === 'workspace' && neverFails(target.item, expr.args.length, workspace)) return null;
  if (expr.name === 'parse' && takesAnyText(expr, context)) return null;
  // What fails inside a workspace fn or a foreign type's method is only the caller's fault where it is handed the caller's data.
  if (target.kind !== 'method' || chain.length === 0 || !isStd(chain[0])) return first(argumentInputs(expr.args, context));
  const origin = first(inputs(expr, context));
  return origin && { ...origin, strict: true };
}

/** Workspace types whose `FromStr` cannot fail. */
const ANY_TEXT = new WeakMap<Workspace['items'], Made<ReadonlySet<string>>>();

/** `text.parse()` into a type of the workspace whose error is `Infallible`, or into one that is not known where there is such a type. */
function takesAnyText(expr: MethodExpr, { body, workspace }: PanicContext): boolean {
  const types = madeOnce(ANY_TEXT, workspace.items, () => {
    const found = workspace.items.flatMap(({ kind, entry, file }) =>
      kind === 'impl' &&
      /(^|::)FromStr$/.test(entry.implTrait ?? '') &&
      /type\s+Err\s*=\s*(\w+::)*(Infallible|!)\s*;/.test(workspace.slice(file, entry.span))
        ? [entry.implType ?? '']
        : [],
    );
    return new Set(found);
  });
  if (types.size === 0) return false;
  const given = stripRefs(body.typeOf(expr));
  const target = given?.kind === 'external' && given.path === RESULT ? (given.args[0] ?? null) : null;
  if (!target) return true;
  return target.kind === 'item' && types.has(target.item.name);
}

function isStd(ty: ReturnType<typeof autoderef>[number] | undefined): boolean {
  return (
    ty !== undefined &&
    ty.kind !== 'item' &&
    ty.kind !== 'generic' &&
    ty.kind !== 'opaque' &&
    (ty.kind !== 'external' || ty.path.startsWith('std::'))
  );
}

/** `bytes[0..8]`: as long as the array that it becomes, or the slicing panics. */
function isFixedPart(value: Expr, body: PanicContext['body']): boolean {
  const at = value.kind === 'reference' ? value.operand : value;
  if (at.kind !== 'index' || at.index.kind !== 'range' || !at.index.to) return false;
  return [at.index.from, at.index.to].every((end) => end === null || namedIn(end, body).size === 0);
}

function splits(receiver: Expr, body: PanicContext['body']): boolean {
  let at: Expr = receiver;
  const binding = body.bindingOf(at);
  if (binding?.source) at = binding.source;
  while (at.kind === 'method') {
    if (/^(r?splitn?|split_terminator|split_inclusive|chunks|lines)$/.test(at.name)) return at.name !== 'lines' && at.name !== 'chunks';
    if (!/^(map|rev|into_iter|by_ref|peekable|enumerate)$/.test(at.name)) return false;
    at = at.receiver;
  }
  return false;
}

function ofCall(expr: CallExpr, context: PanicContext): Origin | null {
  const { body, workspace } = context;
  const target = targetOf(expr, body, workspace);
  if (target.kind === 'function') {
    const name = target.path.slice(target.path.lastIndexOf(':') + 1);
    if (NOT_DATA.has(name)) return null;
    const seed = functionSeed(target.path);
    if (seed?.class === 'blocking') return { reason: `\`${target.path}\` may fail`, roots: inputs(expr, context) };
    if (target.path.startsWith('pyo3::'))
      return /::(import|import_bound|from_code|from_code_bound|run|eval)$/.test(target.path) &&
        !expr.args.some((arg) => isPresentModule(arg, context))
        ? { reason: `the Python call \`${name}\` may fail`, roots: new Set() }
        : null;
    // What another crate made of the input is valid by its own rules: `String::from_utf8(minify(&code)).unwrap()`.
    if (/^from_utf8\w*$/.test(name) && expr.args.some((arg) => isMadeElsewhere(arg, context))) return null;
    if (isEscapedPattern(expr, target.path, context)) return null;
    if (/^serde_json::from_(str|slice)$/.test(target.path) && expr.args.some(isSerialized)) return null;
    return first(argumentInputs(expr.args, context));
  }
  if (target.kind !== 'workspace' || target.item.name === '' || neverFails(target.item, expr.args.length, workspace)) return null;
  return first(argumentInputs(expr.args, context));
}

/** `&value.to_json()` */
function isSerialized(value: Expr): boolean {
  const made = value.kind === 'reference' ? value.operand : value;
  return made.kind === 'method' && /^(to_json|to_json_string|to_string|to_vec|serialize)$/.test(made.name);
}

/** A variable that a fn of another crate or of the workspace gave. */
function isMadeElsewhere(value: Expr, context: PanicContext): boolean {
  const source = context.body.bindingOf(value.kind === 'reference' ? value.operand : value)?.source;
  if (source?.kind !== 'call') return false;
  const target = targetOf(source, context.body, context.workspace);
  return target.kind === 'workspace' || (target.kind === 'function' && !/^(std|pyo3)::/.test(target.path));
}

function first(roots: ReadonlySet<Binding>): Origin | null {
  const param = [...roots][0];
  return param ? { reason: `it depends on parameter \`${param.name}\``, roots } : null;
}

function inputs(expr: Expr, context: PanicContext): ReadonlySet<Binding> {
  return new Set([...rootsOf(expr, context.body)].filter((b) => b.kind === 'param' && !context.isToken(b)));
}

/** The parameters that decide a value. What a call may refuse (`update(data)?`) answers for what it gives, unless it asks Python. */
export function refusableRoots(
  value: Expr,
  context: PanicContext,
  answers: (binding: Binding) => boolean = () => true,
  seen: Set<Binding> = new Set(),
): ReadonlySet<Binding> {
  const { body } = context;
  const found = new Set<Binding>();
  for (const binding of namedIn(value, body)) {
    if (seen.has(binding)) continue;
    seen.add(binding);
    if (binding.kind === 'param' || binding.kind === 'self') found.add(binding);
    const { source } = binding;
    if (source && !(source.kind === 'try' && isAnswer(source.operand, context) && answers(binding)))
      for (const root of refusableRoots(source, context, answers, seen)) found.add(root);
  }
  return found;
}

/** A call of something that is not Python's. */
function isAnswer(value: Expr, context: PanicContext): boolean {
  let call = value;
  while (call.kind === 'method' && /^(ok_or|ok_or_else|map_err|context|with_context)$/.test(call.name)) call = call.receiver;
  if (call.kind !== 'call' && call.kind !== 'method') return false;
  const target = targetOf(call, context.body, context.workspace);
  if (target.kind === 'method') return !target.receiver.some((ty) => ty.kind === 'external' && /^(pyo3|numpy|std)::/.test(ty.path));
  return target.kind === 'workspace' || (target.kind === 'function' && !/^(pyo3|numpy|std)::/.test(target.path));
}

/** A flag chooses how something is done; it does not make it fail. */
function isFlag({ ty }: Binding): boolean {
  const at = stripRefs(ty);
  return at?.kind === 'primitive' && at.name === 'bool';
}

/** An owned `Py<T>` tells nothing without a token: nobody who is not given one can look into it. */
function argumentInputs(args: readonly Expr[], context: PanicContext): ReadonlySet<Binding> {
  const values = args.filter((a) => a.kind !== 'closure');
  const found = values.flatMap((arg) =>
    [...refusableRoots(arg, context, ({ ty }) => isInt(ty))].filter((b) => b.kind === 'param' && !context.isToken(b) && !isFlag(b)),
  );
  const looksInside = values.some((arg) => [...rootsOf(arg, context.body)].some((root) => context.isToken(root)));
  return new Set(looksInside ? found : found.filter((b) => !isExternal(stripRefs(b.ty), 'pyo3::Py')));
}

/** The integer parameters that an index or divisor is made of by arithmetic and casts alone; lengths, loop variables and bounded values are none. */
export function indexRoots(expr: Expr, context: PanicContext, depth = 0): ReadonlySet<Binding> {
  const { body } = context;
  const none: ReadonlySet<Binding> = new Set();
  if (depth > 6) return none;
  const inner = (e: Expr): ReadonlySet<Binding> => indexRoots(e, context, depth + 1);
  switch (expr.kind) {
    case 'path': {
      const binding = body.bindingOf(expr);
      if (!binding) return none;
      if (binding.kind === 'param' && isInt(binding.ty)) return context.isComputed(binding) ? none : new Set([binding]);
      return binding.kind === 'let' && binding.source ? new Set([...inner(binding.source)].flatMap((r) => [r, binding])) : none;
    }
    case 'cast':
    case 'unary':
    case 'reference':
      return inner(expr.operand);
    case 'binary':
      return expr.operator === '%' || expr.operator === '&' || expr.operator === '>>'
        ? none
        : new Set([...inner(expr.left), ...inner(expr.right)]);
    case 'range':
      return new Set([...(expr.from ? inner(expr.from) : []), ...(expr.to ? inner(expr.to) : [])]);
    default:
      return none;
  }
}
