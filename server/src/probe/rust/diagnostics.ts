/** The errors that rustc tells and where they point, macro calls followed to the places that are written. */
import { readDiagnostics } from '../../model/extract/rustc-json.ts';
import type { RustcSpan } from '../../model/extract/rustc-json.ts';

export interface RustcError {
  /** `E0412`; null for errors without a code. */
  readonly code: string | null;
  readonly message: string;
  readonly places: readonly ErrorPlace[];
  readonly notes: readonly string[];
}

export type ErrorPlace = Pick<RustcSpan, 'file' | 'line'>;

/** The errors in rustc's output, those left out that carry records. */
export function readErrors(stderr: string): readonly RustcError[] {
  return readDiagnostics(stderr, (line) => !line.includes('@FFI1|')).flatMap(({ level, code, message, primary, notes }) =>
    level === 'error' ? [{ code, message, places: primary.flatMap(placesOf), notes }] : [],
  );
}

function placesOf(span: RustcSpan): readonly ErrorPlace[] {
  const out: ErrorPlace[] = [];
  for (let at: RustcSpan | null = span; at; at = at.expansion) out.push({ file: at.file, line: at.line });
  return out;
}

/** The first error and its place as seen from a folder, on one line; of a rustc that ended otherwise the first line that it said. */
export function firstError(said: string, folder: string | null): string {
  const [error] = readDiagnostics(said, (line) => line.includes('"level":"error"')).filter(({ level }) => level === 'error');
  const place = error?.primary[0];
  const line = error
    ? `${place ? `${place.file}:${place.line}:${place.column}: ` : ''}error${error.code === null ? '' : `[${error.code}]`}: ${error.message}`
    : (said.split('\n').find((one) => one.trim() !== '' && !one.startsWith('{')) ?? 'it said nothing');
  const [first = ''] = line.split('\n');
  const seen = folder === null ? first : first.replaceAll(`${folder}/`, '');
  return seen.length > 200 ? `${seen.slice(0, 200)}…` : seen;
}
