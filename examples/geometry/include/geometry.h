#ifndef GEOMETRY_H
#define GEOMETRY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct Point {
    double x;
    double y;
} Point;

/* Returns 0 to go on, anything else to stop. */
typedef int32_t (*PointCallback)(const Point *point, void *data);

int32_t add(int32_t a, int32_t b);

/* NaN where one of them is NULL. */
double point_distance(const Point *p1, const Point *p2);

/* The number of calls, or -1 for bad arguments. */
int32_t for_each_point(const Point *points, size_t count, PointCallback callback, void *data);

/* The number of characters; 0 for NULL. */
size_t string_length(const char *text);

/* To be given back to string_free; NULL for NULL. */
char *point_format(const Point *point);
void string_free(char *text);

#ifdef __cplusplus
}
#endif

#endif
