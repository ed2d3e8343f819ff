/* Records of all kinds. */
#ifndef RECORDS_H
#define RECORDS_H
#include <stdint.h>
#include <sys/types.h>
#include <time.h>
#include <stdio.h>

struct anonymous {
  int kind;
  union {
    struct { uint8_t lo, hi; };
    uint16_t both;
    struct { uint32_t x; char tail; } named;
  };
  struct { char c; long l; } inner;
};

struct __attribute__((packed)) packed_before { char c; int i; double d; };
struct packed_behind { char c; int i; short s; } __attribute__((packed));
typedef struct { char c; long l; } __attribute__((__packed__, aligned(2))) packed_and_aligned;
struct packed_member { char c; int i __attribute__((packed)); long l; };
struct aligned_member { char c; int i __attribute__((aligned(16))); char d; };
struct aligned_whole { char c; } __attribute__((aligned(32)));
struct aligned_most { char c; } __attribute__((aligned));
struct with_alignas { char c; _Alignas(8) char d; _Alignas(double) char e; char f; };
typedef int __attribute__((aligned(8))) wide_int;
struct with_wide_int { char c; wide_int i; };
typedef struct aligned_whole aligned_alias;
typedef struct { char c; } typedef_aligned __attribute__((aligned(4)));
struct holds_typedef_aligned { char a; typedef_aligned b; char c; };

#pragma pack(push, 1)
struct pack1 { char c; int i; short s; };
#pragma pack(push)
#pragma pack(2)
struct pack2 { char c; int i; double d; };
#pragma pack(pop)
struct pack1_again { char c; double d; };
#pragma pack(pop)
struct unpacked { char c; double d; };
#define PACK(declaration) _Pragma("pack(push, 1)") declaration _Pragma("pack(pop)")
PACK(struct packed_by_operator { char c; long l; };)

struct bits {
  unsigned a : 3;
  unsigned b : 5, c : 24, : 4, d : 7;
  signed char e : 2;
  unsigned long long f : 40;
  unsigned : 0;
  uint8_t g : 1;
};
struct packed_bits { char c; int a : 7, b : 30; } __attribute__((packed));

struct flexible { uint32_t length; uint8_t data[]; };
struct zero_length { uint32_t length; uint64_t data[0]; };
struct matrix { float m[4][3]; const char *names[2][8]; char (*pointer)[16]; int (*callback)(void *, int, ...); };
typedef int (*callback_t)(const struct matrix *, int);
struct unnamed_bit { unsigned : 5; unsigned x : 3; };
union mixed { char c[9]; double d; struct bits b; };
enum plain { PLAIN_A, PLAIN_B = -1 };
enum big { BIG = 0x100000000 };
enum __attribute__((packed)) tiny { TINY_A, TINY_B = 200 };
typedef enum { ONE = 1, TWO } numbers_t;
struct enums { enum plain p; enum big b; enum tiny t; numbers_t n; char after; };
struct list { struct list *next; struct nowhere *other; void **data; FILE *file; };
struct system { time_t t; size_t s; ssize_t ss; pid_t pid; off_t off; wchar_t w; struct timespec ts; mode_t mode; uid_t uid; struct tm tm; };
long unsigned odd_order;
struct odd { long unsigned int a; short int b; long long int c; unsigned d; const volatile char e; signed f; long double g; _Complex float h; __int128 i; _Bool j; float k; };
typedef struct list list_t, *list_p;
typedef list_t list_again;
struct empty {};
struct holds_empty { char a; struct empty e; int i; };
static inline int body(int x) { struct local { int y; } l = { x }; if (x) { return l.y; } return 0; }
extern struct list head, *tail;
struct after_function { char c; int i; };
#endif
