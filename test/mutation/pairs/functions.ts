/** Ways in which a Rust signature comes to differ from the declaration that it agreed with. */
import { passedAs } from '../../../server/src/abi/compare/value.ts';
import type { Value } from '../../../server/src/abi/compare/verdict.types.ts';
import type { LinkedFn, Peers, Signature, WrittenShape } from '../../../server/src/abi/peers/peers.ts';
import type { Target } from '../../../server/src/abi/targets.ts';
import type { Span } from '../../../server/src/base/text.ts';

/** One mistake in one function or type. */
export interface PairMutation {
  /** `widen`, `drop a parameter`. */
  readonly kind: string;
  readonly span: Span;
  readonly text: string;
}

interface Place {
  readonly span: Span;
  readonly value: Value;
  readonly signature: Signature;
  /** What C has there. */
  readonly other: Value | null;
}

export function functionMutations(linked: LinkedFn, source: string, peers: Peers, target: Target): readonly PairMutation[] {
  const { rust, direction } = linked;
  const { ast } = rust;
  const signature = peers.rustSignature(rust, target);
  if (!signature?.params || signature.params.length !== ast.params.length || !signature.result) return [];
  const out: PairMutation[] = [];
  const put = (kind: string, start: number, end: number, text: string): void => {
    out.push({ kind, span: { start, end }, text });
  };
  const { params, paramsSpan } = ast;
  const [first, second] = params;
  const last = params.at(-1);
  if (first && last) {
    if (params.length === 1) put('drop a parameter', first.span.start, first.span.end, '');
    else if (second) put('drop a parameter', first.span.start, second.span.start, '');
    put('add a parameter', last.span.end, last.span.end, ', more: u64');
    if (direction === 'import' && !ast.variadic) put('make it variadic', last.span.end, last.span.end, ', ...');
  } else if (/^\(\s*\)$/.test(source.slice(paramsSpan.start, paramsSpan.end)))
    put('add a parameter', paramsSpan.start, paramsSpan.end, '(more: u64)');
  const valueAt = (i: number): Value | null => {
    const shape = signature.params?.[i]?.shape;
    return shape ? passedAs(shape, 'rust', signature.resolve, target) : null;
  };
  for (const [i, { type }] of params.entries()) {
    const value = valueAt(i);
    const other = peerValue(linked.peer.signatures[0]?.params?.[i], linked, target);
    if (value) out.push(...typeMutations('parameter', { span: type.span, value, signature, other }, target));
  }
  const result = passedAs(signature.result.shape, 'rust', signature.resolve, target);
  if (ast.result && result.kind !== 'never' && result.kind !== 'nothing') {
    const other = peerValue(linked.peer.signatures[0]?.result, linked, target);
    out.push(...typeMutations('result', { span: ast.result.span, value: result, signature, other }, target));
    put('drop the result', paramsSpan.end, ast.result.span.end, '');
  } else if (!ast.result) put('add a result', paramsSpan.end, paramsSpan.end, ' -> u64');
  return out;
}

function peerValue(use: WrittenShape | null | undefined, { peer }: LinkedFn, target: Target): Value | null {
  const [signature] = peer.signatures;
  return use && signature ? passedAs(use.shape, 'c', signature.resolve, target) : null;
}

const INTEGERS = [8, 16, 32, 64];

function typeMutations(where: string, { span, value, signature, other }: Place, target: Target): readonly PairMutation[] {
  const to = (kind: string, text: string): PairMutation => ({ kind: `${kind} of a ${where}`, span, text });
  switch (value.kind) {
    case 'integer': {
      const bits = value.size * 8;
      const sign = value.signed ? 'i' : 'u';
      const at = INTEGERS.indexOf(bits);
      if (value.of === 'enum' || at < 0) return [];
      const wider = INTEGERS[at + 1];
      const narrower = INTEGERS[at - 1];
      return [
        ...(wider ? [to('wider integer', `${sign}${wider}`)] : []),
        ...(narrower ? [to('narrower integer', `${sign}${narrower}`)] : []),
        // The sign of C's enums is up to the compiler.
        ...(other?.kind === 'enum' ? [] : [to('other sign', `${value.signed ? 'u' : 'i'}${bits}`)]),
        to('float instead of integer', 'f64'),
        ...(bits === target.rust.pointer.size * 8 ? [] : [to('pointer instead of integer', '*const u8')]),
      ];
    }
    case 'float':
      return [to('other float', value.size === 8 ? 'f32' : 'f64'), to('integer instead of float', `i${value.size * 8}`)];
    case 'bool':
      return [to('int instead of bool', 'i32')];
    case 'pointer': {
      const { pointee, fn } = value.shape;
      const inner = pointee ? passedAs(pointee, 'rust', signature.resolve, target) : null;
      const wider = inner?.kind === 'integer' && inner.of === 'integer' && inner.size > 1 ? (inner.size === 8 ? 'u32' : 'u64') : null;
      return [
        to('integer instead of pointer', 'u32'),
        to('float instead of pointer', 'f64'),
        ...(fn === null && wider ? [to('other width behind a pointer', `*${value.shape.const ? 'const' : 'mut'} ${wider}`)] : []),
      ];
    }
    case 'aggregate':
      return value.def === null ? [] : [to('number instead of a struct', 'u64')];
    default:
      return [];
  }
}
