package kernels

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// counter counts the runs of every task and the goroutines in a slot.
type counter struct {
	runs, inSlot []atomic.Int32
	shared       atomic.Bool
}

func (c *counter) Task(slot, i int) {
	if c.inSlot[slot].Add(1) > 1 {
		c.shared.Store(true)
	}
	c.runs[i].Add(1)
	c.inSlot[slot].Add(-1)
}

// TestJobRunsTasksOnce, by several callers at once and from helpers awake or
// asleep.
func TestJobRunsTasksOnce(t *testing.T) {
	var callers sync.WaitGroup
	for caller := range 3 {
		callers.Go(func() {
			var job Job
			for round := range 300 {
				threads, tasks := 1+(round+caller)%5, round%40
				c := counter{runs: make([]atomic.Int32, tasks), inSlot: make([]atomic.Int32, threads)}
				job.Run(threads, tasks, &c)
				for i := range c.runs {
					if got := c.runs[i].Load(); got != 1 {
						t.Errorf("task %d of %d on %d goroutines ran %d times", i, tasks, threads, got)
					}
				}
				if c.shared.Load() {
					t.Errorf("two of %d goroutines in one slot", threads)
				}
				if round%50 == 0 {
					time.Sleep(2 * linger)
				}
			}
		})
	}
	callers.Wait()
}

// meeting has the caller wait until a helper is at work.
type meeting struct {
	sync.Once
	met chan struct{}
}

func (m *meeting) Task(slot, _ int) {
	if slot == 0 {
		<-m.met
	} else {
		m.Do(func() { close(m.met) })
	}
}

// TestHelpersSleep: soon after a job nobody looks for work any more.
func TestHelpersSleep(t *testing.T) {
	var job Job
	job.Run(2, 2, &meeting{met: make(chan struct{})})
	require.Eventually(t, func() bool { return !helpersAwake() }, 10*time.Second, time.Millisecond)
}

// TestAwhile ends when it should, and at once where all processors wait already.
func TestAwhile(t *testing.T) {
	calls := 0
	awhile(time.Hour, func() bool { calls++; return calls == 5 })
	require.LessOrEqual(t, calls, 5)
	awhile(0, func() bool { return false })
	defer pool.waking.Add(-1 << 20)
	pool.waking.Add(1 << 20)
	awhile(time.Hour, func() bool { return false })
	require.True(t, helpersAwake())
}

// failing panics in the first task of the caller, once a helper is at work.
type failing struct {
	meeting
	ended, begun atomic.Int32
}

func (f *failing) Task(slot, _ int) {
	f.begun.Add(1)
	if slot == 0 {
		<-f.met
		panic("task")
	}
	f.Do(func() { close(f.met) })
	time.Sleep(time.Millisecond)
	f.ended.Add(1)
}

// TestJobOutlivesPanic of a task of the caller: helpers are done when it gets there,
// and the job serves again.
func TestJobOutlivesPanic(t *testing.T) {
	var job Job
	for range 20 {
		f := failing{meeting: meeting{met: make(chan struct{})}}
		require.PanicsWithValue(t, "task", func() { job.Run(3, 1000, &f) })
		require.Equal(t, f.begun.Load()-1, f.ended.Load())
		require.Less(t, f.begun.Load(), int32(1000))
		c := counter{runs: make([]atomic.Int32, 100), inSlot: make([]atomic.Int32, 3)}
		job.Run(3, 100, &c)
		for i := range c.runs {
			require.EqualValues(t, 1, c.runs[i].Load())
		}
	}
}
