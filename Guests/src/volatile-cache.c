/*
 * volatile-cache - a cache of decoded pictures that gives way by itself when memory runs short.
 *
 * Each picture can be decoded again, so all but the one on screen are volatile. The program scrolls through more pictures
 * than fit into memory, and meanwhile keeps data of its own that cannot be lost. Nobody tells it about pressure: it notices
 * by *purged when it wants a picture back. Without vrange it would have to guess how much to keep, or be killed.
 *
 * Watch: natural reclaim choose volatile ranges, the oldest first (--ram 8M --swap 0 --trace reclaim).
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include "mmuemu.h"

enum { PAGE = 4096, PICTURES = 40, PICTURE = 64 * PAGE, OWN = 256 * PAGE };

static unsigned char *pictures[PICTURES];
static char decoded[PICTURES];

static unsigned char *map(size_t length)
{
    return mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* The expensive part that a cache is for. */
static void decode(int number)
{
    for (int i = 0; i < PICTURE; i += 8) {
        pictures[number][i] = (unsigned char)(number * 5 + i / 8 + 1);
    }
    decoded[number] = 1;
}

static int is_right(int number)
{
    for (int i = 0; i < PICTURE; i += 8) {
        if (pictures[number][i] != (unsigned char)(number * 5 + i / 8 + 1)) {
            return 0;
        }
    }
    return 1;
}

int main(void)
{
    mmuemu_require();
    for (int number = 0; number < PICTURES; number++) {
        pictures[number] = map(PICTURE); /* one by one: a single mapping larger than RAM and swap would be refused */
    }
    unsigned char *own = map(OWN);
    memset(own, 0x77, OWN);

    int shown = 0, wrong = 0, hits = 0, purges = 0, errors = 0;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < PICTURES; i++) {
            int number = round == 1 ? PICTURES - 1 - i : i; /* down, up, and down again */
            int purged = 0;
            errors += vrange(pictures[number], PICTURE, VRANGE_NONVOLATILE, &purged) != PICTURE;
            if (decoded[number] && !purged) {
                hits++;
            } else {
                purges += purged;
                decode(number);
            }

            shown++;
            wrong += !is_right(number);
            errors += vrange(pictures[number], PICTURE, VRANGE_VOLATILE, NULL) != PICTURE;
        }
    }

    int lost = 0;
    for (int i = 0; i < OWN; i++) {
        lost += own[i] != 0x77;
    }
    fprintf(stderr, "found in the cache: %d, purged and decoded again: %d\n", hits, purges);
    printf("pictures shown: %d, wrong: %d, refused calls: %d, own bytes lost: %d\n", shown, wrong, errors, lost);
    printf("the cache was useful: %s, and gave way: %s\n", hits > 0 ? "yes" : "no", purges > 0 ? "yes" : "no");
    return wrong || lost || errors;
}
