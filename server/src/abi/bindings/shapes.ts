/** The types that JavaScript and C# files write, as shapes on one target. */
import { dirname, joinPath } from '../../base/paths.ts';
import type { BindField, BindingDialect, BindModule, BindNamed, BindType } from '../../model/bindings/bindings.ts';
import { computeLayout, computeSize } from '../compute.ts';
import type { EnumDef, FieldDef, RecordDef, Resolve, Shape, TypeDef, UnknownShape } from '../shape.ts';
import { field, unknownShape, VOID } from '../shape.ts';
import type { Target } from '../targets.ts';
import { ANY_FUNCTION, bindingShape, pointerTo, pointerToFn, TEXTS, WIN_BOOL } from './names.ts';

/** All types of a program's modules: koffi's names and C#'s types are known in each file. */
export interface BindingTypes {
  /** null where no module, or several, give a type this name. */
  named(name: string, dialect: BindingDialect, file: string): Found | null;
  exported(from: string, name: string, file: string): { readonly type: BindType; readonly file: string } | null;
}

export interface Found {
  readonly module: BindModule;
  readonly type: BindNamed;
}

export interface BindingShapes {
  readonly resolve: Resolve;
  shapeOf(type: BindType, dialect: BindingDialect, file: string): Shape;
  definition(found: Found): TypeDef | UnknownShape;
}

/** Names after names that are followed. */
const DEPTH = 32;

export function bindingTypes(modules: readonly BindModule[]): BindingTypes {
  const byName = new Map<string, Found[]>();
  for (const module of modules) {
    for (const type of module.types) {
      const key = `${type.dialect} ${type.name}`;
      byName.set(key, [...(byName.get(key) ?? []), { module, type }]);
    }
  }
  const byFile = new Map(modules.map((module) => [module.file, module]));
  return {
    named(name, dialect, file) {
      const all = byName.get(`${dialect} ${name}`) ?? [];
      const own = all.filter(({ module }) => module.file === file);
      const [one, ...others] = own.length > 0 ? own : all;
      return one && others.length === 0 ? one : null;
    },
    exported(from, name, file) {
      if (!from.startsWith('.')) return null;
      const base = joinPath(dirname(file), from);
      const plain = base.replace(/\.[cm]?[jt]s$/, '');
      const endings = ['js', 'ts', 'mjs', 'mts', 'cjs', 'cts'];
      const paths = [base, ...endings.map((one) => `${plain}.${one}`), ...endings.map((one) => `${base}/index.${one}`)];
      for (const path of paths) {
        const type = byFile.get(path)?.exports.get(name);
        if (type) return { type, file: path };
      }
      // What a folder's index hands on comes from one of its files.
      const inside = modules.flatMap((module) => {
        const type = dirname(module.file) === base ? module.exports.get(name) : undefined;
        return type ? [{ type, file: module.file }] : [];
      });
      const [one, ...others] = inside;
      return one && others.length === 0 ? one : null;
    },
  };
}

/** Behind a `ref` of these shapes: the file and the name of the type. */
export function bindingKey(file: string, name: string): string {
  return `${file}\n${name}`;
}

export function bindingShapes(types: BindingTypes, target: Target): BindingShapes {
  const made = new Map<BindNamed, TypeDef | UnknownShape>();
  const keys = new Map<string, Found>();

  function shapeOf(type: BindType, dialect: BindingDialect, file: string, depth = DEPTH): Shape {
    if (depth === 0) return unknownShape('the type refers to itself');
    const again = (inner: BindType): Shape => shapeOf(inner, dialect, file, depth - 1);
    switch (type.kind) {
      case 'name': {
        const own = bindingShape(dialect, type.name);
        if (own) return own;
        const found = types.named(type.name, dialect, file);
        return found ? ofNamed(found, depth) : unknownShape(`\`${type.name}\` is not known`);
      }
      case 'imported': {
        const found = types.exported(type.from, type.name, file);
        return found
          ? shapeOf(found.type, dialect, found.file, depth - 1)
          : unknownShape(`\`${type.name}\` of \`${type.from}\` is not known`);
      }
      case 'pointer': {
        const to = type.to === null ? VOID : again(type.to);
        // koffi points to its prototypes; the function pointer is meant.
        if (type.to !== null && to.kind === 'pointer' && to.fn && dialect === 'koffi') return to;
        return pointerTo(to.kind === 'unknown' || to.kind === 'void' ? null : to, type.const);
      }
      case 'text':
        return TEXTS[type.encoding];
      case 'win-bool':
        return WIN_BOOL;
      case 'array': {
        const element = again(type.of);
        return element.kind === 'unknown' ? element : { kind: 'array', element, length: type.length };
      }
      case 'function': {
        if (!type.signature) return ANY_FUNCTION;
        const { params, result } = type.signature;
        return pointerToFn({ abi: type.convention, params: params.map(again), result: again(result), variadic: false });
      }
      case 'struct': {
        const members = type.members.map(again);
        const unknown = members.find((one) => one.kind === 'unknown');
        return (
          unknown ?? {
            kind: 'inline',
            def: record(
              null,
              'struct',
              members.map((one, i) => field(String(i), one)),
            ),
          }
        );
      }
      case 'unknown':
        return unknownShape(type.reason);
    }
  }

  function ofNamed(found: Found, depth: number): Shape {
    const { module, type } = found;
    const { what, name } = type;
    if (what.kind === 'alias') return shapeOf(what.type, type.dialect, module.file, depth - 1);
    const key = bindingKey(module.file, name);
    keys.set(key, found);
    const ref: Shape = { kind: 'ref', key, name };
    return what.kind !== 'enum' && what.byReference ? pointerTo(ref) : ref;
  }

  const resolve: Resolve = (key) => {
    const found = keys.get(key);
    return found ? definition(found) : unknownShape('it is not known here');
  };

  function definition(found: Found): TypeDef | UnknownShape {
    const known = made.get(found.type);
    if (known) return known;
    made.set(found.type, unknownShape('the type contains itself'));
    const def = define(found);
    made.set(found.type, def);
    keys.set(bindingKey(found.module.file, found.type.name), found);
    return def;
  }

  function define({ module, type }: Found): TypeDef | UnknownShape {
    const { what, name, dialect } = type;
    if (what.kind === 'alias') return unknownShape(what.type.kind === 'unknown' ? what.type.reason : 'a name for another type');
    if (what.kind === 'enum') {
      const underlying = shapeOf(what.underlying, dialect, module.file);
      const variants = what.constants.map((one) => ({ name: one.name, value: one.value, fields: [] }));
      const base = { kind: 'enum', name, language: 'c', c: false, packed: false, align: null } as const;
      return underlying.kind === 'unknown' ? underlying : ({ ...base, underlying, variants } satisfies EnumDef);
    }
    if (isOpaque(what)) return unknownShape('opaque');
    // What a `bool` takes depends on whether the struct is converted or pointed to: csharp-bool-marshal looks at it.
    if (what.fields?.some((one) => holdsWinBool(one.type))) return unknownShape('the size of a `bool` depends on how the struct is passed');
    const fields: FieldDef[] = [];
    for (const one of what.fields ?? []) {
      const shape = shapeOf(one.type, dialect, module.file);
      if (shape.kind === 'unknown') return unknownShape(`its field \`${one.name}\`: ${shape.reason}`);
      fields.push({ ...field(one.name, shape), align: one.align });
    }
    const pack = dialect === 'koffi' ? null : what.pack;
    const plain: RecordDef = { ...record(name, what.kind, fields), packed: dialect === 'koffi' ? what.pack : null, pack };
    const placed = what.fields?.some(({ offset }) => offset !== null) && what.kind === 'struct' ? explicit(plain, what.fields) : plain;
    return placed.kind === 'unknown' || what.size === null ? placed : grown(placed, what.size);
  }

  /** Fields at offsets of their own, with bytes without a name between them. */
  function explicit(plain: RecordDef, written: readonly BindField[]): RecordDef | UnknownShape {
    const places = plain.fields.map((one, i) => ({ one, offset: written[i]?.offset ?? 0 })).sort((a, b) => a.offset - b.offset);
    const out: FieldDef[] = [];
    let end = 0;
    let align = 1;
    for (const { one, offset } of places) {
      const size = computeSize(one.shape, 'c', resolve, target);
      if ('kind' in size) return unknownShape(size.reason);
      if (offset < end) return unknownShape('its fields overlap');
      if (offset > end) out.push(filler(offset - end));
      out.push(one);
      end = offset + size.size;
      align = Math.max(align, Math.min(size.align, plain.pack ?? size.align));
    }
    const placed: RecordDef = { ...plain, fields: out, packed: 1, pack: null, align: align === 1 ? null : align };
    // Offsets as the compiler itself would choose them are no packing.
    const natural = computeLayout(plain, resolve, target);
    const asWritten =
      natural.kind === 'layout' &&
      places.every(({ one, offset }) => natural.fields.some(({ name, offset: at }) => name === one.name && at === offset));
    return asWritten ? plain : placed;
  }

  function grown(def: RecordDef, size: number): RecordDef {
    const layout = computeLayout(def, resolve, target);
    return layout.kind === 'layout' && layout.size < size ? { ...def, fields: [...def.fields, filler(size - layout.size)] } : def;
  }

  return { resolve, shapeOf: (type, dialect, file) => shapeOf(type, dialect, file), definition };
}

/** Only its address is used: koffi's opaque types, and structs of C# without fields. */
export function isOpaque(what: BindNamed['what']): boolean {
  return (what.kind === 'struct' || what.kind === 'union') && (what.fields === null || what.fields.length === 0);
}

/** Whether a `bool` of four bytes lies in a value. */
export function holdsWinBool(type: BindType): boolean {
  return type.kind === 'win-bool' || (type.kind === 'array' && holdsWinBool(type.of));
}

function filler(bytes: number): FieldDef {
  return field(null, { kind: 'array', element: { kind: 'int', bits: 8, signed: false }, length: bytes });
}

function record(name: string | null, kind: 'struct' | 'union', fields: readonly FieldDef[]): RecordDef {
  return { kind, name, language: 'c', fields, packed: null, align: null, pack: null, transparent: false };
}
