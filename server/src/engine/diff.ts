/** Unified diffs of two texts, line by line. */

interface Step {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

const CONTEXT = 3;

/** The diff as `patch` and `git apply` read it, `path` being relative; empty where the texts are equal. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const steps = lineSteps(splitLines(before), splitLines(after));
  let out = `--- a/${path}\n+++ b/${path}\n`;
  for (const { from, to } of hunks(steps)) out += formatHunk(steps, from, to);
  return out;
}

/** Lines with their ends, so that a change of line ends or a missing last one is a change. */
function splitLines(text: string): readonly string[] {
  return text === '' ? [] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
}

/** Equal lines at both ends are set aside; between them a shortest edit script is found (Myers 1986, greedy). */
function lineSteps(a: readonly string[], b: readonly string[]): readonly Step[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const same = (lines: readonly string[]) => lines.map((line): Step => ({ kind: ' ', line }));
  return [
    ...same(a.slice(0, head)),
    ...editScript(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...same(a.slice(a.length - tail)),
  ];
}

function editScript(a: readonly string[], b: readonly string[]): readonly Step[] {
  const trace = furthestReaching(a, b);
  const steps: Step[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = trace.length - 1; d > 0; d--) {
    const reached = trace[d - 1] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -d || (k !== d && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1));
    const fromK = down ? k + 1 : k - 1;
    const fromX = reached.get(fromK) ?? 0;
    const fromY = fromX - fromK;
    while (x > fromX && y > fromY && x > 0 && y > 0 && a[x - 1] === b[y - 1]) {
      steps.push({ kind: ' ', line: a[--x] ?? '' });
      y--;
    }
    steps.push(down ? { kind: '+', line: b[--y] ?? '' } : { kind: '-', line: a[--x] ?? '' });
  }
  while (x > 0) {
    steps.push({ kind: ' ', line: a[--x] ?? '' });
    y--;
  }
  return steps.reverse();
}

/** For each number of edits, how far along `a` each diagonal gets with it. */
function furthestReaching(a: readonly string[], b: readonly string[]): readonly ReadonlyMap<number, number>[] {
  const trace: Map<number, number>[] = [];
  for (let d = 0; d <= a.length + b.length; d++) {
    const previous = trace[d - 1];
    const reached = new Map<number, number>();
    trace.push(reached);
    for (let k = -d; k <= d; k += 2) {
      const below = previous?.get(k + 1) ?? -1;
      const left = previous?.get(k - 1) ?? -1;
      let x = d === 0 ? 0 : k === -d || (k !== d && left < below) ? below : left + 1;
      while (x < a.length && x - k < b.length && x - k >= 0 && a[x] === b[x - k]) x++;
      reached.set(k, x);
      if (x >= a.length && x - k >= b.length) return trace;
    }
  }
  return trace;
}

/** Stretches of steps around changes; those less than two contexts apart are one. */
function hunks(steps: readonly Step[]): readonly { readonly from: number; readonly to: number }[] {
  const out: { from: number; to: number }[] = [];
  steps.forEach((step, i) => {
    if (step.kind === ' ') return;
    const last = out[out.length - 1];
    const to = Math.min(steps.length, i + 1 + CONTEXT);
    if (last && i - CONTEXT <= last.to) last.to = to;
    else out.push({ from: Math.max(0, i - CONTEXT), to });
  });
  return out;
}

function formatHunk(steps: readonly Step[], from: number, to: number): string {
  const count = (part: readonly Step[], without: '+' | '-') => part.filter(({ kind }) => kind !== without).length;
  const part = steps.slice(from, to);
  const before = steps.slice(0, from);
  const range = (start: number, length: number) => `${length === 0 ? start : start + 1}${length === 1 ? '' : `,${length}`}`;
  const head = `@@ -${range(count(before, '+'), count(part, '+'))} +${range(count(before, '-'), count(part, '-'))} @@\n`;
  return (
    head +
    part.map(({ kind, line }) => (line.endsWith('\n') ? `${kind}${line}` : `${kind}${line}\n\\ No newline at end of file\n`)).join('')
  );
}
