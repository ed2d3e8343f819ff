/** The edit that takes an integer in an enum's place, with the checked conversion beside the enum. */
import type { FileEdit } from '../base/edit.ts';
import { rustName } from '../generate/names.ts';
import type { EnumItem } from '../model/rust/ast-item.ts';
import type { Span } from '../base/text.ts';
import { reprOf } from '../model/surface/attributes.ts';
import type { RustItem, SourceFile, Workspace } from '../model/workspace.ts';
import { stdPath } from './edits.ts';
import { indentAt } from './indent.ts';
import type { Fix } from './rule.ts';

export function takeInteger(
  at: { readonly file: SourceFile; readonly span: Span },
  item: RustItem,
  ast: EnumItem,
  workspace: Workspace,
): Fix {
  const std = stdPath({ module: item.module, item });
  // The enum of C is an int (Rust Reference, "repr(C) field-less enums": the default size of the target's C compiler).
  const int = reprOf(ast.attributes).int ?? `::${std}::ffi::c_int`;
  const edits: FileEdit[] = [{ file: at.file.path, span: at.span, text: int }];
  const has = workspace.implsOf(item).some((i) => /\bTryFrom$/.test(i.entry.implTrait?.replace(/<.*$/, '') ?? ''));
  if (!has) edits.push(conversion(item, ast, int, std, workspace));
  return { title: `take the integer and convert it with \`${ast.name}::try_from\``, safe: false, edits };
}

function conversion(item: RustItem, ast: EnumItem, int: string, std: string, workspace: Workspace): FileEdit {
  const text = workspace.text(item.file);
  const indent = indentAt(text, ast.signatureSpan.start);
  const arms = ast.variants.map(
    ({ name }) => `            v if v == ${ast.name}::${rustName(name)} as ${int} => Ok(${ast.name}::${rustName(name)}),`,
  );
  const lines = [
    '',
    '',
    `impl ::${std}::convert::TryFrom<${int}> for ${ast.name} {`,
    `    type Error = ${int};`,
    '',
    `    fn try_from(value: ${int}) -> Result<Self, ${int}> {`,
    '        match value {',
    ...arms,
    '            unknown => Err(unknown),',
    '        }',
    '    }',
    '}',
  ];
  const { end } = ast.span;
  return { file: item.file.path, span: { start: end, end }, text: lines.map((line) => (line === '' ? '' : indent + line)).join('\n') };
}
