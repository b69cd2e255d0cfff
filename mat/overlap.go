package mat

import "unsafe"

// checkOverlap panics with Error when dst and src share an entry. Interleaved
// blocks of one parent, such as disjoint column ranges, share none.
func checkOverlap[T Float](op string, dst, src *Dense[T], what string) {
	if shareEntries(dst, src) {
		panicf(op, "the %d×%d destination shares entries with %s", dst.Rows, dst.Cols, what)
	}
}

func shareEntries[T Float](a, b *Dense[T]) bool {
	if a.Rows == 0 || a.Cols == 0 || b.Rows == 0 || b.Cols == 0 {
		return false
	}
	size := uintptr(unsafe.Sizeof(a.Data[0]))
	pa, pb := uintptr(unsafe.Pointer(&a.Data[0])), uintptr(unsafe.Pointer(&b.Data[0]))
	ea := pa + uintptr((a.Rows-1)*a.Stride+a.Cols)*size
	eb := pb + uintptr((b.Rows-1)*b.Stride+b.Cols)*size
	if ea <= pb || eb <= pa {
		return false
	}
	if pa > pb {
		a, b, pa, pb = b, a, pb, pa
	}
	gap := pb - pa
	if gap%size != 0 {
		return true
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
