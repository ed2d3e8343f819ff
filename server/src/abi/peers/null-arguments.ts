/** Calls in C text that pass NULL. */
import type { Span } from '../../base/text.ts';
import { callsOf } from './c-calls.ts';

export interface NullArgument {
  /** Of the argument, from 0. */
  readonly index: number;
  /** How many arguments the call has. */
  readonly count: number;
  /** UTF-16 offsets of the argument. */
  readonly span: Span;
}

/** `NULL`, `nullptr`, `0`, casts of these; comments count as text, so that a call in one is one too many: only whole calls on code lines count. */
export function nullArguments(text: string, symbol: string): readonly NullArgument[] {
  return callsOf(text, symbol).flatMap(({ args }) =>
    args.flatMap((span, index) =>
      /^(?:\(\s*[\w\s]+\*+\s*\)\s*)*(?:NULL|nullptr|0|\(\s*\(\s*void\s*\*\s*\)\s*0\s*\))$/.test(text.slice(span.start, span.end))
        ? [{ index, count: args.length, span }]
        : [],
    ),
  );
}
