/** Which impls belong to a type, and what can be named through it. */
import type { Item as AstItem } from '../rust/ast-item.ts';
import type { Crate, Namespace, Resolution, RustItem } from '../workspace.ts';

export interface Impls {
  of(item: RustItem): readonly RustItem[];
  member(type: RustItem, name: string): RustItem | null;
  /** As a crate sees it: through impls of crates that it can name. */
  associated(type: RustItem, name: string, namespace: Namespace, from: Crate): Resolution | null;
  /** The type that `Self` means in a member of an impl, or in a type's own definition. */
  selfType(item: RustItem): Resolution;
}

export interface ImplSource {
  /** The items of each crate. */
  readonly crates: readonly (readonly RustItem[])[];
  resolveType(segments: readonly string[], at: RustItem): Resolution;
  ast(item: RustItem): AstItem | null;
  /** All crates that one can name, itself included. */
  reach(crate: Crate): ReadonlySet<Crate>;
  /** Of each crate's items, the impls by the last segment of their written type: only these can be a type's own, renames aside. */
  readonly byName: WeakMap<readonly RustItem[], ReadonlyMap<string, readonly RustItem[]>>;
}

export function createImpls({ crates, resolveType, ast, reach, byName }: ImplSource): Impls {
  const named = new Map<string, readonly RustItem[]>();
  /** Of each crate with impls; made when the first name is asked for. */
  let tables: readonly ReadonlyMap<string, readonly RustItem[]>[] | null = null;
  const ofType = new Map<RustItem, readonly RustItem[]>();
  const selfTypes = new Map<RustItem, Resolution>();

  function candidates(name: string): readonly RustItem[] {
    const known = named.get(name);
    if (known) return known;
    tables ??= crates.map(implsIn).filter(({ size }) => size > 0);
    const found: RustItem[] = [];
    for (const table of tables) {
      const own = table.get(name);
      if (own) for (const impl of own) found.push(impl);
    }
    named.set(name, found);
    return found;
  }

  function implsIn(items: readonly RustItem[]): ReadonlyMap<string, readonly RustItem[]> {
    const known = byName.get(items);
    if (known) return known;
    const made = new Map<string, RustItem[]>();
    for (const item of items) {
      const written = item.kind === 'impl' ? item.entry.implType : null;
      if (!written) continue;
      const last = written.slice(written.lastIndexOf(':') + 1);
      const list = made.get(last);
      if (list) list.push(item);
      else made.set(last, [item]);
    }
    byName.set(items, made);
    return made;
  }

  function implTarget(impl: RustItem): Resolution {
    let found = selfTypes.get(impl);
    if (!found) {
      const written = impl.entry.implType;
      found = written
        ? resolveType(
            written.split('::').map((s) => s.trim()),
            impl,
          )
        : { kind: 'unknown', reason: 'an impl for no named type' };
      selfTypes.set(impl, found);
    }
    return found;
  }

  function of(item: RustItem): readonly RustItem[] {
    let found = ofType.get(item);
    if (!found) {
      found = candidates(item.name).filter((impl) => {
        const target = implTarget(impl);
        return (target.kind === 'item' && target.item === item) || (target.kind === 'ambiguous' && target.items.includes(item));
      });
      ofType.set(item, found);
    }
    return found;
  }

  function member(type: RustItem, name: string): RustItem | null {
    return memberOf(of(type), name);
  }

  function memberOf(impls: readonly RustItem[], name: string): RustItem | null {
    const named = (wanted: readonly RustItem[]): RustItem[] => wanted.flatMap((impl) => impl.members.filter((m) => m.name === name));
    const inherent = named(impls.filter((i) => i.entry.implTrait === null));
    if (inherent.length > 0) return inherent.length === 1 ? (inherent[0] ?? null) : null;
    const fromTraits = named(impls.filter((i) => i.entry.implTrait !== null));
    return fromTraits.length === 1 ? (fromTraits[0] ?? null) : null;
  }

  function associated(type: RustItem, name: string, namespace: Namespace, from: Crate): Resolution | null {
    if (type.kind === 'enum') {
      const parsed = ast(type);
      if (parsed?.kind === 'enum' && parsed.variants.some((v) => v.name === name)) return { kind: 'item', item: type, variant: name };
    }
    if (namespace === 'macro') return null;
    const seen = reach(from);
    const found = memberOf(
      of(type).filter((impl) => seen.has(impl.module.crate)),
      name,
    );
    return found ? { kind: 'item', item: found, variant: null } : null;
  }

  function selfType(item: RustItem): Resolution {
    const owner = item.owner ?? item;
    if (owner.kind === 'impl') return implTarget(owner);
    if (owner.kind === 'struct' || owner.kind === 'enum' || owner.kind === 'union') return { kind: 'item', item: owner, variant: null };
    return { kind: 'unknown', reason: 'Self of a trait' };
  }

  return { of, member, associated, selfType };
}
