/** What a crate itself says of the headers that belong to it. */

/** How cbindgen spells the names of Rust's types in C. */
export interface Renames {
  readonly prefix: string;
  /** `[export.rename]`: Rust's name to C's. */
  readonly rename: ReadonlyMap<string, string>;
  /** `renaming_overrides_prefixing`: what is renamed takes no prefix. */
  readonly bare: boolean;
  /** What stands in front of the names of fields (`rename_fields`): `m` for GeckoCase. */
  readonly fields: string;
}

/** What a type or constant is called in C; functions keep their names (cbindgen's documentation of cbindgen.toml, "export"). */
export function cNameOf({ prefix, rename, bare }: Renames, name: string): string {
  const renamed = rename.get(name);
  return renamed !== undefined && bare ? renamed : prefix + (renamed ?? name);
}

export interface CrateFacts {
  /** Absolute folder of the package. */
  readonly directory: string;
  /** Absolute paths that the crate names: headers, C sources, folders with headers. */
  readonly paths: readonly string[];
  /** File names of headers, wherever they lie in the package or its workspace. */
  readonly fileNames: readonly string[];
  /** Names of native libraries: `links`, `rustc-link-lib`, `#[link(name)]`. */
  readonly libraries: readonly string[];
  /** It declares what a vendored C library defines: headers in folders of its own that are called vendor and the like are meant. */
  readonly sys: boolean;
  /** null without a cbindgen.toml. */
  readonly cbindgen: Renames | null;
}

/** The literals of a build script that name headers, sources, folders and libraries. Paths are relative to the package as they are written. */
export interface BuildScript {
  readonly paths: readonly string[];
  readonly libraries: readonly string[];
}

/** Longer scripts (UTF-16 units) are looked at in part. */
const LONGEST = 256 << 10;

export function readBuildScript(text: string): BuildScript {
  const source = text.slice(0, LONGEST);
  const paths = new Set<string>();
  const libraries = new Set<string>();
  for (const [, value = ''] of source.matchAll(/\.\s*(?:file|include|header|write_to_file|with_config|join)\(\s*"([^"\\\n]{1,300})"/g))
    paths.add(value);
  for (const [, value = ''] of source.matchAll(/"([^"\\\n]{1,300}\.(?:h|hh|hpp|hxx|h\+\+|c))"/g)) paths.add(value);
  for (const [, value = ''] of source.matchAll(/cargo::?rustc-link-lib=(?:(?:static|dylib|framework)(?::[\w+,-]+)?=)?([\w.-]{1,80})/g))
    libraries.add(value);
  return { paths: [...paths], libraries: [...libraries] };
}

/** Whether the crate names a file: itself, its name, or a folder around it. */
export function names(facts: CrateFacts, file: string): boolean {
  if (facts.paths.some((path) => file === path || file.startsWith(`${path}/`))) return true;
  return facts.fileNames.some((name) => file.endsWith(`/${name}`));
}
