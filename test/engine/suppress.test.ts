/** Suppressing comments: written in real sources, with `^` under what a finding flags. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../server/src/engine/finding.ts';
import { applyEdits } from '../../server/src/base/edit.ts';
import { commentLanguage } from '../../server/src/engine/suppress-scan.ts';
import { parseDirectives } from '../../server/src/engine/suppress-parse.ts';
import { suppress, UNUSED_SUPPRESSION } from '../../server/src/engine/suppress.ts';

const RULES = [
  { id: 'repr-c-missing', group: 'types' },
  { id: 'rust-type-in-ffi', group: 'types' },
  { id: 'missing-null-check', group: 'pointers' },
];

/** Each word of `flagged` (`rule@word`, the word's first occurrence; `rule@word#2` the second) becomes a finding. */
function run(file: string, text: string, flagged: readonly string[], ran: (rule: string) => boolean = () => true) {
  const language = commentLanguage(file);
  if (!language) throw new Error(`no comments are known for ${file}`);
  const candidates = flagged.map((entry) => {
    const [rule = '', place = ''] = entry.split('@');
    const [word = '', nth = '1'] = place.split('#');
    let start = -1;
    for (let i = 0; i < Number(nth); i++) start = text.indexOf(word, start + 1);
    return { finding: findingAt(file, rule, start, word.length), item: null, attribute: null };
  });
  const directives = new Map([[file, parseDirectives(language, text, null)]]);
  const found = suppress({
    candidates,
    directives,
    rules: RULES,
    ran,
    unused: () => 'warning',
    text: () => text,
    url: 'https://example.org',
  });
  return {
    shown: flagged.filter((_, i) => found[i]?.suppressed === null),
    reasons: flagged.map((_, i) => found[i]?.suppressed),
    complaints: found.filter(({ rule }) => rule === UNUSED_SUPPRESSION),
  };
}

function findingAt(file: string, rule: string, start: number, length: number): Finding {
  return {
    rule,
    group: rule === 'missing-null-check' ? 'pointers' : 'types',
    severity: 'error',
    message: 'something is wrong',
    at: { file, span: { start, end: start + length } },
    related: [],
    help: null,
    note: null,
    url: '',
    fingerprint: '',
    fixes: [],
    target: null,
    suppressed: null,
  };
}

describe('where a comment hides findings', () => {
  it('hides its own line when it trails', () => {
    const text = 'struct A; // ffi-lint: ignore[repr-c-missing] -- opaque\nstruct B;\n';
    const { shown, reasons, complaints } = run('/w/a.rs', text, ['repr-c-missing@A', 'repr-c-missing@B']);
    expect(shown).toEqual(['repr-c-missing@B']);
    expect(reasons[0]).toBe('opaque');
    expect(complaints).toEqual([]);
  });

  it('hides the whole statement below when it stands on its own line', () => {
    const text =
      'fn f() {\n    // ffi-lint: ignore[missing-null-check]\n    let x = unsafe {\n        *alpha\n    };\n    unsafe { *beta };\n}\n';
    expect(run('/w/a.rs', text, ['missing-null-check@alpha', 'missing-null-check@beta']).shown).toEqual(['missing-null-check@beta']);
  });

  it('hides one field or argument, not its neighbours', () => {
    const text = 'struct S {\n    // ffi-lint: ignore[types]\n    a: Vec<u8>,\n    b: String,\n}\n';
    expect(run('/w/a.rs', text, ['rust-type-in-ffi@Vec', 'rust-type-in-ffi@String']).shown).toEqual(['rust-type-in-ffi@String']);
  });

  it('hides the declaration below in C, whatever follows its brace', () => {
    const text = '/* ffi-lint: ignore[repr-c-missing] */\ntypedef struct {\n  int alpha;\n} point_t;\nstruct beta;\n';
    expect(run('/w/a.h', text, ['repr-c-missing@alpha', 'repr-c-missing@point_t', 'repr-c-missing@beta']).shown).toEqual([
      'repr-c-missing@beta',
    ]);
  });

  it('hides a decorated class and its body in Python', () => {
    const text =
      '# ffi-lint: ignore[types]\n@decorated(\n  1)\nclass Point(Structure):\n    # a note\n    _fields_ = [("x", c_int),\n("y", alpha)]\n\n    y = beta\n\nz = gamma\n';
    expect(run('/w/a.py', text, ['repr-c-missing@alpha', 'repr-c-missing@beta', 'repr-c-missing@gamma']).shown).toEqual([
      'repr-c-missing@gamma',
    ]);
  });

  it('hides a key of a manifest', () => {
    const text = '[package]\n# ffi-lint: ignore[types]\nname = "alpha"\nedition = "beta"\n';
    expect(run('/w/Cargo.toml', text, ['repr-c-missing@alpha', 'repr-c-missing@beta']).shown).toEqual(['repr-c-missing@beta']);
  });

  it('hides a file, or a stretch for the rules that are named', () => {
    expect(run('/w/a.rs', '// ffi-lint: file-ignore[types]\nA B\n', ['repr-c-missing@A', 'missing-null-check@B']).shown).toEqual([
      'missing-null-check@B',
    ]);
    const text =
      'A1\n// ffi-lint: disable[repr-c-missing, missing-null-check]\nB1\n// ffi-lint: enable[repr-c-missing]\nC1\n// ffi-lint: enable\nD1\n';
    const all = ['A1', 'B1', 'C1', 'D1'];
    expect(
      run(
        '/w/a.rs',
        text,
        all.map((word) => `repr-c-missing@${word}`),
      ).shown,
    ).toEqual(['repr-c-missing@A1', 'repr-c-missing@C1', 'repr-c-missing@D1']);
    expect(
      run(
        '/w/a.rs',
        text,
        all.map((word) => `missing-null-check@${word}`),
      ).shown,
    ).toEqual(['missing-null-check@A1', 'missing-null-check@D1']);
  });

  it('stands behind another comment on the line', () => {
    const text = 'alpha = 1  # type: ignore  # ffi-lint: ignore[types] -- see #12\n';
    const { shown, reasons } = run('/w/a.py', text, ['repr-c-missing@alpha']);
    expect(shown).toEqual([]);
    expect(reasons).toEqual(['see #12']);
  });

  it('is a comment: not a string, not a doc comment, not prose', () => {
    const text =
      'let a = "// ffi-lint: ignore[types]";\nlet b = r#"\n// ffi-lint: ignore[types]\n"#;\n/// ffi-lint: ignore[types]\nstruct C;\n// say ffi-lint: ignore[types] there\nstruct D;\n';
    const words = ['a =', 'b =', 'C;', 'D;'].map((word) => `repr-c-missing@${word}`);
    const { shown, complaints } = run('/w/a.rs', text, words);
    expect(shown).toEqual(words);
    expect(complaints).toEqual([]);
  });

  it('knows lifetimes from characters', () => {
    const text = "fn f<'a>(x: &'a str) -> char { '\"' } // ffi-lint: ignore[types]\nconst Q: char = '\\''; // ffi-lint: ignore[types]\n";
    expect(run('/w/a.rs', text, ['repr-c-missing@str', 'repr-c-missing@Q']).shown).toEqual([]);
  });
});

describe('complaints about comments', () => {
  const cases: readonly { name: string; text: string; flagged?: readonly string[]; message: string; fixed?: string }[] = [
    {
      name: 'a comment that hides nothing',
      text: 'struct A; // ffi-lint: ignore[repr-c-missing] -- why\n',
      message: '`ignore[repr-c-missing]` hides nothing',
      fixed: 'struct A;\n',
    },
    {
      name: 'a comment on its own line that hides nothing',
      text: 'a();\n    // ffi-lint: ignore[repr-c-missing]\n    b();\n',
      message: '`ignore[repr-c-missing]` hides nothing',
      fixed: 'a();\n    b();\n',
    },
    {
      name: 'a directive behind another comment',
      text: 'a(); // note // ffi-lint: ignore[types]\n',
      message: '`ignore[types]` hides nothing',
      fixed: 'a(); // note\n',
    },
    {
      name: 'one name of several',
      text: 'A // ffi-lint: ignore[repr-c-missing, missing-null-check]\n',
      flagged: ['repr-c-missing@A'],
      message: '`missing-null-check` hides nothing here',
      fixed: 'A // ffi-lint: ignore[repr-c-missing]\n',
    },
    {
      name: 'a bare comment that hides something',
      text: 'A // ffi-lint: ignore -- why\n',
      flagged: ['repr-c-missing@A', 'missing-null-check@A'],
      message: '`ignore` names no rule, so that it hides all of them',
      fixed: 'A // ffi-lint: ignore[missing-null-check, repr-c-missing] -- why\n',
    },
    {
      name: 'a bare comment that hides nothing',
      text: '/* ffi-lint: ignore[] */ A\n',
      message: '`ignore` names no rule and hides nothing',
      fixed: 'A\n',
    },
    {
      name: 'an unknown rule',
      text: 'A // ffi-lint: ignore[repr-c-mising]\n',
      message: 'there is no rule `repr-c-mising`; did you mean `repr-c-missing`?',
      fixed: 'A // ffi-lint: ignore[repr-c-missing]\n',
    },
    {
      name: 'an unknown word',
      text: 'A // ffi-lint: ingore[types]\n',
      message: '`ffi-lint: ingore` means nothing; did you mean `ignore`?',
    },
    {
      name: 'a list that is not closed',
      text: 'A // ffi-lint: ignore[types\n',
      message: '`ffi-lint: ignore` is not written as it should be',
    },
    { name: 'an end without a start', text: '// ffi-lint: enable[types]\nA\n', message: '`enable` ends no `disable`', fixed: 'A\n' },
  ];
  for (const { name, text, flagged, message, fixed } of cases) {
    it(name, () => {
      const { complaints } = run('/w/a.rs', text, flagged ?? []);
      expect(complaints.map((c) => c.message)).toEqual([message]);
      const edits = complaints[0]?.fixes[0]?.edits;
      expect(edits ? applyEdits(text, edits) : undefined).toBe(fixed);
    });
  }

  it('does not call a comment unused whose rule did not run', () => {
    expect(run('/w/a.rs', 'A // ffi-lint: ignore[repr-c-missing]\n', [], (rule) => rule !== 'repr-c-missing').complaints).toEqual([]);
  });
});
