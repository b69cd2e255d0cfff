package main

import (
	"sync"

	"github.com/lanes-go/lanes/kernels"
	"github.com/lanes-go/lanes/mat"
)

// peakRounds make one run of the probe last some tens of microseconds.
const peakRounds = 5000

// peakProbe measures the most that the chosen instruction set can do: a loop
// of fused multiply-adds on registers alone, on every thread at once.
type peakProbe struct {
	flops float64 // of one run
	run   func()
}

func newPeakProbe[T mat.Float](threads int) *peakProbe {
	flops := threads * kernels.FMALoop[T](peakRounds)
	if flops == 0 {
		return nil
	}
	return &peakProbe{float64(flops), func() {
		var others sync.WaitGroup
		for range threads - 1 {
			others.Go(func() { kernels.FMALoop[T](peakRounds) })
		}
		kernels.FMALoop[T](peakRounds)
		others.Wait()
	}}
}
