/*
 * kmap-copy - read and write of file pages, while the user's page goes away in the midst of the copy.
 *
 * A kernel that has no mapping of a file's page opens a window on it, copies, and closes the window. With an atomic window
 * it must not sleep, and a fault on the user's page makes it sleep. What then goes wrong, and which cure keeps it right, is
 * the profile's (--profile copy=c0 to copy=c7); when the page goes away is a pressure rule's (--pressure 'at copy#1 ...').
 * Each scenario is a word, and ends with 0 when every byte is where it belongs.
 *
 *   evict       one write                        two         two tasks write two pages
 *   remap       another thread maps anew         unmap       another thread unmaps
 *   touch       a buffer that ends two bytes     tail        a reader looks in between
 *               before a page does               fresh       a page that nobody has read in
 *   read        one read                         read-zero   one read into a page that was only read so far
 *   send        sendfile to a pipe               churn       many writes
 *   move        another thread moves the         kill        one write that never ends, and its task is killed
 *               writer to another processor      truncate    two tasks map a page that is cut off the file
 *
 * Watch: at which point the page goes, and what the copy does next (--trace copy,rule).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/wait.h>
#include <unistd.h>
#define MMUEMU_PROPOSALS 0
#include "mmuemu.h"

enum { PAGE = 4096, PAGES = 4 };

static int file;          /* PAGES pages, page n filled with 'a' + n */
static unsigned char *buf; /* PAGES pages of user memory, page n filled with 'A' + n */
static int go[2];         /* a byte here lets the other task begin */

static unsigned char *map(size_t pages)
{
    void *at = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) {
        exit(3);
    }
    return at;
}

/* Fills the file through a mapping, so that the first copy of a run is the one that the scenario makes. */
static void set_up(void)
{
    file = memfd_create("target", 0);
    if (file < 0 || ftruncate(file, PAGES * PAGE) != 0 || pipe(go) != 0) {
        exit(3);
    }
    unsigned char *at = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (at == MAP_FAILED) {
        exit(3);
    }
    buf = map(PAGES);
    for (int page = 0; page < PAGES; page++) {
        memset(at + page * PAGE, 'a' + page, PAGE);
        memset(buf + page * PAGE, 'A' + page, PAGE);
    }
    munmap(at, PAGES * PAGE);
}

/* What the bytes of a page of the file are, as runs: A4096, or A100 a3996. */
static void describe(const char *name, const unsigned char *bytes, size_t count)
{
    printf("%s:", name);
    for (size_t at = 0; at < count;) {
        size_t end = at;
        while (end < count && bytes[end] == bytes[at]) {
            end++;
        }
        if (bytes[at] < ' ' || bytes[at] > '~') {
            printf(" \\%d*%zu", bytes[at], end - at);
        } else {
            printf(" %c*%zu", bytes[at], end - at);
        }
        at = end;
    }
    printf("\n");
}

static unsigned char *look(int page)
{
    static unsigned char *at;
    if (at == NULL) {
        at = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_SHARED, file, 0);
    }
    return at + page * PAGE;
}

static int holds(const unsigned char *bytes, int what, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != what) {
            return 0;
        }
    }
    return 1;
}

static void tell(const char *what, ssize_t result)
{
    if (result < 0) {
        printf("%s: %s\n", what, errno == EFAULT ? "EFAULT" : strerror(errno));
    } else {
        printf("%s: %zd\n", what, result);
    }
}

static int evict(void)
{
    ssize_t put = pwrite(file, buf, PAGE, 0);
    tell("written", put);
    describe("page 0", look(0), PAGE);
    describe("page 1", look(1), PAGE);
    return !(put == PAGE && holds(look(0), 'A', PAGE) && holds(look(1), 'b', PAGE));
}

static int two(void)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        char byte;
        _exit(read(go[0], &byte, 1) == 1 && pwrite(file, buf + PAGE, PAGE, PAGE) == PAGE ? 0 : 1);
    }
    int status = 0;
    ssize_t put = write(go[1], "g", 1) == 1 ? pwrite(file, buf, PAGE, 0) : -1;
    tell("written", put);
    waitpid(child, &status, 0);
    printf("the other task ends with %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    describe("page 0", look(0), PAGE);
    describe("page 1", look(1), PAGE);
    return !(put == PAGE && status == 0 && holds(look(0), 'A', PAGE) && holds(look(1), 'B', PAGE));
}

static int maps_anew;

/* The other thread: takes the buffer away under the copy, and lets the copy go on. */
static void *change(void *nothing)
{
    char byte;
    if (read(go[0], &byte, 1) != 1) {
        exit(3);
    }
    mmuemu_mark("changing"); /* this thread's turn goes on: the copy does when it waits, or has ended */
    munmap(buf, PAGE);
    if (maps_anew && mmap(buf, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != buf) {
        exit(3);
    }
    return nothing;
}

static int under(int anew)
{
    pthread_t other;
    maps_anew = anew;
    if (pthread_create(&other, NULL, change, NULL) != 0 || write(go[1], "g", 1) != 1) {
        exit(3);
    }
    ssize_t put = pwrite(file, buf, PAGE, 0);
    int error = errno;
    pthread_join(other, NULL);
    errno = error;
    tell("written", put);
    describe("page 0", look(0), PAGE);
    describe("page 1", look(1), PAGE);
    size_t count = put < 0 ? 0 : (size_t)put;
    size_t old = 0;
    while (old < count && look(0)[old] == 'A') {
        old++;
    }
    int legal = holds(look(0) + old, 0, count - old) && holds(look(0) + count, 'a', PAGE - count) && holds(look(1), 'b', PAGE);
    return !(legal && (put >= 0 || error == EFAULT) && (!anew || put == PAGE));
}

static int touch(void)
{
    unsigned char *pages = map(3);
    pages[PAGE - 1] = 'X';
    ssize_t put = pwrite(file, pages + PAGE - 1, PAGE, 0);
    tell("written", put);
    describe("page 0", look(0), PAGE);
    return !(put == PAGE && look(0)[0] == 'X' && holds(look(0) + 1, 0, PAGE - 1));
}

static int tail(void)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        char byte;
        if (read(go[0], &byte, 1) != 1) {
            _exit(3);
        }
        static unsigned char seen[PAGE];
        int old_or_new = pread(file, seen, PAGE, 0) == PAGE;
        for (int i = 0; i < PAGE; i++) {
            old_or_new &= seen[i] != 0;
        }
        describe("in between", seen, PAGE);
        fflush(stdout);
        mmuemu_mark("looked");
        _exit(!old_or_new);
    }
    int status = 0;
    ssize_t put = write(go[1], "g", 1) == 1 ? pwrite(file, buf + PAGE / 2, PAGE, 0) : -1;
    tell("written", put);
    waitpid(child, &status, 0);
    describe("afterwards", look(0), PAGE);
    return !(put == PAGE && status == 0 && holds(look(0), 'A', PAGE / 2) && holds(look(0) + PAGE / 2, 'B', PAGE / 2));
}

static int fresh(void)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        memset(map(64), 'S', 64 * PAGE); /* what frames hold when they are freed */
        _exit(0);
    }
    waitpid(child, NULL, 0);
    int empty = memfd_create("fresh", 0);
    ssize_t put = pwrite(empty, buf + PAGE / 2, PAGE, 0);
    tell("written", put);
    unsigned char *at = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, empty, 0);
    describe("page 0", at, PAGE);
    return !(put == PAGE && holds(at, 'A', PAGE / 2) && holds(at + PAGE / 2, 'B', PAGE / 2));
}

static int read_page(int zero)
{
    unsigned char *to = zero ? map(1) : buf;
    volatile unsigned char first = to[0]; /* a page that was only read is the page of zeros */
    (void)first;
    ssize_t got = pread(file, to, PAGE, PAGE);
    tell("read", got);
    describe("buffer", to, PAGE);
    return !(got == PAGE && holds(to, 'b', PAGE));
}

static void *sender(void *page)
{
    off_t at = (off_t)(size_t)page * PAGE;
    return (void *)(size_t)(sendfile(go[1], file, &at, PAGE) != PAGE);
}

/* As many senders as the word says, into a pipe that is full; then a write, and after it somebody reads the pipe. */
static int send_pages(size_t senders)
{
    static char drained[PAGE];
    if (ftruncate(file, (off_t)(senders + 1) * PAGE) != 0) {
        return 3;
    }
    for (int i = 0; i < 16; i++) {
        if (write(go[1], drained, PAGE) != PAGE) {
            return 3;
        }
    }
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 8192);
    for (size_t i = 0; i < senders; i++) {
        pthread_t thread;
        if (pthread_create(&thread, &attr, sender, (void *)i) != 0) {
            return 3;
        }
    }
    for (int i = 0; i < 4; i++) {
        sched_yield();
    }
    mmuemu_mark("sent");
    tell("written", pwrite(file, buf, PAGE, (off_t)senders * PAGE));
    return 0;
}

/* The other thread: sends the writer to processor 1. */
static void *move(void *writer)
{
    char byte;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(1, &set);
    if (read(go[0], &byte, 1) != 1 || sched_setaffinity(*(pid_t *)writer, sizeof set, &set) != 0) {
        exit(3);
    }
    mmuemu_mark("moved");
    return NULL;
}

static int moved(void)
{
    pthread_t other;
    pid_t self = getpid();
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    if (sched_setaffinity(self, sizeof set, &set) != 0 || pthread_create(&other, NULL, move, &self) != 0 || write(go[1], "g", 1) != 1) {
        exit(3);
    }
    ssize_t put = pwrite(file, buf, PAGE, 0);
    printf("on processor %d\n", sched_getcpu());
    tell("written", put);
    describe("page 0", look(0), PAGE);
    pthread_join(other, NULL);
    return !(put == PAGE && holds(look(0), 'A', PAGE));
}

static int killed(void)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        _exit(pwrite(file, buf, PAGE, 0) == PAGE ? 0 : 1);
    }
    usleep(100000);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    printf("the writer ends with %d\n", WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
    describe("page 0", look(0), PAGE); /* nobody holds its lock */
    return !(WIFSIGNALED(status) && holds(look(0), 'a', PAGE));
}

static int truncated(void)
{
    unsigned char *at = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    volatile unsigned char *last = at + (PAGES - 1) * PAGE;
    printf("before: %c\n", *last);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        char byte;
        int there = *last == 'd' && read(go[0], &byte, 1) == 1;
        _exit(there ? *last : 1); /* SIGBUS, when the page is gone from this mapping too */
    }
    sched_yield();
    int status = 0;
    ssize_t cut = ftruncate(file, PAGE);
    if (write(go[1], "g", 1) != 1) {
        return 3;
    }
    waitpid(child, &status, 0);
    printf("cut: %zd, the other task ends with %d\n", cut, WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
    return !(cut == 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
}

static int churn(long writes)
{
    long pages = writes < 4096 ? writes : 4096;
    if (ftruncate(file, pages * PAGE) != 0) {
        return 3;
    }
    for (long i = 0; i < writes; i++) {
        if (pwrite(file, buf, PAGE, i % pages * PAGE) != PAGE) {
            return 1;
        }
    }
    printf("written: %ld pages\n", writes);
    return 0;
}

int main(int argc, char **argv)
{
    mmuemu_require();
    const char *word = argc > 1 ? argv[1] : "two";
    long number = argc > 2 ? atol(argv[2]) : 0;
    set_up();
    mmuemu_mark("ready");
    return strcmp(word, "evict") == 0       ? evict()
           : strcmp(word, "two") == 0       ? two()
           : strcmp(word, "remap") == 0     ? under(1)
           : strcmp(word, "unmap") == 0     ? under(0)
           : strcmp(word, "touch") == 0     ? touch()
           : strcmp(word, "tail") == 0      ? tail()
           : strcmp(word, "fresh") == 0     ? fresh()
           : strcmp(word, "read") == 0      ? read_page(0)
           : strcmp(word, "read-zero") == 0 ? read_page(1)
           : strcmp(word, "send") == 0      ? send_pages((size_t)number)
           : strcmp(word, "churn") == 0     ? churn(number)
           : strcmp(word, "move") == 0      ? moved()
           : strcmp(word, "kill") == 0      ? killed()
           : strcmp(word, "truncate") == 0  ? truncated()
                                            : (fprintf(stderr, "kmap-copy: expected a scenario, found '%s'\n", word), 2);
}
