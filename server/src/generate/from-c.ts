/** The api of C headers: their prototypes, records and enums. */
import type { CDefinition, CFnType, CSymbol, CType, CUnit } from '../model/c/ast.ts';
import { cShapes } from '../abi/c-shapes.ts';
import type { CShapes } from '../abi/c-shapes.ts';
import type { FnShape, Shape } from '../abi/shape.ts';
import type { Target } from '../abi/targets.ts';
import type { Api, ApiFn, Omitted } from './api.types.ts';
import type { TypeInfo } from './collect.ts';
import { createCollector, isLeft, left } from './collect.ts';
import type { ApiChoice } from './from-rust.ts';

export function apiOfC(unit: CUnit, target: Target, choice: ApiChoice, text: (file: string) => string): Api {
  const shapes = cShapes(unit, target);
  const collector = createCollector(shapes.resolve, (key) => infoOf(key, unit, text));
  const omitted: Omitted[] = [];
  const functions: ApiFn[] = [];
  for (const one of choice.type === null ? unit.symbols : []) {
    if (one.internal || !choice.wanted(one.at.file) || (choice.fn !== null && choice.fn !== one.name)) continue;
    const fn = functionOf(one.type, unit);
    if (!fn || functions.some(({ name }) => name === one.name)) continue;
    const made =
      one.doubt === null && !fn.unprototyped ? collector.fn(fnShape(fn, shapes)) : left(one.doubt ?? 'its parameters are not declared');
    if (isLeft(made)) omitted.push({ name: one.name, at: one.at, reason: made.reason });
    else
      functions.push({
        ...made,
        name: one.name,
        names: fn.params.map(({ name }, i) => name ?? `arg${i}`),
        docs: docsOf(one, text),
        at: one.at,
      });
  }
  for (const { key, name, at } of choice.fn === null ? keysOf(unit) : []) {
    if (!choice.wanted(at.file) || (choice.type !== null && choice.type !== name)) continue;
    const made = collector.add(key, name);
    if (isLeft(made)) omitted.push({ name, at, reason: made.reason });
  }
  for (const { name, at, reason } of unit.dropped) {
    if (name === null || !choice.wanted(at.file) || choice.type !== null || (choice.fn !== null && choice.fn !== name)) continue;
    if (!functions.some((fn) => fn.name === name)) omitted.push({ name, at, reason });
  }
  return { title: choice.title, language: 'c', types: collector.types(), functions, omitted };
}

/** A function declaration's type, typedefs followed; null for a variable. */
function functionOf(type: CType, unit: CUnit): CFnType | null {
  let at = type;
  for (let i = 0; i < 32 && at.kind === 'named'; i++) {
    const { name } = at;
    const found = unit.typedefs.find((one) => one.name === name);
    if (!found) return null;
    at = found.type;
  }
  return at.kind === 'function' ? at.fn : null;
}

/** Array parameters are pointers (C17 6.7.6.3). */
function fnShape(fn: CFnType, shapes: CShapes): FnShape {
  const param = (type: CType): Shape =>
    type.kind === 'array'
      ? shapes.shapeOf({ kind: 'pointer', to: type.of, const: false })
      : type.kind === 'function'
        ? shapes.shapeOf({ kind: 'pointer', to: type, const: false })
        : decayed(shapes.shapeOf(type));
  return {
    abi: fn.convention ?? 'C',
    params: fn.params.map(({ type }) => param(type)),
    result: shapes.shapeOf(fn.result),
    variadic: fn.variadic,
  };
}

function decayed(shape: Shape): Shape {
  if (shape.kind !== 'array') return shape;
  return { kind: 'pointer', pointee: shape.element, const: false, nullable: true, fn: null };
}

interface Keyed {
  readonly key: string;
  readonly name: string;
  readonly at: CDefinition['at'];
}

/** Tags, and typedefs of nameless definitions. */
function keysOf(unit: CUnit): readonly Keyed[] {
  const tags = unit.definitions.flatMap(({ kind, tag, at }) => (tag === null ? [] : [{ key: `${kind} ${tag}`, name: tag, at }]));
  const named = unit.typedefs.flatMap(({ name, type, at }) =>
    (type.kind === 'record' && type.record.tag === null) || (type.kind === 'enum' && type.enum.tag === null)
      ? [{ key: `typedef ${name}`, name, at }]
      : [],
  );
  return [...tags, ...named].filter(({ key }, i, all) => all.findIndex((one) => one.key === key) === i);
}

function infoOf(key: string, unit: CUnit, text: (file: string) => string): TypeInfo {
  const [kind = '', name = ''] = key.split(' ');
  const typedef = kind === 'typedef' ? unit.typedefs.find((one) => one.name === name) : undefined;
  const inner = typedef?.type.kind === 'record' ? typedef.type.record : typedef?.type.kind === 'enum' ? typedef.type.enum : undefined;
  const found = inner ?? unit.definitions.find((one) => one.kind === kind && one.tag === name);
  if (!found) return { docs: '', at: null, members: new Map() };
  const parts = found.kind === 'enum' ? found.constants : found.fields.filter((one) => one.name !== null);
  return {
    docs: docsOf(found, text),
    at: typedef?.at ?? found.at,
    members: new Map(parts.map((one) => [one.name ?? '', docsOf(one, text)])),
  };
}

/** The comment that ends on the line above the one on which something is declared. */
function docsOf({ at }: Pick<CSymbol, 'at'>, text: (file: string) => string): string {
  const whole = text(at.file);
  const line = whole.slice(whole.lastIndexOf('\n', at.span.start - 1) + 1, at.span.start);
  // Behind others on one line it has no comment of its own.
  if (/[{,;]/.test(line)) return '';
  const before = whole.slice(0, whole.lastIndexOf('\n', at.span.start - 1) + 1).trimEnd();
  if (before.endsWith('*/')) return blockComment(before);
  const lines = before.split('\n');
  const comment: string[] = [];
  for (let line = lines.pop(); line !== undefined && /^\s*\/\//.test(line); line = lines.pop())
    comment.unshift(line.replace(/^\s*\/\/[/!]? ?/, ''));
  return comment.join('\n');
}

/** A comment behind code belongs to that code. */
function blockComment(before: string): string {
  const open = before.lastIndexOf('/*');
  if (open < 0 || before.slice(before.lastIndexOf('\n', open) + 1, open).trim() !== '') return '';
  const lines = before.slice(open + 2, -2).split('\n');
  return lines
    .map((line, i) => (i === 0 ? line.replace(/^[*!]? ?/, '') : line.replace(/^\s*\*? ?/, '')))
    .join('\n')
    .trim();
}
