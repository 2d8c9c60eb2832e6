/*
 * vrange-recover - volatile memory the optimistic way: just use it, and repair what is gone.
 *
 * Sixteen pages hold data that could be computed again, so the program lets the kernel take some of them
 * (VRANGE_VOLATILE). Then memory runs short. The program does not ask what was lost: it reads on. Where a page is
 * gone, the read raises SIGBUS; the handler makes that one page non-volatile, fills it again and returns, and the
 * read is carried out a second time as if nothing had happened.
 *
 * Watch: the purged entries in the page table, and si_addr, which names the exact byte (--trace fault,walk,signal).
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include "mmuemu.h"

enum { PAGE = 4096, PAGES = 16 };

static unsigned char *cache;
static volatile sig_atomic_t repaired[PAGES];
static volatile sig_atomic_t byte_in_page[PAGES];

/* The data, as a function of its place: this is what makes it safe to lose. */
static unsigned char byte_at(size_t offset)
{
    return (unsigned char)(offset * 31 + offset / PAGE * 7 + 1);
}

static void fill(size_t page)
{
    for (size_t i = page * PAGE; i < (page + 1) * PAGE; i++) {
        cache[i] = byte_at(i);
    }
}

/* SIGBUS: find the page from the address, take it back, fill it, return to the very instruction that failed. */
static void repair(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    size_t offset = (size_t)((unsigned char *)info->si_addr - cache);
    size_t page = offset / PAGE;
    int purged = 0;

    if (page >= PAGES || info->si_code != BUS_ADRERR) {
        _exit(3);
    }

    if (vrange(cache + page * PAGE, PAGE, VRANGE_NONVOLATILE, &purged) != PAGE || !purged) {
        _exit(4);
    }

    fill(page);
    repaired[page]++;
    byte_in_page[page] = (sig_atomic_t)(offset % PAGE);
}

static void install_handler(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = repair;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGBUS, &action, NULL);
}

static size_t wrong_bytes(void)
{
    size_t wrong = 0;
    for (size_t i = 0; i < (size_t)PAGES * PAGE; i++) {
        wrong += cache[i] != byte_at(i);
    }
    return wrong;
}

int main(void)
{
    mmuemu_require();
    install_handler();

    cache = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t page = 0; page < PAGES; page++) {
        fill(page);
    }
    printf("filled %d pages\n", PAGES);

    /* Two volatile ranges with a gap between them. The older one is the first to go. */
    long first = vrange(cache + 2 * PAGE, 4 * PAGE, VRANGE_VOLATILE, NULL);
    long second = vrange(cache + 10 * PAGE, 4 * PAGE, VRANGE_VOLATILE, NULL);
    printf("made volatile: %ld bytes from page 2, %ld bytes from page 10\n", first, second);

    mmuemu_mark("pressure");
    mmuemu_reclaim(3);

    /* Touch each page at a different, unaligned byte. */
    unsigned wrong = 0;
    for (size_t page = 0; page < PAGES; page++) {
        size_t offset = page * PAGE + 0x123 + page;
        wrong += *(volatile unsigned char *)(cache + offset) != byte_at(offset);
    }

    for (size_t page = 0; page < PAGES; page++) {
        if (repaired[page]) {
            printf("page %2zu was purged: SIGBUS at its byte 0x%x, repaired\n", page, (unsigned)byte_in_page[page]);
        }
    }

    printf("wrong bytes seen while touching: %u\n", wrong);
    printf("wrong bytes at the end: %zu\n", wrong_bytes());
    return wrong || wrong_bytes() ? 1 : 0;
}
