/*
 * bystander - is volatility the process's, or the file's? The example on which the authors of vrange disagreed in April 2013.
 *
 * A maps a file shared, marks it and dies. B, who knows nothing of marks, maps the same file. Memory runs short. B reads.
 * With Minchan Kim's mvrange the mark died with A, and B reads its data. With John Stultz's the file was volatile as it might be
 * changed, and B gets SIGBUS, unless everyone had closed the file in between, which clears the marks. Each step says what it found.
 *
 * Watch: the same program with --profile files=K and with --profile files=J.
 */
#define MMUEMU_PROPOSALS 9
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "mmuemu.h"

enum { PAGE = 4096, LENGTH = 4 * PAGE };

static const char *const path = "/dev/shm/bystander";
static sigjmp_buf back;

static void on_bus(int number)
{
    siglongjmp(back, number);
}

static char *map(int file)
{
    char *start = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    return start == MAP_FAILED ? NULL : start;
}

/* The content that was put there, or what came instead. */
static const char *look(volatile char *at)
{
    if (sigsetjmp(back, 1) != 0) {
        return "SIGBUS";
    }
    return *at == 'd' ? "its data" : *at == 0 ? "zeros" : "something else";
}

static void fresh_file(void)
{
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    char page[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
        page[i] = 'd';
    }
    if (write(file, page, LENGTH) != LENGTH) {
        exit(2);
    }
    close(file);
}

/* Steps 1 and 2: A maps the file, marks it, and is gone. */
static void process_a(void)
{
    fflush(stdout);
    if (fork() == 0) {
        int file = open(path, O_RDWR);
        char *start = map(file);
        printf("  1. A marks the file: mvrange answers %ld\n", mvrange(start, LENGTH, VRANGE_VOLATILE, VRANGE_FULL_MODE));
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
    printf("  2. A is dead\n");
}

/* Steps 3 to 5, by B. */
static void process_b(void)
{
    int file = open(path, O_RDWR);
    char *start = map(file);
    printf("  3. B maps the file; is it volatile? mvrange says %s, fvrange says %s\n",
           mvrange(start, LENGTH, VRANGE_ISVOLATILE, 0) ? "yes" : "no", fvrange(file, 0, LENGTH, VRANGE_ISVOLATILE, 0) ? "yes" : "no");
    mmuemu_purge(start, LENGTH);
    printf("  4. memory runs short\n");
    printf("  5. B reads, and finds %s\n", look(start));
    munmap(start, LENGTH);
    close(file);
}

int main(void)
{
    mmuemu_require();
    signal(SIGBUS, on_bus);

    printf("Everyone has closed the file before B comes:\n");
    fresh_file();
    process_a();
    process_b();

    printf("Somebody else has it open all the time:\n");
    fresh_file();
    int witness = open(path, O_RDONLY);
    process_a();
    process_b();
    close(witness);

    printf("A and B share the file, and A alone has marked it:\n");
    fresh_file();
    int file = open(path, O_RDWR);
    char *of_a = map(file), *of_b;
    mvrange(of_a, LENGTH, VRANGE_VOLATILE, 0);
    fflush(stdout);
    if (fork() == 0) {
        munmap(of_a, LENGTH);
        of_b = map(file);
        char before = *(volatile char *)of_b;
        mmuemu_purge(of_b, LENGTH);
        mmuemu_reclaim(64);
        printf("  B read %s before, and finds %s\n", before == 'd' ? "its data" : "zeros", look(of_b));
        fflush(stdout);
        _exit(0);
    }
    *(volatile char *)of_a;
    wait(NULL);
    printf("  A takes its mark away: was anything lost? %s\n", mvrange(of_a, LENGTH, VRANGE_NOVOLATILE, 0) ? "yes" : "no");
    printf("  A finds %s\n", look(of_a));
    unlink(path);
    return 0;
}
