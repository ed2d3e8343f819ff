/** Whether a Rust function gives its caller a string to keep, for rules about languages that forget the address. */
import { passedAs } from '../abi/compare/value.ts';
import type { BoundaryFn } from '../model/surface/surface.ts';
import type { At, RuleContext } from './rule.ts';

type Context = Pick<RuleContext, 'surface' | 'facts' | 'peers'>;

/** The call that gives the string up, or the function that takes such strings back; null where neither is seen. */
export function givenAway(ctx: Context, rust: BoundaryFn): { readonly at: At; readonly message: string } | null {
  const { result } = rust.ast;
  const move = ctx.facts.ownership.moves().find((one) => one.body.item === rust.item && one.direction === 'into' && one.kind === 'CString');
  if (move) return { at: { file: rust.item.file, span: move.expr.span }, message: 'the string is given away here' };
  // A text that Rust keeps is const.
  if (result?.kind !== 'pointer' || !result.mutable || !returnsText(rust, ctx)) return null;
  const free = ctx.surface.functions.find(
    (one) => one.role === 'export' && one.item.module.crate === rust.item.module.crate && frees(one, ctx),
  );
  return free ? { at: { file: free.item.file, span: free.ast.nameSpan }, message: 'strings are given back here' } : null;
}

function returnsText(rust: BoundaryFn, { peers }: Context): boolean {
  const signatures = peers.targets.flatMap((target) => peers.rustSignature(rust, target) ?? []);
  if (signatures.some(({ doubt }) => doubt !== null)) return true;
  return signatures.every(({ result, resolve, target }) => {
    const value = result ? passedAs(result.shape, 'rust', resolve, target) : null;
    const to = value?.kind === 'pointer' ? value.shape.pointee : null;
    return to?.kind === 'c-int' && to.name === 'char';
  });
}

function frees(fn: BoundaryFn, { peers }: Context): boolean {
  if (!/(?:^|_)(?:free|destroy|release|delete|drop|dispose|dealloc)(?:_|$)/i.test(fn.symbol ?? '') || fn.ast.params.length !== 1)
    return false;
  const [target] = peers.targets;
  const shape = target ? peers.rustSignature(fn, target)?.params?.[0]?.shape : undefined;
  return shape?.kind === 'pointer' && shape.pointee?.kind === 'c-int' && shape.pointee.name === 'char';
}
