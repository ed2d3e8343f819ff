/** Where the core says what it is doing; users see it with --verbose or in the editor's log channel. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  /** Details for whoever looks for a fault. */
  debug(message: string): void;
}

export const silentLog: Log = { info: () => {}, warn: () => {}, debug: () => {} };
