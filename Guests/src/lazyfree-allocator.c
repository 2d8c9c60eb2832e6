/*
 * lazyfree-allocator - an allocator whose free() gives pages back lazily, with MADV_FREE.
 *
 * After MADV_FREE the kernel may take a page at any later moment, or never. Until the program writes into it again, each
 * page is therefore whole-old or whole-zero, and may change from old to zero once; it is never half of each. A page that
 * was written after it was freed is safe again. This program frees half of its pages, lets memory run short, checks
 * exactly that, and then hands the same pages out again.
 *
 * Watch: which freed pages lost their frame (stderr says how many), and that the rewritten ones did not (--trace reclaim).
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include "mmuemu.h"

enum { PAGE = 4096, PAGES = 64 };

/* The allocator: a stack of free page numbers over one mapping. */
static unsigned char *arena;
static int free_pages[PAGES];
static int free_count;

static void arena_open(void)
{
    arena = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = PAGES - 1; i >= 0; i--) {
        free_pages[free_count++] = i;
    }
}

static unsigned char *page_alloc(void)
{
    return free_count ? arena + (size_t)free_pages[--free_count] * PAGE : NULL;
}

static int page_free(unsigned char *page)
{
    free_pages[free_count++] = (int)((page - arena) / PAGE);
    return madvise(page, PAGE, MADV_FREE);
}

/* 'o' when all bytes are old, '0' when all are zero, '?' for anything else. */
static char look(const unsigned char *page, unsigned char old)
{
    size_t olds = 0, zeros = 0;
    for (size_t i = 0; i < PAGE; i++) {
        olds += page[i] == old;
        zeros += page[i] == 0;
    }
    return olds == PAGE ? 'o' : zeros == PAGE ? '0' : '?';
}

int main(void)
{
    unsigned char *pages[PAGES];
    arena_open();
    for (int i = 0; i < PAGES; i++) {
        pages[i] = page_alloc();
        memset(pages[i], i + 1, PAGE);
    }
    printf("allocated %d pages, a %dth is refused: %s\n", PAGES, PAGES + 1, page_alloc() ? "no" : "yes");

    /* Free the odd pages; write into every eighth of those again before memory runs short. */
    int failed = 0;
    for (int i = 1; i < PAGES; i += 2) {
        failed += page_free(pages[i]) != 0;
    }
    for (int i = 1; i < PAGES; i += 16) {
        pages[i][100] = 0xEE;
    }
    printf("MADV_FREE refused: %d\n", failed);

    mmuemu_mark("pressure");
    mmuemu_reclaim(12);

    int kept = 0, discarded = 0, torn = 0, lost = 0, damaged = 0;
    for (int i = 0; i < PAGES; i++) {
        if (i % 2 == 0) {
            damaged += look(pages[i], (unsigned char)(i + 1)) != 'o';
        } else if (i % 16 == 1) {
            lost += pages[i][100] != 0xEE;
        } else {
            switch (look(pages[i], (unsigned char)(i + 1))) {
            case 'o': kept++; break;
            case '0': discarded++; break;
            default: torn++; break;
            }
        }
    }
    fprintf(stderr, "freed pages still old: %d, discarded: %d\n", kept, discarded);
    printf("freed pages whole-old or whole-zero: %d, torn: %d\n", kept + discarded, torn);
    printf("writes after the free that were lost: %d\n", lost);
    printf("pages in use that were damaged: %d\n", damaged);

    /* The freed pages serve again. */
    int again = 0;
    for (unsigned char *page; (page = page_alloc()) != NULL; again++) {
        memset(page, 0x5A, PAGE);
        failed += look(page, 0x5A) != 'o';
    }
    printf("handed out again: %d pages\n", again);
    return failed || torn || lost || damaged;
}
