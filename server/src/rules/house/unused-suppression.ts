/** A suppression comment hides nothing, or names no rule; the engine finds these after all other rules have run. */
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'unused-suppression',
  group: 'house',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'cargo', 'c', 'python'],
  equivalents: [],
  fix: 'safe',
  messages: {},
  docs: {
    what: 'An `ffi-lint:` comment hides no finding, names a rule that does not exist, or names none',
    why: 'A comment that outlives its finding hides the next mistake at that place, and tells readers of a danger that is gone.',
    bad: `// ffi-lint: ignore[missing-null-check] -- callers check
pub fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}
`,
    good: `pub fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}
`,
    exceptions: [
      'comments for rules that did not run: their findings may come back with another profile',
      'text in strings that looks like such a comment',
    ],
    fixSafety: 'Removing a comment that hides nothing changes no result; a bare `ignore` gets the names of the rules that it hides.',
    references: [],
  },
  check() {
    // Which comments hide something is known only when every rule has run: see engine/suppress.ts.
  },
});
