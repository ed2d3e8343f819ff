/** Names that belong to systems and C libraries: a symbol of such a name in some header says nothing about a crate. */
import { words } from '../../base/words.ts';

// ISO C17 chapter 7, POSIX.1-2024, learn.microsoft.com/windows/win32/api: the functions that code declares for itself most often.
const NAMES = words(`
  main WinMain wWinMain wmain DllMain _start _init _fini __libc_start_main environ errno __errno_location __error _errno
  abort atexit at_quick_exit exit _exit _Exit quick_exit getenv setenv unsetenv putenv secure_getenv system abs labs llabs div ldiv lldiv
  atof atoi atol atoll strtod strtof strtold strtol strtoll strtoul strtoull strtoimax strtoumax rand srand rand_r random srandom arc4random
  malloc calloc realloc free aligned_alloc memalign posix_memalign valloc reallocarray malloc_usable_size mallopt malloc_trim alloca
  qsort qsort_r bsearch mblen mbtowc wctomb mbstowcs wcstombs mbrtowc wcrtomb
  memchr memcmp memcpy memmove memset memmem memrchr mempcpy memccpy bcmp bcopy bzero explicit_bzero swab ffs
  strcat strchr strcmp strcoll strcpy strcspn strerror strerror_r strlen strncat strncmp strncpy strndup strdup strnlen strpbrk strrchr
  strsep strspn strstr strtok strtok_r strxfrm strcasecmp strncasecmp strcasestr strlcpy strlcat stpcpy stpncpy strsignal index rindex
  isalnum isalpha isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper isxdigit tolower toupper
  wcslen wcscpy wcscmp wcscat wcschr wcsncpy wcsncmp wmemcpy wmemset wmemcmp wmemmove wcstol wcstoul wcwidth wcswidth
  fopen freopen fdopen fclose fflush fread fwrite fgetc fgets fputc fputs getc getchar gets putc putchar puts ungetc getline getdelim fileno
  fseek fseeko ftell ftello rewind fgetpos fsetpos feof ferror clearerr perror setbuf setvbuf tmpfile tmpnam remove rename
  printf fprintf sprintf snprintf vprintf vfprintf vsprintf vsnprintf dprintf asprintf vasprintf scanf fscanf sscanf vscanf vfscanf vsscanf
  open openat open64 creat close read write pread pwrite pread64 pwrite64 readv writev preadv pwritev lseek lseek64 fsync fdatasync dup dup2
  dup3 pipe pipe2 fcntl ioctl select pselect poll ppoll epoll_create epoll_create1 epoll_ctl epoll_wait kqueue kevent eventfd signalfd
  access faccessat chdir fchdir chmod fchmod fchmodat chown fchown lchown link linkat unlink unlinkat symlink symlinkat readlink readlinkat
  mkdir mkdirat rmdir mknod mkfifo mkstemp mkdtemp mkostemp stat fstat lstat fstatat stat64 fstat64 lstat64 statfs fstatfs statvfs fstatvfs
  truncate ftruncate utime utimes futimes utimensat futimens umask getcwd getwd opendir fdopendir readdir readdir64 readdir_r closedir
  rewinddir seekdir telldir dirfd scandir glob globfree fnmatch realpath basename dirname ftw nftw flock lockf sync mount umount umount2
  fork vfork execl execle execlp execv execve execvp execvpe fexecve posix_spawn posix_spawnp wait waitpid wait3 wait4 waitid
  getpid getppid getpgid getpgrp setpgid setsid getsid getuid geteuid getgid getegid setuid seteuid setgid setegid setreuid setregid
  getgroups setgroups initgroups getpwnam getpwnam_r getpwuid getpwuid_r getpwent setpwent endpwent getgrnam getgrnam_r getgrgid getgrgid_r
  getlogin getlogin_r gethostname sethostname getdomainname uname sysconf pathconf fpathconf confstr getpagesize getrlimit setrlimit
  getrusage getpriority setpriority nice sysinfo getloadavg times clock ulimit
  mmap mmap64 munmap mprotect msync mlock munlock mlockall munlockall madvise posix_madvise mremap mincore brk sbrk shm_open shm_unlink
  shmget shmat shmdt shmctl semget semop semctl msgget msgsnd msgrcv msgctl sem_open sem_close sem_init sem_destroy sem_wait sem_trywait
  sem_timedwait sem_post sem_unlink sem_getvalue mq_open mq_close mq_send mq_receive
  kill killpg raise signal sigaction sigprocmask sigpending sigsuspend sigwait sigwaitinfo sigqueue sigaltstack sigemptyset sigfillset
  sigaddset sigdelset sigismember pause alarm sleep usleep nanosleep clock_gettime clock_settime clock_getres clock_nanosleep gettimeofday
  settimeofday time mktime timegm gmtime gmtime_r localtime localtime_r asctime asctime_r ctime ctime_r strftime strptime difftime tzset
  timer_create timer_settime timer_delete timerfd_create timerfd_settime setitimer getitimer setjmp longjmp sigsetjmp siglongjmp _setjmp
  socket socketpair bind listen accept accept4 connect shutdown send sendto sendmsg recv recvfrom recvmsg sendmmsg recvmmsg sendfile
  getsockopt setsockopt getsockname getpeername getaddrinfo freeaddrinfo gai_strerror getnameinfo gethostbyname gethostbyaddr
  getservbyname getservbyport getprotobyname inet_addr inet_aton inet_ntoa inet_ntop inet_pton htonl htons ntohl ntohs
  if_nametoindex if_indextoname if_nameindex if_freenameindex getifaddrs freeifaddrs res_init
  tcgetattr tcsetattr tcflush tcdrain tcflow tcsendbreak cfgetispeed cfgetospeed cfsetispeed cfsetospeed cfmakeraw isatty ttyname ttyname_r
  ptsname ptsname_r grantpt unlockpt posix_openpt openpty forkpty login_tty ctermid tcgetpgrp tcsetpgrp
  pthread_create pthread_join pthread_detach pthread_exit pthread_self pthread_equal pthread_cancel pthread_kill pthread_sigmask pthread_once
  pthread_atfork pthread_key_create pthread_key_delete pthread_getspecific pthread_setspecific pthread_setname_np pthread_getname_np
  pthread_mutex_init pthread_mutex_destroy pthread_mutex_lock pthread_mutex_trylock pthread_mutex_unlock pthread_mutexattr_init
  pthread_mutexattr_settype pthread_mutexattr_destroy pthread_cond_init pthread_cond_destroy pthread_cond_wait pthread_cond_timedwait
  pthread_cond_signal pthread_cond_broadcast pthread_condattr_init pthread_rwlock_init pthread_rwlock_rdlock pthread_rwlock_wrlock
  pthread_rwlock_unlock pthread_rwlock_destroy pthread_attr_init pthread_attr_destroy pthread_attr_setstacksize pthread_attr_getstack
  sched_yield sched_getaffinity sched_setaffinity sched_getcpu sched_setscheduler prctl ptrace syscall personality unshare setns clone
  dlopen dlsym dlclose dlerror dladdr dl_iterate_phdr backtrace backtrace_symbols getauxval getentropy getrandom
  setlocale localeconv newlocale uselocale freelocale duplocale nl_langinfo iconv iconv_open iconv_close gettext dgettext textdomain
  regcomp regexec regfree regerror wordexp wordfree getopt getopt_long syslog openlog closelog setlogmask crypt
  acos asin atan atan2 ceil copysign cos cosh exp exp2 expm1 fabs floor fdim fma fmax fmin fmod frexp hypot ilogb ldexp lgamma llround log
  log10 log1p log2 logb lrint lround modf nan nearbyint nextafter pow remainder rint round scalbn sin sinh sqrt tan tanh tgamma trunc
  acosf asinf atanf atan2f ceilf cosf coshf expf exp2f fabsf floorf fmaf fmaxf fminf fmodf hypotf logf log10f log2f powf roundf sinf sinhf
  sqrtf tanf tanhf truncf cbrt cbrtf erf erfc lgamma_r tgammaf
  GetLastError SetLastError FormatMessageA FormatMessageW LocalFree LocalAlloc GlobalAlloc GlobalFree HeapAlloc HeapFree HeapReAlloc
  GetProcessHeap VirtualAlloc VirtualFree VirtualProtect VirtualQuery LoadLibraryA LoadLibraryW LoadLibraryExA LoadLibraryExW FreeLibrary
  GetProcAddress GetModuleHandleA GetModuleHandleW GetModuleFileNameA GetModuleFileNameW CreateFileA CreateFileW ReadFile WriteFile
  CloseHandle DuplicateHandle DeviceIoControl GetFileType GetStdHandle GetConsoleMode SetConsoleMode WriteConsoleW ReadConsoleW
  CreateProcessA CreateProcessW TerminateProcess ExitProcess GetCurrentProcess GetCurrentProcessId GetCurrentThread GetCurrentThreadId
  CreateThread ResumeThread SuspendThread WaitForSingleObject WaitForMultipleObjects CreateEventA CreateEventW SetEvent ResetEvent
  CreateMutexA CreateMutexW ReleaseMutex EnterCriticalSection LeaveCriticalSection InitializeCriticalSection DeleteCriticalSection
  TlsAlloc TlsFree TlsGetValue TlsSetValue FlsAlloc FlsFree Sleep SleepEx QueryPerformanceCounter QueryPerformanceFrequency
  GetSystemTimeAsFileTime GetSystemInfo GetTickCount GetTickCount64 OutputDebugStringA OutputDebugStringW MessageBoxA MessageBoxW
  RegOpenKeyExW RegQueryValueExW RegSetValueExW RegCloseKey CoInitialize CoInitializeEx CoUninitialize CoCreateInstance CoTaskMemAlloc
  CoTaskMemFree SysAllocString SysFreeString VariantClear WSAStartup WSACleanup WSAGetLastError WSASocketW closesocket ioctlsocket
  SendMessageA SendMessageW PostMessageA PostMessageW DefWindowProcA DefWindowProcW RegisterClassW CreateWindowExW DestroyWindow ShowWindow
`);

/** Whether a symbol must not be linked by its name alone. Compilers' and runtimes' own names (two underscores) are among them. */
export function isSystemName(symbol: string): boolean {
  return (
    symbol.length < 4 ||
    NAMES.has(symbol) ||
    /^(?:__(?:aeabi|atomic|sync|builtin|cxa|gcc|libc|rust|udiv|umod|div|mod|mul|ash|lsh|fix|float)|_Unwind_|llvm\.)/.test(symbol)
  );
}
