/*
 * sort - qsort of N 32-bit numbers in a fixed disorder. Arguments: N (default 100000).
 *
 * Watch: calls through a function pointer, and unpredictable branches (--stats).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static int compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 0) : 100000;
    uint32_t *numbers = malloc(count * sizeof *numbers + 1);
    if (numbers == NULL) {
        return 1;
    }

    uint32_t state = 12345;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525 + 1013904223;
        numbers[i] = state ^ (state >> 15);
    }
    qsort(numbers, count, sizeof *numbers, compare);

    uint64_t checksum = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && numbers[i - 1] > numbers[i]) {
            printf("not sorted at %zu\n", i);
            return 1;
        }
        checksum = checksum * 31 + numbers[i];
    }
    printf("sorted %zu numbers, checksum %016llx\n", count, (unsigned long long)checksum);
    free(numbers);
    return 0;
}
