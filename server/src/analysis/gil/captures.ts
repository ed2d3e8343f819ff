/** Whether what a closure would capture may leave the interpreter: PyO3 asks for `Send` (`Ungil`), references for `Sync`. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Body } from '../types/local-types-body.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { stripRefs } from '../types/local-types-ty.ts';
import { walk } from '../walk.ts';

export type Sendable = 'yes' | 'no' | 'unknown';

/** Std types that are Send and Sync where their arguments are. */
const BOTH =
  /^std::(string::String|vec::Vec|option::Option|result::Result|boxed::Box|path::Path(Buf)?|ffi::(OsString|OsStr|CString|CStr)|fs::(File|OpenOptions|Metadata|DirEntry)|io::(BufReader|BufWriter|Cursor|Error)|time::(Duration|Instant|SystemTime)|collections::(HashMap|HashSet|BTreeMap|BTreeSet|VecDeque|BinaryHeap)|sync::(Arc|Mutex|RwLock|Barrier|Condvar)|process::(Command|Child|Output|ExitStatus)|net::(TcpStream|TcpListener|UdpSocket|SocketAddr)|ops::Range(Inclusive)?|thread::JoinHandle|borrow::Cow)$/;
const NEITHER =
  /^std::(rc::(Rc|Weak)|cell::(RefCell|Cell|UnsafeCell|Ref|RefMut)|sync::(MutexGuard|RwLockReadGuard|RwLockWriteGuard|mpsc::Receiver)|io::StdinLock)$/;

export function sendable(ty: MaybeTy): Sendable {
  const at = stripRefs(ty);
  if (!at) return 'unknown';
  switch (at.kind) {
    case 'primitive':
      return 'yes';
    case 'slice':
    case 'array':
      return sendable(at.element);
    case 'tuple':
      return weakest(at.elements);
    case 'opaque':
      return at.pointer ? 'no' : 'unknown';
    case 'external':
      if (NEITHER.test(at.path)) return 'no';
      if (at.path === 'pyo3::Py') return 'yes';
      if (at.path.startsWith('pyo3::') || at.path.startsWith('numpy::')) return at.path === 'pyo3::PyErr' ? 'yes' : 'no';
      return BOTH.test(at.path) ? weakest(at.args) : 'unknown';
    default:
      return 'unknown';
  }
}

function weakest(types: readonly MaybeTy[]): Sendable {
  const all = types.map(sendable);
  return all.includes('no') ? 'no' : all.includes('unknown') ? 'unknown' : 'yes';
}

/** Over everything that a closure around the expression would capture. */
export function capturesSendable(root: Expr, body: Body): Sendable {
  const own = (span: Expr['span'] | undefined): boolean => span !== undefined && root.span.start <= span.start && span.end <= root.span.end;
  let result: Sendable = 'yes';
  walk(root, {
    enterExpr(expr) {
      const binding = body.bindingOf(expr);
      // Bound inside: not captured.
      if (
        !binding ||
        own(binding.closure?.span) ||
        (binding.source && own(binding.source.span) && binding.kind !== 'param' && binding.kind !== 'self')
      )
        return;
      const verdict = binding.kind === 'self' ? 'unknown' : sendable(binding.ty);
      if (verdict === 'no' || (verdict === 'unknown' && result === 'yes')) result = verdict;
    },
  });
  return result;
}

/** Whether an expression would leave a closure around it: `?` unless that is provided for, `return`, `break`, `continue`, `.await`. */
export function leavesClosure(root: Expr, { tries = false } = {}): boolean {
  let found = false;
  walk(
    root,
    {
      enterExpr(expr) {
        if (/^(return|await|yield)$/.test(expr.kind) || (expr.kind === 'try' && !tries)) found = true;
        if (expr.kind === 'break' || expr.kind === 'continue') found ||= expr.label !== null || !isLoop(root);
        return !found;
      },
    },
    { closures: false, items: false },
  );
  return found;
}

/** An unlabelled `break` within a loop that is wrapped as a whole stays inside, at least that of the loop itself. */
function isLoop(root: Expr): boolean {
  return root.kind === 'loop';
}

/** Letting others run while a lock or borrow is held can deadlock them. */
export function holdsLock(body: Body, expr: Expr): boolean {
  return body.bindings.some((b) => {
    const ty = stripRefs(b.ty);
    return (
      b.source !== null &&
      b.source.span.end <= expr.span.start &&
      ty?.kind === 'external' &&
      /(MutexGuard|RwLock\w+Guard|RefMut|::Ref|PyRef(Mut)?)$/.test(ty.path)
    );
  });
}
