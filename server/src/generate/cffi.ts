/** A Python module with the declarations for cffi in ABI mode. */
import type { Api, ApiType, Generated } from './api.types.ts';
import { cDefinition, cForward, cFunction, cNames } from './c-text.ts';
import { generatedBy, linesOf, omittedText } from './names.ts';
import { refusal } from './c.ts';
import { libffiLimit, narrow, plainFn } from './narrow.ts';

export function generateCffi(whole: Api): Generated {
  const all = new Map(whole.types.map((one) => [one.key, one]));
  const api = narrow(whole, {
    type: (type, place) =>
      type.kind === 'int' && type.bits === 128
        ? 'cffi has no 128-bit integers'
        : type.kind === 'fn' && type.fn.abi !== 'C' && type.fn.abi !== 'cdecl'
          ? `cffi has no function pointers of the convention \`${type.fn.abi}\``
          : place === 'param' || place === 'result'
            ? libffiLimit(type, all)
            : null,
    define: (type) =>
      (type.kind === 'struct' || type.kind === 'union') && (type.align !== null || type.fields.some(({ align }) => align !== null))
        ? 'cffi cannot ask for an alignment'
        : null,
    fn: (fn) => plainFn(fn) ?? refusal(fn),
  });
  const nameOf = cNames(api);
  const chunks: { readonly pack: number | null; text: string }[] = [{ pack: null, text: cForward(api) }];
  const put = (text: string, pack: number | null): void => {
    const last = chunks.at(-1);
    if (last?.pack === pack) last.text += text;
    else chunks.push({ pack, text });
  };
  for (const type of api.types) put(undocumented(cDefinition(type, nameOf)), packOf(type));
  for (const fn of api.functions) put(cFunction({ ...fn, docs: '' }, nameOf), null);
  const body = chunks
    .filter(({ text }) => text !== '')
    .map(({ text, pack }) => `ffi.cdef(\n    """\n${text}"""${pack === null ? '' : `,\n    pack=${pack}`},\n)\n`);
  const docs = api.functions.flatMap((fn) =>
    linesOf(fn.docs).map((line, i) => `${(i === 0 ? `# ${fn.name}: ${line}` : `#   ${line}`).trimEnd()}\n`),
  );
  const text = [
    `# ${generatedBy('cffi', api.title)}\nfrom cffi import FFI\n\nffi = FFI()\n`,
    omittedText(api.omitted, (line) => `# ${line}`),
    docs.join(''),
    ...body,
    '\ndef load(path):\n    """Open the library."""\n    return ffi.dlopen(path)\n',
  ];
  return { text: text.filter((part) => part !== '').join('\n'), omitted: api.omitted };
}

function packOf(type: ApiType): number | null {
  return type.kind === 'struct' || type.kind === 'union' ? type.pack : null;
}

/** The grammar that cffi reads takes comments; they would only be noise in a string. */
function undocumented(text: string): string {
  return text.replace(/^\s*\/\*\*[\s\S]*?\*\/\n/gm, '');
}
