/** The examples in a rule's docs as test cases. */
import { exampleFiles } from '../../server/src/rules/docs-example.ts';
import type { Case } from '../support/literate.ts';

/** What a manifest's library has: an export, or a Python module. */
const ANSWER = '#[no_mangle]\npub extern "C" fn answer() -> i32 {\n    42\n}\n';
const MODULE = "use pyo3::prelude::*;\n\n#[pymodule]\nfn sample(_module: &Bound<'_, PyModule>) -> PyResult<()> {\n    Ok(())\n}\n";

/** The newest version that the docs' examples are written for. */
const PYO3 = '[dependencies]\npyo3 = { version = "0.30", features = ["extension-module"] }\n';

/**
 * An example of a rule's docs as a case: Rust for `src/lib.rs`, or a manifest for a library with one export.
 * Comments `// Cargo.toml: …` in Rust are lines of its manifest, `// geo.h: …` and `# tests/it.rs: …` those of other files.
 */
export function docsCase(title: string, text: string): Case {
  const block = { role: 'source', line: 0, fails: null, edition: null } as const;
  const manifest =
    '[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2021"\nrust-version = "1.85"\n\n[lib]\ncrate-type = ["cdylib"]\n\n';
  const [own, ...others] = exampleFiles(text);
  const isManifest = own?.language === 'toml';
  const rust = isManifest ? (text.includes('pyo3') ? MODULE : ANSWER) : text;
  const lines = others.find(({ path }) => path === 'Cargo.toml')?.text ?? '';
  const toml = isManifest ? text : manifest + (text.includes('pyo3') ? PYO3 : '') + lines;
  return {
    title,
    line: 0,
    blocks: [
      { ...block, language: 'rust', path: 'src/lib.rs', text: rust },
      { ...block, language: 'toml', path: 'Cargo.toml', text: toml },
      ...others.flatMap(({ path, language, text: content }) =>
        path === null || path === 'Cargo.toml' ? [] : [{ ...block, language: language === 'cpp' ? 'c' : language, path, text: content }],
      ),
    ],
  };
}
