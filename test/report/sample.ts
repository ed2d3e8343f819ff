/** A check result made by hand, with everything that a report can hold: places of all shapes, other languages, fixes. */
import type { CheckResult, Finding } from '../../server/src/engine/finding.ts';
import type { ReportInput, RuleHelp } from '../../server/src/report/report.ts';
import { createPlaces } from '../../server/src/report/places.ts';
import type { Style } from '../../server/src/report/style.ts';
import { plain } from '../../server/src/report/style.ts';
import { withFingerprints } from '../../server/src/engine/fingerprint.ts';
import type { Location } from '../../server/src/base/text.ts';

const LIB = `use std::ffi::CStr;

pub struct Pair {
\tpub x: f64, // 点 of a 🦀
\tpub y: f64,
}

#[no_mangle]
pub extern "C" fn pair_sum(p: Pair) -> f64 {
    p.x + p.y
}

#[no_mangle]
pub extern "C" fn name_length(名前: *const i8, wide: &'static str) -> usize {
    unsafe {
        CStr::from_ptr(名前)
            .to_bytes()
            .len()
    }
}
`;

const HEADER = 'struct pair { double x, y; };\ndouble pair_sum(struct pair p);\n';

export const TEXTS: Readonly<Record<string, string>> = {
  '/w/src/lib.rs': LIB,
  '/w/include/a b.h': HEADER,
  '/w/gen/min.rs': `${'pub type A = u8; '.repeat(40)}pub struct Wide; ${'pub type B = u8; '.repeat(40)}\n`,
};

/** The `nth` place (from 1) of some text in a file. */
export function at(file: string, words: string, nth = 1): Location {
  let start = -1;
  for (let i = 0; i < nth; i++) start = (TEXTS[file] ?? '').indexOf(words, start + 1);
  if (start < 0) throw new Error(`${words} is not in ${file}`);
  return { file, span: { start, end: start + words.length } };
}

export function finding(rule: string, place: Location, message: string, more: Partial<Finding> = {}): Finding {
  return {
    rule,
    group: 'types',
    severity: 'error',
    message,
    at: place,
    related: [],
    help: null,
    note: null,
    url: `https://example.org/rules/${rule}.md`,
    fingerprint: '',
    fixes: [],
    target: null,
    suppressed: null,
    ...more,
  };
}

const lib = '/w/src/lib.rs';
const header = '/w/include/a b.h';

export const FINDINGS: readonly Finding[] = [
  finding('repr-c-missing', at(lib, 'Pair'), 'struct `Pair` is passed to `pair_sum` but its layout is not `repr(C)`', {
    related: [
      { at: at(lib, 'p: Pair'), message: 'passed by value here' },
      { at: at(header, 'pair'), message: 'declared here' },
    ],
    help: 'add `#[repr(C)]`, so that the layout is that of C',
    note: 'rustc may reorder the fields of a struct without it',
    fixes: [
      {
        title: 'add `#[repr(C)]`',
        safe: true,
        edits: [
          { file: lib, span: { start: at(lib, 'pub struct').span.start, end: at(lib, 'pub struct').span.start }, text: '#[repr(C)]\n' },
        ],
      },
    ],
  }),
  finding('wide-marks', at(lib, '🦀'), 'marks stand below wide signs and tabs: 100% <of> "them" & | all', { severity: 'hint' }),
  finding(
    'missing-null-check',
    at(lib, 'CStr::from_ptr(名前)\n            .to_bytes()\n            .len()'),
    '`名前` is used before it is checked for null',
    {
      severity: 'warning',
      group: 'pointers',
      target: 'i686-pc-windows-msvc',
      fixes: [
        {
          title: 'check it, and change the header',
          safe: false,
          edits: [
            { ...at(lib, '    unsafe'), text: '    assert!(!名前.is_null());\n    unsafe' },
            { ...at(header, 'double pair_sum'), text: 'double  pair_sum' },
          ],
        },
      ],
    },
  ),
  finding('rust-type-in-ffi', at(lib, "&'static str"), '`wide` is a `&str`, which C cannot make', {
    help: 'take `*const c_char`\nand a length',
  }),
  finding('repr-c-missing', at('/w/gen/min.rs', 'Wide'), 'struct `Wide` stands in a very long line', { severity: 'info' }),
  finding('missing-null-check', at(lib, 'p.x'), 'hidden by a comment', { suppressed: 'checked by the caller' }),
];

const RULES: readonly RuleHelp[] = ['repr-c-missing', 'missing-null-check'].map((id) => ({
  id,
  group: 'types',
  severity: 'error',
  summary: `finds what ${id} finds`,
  markdown: `# ${id}\n\nwhy it matters\n`,
  url: `https://example.org/rules/${id}.md`,
}));

export function sample(more: Partial<CheckResult> = {}, style: Style = plain): ReportInput {
  const text = (file: string) => TEXTS[file] ?? '';
  const places = createPlaces('/w', text);
  const result: CheckResult = {
    findings: FINDINGS,
    problems: [{ file: '/w/src/bad.rs', message: 'is not valid UTF-8 (byte 12)' }],
    files: { rust: 2, c: 1, python: 0, javascript: 0, csharp: 0 },
    unresolved: [{ at: at(lib, 'CStr'), reason: 'std::ffi::CStr is not known' }],
    dropped: [],
    target: 'x86_64-unknown-linux-gnu',
    incomplete: true,
    milliseconds: 12.4,
    text,
    ...more,
  };
  const findings = withFingerprints(result.findings, { relative: (file) => places.path(file), text });
  return {
    result: { ...result, findings },
    version: '0.0.0',
    places,
    hostPlaces: createPlaces('/', text),
    rules: new Map(RULES.map((rule) => [rule.id, rule])),
    style,
  };
}
