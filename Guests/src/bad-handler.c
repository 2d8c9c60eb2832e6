/*
 * bad-handler - a SIGSEGV handler that itself reads through a bad pointer.
 *
 * SIGSEGV is blocked while its handler runs, so the second one cannot be delivered. The kernel does not wait: a fault that
 * cannot be reported ends the program, 139.
 *
 * Watch: the forced signal (--trace signal).
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static int *volatile nowhere;

static void handler(int signal)
{
    (void)signal;
    static const char text[] = "in the handler\n";
    ssize_t ignored = write(1, text, sizeof text - 1);
    (void)ignored;
    *nowhere = 2;
}

int main(void)
{
    signal(SIGSEGV, handler);
    printf("before\n");
    fflush(stdout);
    *nowhere = 1;
    printf("after\n");
    return 0;
}
