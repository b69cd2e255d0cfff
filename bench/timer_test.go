package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStatistics(t *testing.T) {
	odd := timing{samples: []float64{5, 1, 3}}
	require.Equal(t, 1.0, odd.best())
	require.Equal(t, 3.0, odd.median())
	even := timing{samples: []float64{8, 1, 3, 4}}
	require.Equal(t, 3.5, even.median())
	require.Equal(t, []float64{8, 1, 3, 4}, even.samples, "the order of the samples is kept")
	require.Equal(t, 2.0, timing{samples: []float64{2}}.median())
}

// After the warm-ups, which differ in length, every round has each runner's
// batch once, in the same order.
func TestRaceTakesTurns(t *testing.T) {
	var log []byte
	logger := func(name byte) runner {
		return runner{run: func() {
			log = append(log, name)
			time.Sleep(time.Millisecond)
		}}
	}
	timings := race([]runner{logger('a'), logger('b')}, time.Millisecond)
	require.Len(t, timings, 2)
	require.Equal(t, 1, timings[0].calls, "a call exceeds the least sample")
	require.Equal(t, "ababababab", string(log[len(log)-2*minSamples:]))
	for _, timing := range timings {
		require.Len(t, timing.samples, minSamples, "a budget of one call buys the fewest samples")
		require.GreaterOrEqual(t, timing.best(), 1e6, "a sample is nanoseconds per call")
	}
}

func TestRaceBatchesShortCalls(t *testing.T) {
	calls := 0
	got := race([]runner{{run: func() { calls++ }}}, 10*time.Millisecond)[0]
	require.Greater(t, got.calls, 1000)
	require.LessOrEqual(t, len(got.samples), maxSamples)
	require.GreaterOrEqual(t, len(got.samples), minSamples)
	require.GreaterOrEqual(t, calls, got.calls*len(got.samples))
}

func TestSlowFirstCallIsTheOnlySample(t *testing.T) {
	got := race([]runner{{
		run:   func() { t.Error("it should not run again") },
		first: time.Hour,
	}}, time.Millisecond)[0]
	require.Equal(t, timing{calls: 1, samples: []float64{float64(time.Hour)}}, got)
}
