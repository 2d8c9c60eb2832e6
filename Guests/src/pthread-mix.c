/*
 * pthread-mix - a tour through POSIX threads.
 *
 * Creation, return values, detached threads, thread-local storage, once, mutexes of every kind, condition variables with
 * and without time limits, read-write locks, barriers, semaphores, spinlocks, cancellation with cleanup handlers, robust
 * and priority-inheriting mutexes, signals to one thread and to the process, and a mutex that two processes share. Each
 * line is the same however the threads take turns.
 *
 * Watch: --strace shows clone, futex and exit; --cpus 4 spreads the threads over four processors.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 6, ROUNDS = 50 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long counter;

static void line(const char *name, long value)
{
    printf("%-22s %ld\n", name, value);
    fflush(stdout);
}

static long run(void *(*body)(void *))
{
    pthread_t threads[THREADS];
    long sum = 0;
    for (long i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, body, (void *)i) != 0) {
            return -1;
        }
    }
    for (int i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(threads[i], &result);
        sum += (long)result;
    }
    return sum;
}

static void *square(void *argument)
{
    long n = (long)argument;
    return (void *)(n * n);
}

static void *add(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&lock);
        counter++;
        pthread_mutex_unlock(&lock);
    }
    return argument;
}

/* Each thread takes its turn in a ring. */
static long turn;

static void *ring(void *argument)
{
    long self = (long)argument;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&lock);
        while (turn % THREADS != self) {
            pthread_cond_wait(&changed, &lock);
        }
        turn++;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

static _Thread_local long own = 7;
static pthread_key_t key;
static atomic_long destroyed;

static void destroy(void *value)
{
    destroyed += (long)value;
}

static void *locals(void *argument)
{
    long self = (long)argument;
    pthread_setspecific(key, (void *)(self + 1));
    for (int i = 0; i < ROUNDS; i++) {
        own += self;
        if (i % 16 == 0) {
            usleep(1);
        }
    }
    return (void *)(long)(own == 7 + ROUNDS * self && pthread_getspecific(key) == (void *)(self + 1));
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_int initialised;

static void initialise(void)
{
    usleep(10);
    initialised++;
}

static void *calls_once(void *argument)
{
    (void)argument;
    pthread_once(&once, initialise);
    return (void *)(long)initialised;
}

static pthread_rwlock_t readers = PTHREAD_RWLOCK_INITIALIZER;
static long pair[2];

static void *reads_or_writes(void *argument)
{
    long torn = 0;
    for (int i = 0; i < ROUNDS; i++) {
        if ((long)argument < 2) {
            pthread_rwlock_wrlock(&readers);
            pair[0]++;
            pair[1]++;
        } else {
            pthread_rwlock_rdlock(&readers);
            torn += pair[0] != pair[1];
        }
        pthread_rwlock_unlock(&readers);
    }
    return (void *)torn;
}

static pthread_barrier_t barrier;
static atomic_long arrived;

static void *meets(void *argument)
{
    long serial = 0;
    (void)argument;
    for (int i = 1; i <= 10; i++) {
        arrived++;
        serial += pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
        if (arrived < (long)i * THREADS) {
            return (void *)-1000L;
        }
        pthread_barrier_wait(&barrier);
    }
    return (void *)serial;
}

static sem_t items, room;
static pthread_spinlock_t spin;
static long queue[4], head, tail;

static void *produces_or_consumes(void *argument)
{
    long taken = 0;
    for (int i = 0; i < ROUNDS; i++) {
        if ((long)argument % 2 == 0) {
            sem_wait(&room);
            pthread_spin_lock(&spin);
            queue[head++ % 4] = i;
            pthread_spin_unlock(&spin);
            sem_post(&items);
        } else {
            sem_wait(&items);
            pthread_spin_lock(&spin);
            taken += queue[tail++ % 4];
            pthread_spin_unlock(&spin);
            sem_post(&room);
        }
    }
    return (void *)taken;
}

static void cleanup(void *argument)
{
    *(long *)argument += 1;
    pthread_mutex_unlock(&lock);
}

static long cleaned;

static void *waits_for_ever(void *argument)
{
    (void)argument;
    pthread_mutex_lock(&lock);
    pthread_cleanup_push(cleanup, &cleaned);
    for (;;) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_cleanup_pop(0);
    return NULL;
}

static void *spins_for_ever(void *argument)
{
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    for (;;) {
        *(volatile long *)argument += 1;
    }
    return NULL;
}

static void *sleeps_for_ever(void *argument)
{
    (void)argument;
    for (;;) {
        pause();
    }
    return NULL;
}

static void cancels(void)
{
    void *(*bodies[])(void *) = {waits_for_ever, spins_for_ever, sleeps_for_ever};
    volatile long scratch = 0;
    long cancelled = 0;
    for (int i = 0; i < 3; i++) {
        pthread_t thread;
        void *result;
        pthread_create(&thread, NULL, bodies[i], (void *)&scratch);
        usleep(200);
        pthread_cancel(thread);
        pthread_join(thread, &result);
        cancelled += result == PTHREAD_CANCELED;
    }
    line("cancelled", cancelled);
    line("cleaned up", cleaned);
}

static void *dies_with_lock(void *argument)
{
    pthread_mutex_lock(argument);
    return NULL;
}

/* The owner ends without unlocking: the next one is told, repairs, and goes on. */
static void robust(pthread_mutexattr_t *kind, const char *name)
{
    pthread_mutex_t mutex;
    pthread_t thread;
    pthread_mutexattr_setrobust(kind, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&mutex, kind);
    pthread_create(&thread, NULL, dies_with_lock, &mutex);
    pthread_join(thread, NULL);
    int first = pthread_mutex_lock(&mutex);
    int repaired = pthread_mutex_consistent(&mutex);
    pthread_mutex_unlock(&mutex);
    int second = pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    line(name, (first == EOWNERDEAD) + (repaired == 0) + (second == 0));
}

static pthread_mutex_t inheriting;

static void *adds_inheriting(void *argument)
{
    (void)argument;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&inheriting);
        counter++;
        pthread_mutex_unlock(&inheriting);
    }
    return NULL;
}

static void mutex_kinds(void)
{
    pthread_mutexattr_t kind;
    pthread_mutex_t mutex;
    long told = 0;

    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&mutex, &kind);
    told += pthread_mutex_lock(&mutex) == 0 && pthread_mutex_lock(&mutex) == 0;
    told += pthread_mutex_unlock(&mutex) == 0 && pthread_mutex_unlock(&mutex) == 0;

    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&mutex, &kind);
    told += pthread_mutex_unlock(&mutex) == EPERM;
    told += pthread_mutex_lock(&mutex) == 0 && pthread_mutex_lock(&mutex) == EDEADLK;
    told += pthread_mutex_trylock(&mutex) == EBUSY;
    line("mutex kinds", told);

    pthread_mutexattr_init(&kind);
    robust(&kind, "robust");
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_setprotocol(&kind, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&inheriting, &kind);
    counter = 0;
    run(adds_inheriting);
    line("inheriting", counter);
    robust(&kind, "robust, inheriting");
}

static void times_out(void)
{
    struct timespec limit, after;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_nsec += 2000000;
    limit.tv_sec += limit.tv_nsec / 1000000000;
    limit.tv_nsec %= 1000000000;
    pthread_mutex_lock(&lock);
    int result = pthread_cond_timedwait(&changed, &lock, &limit);
    pthread_mutex_unlock(&lock);
    clock_gettime(CLOCK_REALTIME, &after);
    int late = after.tv_sec > limit.tv_sec || (after.tv_sec == limit.tv_sec && after.tv_nsec >= limit.tv_nsec);
    line("timed out", (result == ETIMEDOUT) + late);
}

static _Thread_local volatile sig_atomic_t hits;
static atomic_long ready, seen;

static void on_signal(int number)
{
    (void)number;
    hits++;
}

static void *takes_signal(void *argument)
{
    (void)argument;
    sigset_t only, old;
    sigemptyset(&only);
    sigaddset(&only, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &only, &old);
    ready++;
    while (hits == 0) {
        sigsuspend(&old);
    }
    seen += hits;
    return NULL;
}

static void *waits_for_signal(void *argument)
{
    int number = 0;
    sigwait(argument, &number);
    return (void *)(long)number;
}

static void signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    pthread_t threads[THREADS];
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, takes_signal, NULL);
    }
    while (ready < THREADS) {
        usleep(50);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_kill(threads[i], SIGUSR1);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    line("signals to threads", seen);

    sigset_t wanted;
    void *number;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &wanted, NULL);
    pthread_create(&threads[0], NULL, waits_for_signal, &wanted);
    kill(getpid(), SIGUSR2);
    pthread_join(threads[0], &number);
    line("signal to process", (long)number == SIGUSR2);
}

struct shared {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    long value;
};

static void processes(void)
{
    struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t kind;
    pthread_condattr_t wait_kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
    pthread_condattr_init(&wait_kind);
    pthread_condattr_setpshared(&wait_kind, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&shared->mutex, &kind);
    pthread_cond_init(&shared->changed, &wait_kind);
    pid_t child = fork();
    long self = child != 0;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&shared->mutex);
        while (shared->value % 2 != self) {
            pthread_cond_wait(&shared->changed, &shared->mutex);
        }
        shared->value++;
        pthread_cond_signal(&shared->changed);
        pthread_mutex_unlock(&shared->mutex);
    }
    if (child == 0) {
        pthread_mutex_lock(&shared->mutex);
        while (shared->value < 2 * ROUNDS) {
            pthread_cond_wait(&shared->changed, &shared->mutex);
        }
        _exit(3);
    }
    int status;
    waitpid(child, &status, 0);
    line("two processes", shared->value);
    line("owner exited", (pthread_mutex_lock(&shared->mutex) == EOWNERDEAD) + (WEXITSTATUS(status) == 3));
}

static sem_t gone;

static void *detached(void *argument)
{
    sem_post(&gone);
    return argument;
}

static void detaches(void)
{
    pthread_attr_t attributes;
    pthread_t thread;
    long posts = 0;
    sem_init(&gone, 0, 0);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 65536);
    for (int i = 0; i < 20; i++) {
        posts += pthread_create(&thread, &attributes, detached, NULL) == 0 && sem_wait(&gone) == 0;
    }
    line("detached", posts);
}

static void *last(void *argument)
{
    pthread_join(*(pthread_t *)argument, NULL);
    line("after main", 1);
    _exit(4);
}

int main(void)
{
    static pthread_t first, after;
    line("joined", run(square));
    run(add);
    line("counted", counter);
    run(ring);
    line("turns", turn);
    pthread_key_create(&key, destroy);
    line("thread-local", run(locals));
    line("destroyed", destroyed);
    line("once", run(calls_once));
    line("torn", run(reads_or_writes));
    line("written", pair[0] + pair[1]);
    pthread_barrier_init(&barrier, NULL, THREADS);
    line("barriers", run(meets));
    sem_init(&items, 0, 0);
    sem_init(&room, 0, 4);
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    line("queue", run(produces_or_consumes));
    cancels();
    mutex_kinds();
    times_out();
    signals();
    processes();
    detaches();

    /* The first thread ends before the last one: the process lives until that one ends it. */
    first = pthread_self();
    pthread_create(&after, NULL, last, &first);
    pthread_exit(NULL);
}
