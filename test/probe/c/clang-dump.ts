/** What clang prints of the records of a file with -fdump-record-layouts-complete. */
import { spawnSync } from 'node:child_process';
import { CLANG } from './support.ts';

export interface DumpedField {
  /** As layouts name it: by path below a named member of a nameless type. */
  readonly name: string;
  /** Bits from the start. */
  readonly bit: number;
  /** Of a bit-field. */
  readonly width: number | null;
}

export interface DumpedRecord {
  readonly size: number;
  readonly align: number;
  readonly fields: readonly DumpedField[];
}

/** What clang says of each type of a header, by its spelling; each stands in a record of ours, so that attributes behind it count. */
export function clangRecords(header: string, spellings: readonly string[]): ReadonlyMap<string, DumpedRecord> {
  const tags = spellings.map((one) => one.slice(one.indexOf(' ') + 1));
  const uses = spellings.map((one, i) => `struct ffi_lint_w${i} { ${one} v; }; char ffi_lint_u${i}[sizeof(struct ffi_lint_w${i}) + 1];`);
  const source = [`#include "${header}"`, ...tags.map((tag) => `#undef ${tag}`), ...uses].join('\n');
  const out = new Map<string, DumpedRecord>();
  for (const { head, text, lines } of dumps(source, '-fdump-record-layouts')) {
    const spelling = spellings[Number(/^struct ffi_lint_w(\d+)$/.exec(head)?.[1] ?? -1)];
    const sizes = /\[sizeof=(\d+), align=(\d+)\]/.exec(text);
    // Below the wrapper's only member.
    const fields = fieldsOf(lines.slice(2).map((line) => line.replace(' |  ', ' |')));
    if (spelling !== undefined && sizes) out.set(spelling, { size: Number(sizes[1]), align: Number(sizes[2]), fields });
  }
  return out;
}

/** The tags of all records that clang meets: `struct point`. */
export function clangTags(header: string): readonly string[] {
  const heads = dumps(`#include "${header}"`, '-fdump-record-layouts-complete').map(({ head }) => head);
  return heads.filter((head) => /^(struct|union) \w+$/.test(head));
}

interface Dump {
  readonly head: string;
  readonly text: string;
  readonly lines: readonly string[];
}

function dumps(source: string, flag: string): readonly Dump[] {
  const args = ['-w', '-fsyntax-only', '-Xclang', flag, '-xc', '-'];
  const done = spawnSync(CLANG, args, { input: source, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`${CLANG}: ${done.stderr.slice(0, 1000)}`);
  const parts = done.stdout.split('*** Dumping AST Record Layout\n').slice(1);
  return parts.map((text) => {
    const lines = text.split('\n').filter((line) => line.includes(' | '));
    return { head: /^\s*0 \| (.*)$/.exec(lines[0] ?? '')?.[1] ?? '', text, lines };
  });
}

interface Open {
  readonly depth: number;
  /** null where what lies below is not shown. */
  readonly prefix: string | null;
}

function fieldsOf(lines: readonly string[]): readonly DumpedField[] {
  const out: DumpedField[] = [];
  const open: Open[] = [];
  for (const line of lines) {
    const found = /^\s*(\d+)(?::(\d+|-)(?:-(\d+))?)? \|( +)(.*)$/.exec(line);
    if (!found || /^\[sizeof/.test(found[5] ?? '')) continue;
    const [, byte, from, to, indent = '', text = ''] = found;
    const depth = indent.length;
    while ((open.at(-1)?.depth ?? 0) >= depth) open.pop();
    const around = open.at(-1);
    const prefix = around ? around.prefix : '';
    const nameless = /\((?:unnamed|anonymous)(?: struct| union)? at [^()]*\)/.test(text);
    const name = /\) $/.test(text) ? null : (/([\w$]+)$/.exec(text)?.[1] ?? null);
    if (prefix === null) {
      open.push({ depth, prefix: null });
      continue;
    }
    const array = /\)(\[\d*\])+ \w+$/.test(text);
    const path = name === null ? prefix : `${prefix}${name}`;
    open.push({ depth, prefix: nameless && !array ? (name === null ? prefix : `${path}.`) : null });
    if (name === null || from === '-') continue;
    const bit = Number(byte) * 8 + Number(from ?? 0);
    // A nameless bit-field has its type's name alone.
    if (from !== undefined && !/ [\w$]+$/.test(text)) continue;
    out.push({ name: path, bit, width: from === undefined ? null : Number(to ?? from) - Number(from) + 1 });
  }
  return out;
}
