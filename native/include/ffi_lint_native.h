/* The C ABI of ffi-lint's native helper: reads layout records (`@FFI1|1,16,8!`) out of files of any format. */
#ifndef FFI_LINT_NATIVE_H
#define FFI_LINT_NATIVE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What ffi_lint_native_version returns for this header. */
#define FFI_LINT_NATIVE_VERSION 1

typedef int32_t ffi_lint_status;
#define FFI_LINT_OK 0
#define FFI_LINT_INVALID_ARGUMENT (-1)
#define FFI_LINT_CANNOT_READ (-2)
#define FFI_LINT_TOO_LARGE (-3)
#define FFI_LINT_TOO_SMALL (-4)
#define FFI_LINT_PANIC (-5)

typedef struct ffi_lint_record {
    uint64_t offset; /* of its first byte, from the start of the file */
    uint64_t count;  /* how many values it has */
} ffi_lint_record;

uint32_t ffi_lint_native_version(void);

/* Scans a file of at most 256 MiB (path in UTF-8) and writes a handle. */
ffi_lint_status ffi_lint_scan_file(const char *path, uint64_t *handle);
/* `rejected` counts what looked like a record but was not well formed. */
ffi_lint_status ffi_lint_scan_count(uint64_t handle, uint64_t *records, uint64_t *rejected);
ffi_lint_status ffi_lint_scan_record(uint64_t handle, uint64_t index, ffi_lint_record *info);
/* `capacity` is how many values fit; ffi_lint_scan_record tells how many there are. */
ffi_lint_status ffi_lint_scan_values(uint64_t handle, uint64_t index, uint64_t *values, uint64_t capacity);
ffi_lint_status ffi_lint_scan_free(uint64_t handle);

/* Copies what went wrong last in this thread, cut to `capacity` bytes with its NUL; returns its whole length without the NUL. */
uint64_t ffi_lint_last_error(char *buffer, uint64_t capacity);

#ifdef __cplusplus
}
#endif

#endif
