/** Measures edits of headers and of the Rust behind them: `node headers.cjs ROOT FILES STEPS` prints one line of JSON with milliseconds. */
import { never } from '../../server/src/base/cancel.ts';
import { silentLog } from '../../server/src/base/log.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { createSession } from '../../server/src/engine/session.ts';
import { readGrammars } from '../../server/src/host/grammars.ts';
import { directPartners, headerPartners } from '../../server/src/lsp/header-partners.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { loadParsers } from '../../server/src/syntax/parsers.ts';
import { memoryFs } from '../support/memory-fs.ts';

/** Files of a package, half of them Rust and half headers. */
const PACKAGE = 50;
const HERE = 7;

/** A module with exports, imports and some code of its own; `width` is the type of one parameter. */
function rustFile(name: string, width: string): string {
  const helpers = Array.from(
    { length: 8 },
    (_, i) => `pub fn ${name}_help_${i}(values: &[u32]) -> u32 {\n    values.iter().map(|one| one + ${i}).sum()\n}\n`,
  );
  return `use std::os::raw::{c_char, c_int};

#[repr(C)]
pub struct ${name}_point {
    pub x: c_int,
    pub y: c_int,
}

extern "C" {
    fn ${name}_open(path: *const c_char) -> c_int;
    fn ${name}_close(handle: c_int);
}

#[no_mangle]
pub extern "C" fn ${name}_area(width: ${width}, point: *const ${name}_point) -> c_int {
    if point.is_null() {
        return 0;
    }
    // SAFETY: checked above.
    let point = unsafe { &*point };
    width as c_int * point.x * point.y
}

#[no_mangle]
pub extern "C" fn ${name}_reset(path: *const c_char) {
    // SAFETY: both are declared by the header.
    unsafe { ${name}_close(${name}_open(path)) }
}

${helpers.join('\n')}`;
}

function header(name: string, width: string): string {
  return `#ifndef ${name.toUpperCase()}_H
#define ${name.toUpperCase()}_H
#include <stdint.h>
#include "common.h"

#define ${name.toUpperCase()}_LIMIT 16

/** A place. */
struct ${name}_point { int x; int y; };

GEO_API int ${name}_open(const char *path);
GEO_API void ${name}_close(int handle);
GEO_API int ${name}_area(${width} width, const struct ${name}_point *point);
GEO_API void ${name}_reset(const char *path);
#endif
`;
}

function workspace(count: number): Record<string, string> {
  const files: Record<string, string> = {};
  for (let from = 0; from < count; from += PACKAGE) {
    const folder = `/bench/p${from / PACKAGE}`;
    files[`${folder}/Cargo.toml`] =
      `[package]\nname = "p${from / PACKAGE}"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n`;
    files[`${folder}/include/common.h`] = '#pragma once\n#define GEO_API extern\ntypedef struct geo_state geo_state;\n';
    const names = Array.from({ length: PACKAGE / 2 - 1 }, (_, i) => `p${from / PACKAGE}_m${i}`);
    files[`${folder}/src/lib.rs`] = `#![allow(non_camel_case_types)]\n${names.map((name) => `pub mod ${name};\n`).join('')}`;
    for (const name of names) {
      files[`${folder}/src/${name}.rs`] = rustFile(name, 'u32');
      files[`${folder}/include/${name}.h`] = header(name, 'uint32_t');
    }
  }
  return files;
}

interface Figures {
  /** Milliseconds of the clock until the findings of the edited file and of its other side are there. */
  readonly p50: number;
  readonly p95: number;
  /** Of the processor. */
  readonly cpu: number;
  readonly cpu95: number;
  /** Until those of all files of the package are there. */
  readonly all: { readonly p50: number; readonly p95: number; readonly cpu: number; readonly cpu95: number };
}

async function main(): Promise<void> {
  const [, , root = '.', count = '1000', steps = '30'] = process.argv;
  const parsers = await loadParsers(readGrammars(root));
  const texts = workspace(Number(count));
  const fs = { ...memoryFs(texts), read: (path: string) => texts[path] ?? { failure: 'is not there' } };
  const paths = Object.keys(texts).sort();
  const config = defaultConfig({ profile: 'all' });
  const session = createSession({
    fs,
    log: silentLog,
    parsers,
    rules,
    configFor: () => config,
    target: 'x86_64-unknown-linux-gnu',
  });
  const ending = (end: string): string[] => paths.filter((path) => path.endsWith(end));
  session.open({ rust: ending('.rs'), manifests: ending('.toml'), headers: ending('.h'), python: [], report: null, problems: [] });
  const [rust, beside] = [`/bench/p0/src/p0_m${HERE}.rs`, `/bench/p0/include/p0_m${HERE}.h`];
  const opened = [rust, beside];
  const found = async (focus: readonly string[] | null): Promise<number> => {
    const { findings } = await session.check({ focus, cancellation: never });
    return findings.filter(({ rule, at }) => rule.startsWith('signature-') && at.file === rust).length;
  };
  const all = (): Promise<number> => found(headerPartners(opened, session.snapshot()));
  const first = await timed(all);
  const edit = async (path: string, right: string, wrong: string): Promise<Figures> => {
    const near: Spent[] = [];
    const whole: Spent[] = [];
    for (let step = 0; step < Number(steps); step++) {
      const isWrong = step % 2 === 0;
      texts[path] = isWrong ? wrong : right;
      const counts: number[] = [];
      const one = await timed(async () => {
        session.changed([path]);
        counts.push(await found(directPartners([path], session.snapshot())));
      });
      const rest = await timed(async () => void counts.push(await all()));
      if (counts.some((count) => count > 0 !== isWrong))
        throw new Error(`the edit of ${path} ${isWrong ? 'is not seen' : 'is not forgotten'}`);
      near.push(one);
      whole.push({ wall: one.wall + rest.wall, cpu: one.cpu + rest.cpu });
    }
    return { ...figures(near), all: figures(whole) };
  };
  const name = `p0_m${HERE}`;
  const ofHeader = await edit(beside, header(name, 'uint32_t'), header(name, 'uint64_t'));
  const ofRust = await edit(rust, rustFile(name, 'u32'), rustFile(name, 'u64'));
  console.log(JSON.stringify({ files: paths.length, first, header: ofHeader, rust: ofRust }));
}

interface Spent {
  readonly wall: number;
  readonly cpu: number;
}

function figures(spent: readonly Spent[]): Figures['all'] {
  const [wall, cpu] = [spent.map((one) => one.wall), spent.map((one) => one.cpu)];
  return { p50: at(wall, 0.5), p95: at(wall, 0.95), cpu: at(cpu, 0.5), cpu95: at(cpu, 0.95) };
}

function at(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
}

async function timed(work: () => Promise<unknown>): Promise<Spent> {
  const [started, used] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(used);
  return { wall: performance.now() - started, cpu: (user + system) / 1000 };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
