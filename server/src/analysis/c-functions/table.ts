/** What the documentation of common C functions says about their pointers: results, ownership, format strings. */

// Sources: POSIX.1-2024 (pubs.opengroup.org/onlinepubs/9799919799), ISO C17 chapter 7, the Linux man-pages project for GNU functions,
// learn.microsoft.com/windows/win32/api for those of Windows. Only facts that rules use are listed.

/** Who owns a pointer that is returned: the caller must free it, or it belongs to the library. */
export type ResultOwner = 'caller' | 'library';

export interface CFunction {
  readonly name: string;
  /** How many named parameters it has. */
  readonly arity: number;
  /** The result is null for an ordinary reason. */
  readonly nullable: boolean;
  /** null where no pointer is returned, or an argument. */
  readonly owner: ResultOwner | null;
  /** The function that frees the result; null where nothing has to be freed. */
  readonly freedBy: string | null;
  /** The index of a printf or scanf format string, -1 without one. */
  readonly format: number;
  readonly formatKind: 'printf' | 'scanf' | null;
  /** The indices of strings, buffers, callbacks and their user data that it keeps after it returned. */
  readonly keeps: readonly number[];
  /** The indices of callbacks that it calls before it returns, and does not keep. */
  readonly runs: readonly number[];
  /** The indices of C strings that it reads up to their NUL. */
  readonly strings: readonly number[];
}

/**
 * One function a line: `name/arity`, then words in any order:
 * `null` nullable result · `own:F` the caller frees the result by F · `lend` the result belongs to the library ·
 * `printf:N` `scanf:N` the format's index · `keep:N` kept argument · `run:N` callback that is called at once · `str:N,M` C strings.
 */
const TABLE = `
malloc/1 null own:free
calloc/2 null own:free
realloc/2 null own:free
reallocarray/3 null own:free
aligned_alloc/2 null own:free
memalign/2 null own:free
valloc/1 null own:free
strdup/1 null own:free str:0
strndup/2 null own:free
getcwd/2 null own:free
get_current_dir_name/0 null own:free
realpath/2 null own:free str:0
canonicalize_file_name/1 null own:free str:0
tempnam/2 null own:free str:0,1
wcsdup/1 null own:free
fopen/2 null own:fclose str:0,1
fdopen/2 null own:fclose str:1
freopen/3 null own:fclose str:0,1
tmpfile/0 null own:fclose
fmemopen/3 null own:fclose str:2
open_memstream/2 null own:fclose
popen/2 null own:pclose str:0,1
opendir/1 null own:closedir str:0
fdopendir/1 null own:closedir
readdir/1 null lend
dlopen/2 null own:dlclose str:0
dlsym/2 null lend str:1
dlerror/0 null lend
getenv/1 null lend str:0
secure_getenv/1 null lend str:0
setlocale/2 null lend str:1
newlocale/3 null own:freelocale str:1
ttyname/1 null lend
getlogin/0 null lend
ctime/1 null lend
asctime/1 null lend
localtime/1 null lend
gmtime/1 null lend
getpwnam/1 null lend str:0
getpwuid/1 null lend
getgrnam/1 null lend str:0
getgrgid/1 null lend
getpwent/0 null lend
getgrent/0 null lend
getspent/0 null lend
getspnam/1 null lend str:0
gethostbyname/1 null lend str:0
gethostbyaddr/3 null lend
gethostent/0 null lend
getservent/0 null lend
getservbyport/2 null lend
getprotobynumber/1 null lend
getmntent/1 null lend
getservbyname/2 null lend str:0,1
getprotobyname/1 null lend str:0
setmntent/2 null own:endmntent str:0,1
strchr/2 null lend str:0
strrchr/2 null lend str:0
strstr/2 null lend str:0,1
strcasestr/2 null lend str:0,1
strpbrk/2 null lend str:0,1
strtok/2 null lend str:1
strtok_r/3 null lend str:1
memchr/3 null lend
memrchr/3 null lend
memmem/4 null lend
strchrnul/2 lend str:0
strsep/2 null lend str:1
index/2 null lend str:0
rindex/2 null lend str:0
wcschr/2 null lend
wcsrchr/2 null lend
wcsstr/2 null lend
wcspbrk/2 null lend
wmemchr/3 null lend
bsearch/5 null lend run:4
qsort/4 run:3
lfind/5 null lend run:4
lsearch/5 null lend run:4
tsearch/3 null run:2
tfind/3 null lend run:2
tdelete/3 null run:2
twalk/2 run:1
ftw/3 run:1 str:0
nftw/4 run:1 str:0
glob/4 run:2 str:0
scandir/4 run:2,3 str:0
pthread_once/2 run:1
pthread_create/4 keep:2,3
pthread_key_create/2 keep:1
pthread_atfork/3 keep:0,1,2
pthread_getspecific/1 null lend
atexit/1 keep:0
at_quick_exit/1 keep:0
on_exit/2 keep:0,1
signal/2 keep:1
bsd_signal/2 keep:1
fgets/3 null
strerror/1 lend
gai_strerror/1 lend
strsignal/1 lend
if_nameindex/0 null own:if_freenameindex
getpass/1 null lend str:0
crypt/2 null lend str:0,1
if_indextoname/2 null
if_nametoindex/1 str:0
inet_ntop/4 null
inet_pton/3 str:1
inet_addr/1 str:0
mkdtemp/1 null
ptsname/1 null lend
textdomain/1 null lend str:0
bindtextdomain/2 null lend str:0,1
gettext/1 lend str:0
shmat/3 lend
strlen/1 str:0
strcmp/2 str:0,1
strcoll/2 str:0,1
strcasecmp/2 str:0,1
strcpy/2 str:1
stpcpy/2 str:1
strcat/2 str:1
strspn/2 str:0,1
strcspn/2 str:0,1
atoi/1 str:0
atol/1 str:0
atoll/1 str:0
atof/1 str:0
strtol/3 str:0
strtoul/3 str:0
strtoll/3 str:0
strtoull/3 str:0
strtod/2 str:0
strtof/2 str:0
puts/1 str:0
fputs/2 str:0
perror/1 str:0
system/1 str:0
remove/1 str:0
rename/2 str:0,1
unlink/1 str:0
rmdir/1 str:0
mkdir/2 str:0
mkfifo/2 str:0
mknod/3 str:0
chdir/1 str:0
chroot/1 str:0
chmod/2 str:0
chown/3 str:0
lchown/3 str:0
access/2 str:0
open/2 str:0
openat/3 str:1
creat/2 str:0
stat/2 str:0
lstat/2 str:0
statvfs/2 str:0
statfs/2 str:0
truncate/2 str:0
link/2 str:0,1
symlink/2 str:0,1
readlink/3 str:0
mount/5 str:0,1,2
umount/1 str:0
umount2/2 str:0
setenv/3 str:0,1
unsetenv/1 str:0
putenv/1 keep:0 str:0
execl/2 str:0,1
execlp/2 str:0,1
execle/2 str:0,1
execv/2 str:0
execvp/2 str:0
execve/3 str:0
shm_open/3 str:0
shm_unlink/1 str:0
sem_open/2 str:0
sem_unlink/1 str:0
mq_open/2 str:0
openlog/3 keep:0 str:0
printf/1 printf:0 str:0
fprintf/2 printf:1 str:1
dprintf/2 printf:1 str:1
sprintf/2 printf:1 str:1
snprintf/3 printf:2 str:2
asprintf/2 printf:1 str:1
syslog/2 printf:1 str:1
err/2 printf:1 str:1
errx/2 printf:1 str:1
warn/1 printf:0 str:0
warnx/1 printf:0 str:0
error/3 printf:2 str:2
wprintf/1 printf:0
printw/1 printf:0 str:0
wprintw/2 printf:1 str:1
mvprintw/3 printf:2 str:2
mvwprintw/4 printf:3 str:3
scanf/1 scanf:0 str:0
fscanf/2 scanf:1 str:1
sscanf/2 scanf:1 str:0,1
setvbuf/4 keep:1
setbuf/2 keep:1
GetModuleHandleA/1 null lend str:0
LoadLibraryA/1 null own:FreeLibrary str:0
GetProcAddress/2 null lend str:1
LocalAlloc/2 null own:LocalFree
GlobalAlloc/2 null own:GlobalFree
HeapAlloc/3 null own:HeapFree
CoTaskMemAlloc/1 null own:CoTaskMemFree
SysAllocString/1 null own:SysFreeString
VirtualAlloc/4 null own:VirtualFree
VirtualAllocEx/5 null
HeapReAlloc/4 null own:HeapFree
HeapCreate/3 null own:HeapDestroy
LocalReAlloc/3 null own:LocalFree
GlobalReAlloc/3 null own:GlobalFree
GlobalLock/1 null lend
LocalLock/1 null lend
CoTaskMemRealloc/2 null own:CoTaskMemFree
SysAllocStringLen/2 null own:SysFreeString
GetModuleHandleW/1 null lend
LoadLibraryW/1 null own:FreeLibrary
LoadLibraryExA/3 null own:FreeLibrary str:0
LoadLibraryExW/3 null own:FreeLibrary
FindResourceA/3 null lend
FindResourceW/3 null lend
LoadResource/2 null lend
LockResource/1 null lend
CreateFileMappingA/6 null own:CloseHandle
CreateFileMappingW/6 null own:CloseHandle
OpenFileMappingA/3 null own:CloseHandle str:2
OpenFileMappingW/3 null own:CloseHandle
MapViewOfFile/5 null own:UnmapViewOfFile
MapViewOfFileEx/6 null own:UnmapViewOfFile
OpenProcess/3 null own:CloseHandle
OpenThread/3 null own:CloseHandle
CreateThread/6 null own:CloseHandle keep:2,3
CreateEventA/4 null own:CloseHandle
CreateEventW/4 null own:CloseHandle
CreateMutexA/3 null own:CloseHandle
CreateMutexW/3 null own:CloseHandle
CreateSemaphoreA/4 null own:CloseHandle
CreateSemaphoreW/4 null own:CloseHandle
GetEnvironmentStringsW/0 null own:FreeEnvironmentStringsW
TlsGetValue/1 null lend
SetConsoleCtrlHandler/2 keep:0
SetUnhandledExceptionFilter/1 null keep:0
AddVectoredExceptionHandler/2 null keep:1
SetWindowsHookExA/4 null keep:1
SetWindowsHookExW/4 null keep:1
EnumWindows/2 run:0
EnumChildWindows/3 run:1
EnumThreadWindows/3 run:1
GetDC/1 null own:ReleaseDC
OutputDebugStringA/1 str:0
MessageBoxA/4 str:1,2
`;

function entry(line: string): CFunction {
  const [head = '', ...facts] = line.split(' ');
  const [name = '', arity = '0'] = head.split('/');
  const value = (key: string): string | null => facts.find((fact) => fact.startsWith(`${key}:`))?.slice(key.length + 1) ?? null;
  const numbers = (key: string): readonly number[] => (value(key) ?? '').split(',').filter(Boolean).map(Number);
  const printf = value('printf');
  const scanf = value('scanf');
  const freedBy = value('own');
  return {
    name,
    arity: Number(arity),
    nullable: facts.includes('null'),
    owner: freedBy ? 'caller' : facts.includes('lend') ? 'library' : null,
    freedBy,
    format: Number(printf ?? scanf ?? '-1'),
    formatKind: printf ? 'printf' : scanf ? 'scanf' : null,
    keeps: numbers('keep'),
    runs: numbers('run'),
    strings: numbers('str'),
  };
}

/** All of them, by name. */
export const C_FUNCTIONS: ReadonlyMap<string, CFunction> = new Map(
  TABLE.trim()
    .split('\n')
    .map(entry)
    .map((fn) => [fn.name, fn]),
);

/** What is known of a C function by its linker name; null where nothing is. */
export function cFunction(name: string): CFunction | null {
  return C_FUNCTIONS.get(name) ?? null;
}

/** Functions that give memory back to the C library's allocator or to Windows' heaps. */
export const C_FREES: ReadonlySet<string> = new Set([
  ...['free', 'cfree', 'realloc', 'reallocarray', 'LocalFree', 'GlobalFree', 'CoTaskMemFree', 'SysFreeString', 'VirtualFree'],
]);
