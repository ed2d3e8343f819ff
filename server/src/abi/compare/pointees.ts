/** Compares what pointers lead to: the words are the same whatever it is, but the memory is read and written by both sides. */
import type { PointerShape, Shape } from '../shape.ts';
import type { Target } from '../targets.ts';
import type { Side } from './compare.ts';
import { compare } from './compare.ts';
import type { Value, Verdict } from './verdict.types.ts';
import { passedAs, soleMember } from './value.ts';

/** Pointers to pointers that are followed. */
const DEPTH = 8;

/**
 * What is wrong behind two data pointers: `width` where one side steps or writes further than the other, `kind` where the number of
 * pointers differs. Untyped pointers (`void *`, opaque types, bytes) fit everything; unknown where one side is not known, or where a record
 * meets a number, which may be its first member.
 */
export function comparePointees(rust: Side, peer: Side, target: Target): Verdict {
  return behind(rust, peer, target, DEPTH);
}

function behind(rust: Side, peer: Side, target: Target, depth: number): Verdict {
  const one = passedAs(rust.shape, 'rust', rust.resolve, target);
  const other = passedAs(peer.shape, 'c', peer.resolve, target);
  const verdict = (code: Verdict['code']): Verdict => ({ code, rust: one, peer: other });
  if (one.kind !== 'pointer' || other.kind !== 'pointer' || depth === 0) return verdict('unknown');
  if (one.shape.fn || other.shape.fn) return verdict(one.shape.fn && other.shape.fn ? 'ok' : 'unknown');
  const rustTo = element(one.shape);
  const peerTo = element(other.shape);
  if (rustTo === null || peerTo === null) return verdict('ok');
  const [a, b] = [
    { ...rust, shape: rustTo },
    { ...peer, shape: peerTo },
  ];
  const [inner, outer] = [passedAs(rustTo, 'rust', rust.resolve, target), passedAs(peerTo, 'c', peer.resolve, target)];
  if (isUntyped(inner) || isUntyped(outer)) return verdict('ok');
  if (inner.kind === 'pointer' && outer.kind === 'pointer') return behind(a, b, target, depth - 1);
  // Who wraps a handle in a struct has the same in memory as who does not.
  const wrapped = inner.kind === 'aggregate' ? soleMember(inner, 'rust', rust.resolve, target) : null;
  if (wrapped?.kind === 'pointer' && outer.kind === 'pointer') return behind({ ...a, shape: wrapped.shape }, b, target, depth - 1);
  const unwrapped = outer.kind === 'aggregate' ? soleMember(outer, 'c', peer.resolve, target) : null;
  if (unwrapped?.kind === 'pointer' && inner.kind === 'pointer') return behind(a, { ...b, shape: unwrapped.shape }, target, depth - 1);
  if ((inner.kind === 'aggregate') !== (outer.kind === 'aggregate')) {
    return verdict(inner.kind === 'pointer' || outer.kind === 'pointer' ? 'kind' : 'unknown');
  }
  return compare(a, b, target);
}

/** What lies there, an array's elements for an array; null where nothing is said. */
function element({ pointee }: PointerShape): Shape | null {
  let at = pointee;
  while (at?.kind === 'array') at = at.element;
  return at;
}

/** What is read as bytes may be anything. */
function isUntyped(value: Value): boolean {
  return (
    value.kind === 'nothing' ||
    value.kind === 'unknown' ||
    (value.kind === 'aggregate' && value.def === null) ||
    (value.kind === 'integer' && value.size === 1 && value.of === 'integer')
  );
}
