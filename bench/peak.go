package main

import (
	"sync"

	"github.com/lanes-go/lanes/mat"
)

// peakIterations make one run of the probe last some tens of microseconds.
const peakIterations = 5000

// peakProbe measures the most that the chosen instruction set can do: a loop
// of fused multiply-adds on registers alone, on every thread at once.
type peakProbe struct {
	flops float64 // of one run
	run   func()
}

func newPeakProbe[T mat.Float](threads int) *peakProbe {
	flops := threads * fmaLoop[T](peakIterations)
	if flops == 0 {
		return nil
	}
	return &peakProbe{float64(flops), func() {
		var others sync.WaitGroup
		for range threads - 1 {
			others.Go(func() { fmaLoop[T](peakIterations) })
		}
		fmaLoop[T](peakIterations)
		others.Wait()
	}}
}
