/** `as_ptr()` of a `CString` as `into_raw()`, which several fixes write. */
import type { Span } from '../base/text.ts';
import type { MethodExpr } from '../model/rust/ast-expr.ts';

/** `into_raw` gives a pointer for writing, which has no `cast_mut`: one behind the call goes with it. */
export function intoRaw(call: MethodExpr, text: string): { readonly span: Span; readonly text: string } {
  const behind = /^\s*\.\s*cast_mut\s*\(\s*\)/.exec(text.slice(call.span.end))?.[0] ?? '';
  return behind === ''
    ? { span: call.nameSpan, text: 'into_raw' }
    : { span: { start: call.nameSpan.start, end: call.span.end + behind.length }, text: 'into_raw()' };
}
