/** How calls run the closures that they are given: at once, with the interpreter released, with it taken, or some time elsewhere. */
import type { CallExpr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { bodiesOf } from '../types/local-types.ts';
import type { Binding, Body } from '../types/local-types-body.ts';
import { targetOf } from './callees.ts';
import type { Run } from './regions.ts';
import { walkRegions } from './regions.ts';
import { isParallelChain } from './seeds.ts';

/** Methods of std, rayon and itertools that run their closure before they return, or when the iterator is driven by this thread. */
const INLINE = new Set(
  `all and_then any binary_search_by chain_update chunk_by cmp_by dedup_by dedup_by_key entry filter filter_map find find_map flat_map fold for_each get_or_insert_with
   inspect inspect_err is_none_or is_ok_and is_some_and map map_err map_or map_or_else map_while max_by max_by_key min_by min_by_key modify_if ok_or_else or_else or_insert_with
   and_modify partition partition_point position reduce retain rposition scan skip_while sort_by sort_by_cached_key sort_by_key sort_unstable_by sort_unstable_by_key
   split splitn take_while then trim_matches trim_start_matches trim_end_matches try_fold try_for_each unwrap_or_else with zip_with sorted_by sorted_by_key unwrap_or
   for_each_mut map_inplace mapv mapv_inplace fold_while map_axis replace_all`.split(/\s+/),
);

const INLINE_FUNCTIONS = new Set([
  'std::iter::from_fn',
  'std::iter::repeat_with',
  'std::iter::successors',
  'std::array::from_fn',
  'std::thread::scope',
]);
const ATTACH = /^pyo3::Python::(with_gil|attach|with_gil_unchecked|attach_unchecked|try_attach)$/;
const RELEASE = /^pyo3::Python::(allow_threads|detach)$/;
export const RELEASE_METHOD = /^(allow_threads|detach)$/;

export interface Closures {
  runOf(call: CallExpr | MethodExpr, argument: number, body: Body): Run;
  /**
   * A workspace fn that runs a closure or future of its caller with the interpreter released: its calls are not blocking ones.
   * It receives the token in any form, or attaches by itself.
   */
  isReleasing(item: RustItem): boolean;
}

export function createClosures(workspace: Workspace): Closures {
  const bodies = bodiesOf(workspace);
  const params = new Map<RustItem, ReadonlyMap<Binding, Run>>();
  return { runOf, isReleasing };

  function runOf(call: CallExpr | MethodExpr, argument: number, body: Body): Run {
    const target = targetOf(call, body, workspace);
    switch (target.kind) {
      case 'workspace':
        return paramRun(target.item, argument - (target.selfInArgs ? 1 : 0));
      case 'function':
        if (ATTACH.test(target.path)) return 'attach';
        if (RELEASE.test(target.path)) return 'release';
        if (target.path === 'std::panic::catch_unwind') return 'catch';
        return INLINE_FUNCTIONS.has(target.path) ? 'inline' : 'elsewhere';
      case 'method': {
        if (RELEASE_METHOD.test(target.name)) return 'release';
        const first = target.receiver[0];
        if (first?.kind === 'external' && first.path === 'pyo3::Python')
          return target.name === 'with_gil' || target.name === 'attach' ? 'attach' : 'release';
        if (!INLINE.has(target.name)) return 'elsewhere';
        return call.kind === 'method' && isParallelChain(call.receiver) ? 'pool' : 'inline';
      }
      default:
        return 'elsewhere';
    }
  }

  function paramRun(item: RustItem, index: number): Run {
    const body = bodies(item);
    const name = body?.ast.params[index]?.name;
    if (!body || !name) return 'elsewhere';
    const binding = body.bindings.find((b) => b.kind === 'param' && b.name === name);
    return (binding && paramRuns(item, body).get(binding)) ?? 'elsewhere';
  }

  /** How a fn runs the closures it is given, by parameter; what is only stored or handed to unknown calls is missing. */
  function paramRuns(item: RustItem, body: Body): ReadonlyMap<Binding, Run> {
    const known = params.get(item);
    if (known) return known;
    const runs = new Map<Binding, Run>();
    // Entered before the walk, so that recursion sees what is known so far.
    params.set(item, runs);
    const note = (binding: Binding | null, run: Run): void => {
      if (binding?.kind !== 'param' || run === 'elsewhere') return;
      // Once run attached, it is run attached.
      if (runs.get(binding) !== 'inline') runs.set(binding, run);
    };
    if (body.ast.body) {
      walkRegions(body, body.ast.body, runOf, (expr, place) => {
        if (expr.kind === 'call')
          note(body.bindingOf(expr.callee), place.mode === 'attached' ? 'inline' : place.mode === 'detached' ? 'release' : 'elsewhere');
        if (expr.kind !== 'call' && expr.kind !== 'method') return;
        expr.args.forEach((arg, i) => {
          const binding = body.bindingOf(arg);
          if (binding?.kind === 'param')
            note(binding, place.mode === 'attached' ? runOf(expr, i, body) : place.mode === 'detached' ? 'release' : 'elsewhere');
        });
      });
    }
    return runs;
  }

  function isReleasing(item: RustItem): boolean {
    const body = bodies(item);
    if (!body?.ast.body) return false;
    for (const [binding, run] of paramRuns(item, body)) if (run === 'release' && mayBeCode(binding)) return true;
    return movesParamIntoRelease(body);
  }

  /** A future that is captured by a detached closure: `py.detach(|| runtime.block_on(future))`. */
  function movesParamIntoRelease(body: Body): boolean {
    let found = false;
    if (!body.ast.body) return false;
    walkRegions(body, body.ast.body, runOf, (expr, place) => {
      if (found || place.mode !== 'detached') return;
      const binding = body.bindingOf(expr);
      if (binding?.kind === 'param' && mayBeCode(binding)) found = true;
    });
    return found;
  }

  /** Type parameters, `impl Fn`, `impl Future` and `Box<dyn Fn>`: what can be a closure or a future. */
  function mayBeCode(binding: Binding): boolean {
    const ty = binding.ty;
    if (!ty || ty.kind === 'generic' || ty.kind === 'opaque') return true;
    return ty.kind === 'external' && ty.args.some((a) => a?.kind === 'opaque');
  }
}
