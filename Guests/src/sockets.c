// Sockets and shared memory between a parent and its child: AF_UNIX, AF_INET on this machine, socketpair, System V segments.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *name_of(int error)
{
    switch (error)
    {
        case ENOTSOCK: return "ENOTSOCK";
        case ECONNREFUSED: return "ECONNREFUSED";
        case EADDRINUSE: return "EADDRINUSE";
        case ENOTCONN: return "ENOTCONN";
        case EISCONN: return "EISCONN";
        case EINVAL: return "EINVAL";
        case EPIPE: return "EPIPE";
        case EAGAIN: return "EAGAIN";
        default: return "another error";
    }
}

static void expect(const char *what, int result)
{
    printf("%s: %s\n", what, result < 0 ? name_of(errno) : "done");
}

// A server that answers one question in capitals; the child asks.
static void serve(int listener, const struct sockaddr *address, socklen_t length)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
    {
        int fd = socket(address->sa_family, SOCK_STREAM, 0);
        char answer[32] = "";
        size_t got = 0;
        if (connect(fd, address, length) != 0)
        {
            _exit(1);
        }

        (void)!write(fd, "what is a page\n", 15);
        shutdown(fd, SHUT_WR);
        ssize_t n;
        while ((n = read(fd, answer + got, sizeof answer - 1 - got)) > 0)
        {
            got += (size_t)n;
        }

        printf("the child is told: %s", answer);
        fflush(stdout);
        _exit(0);
    }

    int fd = accept(listener, NULL, NULL);
    char c;
    while (read(fd, &c, 1) == 1)
    {
        c = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
        (void)!write(fd, &c, 1);
    }

    close(fd);
    int status;
    waitpid(child, &status, 0);
    printf("status %d\n", WEXITSTATUS(status));
}

int main(void)
{
    int pair[2];
    char text[8];
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    struct pollfd both[2] = {{pair[0], POLLIN | POLLOUT, 0}, {pair[1], POLLIN | POLLOUT, 0}};
    (void)!write(pair[0], "both", 4);
    (void)!send(pair[1], "ways", 4, MSG_NOSIGNAL);
    poll(both, 2, 0);
    printf("ready %x %x\n", both[0].revents, both[1].revents);
    printf("%.4s ", (recv(pair[1], text, 4, 0), text));
    printf("%.4s\n", (recv(pair[0], text, 4, 0), text));
    expect("nothing more", (int)recv(pair[0], text, 4, MSG_DONTWAIT));
    close(pair[1]);
    printf("end: %d\n", (int)read(pair[0], text, 4));
    expect("write to nobody", (int)send(pair[0], "x", 1, MSG_NOSIGNAL));

    struct sockaddr_un local = {.sun_family = AF_UNIX, .sun_path = "\0mmuemu-guest"};
    socklen_t local_length = (socklen_t)(sizeof(sa_family_t) + 13);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int other = socket(AF_UNIX, SOCK_STREAM, 0);
    expect("connect too early", connect(other, (struct sockaddr *)&local, local_length));
    expect("bind", bind(listener, (struct sockaddr *)&local, local_length));
    expect("bind again", bind(other, (struct sockaddr *)&local, local_length));
    expect("accept before listen", accept(listener, NULL, NULL));
    expect("listen", listen(listener, 4));
    expect("peer of a listener", getpeername(listener, (struct sockaddr *)&local, &local_length));
    serve(listener, (struct sockaddr *)&local, local_length);

    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t here_length = sizeof here;
    int server = socket(AF_INET, SOCK_STREAM, 0);
    expect("bind to any port", bind(server, (struct sockaddr *)&here, sizeof here));
    listen(server, 1);
    getsockname(server, (struct sockaddr *)&here, &here_length);
    printf("a port above 1023: %d\n", ntohs(here.sin_port) > 1023);
    serve(server, (struct sockaddr *)&here, sizeof here);
    expect("a pipe is no socket", getpeername(0, (struct sockaddr *)&here, &here_length));

    int id = shmget(IPC_PRIVATE, 10000, IPC_CREAT | 0600);
    int *shared = shmat(id, NULL, 0);
    struct shmid_ds about;
    shmctl(id, IPC_STAT, &about);
    printf("segment of %d bytes\n", (int)about.shm_segsz);
    pid_t child = fork();
    if (child == 0)
    {
        shared[2000] = 42;
        _exit(0);
    }

    waitpid(child, NULL, 0);
    printf("the child wrote %d\n", shared[2000]);
    expect("remove", shmctl(id, IPC_RMID, NULL));
    shared[1] = 1;
    expect("detach", shmdt(shared));
    expect("detach again", shmdt(shared));
    expect("attach what was removed", (int)(long)shmat(id, NULL, 0));
    return 0;
}
