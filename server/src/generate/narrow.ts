/** Takes from an api what a language cannot say, and all that hangs on it by value, each with its reason. */
import type { Api, ApiFn, ApiRecord, ApiType, Omitted, Plain } from './api.types.ts';

export interface Limits {
  /** Why the language has no such type; null where it has. Parts of it are asked for themselves. */
  type(type: Plain, place: 'param' | 'result' | 'field' | 'pointee'): string | null;
  /** Why it cannot define this; null where it can. */
  define(type: ApiType): string | null;
  fn(fn: ApiFn): string | null;
}

/** Types that are left out and only pointed to become opaque. */
export function narrow(api: Api, limits: Limits): Api {
  const omitted: Omitted[] = [...api.omitted];
  const gone = new Map<string, string>();
  const byKey = new Map(api.types.map((one) => [one.key, one]));
  const check = (type: Plain, place: Parameters<Limits['type']>[1]): string | null => {
    const own = limits.type(type, place);
    if (own !== null) return own;
    if (type.kind === 'array') return check(type.of, place === 'pointee' ? 'pointee' : 'field');
    if (type.kind === 'fn') return signature(type.fn);
    if (type.kind === 'pointer') return type.to === null || type.to.kind === 'named' ? null : check(type.to, 'pointee');
    if (type.kind !== 'named' || place === 'pointee') return null;
    return gone.has(type.key) ? `\`${byKey.get(type.key)?.name ?? type.key}\` is not generated` : null;
  };
  const signature = ({ params, result }: Pick<ApiFn, 'params' | 'result'>): string | null => {
    for (const param of params) {
      const reason = check(param, 'param');
      if (reason !== null) return reason;
    }
    return check(result, 'result');
  };
  const reasonAgainst = (type: ApiType): string | null => {
    const own = limits.define(type);
    if (own !== null || (type.kind !== 'struct' && type.kind !== 'union')) return own;
    for (const field of type.fields) {
      const reason = check(field.type, 'field');
      if (reason !== null) return `its member \`${field.name}\`: ${reason}`;
    }
    return null;
  };
  const types = api.types.map((type): ApiType => {
    const reason = type.kind === 'opaque' ? null : reasonAgainst(type);
    if (reason === null) return type;
    const { key, name, at, docs } = type;
    gone.set(key, reason);
    omitted.push({ name, at, reason });
    return { kind: 'opaque', key, name, at, docs };
  });
  const functions = api.functions.filter((fn) => {
    const reason = limits.fn(fn) ?? signature(fn);
    if (reason !== null) omitted.push({ name: fn.name, at: fn.at, reason });
    return reason === null;
  });
  const kept = { ...api, types, functions, omitted };
  const pointedTo = mentioned(kept);
  return { ...kept, types: types.filter(({ key }) => !gone.has(key) || pointedTo.has(key)) };
}

/** Keys of the types that functions and members mention. */
function mentioned({ types, functions }: Api): ReadonlySet<string> {
  const out = new Set<string>();
  const visit = (type: Plain | null): void => {
    if (type?.kind === 'named') out.add(type.key);
    else if (type?.kind === 'pointer') visit(type.to);
    else if (type?.kind === 'array') visit(type.of);
    else if (type?.kind === 'fn') for (const one of [type.fn.result, ...type.fn.params]) visit(one);
  };
  for (const fn of functions) for (const one of [fn.result, ...fn.params]) visit(one);
  for (const type of types) if (type.kind === 'struct' || type.kind === 'union') for (const one of type.fields) visit(one.type);
  return out;
}

/** Whether a type has in itself, not behind pointers, a record of which something holds. */
export function holds(type: Plain, byKey: ReadonlyMap<string, ApiType>, test: (record: ApiRecord) => boolean): boolean {
  if (type.kind === 'array') return holds(type.of, byKey, test);
  const found = type.kind === 'named' ? byKey.get(type.key) : undefined;
  if (found?.kind !== 'struct' && found?.kind !== 'union') return false;
  return test(found) || found.fields.some((one) => holds(one.type, byKey, test));
}

/** Why libffi, on which ctypes and cffi call, cannot pass a record by value: it lays out plain structs only. */
export function libffiLimit(type: Plain, byKey: ReadonlyMap<string, ApiType>): string | null {
  if (holds(type, byKey, ({ kind }) => kind === 'union')) return 'libffi passes no unions by value';
  if (holds(type, byKey, ({ fields }) => fields.some(({ bitWidth }) => bitWidth !== null))) return 'libffi passes no bit-fields by value';
  return holds(type, byKey, ({ pack }) => pack !== null) ? 'libffi passes no packed structs by value' : null;
}

/** Conventions other than C's own, and symbols that are no names: what no binding of a scripting language is made for. */
export function plainFn({ name, abi }: ApiFn): string | null {
  if (!/^[A-Za-z_]\w*$/.test(name)) return 'its symbol is no name';
  return abi === 'C' || abi === 'cdecl' ? null : `its calling convention \`${abi}\` is C's own on some targets only`;
}
