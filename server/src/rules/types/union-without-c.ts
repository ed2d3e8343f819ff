/** A union does not say where its fields lie. */
import { reprOf } from '../../model/surface/attributes.ts';
import { defineRule } from '../rule.ts';
import { reportWithoutC } from '../without-c.ts';

export default defineRule({
  id: 'union-without-c',
  group: 'types',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['clippy::default_union_representation'],
  fix: 'safe',
  messages: { missing: 'union `{name}` has no `repr(C)`: its fields need not start at the same place' },
  docs: {
    what: 'A `union` has no `#[repr(C)]`',
    why: 'The language only promises for `repr(C)` unions that all fields start at offset 0. Reading a field that another was written to, or that C wrote, is wrong without it.',
    bad: `pub union Value {
    int: i64,
    float: f64,
}

impl Value {
    pub fn of(int: i64) -> Value {
        Value { int }
    }

    pub fn bits(&self) -> f64 {
        unsafe { self.float }
    }
}

extern "C" {
    pub fn show(value: *const Value);
}
`,
    good: `#[repr(C)]
pub union Value {
    int: i64,
    float: f64,
}

impl Value {
    pub fn of(int: i64) -> Value {
        Value { int }
    }

    pub fn bits(&self) -> f64 {
        unsafe { self.float }
    }
}

extern "C" {
    pub fn show(value: *const Value);
}
`,
    exceptions: [
      '`repr(C)` and `repr(transparent)` unions',
      'unions with one field, and with generics: these are storage for Rust values',
      'unions that no foreign signature mentions: reported as info only',
    ],
    fixSafety: 'Adding `C` changes only the order of the fields, on which no safe Rust code depends.',
    references: [
      {
        title: 'Rust Reference, type layout: repr(C) unions',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#reprc-unions',
      },
    ],
  },
  check(ctx) {
    reportWithoutC(ctx, 'union', (ast) => ast.generics.length === 0 && !reprOf(ast.attributes).rust, 'add `#[repr(C)]`');
  },
});
