/** Enums as C can say them; one with data becomes what RFC 2195 defines it to be: a tag and a union of structs. */
import type { EnumDef } from '../abi/shape.ts';
import type { Location } from '../base/text.ts';
import type { ApiField, ApiRecord, ApiType, Left, Plain } from './api.types.ts';
import type { Collecting } from './collect.ts';

interface About {
  readonly key: string;
  readonly name: string;
  readonly docs: string;
  readonly at: Location | null;
  readonly members: ReadonlyMap<string, string>;
}

export function enumTypes(def: EnumDef, about: About, collecting: Collecting): ApiType | Left {
  const { key, name, docs, at, members } = about;
  if (def.packed || def.align !== null) return { kind: 'unknown', reason: `\`${name}\` has attributes that other languages cannot follow` };
  const underlying = def.underlying ? collecting.plain(def.underlying) : null;
  if (underlying?.kind === 'unknown') return underlying;
  const variants = [];
  for (const one of def.variants) {
    if (one.value === null) return { kind: 'unknown', reason: `the value of \`${one.name}\` is not known` };
    // A C constant stands in no scope of its own: it gets its enum's name.
    variants.push({ name: def.language === 'c' ? one.name : `${name}_${one.name}`, value: one.value, docs: members.get(one.name) ?? '' });
  }
  if (def.variants.every(({ fields }) => fields.length === 0))
    return collecting.take({ kind: 'enum', key, name, docs, at, underlying, variants });
  const tagVariants = variants.map((one) => ({ ...one, name: one.name.replace(`${name}_`, `${name}_Tag_`), docs: '' }));
  const tag = { kind: 'enum', key: `${key}.tag`, name: `${name}_Tag`, docs: '', at: null, underlying, variants: tagVariants } as const;
  const taken = collecting.take(tag);
  return taken.kind === 'unknown' ? taken : tagged(def, about, collecting);
}

/** `repr(C)`: a struct of the tag and a union of the variants. `repr(u8)`: a union of the variants, each with the tag in front. */
function tagged(def: EnumDef, { key, name, docs, at, members }: About, collecting: Collecting): ApiType | Left {
  const tag = plainField('tag', { kind: 'named', key: `${key}.tag` });
  const bodies: ApiField[] = [];
  for (const variant of def.variants) {
    const fields: ApiField[] = def.c ? [] : [tag];
    for (const one of variant.fields) {
      const made = one.name === null ? null : collecting.field(one.name, one.shape, '');
      if (made !== null && 'kind' in made) return made;
      if (made) fields.push(made);
    }
    if (fields.length === (def.c ? 0 : 1)) continue;
    const body = record('struct', `${key}.${variant.name}`, `${name}_${variant.name}`, fields, members.get(variant.name) ?? '');
    const taken = collecting.take(body);
    if (taken.kind === 'unknown') return taken;
    bodies.push(plainField(snake(variant.name), { kind: 'named', key: body.key }));
  }
  if (!def.c) return collecting.take({ ...record('union', key, name, [tag, ...bodies], docs), at });
  if (bodies.length === 0) return collecting.take({ ...record('struct', key, name, [tag], docs), at });
  const payload = record('union', `${key}.payload`, `${name}_Payload`, bodies, '');
  const taken = collecting.take(payload);
  if (taken.kind === 'unknown') return taken;
  return collecting.take({ ...record('struct', key, name, [tag, plainField('payload', { kind: 'named', key: payload.key })], docs), at });
}

function record(kind: ApiRecord['kind'], key: string, name: string, fields: readonly ApiField[], docs: string): ApiRecord {
  return { kind, key, name, docs, at: null, fields, pack: null, align: null };
}

function plainField(name: string, type: Plain): ApiField {
  return { name, anonymous: false, type, bitWidth: null, align: null, docs: '' };
}

/** `LineTo` → `line_to`. */
export function snake(name: string): string {
  return name.replace(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toLowerCase();
}
