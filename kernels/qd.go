package kernels

import (
	"fmt"
	"math"

	"github.com/lanes-go/lanes/asm"
)

// QDState is what a qd transformation carries from entry to entry: d = P/R, and the
// least d and the least entry of nextE so far.
type QDState struct{ P, R, Least, LeastE float64 }

const (
	// qdBlock entries share one scale of P and R.
	qdBlock = 8
	// qdChunk is a multiple of that in one assembly call, some 10 µs of work.
	qdChunk = 1 << 12
	// qdLeast is the least R at the end of a block, so that products of two do not
	// underflow, and 1/qdLeast the largest.
	qdLeast = 0x1p-480
)

// QD takes the next entries of a qd array through a transformation with a shift
// (Fernando and Parlett 1994), d being carried as a fraction, so that no entry waits
// for a division:
//
//	nextQ[i] = d + e[i],  nextE[i] = q[i]·e[i]/nextQ[i],  d = q[i]·d/nextQ[i] − shift
//
// It returns how many entries it did; the rest is to be divided one by one: fewer
// than a block of 8, or in the next block a fraction leaves the range. It may stop
// at a negative d, or go on. Cost: 6 cycles an entry.
func QD(shift float64, q, e, nextQ, nextE []float64, state *QDState) (done int) {
	if n := len(e); len(q) != n || len(nextQ) != n || len(nextE) != n {
		panic(Error{"QD", fmt.Sprintf("len(q) = %d, len(e) = %d, len(nextQ) = %d, len(nextE) = %d", len(q), n, len(nextQ), len(nextE))})
	}
	if !qdInAssembly {
		return qdGo(shift, q, e, nextQ, nextE, state)
	}
	for len(e) > 0 {
		k := min(len(e), qdChunk)
		n := asm.QdF64(isa, k, shift, &q[0], &e[0], &nextQ[0], &nextE[0], &state.P)
		if done += n; n < k {
			break
		}
		q, e, nextQ, nextE = q[k:], e[k:], nextQ[k:], nextE[k:]
	}
	return done
}

var qdInAssembly = inAssembly("qd")

func qdGo(shift float64, q, e, nextQ, nextE []float64, state *QDState) (done int) {
	for len(e) >= qdBlock && state.block((*[qdBlock]float64)(q), (*[qdBlock]float64)(e), (*[qdBlock]float64)(nextQ), (*[qdBlock]float64)(nextE), shift) {
		done += qdBlock
		q, e, nextQ, nextE = q[qdBlock:], e[qdBlock:], nextQ[qdBlock:], nextE[qdBlock:]
	}
	return done
}

// block does so many entries and reports success: the range may not suffice.
func (s *QDState) block(q, e, nextQ, nextE *[qdBlock]float64, shift float64) bool {
	var ps, rs [qdBlock + 1]float64
	p, r := s.P/s.R, 1.0
	ps[0], rs[0] = p, r
	for i := range qdBlock {
		p, r = (q[i]-shift)*p-shift*e[i]*r, p+e[i]*r
		ps[i+1], rs[i+1] = p, r
	}
	if !(r >= qdLeast && r <= 1/qdLeast) {
		return false
	}
	s.P, s.R = p, r
	least, leastE := int64(math.Float64bits(s.Least)), int64(math.Float64bits(s.LeastE))
	for i, x := range e {
		r, next := rs[i], rs[i+1]
		inverse := 1 / (r * next)
		x *= q[i] * (r * r * inverse)
		nextQ[i], nextE[i] = next*next*inverse, x
		least = min(least, int64(math.Float64bits(ps[i+1]*r*inverse)))
		leastE = min(leastE, int64(math.Float64bits(x)))
	}
	s.Least, s.LeastE = math.Float64frombits(uint64(least)), math.Float64frombits(uint64(leastE))
	return true
}
