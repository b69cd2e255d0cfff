package kernels_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lanes-go/lanes/internal/guard"
	"github.com/lanes-go/lanes/kernels"
)

// divideQD is kernels.QD by its definition.
func divideQD(shift, d float64, q, e, nextQ, nextE []float64) (last, least, leastE float64) {
	least, leastE = math.Inf(1), math.Inf(1)
	for i := range e {
		nextQ[i] = d + e[i]
		nextE[i] = e[i] * (q[i] / nextQ[i])
		d = d*(q[i]/nextQ[i]) - shift
		least, leastE = min(least, d), min(leastE, nextE[i])
	}
	return d, least, leastE
}

// TestQD compares with the definition, of any length, at the edge of unreadable pages.
func TestQD(t *testing.T) {
	const most = 45
	rng := rand.New(rand.NewPCG(17, 18))
	regions := [4]*guard.Region[float64]{}
	for i := range regions {
		regions[i] = guard.New[float64](t, most)
	}
	for n := range most + 1 {
		values := make([]float64, 2*n)
		for i := range values {
			values[i] = 0.5 + rng.Float64()
		}
		const d, shift = 0.75, 0x1p-10
		wantQ, wantE := make([]float64, n), make([]float64, n)
		last, least, leastE := divideQD(shift, d, values[:n], values[n:], wantQ, wantE)
		for place := range places(regions[0]) {
			at := func(r int) []float64 { return places(regions[r])[place](n) }
			q, e, nextQ, nextE := at(0), at(1), at(2), at(3)
			copy(q, values)
			copy(e, values[n:])
			state := kernels.QDState{P: d, R: 1, Least: math.Inf(1), LeastE: math.Inf(1)}
			done := kernels.QD(shift, q, e, nextQ, nextE, &state)
			require.Less(t, n-done, 8)
			near := func(want, got float64) { require.InEpsilon(t, want, got, 1e-11, "length %d", n) }
			for i := range done {
				near(wantQ[i], nextQ[i])
				near(wantE[i], nextE[i])
			}
			if done == n && n > 0 {
				near(least, state.Least)
				near(leastE, state.LeastE)
			}
			if done == n {
				near(last, state.P/state.R)
			}
			for _, r := range regions {
				r.Check(t)
			}
		}
	}
}

// TestQDStops: where fractions leave their range the state is that of the entries
// done, which are what they would be anyway. NaN and negative numbers do not pass.
func TestQDStops(t *testing.T) {
	const n = 30
	for at := range n {
		for _, bad := range []float64{0, 0x1p-500, math.NaN(), math.Inf(1)} {
			q, e := make([]float64, n), make([]float64, n)
			for i := range n {
				q[i], e[i] = 1+float64(i%3)/4, 0.25
			}
			state := kernels.QDState{P: 1, R: 1, Least: math.Inf(1), LeastE: math.Inf(1)}
			if e[at] = bad; bad < 1 {
				q[max(at, 1)-1] = bad
				state.P = 0
			}
			start := state.P
			nextQ, nextE, wantQ, wantE := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
			done := kernels.QD(0, q, e, nextQ, nextE, &state)
			last, least, leastE := divideQD(0, start, q[:done], e[:done], wantQ, wantE)
			require.LessOrEqual(t, done, at, "%v", bad)
			require.Greater(t, done, at-10, "%v", bad)
			for i := range done {
				require.InDelta(t, wantQ[i], nextQ[i], 1e-12*wantQ[i], "%v at %d, entry %d", bad, at, i)
				require.InDelta(t, wantE[i], nextE[i], 1e-12*wantE[i], "%v at %d, entry %d", bad, at, i)
			}
			require.InDelta(t, last, state.P/state.R, 1e-12*last)
			if done > 0 {
				require.InDelta(t, least, state.Least, 1e-12*least)
				require.InDelta(t, leastE, state.LeastE, 1e-12*leastE)
			}
		}
	}
	x := make([]float64, n)
	state := kernels.QDState{P: -8, R: 1}
	require.Zero(t, kernels.QD(0, x, x, make([]float64, n), make([]float64, n), &state))
	require.Equal(t, kernels.QDState{P: -8, R: 1}, state)
	require.Panics(t, func() { kernels.QD(0, make([]float64, 2), make([]float64, 1), nil, nil, &kernels.QDState{}) })
}
