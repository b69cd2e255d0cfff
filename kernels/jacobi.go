package kernels

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// JacobiRows are the rows that a one-sided Jacobi iteration makes orthogonal,
// and the order in which it meets their pairs. Row i is w_i, then v_i, which
// turns with it; each fills whole vectors, the rest being zero. The zero value
// is ready for Reset.
//
// A sweep meets every pair of n rows once, in n−1 rounds (n odd: n) of disjoint
// pairs by the circle method, as many pairs at a time as a vector has lanes.
type JacobiRows[T Float] struct {
	// Stride is the distance of two rows in Data, VStart where V begins in a row.
	Stride, VStart int
	// Data holds the rows.
	Data []T

	n, w, v int
	isa     asm.ISA
	lanes   int
	groups  int     // of a round
	rounds  int     // of a sweep
	atOnce  int     // of these, in a call of the kernel
	pairs   []int32 // byte offsets of rows, two by two
	buf     []T
	work    []T // of the kernel; what Data is part of, too
}

// Reset makes room for n rows of w entries of W and v of V, all of which it
// sets to zero. It panics with Error when n, w or v is negative, or so large
// that offsets of rows leave 31 bits. It allocates only where it needs more than
// ever before.
func (j *JacobiRows[T]) Reset(n, w, v int) {
	checkOffsets("JacobiRows.Reset", n, w, v, 2*16, 8)
	if j.pairs == nil || j.n != n || j.w != w || j.v != v {
		j.n, j.w, j.v = n, w, v
		j.layout()
	}
	clear(j.Data)
}

// checkOffsets panics with Error where a dimension is negative, or where n+1 rows
// of w and v, with padding more, and so many bytes to each entry leave 31 bits. It
// counts in floating point, as an int may overflow.
func checkOffsets(op string, n, w, v, padding, bytes int) {
	all := (float64(n) + 1) * (float64(w) + float64(v) + float64(padding)) * float64(bytes)
	if n < 0 || w < 0 || v < 0 || all > math.MaxInt32 {
		panic(Error{op, fmt.Sprintf("n = %d, w = %d, v = %d", n, w, v)})
	}
}

// Row returns w_i and v_i with the zeros behind them.
func (j *JacobiRows[T]) Row(i int) []T { return j.Data[i*j.Stride : (i+1)*j.Stride] }

var jacobiInAssembly = inAssembly("jacobi")

// layout lays out rows and pairs. Vectors have 256 bits: longer ones have fewer groups to
// a round, so that the processor finds less to do while it waits for angles.
func (j *JacobiRows[T]) layout() {
	size := int(unsafe.Sizeof(T(0)))
	j.isa, j.lanes = asm.GO, 1
	if jacobiInAssembly {
		j.isa, j.lanes = isa, 32/size
	}
	whole := func(x int) int { return (x + j.lanes - 1) / j.lanes * j.lanes }
	j.VStart = max(whole(j.w), j.lanes)
	j.Stride = j.VStart + whole(j.v)
	j.groups = max(((j.n+1)/2+j.lanes-1)/j.lanes, 1)
	j.pairs = circle(j.pairs, j.n, j.groups*j.lanes, j.Stride*size)
	round := 2 * j.groups * j.lanes // entries of pairs
	j.rounds = len(j.pairs) / round
	// A pair takes some 6 cycles for each vector of its rows, and 16 besides.
	j.atOnce = max(1, 100000/(round*(j.Stride/j.lanes*3+8)))
	j.buf, j.work, j.Data = lines(j.buf, (1+jacobiFields*(j.groups+2))*j.lanes, (j.n+1)*j.Stride)
	if j.isa != asm.GO {
		j.orderLanes()
	}
}

// jacobiFields is the number of vectors that the kernel has for a group; the last
// two say where the rows of the next round stand.
const jacobiFields = 8

// orderLanes tells the kernel which lanes rows move to from round to round: the
// first rows of the pairs come from one lane further on, but for the very first,
// the second rows from one lane back; where the circle turns, from the other side.
func (j *JacobiRows[T]) orderLanes() {
	clear(j.work)
	last := max((j.n+1)/2-1, 0) // pair of a round
	for k := range j.groups * j.lanes {
		first, second := k+1, k-1
		switch {
		case k > last || last == 0:
			first, second = k, k
		case k == 0:
			first, second = k, 1
		case k == last:
			first = k
		}
		slot := j.work[(1+jacobiFields*(k/j.lanes+1))*j.lanes:]
		j.source(slot[(jacobiFields-2)*j.lanes:], k, first, k == last && last > 0)
		j.source(slot[(jacobiFields-1)*j.lanes:], k, second, k == 0 && last > 0)
	}
}

// source writes the index of the lane that lane k is to come from, in the form of
// the instruction that moves them; turn takes it from the other side.
func (j *JacobiRows[T]) source(vector []T, k, from int, turn bool) {
	other := turn || from/j.lanes != k/j.lanes
	words := int(unsafe.Sizeof(T(0))) / 4
	index := unsafe.Slice((*uint32)(unsafe.Pointer(&vector[k%j.lanes])), words)
	from %= j.lanes
	switch {
	case j.isa == asm.AVX512 && other:
		index[0] = uint32(j.lanes + from)
	case j.isa == asm.AVX512:
		index[0] = uint32(from)
	default:
		for i := range index {
			index[i] = uint32(from*words + i)
			if other {
				index[i] |= 1 << 31
			}
		}
	}
}

// lines returns buf, grown where it is short, and two slices of it that begin at
// a multiple of 64 bytes: a vector that straddles two cache lines costs two
// accesses.
func lines[T Float](buf []T, first, second int) (grown, a, b []T) {
	line := 64 / int(unsafe.Sizeof(T(0)))
	first = (first + line - 1) / line * line
	if cap(buf) < first+second+line {
		buf = make([]T, first+second+line)
	}
	buf = buf[:first+second+line]
	skip := -int(uintptr(unsafe.Pointer(&buf[0]))) & 63 / int(unsafe.Sizeof(T(0)))
	return buf, buf[skip : skip+first], buf[skip+first : skip+first+second]
}

// evenly returns the size of the fewest equal parts of at most limit.
func evenly(count, limit int) int {
	parts := max((count+limit-1)/limit, 1)
	return max((count+parts-1)/parts, 1)
}

// circle lists the pairs of n rows by the circle method, each as byte offsets of
// rows that are bytes apart: row 0 stays, the others move one place a round.
// Rounds are filled up to multiples of batch pairs with pairs of the row behind
// the last, which is zero and never rotates.
func circle(pairs []int32, n, batch, bytes int) []int32 {
	even := n + n%2
	at := func(place, round int) int32 { return int32(circlePlace(place, round, even) * bytes) }
	idle := int32(n * bytes)
	if pairs = pairs[:0]; pairs == nil {
		pairs = make([]int32, 0, max(even-1, 0)*(even+2*batch))
	}
	for round := range max(even-1, 0) {
		for k := range even / 2 {
			pairs = append(pairs, at(k, round), at(even-1-k, round))
		}
		for len(pairs)%(2*batch) != 0 {
			pairs = append(pairs, idle, idle)
		}
	}
	return pairs
}

// circlePlace returns the row at a place of the circle of even rows.
func circlePlace(place, round, even int) int {
	if place == 0 {
		return 0
	}
	return 1 + (place-1+round)%(even-1)
}

// Sweep meets every pair once and rotates those rows whose w have an angle of
// cosine above tol, by the smaller of the angles that make w orthogonal; pairs
// of which one has a squared length of at most floor stay as they are. It
// returns the number of rotations and about the largest cosine that it met.
// Squared lengths times 2ⁿ and their inverses must be in the range of T. Cost: n²w
// flops for products, up to 2n²(w+v) for rotations.
func (j *JacobiRows[T]) Sweep(tol, floor T) (rotations int, cosine float64) {
	off := j.work[:j.lanes]
	clear(off)
	if j.isa == asm.GO {
		rotations = j.rotateGo(j.pairs, tol, floor, &off[0])
		return rotations, float64(off[0])
	}
	size := int(unsafe.Sizeof(T(0)))
	dot, row := j.VStart*size, j.Stride*size
	round := 2 * j.groups * j.lanes // entries of pairs
	for done := 0; done < j.rounds; {
		n, last := min(j.atOnce, j.rounds-done), 0
		if done+n == j.rounds {
			last = 1
		}
		pairs := &j.pairs[done*round]
		if is64[T]() {
			rotations = asm.JacobiF64(j.isa, n, round*4, (j.n+1)/2*8, &j.pairs[0], pairs, f64p(j.Data), dot, row, rotations, last, float64(tol)*float64(tol), float64(floor), f64p(j.work))
		} else {
			rotations = asm.JacobiF32(j.isa, n, round*4, (j.n+1)/2*8, &j.pairs[0], pairs, f32p(j.Data), dot, row, rotations, last, float32(tol)*float32(tol), float32(floor), f32p(j.work))
		}
		done += n
	}
	for _, x := range off {
		cosine = max(cosine, float64(x))
	}
	return rotations, math.Sqrt(cosine)
}

// Units makes w and v unit vectors and writes the squares of |w_i|/|v_i| to d, of
// length n; |v_i| counts as 1 where there is none. Where the square is at most floor,
// it is set to zero and w with it.
func (j *JacobiRows[T]) Units(floor T, d []T) {
	if j.n == 0 {
		return
	}
	if j.isa == asm.GO {
		j.unitsGo(floor, d)
		return
	}
	size := int(unsafe.Sizeof(T(0)))
	dot, row := j.VStart*size, j.Stride*size
	round := 2 * j.groups * j.lanes
	first := &j.pairs[0]
	if is64[T]() {
		asm.JacobiF64(j.isa, 0, round*4, (j.n+1)/2*8, first, first, f64p(j.Data), dot, row, 0, 0, 0, float64(floor), f64p(j.work))
	} else {
		asm.JacobiF32(j.isa, 0, round*4, (j.n+1)/2*8, first, first, f32p(j.Data), dot, row, 0, 0, 0, float32(floor), f32p(j.work))
	}
	const length = 2 // of the first rows, then of the second
	for k := range (j.n + 1) / 2 {
		slot := j.work[(1+jacobiFields*(k/j.lanes+1)+length)*j.lanes+k%j.lanes:]
		d[k] = above(slot[0], floor)
		if second := (j.n+1)/2*2 - 1 - k; second < j.n {
			d[second] = above(slot[j.lanes], floor)
		}
	}
}

// above returns x, or zero where that is at most floor.
func above[T Float](x, floor T) T {
	if x > floor {
		return x
	}
	return 0
}

// unitsGo is Units in Go.
func (j *JacobiRows[T]) unitsGo(floor T, d []T) {
	for i := range d {
		row := j.Row(i)
		d[i] = unitsGo(row[:j.VStart], row[j.VStart:], floor)
	}
}

func unitsGo[T Float](w, v []T, floor T) T {
	squares := dotGo(w, w)
	if len(v) > 0 {
		length := dotGo(v, v)
		squares /= length
		scaleUnit(v, 1/T(math.Sqrt(float64(length))))
		scaleUnit(w, 1/T(math.Sqrt(float64(length))))
	}
	if !(squares > floor) {
		clear(w)
		return 0
	}
	scaleUnit(w, 1/T(math.Sqrt(float64(squares))))
	return squares
}

// scaleUnit leaves no negative zeros.
func scaleUnit[T Float](x []T, factor T) {
	for i, v := range x {
		x[i] = v*factor + 0
	}
}

// rotateGo is the kernel in Go.
func (j *JacobiRows[T]) rotateGo(pairs []int32, tol, floor T, off *T) (rotations int) {
	size := int32(unsafe.Sizeof(T(0)))
	for ; len(pairs) > 0; pairs = pairs[2:] {
		p, q := int(pairs[0]/size), int(pairs[1]/size)
		if meet(j.Data[p:p+j.Stride], j.Data[q:q+j.Stride], j.VStart, tol, floor, off) {
			rotations++
		}
	}
	return rotations
}

// meet rotates a pair of rows where their first dot entries have a cosine above
// tol, and reports whether it did.
func meet[T Float](x, y []T, dot int, tol, floor T, off *T) bool {
	a, b, g := tripleGo(x[:dot], y[:dot])
	if !(min(a, b) > floor) {
		return false
	}
	cosine := T(math.Abs(float64(g)) / (math.Sqrt(float64(a)) * math.Sqrt(float64(b))))
	*off = max(*off, cosine)
	if !(cosine > tol) {
		return false
	}
	sine, half := jacobiAngle(float64(a), float64(b), float64(g))
	rotateHalf(x, y, T(sine), T(half))
	return true
}

// jacobiAngle returns the sine of the smaller angle φ that annihilates the
// off-diagonal entry of [a g; g b], and the tangent of φ/2.
func jacobiAngle(a, b, g float64) (sine, half float64) {
	const steep = 0x1p500 // its square is in range
	zeta := (a - b) / (2 * g)
	z := math.Abs(zeta)
	w := min(z, steep)
	t := 1 / (z + max(math.Sqrt(1+w*w), z))
	root := math.Sqrt(1 + t*t)
	return math.Copysign(t/root, zeta), math.Copysign(t/(1+root), zeta)
}

// rotateHalf rotates by an angle given by its sine and the tangent of its half:
// rounding errors of small rotations are then of second order (Rutishauser
// 1966).
func rotateHalf[T Float](x, y []T, sine, half T) {
	y = y[:len(x)]
	for i, u := range x {
		v := y[i]
		x[i] = u + sine*(v-half*u)
		y[i] = v - sine*(u+half*v)
	}
}
