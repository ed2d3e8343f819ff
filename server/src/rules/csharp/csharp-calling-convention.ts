/** An import in C# has another calling convention than the Rust function. */
import { bindingFns, comparedFn, rustPlace } from '../binding-fns.ts';
import { targetList } from '../peer-text.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'csharp-calling-convention',
  group: 'csharp',
  since: '0.1.0',
  severity: 'warning',
  languages: ['csharp', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: {
    other: '`{name}` is `extern "{mine}"` in Rust, but C# calls it by another convention',
    default: '`{name}` is `extern "{mine}"` in Rust, but C# chooses `StdCall` by itself',
  },
  docs: {
    what: 'C# calls an exported function by another convention than Rust gives it',
    why: `Without a \`CallingConvention\` an import is called as functions of Windows are: \`StdCall\`, on 32-bit Windows. There Rust's \`extern "C"\`
leaves the arguments on the stack and \`StdCall\` expects them gone, so that the stack is off by their size after each call. Elsewhere all
conventions that C# knows are the same.`,
    bad: `#[no_mangle]
pub extern "C" fn geo_area(width: f64, height: f64) -> f64 {
    width * height
}
// Geo.cs: using System.Runtime.InteropServices;
// Geo.cs:
// Geo.cs: static class Native
// Geo.cs: {
// Geo.cs:     [DllImport("sample", CallingConvention = CallingConvention.StdCall)]
// Geo.cs:     public static extern double geo_area(double width, double height);
// Geo.cs: }
`,
    good: `#[no_mangle]
pub extern "C" fn geo_area(width: f64, height: f64) -> f64 {
    width * height
}
// Geo.cs: using System.Runtime.InteropServices;
// Geo.cs:
// Geo.cs: static class Native
// Geo.cs: {
// Geo.cs:     [DllImport("sample", CallingConvention = CallingConvention.Cdecl)]
// Geo.cs:     public static extern double geo_area(double width, double height);
// Geo.cs: }
`,
    exceptions: [
      'a convention that is left out is a hint, unless findings are for 32-bit Windows',
      'Rust functions with `extern "system"`, which an import without a convention fits',
    ],
    fixSafety: null,
    references: [
      { title: '.NET, CallingConvention', url: 'https://learn.microsoft.com/dotnet/api/system.runtime.interopservices.callingconvention' },
    ],
  },
  check(ctx) {
    for (const linked of bindingFns(ctx, 'csharp')) {
      const one = comparedFn(ctx, linked)?.differences.find(({ kind }) => kind === 'calling-convention');
      if (!one) continue;
      const left = linked.peer.signatures.every(({ convention }) => convention === 'system');
      ctx.report(left ? 'default' : 'other', {
        at: linked.peer.at,
        data: { name: linked.peer.symbol, mine: linked.rust.abi ?? 'C' },
        related: [rustPlace(linked)],
        mirror: rustPlace(linked).at,
        severity: one.here || !left ? 'warning' : 'hint',
        help: 'write `CallingConvention = CallingConvention.Cdecl`, or `[UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]`',
        note: `on ${targetList(one.targets)}`,
      });
    }
  },
});
