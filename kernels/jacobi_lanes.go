package kernels

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/lanes-go/lanes/asm"
)

// JacobiLanes are the rows that as many one-sided Jacobi iterations make
// orthogonal as a vector has lanes: those of matrices of one shape, one matrix
// to each lane. Row i is w_i, then v_i, which turns with it. The zero value is
// ready for Reset.
//
// No matrix changes a bit of another: where one rotates a pair and the other
// does not, the other's entries stay as they are, but for the sign of zeros. A
// sweep meets every pair once, in the order of JacobiRows where all rows fit in
// the nearest cache, else between two blocks of rows that do after another.
type JacobiLanes[T Float] struct {
	// Lanes is the number of matrices, Stride the number of entries of a row,
	// VStart where v begins in it; entries behind w and v are zero.
	Lanes, Stride, VStart int
	// Data holds entry k of row i of matrix l at (i·Stride+k)·Lanes+l.
	Data []T
	// Floor holds for each matrix the squared length of a row up to which it
	// stays as it is.
	Floor []T
	// Rotations and Cosine tell of the last Sweep: for each matrix the number of
	// rotations, and about the largest cosine that it met.
	Rotations, Cosine []T

	n, w, v int
	batch   int     // pairs of a batch
	pairs   []int32 // byte offsets of rows, two by two
	places  []int32 // pairs, then byte offsets of the states of their rows
	buf     []T
	work    []T // of the kernel
	states  []T // squared length of a row, and the square of what it is to be multiplied by
}

// laneSlots is the most pairs that a batch has: enough to hide the latency of an
// angle, few enough to keep their rows in the nearest cache.
const laneSlots = 8

// nearBytes is what the rows at work may take of the nearest cache, 32 KB at least
// and mostly 48.
const nearBytes = 40 << 10

var jacobiLanesInAssembly = inAssembly("lanejacobi")

// JacobiWidth returns the number of matrices that JacobiLanes takes, 1 where
// there is no assembly for it.
func JacobiWidth[T Float]() int {
	size := int(unsafe.Sizeof(T(0)))
	switch {
	case !jacobiLanesInAssembly:
		return 1
	case isa == asm.AVX512:
		return 64 / size
	}
	return 32 / size
}

// Reset makes room for JacobiWidth matrices with n rows of w entries of W and v of
// V. It leaves the rows to the caller and sets Floor to zero. It panics with
// Error when n, w or v is negative, or so large that offsets of rows leave 31
// bits. It allocates only where it needs more than ever before.
func (j *JacobiLanes[T]) Reset(n, w, v int) {
	checkOffsets("JacobiLanes.Reset", n, w, v, 4, 64)
	if j.pairs == nil || j.n != n || j.w != w || j.v != v {
		j.n, j.w, j.v = n, w, v
		j.Lanes = JacobiWidth[T]()
		j.VStart = max((w+1)/2*2, 2)
		j.Stride = j.VStart + (v+1)/2*2
		bytes := j.Stride * j.Lanes * int(unsafe.Sizeof(T(0)))
		if n*bytes <= nearBytes {
			j.batch = evenly((n+1)/2, laneSlots)
			j.pairs = circle(j.pairs, n, j.batch, bytes)
		} else {
			j.batch = evenly(n, min(max(nearBytes/(2*bytes), 2), laneSlots))
			j.pairs = tiles(j.pairs, n, j.batch, bytes)
		}
		j.place(bytes)
		j.buf, j.work, j.Data = lines(j.buf, 3*(1+j.batch)*j.Lanes+2*(n+1)*j.Lanes, (n+1)*j.Stride*j.Lanes)
		j.states = j.work[3*(1+j.batch)*j.Lanes:]
		j.Cosine, j.Rotations, j.Floor = j.work[:j.Lanes], j.work[j.Lanes:2*j.Lanes], j.work[2*j.Lanes:3*j.Lanes]
	}
	clear(j.Floor)
	clear(j.Data[n*j.Stride*j.Lanes:])
}

// place lists the pairs and, behind them, the states of their rows.
func (j *JacobiLanes[T]) place(bytes int) {
	state := 2 * j.Lanes * int(unsafe.Sizeof(T(0)))
	j.places = append(j.places[:0], j.pairs...)
	for _, row := range j.pairs {
		j.places = append(j.places, row/int32(bytes)*int32(state))
	}
}

// tiles lists the pairs of n rows as circle does, in rounds of at most size
// disjoint ones, in an order that has 2·size rows at work at a time: those inside
// two neighbouring blocks of size rows, and those between a block and one after
// it.
func tiles(pairs []int32, n, size, bytes int) []int32 {
	pairs = pairs[:0]
	add := func(p, q int) {
		if max(p, q) < n {
			pairs = append(pairs, int32(min(p, q)*bytes), int32(max(p, q)*bytes))
		}
	}
	endRound := func() {
		for len(pairs)%(2*size) != 0 {
			pairs = append(pairs, int32(n*bytes), int32(n*bytes))
		}
	}
	even := size + size%2
	for first := 0; first < n; first += size {
		for round := 0; first/size%2 == 0 && round < even-1; round++ {
			for k := range even / 2 {
				p, q := circlePlace(k, round, even), circlePlace(even-1-k, round, even)
				if max(p, q) < size {
					add(first+p, first+q)
					add(first+size+p, first+size+q)
				}
			}
			endRound()
		}
		for second := first + size; second < n; second += size {
			for round := range size {
				for k := range size {
					add(first+k, second+(k+round)%size)
				}
				endRound()
			}
		}
	}
	return pairs
}

// Sweep is JacobiRows.Sweep on every matrix.
func (j *JacobiLanes[T]) Sweep(tol T) {
	clear(j.Cosine)
	clear(j.Rotations)
	vector := j.Lanes * int(unsafe.Sizeof(T(0)))
	dot, row := j.VStart*vector, j.Stride*vector
	// A pair takes some 3 cycles for each entry of its rows, and 100 besides.
	batch := 2 * j.batch // entries of pairs
	atOnce := max(1, 200000/(batch*(j.Stride*3+100)))
	all := len(j.pairs)
	for done := 0; done < all; {
		n, last := min(atOnce, (all-done)/batch), 0
		if done+n*batch == all {
			last = 1
		}
		switch {
		case !jacobiLanesInAssembly:
			j.sweepGo(j.pairs[done:done+n*batch], tol)
		case is64[T]():
			asm.LanejacobiF64(isa, n, batch*4, j.n+1, &j.places[0], &j.places[done], all*4, f64p(j.Data), f64p(j.states), dot, row, last, float64(tol)*float64(tol), f64p(j.work))
		default:
			asm.LanejacobiF32(isa, n, batch*4, j.n+1, &j.places[0], &j.places[done], all*4, f32p(j.Data), f32p(j.states), dot, row, last, float32(tol)*float32(tol), f32p(j.work))
		}
		done += n * batch
	}
	if jacobiLanesInAssembly {
		for l, x := range j.Cosine {
			j.Cosine[l] = T(math.Sqrt(float64(x)))
		}
	}
}

// Units is JacobiRows.Units on every matrix, with the square for row i of matrix l
// at d[i·Lanes+l]. It leaves no negative zeros.
func (j *JacobiLanes[T]) Units(d []T) {
	if !jacobiLanesInAssembly || len(j.pairs) == 0 {
		j.unitsGo(d)
		return
	}
	vector := j.Lanes * int(unsafe.Sizeof(T(0)))
	dot, row := j.VStart*vector, j.Stride*vector
	first := &j.places[0]
	if is64[T]() {
		asm.LanejacobiF64(isa, 0, 0, j.n+1, first, first, 0, f64p(j.Data), f64p(j.states), dot, row, 0, 0, f64p(j.work))
	} else {
		asm.LanejacobiF32(isa, 0, 0, j.n+1, first, first, 0, f32p(j.Data), f32p(j.states), dot, row, 0, 0, f32p(j.work))
	}
	for i := range j.n {
		for l, x := range j.states[2*i*j.Lanes:][:j.Lanes] {
			d[i*j.Lanes+l] = above(x, j.Floor[l])
		}
	}
}

func (j *JacobiLanes[T]) unitsGo(d []T) {
	for i := range j.n {
		row := j.Data[i*j.Stride:][:j.Stride]
		d[i] = unitsGo(row[:j.VStart], row[j.VStart:], j.Floor[0])
	}
}

// sweepGo is the kernel in Go, for one lane.
func (j *JacobiLanes[T]) sweepGo(pairs []int32, tol T) {
	size := int32(unsafe.Sizeof(T(0)))
	for ; len(pairs) > 0; pairs = pairs[2:] {
		p, q := int(pairs[0]/size), int(pairs[1]/size)
		if meet(j.Data[p:p+j.Stride], j.Data[q:q+j.Stride], j.VStart, tol, j.Floor[0], &j.Cosine[0]) {
			j.Rotations[0]++
		}
	}
}

// Rayleigh makes the rows w unit vectors without negative zeros and writes their
// Rayleigh quotients w_i·(A·w_i) to d, that of row i of matrix l to
// d[i·Lanes+l]. A is symmetric of order w, laid out as Data is for w rows and
// v = 0, entries behind rows being zero, and a row more of zeros where w is odd.
// Rows that are zero become NaN. It panics with Error when a or d is short. Cost:
// 2nw² flops for each matrix.
func (j *JacobiLanes[T]) Rayleigh(a, d []T) {
	n, lanes := j.w, j.Lanes
	if j.v != 0 || len(a) < (n+n%2)*j.Stride*lanes || len(d) < j.n*lanes {
		panic(Error{"JacobiLanes.Rayleigh", fmt.Sprintf("len(a) = %d, len(d) = %d for %d rows of %d entries in %d lanes, v = %d", len(a), len(d), j.n, n, lanes, j.v)})
	}
	row := j.Stride * lanes * int(unsafe.Sizeof(T(0)))
	atOnce := max(1, 100000/(j.Stride*(n+20)))
	for first := 0; first < j.n && n > 0; first += atOnce {
		rows := min(atOnce, j.n-first)
		w, d := j.Data[first*j.Stride*lanes:], d[first*lanes:]
		switch {
		case !jacobiLanesInAssembly:
			j.rayleighGo(rows, w, a, d)
		case is64[T]():
			asm.LanerayleighF64(isa, rows, n, row, f64p(w), f64p(a), f64p(d))
		default:
			asm.LanerayleighF32(isa, rows, n, row, f32p(w), f32p(a), f32p(d))
		}
	}
}

// rayleighGo is the kernel in Go, for one lane.
func (j *JacobiLanes[T]) rayleighGo(rows int, w, a, d []T) {
	for i := range rows {
		row := w[i*j.Stride:][:j.Stride]
		inverse := 1 / T(math.Sqrt(float64(dotGo(row, row))))
		for k, x := range row {
			row[k] = x*inverse + 0
		}
		d[i] = 0
		for k := range j.w {
			d[i] += row[k] * dotGo(a[k*j.Stride:][:j.Stride], row)
		}
	}
}
