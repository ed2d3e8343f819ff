/* What the C side believes. */
#ifndef GEOMETRY_FAULTY_H
#define GEOMETRY_FAULTY_H

#include <stddef.h>
#include <stdint.h>

typedef struct Point {
    double x;
    double y;
} Point;

int32_t add(int32_t a, int32_t b);
double point_distance(const Point *p1, const Point *p2);
typedef int32_t (*PointCallback)(const Point *point, void *data);
int32_t for_each_point(const Point *points, size_t count, PointCallback callback, void *data);
/* Half of the result is lost. */
unsigned int string_length(const char *text);
/* One argument too many. */
void string_free(char *text, size_t length);

#endif
