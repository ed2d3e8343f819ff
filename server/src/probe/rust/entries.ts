/** Turns what rustc answered into layout entries. */
import type { LayoutEntries, TypeLayout, UnknownType } from '../../abi/layout-entries.ts';
import type { FieldLayout, Layout } from '../../abi/layout.types.ts';
import { unknownShape } from '../../abi/shape.ts';
import type { Target } from '../../abi/targets.ts';
import { scopeOf } from '../../model/resolve/workspace.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Answers } from './ask.ts';
import { isMeasured, primitiveOf } from './emit.ts';
import { isForeign } from './plan.ts';
import type { Plan, ProbeField, TypeProbe } from './plan.ts';

export interface RustEntries {
  readonly entries: LayoutEntries;
  readonly absent: readonly UnknownType[];
}

/** `computed` gives what was computed of a type, whose tag is taken over: rustc has no name for it. */
export function entriesOf(
  { probes, shapes }: Plan,
  answers: Answers,
  workspace: Workspace,
  target: Target,
  computed: (probe: TypeProbe) => TypeLayout | null,
): RustEntries {
  const types: TypeLayout[] = [];
  const unknown: UnknownType[] = [];
  const absent: UnknownType[] = [];
  for (const probe of probes) {
    const { kind, name, at } = probe;
    const base = { language: 'rust', name, at, target: target.triple } as const;
    const answer = answers.get(probe.id);
    if (!answer || answer.kind === 'absent') absent.push({ ...base, reason: 'not compiled for this target with these features' });
    else if (answer.kind === 'refused') unknown.push({ ...base, reason: answer.reason });
    else if (!answer.whole) {
      const [size = 0, align = 1] = answer.values;
      const guess = computed(probe)?.layout ?? null;
      const reason = `rustc says ${size} bytes, alignment ${align}, and cannot be asked about the members`;
      // What was computed says more, unless it is wrong.
      if (guess === null || (guess.size === size && guess.align === align)) unknown.push({ ...base, reason });
      else {
        const layout = { kind: 'layout', size, align, fields: [], padding: 0 } as const;
        types.push({ ...base, kind, provenance: 'rustc', layout, written: new Map() });
      }
    } else {
      const layout = layoutOf(probe, answer.values, shapes, target, computed(probe));
      if (layout && isForeign(probe)) types.push({ ...base, kind, provenance: 'rustc', layout: asSeen(layout, probe), written: new Map() });
      else if (layout) types.push({ ...base, kind, provenance: 'rustc', layout, written: writtenTypes(probe, workspace) });
      else unknown.push({ ...base, reason: "rustc's answer is not understood" });
    }
  }
  return { entries: { types, unknown }, absent };
}

/** null where the values are not those of this probe. */
function layoutOf(
  probe: TypeProbe,
  values: readonly number[],
  shapes: Plan['shapes'],
  target: Target,
  computed: TypeLayout | null,
): Layout | null {
  const [size, align, ...rest] = values;
  if (size === undefined || align === undefined) return null;
  const fields: FieldLayout[] = [];
  const tag = probe.kind === 'enum' ? computed?.layout.fields.find(({ name }) => name === 'tag') : undefined;
  if (tag) fields.push(tag);
  for (let at = 0; at < rest.length; ) {
    const field = probe.fields[rest[at] ?? -1];
    const offset = rest[at + 1];
    if (!field || offset === undefined) return null;
    const asked = isMeasured(probe, field, shapes, target);
    const known = asked ? { size: rest[at + 2], align: rest[at + 3] } : primitiveOf(probe, field, shapes, target);
    if (known?.size === undefined || known.align === undefined) return null;
    fields.push(shown(probe, field, { offset, size: known.size, align: Math.min(known.align, align) }, shapes));
    at += asked ? 4 : 2;
  }
  const bare = probe.kind === 'enum' && fields.length === 0;
  return { kind: 'layout', size, align, fields, padding: bare ? 0 : size - covered(fields) };
}

/** No member is aligned more strongly than the whole, so that packing shows in the minimum. */
function shown({ item, generic }: TypeProbe, { name, field }: ProbeField, place: PlaceOf, shapes: Plan['shapes']): FieldLayout {
  if (!field) return { name, shape: unknownShape('what another crate defines'), ...place, bitOffset: null, bitWidth: null };
  const owner = generic?.item ?? item;
  const shape = shapes.shapeOf({ type: field.type, scope: scopeOf(owner), file: owner.file });
  return { name, shape, ...place, bitOffset: null, bitWidth: null };
}

type PlaceOf = Pick<FieldLayout, 'offset' | 'size' | 'align'>;

function covered(fields: readonly FieldLayout[]): number {
  const spans = fields.map(({ offset, size }) => [offset ?? 0, (offset ?? 0) + size] as const).sort(([a], [b]) => a - b);
  let count = 0;
  let end = 0;
  for (const [from, to] of spans) {
    count += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return count;
}

/** Another crate's type: what is not seen of it may be private members or padding, and counts as a member without a name. */
function asSeen(layout: Layout, { kind, hidden }: TypeProbe): Layout {
  const { size } = layout;
  if (kind === 'alias') return { ...layout, padding: 0 };
  if (!hidden) return layout;
  const fields = [...layout.fields].sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
  const all: FieldLayout[] = [];
  let end = 0;
  const gap = (until: number): void => {
    const shape = unknownShape('private members and padding');
    if (end < until) all.push({ name: HIDDEN, shape, offset: end, size: until - end, align: 1, bitOffset: null, bitWidth: null });
  };
  for (const field of fields) {
    gap(field.offset ?? 0);
    all.push(field);
    end = Math.max(end, (field.offset ?? 0) + field.size);
  }
  gap(size);
  return { ...layout, fields: all, padding: 0 };
}

/** What bytes of another crate's type are called that nothing public covers. */
const HIDDEN = '(private)';

function writtenTypes({ item, generic, fields }: TypeProbe, workspace: Workspace): ReadonlyMap<string, string> {
  const text = workspace.text((generic?.item ?? item).file);
  return new Map(
    fields.flatMap(({ name, field }) =>
      field ? [[name, text.slice(field.type.span.start, field.type.span.end).replace(/\s+/g, ' ')] as const] : [],
    ),
  );
}
