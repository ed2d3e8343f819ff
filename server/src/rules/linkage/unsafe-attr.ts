/** An attribute that can break other code does not say that it is unsafe. */
import type { Attribute } from '../../model/rust/attribute.ts';
import { defineRule } from '../rule.ts';
import { unsafeDemand } from '../unsafe-demand.ts';

/** Attributes that are unsafe (Reference, "The unsafe attributes"). */
const UNSAFE: ReadonlySet<string> = new Set(['no_mangle', 'export_name', 'link_section']);

export default defineRule({
  id: 'unsafe-attr',
  group: 'linkage',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: ['unsafe_attr_outside_unsafe'],
  fix: 'safe',
  messages: { missing: '`{attribute}` is not marked `unsafe`, which edition {edition} {demand}' },
  docs: {
    what: '`#[no_mangle]`, `#[export_name]` or `#[link_section]` without `unsafe(…)` in a crate of edition 2024',
    why: 'A symbol of a name that something else has too is undefined behaviour, without any `unsafe` in the code. Edition 2024 demands `#[unsafe(no_mangle)]` and refuses to compile without it; older editions accept it since Rust 1.82.',
    bad: `#[no_mangle]
pub extern "C" fn answer() -> i32 {
    42
}
`,
    good: `#[unsafe(no_mangle)]
pub extern "C" fn answer() -> i32 {
    42
}
`,
    exceptions: ['items that a macro makes', 'editions up to 2021 (a hint in profile `all`, where `rust-version` is 1.82 or newer)'],
    fixSafety: '`unsafe(…)` around an attribute means the same in older editions since Rust 1.82 and is required in edition 2024.',
    references: [
      { title: 'Edition guide, unsafe attributes', url: 'https://doc.rust-lang.org/edition-guide/rust-2024/unsafe-attributes.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const asked = unsafeDemand(ctx.unit.crate);
    if (!asked) return;
    for (const item of ctx.unit.items) {
      if ((item.kind !== 'fn' && item.kind !== 'static') || item.inUnknownMacro || item.file.origin !== null) continue;
      for (const attribute of item.entry.attributes) {
        if (!UNSAFE.has(attribute.path) || attribute.unsafe) continue;
        const { start } = attribute.pathSpan;
        const end = endOf(attribute, ctx.workspace.text(item.file));
        ctx.report('missing', {
          at: { file: item.file, span: attribute.pathSpan },
          data: { attribute: attribute.path, ...asked },
          help: `write \`unsafe(${attribute.path}${attribute.value === null ? '' : ' = …'})\``,
          fixes: [
            {
              title: 'add `unsafe(…)`',
              safe: true,
              edits: [
                { file: item.file.path, span: { start, end: start }, text: 'unsafe(' },
                { file: item.file.path, span: { start: end, end }, text: ')' },
              ],
            },
          ],
          ...(asked.demand === 'requires' ? {} : { severity: 'hint' as const }),
          item,
        });
      }
    }
  },
});

/** Behind the path, or behind the value of `path = "value"`; a value that is no plain string ends with the attribute. */
function endOf(attribute: Attribute, text: string): number {
  const { end } = attribute.pathSpan;
  if (attribute.value === null) return end;
  const value = /^\s*=\s*"(?:[^"\\]|\\.)*"/.exec(text.slice(end, attribute.span.end));
  return value ? end + value[0].length : attribute.span.end - 1;
}
