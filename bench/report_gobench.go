package main

import (
	"fmt"
	"io"
	"strings"
)

// goReport writes Go's benchmark format, one line per sample, so that
// benchstat sees their spread: benchstat -col /impl compares implementations.
type goReport struct {
	out io.Writer
	err error
}

func (r *goReport) begin(h heading) {
	r.printf("goos: %s\ngoarch: %s\npkg: github.com/lanes-go/lanes/bench\ncpu: %s\n", h.OS, h.Arch, h.CPU)
	r.printf("isa: %s\nthreads: %d\n", h.ISA, h.Threads)
	for _, p := range h.Peers {
		r.printf("peer-%s: %s\n", strings.ToLower(p.Name), p.Detail)
	}
	for _, text := range h.Absent {
		r.printf("absent: %s\n", text)
	}
}

func (r *goReport) group(_ group, cells []cell) {
	for i := range cells {
		c := &cells[i]
		for _, res := range c.Results {
			r.result(c, res)
		}
	}
	if t := newTally(cells); t != nil {
		r.printf("reached: %d of %d\n", t.Reached, t.Rows)
	}
}

func (r *goReport) result(c *cell, res result) {
	name := fmt.Sprintf("Benchmark%s%s/%s/%s/impl=%s", strings.ToUpper(c.Op[:1]), c.Op[1:], c.Elem, c.Size, res.Impl)
	for _, ns := range res.Samples {
		r.printf("%s %d %.6g ns/op%s%s\n", name, res.Calls, ns, c.rates(ns), c.targetTime(res.Impl))
	}
}

// rates are the further columns of a benchmark line.
func (c *cell) rates(ns float64) string {
	var b strings.Builder
	if c.Flops > 0 {
		fmt.Fprintf(&b, " %.5g GFLOP/s", c.Flops/ns)
	}
	if c.Bytes > 0 {
		fmt.Fprintf(&b, " %.5g GB/s", c.Bytes/ns)
	}
	if c.Peak > 0 {
		fmt.Fprintf(&b, " %.4g %%peak", 100*c.Flops/ns/c.Peak)
	}
	if c.Roof != nil {
		fmt.Fprintf(&b, " %.4g %%bound", 100*c.Flops/ns/c.Roof.Limit)
	}
	return b.String()
}

// targetTime is the column that only lanes has, in rows with a target.
func (c *cell) targetTime(impl string) string {
	if c.Target == nil || impl != "lanes" {
		return ""
	}
	return fmt.Sprintf(" %.6g target-ns/op", c.Target.Nanoseconds)
}

func (r *goReport) end() error { return r.err }

func (r *goReport) printf(format string, args ...any) {
	if _, err := fmt.Fprintf(r.out, format, args...); err != nil && r.err == nil {
		r.err = err
	}
}
