/** Answers what a file uses of PyO3's deprecated and removed API; each file and crate is looked at once. */
import { EVERYTHING } from '../../base/reads.ts';
import type { Crate, RustItem, SourceFile, Workspace } from '../../model/workspace.ts';
import type { TypeFacts } from '../types/type-facts.ts';
import type { ApiFacts, ApiUse } from './api-facts.ts';
import { callRepair, nameRepair } from './api-repairs.ts';
import type { ActiveChange } from './api-versions.ts';
import { activeChanges } from './api-versions.ts';
import { findMethods } from './find-methods.ts';
import type { NamePlace } from './find-names.ts';
import { findNames } from './find-names.ts';
import { endOfCall, tokensOf } from './tokens.ts';

export function createApiFacts(workspace: Workspace, typeOf: TypeFacts['typeOf']): ApiFacts {
  const files = new Map<SourceFile, readonly ApiUse[]>();
  const crates = new Map<Crate, { readonly active: readonly ActiveChange[]; readonly names: RegExp }>();
  return {
    uses(file, items) {
      let known = files.get(file);
      if (!known) {
        known = look(file, items);
        files.set(file, known);
      }
      return known;
    },
  };

  function activeOf(crate: Crate): { readonly active: readonly ActiveChange[]; readonly names: RegExp } {
    let known = crates.get(crate);
    if (!known) {
      const active = activeChanges(workspace, crate);
      const names = new RegExp(`\\b(?:${[...new Set(active.map(({ change }) => change.match.name))].join('|')})\\b`);
      known = { active, names };
      crates.set(crate, known);
    }
    return known;
  }

  function look(file: SourceFile, items: readonly RustItem[]): readonly ApiUse[] {
    const crate = workspace.cratesOf(file.path)[0];
    if (!crate) return [];
    const { active, names } = activeOf(crate);
    if (active.length === 0 || !workspace.matches(file, EVERYTHING, names)) return [];
    const tokens = tokensOf(workspace.text(file));
    const places = findNames(file, items, tokens, active, workspace);
    const uses: ApiUse[] = [];
    const groups = new Map<ActiveChange, NamePlace[]>();
    for (const place of places) {
      const { active: one } = place;
      if (one.change.match.kind === 'name') {
        const group = groups.get(one);
        if (group) group.push(place);
        else groups.set(one, [place]);
        continue;
      }
      const rename = one.renamable ? one.change.rename : null;
      const end = endOfCall(tokens, place.token);
      const repair = rename && place.item ? callRepair(rename, file, place.span, end, place.item, workspace) : null;
      uses.push({ change: one.change, status: one.status, places: [place], repair });
    }
    for (const [one, group] of groups) {
      const rename = one.renamable ? one.change.rename : null;
      const repair = rename ? nameRepair(rename, group, tokens, workspace) : null;
      uses.push({ change: one.change, status: one.status, places: group, repair });
    }
    for (const { active: one, item, call } of findMethods(items, active, workspace, typeOf)) {
      const rename = one.renamable ? one.change.rename : null;
      const repair = rename ? callRepair(rename, item.file, call.nameSpan, call.span.end, item, workspace) : null;
      uses.push({ change: one.change, status: one.status, places: [{ file: item.file, span: call.nameSpan, item }], repair });
    }
    return uses;
  }
}
