/** Reads which types rustc's `improper_ctypes` lints refuse out of its JSON output (format: "The rustc book", JSON output). */
import type { MirSpan, UnsafeTypeLint } from '../../compiled/mir.ts';

interface JsonDiagnostic {
  readonly message?: unknown;
  readonly code?: { readonly code?: unknown } | null;
  readonly spans?: readonly JsonSpan[];
}

interface JsonSpan {
  readonly file_name?: unknown;
  readonly line_start?: unknown;
  readonly column_start?: unknown;
  readonly line_end?: unknown;
  readonly column_end?: unknown;
  readonly is_primary?: unknown;
  readonly expansion?: unknown;
}

/** Types that a macro's definition writes are left out: their place is nobody's. Lines that are no JSON are skipped. */
export function readLints(output: string): readonly UnsafeTypeLint[] {
  return output.split('\n').flatMap((line) => (line.startsWith('{') && line.includes('improper_ctypes') ? readLine(line) : []));
}

function readLine(line: string): readonly UnsafeTypeLint[] {
  let parsed: JsonDiagnostic;
  try {
    parsed = JSON.parse(line) as JsonDiagnostic;
  } catch {
    return [];
  }
  const { code, message, spans } = parsed;
  if (typeof message !== 'string' || !/^improper_ctypes(_definitions)?$/.test(String(code?.code)) || !Array.isArray(spans)) return [];
  return spans.flatMap((one: JsonSpan) => {
    const span = one.is_primary === true && !one.expansion ? spanOf(one) : null;
    return span ? [{ span, message }] : [];
  });
}

function spanOf({ file_name: file, line_start, column_start, line_end, column_end }: JsonSpan): MirSpan | null {
  const numbers = [line_start, column_start, line_end, column_end].map(Number);
  const [line = 0, column = 0, endLine = 0, endColumn = 0] = numbers;
  return typeof file === 'string' && numbers.every(Number.isInteger) ? { file, line, column, endLine, endColumn } : null;
}
