/** Parsing into flat trees: offsets, shape, errors, and that both ways out of the parser agree. */
import { Language, Parser } from 'web-tree-sitter';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeBuffer, STRIDE } from '../../server/src/syntax/flat-arrays.ts';
import type { NodeBuffer } from '../../server/src/syntax/flat-arrays.ts';
import { exportWithCursor } from '../../server/src/syntax/flat-cursor.ts';
import { exportFromMemory, readGrammar } from '../../server/src/syntax/flat-memory.ts';
import type { Heap } from '../../server/src/syntax/flat-memory.ts';
import type { FlatTree, NodeId } from '../../server/src/syntax/flat-tree.ts';
import { loadParsers } from '../../server/src/syntax/parsers.ts';
import type { Parsers } from '../../server/src/syntax/parsers.types.ts';
import { grammarBytes } from '../support/parsers.ts';

// Started here, so that this test holds the runtime's memory.
const runtime: Heap & { wasmBinary: Uint8Array } = { wasmBinary: grammarBytes().runtime };
let parsers: Parsers;

beforeAll(async () => {
  await Parser.init(runtime);
  parsers = await loadParsers(grammarBytes());
});

/** Every node as `kind@start-end`, named ones only. */
function outline(tree: FlatTree, node: NodeId = 0): string {
  const children: string[] = [];
  for (let child = tree.firstChild(node); child >= 0; child = tree.nextSibling(child)) {
    if (tree.named(child)) children.push(outline(tree, child));
  }
  const field = tree.field(node);
  return `${field ? `${field}=` : ''}${tree.kind(node)}${children.length > 0 ? `(${children.join(' ')})` : ''}`;
}

function find(tree: FlatTree, kind: string): NodeId {
  for (let node = 0; node < tree.count; node++) if (tree.kind(node) === kind) return node;
  return -1;
}

describe('a flat tree', () => {
  it('has kinds, fields and nesting of the grammar', () => {
    const tree = parsers.parse('rust', 'fn f(x: i32) {}', 0);
    expect(outline(tree)).toBe(
      'source_file(function_item(name=identifier parameters=parameters(parameter(pattern=identifier type=primitive_type)) body=block))',
    );
    expect(tree.hasError(0)).toBe(false);
  });

  it('knows parents, siblings and leaves', () => {
    const tree = parsers.parse('rust', 'fn f() {} fn g() {}', 0);
    const [first, second] = [tree.firstChild(0), tree.nextSibling(tree.firstChild(0))];
    expect([tree.textOf(first), tree.textOf(second), tree.nextSibling(second)]).toEqual(['fn f() {}', 'fn g() {}', -1]);
    expect(tree.parent(second)).toBe(0);
    expect(tree.parent(0)).toBe(-1);
    expect(tree.firstChild(find(tree, 'identifier'))).toBe(-1);
    expect(tree.firstChild(-1)).toBe(-1);
  });

  it('counts in UTF-16 units and adds the offset', () => {
    const text = 'const A: &str = "é😀"; const B: u8 = 1;';
    const tree = parsers.parse('rust', text, 100);
    const literal = find(tree, 'integer_literal');
    expect(tree.textOf(literal)).toBe('1');
    expect(tree.span(literal)).toEqual({ start: 100 + text.lastIndexOf('1'), end: 101 + text.lastIndexOf('1') });
    expect(tree.textOf(find(tree, 'string_literal'))).toBe('"é😀"');
  });

  it('marks what is broken and everything above it', () => {
    const tree = parsers.parse('rust', 'fn f() { let = 1; } fn g() {}', 0);
    const broken = find(tree, 'ERROR');
    expect(tree.broken(broken)).toBe(true);
    expect(tree.hasError(0)).toBe(true);
    expect(tree.broken(0)).toBe(false);
    expect(tree.hasError(tree.nextSibling(tree.firstChild(0)))).toBe(false);
  });

  it('marks tokens that the parser made up', () => {
    const tree = parsers.parse('rust', 'struct S { x: }', 0);
    expect(tree.hasError(0)).toBe(true);
  });

  it('comes for C and Python too', () => {
    expect(outline(parsers.parse('c', 'int x;', 0))).toBe('translation_unit(declaration(type=primitive_type declarator=identifier))');
    expect(outline(parsers.parse('python', 'x = 1', 0))).toBe('module(expression_statement(assignment(left=identifier right=integer)))');
  });

  it('comes for TypeScript and C# once they are prepared', async () => {
    const { late, ...rest } = grammarBytes();
    const some = await loadParsers({ ...rest, late });
    expect(some.parse('csharp', 'class A {}', 0).broken(0)).toBe(true);
    expect([await some.prepare('csharp'), await some.prepare('typescript')]).toEqual([true, true]);
    expect(outline(some.parse('csharp', 'class A {}', 0))).toBe(
      'compilation_unit(class_declaration(name=identifier body=declaration_list))',
    );
    expect(outline(some.parse('typescript', 'f(x as const)', 0))).toBe(
      'program(expression_statement(call_expression(function=identifier arguments=arguments(as_expression(identifier)))))',
    );
    some.dispose();
    expect(await (await loadParsers(rest)).prepare('csharp')).toBe(false);
    const broken = (): Uint8Array => new Uint8Array(4);
    expect(await (await loadParsers({ ...rest, late: broken })).prepare('typescript')).toBe(false);
  });

  it('is one broken node without the grammar', async () => {
    const { runtime: bytes, rust } = grammarBytes();
    const few = await loadParsers({ runtime: bytes, rust });
    const tree = few.parse('c', 'int x;', 7);
    expect([tree.count, tree.kind(0), tree.broken(0), tree.hasError(0)]).toEqual([1, 'ERROR', true, true]);
    expect(tree.span(0)).toEqual({ start: 7, end: 13 });
    few.dispose();
    expect(few.parse('rust', 'fn f() {}', 0).broken(0)).toBe(true);
  });

  it('survives empty and very deep texts', () => {
    expect(parsers.parse('rust', '', 0).count).toBe(1);
    const deep = `fn f() { ${'('.repeat(5000)}1${')'.repeat(5000)}; }`;
    expect(parsers.parse('rust', deep, 0).count).toBeGreaterThan(15_000);
  });
});

describe('reading the memory of the parser', () => {
  const texts: Record<'rust' | 'c' | 'python' | 'typescript' | 'csharp', readonly string[]> = {
    rust: [
      '',
      '// only a comment',
      "impl<'a, T: B> A<T> for &'a mut C { fn f(self: Box<Self>, #[x] a: (u8, [i32; 2])) -> impl D + '_ { a.b::<T>()?.await } }",
      'fn f() { let S { a, ref b, .. } = c else { return }; match x { A | B(1..=2) if y => {} _ => z![1, "a"] } }',
      '/// docs\n#[a(b = "c")]\npub(crate) enum E { A = 1, B { x: u8 }, C(i8) }',
      'fn ( { let = 5; } struct S { x: } enum',
      "trait T { type A<'a>: B where Self: 'a; const C: u8 = { 1 + 2 * 3 }; }",
      `const X: &[u8] = &[${'1, '.repeat(600)}];`,
    ],
    c: [
      'struct s { int a : 3; union { float f; char c[2]; } u; }; typedef int (*cb)(void *, ...);',
      '#define A(x) x\n#if B\nint f(int a) { return a ? sizeof(int) : -1; }\n#endif',
      'int f( { ] ;',
    ],
    typescript: [
      `const a = { b: [1, "x", \`t\${y}\`], c() {} } as const; export type T<U> = U extends infer V ? V[] : never;`,
      'f<A>(({ b, ...c }) => <D>b, ; {',
    ],
    csharp: [
      'namespace N; [A("b", C = D.E)] static unsafe partial class F { [G] extern static int H(ref I<J> k, byte* l, params object[] m); }',
      'class A { int B( } struct',
    ],
    python: [
      'class A(B):\n  @d\n  async def f(self, *a: int, **k) -> "x":\n    return [x for x in y if x is not None and x not in z]\n',
      'def f(:\n  x = ',
    ],
  };

  for (const language of ['rust', 'c', 'python', 'typescript', 'csharp'] as const) {
    it(`gives the same ${language} trees as its cursor`, async () => {
      const { late, ...early } = grammarBytes();
      const grammar = await Language.load(language === 'typescript' || language === 'csharp' ? late(language) : early[language]);
      const parser = new Parser().setLanguage(grammar);
      const errorKind = grammar.types.length;
      const address = (handle: object): number => Number(Reflect.get(handle, 0));
      const tables = readGrammar(runtime, address(grammar));
      if (!tables) throw new Error('the memory of the runtime is not at hand');
      for (const text of texts[language]) {
        const [left, right] = [makeBuffer(8), makeBuffer(8)];
        const tree = parser.parse(text);
        if (!tree) throw new Error('no tree');
        exportWithCursor(tree, errorKind, left);
        expect(exportFromMemory(runtime, address(tree), tables, errorKind, right)).toBe(true);
        tree.delete();
        expect(used(right)).toEqual(used(left));
      }
      parser.delete();
    });
  }

  function used(buffer: NodeBuffer): readonly number[] {
    return Array.from(buffer.data.subarray(0, buffer.count * STRIDE));
  }
});

describe('Rust of edition 2024', () => {
  const samples = {
    'unsafe extern blocks': 'unsafe extern "C" { safe fn f(); pub unsafe static X: i32; unsafe fn g(x: u8, ...); safe static Y: u8; }',
    'unsafe attributes': '#[unsafe(no_mangle)] pub extern "C" fn f() {} #[unsafe(export_name = "g")] static S: u8 = 1;',
    'raw references': 'fn f(x: &mut S) { let a = &raw const x.y; let b = &raw mut x.y; }',
    'let chains': 'fn f() { if let Some(x) = a && x > 1 && let Ok(y) = x.g() { y } while let Some(z) = b && z {} }',
    'C strings': 'const A: &CStr = c"hi\\n"; const B: &CStr = cr#"x"y"#;',
    'gen blocks': 'fn f() { let g = gen { yield 1; }; let h = gen move { yield x; }; }',
    'precise capturing': "fn f<'a, T>(x: &'a T) -> impl Sized + use<'a, T> { x }",
    'async closures': 'fn f() { let c = async |x: u8| x; let d = async move || { g().await }; }',
    'let-else, const blocks, labels': "fn f() { let Some(x) = y else { return }; const { assert!(true) }; let z = 'a: { break 'a 1 }; }",
    'C variadics and fn pointers': 'type F = for<\'a> unsafe extern "C-unwind" fn(&\'a u8, n: usize, ...) -> !;',
    'associated bounds and GATs': "fn f(x: impl Iterator<Item: Copy>) where for<'a> T: G<A<'a> = u8> {}",
  };
  for (const [what, source] of Object.entries(samples)) {
    it(`parses ${what}`, () => {
      expect(parsers.parse('rust', source, 0).hasError(0)).toBe(false);
    });
  }
});
