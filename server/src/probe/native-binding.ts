/** The C ABI of the native helper (native/include/ffi_lint_native.h) for koffi. Loaded only in a worker process: a wrong declaration here would crash it. */
import koffi from 'koffi';
import { ABI_VERSION } from './native-files.ts';

export interface NativeRecord {
  readonly values: readonly bigint[];
}

export interface NativeScan {
  readonly records: readonly NativeRecord[];
  /** Stretches that looked like a record and were not well formed. */
  readonly rejected: number;
}

export interface NativeHelper {
  /** Records in file order, or what the helper says went wrong. */
  scan(path: string): NativeScan | { readonly failure: string };
}

/** Types and functions of the header, word for word: a test compares them with native/src. */
export const RECORD_INFO = { offset: 'uint64_t', count: 'uint64_t' } as const;

const OK = 0;
const ERROR_BYTES = 1024;

/** Throws what koffi throws where the library cannot be loaded or lacks a function. */
export function loadNative(library: string): NativeHelper | { readonly failure: string } {
  const lib = koffi.load(library);
  const version = lib.func('uint32_t ffi_lint_native_version(void)')() as number;
  if (version !== ABI_VERSION) return { failure: `has version ${version}, this ffi-lint needs ${ABI_VERSION}` };
  koffi.struct('ffi_lint_record', RECORD_INFO);
  const scanFile = lib.func('int32_t ffi_lint_scan_file(const char *path, _Out_ uint64_t *handle)');
  const scanCount = lib.func('int32_t ffi_lint_scan_count(uint64_t handle, _Out_ uint64_t *records, _Out_ uint64_t *rejected)');
  const scanRecord = lib.func('int32_t ffi_lint_scan_record(uint64_t handle, uint64_t index, _Out_ ffi_lint_record *info)');
  const scanValues = lib.func('int32_t ffi_lint_scan_values(uint64_t handle, uint64_t index, _Out_ uint64_t *values, uint64_t capacity)');
  const scanFree = lib.func('int32_t ffi_lint_scan_free(uint64_t handle)');
  const lastError = lib.func('uint64_t ffi_lint_last_error(_Out_ char *buffer, uint64_t capacity)');

  const check = (status: number): void => {
    if (status === OK) return;
    const buffer = Buffer.alloc(ERROR_BYTES);
    lastError(buffer, ERROR_BYTES);
    throw new HelperError(buffer.toString('utf8', 0, buffer.indexOf(0)));
  };
  const readAll = (handle: bigint): NativeScan => {
    const records = new BigUint64Array(1);
    const rejected = new BigUint64Array(1);
    check(scanCount(handle, records, rejected));
    const found: NativeRecord[] = [];
    for (let index = 0n; index < (records[0] ?? 0n); index++) {
      const info = { offset: 0, count: 0 };
      check(scanRecord(handle, index, info));
      const values = new BigUint64Array(info.count);
      check(scanValues(handle, index, values, info.count));
      found.push({ values: [...values] });
    }
    return { records: found, rejected: Number(rejected[0]) };
  };
  return {
    scan(path) {
      try {
        const handle = new BigUint64Array(1);
        check(scanFile(path, handle));
        try {
          return readAll(handle[0] ?? 0n);
        } finally {
          scanFree(handle[0] ?? 0n);
        }
      } catch (error) {
        if (error instanceof HelperError) return { failure: error.message };
        throw error;
      }
    },
  };
}

class HelperError extends Error {}
