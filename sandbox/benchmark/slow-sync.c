/* Preloaded into a process (LD_PRELOAD): every sync of a file takes SLOW_SYNC_MICROSECONDS longer, as on a slow disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void be_slow(void) {
  const char *microseconds = getenv("SLOW_SYNC_MICROSECONDS");
  if (microseconds) usleep((useconds_t)atoi(microseconds));
}

int fdatasync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  be_slow();
  return real(file);
}

int fsync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  be_slow();
  return real(file);
}
