/*
 * sieve - primes below N by crossing out multiples. Arguments: N (default 2000000).
 *
 * Watch: byte stores that run through memory with ever longer strides (--stats).
 */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    size_t limit = argc > 1 ? strtoul(argv[1], NULL, 0) : 2000000;
    unsigned char *composite = calloc(limit + 1, 1);
    if (composite == NULL) {
        return 1;
    }

    size_t count = 0, last = 0;
    for (size_t i = 2; i < limit; i++) {
        if (composite[i]) {
            continue;
        }
        count++;
        last = i;
        for (size_t multiple = i * i; multiple < limit; multiple += i) {
            composite[multiple] = 1;
        }
    }
    printf("%zu primes below %zu, the last is %zu\n", count, limit, last);
    free(composite);
    return 0;
}
