/*
 * remote-paging - memory that lives elsewhere and is fetched one page at a time, on demand.
 *
 * MADV_USERFAULT turns every hole of a mapping into a tripwire: touching it raises SIGBUS instead of mapping a page of
 * zeros. The handler fetches the page from "far away" into a staging page, and remap_anon_pages moves it into place: no
 * byte is copied, only two page-table entries change. The staging page is a hole again and serves for the next one. It is
 * kept out of children (MADV_DONTFORK), because a page shared with a child could not be moved.
 *
 * Watch: the frame that stays the same while its address changes (--trace fault,syscall), and one SIGBUS per page.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "mmuemu.h"

enum { PAGE = 4096, PAGES = 32 };

static unsigned char *near;    /* what the program uses */
static unsigned char *staging; /* where a page arrives */
static volatile sig_atomic_t fetches[PAGES];

/* The far side of the wire. */
static void fetch(size_t page, unsigned char *into)
{
    memset(into, 0xAA, PAGE);
    into[0] = (unsigned char)page;
}

static void bring_in(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    size_t page = (size_t)((unsigned char *)info->si_addr - near) / PAGE;
    if (page >= PAGES) {
        _exit(3);
    }

    fetch(page, staging);
    if (remap_anon_pages(near + page * PAGE, staging, PAGE, 0) != PAGE) {
        _exit(4);
    }
    fetches[page]++;
}

static unsigned char *map(size_t length)
{
    return mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(void)
{
    mmuemu_require();
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = bring_in;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGBUS, &action, NULL);

    near = map(PAGES * PAGE);
    staging = map(PAGE);
    printf("MADV_USERFAULT: %d\n", madvise(near, PAGES * PAGE, MADV_USERFAULT));
    printf("MADV_DONTFORK: %d\n", madvise(staging, PAGE, MADV_DONTFORK));

    /* The kernel itself gets no signal: a system call that meets a hole answers EFAULT. */
    int ends[2];
    if (pipe(ends) != 0) {
        return 2;
    }
    ssize_t sent = write(ends[1], near, 1);
    printf("write(2) from a hole: %s\n", sent == -1 && errno == EFAULT ? "EFAULT" : "unexpected");

    /* Read the even pages first, write to the odd ones. */
    volatile unsigned char *memory = near;
    size_t sum = 0;
    for (size_t page = 0; page < PAGES; page++) {
        if (page % 2 == 0) {
            sum += memory[page * PAGE + 1];
        } else {
            memory[page * PAGE + 1] = 0xBB;
        }
    }
    printf("sum of the pages read first: %zu\n", sum);

    /* Now the same system call finds its page. */
    sent = write(ends[1], near, 1);
    printf("write(2) from the page that came: %zd\n", sent);

    size_t wrong = 0, signals = 0, repeated = 0;
    for (size_t i = 0; i < (size_t)PAGES * PAGE; i++) {
        size_t page = i / PAGE, offset = i % PAGE;
        unsigned char expected = offset == 0 ? (unsigned char)page : offset == 1 && page % 2 ? 0xBB : 0xAA;
        wrong += memory[i] != expected;
    }
    for (size_t page = 0; page < PAGES; page++) {
        signals += (size_t)fetches[page];
        repeated += fetches[page] > 1;
    }
    printf("wrong bytes: %zu, pages fetched: %zu, fetched twice: %zu\n", wrong, signals, repeated);

    /* A page that is there is never replaced, and a hole cannot be moved. */
    staging[0] = 1;
    printf("remap onto a page that is there: %s\n",
           remap_anon_pages(near, staging, PAGE, 0) == -EEXIST ? "EEXIST" : "unexpected");
    madvise(staging, PAGE, MADV_DONTNEED);
    madvise(near, PAGE, MADV_DONTNEED);
    printf("remap of a hole: %s\n",
           remap_anon_pages(near, staging, PAGE, 0) == -ENOENT ? "ENOENT" : "unexpected");
    printf("MADV_NOUSERFAULT: %d\n", madvise(near, PAGES * PAGE, MADV_NOUSERFAULT));
    printf("the hole now reads: %d\n", memory[0]);
    return wrong || repeated || signals != PAGES;
}
