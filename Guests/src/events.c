// epoll, eventfd, a POSIX timer and the calls at fixed addresses: what event loops and runtimes wait with.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t ticks;

static void count(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    ticks += info->si_code == SI_TIMER;
}

static void show(const char *what, int poll)
{
    struct epoll_event out[4];
    int n = epoll_wait(poll, out, 4, 0);
    printf("%s: %d", what, n);
    for (int i = 0; i < n; i++)
    {
        printf(" (%x, %d)", out[i].events, (int)out[i].data.u64);
    }

    printf("\n");
}

static void watch(int poll, int how, int fd, unsigned events, int data)
{
    struct epoll_event event = {.events = events, .data.u64 = (unsigned)data};
    int result = epoll_ctl(poll, how, fd, &event);
    if (result != 0)
    {
        printf("epoll_ctl says %s\n", errno == EEXIST ? "EEXIST" : errno == ENOENT ? "ENOENT" : errno == EPERM ? "EPERM" : "another");
    }
}

int main(void)
{
    int ends[2];
    int poll = epoll_create1(EPOLL_CLOEXEC);
    if (pipe(ends) != 0 || poll < 0)
    {
        return 1;
    }

    watch(poll, EPOLL_CTL_ADD, ends[0], EPOLLIN, 7);
    watch(poll, EPOLL_CTL_ADD, ends[0], EPOLLIN, 7);
    watch(poll, EPOLL_CTL_MOD, ends[1], EPOLLIN, 7);
    show("empty", poll);
    (void)!write(ends[1], "ab", 2);
    show("level", poll);
    show("level", poll);
    watch(poll, EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLET, 8);
    show("edge", poll);
    show("edge", poll);
    (void)!write(ends[1], "c", 1);
    show("edge, written", poll);
    show("edge", poll);
    watch(poll, EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLONESHOT, 9);
    show("once", poll);
    show("once", poll);
    watch(poll, EPOLL_CTL_MOD, ends[0], EPOLLIN, 10);
    close(ends[1]);
    show("hung up", poll);
    close(ends[0]);
    show("closed", poll);

    unsigned long long value = 5;
    int counter = eventfd(3, EFD_NONBLOCK | EFD_SEMAPHORE);
    watch(poll, EPOLL_CTL_ADD, counter, EPOLLIN | EPOLLOUT, 11);
    show("counter", poll);
    (void)!write(counter, &value, sizeof value);
    int taken = 0;
    while (read(counter, &value, sizeof value) == sizeof value)
    {
        taken += (int)value;
    }

    printf("taken one by one: %d, then %s\n", taken, errno == EAGAIN ? "EAGAIN" : "another error");
    show("counter", poll);

    struct sigaction action = {.sa_sigaction = count, .sa_flags = SA_SIGINFO | SA_RESTART};
    struct sigevent tell = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec often = {.it_interval = {.tv_nsec = 1000000}, .it_value = {.tv_nsec = 1000000}};
    timer_t timer;
    sigaction(SIGUSR1, &action, NULL);
    if (timer_create(CLOCK_MONOTONIC, &tell, &timer) != 0 || timer_settime(timer, 0, &often, NULL) != 0)
    {
        return 2;
    }

    while (ticks < 5)
    {
        pause();
    }

    struct itimerspec left;
    int got = timer_gettime(timer, &left);
    printf("gettime %d, under a period: %d\n", got, left.it_value.tv_sec == 0 && left.it_value.tv_nsec <= 1000000);
    timer_delete(timer);
    printf("ticked; a deleted timer: %d\n", timer_settime(timer, 0, &often, NULL));

    // The addresses at which the kernel served these calls before SYSCALL was common.
    time_t (*volatile old_time)(time_t *) = (time_t(*)(time_t *))0xffffffffff600400;
    int (*volatile old_gettimeofday)(struct timeval *, void *) = (int (*)(struct timeval *, void *))0xffffffffff600000;
    struct timeval now;
    time_t seconds = old_time(NULL);
    printf("fixed addresses: %d %d\n", seconds > 1000000, old_gettimeofday(&now, NULL) == 0 && now.tv_sec - seconds < 2);
    return 0;
}
