/** A `long` or `int` of C# stands for `c_long`, whose size depends on the platform. */
import { csharpDifferences } from '../csharp-differences.ts';
import { bindingFns, bindingReport } from '../binding-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'csharp-long',
  group: 'csharp',
  since: '0.1.0',
  severity: 'warning',
  languages: ['csharp', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: {
    long: '{what} of `{name}` is `{mine}` in Rust, which `{theirs}` is on some platforms only',
  },
  docs: {
    what: 'A C# `long` or `int` stands for a Rust `c_long`',
    why: `C's \`long\` has 64 bits on Linux and macOS and 32 on Windows; C#'s has 64 everywhere. The import is right on one kind of platform and loses
or invents half of the number on the other.`,
    bad: `use std::ffi::c_long;

#[no_mangle]
pub extern "C" fn geo_seek(offset: c_long) -> c_long {
    offset
}
// Geo.cs: using System.Runtime.InteropServices;
// Geo.cs:
// Geo.cs: static class Native
// Geo.cs: {
// Geo.cs:     [DllImport("sample", CallingConvention = CallingConvention.Cdecl)]
// Geo.cs:     public static extern long geo_seek(long offset);
// Geo.cs: }
`,
    good: `use std::ffi::c_long;

#[no_mangle]
pub extern "C" fn geo_seek(offset: c_long) -> c_long {
    offset
}
// Geo.cs: using System.Runtime.InteropServices;
// Geo.cs:
// Geo.cs: static class Native
// Geo.cs: {
// Geo.cs:     [DllImport("sample", CallingConvention = CallingConvention.Cdecl)]
// Geo.cs:     public static extern CLong geo_seek(CLong offset);
// Geo.cs: }
`,
    exceptions: ['`CLong`, `CULong` and `nint`', 'a platform that findings are for and on which it is wrong makes it an error'],
    fixSafety: null,
    references: [{ title: '.NET, CLong', url: 'https://learn.microsoft.com/dotnet/api/system.runtime.interopservices.clong' }],
  },
  check(ctx) {
    for (const linked of bindingFns(ctx, 'csharp')) {
      const [first, ...others] = csharpDifferences(ctx, linked, 'long');
      if (!first) continue;
      ctx.report('long', {
        ...bindingReport(linked, first, others.length),
        severity: first.here ? 'error' : 'warning',
        help: 'write `CLong`, or a type of a fixed size in Rust',
      });
    }
  },
});
