package main

import "time"

// contender is an implementation in a cell. Check compares the result that the
// last run left with a reference and returns its error as a fraction of the
// bound on it; prepare, where set, makes sure that a run leaves one.
type contender struct {
	impl    string
	prepare func()
	run     func()
	check   func() (errorToBound float64, err error)
}

// gauge is a yardstick timed in turn with the contenders: work is what one run
// does, flops or bytes, and take files what it reached per nanosecond.
type gauge struct {
	work float64
	run  func()
	take func(c *cell, rate float64)
}

// contest verifies the contenders and times those that are right, each for the
// session's time.
func (s *session) contest(c cell, contenders []contender) cell {
	return s.contestFor(s.time, c, contenders)
}

// contestFor is contest for another time each, with gauges in turn. A cell that
// says what its operands hold gets those of its roofline as well.
func (s *session) contestFor(budget time.Duration, c cell, contenders []contender, gauges ...gauge) cell {
	s.progress.show(c.Op, c.Elem, c.Size)
	c.Threads = s.threads
	if c.Held > 0 {
		gauges = append(gauges, s.roofGauges(&c)...)
	}
	runners := s.verified(&c, contenders)
	for _, g := range gauges {
		runners = append(runners, runner{run: g.run, paced: true})
	}
	for i := range runners {
		runners[i].shared = s.threads > 1
	}
	timings := race(runners, budget)
	first := len(runners) - len(gauges)
	for i, r := range runners[:first] {
		c.take(r.name, timings[i])
	}
	for i, g := range gauges {
		g.take(&c, g.work/timings[first+i].best())
	}
	c.settleRoof()
	for i := range c.Results {
		r := &c.Results[i]
		r.CallBound = r.Best > 0 && float64(s.callCost(r.Impl)) > callShare*r.Best
	}
	return c
}

// verified files a result for each contender and returns those to be timed.
func (s *session) verified(c *cell, contenders []contender) (runners []runner) {
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
			runners = append(runners, runner{name: k.impl, run: k.run, first: first})
		}
		c.Results = append(c.Results, r)
	}
	return runners
}

// callShare is the share of a C library's time from which on the cost of the
// call itself is pointed out.
const callShare = 0.1

// take files a timing under its result.
func (c *cell) take(impl string, t timing) {
	r := c.result(impl)
	r.Calls, r.Samples = t.calls, t.samples
	r.Best, r.Median = t.best(), t.median()
}
