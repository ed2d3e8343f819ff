/** An extern block does not say that its declarations are promises which the compiler cannot check. */
import { isRewritten } from '../../model/surface/attributes.ts';
import { defineRule } from '../rule.ts';
import { unsafeDemand } from '../unsafe-demand.ts';

export default defineRule({
  id: 'missing-unsafe-extern',
  group: 'linkage',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: ['missing_unsafe_on_extern'],
  fix: 'safe',
  messages: { missing: 'extern block is not marked `unsafe`, which edition {edition} {demand}' },
  docs: {
    what: 'An `extern` block without `unsafe` in a crate of edition 2024',
    why: 'A wrong signature in an extern block is undefined behaviour. Edition 2024 demands `unsafe extern` and refuses to compile without it; older editions accept it since Rust 1.82.',
    bad: `extern "C" {
    fn abs(value: i32) -> i32;
}
`,
    good: `unsafe extern "C" {
    fn abs(value: i32) -> i32;
}
`,
    exceptions: [
      'blocks that a macro makes or an attribute macro rewrites, such as `#[wasm_bindgen]`',
      'editions up to 2021 (a hint in profile `all`, where `rust-version` is 1.82 or newer)',
    ],
    fixSafety: '`unsafe extern` means the same as `extern` in older editions and is required in edition 2024.',
    references: [
      { title: 'Edition guide, unsafe extern blocks', url: 'https://doc.rust-lang.org/edition-guide/rust-2024/unsafe-extern.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const asked = unsafeDemand(ctx.unit.crate);
    if (!asked) return;
    for (const item of ctx.unit.items) {
      if (item.kind !== 'extern-block' || item.entry.unsafe || item.inUnknownMacro || item.file.origin !== null) continue;
      if (isRewritten(item.entry.attributes)) continue;
      const start = item.entry.signatureSpan.start;
      ctx.report('missing', {
        at: { file: item.file, span: { start, end: start + 'extern'.length } },
        data: { ...asked },
        help: 'write `unsafe extern` and mark what is safe to call as `safe fn`',
        fixes: [{ title: 'add `unsafe`', safe: true, edits: [{ file: item.file.path, span: { start, end: start }, text: 'unsafe ' }] }],
        ...(asked.demand === 'requires' ? {} : { severity: 'hint' as const }),
        item,
      });
    }
  },
});
