/** Where the page of a rule can be read. */

const PAGES = 'https://github.com/ffi-lint/ffi-lint/blob/main/docs/rules';

export function ruleUrl(id: string): string {
  return `${PAGES}/${id}.md`;
}
