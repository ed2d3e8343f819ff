/** A delegate that nothing refers to is handed to a Rust function that keeps it. */
import { keptAt } from '../../analysis/ownership/kept-params.ts';
import { bodiesOf } from '../../analysis/types/local-types.ts';
import { placeName, rustPlace } from '../binding-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'csharp-delegate-lifetime',
  group: 'csharp',
  since: '0.1.0',
  severity: 'warning',
  languages: ['csharp', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: {
    dropped: '`{name}` keeps {what}, but C# frees this delegate when nothing refers to it',
  },
  docs: {
    what: 'A delegate that nothing refers to is handed to a Rust function that keeps the fn pointer',
    why: `The code behind a delegate lives as long as the delegate. One that is made in the call is garbage as soon as the call returns, while Rust
still has its address: the next call of the callback ends the process.`,
    bad: `use std::sync::Mutex;

static ON_EVENT: Mutex<Option<extern "C" fn(i32)>> = Mutex::new(None);

#[no_mangle]
pub extern "C" fn geo_on_event(callback: Option<extern "C" fn(i32)>) {
    if let Ok(mut slot) = ON_EVENT.lock() {
        *slot = callback;
    }
}
// Geo.cs: using System.Runtime.InteropServices;
// Geo.cs:
// Geo.cs: static class Native
// Geo.cs: {
// Geo.cs:     [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
// Geo.cs:     public delegate void OnEvent(int code);
// Geo.cs:
// Geo.cs:     [DllImport("sample", CallingConvention = CallingConvention.Cdecl)]
// Geo.cs:     public static extern void geo_on_event(OnEvent callback);
// Geo.cs:
// Geo.cs:     static void Log(int code) { }
// Geo.cs:
// Geo.cs:     public static void Start() => geo_on_event(new OnEvent(Log));
// Geo.cs: }
`,
    good: `use std::sync::Mutex;

static ON_EVENT: Mutex<Option<extern "C" fn(i32)>> = Mutex::new(None);

#[no_mangle]
pub extern "C" fn geo_on_event(callback: Option<extern "C" fn(i32)>) {
    if let Ok(mut slot) = ON_EVENT.lock() {
        *slot = callback;
    }
}
// Geo.cs: using System.Runtime.InteropServices;
// Geo.cs:
// Geo.cs: static class Native
// Geo.cs: {
// Geo.cs:     [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
// Geo.cs:     public delegate void OnEvent(int code);
// Geo.cs:
// Geo.cs:     [DllImport("sample", CallingConvention = CallingConvention.Cdecl)]
// Geo.cs:     public static extern void geo_on_event(OnEvent callback);
// Geo.cs:
// Geo.cs:     static void Log(int code) { }
// Geo.cs:
// Geo.cs:     static readonly OnEvent Kept = new OnEvent(Log);
// Geo.cs:
// Geo.cs:     public static void Start() => geo_on_event(Kept);
// Geo.cs: }
`,
    exceptions: [
      'functions that only call the callback before they return, and those of which it is not seen',
      'lambdas that capture nothing, which the compiler keeps',
      'calls in other files whose class is not told by its name, namespace and the `using` of the file, such as `global using` of another one',
    ],
    fixSafety: null,
    references: [
      {
        title: '.NET, callback functions',
        url: 'https://learn.microsoft.com/dotnet/framework/interop/marshalling-a-delegate-as-a-callback-method',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'csharp' || ctx.unit.peer.generatedBy !== null) return;
    for (const { linked, callback } of ctx.bindings.callbacksIn(ctx.unit.path)) {
      const { item, ast } = linked.rust;
      const name = ast.params[callback.index]?.name;
      const body = name == null ? null : bodiesOf(ctx.workspace)(item);
      const kept = body && name != null ? keptAt(body, name) : null;
      if (!kept) continue;
      ctx.report('dropped', {
        at: callback.at,
        data: { name: linked.peer.symbol, what: placeName(linked, callback.index) },
        related: [{ at: { file: item.file, span: kept.span }, message: 'the pointer is kept here' }],
        mirror: rustPlace(linked).at,
        help: 'keep the delegate in a field for as long as Rust may call it',
      });
    }
  },
});
