/*
 * mandelbrot - the set in letters, two points at a time in packed doubles. Arguments: columns (default 64).
 *
 * Watch: the inner loop is packed SSE2 arithmetic and comparison; every result but the first is inexact.
 */
#include <emmintrin.h>
#include <stdio.h>
#include <stdlib.h>

enum { LIMIT = 200 };

/* Iterations until each of two points has left the circle of radius two. */
static __m128d escape(__m128d cx, __m128d cy)
{
    __m128d x = _mm_setzero_pd(), y = _mm_setzero_pd(), count = _mm_setzero_pd();
    for (int i = 0; i < LIMIT; i++) {
        __m128d xx = _mm_mul_pd(x, x), yy = _mm_mul_pd(y, y);
        __m128d inside = _mm_cmple_pd(_mm_add_pd(xx, yy), _mm_set1_pd(4));
        if (_mm_movemask_pd(inside) == 0) {
            break;
        }
        count = _mm_add_pd(count, _mm_and_pd(inside, _mm_set1_pd(1)));
        y = _mm_add_pd(_mm_mul_pd(_mm_add_pd(x, x), y), cy);
        x = _mm_add_pd(_mm_sub_pd(xx, yy), cx);
    }
    return count;
}

int main(int argc, char **argv)
{
    unsigned columns = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) & ~1u : 64;
    unsigned rows = columns * 3 / 8;
    unsigned long total = 0;

    for (unsigned row = 0; row < rows; row++) {
        __m128d cy = _mm_set1_pd(2.4 * row / rows - 1.2);
        for (unsigned column = 0; column < columns; column += 2) {
            double left = 3.2 * column / columns - 2.3, right = 3.2 * (column + 1) / columns - 2.3;
            double counts[2];
            _mm_storeu_pd(counts, escape(_mm_set_pd(right, left), cy));
            for (int i = 0; i < 2; i++) {
                total += (unsigned long)counts[i];
                if (columns <= 128) {
                    putchar(" .:-=+*#%@"[counts[i] >= LIMIT ? 9 : (int)counts[i] % 9]);
                }
            }
        }
        if (columns <= 128) {
            putchar('\n');
        }
    }
    printf("%lu iterations\n", total);
    return 0;
}
