/** Progress of a long run, on a terminal only. */
import type { CliIo } from '../io.ts';

/** A run that is done before this says nothing. In milliseconds. */
const PATIENCE = 600;
const INTERVAL = 100;

export interface Progress {
  step(done: number, total: number): void;
  /** Something that takes long is being done. */
  say(what: string): void;
  /** Takes the line away. */
  end(): void;
}

export function createProgress(io: CliIo, quiet: boolean): Progress {
  if (quiet || !io.stderrIsTerminal || io.env['CI']) return { step: () => {}, say: () => {}, end: () => {} };
  const started = performance.now();
  let last = 0;
  let shown = false;
  return {
    step(done, total) {
      const now = performance.now();
      if (now - started < PATIENCE || now - last < INTERVAL) return;
      last = now;
      shown = true;
      io.stderr(`\r\u001b[Kchecking, ${done} of ${total} files`);
    },
    say(what) {
      shown = true;
      io.stderr(`\r\u001b[K${what}`);
    },
    end() {
      if (shown) io.stderr('\r\u001b[K');
      shown = false;
    },
  };
}
