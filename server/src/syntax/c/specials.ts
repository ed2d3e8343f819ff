/** Macros whose replacement depends on where they stand (C17 6.10.8.1, and `__COUNTER__`). */
import type { CSource } from './source.ts';

export interface Where {
  readonly source: CSource;
  readonly file: string;
}

export function isSpecial(name: string): boolean {
  return /^__(?:LINE|FILE|DATE|TIME|COUNTER)__$/.test(name);
}

/** What stands for such a name at an offset of the source's text; null for other names. */
export function specialFor(where: Where, offset: number, state: { counter: number }): (name: string) => string | null {
  return (name) => {
    switch (name) {
      case '__LINE__':
        return String(where.source.line(offset));
      case '__FILE__':
      case '__DATE__':
      case '__TIME__':
        return '""';
      case '__COUNTER__':
        return String(state.counter++);
      default:
        return null;
    }
  };
}
