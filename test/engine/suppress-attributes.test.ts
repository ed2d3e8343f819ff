/** `#[allow]` of lints that a rule declares as equivalent. */
import { expect, it } from 'vitest';
import type { Attribute, Cfg } from '../../server/src/model/rust/attribute.ts';
import { hiddenByAttribute } from '../../server/src/engine/suppress-attributes.ts';

const NOWHERE = { start: 0, end: 0 };

function attribute(path: string, lints: readonly string[], condition: Cfg | null = null): Attribute {
  const args = lints.map((name) => ({ name, value: null, args: null, span: NOWHERE }));
  return { path, value: null, args, text: lints.join(', '), unsafe: false, condition, inner: false, span: NOWHERE, pathSpan: NOWHERE };
}

const hides = (attributes: readonly (readonly Attribute[])[], lints: Record<string, string> = {}, lint = 'improper_ctypes') =>
  hiddenByAttribute([lint], { attributes, lints });

it('honours allow and expect at the item and around it', () => {
  expect(hides([[attribute('allow', ['dead_code', 'improper_ctypes'])]])).toBe('`#[allow(improper_ctypes)]`');
  expect(hides([[], [attribute('expect', ['improper_ctypes'])]])).toBe('`#[expect(improper_ctypes)]`');
  expect(hides([[attribute('allow', ['dead_code'])]])).toBe(null);
});

it('lets the innermost level decide', () => {
  expect(hides([[attribute('warn', ['improper_ctypes'])], [attribute('allow', ['improper_ctypes'])]])).toBe(null);
  expect(hides([[attribute('allow', ['improper_ctypes'])]], { 'rust.improper_ctypes': 'deny' })).not.toBe(null);
});

it('honours the manifest', () => {
  expect(hides([], { 'rust.improper_ctypes': 'allow' })).toBe('`improper_ctypes = "allow"` in Cargo.toml');
  expect(hides([], { 'clippy.zero_ptr': 'allow' }, 'clippy::zero_ptr')).not.toBe(null);
  expect(hides([[attribute('deny', ['improper_ctypes'])]], { 'rust.improper_ctypes': 'allow' })).toBe(null);
});

it('knows lint groups', () => {
  expect(hides([[attribute('allow', ['clippy::all'])]], {}, 'clippy::missing_safety_doc')).not.toBe(null);
  expect(hides([[attribute('allow', ['clippy::all'])]])).toBe(null);
  expect(hides([[attribute('allow', ['clippy::pedantic'])]], {}, 'clippy::cast_sign_loss')).not.toBe(null);
  expect(hides([[attribute('allow', ['clippy::all'])]], {}, 'clippy::cast_sign_loss')).toBe(null);
  expect(hides([], { 'clippy.pedantic': 'allow' }, 'clippy::cast_sign_loss')).toBe('`clippy::pedantic = "allow"` in Cargo.toml');
  expect(hides([], { 'clippy.pedantic': 'allow', 'clippy.cast_sign_loss': 'warn' }, 'clippy::cast_sign_loss')).toBe(null);
});

it('takes a conditional allow for one, but no conditional deny', () => {
  const test: Cfg = { kind: 'option', name: 'test', value: null };
  expect(hides([[attribute('allow', ['improper_ctypes'], test)]])).not.toBe(null);
  expect(hides([[attribute('deny', ['improper_ctypes'], test)], [attribute('allow', ['improper_ctypes'])]])).not.toBe(null);
  expect(hides([[attribute('allow', ['improper_ctypes'], { kind: 'false' })]])).toBe(null);
});

it('takes an allow of all warnings for what nothing else decides about', () => {
  expect(hides([[], [attribute('allow', ['warnings'])]])).toBe('`#[allow(warnings)]`');
  expect(hides([[attribute('deny', ['improper_ctypes'])], [attribute('allow', ['warnings'])]])).toBe(null);
  expect(hides([[attribute('allow', ['improper_ctypes']), attribute('deny', ['warnings'])]])).not.toBe(null);
});
