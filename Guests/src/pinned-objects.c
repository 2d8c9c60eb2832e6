/*
 * pinned-objects - a cache in shared memory, written for Android's ashmem, and ported to vrange.
 *
 * ashmem has pins: what is unpinned may be taken, and pinning again tells whether it was. With vrange a memfd does the same: unpin is
 * VRANGE_VOLATILE, pin is VRANGE_NONVOLATILE with *purged. What differs is a touch without a pin: ashmem shows zeros without a
 * word, vrange raises SIGBUS. The program takes /dev/ashmem where there is one (--profile ashmem), else a memfd.
 *
 * Watch: --strace, once with and once without --profile ashmem.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "mmuemu.h"

/* The parts of linux/ashmem.h that it needs. */
struct ashmem_pin {
    unsigned offset, len;
};
#define ASHMEM_SET_NAME _IOW(0x77, 1, char[256])
#define ASHMEM_SET_SIZE _IOW(0x77, 3, size_t)
#define ASHMEM_PIN      _IOW(0x77, 7, struct ashmem_pin)
#define ASHMEM_UNPIN    _IOW(0x77, 8, struct ashmem_pin)

enum { PAGE = 4096, OBJECTS = 6, OBJECT = 8 * PAGE };

static int area, is_ashmem;
static char *start;
static sigjmp_buf back;

static void on_bus(int number)
{
    siglongjmp(back, number);
}

static int make_area(void)
{
    area = open("/dev/ashmem", O_RDWR);
    is_ashmem = area >= 0;
    if (is_ashmem) {
        return ioctl(area, ASHMEM_SET_NAME, "objects") == 0 && ioctl(area, ASHMEM_SET_SIZE, (size_t)OBJECTS * OBJECT) == 0;
    }
    area = memfd_create("objects", 0);
    return area >= 0 && ftruncate(area, OBJECTS * OBJECT) == 0;
}

static int unpin(int number)
{
    struct ashmem_pin pin = {(unsigned)number * OBJECT, OBJECT};
    return is_ashmem ? ioctl(area, ASHMEM_UNPIN, &pin) == 0 : vrange(start + number * OBJECT, OBJECT, VRANGE_VOLATILE, NULL) == OBJECT;
}

/* 1 when the object is gone, 0 when it is there, -1 for an error. */
static int pin(int number)
{
    struct ashmem_pin pin = {(unsigned)number * OBJECT, OBJECT};
    int purged;
    if (is_ashmem) {
        return ioctl(area, ASHMEM_PIN, &pin);
    }
    return vrange(start + number * OBJECT, OBJECT, VRANGE_NONVOLATILE, &purged) == OBJECT ? purged : -1;
}

static const char *look(volatile char *at)
{
    if (sigsetjmp(back, 1) != 0) {
        return "SIGBUS";
    }
    return *at == 0 ? "zeros" : "data";
}

int main(void)
{
    mmuemu_require();
    signal(SIGBUS, on_bus);
    if (!make_area() || (start = mmap(NULL, OBJECTS * OBJECT, PROT_READ | PROT_WRITE, MAP_SHARED, area, 0)) == MAP_FAILED) {
        return 2;
    }

    for (int number = 0; number < OBJECTS; number++) {
        memset(start + number * OBJECT, 'a' + number, OBJECT);
    }
    static const int order[OBJECTS] = {3, 1, 5, 0, 4, 2};
    for (int i = 0; i < OBJECTS; i++) {
        if (!unpin(order[i])) {
            return 2;
        }
    }

    mmuemu_purge(start + 3 * OBJECT, OBJECT); /* the one unpinned longest ago, which pressure would take first */
    mmuemu_purge(start + OBJECT, OBJECT);
    printf("%s: a touch of object 1 without a pin finds %s\n", is_ashmem ? "ashmem" : "memfd and vrange", look(start + OBJECT));
    for (int number = 0; number < OBJECTS; number++) {
        int purged = pin(number);
        char *object = start + number * OBJECT;
        if (purged == 1) {
            memset(object, 'a' + number, OBJECT);
        }
        printf("object %d: %s, %c\n", number, purged == 1 ? "purged, made again" : purged == 0 ? "still there" : "error", object[OBJECT - 1]);
    }
    return 0;
}
