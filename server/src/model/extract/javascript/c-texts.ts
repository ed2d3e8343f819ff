/** Reads the C that koffi is given as texts: types and prototypes. */
import { preprocess } from '../../../syntax/c/preprocess.ts';
import type { Parsers } from '../../../syntax/parsers.types.ts';
import type { BindType } from '../../bindings/bindings.ts';
import type { CType } from '../../c/ast.ts';
import { cTypeText } from '../../c/type-text.ts';
import { readUnit } from '../c/read-unit.ts';

export interface CPrototype {
  readonly name: string;
  readonly params: readonly { readonly name: string | null; readonly type: BindType; readonly text: string }[];
  readonly result: BindType;
  readonly resultText: string;
  readonly variadic: boolean;
  readonly convention: string | null;
}

export interface CTexts {
  type(text: string): BindType;
  /** null for what is no prototype. */
  prototype(text: string): CPrototype | null;
}

/** Longer texts are none that a person writes for one function. */
const LONGEST = 4000;

export function createCTexts(parsers: Parsers): CTexts {
  const types = new Map<string, BindType>();

  function declared(text: string): { readonly name: string; readonly type: CType } | null {
    if (text.length > LONGEST) return null;
    const source = preprocess({ file: '', text: `${text};\n`, predefined: [], knownNames: new Set(), first: [], include: () => null });
    const { symbols, dropped } = readUnit('', source, parsers);
    const [only] = symbols;
    return only && symbols.length === 1 && dropped.length === 0 ? only : null;
  }

  function readType(text: string): BindType {
    // koffi's own marks: directions, and `!` for what is freed once it is copied.
    const plain = text.replace(/\b_(?:In|Out|Inout)_\b/g, ' ').trim();
    const freed = /!\s*$/.test(plain) ? plain.replace(/!\s*$/, '').trim() : null;
    if (freed !== null) return { kind: 'pointer', to: null, const: false };
    if (/^\w+$/.test(plain)) return { kind: 'name', name: plain };
    const [, element = plain, bounds = ''] = /^([^[]*)((?:\[\s*\d+\s*\]\s*)*)$/.exec(plain) ?? [];
    const found = declared(`${element} ffi_lint_name${bounds}`);
    return found ? bindType(found.type) : { kind: 'unknown', reason: `\`${text}\` is no type that is understood` };
  }

  return {
    type(text) {
      const known = types.get(text) ?? readType(text);
      types.set(text, known);
      return known;
    },
    prototype(text) {
      const freed = /^[^(]*!/.test(text);
      const found = declared(
        text
          .replace(/;\s*$/, '')
          .replace(/!/g, ' ')
          .replace(/\b_(?:In|Out|Inout)_\b/g, ' '),
      );
      if (found?.type.kind !== 'function') return null;
      const { params, result, variadic, convention } = found.type.fn;
      return {
        name: found.name,
        params: params.map(({ name, type }) => ({ name, type: bindType(type), text: cTypeText(type) })),
        result: freed ? { kind: 'pointer', to: null, const: false } : bindType(result),
        resultText: cTypeText(result),
        variadic,
        convention,
      };
    },
  };
}

function bindType(type: CType): BindType {
  switch (type.kind) {
    case 'base':
    case 'named':
      return { kind: 'name', name: type.name };
    case 'tag':
      return { kind: 'name', name: type.name };
    case 'pointer':
      return { kind: 'pointer', to: type.to.kind === 'base' && type.to.name === 'void' ? null : bindType(type.to), const: type.const };
    case 'array':
      return type.length?.kind === 'number'
        ? { kind: 'array', of: bindType(type.of), length: Number(type.length.value) }
        : { kind: 'pointer', to: bindType(type.of), const: false };
    default:
      return { kind: 'unknown', reason: `\`${cTypeText(type)}\` is not understood` };
  }
}
