/*
 * code-file - code in a file, run from a mapping, and changed behind the mapping's back by system calls.
 *
 * pwrite, writev, sendfile, a read into a second mapping, a hole, a cut: after each the new bytes run at once, in the
 * process that made the call and in another one that is running the old ones.
 *
 * Watch: nothing is flushed for a write, for the mapping stays; yet what a processor has decoded is dropped (--cpus 2 --tlb maxstale).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, AT = 64 };

static sigjmp_buf back;

/* mov $value, %eax; ret */
struct code {
    unsigned char bytes[6];
};

static struct code answer(unsigned char value)
{
    return (struct code){ { 0xb8, value, 0, 0, 0, 0xc3 } };
}

static int call(const void *code)
{
    int result;
    __asm__ volatile("xor %%eax, %%eax\n\tcall *%1" : "=&a"(result) : "r"(code) : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory", "cc");
    return result;
}

static void on_signal(int signal)
{
    siglongjmp(back, signal);
}

static void show(const char *what, const void *code)
{
    int signal = sigsetjmp(back, 1);
    if (signal == 0) {
        printf("%-42s %d\n", what, call(code));
    } else {
        printf("%-42s %s\n", what, signal == SIGSEGV ? "SIGSEGV" : signal == SIGBUS ? "SIGBUS" : "another signal");
    }
    fflush(stdout);
}

int main(void)
{
    signal(SIGSEGV, on_signal);
    signal(SIGBUS, on_signal);
    int file = memfd_create("code", 0), other = memfd_create("other", 0), pipes[2];
    struct code code = answer(1);
    ftruncate(file, 2 * PAGE);
    pwrite(file, &code, sizeof code, AT);
    const char *run = mmap(NULL, 2 * PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
    const char *mine = mmap(NULL, 2 * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
    char *store = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    show("at first", run + AT);
    show("at first, by a private mapping", mine + AT);

    code = answer(2);
    pwrite(file, &code, sizeof code, AT);
    show("pwrite", run + AT);
    show("pwrite, by a private mapping", mine + AT);

    pwrite(file, &(char){ 3 }, 1, AT + 1);
    show("pwrite of one byte", run + AT);

    code = answer(4);
    lseek(file, AT, SEEK_SET);
    writev(file, (struct iovec[]){ { &code, 3 }, { (char *)&code + 3, 3 } }, 2);
    show("writev", run + AT);

    code = answer(5);
    pwrite(other, &code, sizeof code, 0);
    lseek(file, AT, SEEK_SET);
    sendfile(file, other, &(off_t){ 0 }, sizeof code);
    show("sendfile", run + AT);

    code = answer(6);
    if (pipe(pipes) == 0 && write(pipes[1], &code, sizeof code) == sizeof code) {
        read(pipes[0], store + AT, sizeof code);
    }
    show("read into another mapping", run + AT);

    store[AT + 1] = 7;
    show("a store into another mapping", run + AT);

    /* Another process is in the code meanwhile. */
    pid_t child = fork();
    if (child == 0) {
        while (call(run + AT) != 8) {
        }
        _exit(call(run + AT));
    }
    for (volatile int wait = 0; wait < 20000; wait++) {
    }
    pwrite(file, &(char){ 8 }, 1, AT + 1);
    int status = 0;
    waitpid(child, &status, 0);
    printf("%-42s %d\n", "pwrite, while a child runs it", WEXITSTATUS(status));

    ftruncate(file, AT + 1);
    show("cut in the code, which is zeros then", run + AT + 1);
    show("beyond the last page", run + PAGE);
    ftruncate(file, 2 * PAGE);
    show("grown again", run + AT + 1);
    code = answer(9);
    pwrite(file, &code, sizeof code, AT);
    show("pwrite", run + AT);
    fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE);
    show("a hole", run + AT);
    pwrite(file, &code, sizeof code, AT);
    show("pwrite into the hole", run + AT);
    fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, AT + 1, 1);
    show("a hole of one byte", run + AT);
    return 0;
}
