package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

var testLevels = []cacheLevel{{"L1", 1 << 10}, {"L2", 1 << 20}, {"L3", 1 << 30}}

func TestLevelOf(t *testing.T) {
	require.Equal(t, "L1", levelOf(1<<10, testLevels, 1))
	require.Equal(t, "L2", levelOf(1<<10+1, testLevels, 1))
	require.Equal(t, "L1", levelOf(2<<10, testLevels, 2), "each thread has its own L1")
	require.Equal(t, "L3", levelOf(1<<30, testLevels, 2))
	require.Equal(t, "DRAM", levelOf(1<<30+1, testLevels, 2), "all share the last level")
}

func TestRoof(t *testing.T) {
	c := cell{
		Flops: 100, Peak: 50, Roof: &roof{Intensity: 2, Level: "L2", Kind: readStream, Stream: 20},
		Results: []result{{Impl: "lanes", Best: 5}},
	}
	c.settleRoof()
	require.Equal(t, roof{Intensity: 2, Level: "L2", Kind: readStream, Stream: 20, Limit: 40, Memory: true, Share: 0.5}, *c.Roof)
	require.Equal(t, "L2 read 20.0", c.bound())
	c.Roof.Stream = 30
	c.settleRoof()
	require.Equal(t, 50.0, c.Roof.Limit)
	require.Equal(t, "FMA 50.0", c.bound())
}

// Operands beyond a core's own caches are what the stream runs over, of any
// element type; elsewhere it has memory of its own, enough for the clock.
func TestStreamOf(t *testing.T) {
	s := &session{options: options{threads: 1}}
	over := operands[float32]{make([]float32, 100)}
	far := &cell{Held: 400, over: over, Roof: &roof{Level: "DRAM"}}
	require.Equal(t, over, s.streamOf(far, testLevels))
	near := &cell{Held: 400, over: over, Roof: &roof{Level: "L1"}}
	own := s.streamOf(near, testLevels).(operands[float64])
	require.GreaterOrEqual(t, 8*len(own[0]), 1<<10*2/3)
}

func TestStreams(t *testing.T) {
	for kind, bytes := range map[string]int{readStream: 2 * 8, updateStream: 3 * 8} {
		for _, threads := range []int{1, 3} {
			x, y := make([]float64, 3000), make([]float64, 3000)
			for i := range x {
				x[i] = 1 / axpyAlpha
			}
			g := streamGauge(kind, threads, x, y)
			g.run()
			passes := int(g.work) / (3000 * bytes)
			require.Equal(t, passes*3000*bytes, int(g.work), "whole passes")
			for i, v := range y {
				want := 0.0
				if kind == updateStream {
					want = float64(passes)
				}
				require.Equal(t, want, v, "%s, %d threads, element %d", kind, threads, i)
			}
		}
	}
	halves := operands[float32]{make([]float32, 10), make([]float32, 1<<20)}
	g := halves.stream(readStream, 1)
	require.Equal(t, float64(4<<20), g.work, "the largest operand, once")
}
