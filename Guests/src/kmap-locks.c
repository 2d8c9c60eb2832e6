/*
 * kmap-locks - copies to file pages that wait for locks which the copy itself, or another task, holds.
 *
 * A write locks its file page and then reads the user's bytes. When those have to be faulted in, the fault needs mmap_sem,
 * and the lock of the page behind them. That can be the very page that is being written, or one whose writer wants ours.
 *
 *   same      the buffer is a mapping of the page that is written
 *   cross     two tasks, each writes the page that the other one's buffer maps
 *   populate  another thread fills a mapping of the page while it holds mmap_sem
 *   sem       mmap_sem is taken twice, and a writer comes in between
 *   alone     the same without a writer
 *
 * The buffer's entries are taken away at a point of the copy that the pressure rules name. Ends with 0 when every byte is
 * where it belongs; a deadlock is the emulator's to tell. Watch: who waits for whom (--trace copy,rule).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#define MMUEMU_PROPOSALS 0
#include "mmuemu.h"

enum { PAGE = 4096 };

static int file;              /* two pages: p, q */
static unsigned char *mapped; /* both of them */
static int go[2];

static void check(int right)
{
    if (!right) {
        exit(3);
    }
}

static void set_up(void)
{
    file = memfd_create("pages", 0);
    check(file >= 0 && ftruncate(file, 2 * PAGE) == 0 && pipe(go) == 0);
    mapped = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    check(mapped != MAP_FAILED);
    memset(mapped, 'p', PAGE);
    memset(mapped + PAGE, 'q', PAGE);
}

static void await(void)
{
    char byte;
    check(read(go[0], &byte, 1) == 1);
}

static int holds(int page, int what)
{
    for (int i = 0; i < PAGE; i++) {
        if (mapped[page * PAGE + i] != what) {
            return 0;
        }
    }
    return 1;
}

/* Drops the entries of the mapping; the pages stay in the file. */
static void *drop(void *nothing)
{
    await();
    madvise(mapped, 2 * PAGE, MADV_DONTNEED);
    mmuemu_mark("dropped");
    return nothing;
}

static pthread_t begin(void *(*task)(void *), void *argument)
{
    pthread_t thread;
    check(pthread_create(&thread, NULL, task, argument) == 0);
    return thread;
}

static int same(void)
{
    pthread_t other = begin(drop, NULL);
    check(write(go[1], "g", 1) == 1);
    ssize_t put = pwrite(file, mapped, PAGE, 0);
    pthread_join(other, NULL);
    printf("written: %zd\n", put);
    return !(put == PAGE && holds(0, 'p'));
}

/* Writes the page that the number says from the other one. */
static void *write_cross(void *number)
{
    size_t page = (size_t)number;
    await();
    return (void *)(size_t)(pwrite(file, mapped + (1 - page) * PAGE, PAGE, (off_t)(page * PAGE)) != PAGE);
}

static int cross(void)
{
    pthread_t one = begin(write_cross, (void *)0);
    pthread_t two = begin(write_cross, (void *)1);
    check(write(go[1], "gg", 2) == 2);
    for (int i = 0; i < 8; i++) {
        sched_yield();
    }
    madvise(mapped, 2 * PAGE, MADV_DONTNEED);
    mmuemu_mark("dropped");
    void *failed[2];
    pthread_join(one, &failed[0]);
    pthread_join(two, &failed[1]);
    printf("failed: %zu\n", (size_t)failed[0] + (size_t)failed[1]);
    int mixed = 0;
    for (int i = 0; i < 2 * PAGE; i++) {
        mixed |= mapped[i] != 'p' && mapped[i] != 'q';
    }
    return failed[0] != NULL || failed[1] != NULL || mixed;
}

/* Maps the first page once more, filled at once. */
static void *populate(void *nothing)
{
    await();
    madvise(mapped + PAGE, PAGE, MADV_DONTNEED);
    mmuemu_mark("dropped");
    void *at = mmap(NULL, PAGE, PROT_READ, MAP_SHARED | MAP_POPULATE, file, 0);
    check(at != MAP_FAILED);
    return nothing;
}

static int populated(void)
{
    pthread_t other = begin(populate, NULL);
    check(write(go[1], "g", 1) == 1);
    ssize_t put = pwrite(file, mapped + PAGE, PAGE, 0);
    pthread_join(other, NULL);
    printf("written: %zd\n", put);
    return !(put == PAGE && holds(0, 'q'));
}

/* Wants mmap_sem for writing. */
static void *want(void *place)
{
    await();
    mmuemu_mark("dropped");
    munmap(place, PAGE);
    return NULL;
}

static int sem(int has_writer)
{
    unsigned char *fresh = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(fresh != MAP_FAILED);
    pthread_t other = {0};
    if (has_writer) {
        other = begin(want, fresh + 2 * PAGE);
        check(write(go[1], "g", 1) == 1);
    }
    /* The second page of the buffer is faulted in while the call still has what it took for the first. */
    ssize_t put = pwrite(file, fresh, 2 * PAGE, 0);
    if (has_writer) {
        pthread_join(other, NULL);
    }
    printf("written: %zd\n", put);
    return !(put == 2 * PAGE && holds(0, 0) && holds(1, 0));
}

int main(int argc, char **argv)
{
    mmuemu_require();
    const char *word = argc > 1 ? argv[1] : "same";
    set_up();
    mmuemu_mark("ready");
    return strcmp(word, "same") == 0       ? same()
           : strcmp(word, "cross") == 0    ? cross()
           : strcmp(word, "populate") == 0 ? populated()
           : strcmp(word, "sem") == 0      ? sem(1)
           : strcmp(word, "alone") == 0    ? sem(0)
                                           : (fprintf(stderr, "kmap-locks: expected a scenario, found '%s'\n", word), 2);
}
