/** Every setting, once: checking, the JSON Schema, the docs, `config --print` and `init` all come from here. */
import { PROFILES } from './config.ts';

export type SettingType =
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer' }
  | { readonly kind: 'string' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  /** A list of strings; a single string stands for a list of one. */
  | { readonly kind: 'strings' }
  /** Names of rules and groups, each with a level. */
  | { readonly kind: 'levels' }
  | { readonly kind: 'table'; readonly settings: readonly Setting[] }
  | { readonly kind: 'tables'; readonly settings: readonly Setting[] };

export interface Setting {
  readonly key: string;
  readonly type: SettingType;
  /** What holds where it is not written; null where nothing does, then `absent` says what happens. */
  readonly default: string | number | boolean | readonly string[] | null;
  readonly absent?: string;
  readonly required?: boolean;
  /** Markdown, one or two sentences. */
  readonly doc: string;
  /** TOML as it could stand in a file. */
  readonly example: string;
}

/** Levels as they may be written; the second half is what Rust users are used to. */
export const LEVEL_NAMES = {
  off: 'off',
  hint: 'hint',
  info: 'info',
  warning: 'warning',
  error: 'error',
  allow: 'off',
  warn: 'warning',
  deny: 'error',
} as const;

const PROBE_MODES = ['off', 'auto', 'require'] as const;
const LANGUAGES = ['c', 'python'] as const;

const defines: Setting = {
  key: 'defines',
  type: { kind: 'strings' },
  default: [],
  doc: 'Macros that hold when C headers are read: `NAME` or `NAME=VALUE`.',
  example: 'defines = ["WITH_TLS", "API_VERSION=2"]',
};

const targets: Setting = {
  key: 'targets',
  type: { kind: 'strings' },
  default: [],
  absent: 'the machine that it runs on',
  doc: 'The target triples that findings are for.',
  example: 'targets = ["x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc"]',
};

const rules: Setting = {
  key: 'rules',
  type: { kind: 'levels' },
  default: null,
  absent: 'what the profile says',
  doc: 'The level of rules and groups: `off`, `hint`, `info`, `warning`, `error` (or `allow`, `warn`, `deny`). A rule goes before its group.',
  example: '[rules]\npointers = "error"\nmissing-null-check = "off"',
};

const LINK: readonly Setting[] = [
  {
    key: 'rust',
    type: { kind: 'strings' },
    default: null,
    required: true,
    doc: 'Globs of the Rust files on this side of the link.',
    example: 'rust = "crates/api/src/**"',
  },
  {
    key: 'headers',
    type: { kind: 'strings' },
    default: [],
    doc: 'Globs of the C headers that declare the same things.',
    example: 'headers = ["include/api.h"]',
  },
  {
    key: 'python',
    type: { kind: 'strings' },
    default: [],
    doc: 'Globs of the Python files that call it with ctypes or cffi.',
    example: 'python = ["python/api/*.py"]',
  },
  {
    key: 'javascript',
    type: { kind: 'strings' },
    default: [],
    doc: 'Globs of the JavaScript and TypeScript files that call it with koffi, Deno or Bun.',
    example: 'javascript = ["js/*.ts"]',
  },
  {
    key: 'csharp',
    type: { kind: 'strings' },
    default: [],
    doc: 'Globs of the C# files that import it.',
    example: 'csharp = ["dotnet/**/*.cs"]',
  },
  {
    key: 'language',
    type: { kind: 'enum', values: LANGUAGES },
    default: null,
    absent: 'the language of the files',
    doc: 'Links one language only.',
    example: 'language = "c"',
  },
  { ...defines, doc: 'Macros for the headers of this link, in addition to those of the file.' },
  { ...targets, absent: 'those of the file', doc: 'The target triples that this link is checked for.' },
];

const OVERRIDE: readonly Setting[] = [
  {
    key: 'paths',
    type: { kind: 'strings' },
    default: null,
    required: true,
    doc: "Globs relative to the configuration's folder.",
    example: 'paths = ["tests/**", "legacy/**"]',
  },
  { ...rules, absent: 'as elsewhere', doc: 'The level of rules and groups in these paths.', example: 'rules = { panics = "off" }' },
];

const DISPATCHER: readonly Setting[] = [
  {
    key: 'callee',
    type: { kind: 'string' },
    default: null,
    required: true,
    doc: 'The name of the Python function that calls into the library: `invoke`, `self._call`.',
    example: 'callee = "invoke"',
  },
  {
    key: 'name',
    type: { kind: 'integer' },
    default: 0,
    doc: 'Which of its arguments, from 0, is the name of the C function.',
    example: 'name = 0',
  },
  {
    key: 'argtypes',
    type: { kind: 'integer' },
    default: null,
    absent: 'the remaining arguments are ctypes values',
    doc: 'Which of its arguments, from 0, is the tuple or list of argument types.',
    example: 'argtypes = 1',
  },
  {
    key: 'restype',
    type: { kind: 'integer' },
    default: null,
    absent: 'not given by the call',
    doc: 'Which of its arguments, from 0, is the result type.',
    example: 'restype = 2',
  },
];

/** What a configuration file may hold, in the order in which it is explained. */
export const SETTINGS: readonly Setting[] = [
  {
    key: 'extends',
    type: { kind: 'strings' },
    default: [],
    doc: 'Other configuration files that this one builds on, relative to its folder. What is written here wins.',
    example: 'extends = "../ffi-lint.toml"',
  },
  {
    key: 'profile',
    type: { kind: 'enum', values: PROFILES },
    default: 'recommended',
    doc: '`recommended` runs errors and warnings, `strict` also infos, `all` everything.',
    example: 'profile = "strict"',
  },
  targets,
  {
    key: 'exclude',
    type: { kind: 'strings' },
    default: [],
    doc: 'Globs of files and folders that are not reported. A name without a slash holds at any depth.',
    example: 'exclude = ["vendor", "src/generated/**"]',
  },
  {
    key: 'include-dirs',
    type: { kind: 'strings' },
    default: [],
    doc: "Folders in which C headers look for what they include, relative to the configuration's folder.",
    example: 'include-dirs = ["include"]',
  },
  defines,
  {
    key: 'probe',
    type: { kind: 'enum', values: PROBE_MODES },
    default: null,
    absent: '`off` for `check`, `auto` for `layout`',
    doc: 'Whether layouts are measured with the installed compilers: never, where possible, or always.',
    example: 'probe = "auto"',
  },
  {
    key: 'verify',
    type: { kind: 'enum', values: PROBE_MODES },
    default: 'off',
    doc: 'Whether the editor has the Rust compiler confirm or drop findings after a save, in trusted workspaces. On the command line `--verify` asks for it.',
    example: 'verify = "auto"',
  },
  {
    key: 'trust-safety-docs',
    type: { kind: 'boolean' },
    default: false,
    doc: 'Lowers missing-null-check to info where the `# Safety` section demands a pointer that is not null.',
    example: 'trust-safety-docs = true',
  },
  {
    key: 'dedupe-with-rustc',
    type: { kind: 'enum', values: ['auto', 'off'] },
    default: 'auto',
    doc: 'Hides findings that rustc or clippy report for the same line.',
    example: 'dedupe-with-rustc = "off"',
  },
  {
    key: 'report-unused-suppressions',
    type: { kind: 'enum', values: ['off', 'warn', 'error'] },
    default: 'warn',
    doc: 'What to say of comments that suppress nothing.',
    example: 'report-unused-suppressions = "error"',
  },
  rules,
  {
    key: 'overrides',
    type: { kind: 'tables', settings: OVERRIDE },
    default: null,
    absent: 'none',
    doc: 'Levels that hold in some paths only; of several that match the last one wins.',
    example: '[[overrides]]\npaths = ["tests/**"]\nrules = { panics = "off" }',
  },
  {
    key: 'links',
    type: { kind: 'tables', settings: LINK },
    default: null,
    absent: 'found by the symbols',
    doc: 'Which Rust files, headers and files of other languages belong together.',
    example: '[[links]]\nrust = "crates/api/src/**"\nheaders = ["include/api.h"]',
  },
  {
    key: 'python',
    type: {
      kind: 'table',
      settings: [
        {
          key: 'dispatchers',
          type: { kind: 'tables', settings: DISPATCHER },
          default: null,
          absent: 'none',
          doc: 'Python functions of your own that call C functions by name.',
          example: '[[python.dispatchers]]\ncallee = "invoke"\nname = 0\nargtypes = 1',
        },
      ],
    },
    default: null,
    absent: 'none',
    doc: 'How Python code calls into libraries.',
    example: '[[python.dispatchers]]\ncallee = "invoke"',
  },
];
