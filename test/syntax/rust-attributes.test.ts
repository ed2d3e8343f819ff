/** Attributes as plain data, and use trees flattened into names. */
import { describe, expect, it } from 'vitest';
import { indexRustFile } from '../../server/src/model/extract/rust/index-file.ts';
import type { Attribute, Meta } from '../../server/src/model/rust/attribute.ts';
import { show } from '../../server/src/model/rust/cfg.ts';

function attributes(text: string): readonly Attribute[] {
  const source = `${text}\nstruct A;`;
  const [entry] = indexRustFile(source).entries;
  return entry?.attributes ?? [];
}

function showMeta(meta: Meta): string {
  const value = meta.value === null ? '' : JSON.stringify(meta.value);
  if (meta.name === '') return value;
  return meta.name + (meta.args === null ? '' : `(${meta.args.map(showMeta).join(', ')})`) + (value === '' ? '' : ` = ${value}`);
}

/** An attribute as one line: what is said of it, in a fixed order. */
function line(attribute: Attribute): string {
  const { path, value, args, unsafe, condition, inner } = attribute;
  return [
    (inner ? '!' : '') + (unsafe ? 'unsafe ' : '') + path + (args === null ? '' : `(${args.map(showMeta).join(', ')})`),
    value === null ? '' : `= ${JSON.stringify(value)}`,
    condition === null ? '' : `if ${show(condition)}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

describe('attributes', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['#[no_mangle]', ['no_mangle']],
    ['#[unsafe(no_mangle)]', ['unsafe no_mangle']],
    ['#[unsafe(export_name = "a\\"b")]', ['unsafe export_name = "a\\"b"']],
    ['#[export_name = r#"raw"#]', ['export_name = "raw"']],
    ['#[repr(C, packed(2))]', ['repr(C, packed("2"))']],
    ['#[repr(u8)] #[derive(Clone, a::Debug)]', ['repr(u8)', 'derive(Clone, a::Debug)']],
    ['#[cfg(all(unix, not(target_os = "macos")))]', ['cfg(all(unix, not(target_os = "macos")))']],
    ['#[link(name = "z", kind = "static")]', ['link(name = "z", kind = "static")']],
    ['#[cfg_attr(unix, repr(C), unsafe(no_mangle))]', ['repr(C) if unix', 'unsafe no_mangle if unix']],
    ['#[cfg_attr(unix, cfg_attr(test, a, b = "c"))]', ['a if all(unix, test)', 'b = "c" if all(unix, test)']],
    ['#[cfg_attr(not(test), no_mangle)]', ['no_mangle if not(test)']],
    ['#[cfg_attr(unix,)]', []],
    ['#[pyo3::pyfunction]', ['pyo3::pyfunction']],
    ['# [ a :: b ( c ) ]', ['a::b(c)']],
    ['#[pyo3(signature = (a, *, b = None), name = "x")]', ['pyo3(signature = "(a, *, b = None)", name = "x")']],
    ['#[doc = include_str!("x.md")]', ['doc = "include_str!(\\"x.md\\")"']],
    ['#[doc = "text"] #[doc(hidden)]', ['doc = "text"', 'doc(hidden)']],
    ['#[error("x {}", a.b())]', ['error("x {}", a.b())']],
    ['#[a(-1, b\'x\', 2.5, "s")]', ['a(-1, "b\'x\'", "2.5", "s")']],
    ['#[a[b, c]] #[d{e}]', ['a(b, c)', 'd(e)']],
    ['#[a(b(c(d)))]', ['a(b(c(d)))']],
    ['#[allow(clippy::all, unused)]', ['allow(clippy::all, unused)']],
    ['/// doc\n#[a]\n/// doc\n#[b]', ['a', 'b']],
    ['#[r#type]', ['type']],
  ];
  it.each(cases)('%s', (text, expected) => {
    expect(attributes(text).map(line)).toEqual(expected);
  });

  it('spans and texts', () => {
    const text = '#[unsafe(link_section = ".x")] #[repr( C )]';
    expect(
      attributes(text).map(({ span, pathSpan, text: inside }) => [
        text.slice(span.start, span.end),
        text.slice(pathSpan.start, pathSpan.end),
        inside,
      ]),
    ).toEqual([
      ['#[unsafe(link_section = ".x")]', 'link_section', null],
      ['#[repr( C )]', 'repr', ' C '],
    ]);
  });

  it('those of one cfg_attr share its span, arguments have their own', () => {
    const text = '#[cfg_attr(unix, repr(C), a(b = 1))]';
    const found = attributes(text);
    expect(found.map(({ span }) => text.slice(span.start, span.end))).toEqual([text, text]);
    expect(found[1]?.args?.map(({ span }) => text.slice(span.start, span.end))).toEqual(['b = 1']);
  });

  it.each(['#[', '#[a', '#[a(', '#[a = ', '#[cfg_attr(', '#![', '#[unsafe(', '#[]', '#[a(,,)]', '#[a(])]'])('%s breaks nothing', (text) => {
    expect(() => attributes(text)).not.toThrow();
  });

  it('one that is not closed costs its line', () => {
    const { entries } = indexRustFile('#[a(\nstruct A;\nstruct B;');
    expect(entries.map(({ name }) => name)).toEqual(['A', 'B']);
  });
});

describe('use trees', () => {
  const uses = (text: string): string[] =>
    indexRustFile(text).entries.flatMap((entry) => entry.uses.map(({ path, name }) => `${path.join('::')} as ${name}`));
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['use a;', ['a as a']],
    ['use a::b as c;', ['a::b as c']],
    ['pub use self::a::*;', ['self::a as *']],
    ['use ::a::b;', ['::a::b as b']],
    ['use a::{b, c::{d as e, f::*}, g as _,};', ['a::b as b', 'a::c::d as e', 'a::c::f as *', 'a::g as _']],
    ['use a::b::{self, c, self as d};', ['a::b as b', 'a::b::c as c', 'a::b as d']],
    ['use {a, b::c};', ['a as a', 'b::c as c']],
    ['use ::{a, b};', ['::a as a', '::b as b']],
    ['use super::super::a;', ['super::super::a as a']],
    ['use crate::{r#type, a};', ['crate::type as type', 'crate::a as a']],
    ['use self as a;', ['self as a']],
    ['use a::{};', []],
    ['extern crate a as b;', ['a as b']],
    ['extern crate self as a;', ['self as a']],
    ['use a::{b, ;', ['a::b as b']],
    ['use', []],
  ];
  it.each(cases)('%s', (text, expected) => {
    expect(uses(text)).toEqual(expected);
  });

  it('spans', () => {
    const text = 'use a::{b as c, d::*};';
    expect(indexRustFile(text).entries.flatMap((entry) => entry.uses.map(({ span }) => text.slice(span.start, span.end)))).toEqual([
      'b as c',
      'd::*',
    ]);
  });
});
