package main

import (
	"runtime"
	"sync"

	"github.com/lanes-go/lanes/mat"
)

// crowd is how many goroutines call at once, on as many of Go's processors,
// which is more than machines of interest have cores.
const crowd = 16

// crowdSizes are orders of products with and without helpers of their own.
var crowdSizes = []int{64, 256, 512}

// measureCrowd shows what an oversubscribed process keeps of its throughput:
// many callers at once beside one caller after the other.
func measureCrowd(s *session) ([]cell, error) {
	return both(s, crowdCells[float32], crowdCells[float64])
}

func crowdCells[T mat.Float](s *session) (cells []cell, err error) {
	processors := runtime.GOMAXPROCS(max(crowd, runtime.GOMAXPROCS(0)))
	defer runtime.GOMAXPROCS(processors)
	for _, n := range crowdSizes {
		c, err := crowdCell[T](s, n)
		if err != nil {
			return nil, err
		}
		cells = append(cells, c)
	}
	return cells, nil
}

// crowdCell times a round of products, one for every caller, all at once. The
// same products one after the other are measured in turn.
func crowdCell[T mat.Float](s *session, n int) (cell, error) {
	a, b := random[T](n, n, 1), random[T](n, n, 2)
	want, err := newReference(a, b, trustedGemm[T](s.peers))
	if err != nil {
		return cell{}, err
	}
	callers := make([]func(), crowd)
	results := make([]*mat.Dense[T], crowd)
	for i := range callers {
		results[i] = mat.NewDense[T](n, n, nil)
		gemm := lanesOperations[T](s.threads).gemm
		callers[i] = func() { gemm(mat.NoTrans, mat.NoTrans, a, b, results[i]) }
	}
	inTurn := func() {
		for _, call := range callers {
			call()
		}
	}
	flops := crowd * square(n).flops()
	c := s.contestFor(s.time, cell{Op: "crowd", Elem: elemOf[T](), Size: square(n).String(), Flops: flops}, []contender{{
		impl: "lanes",
		prepare: func() {
			for _, c := range results {
				spoil(c.Data)
			}
		},
		run:   func() { atOnce(callers) },
		check: func() (float64, error) { return checkAll(want, results) },
	}}, gauge{work: flops, run: inTurn, take: func(c *cell, rate float64) { c.setBeside(inTurnName, rate) }})
	c.setTarget(ofBeside(crowdShare, inTurnName))
	return c, nil
}

const (
	inTurnName = "one caller"
	// crowdShare is what is to be left of the throughput of one caller at a time.
	crowdShare = 0.9
)

// atOnce runs every call on a goroutine of its own.
func atOnce(calls []func()) {
	var all sync.WaitGroup
	for _, call := range calls {
		all.Go(call)
	}
	all.Wait()
}

// checkAll returns the largest error of any caller's result.
func checkAll[T mat.Float](want *reference[T], results []*mat.Dense[T]) (worst float64, err error) {
	for _, c := range results {
		ratio, wrong := want.check(c)
		worst = max(worst, ratio)
		if wrong != nil {
			err = wrong
		}
	}
	return worst, err
}
