/** An enum has a constant on one side of the boundary only. */
import { enumPairs, enumVariants } from '../../abi/peers/enum-pairs.ts';
import { basename } from '../../base/paths.ts';
import { isSentinel } from '../peer-enums.ts';
import { foreignFiles } from '../foreign-files.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'enum-missing-variant',
  group: 'enums',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'c', 'python', 'javascript', 'csharp'],
  equivalents: [],
  fix: 'none',
  messages: {
    rust: '`{name}` has no variant for `{constant}` ({value}) of `{file}`',
    peer: '`{name}::{variant}` ({value}) has no constant in `{peer}` of `{file}`',
  },
  docs: {
    what: 'A variant of an enum exists on one side of the boundary only',
    why: 'A value that Rust has no variant for is undefined behavior as soon as C passes it. A value that C does not know falls through its `switch`.',
    bad: `// geo.h: typedef enum geo_mode { GEO_MODE_NEAR, GEO_MODE_FAR, GEO_MODE_WIDE } geo_mode;
// geo.h: void geo_set_mode(geo_mode mode);
#[repr(C)]
#[derive(Clone, Copy)]
pub enum Mode {
    Near,
    Far,
}

extern "C" {
    pub fn geo_set_mode(mode: Mode);
}
`,
    good: `// geo.h: typedef enum geo_mode { GEO_MODE_NEAR, GEO_MODE_FAR, GEO_MODE_WIDE } geo_mode;
// geo.h: void geo_set_mode(geo_mode mode);
#[repr(C)]
#[derive(Clone, Copy)]
pub enum Mode {
    Near,
    Far,
    Wide,
}

extern "C" {
    pub fn geo_set_mode(mode: Mode);
}
`,
    exceptions: [
      'enums of which less than half of the names are found on the other side',
      'constants that mark the end of a list or widen the type: `_MAX`, `_COUNT`, `_FORCE_32`',
      'another name for a value that is there',
      'constants without the prefix of the others, and those that are there only with, or only without, a macro that nothing defines',
    ],
    fixSafety: null,
    references: [{ title: 'Rust Reference, enumerations', url: 'https://doc.rust-lang.org/reference/items/enumerations.html' }],
  },
  check(ctx) {
    const { unit } = ctx;
    if (unit.kind !== 'rust') return;
    for (const { rust, peer, rustDef, peerDef, matched, prefix } of enumPairs(ctx.workspace, ctx.surface, ctx.peers, foreignFiles(ctx))) {
      if (ctx.workspace.place(rust.file, rust.entry.span).file !== unit.file.path) continue;
      const constants = peerDef.variants.filter(({ name }) => name.startsWith(prefix));
      const [mine, theirs] = [new Set(rustDef.variants.map(({ value }) => value)), new Set(peerDef.variants.map(({ value }) => value))];
      // A value that is not known may be any.
      if (mine.has(null) || theirs.has(null)) continue;
      const met = new Set(matched.values());
      const unmet = constants.filter(({ name, value }) => !met.has(name) && !mine.has(value) && !isSentinel(name));
      const own = rustDef.variants.filter(({ name, value }) => !matched.has(name) && !theirs.has(value) && !isSentinel(name));
      // What is there under a condition only may be there or not on the other side too.
      const elsewhere = unmet.length + own.length > 0 ? enumVariants(peer, ctx.peers) : [];
      const lacking = unmet.filter(({ name }) => elsewhere.every(({ variants }) => variants.some((one) => one.name === name)));
      const extra = own.filter(
        ({ value }) => !elsewhere.some(({ variants }) => variants.some((one) => one.value === null || one.value === value)),
      );
      const base = { name: rust.name, file: basename(peer.file), peer: peer.name };
      const at = { file: rust.file, span: ctx.workspace.ast(rust)?.nameSpan ?? rust.entry.span };
      const [first, ...more] = lacking;
      const [added, ...others] = extra;
      const note = [...more.map(({ name }) => name), ...(first ? extra : others).map(({ name }) => `${rust.name}::${name}`)];
      const also =
        note.length > 0 ? { note: `also ${note.slice(0, 8).join(', ')}${note.length > 8 ? ` and ${note.length - 8} more` : ''}` } : {};
      if (first) {
        const place = peer.places.get(first.name) ?? peer.at;
        ctx.report('rust', {
          at,
          data: { ...base, constant: first.name, value: `${first.value}` },
          related: [{ at: place, message: `\`${first.name}\` is declared here` }],
          mirror: place,
          help: 'add the variant, or take the number and convert it',
          item: rust,
          ...also,
        });
      } else if (added) {
        ctx.report('peer', {
          at,
          data: { ...base, variant: added.name, value: `${added.value}` },
          related: [{ at: peer.at, message: 'the enum of the header' }],
          mirror: peer.at,
          help: 'add the constant to the header',
          item: rust,
          ...also,
        });
      }
    }
  },
});
