/* What is left of an action after SA_RESETHAND, and a signal stack that goes away while its handler runs. */
#include "common.h"

static char stack[1 << 16];
static stack_t seen;
static int times;

static void look(int number) { struct sigaction now; sigaction(number, 0, &now); printf("in handler: %s, flags %x\n", now.sa_handler == SIG_DFL ? "default" : "kept", now.sa_flags & 0x7fffffff & ~SA_NODEFER); }

static void disarmed(int number, siginfo_t *info, void *context)
{
    stack_t inner, *outer = &((ucontext_t *)context)->uc_stack;
    char here;
    sigaltstack(0, &inner);
    printf("on it %d, inner flags %x size %zu, frame has flags %x size %zu\n", &here >= stack && &here < stack + sizeof stack, inner.ss_flags, inner.ss_size, outer->ss_flags, outer->ss_size);
    if (times++ == 0) {
        stack_t other = { .ss_sp = stack, .ss_size = 8192 };
        SHOW(sigaltstack(&other, 0));
    }
}

static void ordinary(int number, siginfo_t *info, void *context)
{
    stack_t inner, *outer = &((ucontext_t *)context)->uc_stack, other = { .ss_sp = stack, .ss_size = 8192 };
    sigaltstack(0, &inner);
    printf("inner flags %x, frame has flags %x\n", inner.ss_flags, outer->ss_flags);
    SHOW(sigaltstack(&other, 0));
    other.ss_flags = 64;
    SHOW(sigaltstack(&other, 0));
}

int main(void)
{
    struct sigaction action = { .sa_handler = look, .sa_flags = SA_RESETHAND | SA_RESTART | SA_NODEFER };
    sigaction(SIGUSR1, &action, 0);
    raise(SIGUSR1);
    action = (struct sigaction){ .sa_sigaction = disarmed, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    sigaction(SIGUSR2, &action, 0);
    stack_t set = { .ss_sp = stack, .ss_size = sizeof stack, .ss_flags = (int)(1U << 31) };
    SHOW(sigaltstack(&set, 0));
    raise(SIGUSR2);
    sigaltstack(0, &seen);
    printf("afterwards flags %x size %zu\n", seen.ss_flags, seen.ss_size);
    set.ss_flags |= SS_DISABLE;
    SHOW(sigaltstack(&set, 0));
    sigaltstack(0, &seen);
    printf("disabled flags %x size %zu\n", seen.ss_flags, seen.ss_size);
    set = (stack_t){ .ss_sp = stack, .ss_size = sizeof stack, .ss_flags = SS_ONSTACK };
    SHOW(sigaltstack(&set, 0));
    action.sa_sigaction = ordinary;
    sigaction(SIGUSR2, &action, 0);
    raise(SIGUSR2);
    set.ss_size = 100;
    SHOW(sigaltstack(&set, 0));
    set.ss_flags = 8;
    SHOW(sigaltstack(&set, 0));
    return 0;
}
