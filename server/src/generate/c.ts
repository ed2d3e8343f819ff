/** A C header: guard, standard types, definitions and prototypes. */
import type { Api, ApiFn, ApiType, Generated, Omitted, Plain } from './api.types.ts';
import { cDefinition, cForward, cFunction, cNames } from './c-text.ts';
import { C_WORDS, generatedBy, guard, isIdentifier, omittedText } from './names.ts';

export function generateC(api: Api): Generated {
  const nameOf = cNames(api);
  const omitted: Omitted[] = [...api.omitted];
  const mark = guard(api.title);
  const stdcall = `${mark.replace(/_H$/, '')}_STDCALL`;
  const functions: string[] = [];
  let usesStdcall = false;
  for (const fn of api.functions) {
    const reason = refusal(fn);
    if (reason !== null) {
      omitted.push({ name: fn.name, at: fn.at, reason });
      continue;
    }
    const isStdcall = fn.abi === 'system' || fn.abi === 'stdcall';
    usesStdcall ||= isStdcall;
    functions.push(cFunction(fn, nameOf, isStdcall ? stdcall : ''));
  }
  const text = [
    `/* ${capital(generatedBy('c', api.title))}. */\n#ifndef ${mark}\n#define ${mark}\n`,
    `#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n${names(api).has('ssize_t') ? '#include <sys/types.h>\n' : ''}${
      names(api).has('wint_t') ? '#include <wchar.h>\n' : ''
    }`,
    omittedText(omitted, (line) => `/* ${line.replace(/\*\//g, '* /')} */`),
    usesStdcall ? `#ifdef _WIN32\n#define ${stdcall} __stdcall\n#else\n#define ${stdcall}\n#endif\n` : '',
    '#ifdef __cplusplus\nextern "C" {\n#endif\n',
    cForward(api),
    ...api.types.map((one) => packed(one, cDefinition(one, nameOf))),
    ...functions,
    '#ifdef __cplusplus\n}\n#endif\n',
    '#endif\n',
  ];
  return { text: text.filter((part) => part !== '').join('\n'), omitted };
}

export function packed(type: ApiType, text: string): string {
  if ((type.kind !== 'struct' && type.kind !== 'union') || type.pack === null) return text;
  return `#pragma pack(push, ${type.pack})\n${text}#pragma pack(pop)\n`;
}

/** Why C cannot declare it; null where it can. */
export function refusal({ name, abi }: Pick<ApiFn, 'name' | 'abi'>): string | null {
  if (!isIdentifier(name) || C_WORDS.has(name)) return 'its symbol is no name in C';
  return ['C', 'cdecl', 'system', 'stdcall'].includes(abi) ? null : `the calling convention \`${abi}\` is not generated`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** C's names of integers that an api uses. */
function names(api: Api): ReadonlySet<string> {
  const out = new Set<string>();
  const visit = (type: Plain | null): void => {
    if (type?.kind === 'c-int') out.add(type.name);
    else if (type?.kind === 'pointer') visit(type.to);
    else if (type?.kind === 'array') visit(type.of);
    else if (type?.kind === 'fn') for (const one of [type.fn.result, ...type.fn.params]) visit(one);
  };
  for (const fn of api.functions) for (const one of [fn.result, ...fn.params]) visit(one);
  for (const type of api.types) if (type.kind === 'struct' || type.kind === 'union') for (const one of type.fields) visit(one.type);
  return out;
}
