package main

import (
	"fmt"
	"time"
)

// shape is that of a product: C is m × n, A is m × k, B is k × n.
type shape struct{ m, n, k int }

func square(n int) shape { return shape{n, n, n} }

func (s shape) String() string {
	if s == square(s.n) {
		return fmt.Sprintf("n=%d", s.n)
	}
	return fmt.Sprintf("%dx%dx%d", s.m, s.n, s.k)
}

// longFlops is the size of a product from which on a few calls take all of the
// usual time.
const longFlops = 1e10

// budget is the time for each implementation, given the usual one.
func (s shape) budget(usual time.Duration) time.Duration {
	if s.flops() > longFlops {
		return max(usual, 250*time.Millisecond)
	}
	return usual
}

func (s shape) flops() float64 { return 2 * float64(s.m) * float64(s.n) * float64(s.k) }
