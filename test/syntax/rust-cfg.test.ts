/** Configuration predicates: what is certain about two of them, and nothing more. */
import { describe, expect, it } from 'vitest';
import { indexRustFile } from '../../server/src/model/extract/rust/index-file.ts';
import type { Cfg } from '../../server/src/model/rust/attribute.ts';
import { and, cfgOf, equal, evaluate, exclusive, implies, isForTests, isTestOnly, not, or, show } from '../../server/src/model/rust/cfg.ts';

function cfg(text: string): Cfg {
  return ofItem(`#[cfg(${text})] struct A;`);
}

function ofItem(text: string): Cfg {
  const [entry] = indexRustFile(text).entries;
  return cfgOf(entry?.attributes ?? []);
}

describe('cfgOf', () => {
  it.each([
    ['struct A;', 'true'],
    ['#[cfg(unix)] struct A;', 'unix'],
    ['#[cfg(unix)] #[cfg(feature = "a")] struct A;', 'all(unix, feature = "a")'],
    ['#[cfg(all(unix, all(test, unix)))] struct A;', 'all(unix, test)'],
    ['#[cfg(any(a, any(b, c)))] struct A;', 'any(a, b, c)'],
    ['#[cfg_attr(unix, cfg(a))] struct A;', 'any(not(unix), a)'],
    ['#[cfg(not(not(a)))] struct A;', 'a'],
    ['#[cfg(all())] struct A;', 'true'],
    ['#[cfg(any())] struct A;', 'false'],
    ['#[cfg(true)] struct A;', 'true'],
    ['#[cfg(false)] struct A;', 'false'],
    ['#[cfg(version("1.2"))] struct A;', 'version("1.2")'],
  ])('%s', (text, expected) => {
    expect(show(ofItem(text))).toBe(expected);
  });
});

describe('exclusive', () => {
  it.each([
    ['a', 'not(a)'],
    ['unix', 'windows'],
    ['unix', 'target_os = "windows"'],
    ['windows', 'target_os = "linux"'],
    ['not(unix)', 'target_os = "macos"'],
    ['windows', 'not(target_os = "windows")'],
    ['target_os = "linux"', 'target_os = "macos"'],
    ['target_arch = "x86"', 'target_arch = "arm"'],
    ['target_arch = "x86"', 'target_pointer_width = "64"'],
    ['target_pointer_width = "32"', 'target_pointer_width = "64"'],
    ['target_endian = "big"', 'target_endian = "little"'],
    ['target_env = "gnu"', 'target_env = "msvc"'],
    ['panic = "abort"', 'panic = "unwind"'],
    ['target_family = "unix"', 'windows'],
    ['target_family = "windows"', 'target_family = "wasm"'],
    ['all(unix, feature = "a")', 'any(windows, not(feature = "a"))'],
    ['all(unix, not(any(a, b)))', 'all(unix, a)'],
    ['any(target_os = "linux", target_os = "macos")', 'any(windows, target_os = "freebsd")'],
    ['false', 'a'],
    ['all(a, b)', 'not(all(a, b))'],
  ])('%s and %s', (a, b) => {
    expect(exclusive(cfg(a), cfg(b))).toBe(true);
    expect(exclusive(cfg(b), cfg(a))).toBe(true);
  });

  it.each([
    ['a', 'a'],
    ['a', 'b'],
    ['feature = "a"', 'feature = "b"'],
    ['target_feature = "a"', 'target_feature = "b"'],
    // Emscripten is of both families.
    ['unix', 'target_family = "wasm"'],
    // The x32 ABI.
    ['target_arch = "x86_64"', 'target_pointer_width = "32"'],
    ['not(unix)', 'not(windows)'],
    ['any(unix, a)', 'windows'],
    ['not(all(a, b))', 'a'],
    ['true', 'a'],
    ['version("1.2")', 'not(version("1.2"))'],
  ])('not %s and %s', (a, b) => {
    expect(exclusive(cfg(a), cfg(b))).toBe(false);
    expect(exclusive(cfg(b), cfg(a))).toBe(false);
  });

  it('gives up without a claim where there is too much to try', () => {
    const many = Array.from({ length: 30 }, (_, index) => `any(a${index}, b${index})`).join(', ');
    expect(exclusive(cfg(`all(${many})`), cfg('c'))).toBe(false);
  });
});

describe('implies and isTestOnly', () => {
  it.each([
    ['target_os = "linux"', 'unix', true],
    ['all(a, b)', 'a', true],
    ['a', 'any(a, b)', true],
    ['a', 'all(a, b)', false],
    ['unix', 'target_os = "linux"', false],
  ])('%s implies %s: %s', (a, b, expected) => {
    expect(implies(cfg(a), cfg(b))).toBe(expected);
  });

  it.each([
    ['test', true],
    ['all(test, unix)', true],
    ['any(test, all(test, a))', true],
    ['any(test, a)', false],
    ['not(test)', false],
    ['not(not(test))', true],
    ['feature = "test"', false],
    ['true', false],
  ])('%s only in tests: %s', (text, expected) => {
    expect(isTestOnly(cfg(text))).toBe(expected);
  });

  it.each([
    ['test', true],
    ['feature = "test"', true],
    ['any(test, feature = "unstable-testing")', true],
    ['all(unix, feature = "mock")', true],
    ['any(unix, feature = "mock")', false],
    ['not(feature = "mock")', false],
    ['feature = "contest"', false],
  ])('%s for tests: %s', (text, expected) => {
    expect(isForTests(cfg(text))).toBe(expected);
  });
});

describe('equal', () => {
  it.each([
    ['all(a, b)', 'all(b, a)', true],
    ['any(a, b)', 'any(b, a, b)', true],
    ['all(a, b)', 'any(a, b)', false],
    ['a', 'a = "b"', false],
    ['not(a)', 'not(a)', true],
    ['version("1")', 'version("1")', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(equal(cfg(a), cfg(b))).toBe(expected);
  });
});

describe('evaluate', () => {
  const known = (name: string): boolean | undefined => (name === 'yes' ? true : name === 'no' ? false : undefined);
  it.each([
    ['yes', true],
    ['no', false],
    ['maybe', null],
    ['not(no)', true],
    ['not(maybe)', null],
    ['all(yes, maybe)', null],
    ['all(no, maybe)', false],
    ['any(yes, maybe)', true],
    ['any(no, maybe)', null],
    ['any()', false],
    ['version("1")', null],
  ])('%s', (text, expected) => {
    expect(evaluate(cfg(text), known)).toBe(expected);
  });
});

describe('building', () => {
  it('drops what changes nothing', () => {
    expect(show(and(cfg('a'), cfg('true')))).toBe('a');
    expect(show(and(cfg('a'), cfg('false')))).toBe('false');
    expect(show(or(cfg('a'), cfg('true')))).toBe('true');
    expect(show(or(cfg('a'), cfg('a')))).toBe('a');
    expect(show(not(not(cfg('a'))))).toBe('a');
  });
});
