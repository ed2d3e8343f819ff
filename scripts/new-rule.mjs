/** `npm run new-rule NAME GROUP`: a rule and its page of tests, which compile and pass before the first change. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from './generate.mjs';
import { root as projectRoot } from './stamp.mjs';

/** The groups that the rule contract knows, read from its text: nothing has to be bundled for it. */
function groupsOf(root) {
  const text = readFileSync(path.join(root, 'server/src/rules/rule.ts'), 'utf8');
  return [...(/GROUPS = \[([^\]]*)\]/.exec(text)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, name]) => name);
}

const rule = (
  id,
  group,
  version,
) => `/** A fn at the boundary has a name that is kept for trying out rules: say here what the rule finds. */
import { defineRule } from '../rule.ts';

export default defineRule({
  id: '${id}',
  group: '${group}',
  since: '${version}',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { found: 'fn \`{name}\` is named like an example' },
  docs: {
    what: 'A fn at the boundary is named like an example',
    why: 'Say here what goes wrong, and under which conditions.',
    bad: \`#[no_mangle]
pub extern "C" fn example_fn(value: i32) -> i32 {
    value
}
\`,
    good: \`#[no_mangle]
pub extern "C" fn double(value: i32) -> i32 {
    value * 2
}
\`,
    exceptions: ['functions that no other language calls'],
    fixSafety: null,
    references: [],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const fn of ctx.unit.surface.functions) {
      if (fn.role !== 'export' || fn.item.name !== 'example_fn') continue;
      ctx.report('found', {
        at: { file: fn.item.file, span: fn.ast.nameSpan },
        data: { name: fn.item.name },
        help: 'say here what to do',
        item: fn.item,
      });
    }
  },
});
`;

const page = (id) => `# ${id}

What the rule finds and what it leaves alone, for people who read tests. Each heading below is one case.

## a fn that is exported to C

\`\`\`rust
#[no_mangle]
pub extern "C" fn example_fn(value: i32) -> i32 { //~ warning[${id}] fn \`example_fn\`
    value
}
\`\`\`

## another name

\`\`\`rust
#[no_mangle]
pub extern "C" fn double(value: i32) -> i32 {
    value * 2
}
\`\`\`

## a fn that only Rust calls

\`\`\`rust
pub fn example_fn(value: i32) -> i32 {
    value
}
\`\`\`
`;

/** Writes both files and what is generated from them; gives their names, or throws what is wrong with the arguments. */
export async function newRule(root, id, group) {
  const groups = groupsOf(root);
  if (!id || !group) throw new Error('usage: npm run new-rule NAME GROUP');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(id))
    throw new Error(`\`${id}\` is no rule name: words in lower case, joined by hyphens, two at least`);
  if (!groups.includes(group)) throw new Error(`there is no group \`${group}\`; there are ${groups.join(', ')}`);
  const taken = readdirSync(path.join(root, 'server/src/rules'), { recursive: true, encoding: 'utf8' });
  if (taken.some((name) => path.basename(name) === `${id}.ts`)) throw new Error(`the rule ${id} exists`);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const files = [
    [`server/src/rules/${group}/${id}.ts`, rule(id, group, version)],
    [`test/rules/${group}/${id}.md`, page(id)],
  ];
  for (const [name, text] of files) {
    const file = path.join(root, name);
    if (existsSync(file)) throw new Error(`${name} exists`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return [...files.map(([name]) => name), ...(await generate(root))];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const [id, group] = process.argv.slice(2);
    for (const name of await newRule(projectRoot, id, group)) console.log(`written: ${name}`);
    console.log(`next: \`npm run test:rule ${id}\`, and docs/writing-a-rule.md`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}
