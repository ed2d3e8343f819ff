/** Writes what a command made: to stdout in the terminal's style, or to a file, plain and whole or not at all. */
import { atomicWrite } from '../../host/write.ts';
import type { Places } from '../../report/places.ts';
import { plain } from '../../report/style.ts';
import type { Style } from '../../report/style.ts';
import type { Arguments } from '../arguments.ts';
import { UserError } from '../errors.ts';
import type { CliIo } from '../io.ts';
import { styleFor } from '../terminal.ts';

/** `file` is absolute, null for stdout. Throws a `UserError` where the file cannot be written. */
export function writeView(file: string | null, args: Arguments, io: CliIo, places: Places, render: (style: Style) => string): void {
  if (file === null) {
    io.stdout(render(styleFor(args, io, io.stdoutIsTerminal)));
    return;
  }
  const failed = atomicWrite(file, render(plain));
  if (failed) throw new UserError(`--output-file: ${places.path(file)} ${failed.failure}`);
}
