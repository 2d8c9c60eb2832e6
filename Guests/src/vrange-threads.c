/*
 * vrange-threads - threads on several processors share volatile memory while one of them makes pressure.
 *
 * Every page holds one number that follows from its place. Readers check pages; a purged one raises SIGBUS in whichever
 * thread meets it, and that thread's handler repairs it. Meanwhile memory is purged, protected, unmapped and mapped
 * again: each change has to reach the TLBs of all processors before anybody goes on.
 *
 * Watch: one SIGBUS handler on many threads (--cpus 4 --trace signal), and flushes on other processors (--trace walk).
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mmuemu.h"

enum { PAGE = 4096, PAGES = 48, THREADS = 4, ROUNDS = 400 };

static volatile unsigned *memory;
static atomic_int repairing;
static atomic_long repairs, wrong, checked;

static unsigned content(size_t page)
{
    return 0x1000u + (unsigned)page * 7u;
}

static void repair(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    size_t page = ((size_t)info->si_addr - (size_t)memory) / PAGE;
    volatile unsigned *start = memory + page * (PAGE / sizeof *memory);
    if (page >= PAGES) {
        _exit(3);
    }
    while (atomic_exchange(&repairing, 1)) {
    }
    int purged = 0;
    vrange((void *)start, PAGE, VRANGE_NONVOLATILE, &purged);
    for (size_t i = 0; i < PAGE / sizeof *start; i++) {
        start[i] = content(page);
    }
    vrange((void *)start, PAGE, VRANGE_VOLATILE, &purged);
    repairs++;
    repairing = 0;
}

static unsigned next(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Between the repairing thread's vrange and its writes another thread reads zeros: then it has to look again. */
static int holds(size_t page, size_t place)
{
    for (;;) {
        long before = repairs;
        if (memory[page * (PAGE / sizeof *memory) + place] == content(page)) {
            return 1;
        }
        if (!repairing && repairs == before) {
            return 0;
        }
    }
}

static void *read_pages(void *argument)
{
    unsigned state = (unsigned)(size_t)argument;
    for (int i = 0; i < ROUNDS; i++) {
        size_t page = next(&state) % PAGES;
        size_t place = next(&state) % (PAGE / sizeof *memory);
        wrong += !holds(page, place);
        checked++;
    }
    return NULL;
}

static void *change_mappings(void *argument)
{
    (void)argument;
    for (int i = 0; i < ROUNDS / 8; i++) {
        unsigned char *own = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        memset(own, i, 4 * PAGE);
        mprotect(own, 2 * PAGE, PROT_READ);
        madvise(own + 2 * PAGE, PAGE, MADV_DONTNEED);
        wrong += own[0] != (unsigned char)i || own[2 * PAGE] != 0;
        munmap(own, 4 * PAGE);
        if (i % 4 == 0) {
            mmuemu_purge((void *)memory, PAGES * PAGE);
        }
    }
    return NULL;
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = repair, .sa_flags = SA_SIGINFO | SA_NODEFER};
    pthread_t threads[THREADS];
    int purged = 0;
    mmuemu_require();
    sigaction(SIGBUS, &action, NULL);
    memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < PAGES * (PAGE / sizeof *memory); i++) {
        memory[i] = content(i / (PAGE / sizeof *memory));
    }
    vrange((void *)memory, PAGES * PAGE, VRANGE_VOLATILE, &purged);
    for (size_t i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, i == 0 ? change_mappings : read_pages, (void *)i);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("checked %ld, wrong %ld, repaired %s\n", checked, wrong, repairs > 0 ? "some" : "none");
    return wrong != 0;
}
