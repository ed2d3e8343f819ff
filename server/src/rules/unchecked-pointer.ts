/** What the rules about unchecked pointer parameters share: which exports they look at, which use is reported, and the guard. */
import { alwaysRuns } from '../analysis/always-runs.ts';
import type { PointerUse, PointerUseKind } from '../analysis/nullness/null-facts.ts';
import { isSystemName } from '../abi/peers/system-names.ts';
import type { Severity } from '../base/severity.ts';
import type { BoundaryFn } from '../model/surface/surface.ts';
import { defaultResult, insertAtBodyStart, nullGuard } from './edits.ts';
import { isHidden } from './hidden.ts';
import type { Fix, Report, RuleContext } from './rule.ts';

/** What a compiler calls the fns that take the pointer; a dereference is none. */
export const POINTER_TAKERS: Readonly<Record<PointerUseKind, RegExp | null>> = {
  deref: null,
  slice: /^(?:std|core)::slice::(?:raw::)?from_raw_parts(?:_mut)?$/,
  cstr: /^(?:std|core)::ffi::(?:c_str::)?CStr::from_ptr$/,
  'from-raw': /^(?:std|alloc)::(?:boxed::Box|rc::Rc|sync::Arc|ffi::(?:c_str::)?CString|vec::Vec|string::String)::from_raw(?:_parts)?$/,
};

export interface UncheckedUse {
  readonly fn: BoundaryFn;
  readonly use: PointerUse;
  /** Milder than the rule where the parameter is one that callers hardly pass as null. */
  readonly severity: Severity | null;
}

/** Exports that C code of any kind calls with pointers of its own. */
export function exportsToCheck(ctx: RuleContext): readonly BoundaryFn[] {
  if (ctx.unit.kind !== 'rust') return [];
  return ctx.unit.surface.functions.filter(
    (fn) => fn.role === 'export' && !fn.rewritten && !CALLED_BY_RUNTIME.test(fn.symbol ?? '') && !namesOf(fn).some(forbidsNull),
  );
}

/** Its symbol, and its own name where the symbol is that with a prefix: `mini_rand_r` of a fn `rand_r`. */
function namesOf({ symbol, ast }: BoundaryFn): readonly string[] {
  return symbol === null ? [] : symbol.endsWith(`_${ast.name}`) ? [symbol, ast.name] : [symbol];
}

/** Entry points that a runtime calls with pointers of its own making. */
const CALLED_BY_RUNTIME =
  /^(main|wmain|_start|WinMain|wWinMain|DllMain|DriverEntry|efi_main|JNI_OnLoad|JNI_OnUnload|Java_\w+|luaopen_\w+|PyInit_\w+|Init_\w+|napi_register_\w+|node_api_\w+|sqlite3_\w*init|LLVMFuzzer\w+|_Unwind_\w+|rust_eh_personality|__\w+)$/;

/** C library functions for which the C standard forbids null, prefixed ones too: whoever implements them may rely on it. */
const C_LIBRARY =
  /(?:^|_)(mem(cpy|move|set|cmp|chr|rchr|mem|ccpy)|bcmp|bcopy|bzero|str(n?(len|cpy|cat|cmp|casecmp)|r?chr|str|c?spn|pbrk|tok(_r)?|lcpy|lcat))$/;

/** The same of POSIX, by their own names: `frexp`, `fseek`, `inet_pton`. Some take null for an answer. */
function forbidsNull(symbol: string): boolean {
  return C_LIBRARY.test(symbol) || (symbol.length > 3 && isSystemName(symbol) && !TAKES_NULL.test(symbol));
}

const TAKES_NULL =
  /^(c?free|realloc\w*|time|wait\w*|getcwd|setlocale|fflush|system|strtol\w*|strtou\w*|strtod|posix_\w+|sig\w+|select|utime\w*)$/;

/** Names of receivers: a vtable, a wrapper or generated machine code calls such fns with the object itself. */
const RECEIVER = /^(this|self_|_self|this_|self_ptr|this_ptr|vmctx)$/;

/**
 * For every pointer parameter of an export the first use that nothing checks, if it is of the kind asked for:
 * a parameter that is used in several ways is reported once, by the rule of its first use.
 */
export function uncheckedUses(ctx: RuleContext, kind: PointerUseKind): readonly UncheckedUse[] {
  const found: UncheckedUse[] = [];
  for (const fn of exportsToCheck(ctx)) {
    // A check that stands behind the use is told there.
    const seen = new Set(ctx.facts.nullness.lateChecks(fn).map((late) => late.name));
    for (const use of ctx.facts.nullness.uses(fn)) {
      if (use.state !== 'unchecked' || seen.has(use.param)) continue;
      seen.add(use.param);
      if (use.kind === kind) found.push({ fn, use, severity: severityOf(ctx, fn, use) });
    }
    if (ctx.facts.nullness.undecided(fn) > 0 && kind === 'deref') {
      ctx.unknown('a macro or fn that is not known may check a pointer', { file: fn.item.file, span: fn.ast.nameSpan });
    }
  }
  return found;
}

function severityOf(ctx: RuleContext, fn: BoundaryFn, use: PointerUse): Severity | null {
  if (isHidden(fn.item) || (fn.ast.params[0]?.name === use.param && RECEIVER.test(use.param))) return 'info';
  return ctx.trustSafetyDocs && fn.ast.unsafe && /#\s*Safety[\s\S]*\bnull\b/i.test(fn.ast.docs) ? 'info' : null;
}

/** The parts of a report that are the same for all uses of a parameter. */
export function paramReport(found: UncheckedUse): Report {
  const { fn, use } = found;
  return {
    at: { file: fn.item.file, span: use.span },
    data: { param: use.param, fn: fn.ast.name },
    related: [{ at: { file: fn.item.file, span: use.paramSpan }, message: `\`${use.param}\` is null where C passes NULL` }],
    item: fn.item,
    claims: [{ kind: 'uses-pointer', at: { file: fn.item.file, span: use.span }, callees: POINTER_TAKERS[use.kind] }],
    ...(found.severity ? { severity: found.severity } : {}),
  };
}

/** `if p.is_null() { return …; }` at the top of the fn; none where its result type has no plain default. */
export function guardFixes(ctx: RuleContext, found: UncheckedUse): readonly Fix[] {
  const { fn, use } = found;
  const result = defaultResult(fn, ctx.workspace);
  if (!result) return [];
  const order = fn.ast.params.filter((param) => param.type.kind === 'pointer').findIndex((param) => param.name === use.param);
  const edit = insertAtBodyStart(fn, nullGuard(use.param, result), Math.max(0, order), ctx.workspace);
  const title = `return ${result.value === '' ? 'early' : `\`${result.value}\``} where \`${use.param}\` is null`;
  // Where the use does not run on every path, callers may rely on passing null on the others.
  const safe = result.neutral && fn.ast.body !== null && alwaysRuns(fn.ast.body, use.expr);
  return edit ? [{ title, safe, edits: [edit] }] : [];
}
