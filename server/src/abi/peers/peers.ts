/** The other side of the boundary: what C headers and the bindings of other languages declare, and which Rust items they mean. */
import type { Location } from '../../base/text.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { RustItem } from '../../model/workspace.ts';
import type { TypeLayout } from '../layout-entries.ts';
import type { Layout } from '../layout.types.ts';
import type { Renames } from './crate-facts.ts';
import type { Resolve, Shape, TypeDef, UnknownShape } from '../shape.ts';
import type { Target } from '../targets.ts';

/** How a peer is written; `c` is a header or a prototype in a C source. */
export type PeerLanguage = 'c' | 'ctypes' | 'cffi' | 'koffi' | 'deno' | 'bun' | 'csharp';

/** A type in a signature. */
export interface WrittenShape {
  readonly shape: Shape;
  /** As its author wrote it, on one line; for messages. */
  readonly written: string;
  /** Where the type, or the parameter with it, is written. */
  readonly at: Location;
  /** The typedefs (in Rust: aliases) that lead from what is written to the shape, outermost first. */
  readonly via: readonly { readonly name: string; readonly at: Location }[];
  /** Whether a C declaration says that the pointer may be null; absent where it says nothing. */
  readonly nullable?: boolean;
  /** The same of the pointer that it points to. */
  readonly pointeeNullable?: boolean;
}

export interface ParamShape extends WrittenShape {
  /** null where it has none. */
  readonly name: string | null;
}

/** One way in which a function is declared, for some targets. */
export interface Signature {
  /** null where nothing is said about parameters: C's `f()`, ctypes without `argtypes`. */
  readonly params: readonly ParamShape[] | null;
  /** `void` for none; null where nothing is said (ctypes without `restype`). */
  readonly result: WrittenShape | null;
  readonly variadic: boolean;
  /** Rust's name of the calling convention: `C`, `system`, `stdcall`; an ABI's `-unwind` is cut off. */
  readonly convention: string;
  /** Finds the definitions behind the `ref`s of this signature's shapes. */
  readonly resolve: Resolve;
  /** The target whose preprocessor, typedefs and `cfg` gave the shapes. C's own names (`long`, `size_t`) stay names, so they hold for others too. */
  readonly target: Target;
  /** Why it is not sure that this is what a build sees; null where it is. Several signatures of one target are in doubt together. */
  readonly doubt: string | null;
}

/** A function, by its symbol, as one file of another language declares, defines or uses it. */
export interface PeerFn {
  readonly language: PeerLanguage;
  readonly symbol: string;
  /** Of its name. */
  readonly at: Location;
  /** Absolute path; that of `at`. */
  readonly file: string;
  /** A body stands there: a C definition. */
  readonly defined: boolean;
  /** It has no symbol of its own that others see: C's `static`, and `inline` without an external definition. */
  readonly internal: boolean;
  /** Declared by a C++ header outside of `extern "C"`: its symbol is mangled. */
  readonly mangled: boolean;
  /** At least one, but for what is mangled; several where targets or conditions differ. A pair disagrees on a target where all that hold for it disagree. */
  readonly signatures: readonly Signature[];
  /** As in `PeerFile`: what tools write is judged as a whole (generated-stale), not function by function. */
  readonly generatedBy: string | null;
  /** The library handle through which it is used, as a key within the file (`lib`, `self._lib`); null in C. */
  readonly handle: string | null;
}

export interface PeerType {
  readonly language: PeerLanguage;
  /** Without a keyword: the tag, or the typedef of a record without one. */
  readonly name: string;
  readonly kind: 'struct' | 'union' | 'enum';
  readonly at: Location;
  readonly file: string;
  /** By the triple of each target that it was read for: the definition, or why it is not known (`opaque` is `isOpaque`). */
  readonly defs: ReadonlyMap<string, { readonly def: TypeDef | UnknownShape; readonly resolve: Resolve }>;
  /** Only its name is declared. */
  readonly isOpaque: boolean;
  /** The places of its fields or constants by name. */
  readonly places: ReadonlyMap<string, Location>;
}

/** A constant with a value of its own: `#define`, a C `const`, a Python constant. Constants of enums stand in their `PeerType`. */
export interface PeerConst {
  readonly language: PeerLanguage;
  readonly name: string;
  readonly at: Location;
  readonly file: string;
  /** An integer, a float, a text, or null where it is not known. */
  readonly value: bigint | number | string | null;
  /** What other definitions say, under other conditions; absent where there are none, or one of them is not known. */
  readonly others?: readonly (bigint | number | string)[];
}

/** A library that a file loads by name: `CDLL("libfoo.so")`. */
export interface PeerLibrary {
  /** As in `PeerFn.handle`. */
  readonly handle: string;
  /** `foo` of `libfoo.so`, as far as it is written; null where the file does not say. */
  readonly name: string | null;
  readonly at: Location;
}

/** All that one file says. */
export interface PeerFile {
  readonly language: PeerLanguage;
  /** Absolute path. */
  readonly path: string;
  readonly functions: readonly PeerFn[];
  readonly types: readonly PeerType[];
  readonly constants: readonly PeerConst[];
  readonly libraries: readonly PeerLibrary[];
  /** The tool that made it and says so (`cbindgen`, `bindgen`, `uniffi`, or what else the file names); null for one that people write. */
  readonly generatedBy: string | null;
  /** It, or what it includes, names calling conventions other than C's: on 32-bit Windows functions may have one. */
  readonly conventions?: boolean;
  /** Declarations that were not understood; counted, shown by `doctor`. */
  readonly dropped: number;
}

/** Why two sides are taken for the same: a `[[links]]` table, what the crate itself says, or a symbol that only one side has. */
export type Certainty = 'configured' | 'crate' | 'unique';

/** A Rust function of the boundary and one declaration of its symbol elsewhere. */
export interface LinkedFn {
  /** `export`: Rust defines it and the peer calls; `import`: Rust calls and the peer declares or defines. */
  readonly rust: BoundaryFn;
  readonly direction: 'export' | 'import';
  readonly peer: PeerFn;
  readonly certainty: Certainty;
  /** What its `[[links]]` table says that it is checked for, instead of the targets that findings are for. */
  readonly targets?: readonly Target[];
}

/** A Rust type and the peer types that mean the same. */
export interface LinkedType {
  readonly rust: RustItem;
  readonly peer: PeerType;
  /** `use`: both stand at the same place of a linked function, so names may differ; `name`: by their names. */
  readonly by: 'use' | 'name';
  readonly certainty: Certainty;
  /** The linked function that pairs them, for `use`. */
  readonly through: LinkedFn | null;
}

/** A symbol or type that has a counterpart which is not known for sure. */
export interface Unlinked {
  readonly name: string;
  readonly at: Location;
  readonly why: 'ambiguous' | 'absent' | 'never-by-name';
  /** For people: lower-case, no full stop. */
  readonly reason: string;
}

/** Of a reading with macros defined that nothing defines. */
export interface Lacking {
  /** Types that the reading without defines, and this one leaves to somebody else: what needs one of them says nothing. */
  readonly lacking: ReadonlySet<string>;
}

/** Whether what is not known is so for want of such a type. `reason` names what is not known in backquotes. */
export function isLacking({ lacking }: Lacking, reason: string): boolean {
  return [...reason.matchAll(/`(\w+)`/g)].some(([, name = '']) => lacking.has(name));
}

/** What is known of the other sides. All of it is made when first asked for, and kept while its files stay as they are. */
export interface Peers {
  /** The targets that findings are for, at least one. */
  readonly targets: readonly Target[];
  /** Other targets that code is often built for, for what is right here and wrong there. */
  readonly elsewhere: readonly Target[];
  /** The declarations that a Rust function meets; empty where there are none, or where it is not sure which. */
  linkedTo(fn: BoundaryFn): readonly LinkedFn[];
  /** The Rust functions that a declaration meets. */
  linkedFrom(peer: PeerFn): readonly LinkedFn[];
  /** What a header or binding says; null for a file that is none or cannot be read. */
  inFile(path: string): PeerFile | null;
  /** How a C declaration looks on a target that findings are not for: the header is read for it. Empty where it is not there. */
  declaredOn(peer: PeerFn, target: Target): readonly Signature[];
  /** How a C declaration looks where macros are defined that nothing defines, and that a build may define: one of them is as good as what `PeerFn` says. */
  variantsOf(peer: PeerFn, target: Target): readonly (Signature & Lacking)[];
  /** The same of a type. */
  typeVariantsOf(
    peer: PeerType,
    target: Target,
  ): readonly ({ readonly def: TypeDef | UnknownShape; readonly resolve: Resolve } & Lacking)[];
  /** The definition of a type on a target that findings are not for; null where it is not there. */
  definedOn(peer: PeerType, target: Target): { readonly def: TypeDef | UnknownShape; readonly resolve: Resolve } | null;
  /** C files in which a name stands in front of a parenthesis, in whatever way. */
  mentionedIn(symbol: string): readonly string[];
  /** The headers of the workspace that a header includes, itself among them; empty for anything else. */
  around(path: string): readonly string[];
  /** A Rust function's own signature on a target, in the same terms; null where it is not compiled there. */
  rustSignature(fn: BoundaryFn, target: Target): Signature | null;
  /** The definition of a Rust struct, union or enum on a target, with its layout where rustc was asked. */
  rustDef(
    item: RustItem,
    target: Target,
  ): { readonly def: TypeDef | UnknownShape; readonly resolve: Resolve; readonly measured?: Layout | null };
  /** What cbindgen calls a type in C where the crate is configured for it; null where it is not. */
  cName?(item: RustItem): string | null;
  /** How cbindgen spells what the item's crate defines; null where the crate is not configured for it. */
  renames?(item: RustItem): Renames | null;
  /** What a C compiler or a Python interpreter said of a type; null where none was asked. */
  measured?(peer: PeerType, target: Target): TypeLayout | null;
  /** Pairs of types, over all files. */
  readonly types: readonly LinkedType[];
  readonly unlinked: readonly Unlinked[];
}
