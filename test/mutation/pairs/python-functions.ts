/** Ways in which `argtypes` and `restype` come to differ from the Rust function that they agreed with. */
import { passedAs } from '../../../server/src/abi/compare/value.ts';
import type { Signature, WrittenShape } from '../../../server/src/abi/peers/peers.ts';
import type { PythonFn } from '../../../server/src/abi/python-side.ts';
import type { Target } from '../../../server/src/abi/targets.ts';
import type { Span } from '../../../server/src/base/text.ts';
import type { PyTypeUse } from '../../../server/src/model/python/bindings.ts';
import type { PairMutation } from './functions.ts';

/** How the module writes a name of ctypes; null where it has not imported it. */
export type Spell = (name: string) => string | null;

export function ctypesMutations(fn: PythonFn, signature: Signature, source: string, target: Target): readonly PairMutation[] {
  const { argtypes, restype } = fn;
  const types = argtypes?.value.types;
  if (!argtypes || !restype || !types || types.length !== signature.params?.length || !signature.result) return [];
  const { modules, imported, star } = argtypes.module.bindings.spelling;
  const spell: Spell = (name) => (modules[0] ? `${modules[0]}.${name}` : (imported.get(name) ?? (star ? name : null)));
  const out: PairMutation[] = [];
  const put = (kind: string, span: Span, text: string | null): void => {
    if (text !== null) out.push({ kind, span, text });
  };
  const inside = types.every(({ at }) => at.span.start >= argtypes.value.at.span.start && at.span.end <= argtypes.value.at.span.end);
  const [first, second] = types;
  const last = types.at(-1);
  const { span: list } = argtypes.value.at;
  const wide = spell('c_uint64');
  if (inside && first && last) {
    put('drop an entry of argtypes', { start: first.at.span.start, end: second ? second.at.span.start : first.at.span.end }, '');
    if (wide !== null) put('add an entry to argtypes', { start: last.at.span.end, end: last.at.span.end }, `, ${wide}`);
    for (const [i, use] of types.entries()) {
      const written = signature.params[i];
      if (written) out.push(...typeMutations('argtypes', use, written, signature, target, spell));
    }
  } else if (/^[[(]\s*[\])]$/.test(source.slice(list.start, list.end)) && wide !== null) put('add an entry to argtypes', list, `[${wide}]`);
  const values = signature.params.map(({ shape }) => passedAs(shape, 'rust', signature.resolve, target));
  const result = passedAs(signature.result.shape, 'rust', signature.resolve, target);
  if (restype.value.type !== null) out.push(...typeMutations('restype', restype.value, signature.result, signature, target, spell));
  else if (result.kind === 'nothing') put('add a restype', restype.value.at.span, wide);
  // Numbers of 32 bits and addresses that were made by ctypes arrive without it.
  const told = values.some(({ kind }) => kind === 'float') || values.some((one) => one.kind === 'integer' && one.size > 4);
  const given = values.map(({ kind }) => (kind === 'float' ? '1.5' : 'value')).join(', ');
  const call = (setting: Statement): string => `${setting.indent}made = ${setting.object}(${given})`;
  const arguments_ = statementAround(list, source);
  if (arguments_ && told) put('leave argtypes out', arguments_.span, call(arguments_));
  const results = statementAround(restype.value.at.span, source);
  // C's enum is an `int` itself.
  const asInt = /^(?:nothing|never|enum)$/.test(result.kind) || (result.kind === 'integer' && result.size === 4 && result.signed);
  if (results && !asInt) put('leave restype out', results.span, call(results));
  return out;
}

interface Statement {
  readonly span: Span;
  readonly indent: string;
  /** `lib.f` */
  readonly object: string;
}

/** `lib.f.restype = …` on a line of its own. */
function statementAround({ start, end }: Span, source: string): Statement | null {
  const from = source.lastIndexOf('\n', start - 1) + 1;
  const [, indent = '', object = ''] = /^([ \t]*)([\w.]+)\.(?:argtypes|restype)\s*=\s*$/.exec(source.slice(from, start)) ?? [];
  const rest = source.indexOf('\n', end);
  const until = rest < 0 ? source.length : rest;
  return object !== '' && source.slice(end, until).trim() === '' ? { span: { start: from, end: until }, indent, object } : null;
}

const INTEGERS = [8, 16, 32, 64];

function typeMutations(
  where: string,
  { at, type, text: written }: PyTypeUse,
  { shape }: WrittenShape,
  { resolve }: Signature,
  target: Target,
  spell: Spell,
): readonly PairMutation[] {
  const { span } = at;
  const to = (kind: string, name: string): readonly PairMutation[] => {
    const text = spell(name);
    return text === null ? [] : [{ kind: `${kind} in ${where}`, span, text }];
  };
  const value = passedAs(shape, 'rust', resolve, target);
  switch (value.kind) {
    case 'integer': {
      const bits = value.size * 8;
      const sign = value.signed ? 'int' : 'uint';
      const index = INTEGERS.indexOf(bits);
      const wider = INTEGERS[index + 1];
      const narrower = INTEGERS[index - 1];
      if (value.of === 'enum' || index < 0) return [];
      return [
        ...(wider ? to('wider integer', `c_${sign}${wider}`) : []),
        ...(narrower ? to('narrower integer', `c_${sign}${narrower}`) : []),
        ...to('other sign', `c_${value.signed ? 'uint' : 'int'}${bits}`),
        ...to('float instead of integer', 'c_double'),
        ...(bits === target.rust.pointer.size * 8 ? [] : to('pointer instead of integer', 'c_void_p')),
      ];
    }
    case 'float':
      return [...to('other float', value.size === 8 ? 'c_float' : 'c_double'), ...to('integer instead of float', `c_int${value.size * 8}`)];
    case 'bool':
      return to('int instead of bool', 'c_int');
    case 'pointer': {
      const { pointee, fn } = value.shape;
      const inner = pointee ? passedAs(pointee, 'rust', resolve, target) : null;
      const number = inner?.kind === 'integer' && inner.of === 'integer' && inner.size > 1 && fn === null ? inner : null;
      const typed = type?.kind === 'pointer' && type.to?.kind === 'ctype';
      const wrap = spell('POINTER');
      const other = spell(number?.size === 8 ? 'c_uint32' : 'c_uint64');
      const more = spell('c_double');
      const isCallback = type?.kind === 'function' && /\bCFUNCTYPE\([^()]*\)$/.test(written);
      return [
        ...to('integer instead of pointer', 'c_uint32'),
        ...to('float instead of pointer', 'c_double'),
        ...(number && typed && wrap !== null && other !== null
          ? [{ kind: `other width behind a pointer in ${where}`, span, text: `${wrap}(${other})` }]
          : []),
        ...(isCallback && more !== null
          ? [{ kind: 'add a parameter to a callback', span: { start: span.end - 1, end: span.end }, text: `, ${more})` }]
          : []),
      ];
    }
    case 'aggregate':
      return value.def === null ? [] : to('number instead of a struct', 'c_uint64');
    default:
      return [];
  }
}
