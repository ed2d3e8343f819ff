/** What a stub file (`.pyi`, PEP 484) declares of a module, as far as it can be compared with the Rust that makes it. */
import type { Span } from '../../base/text.ts';

/** A parameter as Python sees it. */
export interface PythonParam {
  /** `*args` and `**kwargs` without their stars. */
  readonly name: string;
  readonly kind: 'plain' | 'args' | 'kwargs';
  /** How callers may give it: before a `/` by its place only, behind a `*` by its name only. */
  readonly by: 'place' | 'either' | 'name';
  readonly hasDefault: boolean;
  /** The default as it is written, in the language of its file; null where there is none. */
  readonly defaultText: string | null;
}

export interface StubParam extends PythonParam {
  readonly span: Span;
}

export interface StubFn {
  readonly name: string;
  readonly nameSpan: Span;
  /** Without `self` and `cls` of methods. */
  readonly params: readonly StubParam[];
  /** Declared several times, with `@overload`, or under a condition: no one declaration says all. */
  readonly several: boolean;
}

export interface StubClass {
  readonly name: string;
  readonly nameSpan: Span;
  readonly methods: readonly StubFn[];
}

export interface PyStub {
  /** Absolute path. */
  readonly file: string;
  readonly functions: readonly StubFn[];
  readonly classes: readonly StubClass[];
  /** Every name of the top level: assignments and imports too. */
  readonly names: ReadonlySet<string>;
  /** Not all names can be known: a star import, `__getattr__`, a generated or broken file. */
  readonly open: boolean;
}
