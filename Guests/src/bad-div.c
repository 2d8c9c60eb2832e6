/*
 * bad-div - divides by zero, and divides where the quotient does not fit. Both raise #DE, which becomes SIGFPE.
 *
 * The first is caught by a handler that steps over the instruction; the second is not caught: 128 + 8 = 136.
 *
 * Watch: si_code FPE_INTDIV, and that no register changed before the fault (--trace signal).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

static volatile int code;
static volatile int trap;

/* `div %ecx` is two bytes long: f7 f1. */
static void step_over(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    code = info->si_code;
    trap = (int)registers[REG_TRAPNO];
    registers[REG_RIP] += 2;
}

int main(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = step_over;
    action.sa_flags = SA_SIGINFO | SA_RESETHAND;
    sigaction(SIGFPE, &action, NULL);

    unsigned low = 1000, high = 0;
    __asm__ volatile("div %%ecx" : "+a"(low), "+d"(high) : "c"(0));
    printf("divided by zero: %s, trap %d, eax %u, edx %u\n", code == FPE_INTDIV ? "FPE_INTDIV" : "other", trap, low, high);
    printf("dividing what does not fit\n");
    fflush(stdout);

    high = 7;
    __asm__ volatile("div %%ecx" : "+a"(low), "+d"(high) : "c"(7));
    printf("still here\n");
    return 0;
}
