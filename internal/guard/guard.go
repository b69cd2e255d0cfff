// Package guard hands tests memory in which a stray access shows: operands
// that end, or begin, exactly at an unreadable page, with canaries on their
// other side. Tests alone import it.
package guard

import (
	"math"
	"testing"
	"unsafe"
)

// margin is the number of canaries that are checked beside an operand: more
// than a tile's width of the widest registers.
const margin = 128

// Canary returns the value of memory that no operation may touch: a quiet NaN
// whose payload no arithmetic makes, so that a read turns results into NaN and
// a write changes the bits.
func Canary[T float32 | float64]() T {
	var c T
	switch p := any(&c).(type) {
	case *float32:
		*p = math.Float32frombits(0x7fc5ca7a)
	case *float64:
		*p = math.Float64frombits(0x7ff8c0ffee5ca7a1)
	}
	return c
}

// Fill sets every element of x to the canary.
func Fill[T float32 | float64](x []T) {
	c := Canary[T]()
	for i := range x {
		x[i] = c
	}
}

// Touched returns the index of the first element of x whose bits are no longer
// those of the canary, -1 if there is none.
func Touched[T float32 | float64](x []T) int {
	for i := range x {
		if !isCanary(&x[i]) {
			return i
		}
	}
	return -1
}

func isCanary[T float32 | float64](p *T) bool {
	if unsafe.Sizeof(*p) == 4 {
		return *(*uint32)(unsafe.Pointer(p)) == 0x7fc5ca7a
	}
	return *(*uint64)(unsafe.Pointer(p)) == 0x7ff8c0ffee5ca7a1
}

// Region is memory between two unreadable pages. Where the system gives no
// such pages, the canaries beside the operands are all there is. One operand
// lives in it at a time.
type Region[T float32 | float64] struct {
	data   []T
	lo, hi int // the operand is data[lo:hi]
}

// New returns a region with room for operands of at least n elements. It goes
// away with the test.
func New[T float32 | float64](tb testing.TB, n int) *Region[T] {
	tb.Helper()
	var zero T
	size := int(unsafe.Sizeof(zero))
	bytes := pages(tb, (n+2*margin)*size)
	data := unsafe.Slice((*T)(unsafe.Pointer(&bytes[0])), len(bytes)/size)
	Fill(data)
	return &Region[T]{data: data}
}

// Tail returns n elements, all canaries, the last of which is followed by the
// unreadable page.
func (r *Region[T]) Tail(n int) []T { return r.at(len(r.data)-edge-n, n) }

// Head returns n elements, all canaries, the first of which follows the
// unreadable page.
func (r *Region[T]) Head(n int) []T { return r.at(edge, n) }

// Unaligned returns n elements, all canaries, that begin skip elements after
// the start of the margin, and so at any offset from a register's width.
func (r *Region[T]) Unaligned(n, skip int) []T { return r.at(margin/2+skip, n) }

// at moves the operand. The canaries of the previous one are restored first,
// so that only the new operand's surroundings have to be checked.
func (r *Region[T]) at(lo, n int) []T {
	Fill(r.data[r.lo:r.hi])
	r.lo, r.hi = lo, lo+n
	return r.data[r.lo:r.hi:r.hi]
}

// Check reports an error if something was written beside the operand.
func (r *Region[T]) Check(tb testing.TB) {
	if before := r.data[max(0, r.lo-margin):r.lo]; Touched(before) >= 0 {
		tb.Helper()
		tb.Errorf("written %d elements before the operand", len(before)-Touched(before))
	}
	if after := r.data[r.hi:min(len(r.data), r.hi+margin)]; Touched(after) >= 0 {
		tb.Helper()
		tb.Errorf("written %d elements after the end of the operand", Touched(after)+1)
	}
}
