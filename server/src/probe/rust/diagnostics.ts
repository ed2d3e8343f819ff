/** What rustc says in JSON: its errors and where they point, macro calls followed to the places that are written. */

export interface RustcError {
  /** `E0412`; null for errors without a code. */
  readonly code: string | null;
  readonly message: string;
  readonly places: readonly ErrorPlace[];
}

export interface ErrorPlace {
  /** As rustc names it: below the folder of the root file that it was given. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** The errors in rustc's output, those left out that carry records. Lines that are no JSON are skipped. */
export function readErrors(stderr: string): readonly RustcError[] {
  return stderr.split('\n').flatMap((line) => (line.startsWith('{') && !line.includes('@FFI1|') ? readLine(line) : []));
}

/** What is used of rustc's JSON; its format is documented and stable ("The rustc book", JSON output). */
interface JsonDiagnostic {
  readonly level?: unknown;
  readonly message?: unknown;
  readonly code?: { readonly code?: unknown } | null;
  readonly spans?: readonly JsonSpan[];
}

interface JsonSpan {
  readonly file_name?: unknown;
  readonly line_start?: unknown;
  readonly is_primary?: unknown;
  readonly expansion?: { readonly span?: JsonSpan } | null;
}

function readLine(line: string): RustcError[] {
  let parsed: JsonDiagnostic;
  try {
    parsed = JSON.parse(line) as JsonDiagnostic;
  } catch {
    // Output that was cut off: its last line is no error that could be understood.
    return [];
  }
  const { level, message, code, spans } = parsed;
  if (level !== 'error' || typeof message !== 'string') return [];
  const primary = (Array.isArray(spans) ? spans : []).filter((span: JsonSpan) => span.is_primary === true);
  return [{ code: typeof code?.code === 'string' ? code.code : null, message, places: primary.flatMap(placesOf) }];
}

function placesOf(span: JsonSpan): ErrorPlace[] {
  const out: ErrorPlace[] = [];
  for (let at: JsonSpan | undefined = span; at; at = at.expansion?.span)
    if (typeof at.file_name === 'string' && typeof at.line_start === 'number') out.push({ file: at.file_name, line: at.line_start });
  return out;
}
