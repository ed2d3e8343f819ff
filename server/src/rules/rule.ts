/** What a rule is: one plain object that feeds the checker, the docs, the editor and the reports. */
import type { FileEdit } from '../base/edit.ts';
import type { Level, Severity } from '../base/severity.ts';
import type { Location, Span } from '../base/text.ts';
import type { PeerFile, Peers } from '../abi/peers/peers.ts';
import type { BindingSide } from '../abi/bindings/side.ts';
import type { PythonSide } from '../abi/python-side.ts';
import type { Claim } from './claim.ts';
import type { Facts } from '../analysis/facts.ts';
import type { Crate, RustItem, SourceFile, Workspace } from '../model/workspace.ts';
import type { Package } from '../model/cargo/package.ts';
import type { PyModule } from '../model/python/ctypes.ts';
import type { BoundaryFn, BoundaryStatic, BoundaryType, PyEntry, Surface, TypeUse } from '../model/surface/surface.ts';

export const GROUPS = [
  'types',
  'linkage',
  'panics',
  'pointers',
  'strings',
  'ownership',
  'state',
  'layout',
  'signatures',
  'symbols',
  'enums',
  'python',
  'javascript',
  'csharp',
  'pyo3',
  'house',
] as const;
export type Group = (typeof GROUPS)[number];

/** `safe` is applied by --fix, `unsafe` only when asked for; `sometimes` where it depends on the code. */
export type FixKind = 'safe' | 'unsafe' | 'sometimes' | 'none';

export interface RuleDocs {
  /** One sentence: what the rule finds. It is the summary in lists. */
  readonly what: string;
  /** Why it matters: the damage, with its conditions. Markdown. */
  readonly why: string;
  /** Rust that the rule reports; checked by the tests. */
  readonly bad: string;
  /** The same, mended; checked by the tests. */
  readonly good: string;
  /** What the rule does not report although it looks alike. Markdown list items. */
  readonly exceptions: readonly string[];
  /** Why the fix is or is not safe; null where there is none. */
  readonly fixSafety: string | null;
  readonly references: readonly { readonly title: string; readonly url: string }[];
}

export interface Fix {
  readonly title: string;
  readonly safe: boolean;
  readonly edits: readonly FileEdit[];
}

/** The fixes of a report, of one that there may be. */
export function orNone(fix: Fix | null): readonly Fix[] {
  return fix ? [fix] : [];
}

export interface Related {
  readonly at: Location;
  readonly message: string;
}

/** Where a finding points: a span of a source file, which the workspace translates to the place a user can open. */
export interface At {
  readonly file: SourceFile;
  readonly span: Span;
}

export interface Report {
  readonly at: At | Location;
  readonly data?: Readonly<Record<string, string | number>>;
  readonly related?: readonly { readonly at: At | Location; readonly message: string }[];
  readonly help?: string;
  readonly note?: string;
  /** Most fitting first. Edits in a macro expansion are dropped with their fix. */
  readonly fixes?: readonly Fix[];
  /** Instead of the rule's own, where the place makes it better or worse. */
  readonly severity?: Severity;
  /** Where the finding shows again in a partner file, in the editor only; without it, at related places in files of other languages. */
  readonly mirror?: At | Location;
  /** The item whose attributes can allow an equivalent lint, and at which `ignore` on its own line aims. */
  readonly item?: RustItem;
  /** Where equivalent lints speak, if that is elsewhere: where all of these items allow them, the finding is hidden too. */
  readonly lintedAt?: readonly RustItem[];
  /** What must be true for the finding to be right and a compiler can say; all of them. */
  readonly claims?: readonly Claim[];
}

/** The part of the surface that stands in one file. */
export interface FileSurface {
  readonly functions: readonly BoundaryFn[];
  readonly statics: readonly BoundaryStatic[];
  readonly externBlocks: readonly RustItem[];
  readonly typeUses: readonly TypeUse[];
  /** Types defined in this file, with uses from anywhere. */
  readonly types: readonly BoundaryType[];
  readonly pyEntries: readonly PyEntry[];
}

/** What is checked at once: a Rust file of a crate, a package's manifest, a header that Rust meets, a file of another language that loads libraries. */
export type Unit =
  | {
      readonly kind: 'rust';
      readonly file: SourceFile;
      readonly crate: Crate;
      readonly items: readonly RustItem[];
      readonly surface: FileSurface;
    }
  | { readonly kind: 'manifest'; readonly package: Package }
  | { readonly kind: 'header'; readonly path: string; readonly peer: PeerFile }
  | { readonly kind: 'python'; readonly path: string; readonly peer: PeerFile; readonly module: PyModule }
  | { readonly kind: 'javascript' | 'csharp'; readonly path: string; readonly peer: PeerFile };

export interface RuleContext<MessageId extends string = string> {
  readonly unit: Unit;
  readonly workspace: Workspace;
  /** The whole workspace's surface; `unit.surface` is this file's part. */
  readonly surface: Surface;
  readonly facts: Facts;
  /** What headers and bindings declare, and which Rust functions that means; `peers.targets` are the targets that findings are for. */
  readonly peers: Peers;
  /** What Python modules say of exported functions, over all modules that share a library. */
  readonly python: PythonSide;
  /** What JavaScript and C# files declare of exported functions. */
  readonly bindings: BindingSide;
  /** The text of a header or binding; empty where it cannot be read. */
  text(path: string): string;
  /** The option of this name, for the unit's file: `# Safety` docs that demand non-null pointers are believed. */
  readonly trustSafetyDocs: boolean;
  report(message: MessageId, report: Report): void;
  /** Something could not be decided: counted, and told with --verbose. */
  unknown(reason: string, at: At | Location): void;
  /** A pair of declarations that could not be compared: counted once for each symbol or type, told with --verbose. */
  unresolved(pair: string, reason: string, at: At | Location): void;
}

export interface Rule<MessageId extends string = string> {
  readonly id: string;
  readonly group: Group;
  readonly since: string;
  readonly severity: Level;
  /** Below warning, a rule is in `recommended` only where this says so; see docs/configuration.md. */
  readonly recommended?: boolean;
  readonly languages: readonly ('rust' | 'cargo' | 'c' | 'python' | 'javascript' | 'csharp')[];
  /** rustc and clippy lints (`clippy::x`) that report the same; an allow or expect of them is honoured. */
  readonly equivalents: readonly string[];
  readonly fix: FixKind;
  /**
   * It compares the items of a file with each other. What a rule without this says of a file is what it says of each item alone, as a unit
   * of one item and of its part of the surface.
   */
  readonly acrossItems?: true;
  /** `{name}` stands for data; lower-case start, no full stop, 100 characters at most. */
  readonly messages: Readonly<Record<MessageId, string>>;
  readonly docs: RuleDocs;
  check(ctx: RuleContext<MessageId>): void;
}

/** Keeps the message ids' types. */
export function defineRule<MessageId extends string>(rule: Rule<MessageId>): Rule<MessageId> {
  return rule;
}
