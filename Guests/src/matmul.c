/*
 * matmul - product of two N x N matrices of doubles. Arguments: N (default 96).
 *
 * Watch: one factor is read along its rows, the other down its columns, a page or more apart when N is large (--stats).
 */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 0) : 96;
    double *a = malloc(n * n * sizeof *a + 1), *b = malloc(n * n * sizeof *b + 1), *c = malloc(n * n * sizeof *c + 1);
    if (a == NULL || b == NULL || c == NULL) {
        return 1;
    }

    for (size_t i = 0; i < n * n; i++) {
        a[i] = (double)(i % 17) / 4 - 2;
        b[i] = (double)(i % 23) / 8 - 1;
    }
    for (size_t row = 0; row < n; row++) {
        for (size_t column = 0; column < n; column++) {
            double sum = 0;
            for (size_t k = 0; k < n; k++) {
                sum += a[row * n + k] * b[k * n + column];
            }
            c[row * n + column] = sum;
        }
    }

    double trace = 0, total = 0;
    for (size_t i = 0; i < n; i++) {
        trace += c[i * n + i];
    }
    for (size_t i = 0; i < n * n; i++) {
        total += c[i] * (double)(i % 7);
    }
    printf("%zu x %zu: trace %.6f, weighted sum %.6f\n", n, n, trace, total);
    free(a);
    free(b);
    free(c);
    return 0;
}
