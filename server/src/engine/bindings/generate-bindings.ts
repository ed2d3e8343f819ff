/** Generates bindings, assertions and proofs from the files at hand: what the command line and the editor both call. */
import type { Target } from '../../abi/targets.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import { basename, dirname } from '../../base/paths.ts';
import type { Api, Generated, Omitted } from '../../generate/api.types.ts';
import type { GenerateFormat } from '../../generate/formats.ts';
import { GENERATORS } from '../../generate/formats.ts';
import { apiOfC } from '../../generate/from-c.ts';
import { apiOfRust } from '../../generate/from-rust.ts';
import type { ApiChoice } from '../../generate/from-rust.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';
import { createCUnits } from '../layouts/c-units.ts';
import type { FileSet, Snapshot } from '../session.types.ts';
import { generateAsserts } from './asserts.ts';
import { proofOf } from './proof.ts';

export interface GenerateInput {
  readonly fs: FileSystem;
  readonly parsers: Parsers;
  readonly files: FileSet;
  readonly snapshot: Snapshot;
  readonly target: Target;
  readonly format: GenerateFormat;
  readonly type: string | null;
  readonly fn: string | null;
}

export interface Bindings extends Generated {
  /** How many functions and types were found, those left out included. */
  readonly found: number;
}

/** Headers that are named (and no Rust with them) are the source; else the Rust files that are asked about. `rust` is made from headers. */
export function generateBindings(input: GenerateInput): Bindings {
  const { format } = input;
  if (format === 'asserts') return generateAsserts(input, fromHeaders(input));
  const api = format === 'rust' || (format !== 'proof' && fromHeaders(input)) ? headerApi(input) : rustApi(input);
  const found = api.functions.length + api.types.length + api.omitted.length;
  if (format === 'proof') return { ...proofOf(input, api), found };
  return { ...GENERATORS[format](api), found };
}

function asked({ files }: GenerateInput): (file: string) => boolean {
  return (file) => files.report === null || files.report.has(file);
}

/** Whether what was named is headers alone. */
export function fromHeaders(input: GenerateInput): boolean {
  const here = asked(input);
  return !input.files.rust.some(here) && input.files.headers.some(here);
}

function rustApi(input: GenerateInput): Api {
  const { workspace, surface } = input.snapshot;
  const wanted = asked(input);
  const crates = new Set(
    surface.functions.flatMap(({ role, item }) => (role === 'export' && wanted(item.file.path) ? [item.module.crate] : [])),
  );
  const [crate] = [...crates].filter(({ target }) => target.kind === 'lib');
  const title = crate?.target.name ?? basename(dirname([...input.files.rust].find(wanted) ?? '/bindings/x'));
  return apiOfRust(workspace, surface, input.target, choice(input, title));
}

function choice(input: GenerateInput, title: string): ApiChoice {
  const { type, fn } = input;
  return { title: title.replace(/-/g, '_'), wanted: asked(input), type, fn };
}

/** What several headers declare is one api; what two of them declare is taken from the first. */
function headerApi(input: GenerateInput): Api {
  const { fs, parsers, files, target } = input;
  const wanted = asked(input);
  const units = createCUnits(fs, files.headers, parsers);
  const apis = files.headers
    .filter((file) => wanted(file) && file.endsWith('.h'))
    .flatMap((file) => {
      const unit = units.read(file, target);
      const text = (one: string): string => {
        const read = fs.read(one);
        return isFailure(read) ? '' : read;
      };
      return unit
        ? [apiOfC(unit, target, { ...choice(input, basename(file)), title: basename(file), wanted: (one) => one === file }, text)]
        : [];
    });
  const [first] = apis;
  const title = first?.title ?? 'headers';
  const types = unique(
    apis.flatMap((api) => api.types.filter(({ kind }) => kind !== 'opaque')),
    ({ name }) => name,
  );
  const opaque = unique(
    apis.flatMap((api) => api.types.filter(({ kind }) => kind === 'opaque')),
    ({ name }) => name,
  );
  const functions = unique(
    apis.flatMap((api) => api.functions),
    ({ name }) => name,
  );
  const omitted: readonly Omitted[] = unique(
    apis.flatMap((api) => api.omitted),
    ({ name }) => name,
  );
  const defined = new Set(types.map(({ key }) => key));
  return { title, language: 'c', types: [...opaque.filter(({ key }) => !defined.has(key)), ...types], functions, omitted };
}

function unique<T>(list: readonly T[], key: (one: T) => string): readonly T[] {
  const seen = new Set<string>();
  return list.filter((one) => !seen.has(key(one)) && seen.add(key(one)));
}
