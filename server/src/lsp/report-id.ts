/** Names for what a file shows, so that an editor that has it already is told `unchanged`. */
import { createHash } from 'node:crypto';
import type { Diagnostic } from 'vscode-languageserver/node';

/** From the content alone: the same diagnostics have the same id in every run of the server. */
export function resultId(items: readonly Diagnostic[]): string {
  return createHash('sha256').update(JSON.stringify(items)).digest('base64url').slice(0, 22);
}
