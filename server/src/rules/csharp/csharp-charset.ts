/** A text of C# has another encoding than the Rust function reads. */
import { TEXTS } from '../../abi/bindings/names.ts';
import { passedAs } from '../../abi/compare/value.ts';
import type { Value } from '../../abi/compare/verdict.types.ts';
import type { Place } from '../binding-fns.ts';
import { bindingFns, placeName, placesOf, rustPlace } from '../binding-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'csharp-charset',
  group: 'csharp',
  since: '0.1.0',
  severity: 'error',
  languages: ['csharp', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: {
    wide: '{what} of `{name}` is a text of bytes in Rust, but UTF-16 in C#',
    narrow: '{what} of `{name}` is UTF-16 in Rust, but a text of bytes in C#',
    ansi: '{what} of `{name}` is ANSI on Windows: what is not ASCII arrives changed',
  },
  docs: {
    what: 'A C# text is passed in another encoding than Rust reads',
    why: `\`CharSet.Unicode\` and \`StringMarshalling.Utf16\` pass UTF-16: read as bytes, a text ends at the first zero, behind one letter. Without a
\`CharSet\` a text is in the code page of the system on Windows, and in UTF-8 elsewhere.`,
    bad: `use std::ffi::c_char;

/// # Safety
/// \`name\` is null or a text.
#[no_mangle]
pub unsafe extern "C" fn geo_name(name: *const c_char) -> usize {
    usize::from(!name.is_null())
}
// Geo.cs: using System.Runtime.InteropServices;
// Geo.cs:
// Geo.cs: static class Native
// Geo.cs: {
// Geo.cs:     [DllImport("sample", CallingConvention = CallingConvention.Cdecl, CharSet = CharSet.Unicode)]
// Geo.cs:     public static extern nuint geo_name(string name);
// Geo.cs: }
`,
    good: `use std::ffi::c_char;

/// # Safety
/// \`name\` is null or a text.
#[no_mangle]
pub unsafe extern "C" fn geo_name(name: *const c_char) -> usize {
    usize::from(!name.is_null())
}
// Geo.cs: using System.Runtime.InteropServices;
// Geo.cs:
// Geo.cs: static class Native
// Geo.cs: {
// Geo.cs:     [DllImport("sample", CallingConvention = CallingConvention.Cdecl)]
// Geo.cs:     public static extern nuint geo_name([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
// Geo.cs: }
`,
    exceptions: [
      '`byte*`, `byte[]` and spans, whose bytes are taken as they are',
      'pointers to anything, of which Rust does not say what they lead to',
      'texts in ANSI are told as information',
    ],
    fixSafety: null,
    references: [{ title: '.NET, charsets and marshalling', url: 'https://learn.microsoft.com/dotnet/standard/native-interop/charset' }],
  },
  check(ctx) {
    for (const linked of bindingFns(ctx, 'csharp')) {
      for (const place of placesOf(linked, ctx)) {
        const found = judge(place);
        if (!found) continue;
        ctx.report(found, {
          at: place.peer.at,
          data: { what: placeName(linked, place.index), name: linked.peer.symbol },
          related: [rustPlace(linked)],
          mirror: rustPlace(linked).at,
          severity: found === 'ansi' ? 'info' : 'error',
          help:
            found === 'narrow'
              ? 'pass it as `UnmanagedType.LPWStr`'
              : 'pass it as UTF-8: `StringMarshalling.Utf8`, or `UnmanagedType.LPUTF8Str`',
        });
        break;
      }
    }
  },
});

function judge({ rust, peer, mine }: Place): 'wide' | 'narrow' | 'ansi' | null {
  const encoding = (['ansi', 'utf8', 'utf16'] as const).find((one) => TEXTS[one] === peer.shape);
  if (encoding === undefined) return null;
  const value = passedAs(rust.shape, 'rust', mine.resolve, mine.target);
  const to: Value | null =
    value.kind === 'pointer' && value.shape.pointee ? passedAs(value.shape.pointee, 'rust', mine.resolve, mine.target) : null;
  if (to?.kind !== 'integer') return null;
  if (encoding === 'utf16') return to.size === 1 ? 'wide' : null;
  if (to.size === 2) return 'narrow';
  return to.size === 1 && encoding === 'ansi' ? 'ansi' : null;
}
