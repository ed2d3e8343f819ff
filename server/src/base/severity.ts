/** How bad a finding is, and the level at which a rule runs. */

export const SEVERITIES = ['error', 'warning', 'info', 'hint'] as const;
export type Severity = (typeof SEVERITIES)[number];
export type Level = Severity | 'off';
