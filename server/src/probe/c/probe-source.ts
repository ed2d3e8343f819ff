/** A C file that holds the figures of types as text in its data: compiled, never run. */
import { cFieldPaths } from '../../abi/c-named-types.ts';
import type { CNamedType } from '../../abi/c-named-types.ts';

/** What a line of the probe asks, so that an error there costs no more than that. */
export interface ProbeLine {
  /** Index of the type in the list that was asked about. */
  readonly type: number;
  /** Index of the member in `cFieldPaths`, or of the enum's constant; null for the type itself. */
  readonly member: number | null;
}

export interface CProbe {
  readonly source: string;
  /** By line of the source, from 1. */
  readonly lines: ReadonlyMap<number, ProbeLine>;
}

export interface CProbeInput {
  /** Absolute path of the header, or source, that is measured. */
  readonly file: string;
  readonly types: readonly CNamedType[];
  readonly cxx: boolean;
  /** What was refused before: whole types, and members as `type:member`. */
  readonly refused: ReadonlySet<string>;
}

/**
 * Records are `@FFI1|…!` with decimals: `KIND_SELF, size of a pointer`, then for each type
 * `KIND_RECORD, type, size, align, (member, offset, size)…` or `KIND_ENUM, type, size, align, signed, (constant, negative, magnitude)…`.
 */
export const KIND_SELF = 700;
export const KIND_RECORD = 701;
export const KIND_ENUM = 702;

/** Bytes of the text in front of an object whose bit-fields are set; its own alignment may push the object further. */
export const MARKER_BYTES = 64;

/** The text in front of the object in which one bit-field alone is set to all ones. */
export function marker(type: number, member: number): string {
  return `@FFI-LINT-BITS|${type}|${member}|`.padEnd(MARKER_BYTES, '.');
}

/** Digits of sizes and offsets, and of enum constants. */
const SIZE_DIGITS = 13;
const VALUE_DIGITS = 20;

const ENUM_SPELLING = /^enum /;

export function cProbe({ file, types, cxx, refused }: CProbeInput): CProbe {
  const out: string[] = [
    `#include "${file.replace(/(["\\])/g, '\\$1')}"`,
    ...undefined_(types),
    digits('S', SIZE_DIGITS),
    digits('V', VALUE_DIGITS),
  ];
  const lines = new Map<number, ProbeLine>();
  const linkage = cxx ? 'extern "C" const char' : 'const char';
  const push = (text: string, line: ProbeLine | null): void => {
    out.push(text);
    if (line) lines.set(out.length, line);
  };
  push(`${linkage} ffi_lint_self[] = { ${START}, ${decimal('S', String(KIND_SELF))}, ',', ${decimal('S', 'sizeof(void *)')}, '!' };`, null);
  types.forEach((one, type) => {
    if (refused.has(String(type))) return;
    const spelled = cxx ? one.spelling.replace(ENUM_SPELLING, 'enum ') : one.spelling;
    const isEnum = one.definition.kind === 'enum';
    const head = [isEnum ? KIND_ENUM : KIND_RECORD, type].map((n) => decimal('S', String(n)));
    const own = [`sizeof(${spelled})`, `__alignof__(${spelled})`, ...(isEnum ? [`((${spelled})-1 < (${spelled})0)`] : [])];
    push(`${linkage} ffi_lint_t${type}[] = { ${START}, ${head.join(", ',', ")}, ${own.map((e) => `',', ${decimal('S', e)}`).join(', ')}`, {
      type,
      member: null,
    });
    const asked = (member: number): boolean => !refused.has(`${type}:${member}`);
    if (one.definition.kind === 'enum') {
      one.definition.constants.forEach(({ name }, member) => {
        if (asked(member)) push(`, ${[`',', ${decimal('S', String(member))}`, ...constant(name)].join(', ')}`, { type, member });
      });
      push(`, '!' };`, { type, member: null });
      return;
    }
    const paths = cFieldPaths(one.definition.fields);
    paths.forEach(({ path, field }, member) => {
      if (field.bitWidth !== null || !asked(member)) return;
      // An array without a length has no size.
      const flexible = field.type.kind === 'array' && field.type.length === null;
      const size = flexible ? '0' : `sizeof(((${spelled} *)0)->${path})`;
      const figures = [String(member), `__builtin_offsetof(${spelled}, ${path})`, size];
      push(`, ${figures.map((e) => `',', ${decimal('S', e)}`).join(', ')}`, { type, member });
    });
    push(`, '!' };`, { type, member: null });
    paths.forEach(({ path, field }, member) => {
      if (field.bitWidth === null || !asked(member)) return;
      const name = `ffi_lint_b${type}_${member}`;
      const declared = `const struct { char m[${MARKER_BYTES}]; ${spelled} v; } ${name}`;
      const value = `{ { ${[...marker(type, member)].map((c) => `'${c}'`).join(',')} }, ${designated(path)} }`;
      push(`${cxx ? `extern ${declared.replace(/^const /, 'const ')}` : declared} = ${value};`, { type, member });
    });
  });
  return { source: `${out.join('\n')}\n`, lines };
}

const START = [...'@FFI1|'].map((c) => `'${c}'`).join(',');

function decimal(width: 'S' | 'V', expression: string): string {
  return `FFI_LINT_${width}(${expression})`;
}

/** The sign and the magnitude of an enum's constant; the least long long has one that no long long has. */
function constant(name: string): readonly string[] {
  const negated = `-(unsigned long long)(${name})`;
  return [`',', ${decimal('S', `(${name}) < 0`)}`, `',', ${decimal('V', `(${name}) < 0 ? ${negated} : (unsigned long long)(${name})`)}`];
}

/** A macro that expands to the decimals of its argument, comma separated. */
function digits(width: 'S' | 'V', count: number): string {
  const list = Array.from({ length: count }, (_, i) => {
    const power = `1${'0'.repeat(count - 1 - i)}ULL`;
    return `(char)('0' + (unsigned long long)(x) / ${power} % 10)`;
  });
  return `#define FFI_LINT_${width}(x) ${list.join(', ')}`;
}

/** `{ .a = { .b = -1 } }`: members of nameless members are reached by their own name. */
function designated(path: string): string {
  return path
    .split('.')
    .reverse()
    .reduce((inner, name) => `{ .${name} = ${inner} }`, '-1');
}

/** Members may have the names of macros (`st_atime`), and so may types. */
function undefined_(types: readonly CNamedType[]): readonly string[] {
  const names = new Set<string>();
  for (const { spelling, definition } of types) {
    names.add(spelling.slice(spelling.indexOf(' ') + 1));
    if (definition.kind === 'enum') for (const { name } of definition.constants) names.add(name);
    else for (const { path } of cFieldPaths(definition.fields)) for (const part of path.split('.')) names.add(part);
  }
  return [...names].map((name) => `#undef ${name}`);
}
