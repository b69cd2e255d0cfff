package mat

import (
	"sync"
	"sync/atomic"
)

// blockTask does numbered pieces of work that share nothing.
type blockTask interface{ block(i int) }

// eachBlock does pieces 0 to n−1 on at most threads goroutines, this one
// included.
func eachBlock(threads, n int, task blockTask) {
	if threads <= 1 || n <= 1 {
		for i := range n {
			task.block(i)
		}
		return
	}
	var next atomic.Int64
	drain := func() {
		for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
			task.block(int(i))
		}
	}
	var helpers sync.WaitGroup
	for range min(threads, n) - 1 {
		helpers.Go(drain)
	}
	drain()
	helpers.Wait()
}
