/*
 * bad-orphan - a parent that does not wait for its children.
 *
 * Two children outlive it. Each waits until its predecessor is gone: the end of the predecessor closes the last write end
 * of a pipe, and the read ends with 0. So the order of the lines is certain although nobody waits for anybody. The exit
 * code is the parent's, 7.
 *
 * Watch: the children go on after the first process has ended (--strace).
 */
#include <stdio.h>
#include <unistd.h>

static void say(const char *text, size_t length)
{
    ssize_t ignored = write(1, text, length);
    (void)ignored;
}
#define SAY(text) say(text, sizeof(text) - 1)

static int child(const int *before, const char *text, size_t length)
{
    char byte;
    close(before[1]);
    if (read(before[0], &byte, 1) == 0) {
        say(text, length);
    }
    return 0;
}

int main(void)
{
    int parent_lives[2], first_lives[2];
    if (pipe(parent_lives) != 0 || pipe(first_lives) != 0) {
        return 1;
    }

    pid_t first = fork();
    if (first == 0) {
        close(first_lives[0]); /* keeps first_lives[1] until it ends */
        static const char text[] = "the first child goes on alone\n";
        _exit(child(parent_lives, text, sizeof text - 1));
    }

    pid_t second = fork();
    if (second == 0) {
        close(parent_lives[1]);
        static const char text[] = "the second child is the last\n";
        _exit(child(first_lives, text, sizeof text - 1));
    }

    if (first < 0 || second < 0) {
        SAY("fork failed\n");
        return 1;
    }
    SAY("the parent leaves without waiting\n");
    return 7;
}
