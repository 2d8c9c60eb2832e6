/*
 * bad-jump-nx - calls into a page that holds data.
 *
 * The bytes are a valid function, but the page's XD bit is set, so the fetch faults with the I bit in the error code.
 *
 * Watch: a present entry with XD, and error code 0x15 (--trace fault,walk).
 */
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
    static const unsigned char code[] = { 0xB8, 42, 0, 0, 0, 0xC3 }; /* mov eax, 42; ret */
    unsigned char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (unsigned i = 0; i < sizeof code; i++) {
        page[i] = code[i];
    }
    printf("calling data\n");
    fflush(stdout);
    printf("it returned %d\n", ((int (*)(void))page)());
    return 0;
}
