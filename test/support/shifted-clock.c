/* Loaded into redis-server (LD_PRELOAD): its wall clock is off by so many microseconds as the file
   CLOCK_SHIFT says, at any moment. The monotonic clock stays as it is. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static const volatile long long *shift_us;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("CLOCK_SHIFT");
  int file = path ? open(path, O_RDONLY) : -1;
  if (file < 0) abort();
  shift_us = mmap(NULL, sizeof *shift_us, PROT_READ, MAP_SHARED, file, 0);
  if (shift_us == MAP_FAILED) abort();
}

int clock_gettime(clockid_t which, struct timespec *out) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(which, out);
  if (result == 0 && which == CLOCK_REALTIME && shift_us) {
    long long us = out->tv_sec * 1000000LL + out->tv_nsec / 1000 + *shift_us;
    out->tv_sec = us / 1000000;
    out->tv_nsec = us % 1000000 * 1000;
  }
  return result;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  out->tv_sec = now.tv_sec;
  out->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}
