/** A pointer is checked for null after it was used, so that the check comes too late. */
import { fnsWith } from '../../analysis/ownership/fn-bodies.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'null-check-after-deref',
  group: 'pointers',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { late: '`{fn}` checks `{name}` for null after it has used it' },
  docs: {
    what: 'A pointer is checked for null after its first use',
    why: `The use before the check is undefined behaviour where the pointer is null, so that the compiler may take the check for always false and
remove it: it protects nothing, neither before nor after. Somebody thought that null can come here, and it does.`,
    bad: `pub struct Device {
    pub id: u32,
    pub open: bool,
}

/// # Safety
/// \`device\` is null or comes from \`device_new\`.
#[no_mangle]
pub unsafe extern "C" fn device_close(device: *mut Device) -> u32 {
    let id = unsafe { (*device).id };
    if device.is_null() {
        return 0;
    }
    unsafe { (*device).open = false };
    id
}
`,
    good: `pub struct Device {
    pub id: u32,
    pub open: bool,
}

/// # Safety
/// \`device\` is null or comes from \`device_new\`.
#[no_mangle]
pub unsafe extern "C" fn device_close(device: *mut Device) -> u32 {
    if device.is_null() {
        return 0;
    }
    unsafe { (*device).open = false };
    unsafe { (*device).id }
}
`,
    exceptions: [
      'a use that does not run on every path to the check',
      'a variable that is set between use and check, such as the cursor of a linked list',
      'addresses that are only computed: `&raw const (*p).x`',
      'a second check behind a first one, and `debug_assert!`',
    ],
    fixSafety: null,
    references: [
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const fn of fnsWith(ctx.unit.items, /\bis_null\b|\bnull(_mut)?\s*\(\s*\)/, ctx.workspace)) {
      for (const { name, origin, use, check } of ctx.facts.nullness.lateChecks(fn)) {
        ctx.report('late', {
          at: { file: fn.item.file, span: check },
          data: { fn: fn.ast.name, name: origin === 'param' ? name : `${name}()` },
          related: [{ at: { file: fn.item.file, span: use }, message: 'used here, on every path to the check' }],
          help: 'move the check in front of the first use',
          item: fn.item,
        });
      }
    }
  },
});
