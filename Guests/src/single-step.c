/*
 * single-step - sets its own trap flag and keeps a log of every SIGTRAP: where RIP was, the flags, and RCX.
 *
 * A repeated string instruction traps behind each of its iterations, the instruction behind a load of SS is not seen, and a
 * system call comes back without a trap of its own.
 *
 * Watch: TRAP_TRACE at every instruction (--trace signal).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

#define MOST 128

struct step {
    int signal;
    int code;
    long rip;
    long flags;
    long rcx;
    int at_rip;
};

extern const char steps_begin[];

static volatile int count;
static struct step steps[MOST];
static char text[32] = "aaaaaaaabaaaaaaa";

static void note(int signal, siginfo_t *info, void *context)
{
    const greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    if (count < MOST) {
        steps[count] = (struct step){
            signal,
            info->si_code,
            registers[REG_RIP] - (long)steps_begin,
            registers[REG_EFL] & 0x10dd5,
            registers[REG_RCX] < MOST ? registers[REG_RCX] : -1,
            info->si_addr == (void *)registers[REG_RIP],
        };
        count++;
    }
    if (signal == SIGILL) {
        ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2;
    }
}

int main(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = note;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGTRAP, &action, NULL);
    sigaction(SIGILL, &action, NULL);

    __asm__ volatile(
        "lea -256(%%rsp), %%rsp\n"
        "xor %%eax, %%eax\n"
        ".globl steps_begin\n"
        "steps_begin:\n\t"
        "pushfq\n\t"
        "orl $0x100, (%%rsp)\n\t"
        "popfq\n\t"
        "nop\n\t"
        "xor %%eax, %%eax\n\t"
        "mov $39, %%eax\n\t"
        "syscall\n\t"
        "nop\n\t"
        "mov $12, %%ecx\n\t"
        "lea %0, %%rsi\n\t"
        "lea 1+%0, %%rdi\n\t"
        "mov $1, %%eax\n\t"
        "or $1, %%eax\n\t"
        "repe cmpsb\n\t"
        "mov $0, %%eax\n\t"
        "lea 16+%0, %%rdi\n\t"
        "mov $4, %%ecx\n\t"
        "rep stosw\n\t"
        "rep stosw\n\t"
        "lea 8+%0, %%rdi\n\t"
        "lea %0, %%rsi\n\t"
        "mov $2, %%ecx\n\t"
        "std\n\t"
        "rep movsb\n\t"
        "cld\n\t"
        "mov %%ss, %%eax\n\t"
        "mov %%eax, %%ss\n\t"
        "nop\n\t"
        "nop\n\t"
        "int3\n\t"
        "nop\n\t"
        "ud2\n\t"
        "nop\n\t"
        "call 1f\n\t"
        "jmp 2f\n"
        "1:\n\t"
        "ret\n"
        "2:\n\t"
        "mov $3, %%ecx\n"
        "3:\n\t"
        "loop 3b\n\t"
        "pushfq\n\t"
        "andl $~0x100, (%%rsp)\n\t"
        "popfq\n\t"
        "nop\n\t"
        "lea 256(%%rsp), %%rsp\n"
        : "+m"(text)
        :
        : "rax", "rcx", "rsi", "rdi", "r11", "memory", "cc");

    for (int i = 0; i < count; i++) {
        printf("signal %d code %d at %ld flags %05lx rcx %ld%s\n", steps[i].signal, steps[i].code, steps[i].rip,
               steps[i].flags, steps[i].rcx, steps[i].at_rip ? "" : " si_addr is elsewhere");
    }
    return 0;
}
