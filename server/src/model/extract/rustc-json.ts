/** What rustc says in JSON, one diagnostic a line; its format is documented and stable ("The rustc book", JSON output). */

export interface RustcDiagnostic {
  /** `error`, `warning`, … */
  readonly level: string;
  /** `E0412`, a lint's name; null for what has none. */
  readonly code: string | null;
  readonly message: string;
  /** Where it points first of all, often one place. */
  readonly primary: readonly RustcSpan[];
  /** What stands below it: notes and helps. */
  readonly notes: readonly string[];
}

export interface RustcSpan {
  /** As rustc names it: below the folder of the root file that it was given. */
  readonly file: string;
  /** Lines and columns count from 1, the end is exclusive; 0 for what rustc does not say. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The line as it was; empty where rustc does not say. */
  readonly text: string;
  /** The macro call that wrote the place; null where somebody did. */
  readonly expansion: RustcSpan | null;
}

interface JsonDiagnostic {
  readonly level?: unknown;
  readonly message?: unknown;
  readonly code?: { readonly code?: unknown } | null;
  readonly spans?: readonly JsonSpan[];
  readonly children?: readonly { readonly message?: unknown }[];
}

interface JsonSpan {
  readonly file_name?: unknown;
  readonly line_start?: unknown;
  readonly column_start?: unknown;
  readonly line_end?: unknown;
  readonly column_end?: unknown;
  readonly is_primary?: unknown;
  readonly text?: readonly { readonly text?: unknown }[];
  readonly expansion?: { readonly span?: JsonSpan } | null;
}

/** The diagnostics in rustc's output, of those lines that `wanted` takes. Lines that are no JSON, as one that was cut off, are skipped. */
export function readDiagnostics(output: string, wanted: (line: string) => boolean): readonly RustcDiagnostic[] {
  return output.split('\n').flatMap((line) => (line.startsWith('{') && wanted(line) ? readLine(line) : []));
}

function readLine(line: string): readonly RustcDiagnostic[] {
  let parsed: JsonDiagnostic;
  try {
    parsed = JSON.parse(line) as JsonDiagnostic;
  } catch {
    return [];
  }
  const { level, message, code, spans, children } = parsed;
  if (typeof level !== 'string' || typeof message !== 'string') return [];
  const primary = listOf(spans).filter((span) => span.is_primary === true);
  const notes = listOf(children).flatMap((one) => (typeof one.message === 'string' ? [one.message] : []));
  const name = typeof code?.code === 'string' ? code.code : null;
  return [{ level, message, code: name, primary: primary.flatMap((span) => spanOf(span) ?? []), notes }];
}

function listOf<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}

function spanOf(span: JsonSpan): RustcSpan | null {
  const { file_name: file, line_start, column_start, line_end, column_end } = span;
  const [line = 0, column = 0, endLine = 0, endColumn = 0] = [line_start, column_start, line_end, column_end].map((one) =>
    Number.isInteger(one) ? Number(one) : 0,
  );
  if (typeof file !== 'string' || line === 0) return null;
  const text = Array.isArray(span.text) ? String(span.text[0]?.text ?? '') : '';
  return { file, line, column, endLine, endColumn, text, expansion: span.expansion?.span ? spanOf(span.expansion.span) : null };
}
