/** The project's own boundary, read with its own engine: what TypeScript tells koffi is what native/src says. */
import path from 'node:path';
import koffi from 'koffi';
import { beforeAll, expect, test } from 'vitest';
import { rustLayouts } from '../../server/src/abi/rust-layouts.ts';
import { rustShapes } from '../../server/src/abi/rust-shapes.ts';
import type { Shape } from '../../server/src/abi/shape.ts';
import { targetOf } from '../../server/src/abi/targets.ts';
import type { Target } from '../../server/src/abi/targets.ts';
import { hostTriple } from '../../server/src/host/platform.ts';
import type { BoundaryFn } from '../../server/src/model/surface/surface.ts';
import { RECORD_INFO } from '../../server/src/probe/native-binding.ts';
import { read, root } from '../tidy/sources.ts';
import { openWorkspace } from './open-workspace.ts';

let native: Awaited<ReturnType<typeof openWorkspace>>;
const found = targetOf(hostTriple() ?? '');

beforeAll(async () => {
  native = await openWorkspace(path.join(root, 'native'));
});

function target(): Target {
  if (!found) throw new Error('this machine is no target');
  return found;
}

test('the struct that koffi reads has the layout of the one that Rust writes', () => {
  const { types } = rustLayouts(native.workspace, native.surface, target());
  const layout = types.find(({ name }) => name === 'RecordInfo')?.layout;
  const ours = koffi.struct('test_record', RECORD_INFO);
  expect(layout && { size: layout.size, align: layout.align, fields: layout.fields.map(({ name, offset }) => [name, offset]) }).toEqual({
    size: koffi.sizeof(ours),
    align: koffi.alignof(ours),
    fields: Object.keys(RECORD_INFO).map((name) => [name, koffi.offsetof(ours, name)]),
  });
});

test('the status is an int32_t', () => {
  const { types } = rustLayouts(native.workspace, native.surface, target());
  expect(types.find(({ name }) => name === 'Status')?.layout).toMatchObject({
    size: koffi.sizeof('int32_t'),
    align: koffi.alignof('int32_t'),
  });
});

/** `int32_t ffi_lint_scan_free(uint64_t handle)` as `ffi_lint_scan_free: 4 <- 8`: sizes of the result and the parameters. */
function prototypes(): string[] {
  const text = read('server/src/probe/native-binding.ts');
  return [...text.matchAll(/lib\.func\('([^']+)'\)/g)].map(([, written = '']) => {
    const [, result = '', name = '', params = ''] = /^(\w+) (\w+)\((.*)\)$/.exec(written) ?? [];
    const sizes = params === 'void' ? [] : params.split(', ').map((param) => sizeOf(param.replace(/^_Out_ /, '').replace(/\w+$/, '')));
    return `${name}: ${sizeOf(result)} <- ${sizes.join(' ')}`;
  });
}

function sizeOf(type: string): number {
  return type.includes('*') ? 8 : koffi.sizeof(type.trim());
}

/** The same of an exported function of Rust. */
function exported({ ast, scope, item, symbol }: BoundaryFn): string {
  const shapes = rustShapes(native.workspace);
  const size = (shape: Shape): number => {
    if (shape.kind === 'pointer') return 8;
    if (shape.kind === 'int') return shape.bits / 8;
    return (
      rustLayouts(native.workspace, native.surface, target()).types.find(({ name }) => shape.kind === 'ref' && name === shape.name)?.layout
        .size ?? 0
    );
  };
  const of = (type: NonNullable<typeof ast.result>): number => size(shapes.shapeOf({ type, scope, file: item.file }));
  return `${symbol}: ${ast.result ? of(ast.result) : 0} <- ${ast.params.map(({ type }) => of(type)).join(' ')}`;
}

test('every function is declared with as many and as wide parameters as it is defined with', ({ skip }) => {
  skip(target().rust.pointer.size !== 8, 'pointers are not 64 bits wide here');
  const defined = native.surface.functions.filter(({ role }) => role === 'export').map(exported);
  expect(defined.length).toBeGreaterThan(5);
  expect(prototypes().sort()).toEqual(defined.sort());
});
