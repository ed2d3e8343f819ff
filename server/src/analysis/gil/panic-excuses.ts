/** Panics that no caller can bring about: look-ups that always succeed, code of other builds, arms for variants to come. */
import type { CallExpr, Expr, MethodExpr, Pattern } from '../../model/rust/ast-expr.ts';
import type { Body } from '../types/local-types-body.ts';
import { isInt, stripRefs } from '../types/local-types-ty.ts';
import { walk } from '../walk.ts';
import { targetOf } from './callees.ts';
import { rootsOf, sourcesOf } from './data.ts';
import type { PanicContext } from './panics.ts';
import type { Place } from './regions.ts';
import { olderThan } from './versions.ts';

/**
 * Python operations that only a broken installation makes fail: an attribute by its literal name of what does not come from the caller
 * (a module that was just imported), a call of it without anything of the caller's, an item of a list or tuple at a loop's index, an item by its literal key of a dict that was made here.
 * Asking any dict for a name succeeds as well; whether the item is there is the `Option` inside, since PyO3 0.20. `outermost` is what is unwrapped.
 */
export function alwaysSucceeds(call: MethodExpr, outermost: boolean, context: PanicContext): boolean {
  const { body } = context;
  if (isOwnMethod(call, context)) return true;
  if (/^import(_bound)?$/.test(call.name)) return call.args.some((arg) => isPresentModule(arg, context));
  if (/^call\d?$/.test(call.name)) return ![call.receiver, ...call.args].some((value) => fromCaller(value, context));
  const key = call.args.find((arg) => !isToken(arg, context));
  if (!key) return false;
  if (call.name === 'getattr') return isName(key) && !fromCaller(call.receiver, context);
  if (call.name !== 'get_item') return false;
  const type = pythonType(call.receiver, context);
  if (isName(key)) return isMadeHere(call.receiver, context) || (outermost && type === 'pyo3::PyDict' && givesResult(context));
  return /^pyo3::Py(List|Tuple)$/.test(type) && body.bindingOf(key)?.kind === 'loop';
}

/** `config.call_method0(py, "__repr__")` on an object of a class of the workspace that has the method, and taking the text out of it. */
function isOwnMethod(call: MethodExpr, context: PanicContext): boolean {
  let at: Expr = call;
  while (at.kind === 'method' && /^(extract|unwrap|expect)$/.test(at.name)) at = at.receiver;
  if (at.kind !== 'method' || at.name !== 'call_method0') return false;
  const name = at.args.find(isName);
  const ty = stripRefs(context.body.typeOf(at.receiver));
  const [of] = ty?.kind === 'external' && /^pyo3::(Bound|Borrowed|Py)$/.test(ty.path) ? ty.args : [];
  if (name?.kind !== 'literal' || of?.kind !== 'item' || !/^"__(repr|str)__"$/.test(name.text)) return false;
  const method = name.text.slice(1, -1);
  return context.workspace.implsOf(of.item).some((block) => block.members.some((member) => member.name === method));
}

/** Modules that every Python has (Python docs, library reference). */
const STANDARD =
  /^(abc|array|ast|asyncio|base64|builtins|calendar|collections|contextvars|copy|ctypes|dataclasses|datetime|decimal|enum|fractions|functools|gc|hashlib|importlib|inspect|io|itertools|json|logging|math|numbers|operator|os|pathlib|pickle|platform|queue|random|re|signal|socket|ssl|string|struct|sys|tempfile|threading|time|traceback|types|typing|uuid|warnings|weakref|zoneinfo)(\.\w+)*$/;

/** `"asyncio"`, and the package that the crate itself is a part of: both are there wherever the code runs. */
export function isPresentModule(name: Expr, { body, workspace }: PanicContext): boolean {
  if (name.kind !== 'literal' || name.literal !== 'string') return false;
  const text = name.text.slice(1, -1);
  const { crate } = body.item.module;
  const built = crate.package ? workspace.cargo.projects?.get(crate.package.manifest)?.maturin?.moduleName?.text : undefined;
  const [first] = text.split('.');
  return STANDARD.test(text) || first === (built ?? crate.target.name).split('.')[0];
}

/** `PyDict::get_item` gives a `Result` of an `Option` since PyO3 0.20, and before that the `Option` (CHANGELOG). */
function givesResult(context: PanicContext): boolean {
  return olderThan(context.workspace, context.body.item.module.crate, [0, 20, 0]) === false;
}

function isToken(arg: Expr, context: PanicContext): boolean {
  const binding = context.body.bindingOf(arg);
  return binding !== null && context.isToken(binding);
}

/** `"name"`, `intern!(py, "name")`. */
function isName(key: Expr): boolean {
  if (key.kind === 'macro') return key.path.segments.at(-1)?.name === 'intern';
  return key.kind === 'literal' && key.literal === 'string';
}

function fromCaller(value: Expr, context: PanicContext): boolean {
  return [...rootsOf(value, context.body)].some((root) => !context.isToken(root));
}

/** Bits of integer types; those of pointers count as the widest there are, which lengths never fill. */
const BITS: Readonly<Record<string, number>> = {
  u8: 8,
  i8: 8,
  u16: 16,
  i16: 16,
  u32: 32,
  i32: 32,
  u64: 64,
  i64: 64,
  usize: 64,
  isize: 64,
  u128: 128,
  i128: 128,
};

/** Whether `number.try_into()` gives a smaller integer, as far as the variable that it becomes tells; a length fits any of 64 bits. */
export function mayNarrow(call: MethodExpr, context: PanicContext): boolean {
  const { body } = context;
  const from = stripRefs(body.typeOf(call.receiver));
  const isLength = call.receiver.kind === 'method' && call.receiver.name === 'len';
  if (!isLength && !isInt(from)) return true;
  const target = body.bindings.find(({ source }) => source !== null && unwrapped(source) === call);
  const to = stripRefs(target?.ty ?? null);
  if (from?.kind !== 'primitive' || to?.kind !== 'primitive') return isLength && to?.kind === 'primitive' && (BITS[to.name] ?? 64) < 64;
  const [before = 64, after = 64] = [BITS[from.name], BITS[to.name]];
  return after < before || (!isLength && after === before && from.name.startsWith('u') !== to.name.startsWith('u'));
}

function unwrapped(value: Expr): Expr {
  let at = value;
  while (at.kind === 'method' && (at.name === 'unwrap' || at.name === 'expect')) at = at.receiver;
  return at;
}

/**
 * `graph.weight(node)` for each `node` of the same graph, `map.get(&edge.source())` where `map` was filled from what `edge` comes from:
 * a container is asked for what it gave itself.
 */
export function isOwnKey(call: MethodExpr, body: Body): boolean {
  const [key] = call.args;
  const asked = body.bindingOf(call.receiver);
  if (asked && asked.kind !== 'let' && asked.kind !== 'param' && asked.kind !== 'self') return false;
  const given = key && [...sourcesOf(key, body)].some(({ kind }) => kind === 'loop' || kind === 'closure-param');
  if (!key || !given) return false;
  const container = new Set(sourcesOf(call.receiver, body));
  const map = asked;
  if (map?.kind === 'let' && body.ast.body)
    walk(body.ast.body, {
      enterExpr(at) {
        if (at.kind !== 'method' || !/^(insert|push|entry)$/.test(at.name) || body.bindingOf(at.receiver) !== map) return;
        for (const source of at.args[0] ? sourcesOf(at.args[0], body) : []) container.add(source);
      },
    });
  return [...sourcesOf(key, body)].some((source) => source.kind !== 'loop' && source.kind !== 'closure-param' && container.has(source));
}

/** `Regex::new(&escape(term))`, `Regex::new(&format!("^{}$", escape(term)))`: what is escaped means itself. */
export function isEscapedPattern(call: CallExpr, path: string, context: PanicContext): boolean {
  const [pattern] = call.args;
  return pattern !== undefined && /^(regex|regex::bytes|fancy_regex)::Regex::new$/.test(path) && isEscaped(pattern, context);
}

function isEscaped(value: Expr, context: PanicContext): boolean {
  const { body, workspace } = context;
  if (value.kind === 'reference') return isEscaped(value.operand, context);
  if (value.kind === 'call') {
    const target = targetOf(value, body, workspace);
    return target.kind === 'function' && /^(regex|regex_syntax|fancy_regex)::escape$/.test(target.path);
  }
  if (value.kind === 'macro') {
    const [text, ...filled] = value.args ?? [];
    const formats = value.path.segments.at(-1)?.name === 'format' && text?.kind === 'literal' && !/\{\w/.test(text.text);
    return formats && filled.length > 0 && filled.every((one) => isEscaped(one, context));
  }
  const source = body.bindingOf(value)?.source;
  return source ? isEscaped(source, context) : false;
}

/** Iterators that give as many items as they get. */
const ONE_FOR_ONE = /^(iter|iter_mut|into_iter|map|cloned|copied|rev|enumerate|inspect)$/;

/** `[a, b, c].iter().map(f).collect_tuple()` into a tuple of three. */
export function fillsTuple(call: MethodExpr, body: Body): boolean {
  if (call.name !== 'collect_tuple') return false;
  let at: Expr = call.receiver;
  while (at.kind === 'method' && ONE_FOR_ONE.test(at.name)) at = at.receiver;
  const isVec = at.kind === 'macro' && at.delimiter === '[' && at.path.segments.at(-1)?.name === 'vec';
  const items = at.kind === 'array' ? at.elements : isVec && at.kind === 'macro' ? at.args : null;
  const target = stripRefs(body.bindings.find(({ source }) => source !== null && unwrapped(source) === call)?.ty ?? null);
  return items !== null && target?.kind === 'tuple' && target.elements.length === items.length;
}

/** The native type in a `Bound`, `Py` or GIL ref: `pyo3::PyList`; empty where it is not known. */
function pythonType(value: Expr, context: PanicContext): string {
  const ty = stripRefs(context.body.typeOf(value));
  if (ty?.kind !== 'external') return '';
  const inner = /^pyo3::(Bound|Borrowed|Py)$/.test(ty.path) ? ty.args[0] : ty;
  return inner?.kind === 'external' ? inner.path : '';
}

/** A variable that holds `PyDict::new(py)` or the like. */
function isMadeHere(value: Expr, context: PanicContext): boolean {
  const source = context.body.bindingOf(value)?.source;
  if (source?.kind !== 'call' || source.callee.kind !== 'path') return false;
  const [type, made] = source.callee.path.segments.slice(-2).map((s) => s.name);
  return type === 'PyDict' && /^new(_bound)?$/.test(made ?? '');
}

/** `#[cfg(not(feature = "x"))] panic!(…)`: the stub of a build that leaves a feature out, which whoever builds it chose. */
export function isOtherBuild(expr: Expr, place: Place, context: PanicContext): boolean {
  const { item } = context.body;
  const text = context.workspace.text(item.file);
  if (item.entry.attributes.some(({ path, text: predicate }) => path === 'cfg' && /\bnot\s*\(\s*feature\b/.test(predicate ?? '')))
    return true;
  return [expr, ...place.parents].some((at) =>
    /#\[cfg\([^\]]*\bnot\([^\]]*\)\]\s*$/.test(text.slice(Math.max(0, at.span.start - 160), at.span.start)),
  );
}

/** How many variants a match must name for its `_` to be the arm that a `#[non_exhaustive]` enum asks for. */
const NAMED_VARIANTS = 3;

/** `_ => panic!(…)` after all the variants there are, of a value that is not the caller's. */
export function isForVariantsToCome(expr: Expr, place: Place, context: PanicContext): boolean {
  const match = place.parents.findLast((p) => p.kind === 'match');
  if (match?.kind !== 'match') return false;
  const arm = match.arms.find((a) => a.body.span.start <= expr.span.start && expr.span.end <= a.body.span.end);
  if (arm?.pattern.kind !== 'wildcard') return false;
  const params = [...rootsOf(match.scrutinee, context.body)].filter((root) => root.kind === 'param' && !context.isToken(root));
  return params.length === 0 && match.arms.filter((a) => a.guard === null && isVariant(a.pattern)).length >= NAMED_VARIANTS;
}

function isVariant(pattern: Pattern): boolean {
  if (pattern.kind === 'reference') return isVariant(pattern.pattern);
  if (pattern.kind === 'or') return pattern.alternatives.every(isVariant);
  return pattern.kind === 'path' || pattern.kind === 'tuple-struct' || pattern.kind === 'struct';
}
