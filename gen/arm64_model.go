package main

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/tabwriter"
)

// class is what an instruction occupies, memory operations by their bytes.
type class int

const (
	fma   class = iota
	other       // arithmetic on vectors
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

// tally counts the instructions of a turn of a loop.
type tally struct {
	kernel, loop string
	steps        int // of k, or vectors, in a turn
	vectors      int // registers used
	divisions    int // their throughput depends on the operands: no prediction
	count        [classes]int
}

func (t *tally) add(c class) {
	if t != nil {
		t.count[c]++
	}
}

var vectorRegister = regexp.MustCompile(`\b[VFv]([0-9]+)\b`)

// measure tallies what f writes, a turn of a loop.
func (e *arm64Emitter) measure(loop string, steps int, f func()) {
	t := &tally{kernel: e.kernel, loop: loop, steps: steps}
	e.tally = t
	start := e.out.Len()
	f()
	e.tally = nil
	used := map[string]bool{}
	for _, m := range vectorRegister.FindAllSubmatch(e.out.Bytes()[start:], -1) {
		used[string(m[1])] = true
	}
	t.vectors = len(used)
	t.divisions = bytes.Count(e.out.Bytes()[start:], []byte("// fdiv"))
	e.loops = append(e.loops, t)
}

// loads and stores count vectors and scalars moved, a pair as two; bytes are
// those of the loads.
func (t *tally) loads() int {
	return t.count[load4] + t.count[load8] + t.count[load16] + 2*t.count[load32]
}
func (t *tally) stores() int {
	return t.count[store4] + t.count[store8] + t.count[store16] + 2*t.count[store32]
}
func (t *tally) bytes() int {
	return 4*t.count[load4] + 8*t.count[load8] + 16*t.count[load16] + 32*t.count[load32]
}
func (t *tally) instructions() int {
	n := 0
	for _, c := range t.count {
		n += c
	}
	return n
}

// core is what a core does in one cycle, as published: Arm's software
// optimization guides of Neoverse N1 and V1, and measurements of Apple's M1.
type core struct {
	name                       string
	width, vector, load, store float64
	latency                    float64 // of an FMA
}

var cores = []core{
	{"N1", 4, 2, 2, 1, 4},
	{"V1", 8, 4, 3, 2, 4},
	{"M1", 8, 4, 3, 2, 4},
}

// cycles predicts a turn: the busiest unit decides, or, where sums is given, the
// chain of FMAs into each of that many accumulators.
func (c core) cycles(t *tally, sums int) float64 {
	arithmetic := float64(t.count[fma] + t.count[other])
	bound := max(float64(t.instructions())/c.width, arithmetic/c.vector,
		float64(t.loads())/c.load, float64(t.stores())/c.store)
	if sums > 0 {
		bound = max(bound, c.latency*float64(t.count[fma])/float64(sums))
	}
	return bound
}

// alternatives are tiles that were not chosen, for comparison.
var alternatives = []Spec{
	{Op: "gemm", ISA: neon, Elem: f32, MR: 8, NV: 2},
	{Op: "gemm", ISA: neon, Elem: f32, MR: 4, NV: 3},
	{Op: "gemm", ISA: neon, Elem: f64, MR: 8, NV: 3},
	{Op: "gemm", ISA: neon, Elem: f64, MR: 8, NV: 2},
	{Op: "gemm", ISA: neon, Elem: f64, MR: 4, NV: 4},
}

// model prints what the hot loops of NEON consist of and what follows for
// cores that were not at hand: predictions, not measurements.
func model(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(tw, "kernel\tloop\tFMA\tother\tload\tstore\tinstr\tload/FMA\tinstr/FMA\tbytes\tregisters\t")
	for _, c := range cores {
		fmt.Fprintf(tw, "%s cycles\tFMA use\t", c.name)
	}
	fmt.Fprintln(tw)
	for _, s := range append(of("arm64"), alternatives...) {
		e := &arm64Emitter{elem: s.Elem}
		e.text(s)
		if s.arm64 == nil {
			s.arm64 = neonGemm
		}
		s.arm64(e, s)
		for _, t := range e.loops {
			if s.Op != "gemm" || t.loop == itoa(s.MR)+"x"+itoa(s.NR()) {
				t.print(tw, s)
			}
		}
	}
	return tw.Flush()
}

// print writes a line, per step: a row of B, or a vector of each operand.
func (t *tally) print(w io.Writer, s Spec) {
	per := func(n int) string { return fmt.Sprintf("%.4g", float64(n)/float64(t.steps)) }
	ratio := func(n int) string {
		if t.count[fma] == 0 {
			return "-"
		}
		return fmt.Sprintf("%.2f", float64(n)/float64(t.count[fma]))
	}
	columns := []string{
		t.kernel, t.loop, per(t.count[fma]), per(t.count[other]), per(t.loads()), per(t.stores()), per(t.instructions()),
		ratio(t.loads()), ratio(t.instructions()), per(t.bytes()), itoa(t.vectors),
	}
	sums := s.MR * s.NV
	for _, c := range cores {
		if t.divisions > 0 {
			columns = append(columns, "-", "-")
			continue
		}
		cycles := c.cycles(t, sums)
		columns = append(columns, fmt.Sprintf("%.2f", cycles/float64(t.steps)),
			fmt.Sprintf("%.0f%%", 100*float64(t.count[fma])/c.vector/cycles))
	}
	fmt.Fprintln(w, strings.Join(columns, "\t")+"\t")
}
