package main

import (
	"math/rand/v2"
	"slices"
	"time"
)

const (
	minSample   = 100 * time.Microsecond // shorter ones drown in the clock's own cost
	minSamples  = 5
	slowSamples = 3 // are enough once slowFactor budgets are spent
	maxSamples  = 40
	slowFactor  = 12
	onceFactor  = 100                   // budgets: calls that take longer are sampled once
	endless     = 400                   // budgets: calls that take longer are not repeated
	longestPace = 10 * time.Millisecond // by then a clock that gives way to load has settled

	sharedSamples = 6
	pause         = 110 * time.Millisecond // OpenBLAS's threads look for work for 2²⁸ cycles
	awakening     = 5 * time.Millisecond   // of a processor that has been idle for so long
)

// runner is one implementation of the operation that a cell times.
type runner struct {
	name  string
	run   func()
	first time.Duration // of a call made before, 0 if there was none

	// paced asks for samples as long as those of the first runner, up to
	// longestPace: a clock that falls under load then falls for both.
	paced bool

	// shared says that several threads work. Samples are fewer then, and before
	// each of them comes a pause, in which threads of others that look for work
	// give up, and untimed calls, which wake one's own.
	shared bool
}

// timing holds a runner's samples, each the mean over a batch of calls.
type timing struct {
	calls   int       // per sample
	samples []float64 // nanoseconds per call
}

func (t timing) best() float64 { return slices.Min(t.samples) }

// median returns the middle sample, or the mean of the two in the middle.
func (t timing) median() float64 {
	s := slices.Sorted(slices.Values(t.samples))
	h := len(s) / 2
	if len(s)%2 == 1 {
		return s[h]
	}
	return (s[h-1] + s[h]) / 2
}

// lap is a runner's place in a race.
type lap struct {
	timing
	now   func() time.Time
	run   func()
	each  time.Duration // about, of a sample
	spent time.Duration
	quota int // samples of a slow runner; 0 for others, which go by the budget

	shared bool
	sleep  func(time.Duration)
}

// race times runners against each other: one sample each, in turn, until all
// have spent the budget or have enough samples. Taking turns means that a
// disturbance of the machine hits all of them alike. Every turn has an order of
// its own, so that what one leaves in the caches serves each of the others.
func race(runners []runner, budget time.Duration) []timing {
	return raceBy(time.Now, time.Sleep, runners, budget)
}

// raceBy is race by another clock.
func raceBy(now func() time.Time, sleep func(time.Duration), runners []runner, budget time.Duration) []timing {
	laps := make([]lap, len(runners))
	for i, r := range runners {
		laps[i] = warmUp(now, r, budget)
		laps[i].sleep = sleep
		if r.paced {
			laps[i].stretch(min(laps[0].each, longestPace))
		}
	}
	order := rand.New(rand.NewPCG(1, 3))
	for running := true; running; {
		running = false
		for _, i := range order.Perm(len(laps)) {
			if laps[i].unfinished(budget) {
				laps[i].sample()
				running = true
			}
		}
	}
	timings := make([]timing, len(laps))
	for i := range laps {
		timings[i] = laps[i].timing
	}
	return timings
}

// warmUp runs a few calls and sizes the batch so that the budget buys about
// maxSamples samples of minSample or more. Where the first call took more than
// slowFactor budgets, there is no other warm-up, and the samples are slowSamples
// calls, above onceFactor one; where it took more than endless, it is itself the
// only one, though it may have made room.
func warmUp(now func() time.Time, r runner, budget time.Duration) lap {
	l := lap{now: now, run: r.run, shared: r.shared, timing: timing{calls: 1}}
	if r.first > slowFactor*budget {
		l.each, l.quota = r.first, slowSamples
		if r.first > onceFactor*budget {
			l.quota = 1
		}
		if r.first > endless*budget {
			l.record(r.first)
		}
		return l
	}
	target := max(minSample, budget/maxSamples)
	if r.shared {
		target = max(awakening, budget/sharedSamples)
	}
	for {
		elapsed := l.batch()
		if elapsed >= target/4 {
			one := elapsed / time.Duration(l.calls)
			l.calls = max(1, int(float64(l.calls)*float64(target)/float64(elapsed)+0.5))
			l.each = one * time.Duration(l.calls)
			return l
		}
		l.calls *= 2
	}
}

// stretch makes samples last at least about d.
func (l *lap) stretch(d time.Duration) {
	if l.each > 0 && l.each < d {
		l.calls = int(float64(l.calls) * float64(d) / float64(l.each))
		l.each = d
	}
}

func (l *lap) unfinished(budget time.Duration) bool {
	if l.quota > 0 {
		return len(l.samples) < l.quota
	}
	enough := minSamples
	if l.spent > slowFactor*budget {
		enough = slowSamples
	}
	return len(l.samples) < maxSamples && (l.spent < budget || len(l.samples) < enough)
}

func (l *lap) sample() {
	if l.shared {
		l.sleep(pause)
		for start := l.now(); l.now().Sub(start) < awakening; {
			l.run()
		}
	}
	l.record(l.batch())
}

func (l *lap) batch() time.Duration {
	start := l.now()
	for range l.calls {
		l.run()
	}
	return l.now().Sub(start)
}

func (l *lap) record(elapsed time.Duration) {
	l.spent += elapsed
	l.samples = append(l.samples, float64(elapsed)/float64(l.calls))
}
