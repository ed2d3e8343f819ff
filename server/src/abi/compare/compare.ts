/** Compares a Rust type with the type that another language gives the same value, on one target. */
import type { Resolve, Shape } from '../shape.ts';
import type { Target } from '../targets.ts';
import { passedAs } from './value.ts';
import type { Value, Verdict, VerdictCode } from './verdict.types.ts';

/** A shape with the definitions that it refers to. */
export interface Side {
  readonly shape: Shape;
  readonly resolve: Resolve;
}

/** As a parameter or result of a function, or as a field. Pointers are compared as words: `comparePointees` looks behind them. */
export function compare(rust: Side, peer: Side, target: Target): Verdict {
  const one = passedAs(rust.shape, 'rust', rust.resolve, target);
  const other = passedAs(peer.shape, 'c', peer.resolve, target);
  return { code: judge(one, other, target), rust: one, peer: other };
}

function judge(rust: Value, peer: Value, target: Target): VerdictCode {
  // What is wrong with the Rust side alone is so whatever the peer says.
  if (rust.kind === 'fat-pointer') return 'fat-pointer';
  if (rust.kind === 'array') return peer.kind === 'aggregate' ? 'kind' : 'array-by-value';
  if (rust.kind === 'unknown' || peer.kind === 'unknown') return 'unknown';
  if (rust.kind === 'never') return peer.kind === 'nothing' ? 'ok' : 'kind';
  if (peer.kind === 'va-list') return 'va-list';
  if (rust.kind === 'nothing') return peer.kind === 'nothing' ? 'ok' : 'nothing';
  if (peer.kind === 'nothing') return 'nothing';
  if (rust.kind === 'aggregate' || peer.kind === 'aggregate') return aggregates(rust, peer);
  if (rust.kind === 'pointer' || peer.kind === 'pointer') return pointers(rust, peer, target);
  return numbers(rust, peer);
}

function aggregates(rust: Value, peer: Value): VerdictCode {
  if (rust.kind === peer.kind) return 'layout';
  return rust.kind === 'pointer' || peer.kind === 'pointer' ? 'kind' : 'aggregate';
}

function pointers(rust: Value, peer: Value, target: Target): VerdictCode {
  if (rust.kind === 'pointer' && peer.kind === 'pointer') return (rust.shape.fn === null) === (peer.shape.fn === null) ? 'ok' : 'code-data';
  const other = rust.kind === 'pointer' ? peer : rust;
  return other.kind === 'integer' && other.size === target.rust.pointer.size ? 'pointer-integer' : 'kind';
}

function numbers(rust: Value, peer: Value): VerdictCode {
  if (rust.kind === 'enum' || peer.kind === 'enum') return enums(rust, peer);
  if (rust.kind === 'scalar') return peer.kind === 'scalar' ? 'ok' : peer.kind === 'integer' && peer.size === 4 ? 'scalar-value' : 'kind';
  if (rust.kind === 'bool' || peer.kind === 'bool') return booleans(rust, peer);
  if (rust.kind === 'float' && peer.kind === 'float') return floats(rust, peer);
  if (rust.kind === 'integer' && peer.kind === 'integer') {
    if (rust.size !== peer.size) return 'width';
    return rust.signed === peer.signed ? 'ok' : 'sign';
  }
  if (rust.kind === 'integer' && peer.kind === 'float') return peer.long && peer.size !== rust.size ? 'width' : 'class';
  return rust.kind === 'float' && peer.kind === 'integer' ? 'class' : 'kind';
}

type Float = Extract<Value, { kind: 'float' }>;

function floats(rust: Float, peer: Float): VerdictCode {
  if (rust.size !== peer.size) return 'width';
  // A long double of 16 bytes may be IEEE's or x87's.
  return peer.long && peer.size > 8 ? 'unknown' : 'ok';
}

function booleans(rust: Value, peer: Value): VerdictCode {
  if (rust.kind === peer.kind) return 'ok';
  const other = rust.kind === 'bool' ? peer : rust;
  if (other.kind === 'integer') return other.size === 1 ? 'bool' : 'width';
  return other.kind === 'float' ? 'width' : 'kind';
}

function enums(rust: Value, peer: Value): VerdictCode {
  if (rust.kind === 'enum' && peer.kind === 'enum') {
    return rust.size === null || peer.size === null || rust.size === peer.size ? 'value-range' : 'width';
  }
  const [one, other] = rust.kind === 'enum' ? [rust, peer] : [peer, rust];
  if (one.kind !== 'enum' || other.kind !== 'integer') return 'kind';
  if (one.short || one.size === null) return 'short-enums';
  return one.size === other.size ? 'value-range' : 'width';
}
