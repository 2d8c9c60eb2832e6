/*
 * bad-selfmod - writes code, runs it, rewrites it, runs it again; and changes an instruction right before executing it.
 *
 * Strange, but legal: x86 promises that a processor sees its own stores to code. An emulator that keeps decoded
 * instructions must notice.
 *
 * Watch: one page that is written and executed in turns (--trace fault).
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

typedef int function(void);

int main(void)
{
    unsigned char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    /* mov eax, imm32; ret. The immediate is rewritten between calls, and in one case lies across the page border. */
    static const unsigned char returns[] = { 0xB8, 0, 0, 0, 0, 0xC3 };
    unsigned char *places[] = { page, page + 100, page + 4096 - 3 };
    long sum = 0;
    for (int place = 0; place < 3; place++) {
        memcpy(places[place], returns, sizeof returns);
        for (int value = 1; value <= 100; value++) {
            memcpy(places[place] + 1, &value, sizeof value);
            sum += ((function *)places[place])();
        }
    }
    printf("rewritten between calls: sum %ld\n", sum);

    /*
     * c6 05 01 00 00 00 2a   mov byte [rip+1], 42     writes the immediate of the next instruction
     * b8 07 00 00 00         mov eax, 7               which therefore is 42
     * c3                     ret
     */
    static const unsigned char ahead[] = { 0xC6, 0x05, 1, 0, 0, 0, 42, 0xB8, 7, 0, 0, 0, 0xC3 };
    memcpy(page + 512, ahead, sizeof ahead);
    int first = ((function *)(page + 512))();
    page[512 + 6] = 43;
    int second = ((function *)(page + 512))();
    printf("rewritten right before execution: %d, then %d\n", first, second);
    return 0;
}
