/** A problem that is told to the user and does not stop the work: the core returns them and never throws for user input. */
import type { Span } from './text.ts';

export interface Problem {
  /** Absolute path with forward slashes of the file that is at fault; empty where no file is. */
  readonly file: string;
  readonly message: string;
  readonly span?: Span;
}

/** What the core returns where input may be bad: as much of the value as could be had, and what was wrong. */
export interface Outcome<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}
