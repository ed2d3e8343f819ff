/** An import in C# has another number of parameters than the Rust function. */
import { bindingFns, bindingReport, comparedFn } from '../binding-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'csharp-arity',
  group: 'csharp',
  since: '0.1.0',
  severity: 'error',
  languages: ['csharp', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: {
    arity: '`{name}` takes {mine} in Rust, but {theirs} in C#',
    variadic: '`{name}` is variadic on one side only',
  },
  docs: {
    what: 'C# imports an exported function with another number of parameters than Rust takes',
    why: `Nothing compares an import with the library. Rust reads parameters that nobody passed, which are whatever was left in the registers or on
the stack. Too many are ignored by most calling conventions, but say that one side has changed without the other.`,
    bad: `#[no_mangle]
pub extern "C" fn geo_area(width: f64, height: f64) -> f64 {
    width * height
}
// Geo.cs: using System.Runtime.InteropServices;
// Geo.cs:
// Geo.cs: static class Native
// Geo.cs: {
// Geo.cs:     [DllImport("sample", CallingConvention = CallingConvention.Cdecl)]
// Geo.cs:     public static extern double geo_area(double width);
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
      'libraries that nothing links to a package of the workspace: neither their name, nor two of their symbols, nor the configuration',
      'imports with a type that is not known on one side',
      'with `PreserveSig = false`, which changes what is passed',
      'files that a tool has generated',
    ],
    fixSafety: null,
    references: [{ title: '.NET, platform invoke', url: 'https://learn.microsoft.com/dotnet/standard/native-interop/pinvoke' }],
  },
  check(ctx) {
    for (const linked of bindingFns(ctx, 'csharp')) {
      const one = comparedFn(ctx, linked)?.differences.find(({ kind, here }) => here && (kind === 'arity' || kind === 'variadic'));
      if (!one) continue;
      ctx.report(one.kind === 'arity' ? 'arity' : 'variadic', {
        ...bindingReport(linked, one, 0),
        at: linked.peer.at,
        help: 'declare it as Rust defines it',
      });
    }
  },
});
