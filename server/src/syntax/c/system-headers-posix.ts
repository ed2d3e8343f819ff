/** POSIX headers: the typedefs on which the common C libraries agree for a target; the rest is not defined here and so unknown. */

// Linux: asm-generic/posix_types.h and glibc's and musl's bits; 32-bit Linux is left out where _FILE_OFFSET_BITS or _TIME_BITS decide.
// Apple: sys/_types.h and machine/_types.h.
const TYPES = `
#include <stddef.h>
#include <stdint.h>
#if !defined(_WIN32)
typedef __INTPTR_TYPE__ ssize_t;
#if defined(__linux__) || defined(__APPLE__) || defined(__FreeBSD__)
typedef int pid_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef unsigned int useconds_t;
#endif
#if defined(__linux__) && defined(__LP64__)
typedef long off_t;
typedef long time_t;
typedef long suseconds_t;
typedef long clock_t;
typedef unsigned int mode_t;
typedef unsigned long dev_t;
typedef unsigned long ino_t;
typedef long blkcnt_t;
typedef int clockid_t;
#elif defined(__APPLE__) && defined(__LP64__)
typedef long long off_t;
typedef long time_t;
typedef int suseconds_t;
typedef unsigned long clock_t;
typedef unsigned short mode_t;
typedef int dev_t;
typedef unsigned long long ino_t;
typedef unsigned short nlink_t;
#endif
typedef unsigned int u_int;
typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned long u_long;
typedef uint8_t u_int8_t;
typedef uint16_t u_int16_t;
typedef uint32_t u_int32_t;
typedef uint64_t u_int64_t;
#endif
`;

const TIME = `
#include <sys/types.h>
#if defined(__linux__) && defined(__LP64__) || defined(__APPLE__) && defined(__LP64__)
struct timespec { time_t tv_sec; long tv_nsec; };
struct timeval { time_t tv_sec; suseconds_t tv_usec; };
struct tm {
  int tm_sec; int tm_min; int tm_hour; int tm_mday; int tm_mon; int tm_year; int tm_wday; int tm_yday; int tm_isdst;
  long tm_gmtoff; const char *tm_zone;
};
#endif
`;

const SOCKET = `
#include <sys/types.h>
#if !defined(_WIN32)
typedef unsigned int socklen_t;
#if defined(__linux__)
typedef unsigned short sa_family_t;
struct sockaddr { sa_family_t sa_family; char sa_data[14]; };
#elif defined(__APPLE__)
typedef unsigned char sa_family_t;
struct sockaddr { unsigned char sa_len; sa_family_t sa_family; char sa_data[14]; };
#endif
struct iovec { void *iov_base; size_t iov_len; };
#endif
`;

const INTERNET = `
#include <sys/socket.h>
#if !defined(_WIN32)
typedef uint16_t in_port_t;
typedef uint32_t in_addr_t;
struct in_addr { in_addr_t s_addr; };
#endif
`;

const LINUX_TYPES = `
#define __bitwise
#define __bitwise__
typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;
typedef __u16 __le16;
typedef __u16 __be16;
typedef __u32 __le32;
typedef __u32 __be32;
typedef __u64 __le64;
typedef __u64 __be64;
typedef __u64 __attribute__((aligned(8))) __aligned_u64;
`;

// What project headers borrow from the C library's own.
const DECLARATIONS = `
#ifdef __cplusplus
#define __BEGIN_DECLS extern "C" {
#define __END_DECLS }
#else
#define __BEGIN_DECLS
#define __END_DECLS
#endif
#define __THROW
#define __P(args) args
#define __CONCAT(x, y) x ## y
`;

const TARGET_CONDITIONALS = `
#if defined(__APPLE__)
#define TARGET_OS_MAC 1
#define TARGET_OS_WIN32 0
#define TARGET_OS_UNIX 0
#define TARGET_OS_LINUX 0
#define TARGET_RT_LITTLE_ENDIAN 1
#define TARGET_RT_BIG_ENDIAN 0
#define TARGET_RT_64_BIT __LP64__
#endif
`;

const ENDIAN = `
#define __LITTLE_ENDIAN 1234
#define __BIG_ENDIAN 4321
#define __BYTE_ORDER __BYTE_ORDER__
#define LITTLE_ENDIAN 1234
#define BIG_ENDIAN 4321
#define BYTE_ORDER __BYTE_ORDER__
`;

/** Headers whose own types are not defined here: what uses them is unknown. */
const WITHOUT_TYPES = `
  dirent.h dlfcn.h grp.h iconv.h langinfo.h libgen.h net/if.h netdb.h netinet/tcp.h poll.h pthread.h pwd.h regex.h sched.h semaphore.h
  spawn.h sys/epoll.h sys/ioctl.h sys/mman.h sys/resource.h sys/select.h sys/stat.h sys/syscall.h sys/un.h sys/wait.h syslog.h
  termios.h utime.h
`;

export const POSIX_HEADERS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    WITHOUT_TYPES.trim()
      .split(/\s+/)
      .map((name) => [name, '#include <sys/types.h>\n']),
  ),
  'sys/types.h': TYPES,
  'sys/cdefs.h': DECLARATIONS,
  'sys/time.h': '#include <time.h>\n',
  'sys/param.h': '#include <limits.h>\n#include <sys/types.h>\n',
  'sys/uio.h': '#include <sys/socket.h>\n',
  'sys/socket.h': SOCKET,
  'unistd.h': '#include <sys/types.h>\n',
  'fcntl.h': '#include <sys/types.h>\n',
  'time.h': `#include <stddef.h>\n${TIME}`,
  'netinet/in.h': INTERNET,
  'arpa/inet.h': '#include <netinet/in.h>\n',
  'endian.h': ENDIAN,
  'machine/endian.h': ENDIAN,
  'sys/endian.h': ENDIAN,
  'features.h': '#include <sys/cdefs.h>\n',
  'linux/ioctl.h': '',
  'asm/ioctl.h': '',
  'AvailabilityMacros.h': '',
  'TargetConditionals.h': TARGET_CONDITIONALS,
  'linux/types.h': LINUX_TYPES,
  'asm/types.h': LINUX_TYPES,
};
