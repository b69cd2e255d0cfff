package kernels

import (
	"sync"
	"sync/atomic"
)

// Tasker does numbered pieces of work that share nothing; slot, below the
// number of threads, tells the goroutines of one job apart.
type Tasker interface{ Task(slot, i int) }

// Job hands numbered tasks to the calling goroutine and to helpers out of a
// pool. It is reused from call to call and allocates nothing then. The zero
// value is ready; one goroutine at a time may use it.
type Job struct {
	work    Tasker
	tasks   int64
	next    atomic.Int64
	slots   atomic.Int64
	helpers sync.WaitGroup
	offers  []*offer
}

// offer invites one helper to a job. Whoever moves its state first decides: a
// helper takes it, or the caller, having finished alone, withdraws it and need
// not wait for a helper that never woke up. A withdrawn offer still lies in
// the queue, where the next call finds and renews it.
type offer struct {
	job   *Job
	state atomic.Int32
}

const (
	idle = iota // not in the queue
	offered
	withdrawn
	taken
)

// pool is the goroutines that wait for offers. They live as long as the
// program, asleep when there is nothing to do.
var pool = struct {
	sync.Mutex
	workers int
	queue   chan *offer
}{queue: make(chan *offer, 1024)}

// Run executes tasks 0 to n-1 on at most threads goroutines and returns when
// all are done.
func (j *Job) Run(threads, n int, work Tasker) {
	if threads <= 1 || n <= 1 {
		for i := range n {
			work.Task(0, i)
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
func (j *Job) drain(slot int) {
	for {
		i := j.next.Add(1) - 1
		if i >= j.tasks {
			return
		}
		j.work.Task(slot, int(i))
	}
}

func (j *Job) invite(helpers int) {
	ensureWorkers(helpers)
	for len(j.offers) < helpers {
		j.offers = append(j.offers, &offer{job: j})
	}
	for _, o := range j.offers[:helpers] {
		j.helpers.Add(1)
		if o.state.CompareAndSwap(withdrawn, offered) {
			continue
		}
		o.state.Store(offered)
		select {
		case pool.queue <- o:
		default: // more offers than anyone will take
			o.state.Store(idle)
			j.helpers.Done()
		}
	}
}

// withdraw takes back the offers that nobody took up.
func (j *Job) withdraw() {
	for _, o := range j.offers {
		if o.state.CompareAndSwap(offered, withdrawn) {
			j.helpers.Done()
		}
	}
}

func ensureWorkers(n int) {
	pool.Lock()
	defer pool.Unlock()
	for ; pool.workers < n; pool.workers++ {
		go help()
	}
}

func help() {
	for o := range pool.queue {
		o.answer()
	}
}

// answer works on the offer's job unless the offer is withdrawn.
func (o *offer) answer() {
	for {
		switch {
		case o.state.CompareAndSwap(offered, taken):
			j := o.job
			j.drain(int(j.slots.Add(1) - 1))
			o.state.Store(idle)
			j.helpers.Done()
			return
		case o.state.CompareAndSwap(withdrawn, idle):
			return
		}
	}
}
