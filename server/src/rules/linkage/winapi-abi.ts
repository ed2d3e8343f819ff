/** Functions of Windows are declared with the C calling convention. */
import type { Cfg } from '../../model/rust/attribute.ts';
import { implies } from '../../model/rust/cfg-logic.ts';
import type { RustItem } from '../../model/workspace.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'winapi-abi',
  group: 'linkage',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'safe',
  messages: { convention: 'functions of `{library}` are not `extern "C"`: on 32-bit Windows they are `stdcall`' },
  docs: {
    what: 'An `extern "C"` block links a library of Windows, whose functions have the ABI `"system"`',
    why: `On 32-bit x86 the functions of Windows take their arguments off the stack themselves (\`stdcall\`). Called as C functions the stack is off
after each call, and the program crashes somewhere else. On 64-bit systems both are the same, so that nobody notices.`,
    bad: `#[link(name = "kernel32")]
extern "C" {
    fn GetCurrentProcessId() -> u32;
}

pub fn process() -> u32 {
    unsafe { GetCurrentProcessId() }
}
`,
    good: `#[link(name = "kernel32")]
extern "system" {
    fn GetCurrentProcessId() -> u32;
}

pub fn process() -> u32 {
    unsafe { GetCurrentProcessId() }
}
`,
    exceptions: [
      '`extern "system"` and `extern "stdcall"`',
      'code that is not compiled for 32-bit x86',
      'libraries with C functions: `msvcrt`, `ucrt`, `ntdll`',
      'blocks with a variadic function (`wsprintfA` is a C function), and empty blocks that only link',
    ],
    fixSafety: 'Safe: on 64-bit systems nothing changes, on 32-bit Windows the calls become right.',
    references: [
      { title: 'Rust Reference, ABIs', url: 'https://doc.rust-lang.org/reference/items/external-blocks.html#abi' },
      { title: 'Microsoft, __stdcall', url: 'https://learn.microsoft.com/cpp/cpp/stdcall' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const block of ctx.unit.surface.externBlocks) {
      const library = windowsLibrary(block);
      if (library === null || implies(block.cfg, NOT_X86)) continue;
      const ast = ctx.workspace.ast(block);
      if (ast?.kind !== 'extern-block' || ast.abi.replace(/-unwind$/, '') !== 'C') continue;
      const functions = ast.members.filter((one) => one.kind === 'fn');
      if (functions.length === 0 || functions.some((one) => one.variadic)) continue;
      const text = ctx.workspace.text(block.file);
      const { end } = ast.keywordSpan;
      const written = /^\s*"C(-unwind)?"/.exec(text.slice(end));
      const span = written ? { start: end, end: end + written[0].length } : { start: end, end };
      ctx.report('convention', {
        at: { file: block.file, span: { start: ast.keywordSpan.start, end: span.end } },
        data: { library },
        help: 'declare them as `extern "system"`',
        item: block,
        fixes: [
          {
            title: 'use `extern "system"`',
            safe: true,
            edits: [{ file: block.file.path, span, text: ` "system${written?.[1] ?? ''}"` }],
          },
        ],
      });
    }
  },
});

/** Import libraries of which Microsoft documents every function as WINAPI, which is `stdcall`. */
const LIBRARIES =
  /^(kernel32|user32|gdi32|advapi32|shell32|ole32|oleaut32|ws2_32|wsock32|comctl32|comdlg32|winmm|psapi|userenv|iphlpapi|dbghelp|secur32|crypt32|bcrypt|ncrypt|setupapi|cfgmgr32|version|winhttp|wininet|mswsock|netapi32|pdh|powrprof|rpcrt4|wtsapi32|uxtheme|dwmapi|imm32|hid|winspool|dnsapi|synchronization|bcryptprimitives|credui|mpr|shcore)(\.dll)?$/i;

function windowsLibrary(block: RustItem): string | null {
  for (const attribute of block.entry.attributes) {
    const name = attribute.path === 'link' ? (attribute.args?.find((arg) => arg.name === 'name')?.value ?? null) : null;
    if (name !== null && LIBRARIES.test(name)) return name;
  }
  return null;
}

/** What excludes 32-bit x86: another architecture, or 64-bit pointers. */
const NOT_X86: Cfg = {
  kind: 'any',
  operands: [
    { kind: 'not', operand: { kind: 'option', name: 'target_arch', value: 'x86' } },
    ...['x86_64', 'aarch64', 'arm', 'arm64ec'].map((value): Cfg => ({ kind: 'option', name: 'target_arch', value })),
    { kind: 'option', name: 'target_pointer_width', value: '64' },
  ],
};
