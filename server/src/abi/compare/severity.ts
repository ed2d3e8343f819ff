/** How bad a verdict is, by who reads the value. */
import type { Severity } from '../../base/severity.ts';
import type { Reader, Verdict } from './verdict.types.ts';

/** null for what is right, what another check judges (layouts, missing results) and what is not known. */
export function severityOf({ code, rust }: Verdict, reader: Reader): Severity | null {
  switch (code) {
    case 'ok':
    case 'layout':
    case 'short-enums':
    case 'nothing':
    case 'unknown':
      return null;
    case 'sign':
      // Narrow integers are extended by one side and relied upon by the other on Apple's arm64, POWER, s390x, RISC-V and LoongArch.
      return rust.kind === 'integer' && rust.size < 4 ? 'warning' : 'hint';
    case 'bool':
      // What Rust writes is 0 or 1; a peer's `bool` takes any byte of Rust's as a number.
      return rust.kind === 'bool' && reader !== 'peer' ? 'warning' : null;
    case 'value-range':
      return rust.kind === 'enum' && reader !== 'peer' ? 'warning' : null;
    case 'scalar-value':
      return reader !== 'peer' ? 'warning' : null;
    case 'pointer-integer':
      return 'info';
    case 'code-data':
      return 'hint';
    case 'width':
    case 'class':
    case 'aggregate':
    case 'kind':
    case 'fat-pointer':
    case 'array-by-value':
    case 'va-list':
      return 'error';
  }
}
