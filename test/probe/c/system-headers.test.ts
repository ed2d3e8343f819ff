/** Every record of real system headers: measured, computed from the same text, and what clang prints of it. */
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { disagreements } from '../../../server/src/abi/agreement.ts';
import { cLayouts } from '../../../server/src/abi/c-layouts.ts';
import { cNamedTypes } from '../../../server/src/abi/c-named-types.ts';
import type { TypeLayout } from '../../../server/src/abi/layout-entries.ts';
import type { MeasuredHeader } from '../../../server/src/probe/c/measure-header.ts';
import { clangRecords, clangTags } from './clang-dump.ts';
import { CLANG, has, line, measured, target } from './support.ts';

/** Header, Debian's package, and how many records it has at least with all that it includes. */
const HEADERS: readonly (readonly [string, string, number])[] = [
  ['time.h', 'libc6-dev', 4],
  ['stdio.h', 'libc6-dev', 8],
  ['sys/stat.h', 'libc6-dev', 3],
  ['netinet/in.h', 'libc6-dev', 30],
  ['netinet/ip.h', 'libc6-dev', 30],
  ['netinet/tcp.h', 'libc6-dev', 25],
  ['net/if.h', 'libc6-dev', 25],
  ['sys/socket.h', 'libc6-dev', 20],
  ['sys/epoll.h', 'libc6-dev', 20],
  ['pthread.h', 'libc6-dev', 20],
  ['signal.h', 'libc6-dev', 25],
  ['dirent.h', 'libc6-dev', 2],
  ['elf.h', 'libc6-dev', 40],
  ['linux/input.h', 'linux-libc-dev', 40],
  ['linux/tcp.h', 'linux-libc-dev', 10],
  ['linux/perf_event.h', 'linux-libc-dev', 10],
  ['linux/bpf.h', 'linux-libc-dev', 40],
  ['linux/videodev2.h', 'linux-libc-dev', 100],
  ['linux/kvm.h', 'linux-libc-dev', 120],
  ['linux/ethtool.h', 'linux-libc-dev', 40],
  ['linux/fuse.h', 'linux-libc-dev', 60],
  ['linux/io_uring.h', 'linux-libc-dev', 30],
  ['sound/asound.h', 'linux-libc-dev', 60],
  ['scsi/sg.h', 'linux-libc-dev', 8],
  ['rdma/ib_user_verbs.h', 'linux-libc-dev', 100],
  ['zlib.h', 'zlib1g-dev', 20],
  ['openssl/ssl.h', 'libssl-dev', 60],
  ['python3/Python.h', 'libpython3-dev', 100],
];

/** Where Debian keeps headers, those of the interpreter under its version. */
function find(header: string): string | null {
  const python = Array.from({ length: 10 }, (_, i) => `python3.${9 + i}`);
  const names = header.startsWith('python3/') ? python.map((one) => header.replace('python3', one)) : [header];
  const folders = ['/usr/include', '/usr/include/x86_64-linux-gnu'];
  return names.flatMap((name) => folders.map((folder) => `${folder}/${name}`)).find(existsSync) ?? null;
}

const missing = [...(has('gcc') ? [] : ['gcc is not installed']), ...(has(CLANG) ? [] : [`${CLANG} is not installed`])];
const notHere = process.platform === 'linux' && process.arch === 'x64' ? (missing[0] ?? null) : 'only on Linux x86_64';

const everything = (file: string): boolean => file.startsWith('/');
const keyOf = ({ kind, name, at }: Pick<TypeLayout, 'kind' | 'name' | 'at'>): string => `${kind} ${name} ${at.file}:${at.span.start}`;

function againstComputed({ unit, entries }: MeasuredHeader): readonly string[] {
  const computed = new Map(cLayouts(unit, target(), everything).types.map((one) => [keyOf(one), one]));
  return entries.types.flatMap((one) => {
    const ours = computed.get(keyOf(one));
    return ours ? disagreements(ours.layout, one.layout).map((fault) => `${one.name}: ${JSON.stringify(fault)}`) : [];
  });
}

function againstClang({ unit, entries }: MeasuredHeader, file: string): readonly string[] {
  const records = cNamedTypes(unit, everything).types.filter(
    ({ definition, name }) => definition.kind !== 'enum' && name !== COMPILERS_OWN,
  );
  const dumped = clangRecords(
    file,
    records.map(({ spelling }) => spelling),
  );
  const types = new Map(entries.types.map((one) => [keyOf(one), one]));
  const out: string[] = [];
  for (const named of records) {
    const one = types.get(keyOf(named));
    const record = dumped.get(named.spelling);
    if (!one || !record) out.push(`${named.name}: ${one ? 'clang prints nothing of it' : 'not measured'}`);
    else {
      const fields = record.fields.map(({ name, bit, width }) => `${name}@${width === null ? bit / 8 : `${bit}:${width}`}`);
      const theirs = [`${one.kind} ${one.name} ${record.size}/${record.align}`, ...(fields.length > 0 ? [fields.join(' ')] : [])].join(
        ': ',
      );
      if (theirs !== line(inRecord(one))) out.push(`${line(one)}\n clang: ${theirs}`);
    }
  }
  // None that clang knows by a tag is missing.
  const listed = new Set(records.map(({ definition }) => `${definition.kind} ${definition.tag}`));
  for (const tag of clangTags(file)) if (!BUILT_IN.test(tag) && !listed.has(tag)) out.push(`${tag} is not listed`);
  return out;
}

/** stddef.h comes with the compiler, and calls its members otherwise in each. */
const COMPILERS_OWN = 'max_align_t';

/** In a record a typedef with an alignment of its own takes the bytes up to the next multiple. */
function inRecord(one: TypeLayout): TypeLayout {
  const { size, align } = one.layout;
  return { ...one, layout: { ...one.layout, size: Math.ceil(size / align) * align } };
}

/** Records that clang makes by itself. */
const BUILT_IN = /^struct (__va_list_tag|__NSConstantString_tag)$/;

describe.skipIf(notHere !== null)(`real system headers${notHere === null ? '' : ` (${notHere})`}`, () => {
  for (const [header, debian, least] of HEADERS) {
    const file = find(header);
    test.skipIf(file === null)(`${header}${file === null ? ` (the package ${debian} is not installed)` : ''}`, async () => {
      const made = await measured(file ?? '', { compiler: 'gcc', wanted: everything });
      expect(againstComputed(made)).toEqual([]);
      expect(againstClang(made, file ?? '')).toEqual([]);
      expect(made.entries.types.filter(({ kind }) => kind !== 'enum').length).toBeGreaterThanOrEqual(least);
    });
  }
});
