/** The editor's settings: what is shown and how; what changes results stands in ffi-lint.toml. */

export const SCOPES = ['openFiles', 'affected', 'workspace'] as const;
/** Which files' findings are told: the open ones, their partners too, or all. */
export type Scope = (typeof SCOPES)[number];

export interface Settings {
  readonly enable: boolean;
  readonly scope: Scope;
  /** Offset and size behind each field. */
  readonly inlayHints: boolean;
}

export const DEFAULT_SETTINGS: Settings = { enable: true, scope: 'affected', inlayHints: false };

/** Reads the `ffi-lint` section as the editor sends it; what is missing or of the wrong kind is the default. */
export function readSettings(section: unknown): Settings {
  const enable = at(section, 'enable');
  const scope = at(at(section, 'diagnostics'), 'scope');
  const inlayHints = at(at(section, 'layouts'), 'inlayHints');
  return {
    inlayHints: typeof inlayHints === 'boolean' ? inlayHints : DEFAULT_SETTINGS.inlayHints,
    enable: typeof enable === 'boolean' ? enable : DEFAULT_SETTINGS.enable,
    scope: SCOPES.find((known) => known === scope) ?? DEFAULT_SETTINGS.scope,
  };
}

/** What the editor's own client says at the start, besides settings; other editors say nothing. */
export interface StartOptions {
  /** It shows `ffi-lint/status`. */
  readonly status: boolean;
  /** It shows `ffi-lint/showRule`. */
  readonly ruleView: boolean;
  /** It shows `ffi-lint/showLayout`. */
  readonly layoutView: boolean;
  /** It shows `ffi-lint/showText`. */
  readonly textView: boolean;
  /** Programs may be started for this workspace; false keeps to static analysis. */
  readonly trusted: boolean;
  /** The `ffi-lint` section, for an editor that cannot be asked for it. */
  readonly settings: Settings;
}

export function readStartOptions(options: unknown): StartOptions {
  return {
    status: at(options, 'status') === true,
    ruleView: at(options, 'ruleView') === true,
    layoutView: at(options, 'layoutView') === true,
    textView: at(options, 'textView') === true,
    trusted: at(options, 'trusted') === true,
    settings: readSettings(at(options, 'settings') ?? options),
  };
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value ? (value as Record<string, unknown>)[key] : undefined;
}
