/** What a C function should have written is taken as written, whatever the function says. */
import type { ForeignCall } from '../../analysis/c-functions/foreign-call.ts';
import { declScope, foreignCall, isInteger, typeName } from '../../analysis/c-functions/foreign-call.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { isResultIgnored, lentToFill } from '../../analysis/ownership/out-pointers.ts';
import { givenValue, stdCall } from '../../analysis/ownership/owners.ts';
import { ownedTwice } from '../../analysis/ownership/paths.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { collectExprs, unwrapBlock, variable } from '../../analysis/walk.ts';
import { sliceSpan } from '../../base/text.ts';
import { words } from '../../base/words.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import { named } from '../claim.ts';
import { indentAt } from '../indent.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { abortIf, ownStatement, statementAround, wholeStatement } from '../statement-edits.ts';

type Context = RuleContext<'ignored'>;

export default defineRule({
  id: 'assume-init-ignores-status',
  group: 'ownership',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { ignored: '`{local}` is taken as written by `{callee}`, whose result nobody looks at' },
  docs: {
    what: '`assume_init` follows a C function whose status is thrown away',
    why: `A C function that fails mostly leaves its out parameter as it is. \`assume_init\` then makes a value of memory that nobody has written:
undefined behaviour, and in practice what lay on the stack before.`,
    bad: `use std::mem::MaybeUninit;

#[repr(C)]
pub struct Info {
    pub width: u32,
    pub height: u32,
}

extern "C" {
    fn image_info(index: u32, info: *mut Info) -> i32;
}

pub fn info(index: u32) -> Info {
    let mut info = MaybeUninit::uninit();
    unsafe {
        image_info(index, info.as_mut_ptr());
        info.assume_init()
    }
}
`,
    good: `use std::mem::MaybeUninit;

#[repr(C)]
pub struct Info {
    pub width: u32,
    pub height: u32,
}

extern "C" {
    fn image_info(index: u32, info: *mut Info) -> i32;
}

pub fn info(index: u32) -> Option<Info> {
    let mut info = MaybeUninit::uninit();
    unsafe {
        if image_info(index, info.as_mut_ptr()) != 0 {
            return None;
        }
        Some(info.assume_init())
    }
}
`,
    exceptions: [
      'functions that return nothing, and those that return a pointer',
      'a status that is bound to a name, compared, returned or passed on',
      '`MaybeUninit::zeroed()`: then there is a value whatever the function does',
      'functions of the C library that cannot fail with valid arguments: `sigemptyset`, `clock_gettime`, `gettimeofday` …',
    ],
    fixSafety:
      'Not safe: the process ends where the function fails, and which results mean that is a guess: those other than 0, a negative one of functions of the C library that return a number, `false`. There is none for types of status that are not plain numbers.',
    references: [
      { title: 'std, MaybeUninit::assume_init', url: 'https://doc.rust-lang.org/std/mem/union.MaybeUninit.html#method.assume_init' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\.\s*assume_init/, ctx.workspace)) checkBody(ctx, body);
  },
});

function checkBody(ctx: Context, body: Body): void {
  const root = body.ast.body;
  if (!root) return;
  const calls = collectExprs(root, (one) => one.kind === 'call', { items: false });
  const told = new Set<string>();
  for (const expr of collectExprs(root, (one) => one.kind === 'method', { items: false })) {
    if (expr.kind !== 'method' || !/^assume_init(_ref|_mut|_read)?$/.test(expr.name)) continue;
    const local = variable(expr.receiver);
    if (local === null || told.has(local) || body.bindings.filter((one) => one.name === local).length !== 1) continue;
    if (stdCall(givenValue(expr.receiver, body), body.scope, ctx.workspace) !== 'MaybeUninit::uninit') continue;
    const fills = calls.filter(
      (one) => one.kind === 'call' && one.span.end <= expr.span.start && one.args.some((arg) => lentToFill(arg) === local),
    );
    const [fill] = fills;
    const called = fill && fills.length === 1 ? foreignCall(fill, body.scope, ctx.workspace) : null;
    if (!fill || !called || !mayFail(called, ctx) || !isResultIgnored(fill, root) || !ownedTwice(root, fill, expr, local)) continue;
    told.add(local);
    ctx.report('ignored', {
      at: { file: body.item.file, span: expr.nameSpan },
      data: { local, callee: called.name },
      related: [{ at: { file: body.item.file, span: fill.span }, message: 'its result says whether it has written' }],
      help: `look at what \`${called.name}\` returns before`,
      fixes: abortFix(ctx, body, root, called),
      item: body.item,
      claims: [{ kind: 'calls', at: { file: body.item.file, span: expr.nameSpan }, callees: named('MaybeUninit::assume_init') }],
    });
  }
}

/** Ends the process where the status says that the function failed. */
function abortFix(ctx: Context, { item }: Body, root: Expr, called: ForeignCall): readonly Fix[] {
  const failed = failure(called, ctx);
  const placed = ownStatement(root, called.call) ?? statementAround(root, called.call);
  if (failed === null || !placed || item.module.crate.noStd) return [];
  const { statement } = placed;
  const text = ctx.workspace.text(item.file);
  const value = statement.kind === 'let' ? statement.value : statement.kind === 'expr' ? statement.expr : null;
  // In a block with more than the call, the value of the block is another one.
  if (!value || unwrapBlock(value) !== called.call) return [];
  const indent = indentAt(text, statement.span.start);
  const lines = abortIf(failed(sliceSpan(text, value.span))).map((line) => line.replace('\t', '    '));
  return [
    {
      title: 'abort where the call fails',
      safe: false,
      edits: [{ file: item.file.path, span: wholeStatement(text, statement), text: lines.join(`\n${indent}`) }],
    },
  ];
}

/** Functions of the C library that give back an error number, and nothing else. */
const ERROR_NUMBER = /^pthread_|^posix_|^sigwait$|^clock_getcpuclockid$|_r$|^get(addr|name)info$|^timerfd_|^proc_/;

/** How a call is asked whether it failed; null where its status is no plain number or truth value. */
function failure({ name, item, ast }: ForeignCall, ctx: Context): ((call: string) => string) | null {
  if (!ast || !item) return (call) => (ERROR_NUMBER.test(name) ? `${call} != 0` : `${call} < 0`);
  const written = ast.result ? typeName(ast.result, declScope(item), ctx.workspace) : null;
  if (written === 'bool') return (call) => `!${call}`;
  return /^(i8|i16|i32|i64|isize|u8|u16|u32|u64|usize|c_int|c_uint|c_long|c_short)$/.test(written ?? '') ? (call) => `${call} != 0` : null;
}

/** Functions of the C library that fill a structure and cannot fail where their arguments are valid (POSIX, "ERRORS" of each). */
const CANNOT_FAIL = words(`
  sigemptyset sigfillset sigaddset sigdelset clock_gettime clock_getres gettimeofday getrusage uname times time pthread_attr_destroy
  pthread_mutexattr_init pthread_mutexattr_settype pthread_condattr_init pthread_mutex_init pthread_cond_init pthread_sigmask sigprocmask
  sigaltstack QueryPerformanceCounter QueryPerformanceFrequency mach_timebase_info
`);

/** Functions of the libc crate, whose declarations are not read, that fail for an ordinary reason. */
const LIBC_STATUS = words(`
  stat stat64 lstat lstat64 fstat fstat64 fstatat fstatat64 statvfs statvfs64 fstatvfs fstatvfs64 statfs statfs64 fstatfs fstatfs64 statx ioctl
  getsockopt getpeername getsockname accept accept4 pipe pipe2 socketpair tcgetattr getrlimit getrlimit64 prlimit sysctl sysctlbyname
  sysinfo getifaddrs getaddrinfo getnameinfo pthread_attr_init pthread_getattr_np pthread_getschedparam pthread_create waitpid waitid wait4
  sigaction read pread recv recvfrom recvmsg readlink getpwnam_r getpwuid_r getgrnam_r getgrgid_r openpty forkpty timer_create sem_init
  nanosleep getgroups getresuid getresgid sched_getaffinity sched_getparam epoll_wait proc_pidinfo fcntl getitimer timerfd_gettime adjtimex ptrace mq_getattr
  shmctl semctl msgctl timer_gettime clock_getcpuclockid sched_rr_get_interval sigwait sigtimedwait wait3 posix_spawn_file_actions_init posix_spawnattr_init
`);

/** Its result is a status: an integer or a truth value. */
function mayFail({ name, item, ast }: ForeignCall, ctx: Context): boolean {
  if (CANNOT_FAIL.has(name)) return false;
  if (!ast || !item) return LIBC_STATUS.has(name);
  const { result } = ast;
  if (result === null || result.kind !== 'path') return false;
  const scope = declScope(item);
  return (
    isInteger(result, scope, ctx.workspace) ||
    /^(bool|BOOL|HRESULT|NTSTATUS)$|status|result|error|err$|^ret/i.test(typeName(result, scope, ctx.workspace) ?? '')
  );
}
