/*
 * bad-address - addresses that no page table could map: not canonical, and the kernel's own half.
 *
 * A non-canonical address is no page fault but #GP (through the stack pointer: #SS, which is SIGBUS), and the signal knows
 * no address. The kernel's half is canonical: a page fault, and SEGV_MAPERR. The handler leaves by siglongjmp.
 *
 * Watch: trap 13, 12 and 14 (--trace signal).
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

static sigjmp_buf back;
static volatile int signal_number, code, trap, has_address;

static void leave(int signal, siginfo_t *info, void *context)
{
    signal_number = signal;
    code = info->si_code;
    trap = (int)((ucontext_t *)context)->uc_mcontext.gregs[REG_TRAPNO];
    has_address = info->si_addr != NULL;
    siglongjmp(back, 1);
}

static void report(const char *what)
{
    printf("%-32s %s, si_code %d, trap %d, address known: %s\n", what, signal_number == SIGSEGV ? "SIGSEGV" : "SIGBUS",
           code, trap, has_address ? "yes" : "no");
}

int main(void)
{
    static char handler_stack[32768];
    stack_t stack = { .ss_sp = handler_stack, .ss_size = sizeof handler_stack };
    sigaltstack(&stack, NULL);

    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = leave;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);

    volatile unsigned long crooked = 0x8000000000000000, kernel = 0xffffffff81000000;
    if (sigsetjmp(back, 1) == 0) {
        *(volatile char *)crooked = 1;
    }
    report("write to a crooked address:");

    if (sigsetjmp(back, 1) == 0) {
        ((void (*)(void))crooked)();
    }
    report("jump to a crooked address:");

    if (sigsetjmp(back, 1) == 0) {
        __asm__ volatile("mov %0, %%rsp\n\tpush %%rax" : : "r"(crooked) : "memory");
    }
    report("push to a crooked stack:");

    if (sigsetjmp(back, 1) == 0) {
        *(volatile char *)kernel = 1;
    }
    report("write to the kernel's half:");
    return 0;
}
