/*
 * volatile-file - a mark on a shared file is part of the file: everybody has it, anybody can take it away.
 *
 * A and B are processes that have mapped the same file, at addresses of their own. One marks, the other loses; one takes the
 * mark away, the other is safe. A purge is a hole punched into the file: the size stays, read(2) finds zeros. When the last
 * one has closed the file the mark is gone. Private memory takes the same call and the same mark.
 *
 * Watch: the same with the code as it was posted (--profile vrange=v8,quirks --swap 16M).
 */
#define _GNU_SOURCE
#define MMUEMU_PROPOSALS 1
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "mmuemu.h"

enum { PAGE = 4096, LENGTH = 4 * PAGE };

static const char *const path = "/dev/shm/volatile-file";
static sigjmp_buf back;
static int to_b[2], from_b[2];

static void on_bus(int number)
{
    siglongjmp(back, number);
}

static const char *look(volatile char *at)
{
    if (sigsetjmp(back, 1) != 0) {
        return "SIGBUS";
    }
    return *at == 'd' ? "data" : *at == 0 ? "zeros" : "something else";
}

static int fill(void)
{
    static char bytes[LENGTH];
    memset(bytes, 'd', LENGTH);
    int file = open(path, O_RDWR | O_CREAT, 0600);
    if (file < 0 || pwrite(file, bytes, LENGTH, 0) != LENGTH) {
        exit(2);
    }
    return file;
}

static char *map(int file)
{
    char *start = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (start == MAP_FAILED) {
        exit(2);
    }
    return start;
}

static int taken_back(char *start)
{
    int word = -1;
    vrange(start, LENGTH, VRANGE_NONVOLATILE, &word);
    return word;
}

/* B does one thing for each byte that it is sent, and says so. */
static void process_b(void)
{
    map(open(path, O_RDWR)); /* its mapping lies elsewhere */
    char *start = map(open(path, O_RDWR)), what;
    while (read(to_b[0], &what, 1) == 1) {
        switch (what) {
        case 'l': printf("  B looks: %s\n", look(start)); break;
        case 't': printf("  B takes the mark away: lost %d\n", taken_back(start)); break;
        case 'q': exit(0);
        }
        fflush(stdout);
        if (write(from_b[1], &what, 1) != 1) {
            exit(2);
        }
    }
}

static void b(char what)
{
    fflush(stdout);
    if (write(to_b[1], &what, 1) != 1 || (what != 'q' && read(from_b[0], &what, 1) != 1)) {
        exit(2);
    }
}

static void mark_and_press(char *start, int press)
{
    printf("A marks %ld bytes%s\n", vrange(start, LENGTH, VRANGE_VOLATILE, NULL), press ? ", and memory runs short" : "");
    if (press) {
        mmuemu_purge(start, LENGTH);
    }
}

int main(void)
{
    mmuemu_require();
    signal(SIGBUS, on_bus);
    int file = fill();
    fflush(stdout);
    if (pipe(to_b) != 0 || pipe(from_b) != 0) {
        return 2;
    }
    pid_t child = fork();
    if (child == 0) {
        close(to_b[1]);
        close(file);
        process_b();
    }
    char *start = map(file);
    b('l');

    printf("1. a mark is everybody's\n");
    mark_and_press(start, 0);
    b('t');
    mmuemu_purge(start, LENGTH);
    printf("  memory runs short; A looks: %s\n", look(start));

    printf("2. a loss is everybody's\n");
    mark_and_press(start, 1);
    printf("  A looks: %s\n", look(start));
    b('l');
    struct stat status;
    char byte = 'x';
    fstat(file, &status);
    ssize_t got = pread(file, &byte, 1, 0);
    printf("  read(2) answers %zd and finds %s; the file has %ld bytes\n", got, byte == 0 ? "zeros" : "the data", (long)status.st_size);
    char *later = map(file);
    printf("  mapped once more, A looks there: %s\n", look(later));
    munmap(later, LENGTH);
    b('t');
    printf("  A takes the mark away too: lost %d\n", taken_back(start));
    printf("  A looks: %s\n", look(start));
    b('l');

    printf("3. an opening ends, others have the file open\n");
    fill();
    munmap(start, LENGTH);
    start = map(file);
    look(start);
    mark_and_press(start, 0);
    close(open(path, O_RDONLY));
    mmuemu_purge(start, LENGTH);
    printf("  memory runs short; A looks: %s\n", look(start));
    taken_back(start);

    printf("4. everybody has closed it\n");
    fill();
    mark_and_press(start, 0);
    b('q');
    waitpid(child, NULL, 0);
    munmap(start, LENGTH);
    for (int one = 3; one < 32; one++) {
        close(one);
    }
    file = open(path, O_RDWR);
    start = map(file);
    printf("  opened again, it has %s", look(start));
    mmuemu_purge(start, LENGTH);
    printf("; memory runs short, and it has %s\n", look(start));

    printf("5. the same call for private memory\n");
    char *own = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(own, 'd', LENGTH);
    mark_and_press(own, 1);
    printf("  A looks: %s\n", look(own));
    printf("  A takes the mark away: lost %d\n", taken_back(own));
    unlink(path);
    return 0;
}
