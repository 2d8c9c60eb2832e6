/*
 * collatz - the longest Collatz chain below N: integer arithmetic and branches, hardly any memory. Arguments: N (default
 * 100000).
 *
 * Watch: a program that needs no page walks at all once it runs (--stats).
 */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    unsigned long limit = argc > 1 ? strtoul(argv[1], NULL, 0) : 100000;
    unsigned long best = 1, longest = 1, total = 0;
    for (unsigned long start = 1; start < limit; start++) {
        unsigned long steps = 1;
        for (unsigned long n = start; n != 1; steps++) {
            n = n & 1 ? 3 * n + 1 : n / 2;
        }
        total += steps;
        if (steps > longest) {
            longest = steps;
            best = start;
        }
    }
    printf("below %lu: the longest chain starts at %lu with %lu steps, all steps %lu\n", limit, best, longest, total);
    return 0;
}
