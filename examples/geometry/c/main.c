/* A C caller: build it with  cc main.c -I../include -L../../target/debug -lgeometry -lm -o main  */
#include <stdio.h>

#include "geometry.h"

static int32_t print_point(const Point *point, void *data)
{
    int *count = data;
    *count += 1;
    printf("point %d: %g, %g\n", *count, point->x, point->y);
    return 0;
}

int main(void)
{
    Point points[] = { { 0.0, 0.0 }, { 3.0, 4.0 } };
    int count = 0;
    char *text;

    printf("2 + 3 = %d\n", (int)add(2, 3));
    printf("distance = %g\n", point_distance(&points[0], &points[1]));
    printf("calls = %d\n", (int)for_each_point(points, 2, print_point, &count));
    text = point_format(&points[1]);
    if (text != NULL) {
        printf("%s has %zu characters\n", text, string_length(text));
    }
    string_free(text);
    return 0;
}
