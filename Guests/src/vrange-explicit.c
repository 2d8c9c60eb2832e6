/*
 * vrange-explicit - volatile memory the careful way: take it back first, look at the answer, then use it.
 *
 * Twenty-six chunks hold the alphabet. Every second one is made volatile, memory runs short, and the program asks for
 * each chunk back with VRANGE_NONVOLATILE. The kernel says in *purged whether anything in the range was lost. What was
 * lost reads as zeros and is built again. No signal handler is needed.
 *
 * Watch: the oldest ranges go first and go whole (--trace syscall,reclaim).
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include "mmuemu.h"

enum { CHUNK = 16384, CHUNKS = 26 };

static unsigned char *chunks;

static unsigned char *chunk(int i)
{
    return chunks + (size_t)i * CHUNK;
}

static int is_all(const unsigned char *bytes, unsigned char value)
{
    for (int i = 0; i < CHUNK; i++) {
        if (bytes[i] != value) {
            return 0;
        }
    }
    return 1;
}

int main(void)
{
    mmuemu_require();
    chunks = mmap(NULL, CHUNKS * CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < CHUNKS; i++) {
        memset(chunk(i), 'A' + i, CHUNK);
    }

    for (int i = 0; i < CHUNKS; i += 2) {
        if (vrange(chunk(i), CHUNK, VRANGE_VOLATILE, NULL) != CHUNK) {
            printf("cannot make chunk %c volatile\n", 'A' + i);
            return 1;
        }
    }

    mmuemu_reclaim(20);

    printf("purged:");
    int rebuilt = 0;
    for (int i = 0; i < CHUNKS; i += 2) {
        int purged = -1;
        if (vrange(chunk(i), CHUNK, VRANGE_NONVOLATILE, &purged) != CHUNK || purged < 0 || purged > 1) {
            printf(" no answer for %c\n", 'A' + i);
            return 1;
        }
        if (purged) {
            printf(" %c%s", 'A' + i, is_all(chunk(i), 0) ? "" : "(not empty)");
            memset(chunk(i), 'A' + i, CHUNK);
            rebuilt++;
        }
    }
    printf("\nrebuilt %d of %d volatile chunks\n", rebuilt, CHUNKS / 2);

    int wrong = 0;
    for (int i = 0; i < CHUNKS; i++) {
        wrong += !is_all(chunk(i), 'A' + i);
        putchar(chunk(i)[0]);
    }
    printf("\nwrong chunks: %d\n", wrong);
    return wrong != 0;
}
