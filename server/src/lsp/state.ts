/** Everything the running server knows; handlers get it and nothing else. */
import type { Connection, Diagnostic } from 'vscode-languageserver/node';
import type { Log } from '../base/log.ts';
import type { Rule } from '../rules/rule.ts';
import type { Checked, Checker } from './checker.ts';
import type { ClientFacts } from './client-facts.ts';
import type { Documents } from './documents.ts';
import type { Engine } from './engine.types.ts';
import type { LayoutService } from './layouts/service.ts';
import type { Overlay } from './overlay.ts';
import type { Settings, StartOptions } from './settings.ts';
import type { ShownFiles } from './shown.ts';
import type { Proto } from './to-proto.ts';
import type { Workbench } from './engine.types.ts';

/** Set once, when the editor has introduced itself. */
export interface State {
  readonly connection: Connection;
  readonly log: Log;
  readonly engine: Engine;
  readonly workbench: Workbench;
  readonly overlay: Overlay;
  readonly checker: Checker;
  readonly layouts: LayoutService;
  readonly client: ClientFacts;
  readonly start: StartOptions;
  readonly documents: Documents;
  readonly rules: ReadonlyMap<string, Rule>;
  /** What may change while the server runs. */
  readonly live: Live;
}

export interface Live {
  settings: Settings;
  trusted: boolean;
  /** Absolute paths of the workspace's folders. */
  folders: readonly string[];
  /** The user asked for all findings, whatever the scope. */
  wholeWorkspace: boolean;
  /** The last answer made, for as long as it holds. */
  answer: Answer | null;
}

/** A result with what is shown of it, made once per result and state of the editor. */
export interface Answer {
  /** What of the editor's state it is for. */
  readonly key: string;
  readonly checked: Checked;
  readonly files: ShownFiles;
  readonly proto: Proto;
  /** Diagnostics by path, filled as they are asked for. */
  readonly reports: Map<string, FileReport>;
}

export interface FileReport {
  readonly items: Diagnostic[];
  /** From the content alone: the same diagnostics have the same id in every run of the server. */
  readonly id: string;
}
