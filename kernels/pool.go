package kernels

import (
	"sync"
	"sync/atomic"
)

// tasker does numbered pieces of work; slot tells the goroutines of one job
// apart.
type tasker interface{ task(slot, i int) }

// job hands numbered tasks to the calling goroutine and to helpers out of the
// pool. It is reused from call to call and allocates nothing.
type job struct {
	work    tasker
	tasks   int64
	next    atomic.Int64
	slots   atomic.Int64
	helpers sync.WaitGroup
	offers  []*offer
}

// offer invites one helper. Whoever moves its state first decides: a helper
// takes it, or the caller, having finished alone, withdraws it and need not
// wait for a helper that never woke up.
type offer struct {
	job   *job
	state atomic.Int32
}

const (
	offered = iota
	taken
	withdrawn
)

var pool struct {
	sync.Mutex
	workers int
	offers  chan *offer
	free    sync.Pool
}

func init() {
	pool.offers = make(chan *offer, 1024)
	pool.free.New = func() any { return new(offer) }
}

// run executes tasks 0 to n-1 on at most threads goroutines and returns when
// all are done.
func (j *job) run(threads, n int, work tasker) {
	if threads <= 1 || n <= 1 {
		for i := range n {
			work.task(0, i)
		}
		return
	}
	j.work, j.tasks = work, int64(n)
	j.next.Store(0)
	j.slots.Store(1)
	j.invite(min(threads, n) - 1)
	j.drain(0)
	j.withdraw()
	j.helpers.Wait()
	j.work = nil
}

// drain does tasks until none is left.
func (j *job) drain(slot int) {
	for {
		i := j.next.Add(1) - 1
		if i >= j.tasks {
			return
		}
		j.work.task(slot, int(i))
	}
}

func (j *job) invite(helpers int) {
	ensureWorkers(helpers)
	j.offers = j.offers[:0]
	for range helpers {
		o := pool.free.Get().(*offer)
		o.job = j
		o.state.Store(offered)
		j.helpers.Add(1)
		select {
		case pool.offers <- o:
			j.offers = append(j.offers, o)
		default: // more invitations than anyone will answer
			j.helpers.Done()
			pool.free.Put(o)
		}
	}
}

// withdraw takes back the offers that nobody took up.
func (j *job) withdraw() {
	for i, o := range j.offers {
		if o.state.CompareAndSwap(offered, withdrawn) {
			j.helpers.Done()
		}
		j.offers[i] = nil
	}
}

// ensureWorkers starts goroutines until n are there. They live as long as the
// program, asleep when there is nothing to do.
func ensureWorkers(n int) {
	pool.Lock()
	defer pool.Unlock()
	for ; pool.workers < n; pool.workers++ {
		go help()
	}
}

func help() {
	for o := range pool.offers {
		j := o.job
		if o.state.CompareAndSwap(offered, taken) {
			j.drain(int(j.slots.Add(1) - 1))
			j.helpers.Done()
		}
		o.job = nil
		pool.free.Put(o)
	}
}
