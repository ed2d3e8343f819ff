/** A type of an import in C# is not passed as the Rust type is. */
import { TEXTS } from '../../abi/bindings/names.ts';
import { passedAs } from '../../abi/compare/value.ts';
import type { LinkedFn } from '../../abi/peers/peers.ts';
import { csharpDifferences } from '../csharp-differences.ts';
import { bindingFns, bindingReport, callbackDifference, placeName, placesOf, rustPlace } from '../binding-fns.ts';
import { defineRule } from '../rule.ts';
import type { RuleContext } from '../rule.ts';

export default defineRule({
  id: 'csharp-type',
  group: 'csharp',
  since: '0.1.0',
  severity: 'error',
  languages: ['csharp', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: {
    type: '{what} of `{name}` is `{mine}` in Rust, but `{theirs}` in C#',
    nothing: '`{name}` returns nothing in Rust, but `{theirs}` in C#',
    callback: '{what} of `{name}` is another function: {detail}',
    freed: '`{name}` returns a text that C# frees, although it is of Rust',
  },
  docs: {
    what: 'A parameter or result of a C# import is not passed as Rust takes it',
    why: `The marshaller believes the import. A number of another size loses digits, a float for an integer arrives in a register that the function
does not read, behind \`ref\` Rust reads and writes past the end of what C# gave it. A result of type \`string\` is copied and then given to
\`CoTaskMemFree\`, whoever allocated it: a text of Rust must not be freed there.`,
    bad: `#[no_mangle]
pub extern "C" fn geo_area(width: f64, height: f64) -> f64 {
    width * height
}
// Geo.cs: using System.Runtime.InteropServices;
// Geo.cs:
// Geo.cs: static class Native
// Geo.cs: {
// Geo.cs:     [DllImport("sample", CallingConvention = CallingConvention.Cdecl)]
// Geo.cs:     public static extern float geo_area(double width, double height);
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
      '`IntPtr`, `nint`, `void*` and handles, which fit every pointer',
      'types that are not known on one side, and marshallers of their own',
      'the same width with the other sign, which is a hint for 32 and 64 bits',
      '`bool`, texts and `c_long`, which have rules of their own',
      'differences on targets that no finding is for',
    ],
    fixSafety: null,
    references: [
      { title: '.NET, type marshalling', url: 'https://learn.microsoft.com/dotnet/standard/native-interop/type-marshalling' },
      {
        title: '.NET, memory management with the marshaller',
        url: 'https://learn.microsoft.com/dotnet/framework/interop/default-marshalling-behavior',
      },
    ],
  },
  check(ctx) {
    for (const linked of bindingFns(ctx, 'csharp')) {
      const [first, ...others] = csharpDifferences(ctx, linked, 'type');
      if (first) {
        const report = bindingReport(linked, first, others.length);
        ctx.report(first.kind === 'return-missing' ? 'nothing' : 'type', { ...report, help: 'declare it as Rust defines it' });
        continue;
      }
      freed(ctx, linked);
      for (const place of placesOf(linked, ctx)) {
        const detail = callbackDifference(place);
        if (detail === null) continue;
        ctx.report('callback', {
          at: place.peer.at,
          data: { what: placeName(linked, place.index), name: linked.peer.symbol, detail },
          related: [rustPlace(linked)],
          mirror: rustPlace(linked).at,
          help: 'write the types of the Rust fn pointer',
        });
        break;
      }
    }
  },
});

/** The marshaller gives a `string` that it was returned to CoTaskMemFree. */
function freed(ctx: RuleContext<'freed'>, linked: LinkedFn): void {
  const result = placesOf(linked, ctx).find(({ index }) => index === null);
  if (!result || !Object.values(TEXTS).includes(result.peer.shape)) return;
  if (passedAs(result.rust.shape, 'rust', result.mine.resolve, result.mine.target).kind !== 'pointer') return;
  ctx.report('freed', {
    at: result.peer.at,
    data: { name: linked.peer.symbol },
    related: [rustPlace(linked)],
    mirror: rustPlace(linked).at,
    help: 'return `IntPtr`, read it with `Marshal.PtrToStringUTF8`, and give it back to Rust where Rust gave it away',
  });
}
