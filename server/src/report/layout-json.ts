/** `ffi-lint layout --output-format json`: stable and versioned, schema/layout.schema.json describes it. */
import type { Difference } from '../abi/differences.ts';
import type { TypeLayout, UnknownType } from '../abi/layout-entries.ts';
import type { LayoutReport } from '../abi/layout-report.ts';
import type { LayoutPair } from '../abi/pairs.ts';
import { fieldType } from './layout-words.ts';
import type { Places } from './places.ts';

export function layoutJson({ targets, types, unknown, pairs }: LayoutReport, places: Places): string {
  const report = {
    version: 1,
    targets,
    types: types.map((one) => typeJson(one, places)),
    unknown: unknown.map((one) => unknownJson(one, places)),
    pairs: pairs.map(pairJson),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function typeJson(one: TypeLayout, places: Places) {
  const { target, name, kind, language, at, provenance, layout, unmeasured } = one;
  return {
    target,
    name,
    kind,
    language,
    file: places.path(at.file),
    line: places.range(at).start.line,
    size: layout.size,
    align: layout.align,
    provenance,
    ...(unmeasured === undefined ? {} : { unmeasured }),
    padding: layout.padding,
    fields: layout.fields.map((field) => ({
      name: field.name,
      type: fieldType(one, field),
      offset: field.offset,
      size: field.size,
      align: field.align,
      bitOffset: field.bitOffset,
      bitWidth: field.bitWidth,
    })),
  };
}

function unknownJson({ target, name, language, at, reason }: UnknownType, places: Places) {
  return { target, name, language, file: places.path(at.file), line: places.range(at).start.line, reason };
}

function pairJson({ target, rust, c, python, differences }: LayoutPair) {
  return {
    target,
    rust: rust?.name ?? null,
    c: c?.name ?? null,
    python: python?.name ?? null,
    differences: differences.map((one: Difference) => ({ ...one })),
  };
}
