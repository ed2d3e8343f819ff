/** A Python module of ctypes classes, with a function that loads the library and declares its functions. */
import { CTYPES_INTS } from '../abi/ctypes-names.ts';
import type { Api, ApiEnum, ApiField, ApiFn, ApiRecord, ApiType, Generated, Plain } from './api.types.ts';
import { generatedBy, indent, isIdentifier, lineDocs, linesOf, omittedText, PYTHON_WORDS } from './names.ts';
import { libffiLimit, narrow, plainFn } from './narrow.ts';

/** An entry of `_fields_`, the classes that it names as `nameOf` calls them. */
export function pythonField(field: ApiField, nameOf: (key: string) => string): string {
  return fieldText(field, (type, place) => text(type, place, new Map(keysIn(field.type).map((key) => [key, opaqueOf(key, nameOf(key))]))));
}

function opaqueOf(key: string, name: string): ApiType {
  return { kind: 'opaque', key, name, docs: '', at: null };
}

function keysIn(type: Plain): readonly string[] {
  if (type.kind === 'named') return [type.key];
  if (type.kind === 'pointer') return type.to ? keysIn(type.to) : [];
  if (type.kind === 'array') return keysIn(type.of);
  return type.kind === 'fn' ? [type.fn.result, ...type.fn.params].flatMap(keysIn) : [];
}

type Place = 'param' | 'result' | 'field' | 'pointee';

export function generateCtypes(whole: Api): Generated {
  const all = new Map(whole.types.map((one) => [one.key, one]));
  const api = narrow(whole, {
    type: (type, place) => limit(type) ?? (place === 'param' || place === 'result' ? libffiLimit(type, all) : null),
    define: limitOf,
    fn: (fn) => plainFn(fn) ?? (PYTHON_WORDS.has(fn.name) ? 'Python keeps its name for itself' : null),
  });
  const byKey = new Map(api.types.map((one) => [one.key, one]));
  const write = (type: Plain, place: Place): string => text(type, place, byKey);
  const late = lateOf(api.types);
  const definitions = api.types.map((type) =>
    type.kind === 'enum' ? classOfEnum(type) : type.kind === 'opaque' ? opaque(type) : classOf(type, write, late.includes(type)),
  );
  const functions = api.functions.map((fn) => declared(fn, write));
  const parts = [
    `# ${generatedBy('ctypes', api.title)}\nimport ctypes\n${api.types.some(({ kind }) => kind === 'enum') ? 'import enum\n' : ''}`,
    omittedText(api.omitted, (line) => `# ${line}`),
    ...definitions,
    ...late.map((type, i) => (i === 0 ? '\n' : '') + body(type, write, `${type.name}.`)),
    functions.length === 0
      ? ''
      : `\ndef load(path):\n    """Load the library and declare its functions."""\n    lib = ctypes.CDLL(path)\n${indent(functions.join('\n'), '    ')}    return lib\n`,
  ];
  return { text: parts.filter((part) => part !== '').join('\n'), omitted: api.omitted };
}

function limit(type: Plain): string | null {
  if (type.kind === 'int' && type.bits === 128) return 'ctypes has no 128-bit integers';
  if (type.kind === 'c-int' && CTYPES_INTS[type.name] === undefined) return `ctypes has no \`${type.name}\``;
  if (type.kind !== 'fn') return null;
  if (type.fn.variadic) return 'ctypes has no variadic function pointers';
  if (type.fn.abi !== 'C' && type.fn.abi !== 'cdecl')
    return `ctypes has no function pointers of the convention \`${type.fn.abi}\` everywhere`;
  return type.fn.result.kind === 'named' ? 'a Python callback cannot return a struct' : null;
}

function limitOf(type: ApiType): string | null {
  if (!isIdentifier(type.name) || PYTHON_WORDS.has(type.name)) return 'its name is none in Python';
  if (type.kind === 'struct' || type.kind === 'union') {
    if (type.align !== null || type.fields.some(({ align }) => align !== null))
      return 'ctypes cannot ask for an alignment before Python 3.13';
  }
  return null;
}

function text(type: Plain, place: Place, byKey: ReadonlyMap<string, ApiType>): string {
  const inner = (one: Plain, at: Place): string => text(one, at, byKey);
  switch (type.kind) {
    case 'int':
      return `ctypes.c_${type.signed ? '' : 'u'}int${type.bits}`;
    case 'c-int':
      return `ctypes.${CTYPES_INTS[type.name] ?? 'c_int'}`;
    case 'float':
      return type.bits === 32 ? 'ctypes.c_float' : 'ctypes.c_double';
    case 'c-float':
      return `ctypes.c_${type.name.replace(' ', '')}`;
    case 'bool':
      return 'ctypes.c_bool';
    case 'void':
      return 'None';
    case 'array':
      return `${inner(type.of, 'field')} * ${type.length ?? 0}`;
    case 'fn':
      return `ctypes.CFUNCTYPE(${[inner(type.fn.result, 'result'), ...type.fn.params.map((one) => inner(one, 'param'))].join(', ')})`;
    case 'pointer':
      return pointer(type, place, inner);
    case 'named': {
      const found = byKey.get(type.key);
      if (found?.kind === 'enum') return found.underlying === null ? 'ctypes.c_int' : inner(found.underlying, place);
      return found?.name ?? 'None';
    }
  }
}

/** `c_char_p` makes `bytes` of a result and forgets the address, which the caller may have to give back: it is for what is only read. */
function pointer(
  { to, const: isConst }: Extract<Plain, { kind: 'pointer' }>,
  place: Place,
  inner: (one: Plain, at: Place) => string,
): string {
  if (to === null || to.kind === 'array') return 'ctypes.c_void_p';
  if (to.kind === 'c-int' && to.name === 'char' && isConst && place !== 'pointee') return 'ctypes.c_char_p';
  return `ctypes.POINTER(${inner(to, 'pointee')})`;
}

function docstring(docs: string): string {
  const lines = linesOf(docs.replace(/\\/g, '\\\\').replace(/"""/g, '\\"\\"\\"').replace(/"$/, '" '));
  if (lines.length === 0) return '';
  return lines.length === 1 ? `"""${lines[0]}"""\n` : `"""${lines.join('\n')}\n"""\n`;
}

function opaque({ name, docs }: ApiType): string {
  return `\nclass ${name}(ctypes.Structure):\n${indent(docstring(docs) || '"""Only its address is known."""\n', '    ')}`;
}

function classOfEnum({ name, docs, variants }: ApiEnum): string {
  const shared = variants.every((one) => one.name.startsWith(`${name}_`)) ? name.length + 1 : 0;
  const short = (full: string): string =>
    isIdentifier(full.slice(shared)) && !PYTHON_WORDS.has(full.slice(shared)) ? full.slice(shared) : full;
  const lines = variants.map((one) => `${lineDocs(one.docs, '#')}${short(one.name)} = ${one.value}\n`);
  return `\nclass ${name}(enum.IntEnum):\n${indent(docstring(docs) + lines.join(''), '    ')}`;
}

function classOf(type: ApiRecord, write: (type: Plain, place: Place) => string, ahead: boolean): string {
  const base = type.kind === 'union' ? 'ctypes.Union' : 'ctypes.Structure';
  const inside = docstring(type.docs) + (ahead ? '' : body(type, write, ''));
  return `\nclass ${type.name}(${base}):\n${indent(inside === '' ? 'pass\n' : inside, '    ')}`;
}

function body({ fields, pack }: ApiRecord, write: (type: Plain, place: Place) => string, owner: string): string {
  const anonymous = fields.filter((one) => one.anonymous).map(({ name }) => `"${name}"`);
  const lines = fields.map((one) => `${lineDocs(one.docs, '#')}${fieldText(one, write)}\n`);
  return [
    pack === null ? '' : `${owner}_pack_ = ${pack}\n`,
    anonymous.length === 0 ? '' : `${owner}_anonymous_ = [${anonymous.join(', ')}]\n`,
    `${owner}_fields_ = [\n${indent(lines.join(''), '    ')}]\n`,
  ].join('');
}

function fieldText({ name, type, bitWidth }: ApiField, write: (type: Plain, place: Place) => string): string {
  return `("${name}", ${write(type, 'field')}${bitWidth === null ? '' : `, ${bitWidth}`}),`;
}

/**
 * Records whose members are set behind all classes: a member may point to a class that stands further down, or to its own. A record that
 * holds one of these by value has to wait too, since its members would settle those of the other.
 */
function lateOf(types: readonly ApiType[]): readonly ApiRecord[] {
  const done = new Set<string>();
  const late: ApiRecord[] = [];
  for (const type of types) {
    done.add(type.key);
    if (type.kind !== 'struct' && type.kind !== 'union') continue;
    const held = (one: Plain): boolean =>
      one.kind === 'array' ? held(one.of) : one.kind === 'named' && late.some(({ key }) => key === one.key);
    if (pointsAhead(type, done) || type.fields.some((one) => held(one.type))) late.push(type);
  }
  return late;
}

/** Whether a member points to a type that is not defined yet. */
function pointsAhead({ key, fields }: ApiRecord, done: ReadonlySet<string>): boolean {
  const ahead = (type: Plain): boolean => {
    if (type.kind === 'pointer') return type.to !== null && ahead(type.to);
    if (type.kind === 'array') return ahead(type.of);
    if (type.kind === 'fn') return [type.fn.result, ...type.fn.params].some(ahead);
    return type.kind === 'named' && (type.key === key || !done.has(type.key));
  };
  return fields.some(({ type }) => ahead(type));
}

function declared({ name, params, result, docs }: ApiFn, write: (type: Plain, place: Place) => string): string {
  return `${lineDocs(docs, '#')}lib.${name}.argtypes = [${params.map((one) => write(one, 'param')).join(', ')}]
lib.${name}.restype = ${write(result, 'result')}
`;
}
