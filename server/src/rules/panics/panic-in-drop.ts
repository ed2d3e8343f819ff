/** `drop` of a type that holds foreign things can panic. */
import type { PanicKind } from '../../analysis/unwinding/panic-facts.ts';
import { Trigger } from '../../model/rust/file-index.ts';
import { defineRule } from '../rule.ts';

const KINDS: readonly PanicKind[] = ['macro', 'unwrap', 'opaque-unwrap', 'nul-unwrap', 'utf8-unwrap'];

export default defineRule({
  id: 'panic-in-drop',
  group: 'panics',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { panics: '`{what}` in `drop` of `{type}`: during another panic it aborts the process' },
  docs: {
    what: 'The `drop` of a type that is freed with unsafe code can panic',
    why: `\`drop\` also runs while a panic unwinds. A second panic aborts the process at once, so that no \`catch_unwind\` at the boundary helps; and
what comes behind the panic in \`drop\` is not freed. Destructors of foreign handles often check a status with \`assert!\`.`,
    bad: `use std::ffi::c_int;

extern "C" {
    fn device_close(device: c_int) -> c_int;
}

pub struct Device(c_int);

impl Drop for Device {
    fn drop(&mut self) {
        assert_eq!(unsafe { device_close(self.0) }, 0);
    }
}
`,
    good: `use std::ffi::c_int;

extern "C" {
    fn device_close(device: c_int) -> c_int;
}

pub struct Device(c_int);

impl Drop for Device {
    fn drop(&mut self) {
        if unsafe { device_close(self.0) } != 0 {
            eprintln!("the device could not be closed");
        }
    }
}
`,
    exceptions: [
      'a `drop` that asks `thread::panicking()`',
      'a `drop` without unsafe code',
      '`debug_assert!`, `lock().unwrap()`, stated invariants (`unreachable!`, `expect("… must …")`)',
      'code inside `catch_unwind`',
      'guards that abort on purpose, told by their name',
    ],
    fixSafety: null,
    references: [
      { title: 'std::ops::Drop, panics', url: 'https://doc.rust-lang.org/std/ops/trait.Drop.html#panics' },
      {
        title: 'Rust API Guidelines, destructors never fail',
        url: 'https://rust-lang.github.io/api-guidelines/dependability.html#c-dtor-fail',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const impl of ctx.unit.items) {
      const { implTrait, implType, triggers } = impl.entry;
      if (impl.kind !== 'impl' || impl.test || impl.inUnknownMacro || (triggers & Trigger.Unsafe) === 0) continue;
      if (!/(^|::)Drop$/.test(implTrait ?? '') || /abort|bomb|guard/i.test(implType ?? '')) continue;
      const drop = impl.members.find((one) => one.kind === 'fn' && one.name === 'drop');
      if (!drop || /\bpanicking\b/.test(ctx.workspace.slice(drop.file, drop.entry.span))) continue;
      for (const site of ctx.facts.unwinding.inside(drop).sites) {
        if (!KINDS.includes(site.kind) || site.deliberate !== null) continue;
        ctx.report('panics', {
          at: { file: drop.file, span: site.span },
          data: { what: site.what, type: implType ?? '' },
          help: 'say what failed, or ignore it; nobody can handle an error of `drop`',
          item: drop,
        });
      }
    }
  },
});
