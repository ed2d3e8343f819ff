/** A fn is exported under a plain symbol but keeps Rust's undefined calling convention. */
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { RuleContext } from '../rule.ts';
import { isNamedInCode } from '../named-in-code.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'missing'>;

export default defineRule({
  id: 'no-mangle-rust-abi',
  group: 'linkage',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['clippy::no_mangle_with_rust_abi'],
  fix: 'sometimes',
  messages: { missing: '`{name}` is exported as `{symbol}` but has the Rust ABI' },
  docs: {
    what: 'A function with `#[no_mangle]` or `#[export_name]` has no `extern "C"`',
    why: 'The symbol can be linked from C, but the Rust calling convention is not defined and changes: arguments arrive in the wrong registers.',
    bad: `#[no_mangle]
pub fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}
`,
    good: `#[no_mangle]
pub extern "C" fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}
`,
    exceptions: [
      'an explicit `extern "Rust"`',
      'symbols that the compiler or runtime calls: `main`, `_start`, `rust_eh_personality`, `__rust_alloc` and other `__rust` names',
      'mangled names (`_R…`, `_ZN…`): only Rust looks for them',
      'handlers without parameters and results in `no_std` crates: interrupt vectors call them',
      'functions that an attribute macro rewrites',
      'functions with Rust types in their signature are a Rust-to-Rust interface: reported as info only',
    ],
    fixSafety:
      'Safe where nothing else in the workspace names the function: as a value it would have another type. There is none where code does more than call it, nor for a signature that C could not call anyway.',
    references: [
      { title: 'Rust Reference, the no_mangle attribute', url: 'https://doc.rust-lang.org/reference/abi.html#the-no_mangle-attribute' },
      {
        title: 'Rust Reference, extern function qualifier',
        url: 'https://doc.rust-lang.org/reference/items/functions.html#extern-function-qualifier',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const fn of ctx.unit.surface.functions) {
      if (fn.role !== 'export' || fn.abi !== null || fn.rewritten || calledByRuntime(fn)) continue;
      const at = fn.ast.keywordSpan.start;
      const rusty = speaksRust(ctx, fn);
      ctx.report('missing', {
        at: { file: fn.item.file, span: fn.ast.nameSpan },
        data: { name: fn.ast.name, symbol: fn.symbol ?? fn.ast.name },
        help: 'write `extern "C"` before `fn`, or `extern "Rust"` if only Rust calls it',
        fixes:
          rusty || isNamedInCode(fn.item, ctx.workspace, /^\s*\(/)
            ? []
            : [
                {
                  title: 'add `extern "C"`',
                  safe: !ctx.workspace.mentions(fn.ast.name, fn.item),
                  edits: [{ file: fn.item.file.path, span: { start: at, end: at }, text: 'extern "C" ' }],
                },
              ],
        ...(rusty ? { severity: 'info' as const } : {}),
        item: fn.item,
      });
    }
  },
});

function calledByRuntime(fn: BoundaryFn): boolean {
  const symbol = fn.symbol ?? '';
  // A mangled name is looked up by Rust tools.
  if (/^_R|^_ZN|^_*rust_|^__rust|^rust_eh_personality$|^main$|^_start$|^__?pre_init$|^_Unwind_/.test(symbol)) return true;
  if (
    fn.item.entry.attributes.some(
      (a) => a.path === 'panic_handler' || a.path === 'lang' || a.path === 'naked' || a.path === 'rustc_std_internal_symbol',
    )
  )
    return true;
  return fn.item.module.crate.noStd && fn.ast.params.length === 0 && (fn.ast.result === null || fn.ast.result.kind === 'never');
}

/** Types that C could not pass anyway: the symbol is looked up by Rust. */
function speaksRust(ctx: Context, fn: BoundaryFn): boolean {
  const types = [...fn.ast.params.map((p) => p.type), ...(fn.ast.result ? [fn.ast.result] : [])];
  return types.some((type) => ctx.facts.types.ffiSafety({ type, scope: fn.scope, file: fn.item.file }).kind === 'unsafe');
}
