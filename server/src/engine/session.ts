/** The engine behind the command line and the editor: keeps what is known of files and checks the current picture. */
import type { Outcome, Problem } from '../base/problem.ts';
import { isCFile } from '../base/c-files.ts';
import { isFailure } from '../base/io.ts';
import { basename, relativeInside } from '../base/paths.ts';
import type { Severity } from '../base/severity.ts';
import type { Profile } from '../config/config.ts';
import { createFacts } from '../analysis/create-facts.ts';
import type { CompiledFacts } from '../analysis/compiled/compiled-facts.ts';
import { externalTypes } from '../analysis/compiled/external-types.ts';
import type { Facts } from '../analysis/facts.ts';
import { createRustSide } from '../abi/peers/rust-side.ts';
import { createPythonSide } from '../abi/python-side.ts';
import type { PythonSide } from '../abi/python-side.ts';
import { globMatcher } from '../config/globs.ts';
import { readStub } from '../model/extract/python/read-stub.ts';
import type { PyStub } from '../model/python/stub.ts';
import { readCargo } from '../model/extract/cargo/read-cargo.ts';
import { expandCall } from '../model/extract/rust/expand-call.ts';
import { parseItem } from '../model/extract/rust/parse-item.ts';
import { createWorkspaceMemory } from '../model/resolve/kept-crates.ts';
import { buildWorkspace } from '../model/resolve/workspace.ts';
import { buildSurface } from '../model/surface/build-surface.ts';
import type { CheckOptions, FileSet, Session, SessionInput, Snapshot } from './session.types.ts';
import type { CheckResult, Difference, Finding } from './finding.ts';
import { withFingerprints } from './fingerprint.ts';
import type { RawFinding, RunInput, UnitResult } from './run-rules.ts';
import type { CargoModel, Package } from '../model/cargo/package.ts';
import type { CompiledCrate } from '../model/compiled/mir.ts';
import { deadFiles } from '../model/surface/dead-files.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Rule, Unit } from '../rules/rule.ts';
import { runRules, unitPath } from './run-rules.ts';
import { createKeptRuns } from './kept-runs.ts';
import { createParsedItems } from './parsed-items.ts';
import { createSources } from './sources.ts';
import { hideFindings } from './hide.ts';
import { createReportedLints } from './reported-lints.ts';
import { verifyFindings } from './verify-findings.ts';
import type { EnginePeers } from './peers.ts';
import { createBindingSources } from './peers-bindings.ts';
import type { BindingFiles } from './peers-bindings.ts';
import { withMeasured } from './layouts/measured-defs.ts';
import { createPeerSources } from './peers.ts';
import { concerns, otherSides } from './other-sides.ts';
import { isChecked, peerUnits, unitsOf } from './units.ts';

const NOTHING: FileSet = { rust: [], manifests: [], headers: [], python: [], report: null, problems: [] };

/** After this long without a pause, a check lets other work of the process go on. In milliseconds. */
const SLICE = 25;

interface RustPicture extends Pick<Picture, 'workspace' | 'surface' | 'facts'> {
  readonly packages: readonly Package[];
  readonly problems: readonly Problem[];
}

interface Picture extends Snapshot {
  readonly facts: Facts;
  readonly peers: EnginePeers;
  readonly python: PythonSide;
  readonly bindings: BindingFiles;
}

export function createSession(input: SessionInput): Session {
  const sources = createSources(input.fs);
  const parsed = createParsedItems((text, at, context) => parseItem(input.parsers, text, at, context));
  const triples = input.targets ?? (input.target === null ? [] : [input.target]);
  const reportedLints = createReportedLints(input.fs, input.cargo ?? null);
  const equivalents = new Set(input.rules.flatMap((rule) => rule.equivalents));
  /** Those that compare Rust with another language. */
  const crossRules = input.rules.filter(({ languages }) => languages.some((one) => one !== 'rust' && one !== 'cargo'));
  const peerSources = createPeerSources({ fs: input.fs, parsers: input.parsers, configFor: (path) => input.configFor(path), triples });
  const bindingSources = createBindingSources({ fs: input.fs, parsers: input.parsers, configFor: (path) => input.configFor(path) });
  let files: FileSet = NOTHING;
  let current: Picture | null = null;
  /** What does not depend on C files: it stays while they change. */
  let rust: RustPicture | null = null;
  let compiled: readonly CompiledCrate[] | null = null;
  const memory = createWorkspaceMemory();
  const kept = createKeptRuns(input.rules, (workspace) => createFacts(workspace, null, stub));
  /** While only what stands in Rust files changes, not which there are. */
  let cargo: Outcome<CargoModel> | null = null;

  /** A stub file beside a Python module; asked for by its place, since nobody lists it among the sources. */
  function stub(path: string): PyStub | null {
    const read = input.fs.isFile(path) ? input.fs.read(path) : null;
    return read === null || isFailure(read) ? null : readStub(path, read, input.parsers);
  }

  function buildRust(): RustPicture {
    cargo ??= readCargo(input.fs, files.manifests);
    const workspace = buildWorkspace(
      {
        cargo: cargo.value,
        files: files.rust,
        index: sources.index,
        text: sources.text,
        mayName: sources.mayName,
        parseItem: parsed.parse,
        expand: expandCall,
      },
      memory,
    );
    const facts = createFacts(workspace, compiled, stub);
    return { workspace, surface: buildSurface(workspace), facts, packages: cargo.value.packages, problems: cargo.problems };
  }

  /** A Rust file that was there and is there. */
  function isStill(path: string): boolean {
    return path.endsWith('.rs') && sources.isRead(path) && input.fs.isFile(path);
  }

  function build(): Picture {
    rust ??= buildRust();
    const { workspace, surface, facts, packages } = rust;
    const { peers, bindings } = bindingSources.join(peerSources.peers(workspace, surface), workspace, surface, packages);
    return {
      workspace,
      surface,
      facts,
      peers,
      bindings,
      python: createPythonSide({
        modules: () => peers.pythonFiles().flatMap((path) => peers.module(path) ?? []),
        surface,
        packages,
        targets: peers.targets,
        configured: (path, rust) =>
          input
            .configFor(path)
            .project.links.some((link) => globMatcher(link.folder, link.python)(path) && globMatcher(link.folder, link.rust)(rust)),
      }),
      problems: [...files.problems, ...rust.problems, ...sources.problems()],
    };
  }

  function picture(): Picture {
    current ??= build();
    return current;
  }

  /** Relative to the outermost package around a file, so that a fingerprint is the same on every machine. */
  function stablePath(path: string): string {
    let best: string | null = null;
    for (const pkg of picture().workspace.cargo.packages) {
      const relative = relativeInside(pkg.workspaceRoot, path) ?? relativeInside(pkg.directory, path);
      if (relative !== null && (best === null || relative.length > best.length)) best = relative;
    }
    return best ?? basename(path);
  }

  function text(path: string): string {
    const known = picture().workspace.files.get(path);
    if (known) return sources.text(path);
    const read = input.fs.read(path);
    return isFailure(read) ? '' : read;
  }

  async function check(options: CheckOptions): Promise<CheckResult> {
    const started = performance.now();
    await bindingSources.prepare(picture().surface);
    const { workspace, surface, facts, peers, python, bindings, problems: known } = picture();
    const focus = options.focus ? new Set(options.focus) : null;
    const told = (path: string): boolean => (focus ? focus.has(path) : true) && !input.configFor(path).excludes(path);
    const asked = (path: string): boolean => told(path) && (files.report?.has(path) ?? true);
    const allowed = (path: string): boolean => told(path) && (files.share?.(path) ?? true);
    const wanted = (path: string): boolean => allowed(path) && asked(path);
    const rustUnits = unitsOf(workspace, surface, wanted);
    const crossing = crosses(rustUnits.map(unitPath));
    const units = crossing ? [...rustUnits, ...peerUnits(peers, bindings, wanted)] : rustUnits;
    const beside = crossing && files.report ? otherSides({ workspace, surface, peers, bindings, asked, allowed }) : [];
    const looked = [...units.map((unit) => ({ unit, rules: input.rules })), ...beside.map((unit) => ({ unit, rules: crossRules }))];
    const runInput: RunInput = {
      workspace,
      surface,
      facts,
      peers,
      python,
      bindings,
      text,
      level: (rule, path) => input.configFor(path).levelOf(rule, path),
      trustSafetyDocs: (path) => input.configFor(path).options.trustSafetyDocs,
      showsMild: (_rule, severity, path) => showsMild(input.configFor(path).profile, severity),
      target: input.target,
    };
    // The editor asks for its open files, at every key.
    const runKept = input.keepsRuns && focus && !facts.compiled ? kept.begin(workspace, sources.version) : null;
    const runUnit = (unit: Unit, rules: readonly Rule[]): UnitResult =>
      runKept && unit.kind === 'rust' && rules === input.rules ? runKept(unit, runInput) : runRules(unit, rules, runInput, options.clock);
    const raw: RawFinding[] = [];
    const problems: Problem[] = [...known];
    const unresolved: CheckResult['unresolved'][number][] = [];
    const pairs = new Set<string>();
    let failed = known.some((p) => p.file !== '');
    let sliceStart = performance.now();
    for (const [done, { unit, rules }] of looked.entries()) {
      if (options.cancellation.cancelled) break;
      const result = runUnit(unit, rules);
      raw.push(...result.findings);
      problems.push(...result.problems);
      for (const one of result.unresolved) {
        if (rules === crossRules && !wanted(one.at.file)) continue;
        if (one.pair !== undefined && pairs.has(one.pair)) continue;
        if (one.pair !== undefined) pairs.add(one.pair);
        unresolved.push(one);
      }
      failed ||= result.problems.length > 0;
      options.progress?.(done + 1, looked.length);
      if (performance.now() - sliceStart > SLICE) {
        await new Promise((resolve) => setImmediate(resolve));
        sliceStart = performance.now();
      }
    }
    for (const { name, at, why, reason } of crossing && !options.cancellation.cancelled ? peers.unlinked : []) {
      if (why === 'never-by-name' || pairs.has(name) || !wanted(at.file)) continue;
      pairs.add(name);
      unresolved.push({ pair: name, at, reason: `\`${name}\` is not linked: ${reason}` });
    }
    for (const { path } of deadFiles(workspace))
      if (wanted(path))
        unresolved.push({ at: { file: path, span: { start: 0, end: 0 } }, reason: 'no target of the package includes the file' });
    // A rule may point into another file than the one that it looked at.
    const reported = raw.filter(({ finding }) => allowed(finding.at.file) && concerns(finding, asked));
    const verified = facts.compiled ? verifyFindings(reported, facts.compiled) : { findings: reported, dropped: [] };
    const shown = hideFindings({
      findings: verified.findings,
      files: withDirectives(workspace, units, wanted),
      complains: wanted,
      workspace,
      rules: input.rules,
      reported: reportedLints(workspace.cargo.packages, equivalents),
      configFor: input.configFor,
      text,
    });
    const findings = [...withFingerprints(sorted(shown), { relative: stablePath, text })];
    return {
      findings,
      problems,
      files: {
        rust: count(files.rust, wanted),
        c: units.filter(({ kind }) => kind === 'header').length,
        python: units.filter(({ kind }) => kind === 'python').length,
        javascript: units.filter(({ kind }) => kind === 'javascript').length,
        csharp: units.filter(({ kind }) => kind === 'csharp').length,
      },
      unresolved,
      dropped: verified.dropped,
      ...(facts.compiled ? { differences: differences(facts.compiled, workspace) } : {}),
      target: input.target,
      incomplete: failed,
      milliseconds: performance.now() - started,
      text,
    };
  }

  /** Whether a rule that looks at other languages is on for any file: else headers need not be read. */
  function crosses(paths: readonly string[]): boolean {
    if (crossRules.length === 0) return false;
    for (const list of [paths, files.headers, files.python, files.javascript ?? [], files.csharp ?? []]) {
      for (const path of list) {
        const config = input.configFor(path);
        if (crossRules.some((rule) => config.levelOf(rule, path) !== 'off')) return true;
      }
    }
    return false;
  }

  /** Files in which comments may hide findings: of those without anything at the boundary only the comments are looked at. */
  function withDirectives(workspace: Workspace, units: readonly Unit[], wanted: (path: string) => boolean): string[] {
    const others = units.flatMap((unit) => (unit.kind === 'rust' ? [] : [unitPath(unit)]));
    const rust = [...workspace.files.values()].filter(
      (file) => sources.directives(file.path) && isChecked(file, workspace) && wanted(file.path),
    );
    return [...others, ...rust.map((file) => file.path)];
  }

  return {
    open(next) {
      const there = new Set(next.rust);
      const gone = files.rust.filter((path) => !there.has(path));
      sources.forget(gone);
      for (const path of gone) parsed.forget(path);
      kept.forget();
      peerSources.open(next.headers, next.python, next.manifests);
      bindingSources.open(next.javascript ?? [], next.csharp ?? []);
      files = next;
      cargo = null;
      rust = null;
      current = null;
    },
    changed(paths) {
      if (!paths.every((path) => isCFile(path) || isStill(path))) cargo = null;
      if (!paths.every((path) => path.endsWith('.rs'))) kept.forget();
      for (const path of paths) {
        kept.outdate(path, sources.version(path));
        const before = sources.kept(path);
        if (before === null) parsed.forget(path);
        else parsed.outdate(path, before);
      }
      sources.forget(paths);
      peerSources.changed(paths);
      bindingSources.changed(paths);
      // What was compiled is no longer what stands there.
      if (paths.some((path) => /\.(rs|toml)$/.test(path))) compiled = null;
      if (!paths.every(isCFile)) rust = null;
      current = null;
    },
    compiled(crates) {
      compiled = crates;
      kept.forget();
      rust = null;
      if (!current) return;
      // What was inferred belongs to a workspace: another one, of the same parts, is inferred with the compiler's answers.
      const workspace = { ...current.workspace };
      const facts = createFacts(workspace, crates, stub);
      const externals = facts.compiled ? externalTypes(workspace, current.surface, facts.compiled) : null;
      const { rustSignature } = createRustSide(workspace, externals ?? undefined);
      const peers = externals?.size ? { ...current.peers, rustSignature } : current.peers;
      current = { ...current, workspace, facts, peers };
    },
    measured(entries) {
      kept.forget();
      const now = picture();
      current = { ...now, peers: withMeasured(now.peers, now.workspace, entries) };
    },
    snapshot: picture,
    check,
  };
}

function differences({ disagreements }: CompiledFacts, workspace: Workspace): readonly Difference[] {
  return disagreements.all().map(({ at, syntax, compiler }) => ({ at: workspace.place(at.file, at.span), syntax, compiler }));
}

/** A rule's milder reports belong to the profile that their own severity belongs to. */
function showsMild(profile: Profile, severity: Severity): boolean {
  return profile === 'all' || (profile === 'strict' && severity === 'info');
}

function count(paths: readonly string[], wanted: (path: string) => boolean): number {
  return paths.reduce((n, path) => n + (wanted(path) ? 1 : 0), 0);
}

function sorted(findings: readonly Finding[]): Finding[] {
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...findings].sort(
    (a, b) =>
      order(a.at.file, b.at.file) ||
      a.at.span.start - b.at.span.start ||
      a.at.span.end - b.at.span.end ||
      order(a.rule, b.rule) ||
      order(a.message, b.message),
  );
}
