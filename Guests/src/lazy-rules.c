/*
 * lazy-rules - which pages MADV_FREE frees, which it leaves alone, and what saves one that it has freed.
 *
 * Each line is one rule of the posting of March 2014: the mappings that are refused, what a write or a read does for a page that was
 * freed, what becomes of a page that was in swap, of one that a child shares, of one that is locked afterwards. Memory runs short where the
 * program asks for it. A program names the advice by its number, which was 5 and became 8; the first argument chooses (default 8).
 *
 * Watch: A and D cleared in the entries, and D deciding at reclaim (--trace walk,reclaim,syscall).
 */
#define _GNU_SOURCE
#define MMUEMU_PROPOSALS 2
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "mmuemu.h"

enum { PAGE = 4096 };

static int advice = MADV_FREE;

static unsigned char *map(int pages, int flags, int file)
{
    unsigned char *start = mmap(NULL, (size_t)pages * PAGE, PROT_READ | PROT_WRITE, flags, file, 0);
    if (start == MAP_FAILED) {
        return NULL;
    }
    for (int i = 0; i < pages; i++) {
        memset(start + (size_t)i * PAGE, 'a' + i % 26, PAGE);
    }
    return start;
}

static unsigned char *fresh(int pages)
{
    return map(pages, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static const char *give(void *start, int pages)
{
    int result = madvise(start, (size_t)pages * PAGE, advice);
    return result == 0 ? "0" : errno == EINVAL ? "EINVAL" : errno == ENOMEM ? "ENOMEM" : "another error";
}

static const char *has(const unsigned char *page, int old)
{
    return page[PAGE - 1] == old ? "its data" : page[PAGE - 1] == 0 ? "zeros" : "something else";
}

static void which_mappings(void)
{
    int file = memfd_create("file", 0);
    unsigned char *locked = fresh(1), *holed;
    if (file < 0 || ftruncate(file, PAGE) != 0) {
        exit(2);
    }
    mlock(locked, PAGE);
    printf("private memory: %s\n", give(fresh(1), 1));
    printf("a private mapping of a file: %s\n", give(map(1, MAP_PRIVATE, file), 1));
    printf("a shared mapping of a file: %s\n", give(map(1, MAP_SHARED, file), 1));
    printf("shared memory: %s\n", give(map(1, MAP_SHARED | MAP_ANONYMOUS, -1), 1));
    printf("locked memory: %s\n", give(locked, 1));
    unsigned char *huge = mmap(NULL, 2 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
    printf("a page of the huge pool: %s\n", huge == MAP_FAILED ? "no pool (--profile hugepages=1)" : give(huge, 512));
    holed = fresh(3);
    munmap(holed + PAGE, PAGE);
    printf("two pages with a hole between: %s\n", give(holed, 3));
    mmuemu_purge(holed, PAGE);
    mmuemu_purge(holed + 2 * PAGE, PAGE);
    printf("  memory runs short: the first has %s, the second has %s\n", has(holed, 'a'), has(holed + 2 * PAGE, 'c'));
}

static void what_saves(void)
{
    unsigned char *page = fresh(1);
    printf("freed: %s", give(page, 1));
    printf("; before memory runs short it has %s\n", has(page, 'a'));

    unsigned char *pages = fresh(4);
    give(pages, 4);
    pages[PAGE] = 'W';
    mmuemu_age(); /* that it was used is forgotten; that it was written is not */
    *(volatile unsigned char *)(pages + 2 * PAGE);
    mlock(pages + 3 * PAGE, PAGE);
    mmuemu_mark("pressure");
    mmuemu_reclaim(4);
    printf("memory runs short: untouched %s, written %s, read %s, locked since %s\n", has(pages, 'a'), has(pages + PAGE, 'b'),
           has(pages + 2 * PAGE, 'c'), has(pages + 3 * PAGE, 'd'));
    munlock(pages + 3 * PAGE, PAGE);
}

static void in_swap(void)
{
    unsigned char *page = fresh(1);
    mmuemu_age();
    mmuemu_age();
    mmuemu_reclaim(4096);
    unsigned char resident = 1;
    mincore(page, PAGE, &resident);
    printf("a page that was in swap: %s", resident & 1 ? "(no swap, --swap 16M) " : "");
    printf("%s", give(page, 1));
    printf(", then it has %s\n", has(page, 'a'));
}

static void with_a_child(void)
{
    unsigned char *page = fresh(1);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        printf("a child frees a page that it shares: %s\n", give(page, 1));
        mmuemu_purge(page, PAGE);
        printf("  memory runs short: the child has %s\n", has(page, 'a'));
        exit(0);
    }
    waitpid(child, NULL, 0);
    printf("  the parent has %s\n", has(page, 'a'));
}

/* Pages that were not used for long, and pages that were freed just now: the second go first. */
static void which_first(void)
{
    enum { COLD = 32, FREED = 32 };
    unsigned char *cold = fresh(COLD), *freed = fresh(FREED), there[COLD], still = 0, gone = 0;
    mmuemu_age();
    mmuemu_age();
    give(freed, FREED);
    mmuemu_mark("first");
    mmuemu_reclaim(FREED / 2);
    mincore(cold, COLD * PAGE, there);
    for (int i = 0; i < COLD; i++) {
        still += there[i] & 1;
    }
    mincore(freed, FREED * PAGE, there);
    for (int i = 0; i < FREED; i++) {
        gone += !(there[i] & 1);
    }
    printf("%d pages not used for long, %d freed, %d wanted: of the old ones %d stay, of the freed %d are gone\n", COLD, FREED, FREED / 2, still, gone);
}

int main(int argc, char **argv)
{
    mmuemu_require();
    advice = argc > 1 ? atoi(argv[1]) : MADV_FREE;
    printf("advice %d\n", advice);
    which_first();
    which_mappings();
    what_saves();
    in_swap();
    with_a_child();
    return 0;
}
