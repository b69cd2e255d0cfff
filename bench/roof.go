package main

import (
	"fmt"
	"math"
	"slices"
)

// roof is the roofline of a row (Williams, Waterman and Patterson, 2009): what
// the processor's peak and the bandwidth of the memory that holds the operands
// leave possible.
type roof struct {
	Intensity float64 `json:"flops_per_byte"`
	Level     string  `json:"level"`           // that holds the operands: a cache or DRAM
	Kind      string  `json:"stream"`          // read or update
	Stream    float64 `json:"stream_gbytes"`   // GB/s, measured in turn with the results
	Limit     float64 `json:"limit_gflops"`    // the lower of both bounds
	Memory    bool    `json:"bound_by_memory"` // else by the peak
	Share     float64 `json:"share_of_limit"`  // what lanes reaches of it
}

// roofGauges starts the cell's roofline and returns the gauges of its bounds.
func (s *session) roofGauges(c *cell) []gauge {
	levels := cacheLevels()
	kind := readStream
	// A third of what an update stream moves is written.
	if 3*c.Written >= c.Bytes {
		kind = updateStream
	}
	c.Roof = &roof{
		Intensity: c.Flops / c.Bytes,
		Level:     levelOf(c.Held, levels, s.threads),
		Kind:      kind,
	}
	return []gauge{peakGaugeOf(c.Elem, s.threads), s.streamOf(c, levels).stream(kind, s.threads)}
}

// streamOf returns the memory for the row's stream: its operands where they are
// beyond the caches of one core, otherwise as many bytes elsewhere, but at least
// two thirds of the L1 cache, below which the cost of a call would count.
func (s *session) streamOf(c *cell, levels []cacheLevel) memory {
	nearest := levels[:len(levels)-1]
	if c.over != nil && !slices.ContainsFunc(nearest, func(l cacheLevel) bool { return l.name == c.Roof.Level }) {
		return c.over
	}
	least := levels[0].bytes * 2 / 3 * s.threads
	return s.ownMemory(max(least, int(c.Held)))
}

// levelOf names the smallest level that holds so many bytes, shared among the
// threads where each has a cache of its own, which is all but the last.
func levelOf(held float64, levels []cacheLevel, threads int) string {
	for i, l := range levels {
		capacity := float64(l.bytes)
		if i < len(levels)-1 {
			capacity *= float64(threads)
		}
		if held <= capacity {
			return l.name
		}
	}
	return "DRAM"
}

// settleRoof computes the limit once the bounds are measured.
func (c *cell) settleRoof() {
	r := c.Roof
	if r == nil {
		return
	}
	byMemory := r.Intensity * r.Stream
	r.Limit = math.Min(c.Peak, byMemory)
	r.Memory = byMemory < c.Peak
	r.Share = c.rate("lanes") / r.Limit
}

// bound says which of the two bounds the row.
func (c *cell) bound() string {
	if c.Roof.Memory {
		return fmt.Sprintf("%s %s %s", c.Roof.Level, c.Roof.Kind, significant(c.Roof.Stream))
	}
	return "FMA " + significant(c.Peak)
}
