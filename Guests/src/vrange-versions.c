/*
 * vrange-versions - one idea, eight postings: asks the kernel which of them it has, and shows where they differ.
 *
 * Volatile memory was posted eight times in a year and a half. The call had two numbers, its modes changed places, in the
 * end it was two kinds of advice. This program finds out which posting answers, then asks three questions that each got
 * more than one answer: what a hole in the range does, whose loss is reported, and what is left of a purged page.
 *
 * Watch: the same program with --profile vrange=v7 to vrange=v14 (--strace names the modes).
 */
#define MMUEMU_PROPOSALS 1
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include "mmuemu.h"

enum { PAGE = 4096 };

static const struct posting {
    const char *name;
    long number;   /* 28 is madvise */
    int to, from;  /* the modes, or the advice */
    int flags;     /* the word follows flags */
    int bytes;     /* bytes come back; else 0 or 1 */
} postings[] = {
    {"v7: vrange, answers 0 or 1", 314, 0, 1, 0, 0},
    {"v8 to v10: vrange, answers bytes", 314, 0, 1, 0, 1},
    {"v11: vrange, modes the other way round", 316, 1, 0, 0, 1},
    {"v12 or v13: vrange with flags", 316, 1, 0, 1, 1},
    {"v14: madvise", 28, 18, 19, 0, 0},
};

static const struct posting *at_hand;

static long ask(const struct posting *posting, void *start, size_t length, int mode, int *word)
{
    long a, d = posting->flags ? 0 : (long)word;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = (long)word;
    if (posting == &postings[0]) {
        r10 = 0; /* the full mode */
    }
    __asm__ volatile("syscall"
                     : "=a"(a)
                     : "a"(posting->number), "D"(start), "S"(length), "d"((long)mode), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return a;
}

static void *pages(int count)
{
    unsigned char *start = mmap(NULL, (size_t)count * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < count; i++) {
        memset(start + (size_t)i * PAGE, 'A' + i, PAGE);
    }
    return start;
}

/* A posting is at hand when it takes a page, and takes it back. */
static int is_at_hand(const struct posting *posting, void *page)
{
    int word = 7;
    long done = posting->bytes ? PAGE : 0;
    return ask(posting, page, PAGE, posting->to, &word) == done && (!posting->bytes || word == 0)
        && ask(posting, page, PAGE, posting->from, &word) == done;
}

/* Takes pages back, and says whether something was lost. */
static int lost(void *start, int count)
{
    int word = 0;
    long answer = ask(at_hand, start, (size_t)count * PAGE, at_hand->from, &word);
    return at_hand->bytes ? word : answer == 1;
}

int main(void)
{
    mmuemu_require();
    void *probe = pages(1);
    for (unsigned i = 0; i < sizeof postings / sizeof *postings && !at_hand; i++) {
        at_hand = is_at_hand(&postings[i], probe) ? &postings[i] : NULL;
    }
    if (!at_hand) {
        printf("no posting of volatile ranges answers here\n");
        return 1;
    }
    printf("%s\n", at_hand->name);

    unsigned char *holed = pages(6);
    munmap(holed + 2 * PAGE, 2 * PAGE);
    long done = ask(at_hand, holed, 6 * PAGE, at_hand->to, NULL);
    printf("six pages with a hole of two in the middle: the call answers %ld\n", done);

    unsigned char *four = pages(4);
    ask(at_hand, four, 4 * PAGE, at_hand->to, NULL);
    mmuemu_purge(four + 3 * PAGE, PAGE);
    printf("page 3 of 4 is purged; of page 0 it says: %s\n", lost(four, 1) ? "lost" : "intact");
    printf("of pages 1 to 3 it says: %s\n", lost(four + PAGE, 3) ? "lost" : "intact");

    ask(at_hand, four, 4 * PAGE, at_hand->to, NULL);
    printf("volatile once more, and nothing purged since: it says %s\n", lost(four, 4) ? "lost" : "intact");
    printf("page 0 has '%c', page 3 has %d\n", four[0], four[3 * PAGE]);
    return 0;
}
