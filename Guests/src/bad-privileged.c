/*
 * bad-privileged - instructions that only a kernel may execute, tried at CPL 3.
 *
 * Each raises #GP: SIGSEGV with si_code SI_KERNEL and no address. The handler counts and leaves. An emulator that runs
 * kernels too must still refuse these to a user program.
 *
 * Watch: trap 13 each time (--trace signal).
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

static sigjmp_buf back;
static volatile int code, trap;

static void leave(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    code = info->si_code;
    trap = (int)((ucontext_t *)context)->uc_mcontext.gregs[REG_TRAPNO];
    siglongjmp(back, 1);
}

#define TRY(instruction)                                                                                      \
    do {                                                                                                      \
        if (sigsetjmp(back, 1) == 0) {                                                                        \
            __asm__ volatile(instruction);                                                                    \
            printf("%-16s was allowed\n", instruction);                                                      \
        } else {                                                                                              \
            printf("%-16s SIGSEGV, %s, trap %d\n", instruction, code == SI_KERNEL ? "SI_KERNEL" : "other", trap); \
        }                                                                                                     \
    } while (0)

int main(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = leave;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, NULL);

    TRY("hlt");
    TRY("cli");
    TRY("invlpg (%rcx)");
    TRY("mov %rax, %cr3");
    TRY("mov %cr0, %rax");
    TRY("wrmsr");
    TRY("rdmsr");
    TRY("swapgs");
    TRY("lgdt (%rsp)");
    TRY("in %dx, %al");
    TRY("wbinvd");
    TRY("clts");
    return 0;
}
