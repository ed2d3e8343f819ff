/** Colours and links of a terminal. */
import type { Severity } from '../base/severity.ts';

export interface Style {
  readonly color: boolean;
  readonly hyperlinks: boolean;
  /** Of the terminal; left out where the text goes elsewhere. */
  readonly columns?: number;
}

export const plain: Style = { color: false, hyperlinks: false };

const CODES = { bold: '1', dim: '2', red: '1;31', green: '1;32', yellow: '1;33', blue: '1;34', cyan: '1;36' } as const;
export type Paint = keyof typeof CODES;

export function paint(style: Style, as: Paint, text: string): string {
  return style.color && text !== '' ? `\u001b[${CODES[as]}m${text}\u001b[0m` : text;
}

/** A link that terminals show as its text (OSC 8). */
export function link(style: Style, url: string, text: string): string {
  return style.hyperlinks ? `\u001b]8;;${url}\u001b\\${text}\u001b]8;;\u001b\\` : text;
}

const SEVERITY_PAINT: Readonly<Record<Severity, Paint>> = { error: 'red', warning: 'yellow', info: 'blue', hint: 'green' };

export function severityPaint(severity: Severity): Paint {
  return SEVERITY_PAINT[severity];
}

/** Signs that could steer the terminal are shown as their pictures: source texts and paths are not ours. */
export function printable(text: string): string {
  return text
    .replace(/[\u0000-\u001f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/\u007f/g, '\u2421')
    .replace(/[\u0080-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
