/** The constants that a header defines as macros: a scan of its directives, so that no pattern can run away on a long body. */
import { cShapes } from '../abi/c-shapes.ts';
import type { CShapes } from '../abi/c-shapes.ts';
import type { PeerConst } from '../abi/peers/peers.ts';
import type { Target } from '../abi/targets.ts';
import { evaluate } from '../model/c/evaluate.ts';
import type { EvaluateEnv } from '../model/c/evaluate.ts';
import type { CUnit } from '../model/c/ast.ts';
import { readExpression } from '../model/extract/c/expression.ts';
import { directives } from '../syntax/c/directives.ts';
import { readSource } from '../syntax/c/source.ts';

/** Longest body that is looked at, in UTF-16 units: constants are short. */
const LONGEST = 400;
/** Constants that are defined by others, by steps. */
const DEPTH = 16;

interface Defined {
  readonly body: string;
  readonly start: number;
  readonly end: number;
  /** What other definitions of the name say. */
  readonly others: string[];
}

/** Object-like macros of the text with a number or a string; whatever condition they stand under; of several definitions all are told. */
export function constantsOf(path: string, text: string, unit: CUnit | null, target: Target): readonly PeerConst[] {
  const source = readSource(text);
  const found = new Map<string, Defined>();
  for (const { name, rest, end } of directives(source.text)) {
    if (name !== 'define' || rest.length > LONGEST) continue;
    const [, lead = '', macro = '', body = ''] = /^(\s+)([A-Za-z_]\w*)(?![\w(])(.*)$/s.exec(rest) ?? [];
    if (macro === '' || body.trim() === '') continue;
    const at = end - rest.length + lead.length;
    const before = found.get(macro);
    if (!before) found.set(macro, { body: body.trim(), start: source.toFile(at), end: source.toFile(at + macro.length), others: [] });
    else if (before.body !== body.trim()) before.others.push(body.trim());
  }
  let shapes: CShapes | null = null;
  const env = (depth: number): EvaluateEnv => ({
    constant(name) {
      const own = found.get(name);
      if (own)
        return depth > 0 && own.others.length === 0
          ? evaluate(
              readExpression(own.body, () => false),
              env(depth - 1),
            )
          : `\`${name}\` is not known`;
      shapes ??= unit ? cShapes(unit, target) : null;
      return shapes?.constant(name) ?? `\`${name}\` is not known`;
    },
    sizeOf: () => 'a size',
    alignOf: () => 'an alignment',
    offsetOf: () => 'an offset',
    integer: () => 'a cast',
  });
  return [...found].map(([name, { body, start, end, others }]): PeerConst => {
    const base = { language: 'c', name, at: { file: path, span: { start, end } }, file: path } as const;
    const [value = null, ...rest] = [body, ...others].map((one) => constantValue(one, env(DEPTH)));
    const known = rest.flatMap((one) => one ?? []);
    if (rest.length === 0) return { ...base, value };
    return value === null || known.length < rest.length ? { ...base, value: null } : { ...base, value, others: known };
  });
}

function constantValue(body: string, env: EvaluateEnv): PeerConst['value'] {
  const text = /^\(*\s*"((?:[^"\\]|\\.)*)"\s*\)*$/.exec(body)?.[1];
  if (text !== undefined) return text.includes('\\') ? null : text;
  const plain = body.replace(/^\(+\s*|\s*\)+$/g, '');
  if (/^[-+]?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][-+]?\d+)?[fFlL]?$/.test(plain)) return Number.parseFloat(plain);
  const value = evaluate(
    readExpression(body, () => false),
    env,
  );
  return typeof value === 'bigint' ? value : null;
}
