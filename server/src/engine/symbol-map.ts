/** The symbols at the boundary and the languages that have them: who defines, declares and uses each, and what the findings say of it. */
import type { Location } from '../base/text.ts';
import type { BoundaryFn } from '../model/surface/surface.ts';
import type { CheckResult, Finding } from './finding.ts';
import type { Snapshot } from './session.types.ts';

export type MapLanguage = 'rust' | 'c' | 'python' | 'javascript' | 'csharp';
export type MapRole = 'defines' | 'declares' | 'uses';

export interface MapPlace {
  readonly language: MapLanguage;
  readonly role: MapRole;
  readonly at: Location;
}

/**
 * `agrees`: compared, nothing differs. `differs`: findings say how. `unresolved`: it has a counterpart that is not known for sure, or that
 * cannot be compared. `alone`: no other language mentions it.
 */
export type MapState = 'agrees' | 'differs' | 'unresolved' | 'alone';

export interface MapRow {
  readonly symbol: string;
  readonly places: readonly MapPlace[];
  readonly state: MapState;
  /** What differs, or why it is not known; empty for the others. */
  readonly notes: readonly string[];
}

export interface SymbolMap {
  readonly target: string | null;
  /** By symbol. */
  readonly rows: readonly MapRow[];
}

/** Groups of rules whose findings are about what two languages say of one symbol. */
const ACROSS: ReadonlySet<string> = new Set(['signatures', 'symbols', 'python', 'javascript', 'csharp']);

/** `wanted`: a row is shown where one of its places is in such a file. */
export function symbolMap(
  { surface, workspace, peers, python, bindings }: Snapshot,
  result: CheckResult,
  wanted: (file: string) => boolean,
): SymbolMap {
  const bySymbol = new Map<string, BoundaryFn[]>();
  for (const fn of surface.functions) {
    if (fn.symbol === null || fn.role === 'callback' || fn.item.test) continue;
    bySymbol.set(fn.symbol, [...(bySymbol.get(fn.symbol) ?? []), fn]);
  }
  const groups = [...bySymbol].flatMap(([symbol, fns]) => apart(fns).map((group) => [symbol, group] as const));
  const unlinked = new Map(peers.unlinked.map((one) => [one.name, one.reason]));
  const unresolved = new Map(result.unresolved.flatMap(({ pair, reason }) => (pair === undefined ? [] : [[pair, reason] as const])));
  const findings = result.findings.filter(({ group, suppressed }) => suppressed === null && ACROSS.has(group));
  const rows: MapRow[] = [];
  for (const [symbol, fns] of groups) {
    const places = unique(fns.flatMap((fn) => placesOf(fn)));
    if (!places.some(({ at }) => wanted(at.file))) continue;
    const said = messagesAbout(symbol, places, findings);
    const why = unresolved.get(symbol) ?? unlinked.get(symbol);
    const alone = new Set(places.map(({ language }) => language)).size === 1;
    const state = said.length > 0 ? 'differs' : why !== undefined ? 'unresolved' : alone ? 'alone' : 'agrees';
    rows.push({ symbol, places, state, notes: said.length > 0 ? said : why !== undefined ? [why] : [] });
  }
  rows.sort((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0));
  return { target: result.target, rows };

  function placesOf(fn: BoundaryFn): readonly MapPlace[] {
    const at = workspace.place(fn.item.file, fn.ast.nameSpan);
    const own: MapPlace = { language: 'rust', role: fn.role === 'export' ? 'defines' : 'declares', at };
    const c = peers.linkedTo(fn).flatMap(({ peer }): MapPlace[] => {
      if (peer.language !== 'c') return [];
      return [{ language: 'c', role: peer.defined ? 'defines' : 'declares', at: peer.at }];
    });
    const users = python.usesOf(fn).map(({ first }): MapPlace => ({ language: 'python', role: 'uses', at: first.value.at }));
    const bound = bindings
      .usesOf(fn)
      .map(({ peer }): MapPlace => ({ language: peer.language === 'csharp' ? 'csharp' : 'javascript', role: 'declares', at: peer.at }));
    return [own, ...c, ...users, ...bound];
  }
}

/** Packages that each define a symbol have nothing to do with each other; who else declares it belongs to none of them. */
function apart(fns: readonly BoundaryFn[]): readonly (readonly BoundaryFn[])[] {
  const homeOf = ({ item }: BoundaryFn): string => item.module.crate.package?.directory ?? item.module.crate.root.file.path;
  const homes = new Set(fns.filter(({ role }) => role === 'export').map(homeOf));
  if (homes.size < 2) return [fns];
  const rest = fns.filter((fn) => !homes.has(homeOf(fn)));
  return [...[...homes].map((home) => fns.filter((fn) => homeOf(fn) === home)), ...(rest.length > 0 ? [rest] : [])];
}

function unique(places: readonly MapPlace[]): readonly MapPlace[] {
  const seen = new Set<string>();
  return places.filter(({ language, at }) => {
    const key = `${language} ${at.file} ${at.span.start}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Findings at one of its places, or about its name in a file of one of them. */
function messagesAbout(symbol: string, places: readonly MapPlace[], findings: readonly Finding[]): readonly string[] {
  const isAt = (at: Location): boolean => places.some((one) => one.at.file === at.file && one.at.span.start === at.span.start);
  const found = findings.filter(
    ({ at, message }) => isAt(at) || (message.includes(`\`${symbol}\``) && places.some((one) => one.at.file === at.file)),
  );
  return [...new Set(found.map(({ rule, message }) => `${rule}: ${message}`))];
}
