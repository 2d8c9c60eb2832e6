/*
 * vrange-call - what vrange answers: bytes like write(2), a word about losses, and an error only when nothing was changed.
 *
 * The June 2013 posting describes one call for marking and for taking back. This program goes through that description: what comes
 * back when nothing was lost, when something was, when a mapping in the midst refuses, and for each wrong argument. After a
 * refused call it asks the kernel to purge: had anything been marked, it would be gone.
 *
 * Watch: the answers beside the calls (--strace), and the price of marking one page and many (--stats).
 */
#define MMUEMU_PROPOSALS 1
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include "mmuemu.h"

enum { PAGE = 4096, FOUR = 4 * PAGE, MANY = 256 };

static sigjmp_buf back;

static void on_bus(int number)
{
    siglongjmp(back, number);
}

static unsigned char *map(int pages)
{
    unsigned char *start = mmap(NULL, (size_t)pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < pages; i++) {
        memset(start + (size_t)i * PAGE, 'A' + i % 26, PAGE);
    }
    return start;
}

static const char *look(volatile unsigned char *at)
{
    if (sigsetjmp(back, 1) != 0) {
        return "SIGBUS";
    }
    return *at == 0 ? "zeros" : "data";
}

static const char *answer(long result)
{
    static char text[4][32];
    static int turn;
    char *to = text[turn++ % 4];
    if (result >= 0) {
        snprintf(to, sizeof text[0], "%ld", result);
    } else {
        snprintf(to, sizeof text[0], "%s", result == -EINVAL ? "EINVAL" : result == -EFAULT ? "EFAULT" : result == -ENOMEM ? "ENOMEM" : "another error");
    }
    return to;
}

static void good_calls(void)
{
    int word = 7;
    unsigned char *four = map(4);
    long done = vrange(four, FOUR, VRANGE_VOLATILE, &word);
    printf("marked: answers %s, word %d\n", answer(done), word);
    printf("  read and written while it is there: %s", look(four));
    four[0] = 'x';
    printf(", then %c\n", four[0]);
    word = 7;
    done = vrange(four, FOUR, VRANGE_NONVOLATILE, &word);
    printf("taken back in time: answers %s, word %d\n", answer(done), word);
    mmuemu_purge(four, FOUR);
    printf("  memory runs short after that: %s\n", look(four));

    vrange(four, FOUR, VRANGE_VOLATILE, NULL);
    mmuemu_purge(four + 3 * PAGE, PAGE);
    printf("marked, and memory runs short: page 0 has %s, page 3 has %s\n", look(four), look(four + 3 * PAGE));
    done = vrange(four, FOUR, VRANGE_NONVOLATILE, &word);
    printf("taken back too late: answers %s, word %d; page 3 has %s\n", answer(done), word, look(four + 3 * PAGE));

    unsigned char *six = map(6);
    mlock(six + 2 * PAGE, FOUR);
    printf("two pages, then four locked ones: of %d bytes %s are marked\n", 6 * PAGE, answer(vrange(six, 6 * PAGE, VRANGE_VOLATILE, &word)));

    unsigned char *two = map(4);
    mprotect(two + 2 * PAGE, 2 * PAGE, PROT_READ);
    printf("two mappings side by side: of %d bytes %s are marked\n", FOUR, answer(vrange(two, FOUR, VRANGE_VOLATILE, &word)));
}

/* What a call that was refused has changed: nothing, if a purge finds nothing to take. */
static void refused(const char *what, unsigned char *page, long result)
{
    mmuemu_purge(page, PAGE);
    printf("%s: %s, and afterwards %s\n", what, answer(result), look(page));
}

static void bad_calls(void)
{
    int word;
    unsigned char *page = map(1);
    refused("a start inside a page", page, vrange(page + 8, PAGE, VRANGE_VOLATILE, &word));
    refused("a start in the kernel's half", page, vrange((void *)-0x800000000000L, PAGE, VRANGE_VOLATILE, &word));
    refused("a page and a byte", page, vrange(page, PAGE + 1, VRANGE_VOLATILE, &word));
    refused("a negative length", page, vrange(page, (size_t)-PAGE, VRANGE_VOLATILE, &word));
    refused("a mode that is none", page, vrange(page, PAGE, 2, &word));
    refused("a word that is nowhere", page, vrange(page, PAGE, VRANGE_VOLATILE, (int *)8));
}

static void mapped_anew(void)
{
    int word = 7;
    unsigned char *page = map(1);
    vrange(page, PAGE, VRANGE_VOLATILE, NULL);
    mmuemu_purge(page, PAGE);
    mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    printf("mapped anew where a page was purged: %s", look(page));
    page[0] = 'n';
    mmuemu_purge(page, PAGE);
    printf("; written, and memory runs short: %s", look(page));
    vrange(page, PAGE, VRANGE_NONVOLATILE, &word);
    printf("; word %d\n", word);
}

static void prices(void)
{
    unsigned char *many = map(MANY);
    mmuemu_mark("one-begin");
    vrange(many, PAGE, VRANGE_VOLATILE, NULL);
    mmuemu_mark("one-end");
    mmuemu_mark("many-begin");
    vrange(many + PAGE, (MANY - 1) * PAGE, VRANGE_VOLATILE, NULL);
    mmuemu_mark("many-end");
}

int main(void)
{
    mmuemu_require();
    signal(SIGBUS, on_bus);
    good_calls();
    bad_calls();
    mapped_anew();
    prices();
    return 0;
}
