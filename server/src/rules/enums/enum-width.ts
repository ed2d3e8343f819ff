/** An enum has another width in Rust than in C. */
import { passedAs } from '../../abi/compare/value.ts';
import { enumPairs } from '../../abi/peers/enum-pairs.ts';
import type { Peers, PeerType } from '../../abi/peers/peers.ts';
import type { Shape } from '../../abi/shape.ts';
import { basename } from '../../base/paths.ts';
import type { Surface } from '../../model/surface/surface.ts';
import type { RustItem } from '../../model/workspace.ts';
import { count } from '../peer-text.ts';
import { foreignFiles } from '../foreign-files.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'enum-width',
  group: 'enums',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'none',
  messages: { width: '`{name}` has {mine} in Rust but {theirs} in `{file}` on {target}' },
  docs: {
    what: 'A Rust enum and the C enum of its name have different widths',
    why: "C's enums are as wide as `int`, unless a type is written behind them or a compiler is told to make them short. In a struct or behind a pointer, everything after them is elsewhere.",
    bad: `// geo.h: typedef enum geo_mode { GEO_MODE_NEAR, GEO_MODE_FAR } geo_mode;
// geo.h: void geo_set_mode(const geo_mode *mode);
#[repr(u8)]
#[derive(Clone, Copy)]
pub enum Mode {
    Near,
    Far,
}

extern "C" {
    pub fn geo_set_mode(mode: *const Mode);
}
`,
    good: `// geo.h: typedef enum geo_mode { GEO_MODE_NEAR, GEO_MODE_FAR } geo_mode;
// geo.h: void geo_set_mode(const geo_mode *mode);
#[repr(C)]
#[derive(Clone, Copy)]
pub enum Mode {
    Near,
    Far,
}

extern "C" {
    pub fn geo_set_mode(mode: *const Mode);
}
`,
    exceptions: [
      'targets on which compilers differ in how wide an enum is',
      'enums of which less than half of the names are found on the other side',
      'enums that meet nowhere: C passes an integer of the right width, and its enum only gives names to numbers',
    ],
    fixSafety: null,
    references: [
      {
        title: 'Rust Reference, representations of enums',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#reprc-field-less-enums',
      },
    ],
  },
  check(ctx) {
    const { unit, peers } = ctx;
    if (unit.kind !== 'rust') return;
    for (const { rust, peer } of enumPairs(ctx.workspace, ctx.surface, peers, foreignFiles(ctx))) {
      if (ctx.workspace.place(rust.file, rust.entry.span).file !== unit.file.path || !meets(rust, peer, ctx.surface, peers)) continue;
      for (const target of peers.targets) {
        const { def, resolve } = peers.rustDef(rust, target);
        const other = peer.defs.get(target.triple);
        if (def.kind !== 'enum' || other?.def.kind !== 'enum') continue;
        const mine = passedAs({ kind: 'inline', def }, 'rust', resolve, target);
        const theirs = passedAs({ kind: 'inline', def: other.def }, 'c', other.resolve, target);
        if (!('size' in mine) || !('size' in theirs) || mine.size === null || theirs.size === null || mine.size === theirs.size) continue;
        const elsewhere = peers
          .typeVariantsOf(peer, target)
          .map((one) => (one.def.kind === 'enum' ? passedAs({ kind: 'inline', def: one.def }, 'c', one.resolve, target) : null));
        if (elsewhere.some((one) => one && 'size' in one && (one.size === null || one.size === mine.size))) continue;
        ctx.report('width', {
          at: { file: rust.file, span: ctx.workspace.ast(rust)?.nameSpan ?? rust.entry.span },
          data: {
            name: rust.name,
            mine: count(mine.size, 'byte'),
            theirs: count(theirs.size, 'byte'),
            file: basename(peer.file),
            target: target.triple,
          },
          related: [{ at: peer.at, message: 'the enum of the header' }],
          mirror: peer.at,
          help: theirs.size === 4 ? 'write `#[repr(C)]`' : `write \`#[repr(u${theirs.size * 8})]\``,
          item: rust,
        });
        break;
      }
    }
  },
});

/** Both stand at the same place of a linked function, by value or behind pointers. */
function meets(rust: RustItem, peer: PeerType, surface: Surface, peers: Peers): boolean {
  const [target] = peers.targets;
  if (!target) return false;
  for (const fn of surface.functions) {
    const signature = peers.linkedTo(fn).length > 0 ? peers.rustSignature(fn, target) : null;
    if (!signature) continue;
    const uses = [...(signature.params ?? []), signature.result];
    if (!uses.some((use) => use && behind(use.shape) === `${rust.name}#${rust.id}`)) continue;
    for (const linked of peers.linkedTo(fn)) {
      for (const other of linked.peer.signatures) {
        const others = [...(other.params ?? []), other.result];
        if (uses.some((use, i) => use && behind(use.shape) === `${rust.name}#${rust.id}` && nameOf(others[i]?.shape) === peer.name))
          return true;
      }
    }
  }
  return false;
}

function behind(shape: Shape): string | null {
  let at: Shape | null = shape;
  while (at?.kind === 'pointer') at = at.pointee;
  return at?.kind === 'ref' ? at.key : null;
}

function nameOf(shape: Shape | undefined): string | null {
  let at: Shape | null = shape ?? null;
  while (at?.kind === 'pointer') at = at.pointee;
  return at?.kind === 'ref' ? at.name : null;
}
