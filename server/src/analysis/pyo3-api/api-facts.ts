/** Uses of PyO3's deprecated and removed API in one file, as far as the crate's PyO3 version is known. */
import type { FileEdit } from '../../base/edit.ts';
import type { Span } from '../../base/text.ts';
import type { ApiChange } from '../../model/pyo3/api-table.ts';
import type { RustItem, SourceFile } from '../../model/workspace.ts';

/** A place in a file at which the API is named. */
export interface ApiPlace {
  readonly file: SourceFile;
  readonly span: Span;
  /** The item in which it stands; null at the top of a file. */
  readonly item: RustItem | null;
}

export interface ApiRepair {
  readonly title: string;
  readonly safe: boolean;
  readonly edits: readonly FileEdit[];
}

/** One call, or all places of a file at which one name stands: its import and what is imported go together. */
export interface ApiUse {
  readonly change: ApiChange;
  readonly status: 'deprecated' | 'removed';
  /** The first place is where the finding points; never empty. */
  readonly places: readonly ApiPlace[];
  /** null where the new name does not do, does not exist yet in the oldest PyO3 that is allowed, or cannot be written here. */
  readonly repair: ApiRepair | null;
}

export interface ApiFacts {
  /** Empty where the version of PyO3 is not known (git, path, none). Each file is looked at once. */
  uses(file: SourceFile, items: readonly RustItem[]): readonly ApiUse[];
}
