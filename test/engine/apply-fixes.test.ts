/** Choosing and applying fixes: conflicts, files that must still parse, several passes. */
import { describe, expect, it } from 'vitest';
import type { FixSelection } from '../../server/src/engine/apply-fixes.ts';
import { applyRound, fixAll } from '../../server/src/engine/apply-fixes.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import type { Fix } from '../../server/src/rules/rule.ts';

const SAFE: FixSelection = { unsafe: false, only: null };

/** A finding in /w/a.rs with fixes. */
function finding(fixes: readonly Fix[], more: Partial<Finding> = {}): Finding {
  return {
    rule: 'a-rule',
    group: 'types',
    severity: 'error',
    message: 'm',
    at: { file: '/w/a.rs', span: { start: 0, end: 1 } },
    related: [],
    help: null,
    note: null,
    url: '',
    fingerprint: '',
    fixes,
    target: null,
    suppressed: null,
    ...more,
  };
}

/** Replaces `old` in a file's text by `text`. */
function replace(files: Record<string, string>, old: string, text: string, safe = true, file = '/w/a.rs'): Fix {
  const start = (files[file] ?? '').indexOf(old);
  return { title: `${old} to ${text}`, safe, edits: [{ file, span: { start, end: start + old.length }, text }] };
}

/** Texts whose faults are their unbalanced braces. */
function texts(files: Record<string, string>) {
  const count = (text: string, sign: string) => text.split(sign).length - 1;
  return { text: (file: string) => files[file] ?? '', faults: (_: string, text: string) => Math.abs(count(text, '{') - count(text, '}')) };
}

describe('one round', () => {
  it('applies safe fixes in any order of places', () => {
    const files = { '/w/a.rs': 'one two three' };
    const round = applyRound([finding([replace(files, 'three', '3')]), finding([replace(files, 'one', '1')])], SAFE, texts(files));
    expect(round.texts.get('/w/a.rs')).toBe('1 two 3');
  });

  it('takes the first fix that is allowed', () => {
    const files = { '/w/a.rs': 'one' };
    const both = [finding([replace(files, 'one', 'unsafe', false), replace(files, 'one', 'safe')])];
    expect(applyRound(both, SAFE, texts(files)).texts.get('/w/a.rs')).toBe('safe');
    expect(applyRound(both, { unsafe: true, only: null }, texts(files)).texts.get('/w/a.rs')).toBe('unsafe');
  });

  it('fixes only the rules asked for, and nothing that is suppressed', () => {
    const files = { '/w/a.rs': 'one two' };
    const list = [finding([replace(files, 'one', '1')], { rule: 'b-rule' }), finding([replace(files, 'two', '2')], { suppressed: 'why' })];
    expect(applyRound(list, { unsafe: false, only: new Set(['a-rule']) }, texts(files)).texts.size).toBe(0);
    expect(applyRound(list, { unsafe: false, only: new Set(['types']) }, texts(files)).texts.get('/w/a.rs')).toBe('1 two');
  });

  it('leaves a conflicting fix out with all of its edits', () => {
    const files = { '/w/a.rs': 'one two', '/w/b.rs': 'three' };
    const wide = replace(files, 'one two', 'x');
    const narrow = replace(files, 'two', '2');
    const across: Fix = { ...narrow, edits: [...narrow.edits, ...replace(files, 'three', '3', true, '/w/b.rs').edits] };
    const round = applyRound([finding([wide]), finding([across])], SAFE, texts(files));
    expect([...round.texts]).toEqual([['/w/a.rs', 'x']]);
  });

  it('refuses the one fix that breaks the file and keeps the others', () => {
    const files = { '/w/a.rs': '{ one } two' };
    const round = applyRound([finding([replace(files, '}', '')]), finding([replace(files, 'two', '2')])], SAFE, texts(files));
    expect(round.texts.get('/w/a.rs')).toBe('{ one } 2');
    expect(round.refused.map(({ fix }) => fix.title)).toEqual(['} to ']);
  });

  it('refuses edits beyond the text or over each other', () => {
    const files = { '/w/a.rs': 'one' };
    const beyond: Fix = { title: '', safe: true, edits: [{ file: '/w/a.rs', span: { start: 2, end: 9 }, text: '' }] };
    const twice: Fix = { title: '', safe: true, edits: [...replace(files, 'one', '1').edits, ...replace(files, 'ne', '2').edits] };
    expect(applyRound([finding([beyond]), finding([twice])], SAFE, texts(files)).texts.size).toBe(0);
  });
});

describe('all rounds', () => {
  const loop = async (start: string, check: (text: string) => readonly Finding[]) => {
    const files: Record<string, string> = { '/w/a.rs': start };
    let passes = 0;
    const outcome = await fixAll({
      selection: SAFE,
      texts: texts(files),
      findings: check(start),
      recheck: async (changed) => {
        passes++;
        for (const [file, text] of changed) files[file] = text;
        return check(files['/w/a.rs'] ?? '');
      },
    });
    return { text: files['/w/a.rs'], passes, outcome };
  };

  it('goes on while there is something to fix', async () => {
    const { text, outcome } = await loop('aaa', (now) => (now.includes('a') ? [finding([replace({ '/w/a.rs': now }, 'a', 'b')])] : []));
    expect(text).toBe('bbb');
    expect(outcome.applied.length).toBe(3);
    expect(outcome.texts.get('/w/a.rs')).toBe('bbb');
  });

  it('stops when fixes undo each other, and after ten passes', async () => {
    const flip = await loop('a', (now) => [finding([replace({ '/w/a.rs': now }, now, now === 'a' ? 'b' : 'a')])]);
    expect(flip.passes).toBeLessThan(5);
    const grow = await loop('a', (now) => [finding([replace({ '/w/a.rs': now }, now, `${now}a`)])]);
    expect(grow.passes).toBe(10);
  });
});
