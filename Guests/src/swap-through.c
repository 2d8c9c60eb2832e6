/*
 * swap-through - works on twice as much memory as there is.
 *
 * Every page is written, then all are read and changed in another order, then all are checked. With less RAM than that,
 * pages must go to the swap device and come back unharmed. Arguments: MiB (default 12).
 *
 * Watch: swap entries in the page table, and reclaim at work (--ram 8M --swap 32M --trace reclaim,fault).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { PAGE = 4096, WORDS = PAGE / 8 };

int main(int argc, char **argv)
{
    size_t pages = (argc > 1 ? strtoul(argv[1], NULL, 0) : 12) * 256;
    uint64_t *memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        printf("no memory\n");
        return 1;
    }

    for (size_t page = 0; page < pages; page++) {
        for (size_t word = 0; word < WORDS; word += 16) {
            memory[page * WORDS + word] = page * 1000003 + word;
        }
    }

    /* 517 has no factor in common with a multiple of 256 but 1, so this visits every page once. */
    for (size_t i = 0, page = 0; i < pages; i++, page = (page + 517) % pages) {
        memory[page * WORDS] += i;
    }

    size_t wrong = 0;
    uint64_t sum = 0;
    for (size_t i = 0, page = 0; i < pages; i++, page = (page + 517) % pages) {
        wrong += memory[page * WORDS] != page * 1000003 + i;
        for (size_t word = 16; word < WORDS; word += 16) {
            wrong += memory[page * WORDS + word] != page * 1000003 + word;
        }
        sum += memory[page * WORDS];
    }
    printf("%zu pages, wrong words: %zu, sum %llu\n", pages, wrong, (unsigned long long)sum);
    return wrong != 0;
}
