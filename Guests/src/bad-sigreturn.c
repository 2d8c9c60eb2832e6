/*
 * bad-sigreturn - returns from signal handlers that never ran, with forged frames.
 *
 * rt_sigreturn loads every register from the stack, so whoever writes the stack writes the registers. The kernel must
 * refuse what no program may have, and must survive a frame that is not there. Each attempt runs in a child of its own.
 *
 * Watch: SIGSEGV for each (--trace signal).
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

static _Alignas(64) unsigned char frame[8192];

/* Does not return: the stack pointer is where the kernel looks for the frame. */
static void forged_return(unsigned long stack_pointer)
{
    __asm__ volatile("mov %0, %%rsp\n\tmov $15, %%eax\n\tsyscall\n\tud2" : : "r"(stack_pointer) : "memory");
    __builtin_unreachable();
}

static void nowhere(void)
{
    forged_return(0x1000);
}

static void crooked(void)
{
    forged_return(0x8000000000000000);
}

static void all_zero(void)
{
    memset(frame, 0, sizeof frame);
    forged_return((unsigned long)frame + 4096);
}

static void into_the_kernel(void)
{
    memset(frame, 0, sizeof frame);
    ucontext_t *context = (ucontext_t *)(frame + 4096);
    greg_t *registers = context->uc_mcontext.gregs;
    registers[REG_RIP] = (greg_t)0xffffffff81000000;
    registers[REG_RSP] = (greg_t)(unsigned long)frame;
    registers[REG_EFL] = -1;
    registers[REG_CSGSFS] = 0x002b000000000033;
    forged_return((unsigned long)context);
}

static void attempt(const char *what, void (*forge)(void))
{
    pid_t child = fork();
    if (child == 0) {
        forge();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    printf("%-28s %s %d\n", what, WIFSIGNALED(status) ? "signal" : "exit", WIFSIGNALED(status) ? WTERMSIG(status) : status);
    fflush(stdout);
}

int main(void)
{
    fflush(stdout);
    attempt("no frame at all:", nowhere);
    attempt("a crooked stack pointer:", crooked);
    attempt("a frame of zeros:", all_zero);
    attempt("a way into the kernel:", into_the_kernel);
    return 0;
}
