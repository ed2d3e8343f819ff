/** Decides about colours and links, and says things on stderr. */
import type { Severity } from '../base/severity.ts';
import type { Style } from '../report/style.ts';
import { paint, printable, severityPaint } from '../report/style.ts';
import type { Arguments } from './arguments.ts';
import type { CliIo } from './io.ts';

/** `--color` first, then NO_COLOR (no-color.org: set and not empty), FORCE_COLOR, and whether it is a terminal. */
export function styleFor(args: Arguments, io: CliIo, terminal: boolean): Style {
  const columns = terminal && io.columns !== undefined ? { columns: io.columns } : {};
  return { color: wantsColor(args.text('color'), io, terminal), hyperlinks: args.has('hyperlinks'), ...columns };
}

function wantsColor(asked: string | null, io: CliIo, terminal: boolean): boolean {
  if (asked === 'always') return true;
  if (asked === 'never') return false;
  if (io.env['NO_COLOR']) return false;
  const force = io.env['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return terminal && io.env['TERM'] !== 'dumb';
}

/** A message to the user on stderr: `error: …`. */
export function say(io: CliIo, style: Style, severity: Severity | null, message: string): void {
  const head = severity === null ? '' : `${paint(style, severityPaint(severity), `${severity}:`)} `;
  const lines = message.split('\n').map(printable).join('\n');
  io.stderr(`${head}${lines}\n`);
}
