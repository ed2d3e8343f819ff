/** With which flags headers are read: command lines, compile_commands.json, build scripts, the configuration. */
import { describe, expect, it } from 'vitest';
import { cLayouts } from '../../server/src/abi/c-layouts.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { createCFlags } from '../../server/src/engine/layouts/c-flags.ts';
import { createCUnits, settingsOf } from '../../server/src/engine/layouts/c-units.ts';
import { readCommandLine, splitCommand } from '../../server/src/model/extract/c/command-line.ts';
import { readCompileCommands } from '../../server/src/model/extract/c/compile-commands.ts';
import { readCcBuild } from '../../server/src/model/extract/cargo/cc-build.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { testParsers } from '../support/parsers.ts';
import { target } from './support.ts';

describe('command lines', () => {
  it('keeps what changes headers, with absolute folders, and nothing that starts a program', () => {
    const line =
      '-I inc -I/abs -isystem sys -iquote q -DA -D B=2 -UC -D E=1 -UE -include pre.h -std=gnu11 -fshort-enums -m32 -fplugin=x.so -B tools -wrapper sh -c a.c -o a.o -Wall';
    expect(readCommandLine(line.split(' '), '/p')).toEqual({
      includeDirs: ['/p/inc', '/abs', '/p/q'],
      systemDirs: ['/p/sys'],
      defines: ['A', 'B=2'],
      undefines: ['C', 'E'],
      doubtful: [],
      includes: ['/p/pre.h'],
      others: ['-std=gnu11', '-fshort-enums', '-m32'],
      compiler: null,
    });
  });

  it.each([
    ['cc -DA=\'"x y"\' -I"a b" c\\ d.c', ['cc', '-DA="x y"', '-Ia b', 'c d.c']],
    ['', []],
    ['cc "-DQ=\\"q\\"" \'', ['cc', '-DQ="q"']],
  ])('splits %s', (command, words) => expect(splitCommand(command)).toEqual(words));
});

describe('compile_commands.json', () => {
  it('has a command or its arguments', () => {
    const text = JSON.stringify([
      { directory: '/p/build', file: '../src/a.c', command: '/usr/bin/gcc -I../include -DN=3 -c ../src/a.c' },
      { directory: 'sub', file: 'b.c', arguments: ['clang', '-Ix', 'b.c'] },
      { file: 3 },
      null,
    ]);
    const shown = readCompileCommands(text, '/p').map(({ file, flags }) => [file, flags.compiler, flags.includeDirs, flags.defines]);
    expect(shown).toEqual([
      ['/p/src/a.c', '/usr/bin/gcc', ['/p/include'], ['N=3']],
      ['/p/sub/b.c', 'clang', ['/p/sub/x'], []],
    ]);
  });

  it.each(['', '{', '{}', '[[]]', 'null'])('is empty where it is not one: %s', (text) =>
    expect(readCompileCommands(text, '/p')).toEqual([]),
  );
});

describe('build scripts', () => {
  const build = (body: string) => readCcBuild(`fn main() { cc::Build::new()${body}.compile("x"); }`, '/p');

  it('reads literals', () => {
    const made = build(
      '.file("src/a.c").files(&["b.c", "c.c"]).include(Path::new("inc")).includes(["x", "y"]).define("A", "1").define("B", None)',
    );
    expect(made?.files).toEqual(['/p/src/a.c', '/p/b.c', '/p/c.c']);
    expect(made?.flags).toMatchObject({ includeDirs: ['/p/inc', '/p/x', '/p/y'], defines: ['A=1', 'B'], doubtful: [] });
    expect(build('.define("A", Some("2")).flag("-std=c11").flag("-DX=3").std("c99")')?.flags).toMatchObject({
      defines: ['A=2', 'X=3'],
      others: ['-std=c11', '-std=c99'],
    });
  });

  it('doubts what is computed or stands under a condition', () => {
    expect(build('.define("A", version()).define("B", &*format!("{}", 1)).flag_if_supported("-DC")')?.flags).toMatchObject({
      defines: [],
      doubtful: ['A', 'B', 'C'],
    });
    const text = 'fn main() { let mut b = cc::Build::new(); if windows() { b.define("W", "1").include("win"); } b.define("A", "1"); }';
    expect(readCcBuild(text, '/p')?.flags).toMatchObject({ defines: ['A=1'], doubtful: ['W'], includeDirs: ['/p/win'] });
  });

  it('is nothing without the crate, and does not take its comments', () => {
    expect(readCcBuild('fn main() { x.define("A", "1"); }', '/p')).toBeNull();
    expect(build('/* .define("A", "1") */ // .include("x")\n')?.flags).toMatchObject({ defines: [], includeDirs: [] });
  });
});

describe('together', () => {
  const files = {
    '/w/Cargo.toml': '[package]\nname = "w"\n',
    '/w/build.rs':
      'fn main() { let mut b = cc::Build::new(); b.include("inc").define("FROM_SCRIPT", "1"); if x { b.define("MAYBE", None); } }',
    '/w/compile_commands.json': JSON.stringify([
      { directory: '/w', file: 'csrc/a.c', command: 'cc -DFROM_DATABASE -UUNIX_HERE -include inc/first.h -c csrc/a.c' },
      { directory: '/w', file: 'other/b.c', command: 'cc -DELSEWHERE -c other/b.c' },
    ]),
    '/w/inc/first.h': 'typedef short first_t;\n',
    '/w/inc/sub/size.h': '#define SIZE 5\n',
    '/w/csrc/a.h': `#include <sub/size.h>
      #if defined(FROM_SCRIPT) && defined(FROM_DATABASE) && defined(FROM_CONFIG) && !defined(ELSEWHERE)
      struct a { char c[SIZE]; first_t f; };
      #endif
      struct b {
      #ifdef MAYBE
        int x;
      #endif
        int y;
      };`,
  };

  it('computed layouts heed all of them', async () => {
    const fs = memoryFs(files);
    const config = defaultConfig();
    const configFor = () => ({ ...config, project: { ...config.project, defines: ['FROM_CONFIG'] } });
    const flags = createCFlags({ fs, manifests: ['/w/Cargo.toml'], configFor }).of('/w/csrc/a.h');
    const unit = createCUnits(fs, Object.keys(files), await testParsers()).read('/w/csrc/a.h', target(), settingsOf(flags));
    const made = unit && cLayouts(unit, target(), (one) => one === '/w/csrc/a.h');
    expect(made?.types.map(({ name, layout }) => `${name} ${layout.size}`)).toEqual(['a 8']);
    expect(made?.unknown.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      'b: the build script defines `MAYBE` under a condition',
    ]);
  });
});
