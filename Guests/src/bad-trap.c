/*
 * bad-trap - a breakpoint instruction and nobody who debugs: #BP becomes SIGTRAP, 128 + 5 = 133.
 *
 * The first is caught; RIP then points behind the instruction, because a trap is reported after it and a fault before it.
 *
 * Watch: trap 3, and the difference to bad-ud2 (--trace signal).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

static volatile int trap;
static const unsigned char *volatile rip;

static void note(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    trap = (int)((ucontext_t *)context)->uc_mcontext.gregs[REG_TRAPNO];
    rip = (const unsigned char *)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
}

int main(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = note;
    action.sa_flags = SA_SIGINFO | SA_RESETHAND;
    sigaction(SIGTRAP, &action, NULL);

    __asm__ volatile("int3");
    printf("int3: trap %d, the byte before RIP is 0x%02x\n", trap, rip[-1]);
    fflush(stdout);
    __asm__ volatile("int3");
    printf("still here\n");
    return 0;
}
