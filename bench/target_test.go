package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func targetCell() *cell {
	return &cell{
		Op: "gemm", Elem: "f64", Size: "n=512", Flops: 1000, Peak: 100,
		Roof:    &roof{Limit: 80, Kind: readStream, Level: "DRAM", Stream: 82},
		Beside:  map[string]float64{"NN": 90, oneThread: 50, peakOfOneThread: 60},
		Results: []result{{Impl: "lanes", Best: 12.5}, {Impl: "a", Best: 20}, {Impl: "b", Best: 10}, {Impl: "c", Wrong: "all"}},
	}
}

// nothing is the demand of a row without anything to compare with.
func nothing(*cell) *target { return nil }

func TestDemands(t *testing.T) {
	for from, d := range map[string]struct {
		demand demand
		rate   float64
	}{
		"97 % of peak":              {ofPeak(0.97), 97},
		"90 % of bound":             {ofRoof(0.9), 72},
		"118 scaled":                {figures(180, 118), 118.0 * 100 / 127},
		"b beside it":               {bestOfRun, 97},
		"98 % of NN":                {ofBeside(0.98, "NN"), 88.2},
		"0.80 × b's time":           {ofTime(0.8), 1000 / 8.0},
		"97 % of 1.67 × one thread": {gainOfPeak(0.97), 0.97 * 50 * 100 / 60},
		"50 % of peak":              {allOf(ofPeak(0.4), ofPeak(0.5)), 50},
		"40 % of peak":              {anyOf(ofPeak(0.4), ofPeak(0.5)), 40},
		"60 % of peak":              {allOf(nothing, ofPeak(0.6), nothing), 60},
	} {
		c := targetCell()
		got := d.demand(c)
		require.Equal(t, from, got.From)
		require.InDelta(t, d.rate, c.Flops/got.Nanoseconds, 1e-9, from)
	}
}

func TestSetTarget(t *testing.T) {
	c := targetCell() // at 80 GFLOP/s
	c.setTarget(ofPeak(0.8))
	require.True(t, c.Target.Reached)
	c.setTarget(ofPeak(0.81))
	require.False(t, c.Target.Reached)
	c.setTarget(bestOfRun)
	require.False(t, c.Target.Reached)
	c.Results = c.Results[:1]
	c.setTarget(bestOfRun)
	require.Nil(t, c.Target, "no peer")
	c.Results[0] = result{Impl: "lanes", Wrong: "all"}
	c.setTarget(ofPeak(0.01))
	require.False(t, c.Target.Reached, "wrong")
}

func TestRecordScales(t *testing.T) {
	r := parseRecord(recordZen5)
	c := targetCell()
	rate, library := r.scaled(c)
	require.Equal(t, "AOCL-BLIS", library)
	require.InDelta(t, 110*100.0/127, rate, 1e-9, "by the peaks")
	c.Roof.Memory = true
	rate, _ = r.scaled(c)
	require.InDelta(t, 110*82.0/41, rate, 1e-9, "by the streams")
	c.Size = "n=511"
	rate, _ = r.scaled(c)
	require.Zero(t, rate)
	rate, _ = (*record)(nil).scaled(targetCell())
	require.Zero(t, rate)
}

// Every figure on record stands for a row, and has the bounds to be scaled by.
func TestRecordIsComplete(t *testing.T) {
	r := parseRecord(recordZen5)
	for _, elem := range []string{"f32", "f64"} {
		require.Positive(t, r.peak[elem])
		for _, shapes := range [][]shape{thinShapes, longShapes} {
			for _, sh := range shapes {
				require.Contains(t, r.figures, "gemm "+elem+" "+sh.String())
			}
		}
		for _, n := range oddSizes {
			require.Contains(t, r.figures, "gemm "+elem+" "+square(n).String())
		}
	}
	for _, level := range []string{"L1", "L2", "L3", "DRAM"} {
		require.Positive(t, r.stream[readStream+" "+level])
		require.Positive(t, r.stream[updateStream+" "+level])
	}
	for row, f := range r.figures {
		require.Less(t, f.gflops, r.peak[strings.Fields(row)[1]], row)
	}
}

func TestIsZen5(t *testing.T) {
	require.True(t, isZen5("vendor_id\t: AuthenticAMD\ncpu family\t: 26\n"))
	require.False(t, isZen5("vendor_id\t: AuthenticAMD\ncpu family\t: 25\n"))
	require.False(t, isZen5("vendor_id\t: GenuineIntel\ncpu family\t: 26\n"))
	require.False(t, isZen5(""))
}
