package main

// class is what an instruction occupies: memory operations by their bytes.
type class int

const (
	fma   class = iota
	other       // on vectors
	integer
	branch
	load4
	load8
	load16
	load32 // a pair of vectors
	store4
	store8
	store16
	store32
	classes
)

// tally counts the instructions of a loop.
type tally struct {
	kernel, loop string
	steps        int // of k, or vectors, in one turn
	count        [classes]int
}

func (t *tally) add(c class) {
	if t != nil {
		t.count[c]++
	}
}

// measure tallies what f writes, a turn of a loop.
func (e *arm64Emitter) measure(loop string, steps int, f func()) {
	t := &tally{kernel: e.kernel, loop: loop, steps: steps}
	e.tally = t
	f()
	e.tally = nil
	e.loops = append(e.loops, t)
}
