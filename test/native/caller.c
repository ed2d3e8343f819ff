/* Reads one file's records through the C ABI and prints them; the test compiles and runs it. */
#include <inttypes.h>
#include <stdio.h>
#include "ffi_lint_native.h"

int main(int argc, char **argv) {
    if (argc != 2 || ffi_lint_native_version() != FFI_LINT_NATIVE_VERSION) return 9;
    uint64_t handle = 0, records = 0, rejected = 0;
    if (ffi_lint_scan_file(argv[1], &handle) != FFI_LINT_OK) {
        char message[256];
        ffi_lint_last_error(message, sizeof message);
        puts(message);
        return 1;
    }
    if (ffi_lint_scan_count(handle, &records, &rejected) != FFI_LINT_OK) return 9;
    for (uint64_t i = 0; i < records; i++) {
        ffi_lint_record info;
        uint64_t values[8];
        if (ffi_lint_scan_record(handle, i, &info) != FFI_LINT_OK) return 9;
        if (ffi_lint_scan_values(handle, i, values, 8) != FFI_LINT_OK) return 9;
        printf("%" PRIu64 ":", info.offset);
        for (uint64_t v = 0; v < info.count; v++) printf(" %" PRIu64, values[v]);
        puts("");
    }
    printf("rejected %" PRIu64 "\n", rejected);
    return ffi_lint_scan_free(handle) == FFI_LINT_OK && ffi_lint_scan_free(handle) == FFI_LINT_INVALID_ARGUMENT ? 0 : 9;
}
