/** The files that an example in a rule's docs stands for. */

export interface ExampleFile {
  /** null for the example's own file: Rust, or a manifest. */
  readonly path: string | null;
  /** As Markdown names it behind a fence. */
  readonly language: string;
  /** Ends with a line break. */
  readonly text: string;
}

const LANGUAGES: Readonly<Record<string, string>> = {
  c: 'c',
  cs: 'csharp',
  h: 'c',
  hpp: 'cpp',
  js: 'javascript',
  py: 'python',
  pyi: 'python',
  rs: 'rust',
  toml: 'toml',
  ts: 'typescript',
};

/** `// geo.h: int geo_load(int layer);`, with `#` in a manifest. */
const OTHER_LINE = /^(?:#|\/\/) ([\w./-]+\.(\w+)):(?: (.*))?$/;

/** Its own file first; lines of other files stand in its comments, each behind the file's name. */
export function exampleFiles(text: string): readonly ExampleFile[] {
  const own: string[] = [];
  const others = new Map<string, { readonly language: string; text: string }>();
  for (const line of text.split('\n')) {
    const [, path = '', extension = '', content = ''] = OTHER_LINE.exec(line) ?? [];
    const language = LANGUAGES[extension];
    if (language === undefined) {
      own.push(line);
      continue;
    }
    const file = others.get(path) ?? { language, text: '' };
    file.text += `${content}\n`;
    others.set(path, file);
  }
  const first = own.find((line) => line.trim() !== '' && !/^\s*#( |$)/.test(line)) ?? '';
  const main = { path: null, language: /^\[+\w/.test(first) ? 'toml' : 'rust', text: `${own.join('\n').trim()}\n` };
  return [main, ...[...others].map(([path, file]) => ({ path, ...file }))];
}
