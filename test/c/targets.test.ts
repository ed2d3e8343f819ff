/** One header on several targets: conditions, data models, packing rules. */
import { expect, it } from 'vitest';
import { brief } from './support.ts';

const HEADER = `
#include <stdint.h>
#include <stddef.h>
#include <wchar.h>
#if defined(_WIN32)
#include <windows.h>
typedef HANDLE thread_t;
#elif defined(__APPLE__)
typedef void *thread_t;
#else
typedef unsigned long thread_t;
#endif
struct all {
  long number;
  wchar_t letter;
  int64_t wide;
  size_t size;
  thread_t thread;
#if defined(__LP64__) || defined(_WIN64)
  uint32_t only64;
#endif
#ifdef __BIG_ENDIAN__
  char big;
#elif !defined(_WIN32) && __SIZEOF_POINTER__ == 4
  char small;
#endif
};
`;

it.each([
  ['x86_64-unknown-linux-gnu', ['struct all 48/8: number@0 letter@8 wide@16 size@24 thread@32 only64@40']],
  ['x86_64-pc-windows-msvc', ['struct all 40/8: number@0 letter@4 wide@8 size@16 thread@24 only64@32']],
  ['aarch64-apple-darwin', ['struct all 48/8: number@0 letter@8 wide@16 size@24 thread@32 only64@40']],
  ['i686-unknown-linux-gnu', ['struct all 28/4: number@0 letter@4 wide@8 size@16 thread@20 small@24']],
  ['armv7-unknown-linux-gnueabihf', ['struct all 32/8: number@0 letter@4 wide@8 size@16 thread@20 small@24']],
])('%s', async (triple, expected) => expect(await brief(HEADER, triple)).toEqual(expected));

it('what Windows brings is there on Windows', async () => {
  const header =
    '#include <windows.h>\nstruct s { BOOL ok; DWORD code; HANDLE h; LARGE_INTEGER n; WCHAR name[MAX_PATH]; LONG_PTR p; GUID g; };';
  expect(await brief(header, 'x86_64-pc-windows-msvc')).toEqual(['struct s 568/8: ok@0 code@4 h@8 n@16 name@24 p@544 g@552']);
  expect(await brief(header)).toEqual(['s? its member `ok`: `BOOL` is not known']);
});

it('a type of a system that is not modelled is unknown, not wrong', async () => {
  const header = '#include <sys/types.h>\n#include <pthread.h>\nstruct a { off_t o; };\nstruct b { pthread_mutex_t m; };';
  expect(await brief(header)).toEqual(['struct a 8/8: o@0', 'b? its member `m`: `pthread_mutex_t` is not known']);
  expect(await brief(header, 'i686-unknown-linux-gnu')).toEqual([
    'a? its member `o`: `off_t` is not known',
    'b? its member `m`: `pthread_mutex_t` is not known',
  ]);
});
