/** The table of known C functions: signatures, and the hand-written facts beside them. */
import { expect, test } from 'vitest';
import { cSignature, isAsyncSignalSafe } from '../../server/src/analysis/c-functions/signatures.ts';
import { C_FUNCTIONS, cFunction } from '../../server/src/analysis/c-functions/table.ts';

const written = (name: string, system: 'unix' | 'windows' = 'unix'): string | null => {
  const signature = cSignature(name, system);
  const type = (one: { readonly kind: string; readonly bytes?: number }): string => `${one.kind}${one.bytes ?? ''}`;
  return signature && `${type(signature.result)}(${[...signature.params.map(type), ...(signature.variadic ? ['…'] : [])].join(', ')})`;
};

test('signatures are those of the data model', () => {
  expect(written('read')).toBe('int8(int4, pointer, int8)');
  expect(written('read', 'windows')).toBe('int4(int4, pointer, int4)');
  expect(written('strtol')).toBe('int8(pointer, pointer, int4)');
  expect(written('strtol', 'windows')).toBe('int4(pointer, pointer, int4)');
  expect(written('printf')).toBe('int4(pointer, …)');
  expect(written('qsort')).toBe('void(pointer, int8, int8, fn-pointer)');
  expect(written('sqrtf')).toBe('float4(float4)');
  expect(written('CreateFileW', 'windows')).toBe('pointer(pointer, int4, int4, pointer, int4, int4, pointer)');
});

test('what Unix systems do not agree on is unknown', () => {
  // mode_t has two bytes on macOS.
  expect(written('chmod')).toBe('int4(pointer, unknown)');
  // Other parameters on the BSDs.
  expect(written('mount')).toBe(null);
  expect(written('no_such_function')).toBe(null);
});

test('signal handlers may write and may not allocate', () => {
  expect(['write', 'kill', 'memcpy'].filter(isAsyncSignalSafe)).toEqual(['write', 'kill', 'memcpy']);
  expect(['malloc', 'printf', 'exit', 'pthread_mutex_lock'].filter(isAsyncSignalSafe)).toEqual([]);
});

test('results, owners and callbacks', () => {
  expect(cFunction('fopen')).toMatchObject({ nullable: true, owner: 'caller', freedBy: 'fclose' });
  expect(cFunction('getenv')).toMatchObject({ nullable: true, owner: 'library' });
  expect(cFunction('qsort')).toMatchObject({ runs: [3], keeps: [] });
  expect(cFunction('pthread_create')).toMatchObject({ runs: [], keeps: [2, 3] });
  expect(cFunction('snprintf')).toMatchObject({ format: 2, formatKind: 'printf' });
});

test('the facts agree with the signatures', () => {
  const wrong = [...C_FUNCTIONS.values()].flatMap((fn) => {
    const signatures = (['unix', 'windows'] as const).flatMap((system) => cSignature(fn.name, system) ?? []);
    const [signature] = signatures;
    if (!signature) return [];
    if (signatures.every((one) => one.params.length !== fn.arity)) return [`${fn.name}: ${fn.arity} parameters`];
    const pointers = [...fn.strings, ...fn.keeps, ...(fn.format < 0 ? [] : [fn.format])];
    const kinds = ['pointer', 'fn-pointer', 'unknown'];
    return [
      ...(fn.nullable && !kinds.includes(signature.result.kind) ? [`${fn.name}: the result is no pointer`] : []),
      ...pointers
        .filter((at) => !kinds.includes(signature.params[at]?.kind ?? 'void'))
        .map((at) => `${fn.name}: parameter ${at} is no pointer`),
      ...fn.runs.filter((at) => signature.params[at]?.kind !== 'fn-pointer').map((at) => `${fn.name}: parameter ${at} is no callback`),
    ];
  });
  expect(wrong).toEqual([]);
});
