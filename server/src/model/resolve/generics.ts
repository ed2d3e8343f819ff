/** Whether a name is a type parameter of an item, told from its signature alone: bodies and members are not parsed for it. */
import { sliceSpan } from '../../base/text.ts';
import type { Item as AstItem } from '../rust/ast-item.ts';
import type { RustItem } from '../workspace.ts';

const CAN_BE_GENERIC: ReadonlySet<RustItem['kind']> = new Set(['fn', 'struct', 'union', 'enum', 'type', 'trait', 'impl', 'const']);

export interface GenericsSource {
  text(item: RustItem): string;
  /** Parses a text that stands for an item without its body. */
  parse(item: RustItem, text: string): AstItem | null;
}

/** Kept over pictures: of items, and by what is written, which stays when an item moves. */
export interface KnownParameters {
  readonly items: WeakMap<RustItem, ReadonlySet<string>>;
  readonly written: Map<string, ReadonlySet<string>>;
}

/** More signatures than these are not kept. */
const MOST_WRITTEN = 20_000;

/** Asks the item and the impl or trait that it is a member of. */
export function createGenerics(
  source: GenericsSource,
  { items: known, written }: KnownParameters,
): (item: RustItem, name: string) => boolean {
  function typeParameters(item: RustItem): ReadonlySet<string> {
    let names = known.get(item);
    if (!names) {
      names = read(item);
      known.set(item, names);
    }
    return names;
  }

  function read(item: RustItem): ReadonlySet<string> {
    const { signatureSpan, bodySpan, span } = item.entry;
    if (!CAN_BE_GENERIC.has(item.kind)) return NONE;
    const text = source.text(item);
    const signature = sliceSpan(text, { start: signatureSpan.start, end: bodySpan?.start ?? span.end });
    if (!signature.includes('<')) return NONE;
    // The body's span is what stands inside of its brackets, so that the signature ends with the opening one.
    const whole = bodySpan ? signature + text.slice(bodySpan.end, span.end) : signature;
    const key = `${item.owner?.kind} ${whole}`;
    const before = written.get(key);
    if (before) return before;
    const ast = source.parse(item, whole);
    const made = new Set(ast?.generics.flatMap((generic) => (generic.kind === 'type' ? [generic.name] : [])));
    if (written.size >= MOST_WRITTEN) written.clear();
    written.set(key, made);
    return made;
  }

  return (item, name) => typeParameters(item).has(name) || (item.owner !== null && typeParameters(item.owner).has(name));
}

const NONE: ReadonlySet<string> = new Set();
