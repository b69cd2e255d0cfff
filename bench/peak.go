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

// peakGauge measures the most that the chosen instruction set can do: a loop
// of fused multiply-adds on registers alone, on every thread at once.
func peakGauge[T mat.Float](threads int) gauge {
	rounds := peakRounds
	if threads > 1 {
		rounds = peakRoundsShared
	}
	return gauge{
		work: float64(threads * kernels.FMALoop[T](rounds)),
		run:  func() { onThreads(threads, func(int) { kernels.FMALoop[T](rounds) }) },
		take: func(c *cell, rate float64) { c.Peak = rate },
	}
}

// peakGaugeOf is peakGauge for an element type by name.
func peakGaugeOf(elem string, threads int) gauge {
	if elem == "f32" {
		return peakGauge[float32](threads)
	}
	return peakGauge[float64](threads)
}

// onThreads runs work on so many threads at once, the caller's among them.
func onThreads(threads int, work func(thread int)) {
	var others sync.WaitGroup
	for thread := 1; thread < threads; thread++ {
		others.Go(func() { work(thread) })
	}
	work(0)
	others.Wait()
}
