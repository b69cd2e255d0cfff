package main

import "time"

// cell is one operation on one size, timed for every implementation.
type cell struct {
	Op      string   `json:"op"`
	Elem    string   `json:"elem"`
	Size    string   `json:"size"`
	Threads int      `json:"threads"`
	Flops   float64  `json:"flops,omitempty"`       // per call
	Bytes   float64  `json:"bytes,omitempty"`       // read and written per call
	Peak    float64  `json:"peak_gflops,omitempty"` // measured in turn with the results
	Results []result `json:"results"`
	Notes   []string `json:"notes,omitempty"`
}

// result is one implementation's part of a cell.
type result struct {
	Impl    string    `json:"impl"`
	Calls   int       `json:"calls_per_sample,omitempty"`
	Samples []float64 `json:"ns_per_call,omitempty"`
	Best    float64   `json:"best_ns,omitempty"`
	Median  float64   `json:"median_ns,omitempty"`
	Error   float64   `json:"error_to_bound"` // at most 1, or the result is wrong
	Wrong   string    `json:"wrong,omitempty"`
	Quality *quality  `json:"quality,omitempty"` // of an eigendecomposition
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

// contender is an implementation in a cell. Check compares the result that the
// last run left with a reference and returns its error as a fraction of the
// bound on it; prepare, where set, makes sure that a run leaves one.
type contender struct {
	impl    string
	prepare func()
	run     func()
	check   func() (errorToBound float64, err error)
}

// contest verifies the contenders and times those that are right, each for the
// session's time.
func (s *session) contest(c cell, contenders []contender) cell {
	return s.contestFor(s.time, c, contenders, nil)
}

// contestFor is contest for another time each, in turn with a probe of the
// peak unless that is nil.
func (s *session) contestFor(budget time.Duration, c cell, contenders []contender, probe *peakProbe) cell {
	s.progress.show(c.Op, c.Elem, c.Size)
	c.Threads = s.threads
	var runners []runner
	for _, k := range contenders {
		if k.prepare != nil {
			k.prepare()
		}
		start := time.Now()
		k.run()
		first := time.Since(start)
		ratio, err := k.check()
		r := result{Impl: k.impl, Error: ratio}
		if err != nil {
			r.Wrong = err.Error()
			s.wrong++
		} else {
			runners = append(runners, runner{k.impl, k.run, first})
		}
		c.Results = append(c.Results, r)
	}
	if probe != nil {
		runners = append(runners, runner{run: probe.run})
	}
	timings := race(runners, budget)
	for i, r := range runners {
		c.take(r.name, timings[i], probe)
	}
	for i := range c.Results {
		r := &c.Results[i]
		r.CallBound = r.Best > 0 && float64(s.callCost(r.Impl)) > callShare*r.Best
	}
	return c
}

// callShare is the share of a C library's time from which on the cost of the
// call itself is pointed out.
const callShare = 0.1

// take files a timing under its result, that of the probe as the peak.
func (c *cell) take(impl string, t timing, probe *peakProbe) {
	r := c.result(impl)
	if r == nil {
		c.Peak = probe.flops / t.best()
		return
	}
	r.Calls, r.Samples = t.calls, t.samples
	r.Best, r.Median = t.best(), t.median()
}
