/*
 * kmap-oom - tasks that keep reclaim from their memory while they need more of it.
 *
 *   kmap-oom TASKS PAGES [SPARE]
 *
 * Each task fills PAGES pages of its own and then writes from its first two, which are in swap by then, to a file. A kernel
 * that leaves a task's pages alone during the write finds nothing to take when all tasks need their pages at once. One task
 * more fills SPARE pages and writes nothing: those can be taken.
 *
 *   kmap-oom hold PAGES     one task's write is held by a rule, and another one looks at who loses pages meanwhile
 *
 * Ends with the number of tasks that did not finish. Watch: who is killed, and how much swap is free then (the summary).
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#define MMUEMU_PROPOSALS 0
#include "mmuemu.h"

enum { PAGE = 4096, MOST = 128 };

static int file;
static int ready[2];
static int refill[2];
static int go[2];

static void check(int right)
{
    if (!right) {
        _exit(3);
    }
}

static unsigned char *fill(size_t pages)
{
    unsigned char *at = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(at != MAP_FAILED);
    for (size_t page = 0; page < pages; page++) {
        memset(at + page * PAGE, 'a' + (int)(page % 26), PAGE);
    }
    return at;
}

/* Waits until the parent says so; byte by byte, one for each task. */
static void await(int ends[2])
{
    char byte;
    check(read(ends[0], &byte, 1) == 1);
}

static void report(void)
{
    char byte = 0;
    check(write(ready[1], &byte, 1) == 1);
}

static void task(int number, size_t pages, int writes)
{
    unsigned char *at = fill(pages);
    report();
    await(refill);
    volatile unsigned char sum = 0;
    for (size_t page = 2; page < pages; page++) {
        sum += at[page * PAGE];
    }
    report();
    await(go);
    if (writes) {
        /* The buffer lies in the first two pages, which are in swap: everybody needs two frames now. */
        check(pwrite(file, at + PAGE / 2, PAGE, (off_t)number * PAGE) == PAGE);
    }
    for (size_t page = 0; page < pages; page++) {
        check(at[page * PAGE] == 'a' + (int)(page % 26));
    }
    _exit(0);
}

static void release(int ends[2], int tasks)
{
    static const char bytes[MOST];
    check(write(ends[1], bytes, (size_t)tasks) == tasks);
}

static void collect(int tasks)
{
    char byte;
    for (int i = 0; i < tasks; i++) {
        check(read(ready[0], &byte, 1) == 1);
    }
}

static int all(int tasks, size_t pages, size_t spare)
{
    int count = tasks + (spare > 0);
    check(count <= MOST && ftruncate(file, (off_t)tasks * PAGE) == 0);
    void *made = mmap(NULL, (size_t)tasks * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    check(made != MAP_FAILED);
    memset(made, 'f', (size_t)tasks * PAGE); /* the file's pages are there before the writes */
    munmap(made, (size_t)tasks * PAGE);
    pid_t child[MOST];
    for (int i = 0; i < count; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            task(i, i < tasks ? pages : spare, i < tasks);
        }
        collect(1);
    }
    mmuemu_age();
    mmuemu_age();
    mmuemu_reclaim(1 << 20);
    release(refill, count);
    collect(count);
    mmuemu_mark("filled");
    release(go, count);
    for (int i = 0; i < 2 * count; i++) {
        sched_yield();
    }
    mmuemu_mark("together");
    int lost = 0;
    for (int i = 0; i < count; i++) {
        int status;
        check(waitpid(child[i], &status, 0) == child[i]);
        lost += status != 0;
    }
    printf("finished: %d of %d\n", count - lost, count);
    return lost;
}

/* Pages of a task that are in swap. */
static long swapped(pid_t pid)
{
    char name[32], line[128];
    long kib = -1;
    snprintf(name, sizeof name, "/proc/%d/status", (int)pid);
    FILE *status = fopen(name, "r");
    check(status != NULL);
    while (fgets(line, sizeof line, status) != NULL) {
        sscanf(line, "VmSwap: %ld", &kib);
    }
    fclose(status);
    return kib / 4;
}

static int hold(size_t pages)
{
    char byte = 0;
    check(ftruncate(file, PAGE) == 0);
    pid_t pinner = getpid();
    fflush(stdout);
    pid_t other = fork();
    if (other == 0) {
        (void)fill(pages);
        check(read(go[0], &byte, 1) == 1);
        mmuemu_age();
        mmuemu_reclaim(2 * pages);
        printf("in swap: %ld pages of the task in its write, %ld of the other\n", swapped(pinner), swapped(getpid()));
        fflush(stdout);
        int pinned = swapped(pinner) == 0;
        mmuemu_mark("looked");
        _exit(pinned);
    }
    unsigned char *at = fill(pages);
    check(write(go[1], &byte, 1) == 1);
    check(pwrite(file, at, PAGE, 0) == PAGE);
    int status;
    check(waitpid(other, &status, 0) == other);
    return status != 0;
}

int main(int argc, char **argv)
{
    mmuemu_require();
    file = memfd_create("target", 0);
    check(file >= 0 && pipe(ready) == 0 && pipe(refill) == 0 && pipe(go) == 0);
    if (argc > 2 && strcmp(argv[1], "hold") == 0) {
        return hold((size_t)atol(argv[2]));
    }
    return all(argc > 1 ? atoi(argv[1]) : 24, argc > 2 ? (size_t)atol(argv[2]) : 36, argc > 3 ? (size_t)atol(argv[3]) : 0);
}
