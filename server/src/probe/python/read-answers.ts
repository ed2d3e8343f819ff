/** What the Python program answered, as layouts. */
import type { LayoutEntries, TypeLayout, UnknownType } from '../../abi/layout-entries.ts';
import type { FieldLayout, Layout } from '../../abi/layout.types.ts';
import { writtenFields } from '../../abi/python-layouts.ts';
import { pythonShapes } from '../../abi/python-shapes.ts';
import type { Shape } from '../../abi/shape.ts';
import { unknownShape } from '../../abi/shape.ts';
import { uncoveredBytes } from '../../abi/uncovered.ts';
import type { Target } from '../../abi/targets.ts';
import type { PyClass, PyModule } from '../../model/python/ctypes.ts';
import type { ProbeRecord } from '../read-records.ts';
import type { PythonPlatform } from './measure-python.ts';

interface Answer {
  readonly path: string;
  readonly size: number;
  readonly align: number;
  readonly fields: readonly Omit<FieldLayout, 'shape'>[];
}

export interface PythonAnswers {
  readonly platform: PythonPlatform;
  readonly classes: ReadonlyMap<string, Answer>;
  /** Classes that could not be made, with the reason. */
  readonly refused: ReadonlyMap<string, string>;
}

interface Cursor {
  readonly values: readonly bigint[];
  at: number;
}

function number(cursor: Cursor): number {
  return Number(cursor.values[cursor.at++] ?? 0n);
}

function text(cursor: Cursor): string {
  const length = number(cursor);
  const points = cursor.values.slice(cursor.at, cursor.at + length).map(Number);
  cursor.at += length;
  return points.map((point) => (point <= 0x10ffff ? String.fromCodePoint(point) : '?')).join('');
}

/** Null where the program wrote nothing of itself. */
export function readAnswers(records: readonly ProbeRecord[]): PythonAnswers | null {
  let platform: PythonPlatform | null = null;
  const classes = new Map<string, Answer>();
  const refused = new Map<string, string>();
  for (const { values } of records) {
    const cursor = { values, at: 0 };
    const kind = number(cursor);
    if (kind === 710) {
      const [pointer, long, wchar, longDouble, big] = [number(cursor), number(cursor), number(cursor), number(cursor), number(cursor)];
      platform = { pointer, long, wchar, longDouble, bigEndian: big === 1, name: text(cursor) };
    } else if (kind === 711) {
      const answer = readClass(cursor);
      classes.set(answer.path, answer);
    } else if (kind === 712) refused.set(text(cursor), text(cursor));
  }
  return platform && { platform, classes, refused };
}

function readClass(cursor: Cursor): Answer {
  const path = text(cursor);
  const [size, align, count] = [number(cursor), number(cursor), number(cursor)];
  const fields = Array.from({ length: Math.min(count, cursor.values.length) }, () => {
    const name = text(cursor);
    const [offset, length, own, bit, width] = [number(cursor), number(cursor), number(cursor), number(cursor), number(cursor)];
    const place = bit === 0 ? { offset, bitOffset: null, bitWidth: null } : { offset: null, bitOffset: bit - 1, bitWidth: width };
    return { name, ...place, size: length, align: own };
  });
  return { path, size, align, fields };
}

/** Entries at the places of the computed ones. */
export function pythonEntries(
  { classes, refused }: PythonAnswers,
  module: PyModule,
  target: Target,
  computed: LayoutEntries,
): LayoutEntries {
  const shapes = pythonShapes(module, target);
  const known = new Map(computed.types.filter(({ at }) => at.file === module.file).map((one) => [one.name, one.layout]));
  const types: TypeLayout[] = [];
  const unknown: UnknownType[] = [];
  for (const one of module.classes) {
    const base = { language: 'python', name: one.path, at: one.at, target: target.triple } as const;
    const answer = classes.get(one.path);
    const why = refused.get(one.path);
    if (answer) {
      const ours = known.get(one.path);
      const own = new Map(allFields(one, module).map(({ name, type }) => [name, shapes.shapeOf(type)]));
      const shapeOf = (name: string): Shape =>
        ours?.fields.find((field) => field.name === name)?.shape ?? own.get(name) ?? unknownShape('its type is known to Python alone');
      const fields = answer.fields.map((field): FieldLayout => {
        const same = ours?.fields.find(({ name }) => name === field.name);
        return { ...field, align: same?.align ?? field.align, shape: shapeOf(field.name) };
      });
      const layout: Layout = {
        kind: 'layout',
        size: answer.size,
        align: answer.align,
        fields,
        padding: uncoveredBytes(fields, answer.size),
      };
      types.push({ ...base, kind: one.kind, provenance: 'python', layout, written: writtenFields(one, module) });
    } else if (why !== undefined) unknown.push({ ...base, reason: why });
  }
  return { types, unknown };
}

function allFields(one: PyClass, module: PyModule, depth = 16): NonNullable<PyClass['fields']> {
  const parent = depth > 0 && one.parent !== null ? module.classes.find(({ path }) => path === one.parent) : undefined;
  return [...(parent ? allFields(parent, module, depth - 1) : []), ...(one.fields ?? [])];
}
