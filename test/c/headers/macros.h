/* Sizes and types that come out of macros, conditions and constants. */
#ifndef MACROS_H
#define MACROS_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

#define NAME_LENGTH 32
#define DOUBLED(x) ((x) * 2)
#define ROUND_UP(value, to) (((value) + (to) - 1) & ~((to) - 1))
#define FIELD(type, name) type name;
#define PAIR_OF(type) struct pair_##type { type first; type second; }
#define FIELDS(X) X(int, a) X(char, b) X(double, c)
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define CONCAT_(a, b) a##b
#define CONCAT(a, b) CONCAT_(a, b)
#define LOG(fmt, ...) printf(fmt, ##__VA_ARGS__)

enum sizes { SMALL = 3, MIDDLE, LARGE = 1 << 6, COUNT = LARGE - MIDDLE };

struct names {
  char name[NAME_LENGTH + 1];
  char twice[DOUBLED(NAME_LENGTH)];
  uint8_t padded[ROUND_UP(33, 8)];
  int many[COUNT];
  long best[MAX(SMALL, sizeof(long))];
};

PAIR_OF(int);
PAIR_OF(uint16_t);

struct generated { FIELDS(FIELD) };

struct CONCAT(joined_, fixed) { short s; };

#if defined(__linux__) && (__SIZEOF_POINTER__ == 8 || 0)
typedef uint64_t word_t;
#elif defined(_WIN32)
typedef uint16_t word_t;
#else
#error "no such system"
#endif

#ifdef __LP64__
#define WORDS 2
#else
#define WORDS 4
#endif

typedef struct {
  word_t words[WORDS];
  bool flag;
#if WORDS > 2 || !defined(NAME_LENGTH)
  double never;
#endif
#if WORDS == 2
  float only_here;
#endif
} machine_t;

struct offsets {
  char a[offsetof(struct names, many)];
  char b[sizeof(struct names) / sizeof(int)];
  char c[(int)sizeof(machine_t) - 1];
  char d[sizeof(struct offsets_of *)];
  char e['a' - /* over
            several lines */
         'A'];
  char f[0x10 | 010 | 0b1];
  char g[_Alignof(double) ? 5 : 7];
};

/* A line \
   that goes on, and "/* no comment in here" in a string. */
static const char *text = "/* not a comment */ struct no { int no; };";
#define MULTI struct multi { \
    int one; /* first */ \
    char two; \
  }
MULTI;

int use(const struct names *, ...);
#endif
