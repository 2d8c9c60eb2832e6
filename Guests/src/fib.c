/*
 * fib - Fibonacci numbers by naive recursion: calls, returns, and a stack that stays in one page. Arguments: N (default 30).
 *
 * Watch: what a call costs (--stats).
 */
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline, optimize("no-optimize-sibling-calls"))) static unsigned long fib(unsigned n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int main(int argc, char **argv)
{
    unsigned n = argc > 1 ? (unsigned)atoi(argv[1]) : 30;
    printf("fib(%u) = %lu\n", n, fib(n));
    return 0;
}
