/* call25 calls a function that takes 25 pointers or sizes, or fewer: more than a
   caller without a C compiler can pass. */
#include <stdint.h>

typedef uintptr_t word;
typedef void (*callee)(word, word, word, word, word, word, word, word,
                       word, word, word, word, word, word, word, word,
                       word, word, word, word, word, word, word, word, word);

void call25(callee f, const word *a) {
	f(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7],
	  a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15],
	  a[16], a[17], a[18], a[19], a[20], a[21], a[22], a[23], a[24]);
}
