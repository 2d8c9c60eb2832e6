// The C library's qsort over argument 1 random numbers.
#include "program.h"

static int compare(const void *a, const void *b)
{
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    unsigned long n = count(argc, argv), sum = 0, state = 7;
    unsigned *numbers = map(n * sizeof *numbers);
    for (unsigned long i = 0; i < n; i++)
        numbers[i] = (unsigned)next(&state);
    qsort(numbers, n, sizeof *numbers, compare);
    for (unsigned long i = 0; i < n; i += 97)
        sum += numbers[i] * (i + 1);
    return tell(sum);
}
