/** A `bool` of C# has four bytes where Rust has one. */
import { holdsWinBool } from '../../abi/bindings/shapes.ts';
import type { LinkedType } from '../../abi/peers/peers.ts';
import { csharpDifferences } from '../csharp-differences.ts';
import { bindingFns, bindingReport } from '../binding-fns.ts';
import { nameAt } from '../peer-layouts.ts';
import { defineRule } from '../rule.ts';
import type { RuleContext } from '../rule.ts';

export default defineRule({
  id: 'csharp-bool-marshal',
  group: 'csharp',
  since: '0.1.0',
  severity: 'error',
  languages: ['csharp', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: {
    param: '{what} of `{name}` is `{mine}` in Rust, but C# passes `{theirs}` in another size',
    field: '`{field}` of `{type}` has one byte in Rust, but four as a C# `bool`',
  },
  docs: {
    what: 'A C# `bool` without `UnmanagedType.U1` stands for a Rust `bool`',
    why: `Without \`MarshalAs\` a \`bool\` is passed as Windows' \`BOOL\`, four bytes. As a result C# reads four bytes of which Rust set one, so that
\`false\` may arrive as \`true\`; in a struct all fields behind it are at other offsets. The other way round, a Rust \`i32\` for \`BOOL\` reads
three bytes too many from a \`bool\` of one byte.`,
    bad: `#[no_mangle]
pub extern "C" fn geo_open(writable: bool) -> bool {
    writable
}
// Geo.cs: using System.Runtime.InteropServices;
// Geo.cs:
// Geo.cs: static class Native
// Geo.cs: {
// Geo.cs:     [DllImport("sample", CallingConvention = CallingConvention.Cdecl)]
// Geo.cs:     public static extern bool geo_open([MarshalAs(UnmanagedType.U1)] bool writable);
// Geo.cs: }
`,
    good: `#[no_mangle]
pub extern "C" fn geo_open(writable: bool) -> bool {
    writable
}
// Geo.cs: using System.Runtime.InteropServices;
// Geo.cs:
// Geo.cs: static class Native
// Geo.cs: {
// Geo.cs:     [DllImport("sample", CallingConvention = CallingConvention.Cdecl)]
// Geo.cs:     [return: MarshalAs(UnmanagedType.U1)]
// Geo.cs:     public static extern bool geo_open([MarshalAs(UnmanagedType.U1)] bool writable);
// Geo.cs: }
`,
    exceptions: [
      '`MarshalAs(UnmanagedType.U1)` and `I1`, and `byte`',
      'a Rust `i32` that stands for `BOOL`',
      'assemblies with `DisableRuntimeMarshalling`, and what pointers such as `Foo*` lead to, where a `bool` has one byte',
    ],
    fixSafety: null,
    references: [
      {
        title: '.NET, customizing Boolean parameters',
        url: 'https://learn.microsoft.com/dotnet/standard/native-interop/customize-parameter-marshalling#customizing-boolean-parameters',
      },
    ],
  },
  check(ctx) {
    for (const linked of bindingFns(ctx, 'csharp')) {
      const [first, ...others] = csharpDifferences(ctx, linked, 'bool');
      if (!first) continue;
      const help = 'write `[MarshalAs(UnmanagedType.U1)]` for a Rust `bool`, `UnmanagedType.Bool` for an `i32`';
      ctx.report('param', { ...bindingReport(linked, first, others.length), help });
    }
    if (ctx.unit.kind !== 'csharp' || ctx.unit.peer.generatedBy !== null) return;
    const { path } = ctx.unit;
    for (const pair of ctx.peers.types) if (pair.peer.file === path && pair.peer.language === 'csharp') fields(ctx, pair);
  },
});

function fields(ctx: RuleContext<'param' | 'field'>, { rust, peer, through }: LinkedType): void {
  const what = ctx.bindings.typeOf(peer.file, peer.name)?.type.what;
  const [target] = ctx.peers.targets;
  const def = target ? ctx.peers.rustDef(rust, target).def : null;
  if (!what || what.kind === 'alias' || what.kind === 'enum' || !def || def.kind === 'unknown' || def.kind === 'enum') return;
  // Behind a pointer of C#'s own nothing is converted.
  const written = through?.peer.signatures[0]?.params?.map(({ written: text }) => text).join(' ') ?? '';
  if (new RegExp(`\\b${peer.name}\\s*\\*`).test(written)) return;
  const plain = (name: string): string => name.replace(/_/g, '').toLowerCase();
  for (const one of what.fields ?? []) {
    const mine = def.fields.find(({ name }) => name !== null && plain(name) === plain(one.name));
    if (!holdsWinBool(one.type) || mine?.shape.kind !== 'bool') continue;
    ctx.report('field', {
      at: one.at,
      data: { field: one.name, type: peer.name },
      related: [{ at: nameAt(rust), message: `\`${rust.name}\` is defined here` }],
      mirror: nameAt(rust),
      help: 'write `[MarshalAs(UnmanagedType.U1)]`',
    });
  }
}
