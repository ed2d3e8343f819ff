/** A ctypes class stands for a Rust struct of another name, and is not laid out like it. */
import { compareLayouts } from '../../abi/peers/layout-differences.ts';
import type { Signature } from '../../abi/peers/peers.ts';
import { passedAs } from '../../abi/compare/value.ts';
import type { Shape } from '../../abi/shape.ts';
import type { PythonFn } from '../../abi/python-side.ts';
import type { PyClass, PyModule, PyType } from '../../model/python/ctypes.ts';
import { layoutDetail } from '../layout-detail.ts';
import { pythonFns, pythonSide, rustPlace, rustSignatures } from '../python-fns.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'ctypes-structure',
  group: 'python',
  since: '0.1.0',
  severity: 'error',
  languages: ['python', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: {
    layout: '`{class}` is passed for `{rust}` of Rust, but {detail}',
    endian: '`{class}` has its bytes in {order}-endian order, but `{rust}` is read in the order of the machine',
  },
  docs: {
    what: 'A ctypes class is passed for a Rust struct of another name that is not laid out like it',
    why: `What Python writes into its fields is read by Rust at other places, and what Rust writes may lie beyond the end of the object.
Classes and structs of one name are compared by the rules about layouts; this one follows those that only a function brings together, and
classes with a fixed order of bytes.`,
    bad: `#[repr(C)]
pub struct Settings {
    pub level: u8,
    pub limit: u64,
}

/// # Safety
/// \`settings\` is null or valid.
#[no_mangle]
pub unsafe extern "C" fn configure(settings: *const Settings) -> u64 {
    settings.as_ref().map_or(0, |one| one.limit + u64::from(one.level))
}
// config.py: import ctypes
// config.py:
// config.py: class Options(ctypes.Structure):
// config.py:     _fields_ = [("level", ctypes.c_uint8), ("limit", ctypes.c_uint32)]
// config.py:
// config.py: lib = ctypes.CDLL("libsample.so")
// config.py: lib.configure.argtypes = [ctypes.POINTER(Options)]
// config.py: lib.configure.restype = ctypes.c_uint64
`,
    good: `#[repr(C)]
pub struct Settings {
    pub level: u8,
    pub limit: u64,
}

/// # Safety
/// \`settings\` is null or valid.
#[no_mangle]
pub unsafe extern "C" fn configure(settings: *const Settings) -> u64 {
    settings.as_ref().map_or(0, |one| one.limit + u64::from(one.level))
}
// config.py: import ctypes
// config.py:
// config.py: class Options(ctypes.Structure):
// config.py:     _fields_ = [("level", ctypes.c_uint8), ("limit", ctypes.c_uint64)]
// config.py:
// config.py: lib = ctypes.CDLL("libsample.so")
// config.py: lib.configure.argtypes = [ctypes.POINTER(Options)]
// config.py: lib.configure.restype = ctypes.c_uint64
`,
    exceptions: [
      'types of one name, which the rules about layouts compare',
      'classes without `_fields_`, and structs whose layout Rust does not define',
      'classes that several versions of Python lay out differently',
      'differences on some of the targets only',
    ],
    fixSafety: null,
    references: [
      { title: 'ctypes, structures and unions', url: 'https://docs.python.org/3/library/ctypes.html#structures-and-unions' },
      { title: 'Rust Reference, the C representation', url: 'https://doc.rust-lang.org/reference/type-layout.html#the-c-representation' },
    ],
  },
  check(ctx) {
    const seen = new Set<string>();
    for (const fn of pythonFns(ctx)) {
      if (fn.doubt !== null) continue;
      for (const { one, module, shapes } of pairs(ctx, fn)) {
        const name = shapes[0]?.shape.kind === 'ref' ? shapes[0].shape.name : '';
        const key = `${module.file} ${one.path} ${name}`;
        if (seen.has(key)) continue;
        seen.add(key);
        judge(ctx, fn, one, module, shapes);
      }
    }
  },
});

interface OnTarget {
  readonly signature: Signature;
  readonly shape: Shape;
}

interface Pair {
  readonly one: PyClass;
  readonly module: PyModule;
  readonly shapes: readonly OnTarget[];
}

/** Classes in a signature with the Rust records at the same places. */
function pairs(ctx: RuleContext<'layout' | 'endian'>, fn: PythonFn): readonly Pair[] {
  const signatures = rustSignatures(ctx, fn);
  const pair = (type: PyType | null, module: PyModule, of: (signature: Signature) => Shape | undefined): readonly Pair[] => {
    const path = classOf(type);
    const one = module.classes.find((other) => other.path === path);
    const shapes = signatures.flatMap((signature) => {
      const shape = recordOf(of(signature), signature);
      return shape ? [{ signature, shape }] : [];
    });
    return one && shapes.length === signatures.length && shapes.length > 0 ? [{ one, module, shapes }] : [];
  };
  const { argtypes, restype } = fn;
  return [
    ...(argtypes?.value.types ?? []).flatMap(({ type }, index) =>
      argtypes ? pair(type, argtypes.module, ({ params }) => params?.[index]?.shape) : [],
    ),
    ...(restype ? pair(restype.value.type, restype.module, ({ result }) => result?.shape) : []),
  ];
}

function classOf(type: PyType | null): string | null {
  if (type?.kind === 'class') return type.path;
  if (type?.kind === 'pointer') return classOf(type.to);
  return type?.kind === 'array' ? classOf(type.of) : null;
}

/** The record that is passed, or that a pointer leads to. */
function recordOf(shape: Shape | undefined, { resolve, target }: Signature): Shape | null {
  if (!shape) return null;
  const value = passedAs(shape, 'rust', resolve, target);
  const at = value.kind === 'pointer' ? value.shape.pointee : shape;
  return at?.kind === 'ref' ? at : null;
}

function judge(ctx: RuleContext<'layout' | 'endian'>, fn: PythonFn, one: PyClass, module: PyModule, shapes: readonly OnTarget[]): void {
  const [first] = shapes;
  if (first?.shape.kind !== 'ref') return;
  const rust = first.shape.name;
  const base = { at: one.at, related: [rustPlace(fn)], mirror: rustPlace(fn).at } as const;
  const native = shapes.every(({ signature: { target } }) => one.endian === 'native' || (one.endian === 'big') === target.bigEndian);
  if (!native && (one.fields ?? []).some(({ type }) => type.kind === 'ctype' && !/^c_(?:char|byte|ubyte|u?int8|bool)$/.test(type.name))) {
    ctx.report('endian', { ...base, data: { class: one.path, rust, order: one.endian }, help: 'derive it from `Structure`' });
    return;
  }
  const id = /#(\d+)$/.exec(first.shape.key)?.[1];
  // Told by the rules about layouts, at the Rust type.
  if (ctx.peers.types.some(({ rust: item, peer }) => item.id === Number(id) && peer.file === module.file && peer.name === one.path)) return;
  const found = shapes.flatMap(({ signature, shape }) => {
    const peer = pythonSide({ kind: 'class', path: one.path }, module, signature.target);
    if (shape.kind !== 'ref') return [];
    const made = compareLayouts(
      { def: signature.resolve(shape.key), resolve: signature.resolve },
      { def: peer.resolve(one.path), resolve: peer.resolve },
      signature.target,
    );
    return made.kind === 'different' && made.first.what !== 'order' && made.first.what !== 'align' ? [made.first] : [];
  });
  const [divergence] = found;
  if (!divergence || found.length !== shapes.length) return;
  ctx.report('layout', {
    ...base,
    data: { class: one.path, rust, detail: layoutDetail(divergence) },
    help: 'give both the same fields in the same order',
  });
}
