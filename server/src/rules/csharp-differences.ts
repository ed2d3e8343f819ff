/** Which of the rules about C# a difference belongs to: each is told by one. */
import { TEXTS, WIN_BOOL } from '../abi/bindings/names.ts';
import type { LinkedFn } from '../abi/peers/peers.ts';
import type { TargetedDifference } from '../abi/peers/signature-differences.ts';
import type { Shape } from '../abi/shape.ts';
import { comparedFn, isOfBindings } from './binding-fns.ts';
import type { RuleContext } from './rule.ts';

export type CsharpRule = 'type' | 'bool' | 'long';

/** The differences of a declaration that a rule tells, worst ones not first: in the order of the parameters. */
export function csharpDifferences(
  ctx: Pick<RuleContext, 'peers' | 'unit' | 'bindings' | 'unresolved'>,
  linked: LinkedFn,
  rule: CsharpRule,
): readonly TargetedDifference[] {
  return comparedFn(ctx, linked)?.differences.filter((one) => isOfBindings(one) && ruleOf(one) === rule) ?? [];
}

/** null for what is right: texts have a rule that compares them, a `byte` for a `bool` is what .NET itself recommends. */
function ruleOf(one: TargetedDifference): CsharpRule | 'other' | null {
  const { kind, rust, peer, here } = one;
  if (kind === 'arity' || kind === 'variadic' || kind === 'calling-convention') return 'other';
  if (kind === 'width' && isLong(rust?.shape ?? null) && peer?.shape.kind === 'int') return 'long';
  if (!here) return null;
  if (kind === 'bool') return one.severity === 'error' ? 'bool' : null;
  if (kind === 'pointee' && peer && Object.values(TEXTS).includes(peer.shape)) return null;
  if (kind === 'pointee' && peer && isBehind(peer.shape, WIN_BOOL) && isBool(rust?.shape ?? null)) return 'bool';
  return 'type';
}

function isLong(shape: Shape | null): boolean {
  return shape?.kind === 'c-int' && (shape.name === 'long' || shape.name === 'unsigned long');
}

function isBehind(shape: Shape, inner: Shape): boolean {
  return shape.kind === 'pointer' && shape.pointee === inner;
}

function isBool(shape: Shape | null): boolean {
  return shape?.kind === 'pointer' && shape.pointee?.kind === 'bool';
}
