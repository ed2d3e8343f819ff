/** Version numbers and Cargo's version requirements, as ranges of versions. */

export type Version = readonly [number, number, number];

/** `max` is exclusive; null where nothing bounds it. */
export interface VersionRange {
  readonly min: Version;
  readonly max: Version | null;
}

const ANY: VersionRange = { min: [0, 0, 0], max: null };

/**
 * The range that a requirement allows, or null where it is not one. Pre-release and build parts are dropped.
 * Semantics: "Specifying dependencies", Cargo reference (caret is the default operator).
 */
export function parseRequirement(text: string): VersionRange | null {
  let range = ANY;
  for (const part of text.split(',')) {
    const one = comparator(part.trim());
    if (one === null) return null;
    range = intersect(range, one);
  }
  return range;
}

/** `1.2.3` or a shorter form (`1.81`), missing parts 0; null where it is not a version. */
export function parseVersion(text: string): Version | null {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?$/.exec(text.trim());
  return match ? [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)] : null;
}

export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

export function inRange(version: Version, range: VersionRange): boolean {
  return compareVersions(version, range.min) >= 0 && (range.max === null || compareVersions(version, range.max) < 0);
}

/** The smallest range that holds both. */
export function hull(a: VersionRange, b: VersionRange): VersionRange {
  const max = a.max === null || b.max === null ? null : compareVersions(a.max, b.max) > 0 ? a.max : b.max;
  return { min: compareVersions(a.min, b.min) < 0 ? a.min : b.min, max };
}

function intersect(a: VersionRange, b: VersionRange): VersionRange {
  const max = a.max === null ? b.max : b.max === null || compareVersions(a.max, b.max) < 0 ? a.max : b.max;
  return { min: compareVersions(a.min, b.min) > 0 ? a.min : b.min, max };
}

const COMPARATOR = /^(\^|~|>=|<=|>|<|=)?\s*(\d+|[*xX])(?:\.(\d+|[*xX]))?(?:\.(\d+|[*xX]))?(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

function comparator(text: string): VersionRange | null {
  const match = COMPARATOR.exec(text);
  if (match === null) return null;
  const [, operator, ...parts] = match;
  const numbers: number[] = [];
  for (const part of parts) {
    if (part === undefined || !/^\d+$/.test(part)) break;
    numbers.push(Number(part));
  }
  if (numbers.length === 0) return ANY;
  const wildcard = parts.some((part) => part !== undefined && !/^\d+$/.test(part));
  const [major = 0, minor = 0, patch = 0] = numbers;
  const min: Version = [major, minor, patch];
  const after = next(numbers, numbers.length - 1);
  switch (operator) {
    case '>=':
      return { min, max: null };
    case '>':
      return { min: after, max: null };
    case '<':
      return { min: ANY.min, max: min };
    case '<=':
      return { min: ANY.min, max: after };
    case '=':
      return { min, max: after };
    case '~':
      return { min, max: next(numbers, Math.min(1, numbers.length - 1)) };
    default:
      return { min, max: wildcard && operator === undefined ? after : caretEnd(numbers) };
  }
}

/** The first version behind the caret range: the leftmost number that is not 0 may not change. */
function caretEnd(numbers: readonly number[]): Version {
  const fixed = numbers.findIndex((part) => part !== 0);
  return next(numbers, fixed < 0 ? numbers.length - 1 : fixed);
}

/** Counts up one place and clears those behind it. */
function next(numbers: readonly number[], place: number): Version {
  const at = (i: number): number => (i < place ? (numbers[i] ?? 0) : i === place ? (numbers[i] ?? 0) + 1 : 0);
  return [at(0), at(1), at(2)];
}
