/** Chooses how trees leave the parser: read from its memory where that proves right for a grammar, through its cursor elsewhere. */
import type { Language, Parser, Tree } from 'web-tree-sitter';
import { makeBuffers } from './flat-arrays.ts';
import type { GrammarNames, NodeBuffers } from './flat-arrays.ts';
import { exportWithCursor } from './flat-cursor.ts';
import { exportFromMemory, readGrammar } from './flat-memory.ts';
import type { Heap } from './flat-memory.ts';

export type Export = (tree: Tree, buffers: NodeBuffers) => void;

/** Has fields, aliases, comments, errors and made-up tokens in each of the three languages. */
const PROBE = `
#[a] pub struct S<'a, T: U> { x: &'a T, y: [u8; 2] } // b
unsafe extern "C" { safe fn f(x: i32, ...) -> *mut u8; }
fn f(a: &mut T) -> A::B { let Some(x) = a.b::<C>(1)?[0] else { return }; "é😀\\n"; if let Ok(_) = x && y {} vec![1, (2)] }
impl fn ( { let = ; } struct
struct p { int x : 3; const char *q; } v = { .x = 1, (int) sizeof(q) };
int main(void) { for (;;) { if (v.x->y) return "a" L"b"; else goto l; } #define A(x) x
def g(self, *a: int = 1, **k) -> "s": return [x for x in y if x is not None and x not in z] # c
class C(B): @d
  async def m(self): f"{x!r:>{w}}" ; lambda: (yield), not a
`;

export function chooseExport(parser: Parser, grammar: Language, names: GrammarNames, heap: Heap): Export {
  const tables = readGrammar(heap, addressOf(grammar));
  if (!tables) return (tree, buffers) => exportWithCursor(tree, names, buffers);
  const errorKind = names.kinds.length - 1;
  const fast: Export = (tree, buffers) => {
    if (!exportFromMemory(heap, addressOf(tree), tables, errorKind, buffers)) exportWithCursor(tree, names, buffers);
  };
  const slow: Export = (tree, buffers) => exportWithCursor(tree, names, buffers);
  const tree = parser.parse(PROBE);
  const same = tree !== null && agree(tree, fast, slow);
  tree?.delete();
  return same ? fast : slow;
}

function agree(tree: Tree, one: Export, other: Export): boolean {
  const left = makeBuffers(1 << 10);
  const right = makeBuffers(1 << 10);
  one(tree, left);
  other(tree, right);
  if (left.count !== right.count) return false;
  for (const name of ['kind', 'field', 'flags', 'start', 'end', 'parent', 'next'] as const) {
    for (let node = 0; node < left.count; node++) if (left[name][node] !== right[name][node]) return false;
  }
  return true;
}

/** The address that the binding's objects hold in their first slot; 0 where they have none, which no table reads as a grammar. */
function addressOf(handle: object): number {
  const address: unknown = Reflect.get(handle, 0);
  return typeof address === 'number' ? address : 0;
}
