package main

import (
	"sync"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// Rounds of the probe: some tens of microseconds for one thread, and enough to
// make the start of the others negligible.
const (
	peakRounds       = 5_000
	peakRoundsShared = 200_000
)

// peakProbe measures the most that the chosen instruction set can do: a loop
// of fused multiply-adds on registers alone, on every thread at once.
type peakProbe struct {
	flops float64 // of one run
	run   func()
}

func newPeakProbe[T mat.Float](threads int) *peakProbe {
	rounds := peakRounds
	if threads > 1 {
		rounds = peakRoundsShared
	}
	flops := threads * kernels.FMALoop[T](rounds)
	return &peakProbe{float64(flops), func() {
		var others sync.WaitGroup
		for range threads - 1 {
			others.Go(func() { kernels.FMALoop[T](rounds) })
		}
		kernels.FMALoop[T](rounds)
		others.Wait()
	}}
}
