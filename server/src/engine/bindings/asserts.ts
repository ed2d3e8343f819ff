/** Static assertions for the Rust types, or for the types of headers, that are asked about. */
import type { Layout } from '../../abi/layout.types.ts';
import type { Target } from '../../abi/targets.ts';
import { basename } from '../../base/paths.ts';
import type { Omitted } from '../../generate/api.types.ts';
import { createRustAsserting } from '../../generate/asserted-rust.ts';
import type { AssertedType } from '../../generate/asserts.ts';
import { cAsserts, rustAsserts } from '../../generate/asserts.ts';
import { generatedBy, omittedText } from '../../generate/names.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { cSide } from './c-side.ts';
import type { CHeader, CPair, CSide } from './c-side.ts';
import type { Bindings, GenerateInput } from './generate-bindings.ts';

export function generateAsserts(input: GenerateInput, headers: boolean): Bindings {
  return headers ? headerAsserts(input) : crateAsserts(input);
}

/** Types of a crate with a defined layout that stand at its boundary; those that are compiled only under a condition stay out. */
function crateAsserts({ snapshot: { workspace, surface }, files, target, type }: GenerateInput): Bindings {
  const asserting = createRustAsserting(workspace);
  const omitted: Omitted[] = [];
  const parts: string[] = [];
  let found = 0;
  const wanted = (item: RustItem): boolean =>
    (files.report === null || files.report.has(item.file.path)) && !item.test && (type === null || item.name === type);
  const seen = new Set<string>();
  for (const { item } of surface.types.filter((one) => wanted(one.item))) {
    const at = workspace.place(item.file, item.entry.nameSpan);
    if (seen.has(`${at.file}:${at.span.start}`)) continue;
    seen.add(`${at.file}:${at.span.start}`);
    const layout = asserting.layout(item, target);
    if (!layout) continue;
    found++;
    if (item.cfg.kind !== 'true') omitted.push({ name: item.name, at, reason: 'it is compiled under a condition' });
    else parts.push(rustAsserts(asserting.of(item, false), target, knowsOffsetOf(item)));
  }
  const head = `// ${generatedBy('asserts', 'the layouts of types at the boundary')}\n`;
  return { text: written(head, omitted, '//', parts), omitted, found };
}

/** `offset_of!` is of Rust 1.77. */
export function knowsOffsetOf({ module }: RustItem): boolean {
  const version = module.crate.package?.rustVersion ?? null;
  if (version === null) return true;
  const [major, minor] = version;
  return major > 1 || minor >= 77;
}

/** What the C compiler is to find: the figures of the Rust type where there is one, else those of the header itself. */
function headerAsserts(input: GenerateInput): Bindings {
  const { files, target, type } = input;
  const asked = (file: string): boolean => files.report === null || files.report.has(file);
  const side = cSide(input, target, asked);
  const omitted: Omitted[] = [];
  const parts: string[] = [];
  let found = 0;
  for (const header of side.headers) {
    parts.push(`#include "${basename(header.file)}"\n`);
    for (const one of header.types) {
      if (one.kind === 'alias' || (type !== null && type !== one.name)) continue;
      found++;
      const pair = side.pairs.find((other) => other.header === header && other.type === one);
      const made = cAsserts(assertedC({ header, name: one.name, spelling: one.spelling, pair }, side, input), target);
      if (made === '') omitted.push({ name: one.name, at: one.at, reason: 'its layout is not known' });
      else parts.push(made);
    }
  }
  const head = `/* ${generatedBy('asserts', 'the layouts of types at the boundary')} */\n#include <stddef.h>\n#include <stdint.h>\n`;
  return { text: written(head, omitted, '/*', parts), omitted, found };
}

/** The type as C spells it, with the figures that Rust counts on where Rust has it. */
export function assertedC(
  { header, name, spelling, pair }: COf,
  side: CSide,
  { snapshot: { workspace }, target: own }: GenerateInput,
): AssertedType {
  const asserting = createRustAsserting(workspace);
  const rust = pair && workspace.items.find((item) => isAt(item, pair, workspace));
  const inC = (target: Target): Layout | null => side.layouts(header, target).find((one) => one.name === name)?.layout ?? null;
  return {
    spelling,
    fields: (inC(own)?.fields ?? []).map((one) => one.name),
    layout(target) {
      const layout = inC(target);
      if (!rust) return layout;
      const counted = asserting.layout(rust, target);
      if (!layout || !counted) return null;
      const fields = layout.fields.flatMap((one) => {
        const same = counted.fields.find((other) => other.name.replace(/^r#/, '') === one.name);
        return same ? [{ ...one, offset: same.offset }] : [];
      });
      return { ...layout, size: counted.size, align: counted.align, fields };
    },
  };
}

export interface COf {
  readonly header: CHeader;
  readonly name: string;
  readonly spelling: string;
  readonly pair: CPair | undefined;
}

function isAt(item: RustItem, { rust }: CPair, workspace: Workspace): boolean {
  if (item.name.replace(/^r#/, '') !== rust.name) return false;
  const at = workspace.place(item.file, item.entry.nameSpan);
  return at.file === rust.at.file && at.span.start === rust.at.span.start;
}

function written(head: string, omitted: readonly Omitted[], comment: '//' | '/*', parts: readonly string[]): string {
  const left = omittedText(omitted, (line) => (comment === '//' ? `// ${line}` : `/* ${line} */`));
  return [head, left, ...parts].filter((part) => part !== '').join('\n');
}
