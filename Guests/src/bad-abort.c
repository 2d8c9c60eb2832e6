/*
 * bad-abort - notices that something is wrong and gives up: SIGABRT, 128 + 6 = 134.
 *
 * abort() cannot be refused: when a handler returns, it takes the handler away and raises the signal again.
 *
 * Watch: the handler runs once, the second SIGABRT is fatal (--trace signal).
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void object(int signal)
{
    (void)signal;
    static const char text[] = "the handler would rather go on\n";
    ssize_t ignored = write(1, text, sizeof text - 1);
    (void)ignored;
}

int main(void)
{
    signal(SIGABRT, object);
    abort();
}
