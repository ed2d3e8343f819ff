/** Chooses how trees leave the parser: read from its memory where that proves right for a grammar, through its cursor elsewhere. */
import type { Language, Parser, Tree } from 'web-tree-sitter';
import { makeBuffer, STRIDE } from './flat-arrays.ts';
import type { NodeBuffer } from './flat-arrays.ts';
import { exportWithCursor } from './flat-cursor.ts';
import { exportFromMemory, readGrammar } from './flat-memory.ts';
import type { Heap } from './flat-memory.ts';

export type Export = (tree: Tree, buffer: NodeBuffer) => void;

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

/** `errorKind` is the number that ERROR nodes get in the flat trees. */
export function chooseExport(parser: Parser, grammar: Language, errorKind: number, heap: Heap): Export {
  const tables = readGrammar(heap, addressOf(grammar));
  const slow: Export = (tree, buffer) => exportWithCursor(tree, errorKind, buffer);
  if (!tables) return slow;
  const fast: Export = (tree, buffer) => {
    if (!exportFromMemory(heap, addressOf(tree), tables, errorKind, buffer)) slow(tree, buffer);
  };
  const tree = parser.parse(PROBE);
  const same = tree !== null && agree(tree, fast, slow);
  tree?.delete();
  return same ? fast : slow;
}

function agree(tree: Tree, one: Export, other: Export): boolean {
  const left = makeBuffer(1 << 10);
  const right = makeBuffer(1 << 10);
  one(tree, left);
  other(tree, right);
  if (left.count !== right.count) return false;
  for (let i = 0; i < left.count * STRIDE; i++) if (left.data[i] !== right.data[i]) return false;
  return true;
}

/** The address that the binding's objects hold in their first slot; 0 where they have none, which no table reads as a grammar. */
function addressOf(handle: object): number {
  const address: unknown = Reflect.get(handle, 0);
  return typeof address === 'number' ? address : 0;
}
