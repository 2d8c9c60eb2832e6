// A contended lock: four threads share argument 1 turns at a counter.
#include <pthread.h>
#include "program.h"

enum { THREADS = 4 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long counter, turns;

static void *work(void *unused)
{
    (void)unused;
    for (unsigned long i = 0; i < turns; i++) {
        pthread_mutex_lock(&lock);
        counter++;
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    turns = count(argc, argv) / THREADS;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, work, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return tell(counter);
}
