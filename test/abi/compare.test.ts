/** What lies behind pointers, and how bad a verdict is for whom. */
import { expect, test } from 'vitest';
import { compare } from '../../server/src/abi/compare/compare.ts';
import { comparePointees } from '../../server/src/abi/compare/pointees.ts';
import { severityOf } from '../../server/src/abi/compare/severity.ts';
import { target, X64 } from './layouts.ts';
import type { Shape } from '../../server/src/abi/shape.ts';
import { peerShapes, resolvePeer, resolveRust, rustShape } from './type-matrix-shapes.ts';

const to = (pointee: Shape | null): Shape => ({ kind: 'pointer', pointee, const: false, nullable: true, fn: null });
const WINDOWS = 'x86_64-pc-windows-msvc';

function c(spelling: string): Shape {
  const [shape] = peerShapes('c', spelling);
  if (!shape) throw new Error(`no shape for ${spelling}`);
  return shape;
}

function behind(rust: Shape, peer: Shape, triple = X64): string {
  return comparePointees({ shape: rust, resolve: resolveRust }, { shape: peer, resolve: resolvePeer }, target(triple)).code;
}

test.each([
  ['i32', 'int', 'ok', 'ok'],
  ['i64', 'long', 'ok', 'width'],
  ['i32', 'long', 'width', 'ok'],
  ['u32', 'int', 'sign', 'sign'],
  ['f64', 'int64_t', 'class', 'class'],
  ['bool', 'int', 'width', 'width'],
  ['f64', 'char', 'ok', 'ok'],
  ['u8', 'int', 'ok', 'ok'],
  ['f64', 'void (return)', 'ok', 'ok'],
  ['#[repr(C)] struct S', 'struct S', 'layout', 'layout'],
  ['#[repr(C)] struct S', 'double', 'unknown', 'unknown'],
  ['usize', 'T*', 'pointer-integer', 'pointer-integer'],
  ['i32', 'T*', 'kind', 'kind'],
])('`*mut %s` and a C pointer to `%s`: %s, under Windows %s', (rust, peer, linux, windows) => {
  expect([behind(to(rustShape(rust)), to(c(peer))), behind(to(rustShape(rust)), to(c(peer)), WINDOWS)]).toEqual([linux, windows]);
});

test('pointers to pointers are followed, and arrays are their elements', () => {
  expect(behind(to(to(rustShape('i32'))), to(to(c('short'))))).toBe('width');
  expect(behind(to({ kind: 'array', element: rustShape('f32'), length: 16 }), to(c('float')))).toBe('ok');
  expect(behind(to({ kind: 'array', element: rustShape('f32'), length: 16 }), to(c('double')))).toBe('width');
});

test('a bool, an enum or a char is only dangerous where Rust reads it', () => {
  const severities = (rust: string, peer: string): unknown[] => {
    const verdict = compare({ shape: rustShape(rust), resolve: resolveRust }, { shape: c(peer), resolve: resolvePeer }, target(X64));
    return [severityOf(verdict, 'rust'), severityOf(verdict, 'peer')];
  };
  expect(severities('bool', 'uint8_t')).toEqual(['warning', null]);
  expect(severities('#[repr(C)] enum E (fieldless)', 'int')).toEqual(['warning', null]);
  expect(severities('char', 'char32_t')).toEqual(['warning', null]);
  expect(severities('u8', '_Bool/bool')).toEqual([null, null]);
  expect(severities('i16', 'uint16_t')).toEqual(['warning', 'warning']);
  expect(severities('i32', 'unsigned')).toEqual(['hint', 'hint']);
});

test('transparent records and niches are what they hold', () => {
  const resolve = () =>
    ({
      kind: 'struct',
      name: 'W',
      language: 'rust',
      packed: null,
      align: null,
      pack: null,
      transparent: true,
      fields: [
        { name: '0', shape: { kind: 'unit' }, bitWidth: null, packed: false, align: null },
        { name: '1', shape: { kind: 'nonzero', inner: rustShape('u32') }, bitWidth: null, packed: false, align: null },
      ],
    }) as const;
  const shape: Shape = { kind: 'option', inner: { kind: 'ref', key: 'W', name: 'W' } };
  expect(compare({ shape, resolve }, { shape: c('uint32_t'), resolve: resolvePeer }, target(X64)).code).toBe('ok');
  const plain: Shape = { kind: 'option', inner: rustShape('u32') };
  expect(compare({ shape: plain, resolve }, { shape: c('uint32_t'), resolve: resolvePeer }, target(X64)).code).toBe('unknown');
});
