package main

import (
	"slices"
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

// A clock on which only the runners and pauses take time.
type fakeClock struct{ at time.Time }

func (c *fakeClock) now() time.Time { return c.at }

func (c *fakeClock) sleep(d time.Duration) { c.at = c.at.Add(d) }

func (c *fakeClock) runner(each time.Duration, then func()) runner {
	return runner{run: func() {
		c.at = c.at.Add(each)
		then()
	}}
}

// After the warm-ups every round has each runner's batch once, in one order;
// a runner with enough samples leaves the race.
func TestRaceTakesTurns(t *testing.T) {
	var log []byte
	var clock fakeClock
	note := func(name byte) func() { return func() { log = append(log, name) } }
	timings := raceBy(clock.now, clock.sleep, []runner{
		clock.runner(2*time.Millisecond, note('a')),
		clock.runner(time.Millisecond, note('b')),
	}, 8*time.Millisecond)
	require.Equal(t, "ab", string(log[:2]), "the warm-up")
	orders := map[string]int{}
	for turn := 2; turn < 12; turn += 2 {
		orders[string(log[turn:turn+2])]++
	}
	require.Positive(t, orders["ab"])
	require.Positive(t, orders["ba"], "nobody always follows the same one")
	require.Len(t, orders, 2, "one sample each, turn by turn")
	require.Equal(t, "bbb", string(log[12:]))
	require.Equal(t, []float64{2e6, 2e6, 2e6, 2e6, 2e6}, timings[0].samples, "the fewest samples")
	require.Len(t, timings[1].samples, 8, "a budget's worth of samples")
}

func TestRaceBatchesShortCalls(t *testing.T) {
	calls := 0
	var clock fakeClock
	got := raceBy(clock.now, clock.sleep, []runner{clock.runner(time.Microsecond, func() { calls++ })}, time.Second)[0]
	require.Equal(t, 25_000, got.calls, "a sample is the budget over their number")
	require.Len(t, got.samples, maxSamples)
	require.Equal(t, 1000.0, got.median(), "nanoseconds per call")
	require.Less(t, calls, 25_000*(maxSamples+1), "the warm-up is short")

	got = raceBy(clock.now, clock.sleep, []runner{clock.runner(time.Microsecond, func() {})}, time.Millisecond)[0]
	require.Equal(t, 100, got.calls, "a sample is 100 µs at least")
}

func TestSharedRunnersPauseAndWarmUp(t *testing.T) {
	const each = 6 * time.Millisecond
	for _, shared := range []bool{false, true} {
		calls := 0
		var clock fakeClock
		start := clock.now()
		r := clock.runner(each, func() { calls++ })
		r.shared = shared
		got := raceBy(clock.now, clock.sleep, []runner{r}, 8*each)[0]
		require.Len(t, got.samples, 8)
		want, pauses := 1+8, 0 // the warm-up and the samples
		if shared {
			want, pauses = 1+2*8, 8
		}
		require.Equal(t, want, calls)
		require.Equal(t, time.Duration(want)*each+time.Duration(pauses)*pause, clock.now().Sub(start))
	}
}

func TestSlowRunnersStopEarly(t *testing.T) {
	var clock fakeClock
	got := raceBy(clock.now, clock.sleep, []runner{clock.runner(7*time.Second, func() {})}, time.Second)[0]
	require.Len(t, got.samples, slowSamples, "past twelve budgets fewer samples do")
}

// The first call also makes room, which later ones find: it is no sample.
func TestCallsAfterASlowFirstOneAreTheSamples(t *testing.T) {
	for first, want := range map[time.Duration]int{20 * time.Second: slowSamples, 200 * time.Second: 1} {
		calls := 0
		var clock fakeClock
		r := clock.runner(7*time.Second, func() { calls++ })
		r.first = first
		got := raceBy(clock.now, clock.sleep, []runner{r}, time.Second)[0]
		require.Equal(t, timing{calls: 1, samples: slices.Repeat([]float64{7e9}, want)}, got)
		require.Equal(t, want, calls)
	}
}

func TestEndlessFirstCallIsTheOnlySample(t *testing.T) {
	got := race([]runner{{
		run:   func() { t.Error("it should not run again") },
		first: time.Hour,
	}}, time.Second)[0]
	require.Equal(t, timing{calls: 1, samples: []float64{float64(time.Hour)}}, got)
}

func TestPacedRunnersKeepTheFirstOnesPace(t *testing.T) {
	var clock fakeClock
	calls := func(first time.Duration) int {
		paced := clock.runner(10*time.Microsecond, func() {})
		paced.paced = true
		return raceBy(clock.now, clock.sleep, []runner{clock.runner(first, func() {}), paced}, 8*time.Millisecond)[1].calls
	}
	require.Equal(t, 500, calls(5*time.Millisecond), "as long as a call of the first")
	require.Equal(t, 1000, calls(time.Second), "but 10 ms at most")
	require.Equal(t, 20, calls(time.Microsecond), "a batch is as long in any case")
}
