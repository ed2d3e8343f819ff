/** A signal handler allocates, prints or locks. */
import { foreignCall } from '../../analysis/c-functions/foreign-call.ts';
import { isAsyncSignalSafe } from '../../analysis/c-functions/signatures.ts';
import { calleeOf, libraryName, stdMacro } from '../../analysis/callee.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { givenValue } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { bodiesOf } from '../../analysis/types/local-types.ts';
import { collectExprs, walk } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Cfg } from '../../model/rust/attribute.ts';
import { implies } from '../../model/rust/cfg-logic.ts';
import type { RustItem } from '../../model/workspace.ts';
import type { At, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'unsafe'>;

export default defineRule({
  id: 'signal-handler-unsafe',
  group: 'state',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { unsafe: '`{what}` {does} in the signal handler `{fn}`' },
  docs: {
    what: 'A function that is installed as a signal handler allocates, prints or takes a lock',
    why: `The signal can come while the interrupted code is inside \`malloc\`, or holds the lock of \`stdout\`. The handler then waits for a lock that
nobody releases, or works on a half-changed heap. POSIX lists the few functions that a handler may call.`,
    bad: `use std::ffi::c_int;

extern "C" {
    fn signal(signum: c_int, handler: extern "C" fn(c_int)) -> usize;
}

extern "C" fn on_interrupt(signum: c_int) {
    println!("got signal {signum}");
}

pub fn install() {
    unsafe { signal(2, on_interrupt) };
}
`,
    good: `use std::ffi::c_int;
use std::sync::atomic::{AtomicBool, Ordering};

extern "C" {
    fn signal(signum: c_int, handler: extern "C" fn(c_int)) -> usize;
}

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

extern "C" fn on_interrupt(_: c_int) {
    INTERRUPTED.store(true, Ordering::Relaxed);
}

pub fn install() {
    unsafe { signal(2, on_interrupt) };
}
`,
    exceptions: [
      'code for Windows, which calls handlers on the thread itself or on one of their own',
      'atomics, `write` and everything else that signal-safety(7) lists',
      'handlers that are not installed by `signal`, `sigaction` or nix in the workspace',
      'functions that a handler calls, further than one call away',
      'methods of types that are not known, and C functions that the table does not know',
      'closures: crates that take one (`signal_hook`, `ctrlc`) run it elsewhere or say what it may do',
    ],
    fixSafety: null,
    references: [
      { title: 'signal-safety(7)', url: 'https://man7.org/linux/man-pages/man7/signal-safety.7.html' },
      { title: 'POSIX, signal concepts', url: 'https://pubs.opengroup.org/onlinepubs/9799919799/functions/V2_chap02.html#tag_16_04' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const told = new Set<Expr>();
    for (const body of bodiesWith(ctx.unit.items, HANDLES, ctx.workspace)) {
      for (const { handler, at } of installed(ctx, body)) {
        for (const found of offences(ctx, handler)) {
          if (told.has(found.expr)) continue;
          told.add(found.expr);
          ctx.report('unsafe', {
            at: found.at,
            data: { what: found.what, does: found.does, fn: handler.name },
            related: [{ at: { file: body.item.file, span: at.span }, message: 'installed here' }],
            help: 'set an atomic flag or write to a pipe, and do the work outside of the handler',
            item: handler,
          });
        }
      }
    }
  },
});

/** Installing one is unsafe, in C and in the crates that wrap it; `signal` alone is everywhere. */
const HANDLES = [/\b(bsd_signal|signal|sigset|sa_sigaction|sa_handler|SigHandler)\b/, /\bunsafe\b/];

const WINDOWS: Cfg = { kind: 'option', name: 'windows', value: null };

interface Installed {
  readonly handler: RustItem;
  readonly at: Expr;
}

/** The fns of the workspace that a body installs as handlers. */
function installed(ctx: Context, body: Body): readonly Installed[] {
  const found: Installed[] = [];
  const note = (value: Expr | undefined): void => {
    const handler = value ? fnOf(ctx, body, value) : null;
    if (handler && value) found.push({ handler, at: value });
  };
  // Windows has no signals: the C runtime calls handlers on the thread itself, or on one of their own.
  if (!body.ast.body || implies(body.item.cfg, WINDOWS)) return [];
  walk(
    body.ast.body,
    {
      enterExpr: (expr) => {
        if (expr.kind === 'call') {
          const foreign = foreignCall(expr, body.scope, ctx.workspace);
          if (foreign && /^(bsd_signal|signal|sigset)$/.test(foreign.name)) note(expr.args[1]);
          if (/^SigHandler::(Handler|SigAction)$/.test(libraryName(calleeOf(expr.callee, body.scope, ctx.workspace)) ?? ''))
            note(expr.args[0]);
        } else if (expr.kind === 'assign' && expr.left.kind === 'field' && FIELDS.test(expr.left.name)) note(expr.right);
        else if (expr.kind === 'struct') note(expr.fields.find((field) => FIELDS.test(field.name))?.value);
      },
    },
    { items: false },
  );
  return found;
}

const FIELDS = /^sa_(sigaction|handler)$/;

/** The fn behind casts: `handler as usize`, `handler as *const () as usize`, `Some(handler)`. */
function fnOf(ctx: Context, body: Body, value: Expr): RustItem | null {
  let at = givenValue(value, body);
  for (let i = 0; i < 8; i++) {
    if (at.kind === 'cast') at = givenValue(at.operand, body);
    else if (at.kind === 'call' && at.args.length === 1 && at.args[0]) at = givenValue(at.args[0], body);
    else break;
  }
  const callee = at.kind === 'path' && body.bindingOf(at) === null ? calleeOf(at, body.scope, ctx.workspace) : null;
  const [item] = callee?.kind === 'items' ? callee.items : [];
  return item?.kind === 'fn' && item.entry.bodySpan && item.owner?.kind !== 'extern-block' ? item : null;
}

interface Offence {
  readonly expr: Expr;
  readonly at: At;
  readonly what: string;
  readonly does: string;
}

/** Of the handler itself and the fns of the workspace that it calls. */
function offences(ctx: Context, handler: RustItem): readonly Offence[] {
  const body = bodiesOf(ctx.workspace)(handler);
  if (!body?.ast.body) return [];
  const found = [...inBody(ctx, body)];
  for (const call of collectExprs(body.ast.body, (one) => one.kind === 'call', { items: false, closures: false })) {
    const callee = call.kind === 'call' ? calleeOf(call.callee, body.scope, ctx.workspace) : null;
    const [item] = callee?.kind === 'items' && callee.items.length === 1 ? callee.items : [];
    const called = item && item !== handler && item.kind === 'fn' && item.entry.bodySpan ? bodiesOf(ctx.workspace)(item) : null;
    const [first] = called ? inBody(ctx, called) : [];
    if (first && item)
      found.push({ expr: call, at: { file: handler.file, span: call.span }, what: item.name, does: `${first.does} (\`${first.what}\`)` });
  }
  return found;
}

const PRINTS = /^e?print(ln)?$/;
const ALLOCATES = /^(format|vec)$/;
const ALLOCATING_CALLS =
  /^((Box|Rc|Arc)::(new|from|pin)|(String|Vec|PathBuf|OsString|HashMap|BTreeMap)::(from|with_capacity)|CString::new|fs::\w+|File::(open|create)|env::\w+|thread::spawn|alloc::alloc)$/;
const ALLOCATING_METHODS = /^(to_string|to_owned|to_vec|into_owned|into_boxed_\w+|to_string_lossy|collect)$/;
/** Of C: the heap, buffered output, locks and the like. What POSIX allows is asked first. */
const C_UNSAFE =
  /^(malloc|calloc|realloc|reallocarray|free|strdup|strndup|v?(f|s|sn|d|as)?printf|puts|fputs|putchar|putc|fputc|fwrite|fread|fgets|fflush|fopen|fclose|popen|pclose|perror|exit|syslog|openlog|pthread_(mutex|rwlock|cond|spin)_\w+|dlopen|dlsym|getpw\w+|getgr\w+|localtime(_r)?|gmtime|ctime(_r)?|asctime|strftime|getenv|setenv|putenv|unsetenv|getaddrinfo|gethostbyname|system|rand|random|opendir|readdir|closedir)$/;

function* inBody(ctx: Context, body: Body): Generator<Offence> {
  if (!body.ast.body) return;
  const at = (span: Expr['span']): At => ({ file: body.item.file, span });
  for (const expr of collectExprs(body.ast.body, () => true, { items: false, closures: false })) {
    if (expr.kind === 'macro') {
      const name = stdMacro(expr.path, body.scope, ctx.workspace);
      if (name !== null && PRINTS.test(name))
        yield { expr, at: at(expr.path.span), what: `${name}!`, does: 'takes the lock of the output' };
      if (name !== null && ALLOCATES.test(name)) yield { expr, at: at(expr.path.span), what: `${name}!`, does: 'allocates' };
    } else if (expr.kind === 'call') {
      const foreign = foreignCall(expr, body.scope, ctx.workspace);
      const name = libraryName(calleeOf(expr.callee, body.scope, ctx.workspace)) ?? '';
      if (foreign && C_UNSAFE.test(foreign.name) && !isAsyncSignalSafe(foreign.name))
        yield { expr, at: at(expr.callee.span), what: foreign.name, does: 'is not async-signal-safe' };
      else if (!foreign && ALLOCATING_CALLS.test(name)) yield { expr, at: at(expr.callee.span), what: name, does: 'allocates' };
      else if (!foreign && name === 'process::exit')
        yield { expr, at: at(expr.callee.span), what: name, does: 'runs what `atexit` was given' };
    } else if (expr.kind === 'method' && expr.args.length === 0) {
      if (expr.name === 'lock') yield { expr, at: at(expr.nameSpan), what: 'lock', does: 'waits for a lock' };
      else if (ALLOCATING_METHODS.test(expr.name)) yield { expr, at: at(expr.nameSpan), what: expr.name, does: 'allocates' };
    }
  }
}
