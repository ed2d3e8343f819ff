/** Configuration predicates: what attributes ask for, and what two of them mean for each other. */
import type { Attribute, Cfg, Meta } from './attribute.ts';

export { evaluate, exclusive, implies, isForTests, isTestOnly, type KnownOptions } from './cfg-logic.ts';

export const CFG_TRUE: Cfg = { kind: 'true' };
export const CFG_FALSE: Cfg = { kind: 'false' };

/** The predicate that an argument of `cfg(…)` or the first one of `cfg_attr(…)` stands for. */
export function cfgFromMeta(meta: Meta): Cfg {
  const { name, args } = meta;
  if (args === null) {
    if (name === 'true' && meta.value === null) return CFG_TRUE;
    if (name === 'false' && meta.value === null) return CFG_FALSE;
    return isOptionName(name)
      ? { kind: 'option', name, value: meta.value }
      : { kind: 'unknown', text: name || JSON.stringify(meta.value ?? '') };
  }
  const operands = args.map(cfgFromMeta);
  if (name === 'all') return operands.reduce(and, CFG_TRUE);
  if (name === 'any') return operands.reduce(or, CFG_FALSE);
  const [operand] = operands;
  if (name === 'not' && operand !== undefined && operands.length === 1) return not(operand);
  return { kind: 'unknown', text: `${name}(${operands.map(show).join(', ')})` };
}

function isOptionName(name: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_]*(?:::[\p{L}_][\p{L}\p{N}_]*)*$/u.test(name);
}

export function not(operand: Cfg): Cfg {
  if (operand.kind === 'true') return CFG_FALSE;
  if (operand.kind === 'false') return CFG_TRUE;
  return operand.kind === 'not' ? operand.operand : { kind: 'not', operand };
}

/** Both hold; nested conjunctions are flattened and repeated operands dropped. */
export function and(a: Cfg, b: Cfg): Cfg {
  return join('all', a, b);
}

/** One of them holds; nested alternatives are flattened and repeated operands dropped. */
export function or(a: Cfg, b: Cfg): Cfg {
  return join('any', a, b);
}

function join(kind: 'all' | 'any', a: Cfg, b: Cfg): Cfg {
  const neutral = kind === 'all' ? 'true' : 'false';
  const absorbing = kind === 'all' ? 'false' : 'true';
  if (a.kind === neutral || b.kind === absorbing) return b;
  if (b.kind === neutral || a.kind === absorbing) return a;
  const operands: Cfg[] = [];
  for (const side of [a, b]) {
    for (const operand of side.kind === kind ? side.operands : [side]) {
      if (!operands.some((other) => equal(other, operand))) operands.push(operand);
    }
  }
  const [only] = operands;
  return operands.length === 1 && only !== undefined ? only : { kind, operands };
}

/**
 * What must hold for an item with these attributes to be compiled: its `cfg(…)`s, those inside `cfg_attr` included.
 * A `cfg` that cannot be read is unknown.
 */
export function cfgOf(attributes: readonly Attribute[]): Cfg {
  let result = CFG_TRUE;
  for (const attribute of attributes) {
    if (attribute.path !== 'cfg') continue;
    const [argument] = attribute.args ?? [];
    const own: Cfg = argument && attribute.args?.length === 1 ? cfgFromMeta(argument) : { kind: 'unknown', text: attribute.text ?? '' };
    result = and(result, attribute.condition === null ? own : or(not(attribute.condition), own));
  }
  return result;
}

/** The same predicate, the order of operands aside. Unknown ones are equal to none. */
export function equal(a: Cfg, b: Cfg): boolean {
  if (a === b) return a.kind !== 'unknown' && !mentionsUnknown(a);
  switch (a.kind) {
    case 'true':
    case 'false':
      return a.kind === b.kind;
    case 'option':
      return b.kind === 'option' && a.name === b.name && a.value === b.value;
    case 'not':
      return b.kind === 'not' && equal(a.operand, b.operand);
    case 'all':
    case 'any':
      return b.kind === a.kind && subset(a.operands, b.operands) && subset(b.operands, a.operands);
    case 'unknown':
      return false;
  }
}

function mentionsUnknown(cfg: Cfg): boolean {
  switch (cfg.kind) {
    case 'unknown':
      return true;
    case 'not':
      return mentionsUnknown(cfg.operand);
    case 'all':
    case 'any':
      return cfg.operands.some(mentionsUnknown);
    default:
      return false;
  }
}

function subset(some: readonly Cfg[], all: readonly Cfg[]): boolean {
  return some.every((one) => all.some((other) => equal(one, other)));
}

/** The predicate as text, as it would stand in `cfg(…)`. */
export function show(cfg: Cfg): string {
  switch (cfg.kind) {
    case 'true':
    case 'false':
      return cfg.kind;
    case 'option':
      return cfg.value === null ? cfg.name : `${cfg.name} = ${JSON.stringify(cfg.value)}`;
    case 'not':
      return `not(${show(cfg.operand)})`;
    case 'all':
    case 'any':
      return `${cfg.kind}(${cfg.operands.map(show).join(', ')})`;
    case 'unknown':
      return cfg.text;
  }
}
