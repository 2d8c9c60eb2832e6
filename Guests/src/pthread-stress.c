/*
 * pthread-stress - threads that hand work on through a mutex and condition variables.
 *
 * Producers put numbers into a small queue, consumers add them up. The sum is the same in every order of events; a lost
 * wake-up would never end, a broken lock would change the sum.
 *
 * Watch: --cpus 4 --seed 1, 2, 3 ...: other orders, the same sum; the same seed twice: the same run to the instruction.
 */
#include <pthread.h>
#include <stdio.h>

enum { PAIRS = 3, NUMBERS = 40, ROOM = 3 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static long queue[ROOM];
static int used, first;
static long sum;

static void *produce(void *argument)
{
    for (long i = 1; i <= NUMBERS; i++) {
        pthread_mutex_lock(&lock);
        while (used == ROOM) {
            pthread_cond_wait(&not_full, &lock);
        }
        queue[(first + used++) % ROOM] = i;
        pthread_cond_signal(&not_empty);
        pthread_mutex_unlock(&lock);
    }
    return argument;
}

static void *consume(void *argument)
{
    for (int i = 0; i < NUMBERS; i++) {
        pthread_mutex_lock(&lock);
        while (used == 0) {
            pthread_cond_wait(&not_empty, &lock);
        }
        sum += queue[first];
        first = (first + 1) % ROOM;
        used--;
        pthread_cond_signal(&not_full);
        pthread_mutex_unlock(&lock);
    }
    return argument;
}

int main(void)
{
    pthread_t threads[2 * PAIRS];
    for (int i = 0; i < 2 * PAIRS; i++) {
        if (pthread_create(&threads[i], NULL, i % 2 == 0 ? produce : consume, NULL) != 0) {
            return 1;
        }
    }
    for (int i = 0; i < 2 * PAIRS; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("sum %ld of %ld\n", sum, (long)PAIRS * NUMBERS * (NUMBERS + 1) / 2);
    return sum != (long)PAIRS * NUMBERS * (NUMBERS + 1) / 2;
}
