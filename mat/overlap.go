package mat

import "unsafe"

// CheckOverlap panics with Error, for the operation op and a matrix called what,
// when m, its destination, shares an entry with src. Interleaved blocks of one
// parent, such as disjoint column ranges, share none.
func (m *Dense[T]) CheckOverlap(op string, src *Dense[T], what string) {
	checkOverlap(op, m, src, what)
}

// checkOverlap panics with Error when dst and src share an entry. Interleaved
// blocks of one parent, such as disjoint column ranges, share none.
func checkOverlap[T Float](op string, dst, src *Dense[T], what string) {
	if addressesMeet(dst.Data, src.Data) && shareEntries(dst, src) {
		panicf(op, "the %d×%d destination shares entries with %s", dst.Rows, dst.Cols, what)
	}
}

// addressesMeet is the test that nearly every call ends with: whether the
// memory of a and b overlaps at all.
func addressesMeet[T Float](a, b []T) bool {
	pa, pb := uintptr(unsafe.Pointer(unsafe.SliceData(a))), uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	var entry T
	return pa < pb+uintptr(len(b))*unsafe.Sizeof(entry) && pb < pa+uintptr(len(a))*unsafe.Sizeof(entry)
}

func shareEntries[T Float](a, b *Dense[T]) bool {
	if a.Rows == 0 || a.Cols == 0 || b.Rows == 0 || b.Cols == 0 {
		return false
	}
	size := unsafe.Sizeof(a.Data[0])
	pa, pb := uintptr(unsafe.Pointer(&a.Data[0])), uintptr(unsafe.Pointer(&b.Data[0]))
	if pa > pb {
		a, b, pa, pb = b, a, pb, pa
	}
	gap := pb - pa
	if gap%size != 0 {
		return gap < uintptr((a.Rows-1)*a.Stride+a.Cols)*size
	}
	return rowsMeet(a, b, int(gap/size))
}

// rowsMeet reports whether a row of b, whose data begins gap elements after
// that of a, meets a row of a.
func rowsMeet[T Float](a, b *Dense[T], gap int) bool {
	for i := range b.Rows {
		first := gap + i*b.Stride // of this row of b, counted from the start of a
		last := first + b.Cols - 1
		r := last / max(a.Stride, 1) // the last row of a that begins at or before last
		if r >= a.Rows {
			r = a.Rows - 1
		}
		if r*a.Stride+a.Cols > first {
			return true
		}
	}
	return false
}
