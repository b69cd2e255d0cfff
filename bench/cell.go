package main

// cell is one operation on one size, timed for every implementation.
type cell struct {
	Op      string   `json:"op"`
	Elem    string   `json:"elem"`
	Size    string   `json:"size"`
	Threads int      `json:"threads"`
	Flops   float64  `json:"flops,omitempty"`       // per call
	Bytes   float64  `json:"bytes,omitempty"`       // that a call must read and write
	Written float64  `json:"written,omitempty"`     // the part of Bytes that it writes
	Held    float64  `json:"operands,omitempty"`    // bytes that the operands take; 0: no roofline
	Peak    float64  `json:"peak_gflops,omitempty"` // measured in turn with the results
	Roof    *roof    `json:"roofline,omitempty"`
	Results []result `json:"results"`
	Notes   []string `json:"notes,omitempty"`

	// Beside holds GFLOP/s of lanes on something else that the target of the
	// row compares with, measured in turn as well.
	Beside map[string]float64 `json:"beside_gflops,omitempty"`
	Target *target            `json:"target,omitempty"`

	over memory // that a stream may run over, nil: memory of its own
}

// result is one implementation's part of a cell.
type result struct {
	Impl    string      `json:"impl"`
	Calls   int         `json:"calls_per_sample,omitempty"`
	Samples []float64   `json:"ns_per_call,omitempty"`
	Best    float64     `json:"best_ns,omitempty"`
	Median  float64     `json:"median_ns,omitempty"`
	Error   float64     `json:"error_to_bound"` // at most 1, or the result is wrong
	Wrong   string      `json:"wrong,omitempty"`
	Quality *quality    `json:"quality,omitempty"`     // of an eigendecomposition
	SVD     *svdQuality `json:"svd_quality,omitempty"` // of a singular value decomposition
	// CallBound says that a tenth or more of the time is the cost of calling C.
	CallBound bool `json:"call_bound,omitempty"`
}

// unit is what a group's table shows.
type unit struct {
	name  string
	value func(c *cell, nanoseconds float64) float64
}

var (
	gflops = unit{"GFLOP/s", func(c *cell, ns float64) float64 { return c.Flops / ns }}
	gbytes = unit{"GB/s", func(c *cell, ns float64) float64 { return c.Bytes / ns }}
	millis = unit{"ms", func(_ *cell, ns float64) float64 { return ns / 1e6 }}
)

// peakTolerance is how far above the measured peak a rate may lie before the
// peak counts as disturbed.
const peakTolerance = 1.02

func (c *cell) abovePeak(r *result) bool {
	return c.Peak > 0 && r.Best > 0 && c.Flops/r.Best > peakTolerance*c.Peak
}

// result returns the part of the named implementation, nil if it has none.
func (c *cell) result(impl string) *result {
	for i := range c.Results {
		if c.Results[i].Impl == impl {
			return &c.Results[i]
		}
	}
	return nil
}

// rate returns GFLOP/s of the implementation, 0 if it was not timed.
func (c *cell) rate(impl string) float64 {
	if r := c.result(impl); timed(r) {
		return c.Flops / r.Best
	}
	return 0
}

// bestPeer returns the fastest implementation other than lanes, nil if none was
// timed.
func (c *cell) bestPeer() *result {
	var best *result
	for i := range c.Results {
		r := &c.Results[i]
		if r.Impl != "lanes" && timed(r) && (best == nil || r.Best < best.Best) {
			best = r
		}
	}
	return best
}
