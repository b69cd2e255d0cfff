/* LAPACK's gejsv has 19 arguments, and one more for the length of each of its
   strings: too many for a call from Go without cgo. They come in an array. */
#include <stddef.h>

typedef void routine(void *, void *, void *, void *, void *, void *, void *, void *, void *, void *, void *, void *,
	void *, void *, void *, void *, void *, void *, void *, size_t, size_t, size_t, size_t, size_t, size_t);

void call_gejsv(routine *f, void **a) {
	f(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15], a[16],
		a[17], a[18], 1, 1, 1, 1, 1, 1);
}
