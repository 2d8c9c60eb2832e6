/*
 * chase - follows pointers from page to page in a fixed disorder: nothing but TLB misses. Arguments: pages (default 4096),
 * steps (default 400000).
 *
 * Watch: walks per load as the number of pages passes the reach of each TLB (--stats).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

int main(int argc, char **argv)
{
    size_t pages = argc > 1 ? strtoul(argv[1], NULL, 0) : 4096;
    unsigned long steps = argc > 2 ? strtoul(argv[2], NULL, 0) : 400000;
    if (pages < 2) {
        pages = 2;
    }

    char *memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint32_t *order = malloc(pages * sizeof *order);
    if (memory == MAP_FAILED || order == NULL) {
        return 1;
    }

    /* One cycle through all pages: shuffle so that no page can stay where it is (Sattolo). */
    uint64_t state = 42;
    for (size_t i = 0; i < pages; i++) {
        order[i] = (uint32_t)i;
    }
    for (size_t i = pages - 1; i > 0; i--) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        size_t j = (size_t)(state >> 33) % i;
        uint32_t swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }

    /* Each page holds the offset of the next one, at a different cache line of its page. */
    for (size_t i = 0; i < pages; i++) {
        size_t line = i % 64 * 64, next = order[i];
        *(uint64_t *)(memory + i * PAGE + line) = next * PAGE + next % 64 * 64;
    }

    uint64_t offset = 0, sum = 0;
    for (unsigned long step = 0; step < steps; step++) {
        offset = *(volatile uint64_t *)(memory + offset);
        sum += offset;
    }
    printf("%lu steps over %zu pages, now on page %llu, sum %llu\n", steps, pages, (unsigned long long)(offset / PAGE),
           (unsigned long long)sum);
    free(order);
    return 0;
}
