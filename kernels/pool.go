package kernels

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
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
	working atomic.Int32 // offers that helpers may be at
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
	waking  atomic.Int32 // goroutines that wait without sleeping
}{queue: make(chan *offer, 1024)}

// linger is how long a goroutine at most looks for what comes next before it
// sleeps. To wake an idle processor takes some microseconds, on a virtual machine
// a hundred, which is longer than many a product; the next one usually follows
// soon.
const linger = 200 * time.Microsecond

// helpersAwake reports whether a helper may look for work right now.
func helpersAwake() bool { return pool.waking.Load() > 0 }

// awhile calls until, letting other goroutines go first, for as long as it
// returns false and d is not over. Where as many goroutines as there are
// processors do so, or there is but one, it does not wait.
func awhile(d time.Duration, until func() bool) {
	n := runtime.NumCPU()
	if n == 1 {
		return
	}
	defer pool.waking.Add(-1)
	if int(pool.waking.Add(1)) > n {
		return
	}
	for start := time.Now(); !until() && time.Since(start) < d; {
		runtime.Gosched()
	}
}

// Run executes tasks 0 to n-1 on at most threads goroutines and returns when
// all are done. Where one panics on this goroutine, Run lets helpers end theirs,
// begins no other, and panics on.
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
	defer j.finish()
	j.drain(0)
}

// finish withdraws the job from helpers and waits for those that are at it. Where
// a task of the caller has panicked, none is begun any more.
func (j *Job) finish() {
	j.next.Store(j.tasks)
	j.withdraw()
	if j.working.Load() > 0 {
		awhile(linger, func() bool { return j.working.Load() == 0 })
	}
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

// Ready makes room beforehand, so that a later Run on as many threads allocates nothing.
func (j *Job) Ready(threads int) {
	for len(j.offers) < threads-1 {
		j.offers = append(j.offers, &offer{job: j})
	}
}

func (j *Job) invite(helpers int) {
	ensureWorkers(helpers)
	j.Ready(helpers + 1)
	for _, o := range j.offers[:helpers] {
		j.helpers.Add(1)
		j.working.Add(1)
		if o.state.CompareAndSwap(withdrawn, offered) {
			continue
		}
		o.state.Store(offered)
		select {
		case pool.queue <- o:
		default: // more offers than anyone will take
			o.state.Store(idle)
			j.left()
		}
	}
}

// left says that one helper more is not, or no longer, at the job.
func (j *Job) left() {
	j.working.Add(-1)
	j.helpers.Done()
}

// withdraw takes back the offers that nobody took up.
func (j *Job) withdraw() {
	for _, o := range j.offers {
		if o.state.CompareAndSwap(offered, withdrawn) {
			j.left()
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

// help answers offers, and after each stays awake for a while.
func help() {
	for {
		for o := <-pool.queue; o != nil; o = nextOffer() {
			o.answer()
		}
	}
}

// nextOffer returns an offer that comes soon, or nil.
func nextOffer() (o *offer) {
	awhile(linger, func() bool {
		select {
		case o = <-pool.queue:
		default:
		}
		return o != nil
	})
	return o
}

// answer works on the offer's job unless the offer is withdrawn.
func (o *offer) answer() {
	for {
		switch {
		case o.state.CompareAndSwap(offered, taken):
			j := o.job
			j.drain(int(j.slots.Add(1) - 1))
			o.state.Store(idle)
			j.left()
			return
		case o.state.CompareAndSwap(withdrawn, idle):
			return
		}
	}
}
