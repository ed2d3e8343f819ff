/** Messages beyond the protocol, between this server and its own VS Code client; docs/lsp.md describes each. Types only. */

/** Notification, server to client: what the server is doing. Sent where the client's start options say `status: true`. */
export type StatusMethod = 'ffi-lint/status';

export interface StatusParams {
  /** `stopped`: the user cancelled the work; `failed`: it went wrong, the log says how; `off`: disabled in the settings. */
  readonly state: 'indexing' | 'checking' | 'ready' | 'stopped' | 'failed' | 'off';
  /** The triple that findings are for, null before the first check. */
  readonly target: string | null;
  /** Whether compilers may be started to measure layouts. */
  readonly probe: 'off' | 'auto' | 'require';
  /** Findings of all files that are shown. */
  readonly counts: StatusCounts;
}

export interface StatusCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly hints: number;
}

/** Notification, server to client: show a rule's page. Sent where the start options say `ruleView: true`. */
export type ShowRuleMethod = 'ffi-lint/showRule';

export interface ShowRuleParams {
  readonly rule: string;
  readonly markdown: string;
  readonly url: string;
}

/** Notification, server to client: show the layout of a type. Sent where the start options say `layoutView: true`. */
export type ShowLayoutMethod = 'ffi-lint/showLayout';

/** Request, client to server, a document's `uri` and a `position`: the layout of the type or field there; null where there is none. */
export type LayoutAtMethod = 'ffi-lint/layoutAt';

/** Request, client to server, a document's `uri` and the name of a `type`: its layout as it is now; null where there is none. */
export type LayoutOfMethod = 'ffi-lint/layoutOf';

export interface LayoutShown {
  /** The type's name, and the document that it is defined in: by these it is asked for again. */
  readonly title: string;
  readonly uri: string;
  /** The inside of a page: `data-uri`, `data-line` and `data-column` (from 0, as the client counts) say where a name leads to. */
  readonly html: string;
  /** The same to be kept: as a page, as a drawing, as `ffi-lint layout` writes it. */
  readonly markdown: string;
  readonly svg: string;
  readonly json: string;
}

/** Notification, server to client: show generated text in a new document. Sent where the start options say `textView: true`. */
export type ShowTextMethod = 'ffi-lint/showText';

export interface ShowTextParams {
  /** The editor's name of the language. */
  readonly language: string;
  readonly text: string;
}

/** Request, client to server, no parameters: all rules. */
export type RulesMethod = 'ffi-lint/rules';

export interface RuleInfo {
  readonly id: string;
  readonly group: string;
  readonly summary: string;
}

/** Request, client to server: check every file of the workspace now, and tell all findings until the server restarts. */
export type CheckWorkspaceMethod = 'ffi-lint/checkWorkspace';

export interface CheckWorkspaceResult {
  readonly counts: StatusCounts;
  readonly milliseconds: number;
}

/** Notification, client to server: the user has trusted the workspace. */
export type TrustMethod = 'ffi-lint/trust';

/** `initializationOptions` of this project's client. */
export interface StartOptionsMessage {
  readonly status: boolean;
  readonly ruleView: boolean;
  readonly layoutView: boolean;
  readonly textView: boolean;
  readonly trusted: boolean;
  /** The `ffi-lint` section of the settings. */
  readonly settings: unknown;
}
