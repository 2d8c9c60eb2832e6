/*
 * bad-syscalls - system calls that do not exist, and existing ones with wild arguments.
 *
 * The kernel must answer each with an errno. A pointer it cannot follow is EFAULT, never a crash and never a signal.
 *
 * Watch: --strace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *name(long result)
{
    switch (result < 0 ? errno : 0) {
    case 0: return "ok";
    case ENOSYS: return "ENOSYS";
    case EFAULT: return "EFAULT";
    case EINVAL: return "EINVAL";
    case EBADF: return "EBADF";
    case ENOMEM: return "ENOMEM";
    case ESPIPE: return "ESPIPE";
    default: return "another errno";
    }
}

#define TRY(number, ...) printf("%-50s %s\n", #number "(" #__VA_ARGS__ ")", name(syscall(number, __VA_ARGS__)))

enum { PAGE = 4096, ANONYMOUS = MAP_PRIVATE | MAP_ANONYMOUS };

int main(void)
{
    void *const wild = (void *)0x10, *const kernel = (void *)0xffffffff81000000, *const crooked = (void *)0x8000000000000000;
    int ends[2];
    if (pipe(ends) != 0 || write(ends[1], "12345678", 8) != 8) {
        return 1;
    }
    const int in = ends[0], out = ends[1];
    char *page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);
    char *edge = page + PAGE;
    const char *locked = mmap(NULL, PAGE, PROT_READ, ANONYMOUS, -1, 0);
    munmap(edge, PAGE); /* last, so that nothing else is put there */

    /* Numbers that nobody answers. */
    TRY(9999, 1, 2, 3);
    TRY(-1, 0);
    TRY(0x7fffffff, 0);

    /* Pointers that lead nowhere: low, the kernel's half, not canonical, read-only, across the end of a mapping. */
    TRY(SYS_write, out, wild, 1);
    TRY(SYS_write, out, kernel, 1);
    TRY(SYS_write, out, crooked, 1);
    TRY(SYS_write, out, edge, 1);
    TRY(SYS_read, in, wild, 8);
    TRY(SYS_read, in, kernel, 8);
    TRY(SYS_read, in, locked, 8);
    TRY(SYS_uname, wild);
    TRY(SYS_uname, edge - 8);
    TRY(SYS_pipe, wild);
    TRY(SYS_rt_sigaction, SIGUSR1, wild, 0, 8);
    TRY(SYS_rt_sigprocmask, SIG_BLOCK, wild, 0, 8);
    TRY(SYS_writev, out, wild, 1);

    /* Arguments out of range. */
    TRY(SYS_rt_sigaction, SIGKILL, page, 0, 8);
    TRY(SYS_rt_sigaction, 999, 0, 0, 8);
    TRY(SYS_rt_sigprocmask, 77, page, 0, 8);
    TRY(SYS_close, -1);
    TRY(SYS_close, 4000);
    TRY(SYS_write, 4000, page, 1);
    TRY(SYS_lseek, in, 0, 0);
    TRY(SYS_mmap, 0, 0, PROT_READ, ANONYMOUS, -1, 0);
    TRY(SYS_mmap, 0, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0);
    TRY(SYS_mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, -1, 0);
    TRY(SYS_munmap, page + 1, PAGE);
    TRY(SYS_munmap, page, 0);
    TRY(SYS_mprotect, page + 1, PAGE, PROT_READ);
    TRY(SYS_mprotect, page, 2 * PAGE, PROT_READ);
    TRY(SYS_madvise, page, PAGE, 12345);
    TRY(SYS_madvise, page + 1, PAGE, MADV_DONTNEED);

    /* After all that, the pipe still holds what was put into it. */
    char text[9] = { 0 };
    ssize_t length = read(in, text, 8);
    printf("the pipe still holds %zd bytes: %s\n", length, text);
    return 0;
}
